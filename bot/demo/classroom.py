"""The demo's course: twenty-nine students in two groups and an instructor, five weeks into term.

Nobody clicked through these weeks, but all of it is real: the bot's services answer, its rounds send, and the clock
passes every moment at which a nudge falls due. The same class comes out every time.
"""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Final, TypeAlias

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import CourseOver
from bot.coaching.footprint import Answer
from bot.coaching.ids import CohortId, GuildId, UserId
from bot.coaching.log import ActionDraft
from bot.config import LlmConfig
from bot.demo.course import (
    JITTER_MINUTES,
    MINUTE,
    NAME,
    NO_REVIEWER,
    TERM_END,
    TERM_START,
    ZONE,
    Course,
    at,
    new_course,
)
from bot.demo.member import Member, Services
from bot.demo.simulator import (
    MemberActor,
    RoleHandle,
    Viewer,
    buttons,
    close_direct_messages,
    direct_messages,
    roles_of,
)
from bot.demo.students import AMARA, CLASS, Student
from bot.services.planning import Planning
from cogs.routes import custom_id
from storage import course_plan

TODAY: Final = at(date(2026, 10, 20), 10)
"""When the demo begins: the Tuesday of the sixth week, the day after a nudge."""
INSTRUCTOR: Final = "Nora Ellis"
NEWCOMER: Final = "Linh Tran"
GROUPS: Final = ("Tuesday group", "Thursday group")
SUPPORT: Final = "Student services, Library Building, ground floor"
CLOSED: Final = (
    "No messages: this person takes none from the server. Every note is held, and /nudge history in the course channel "
    "says why."
)
TEACHES: Final = "No messages: an instructor who has not joined gets no weekly note."
ANSWERS: Final = (Answer.FINE, Answer.FIXED, Answer.FINE, Answer.NOT_FOR_ME, Answer.FIXED)
OTHERWISE: Final = "Keep a log on paper, and show it in week 6 and week 11"
LINE_WEEK_FORM: Final = {
    "theme": "Where your field talks",
    "step": "Find one place where people in your field talk, and hand in one line: what did you hear? (25 min)",
    "due": ["friday"],
    "counts": ["line"],
    "another": "Ask somebody in your field where they listen, and hand in what they said",
}
DAY: Final = timedelta(days=1)
THURSDAY: Final = 3
FRIDAY: Final = 4
LINE_WEEK: Final = 4
NOON: Final = 13
EVENING: Final = 19
"""Few different hours, because a round runs at each moment at which somebody does something."""

Appointment: TypeAlias = tuple[datetime, Callable[[], Awaitable[object]]]
"""When somebody does something, and what. Appointments of one moment are kept in the order they come in."""


class Classroom:
    """The course with its people, and what they will do as time passes."""

    def __init__(self, course: Course, viewers: Sequence[Viewer], agenda: Iterable[Appointment]) -> None:
        self.course = course
        self.viewers = viewers
        self._agenda = deque(sorted(agenda, key=lambda appointment: appointment[0]))
        self._target = course.clock()

    async def advance(self) -> date:
        """Let one week pass and return the new date; after a failure, finish the week that failed."""
        if self._target <= self.course.clock():
            self._target = self.course.clock() + timedelta(weeks=1)
        await self.run_until(self._target)
        return self.course.today

    async def run_until(self, target: datetime) -> None:
        """Let time pass until `target`, with everybody doing what they do at its time, and a round at the end."""
        while self._agenda and self._agenda[0][0] < target:
            moment, act = self._agenda[0]
            await self.course.run_until(moment)
            self._agenda.popleft()  # before it is tried, so that a week that is run again does not do it twice
            with suppress(CourseOver):  # the viewer may have closed the course
                await act()
        await self.course.run_until(target)
        await self.course.app.delivery.round()

    async def catch_up(self) -> None:
        """Let a minute pass, so that what the viewer's action owes somebody is sent."""
        self.course.clock.move_to(self.course.clock() + MINUTE)
        await self.course.app.delivery.round()


