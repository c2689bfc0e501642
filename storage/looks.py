"""Which instructors looked at what of a member, for that member to read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.coaching.cohort import Look
from bot.coaching.ids import EnrolmentId, UserId
from storage import tables
from storage.database import Tx

_look = tables.staff_look


@dataclass(frozen=True, slots=True)
class StaffLook:
    """That an instructor saw something about a member; `by` None: that instructor was erased since."""

    by: UserId | None
    what: Look
    at: datetime


def add(tx: Tx, enrolment_ids: Collection[EnrolmentId], by: UserId, what: Look, now: datetime) -> None:
    """Remember that an instructor saw something about each of these members, in one statement."""
    if enrolment_ids:
        tx.execute(
            insert(_look),
            [{"enrolment_id": one, "by_user_id": by, "what": what, "looked_at": now} for one in enrolment_ids],
        )


def add_unless_since(
    tx: Tx, enrolment_ids: Collection[EnrolmentId], by: UserId, what: Look, since: datetime, now: datetime
) -> None:
    """Do the same, but leave out those whom that instructor has seen that way since `since`: it is the same look."""
    k = _look.c
    lately = set(
        tx.scalars(
            select(k.enrolment_id).where(
                k.enrolment_id.in_(enrolment_ids), k.by_user_id == by, k.what == what, k.looked_at >= since
            )
        )
    )
    add(tx, [one for one in enrolment_ids if one not in lately], by, what, now)


def of(tx: Tx, enrolment_id: EnrolmentId, limit: int) -> list[StaffLook]:
    """Return who looked at what of a member, the newest look first."""
    k = _look.c
    rows = tx.execute(
        select(k.by_user_id, k.what, k.looked_at)
        .where(k.enrolment_id == enrolment_id)
        .order_by(k.looked_at.desc(), k.id.desc())
        .limit(limit)
    )
    return [
        StaffLook(None if row.by_user_id is None else UserId(row.by_user_id), Look(row.what), row.looked_at)
        for row in rows
    ]
