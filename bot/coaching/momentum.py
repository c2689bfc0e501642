"""Momentum: active weeks of the last eight that count, never a streak that can break (method, E7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.coaching.weeks import Calendar, first_monday, monday_of

LAST_WEEKS = 8
"""Most weeks that count."""
ENOUGH_WEEKS = 2
"""Fewest counted weeks from which a share is worth showing (our judgement)."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a member wanted no notes; `until` is the first day after them."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Momentum:
    """Active weeks of the weeks that count: eight at most, fewer soon after joining."""

    active: int
    weeks: int


class TermWeek(StrEnum):
    """What a week of the term was to a member; the current week is active or still ahead, never quiet."""

    ACTIVE = "active"
    QUIET = "quiet"
    REST = "rest"
    """A break or a pause in which nothing was done."""
    BEFORE = "before"
    """They had not joined yet."""
    AHEAD = "ahead"


def momentum(
    days: Collection[date], joined: date, today: date, term: Calendar, pauses: Sequence[Pause] = ()
) -> Momentum:
    """Count the active weeks among the last eight that count.

    A break, a pause and the current week count if they were active and are left out if not: what a person could not
    do, or has not had to do yet, is not held against them.

    Args:
        days: the days on which the member did something.
    """
    active_weeks = {monday_of(day) for day in days}
    counted: list[bool] = []
    week = monday_of(today)
    while week >= monday_of(joined) and len(counted) < LAST_WEEKS:
        active = week in active_weeks
        if active or (week < monday_of(today) and not _is_off(week, joined, term, tuple(pauses))):
            counted.append(active)
        week -= WEEK
    return Momentum(sum(counted), len(counted))


def term_weeks(
    days: Collection[date], joined: date, today: date, term: Calendar, pauses: Sequence[Pause] = ()
) -> tuple[TermWeek, ...]:
    """Return what each week of the term was, from first to last; arguments as for `momentum`."""
    active_weeks = {monday_of(day) for day in days}
    weeks: list[TermWeek] = []
    week, last = first_monday(term.starts_on), monday_of(term.ends_on)
    while week <= last:
        if week in active_weeks:
            weeks.append(TermWeek.ACTIVE)
        elif week < monday_of(joined):
            weeks.append(TermWeek.BEFORE)
        elif _is_off(week, joined, term, tuple(pauses)):
            weeks.append(TermWeek.REST)
        else:
            weeks.append(TermWeek.AHEAD if week >= monday_of(today) else TermWeek.QUIET)
        week += WEEK
    return tuple(weeks)


def quiet_weeks(
    active_on: date | None, joined: date, today: date, term: Calendar, pauses: Sequence[Pause] = ()
) -> tuple[date, ...]:
    """Return the Mondays of the complete, counted weeks of the term since a member last did something.

    Args:
        active_on: the last day on which they did something, None if there is none yet.
    """
    first, last = first_monday(term.starts_on), min(monday_of(today) - WEEK, monday_of(term.ends_on))
    complete = (first + number * WEEK for number in range((last - first).days // 7 + 1))
    since = monday_of(active_on) if active_on else date.min
    away = tuple(pauses)
    return tuple(week for week in complete if week > since and not _is_off(week, joined, term, away))


@lru_cache(4096)
def _is_off(week: date, joined: date, term: Calendar, pauses: tuple[Pause, ...]) -> bool:
    """Return whether most of a week was a break, a pause, outside the term, or before the member joined."""
    days = [week + timedelta(days=number) for number in range(7)]
    free = sum(
        day < joined or not term.has(day) or any(pause.since <= day < pause.until for pause in pauses) for day in days
    )
    return free >= 4
