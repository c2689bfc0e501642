"""SQL that both databases know but spell in their own dialects, and several queries in one round trip."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    SelectBase,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Tx
from storage.tables import UtcDateTime

RowValues: TypeAlias = Mapping[Any, Any]
"""A row by the names of its columns."""
DIALECTS = ("sqlite", "postgresql")
MEMBER: BindParameter[Any] = bindparam("member")
"""The enrolment in statements that are built once: expressions cost more than the queries they make."""
COHORT: BindParameter[Any] = bindparam("cohort")
"""The course in such statements."""


def insert_or(tx: Tx, table: Table) -> sqlite.Insert:
    """Return an INSERT that can say ON CONFLICT, in the dialect of the transaction's database."""
    return _insert(table, tx.dialect.name)


def _insert(table: Table, dialect: str) -> sqlite.Insert:
    if dialect == "postgresql":
        # The two classes share the methods used here; one static type keeps the stores readable.
        return postgresql.insert(table)  # pyright: ignore[reportReturnType]
    return sqlite.insert(table)


def upserts(table: Table, keys: Sequence[str], changes: Sequence[str]) -> Mapping[str, sqlite.Insert]:
    """Build an INSERT per dialect that, where a row has these keys already, changes these columns of it."""

    def built(dialect: str) -> sqlite.Insert:
        statement = _insert(table, dialect)
        values = {column: statement.excluded[column] for column in changes}
        return statement.on_conflict_do_update(index_elements=keys, set_=values)

    return {dialect: built(dialect) for dialect in DIALECTS}


class Combined:
    """Several queries sent as one statement: one round trip, and all see the same moment.

    Each query becomes a column that holds its rows as a JSON list, which both databases build themselves. Its columns
    have to be numbers, texts, days, moments or booleans.
    """

    def __init__(self, **queries: SelectBase) -> None:
        self._readers = {name: _reader(query) for name, query in queries.items()}
        self._statements = {
            dialect: select(*(_as_json(query, dialect).label(name) for name, query in queries.items()))
            for dialect in DIALECTS
        }

    def read(self, tx: Tx, values: Mapping[str, Any]) -> dict[str, list[RowValues]]:
        """Return the rows of each query, in the order that it asks for; `values` are for all bound parameters."""
        found = tx.execute(self._statements[tx.dialect.name], values).one()
        # PostgreSQL makes no list of no rows.
        return {
            name: [read(row) for row in json.loads(listed or "[]")]
            for (name, read), listed in zip(self._readers.items(), found, strict=True)
        }


def _as_json(query: SelectBase, dialect: str) -> ColumnElement[str]:
    rows = query.subquery()
    if dialect == "postgresql":
        listed = func.json_agg(func.json_build_array(*rows.c))
    else:
        listed = func.json_group_array(func.json_array(*rows.c))
    # As text: PostgreSQL's driver would read JSON by itself, SQLite's would not.
    return select(cast(listed, Text)).scalar_subquery()


def _reader(query: SelectBase) -> Callable[[Sequence[Any]], RowValues]:
    columns = query.subquery().c
    names = columns.keys()
    readers = [(number, read) for number, column in enumerate(columns) if (read := _from_json(column.type))]

    def row(values: Sequence[Any]) -> RowValues:
        named = dict(zip(names, values, strict=True))
        for number, read in readers:
            if values[number] is not None:
                named[names[number]] = read(values[number])
        return named

    return row


def _from_json(kind: Any) -> Callable[[Any], Any] | None:
    """Return what makes a value of JSON's few types; None where it is right as it is."""
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, Date):
        return date.fromisoformat
    return _moment if isinstance(kind, UtcDateTime) else None


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def week_number(dialect: str, first_monday: date | BindParameter[date], day: ColumnElement[date]) -> ColumnElement[int]:
    """Return the number of the week that holds a day: 0 for the one of `first_monday`; no day is before that."""
    first = first_monday if isinstance(first_monday, BindParameter) else literal(first_monday)
    if dialect == "postgresql":
        return type_coerce(day - first, Integer) // 7
    return cast(func.julianday(day) - func.julianday(first), Integer) // 7
