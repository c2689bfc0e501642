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
async def on_both(database: Database, content: Content) -> Course:
    """The same, for files whose `course` is on SQLite alone."""
    made = Course(database, content)
    await made.open()
    return made


@pytest.fixture
async def sqlite_course(sqlite_database: Database, content: Content) -> Course:
    """The same, where the kind of database makes no difference."""
    made = Course(sqlite_database, content)
    await made.open()
    return made
