"""The demo's class: twenty-nine students in two groups and an instructor, five weeks into term.

Nobody clicked through these weeks, but everything in them is real: the same services answer, the same rounds send, and
the clock passes every moment at which a nudge fell due. The same class comes out every time.
"""

from collections import deque
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Final

from bot.coaching.errors import CourseOver
from bot.coaching.ids import UserId
from bot.config import LlmConfig
from bot.demo.classmates import EVERYBODY
from bot.demo.course import MINUTE, NAME, NO_REVIEWER, TERM_END, TERM_START, ZONE, Course, at, new_course
from bot.demo.simulator import MemberActor, RoleHandle, Viewer
from bot.demo.students import AMARA, Student
from bot.demo.term import Deed, Term
from cogs.routes import custom_id

TODAY: Final = at(date(2026, 10, 20), 10)
"""Where the demo begins: the Tuesday of the sixth week, the day after a nudge."""
INSTRUCTOR: Final = "Nora Ellis"
NEWCOMER: Final = "Linh Tran"
GROUPS: Final = ("Tuesday group", "Thursday group")
SUPPORT: Final = "Student services, Library Building, ground floor"
CLOSED: Final = (
    "No messages: this person takes none from the server. Every note is held, and /nudge history in the course channel "
    "says why."
)
TEACHES: Final = "No messages: an instructor who has not joined gets no weekly note."


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
        """Let time pass, everybody doing what they do at its own time; at its end the bot has just looked around."""
        while self._deeds and self._deeds[0][0] < target:
            moment, act = self._deeds[0]
            await self.course.run_until(moment)
            self._deeds.popleft()  # before it is tried: a week that is run again does not do it twice
            with suppress(CourseOver):  # somebody has closed the course, and what was to happen in it does not
                await act()
        await self.course.run_until(target)
        await self.course.app.delivery.round()

    async def catch_up(self) -> None:
        """Let a minute pass, so that what a person's action owes them is sent."""
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
        students = {one: course.add_person(one.name, group) for one, group in zip(EVERYBODY, cycle(groups))}
        newcomer = Viewer(course.add_person(NEWCOMER, groups[1]), NEWCOMER, "newcomer")
        seen = [_viewer(student, actor) for student, actor in students.items() if student.seen_as]
        term = Term(course)
        deeds = [deed for student, actor in students.items() for deed in term.of(student, actor)]
        deeds += _words(course, teacher, students[AMARA])
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
        register="yes",
    )
    card = course.staff_channel.history(viewer=teacher)[-1]
    form = await teacher.click(card, label="Size and support")
    await teacher.submit_modal(form, {"size": str(len(EVERYBODY) + 1), "contact": SUPPORT})
    await teacher.send(
        course.channel, "Welcome. Your coach for this term sits below: it takes a minute, and nothing of it is graded."
    )
    await teacher.slash(course.channel, "cohort invite")


async def _name_groups(course: Course, teacher: MemberActor, groups: Sequence[RoleHandle]) -> None:
    """Let the class be seen by its groups too, by the instructor's own command."""
    await teacher.slash(course.staff_channel, "cohort setup")
    card = course.staff_channel.history(viewer=teacher)[-1]
    await teacher.select(card, groups, custom_id=custom_id("cohort.sections", UserId(teacher.id)))


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
