"""Weeks, wished hours and clocks, over every time zone."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.errors import QuietHour
from bot.coaching.ids import EnrolmentId
from bot.coaching.weeks import (
    FIRST_HOUR,
    LAST_HOUR,
    MAX_JITTER_MINUTES,
    Break,
    BreakKind,
    Calendar,
    Due,
    Wish,
    checked_hour,
    day_words,
    first_monday,
    jitter_minutes,
    local_day,
    moment,
    monday_of,
    next_nudge,
    nudge_moment,
    quiet,
    quiet_until,
    term_week,
)
from bot.coaching.zones import zone_names

TWO_YEARS = Calendar(date(2026, 1, 1), date(2027, 12, 31))
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
NAMES = sorted(zone_names())

ZONES = st.sampled_from(NAMES)
DAYS = st.dates(TWO_YEARS.starts_on, TWO_YEARS.ends_on)
WISHES = st.builds(Wish, st.integers(0, 6), st.integers(FIRST_HOUR, LAST_HOUR), ZONES)
JITTERS = st.integers(0, 20)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


def plan(wish: Wish, jitter: int, term: Calendar = TWO_YEARS) -> Iterator[Due]:
    """Go through a term as the ledger does: each row names the week after which the next may come."""
    after, last_week = datetime.combine(term.starts_on, time(), UTC) - 2 * WEEK, None
    while due := next_nudge(wish, jitter, after=after, last_week=last_week, term=term):
        yield due
        after, last_week = due.at, due.week


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def assert_right_hour(due: Due, wish: Wish, jitter: int) -> None:
    """A wall-clock hour that exists is kept; a missing one moves forward by the length of the gap."""
    wanted = datetime.combine(due.week + timedelta(days=wish.day), time(wish.hour))
    zone = ZoneInfo(wish.zone)
    shown = local(due.at - timedelta(minutes=jitter), wish.zone)
    first, second = (wanted.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    assert first is not None
    assert second is not None
    if second > first:
        assert shown - wanted == second - first
    else:
        assert shown == wanted
        assert due.at - timedelta(minutes=jitter) == (wanted - first).replace(tzinfo=UTC)


# The week's nudge


def test_every_zone_has_one_nudge_a_week_at_the_wished_hour() -> None:
    for place, name in enumerate(NAMES):
        wish, jitter = Wish(place % 7, FIRST_HOUR + place % (LAST_HOUR - FIRST_HOUR + 1), name), place % 21
        dues = list(plan(wish, jitter))
        assert len(dues) in (104, 105)
        assert {following.week - due.week for due, following in pairwise(dues)} == {WEEK}
        for due in dues:
            assert monday_of(local_day(due.at, name)) == due.week
            assert_right_hour(due, wish, jitter)


@given(WISHES, JITTERS, DAYS, st.integers(1, 200))
def test_term_has_one_nudge_for_each_of_its_wished_days(wish: Wish, jitter: int, starts_on: date, days: int) -> None:
    term = Calendar(starts_on, starts_on + timedelta(days=days))
    wished = [day for n in range(days + 1) if (day := starts_on + timedelta(days=n)).weekday() == wish.day]
    assert [local_day(due.at - timedelta(minutes=jitter), wish.zone) for due in plan(wish, jitter, term)] == wished


@given(WISHES, JITTERS, MOMENTS)
def test_next_nudge_is_the_first_after_a_moment(wish: Wish, jitter: int, after: datetime) -> None:
    term = Calendar(date(2025, 1, 1), date(2029, 1, 1))
    due = next_nudge(wish, jitter, after=after, last_week=None, term=term)
    assert due is not None
    assert nudge_moment(due.week - WEEK, wish, jitter) <= after < due.at
    assert_right_hour(due, wish, jitter)
    following = next_nudge(wish, jitter, after=due.at, last_week=None, term=term)
    assert following is not None
    assert following.week == due.week + WEEK


@pytest.mark.parametrize(
    ("wish", "after", "week"),
    [
        # Sunday evening in Honolulu, Monday in UTC: this Sunday is still to come
        (Wish(6, 20, "Pacific/Honolulu"), datetime(2026, 5, 11, 3, tzinfo=UTC), date(2026, 5, 4)),
        # Monday morning in Kiritimati, Sunday in UTC: this Monday is still to come
        (Wish(0, 16, "Pacific/Kiritimati"), datetime(2026, 5, 10, 20, tzinfo=UTC), date(2026, 5, 11)),
    ],
)
def test_week_is_the_members_own_and_not_that_of_utc(wish: Wish, after: datetime, week: date) -> None:
    due = next_nudge(wish, 0, after=after, last_week=None, term=TWO_YEARS)
    assert due is not None
    assert due.week == week


@settings(max_examples=50)
@given(st.lists(st.tuples(WISHES, st.integers(0, 10 * 24)), min_size=2, max_size=40), JITTERS)
def test_weeks_only_increase_while_day_hour_and_zone_change(changes: list[tuple[Wish, int]], jitter: int) -> None:
    now, last_week = datetime(2026, 1, 1, tzinfo=UTC), None
    sent: list[Due] = []
    for wish, hours in changes:
        due = next_nudge(wish, jitter, after=now, last_week=last_week, term=TWO_YEARS)
        now += timedelta(hours=hours)
        if due and due.at <= now:
            sent.append(due)
            last_week = due.week
    weeks = [due.week for due in sent]
    assert weeks == sorted(set(weeks))
    assert [due.at for due in sent] == sorted(due.at for due in sent)


@given(WISHES, JITTERS, MOMENTS, DAYS)
def test_week_with_a_row_is_never_named_again(wish: Wish, jitter: int, after: datetime, day: date) -> None:
    due = next_nudge(wish, jitter, after=after, last_week=monday_of(day), term=TWO_YEARS)
    assert due is None or due.week > monday_of(day)


@given(WISHES, JITTERS, DAYS)
def test_nothing_comes_after_the_term(wish: Wish, jitter: int, ends_on: date) -> None:
    term = Calendar(ends_on - timedelta(days=30), ends_on)
    after = datetime.combine(ends_on + timedelta(days=2), time(), UTC)
    assert next_nudge(wish, jitter, after=after, last_week=None, term=term) is None


@given(WISHES, DAYS, st.integers(0, MAX_JITTER_MINUTES))
def test_jitter_is_added_to_the_wall_clock_and_ends_before_quiet_hours(wish: Wish, day: date, jitter: int) -> None:
    at = nudge_moment(monday_of(day), wish, jitter)
    assert at - nudge_moment(monday_of(day), wish, 0) == timedelta(minutes=jitter)
    assert not quiet(at, wish.zone)


# Clocks that jump


def changing_days(name: str) -> Iterator[date]:
    """Days of one year on which the zone's clock changes, and the days before."""
    zone = ZoneInfo(name)
    noon = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - wall clock
    offset = noon.replace(tzinfo=zone).utcoffset()
    while noon.year == 2026:
        noon += timedelta(days=1)
        now = noon.replace(tzinfo=zone).utcoffset()
        if now != offset:
            yield from (noon.date() - timedelta(days=1), noon.date())
        offset = now


