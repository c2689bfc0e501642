"""Databases without a single table yet."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from storage.database import open_database
from storage.schema import migrate
from tests.conftest import PostgreSQL


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
