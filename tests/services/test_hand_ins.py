"""Handed-in lines: which week is shown, whose lines are among them, and who finds the look."""

from datetime import date

import pytest

from bot.coaching.cohort import Access
from bot.coaching.course_plan import DoneBy, DueDay, PlanWeek, StepState
from bot.coaching.errors import NoHandIns
from bot.coaching.ids import GuildId, WeekId
from bot.services.hand_ins import HandInService
from prompts import Content
from storage import cohort as cohorts
from storage import course_plan, members
from storage.database import Tx
from tests.services.course import START, TEACHER, TERM_START, WEEK, Course, teacher

ONE = PlanWeek("Bio", "Put your bio together", 20, DueDay.FRIDAY, DoneBy.LINE)


async def plan(course: Course, *mondays: date) -> list[WeekId]:
    """Give a course a plan with a step in the weeks of these Mondays."""

    def work(tx: Tx) -> list[WeekId]:
        cohort = cohorts.open_in(tx, course.guild_id)
        assert cohort is not None
        for monday in mondays:
            course_plan.put_week(tx, cohort.id, None, monday, ONE, cohort.term)
        return [one.id for one in course_plan.weeks(tx, cohort.id)]

    return await course.database.transact(work)


async def does(
    course: Course, user_id: int, week_id: WeekId, line: str | None = None, state: StepState = StepState.DONE
) -> None:
    """Let a member do a week's step, today."""
    one = await course.enrolment(user_id)
    day = course.clock().date()
    await course.database.transact(lambda tx: course_plan.put_step(tx, one.id, week_id, state, day, line))


async def test_the_newest_week_with_a_line_is_shown_first(either_course: Course) -> None:
    course = either_course
    service = HandInService(course.database)
    await course.join(10, 11, 12, channel=False)
    with pytest.raises(NoHandIns):
        await service.show(teacher(), None, START)
    first, second, ahead = await plan(course, TERM_START, TERM_START + WEEK, TERM_START + 5 * WEEK)
    await does(course, 10, first, "one")
    await does(course, 11, first, "two", StepState.DECLINED)
    await does(course, 12, first, "three")
    gone = await course.enrolment(12)
    await course.database.transact(lambda tx: members.set_aside(tx, gone.id, START))
    course.clock.set(START + WEEK)
    shown = await service.show(teacher(), None, course.clock())
    assert (shown.number, [one.line for one in shown.lines]) == (1, ["one"])
    assert [number for number, _ in shown.weeks] == [1, 2], "weeks to come have no lines"
    await does(course, 11, second, "four")
    assert [one.line for one in (await service.show(teacher(), None, course.clock())).lines] == ["four"]
    assert [one.line for one in (await service.show(teacher(), first, course.clock())).lines] == ["one"]
    assert (await service.show(teacher(), ahead, course.clock())).number == 2


async def test_a_look_is_noted_with_those_whose_line_was_read(course: Course, content: Content) -> None:
    service = HandInService(course.database)
    await course.join(10, 11, channel=False)
    (first,) = await plan(course, TERM_START)
    await does(course, 10, first, "one")
    await does(course, 11, first)
    for _ in range(2):
        await service.show(teacher(), None, course.clock())
    assert [(one.by, one.what) for one in await course.accesses_to(10)] == [(TEACHER, Access.HAND_INS)]
    assert await course.accesses_to(11) == []
    other = Course(course.database, content, GuildId(701))
    await other.open()
    await plan(other, TERM_START)
    assert (await service.show(teacher(GuildId(701)), first, START)).lines == []
