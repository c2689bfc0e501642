"""The few statements that both databases know but spell in their own dialects."""

from datetime import date

from sqlalchemy import ColumnElement, Integer, Table, cast, func, literal, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Tx


def insert_or(tx: Tx, table: Table) -> sqlite.Insert:
    """Return an INSERT that can say ON CONFLICT, in the dialect of the transaction's database."""
    if tx.dialect.name == "postgresql":
        # The two classes share the methods used here; one static type keeps the stores readable.
        return postgresql.insert(table)  # pyright: ignore[reportReturnType]
    return sqlite.insert(table)


def week_number(tx: Tx, first_monday: date, day: ColumnElement[date]) -> ColumnElement[int]:
    """Return the number of the week that holds a day: 0 for the one of `first_monday`; no day is before that."""
    if tx.dialect.name == "postgresql":
        return type_coerce(day - literal(first_monday), Integer) // 7
    return cast(func.julianday(day) - func.julianday(first_monday.isoformat()), Integer) // 7
