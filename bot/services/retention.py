"""The end of a course in time: it closes, members hear of it, and data is erased when members were told."""

from datetime import datetime, timedelta

from bot.coaching import closing
from bot.coaching.cohort import Cohort
from bot.coaching.ids import CohortId
from bot.coaching.nudges import CLOSED, LAST, Reason
from bot.coaching.weeks import local_day
from bot.services.planning import Planning
from storage import cohort as cohorts
from storage import erasure, members, messages, nudges, retention
from storage.database import Tx

BATCH = 200
"""How many members one transaction erases."""
PARCEL_TIME = timedelta(days=1)
"""Nothing is erased sooner after a parcel went out, or while one that fell due within it may still go out."""
LOOK_AGAIN = timedelta(hours=1)


def close_course(tx: Tx, cohort: Cohort, planning: Planning, now: datetime) -> Cohort:
    """Close a locked course and owe every member their parcel; the number of statements does not depend on its size.

    What fell due before gets its row, what is owed and untried is skipped with the reason, and nothing more is planned.
    The day of erasure is fixed from here on. Returns the closed course.
    """
    planning.owe_due(tx, members.fallen_due(tx, cohort.id, now), now)
    members.plan_nothing(tx, cohort.id)
    nudges.skip_owed(tx, cohort.id, Reason.TERM_OVER, now)
    cohorts.close(tx, cohort.id, now)
    closed = cohorts.get(tx, cohort.id) or cohort
    _owe_parcels(tx, closed, now)
    retention.set_next(tx, cohort.id, closing.next_look(closed, now))
    return closed


def look_after(tx: Tx, cohort_id: CohortId, planning: Planning, now: datetime) -> bool:
    """Do what is due for a course, for a batch of members at most; False when nothing is due."""
    cohort = retention.lock(tx, cohort_id, now)
    if cohort is None:
        return False
    messages.delete_old(tx, cohort_id, now)
    if _kept_long_enough(cohort, now):
        _erase(tx, cohort, now)
    elif not _erase_who_left(tx, cohort, now):
        if cohort.closed_at is not None:
            _owe_parcels(tx, cohort, now)
        elif cohort.away_since is None and closing.closes_by_itself(cohort, now):
            cohort = close_course(tx, cohort, planning, now)
        retention.set_next(tx, cohort.id, closing.next_look(cohort, now))
    return True


def _kept_long_enough(cohort: Cohort, now: datetime) -> bool:
    """Return whether a course is to be erased: long enough after it closed, or its server removed the bot."""
    since = cohort.closed_at or cohort.away_since
    return since is not None and now >= closing.erased_at(cohort, closing.kept_until(cohort, closed_at=since))


def _erase(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Erase a batch of a course's members, and the rest of it once there are none."""
    if cohort.closed_at is not None:
        # After an outage of weeks members are told before anything is erased.
        _owe_parcels(tx, cohort, now)
        nudges.try_parcels_again(tx, cohort.id, closing.erased_at(cohort, closing.kept_until(cohort)), now)
    if retention.parcels_fresh(tx, cohort.id, now - PARCEL_TIME):
        retention.set_next(tx, cohort.id, now + LOOK_AGAIN)
        return
    ids = retention.members_of(tx, cohort.id, BATCH)
    if ids:
        erasure.erase_enrolments(tx, ids)
        retention.note_erased(tx, cohort.id, len(ids))
        return
    if cohort.closed_at is None:
        cohorts.close(tx, cohort.id, now)
    retention.finish(tx, cohort.id, now)


def _erase_who_left(tx: Tx, cohort: Cohort, now: datetime) -> bool:
    """Erase a batch of members who left the server long ago; True if there may be more."""
    ids = retention.gone_before(tx, cohort.id, closing.left_before(cohort, now), BATCH)
    erasure.erase_enrolments(tx, ids)
    return len(ids) == BATCH


def _owe_parcels(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Owe the members of a closed course their parcel and, when it is time, a last note about it.

    Members whose parcel settles later than that get no last note: it would say the same.
    """
    today = local_day(now, cohort.zone)
    nudges.owe_parcels(tx, cohort.id, CLOSED, today, now)
    last = closing.last_note_at(cohort)
    if last is not None and last <= now:
        nudges.owe_parcels(tx, cohort.id, LAST, today, now, settled_before=last)
