"""The demo's class: twelve students and an instructor, five weeks into term.

Nobody clicked through these weeks, but everything in them is real: the same services answer, the same rounds send, and
the clock passes every moment at which a nudge fell due. The same class comes out every time.
"""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from bot.coaching.cohort import Audience, Caller
from bot.coaching.footprint import Answer
from bot.coaching.goals import GoalDraft
from bot.coaching.ids import GuildId, UserId
from bot.coaching.log import ActionDraft
from bot.demo.course import JITTER_MINUTES, MINUTE, NAME, TERM_END, TERM_START, ZONE, Course, at, new_course
from bot.demo.simulator import MemberActor, Viewer, buttons, close_direct_messages, direct_messages
from bot.services.focus import FocusService
from bot.services.footprint import FootprintService
from bot.services.goals import GoalService
from bot.services.log import LogService
from bot.services.members import MemberService
from bot.services.nudges import NudgeService, SettingsChange
from bot.services.planning import Planning

TODAY: Final = at(date(2026, 10, 20), 10)
"""Where the demo begins: the Tuesday of the sixth week, the day after a nudge."""
INSTRUCTOR: Final = "Nora Ellis"
NEWCOMER: Final = "Linh Tran"
SUPPORT: Final = "Student services, Library Building, ground floor"
ANSWERS: Final = (Answer.FINE, Answer.FIXED, Answer.FINE, Answer.NOT_FOR_ME, Answer.FIXED)
CLOSED: Final = (
    "No messages: this person takes none from the server. Every note is held, and /nudge history in the course channel "
    "says why."
)
TEACHES: Final = "No messages: an instructor who has not joined gets no weekly note."
DAY: Final = timedelta(days=1)
DONE: Final = "Done"


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody of the class and what they did; `logs` and `items` are counts for each week of the term.

    `joins` is the day of the term on which they join. `changes` are what they set on the settings card, by day.
    """

    name: str
    joins: int
    fields: str = ""
    purpose: str = ""
    goal: GoalDraft | None = None
    logs: str = ""
    items: str = ""
    presses_done: bool = False
    changes: tuple[tuple[int, SettingsChange], ...] = ()
    closed: bool = False
    seen_as: str | None = None


CLASS: Final = (
    Student(
        "Amara Osei",
        joins=0,
        fields="community nursing, patient education",
        purpose="Ward managers near me, so that I hear of a first job",
        goal=GoalDraft(
            "connect",
            "Have two exchanges a week with people who nurse",
            2,
            "If it is Tuesday after my skills lab, then I will reply to one nurse educator's post with a question.",
            8,
        ),
        logs="121101",
        items="43211",
        presses_done=True,
        seen_as="member",
    ),
    Student(
        "Ben Whitlock",
        joins=0,
        fields="sports physiotherapy",
        purpose="Clinics that take students for a season",
        goal=GoalDraft(
            "learn",
            "Collect two ideas a week from people who treat runners",
            2,
            "If I have my Monday coffee, then I will read one post and note one line about it.",
            8,
        ),
        logs="221000",
        items="32",
        seen_as="member, quiet lately",
    ),
    Student(
        "Chiara Romano",
        joins=1,
        fields="primary teaching, reading",
        purpose="Teachers who try things and talk about it",
        goal=GoalDraft(
            "contribute",
            "Test one classroom idea a week and tell its author how it went",
            2,
            "If I finish Thursday's seminar, then I will save one idea with a note and thank its author.",
            6,
        ),
        logs="122222122122",
        items="222222111111",
        presses_done=True,
    ),
    Student(
        "Dewi Putri",
        joins=1,
        fields="marine biology",
        purpose="Field stations that need a pair of hands in summer",
        logs="01001",
        items="21011",
        seen_as="member, no goal yet",
    ),
    Student(
        "Esra Demir",
        joins=2,
        fields="structural engineering",
        purpose="Engineers who design bridges",
        goal=GoalDraft(
            "opportunity",
            "Talk to two working engineers this term about how they started",
            1,
            "If it is Sunday at 17:00, then I will send one short request to an alum and log it.",
            8,
        ),
        logs="111011101011",
        items="31",
        changes=((23, SettingsChange(on=False)),),
    ),
    Student(
        "Farid Haddad",
        joins=2,
        fields="family law",
        purpose="Advice centres that train volunteers",
        goal=GoalDraft(
            "connect",
            "Ask one general question a week among people who do this work",
            1,
            "If I finish my Wednesday reading, then I will ask one general question in a student section.",
            6,
        ),
        logs="01111",
        items="2211",
        changes=((32, SettingsChange(pause_weeks=2)),),
        seen_as="member, on a pause",
    ),
    Student(
        "Gwen Morris",
        joins=3,
        fields="museum work",
        purpose="Small museums near the coast",
        goal=GoalDraft(
            "learn",
            "Follow how three small museums talk with their visitors",
            1,
            "If I am on the train on Friday, then I will read one museum's posts and note one line.",
            6,
        ),
        logs="01101",
        items="20011",
        closed=True,
        seen_as="member, closed messages",
    ),
    Student(
        "Hiro Tanaka",
        joins=3,
        fields="type design",
        purpose="Studios that publish their sketches",
        goal=GoalDraft(
            "visible",
            "Show one work in progress a week",
            1,
            "If I export a draft on Friday, then I will post one frame with a question.",
            8,
        ),
        logs="111111111111",
        items="44444444",
        presses_done=True,
        changes=((10, SettingsChange(day=3, hour=9)),),
    ),
    Student(
        "Ines Carvalho",
        joins=7,
        fields="public health, data",
        purpose="Teams that publish how they count",
        goal=GoalDraft(
            "contribute",
            "Give one useful answer a week in a forum of my field",
            1,
            "If it is Wednesday at 18:00, then I will answer one beginner's question.",
            6,
        ),
        logs="011101110111",
        items="0321001",
    ),
    Student("Joel Nyström", joins=8, logs="000001001", items="01"),
    Student(
        "Kwame Boateng",
        joins=21,
        fields="sound design",
        purpose="Makers of radio plays",
        logs="000011010101",
        items="00021011",
    ),
)


Deed: TypeAlias = tuple[datetime, Callable[[], Awaitable[object]]]
"""Something that somebody does: when, and what."""


class Classroom:
    """The course with its people, and what they will do as time passes."""

    def __init__(self, course: Course, viewers: Sequence[Viewer], deeds: Iterable[Deed]) -> None:
        self.course = course
        self.viewers = viewers
        self._deeds = deque(sorted(deeds, key=lambda deed: deed[0]))
        self._target = course.clock()

    async def advance(self) -> date:
        """Let one week pass and return the new date; after a failure it goes on to where it was going."""
        if self._target <= self.course.clock():
            self._target = self.course.clock() + timedelta(weeks=1)
        await self.run_until(self._target)
        return self.course.today

    async def run_until(self, target: datetime) -> None:
        """Let time pass, everybody doing what they do at its own time."""
        while self._deeds and self._deeds[0][0] < target:
            moment, act = self._deeds[0]
            await self.course.run_until(moment)
            self._deeds.popleft()  # before it is tried: a week that is run again does not do it twice
            await act()
        await self.course.run_until(target)

    async def catch_up(self) -> None:
        """Let a minute pass, so that what a person's action owes them is sent."""
        self.course.clock.move_to(self.course.clock() + MINUTE)
        await self.course.app.rounds.round()


