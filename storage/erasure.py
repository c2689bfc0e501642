"""Erasing people: of whoever goes no row is left in any table, and nothing of anybody else is touched.

What goes is found by walking the tables: every one that names an enrolment or an account takes part, also one that is
added later. The rows go one table after the other, rather than by the database's cascades, so that they are counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, Table, delete, exists, select, tuple_, union, update

from bot.coaching.ids import ChannelId, EnrolmentId, UserId
from storage import bios, tables
from storage.database import Tx

_BATCH = 500
"""How many are named in one statement: databases limit how many values one may have."""
_account = tables.account
_enrolment = tables.enrolment
_LOOKS = (tables.staff_look, tables.register_look)
_written = tables.instructor_message


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: how many rows of which table, and whose.

    `dm_channel_id`: the channel of an erased account, which nothing knows any more. `looks`: how many looks of the
    account as an instructor stay with the members they were at, without saying whose they were.
    """

    rows: Mapping[str, int] = field(default_factory=dict[str, int])
    enrolments: tuple[EnrolmentId, ...] = ()
    dm_channel_id: ChannelId | None = None
    looks: int = 0

    @property
    def count(self) -> int:
        """Return how many rows went."""
        return sum(self.rows.values())


def enrolments_of(tx: Tx, user_id: UserId) -> list[EnrolmentId]:
    """Return an account's enrolments in all courses, open or closed."""
    e = _enrolment.c
    return [EnrolmentId(row) for row in tx.scalars(select(e.id).where(e.user_id == user_id).order_by(e.id))]


def hold_account(tx: Tx, user_id: UserId) -> None:
    """Keep all others from what is known of an account, and from adding to it, until the transaction ends."""
    n, e, a = tables.nudge.c, _enrolment.c, _account.c
    # In the order in which delivery takes them, so that the two do not wait for each other.
    tx.execute(select(n.id).where(n.user_id == user_id).order_by(n.id).with_for_update()).all()
    tx.execute(select(e.id).where(e.user_id == user_id).order_by(e.id).with_for_update()).all()
    tx.execute(select(a.user_id).where(a.user_id == user_id).with_for_update()).all()


def erase_account(tx: Tx, user_id: UserId) -> Erased:
    """Erase everything of an account, as a member and as an instructor; harmless when nothing is known of it."""
    hold_account(tx, user_id)
    a = _account.c
    account = tx.execute(select(a.dm_channel_id).where(a.user_id == user_id)).first()
    ids = enrolments_of(tx, user_id)
    gone = _erase_of_enrolments(tx, ids)
    for table in _tables_with("user_id"):
        gone[table.name] += _deleted(tx, table, table.c.user_id == user_id)
    gone[_written.name] += _deleted(tx, _written, _written.c.by_user_id == user_id)
    looks = _without_name(tx, user_id)
    channel = None if account is None or account.dm_channel_id is None else ChannelId(account.dm_channel_id)
    return Erased({name: count for name, count in gone.items() if count}, tuple(ids), channel, looks)


def erase_enrolments(tx: Tx, ids: Sequence[EnrolmentId]) -> Erased:
    """Erase some members' places in their courses with all that was kept there, and accounts of which nothing is left.

    An account stays while it has a place in another course, asked for a digest, or has anything else in the ledger.
    """
    gone: Counter[str] = Counter()
    e = _enrolment.c
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        user_ids = tx.scalars(select(e.user_id).where(e.id.in_(some)).distinct()).all()
        gone += _erase_of_enrolments(tx, some)
        gone[_account.name] += forget_accounts(tx, user_ids)
    return Erased({name: count for name, count in gone.items() if count}, tuple(ids))


def known_accounts(tx: Tx) -> list[UserId]:
    """Return every account that a row names, as a member or as an instructor."""
    looks = (select(table.c.by_user_id).where(table.c.by_user_id.is_not(None)) for table in _LOOKS)
    named = union(select(_account.c.user_id), select(_written.c.by_user_id), *looks)
    return [UserId(row) for row in tx.scalars(named)]