@asynccontextmanager
async def open_classroom(llm: LlmConfig = NO_REVIEWER) -> AsyncGenerator[Classroom]:
    """Open the course server on the first day of term and let five weeks pass."""
    async with new_course(at(TERM_START, 9), llm) as course:
        teacher = course.add_person(INSTRUCTOR, course.instructors)
        await open_course(course, teacher)
        groups = [course.guild.create_role(name) for name in GROUPS]
        await _name_groups(course, teacher, groups)
        await take_plan(course, teacher)
        await _ask_for_lines(course, teacher)
        people = {student: course.add_person(student.name, group) for student, group in zip(CLASS, cycle(groups))}
        newcomer = Viewer(course.add_person(NEWCOMER, groups[1]), NEWCOMER, "newcomer")
        played = [_viewer(student, actor) for student, actor in people.items() if student.seen_as]
        services = Services(course.database, course.content, Planning(JITTER_MINUTES, course.content.backoff_days))
        agenda = [appointment for pair in people.items() for appointment in _term(course, services, *pair)]
        agenda += _talk(course, teacher, people[AMARA])
        classroom = Classroom(course, [*played, newcomer, Viewer(teacher, INSTRUCTOR, "instructor", TEACHES)], agenda)
        await classroom.run_until(TODAY)
        yield classroom


def _viewer(student: Student, actor: MemberActor) -> Viewer:
    role = student.seen_as or ""
    return Viewer(actor, student.name, role, CLOSED) if student.closed else Viewer(actor, student.name, role)


async def open_course(course: Course, teacher: MemberActor) -> None:
    """Set the course up and post the invitation, by the instructor's own commands."""
    await teacher.slash(
        course.staff_channel,
        "cohort setup",
        course_name=NAME,
        term_start=TERM_START.isoformat(),
        term_end=TERM_END.isoformat(),
        time_zone=ZONE,
        instructor_role=course.instructors,
        register="yes",
        channel=course.channel,
    )
    card = course.staff_channel.history(viewer=teacher)[-1]
    form = await teacher.click(card, label="Size and support")
    await teacher.submit_modal(form, {"size": str(len(CLASS) + 1), "contact": SUPPORT})
    await teacher.send(course.channel, "Welcome. Your coach for this term sits below: it takes a minute to join.")
    await teacher.slash(course.channel, "cohort invite")


async def take_plan(course: Course, teacher: MemberActor) -> None:
    """Take the ready plan, let its steps count, and announce its weeks, by the instructor's own commands."""
    await teacher.slash(course.staff_channel, "cohort plan")
    card = course.staff_channel.history(viewer=teacher)[-1]
    for press in ("Take the ready plan", "Take this plan"):
        await teacher.click(card, label=press)
    form = await teacher.click(card, label="They count")
    await teacher.submit_modal(form, {"otherwise": OTHERWISE})
    await teacher.click(card, label="Announcements")
    await teacher.click(card, label="Announce on Mondays")


async def _ask_for_lines(course: Course, teacher: MemberActor) -> None:
    """Let the step of the fifth week be a line, by the instructor's own form."""
    await teacher.slash(course.staff_channel, "cohort plan")
    card = course.staff_channel.history(viewer=teacher)[-1]
    week = await course.database.read(lambda tx: course_plan.weeks(tx, CohortId(1))[4])
    await teacher.select(card, [str(week.id)], custom_id=custom_id("course_plan.week", UserId(teacher.id)))
    form = await teacher.click(card, label="Edit")
    await teacher.submit_modal(form, LINE_WEEK_FORM)


async def _name_groups(course: Course, teacher: MemberActor, groups: Sequence[RoleHandle]) -> None:
    """Make the groups sections of the class, by the instructor's own command."""
    await teacher.slash(course.staff_channel, "cohort setup")
    card = course.staff_channel.history(viewer=teacher)[-1]
    await teacher.select(card, groups, custom_id=custom_id("cohort.sections", UserId(teacher.id)))


