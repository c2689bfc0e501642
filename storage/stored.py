"""What is kept of one account, table by table, as it stands: for the member themselves, and nobody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, func, select

from bot.coaching.cohort import Cohort, Enrolment
from bot.coaching.ids import CohortId, UserId
from bot.coaching.nudges import Recipient
from bot.coaching.parcel import ACCOUNT_KINDS, KINDS, LOOKS_OF_STAFF, KeptKind, Rows
from storage import bios, looks, members, messages, tables
from storage import cohort as cohorts
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Place:
    """An account's place in a course, open or closed."""

    cohort: Cohort
    enrolment: Enrolment


def places(tx: Tx, user_id: UserId) -> list[Place]:
    """Return an account's places in all courses, open ones first, those joined last before the others."""
    c, e = tables.cohort.c, tables.enrolment.c
    ids = tx.scalars(
        select(e.cohort_id)
        .join(tables.cohort, c.id == e.cohort_id)
        .where(e.user_id == user_id)
        .order_by(c.closed_at.is_not(None), e.joined_at.desc(), e.id.desc())
    ).all()
    found = ((cohorts.get(tx, CohortId(one)), members.find(tx, CohortId(one), user_id)) for one in ids)
    return [Place(cohort, enrolment) for cohort, enrolment in found if cohort and enrolment]


def kept_in(tx: Tx, place: Place) -> list[Rows]:
    """Return all rows of a member in a course, by kind."""
    return [_rows(tx, kind, table, condition) for kind, table, condition in _of_place(place)]


def kept_of_account(tx: Tx, user_id: UserId) -> list[Rows]:
    """Return the rows that belong to an account whatever course it is in, by kind."""
    return [_rows(tx, kind, table, condition) for kind, table, condition in _of_account(user_id)]


def counts_in(tx: Tx, place: Place) -> list[tuple[KeptKind, int]]:
    """Return how many rows of each kind a member has in a course."""
    return [(kind, _count(tx, table, condition)) for kind, table, condition in _of_place(place)]


def counts_of_account(tx: Tx, user_id: UserId) -> list[tuple[KeptKind, int]]:
    """Return how many rows of each kind belong to an account whatever course it is in."""
    return [(kind, _count(tx, table, condition)) for kind, table, condition in _of_account(user_id)]


def _of_place(place: Place) -> Iterator[tuple[KeptKind, Table, ColumnElement[bool]]]:
    one, n = place.enrolment, tables.nudge.c
    ours = {
        "enrolment": tables.enrolment.c.id == one.id,
        "nudge": (n.cohort_id == one.cohort_id) & (n.user_id == one.user_id),
        "ai_budget": tables.ai_budget.c.scope == bios.scope_of_member(one.id),
        "register_look": looks.seen_by(one),
        "instructor_message": messages.received_by(Recipient(one.cohort_id, one.user_id)),
    }
    for kind in KINDS:
        table = tables.metadata.tables[kind.table]
        condition = ours.get(kind.table)
        yield kind, table, table.c.enrolment_id == one.id if condition is None else condition


def _of_account(user_id: UserId) -> Iterator[tuple[KeptKind, Table, ColumnElement[bool]]]:
    for kind in ACCOUNT_KINDS:
        table = tables.metadata.tables[kind.table]
        yield kind, table, table.c["by_user_id" if "by_user_id" in table.c else "user_id"] == user_id


def _rows(tx: Tx, kind: KeptKind, table: Table, condition: ColumnElement[bool]) -> Rows:
    # Of a look, who was looked at is not the instructor's to take along.
    columns: Sequence[str] = tuple(kind.words) if _is_look_of_staff(kind) else tuple(table.c.keys())
    found = tx.execute(
        select(*(table.c[name] for name in columns)).where(condition).order_by(*table.primary_key.columns)
    )
    return Rows(kind, tuple(columns), tuple(tuple(row) for row in found))


def _is_look_of_staff(kind: KeptKind) -> bool:
    return kind.table in LOOKS_OF_STAFF and kind in ACCOUNT_KINDS


def _count(tx: Tx, table: Table, condition: ColumnElement[bool]) -> int:
    return tx.scalar(select(func.count()).select_from(table).where(condition)) or 0
