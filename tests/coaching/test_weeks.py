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

from bot.coaching.errors import QuietHour, UnreadableDate
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
    checked_date,
    checked_hour,
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

BREAKS = (
    Break(BreakKind.EXAMS, date(2026, 9, 21), date(2026, 10, 4)),
    Break(BreakKind.BREAK, date(2026, 10, 12), date(2026, 10, 12)),
)
TWO_YEARS = Calendar(date(2026, 1, 1), date(2027, 12, 31))
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
NAMES = sorted(zone_names())

ZONES = st.sampled_from(NAMES)
DAYS = st.dates(TWO_YEARS.starts_on, TWO_YEARS.ends_on)
HOURS = st.integers(FIRST_HOUR, LAST_HOUR)
WISHES = st.builds(Wish, st.integers(0, 6), HOURS, ZONES)
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
    """A wall-clock hour that exists is kept; one that does not is moved forward by the length of the gap."""
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


# The week's nudge, over every zone


@pytest.mark.parametrize("part", range(4))
def test_in_every_zone_each_week_of_two_years_has_one_nudge_at_the_wished_hour(part: int) -> None:
    for place, name in enumerate(NAMES[part::4]):
        wish, jitter = Wish(place % 7, FIRST_HOUR + place % (LAST_HOUR - FIRST_HOUR + 1), name), place % 21
        dues = list(plan(wish, jitter))
        assert len(dues) in (104, 105)
        for due, following in pairwise(dues):
            assert following.week - due.week == WEEK
        for due in dues:
            assert due.week.weekday() == 0
            assert monday_of(local_day(due.at, name)) == due.week
            assert_right_hour(due, wish, jitter)


@given(WISHES, JITTERS, DAYS, st.integers(1, 200))
def test_a_term_has_one_nudge_for_each_of_its_wished_days(wish: Wish, jitter: int, starts_on: date, days: int) -> None:
    term = Calendar(starts_on, starts_on + timedelta(days=days))
    wished = [day for n in range(days + 1) if (day := starts_on + timedelta(days=n)).weekday() == wish.day]
    assert [local_day(due.at - timedelta(minutes=jitter), wish.zone) for due in plan(wish, jitter, term)] == wished


@given(WISHES, JITTERS, MOMENTS)
def test_a_nudge_is_the_first_of_its_kind_after_the_moment_asked_for(wish: Wish, jitter: int, after: datetime) -> None:
    term = Calendar(date(2025, 1, 1), date(2029, 1, 1))
    due = next_nudge(wish, jitter, after=after, last_week=None, term=term)
    assert due is not None
    assert due.at > after
    assert nudge_moment(due.week - WEEK, wish, jitter) <= after
    assert_right_hour(due, wish, jitter)


@given(WISHES, JITTERS, DAYS)
def test_the_very_moment_of_a_nudge_belongs_to_it_and_the_next_is_a_week_on(wish: Wish, jitter: int, day: date) -> None:
    term = Calendar(date(2025, 1, 1), date(2029, 1, 1))
    at = nudge_moment(monday_of(day), wish, jitter)
    assert next_nudge(wish, jitter, after=at - timedelta(seconds=1), last_week=None, term=term) == Due(
        monday_of(day), at
    )
    following = next_nudge(wish, jitter, after=at, last_week=None, term=term)
    assert following is not None
    assert following.week == monday_of(day) + WEEK


@pytest.mark.parametrize(
    ("wish", "after", "week"),
    [
        # Sunday evening in Honolulu, Monday in UTC: this Sunday is still to come
        (Wish(6, 20, "Pacific/Honolulu"), datetime(2026, 5, 11, 3, tzinfo=UTC), date(2026, 5, 4)),
        # Monday morning in Kiritimati, Sunday in UTC: this Monday is still to come
        (Wish(0, 16, "Pacific/Kiritimati"), datetime(2026, 5, 10, 20, tzinfo=UTC), date(2026, 5, 11)),
    ],
)
def test_the_week_is_the_members_own_not_that_of_greenwich(wish: Wish, after: datetime, week: date) -> None:
    due = next_nudge(wish, 0, after=after, last_week=None, term=TWO_YEARS)
    assert due is not None
    assert due.week == week


