"""Backup and restore: a backup made beside the running bot is whole, and what is restored is exactly the backup."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.__main__ import main
from bot.coaching.ids import UserId
from storage import tables
from storage.database import open_database
from storage.runners import presence
from storage.schema import migrate
from tests.conftest import PostgreSQL
from tests.storage.course import enrol

ROOT = Path(__file__).parents[1]
PASSWORD = "hunter2-never-show-me"

# A bot as far as its database is concerned: it runs, and enrols so many members for each line it reads.
BOT = """
import asyncio, sys
from bot.coaching.ids import UserId
from storage.database import open_database
from storage.runners import presence
from tests.storage.course import enrol

async def main():
    database = open_database(sys.argv[1])
    here = presence(database.engine)
    here.enter(gateway=True)
    last = 0
    for line in sys.stdin:
        for last in range(last + 1, last + 1 + int(line)):
            await database.transact(lambda tx: enrol(tx, UserId(last)))
        print(last, flush=True)

asyncio.run(main())
"""


@pytest.fixture
def enrolling() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    bots: list[subprocess.Popen[str]] = []

    def start(url: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", BOT, url]
        pipe = subprocess.PIPE
        bots.append(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
        return bots[-1]

    yield start
    for bot in bots:
        bot.kill()
        bot.communicate()


def enrol_more(bot: subprocess.Popen[str], count: int) -> None:
    assert bot.stdin
    assert bot.stdout
    print(count, file=bot.stdin, flush=True)
    assert bot.stdout.readline()


def members(url: str) -> int:
    with closing(open_database(url)) as database, database.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(tables.enrolment)) or 0


@pytest.fixture
def url(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database of the folder's, which commands work on."""
    assert main(["migrate"]) == 0
    return f"sqlite:///{folder / 'data' / 'coach.db'}"


def test_restore_after_kill_gives_back_exactly_the_backup(
    folder: Path,
    url: str,
    capsys: pytest.CaptureFixture[str],
    enrolling: Callable[[str], subprocess.Popen[str]],
) -> None:
    bot = enrolling(url)
    enrol_more(bot, 30)
    backup, log = folder / "monday.backup", folder / "data" / "coach.db-wal"
    assert main(["backup", str(backup)]) == 0
    assert f"Backed up sqlite {folder / 'data' / 'coach.db'} to {backup}." in capsys.readouterr().out
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    enrol_more(bot, 5)

    assert main(["restore", str(backup)]) == 2
    assert "Nothing was restored: another process is already running" in capsys.readouterr().err
    bot.kill()
    bot.wait()
    assert log.stat().st_size
    main(["erase", "777"])
    noted = (folder / "data" / "coach.erasures").read_bytes()

    assert main(["restore", str(backup)]) == 0
    assert str(folder / "data" / "coach.erasures") in capsys.readouterr().out
    assert not log.exists()
    assert members(url) == 30
    assert (folder / "data" / "coach.erasures").read_bytes() == noted
    assert stat.S_IMODE((folder / "data" / "coach.db").stat().st_mode) == 0o600
    assert {file.name for file in folder.iterdir()} == {"data", "monday.backup"}


