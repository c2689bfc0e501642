"""May a nudge be sent now? What differs from kind to kind is decided here, just before the request."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from bot.coaching.cohort import Cohort, Membership
from bot.coaching.ids import GuildId
from bot.coaching.messages import REGISTER_ON, inbox_reason
from bot.coaching.nudges import Lateness, NudgeKind, Reason, lateness
from bot.coaching.weeks import local_day, quiet_until
from bot.services.announcements import is_announced
from storage import cohort as cohorts
from storage import course_plan, digest, log, members, messages, nudges
from storage.database import Tx
from storage.nudges import Nudge

_STAY_READABLE = frozenset({NudgeKind.PARCEL, NudgeKind.MESSAGE})
"""Kinds that are held, not skipped: their recipient can still read them in the inbox."""


@dataclass(frozen=True, slots=True)
class StaffRole:
    """The role that the recipient of a digest has to have in a server."""

    guild_id: GuildId
    role_id: int


@dataclass(frozen=True, slots=True)
class SendDecision:
    """What to do with a nudge.

    Attributes:
        place: The membership it is for; for an instructor's digest, the course.
        skip_reason: Why it is no longer to be sent; None if it is.
        allowed_at: When it may be sent, after quiet hours.
        discreet: The message only says that there is a note.
        role: The role its recipient must have.
        posts_in: The server in whose channel it is posted.
    """

    place: Membership | Cohort
    skip_reason: Reason | None
    allowed_at: datetime
    discreet: bool = False
    role: StaffRole | None = None
    posts_in: GuildId | None = None


def decide(tx: Tx, nudge: Nudge, now: datetime) -> SendDecision | None:
    """Decide whether a nudge may be sent now; None if its recipient is gone."""
    to, kind = nudge.key.to, nudge.key.kind
    if kind is NudgeKind.DIGEST:
        cohort = cohorts.get(tx, to.cohort_id)
        if cohort is None:
            return None
        role = StaffRole(cohort.guild_id, cohort.instructor_role_id)
        return SendDecision(cohort, _skip_digest(tx, cohort, nudge, now), quiet_until(now, cohort.zone), role=role)
    if kind is NudgeKind.ANNOUNCEMENT:
        cohort = cohorts.get(tx, to.cohort_id)
        if cohort is None:
            return None
        skipped = _skip_announcement(tx, cohort, nudge, now)
        return SendDecision(cohort, skipped, quiet_until(now, cohort.zone), posts_in=cohort.guild_id)
    place = members.enrolled(tx, to.cohort_id, to.user_id)
    if place is None:
        return None
    member, enrolment = Membership(place.cohort, place.enrolment), place.enrolment
    at_once = kind in _ANSWERS_NOW and lateness(nudge.due_at, now) is Lateness.ON_TIME
    allowed_at = now if at_once else quiet_until(now, enrolment.wish.zone, enrolment.quiet)
    return SendDecision(
        member, skip_reason(tx, member, nudge, now), allowed_at, enrolment.discreet and kind not in _ALWAYS_SHOWN
    )


def skip_reason(tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> Reason | None:
    """Return why a member's nudge is no longer to be sent: the first reason of its kind that applies."""
    # A clock that was set back could show a day before the nudge's own, maybe in a break.
    at = max(now, nudge.due_at)
    return next((reason for rule in _RULES[nudge.key.kind] if (reason := rule(tx, member, nudge, at))), None)


def stays_readable(kind: NudgeKind, reason: Reason) -> bool:
    """Return whether a nudge that is not sent is held, rather than skipped: there is a way to read or send it yet."""
    if reason is Reason.NO_PERMISSION:
        return True  # the instructor can mend it, and have it posted
    return kind in _STAY_READABLE and reason is not Reason.WITHDRAWN


def _skip_digest(tx: Tx, cohort: Cohort, nudge: Nudge, now: datetime) -> Reason | None:
    if cohort.closed_at is not None:
        return Reason.TERM_OVER
    if not digest.wanted(tx, nudge.key.to):
        return Reason.TURNED_OFF
    if cohort.away_since is not None:
        return Reason.BOT_AWAY
    return _too_late(nudge, now)