@settings(max_examples=60)
@given(st.lists(st.tuples(WISHES, st.integers(0, 10 * 24)), min_size=2, max_size=40), JITTERS)
def test_weeks_only_ever_grow_however_day_hour_and_zone_change_on_the_way(
    changes: list[tuple[Wish, int]], jitter: int
) -> None:
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
def test_a_week_that_has_its_row_is_never_named_again(wish: Wish, jitter: int, after: datetime, day: date) -> None:
    last_week = monday_of(day)
    due = next_nudge(wish, jitter, after=after, last_week=last_week, term=TWO_YEARS)
    assert due is None or due.week > last_week


@given(WISHES, JITTERS, DAYS)
def test_after_the_term_there_is_nothing(wish: Wish, jitter: int, ends_on: date) -> None:
    term = Calendar(ends_on - timedelta(days=30), ends_on)
    after = datetime.combine(ends_on + timedelta(days=2), time(), UTC)
    assert next_nudge(wish, jitter, after=after, last_week=None, term=term) is None


@given(WISHES, DAYS, JITTERS)
def test_jitter_is_added_after_the_wall_clock_is_settled(wish: Wish, day: date, jitter: int) -> None:
    plain = nudge_moment(monday_of(day), wish, 0)
    assert nudge_moment(monday_of(day), wish, jitter) - plain == timedelta(minutes=jitter)


@given(WISHES, DAYS, st.integers(0, MAX_JITTER_MINUTES))
def test_no_wish_that_is_accepted_ends_in_the_quiet_hours(wish: Wish, day: date, jitter: int) -> None:
    assert not quiet(nudge_moment(monday_of(day), wish, jitter), wish.zone)


# Clocks that jump


def changing_days(name: str) -> Iterator[date]:
    """Days of the two years on which the zone's clock is changed, and their neighbours."""
    zone, day = ZoneInfo(name), TWO_YEARS.starts_on
    noon = datetime.combine(day, time(12))
    offset = noon.replace(tzinfo=zone).utcoffset()
    while noon.date() <= TWO_YEARS.ends_on:
        noon += timedelta(days=1)
        now = noon.replace(tzinfo=zone).utcoffset()
        if now != offset:
            yield from (noon.date() - timedelta(days=1), noon.date())
        offset = now


def test_in_every_zone_every_hour_of_a_day_with_a_clock_change_is_met_once_and_never_early() -> None:
    seen_gap = seen_fold = 0
    for name in NAMES:
        for day in changing_days(name):
            moments = [moment(day, hour, name) for hour in range(24)]
            for hour, at in enumerate(moments):
                wanted = datetime.combine(day, time(hour))
                shown = local(at, name)
                assert wanted <= shown <= wanted + 3 * HOUR
                if shown > wanted:
                    seen_gap += 1
                    assert local(at - (shown - wanted) - timedelta(minutes=1), name) < wanted
                elif local(at + HOUR, name) == wanted:
                    seen_fold += 1
                assert all(local(at - back * timedelta(minutes=30), name) != wanted for back in range(1, 7))
    assert seen_gap > 50
    assert seen_fold > 50


