"""The end of a course: when it closes by itself, how long what members gave is kept, and what comes meanwhile.

One date counts, and it is fixed when the course closes: what members were told is never shortened afterwards.
"""

from datetime import date, datetime, timedelta

from bot.coaching.cohort import Cohort, Enrolment
from bot.coaching.weeks import local_day, moment, monday_of

CLOSES_AFTER = timedelta(days=14)
"""So long after its last day a course that nobody closed is closed."""
LAST_NOTE = timedelta(days=7)
"""So long before what they gave is erased members hear of it again."""
ERASED_AT_HOUR = 12
"""The hour, in the course's zone, of the day after the last one: by then that day is over in nearly every zone."""
MONDAY_HOUR = 8
"""The hour, in the course's zone, at which its Monday work is done: the snapshot of the class, and digests."""


def closes_by_itself(cohort: Cohort, now: datetime) -> bool:
    """Return whether an open course has been over for so long that it is closed."""
    return local_day(now, cohort.zone) > cohort.ends_on + CLOSES_AFTER


def kept_until(cohort: Cohort, enrolment: Enrolment | None = None, *, closed_at: datetime | None = None) -> date:
    """Return the last day on which what a closed course holds is kept, or what one member gave.

    Of somebody who left the server before it closed, the days count from then on, as everybody is told on joining.
    `closed_at`: for a course that is open, when it would close.
    """
    closed = cohort.closed_at or closed_at
    if closed is None:
        message = "an open course is kept"
        raise ValueError(message)
    left = None if enrolment is None else enrolment.set_aside_at
    begins = closed if left is None else min(closed, left)
    return local_day(begins, cohort.zone) + timedelta(days=cohort.retention_days)


def erased_at(cohort: Cohort, until: date) -> datetime:
    """Return when what was kept until the end of a day is erased."""
    return moment(until + timedelta(days=1), ERASED_AT_HOUR, cohort.zone)


def left_before(cohort: Cohort, now: datetime) -> datetime:
    """Return the moment before which whoever left a course's server did so too long ago to be kept at `now`."""
    # What `kept_until` and `erased_at` say of one member, the other way round.
    day = local_day(now, cohort.zone)
    if now < moment(day, ERASED_AT_HOUR, cohort.zone):
        day -= timedelta(days=1)
    return moment(day - timedelta(days=cohort.retention_days), 0, cohort.zone)


def last_note_at(cohort: Cohort) -> datetime | None:
    """Return when members of a closed course hear that it is erased soon; None when that would follow too closely."""
    if cohort.closed_at is None or cohort.retention_days <= 2 * LAST_NOTE.days:
        return None
    return moment(kept_until(cohort) - LAST_NOTE, ERASED_AT_HOUR, cohort.zone)


def next_look(cohort: Cohort, now: datetime) -> datetime:
    """Return when a course is looked after next: each Monday morning, and when something of a closed one is due."""
    week = monday_of(local_day(now, cohort.zone))
    mondays = (moment(week + timedelta(days=days), MONDAY_HOUR, cohort.zone) for days in (0, 7))
    moments = [next(at for at in mondays if at > now)]
    if cohort.closed_at is not None:
        moments += [erased_at(cohort, kept_until(cohort)), last_note_at(cohort) or now]
    return min(at for at in moments if at > now)


def has_digest(cohort: Cohort, monday: date) -> bool:
    """Return whether a course's digest of a Monday has something to tell: a week of the term before it was no break."""
    return any(cohort.term.has(monday - timedelta(days=days)) for days in range(1, 8))


def next_digest(cohort: Cohort, now: datetime) -> datetime | None:
    """Return when the next digest of an open course falls due, None when none will."""
    monday = monday_of(local_day(now, cohort.zone))
    while monday <= cohort.ends_on + timedelta(days=7):
        at = moment(monday, MONDAY_HOUR, cohort.zone)
        if at > now and has_digest(cohort, monday):
            return at
        monday += timedelta(days=7)
    return None
