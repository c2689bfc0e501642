"""Momentum: active weeks out of the last eight that count, never a streak that can break (method, E7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching.weeks import Calendar, monday_of

LAST_WEEKS = 8
"""How many weeks are looked at."""
ENOUGH_WEEKS = 2
"""From so many weeks that count on, a share of them says something (our judgement)."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a member wanted no notes; `until` is the first day after them."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Momentum:
    """Active weeks, of the weeks that count: eight at most, fewer soon after joining."""

    active: int
    weeks: int


def momentum(
    days: Collection[date], joined: date, today: date, term: Calendar, pauses: Sequence[Pause] = ()
) -> Momentum:
    """Return the active weeks of the last eight that count, from the days on which the member did something.

    A week of a break or a pause counts if it was active and is left out if it was not, and so is the week that still
    runs: nothing that a person could not or did not have to do stands against them.
    """
    active_weeks = {monday_of(day) for day in days}
    accessed_at: list[bool] = []
    week, first = monday_of(today), monday_of(joined)
    while week >= first and len(accessed_at) < LAST_WEEKS:
        active = week in active_weeks
        if active or (week < monday_of(today) and not _off(week, joined, term, pauses)):
            accessed_at.append(active)
        week -= WEEK
    return Momentum(sum(accessed_at), len(accessed_at))


class TermWeek(StrEnum):
    """What a week of the term was to a member; the running week is active or still ahead, never quiet.

    `REST`: a break or a pause in which nothing was done. `BEFORE`: they had not joined.
    """

    ACTIVE = "active"
    QUIET = "quiet"
    REST = "rest"
    BEFORE = "before"
    AHEAD = "ahead"


def term_weeks(
    days: Collection[date], joined: date, today: date, term: Calendar, pauses: Sequence[Pause] = ()
) -> tuple[TermWeek, ...]:
    """Return what each week of the term was, from its first to its last."""
    active_weeks = {monday_of(day) for day in days}
    weeks: list[TermWeek] = []
    week, last = monday_of(term.starts_on), monday_of(term.ends_on)
    while week <= last:
        if week in active_weeks:
            weeks.append(TermWeek.ACTIVE)
        elif week < monday_of(joined):
            weeks.append(TermWeek.BEFORE)
        elif _off(week, joined, term, pauses):
            weeks.append(TermWeek.REST)
        else:
            weeks.append(TermWeek.AHEAD if week >= monday_of(today) else TermWeek.QUIET)
        week += WEEK
    return tuple(weeks)


def complete_weeks(term: Calendar, today: date) -> tuple[date, ...]:
    """Return the Mondays of the term's weeks that are over, the first one first."""
    first, last = monday_of(term.starts_on), min(monday_of(today) - WEEK, monday_of(term.ends_on))
    return tuple(first + number * WEEK for number in range((last - first).days // 7 + 1))


def taught_weeks(term: Calendar, today: date) -> tuple[date, ...]:
    """Return the same without those of which most was a break or outside the term."""
    return tuple(week for week in complete_weeks(term, today) if not _off(week, week, term, ()))


def quiet_weeks(
    active_on: date | None, joined: date, today: date, term: Calendar, pauses: Sequence[Pause] = ()
) -> tuple[date, ...]:
    """Return the Mondays of the weeks, all over, since a member last did something; those that do not count left out.

    `active_on`: the last day on which they did, None if there is none yet.
    """
    since = monday_of(active_on) if active_on else date.min
    return tuple(week for week in complete_weeks(term, today) if week > since and not _off(week, joined, term, pauses))


def _off(week: date, joined: date, term: Calendar, pauses: Sequence[Pause]) -> bool:
    """Return whether most of a week lay in a break or a pause, outside the term, or before the member joined."""
    days = [week + timedelta(days=number) for number in range(7)]
    free = sum(day < joined or not term.has(day) or any(one.since <= day < one.until for one in pauses) for day in days)
    return free >= 4
