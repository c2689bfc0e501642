"""Databases without a single table yet, and a transaction with two members in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.coaching.ids import EnrolmentId
from storage.database import Database, Tx
from tests.storage.course import ME, OTHER, enrol


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


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
def sqlite_tx(sqlite_database: Database) -> Iterator[Tx]:
    """The same on SQLite alone, where the kind makes no difference."""
    with sqlite_database.engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def me(tx: Tx) -> EnrolmentId:
    return enrol(tx, ME)


@pytest.fixture
def other(tx: Tx) -> EnrolmentId:
    """Somebody else in the same course."""
    return enrol(tx, OTHER)
