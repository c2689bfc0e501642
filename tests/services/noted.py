"""A member who has got a note, and what it can be about: what the tests of notes and their buttons start from."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import select

from bot.coaching.footprint import Answer
from bot.coaching.ids import ContactId, OpportunityId
from bot.coaching.log import ActionDraft
from bot.coaching.network import Category, ContactDraft, Stage
from bot.coaching.nudges import NudgeKey
from bot.coaching.opportunities import Move, Opportunity, OpportunityDraft, OpportunityKind
from storage import tables
from storage.database import Tx
from tests.services.course import DUE, START, TERM_START, WEEK, Course, Row, member

DAY = timedelta(days=1)
Begin: TypeAlias = Callable[[Course], Awaitable[OpportunityId]]


async def on_track(course: Course, user_id: int = 10) -> None:
    """Let a member have a focus, a goal, and the quick items done; their DM channel is known."""
    await course.join(user_id)
    await course.set_focus(user_id)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(user_id), item, Answer.FINE, START)
    await course.set_goal(user_id)


async def noted(course: Course, week: int = 0) -> NudgeKey:
    """Let a week's note go out to a member who answers, and return its key."""
    await course.answered(10, DUE + week * WEEK)
    await course.rounds().round()
    return await course.key(10, TERM_START + week * WEEK)


async def row(course: Course, week: int = 0) -> Row:
    (found,) = [one for one in await course.weekly(10) if one.period == (TERM_START + week * WEEK).isoformat()]
    return found


async def known(course: Course, nickname: str = "Kim", stage: Stage = Stage.SPOTTED) -> ContactId:
    """Let the member keep somebody in their network."""
    draft = ContactDraft(nickname, Category.PRACTITIONER, stage)
    return (await course.network.add_person(member(10), draft, START)).contact.id


async def met(course: Course, nickname: str = "Kim") -> ContactId:
    """Let the member have met somebody on the first day, so that the first note is about thanking them."""
    kim = await known(course, nickname)
    await course.log.log(member(10), ActionDraft("interview", contact=kim), START)
    return kim


async def kept(course: Course, due: date | None = None, *moves: Move) -> OpportunityId:
    """Let the member keep an opportunity on the first day, and tell of it what they tell."""
    draft = OpportunityDraft("Summer ward", OpportunityKind.JOB, None, due)
    number = (await course.opportunities.add(member(10), draft, START)).opportunity.id
    for move in moves:
        await course.opportunities.tell(member(10), number, move, START)
    return number


async def deadline(course: Course) -> OpportunityId:
    return await kept(course, START.date() + 3 * DAY)


async def waiting(course: Course) -> OpportunityId:
    """Let something sent on the first day wait for two weeks, in which the member logs."""
    number = await kept(course, None, Move.SENT)
    await course.log.log(member(10), ActionDraft("note"), START + WEEK)
    return number


async def won(course: Course) -> OpportunityId:
    return await kept(course, None, Move.SENT, Move.YES)


async def lost(course: Course) -> OpportunityId:
    return await kept(course, None, Move.SENT, Move.NO)


async def opportunity(course: Course, number: OpportunityId) -> Opportunity:
    return (await course.opportunities.get(member(10), number, course.clock())).opportunity


async def kinds(course: Course) -> list[str]:
    """Return the kinds in the log, in the order of logging."""
    a = tables.action.c

    def work(tx: Tx) -> list[str]:
        return list(tx.scalars(select(a.kind).order_by(a.id)))

    return await course.database.read(work)