def test_dated_backups_are_kept_up_to_a_number(url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = folder / "backups"
    assert main(["backup", "--keep", "2", str(kept)]) == 2
    assert f"There is no folder {kept}; make it first" in capsys.readouterr().err
    kept.mkdir()
    for name in ("pln-coach-20260901T031500Z", "pln-coach-20260902T031500Z", "pln-coach-2026", "notes.txt"):
        (kept / name).write_text("old")
    assert main(["backup", "--keep", "2", str(kept)]) == 0
    *others, new = sorted(path.name for path in kept.iterdir())
    assert others == ["notes.txt", "pln-coach-2026", "pln-coach-20260902T031500Z"]
    assert members(f"sqlite:///{kept / new}") == 0


def test_new_backup_stays_though_others_are_dated_ahead_of_it(url: str, folder: Path) -> None:
    ahead = [f"pln-coach-2999010{day}T031500Z" for day in (1, 2, 3)]
    for name in ahead:
        (folder / name).write_text("old")
    assert main(["backup", "--keep", "2", str(folder)]) == 0
    new, *others = sorted(path.name for path in folder.glob("pln-coach-*"))
    assert others == ahead[2:]
    assert members(f"sqlite:///{folder / new}") == 0


def test_what_a_killed_backup_left_goes_when_nobody_can_be_writing_it(url: str, folder: Path) -> None:
    old, own = folder / "pln-coach-20260901T031500Z.part", folder / "thesis.part"
    young = folder / f"pln-coach-{datetime.now(UTC):%Y%m%d}T000000Z.part"
    for part in (old, young, own):
        part.write_text("half")
    assert main(["backup", "--keep", "2", str(folder)]) == 0
    assert sorted(folder.glob("*.part")) == sorted([young, own])


def test_old_backup_that_cannot_be_deleted_is_said(url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stuck = folder / "pln-coach-20260901T031500Z"
    stuck.mkdir()
    assert main(["backup", "--keep", "1", str(folder)]) == 2
    assert f"But {stuck} cannot be deleted" in capsys.readouterr().err


def test_backup_replaces_no_file_and_makes_no_database(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "new"]) == 2
    assert "there is no database at" in capsys.readouterr().err
    assert list(folder.iterdir()) == []
    main(["migrate"])
    (folder / "mine").write_text("precious")
    assert main(["backup", "mine"]) == 2
    assert f"{folder / 'mine'} exists already" in capsys.readouterr().err
    assert (folder / "mine").read_text() == "precious"


def cut(file: Path) -> None:
    """Damage a backup in its middle, as a bad disk does."""
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = b"\xff" * 4096
    file.write_bytes(content)


def replace_with_text(file: Path) -> None:
    file.write_text("shopping list\n" * 100)


def make_newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def replace_with_other_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE notes (id)")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cut, "malformed"),
        (replace_with_text, "cannot be read as a database"),
        (make_newer, "newer version of PLN Coach"),
        (replace_with_other_program, "no database of PLN Coach"),
        (Path.unlink, "There is no file"),
    ],
)
def test_backup_that_cannot_be_used_changes_nothing(
    folder: Path, url: str, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], words: str
) -> None:
    backup = folder / "monday.backup"
    main(["backup", str(backup)])
    with closing(open_database(url)) as database, database.engine.begin() as connection:
        enrol(connection, UserId(7))
    spoil(backup)
    assert main(["restore", str(backup)]) == 2
    assert words in capsys.readouterr().err
    assert members(url) == 1
    assert [file.name for file in folder.glob("*/*.restoring*")] == []


def test_backup_of_server_is_restored_by_its_own_programs(
    folder: Path,
    postgresql: PostgreSQL,
    own_postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", own_postgresql_url)
    monkeypatch.setenv("PATH", str(postgresql.programs))
    backup = folder / "monday.backup"
    with closing(open_database(own_postgresql_url)) as database:
        for user in range(1, 31):
            with database.engine.begin() as connection:
                enrol(connection, UserId(user))
        assert main(["backup", str(backup)]) == 0
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
        with database.engine.begin() as connection:
            enrol(connection, UserId(31))
        helper = presence(database.engine)
        helper.enter(gateway=False)
        assert main(["restore", str(backup)]) == 2
        assert "other processes run on it" in capsys.readouterr().err
        helper.leave()
        assert members(own_postgresql_url) == 31
        assert main(["restore", str(backup)]) == 0
        assert members(own_postgresql_url) == 30
        migrate(database.engine)
    replace_with_text(backup)
    assert main(["restore", str(backup)]) == 2
    assert "pg_restore failed" in capsys.readouterr().err


def test_without_pg_dump_its_line_is_printed_without_the_password(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://coach:{PASSWORD}@db.example/coach")
    monkeypatch.setenv("PATH", str(folder))
    assert main(["backup", "monday"]) == 2
    said = capsys.readouterr().err
    assert "pg_dump --format=custom" in said
    assert "postgresql://coach@db.example/coach" in said
    assert PASSWORD not in said
    assert not shutil.which("pg_dump")
    assert list(folder.iterdir()) == []
