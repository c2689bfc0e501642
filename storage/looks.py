"""Which instructors looked at what of a member, for that member to read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, false, insert, select, union_all

from bot.coaching.cohort import Enrolment, Look
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

ONE_LOOK = timedelta(hours=1)
_look = tables.staff_look
_register = tables.register_look


@dataclass(frozen=True, slots=True)
class StaffLook:
    """That an instructor saw something about a member; `by` None: that instructor was erased since."""

    by: UserId | None
    what: Look
    at: datetime


def add(tx: Tx, enrolment_ids: Collection[EnrolmentId], by: UserId, what: Look, now: datetime) -> None:
    """Note with each of these members that an instructor saw them, in one statement."""
    if enrolment_ids:
        tx.execute(
            insert(_look),
            [{"enrolment_id": one, "by_user_id": by, "what": what, "looked_at": now} for one in enrolment_ids],
        )


def add_once_an_hour(tx: Tx, enrolment_ids: Collection[EnrolmentId], by: UserId, what: Look, now: datetime) -> None:
    """Do the same, but leave out those whom that instructor saw that way within the hour: it is the same look."""
    k = _look.c
    lately = set(
        tx.scalars(
            select(k.enrolment_id).where(
                k.enrolment_id.in_(enrolment_ids), k.by_user_id == by, k.what == what, k.looked_at >= now - ONE_LOOK
            )
        )
    )
    add(tx, [one for one in enrolment_ids if one not in lately], by, what, now)


def add_at_register(tx: Tx, cohort_id: CohortId, by: UserId, what: Look, now: datetime) -> None:
    """Note that an instructor saw the register: one row an hour, whatever the size of the class."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    values = {"cohort_id": cohort_id, "by_user_id": by, "what": what, "hour": hour, "looked_at": now}
    r = _register.c
    statement = insert_or(tx, _register).values(values)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[r.cohort_id, r.by_user_id, r.what, r.hour], set_={"looked_at": now}
        )
    )


def note_with_members(tx: Tx, cohort_id: CohortId) -> None:
    """Turn the looks at a course's register into looks at each member whose row was visible, before rows go."""
    e, r = tables.enrolment.c, _register.c
    seen = select(e.id, r.by_user_id, r.what, r.looked_at).join(_register, at_row()).where(r.cohort_id == cohort_id)
    k = _look.c
    tx.execute(insert(_look).from_select([k.enrolment_id, k.by_user_id, k.what, k.looked_at], seen))
    tx.execute(delete(_register).where(r.cohort_id == cohort_id))


def at_row() -> ColumnElement[bool]:
    """Return whether a look at the register saw the row of a member: it was visible at that moment."""
    e, r = tables.enrolment.c, _register.c
    return and_(r.cohort_id == e.cohort_id, e.register_visible_at <= r.looked_at)


def seen_by(enrolment: Enrolment) -> ColumnElement[bool]:
    """Return the looks at the register that saw a member's row."""
    r = _register.c
    if enrolment.register_visible_at is None:
        return false()
    return and_(r.cohort_id == enrolment.cohort_id, r.looked_at >= enrolment.register_visible_at)


def of(tx: Tx, enrolment_id: EnrolmentId, limit: int) -> list[StaffLook]:
    """Return who looked at what of a member, the newest look first."""
    e, k, r = tables.enrolment.c, _look.c, _register.c
    alone = select(k.by_user_id, k.what, k.looked_at).where(k.enrolment_id == enrolment_id)
    with_class = select(r.by_user_id, r.what, r.looked_at).join(tables.enrolment, at_row()).where(e.id == enrolment_id)
    both = union_all(alone, with_class).subquery()
    order = (both.c.looked_at.desc(), both.c.what, both.c.by_user_id)
    rows = tx.execute(select(both).order_by(*order).limit(limit))
    return [
        StaffLook(None if row.by_user_id is None else UserId(row.by_user_id), Look(row.what), row.looked_at)
        for row in rows
    ]