def test_hours_around_a_clock_change_are_met_once_and_never_early() -> None:
    # One zone of those that share a clock.
    seasons = date(2026, 1, 1), date(2026, 7, 1)
    zones = {(*changing_days(name), *(moment(day, 12, name) for day in seasons)): name for name in NAMES}
    gaps = folds = 0
    for name in zones.values():
        for day in changing_days(name):
            for hour in range(24):
                at, wanted = moment(day, hour, name), datetime.combine(day, time(hour))
                shown = local(at, name)
                assert wanted <= shown <= wanted + 3 * HOUR
                if shown > wanted:
                    gaps += 1
                    assert local(at - (shown - wanted) - timedelta(minutes=1), name) < wanted
                elif local(at + HOUR, name) == wanted:
                    folds += 1
                assert all(local(at - back * timedelta(minutes=30), name) != wanted for back in range(1, 7))
    assert min(gaps, folds) > 10


@pytest.mark.parametrize(
    ("day", "hour", "zone", "at"),
    [
        (date(2026, 7, 1), 16, "Europe/Berlin", datetime(2026, 7, 1, 14, tzinfo=UTC)),
        # 02:00 does not exist: 03:00 summer time
        (date(2026, 3, 29), 2, "Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # 02:00 exists twice: the first
        (date(2026, 10, 25), 2, "Europe/Berlin", datetime(2026, 10, 25, 0, tzinfo=UTC)),
        # half an hour only
        (date(2026, 10, 4), 2, "Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        # the whole day does not exist: the day after, at the same hour
        (date(2011, 12, 30), 16, "Pacific/Apia", datetime(2011, 12, 31, 2, tzinfo=UTC)),
        (date(2026, 5, 1), 16, "Asia/Kathmandu", datetime(2026, 5, 1, 10, 15, tzinfo=UTC)),
    ],
)
def test_wished_hour_is_the_moment_it_names(day: date, hour: int, zone: str, at: datetime) -> None:
    assert moment(day, hour, zone) == at


# Quiet hours


@given(MOMENTS, ZONES)
def test_quiet_hours_end_at_eight(at: datetime, zone: str) -> None:
    until = quiet_until(at, zone)
    assert not quiet(until, zone)
    assert at <= until <= at + 13 * HOUR
    assert local(until, zone).time() == time(8) if quiet(at, zone) else until == at


@pytest.mark.parametrize("hour", range(24))
def test_hour_in_quiet_hours_is_refused_with_the_hours_to_choose(hour: int) -> None:
    assert quiet(moment(date(2026, 5, 4), hour, "Asia/Tokyo"), "Asia/Tokyo") is not (8 <= hour <= 20)
    if 8 <= hour <= 20:
        assert checked_hour(hour) == hour
    else:
        with pytest.raises(QuietHour, match=f"{hour:02d}:00 .* from 08:00 to 20:00"):
            checked_hour(hour)


# Jitter


def test_jitter_spreads_a_class_over_all_its_minutes() -> None:
    minutes = [jitter_minutes(EnrolmentId(n), 20) for n in range(1, 421)]
    assert set(minutes) == set(range(21))
    assert max(minutes.count(minute) for minute in range(21)) <= 3 * 420 // 21


def test_jitter_is_the_same_in_another_process() -> None:
    code = "from bot.coaching.weeks import jitter_minutes; print([jitter_minutes(n, 20) for n in range(50)])"
    printed = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]
    ).stdout
    assert printed.strip() == str([jitter_minutes(EnrolmentId(n), 20) for n in range(50)])


