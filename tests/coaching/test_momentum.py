from collections.abc import Collection, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.momentum import (
    LAST_WEEKS,
    Momentum,
    Pause,
    TermWeek,
    complete_weeks,
    momentum,
    quiet_weeks,
    taught_weeks,
    term_weeks,
)
from bot.coaching.weeks import Break, BreakKind, Calendar, monday_of

MONDAY = date(2027, 2, 1)
TERM = Calendar(MONDAY, date(2027, 12, 31))
WEEK = timedelta(weeks=1)


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def in_week(week: int, day: int = 0) -> date:
    return on(7 * week + day)


DAYS = st.sets(st.builds(on, st.integers(0, 200)), max_size=25)
TODAYS = st.builds(on, st.integers(0, 200))
JOINED = st.builds(on, st.integers(0, 60))
SPANS = st.tuples(st.integers(0, 200), st.integers(1, 42))
PAUSES = st.lists(SPANS.map(lambda span: Pause(on(span[0]), on(sum(span)))), max_size=3)
BREAKS = st.lists(
    st.tuples(st.sampled_from(BreakKind), SPANS).map(lambda one: Break(one[0], on(one[1][0]), on(sum(one[1]) - 1))),
    max_size=3,
)


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [
        ([], in_week(0), Momentum(0, 0)),
        ([in_week(0)], in_week(0), Momentum(1, 1)),
        ([], in_week(1), Momentum(0, 1)),
        ([in_week(0, 6)], in_week(1), Momentum(1, 1)),
        ([in_week(0), in_week(0, 3), in_week(0, 6)], in_week(1), Momentum(1, 1)),
        ([in_week(0), in_week(2)], in_week(3), Momentum(2, 3)),
        ([in_week(week) for week in range(20)], in_week(20), Momentum(8, 8)),
        ([in_week(0), in_week(11)], in_week(12), Momentum(1, 8)),
    ],
)
def test_momentum_counts_active_weeks_of_those_that_were(days: Sequence[date], today: date, expected: Momentum) -> None:
    assert momentum(days, MONDAY, today, TERM) == expected


