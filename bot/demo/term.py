"""What the class does in the term through the bot's services, as deeds: a moment each, and what is done then."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from bot.coaching.cohort import Audience, Caller
from bot.coaching.footprint import Answer
from bot.coaching.goals import Beginning, GoalDraft, UnfinishedGoal
from bot.coaching.ids import GuildId, UserId
from bot.coaching.log import ActionDraft
from bot.coaching.opportunities import Move
from bot.demo.course import JITTER_MINUTES, MINUTE, TERM_END, TERM_START, Course, at
from bot.demo.simulator import MemberActor, buttons, close_direct_messages, direct_messages, roles_of
from bot.demo.students import Student
from bot.services.feedback import FeedbackService
from bot.services.focus import FocusService
from bot.services.footprint import FootprintService
from bot.services.goals import GoalService
from bot.services.log import LogService
from bot.services.members import MemberService
from bot.services.network import NetworkService
from bot.services.nudges import NudgeService
from bot.services.opportunities import OpportunityService
from bot.services.planning import Planning

ANSWERS: Final = (Answer.FINE, Answer.FIXED, Answer.FINE, Answer.NOT_FOR_ME, Answer.FIXED)
DAY: Final = timedelta(days=1)
FRIDAY: Final = 4
NOON, EVENING = 13, 19
"""The hours at which things are done; few, because the rounds run at each moment at which something is."""
DONE: Final = "Done"

Deed: TypeAlias = tuple[datetime, Callable[[], Awaitable[object]]]
"""Something that somebody does: when, and what. Deeds of one moment are done in the order in which they come."""


class Term:
    """What a student does in the term through the bot's services, as deeds."""

    def __init__(self, course: Course) -> None:
        database, content = course.database, course.content
        planning = Planning(JITTER_MINUTES, content.backoff_days)
        self._course = course
        self._checklist = content.checklist
        self._kinds = {name: kind.counted_actions for name, kind in content.vocabulary.types.items()}
        self._members = MemberService(database, planning)
        self._focus = FocusService(database, content.checklist)
        self._goals = GoalService(database, content)
        self._log = LogService(database, content)
        self._network = NetworkService(database, content)
        self._openings = OpportunityService(database, self._log, content.network.starters)
        self._feedback = FeedbackService(database)
        self._footprint = FootprintService(database, content.checklist)
        self._nudges = NudgeService(database, content, planning)

    def of(self, student: Student, actor: MemberActor) -> Iterator[Deed]:
        """Yield everything the student does."""
        anyone = Caller(
            user_id=UserId(actor.id),
            audience=Audience.ANYONE,
            guild_id=GuildId(self._course.guild.id),
            role_ids=roles_of(self._course.env, self._course.guild, actor),
            manages_guild=False,
            dm_channel_id=None,
        )
        member = replace(anyone, audience=Audience.MEMBER)
        joined = _on(student.joins, 11)
        yield joined, lambda: self._join(student, actor, anyone)
        yield joined + MINUTE, self._say_hello
        yield from self._beginning(student, member)
        weekly = [*self._items(student, member), *self._logs(student, member)]
        yield from (deed for deed in weekly if joined < deed[0] < at(TERM_END, 12))
        yield from self._people(student, member)
        yield from self._places(student, member)
        yield from self._opportunities(student, member)
        yield from self._settings(student, member)
        if student.presses_done:
            for week in range(1, len(student.logs)):
                yield at(_monday(week), 18), lambda: self._press_done(actor)

    def _now(self) -> datetime:
        return self._course.clock()

    async def _join(self, student: Student, actor: MemberActor, caller: Caller) -> None:
        if student.closed:
            close_direct_messages(self._course.env, actor)
        await self._members.join(caller, None, self._now())

    async def _say_hello(self) -> None:
        """Do nothing: time passes up to here, so that all who have just joined are greeted within a minute."""

    def _beginning(self, student: Student, member: Caller) -> Iterator[Deed]:
        focus, goal = student.focus, student.goal
        if focus is not None:
            yield _on(student.joins, NOON), lambda: self._focus.save(member, focus, self._now())
        if goal is not None:
            yield _on(student.joins + 1, NOON), lambda: self._set_goal(member, goal)
        if student.goal_rests is not None:
            yield _on(student.goal_rests, NOON), lambda: self._goals.pause(member, None, self._now())

    async def _set_goal(self, member: Caller, goal: GoalDraft) -> None:
        wish = UnfinishedGoal(
            Beginning.ALONE,
            type=goal.type,
            title=goal.title,
            outcome=goal.outcome,
            target=goal.target,
            weeks=goal.weeks,
        )
        plan = replace(wish, if_then=goal.if_then, obstacle=goal.obstacle, obstacle_plan=goal.obstacle_plan)
        await self._goals.wish(member, wish, self._now())
        await self._goals.plan(member, replace(plan, tiny=goal.tiny, box_minutes=goal.box_minutes), self._now())
        await self._goals.confirm(member, self._now())

    def _items(self, student: Student, member: Caller) -> Iterator[Deed]:
        ordered = dict.fromkeys([*self._checklist.quick_start, *(item.id for item in self._checklist.items)])
        weekly = [week for week, count in enumerate(student.items) for _ in range(int(count))]
        for number, (item, week) in enumerate(zip(ordered, weekly, strict=False)):
            answer = ANSWERS[number % len(ANSWERS)]
            yield (
                at(_monday(week) + FRIDAY * DAY, EVENING),
                lambda item=item, answer=answer: self._footprint.answer(member, item, answer, self._now()),
            )

    def _logs(self, student: Student, member: Caller) -> Iterator[Deed]:
        kinds = self._kinds[student.goal.type] if student.goal else ("note",)
        # Some of those whom nobody plays begin their week on Monday, so that a Tuesday finds a class at work.
        begins = 0 if student.seen_as is None and len(student.name) % 2 else 2
        for week, count in enumerate(student.logs):
            for number in range(int(count)):
                kind = kinds[(week + number) % len(kinds)]
                yield (
                    at(_monday(week) + (begins + number * 2) * DAY, EVENING),
                    lambda kind=kind: self._log.log(member, ActionDraft(kind), self._now()),
                )

    def _people(self, student: Student, member: Caller) -> Iterator[Deed]:
        for one in student.people:
            yield _on(one.day, EVENING), lambda who=one.who: self._network.add_person(member, who, self._now())
            for day, done in one.touches:
                yield (
                    _on(day, EVENING),
                    lambda who=one.who, done=done: self._log.log_with(member, who.nickname, done, self._now()),
                )

    def _places(self, student: Student, member: Caller) -> Iterator[Deed]:
        for day, space in student.spaces:
            yield _on(day, EVENING), lambda space=space: self._network.add_space(member, space, self._now())
        for day, alert in student.alerts:
            yield _on(day, EVENING), lambda alert=alert: self._network.add_alert(member, alert, self._now())

    def _opportunities(self, student: Student, member: Caller) -> Iterator[Deed]:
        for one in student.openings:
            yield _on(one.day, EVENING), lambda what=one.what: self._openings.add(member, what, self._now())
            for day, move in one.moves:
                yield _on(day, EVENING), lambda title=one.what.title, move=move: self._tell(member, title, move)

    async def _tell(self, member: Caller, title: str, move: Move) -> None:
        found = await self._openings.find(member, title, self._now())
        await self._openings.tell(member, found.opportunity.id, move, self._now())

    def _settings(self, student: Student, member: Caller) -> Iterator[Deed]:
        for day, change in student.changes:
            yield _on(day, NOON), lambda change=change: self._nudges.change(member, change, self._now())
        for day, how, text in student.letters:
            yield _on(day, EVENING), lambda how=how, text=text: self._feedback.tell(member, how, text, self._now())

    async def _press_done(self, actor: MemberActor) -> None:
        note = direct_messages(actor)[-1]
        if DONE in buttons(note):
            await actor.user.click(note, label=DONE)


def _on(day: int, hour: int) -> datetime:
    """Return an hour of a day of the term, counted from 0."""
    return at(TERM_START + day * DAY, hour)


def _monday(week: int) -> date:
    return TERM_START + timedelta(weeks=week)