@pytest.mark.parametrize(
    ("day", "hour", "zone", "at"),
    [
        (date(2026, 7, 1), 16, "Europe/Berlin", datetime(2026, 7, 1, 14, tzinfo=UTC)),
        (date(2026, 1, 1), 16, "Europe/Berlin", datetime(2026, 1, 1, 15, tzinfo=UTC)),
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
def test_a_wished_hour_is_the_moment_it_names(day: date, hour: int, zone: str, at: datetime) -> None:
    assert moment(day, hour, zone) == at


# Quiet hours


@given(MOMENTS, ZONES)
def test_the_quiet_hours_end_at_eight_and_are_over_then(at: datetime, zone: str) -> None:
    until = quiet_until(at, zone)
    assert not quiet(until, zone)
    assert at <= until <= at + 13 * HOUR
    if quiet(at, zone):
        assert local(until, zone).time() == time(8)
    else:
        assert until == at


@pytest.mark.parametrize(("hour", "is_quiet"), [(7, True), (8, False), (20, False), (21, True), (0, True)])
def test_the_quiet_hours_are_from_nine_in_the_evening_to_eight(hour: int, *, is_quiet: bool) -> None:
    assert quiet(moment(date(2026, 5, 4), hour, "Asia/Tokyo"), "Asia/Tokyo") is is_quiet


@pytest.mark.parametrize("hour", range(24))
def test_an_hour_that_would_be_quiet_is_refused_with_the_hours_to_choose_from(hour: int) -> None:
    if 8 <= hour <= 20:
        assert checked_hour(hour) == hour
    else:
        with pytest.raises(QuietHour, match=f"{hour:02d}:00 .* from 08:00 to 20:00"):
            checked_hour(hour)


# Jitter


@given(st.integers(1, 2**62).map(EnrolmentId), st.integers(0, MAX_JITTER_MINUTES))
def test_jitter_is_fixed_for_an_enrolment_and_within_its_limit(enrolment: EnrolmentId, limit: int) -> None:
    assert 0 <= jitter_minutes(enrolment, limit) <= limit
    assert jitter_minutes(enrolment, limit) == jitter_minutes(EnrolmentId(int(str(enrolment))), limit)


def test_jitter_spreads_a_class_over_all_its_minutes() -> None:
    minutes = [jitter_minutes(EnrolmentId(n), 20) for n in range(1, 421)]
    assert set(minutes) == set(range(21))
    assert max(minutes.count(minute) for minute in range(21)) <= 3 * 420 // 21


def test_another_process_reckons_the_same_jitter() -> None:
    code = "from bot.coaching.weeks import jitter_minutes; print([jitter_minutes(n, 20) for n in range(50)])"
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]
    ).stdout
    assert said.strip() == str([jitter_minutes(EnrolmentId(n), 20) for n in range(50)])


# Weeks, zones and dates


@given(DAYS)
def test_a_week_is_named_by_the_monday_on_or_before_each_of_its_days(day: date) -> None:
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert monday <= day < monday + WEEK


@given(DAYS, st.integers(-100, 400))
def test_the_first_week_of_a_term_is_the_one_that_holds_its_first_day(starts_on: date, days: int) -> None:
    day = starts_on + timedelta(days=days)
    week = term_week(starts_on, day)
    assert term_week(starts_on, starts_on) == 1
    assert monday_of(starts_on) + (week - 1) * WEEK == monday_of(day)
    assert (week >= 1) == (day >= monday_of(starts_on))


def test_a_day_is_the_members_own() -> None:
    at = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
    assert local_day(at, "Asia/Tokyo") == date(2026, 5, 5)
    assert local_day(at, "America/Phoenix") == date(2026, 5, 4)


def test_a_date_may_be_written_without_leading_zeros() -> None:
    assert checked_date("2027-2-5") == date(2027, 2, 5)


@given(DAYS)
def test_a_date_is_read_as_it_is_written(day: date) -> None:
    assert checked_date(f" {day.isoformat()} ") == day


@pytest.mark.parametrize(
    "text", ["", "15.2.2027", "2027-02-30", "2027/02/15", "tomorrow", "27-02-15", "2027-02-15-1", "0-0-0"]
)
def test_a_date_in_another_form_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(UnreadableDate, match="year-month-day"):
        checked_date(text)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (datetime(2026, 9, 8, 10, tzinfo=UTC), datetime(2026, 9, 14, 10, tzinfo=UTC), 6),
        (datetime(2026, 9, 8, 10, tzinfo=UTC), datetime(2026, 10, 5, 10, tzinfo=UTC), 27 - 14),
        (datetime(2026, 9, 8, 10, tzinfo=UTC), datetime(2026, 10, 26, 10, tzinfo=UTC), 48 - 15),
        (datetime(2026, 9, 25, 10, tzinfo=UTC), datetime(2026, 10, 5, 10, tzinfo=UTC), 10 - 9),
        (datetime(2026, 9, 25, 10, tzinfo=UTC), datetime(2026, 9, 25, 10, tzinfo=UTC), 0),
    ],
)
def test_days_of_breaks_do_not_count_as_quiet_ones(since: datetime, until: datetime, days: int) -> None:
    term = Calendar(date(2026, 9, 7), date(2026, 12, 18), BREAKS)
    assert term.taught(since, until) == timedelta(days=days)
