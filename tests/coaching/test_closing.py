"""When a course ends, how long it is kept, and when it is looked after."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import closing
from bot.coaching.cohort import Cohort, Enrolment
from bot.coaching.ids import CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.weeks import Break, BreakKind, Wish, local_day

ZONES = ["Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"]
AT = datetime(2027, 5, 28, 8, tzinfo=UTC)
COHORT = Cohort(
    CohortId(1),
    GuildId(7),
    "PLN 1",
    "Europe/Berlin",
    date(2027, 2, 15),
    date(2027, 6, 4),
    55,
    0,
    16,
    None,
    None,
    None,
    closed_at=AT,
)
OPEN = replace(COHORT, closed_at=None)
ONE = Enrolment(EnrolmentId(1), CohortId(1), UserId(10), AT, AT, Wish(0, 16, "Europe/Berlin"), True, None, None)

YEARS = datetime(2027, 1, 1), datetime(2028, 6, 1)  # noqa: DTZ001 - hypothesis adds the zone

moments = st.datetimes(*YEARS, timezones=st.just(UTC))


def _course(zone: str, days: int, closed_at: datetime) -> Cohort:
    return replace(COHORT, zone=zone, retention_days=days, closed_at=closed_at)


courses = st.builds(
    _course,
    st.sampled_from(ZONES),
    st.integers(0, 400),
    moments,
)


def test_an_open_course_is_kept() -> None:
    with pytest.raises(ValueError, match="kept"):
        closing.kept_until(OPEN)
    assert closing.kept_until(OPEN, closed_at=AT) == closing.kept_until(COHORT) == date(2027, 7, 27)


@given(courses)
def test_nothing_is_erased_before_the_last_day_is_over_in_the_courses_zone(course: Cohort) -> None:
    until = closing.kept_until(course)
    assert local_day(closing.erased_at(course, until) - timedelta(hours=11), course.zone) > until


@given(courses, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_a_closed_course_is_looked_after_at_the_latest_when_something_of_it_is_due(
    course: Cohort, since: timedelta
) -> None:
    assert course.closed_at is not None
    now = course.closed_at + since
    ahead = closing.next_look(course, now)
    assert now < ahead <= now + timedelta(days=8)
    for due in (closing.erased_at(course, closing.kept_until(course)), closing.last_note_at(course)):
        assert due is None or due <= now or ahead <= due


@given(courses, moments, moments)
def test_who_left_is_erased_exactly_when_what_they_were_told_says(
    course: Cohort, left: datetime, now: datetime
) -> None:
    one = replace(ONE, set_aside_at=left)
    still_open = replace(course, closed_at=None)
    until = closing.kept_until(still_open, one, closed_at=left)
    assert (left < closing.left_before(still_open, now)) == (now >= closing.erased_at(still_open, until))


@given(courses, moments)
def test_who_left_before_the_closing_is_not_kept_for_longer_than_the_others(course: Cohort, left: datetime) -> None:
    assert closing.kept_until(course, replace(ONE, set_aside_at=left)) <= closing.kept_until(course)


def test_a_last_word_comes_a_week_before_and_not_right_after_the_parcel() -> None:
    assert closing.last_note_at(COHORT) == datetime(2027, 7, 20, 10, tzinfo=UTC)
    assert closing.last_note_at(replace(COHORT, retention_days=14)) is None
    assert closing.last_note_at(OPEN) is None


@pytest.mark.parametrize(("day", "over"), [(date(2027, 6, 18), False), (date(2027, 6, 19), True)])
def test_a_course_closes_by_itself_two_weeks_after_its_last_day(day: date, *, over: bool) -> None:
    assert closing.closes_by_itself(OPEN, datetime(day.year, day.month, day.day, 10, tzinfo=UTC)) is over


@pytest.mark.parametrize(
    ("monday", "told"),
    [
        (date(2027, 2, 15), False),
        (date(2027, 2, 22), True),
        (date(2027, 3, 15), True),
        (date(2027, 3, 22), False),
        (date(2027, 3, 29), True),
        (date(2027, 6, 7), True),
        (date(2027, 6, 14), False),
    ],
)
def test_a_digest_tells_of_a_week_that_had_days_of_the_term(monday: date, *, told: bool) -> None:
    course = replace(OPEN, breaks=(Break(BreakKind.BREAK, date(2027, 3, 15), date(2027, 3, 21)),))
    assert closing.has_digest(course, monday) is told


def test_the_next_digest_is_the_next_monday_that_has_one() -> None:
    course = replace(OPEN, breaks=(Break(BreakKind.BREAK, date(2027, 3, 15), date(2027, 3, 21)),))
    assert closing.next_digest(course, datetime(2027, 3, 15, 8, tzinfo=UTC)) == datetime(2027, 3, 29, 6, tzinfo=UTC)
    assert closing.next_digest(course, datetime(2027, 6, 8, tzinfo=UTC)) is None
    assert closing.next_digest(course, datetime(2027, 1, 1, tzinfo=UTC)) == datetime(2027, 2, 22, 7, tzinfo=UTC)