# Weeks, zones and dates


@given(DAYS, st.integers(-100, 400))
def test_a_term_begins_its_first_week_on_its_monday_or_on_the_one_after_a_weekend(starts_on: date, days: int) -> None:
    day, first = starts_on + timedelta(days=days), first_monday(starts_on)
    assert monday_of(day) <= day < monday_of(day) + WEEK
    assert first.weekday() == 0
    assert abs((first - starts_on).days) <= 3
    assert (first > starts_on) == (starts_on.weekday() in {4, 5, 6})
    assert term_week(starts_on, first) == 1
    assert first + (term_week(starts_on, day) - 1) * WEEK == monday_of(day)


def test_day_is_the_members_own() -> None:
    at = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
    assert local_day(at, "Asia/Tokyo") == date(2026, 5, 5)
    assert day_words(local_day(at, "America/Phoenix")) == "Monday 4 May"


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [((9, 8), (9, 14), 6), ((9, 8), (10, 26), 48 - 15), ((9, 25), (10, 5), 10 - 9), ((9, 25), (9, 25), 0)],
)
def test_taught_time_leaves_out_days_of_breaks(since: tuple[int, int], until: tuple[int, int], days: int) -> None:
    breaks = (
        Break(BreakKind.EXAMS, date(2026, 9, 21), date(2026, 10, 4)),
        Break(BreakKind.BREAK, date(2026, 10, 12), date(2026, 10, 12)),
    )
    first, last = (datetime(2026, *day, 10, tzinfo=UTC) for day in (since, until))
    assert Calendar(date(2026, 9, 7), date(2026, 12, 18), breaks).taught(first, last) == timedelta(days=days)
