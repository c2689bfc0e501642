"""Dates as people write them: a day out of “Friday”, “in 10 days”, “30 Oct”, “30.10.” or “2026-10-30”.

Dates in digits are read here: what they mean differs from country to country, and a wrong guess misses a deadline.
Words go to dateparser, which is imported with the first of them: it is slow to load, and few commands need it.
"""

import re
from datetime import date, datetime, time, timedelta

from bot.coaching.errors import AmbiguousDate, IncompleteDate, UnreadableDate, WrongWeekday
from bot.coaching.weeks import DAY_NAMES, monday_of

LONGEST = 60
MOST_YEARS = 5
"""A year further away than this is a slip of the pen."""
LEAP_YEAR = 2028
_HOUR = re.compile(
    r"\b(?:\d{1,2}:\d\d(?: ?[ap]\.?m\b\.?)?|\d{1,2} ?[ap]\.?m\b\.?)(?: (?:utc|gmt|cet|cest|bst)\b)?"
    r"|\b(?:morning|afternoon|evening|noon|midnight)\b"
)
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|r|rs|nes|ur)?(?:day)?\b\.?")
_SMALL_WORDS = re.compile(r"\b(?:at|on|by|until|till|before|within|the|of|due|coming|this)\b|,")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_DAY_AND_MONTH = re.compile(r"(\d{1,2}) ?([-/. ]) ?(\d{1,2})(?: ?\2 ?(\d{4}|\d\d)?)?")
_NO_DAY = re.compile(r"\d+(?:st|nd|rd|th)?|\d{1,2}[-/.]\d{4}|(?:next|last|end).* (?:week|month|year)")
_RANGE = re.compile(r"\d(?:st|nd|rd|th)? ?(?:-|to|and|or) ?\d")
_MONTH = re.compile(r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_SPAN = re.compile(r"\b(?:days?|weeks?|months?)\b")
_RELATIVE = re.compile(
    r"(?:today|tonight|(?:day after )?tomorrow|yesterday)(?: night)?"
    r"|(?:in )?\w+ (?:days?|weeks?|months?)(?: (?:ago|from (?:now|today)))?"
)


def read_date(text: str, today: date, *, latest: date | None = None) -> date:
    """Return the day that somebody means.

    Args:
        text: what they wrote, in English words or in digits.
        today: the day on their own calendar.
        latest: a day and month without a year is the last such day up to this one; without it, the next from today on.

    Raises:
        UnreadableDate: it is no date.
        IncompleteDate: it names no single day: a month, a bare number.
        AmbiguousDate: it has two readings: 5/6, or “next Friday” on a Monday.
        WrongWeekday: its weekday is not that of its date.
    """
    words = " ".join(text.casefold().split())
    if not words.isascii() or len(words) > LONGEST:
        raise UnreadableDate(text)
    words = _HOUR.sub(" ", words).strip(" .!")
    weekday = _WEEKDAY.search(words)
    rest = " ".join(_SMALL_WORDS.sub(" ", _WEEKDAY.sub(" ", words)).split())
    if weekday is None:
        day = _without_weekday(text, rest, today, latest)
    else:
        name = next(day for day in DAY_NAMES if day.casefold().startswith(weekday[1]))
        if rest in {"", "next", "last", "next week"}:
            return _weekday(text, name, rest, today)
        if _SPAN.search(rest):
            raise UnreadableDate(text)
        day = _without_weekday(text, rest, today, latest)
        if name != DAY_NAMES[day.weekday()]:
            raise WrongWeekday(text, day)
    if abs(day.year - today.year) > MOST_YEARS:
        raise UnreadableDate(text)
    return day


def _weekday(text: str, name: str, which: str, today: date) -> date:
    """Return the day a weekday names; “next Friday”, said on a Monday, is this week's to some and not to others."""
    monday = monday_of(today)
    if which == "next week":
        return _parsed(text, name, monday + timedelta(days=6))
    day = _parsed(text, f"last {name}" if which == "last" else name, today)
    if which == "next" and monday_of(day) == monday:
        raise AmbiguousDate(text, day, day + timedelta(weeks=1))
    return day


def _without_weekday(text: str, words: str, today: date, latest: date | None) -> date:
    if _NO_DAY.fullmatch(words):
        raise IncompleteDate(text)
    if re.fullmatch(r"[\d./ -]+", words):
        return _in_digits(text, words, today, latest)
    if _MONTH.search(words):
        return _with_month(text, words, today, latest)
    if _RELATIVE.fullmatch(words):
        return _parsed(text, words, today)
    raise UnreadableDate(text)


def _in_digits(text: str, digits: str, today: date, latest: date | None) -> date:
    """Return the day that digits name: year first, or day first with dots; 5/6 is asked back."""
    if parts := _YEAR_FIRST.fullmatch(digits):
        return _day(text, int(parts[3]), int(parts[4]), {int(parts[1])}, today, latest)
    parts = _DAY_AND_MONTH.fullmatch(digits)
    if parts is None:
        raise UnreadableDate(text)
    first, mark, second, year = int(parts[1]), parts[2], int(parts[3]), parts[4]
    years = {int(year) if len(year) == 4 else 2000 + int(year)} if year else None
    if mark == "-" and first > 12 and year and len(year) == 2 and 2000 + first - today.year in range(MOST_YEARS):
        day_first = _day(text, second, first, years, today, latest)
        if abs(day_first.year - today.year) <= MOST_YEARS:
            raise AmbiguousDate(text, day_first, _day(text, second, int(year), {2000 + first}, today, latest))
    if mark == "." or first > 12:
        return _day(text, second, first, years, today, latest)
    if second <= 12 and first != second:
        day_first = _day(text, second, first, years, today, latest)
        raise AmbiguousDate(text, day_first, _day(text, first, second, years, today, latest))
    return _day(text, first, second, years, today, latest)


def _with_month(text: str, words: str, today: date, latest: date | None) -> date:
    """Return the day that words with the name of a month mean."""
    if _RANGE.search(words):
        raise UnreadableDate(text)
    numbers: list[str] = re.findall(r"\d+", words)
    if not any(len(number) < 3 for number in numbers):
        raise IncompleteDate(text)
    dated = len(numbers) > 1
    day = _parsed(text, words if dated else f"{words} {LEAP_YEAR}", today)  # a leap year has every day
    if day.day not in map(int, numbers):  # a time zone moved it
        raise UnreadableDate(text)
    return _day(text, day.month, day.day, {2000 + day.year % 100} if dated else None, today, latest)


def _day(text: str, month: int, day: int, years: set[int] | None, today: date, latest: date | None) -> date:
    """Return that day in one of `years`: without any, of the year that fits today, or `latest`."""
    made: list[date] = []
    for year in sorted(years or range(today.year - MOST_YEARS, today.year + MOST_YEARS + 1)):
        try:
            made.append(date(year, month, day))
        except ValueError:
            continue
    if not years:
        made = [one for one in made if one <= latest][-1:] if latest else [one for one in made if one >= today]
    if not made:
        raise UnreadableDate(text)
    return made[0]


def _parsed(text: str, words: str, today: date) -> date:
    from dateparser import parse  # noqa: PLC0415 - slow to load, see above

    settings = {"RELATIVE_BASE": datetime.combine(today, time()), "PREFER_DATES_FROM": "future", "TIMEZONE": "UTC"}
    try:
        at = parse(words, languages=["en"], settings=settings)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise UnreadableDate(text)
    return at.date()
