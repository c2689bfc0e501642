"""The access log: which instructors saw what of a member, and when, for that member to read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, false, insert, select, union_all

from bot.coaching.cohort import Access, Enrolment
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

SAME_ACCESS = timedelta(hours=1)
"""Within this an instructor who sees the same again is not noted again."""
_entry = tables.access_log
_register = tables.register_access


@dataclass(frozen=True, slots=True)
class AccessLogEntry:
    """An instructor saw something about a member; `by` None: that instructor was erased since."""

    by: UserId | None
    what: Access
    at: datetime


def add(tx: Tx, enrolment_ids: Collection[EnrolmentId], by: UserId, what: Access, now: datetime) -> None:
    """Note for each of these members that an instructor saw them, in one statement."""
    if enrolment_ids:
        tx.execute(
            insert(_entry),
            [{"enrolment_id": one, "by_user_id": by, "what": what, "accessed_at": now} for one in enrolment_ids],
        )


def add_once_an_hour(tx: Tx, enrolment_ids: Collection[EnrolmentId], by: UserId, what: Access, now: datetime) -> None:
    """Note it for members whom that instructor did not see in the same way within the last hour."""
    k = _entry.c
    lately = set(
        tx.scalars(
            select(k.enrolment_id).where(
                k.enrolment_id.in_(enrolment_ids),
                k.by_user_id == by,
                k.what == what,
                k.accessed_at >= now - SAME_ACCESS,
            )
        )
    )
    add(tx, [one for one in enrolment_ids if one not in lately], by, what, now)


def add_at_register(tx: Tx, cohort_id: CohortId, by: UserId, what: Access, now: datetime) -> None:
    """Note that an instructor saw the register: one row an hour, whatever the size of the class."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    values = {"cohort_id": cohort_id, "by_user_id": by, "what": what, "hour": hour, "accessed_at": now}
    r = _register.c
    statement = insert_or(tx, _register).values(values)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[r.cohort_id, r.by_user_id, r.what, r.hour], set_={"accessed_at": now}
        )
    )


def note_with_members(tx: Tx, cohort_id: CohortId) -> None:
    """Turn entries about a course's register into entries of each member whose row was visible, before rows go."""
    e, r = tables.enrolment.c, _register.c
    seen = select(e.id, r.by_user_id, r.what, r.accessed_at).join(_register, at_row()).where(r.cohort_id == cohort_id)
    k = _entry.c
    tx.execute(insert(_entry).from_select([k.enrolment_id, k.by_user_id, k.what, k.accessed_at], seen))
    tx.execute(delete(_register).where(r.cohort_id == cohort_id))


def at_row() -> ColumnElement[bool]:
    """Condition that a member's row was visible when the register was opened."""
    e, r = tables.enrolment.c, _register.c
    return and_(r.cohort_id == e.cohort_id, e.register_visible_at <= r.accessed_at)


def seen_by(enrolment: Enrolment) -> ColumnElement[bool]:
    """Condition on entries about the register: this member's row was visible then."""
    r = _register.c
    if enrolment.register_visible_at is None:
        return false()
    return and_(r.cohort_id == enrolment.cohort_id, r.accessed_at >= enrolment.register_visible_at)


def of(tx: Tx, enrolment_id: EnrolmentId, limit: int) -> list[AccessLogEntry]:
    """Return who saw what of a member, the newest first."""
    e, k, r = tables.enrolment.c, _entry.c, _register.c
    alone = select(k.by_user_id, k.what, k.accessed_at).where(k.enrolment_id == enrolment_id)
    with_class = (
        select(r.by_user_id, r.what, r.accessed_at).join(tables.enrolment, at_row()).where(e.id == enrolment_id)
    )
    both = union_all(alone, with_class).subquery()
    order = (both.c.accessed_at.desc(), both.c.what, both.c.by_user_id)
    rows = tx.execute(select(both).order_by(*order).limit(limit))
    return [
        AccessLogEntry(None if row.by_user_id is None else UserId(row.by_user_id), Access(row.what), row.accessed_at)
        for row in rows
    ]
