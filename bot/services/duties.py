"""What differs from kind to kind of nudge when its time has come: whom it is for, what stops it, when it may go out."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.coaching.cohort import Cohort, Seat
from bot.coaching.ids import GuildId
from bot.coaching.nudges import Lateness, NudgeKind, Reason, lateness
from bot.coaching.weeks import local_day, quiet_until
from storage import cohort as cohorts
from storage import digest, log, members, nudges
from storage.database import Tx
from storage.nudges import Nudge

STAY_READABLE = frozenset({NudgeKind.PARCEL})
"""The kinds that are held when they are not to be sent: their reader finds them in the inbox."""
_ANSWERS_NOW = frozenset({NudgeKind.HELLO})
"""The kinds that answer somebody who is there just now, whatever the day and the hour; a late one waits for morning."""
_ALWAYS_SHOWN = frozenset({NudgeKind.HELLO, NudgeKind.DIGEST})
"""The kinds whose words stand in the message, also for those who like their notes discreet."""


@dataclass(frozen=True, slots=True)
class StaffRole:
    """The role, in a server, without which somebody may not read what is sent."""

    guild_id: GuildId
    role_id: int


@dataclass(frozen=True, slots=True)
class Duty:
    """A row as things stand just before the request.

    `place`: the seat of the member it is for; the course alone if it is for an instructor. `unwanted`: why it is not to
    be sent any more. `allowed_at`: when it may go out. `role`: what its reader has to be.
    """

    place: Seat | Cohort
    unwanted: Reason | None
    allowed_at: datetime
    hidden: bool = False
    role: StaffRole | None = None


def duty(tx: Tx, nudge: Nudge, now: datetime) -> Duty | None:
    """Return how a row stands at `now`; None when there is nobody any more whom it could be for."""
    to = nudge.key.to
    if nudge.key.kind is NudgeKind.DIGEST:
        cohort = cohorts.get(tx, to.cohort_id)
        return None if cohort is None else _to_instructor(tx, cohort, nudge, now)
    found = members.enrolled(tx, to.cohort_id, to.user_id)
    return None if found is None else _to_member(tx, Seat(found.cohort, found.enrolment), nudge, now)


def _to_instructor(tx: Tx, cohort: Cohort, nudge: Nudge, now: datetime) -> Duty:
    reasons = (
        (cohort.closed_at is not None, Reason.TERM_OVER),
        (not digest.wanted(tx, nudge.key.to), Reason.TURNED_OFF),
        (cohort.away_since is not None, Reason.BOT_AWAY),
        (lateness(nudge.due_at, now) is Lateness.TOO_LATE, Reason.TOO_LATE),
    )
    role = StaffRole(cohort.guild_id, cohort.instructor_role_id)
    return Duty(cohort, _first(reasons), quiet_until(now, cohort.zone), role=role)


def _to_member(tx: Tx, seat: Seat, nudge: Nudge, now: datetime) -> Duty:
    enrolment, kind = seat.enrolment, nudge.key.kind
    at_once = kind in _ANSWERS_NOW and lateness(nudge.due_at, now) is Lateness.ON_TIME
    allowed_at = now if at_once else quiet_until(now, enrolment.wish.zone, enrolment.quiet)
    unwanted = _first(_personal(seat, now)) or (None if kind is NudgeKind.PARCEL else _out_of_time(seat, nudge, now))
    if kind is NudgeKind.REMINDER:
        unwanted = unwanted or _done_already(tx, nudge)
    return Duty(seat, unwanted, allowed_at, hidden=enrolment.discreet and kind not in _ALWAYS_SHOWN)


def _personal(seat: Seat, now: datetime) -> tuple[tuple[bool, Reason], ...]:
    """Return what stops any message to a member; their own wish comes first."""
    enrolment = seat.enrolment
    today = local_day(now, enrolment.wish.zone)
    return (
        (not enrolment.nudges_on, Reason.TURNED_OFF),
        (enrolment.pause_until is not None and today < enrolment.pause_until, Reason.PAUSED),
        (enrolment.set_aside_at is not None, Reason.LEFT),
        (seat.cohort.away_since is not None, Reason.BOT_AWAY),
    )


def _out_of_time(seat: Seat, nudge: Nudge, now: datetime) -> Reason | None:
    """Return why a message that belongs to a day of the course is of no use now."""
    cohort = seat.cohort
    today = local_day(now, seat.enrolment.wish.zone)
    on_break = nudge.key.kind not in _ANSWERS_NOW and not cohort.term.has(today)
    reasons = (
        (cohort.closed_at is not None or today > cohort.ends_on, Reason.TERM_OVER),
        (on_break, Reason.BREAK),
        (lateness(nudge.due_at, now) is Lateness.TOO_LATE, Reason.TOO_LATE),
    )
    return _first(reasons)


def _done_already(tx: Tx, nudge: Nudge) -> Reason | None:
    """Return that a reminder's step was done meanwhile, by *Done* on the week's note."""
    weekly = nudges.get(tx, replace(nudge.key, kind=NudgeKind.WEEKLY))
    return Reason.DONE if weekly is not None and log.logged_for(tx, weekly.id) else None


def _first(reasons: tuple[tuple[bool, Reason], ...]) -> Reason | None:
    return next((reason for holds, reason in reasons if holds), None)
