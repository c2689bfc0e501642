"""Migrations: they build the tables, once, however often and however many processes run them."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from storage import tables
from storage.database import Database, DatabaseError, open_database
from storage.schema import migrate
from tests.conftest import PostgreSQL
from tests.storage.schemas import schema_of

ROOT = Path(__file__).parents[2]
RUN = "import sys; from storage.database import open_database; from storage.schema import migrate; "
MIGRATE = RUN + "database = open_database(sys.argv[1]); print(); input(); migrate(database.engine); database.close()"


@pytest.fixture
def postgresql_url(own_postgresql_url: str) -> str:
    """These tests change more than rows."""
    return own_postgresql_url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    opened = open_database(empty_url)
    yield opened
    opened.close()


def test_the_migrations_build_exactly_the_tables(database: Database) -> None:
    with database.engine.begin() as connection:
        migrated = schema_of(connection)
        tables.metadata.drop_all(connection)
        tables.metadata.create_all(connection)
        assert migrated == schema_of(connection)


def test_alembic_finds_nothing_left_to_migrate(database: Database) -> None:
    with database.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": tables.metadata})
        assert compare_metadata(context, tables.metadata) == []


def test_migrating_again_changes_and_loses_nothing(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(tables.setting.insert().values(key="kept", value="yes"))
        before = schema_of(connection)
    migrate(database.engine)
    with database.engine.begin() as connection:
        assert schema_of(connection) == before
        assert connection.scalar(tables.setting.select().with_only_columns(tables.setting.c.value)) == "yes"


def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    pipe = subprocess.PIPE
    starts = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, empty_url], stdin=pipe, stdout=pipe, stderr=pipe)
        for _ in range(4)
    ]
    for start in starts:
        assert start.stdout
        start.stdout.readline()
    for start in starts:
        assert start.stdin
        start.stdin.write(b"\n")
        start.stdin.flush()
    assert [(start.communicate()[1], start.returncode) for start in starts] == [(b"", 0)] * 4


def test_foreign_keys_hold_again_after_migrating(empty: Database) -> None:
    migrate(empty.engine)
    if empty.engine.dialect.name == "sqlite":
        with empty.engine.begin() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="a newer version of PLN Coach"):
        migrate(database.engine)


@pytest.mark.parametrize("revision", ["0001", "0006"])
def test_database_of_the_old_chain_is_refused_and_untouched(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        connection.execute(tables.setting.insert().values(key="kept", value="yes"))
        before = schema_of(connection)
    with pytest.raises(DatabaseError, match="a trial version of PLN Coach"):
        migrate(database.engine)
    with database.engine.begin() as connection:
        assert schema_of(connection) == before
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == revision
        assert connection.scalar(tables.setting.select().with_only_columns(tables.setting.c.value)) == "yes"


def test_a_database_of_another_program_is_left_alone(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE cohort (theirs INTEGER)"))
    with pytest.raises(DatabaseError, match="already exists"):
        migrate(empty.engine)
    with empty.engine.begin() as connection:
        assert inspect(connection).get_table_names() == ["cohort"]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("shopping list\n" * 100)
    opened = open_database(f"sqlite:///{file}")
    with pytest.raises(DatabaseError, match="it names a file that is not a SQLite database"):
        migrate(opened.engine)
    opened.close()
    assert file.read_text() == "shopping list\n" * 100


def test_file_that_may_only_be_read_is_refused() -> None:
    # Root may write to any file: such a process becomes somebody else, whom pytest's own folders keep out.
    code = f"{RUN}import os; os.getuid() or os.seteuid(65534); migrate(open_database(sys.argv[1]).engine)"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "coach.db"
        with closing(open_database(f"sqlite:///{file}")) as opened:
            migrate(opened.engine)
        file.chmod(0o444)
        command = [sys.executable, "-c", code, f"sqlite:///{file}"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "DatabaseError: its file may not be written to" in done.stderr


def test_server_of_another_encoding_is_refused(postgresql: PostgreSQL) -> None:
    postgresql.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    opened = open_database(postgresql.url("latin"))
    with pytest.raises(DatabaseError, match="its encoding is LATIN1"):
        migrate(opened.engine)
    opened.close()
    postgresql.drop("latin")


def test_database_that_is_up_to_date_needs_no_alembic(sqlite_url: str) -> None:
    code = f"{RUN}migrate(open_database(sys.argv[1]).engine); print('alembic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, sqlite_url], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    opened = open_database(f"sqlite:///{tmp_path}")
    with pytest.raises(DatabaseError, match="its file cannot be opened or made"):
        migrate(opened.engine)
    opened.close()


@pytest.mark.parametrize(("password", "shown"), [("hunter2", "127.0.0.1"), ("127.0.0.1", "***")])
def test_a_server_that_does_not_answer_is_named_without_the_password(password: str, shown: str) -> None:
    opened = open_database(f"postgresql://coach:{password}@127.0.0.1:1/coach")
    with pytest.raises(DatabaseError, match=r"it cannot be used \(connection.* failed") as refused:
        migrate(opened.engine)
    opened.close()
    assert shown in str(refused.value)
    assert password not in str(refused.value)


def test_erasing_an_account_or_a_cohort_erases_everything_a_member_gave() -> None:
    # These hold nothing of a member's: the course's own settings and counts, the bot's, what a day's calls may use.
    # An instructor's message has no account row to hang on: the erasure takes it by its author.
    of_course = {"cohort_section", "class_snapshot", "register_access", "ai_report", "instructor_message"}
    without_members = {"cohort", *of_course, "setting", "ai_budget"}
    erased = {"account"}
    while (
        more := {
            table.name
            for table in tables.metadata.sorted_tables
            for key in table.foreign_keys
            if key.ondelete == "CASCADE" and key.column.table.name in erased
        }
        - erased
    ):
        erased |= more
    assert erased == set(tables.metadata.tables) - without_members
    cohort = {key.parent.table.name for key in _keys_to("cohort") if key.ondelete == "CASCADE"}
    assert cohort == {"enrolment", "nudge", "feedback", "digest", *of_course}


def _keys_to(name: str) -> Iterator[tables.ForeignKey]:
    for table in tables.metadata.sorted_tables:
        yield from (key for key in table.foreign_keys if key.column.table.name == name)


def test_no_reference_is_left_to_chance() -> None:
    keys = [key for table in tables.metadata.sorted_tables for key in table.foreign_keys]
    assert {key.ondelete for key in keys} <= {"CASCADE", "SET NULL"}
    assert all(key.parent.nullable for key in keys if key.ondelete == "SET NULL")
