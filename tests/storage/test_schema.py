"""Migrations: they build the tables, once, however often and however many processes run them."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text

from storage import tables
from storage.database import Database, DatabaseError, open_database
from storage.schema import migrate, migration_config
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
    of_course = {
        "course_week",
        "cohort_section",
        "class_snapshot",
        "register_access",
        "ai_report",
        "instructor_message",
    }
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


def test_an_upgrade_from_the_first_version_keeps_what_members_gave(empty: Database) -> None:
    with empty.engine.connect() as connection:
        connection.detach()
        if empty.engine.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            command.upgrade(migration_config(connection), "1001")
            connection.exec_driver_sql(
                "INSERT INTO cohort (id, guild_id, name, zone, starts_on, ends_on, nudge_day, nudge_hour,"
                " instructor_role_id, created_at) VALUES"
                " (1, 5, 'A', 'UTC', '2026-09-07', '2026-12-18', 0, 16, 6, '2026-09-01')"
            )
            connection.exec_driver_sql("INSERT INTO account (user_id, dm_closed_told) VALUES (7, false)")
            connection.exec_driver_sql(
                "INSERT INTO enrolment (id, cohort_id, user_id, joined_at, active_at, zone, nudge_day, nudge_hour,"
                " nudges_on, backed_off) VALUES (3, 1, 7, '2026-09-01', '2026-09-01', 'UTC', 0, 16, true, false)"
            )
            row = "(cohort_id, user_id, due_at, kind, period, state, not_before, attempts)"
            for period in ("2026-09-07", "2026-09-14"):
                values = f"(1, 7, '2026-09-07', 'weekly', '{period}', 'owed', '2026-09-07', 0)"
                connection.exec_driver_sql(f"INSERT INTO nudge {row} VALUES {values}")
            connection.exec_driver_sql(
                "INSERT INTO action (enrolment_id, happened_on, kind, nudge_id, logged_at)"
                " VALUES (3, '2026-09-08', 'message', 1, '2026-09-08')"
            )
            connection.exec_driver_sql("DELETE FROM nudge WHERE id = 2")
    migrate(empty.engine)
    n = tables.nudge.c
    with empty.engine.begin() as connection:
        assert connection.execute(select(n.id, n.user_id, n.channel_id, n.period)).all() == [(1, 7, None, "2026-09-07")]
        assert connection.scalar(select(tables.action.c.nudge_id)) == 1
        at = datetime(2026, 9, 14, tzinfo=UTC)
        owed = {"cohort_id": 1, "due_at": at, "not_before": at, "state": "owed", "attempts": 0, "period": "2026-09-14"}
        added = insert(tables.nudge).values(channel_id=9, kind="announcement", **owed).returning(n.id)
        assert connection.scalar(added) == 3