@asynccontextmanager
async def open_classroom() -> AsyncGenerator[Classroom]:
    """Open the course server on the first day of term and let five weeks pass."""
    async with new_course(at(TERM_START, 9)) as course:
        teacher = course.add_person(INSTRUCTOR, course.instructors)
        await open_course(course, teacher)
        students = {student: course.add_person(student.name) for student in CLASS}
        newcomer = Viewer(course.add_person(NEWCOMER), NEWCOMER, "newcomer")
        seen = [_viewer(student, actor) for student, actor in students.items() if student.seen_as]
        term = Term(course)
        deeds = [deed for student, actor in students.items() for deed in term.of(student, actor)]
        deeds += _words(course, teacher, students[CLASS[0]])
        classroom = Classroom(course, [*seen, newcomer, Viewer(teacher, INSTRUCTOR, "instructor", TEACHES)], deeds)
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
    )
    card = course.staff_channel.history(viewer=teacher)[-1]
    form = await teacher.click(card, label="Size and contact")
    await teacher.submit_modal(form, {"size": str(len(CLASS) + 1), "contact": SUPPORT})
    await teacher.send(
        course.channel, "Welcome. Your coach for this term sits below: it takes a minute, and nothing of it is graded."
    )
    await teacher.slash(course.channel, "cohort invite")


