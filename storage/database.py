"""Transactions: one plain function, run on a database thread, committed as a whole or not at all.

Nothing inside `work(tx)` can await, so no network call can hold a transaction open, and whatever is said afterwards is
said after the commit.
"""

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

Tx: TypeAlias = Connection
"""An open transaction; only stores look inside."""

T = TypeVar("T")

_READ_ONLY = "25006"
"""PostgreSQL's code for a write where only reading is allowed, as on a standby."""
_GAVE_WAY = {"40001", "40P01"}
"""PostgreSQL's codes for a transaction that could not be serialized, or was one of two that waited for each other."""

BUSY_SECONDS = 10
"""How long a transaction waits for another one's lock, and a connection for the server, before it gives up."""
ANSWER_SECONDS = 2
"""The same for work a person waits for, its queue included: Discord gives three seconds to answer."""
DISCREET: Mapping[str, Any] = {"hide_parameters": True}
"""Errors name the statement, never its values: they are what members wrote, and errors end up in the log."""
TRIES = 3
"""How often a transaction is run that PostgreSQL ends because it and another one wait for each other."""
THREADS = 4
"""Readers on SQLite (writes have one thread of their own); all transactions on PostgreSQL."""


_SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
}
_SQLITE_CAUSES = {
    sqlite3.SQLITE_BUSY: f"another program is using it and did not let go of it for {BUSY_SECONDS} seconds",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened or made",
    sqlite3.SQLITE_FULL: "its disk is full",
    sqlite3.SQLITE_IOERR: "its disk cannot be read or written to, and may be full",
    sqlite3.SQLITE_NOTADB: "it names a file that is not a SQLite database",
    sqlite3.SQLITE_READONLY: "its file may not be written to; look at who owns it and at its mode",
}


class DatabaseError(Exception):
    """The database cannot be used as configured; the message is a sentence for whoever runs the bot."""


class DatabaseReplaced(DatabaseError):
    """The file of an open database is another one now, or gone."""


class ServerAway(DatabaseError):
    """The database's server does not let itself be connected to, now."""


class NoDatabase(DatabaseError):
    """There is no database yet where one was to be."""


class DatabaseUnavailable(Exception):
    """The database did not answer or is locked; nothing of the transaction was kept, trying again is safe.

    One exception: when a server is lost during the commit itself, the transaction may have been kept.
    """


class Database:
    """The one way to the database. Safe to share among all tasks of an event loop."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self.wait: float | None = None
        """Seconds until a transaction that has not begun is refused; None: ticks wait their turn, however long."""
        self._unsettled = threading.Event()
        self._readers = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
        # SQLite has one writer at a time anyway: a queue of one thread replaces waiting on its lock.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="database-write") if self._sqlite else self._readers

    def for_answers(self) -> "Database":
        """Return the same database for work a person waits for: what cannot begin in time is refused."""
        hurried = copy(self)
        hurried.wait = ANSWER_SECONDS
        return hurried

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
        # Taken once: by the work when it begins, or by the caller who waits no longer. Work that has begun is waited
        # for, however long it takes, because what it did is the answer.
        turn = threading.Lock()
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(threads, partial(self._transaction, work, turn, write=write))
        running.add_done_callback(_seen)
        if self.wait is not None:
            await asyncio.wait([running], timeout=self.wait)
            if not running.done() and turn.acquire(blocking=False):
                raise DatabaseUnavailable
        return await asyncio.shield(running)

    def _transaction(self, work: Callable[[Tx], T], turn: threading.Lock, *, write: bool) -> T:
        begun = False
        for again in reversed(range(TRIES)):
            if not begun and turn.locked():
                raise DatabaseUnavailable  # to nobody: the caller has gone
            try:
                with self.engine.connect() as connection, self._prepared(connection, write=write).begin():
                    begun = begun or turn.acquire(blocking=False)
                    if not begun:
                        raise DatabaseUnavailable
                    if write and self.wait is None and not self._sqlite:
                        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_SECONDS * 1000}")
                    return work(connection)
            except DBAPIError as error:
                if again and gave_way(error):
                    continue
                if unavailable(error, write=write):
                    raise DatabaseUnavailable from error
                raise
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def _prepared(self, connection: Connection, *, write: bool) -> Connection:
        if self._sqlite:
            return connection.execution_options(write=write)
        if write:
            return connection
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @property
    def unsettled(self) -> bool:
        """Whether what was erased may still stand in SQLite's log of writes."""
        return self._unsettled.is_set()

    async def settle_erasure(self) -> bool:
        """Empty SQLite's write-ahead log, which would keep erased data until it is overwritten.

        Return False while a reader is in the way; it is `unsettled` then, and each round tries again. The server of a
        PostgreSQL has ways of its own (VACUUM).
        """
        if not self._sqlite:
            return True
        self._unsettled.set()

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
        if settled:
            self._unsettled.clear()
        return settled

    @property
    def file(self) -> Path | None:
        """Return SQLite's file, None for a server's database."""
        return Path(self.engine.url.database).absolute() if self._sqlite and self.engine.url.database else None

    @property
    def name(self) -> str:
        """Which database this is, for people: a file by its absolute path, or a server without secrets."""
        url = self.engine.url
        return f"sqlite {self.file}" if self._sqlite else f"postgresql {url.host or 'localhost'}/{url.database or ''}"

    def why(self, error: DatabaseError | DatabaseUnavailable) -> str:
        """Return why it cannot be used, for people and without its password."""
        reason = error.__cause__
        if isinstance(reason, DBAPIError):
            return cause(reason, self.engine.url.password)
        return str(error) or "it was busy for too long"

    def server(self) -> tuple[str, str]:
        """Return the address of a server's database as PostgreSQL's own programs take it, and its password apart."""
        url = self.engine.url
        address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        return address.render_as_string(), self.engine.url.password or ""

    def close(self) -> None:
        """Wait for running transactions, then close every connection."""
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


