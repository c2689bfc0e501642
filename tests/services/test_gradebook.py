"""Gradebook files: who is complete by which rule, on each kind of database."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.coaching.course_plan import StepState
from bot.coaching.errors import GradebookGone, NoSuchWeeks
from bot.coaching.gradebook import COMPLETE, INCOMPLETE
from bot.services.gradebook import KEPT, MOST_FILES, CountingRule, GradebookService
from storage import course_plan, tables
from storage.database import Tx
from tests.services.course import START, TERM_START, WEEK, Course, member, teacher
from tests.services.test_hand_ins import does, plan

EXPORT = b"Username,ID number\nann,1\nben,2\ncleo,3\n"


@pytest.fixture
async def service(either_course: Course) -> GradebookService:
    """Ann did both steps, the second a week after its week; ben declined one; cleo came in the second week."""
    course = either_course
    await course.use_register()
    await course.open(student_number=True, register=True)
    await course.database.transact(_count_steps)
    first, second = await plan(course, TERM_START, TERM_START + WEEK)
    await course.join(10, 11, channel=False)
    await does(course, 10, first)
    await does(course, 11, first, state=StepState.DECLINED)
    course.clock.set(START + WEEK)
    await course.join(12, channel=False)
    await does(course, 11, second)
    await does(course, 12, second)
    course.clock.set(START + 2 * WEEK)
    await does(course, 10, second)
    cohort = await course.cohorts.course(teacher(), teacher().audience)
    for user_id, number in ((10, "1"), (11, "2"), (12, "3")):
        await course.numbers.give(member(user_id, audience="anyone"), cohort.id, number)
    return GradebookService(course.database, course.content.checklist)


def _count_steps(tx: Tx) -> None:
    tx.execute(update(tables.cohort).values(steps_count=True))


async def test_marks_follow_the_weeks_the_day_and_the_number_needed(
    either_course: Course, service: GradebookService
) -> None:
    now = either_course.clock()
    await service.keep(teacher(), "a.csv", EXPORT, now)

    async def marks(first: int, last: int, needed: int, weeks: int = 9) -> list[tuple[int, int, str | None]]:
        until = TERM_START + weeks * WEEK
        found = await service.preview(teacher(), CountingRule(first, last, until, needed), now)
        return [(one.done, one.counted, one.mark) for one in found.standings]

    assert await marks(1, 2, 2) == [(2, 2, COMPLETE), (1, 2, INCOMPLETE), (1, 1, COMPLETE)]
    assert await marks(1, 2, 1) == [(2, 2, COMPLETE), (1, 2, COMPLETE), (1, 1, COMPLETE)]
    assert await marks(1, 1, 1) == [(1, 1, COMPLETE), (0, 1, INCOMPLETE), (0, 0, None)]
    assert await marks(1, 2, 2, weeks=1) == [(1, 2, INCOMPLETE), (1, 2, INCOMPLETE), (1, 1, COMPLETE)]
    made = await service.make(teacher(), CountingRule(1, 1, TERM_START + 9 * WEEK, 1), now)
    assert made.content.splitlines()[1:] == [b"ann,1,complete", b"ben,2,incomplete", b"cleo,3,"]
    with pytest.raises(NoSuchWeeks):
        await service.preview(teacher(), CountingRule(2, 1, TERM_START, 1), now)


async def test_an_extra_step_done_after_the_day_makes_nobody_incomplete(
    either_course: Course, service: GradebookService
) -> None:
    now = either_course.clock()
    here = await either_course.cohorts.course(teacher(), teacher().audience)
    first, *_ = await either_course.database.read(lambda tx: course_plan.weeks(tx, here.id))
    await does(either_course, 12, first.id)  # from before she joined
    await service.keep(teacher(), "a.csv", EXPORT, now)
    found = await service.preview(teacher(), CountingRule(1, 2, TERM_START + WEEK, 2), now)
    cleo = found.standings[-1]
    assert (cleo.done, cleo.counted, cleo.mark) == (1, 1, COMPLETE)


async def test_files_are_held_for_fifteen_minutes_and_a_few_at_once(
    either_course: Course, service: GradebookService
) -> None:
    now, rule = either_course.clock(), CountingRule(1, 2, TERM_START + 9 * WEEK, 2)
    await service.keep(teacher(), "a.csv", EXPORT, now)
    await service.make(teacher(), rule, now + KEPT - timedelta(seconds=1))
    with pytest.raises(GradebookGone):
        await service.make(teacher(), rule, now + KEPT)
    for _ in range(MOST_FILES + 5):
        await service.keep(teacher(), "a.csv", EXPORT, now)
    assert len(service._held) == 1  # pyright: ignore[reportPrivateUsage]
    service.forget(teacher().user_id)
    with pytest.raises(GradebookGone):
        await service.make(teacher(), rule, now)
