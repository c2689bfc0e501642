"""Erasing people: no row is left in any table of whoever goes, and nothing of anybody else is touched.

What goes is found by walking the tables: every one that names an enrolment or an account takes part, also one that is
added later. Rows go one table after the other, not by the database's cascades, so that they are counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, Table, delete, exists, select, true, tuple_, union, update

from bot.coaching.ids import ChannelId, EnrolmentId, UserId
from storage import bios, tables
from storage.database import Tx

_BATCH = 500
"""How many are named in one statement: databases limit how many values one may have."""
_account = tables.account
_enrolment = tables.enrolment
# Tables that refer to others come before these.
_tables = list(reversed(tables.metadata.sorted_tables))
_of_enrolment = [table for table in _tables if "enrolment_id" in table.c]
_of_account = [table for table in _tables if "user_id" in table.c]
_by_instructor = [table for table in _tables if "by_user_id" in table.c]


@dataclass(frozen=True, slots=True)
class Erased:
    """What went.

    Attributes:
        rows: How many, by table.
        dm_channel_id: The channel of an erased account, which nothing knows any more.
        unnamed: How many entries of the access log stay with the members they are about, without the instructor.
    """

    rows: Mapping[str, int] = field(default_factory=dict[str, int])
    enrolments: tuple[EnrolmentId, ...] = ()
    dm_channel_id: ChannelId | None = None
    unnamed: int = 0

    @property
    def count(self) -> int:
        """How many rows went."""
        return sum(self.rows.values())


def enrolments_of(tx: Tx, user_id: UserId) -> list[EnrolmentId]:
    """Return an account's enrolments in all courses, open or closed."""
    e = _enrolment.c
    return [EnrolmentId(row) for row in tx.scalars(select(e.id).where(e.user_id == user_id).order_by(e.id))]


def hold_account(tx: Tx, user_id: UserId) -> None:
    """Let nobody erase an account, join with it or use its places in courses until the transaction ends.

    Delivery may be at its ledger rows meanwhile. Where it and an erasure come to wait for each other, PostgreSQL ends
    one of them and the database runs it again.
    """
    e = _enrolment.c
    tx.execute(select(e.id).where(e.user_id == user_id).order_by(e.id).with_for_update()).all()
    _hold_accounts(tx, [user_id])


def _hold_accounts(tx: Tx, user_ids: Sequence[int]) -> None:
    a = _account.c
    tx.execute(select(a.user_id).where(a.user_id.in_(user_ids)).order_by(a.user_id).with_for_update()).all()


def erase_account(tx: Tx, user_id: UserId) -> Erased:
    """Erase everything of an account, as a member and as an instructor; harmless when nothing is known of it."""
    hold_account(tx, user_id)
    channel = tx.scalar(select(_account.c.dm_channel_id).where(_account.c.user_id == user_id))
    ids = enrolments_of(tx, user_id)
    gone = _erase_enrolments(tx, ids)
    for table in _of_account:
        gone[table.name] += _delete(tx, table, table.c.user_id == user_id)
    unnamed = _erase_instructor(tx, user_id, gone)
    return Erased(_counts(gone), tuple(ids), None if channel is None else ChannelId(channel), unnamed)


def erase_enrolments(tx: Tx, ids: Sequence[EnrolmentId]) -> Erased:
    """Erase enrolments with everything kept in their courses, and accounts of which nothing is left.

    An account stays while it has a place in another course, asked for a digest, or has anything else in the ledger.
    """
    gone: Counter[str] = Counter()
    e = _enrolment.c
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        user_ids = tx.scalars(select(e.user_id).where(e.id.in_(batch)).distinct()).all()
        gone += _erase_enrolments(tx, batch)
        gone[_account.name] += forget_accounts(tx, user_ids)
    return Erased(_counts(gone), tuple(ids))


