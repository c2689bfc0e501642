"""A course on each kind of database."""

import pytest

from prompts import Content, load_content
from storage.database import Database
from tests.services.course import Course


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture
async def course(database: Database, content: Content) -> Course:
    """An open course without members."""
    made = Course(database, content)
    await made.open()
    return made


@pytest.fixture
async def sqlite_course(sqlite_database: Database, content: Content) -> Course:
    """The same, where the kind of database makes no difference."""
    made = Course(sqlite_database, content)
    await made.open()
    return made


@pytest.fixture
async def either_course(database: Database, content: Content) -> Course:
    """The same on each kind, in files where `course` is on SQLite: for races, and for statements that differ."""
    made = Course(database, content)
    await made.open()
    return made
