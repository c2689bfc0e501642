"""What may be sent when: late, in quiet hours, no longer wanted, and not after the term."""

from datetime import date, timedelta

import pytest

from bot.coaching.ids import UserId
from bot.coaching.nudges import NudgeState, Reason
from bot.services.nudges import SettingsChange
from tests.services.course import DUE, START, TERM_START, WEEK, Course, at, still_open
from tests.services.crashes import LEASE_OVER, plan, settings
from tests.services.fakes import Answer


@pytest.mark.parametrize(("late", "says_so"), [(timedelta(), False), (timedelta(hours=3), True)])
async def test_late_nudge_says_so(course: Course, late: timedelta, *, says_so: bool) -> None:
    await course.join(10)
    course.clock.set(DUE + late)
    await course.rounds().round()
    text = course.messenger.received(UserId(10))[-1].text
    assert ("This note was meant for Monday at 16:" in text) is says_so


async def test_nudge_is_sent_within_a_day_and_skipped_after_it(course: Course) -> None:
    await course.join(10, 11)
    # Jitter differs by member: each is late by its own due time.
    course.clock.set(START + timedelta(days=1, hours=7))
    await course.rounds().round()
    assert {row.state for row in await course.rows(kind="weekly")} == {"sent"}
    course.clock.set(DUE + WEEK + timedelta(days=1, minutes=1))
    await course.rounds().round()
    late = [row for row in await course.rows(kind="weekly") if row.period == "2027-02-22"]
    assert [(row.state, row.reason) for row in late] == [("skipped", Reason.TOO_LATE)] * 2


async def test_quiet_hours_delay_a_nudge_until_morning(course: Course) -> None:
    await course.join(10)
    course.clock.set(at(TERM_START, 23))
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["owed"]
    course.clock.set(at(date(2027, 2, 16), 7, 59))
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["owed"]
    course.clock.set(at(date(2027, 2, 16), 8))
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["sent"]
    assert "Monday at 16:" in course.messenger.received(UserId(10))[-1].text


@pytest.mark.parametrize("back", [timedelta(), timedelta(days=3)], ids=["just_in_time", "between_two_nudges"])
async def test_each_week_of_an_outage_has_a_row_and_one_is_sent(course: Course, back: timedelta) -> None:
    await course.join(10)
    course.clock.set(DUE + 3 * WEEK + back)
    await course.rounds().round()
    rows = await course.weekly(10)
    assert [row.period for row in rows] == ["2027-02-15", "2027-02-22", "2027-03-01", "2027-03-08"]
    sent = [row for row in rows if row.state == NudgeState.SENT]
    assert len(sent) == (0 if back else 1)
    assert {row.reason for row in rows if row.state == NudgeState.SKIPPED} == {Reason.TOO_LATE}
    assert len(course.messenger.received(UserId(10))) == 1 + len(sent)
    assert still_open(await course.rows()) == []


# No longer wanted


async def test_turned_off_or_paused_before_sending_is_skipped(course: Course) -> None:
    await course.join(10, 11)
    course.clock.set(DUE)
    await settings(course, 10, SettingsChange(on=False))
    await settings(course, 11, SettingsChange(pause_weeks=1))
    await course.rounds().round()
    rows = [(row.user_id, row.state, row.reason) for row in await course.rows(kind="weekly")]
    assert sorted(rows) == [(10, "skipped", "turned_off"), (11, "skipped", "paused")]
    assert len(course.messenger.received(UserId(10))) == len(course.messenger.received(UserId(11))) == 1


async def test_nudge_after_the_end_of_term_is_skipped(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    await plan(course)
    course.clock.advance(timedelta(hours=20))
    await course.open(term_start="2027-02-01", term_end="2027-02-15")
    await course.rounds().round()
    assert [(row.state, row.reason) for row in await course.weekly(10)] == [("skipped", Reason.TERM_OVER)]


@pytest.mark.parametrize("arrived", [True, False])
async def test_turned_off_after_an_unclear_try_is_looked_for(course: Course, *, arrived: bool) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.ANSWER_LOST if arrived else Answer.LOST)
    await course.rounds().round()
    await settings(course, 10, SettingsChange(on=False))
    course.clock.advance(LEASE_OVER)
    await course.rounds().round()
    [row] = await course.weekly(10)
    assert (row.state, row.reason) == (("sent", None) if arrived else ("skipped", "turned_off"))
    assert course.messenger.asked("send") == [10, 10]