def _skip_announcement(tx: Tx, cohort: Cohort, nudge: Nudge, now: datetime) -> Reason | None:
    monday = date.fromisoformat(nudge.key.period)
    live = any(one.week == monday and is_announced(one) for one in course_plan.weeks(tx, cohort.id))
    if cohort.closed_at is not None or monday > cohort.ends_on:
        return Reason.TERM_OVER
    if not cohort.announce:
        return Reason.TURNED_OFF
    if cohort.away_since is not None:
        return Reason.BOT_AWAY
    if not cohort.term.has(max(monday, local_day(now, cohort.zone))):
        return Reason.BREAK
    if cohort.channel_id != nudge.key.to.channel_id or not live:
        return Reason.WITHDRAWN
    return _too_late(nudge, now)


def _unwanted(tx: Tx, member: Membership, nudge: Nudge, at: datetime) -> Reason | None:
    """What stops any nudge to a member; their own wish comes first."""
    enrolment = member.enrolment
    if not enrolment.nudges_on:
        return Reason.TURNED_OFF
    if enrolment.pause_until is not None and local_day(at, enrolment.wish.zone) < enrolment.pause_until:
        return Reason.PAUSED
    if enrolment.set_aside_at is not None:
        return Reason.LEFT
    return Reason.BOT_AWAY if member.cohort.away_since is not None else None


def _out_of_term(tx: Tx, member: Membership, nudge: Nudge, at: datetime) -> Reason | None:
    over = member.today(at) > member.cohort.ends_on
    return Reason.TERM_OVER if over or member.cohort.closed_at is not None else None


def _in_break(tx: Tx, member: Membership, nudge: Nudge, at: datetime) -> Reason | None:
    return None if member.cohort.term.has(member.today(at)) else Reason.BREAK


def _stale(tx: Tx, member: Membership, nudge: Nudge, at: datetime) -> Reason | None:
    return _too_late(nudge, at)


def _withdrawn(tx: Tx, member: Membership, nudge: Nudge, at: datetime) -> Reason | None:
    """A message was withdrawn: its author was erased, or the register switched off again."""
    if nudge.subject == REGISTER_ON:
        return None if member.cohort.register else Reason.WITHDRAWN
    return None if messages.named(tx, nudge.subject) is not None else Reason.WITHDRAWN


def _for_the_inbox(tx: Tx, member: Membership, nudge: Nudge, at: datetime) -> Reason | None:
    closed = members.account(tx, member.enrolment.user_id).dm_closed_at is not None
    by_instructor = nudge.subject != REGISTER_ON
    return inbox_reason(member.cohort, member.enrolment, at, dm_closed=closed, by_instructor=by_instructor)


def _done_already(tx: Tx, member: Membership, nudge: Nudge, at: datetime) -> Reason | None:
    """A reminder's step was done on the week's note."""
    weekly = nudges.get(tx, replace(nudge.key, kind=NudgeKind.WEEKLY))
    return Reason.DONE if weekly is not None and log.logged_for(tx, weekly.id) else None


def _course_step_over(tx: Tx, member: Membership, nudge: Nudge, at: datetime) -> Reason | None:
    """A reminder's course step was done or left out, or its day has passed."""
    kind, _, number = (nudge.subject or "").partition(":")
    if kind != "week":
        return None
    steps = course_plan.steps(tx, member.cohort.id, member.id)
    step = next((one for one in steps if str(one.week.id) == number), None)
    if step is None or not step.open:
        return Reason.DONE
    return Reason.TOO_LATE if member.today(at) > step.week.due_on else None


def _too_late(nudge: Nudge, now: datetime) -> Reason | None:
    return Reason.TOO_LATE if lateness(nudge.due_at, now) is Lateness.TOO_LATE else None


_Rule: TypeAlias = Callable[[Tx, Membership, Nudge, datetime], Reason | None]
_RULES: dict[NudgeKind, tuple[_Rule, ...]] = {
    NudgeKind.HELLO: (_unwanted, _out_of_term, _stale),
    NudgeKind.WEEKLY: (_unwanted, _out_of_term, _in_break, _stale),
    NudgeKind.REMINDER: (_unwanted, _out_of_term, _in_break, _stale, _done_already, _course_step_over),
    NudgeKind.MESSAGE: (_withdrawn, _for_the_inbox, _stale),
    NudgeKind.PARCEL: (_unwanted,),  # never too late
}
"""Why a member's nudge may be skipped, by kind, in order of precedence."""
_ANSWERS_NOW = frozenset({NudgeKind.HELLO})
"""Kinds that answer a member who is online now, whatever the hour; a late one waits for morning."""
_ALWAYS_SHOWN = frozenset({NudgeKind.HELLO, NudgeKind.DIGEST})
"""Kinds that are never discreet."""
