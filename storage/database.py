"""Transactions: one plain function, run on a database thread, committed as a whole or not at all.

Nothing inside `work(tx)` can await, so no network call can hold a transaction open, and whatever is said afterwards is
said after the commit.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

Tx: TypeAlias = Connection
"""An open transaction; only stores look inside."""

T = TypeVar("T")

_SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
}

BUSY_SECONDS = 10
"""How long a transaction waits for another one's lock, and a connection for the server, before it gives up."""
DISCREET: Mapping[str, Any] = {"hide_parameters": True}
"""Errors name the statement, never its values: they are what members wrote, and errors end up in the log."""
TRIES = 3
"""How often a transaction is run that PostgreSQL ends because it and another one wait for each other."""
THREADS = 4
"""Readers on SQLite (writes have one thread of their own); all transactions on PostgreSQL."""


class DatabaseError(Exception):
    """The database cannot be used as configured; the message is a sentence for whoever runs the bot."""


class DatabaseUnavailable(Exception):
    """The database did not answer or is locked; nothing of the transaction was kept, trying again is safe.

    One exception: when a server is lost during the commit itself, the transaction may have been kept.
    """


class Database:
    """The one way to the database. Safe to share among all tasks of an event loop."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self.unsettled = False
        """What was erased may still stand in SQLite's log of writes."""
        self._readers = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
        # SQLite has one writer at a time anyway: a queue of one thread replaces waiting on its lock.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="database-write") if self._sqlite else self._readers

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction, commit, and return its value.

        Whatever `work` raises rolls everything back and is raised here; a lost or busy database raises
        DatabaseUnavailable. A cancelled caller does not cancel the transaction: it ends whole. When the server ends it
        because it and another one wait for each other, `work` is run again from the start: what it changes besides the
        database has to bear that.
        """
        return await self._run(self._writer, work, write=True)

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction beside any writer; raises as `transact` does.

        All of it sees the same moment, and the database refuses to write in it.
        """
        return await self._run(self._readers, work, write=False)

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[Tx], T], *, write: bool) -> T:
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(threads, partial(self._transaction, work, write=write)))

    def _transaction(self, work: Callable[[Tx], T], *, write: bool) -> T:
        for again in reversed(range(TRIES)):
            try:
                with self.engine.connect() as connection, self._prepared(connection, write=write).begin():
                    return work(connection)
            except DBAPIError as error:
                if again and gave_way(error):
                    continue
                if unavailable(error):
                    raise DatabaseUnavailable from error
                raise
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def _prepared(self, connection: Connection, *, write: bool) -> Connection:
        if self._sqlite:
            return connection.execution_options(write=write)
        if write:
            return connection
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def settle_erasure(self) -> bool:
        """Let nothing of what was erased stay in SQLite's log of writes, which would keep it until it is overwritten.

        Return False while a reader is in the way; it is `unsettled` then, and each round tries again. The server of a
        PostgreSQL has ways of its own (VACUUM).
        """
        if not self._sqlite:
            return True
        self.unsettled = True

        def checkpoint() -> bool:
            # Not in a transaction, where it would do nothing.
            connection = self.engine.raw_connection()
            cursor = connection.cursor()
            try:
                # Somebody waits for the answer: a reader that takes longer is not worth it.
                cursor.execute("PRAGMA busy_timeout=1000")
                found = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
                connection.close()
            return found is not None and found[0] == 0

        loop = asyncio.get_running_loop()
        settled = await asyncio.shield(loop.run_in_executor(self._writer, checkpoint))
        self.unsettled = not settled
        return settled

    @property
    def file(self) -> Path | None:
        """Return SQLite's file, None for a server's database."""
        return Path(self.engine.url.database) if self._sqlite and self.engine.url.database else None

    def close(self) -> None:
        """Wait for running transactions, then close every connection."""
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


def gave_way(error: DBAPIError) -> bool:
    """Return whether PostgreSQL ended a transaction in favour of another; nothing of it was kept."""
    return isinstance(error.orig, (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure))


def unavailable(error: DBAPIError) -> bool:
    """Return whether the database was lost, busy or full, as opposed to a statement being wrong."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        # SQLite's driver calls an unknown table "operational" too; that is a mistake of ours and never gets better.
        return getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _SQLITE_UNAVAILABLE
    return isinstance(error, OperationalError)


def open_database(url: str, *, durable: bool = True) -> Database:
    """Return a database for a SQLAlchemy URL or a plain `sqlite:` or `postgresql:` address; connects on first use.

    An SQLite file that is not `durable` may be lost in a power cut, and is faster to write to. Raises DatabaseError
    for an address that cannot be used.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        message = "it is not an address such as sqlite:///data/coach.db or postgresql://user:password@host/name"
        raise DatabaseError(message) from None
    match parsed.get_backend_name():
        case "sqlite":
            return Database(_sqlite_engine(parsed, durable=durable))
        # Hosts of databases hand out both spellings.
        case "postgresql" | "postgres":
            return Database(_postgresql_engine(parsed))
        case other:
            message = f"it names {other!r}; use sqlite or postgresql"
            raise DatabaseError(message)


def _sqlite_engine(url: URL, *, durable: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        message = "it names no file; the smallest address is sqlite:///coach.db"
        raise DatabaseError(message)
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"its folder cannot be made ({error.strerror})"
        raise DatabaseError(message) from error
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"), poolclass=QueuePool, pool_size=THREADS + 1, **DISCREET
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver must not begin transactions by itself: it would run SELECTs outside them.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        _switch_to_wal(connection)
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is deleted is overwritten, not only left out.
        connection.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred BEGIN that writes later fails at once when another process wrote in between; IMMEDIATE waits.
        write = connection.get_execution_options().get("write", True)
        if connection.info.get("write") is not write:
            connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
            connection.info["write"] = write
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    # Of processes that switch a new file at the same moment, SQLite turns some away at once, whatever the timeout.
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _postgresql_engine(url: URL) -> Engine:
    # A server that is gone without a word is noticed, rather than waited for; the address may say otherwise.
    patience = {"connect_timeout": str(BUSY_SECONDS), "tcp_user_timeout": str(BUSY_SECONDS * 1000)}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg", query={**patience, **url.query}),
        pool_size=THREADS,
        max_overflow=0,
        pool_pre_ping=True,
        **DISCREET,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection[Any], _record: Any) -> None:
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [str(BUSY_SECONDS * 1000)])
        connection.commit()

    @event.listens_for(engine, "handle_error")
    def forget_details(context: ExceptionContext) -> None:
        # The server's detail quotes what was to be kept: "Failing row contains (…)".
        error, wrapped = context.original_exception, context.sqlalchemy_exception
        if isinstance(error, psycopg.Error) and error.diag.message_detail and wrapped is not None:
            error.args = wrapped.args = (f"{type(error).__name__}: {error.diag.message_primary}",)

    return engine
