"""Planning the weekly nudges: the owed rows of the weeks that fell due, and the next week to come."""

from collections.abc import Sequence
from datetime import datetime

from bot.coaching.cohort import Enrolment
from bot.coaching.ids import EnrolmentId
from bot.coaching.nudges import Recipient, planned
from bot.coaching.weeks import Calendar, Due
from storage import nudges
from storage.database import Tx


def owe_what_fell_due(
    tx: Tx, places: Sequence[tuple[Enrolment, Calendar]], now: datetime, jitter_limit: int
) -> list[tuple[EnrolmentId, Due | None]]:
    """Owe one row for each week that fell due by `now`, in one statement, and return each one's next to come.

    After an outage of weeks every missed week gets its row; delivery then skips the stale ones with the reason, so that
    the ledger tells the whole story and never sends a burst.
    """
    fallen: list[tuple[Recipient, Due]] = []
    coming: list[tuple[EnrolmentId, Due | None]] = []
    for enrolment, term in places:
        due = enrolment.next_nudge
        while due is not None and due.at <= now:
            fallen.append((Recipient(enrolment.cohort_id, enrolment.user_id), due))
            due = planned(enrolment, term, after=due.at, last_week=due.week, jitter_limit=jitter_limit)
        coming.append((enrolment.id, due))
    nudges.owe_weeks(tx, fallen)
    return coming
