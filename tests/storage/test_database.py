"""Transactions: whole or not at all, never "locked", and never a password in an error."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Executable, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import database as database_module
from storage.database import Database, DatabaseError, DatabaseUnavailable, Tx, open_database
from storage.statements import insert_or
from storage.tables import setting
from tests.conftest import PostgreSQL

SECONDS = 5

# Reads, then writes what it read plus one: what goes wrong without a lock taken at the beginning.
COUNT = """
import asyncio, sys
from sqlalchemy import select, update
from storage.database import open_database
from storage.tables import setting

def add_one(tx):
    value = int(tx.scalars(select(setting.c.value).where(setting.c.key == "n").with_for_update()).one())
    tx.execute(update(setting).where(setting.c.key == "n").values(value=str(value + 1)))

async def task(database):
    for _ in range(5):
        await database.transact(add_one)
        await database.read(lambda tx: tx.scalars(select(setting.c.value)).all())

async def main():
    database = open_database(sys.argv[1])
    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(task(database))
    database.close()

asyncio.run(main())
"""


class Oops(Exception):
    pass


def put(tx: Tx, value: str, key: str = "n") -> None:
    statement = insert_or(tx, setting).values(key=key, value=value)
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def value_of(tx: Tx, key: str = "n") -> str | None:
    return tx.scalar(select(setting.c.value).where(setting.c.key == key))


async def test_what_was_done_is_kept_and_the_value_returned(database: Database) -> None:
    def work(tx: Tx) -> str:
        put(tx, "1")
        return "done"

    assert await database.transact(work) == "done"
    assert await database.read(value_of) == "1"


async def test_whatever_is_raised_takes_everything_back(database: Database) -> None:
    await database.transact(lambda tx: put(tx, "before"))

    def work(tx: Tx) -> None:
        put(tx, "after")
        put(tx, "more", "m")
        raise Oops

    with pytest.raises(Oops):
        await database.transact(work)
    assert await database.read(value_of) == "before"
    assert await database.read(lambda tx: value_of(tx, "m")) is None


async def test_a_statement_that_breaks_a_rule_takes_everything_back_and_says_which(database: Database) -> None:
    def work(tx: Tx) -> None:
        put(tx, "after")
        tx.execute(setting.insert().values(key="n", value="again"))

    with pytest.raises(IntegrityError):
        await database.transact(work)
    assert await database.read(value_of) is None


async def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.transact(
            lambda tx: tx.execute(text("INSERT INTO account (user_id, chosen_cohort_id) VALUES (1, 99)"))
        )


async def test_a_mistake_in_a_statement_is_not_mistaken_for_a_lost_database(database: Database) -> None:
    with pytest.raises(DBAPIError, match="no_such_table"):
        await database.transact(lambda tx: tx.execute(text("SELECT * FROM no_such_table")))


@pytest.mark.parametrize(
    "statement",
    [
        insert(setting).values(key="my secret", value=None),
        insert(setting).values(key="n", value="my secret"),
        insert(setting).values(key="my secret", value=text("no_such_column")),
        text("INSERT INTO no_such_table VALUES (:value)").bindparams(value="my secret"),
    ],
)
async def test_what_a_statement_carries_is_in_no_error(database: Database, statement: Executable) -> None:
    await database.transact(lambda tx: put(tx, "1"))
    with pytest.raises(DBAPIError) as refused:
        await database.transact(lambda tx: tx.execute(statement))
    assert "INSERT INTO" in str(refused.value)
    assert "my secret" not in "".join(traceback.format_exception(refused.value))


async def test_a_cancelled_caller_leaves_the_transaction_to_end_whole(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    await database.transact(lambda tx: put(tx, "nothing"))

    def work(tx: Tx) -> None:
        put(tx, "half")
        started.set()
        go_on.wait(SECONDS)
        put(tx, "whole")

    async def caller() -> None:
        await database.transact(work)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(caller())
        await asyncio.to_thread(started.wait, SECONDS)
        task.cancel()
    assert task.cancelled()
    go_on.set()
    # The next write waits for that one, on SQLite in its queue and on PostgreSQL for the row.
    await database.transact(lambda tx: tx.execute(update(setting).values(value=setting.c.value + " and more")))
    assert await database.read(value_of) == "whole and more"


async def test_a_caller_cancelled_while_waiting_for_its_turn_is_served_all_the_same(sqlite_database: Database) -> None:
    go_on = threading.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(sqlite_database.transact(lambda tx: go_on.wait(SECONDS)))
        waiting = group.create_task(sqlite_database.transact(lambda tx: put(tx, "served")))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
        go_on.set()
    await sqlite_database.transact(lambda tx: None)
    assert await sqlite_database.read(value_of) == "served"


async def test_reading_goes_on_beside_a_writer(database: Database) -> None:
    await database.transact(lambda tx: put(tx, "old"))
    started, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        put(tx, "new")
        started.set()
        go_on.wait(SECONDS)

    async with asyncio.TaskGroup() as group:
        writer = group.create_task(database.transact(slow))
        await asyncio.to_thread(started.wait, SECONDS)
        async with asyncio.timeout(SECONDS / 2):
            assert await database.read(value_of) == "old"
        assert not writer.done()
        go_on.set()
    assert await database.read(value_of) == "new"


async def test_a_read_sees_one_moment(database: Database) -> None:
    await database.transact(lambda tx: put(tx, "old"))
    looked, go_on = threading.Event(), threading.Event()

    def look_twice(tx: Tx) -> tuple[str | None, str | None]:
        first = value_of(tx)
        looked.set()
        go_on.wait(SECONDS)
        return first, value_of(tx)

    async with asyncio.TaskGroup() as group:
        reader = group.create_task(database.read(look_twice))
        await asyncio.to_thread(looked.wait, SECONDS)
        await database.transact(lambda tx: put(tx, "new"))
        go_on.set()
    assert reader.result() == ("old", "old")


async def test_a_read_cannot_write_and_a_write_after_it_can(database: Database) -> None:
    for _ in range(database_module.THREADS + 1):
        with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
            await database.read(lambda tx: put(tx, "sneaked in"))
    await database.transact(lambda tx: put(tx, "proper"))
    assert await database.read(value_of) == "proper"


async def test_two_processes_of_twenty_tasks_lose_no_write_and_see_no_lock(
    database: Database, database_url: str
) -> None:
    await database.transact(lambda tx: put(tx, "0"))
    runs = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", COUNT, database_url, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [((await run.communicate())[1], run.returncode) for run in runs] == [(b"", 0)] * 2
    assert await database.read(value_of) == str(2 * 20 * 5)


async def test_a_locked_database_is_unavailable_and_then_available_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 1)
    database = open_database(database_url)
    with closing(_someone_else(database_url)) as other:
        with pytest.raises(DatabaseUnavailable):
            await database.transact(lambda tx: put(tx, "not now"))
        other.rollback()
    await database.transact(lambda tx: put(tx, "now"))
    assert await database.read(value_of) == "now"
    database.close()


async def test_work_for_an_answer_is_refused_in_time_and_never_done_while_a_tick_waits(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "ANSWER_SECONDS", 0.3)
    database = open_database(database_url)
    with closing(_someone_else(database_url)) as other:
        async with asyncio.TaskGroup() as group:
            tick = group.create_task(database.transact(lambda tx: put(tx, "tick")))
            async with asyncio.timeout(SECONDS):
                with pytest.raises(DatabaseUnavailable):
                    await database.for_answers().transact(lambda tx: put(tx, "answer"))
            assert not tick.done()
            other.rollback()
    await database.transact(lambda tx: None)  # whatever was queued has had its turn
    assert await database.read(value_of) == "tick"
    database.close()


async def test_work_for_an_answer_that_has_begun_is_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "ANSWER_SECONDS", 0.1)

    def slow(tx: Tx) -> str:
        put(tx, "slow")
        time.sleep(0.5)
        return "done"

    assert await database.for_answers().transact(slow) == "done"
    assert await database.read(value_of) == "slow"


def only_read(tx: Tx) -> None:
    tx.exec_driver_sql("PRAGMA query_only=ON")


async def test_a_write_to_a_database_that_became_read_only_finds_it_unavailable(
    sqlite_url: str, postgresql: PostgreSQL, own_postgresql_url: str
) -> None:
    name = own_postgresql_url.partition("?")[0].rpartition("/")[2]
    postgresql.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    for database in (open_database(sqlite_url), open_database(own_postgresql_url)):
        if database.file:
            event.listen(database.engine, "begin", only_read)
        with pytest.raises(DatabaseUnavailable):
            await database.transact(lambda tx: put(tx, "not now"))
        database.close()


def _someone_else(url: str) -> "sqlite3.Connection | psycopg.Connection[tuple[object, ...]]":
    """Return a connection of another program that holds a lock on everything."""
    if url.startswith("sqlite"):
        holder = sqlite3.connect(url.removeprefix("sqlite:///"))
        holder.execute("BEGIN IMMEDIATE")
        return holder
    connection = psycopg.connect(url)
    connection.execute("LOCK TABLE setting")
    return connection


async def test_a_lost_connection_is_unavailable_and_the_next_transaction_works(postgresql_url: str) -> None:
    database = open_database(postgresql_url)

    def lose(tx: Tx) -> None:
        put(tx, "lost")
        tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DatabaseUnavailable):
        await database.transact(lose)
    assert await database.read(value_of) is None
    database.close()


async def test_a_stopped_server_is_unavailable_until_it_is_back(
    postgresql: PostgreSQL, own_postgresql_url: str
) -> None:
    database = open_database(own_postgresql_url)
    await database.transact(lambda tx: put(tx, "before"))
    name = database.engine.url.database
    postgresql.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgresql.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    with pytest.raises(DatabaseUnavailable):
        await database.read(value_of)
    postgresql.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert await database.read(value_of) == "before"
    database.close()


async def test_a_password_is_in_no_error() -> None:
    database = open_database("postgresql://coach:hunter2@127.0.0.1:1/coach")
    with pytest.raises(DatabaseUnavailable) as lost:
        await database.transact(lambda tx: put(tx, "1"))
    database.close()
    assert "hunter2" not in "".join(traceback.format_exception(lost.value))
    assert "hunter2" not in repr(database.engine)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "it is not an address"),
        ("data/coach.db", "it is not an address"),
        ("postgresql://coach:hunter2@host:port/coach", "it is not an address"),
        ("mysql://coach:hunter2@host/coach", "it names 'mysql'; use sqlite or postgresql"),
        ("sqlite://", "it names no file"),
        ("sqlite:///:memory:", "it names no file"),
        ("sqlite:////dev/null/coach.db", "its folder cannot be made"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(DatabaseError, match=sentence) as refused:
        open_database(url)
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_is_understood(scheme: str) -> None:
    database = open_database(f"{scheme}://coach@host/coach?connect_timeout=3")
    assert database.engine.url.drivername == "postgresql+psycopg"
    assert database.engine.url.query["connect_timeout"] == "3"
    database.close()


async def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'data' / 'deep' / 'coach.db'}")
    assert await database.read(lambda tx: tx.scalar(text("SELECT 1"))) == 1
    database.close()


async def test_sqlite_survives_a_power_cut(sqlite_url: str) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys")
    with closing(open_database(sqlite_url)) as database:
        pragmas = await database.read(lambda tx: [tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names])
    assert pragmas == ["wal", 2, 1]


async def test_closing_waits_for_what_is_running(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    started = threading.Event()

    def slow(tx: Tx) -> None:
        started.set()
        time.sleep(0.2)
        put(tx, "finished")

    async with asyncio.TaskGroup() as group:
        group.create_task(database.transact(slow))
        await asyncio.to_thread(started.wait, SECONDS)
        await asyncio.to_thread(database.close)
    again = open_database(sqlite_url)
    assert await again.read(value_of) == "finished"
    again.close()
