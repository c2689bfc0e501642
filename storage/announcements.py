"""When a course's weeks are announced in its channel."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from bot.coaching.cohort import Cohort
from bot.coaching.ids import ChannelId, CohortId
from storage import cohort as cohorts
from storage import tables
from storage.database import Tx

_cohort = tables.cohort


def due(tx: Tx, now: datetime) -> list[CohortId]:
    """Return the open courses with a week to announce."""
    return [CohortId(row) for row in tx.scalars(select(_cohort.c.id).where(*_due(now)).order_by(_cohort.c.id))]


def lock_due(tx: Tx, cohort_id: CohortId, now: datetime) -> tuple[Cohort, datetime] | None:
    """Lock a course to announce and return since when that is due; None if another process has it or has done it."""
    cohort = cohorts.claim(tx, cohort_id, *_due(now))
    at = None if cohort is None else next_at(tx, cohort_id)
    return None if cohort is None or at is None else (cohort, at)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    c = _cohort.c
    return c.closed_at.is_(None), c.announce.is_(True), c.next_announcement_at <= now


def planned(tx: Tx) -> list[tuple[CohortId, str, datetime]]:
    """Return when each open course is announced next, with its zone."""
    c = _cohort.c
    rows = tx.execute(select(c.id, c.zone, c.next_announcement_at).where(c.closed_at.is_(None), c.announce.is_(True)))
    return [(CohortId(row.id), row.zone, row.next_announcement_at) for row in rows if row.next_announcement_at]


def next_at(tx: Tx, cohort_id: CohortId) -> datetime | None:
    """Return when a course is announced next; None if it is not."""
    c = _cohort.c
    return tx.scalar(select(c.next_announcement_at).where(c.id == cohort_id, c.announce.is_(True)))


def set_next(tx: Tx, cohort_id: CohortId, at: datetime | None) -> None:
    """Plan when a course is announced next; None: not any more."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(next_announcement_at=at))


def switch(tx: Tx, cohort_id: CohortId, *, on: bool) -> None:
    """Announce a course's weeks, or no longer."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(announce=on))


def set_channel(tx: Tx, cohort_id: CohortId, channel_id: ChannelId) -> None:
    """Change the channel of a course."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(channel_id=channel_id))