def known_accounts(tx: Tx) -> list[UserId]:
    """Return every account that a row names, as a member or as an instructor."""
    by = (select(table.c.by_user_id).where(table.c.by_user_id.is_not(None)) for table in _by_instructor)
    return [UserId(row) for row in tx.scalars(union(select(_account.c.user_id), *by))]


def erase_again(tx: Tx, user_id: UserId, erased_at: datetime) -> Erased:
    """Erase what a restored backup brought back of an account; what is newer than its erasure stays."""
    hold_account(tx, user_id)
    e, n = _enrolment.c, tables.nudge.c
    old = tx.scalars(select(e.id).where(e.user_id == user_id, e.joined_at <= erased_at).order_by(e.id)).all()
    ids = [EnrolmentId(row) for row in old]
    gone = _erase_enrolments(tx, ids)
    in_no_course = ~exists().where(e.cohort_id == n.cohort_id, e.user_id == n.user_id)
    gone["nudge"] += _delete(tx, tables.nudge, n.user_id == user_id, n.due_at <= erased_at, in_no_course)
    gone["digest"] += _delete(tx, tables.digest, tables.digest.c.user_id == user_id, _until(tables.digest, erased_at))
    gone["account"] += forget_accounts(tx, [user_id])
    unnamed = _erase_instructor(tx, user_id, gone, erased_at)
    return Erased(_counts(gone), tuple(ids), None, unnamed)


def _erase_instructor(tx: Tx, user_id: UserId, gone: Counter[str], erased_at: datetime | None = None) -> int:
    """Erase what an account did as an instructor, or did until a moment; return how many rows stay without its number.

    Where a row may do without the number (`by_user_id` may be null), it belongs to the members it is about.
    """
    unnamed = 0
    for table in _by_instructor:
        by, until = table.c.by_user_id, true() if erased_at is None else _until(table, erased_at)
        if by.nullable:
            unnamed += _rows(tx.execute(update(table).where(by == user_id, until).values(by_user_id=None)))
        else:
            gone[table.name] += _delete(tx, table, by == user_id, until)
    return unnamed


def _until(table: Table, moment: datetime) -> ColumnElement[bool]:
    """Condition that a row was there at a moment."""
    since: str = table.info["since"]
    return table.c[since] <= moment


def _erase_enrolments(tx: Tx, ids: Sequence[EnrolmentId]) -> Counter[str]:
    gone: Counter[str] = Counter()
    e, n = _enrolment.c, tables.nudge.c
    places = [tuple(row) for row in tx.execute(select(e.cohort_id, e.user_id).where(e.id.in_(ids)))]
    if not places:
        return gone
    for table in _of_enrolment:
        gone[table.name] += _delete(tx, table, table.c.enrolment_id.in_(ids))
    scopes = [bios.scope_of_member(id_) for id_ in ids]
    gone["nudge"] += _delete(tx, tables.nudge, tuple_(n.cohort_id, n.user_id).in_(places))
    gone["ai_budget"] += _delete(tx, tables.ai_budget, tables.ai_budget.c.scope.in_(scopes))
    gone["enrolment"] += _delete(tx, _enrolment, e.id.in_(ids))
    return gone


def forget_accounts(tx: Tx, user_ids: Sequence[int]) -> int:
    """Erase the accounts among these of which nothing else is kept; return how many."""
    a = _account.c
    # First held, then looked at anew: somebody who joins elsewhere at this moment would go with the account.
    _hold_accounts(tx, user_ids)
    nothing = (~exists().where(table.c.user_id == a.user_id) for table in _of_account if table is not _account)
    return _delete(tx, _account, a.user_id.in_(user_ids), *nothing)


def _delete(tx: Tx, table: Table, *conditions: ColumnElement[bool]) -> int:
    return _rows(tx.execute(delete(table).where(*conditions)))


def _rows(result: CursorResult[*tuple[object, ...]]) -> int:
    return result.rowcount


def _counts(gone: Counter[str]) -> dict[str, int]:
    return {table: count for table, count in gone.items() if count}
