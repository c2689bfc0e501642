"""The data inventory: what is kept of an account, from the descriptions in tables.py, and its rows for that account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, func, select

from bot.coaching.cohort import Cohort, Enrolment
from bot.coaching.data_export import DataKind, KeptRows
from bot.coaching.ids import CohortId, UserId
from bot.coaching.nudges import Recipient
from storage import access_log, bios, members, messages, tables
from storage import cohort as cohorts
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Place:
    """A course, open or closed, with an account's enrolment in it."""

    cohort: Cohort
    enrolment: Enrolment


def _notes_to(enrolment: Enrolment) -> ColumnElement[bool]:
    n = tables.nudge.c
    return (n.cohort_id == enrolment.cohort_id) & (n.user_id == enrolment.user_id)


# How to find a member's rows in a table that does not name the enrolment.
_NOT_BY_ENROLMENT: Mapping[str, Callable[[Enrolment], ColumnElement[bool]]] = {
    "enrolment": lambda enrolment: tables.enrolment.c.id == enrolment.id,
    "nudge": _notes_to,
    "ai_budget": lambda enrolment: tables.ai_budget.c.scope == bios.scope_of_member(enrolment.id),
    "register_access": access_log.seen_by,
    "instructor_message": lambda enrolment: messages.received_by(Recipient(enrolment.cohort_id, enrolment.user_id)),
}


def _kind(table: Table) -> DataKind:
    info = table.info
    return DataKind(table.name, info["title"], info["why"], info["seen_by"], {c.name: c.info for c in table.c})


def _kind_by_instructor(table: Table) -> DataKind:
    """Describe rows to the instructor in `by_user_id`, whose export does not name the member they are about."""
    info, columns = table.info, {c.name: c.info for c in table.c if c.name != "enrolment_id"}
    return DataKind(table.name, info["by_title"], info["by_why"], info["by_seen_by"], columns)


_all = tables.metadata.tables.values()
MEMBER_KINDS = tuple(_kind(table) for table in _all if "enrolment_id" in table.c or table.name in _NOT_BY_ENROLMENT)
"""Every kind of rows that a course keeps of a member."""
ACCOUNT_KINDS = (
    *(_kind(table) for table in _all if "user_id" in table.c and table.name not in _NOT_BY_ENROLMENT),
    *(_kind_by_instructor(table) for table in _all if "by_user_id" in table.c),
)
"""Every kind of rows that belongs to an account, whatever course it is in."""


def places(tx: Tx, user_id: UserId) -> list[Place]:
    """Return an account's places in all courses: open ones first, then the latest joined."""
    c, e = tables.cohort.c, tables.enrolment.c
    ids = tx.scalars(
        select(e.cohort_id)
        .join(tables.cohort, c.id == e.cohort_id)
        .where(e.user_id == user_id)
        .order_by(c.closed_at.is_not(None), e.joined_at.desc(), e.id.desc())
    ).all()
    joined = ((cohorts.get(tx, CohortId(id_)), members.find(tx, CohortId(id_), user_id)) for id_ in ids)
    return [Place(cohort, enrolment) for cohort, enrolment in joined if cohort and enrolment]


def rows_in(tx: Tx, place: Place) -> list[KeptRows]:
    """Return all rows of a member in a course, by kind."""
    return [_rows(tx, kind, _in_place(kind, place)) for kind in MEMBER_KINDS]


def rows_of_account(tx: Tx, user_id: UserId) -> list[KeptRows]:
    """Return the rows that belong to an account whatever course it is in, by kind."""
    return [_rows(tx, kind, _of_account(kind, user_id)) for kind in ACCOUNT_KINDS]


def counts_in(tx: Tx, place: Place) -> list[tuple[DataKind, int]]:
    """Return how many rows of each kind a member has in a course."""
    return _counts(tx, [(kind, _in_place(kind, place)) for kind in MEMBER_KINDS])


def counts_of_account(tx: Tx, user_id: UserId) -> list[tuple[DataKind, int]]:
    """Return how many rows of each kind belong to an account whatever course it is in."""
    return _counts(tx, [(kind, _of_account(kind, user_id)) for kind in ACCOUNT_KINDS])


def _in_place(kind: DataKind, place: Place) -> ColumnElement[bool]:
    if kind.table in _NOT_BY_ENROLMENT:
        return _NOT_BY_ENROLMENT[kind.table](place.enrolment)
    return _table(kind).c.enrolment_id == place.enrolment.id


def _of_account(kind: DataKind, user_id: UserId) -> ColumnElement[bool]:
    return _table(kind).c["by_user_id" if "by_user_id" in kind.columns else "user_id"] == user_id


def _table(kind: DataKind) -> Table:
    return tables.metadata.tables[kind.table]


def _rows(tx: Tx, kind: DataKind, condition: ColumnElement[bool]) -> KeptRows:
    table = _table(kind)
    statement = select(*(table.c[name] for name in kind.columns)).where(condition)
    return kind, [dict(row) for row in tx.execute(statement.order_by(*table.primary_key.columns)).mappings()]


def _counts(tx: Tx, asked: Sequence[tuple[DataKind, ColumnElement[bool]]]) -> list[tuple[DataKind, int]]:
    """Return how many rows of each kind meet its condition, in one statement."""
    each = [
        select(func.count()).select_from(_table(kind)).where(condition).scalar_subquery().label(f"count_{number}")
        for number, (kind, condition) in enumerate(asked)
    ]
    return [(kind, count) for (kind, _), count in zip(asked, tx.execute(select(*each)).one(), strict=True)]
