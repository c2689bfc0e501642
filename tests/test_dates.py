from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import AmbiguousDate, IncompleteDate, Refusal, UnreadableDate, WrongWeekday
from bot.coaching.weeks import DAY_NAMES, monday_of
from bot.dates import read_date

WEDNESDAY = date(2026, 10, 14)
SCRAPS = (
    "next last this in of on by a end day days weeks month ago from now today tomorrow noon friday mon oct may "
    "1st 5 30 31 99 2026 26 23:59 5pm / , - CET 30.10. 5/6"
)
DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-10-30", (2026, 10, 30)),
        ("2027/2/5", (2027, 2, 5)),
        ("30.10.2026", (2026, 10, 30)),
        ("30.10.26", (2026, 10, 30)),
        ("30. 10. 2026", (2026, 10, 30)),
        ("30.10.", (2026, 10, 30)),
        ("5.6.", (2027, 6, 5)),
        ("14.10.", (2026, 10, 14)),
        ("29.2.", (2028, 2, 29)),
        ("31/12", (2026, 12, 31)),
        ("12/31/2026", (2026, 12, 31)),
        ("6/6", (2027, 6, 6)),
        ("30-10-2026", (2026, 10, 30)),
        ("Fri 30.10.", (2026, 10, 30)),
        ("30.10.2026 23:59", (2026, 10, 30)),
        ("30 Oct", (2026, 10, 30)),
        (" 30 October ", (2026, 10, 30)),
        ("30\u00a0Oct", (2026, 10, 30)),
        ("30th of October", (2026, 10, 30)),
        ("Oct 30th, 2026", (2026, 10, 30)),
        ("by 30 oct. 26", (2026, 10, 30)),
        ("10 Oct 26", (2026, 10, 10)),
        ("30-Oct-2026", (2026, 10, 30)),
        ("30 Oct, 11:59pm", (2026, 10, 30)),
        ("30 Oct 23:59 CET", (2026, 10, 30)),
        ("Friday 30 October", (2026, 10, 30)),
        ("14 oct", (2026, 10, 14)),
        ("13 oct", (2027, 10, 13)),
        ("29 Feb", (2028, 2, 29)),
        ("today", (2026, 10, 14)),
        ("tomorrow at 17:00", (2026, 10, 15)),
        ("day after tomorrow", (2026, 10, 16)),
        ("in 10 days", (2026, 10, 24)),
        ("in ten days", (2026, 10, 24)),
        ("within 10 days", (2026, 10, 24)),
        ("2 weeks", (2026, 10, 28)),
        ("in a month", (2026, 11, 14)),
        ("two weeks ago", (2026, 9, 30)),
        ("Friday", (2026, 10, 16)),
        ("Thurs.", (2026, 10, 15)),
        ("by Friday 5pm", (2026, 10, 16)),
        ("Monday morning", (2026, 10, 19)),
        ("Wednesday", (2026, 10, 21)),
        ("last Friday", (2026, 10, 9)),
        ("next Monday", (2026, 10, 19)),
        ("Friday next week", (2026, 10, 23)),
    ],
)
def test_a_date_is_read_as_people_write_it(typed: str, day: tuple[int, int, int]) -> None:
    assert read_date(typed, WEDNESDAY) == date(*day)


@pytest.mark.parametrize("typed", ["15", "15th", "the 15th", "2026", "Oct", "October 2026", "10/2026", "next week"])
def test_a_bare_number_or_month_is_no_day(typed: str) -> None:
    with pytest.raises(IncompleteDate, match="does not say which day"):
        read_date(typed, WEDNESDAY)


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("5/6", "Saturday 5 June 2027", "Thursday 6 May 2027"),
        ("5-6-2028", "Monday 5 June 2028", "Saturday 6 May 2028"),
        ("27-12-26", "Sunday 27 December 2026", "Sunday 26 December 2027"),
        ("next Friday", "Friday 16 October 2026", "Friday 23 October 2026"),
    ],
)
def test_a_date_with_two_readings_is_asked_back_with_both(typed: str, first: str, second: str) -> None:
    with pytest.raises(AmbiguousDate) as refused:
        read_date(typed, WEDNESDAY)
    assert str(refused.value) == (
        f"“{typed}” can be {first} or {second}. Write the one you mean, with its month as a word."
    )


def test_a_weekday_that_is_not_that_of_the_date_is_asked_back() -> None:
    with pytest.raises(WrongWeekday, match="that day is Saturday 31 October 2026"):
        read_date("Friday 31 October", WEDNESDAY)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "asap",
        "soon",
        "5pm",
        "now",
        "in 5 minutes",
        "2026-02-30",
        "31.4.",
        "31 Feb",
        "29 Feb 2027",
        "30-31 Oct",
        "1 or 2 Nov",
        "30 Oct 2062",
        "in 99999999 days",
        "in 2 weeks on Friday",
        "27-02-15",
        "1/2/3",
        "٣٠.١٠.",
        "30 Oct " * 9,
    ],
)
def test_what_is_no_date_is_refused_with_how_to_write_one(typed: str) -> None:
    with pytest.raises(UnreadableDate, match="Write it like “30 October”"):
        read_date(typed, WEDNESDAY)


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("7 Sep", date(2026, 3, 1), date(2026, 9, 7)),
        ("7.9.", date(2026, 10, 14), date(2026, 9, 7)),
        ("20 Dec", date(2026, 10, 14), date(2025, 12, 20)),
        ("20 Dec 2026", date(2026, 10, 14), date(2026, 12, 20)),
    ],
)
def test_without_a_year_it_is_the_last_such_day_up_to_the_latest(typed: str, today: date, day: date) -> None:
    assert read_date(typed, today, latest=date(2026, 12, 18)) == day


@given(DAYS, DAYS)
def test_a_day_said_back_is_read_as_the_same_day(day: date, today: date) -> None:
    if abs(day.year - today.year) <= 5:
        for said in (day.isoformat(), f"{day:%A} {day.day} {day:%B %Y}", f"{day.day}.{day.month}.{day.year}"):
            assert read_date(said, today) == day


@given(DAYS, st.integers(0, 400))
def test_days_from_today_are_counted_on_the_calendar(today: date, days: int) -> None:
    assert read_date(f"in {days} days", today) == today + timedelta(days=days)


@given(DAYS, st.sampled_from(DAY_NAMES))
def test_a_weekday_is_the_next_one_after_today(today: date, name: str) -> None:
    day = read_date(name, today)
    assert timedelta() < day - today <= timedelta(days=7)
    assert DAY_NAMES[day.weekday()] == name
    assert monday_of(read_date(f"{name} next week", today)) == monday_of(today) + timedelta(weeks=1)


@given(DAYS, st.integers(1, 31), st.integers(1, 12))
def test_a_day_without_a_year_lies_ahead_and_reads_the_same_in_digits(today: date, day: int, month: int) -> None:
    word = f"{date(2028, month, 1):%b}"
    try:
        read = read_date(f"{day} {word}", today)
    except UnreadableDate:
        with pytest.raises(UnreadableDate):
            read_date(f"{day}.{month}.", today)
    else:
        assert today <= read == read_date(f"{day}.{month}.", today)
        assert (read.day, read.month) == (day, month)


@given(st.lists(st.sampled_from(SCRAPS.split()), max_size=6).map(" ".join) | st.text(max_size=20), DAYS)
def test_whatever_is_typed_is_a_near_day_or_a_refusal(typed: str, today: date) -> None:
    with suppress(Refusal):
        assert abs(read_date(typed, today).year - today.year) <= 5
