"""`move`: everything from an SQLite file into an empty PostgreSQL database."""

from contextlib import ExitStack, closing

from bot.config import Config, StartupError
from bot.opening import erasure_record, open_configured
from storage.database import Database, DatabaseError, open_database
from storage.move import move_rows
from storage.runners import alone


def move(config: Config, to_url: str) -> str:
    """Copy everything into an empty PostgreSQL database; returns sentences that say what to set now.

    The file stays as it is. Raises StartupError; the database at `to_url` has the rows it had then.
    """
    if not to_url.startswith("postgres"):
        raise StartupError(
            "TO_URL has to name a PostgreSQL database, such as postgresql://user:password@host/name; an SQLite file "
            "goes to another place with `backup` and `restore`."
        )
    with ExitStack() as opened:
        source = opened.enter_context(closing(open_configured(config)))
        if source.file is None:
            raise StartupError(
                "DATABASE_URL names PostgreSQL already, and only an SQLite file can be moved; from one PostgreSQL to "
                "another use `backup` and `restore`."
            )
        target = opened.enter_context(closing(_open(to_url)))
        try:
            for database in (source, target):
                opened.enter_context(alone(database.engine))
            counts = move_rows(source.engine, target.engine)
        except DatabaseError as error:
            raise StartupError(f"Nothing was moved from {source.name} to {target.name}: {error}.") from error
        return (
            f"Moved {sum(counts.values())} rows of {len(counts)} tables from {source.name} to {target.name}.\n"
            "The file stays as it is. Erasures no longer reach it: delete it once the bot runs on the new database.\n"
            "Set these in .env before you start the bot:\n"
            "DATABASE_URL=(the address you moved to)\n"
            f"ERASURE_RECORD={erasure_record(config, source).path}"
        )


def _open(url: str) -> Database:
    try:
        return open_database(url)
    except DatabaseError as error:
        raise StartupError(f"TO_URL cannot be used: {error}.") from error
