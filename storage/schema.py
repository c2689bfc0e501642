"""The schema brought up to date: every migration the database has not seen, in one transaction, under a lock."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from storage.database import DatabaseError, ServerAway, cause

if TYPE_CHECKING:
    from alembic.config import Config

# Any number will do, as long as every version of the program uses the same.
_LOCK = 0x504C4E

_VERSIONS = Path(__file__).parent / "migrations" / "versions"

# Revisions from before the first release. They were squashed into 1001, and nothing leads on from them.
_SQUASHED = frozenset({"0001", "0002", "0003", "0004", "0005", "0006"})


def migrate(engine: Engine) -> None:
    """Bring the database up to date; harmless when it is, and when another process does the same.

    Raises DatabaseError when the database cannot be read as UTF-8 or written to, was used by a newer version of the
    program, or comes from before the first release, and ServerAway when it cannot be connected to; nothing is changed.
    """
    try:
        # Detached: what is set on this connection is gone with it.
        with engine.connect() as connection:
            connection.detach()
            _upgrade(connection)
    except DBAPIError as error:
        # What the server answers to a statement has a code; that there was no connection has none.
        away = engine.dialect.name != "sqlite" and getattr(error.orig, "sqlstate", None) is None
        raise (ServerAway if away else DatabaseError)(cause(error, engine.url.password)) from error


def probe(engine: Engine) -> set[str]:
    """Return the revision of a database that can be read and written to, as `read_revisions` does; changes nothing.

    Raises DatabaseError as `migrate` does.
    """
    try:
        with engine.connect() as connection, connection.begin():
            if connection.dialect.name != "sqlite":
                _check_encoding(connection)
            seen = read_revisions(connection)
            check_known(seen)
            if seen:
                _write_nothing(connection)
            return seen
    except DBAPIError as error:
        raise DatabaseError(cause(error, engine.url.password)) from error


def migration_config(connection: Connection) -> "Config":
    """Return Alembic's settings for this connection; there is no ini file."""
    from alembic.config import Config  # noqa: PLC0415 - takes half a second, and most starts have nothing to migrate

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """Return the revision of an up-to-date database: files are numbered, and each migration follows the last."""
    return max(_revisions())


def read_revisions(connection: Connection) -> set[str]:
    """Return the revision that a database is at, as a set: empty for one without our tables."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


def check_known(seen: Collection[str]) -> None:
    """Raise DatabaseError unless this version can take over a database at these revisions."""
    if set(seen) & _SQUASHED:
        raise DatabaseError(
            "it was made by a trial version of PLN Coach from before 0.2, which this one cannot take over; name a new "
            "database in DATABASE_URL, or go on with the old version"
        )
    if set(seen) - _revisions():
        raise DatabaseError(
            "it was last used by a newer version of PLN Coach; update this one, or restore an older backup"
        )


def _revisions() -> set[str]:
    return {file.name.partition("_")[0] for file in _VERSIONS.glob("[0-9]*_*.py")}


def _upgrade(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # To change a column SQLite's tables are copied and dropped, and a drop would cascade to what members gave.
        # It has to be said before the transaction begins.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    # On SQLite beginning takes the lock.
    with connection.begin():
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            _check_encoding(connection)
        seen = read_revisions(connection)
        check_known(seen)
        if seen != {newest_revision()}:
            from alembic import command  # noqa: PLC0415 - as above

            command.upgrade(migration_config(connection), "head")
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                message = "bringing it up to date would leave rows without what they belong to; nothing was changed"
                raise DatabaseError(message)
        _write_nothing(connection)


def _write_nothing(connection: Connection) -> None:
    """Prove that the database can be written to.

    A file that may only be read lets SQLite begin to write, and refuses the first statement that would.
    """
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num WHERE 1 = 0")


def _check_encoding(connection: Connection) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        message = (
            f"its encoding is {encoding}, which cannot keep what people write; make one with "
            "`CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`"
        )
        raise DatabaseError(message)
