"""Planning the weekly nudges: the owed rows of the weeks that fell due, and the next week to come."""

from datetime import date, datetime

from bot.coaching.cohort import Enrolment
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient, planned
from bot.coaching.weeks import Due
from storage import nudges
from storage.database import Tx

Term = tuple[date, date]


def owe_what_fell_due(tx: Tx, enrolment: Enrolment, term: Term, now: datetime, jitter_limit: int) -> Due | None:
    """Owe one row for each week that fell due by `now`, and return the next one to come.

    After an outage of weeks every missed week gets its row; delivery then skips the stale ones with the reason, so that
    the ledger tells the whole story and never sends a burst.
    """
    due = enrolment.next_nudge
    while due is not None and due.at <= now:
        to = Recipient(enrolment.cohort_id, enrolment.user_id)
        nudges.owe(tx, NudgeKey(to, NudgeKind.WEEKLY, due.week.isoformat()), due.at)
        due = planned(enrolment, term, after=due.at, last_week=due.week, jitter_limit=jitter_limit)
    return due


def replanned(
    tx: Tx, enrolment: Enrolment, term: Term, now: datetime, last_week: date | None, jitter_limit: int
) -> Due | None:
    """Return the next nudge after a change of term or settings, having owed what fell due before the change.

    `last_week` is the last week that has a row. A nudge that fell due a moment ago is thus not lost to the change.
    """
    if enrolment.next_nudge is not None and enrolment.next_nudge.at <= now:
        owe_what_fell_due(tx, enrolment, term, now, jitter_limit)
        weeks = nudges.last_weeks(tx, enrolment.cohort_id, enrolment.user_id)
        last_week = weeks.get(enrolment.user_id, last_week)
    return planned(enrolment, term, after=now, last_week=last_week, jitter_limit=jitter_limit)
