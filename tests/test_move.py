"""Moving to PostgreSQL: everything arrives as it was or nothing does, and new rows go on with new numbers."""

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from bot.__main__ import main
from bot.coaching.ids import UserId
from bot.demo.classroom import open_classroom
from storage import tables
from storage.backup import copy_database
from storage.database import open_database
from storage.runners import presence
from tests.conftest import PostgreSQL
from tests.storage.course import enrol

PASSWORD = "hunter2-never-show-me"


@pytest.fixture
def url(folder: Path) -> str:
    """The database of a folder that commands run in, with three members."""
    assert main(["migrate"]) == 0
    url = f"sqlite:///{folder / 'data' / 'coach.db'}"
    with closing(open_database(url)) as database, database.engine.begin() as connection:
        for user_id in range(1, 4):
            enrol(connection, UserId(user_id), guild_id=user_id)
    return url


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table that has any."""
    with closing(open_database(url)) as database, database.engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in tables.metadata.sorted_tables
        }
        return {name: rows for name, rows in found.items() if rows}


def enrol_in(url: str, user_id: int) -> int:
    with closing(open_database(url)) as database, database.engine.begin() as connection:
        return enrol(connection, UserId(user_id), guild_id=user_id)


async def save_demo(file: Path) -> None:
    async with open_classroom() as classroom:
        assert classroom.course.database.file
        copy_database(classroom.course.database.file, file)


def test_term_of_the_demo_arrives_row_for_row(
    folder: Path, empty_postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "data" / "coach.db"
    file.parent.mkdir()
    asyncio.run(save_demo(file))
    before = contents(f"sqlite:///{file}")
    assert len(before) > 15
    assert len(before["action"]) > 100

    assert main(["move", empty_postgresql_url]) == 0
    said = capsys.readouterr().out
    assert f"Moved {sum(map(len, before.values()))} rows" in said
    assert f"from sqlite {file} to postgresql" in said
    assert said.endswith(f"\nERASURE_RECORD={folder / 'data' / 'coach.erasures'}\n")
    assert contents(empty_postgresql_url) == before
    assert contents(f"sqlite:///{file}") == before


def test_new_rows_get_numbers_that_nothing_had_before(url: str, empty_postgresql_url: str) -> None:
    with closing(open_database(url)) as database, database.engine.begin() as connection:
        connection.execute(delete(tables.enrolment).where(tables.enrolment.c.id == 3))
    assert main(["move", empty_postgresql_url]) == 0
    assert enrol_in(empty_postgresql_url, 4) == 4
    assert [row[0] for row in contents(empty_postgresql_url)["cohort"]] == [1, 2, 3, 4]


def test_move_that_fails_midway_leaves_nothing_and_can_be_repeated(
    url: str, empty_postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = update(tables.enrolment).where(tables.enrolment.c.id == 3)
    with closing(open_database(url)) as database, database.engine.begin() as connection:
        connection.execute(zone.values(zone="x" * 65))
    assert main(["move", empty_postgresql_url]) == 2
    assert "the table enrolment cannot be copied (value too long" in capsys.readouterr().err
    assert contents(empty_postgresql_url) == {}
    with closing(open_database(url)) as database, database.engine.begin() as connection:
        connection.execute(zone.values(zone="Europe/Berlin"))
    assert main(["move", empty_postgresql_url]) == 0
    assert contents(empty_postgresql_url) == contents(url)


def test_database_with_rows_is_left_as_it_is(
    url: str, own_postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    enrol_in(own_postgresql_url, 7)
    before = contents(own_postgresql_url)
    assert main(["move", own_postgresql_url]) == 2
    assert "its table cohort has rows already" in capsys.readouterr().err
    assert contents(own_postgresql_url) == before


def test_databases_in_use_are_refused(url: str, own_postgresql_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    for used, words in ((url, "already running on coach.db"), (own_postgresql_url, "other processes run on it")):
        with closing(open_database(used)) as database:
            running = presence(database.engine)
            running.enter(gateway=False)
            assert main(["move", own_postgresql_url]) == 2
            running.leave()
        assert words in capsys.readouterr().err
    assert contents(own_postgresql_url) == {}
    assert main(["move", own_postgresql_url]) == 0


def test_file_of_an_older_version_is_refused(
    url: str, empty_postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_database(url)) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '1001'")
    assert main(["move", empty_postgresql_url]) == 2
    assert "run `python -m bot migrate` first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("sqlite:///data/other.db", "TO_URL has to name a PostgreSQL database"),
        (f"postgresql://coach:{PASSWORD}@127.0.0.1:1/coach", "Nothing was moved"),
        (f"postgresql://coach:{PASSWORD}@host:port/coach", "TO_URL cannot be used"),
    ],
)
def test_address_that_cannot_be_used_is_refused(
    folder: Path, url: str, capsys: pytest.CaptureFixture[str], target: str, words: str
) -> None:
    assert main(["move", target]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert PASSWORD not in said
    assert not (folder / "data" / "other.db").exists()


def test_target_that_cannot_keep_every_letter_is_refused(
    url: str, postgresql: PostgreSQL, capsys: pytest.CaptureFixture[str]
) -> None:
    postgresql.execute("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    assert main(["move", postgresql.url("latin")]) == 2
    assert "its encoding is LATIN1" in capsys.readouterr().err
    postgresql.drop("latin")


def test_only_a_file_is_moved(
    folder: Path, own_postgresql_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", own_postgresql_url)
    assert main(["move", own_postgresql_url]) == 2
    assert "DATABASE_URL names PostgreSQL already" in capsys.readouterr().err


def test_tables_can_be_filled_in_order() -> None:
    """Rows are copied table by table, so none may refer to its own table; a circle would be warned of."""
    keys = [key for table in tables.metadata.sorted_tables for key in table.foreign_keys]
    assert [key for key in keys if key.column.table is key.parent.table] == []
