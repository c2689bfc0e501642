"""What time asks of a course: that it closes, that members hear of it, and that nothing is kept longer than told."""

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
"""Nothing is erased sooner after a parcel went out, or while one may still go out that fell due less long ago."""
LOOK_AGAIN = timedelta(hours=1)


def close_course(tx: Tx, cohort: Cohort, planning: Planning, now: datetime) -> Cohort:
    """Close a course, held to be changed, and owe every member their parcel, in as many statements whatever its size.

    What fell due before gets its row, what is owed and was not tried is skipped with the reason, and nothing is planned
    any more. The day until which all is kept is fixed from here on. Returns the course as it is then.
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
    """Do what time asks of a course, a batch of members at most; False when nothing of it is due any more."""
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
    """Return whether the time of a course is up: since it closed, or since the bot was removed from its server."""
    since = cohort.closed_at or cohort.away_since
    return since is not None and now >= closing.erased_at(cohort, closing.kept_until(cohort, closed_at=since))


def _erase(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Erase a batch of a course's members, and the rest of it once there are none."""
    if cohort.closed_at is not None:
        # Nothing may have run for weeks: what nobody was told yet they are told first.
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
    """Erase a batch of those who left the server too long ago; True if there may be more of them to erase."""
    ids = retention.gone_before(tx, cohort.id, closing.left_before(cohort, now), BATCH)
    erasure.erase_enrolments(tx, ids)
    return len(ids) == BATCH


def _owe_parcels(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Owe the members of a closed course their parcel and, when its time has come, the last word about it.

    Not to those who get the first one later than that: it says the same, and two at once say nothing more.
    """
    today = local_day(now, cohort.zone)
    nudges.owe_parcels(tx, cohort.id, CLOSED, today, now)
    last = closing.last_note_at(cohort)
    if last is not None and last <= now:
        nudges.owe_parcels(tx, cohort.id, LAST, today, now, settled_before=last)