@given(DAYS, JOINED, TODAYS, BREAKS, PAUSES)
def test_there_are_never_more_active_weeks_than_weeks_nor_more_than_eight(
    days: Collection[date], joined: date, today: date, breaks: Sequence[Break], pauses: Sequence[Pause]
) -> None:
    seen = momentum(days, joined, today, Calendar(TERM.starts_on, TERM.ends_on, tuple(breaks)), pauses)
    assert 0 <= seen.active <= seen.weeks <= LAST_WEEKS
    assert seen.weeks <= max(0, (monday_of(today) - monday_of(joined)).days // 7 + 1)


@given(DAYS, JOINED, TODAYS, PAUSES)
def test_the_week_that_runs_never_counts_against_anybody(
    days: Collection[date], joined: date, today: date, pauses: Sequence[Pause]
) -> None:
    monday = monday_of(today)
    before = {day for day in days if day < monday}
    seen = {momentum(before, joined, monday + timedelta(days=day), TERM, pauses) for day in range(7)}
    assert len(seen) == 1
    acted = momentum({*before, today}, joined, today, TERM, pauses)
    assert acted.weeks - acted.active <= min(one.weeks - one.active for one in seen)


@given(DAYS, JOINED, TODAYS, st.integers(0, 200))
def test_doing_something_never_makes_momentum_less(
    days: Collection[date], joined: date, today: date, more: int
) -> None:
    old, new = momentum(days, joined, today, TERM), momentum({*days, on(more)}, joined, today, TERM)
    assert new.active >= old.active
    assert new.weeks - new.active <= old.weeks - old.active


@given(DAYS, JOINED, TODAYS, PAUSES, SPANS)
def test_a_pause_never_stands_against_anybody(
    days: Collection[date], joined: date, today: date, pauses: Sequence[Pause], span: tuple[int, int]
) -> None:
    old = momentum(days, joined, today, TERM, pauses)
    new = momentum(days, joined, today, TERM, [*pauses, Pause(on(span[0]), on(sum(span)))])
    assert new.active >= old.active
    assert new.weeks - new.active <= old.weeks - old.active


@given(DAYS, JOINED, TODAYS, st.sampled_from(BreakKind), SPANS)
def test_a_break_never_stands_against_anybody(
    days: Collection[date], joined: date, today: date, kind: BreakKind, span: tuple[int, int]
) -> None:
    old = momentum(days, joined, today, TERM)
    given_off = Calendar(TERM.starts_on, TERM.ends_on, (Break(kind, on(span[0]), on(sum(span) - 1)),))
    new = momentum(days, joined, today, given_off)
    assert new.active >= old.active
    assert new.weeks - new.active <= old.weeks - old.active


def test_a_week_of_a_break_or_a_pause_is_left_out_and_an_older_one_looked_at() -> None:
    days = [in_week(week) for week in range(10) if week not in {5, 6}]
    assert momentum(days, MONDAY, in_week(10), TERM) == Momentum(6, 8)
    assert momentum(days, MONDAY, in_week(10), TERM, [Pause(in_week(5), in_week(7))]) == Momentum(8, 8)
    holidays = Calendar(MONDAY, TERM.ends_on, (Break(BreakKind.BREAK, in_week(5), in_week(6, 6)),))
    assert momentum(days, MONDAY, in_week(10), holidays) == Momentum(8, 8)


def test_a_week_of_a_pause_in_which_something_was_done_counts_all_the_same() -> None:
    pause = Pause(in_week(0), in_week(3))
    assert momentum([in_week(1)], MONDAY, in_week(3), TERM, [pause]) == Momentum(1, 1)


@pytest.mark.parametrize(("days_off", "weeks"), [(3, 1), (4, 0)])
def test_a_week_is_left_out_when_most_of_its_days_were_free(days_off: int, weeks: int) -> None:
    assert momentum([], MONDAY, in_week(1), TERM, [Pause(on(7 - days_off), on(7))]) == Momentum(0, weeks)
    last_days = Break(BreakKind.EXAMS, on(7 - days_off), on(6))
    assert momentum([], MONDAY, in_week(1), Calendar(MONDAY, TERM.ends_on, (last_days,))) == Momentum(0, weeks)


def test_days_that_a_pause_and_a_break_share_are_free_once() -> None:
    shared = Calendar(MONDAY, TERM.ends_on, (Break(BreakKind.BREAK, on(0), on(2)),))
    assert momentum([], MONDAY, in_week(1), shared, [Pause(on(0), on(3))]) == Momentum(0, 1)
    assert momentum([], MONDAY, in_week(1), shared, [Pause(on(0), on(4))]) == Momentum(0, 0)


def test_a_pause_ends_before_the_day_it_names() -> None:
    assert momentum([], MONDAY, in_week(2), TERM, [Pause(on(0), on(7 + 3))]) == Momentum(0, 1)


def test_weeks_before_the_term_are_nobodys() -> None:
    later = Calendar(in_week(3), TERM.ends_on)
    assert momentum([], MONDAY, in_week(5), later) == Momentum(0, 2)


@pytest.mark.parametrize("day", range(4, 7))
def test_the_week_of_joining_counts_against_nobody_who_joined_when_most_of_it_was_over(day: int) -> None:
    assert momentum([], on(day), in_week(1), TERM) == Momentum(0, 0)
    assert momentum([on(day)], on(day), in_week(1), TERM) == Momentum(1, 1)


# The weeks of a term

SIX_WEEKS = Calendar(MONDAY, in_week(5, 4), (Break(BreakKind.EXAMS, in_week(2), in_week(2, 6)),))


def test_every_week_of_the_term_is_told_from_its_first_to_its_last() -> None:
    seen = term_weeks([in_week(1, 6)], in_week(1), in_week(4, 3), SIX_WEEKS, [Pause(in_week(5), in_week(6))])
    assert seen == (
        TermWeek.BEFORE,
        TermWeek.ACTIVE,
        TermWeek.REST,
        TermWeek.QUIET,
        TermWeek.AHEAD,
        TermWeek.REST,
    )


def test_the_week_that_runs_is_active_once_something_was_done() -> None:
    assert term_weeks([in_week(4)], MONDAY, in_week(4, 3), SIX_WEEKS)[4] is TermWeek.ACTIVE
    assert term_weeks([], MONDAY, in_week(4, 6), SIX_WEEKS)[4] is TermWeek.AHEAD
    assert term_weeks([], MONDAY, in_week(5), SIX_WEEKS)[4] is TermWeek.QUIET


def test_a_term_that_begins_or_ends_within_a_week_has_that_week_too() -> None:
    middle = Calendar(in_week(0, 2), in_week(2, 4))
    assert term_weeks([], in_week(0, 2), in_week(3), middle) == (TermWeek.QUIET, TermWeek.QUIET, TermWeek.QUIET)


@given(DAYS, JOINED, TODAYS, BREAKS, PAUSES)
def test_a_week_in_which_something_was_done_is_active_whatever_else_it_was(
    days: Collection[date], joined: date, today: date, breaks: Sequence[Break], pauses: Sequence[Pause]
) -> None:
    seen = term_weeks(days, joined, today, Calendar(TERM.starts_on, TERM.ends_on, tuple(breaks)), pauses)
    active = {number for number, week in enumerate(seen) if week is TermWeek.ACTIVE}
    assert active == {(monday_of(day) - MONDAY).days // 7 for day in days}


@given(DAYS, JOINED, TODAYS, BREAKS, PAUSES)
def test_the_weeks_of_the_term_and_momentum_tell_the_same_story(
    days: Collection[date], joined: date, today: date, breaks: Sequence[Break], pauses: Sequence[Pause]
) -> None:
    since_joining = {day for day in days if joined <= day <= today}
    term = Calendar(TERM.starts_on, TERM.ends_on, tuple(breaks))
    seen = term_weeks(since_joining, joined, today, term, pauses)
    last = [week for week in seen if week in {TermWeek.ACTIVE, TermWeek.QUIET}][-LAST_WEEKS:]
    told = momentum(since_joining, joined, today, term, pauses)
    assert told == Momentum(last.count(TermWeek.ACTIVE), len(last))


@pytest.mark.parametrize("day", range(4, 7))
def test_the_week_of_joining_is_no_quiet_one_when_most_of_it_was_over(day: int) -> None:
    assert term_weeks([], on(day), in_week(1), TERM)[0] is not TermWeek.QUIET


# The weeks of the course


def test_a_week_is_complete_when_it_is_over_and_the_term_ends_them() -> None:
    assert complete_weeks(TERM, in_week(0, 6)) == ()
    assert complete_weeks(TERM, in_week(2)) == (in_week(0), in_week(1))
    short = Calendar(in_week(0, 2), in_week(1, 1))
    assert complete_weeks(short, in_week(9)) == (in_week(0), in_week(1))
    assert complete_weeks(TERM, in_week(-3)) == ()


def test_weeks_of_which_most_was_a_break_were_not_taught() -> None:
    term = Calendar(MONDAY, in_week(9), (Break(BreakKind.EXAMS, in_week(1), in_week(1, 3)),))
    assert taught_weeks(term, in_week(3)) == (in_week(0), in_week(2))
    term = Calendar(MONDAY, in_week(9), (Break(BreakKind.BREAK, in_week(1), in_week(1, 2)),))
    assert taught_weeks(term, in_week(3)) == (in_week(0), in_week(1), in_week(2))


def test_quiet_weeks_begin_after_the_last_active_one_and_leave_out_what_does_not_count() -> None:
    assert quiet_weeks(in_week(1, 3), MONDAY, in_week(4), TERM) == (in_week(2), in_week(3))
    assert quiet_weeks(in_week(4), MONDAY, in_week(4), TERM) == ()
    assert quiet_weeks(None, in_week(2), in_week(4), TERM) == (in_week(2), in_week(3))
    pause = Pause(in_week(2), in_week(3))
    assert quiet_weeks(in_week(1), MONDAY, in_week(4), TERM, [pause]) == (in_week(3),)


@given(DAYS, TODAYS, JOINED, PAUSES, BREAKS)
def test_a_quiet_week_is_over_taught_and_without_anything_done(
    days: set[date], today: date, joined: date, pauses: Sequence[Pause], breaks: Sequence[Break]
) -> None:
    term = Calendar(MONDAY, on(150), tuple(breaks))
    done = [day for day in days if day <= today]
    found = quiet_weeks(max(done, default=None), joined, today, term, pauses)
    assert set(found) <= set(taught_weeks(term, today)) <= set(complete_weeks(term, today))
    assert not {monday_of(day) for day in done} & set(found)
    assert all(week + WEEK <= monday_of(today) for week in found)
