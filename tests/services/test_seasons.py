"""A member's weeks over a term: answers that stay away, breaks, pauses, leaving, and a database from yesterday."""

import sqlite3
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from bot.coaching.cohort import Audience, Caller
from bot.coaching.ids import UserId
from bot.coaching.nudges import Reason
from bot.coaching.weeks import BreakKind
from bot.services.cohort import BreakRequest
from bot.services.nudges import SettingsChange
from prompts import Content
from storage.database import open_database
from tests.services.course import DUE, GUILD, START, TERM_START, WEEK, Course, at, manager, member
from tests.services.fakes import Answer


def staff() -> Caller:
    """Return the manager, for a command of the staff."""
    return Caller(manager().user_id, Audience.STAFF, GUILD, frozenset(), manages_guild=True, dm_channel_id=None)


async def weeks_pass(course: Course, weeks: int, first: int = 0) -> None:
    """Let rounds run on every Monday of some weeks, half an hour after the wish."""
    for week in range(first, first + weeks):
        course.clock.set(DUE + week * WEEK)
        await course.rounds().round()


async def gaps(course: Course, user_id: int) -> list[int]:
    """Return the weeks between a member's rows."""
    mondays = [date.fromisoformat(row.period) for row in await course.weekly(user_id)]
    return [(later - earlier).days // 7 for earlier, later in pairwise(mondays)]


async def test_nudges_that_stay_unanswered_grow_rarer_ask_once_and_stop(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.open(term_end="2027-12-17")
    await course.join(10)
    await weeks_pass(course, 30)
    rows = await course.weekly(10)
    assert await gaps(course, 10) == [1, 1, 2, 2, 4, 4]
    assert [row.rule for row in rows if row.rule and row.rule.startswith("backoff")] == ["backoff_ask", "backoff_stop"]
    assert rows[2].rule == "backoff_ask"
    assert rows[-1].rule == "backoff_stop"


async def test_any_command_brings_the_weekly_rhythm_back(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    await weeks_pass(course, 6)
    seen = len(await course.weekly(10))
    await course.me.me(member(10), course.clock())
    await weeks_pass(course, 2, first=6)
    assert len(await course.weekly(10)) == seen + 2


async def test_a_rhythm_of_two_weeks_is_kept(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(every_weeks=2), START)
    for week in range(6):
        course.clock.set(DUE + week * WEEK)
        await course.rounds().round()
        await course.me.me(member(10), course.clock())
    assert set(await gaps(course, 10)) == {2}


async def test_the_next_one_skipped_leaves_no_row_and_no_backlog(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    changed = await course.nudges.change(member(10), SettingsChange(skip_next=True), START)
    assert changed.enrolment.next_nudge is not None
    assert changed.enrolment.next_nudge.week == TERM_START + WEEK
    await weeks_pass(course, 2)
    assert [row.period for row in await course.weekly(10)] == ["2027-02-22"]


async def test_exam_weeks_are_announced_once_and_have_no_rows(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    exams = BreakRequest(BreakKind.EXAMS, "2027-03-01", "2027-03-12")
    await course.cohorts.add_break(staff(), exams, START)
    await weeks_pass(course, 5)
    assert [(row.period, row.rule == "exam_weeks") for row in await course.weekly(10)] == [
        ("2027-02-15", False),
        ("2027-02-22", True),
        ("2027-03-15", False),
    ]
    [announced] = [message.text for message in course.messenger.received(UserId(10)) if "exam weeks" in message.text]
    assert "Saturday 13 March" in announced


async def test_a_break_that_is_taken_out_gives_its_weeks_back(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    await course.cohorts.add_break(staff(), BreakRequest(BreakKind.BREAK, "2027-02-15", "2027-02-28"), START)
    await course.cohorts.remove_break(staff(), TERM_START, START)
    await weeks_pass(course, 1)
    assert [row.period for row in await course.weekly(10)] == ["2027-02-15"]


async def test_the_end_of_a_pause_is_spoken_of_once_in_that_weeks_place(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=2), START)
    await weeks_pass(course, 5)
    assert [row.rule == "pause_end" for row in await course.weekly(10)] == [True, False, False]


async def test_a_member_who_left_is_left_alone_and_comes_back_with_their_next_command(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.messenger.answers["send", UserId(10)].append(Answer.GONE)
    await weeks_pass(course, 3)
    assert [(row.state, row.reason) for row in await course.weekly(10)] == [("held", Reason.LEFT)]
    await course.me.me(member(10), course.clock())
    await weeks_pass(course, 2, first=3)
    assert [row.state for row in await course.weekly(10)] == ["held", "sent", "sent"]


async def test_somebody_found_gone_at_the_weekly_look_up_keeps_the_row_of_a_week_that_fell_due(
    sqlite_course: Course,
) -> None:
    course = sqlite_course
    await course.join(10)
    course.messenger.left.add(UserId(10))
    course.clock.set(START + timedelta(days=7, hours=1))
    await course.rounds().round()
    course.clock.set(DUE + 3 * WEEK)
    await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-02-15"]


async def test_a_server_that_removed_the_bot_has_no_rows_and_no_backlog_afterwards(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    await course.cohorts.guilds_changed((), (GUILD,), START)
    await weeks_pass(course, 3)
    assert await course.weekly(10) == []
    await course.cohorts.guilds_changed((GUILD,), (), course.clock())
    await weeks_pass(course, 1, first=3)
    assert [row.period for row in await course.weekly(10)] == ["2027-03-08"]


async def test_a_database_from_yesterday_sends_nothing_a_second_time(
    sqlite_url: str, tmp_path: Path, content: Content
) -> None:
    database = open_database(sqlite_url)
    course = Course(database, content)
    await course.open()
    await course.join(10, 11, 12)
    await course.rounds().round()
    backup = tmp_path / "backup.db"
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as live, sqlite3.connect(backup) as copy:
        live.backup(copy)
    course.clock.set(DUE)
    await course.rounds().round()
    database.close()
    course.clock.set(DUE + timedelta(hours=3))
    restored = open_database(f"sqlite:///{backup}")
    after = Course(restored, content, clock=course.clock)
    after.messenger = course.messenger
    # Two runners: the one that looks first may not be the one that noticed the gap.
    await after.rounds("a").round()
    await after.rounds("b").round()
    rows = await after.rows(kind="weekly")
    restored.close()
    assert [row.state for row in rows] == ["sent"] * 3
    for user_id in (10, 11, 12):
        assert len([one for one in course.messenger.received(UserId(user_id)) if one.key.kind == "weekly"]) == 1


async def test_what_waits_behind_the_breaker_for_a_day_is_held_and_the_rest_follows_a_probe(
    sqlite_course: Course,
) -> None:
    course = sqlite_course
    await course.join(10, 11)
    course.clock.set(DUE)
    course.messenger.always["send", UserId(10)] = course.messenger.always["send", UserId(11)] = Answer.BLOCKED
    await course.rounds().round()
    course.clock.set(at(TERM_START + timedelta(days=1), 18))
    await course.rounds().round()
    course.messenger.always.clear()
    for hours in range(4):
        course.clock.set(at(TERM_START + timedelta(days=7), 16, 30) + timedelta(hours=hours))
        await course.rounds().round()
    assert len(course.messenger.received(UserId(10))) == 2
    reasons = {row.reason for row in await course.rows(kind="weekly")}
    assert reasons <= {None, Reason.BLOCKED, Reason.TOO_LATE}
