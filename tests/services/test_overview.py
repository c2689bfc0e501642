"""What instructors are shown of a class: exact with a register, by the threshold without one."""

from dataclasses import replace

import pytest

from bot.coaching.class_statistics import Withheld
from bot.coaching.errors import TooManySections
from bot.coaching.ids import UserId
from bot.services.nudges import SettingsChange
from bot.services.overview import Overview
from tests.services.course import (
    GOAL,
    GUILD,
    START,
    TERM_START,
    WEEK,
    Course,
    at,
    counted_statements,
    manager,
    member,
    queries,
    teacher,
)
from tests.services.test_class_statistics import log_something

MONDAY = at(TERM_START + WEEK, 8)
FEW, MOST = Withheld.FEW, Withheld.MOST


async def a_class(course: Course, size: int, active: int, goals: int) -> list[int]:
    """Let so many join; of them some do something in the first week, and some set a goal."""
    people = list(range(10, 10 + size))
    await course.join(*people, channel=False)
    for user_id in people[:active]:
        await log_something(course, user_id)
    for user_id in people[:goals]:
        await course.set_goal(UserId(user_id), replace(GOAL, obstacle=None))
    return people


async def monday(course: Course, week: int = 0) -> Overview:
    course.clock.set(MONDAY + week * WEEK)
    await course.rounds().round()
    return await course.views.overview(teacher(), course.clock())


async def test_before_the_first_monday_it_names_the_day_and_counts(course: Course) -> None:
    await course.join(10, 11, channel=False)
    seen = await course.views.overview(teacher(), START)
    assert (list(seen.weeks), seen.people.here, seen.next_snapshot) == ([], 2, MONDAY)
    assert (seen.week, seen.of_weeks, seen.exact) == (1, 16, False)


@pytest.mark.parametrize("size", [5, 8, 12, 28])
async def test_with_register_every_number_is_exact(course: Course, size: int) -> None:
    await course.use_register()
    await a_class(course, size, size - 2, 3)
    seen = await monday(course)
    assert seen.exact
    assert [(one.week, one.active, one.whole) for one in seen.weeks] == [(TERM_START, size - 2, size)]
    assert (seen.so_far, seen.facts["goal"], seen.facts["plan"]) == (0, (3, size), (3, size))
    assert seen.facts["exchange"][0] == (None if size < 10 else FEW), "what is no row's stays behind the threshold"


@pytest.mark.parametrize(
    ("size", "active", "said"), [(5, 3, None), (8, 8, None), (12, 3, FEW), (12, 10, MOST), (12, 6, 6), (28, 23, 23)]
)
async def test_without_register_a_count_is_exact_few_or_most(
    course: Course, size: int, active: int, said: object
) -> None:
    await a_class(course, size, active, 0)
    seen = await monday(course)
    assert not seen.exact
    assert [one.active for one in seen.weeks] == [said]
    assert seen.so_far is None
    assert seen.moved is None


async def test_live_counts_follow_what_is_done_and_statistics_wait_for_monday(course: Course) -> None:
    people = await a_class(course, 12, 6, 0)
    before = await monday(course)
    await log_something(course, people[0])
    assert await course.views.overview(teacher(), course.clock()) == before
    await course.use_register()
    await course.tell_of_register()
    course.clock.set(course.clock() + WEEK)
    now = await course.views.overview(teacher(), course.clock())
    assert now.exact
    assert [one.active for one in now.weeks] == [6, 1], "weeks before the register stay as they were published"
    course.clock.set(course.clock() + WEEK / 2)
    await log_something(course, people[3])
    assert (await course.views.overview(teacher(), course.clock())).so_far == 1


async def test_trend_is_said_of_two_weeks_in_a_row(course: Course) -> None:
    await course.use_register()
    people = await a_class(course, 12, 4, 0)
    assert (await monday(course)).moved is None
    for user_id in people[:7]:
        await log_something(course, user_id)
    assert (await monday(course, 1)).moved == 3


async def test_obstacles_are_named_from_five_and_the_activity_changes(course: Course) -> None:
    await course.join(*range(10, 30), channel=False)
    for number, user_id in enumerate(range(10, 30)):
        words = list(course.content.vocabulary.obstacles)
        await course.set_goal(UserId(user_id), replace(GOAL, obstacle=words[0] if number < 9 else words[1]))
    first, second = await monday(course), await monday(course, 1)
    assert first.obstacles is not None
    assert second.obstacles is not None
    assert [count for _, count in first.obstacles.named] == [11]
    assert first.obstacles.named == second.obstacles.named


async def test_overview_takes_eight_statements_for_any_class(course: Course) -> None:
    await course.use_register()
    counts: list[tuple[int, ...]] = []
    for week, people in enumerate((range(10, 38), range(100, 150))):
        await course.join(*people, channel=False)
        await monday(course, week)
        found: list[int] = []
        for read in (course.views.overview, course.views.statistics, course.views.preview):
            with counted_statements(course.database) as seen:
                await read(teacher(), course.clock())
            found.append(len(queries(seen)))
        counts.append(tuple(found))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 8


async def test_sections_are_the_managers_to_choose_and_ten_at_most(course: Course) -> None:
    await course.views.set_sections(manager(), [5, 3, int(GUILD)])
    assert await course.views.section_roles(manager()) == [3, 5]
    with pytest.raises(TooManySections):
        await course.views.set_sections(manager(), range(100, 111))
    await course.views.set_sections(manager(), [])
    assert await course.views.section_roles(manager()) == []


@pytest.mark.parametrize("register", [True, False])
async def test_a_preview_counts_notes_as_the_course_may_see_them(course: Course, register: bool) -> None:
    if register:
        await course.use_register()
    await course.join(*range(10, 40), channel=False)
    for number in range(10, 13):
        await course.nudges.change(member(number), SettingsChange(on=False), course.clock())
    await monday(course)
    seen = await course.views.preview(teacher(), course.clock())
    assert (seen.planned, seen.away, seen.whole) == ((27, 3, 30) if register else (MOST, FEW, 30))
    assert "<@0>" in seen.sample.text
    assert seen.sample.buttons