def _seen(running: "asyncio.Future[Any]") -> None:
    """Keep asyncio from reporting errors of work whose caller was cancelled."""
    if not running.cancelled():
        running.exception()


def gave_way(error: DBAPIError) -> bool:
    """Return whether PostgreSQL ended a transaction in favour of another; nothing of it was kept."""
    return getattr(error.orig, "sqlstate", None) in _GAVE_WAY


def unavailable(error: DBAPIError, *, write: bool) -> bool:
    """Return whether the database was lost, busy, full or made read-only, as opposed to a statement being wrong."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        # SQLite's driver calls an unknown table "operational" too; that is a mistake of ours and never gets better.
        return code in _SQLITE_UNAVAILABLE or (write and code == sqlite3.SQLITE_READONLY)
    return isinstance(error, OperationalError) or (write and getattr(error.orig, "sqlstate", "") == _READ_ONLY)


def cause(error: DBAPIError, password: str | None) -> str:
    """Return why a database cannot be used as part of a sentence, without its password."""
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _SQLITE_CAUSES:
            return _SQLITE_CAUSES[code]
    lines = str(error.orig).splitlines() or [type(error.orig).__name__]
    text = lines[0].replace(password, "***") if password else lines[0]
    return f"it cannot be used ({text})"


def open_database(url: str, *, existing: bool = False, durable: bool = True) -> Database:
    """Return a database for a SQLAlchemy URL or a plain `sqlite:` or `postgresql:` address; connects on first use.

    Raises DatabaseError for an address that cannot be used. An `existing` one is not made: in the wrong folder a
    command would otherwise work on a new, empty file. An SQLite file that is not `durable` may be lost in a power cut,
    and is faster to write to.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        message = "it is not an address such as sqlite:///data/coach.db or postgresql://user:password@host/name"
        raise DatabaseError(message) from None
    match parsed.get_backend_name():
        case "sqlite":
            return Database(_sqlite_engine(parsed, existing=existing, durable=durable))
        # Hosts of databases hand out both spellings.
        case "postgresql" | "postgres":
            return Database(_postgresql_engine(parsed))
        case other:
            message = f"it names {other!r}; use sqlite or postgresql"
            raise DatabaseError(message)


def _sqlite_engine(url: URL, *, existing: bool, durable: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        message = "it names no file; the smallest address is sqlite:///coach.db"
        raise DatabaseError(message)
    file = Path(url.database).absolute()
    if existing and not (file.is_file() and file.stat().st_size):
        message = f"there is no database at {file}; run this in the folder in which the bot runs"
        raise NoDatabase(message)
    try:
        # What members write is nobody else's: SQLite gives the files beside a database the mode of the database.
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"its folder cannot be made ({error.strerror})"
        raise DatabaseError(message) from error
    with suppress(OSError):  # which SQLite meets too, and names
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
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
    try:
        import psycopg  # noqa: PLC0415 - an extra, which SQLite does without
    except ImportError as error:
        message = (
            "PostgreSQL needs the package psycopg: run `.venv/bin/python -m pip install -c constraints.txt "
            "-e '.[postgresql]'` in the folder of PLN Coach"
        )
        raise DatabaseError(message) from error
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
    def prepare(connection: "psycopg.Connection[Any]", _record: Any) -> None:
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{ANSWER_SECONDS}s"])
        connection.commit()

    @event.listens_for(engine, "handle_error")
    def forget_details(context: ExceptionContext) -> None:
        # The server's detail quotes what was to be kept: "Failing row contains (…)".
        error, wrapped = context.original_exception, context.sqlalchemy_exception
        if isinstance(error, psycopg.Error) and error.diag.message_detail and wrapped is not None:
            error.args = wrapped.args = (f"{type(error).__name__}: {error.diag.message_primary}",)

    return engine
