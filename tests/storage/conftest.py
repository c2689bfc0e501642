"""Databases without a single table yet, and a transaction with two members in it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.coaching.ids import EnrolmentId
from storage.database import Database, Tx, open_database
from storage.schema import migrate
from tests.conftest import PostgreSQL
from tests.storage.course import ME, OTHER, enrol


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


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
def empty_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"empty_{request.param}_url")


@pytest.fixture
def tx(database: Database) -> Iterator[Tx]:
    """An open transaction on each kind of database; it is taken back at the end."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def me(tx: Tx) -> EnrolmentId:
    return enrol(tx, ME)


@pytest.fixture
def other(tx: Tx) -> EnrolmentId:
    """Somebody else in the same course."""
    return enrol(tx, OTHER)
