"""Running processes: each holds a lock that ends with it, so no process has to guess whether another is alive.

On SQLite one process runs, guarded by a lock file of the operating system. On PostgreSQL each process holds an advisory
lock in a session of its own; the server frees it the moment the session ends, and lists who holds one. The gateway of a
shard is one more such lock. A claim in the ledger whose runner holds none is nobody's, and may be taken over at once.
"""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.database import DatabaseError, DatabaseReplaced, DatabaseUnavailable, Tx, cause

RUNNERS = 0x504C4E
"""The first half of the advisory locks that runners hold; the second is their number."""
GATEWAYS = 0x504C4F
"""The first half of the advisory locks that gateways hold; the second is their shard."""


class Presence(Protocol):
    """This process among those that share a database."""

    @property
    def runner(self) -> str:
        """Return the name under which this process claims rows."""
        ...

    def enter(self, *, gateway: bool) -> None:
        """Become one of the processes that run; raises DatabaseError when this one may not, with the sentence why."""
        ...

    def renew(self) -> None:
        """Make sure that the locks are still held, and on SQLite that the file is still there.

        Raises DatabaseUnavailable, DatabaseError when the locks are lost, or DatabaseReplaced.
        """
        ...

    def live(self, tx: Tx) -> frozenset[str]:
        """Return the names of the processes that run now, this one included."""
        ...

    def leave(self) -> None:
        """Stop being one of them."""
        ...


def presence(engine: Engine) -> Presence:
    """Return this process's presence, not yet entered."""
    if engine.dialect.name == "sqlite":
        return _OnSqlite(Path(engine.url.database or ""))
    return _OnPostgresql(engine)


@contextmanager
def alone(engine: Engine) -> Generator[None]:
    """Keep every other process from a database meanwhile; raises DatabaseError when one runs on it."""
    here = presence(engine)
    try:
        try:
            here.enter(gateway=True)
            if engine.dialect.name != "sqlite":
                with engine.connect() as connection:
                    if here.live(connection) - {here.runner}:
                        raise DatabaseError("other processes run on it; stop them first")
        except DBAPIError as error:
            raise DatabaseError(cause(error, engine.url.password)) from error
        yield
    finally:
        here.leave()


class _OnSqlite:
    """One process at a time; the lock file is empty and stays, the lock on it does not."""

    def __init__(self, file: Path) -> None:
        self.runner = secrets.token_hex(4)
        self._file = file
        self._lock = FileLock(f"{file}.lock", mode=0o600)
        self._open: tuple[int, int] | None = None

    def enter(self, *, gateway: bool) -> None:
        del gateway  # one process is everything
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            message = (
                f"another process is already running on {self._file.name}; stop that one first, or use PostgreSQL, "
                "which several may share"
            )
            raise DatabaseError(message) from None
        except OSError as error:
            message = f"its lock file {self._lock.lock_file} cannot be made ({error.strerror})"
            raise DatabaseError(message) from error
        self._open = _identity(self._file)

    def renew(self) -> None:
        """Look whether the file is still the one that is open; the lock lasts as long as the process lives."""
        if self._open != _identity(self._file):
            raise DatabaseReplaced(
                f"The file {self._file.absolute()} was replaced or deleted while the bot ran, so the bot has stopped. "
                "Look which file is the right one, and start again; `restore` puts a backup in its place."
            )

    def live(self, tx: Tx) -> frozenset[str]:
        del tx
        return frozenset({self.runner})

    def leave(self) -> None:
        self._lock.release()


def _identity(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of its name, None if there is none; raises DatabaseUnavailable."""
    try:
        about = file.stat()
    except FileNotFoundError:
        return None
    except OSError as error:  # a disk that is away for a moment
        raise DatabaseUnavailable from error
    return about.st_dev, about.st_ino


class _OnPostgresql:
    """Any number of processes, one of them the gateway."""

    def __init__(self, engine: Engine) -> None:
        # Positive and within 31 bits, so that it reads the same as a lock's number and as an unsigned one in pg_locks.
        self._number = secrets.randbelow(2**31 - 1) + 1
        self.runner = str(self._number)
        self._engine = engine
        self._session: Connection | None = None
        self._gateway = False

    def enter(self, *, gateway: bool) -> None:
        self._gateway = gateway
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        session.detach()  # it is this process's own for as long as it runs
        if gateway and not _taken(session, GATEWAYS, 0):
            session.close()
            message = (
                "another process holds this bot's connection to Discord; more processes may help it send with "
                "`python -m bot run --nudges-only`"
            )
            raise DatabaseError(message)
        _taken(session, RUNNERS, self._number)
        self._session = session

    def renew(self) -> None:
        try:
            if self._session is not None:
                self._session.execute(text("SELECT 1"))
                return
        except DBAPIError:
            self.leave()
        try:
            # The server has freed the locks with the session; whoever took the gateway meanwhile keeps it.
            self.enter(gateway=self._gateway)
        except DBAPIError as error:
            raise DatabaseUnavailable from error

    def live(self, tx: Tx) -> frozenset[str]:
        numbers = tx.scalars(
            text(
                "SELECT objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
                "WHERE locktype = 'advisory' AND classid = :runners AND objsubid = 2 AND granted "
                "AND datname = current_database()"
            ),
            {"runners": RUNNERS},
        )
        return frozenset(map(str, numbers)) | {self.runner}

    def leave(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def _taken(session: Connection, kind: int, number: int) -> bool:
    statement = text("SELECT pg_try_advisory_lock(:kind, :number)")
    return bool(session.scalar(statement, {"kind": kind, "number": number}))
