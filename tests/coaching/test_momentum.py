"""Momentum and the weeks of a term: what counts, and what is never held against anybody."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.momentum import LAST_WEEKS, Momentum, Pause, TermWeek, momentum, quiet_weeks, term_weeks
from bot.coaching.weeks import Break, BreakKind, Calendar, monday_of

MONDAY = date(2027, 2, 1)
TERM = Calendar(MONDAY, date(2027, 12, 31))
WEEK = timedelta(weeks=1)


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def in_week(week: int, day: int = 0) -> date:
    return on(7 * week + day)


def with_break(first: date, last: date, kind: BreakKind = BreakKind.BREAK) -> Calendar:
    return Calendar(TERM.starts_on, TERM.ends_on, (Break(kind, first, last),))


DAYS = st.sets(st.builds(on, st.integers(0, 200)), max_size=25)
TODAYS = st.builds(on, st.integers(0, 200))
JOINED = st.builds(on, st.integers(0, 60))
SPANS = st.tuples(st.integers(0, 200), st.integers(1, 42))
PAUSES = st.lists(SPANS.map(lambda span: Pause(on(span[0]), on(sum(span)))), max_size=3)
TERMS = st.lists(SPANS.map(lambda span: Break(BreakKind.EXAMS, on(span[0]), on(sum(span) - 1))), max_size=3).map(
    lambda breaks: Calendar(TERM.starts_on, TERM.ends_on, tuple(breaks))
)


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [
        ([], in_week(0), Momentum(0, 0)),
        ([in_week(0)], in_week(0), Momentum(1, 1)),
        ([], in_week(1), Momentum(0, 1)),
        ([in_week(0), in_week(0, 3), in_week(0, 6)], in_week(1), Momentum(1, 1)),
        ([in_week(0), in_week(2)], in_week(3), Momentum(2, 3)),
        ([in_week(week) for week in range(20)], in_week(20), Momentum(8, 8)),
        ([in_week(0), in_week(11)], in_week(12), Momentum(1, 8)),
    ],
)
def test_momentum_counts_active_weeks(days: Sequence[date], today: date, expected: Momentum) -> None:
    assert momentum(days, MONDAY, today, TERM) == expected


@given(DAYS, JOINED, TODAYS, TERMS, PAUSES)
def test_current_week_never_counts_against_anybody(
    days: Collection[date], joined: date, today: date, term: Calendar, pauses: Sequence[Pause]
) -> None:
    monday = monday_of(today)
    before = {day for day in days if day < monday}
    (idle,) = {momentum(before, joined, monday + timedelta(days=day), term, pauses) for day in range(7)}
    assert 0 <= idle.active <= idle.weeks <= LAST_WEEKS
    acted = momentum({*before, today}, joined, today, term, pauses)
    assert acted.weeks - acted.active <= idle.weeks - idle.active


@given(DAYS, JOINED, TODAYS, SPANS)
def test_neither_activity_nor_pause_nor_break_lowers_momentum(
    days: Collection[date], joined: date, today: date, span: tuple[int, int]
) -> None:
    old = momentum(days, joined, today, TERM)
    first, end = on(span[0]), on(sum(span))
    for new in (
        momentum({*days, first}, joined, today, TERM),
        momentum(days, joined, today, TERM, [Pause(first, end)]),
        momentum(days, joined, today, with_break(first, end - timedelta(days=1))),
    ):
        assert new.active >= old.active
        assert new.weeks - new.active <= old.weeks - old.active


def test_idle_week_of_a_break_or_pause_is_left_out_for_an_older_one() -> None:
    days = [in_week(week) for week in range(10) if week not in {5, 6}]
    assert momentum(days, MONDAY, in_week(10), TERM) == Momentum(6, 8)
    assert momentum(days, MONDAY, in_week(10), TERM, [Pause(in_week(5), in_week(7))]) == Momentum(8, 8)
    assert momentum(days, MONDAY, in_week(10), with_break(in_week(5), in_week(6, 6))) == Momentum(8, 8)
    assert momentum([in_week(1)], MONDAY, in_week(3), TERM, [Pause(in_week(0), in_week(3))]) == Momentum(1, 1)


@pytest.mark.parametrize(("days_off", "weeks"), [(3, 1), (4, 0)])
def test_week_is_left_out_when_most_of_its_days_were_free(days_off: int, weeks: int) -> None:
    expected = Momentum(0, weeks)
    assert momentum([], MONDAY, in_week(1), TERM, [Pause(on(7 - days_off), on(7))]) == expected
    assert momentum([], MONDAY, in_week(1), with_break(on(7 - days_off), on(6))) == expected
    shared = with_break(on(0), on(2))
    assert momentum([], MONDAY, in_week(1), shared, [Pause(on(0), on(days_off))]) == expected


def test_pause_ends_before_its_last_day() -> None:
    assert momentum([], MONDAY, in_week(2), TERM, [Pause(on(0), on(7 + 3))]) == Momentum(0, 1)


def test_weeks_before_term_or_joining_do_not_count() -> None:
    assert momentum([], MONDAY, in_week(5), Calendar(in_week(3), TERM.ends_on)) == Momentum(0, 2)
    for friday_or_later in (4, 5, 6):
        joined = on(friday_or_later)
        assert momentum([], joined, in_week(1), TERM) == Momentum(0, 0)
        assert momentum([joined], joined, in_week(1), TERM) == Momentum(1, 1)
        assert term_weeks([], joined, in_week(1), TERM)[0] is not TermWeek.QUIET


# The weeks of a term

SIX_WEEKS = Calendar(MONDAY, in_week(5, 4), (Break(BreakKind.EXAMS, in_week(2), in_week(2, 6)),))


def test_every_week_of_the_term_is_named() -> None:
    weeks = term_weeks([in_week(1, 6)], in_week(1), in_week(4, 3), SIX_WEEKS, [Pause(in_week(5), in_week(6))])
    assert [week.value for week in weeks] == ["before", "active", "rest", "quiet", "ahead", "rest"]
    assert term_weeks([in_week(4)], MONDAY, in_week(4, 3), SIX_WEEKS)[4] is TermWeek.ACTIVE
    assert term_weeks([], MONDAY, in_week(4, 6), SIX_WEEKS)[4] is TermWeek.AHEAD
    assert term_weeks([], MONDAY, in_week(5), SIX_WEEKS)[4] is TermWeek.QUIET
    middle = Calendar(in_week(0, 2), in_week(2, 4))
    assert term_weeks([], in_week(0, 2), in_week(3), middle) == 3 * (TermWeek.QUIET,)


@given(DAYS, JOINED, TODAYS, TERMS, PAUSES)
def test_weeks_of_the_term_agree_with_momentum(
    days: Collection[date], joined: date, today: date, term: Calendar, pauses: Sequence[Pause]
) -> None:
    since_joining = {day for day in days if joined <= day <= today}
    weeks = term_weeks(since_joining, joined, today, term, pauses)
    active = {number for number, week in enumerate(weeks) if week is TermWeek.ACTIVE}
    assert active == {(monday_of(day) - MONDAY).days // 7 for day in since_joining}
    last = [week for week in weeks if week in {TermWeek.ACTIVE, TermWeek.QUIET}][-LAST_WEEKS:]
    expected = Momentum(last.count(TermWeek.ACTIVE), len(last))
    assert momentum(since_joining, joined, today, term, pauses) == expected


def test_quiet_weeks_follow_the_last_active_one_and_count() -> None:
    assert quiet_weeks(in_week(1, 3), MONDAY, in_week(4), TERM) == (in_week(2), in_week(3))
    assert quiet_weeks(in_week(4), MONDAY, in_week(4), TERM) == ()
    assert quiet_weeks(None, in_week(2), in_week(4), TERM) == (in_week(2), in_week(3))
    assert quiet_weeks(in_week(1), MONDAY, in_week(4), TERM, [Pause(in_week(2), in_week(3))]) == (in_week(3),)
    assert quiet_weeks(None, MONDAY, in_week(3), with_break(in_week(1), in_week(1, 3))) == (in_week(0), in_week(2))
    short = Calendar(in_week(0, 2), in_week(1, 1))
    assert quiet_weeks(None, in_week(0, 2), in_week(9), short) == (in_week(0),)
    assert quiet_weeks(None, MONDAY, in_week(-3), TERM) == ()


@given(DAYS, TODAYS, JOINED, PAUSES, TERMS)
def test_quiet_week_is_over_and_quiet_in_the_weeks_of_the_term(
    days: set[date], today: date, joined: date, pauses: Sequence[Pause], term: Calendar
) -> None:
    done = [day for day in days if day <= today]
    quiet = quiet_weeks(max(done, default=None), joined, today, term, pauses)
    weeks = dict(zip((in_week(n) for n in range(100)), term_weeks(done, joined, today, term, pauses), strict=False))
    assert all(weeks[week] is TermWeek.QUIET and week + WEEK <= monday_of(today) for week in quiet)
