"""Planning: every week that fell due has one row, and the next one is later."""

from datetime import date, timedelta

import pytest

from bot.services.nudges import SettingsChange
from tests.services.course import DUE, START, WEEK, Course, member


@pytest.fixture
def course(sqlite_course: Course) -> Course:
    """An open course on SQLite: the kind of database makes no difference."""
    return sqlite_course


async def test_before_its_time_nothing_is_owed_and_what_is_owed_twice_has_one_row(course: Course) -> None:
    await course.join(10, channel=False)
    for now, rows in ((START, 0), (DUE, 1), (DUE, 1)):
        course.clock.set(now)
        await course.rounds().round()
        assert len(await course.weekly(10)) == rows
    planned = (await course.nudges.settings(member(10), DUE)).enrolment.next_nudge
    assert planned is not None
    assert planned.week == date(2027, 2, 22)


async def test_a_pause_has_no_rows_and_the_weeks_after_it_do(course: Course) -> None:
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=2), START)
    for week in range(5):
        course.clock.set(DUE + week * WEEK)
        await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-03-01", "2027-03-08", "2027-03-15"]


async def test_off_weeks_have_no_rows(course: Course) -> None:
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(on=False), START)
    course.clock.set(DUE + 2 * WEEK)
    await course.rounds().round()
    await course.nudges.change(member(10), SettingsChange(on=True), course.clock())
    course.clock.advance(WEEK)
    await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-03-08"]


async def test_summer_time_moves_nothing_on_the_wall_clock(course: Course) -> None:
    await course.join(10)
    course.clock.set(START + 8 * WEEK)
    await course.rounds().round()
    rows = await course.weekly(10)
    hours = {row.due_at.hour for row in rows if row.due_at < START + 6 * WEEK}
    later = {row.due_at.hour for row in rows if row.due_at > START + 6 * WEEK}
    assert (hours, later) == ({15}, {14})
    assert all(timedelta() <= one.due_at - rows[0].due_at for one in rows)
