"""Weeks, days and wished times: wall clock plus IANA zone in, UTC out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TypeAlias
from zlib import crc32
from zoneinfo import ZoneInfo, available_timezones

from bot.coaching.errors import QuietHour, UnknownZone, UnreadableDate
from bot.coaching.ids import EnrolmentId

Clock: TypeAlias = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""

QUIET_FROM = 21
"""First quiet hour of the evening on the member's wall clock (method: quiet hours 21:00–08:00)."""
QUIET_UNTIL = 8
"""First hour of the morning that is no longer quiet."""
FIRST_HOUR = QUIET_UNTIL
LAST_HOUR = QUIET_FROM - 1
"""Last hour that may be wished: jitter is added after it and has to end before the quiet hours."""
MAX_JITTER_MINUTES = 59

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Wish:
    """When a member wants the weekly nudge: day 0 (Monday) to 6, hour 0 to 23, IANA zone."""

    day: int
    hour: int
    zone: str


@dataclass(frozen=True, slots=True)
class Due:
    """A week, named by its Monday, and the UTC moment its nudge falls due."""

    week: date
    at: datetime


@cache
def zone_names() -> frozenset[str]:
    """Return the IANA names a person may choose: places and UTC, no aliases such as `Etc/GMT+5`."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")) | {"UTC"}


def checked_zone(text: str) -> str:
    """Return the IANA name for `text`, forgiving case and spaces; raises UnknownZone."""
    wanted = text.strip().replace(" ", "_").casefold()
    for name in zone_names():
        if name.casefold() == wanted:
            return name
    raise UnknownZone(text)


def checked_hour(hour: int) -> int:
    """Return `hour` if a nudge may be wished at it; raises QuietHour."""
    if not FIRST_HOUR <= hour <= LAST_HOUR:
        raise QuietHour(hour, FIRST_HOUR, LAST_HOUR)
    return hour


def checked_date(text: str) -> date:
    """Return the date written as year-month-day; raises UnreadableDate, also for a year written with two digits."""
    try:
        year, month, day = map(int, text.strip().split("-"))
        if year < 1900:
            raise UnreadableDate(text)
        return date(year, month, day)
    except (ValueError, OverflowError):
        raise UnreadableDate(text) from None


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())


def local_day(at: datetime, zone: str) -> date:
    """Return the calendar day at the moment `at` in `zone`."""
    return at.astimezone(ZoneInfo(zone)).date()


def term_week(starts_on: date, day: date) -> int:
    """Return the number of the term's week that holds `day`: 1 in the first, 0 or less before it."""
    return (monday_of(day) - monday_of(starts_on)).days // 7 + 1


def moment(day: date, hour: int, zone: str) -> datetime:
    """Return the UTC moment of a wall-clock hour; one that does not exist moves forward, of two the first counts."""
    # zoneinfo reads fold=0 in a gap with the offset before it, which is exactly "forward by the length of the gap".
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def jitter_minutes(enrolment: EnrolmentId, limit: int) -> int:
    """Return this enrolment's fixed jitter, 0 to `limit` minutes: the same in every process, unlike `hash()`."""
    return crc32(str(enrolment).encode()) % (limit + 1)


def nudge_moment(week: date, wish: Wish, jitter: int) -> datetime:
    """Return the UTC moment of the wish in the week of Monday `week`, `jitter` minutes after the wall clock."""
    return moment(week + timedelta(days=wish.day), wish.hour, wish.zone) + timedelta(minutes=jitter)


def next_nudge(
    wish: Wish, jitter: int, *, after: datetime, last_week: date | None, term: tuple[date, date]
) -> Due | None:
    """Return the first nudge later than `after` in a week later than `last_week`, inside the term; None past its end.

    Weeks are strictly increasing whatever happens to day, hour or zone: `last_week` is the last week that has a row.
    """
    starts_on, ends_on = term
    week = monday_of(max(local_day(after, wish.zone), starts_on))
    if last_week is not None and week <= last_week:
        week = last_week + timedelta(days=7)
    while (day := week + timedelta(days=wish.day)) <= ends_on:
        at = nudge_moment(week, wish, jitter)
        if at > after and day >= starts_on:
            return Due(week, at)
        week += timedelta(days=7)
    return None


def quiet(at: datetime, zone: str) -> bool:
    """Return whether the moment lies in the quiet hours of `zone`."""
    hour = at.astimezone(ZoneInfo(zone)).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def quiet_until(at: datetime, zone: str) -> datetime:
    """Return the end of the quiet hours that hold `at`, in UTC; `at` itself when they do not."""
    if not quiet(at, zone):
        return at
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=1 if local.hour >= QUIET_FROM else 0)
    return moment(day, QUIET_UNTIL, zone)
