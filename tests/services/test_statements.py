"""How many statements the commands and the frequent buttons send: a table that fails when a number grows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

import pytest

from bot.coaching.cohort import Audience, Caller
from bot.coaching.footprint import Answer
from bot.coaching.goals import Obstacle
from bot.coaching.ids import WeekId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import AlertKind, Category, ContactDraft, Stage
from bot.coaching.nudges import NudgeKey
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind
from bot.coaching.register import Listing, RegisterFilter
from bot.services.bios import BioDraft
from bot.services.network import AlertDraft
from bot.services.nudges import SettingsChange
from bot.services.rights import RightsService
from tests.services.course import DUE, START, WEEK, Course, counted_statements, manager, member, teacher

Call: TypeAlias = Callable[[Course, Caller, NudgeKey], Awaitable[object]]
JOB = OpportunityDraft("A job", OpportunityKind.JOB)
BIO = BioDraft("github", "I build small tools for nurses.")

# BEGIN is counted, and what the first tap of a minute adds: that the member is here, and in which section.
IN_THE_SERVER: Mapping[str, tuple[int, Call]] = {
    "me": (6, lambda c, who, _: c.me.me(who, c.clock())),
    "me: why": (5, lambda c, who, _: c.me.why(who, c.clock())),
    "log": (9, lambda c, who, _: c.log.log(who, ActionDraft("reply", "to Kim", 5), c.clock())),
    "log: with somebody": (11, lambda c, who, _: c.log.log_with(who, "Kim", ActionDraft("ask"), c.clock())),
    "log: typing a name": (3, lambda c, who, _: c.log.nicknames(who)),
    "log: choices": (6, lambda c, who, _: c.log.choices(who, c.clock())),
    "log: edit": (6, lambda c, who, _: c.log.editing(who, None, c.clock())),
    "footprint": (6, lambda c, who, _: c.footprint.show(who, c.clock())),
    "footprint: item": (5, lambda c, who, _: c.footprint.item(who, "see.intent", c.clock())),
    "footprint: tap": (8, lambda c, who, _: c.footprint.answer(who, "see.intent", Answer.FINE, c.clock())),
    "week": (5, lambda c, who, _: c.week.show(who, None, c.clock())),
    "week: done": (7, lambda c, who, _: c.week.done(who, WeekId(1), c.clock())),
    "week: a line": (7, lambda c, who, _: c.week.hand_in(who, WeekId(1), "Two namesakes", c.clock())),
    "week: not this week": (6, lambda c, who, _: c.week.set_aside(who, WeekId(1), c.clock())),
    "week: take it back": (6, lambda c, who, _: c.week.reopen(who, WeekId(1), c.clock())),
    "focus": (5, lambda c, who, _: c.focus.get(who, c.clock())),
    "goal new": (7, lambda c, who, _: c.goals.start(who, c.clock())),
    "goal show": (7, lambda c, who, _: c.goals.show(who, c.clock())),
    "goal review": (7, lambda c, who, _: c.goals.review(who, None, c.clock())),
    "network list": (8, lambda c, who, _: c.network.show(who, c.clock())),
    "network add": (9, lambda c, who, _: c.network.add_person(who, ContactDraft("Lou", Category.PEER), c.clock())),
    "network followups": (5, lambda c, who, _: c.network.follow_ups(who, c.clock())),
    "network map": (9, lambda c, who, _: c.network.breadth(who, c.clock())),
    "network edit": (6, lambda c, who, _: c.network.find(who, "Kim", c.clock())),
    "network forget": (8, lambda c, who, _: c.network.forget(who, "Lou", c.clock())),
    "opportunity list": (6, lambda c, who, _: c.opportunities.show(who, c.clock())),
    "opportunity add": (8, lambda c, who, _: c.opportunities.add(who, JOB, c.clock())),
    "portfolio": (5, lambda c, who, _: c.portfolios.show(who, c.clock())),
    "bio check": (9, lambda c, who, _: c.bios.check(who, BIO, c.clock())),
    "bio history": (5, lambda c, who, _: c.bios.history(who, c.clock())),
    "nudge settings": (5, lambda c, who, _: c.nudges.settings(who, c.clock())),
    "nudge settings: change": (11, lambda c, who, _: c.nudges.change(who, SettingsChange(hour=17), c.clock())),
    "nudge history": (6, lambda c, who, _: c.nudges.history(who, c.clock())),
    "nudge preview": (5, lambda c, who, _: c.nudges.preview(who, c.clock())),
    "nudge inbox": (6, lambda c, who, _: c.nudges.inbox(who, c.clock())),
    "privacy seen": (15, lambda c, who, _: _rights(c).seen(_anyone(who), None, c.clock())),
    "privacy stored": (9, lambda c, who, _: _rights(c).stored(_anyone(who), None)),
}
UNDER_A_NUDGE: Mapping[str, tuple[int, Call]] = {
    "this week": (6, lambda c, who, key: c.week.of_note(who, key, c.clock())),
    "why": (5, lambda c, who, key: c.nudges.why(who, key, c.clock())),
    "done": (11, lambda c, who, key: c.buttons.done(who, key, c.clock())),
    "smaller": (5, lambda c, who, key: c.buttons.smaller(who, key, c.clock())),
    "obstacle": (5, lambda c, who, key: c.buttons.hindrance(who, key, Obstacle.TIME, c.clock())),
    "another day": (4, lambda c, who, key: c.buttons.days(who, key, c.clock())),
}
OF_STAFF: Mapping[str, tuple[int, Call]] = {
    "cohort overview": (8, lambda c, _who, _: c.views.overview(teacher(), c.clock())),
    "cohort overview: statistics": (5, lambda c, _who, _: c.views.statistics(teacher(), c.clock())),
    # Two transactions, because names from Discord sort the page; 8 without what begins them, of them one for the plan.
    "cohort register: a page": (11, lambda c, _who, _: _page(c)),
    "cohort member": (11, lambda c, who, _: c.checkins.member(teacher(), who.user_id, c.clock())),
    "cohort checkin": (7, lambda c, _who, _: c.checkins.checkin(teacher(), 0, c.clock())),
    "cohort preview": (6, lambda c, _who, _: c.views.preview(teacher(), c.clock())),
    "cohort plan": (3, lambda c, _who, _: c.plans.show(_staff(), c.clock())),
    "cohort plan: a week": (4, lambda c, _who, _: _a_week(c)),
    "cohort plan: the ready one": (3, lambda c, _who, _: c.plans.preview(_staff(), c.clock())),
    "cohort status": (9, lambda c, _who, _: c.cohorts.status(_staff(), c.clock())),
}


async def _page(course: Course) -> object:
    found = await course.register.find(teacher(), Listing(RegisterFilter.QUIET), None, course.clock())
    return await course.register.rows(teacher(), [one.enrolment_id for one in found.people], course.clock())


async def _a_week(course: Course) -> object:
    return await course.plans.week(_staff(), WeekId(1))


def _rights(course: Course) -> RightsService:
    return RightsService(course.database, course.content)


def _anyone(caller: Caller) -> Caller:
    return member(caller.user_id, audience=Audience.ANYONE)


def _staff() -> Caller:
    caller = manager()
    return Caller(
        caller.user_id, Audience.STAFF, caller.guild_id, caller.role_ids, manages_guild=True, dm_channel_id=None
    )


@pytest.fixture
async def busy(course: Course) -> Course:
    """A course with a register, and a member who has a little of everything and just got a note about their goal."""
    await course.use_register()
    await course.views.set_sections(manager(), [77])
    await course.plans.take_ready(_staff(), START)
    await course.join(10)
    await course.set_focus(10)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(10), item, Answer.FINE, START)
    await course.set_goal(10)
    kim = (await course.network.add_person(member(10), ContactDraft("Kim", Category.ALUM, Stage.MET), START)).contact
    await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, "nursing"), START)
    await course.log.log(member(10), ActionDraft("reply", outcome=Outcome.IDEA, contact=kim.id), START)
    job = (await course.opportunities.add(member(10), JOB, START)).opportunity.id
    await course.opportunities.tell(member(10), job, Move.PREPARING, START)
    await _rights(course).greet_me(_anyone(member(10)), (await course.enrolment(10)).id, START, on=True)
    course.clock.set(DUE)
    await course.rounds().round()
    await course.use_plan()
    return course


async def sent(course: Course, call: Call, caller: Caller) -> int:
    """Return how many statements a call sends two minutes after the last one."""
    key = await course.key(10)
    course.clock.advance(timedelta(minutes=2))
    with counted_statements(course.database) as seen:
        await call(course, caller, key)
    return sum(not one.startswith("PRAGMA") for one in seen)


@pytest.mark.parametrize(
    ("table", "caller", "weeks"),
    [(IN_THE_SERVER, member(10), 0), (UNDER_A_NUDGE, member(10, dm=True), 0), (OF_STAFF, member(10), 2)],
    ids=["commands", "buttons of a nudge", "staff"],
)
async def test_commands_and_buttons_send_no_more_statements(
    busy: Course, table: Mapping[str, tuple[int, Call]], caller: Caller, weeks: int
) -> None:
    for _ in range(weeks):  # each with its Monday snapshot
        busy.clock.advance(WEEK)
        await busy.rounds().round()
    found = {name: await sent(busy, call, caller) for name, (_, call) in table.items()}
    assert {name: count for name, count in found.items() if count > table[name][0]} == {}


async def test_nudge_takes_eight_statements_to_prepare_and_settle(course: Course) -> None:
    await course.join(10)
    await course.set_goal(10)
    course.clock.set(DUE)
    with counted_statements(course.database) as seen:
        await course.rounds().round()
    of_one_nudge = [
        one for one in _transactions(seen) if any(mark in str(one) for mark in ("attempts=", "message_id="))
    ]
    assert [len(one) for one in of_one_nudge] == [5, 3]


def _transactions(statements: Sequence[str]) -> list[list[str]]:
    """Return the statements of each transaction."""
    found: list[list[str]] = []
    for statement in statements:
        if statement.startswith("BEGIN"):
            found.append([])
        if found and not statement.startswith("PRAGMA"):
            found[-1].append(statement)
    return found
