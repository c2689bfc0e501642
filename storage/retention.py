"""Retention: which members' data is due to be erased, and what stays of a course without its members."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, union, update

from bot.coaching.cohort import Cohort
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from bot.coaching.nudges import NudgeKind, NudgeState
from storage import cohort as cohorts
from storage import erasure, tables
from storage.database import Tx

_cohort = tables.cohort
_enrolment = tables.enrolment
_nudge = tables.nudge


def due(tx: Tx, now: datetime) -> list[CohortId]:
    """Return the courses due for retention, longest due first."""
    c = _cohort.c
    found = tx.scalars(select(c.id).where(*_due(now)).order_by(c.retention_at.asc().nulls_first(), c.id))
    return [CohortId(row) for row in found]


def looks_from(tx: Tx) -> list[datetime]:
    """Return when each course is next due for retention, where that is known."""
    c = _cohort.c
    found = tx.scalars(select(c.retention_at).where(c.erased_at.is_(None), c.retention_at.is_not(None)))
    return [at for at in found if at is not None]


def lock(tx: Tx, cohort_id: CohortId, now: datetime) -> Cohort | None:
    """Lock a course that is due for retention; None when it is not due, or another process has it."""
    return cohorts.claim(tx, cohort_id, *_due(now))


def set_next(tx: Tx, cohort_id: CohortId, at: datetime) -> None:
    """Set when a course is next due for retention."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(retention_at=at))


def members_of(tx: Tx, cohort_id: CohortId, limit: int) -> list[EnrolmentId]:
    """Return up to `limit` of a course's enrolments."""
    return _some(tx, limit, _enrolment.c.cohort_id == cohort_id)


def gone_before(tx: Tx, cohort_id: CohortId, before: datetime, limit: int) -> list[EnrolmentId]:
    """Return up to `limit` enrolments of members who left a course's server before a moment."""
    return _some(tx, limit, _enrolment.c.cohort_id == cohort_id, _enrolment.c.set_aside_at < before)


def parcels_fresh(tx: Tx, cohort_id: CohortId, after: datetime) -> bool:
    """Return whether a parcel went out after a moment, or one that was to be tried first after it still may."""
    n = _nudge.c
    may_go_out = and_(tables.is_open, func.coalesce(n.first_attempt_at, n.not_before) > after)
    went_out = and_(n.state == NudgeState.SENT, n.settled_at > after)
    parcel = exists().where(n.cohort_id == cohort_id, n.kind == NudgeKind.PARCEL, or_(may_go_out, went_out))
    return bool(tx.scalar(select(parcel)))


def note_erased(tx: Tx, cohort_id: CohortId, members: int) -> None:
    """Add to the count of a course's members erased after the retention days."""
    c = _cohort.c
    values = {"erased_members": func.coalesce(c.erased_members, 0) + members}
    tx.execute(update(_cohort).where(c.id == cohort_id).values(values))


def finish(tx: Tx, cohort_id: CohortId, now: datetime) -> None:
    """Erase what is left of a course without members: snapshots, access log, plan, feedback, digests, sections.

    What stays is the course itself: its name, its dates and the receipt.
    """
    n, d = _nudge.c, tables.digest.c
    known = union(select(n.user_id).where(n.cohort_id == cohort_id), select(d.user_id).where(d.cohort_id == cohort_id))
    instructors = [UserId(row) for row in tx.scalars(known) if row is not None]
    counted = (tables.class_snapshot, tables.register_access, tables.ai_report, tables.cohort_section)
    for table in (*counted, tables.course_week, tables.feedback, tables.instructor_message, tables.digest, _nudge):
        tx.execute(delete(table).where(table.c.cohort_id == cohort_id))
    erasure.forget_accounts(tx, instructors)
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(erased_at=now))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    c = _cohort.c
    return or_(c.retention_at <= now, c.retention_at.is_(None)), c.erased_at.is_(None)


def _some(tx: Tx, limit: int, *whose: ColumnElement[bool]) -> list[EnrolmentId]:
    e = _enrolment.c
    return [EnrolmentId(row) for row in tx.scalars(select(e.id).where(*whose).order_by(e.id).limit(limit))]