def _words(course: Course, teacher: MemberActor, student: MemberActor) -> Iterator[Deed]:
    """Yield what people said in the channel."""
    last_week = TERM_START + timedelta(days=32)
    yield at(TERM_START, 12), lambda: student.send(course.channel, "Joined. The search for my own name was a surprise.")
    yield (
        at(last_week, 12),
        lambda: teacher.send(
            course.channel, "For Tuesday: bring one question you would like to ask somebody in your field."
        ),
    )


class Term:
    """What a student does in the term through the bot's services, as deeds."""

    def __init__(self, course: Course) -> None:
        database, content = course.database, course.content
        planning = Planning(JITTER_MINUTES, content.backoff_days)
        self._course = course
        self._checklist = content.checklist
        self._kinds = {name: kind.counted_actions for name, kind in content.vocabulary.types.items()}
        self._members = MemberService(database, planning)
        self._focus = FocusService(database)
        self._goals = GoalService(database, content)
        self._log = LogService(database, content)
        self._footprint = FootprintService(database, content.checklist)
        self._nudges = NudgeService(database, content, self._log, self._footprint, planning)

    def of(self, student: Student, actor: MemberActor) -> Iterator[Deed]:
        """Yield everything the student does; whoever the viewer may look as does nothing more after the demo begins."""
        anyone = Caller(
            user_id=UserId(actor.id),
            audience=Audience.ANYONE,
            guild_id=GuildId(self._course.guild.id),
            role_ids=frozenset(),
            manages_guild=False,
            dm_channel_id=None,
        )
        member = replace(anyone, audience=Audience.MEMBER)
        day = TERM_START + student.joins * DAY
        joined = at(day, 11)
        yield joined, lambda: self._join(student, actor, anyone)
        yield from self._beginning(student, member, day)
        until = TODAY if student.seen_as else at(TERM_END, 12)
        weekly = [*self._items(student, member), *self._logs(student, member)]
        yield from (deed for deed in weekly if joined < deed[0] < until)
        for after, change in student.changes:
            yield (
                at(TERM_START + after * DAY, 13),
                lambda change=change: self._nudges.change(member, change, self._now()),
            )
        if student.presses_done:
            for week in range(1, len(student.logs) - 1):
                yield at(_monday(week), 18), lambda: self._press_done(actor)

    def _now(self) -> datetime:
        return self._course.clock()

    async def _join(self, student: Student, actor: MemberActor, caller: Caller) -> None:
        if student.closed:
            close_direct_messages(self._course.env, actor)
        await self._members.join(caller, None, self._now())
        await self._course.app.rounds.round()

    def _beginning(self, student: Student, member: Caller, day: date) -> Iterator[Deed]:
        if student.fields:
            yield (
                at(day, 11, 5),
                lambda: self._focus.save(member, student.fields, student.purpose, None, self._now()),
            )
        goal = student.goal
        if goal is not None:
            yield at(day + DAY, 15), lambda: self._goals.save(member, goal, self._now(), replace=False)

    def _items(self, student: Student, member: Caller) -> Iterator[Deed]:
        ordered = dict.fromkeys([*self._checklist.quick_start, *(item.id for item in self._checklist.items)])
        weekly = [week for week, count in enumerate(student.items) for _ in range(int(count))]
        for number, (item, week) in enumerate(zip(ordered, weekly, strict=False)):
            answer = ANSWERS[number % len(ANSWERS)]
            yield (
                at(_monday(week) + 4 * DAY, 17, number),
                lambda item=item, answer=answer: self._footprint.answer(member, item, answer, self._now()),
            )

    def _logs(self, student: Student, member: Caller) -> Iterator[Deed]:
        kinds = self._kinds[student.goal.type] if student.goal else ("note",)
        for week, count in enumerate(student.logs):
            for number in range(int(count)):
                kind = kinds[(week + number) % len(kinds)]
                yield (
                    at(_monday(week) + (number + 1) * 2 * DAY, 19),
                    lambda kind=kind: self._log.log(member, ActionDraft(kind), self._now()),
                )

    async def _press_done(self, actor: MemberActor) -> None:
        note = direct_messages(actor)[-1]
        if DONE in buttons(note):
            await actor.user.click(note, label=DONE)


def _monday(week: int) -> date:
    return TERM_START + timedelta(weeks=week)
