"""Weeks, days and wished times: wall clock plus IANA zone in, UTC out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.coaching.errors import QuietHour
from bot.coaching.ids import EnrolmentId

Clock: TypeAlias = Callable[[], datetime]
"""Returns the current time, aware and in UTC."""

MAX_JITTER_MINUTES = 59

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of a member's wall clock without nudges: from `start` in the evening until `end` next morning."""

    start: int
    end: int

    @property
    def last_hour(self) -> int:
        """The last hour that may be wished; jitter is added to it and still ends before the quiet hours."""
        return self.start - 1


USUAL_QUIET = Quiet(21, 8)
"""Method, section 4: quiet hours 21:00–08:00 in the member's zone."""
QUIETS = (USUAL_QUIET, Quiet(20, 9), Quiet(22, 7), Quiet(23, 6), Quiet(24, 0))
"""The quiet hours a member may choose from; the last means none."""
FIRST_HOUR, LAST_HOUR = USUAL_QUIET.end, USUAL_QUIET.last_hour
"""The hours that may be wished with the usual quiet hours."""


class BreakKind(StrEnum):
    """Why there are no nudges on some days of the term."""

    BREAK = "break"
    EXAMS = "exams"


@dataclass(frozen=True, slots=True)
class Break:
    """Days of the term without nudges, both ends included."""

    kind: BreakKind
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a course on which nudges may be sent: the term without its breaks."""

    starts_on: date
    ends_on: date
    breaks: tuple[Break, ...] = ()

    def has(self, day: date) -> bool:
        """Return whether a nudge may be planned on `day`."""
        return self.starts_on <= day <= self.ends_on and not any(off.first <= day <= off.last for off in self.breaks)

    def taught(self, since: datetime, until: datetime) -> timedelta:
        """Return the time between two moments, without the break days that lie wholly between them."""
        free_days = {
            off.first + timedelta(days=day)
            for off in self.breaks
            for day in range((off.last - off.first).days + 1)
            if since.date() < off.first + timedelta(days=day) < until.date()
        }
        return until - since - timedelta(days=len(free_days))

    def exams_within_a_week(self, day: date) -> Break | None:
        """Return the exam weeks that begin in the seven days after `day`."""
        coming = [off for off in self.breaks if off.kind is BreakKind.EXAMS and 0 < (off.first - day).days <= 7]
        return min(coming, key=lambda off: off.first, default=None)


@dataclass(frozen=True, slots=True)
class Wish:
    """When a member wants the weekly nudge: day 0 (Monday) to 6, hour 0 to 23, IANA zone."""

    day: int
    hour: int
    zone: str


@dataclass(frozen=True, slots=True)
class Due:
    """A week, named by its Monday, and the UTC time at which its nudge falls due."""

    week: date
    at: datetime


def checked_hour(hour: int, quiet: Quiet = USUAL_QUIET) -> int:
    """Return `hour` if a nudge may be wished at it; raises QuietHour."""
    if not quiet.end <= hour <= quiet.last_hour:
        raise QuietHour(hour, quiet.end, quiet.last_hour)
    return hour


def day_words(day: date) -> str:
    """Return a day such as "Monday 8 March"."""
    return f"{DAY_NAMES[day.weekday()]} {day.day} {day:%B}"


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())


def first_monday(starts_on: date) -> date:
    """Return the Monday of a term's week 1: a term that starts on Friday or later begins it on the Monday after."""
    return monday_of(starts_on + timedelta(days=3))


def is_off(week: date, term: Calendar) -> bool:
    """Return whether most days of the week of a Monday are outside the term or in a break."""
    return sum(not term.has(week + timedelta(days=number)) for number in range(7)) >= 4


def local_day(at: datetime, zone: str) -> date:
    """Return the calendar day at the moment `at` in `zone`."""
    return at.astimezone(ZoneInfo(zone)).date()


def term_week(starts_on: date, day: date) -> int:
    """Return the number of the term's week that holds `day`: 1 for the first, 0 or less before it."""
    return (monday_of(day) - first_monday(starts_on)).days // 7 + 1


def moment(day: date, hour: int, zone: str) -> datetime:
    """Return a wall-clock hour in UTC; a missing hour moves forward, of a repeated hour the first counts."""
    # zoneinfo reads fold=0 in a gap with the offset before it, which is exactly "forward by the length of the gap".
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def jitter_minutes(enrolment: EnrolmentId, limit: int) -> int:
    """Return an enrolment's fixed jitter of 0 to `limit` minutes; unlike `hash()` the same in every process."""
    return crc32(str(enrolment).encode()) % (limit + 1)


def nudge_moment(week: date, wish: Wish, jitter: int) -> datetime:
    """Return the wished time in the week of Monday `week`, plus `jitter` minutes, in UTC."""
    return moment(week + timedelta(days=wish.day), wish.hour, wish.zone) + timedelta(minutes=jitter)


def next_nudge(
    wish: Wish, jitter: int, *, after: datetime, last_week: date | None, term: Calendar, gap_weeks: int = 1
) -> Due | None:
    """Return the first nudge after `after` on a day that the term allows; None past the term's end.

    Args:
        jitter: minutes.
        last_week: the last week with a row in the ledger. The result is at least `gap_weeks` later, so weeks only
            increase even if day, hour or zone change.
    """
    week = monday_of(max(local_day(after, wish.zone), term.starts_on))
    if last_week is not None:
        week = max(week, last_week + timedelta(weeks=gap_weeks))
    while (day := week + timedelta(days=wish.day)) <= term.ends_on:
        at = nudge_moment(week, wish, jitter)
        if at > after and term.has(day):
            return Due(week, at)
        week += timedelta(days=7)
    return None


def quiet(at: datetime, zone: str, hours: Quiet = USUAL_QUIET) -> bool:
    """Return whether a moment lies in the quiet hours of `zone`."""
    return not hours.end <= at.astimezone(ZoneInfo(zone)).hour < hours.start


def quiet_until(at: datetime, zone: str, hours: Quiet = USUAL_QUIET) -> datetime:
    """Return the end of the quiet hours around `at` in UTC, or `at` itself outside them."""
    if not quiet(at, zone, hours):
        return at
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=1 if local.hour >= hours.start else 0)
    return moment(day, hours.end, zone)
