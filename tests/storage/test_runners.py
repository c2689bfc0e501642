import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database, DatabaseError, open_database
from storage.runners import presence

ROOT = Path(__file__).parents[2]

HOLD = """
import sys
from storage.database import open_database
from storage.runners import presence
database = open_database(sys.argv[1])
here = presence(database.engine)
here.enter(gateway=True)
print(here.runner, flush=True)
sys.stdin.read()
"""


def holder(url: str) -> tuple[subprocess.Popen[str], str]:
    """Start a process that runs as the gateway, and return it with its runner's name."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def live(database: Database) -> frozenset[str]:
    here = presence(database.engine)
    with database.engine.connect() as connection:
        return here.live(connection) - {here.runner}


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process as hard as it goes."""
    process.kill()
    process.communicate()


def test_a_second_process_on_sqlite_is_refused_with_a_sentence_and_a_killed_one_locks_nobody_out(
    sqlite_url: str,
) -> None:
    process, _ = holder(sqlite_url)
    database = open_database(sqlite_url)
    try:
        with pytest.raises(DatabaseError, match=r"another process is already running on coach\.db"):
            presence(database.engine).enter(gateway=False)
        end(process)
        here = presence(database.engine)
        here.enter(gateway=True)
        here.leave()
    finally:
        end(process)
        database.close()


def test_a_second_gateway_on_postgresql_is_refused_and_may_help_sending(postgresql_url: str) -> None:
    process, runner = holder(postgresql_url)
    database = open_database(postgresql_url)
    try:
        with pytest.raises(DatabaseError, match="--nudges-only"):
            presence(database.engine).enter(gateway=True)
        helper = presence(database.engine)
        helper.enter(gateway=False)
        assert live(database) == {runner, helper.runner}
        helper.leave()
        assert live(database) == {runner}
    finally:
        end(process)
        database.close()


def test_a_killed_process_on_postgresql_is_known_to_be_gone_and_its_gateway_is_free(postgresql_url: str) -> None:
    process, runner = holder(postgresql_url)
    database = open_database(postgresql_url)
    try:
        assert runner in live(database)
        end(process)
        for _ in range(100):  # the server notices the closed session within milliseconds
            if runner not in live(database):
                break
        assert runner not in live(database)
        successor = presence(database.engine)
        successor.enter(gateway=True)
        successor.leave()
    finally:
        database.close()


def test_a_lost_session_is_taken_up_again_under_the_same_name(postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    here = presence(database.engine)
    here.enter(gateway=True)
    try:
        with database.engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert here.runner not in live(database)
        here.renew()
        assert here.runner in live(database)
    finally:
        here.leave()
        database.close()
