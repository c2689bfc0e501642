"""The schema brought up to date: every migration the database has not seen, in one transaction, under a lock."""

import sqlite3

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage.database import BUSY_SECONDS, DatabaseError

# Any number will do, as long as every version of the program uses the same.
_LOCK = 0x504C4E

# Revisions from before the first release. They were squashed into 1001, and nothing leads on from them.
_SQUASHED = frozenset({"0001", "0002", "0003", "0004", "0005", "0006"})

_SQLITE_CAUSES = {
    sqlite3.SQLITE_BUSY: f"another program is using it and did not let go of it for {BUSY_SECONDS} seconds",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened or made",
    sqlite3.SQLITE_FULL: "its disk is full",
    sqlite3.SQLITE_NOTADB: "it names a file that is not a SQLite database",
    sqlite3.SQLITE_READONLY: "its file may not be written to",
}


def migrate(engine: Engine) -> None:
    """Bring the database up to date; harmless when it is, and when another process does the same.

    Raises DatabaseError when the database cannot be reached or changed, was used by a newer version of the program, or
    comes from before the first release; nothing is changed then.
    """
    try:
        # Detached: what is set on this connection is gone with it.
        with engine.connect() as connection:
            connection.detach()
            _upgrade(connection)
    except DBAPIError as error:
        raise DatabaseError(_cause(error, engine.url.password)) from error


def migration_config(connection: Connection) -> Config:
    """Return Alembic's settings for this connection; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


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
        config = migration_config(connection)
        if _up_to_date(connection, ScriptDirectory.from_config(config)):
            return
        command.upgrade(config, "head")
        if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            message = "bringing it up to date would leave rows without what they belong to; nothing was changed"
            raise DatabaseError(message)


def _up_to_date(connection: Connection, scripts: ScriptDirectory) -> bool:
    seen = set(MigrationContext.configure(connection).get_current_heads())
    if seen & _SQUASHED:
        message = (
            "it was made by a trial version of PLN Coach from before 0.2, which this one cannot take over; name a new "
            "database in DATABASE_URL, or go on with the old version"
        )
        raise DatabaseError(message)
    if seen - {script.revision for script in scripts.walk_revisions()}:
        message = "it was last used by a newer version of PLN Coach; update this one, or restore an older backup"
        raise DatabaseError(message)
    return seen == set(scripts.get_heads())


def _cause(error: DBAPIError, password: str | None) -> str:
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _SQLITE_CAUSES:
            return _SQLITE_CAUSES[code]
    lines = str(error.orig).splitlines() or [type(error.orig).__name__]
    text = lines[0].replace(password, "***") if password else lines[0]
    return f"it cannot be used ({text})"
