"""What a command opens before it does anything; whatever is wrong with it is one sentence that names the setting."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.coaching.ids import UserId
from bot.config import Config, NotYet, StartupError
from bot.erasures import ErasureRecord, ErasureRecordError
from storage.database import Database, DatabaseError, DatabaseUnavailable, ServerAway, open_database
from storage.schema import migrate

ERASURES = Path("data/coach.erasures")
"""Where erasures are noted when the database is no file that they could stand beside."""


def ready_database(config: Config) -> Database:
    """Return the database, migrated; raises StartupError that names DATABASE_URL, without its password.

    It is NotYet when the database's server cannot be connected to.
    """
    try:
        database = open_database(config.database_url)
        migrate(database.engine)
    except ServerAway as error:
        raise NotYet(f"DATABASE_URL cannot be used: {error}") from error
    except (DatabaseError, DatabaseUnavailable) as error:
        raise StartupError(f"DATABASE_URL cannot be used: {error}") from error
    return database


def open_configured(config: Config, *, existing: bool = True) -> Database:
    """Return the database as it is; raises StartupError for an address that cannot be used, or names no database."""
    try:
        return open_database(config.database_url, existing=existing)
    except DatabaseError as error:
        raise StartupError(f"DATABASE_URL cannot be used: {error}") from error


def erasure_record(config: Config, database: Database) -> ErasureRecord:
    """Return the record of who was erased: where the setting says, else beside the database."""
    beside = database.file.with_suffix(".erasures") if database.file else ERASURES
    return ErasureRecord((config.erasure_record or beside).absolute(), config.erasure_key)


def note_erasure(config: Config, user_id: UserId, now: datetime) -> str:
    """Note that an account is to be erased at the next start; returns a sentence. Raises StartupError."""
    with closing(open_configured(config)) as database:
        record = erasure_record(config, database)
        try:
            record.note(user_id, now)
        except ErasureRecordError as error:
            raise StartupError(str(error)) from error
        return f"Noted in {record.path}. The account is erased from {database.name} at the next start of the bot."
