"""A course on each kind of database."""

import pytest

from prompts import Content, load_content
from storage.database import Database
from tests.services.course import Course


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture
async def sqlite_course(sqlite_database: Database, content: Content) -> Course:
    """An open course without members, on SQLite."""
    made = Course(sqlite_database, content)
    await made.open()
    return made


@pytest.fixture
def course(sqlite_course: Course) -> Course:
    """The same; what the databases do differently is tested with the stores, and with `either_course`."""
    return sqlite_course


@pytest.fixture
async def either_course(database: Database, content: Content) -> Course:
    """The same on each kind of database: for races, and for statements that differ."""
    made = Course(database, content)
    await made.open()
    return made
