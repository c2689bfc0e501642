"""Every row of an SQLite file in an empty PostgreSQL database, under the same ids."""

from sqlalchemy import Connection, Engine, Table, func, insert, inspect, literal, select, text
from sqlalchemy.exc import DBAPIError

from storage.database import DatabaseError, cause
from storage.schema import check_known, migrate, newest_revision, read_revisions
from storage.tables import metadata

_BATCH = 1000
"""Rows in memory at a time."""


def move_rows(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every row in one transaction; returns how many each table has. Nobody else may use either meanwhile.

    What a process had claimed in the ledger moves too: that process does not run on the new database, so the next round
    takes it over, as after a crash. Raises DatabaseError; `target` has the rows it had then.
    """
    try:
        with source.connect().execution_options(write=False) as old, old.begin():
            _check_current(old)
            with target.connect() as connection:
                _check_empty(connection)
            migrate(target)
            with target.begin() as new:
                counts = {table.name: _copy(table, old, new) for table in metadata.sorted_tables}
                _continue_numbers(old, new)
            return counts
    except DBAPIError as error:
        raise DatabaseError(cause(error, target.url.password)) from error


def _check_current(source: Connection) -> None:
    seen = read_revisions(source)
    if not seen:
        raise DatabaseError("the file holds no database of PLN Coach")
    check_known(seen)
    if seen != {newest_revision()}:
        raise DatabaseError("the file is from an older version; run `python -m bot migrate` first")


def _check_empty(target: Connection) -> None:
    """Look before the target is migrated: what somebody else keeps there stays as it is."""
    there = set(inspect(target).get_table_names())
    for table in metadata.sorted_tables:
        if table.name in there and target.scalar(select(literal(1)).select_from(table).limit(1)):
            raise DatabaseError(f"its table {table.name} has rows already; name an empty database")


def _copy(table: Table, source: Connection, target: Connection) -> int:
    try:
        for rows in source.execute(select(table)).mappings().partitions(_BATCH):
            target.execute(insert(table), [dict(row) for row in rows])
    except DBAPIError as error:
        # SQLite holds no text to its length, so a file that was changed by hand may hold more than fits.
        reason = str(error.orig).partition("\n")[0]
        raise DatabaseError(f"the table {table.name} cannot be copied ({reason})") from error
    count = select(func.count()).select_from(table)
    expected, arrived = source.execute(count).scalar_one(), target.execute(count).scalar_one()
    if arrived != expected:
        raise DatabaseError(f"{expected} rows of the table {table.name} became {arrived}")
    return arrived


def _continue_numbers(source: Connection, target: Connection) -> None:
    """Number new rows as SQLite would have: the number of a deleted row is not given again."""
    given = {row.name: row.seq for row in source.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        last = given.get(table.name) or source.scalar(select(func.max(column)))
        if last:
            target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), last)))