def _talk(course: Course, teacher: MemberActor, student: MemberActor) -> Iterator[Appointment]:
    """Yield what people say in the channel."""
    question = "I read your lines from last week with pleasure. Tomorrow we look at three of those places together."
    joined = "Joined. The search for my own name was a surprise."
    yield at(TERM_START, 12), partial(student.send, course.channel, joined)
    yield _on(32, 12), partial(teacher.send, course.channel, question)


def _term(course: Course, services: Services, student: Student, actor: MemberActor) -> Iterator[Appointment]:
    """Yield everything a student does in the term."""
    caller = Caller(
        user_id=UserId(actor.id),
        audience=Audience.ANYONE,
        guild_id=GuildId(course.guild.id),
        role_ids=roles_of(course.env, course.guild, actor),
        manages_guild=False,
        dm_channel_id=None,
    )
    member = Member(services, caller, course.clock)
    joins = _on(student.joins, 11)
    if student.closed:
        close_direct_messages(course.env, actor)
    yield joins, member.join
    yield joins + MINUTE, _wait  # a round runs here and greets all who have just joined
    if student.focus is not None:
        yield _on(student.joins, NOON), partial(member.do, student.focus)
    if student.goal is not None:
        yield _on(student.joins + 1, NOON), partial(member.do, student.goal)
    weekly = [*_checklist(course, student, member), *_log(course, student, member), *_steps(student, member)]
    yield from (appointment for appointment in weekly if joins < appointment[0] < at(TERM_END, 12))
    for day, deeds in student.days.items():
        yield from ((_on(day, EVENING), partial(member.do, deed)) for deed in deeds)
    if student.presses_done:
        yield from ((_on(7 * week, 18), partial(_press_done, actor)) for week in range(1, len(student.logs)))


async def _wait() -> None:
    pass


def _checklist(course: Course, student: Student, member: Member) -> Iterator[Appointment]:
    checklist = course.content.checklist
    ordered = dict.fromkeys([*checklist.quick_start, *(item.id for item in checklist.items)])
    weeks = [week for week, count in enumerate(student.items) for _ in range(int(count))]
    for item, week, answer in zip(ordered, weeks, cycle(ANSWERS), strict=False):
        yield _on(7 * week + FRIDAY, EVENING), partial(member.do, (item, answer))


def _log(course: Course, student: Student, member: Member) -> Iterator[Appointment]:
    kinds = course.content.vocabulary.types[student.goal.type].counted_actions if student.goal else ("note",)
    begins = 2 if _begins_late(student) else 0
    for week, count in enumerate(student.logs):
        for number in range(int(count)):
            kind = kinds[(week + number) % len(kinds)]
            yield _on(7 * week + begins + 2 * number, EVENING), partial(member.do, ActionDraft(kind))


def _steps(student: Student, member: Member) -> Iterator[Appointment]:
    """Yield the weekly steps: done by who is at work that week, a line handed in by who has one."""
    day = THURSDAY if _begins_late(student) else 0
    for week, count in enumerate(student.logs):
        if int(count) or (student.line and week == LINE_WEEK):
            yield _on(7 * week + day, EVENING), partial(member.do_step, student.line)


def _begins_late(student: Student) -> bool:
    """Whether somebody's week begins on Wednesday; some begin on Monday, so that a Tuesday finds a class at work."""
    return student.seen_as is not None or len(student.name) % 2 == 0


async def _press_done(actor: MemberActor) -> None:
    note = direct_messages(actor)[-1]
    if "Done" in buttons(note):
        await actor.user.click(note, label="Done")


def _on(day: int, hour: int) -> datetime:
    """Return an hour of a day of the term, counted from 0."""
    return at(TERM_START + day * DAY, hour)