def erase_again(tx: Tx, user_id: UserId, erased_at: datetime) -> Erased:
    """Erase what was there of an account when it was erased and came back with a backup; what is newer stays."""
    hold_account(tx, user_id)
    e, n, d = _enrolment.c, tables.nudge.c, tables.digest.c
    old = tx.scalars(select(e.id).where(e.user_id == user_id, e.joined_at <= erased_at).order_by(e.id)).all()
    gone = _erase_of_enrolments(tx, [EnrolmentId(row) for row in old])
    in_no_course = ~exists().where(e.cohort_id == n.cohort_id, e.user_id == n.user_id)
    gone["nudge"] += _deleted(tx, tables.nudge, n.user_id == user_id, n.due_at <= erased_at, in_no_course)
    gone["digest"] += _deleted(tx, tables.digest, d.user_id == user_id, d.asked_at <= erased_at)
    gone[_written.name] += _deleted(tx, _written, _written.c.by_user_id == user_id, _written.c.created_at <= erased_at)
    gone["account"] += forget_accounts(tx, [user_id])
    looks = _without_name(tx, user_id, erased_at)
    return Erased({name: count for name, count in gone.items() if count}, tuple(map(EnrolmentId, old)), None, looks)


def _without_name(tx: Tx, user_id: UserId, until: datetime | None = None) -> int:
    """Take an instructor's number out of their looks, or out of those until a moment; return how many there were."""
    looks = 0
    for table in _LOOKS:
        mine = update(table).where(table.c.by_user_id == user_id)
        mine = mine if until is None else mine.where(table.c.looked_at <= until)
        looks += _rows(tx.execute(mine.values(by_user_id=None)))
    return looks


def _erase_of_enrolments(tx: Tx, ids: Sequence[EnrolmentId]) -> Counter[str]:
    """Erase enrolments with all that belongs to them."""
    gone: Counter[str] = Counter()
    e, n = _enrolment.c, tables.nudge.c
    places = tx.execute(select(e.cohort_id, e.user_id).where(e.id.in_(ids))).all()
    if not places:
        return gone
    for table in _tables_with("enrolment_id"):
        gone[table.name] += _deleted(tx, table, table.c.enrolment_id.in_(ids))
    held_by = [(row.cohort_id, row.user_id) for row in places]
    gone["nudge"] += _deleted(tx, tables.nudge, tuple_(n.cohort_id, n.user_id).in_(held_by))
    scopes = [bios.scope_of_member(one) for one in ids]
    gone["ai_budget"] += _deleted(tx, tables.ai_budget, tables.ai_budget.c.scope.in_(scopes))
    gone["enrolment"] += _deleted(tx, _enrolment, e.id.in_(ids))
    return gone


def _tables_with(column: str) -> Iterator[Table]:
    """Return the tables with such a column, those that refer to others before these."""
    return (table for table in reversed(tables.metadata.sorted_tables) if column in table.c)


def forget_accounts(tx: Tx, user_ids: Sequence[int]) -> int:
    """Erase those of some accounts of which nothing else is kept; return how many."""
    a = _account.c
    # First held, then looked at anew: somebody who joins elsewhere at this moment would go with the account.
    tx.execute(select(a.user_id).where(a.user_id.in_(user_ids)).order_by(a.user_id).with_for_update()).all()
    others = (table for table in _tables_with("user_id") if table is not _account)
    nothing = (~exists().where(table.c.user_id == a.user_id) for table in others)
    return _deleted(tx, _account, a.user_id.in_(user_ids), *nothing)


def _deleted(tx: Tx, table: Table, *conditions: ColumnElement[bool]) -> int:
    return _rows(tx.execute(delete(table).where(*conditions)))


def _rows(result: CursorResult[*tuple[object, ...]]) -> int:
    return result.rowcount
