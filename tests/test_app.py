"""The program as it is started: one sentence when something is to be mended, and a clean end when it is told to."""

import asyncio
import logging
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bot.__main__ import main
from bot.app import App, ticks
from bot.coaching.ids import UserId
from bot.erasures import ErasureRecord
from storage import tables
from storage.database import DatabaseError, DatabaseUnavailable, open_database
from storage.schema import migrate
from tests.delivery.discord_rest import BOT_ID, CHANNEL_OFFSET, DiscordRest, Weather
from tests.storage.course import ME, enrol

ROOT = Path(__file__).parents[1]
TOKEN = "not-a-real-token"
PASSWORD = "hunter2-never-show-me"
NO_SERVER = f"postgresql://coach:{PASSWORD}@127.0.0.1:1/coach"
LIMIT = 300
"""Seconds for what takes two: how long a start takes says nothing on a busy machine."""

# What a real start does not have: Discord at another address.
ENTRY = """
import os, sys
import discord.gateway, yarl
from bot.__main__ import main
base = os.environ["DISCORD_API_BASE"] = sys.argv.pop(1)
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http", "ws") + "/gateway")
sys.exit(main())
"""


def environment(**settings: str) -> dict[str, str]:
    """Return an environment with these settings and no others."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "NOTIFY_SOCKET", "WATCHDOG_USEC")
        if name in os.environ
    }
    return kept | {"PYTHONPATH": str(ROOT)} | settings


# What a person has to mend


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DISCORD_TOKEN": ""}, ["DISCORD_TOKEN is not set", "`make demo`, which needs none"]),
        ({"NUDGE_PACE": "fast"}, ["NUDGE_PACE has to be a number from 0.1 to 45", "'fast'"]),
        ({"COURSE_CONTENT": "nowhere"}, ["COURSE_CONTENT", "nowhere"]),
        ({"COURSE_CONTENT": "words"}, ["COURSE_CONTENT cannot be used: goals.toml"]),
        ({"DATABASE_URL": "my database"}, ["DATABASE_URL cannot be used"]),
        ({"DATABASE_URL": NO_SERVER}, ["DATABASE_URL cannot be used"]),
    ],
    ids=["no_token", "pace", "no_folder", "bad_file", "no_address", "no_server"],
)
def test_a_start_that_cannot_be_says_in_one_sentence_which_setting_to_mend(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    words: Sequence[str],
) -> None:
    (folder / "words").mkdir()
    (folder / "words" / "goals.toml").write_text("[goal_types.learn]\nlabel = 3\n")
    for name, value in ({"DISCORD_TOKEN": TOKEN} | settings).items():
        monkeypatch.setenv(name, value)
    # A server that is away may be back: whoever started this may start it again.
    assert main(["run"]) == (1 if settings == {"DATABASE_URL": NO_SERVER} else 2)
    said = capsys.readouterr()
    assert (said.out, len(said.err.strip().splitlines())) == ("", 1)
    assert [word for word in words if word not in said.err] == []
    assert [word for word in ("Traceback", PASSWORD, TOKEN) if word in said.err] == []


def test_migrate_works_twice_and_needs_no_token(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == main(["migrate"]) == 0
    file = folder / "data" / "coach.db"
    assert capsys.readouterr().out == f"The database is up to date: sqlite {file}\n" * 2
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]


def test_an_erasure_asked_for_on_paper_is_noted_for_the_next_start(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["erase", "123456789012345678"]) == 2
    assert f"there is no database at {folder / 'data' / 'coach.db'}" in capsys.readouterr().err
    assert list(folder.iterdir()) == []
    main(["migrate"])
    record = folder / "data" / "coach.erasures"
    assert main(["erase", "123456789012345678"]) == 0
    assert f"Noted in {record}." in capsys.readouterr().out
    [_, line] = record.read_text(encoding="utf-8").splitlines()
    assert "123456789012345678" not in line
    with pytest.raises(SystemExit):
        main(["erase", "amara"])
    assert "has to be the number of a Discord account" in capsys.readouterr().err


def test_a_start_with_a_record_that_cannot_be_read_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "data").mkdir()
    record = ErasureRecord(folder / "data" / "coach.erasures")
    record.note(UserId(1), datetime.now(UTC))
    record.key_path.unlink()
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert main(["run"]) == 2
    said = capsys.readouterr().err
    assert "ERASURE_RECORD cannot be used" in said
    assert "its key is not" in said


def test_the_program_starts_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "run"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "DISCORD_TOKEN is not set" in done.stderr


# A connection


async def started(folder: Path, base: str, *command: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        ENTRY,
        base,
        *(command or ("run",)),
        cwd=folder,
        env=environment(DISCORD_TOKEN=TOKEN, HEARTBEAT_SECONDS="1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def connected(folder: Path, rest: DiscordRest, base: str) -> Process:
    """Start the bot, and wait until the gateway has greeted it."""
    process = await started(folder, base)
    async with asyncio.timeout(LIMIT):
        await rest.connected.wait()
    return process


async def ended(process: Process) -> tuple[int | None, str]:
    """Wait for the end; returns the exit code and what was said."""
    async with asyncio.timeout(LIMIT):
        out, err = await process.communicate()
    return process.returncode, (out + err).decode()


@pytest.mark.parametrize("command", ["run", "sync"])
async def test_a_token_that_discord_refuses_ends_the_start_with_one_sentence(tmp_path: Path, command: str) -> None:
    rest = DiscordRest(Weather())
    rest.refuses_the_token = True
    async with rest.serving() as base:
        code, said = await ended(await started(tmp_path, base, command))
    assert code == 2
    assert "DISCORD_TOKEN was refused by Discord" in said
    assert "Traceback" not in said
    assert TOKEN not in said


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_a_connected_bot_that_is_told_to_stop_ends_well(tmp_path: Path, sign: signal.Signals) -> None:
    rest = DiscordRest(Weather())
    async with rest.serving() as base:
        process = await connected(tmp_path, rest, base)
        process.send_signal(sign)
        code, said = await ended(process)
    assert code == 0, said
    assert "Traceback" not in said
    assert "stopped" in said
    assert {"start", "me", "log", "nudge", "cohort"} <= set(rest.commands)


@pytest.fixture
def member_file(tmp_path: Path) -> Path:
    """The database of a bot in `tmp_path`, with one member in a course that never ends."""
    file = tmp_path / "data" / "coach.db"
    with closing(open_database(f"sqlite:///{file}")) as database:
        migrate(database.engine)
        with database.engine.begin() as connection:
            enrol(connection, ME)
            connection.execute(tables.cohort.update().values(ends_on=date(2100, 1, 1)))
    return file


async def answered(rest: DiscordRest, question: str) -> None:
    async with asyncio.timeout(LIMIT):
        while question not in rest.answers:  # noqa: ASYNC110 - the bot is another process
            await asyncio.sleep(0.01)


async def test_member_gets_an_answer_in_time_while_the_database_is_busy(tmp_path: Path, member_file: Path) -> None:
    rest = DiscordRest(Weather())
    async with rest.serving() as base:
        process = await connected(tmp_path, rest, base)
        with closing(sqlite3.connect(member_file)) as other:
            other.execute("BEGIN IMMEDIATE")
            busy = await rest.ask(ME, "log", kind="note")
            await answered(rest, busy)
        logged = await rest.ask(ME, "log", kind="note")
        await answered(rest, logged)
        process.terminate()
        code, said = await ended(process)
    assert (code, "Traceback" in said) == (0, False), said
    assert "I cannot reach my notes just now" in rest.answers[busy][0].text
    assert rest.answers[busy][0].after < 3
    assert "Logged" in rest.answers[logged][0].text


async def test_answer_in_hand_is_finished_before_the_end(tmp_path: Path, member_file: Path) -> None:
    rest = DiscordRest(Weather(latency=(0.3, 0.3)))
    async with rest.serving() as base:
        process = await connected(tmp_path, rest, base)
        question = await rest.ask(ME, "privacy export")
        await answered(rest, question)
        process.terminate()
        code, said = await ended(process)
    assert (code, "Traceback" in said) == (0, False), said
    card, files = rest.answers[question]
    assert "my-data" in files.text, card.text


async def test_start_is_one_line_that_says_who_where_and_how_to_invite(tmp_path: Path) -> None:
    rest, said = DiscordRest(Weather()), ""
    async with rest.serving() as base:
        process = await started(tmp_path, base)
        assert process.stderr is not None
        async with asyncio.timeout(LIMIT):
            while " servers · " not in said and (line := await process.stderr.readline()):
                said += line.decode()
        process.terminate()
        await ended(process)
    first, start = said.splitlines()
    assert "registered" in first
    assert f"PLN Coach {version('pln-coach')} · " in start
    assert f" · 0 servers · sqlite {tmp_path / 'data' / 'coach.db'} · invite https://discord.com/" in start
    assert f"client_id={BOT_ID}" in start


async def test_token_that_is_reset_meanwhile_ends_with_one_sentence(tmp_path: Path) -> None:
    rest = DiscordRest(Weather())
    async with rest.serving() as base:
        process = await connected(tmp_path, rest, base)
        await rest.end_session(4004)
        code, said = await ended(process)
    assert (code, "Traceback" in said) == (2, False), said
    assert said.splitlines()[-1].startswith("DISCORD_TOKEN was refused by Discord")


async def test_database_that_is_replaced_ends_the_bot_with_a_sentence(tmp_path: Path, member_file: Path) -> None:
    rest = DiscordRest(Weather())
    async with rest.serving() as base:
        process = await connected(tmp_path, rest, base)
        shutil.copy(member_file, tmp_path / "other.db")
        os.replace(tmp_path / "other.db", member_file)  # noqa: PTH105 - a moment's work
        code, said = await ended(process)
    assert (code, "Traceback" in said) == (2, False), said
    assert said.splitlines()[-1].startswith(f"The file {member_file} was replaced or deleted while the bot ran")


async def test_service_manager_that_is_not_there_is_no_reason_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    monkeypatch.setenv("WATCHDOG_USEC", "often")
    rest = DiscordRest(Weather())
    async with rest.serving() as base:
        process = await connected(tmp_path, rest, base)
        process.terminate()
        code, said = await ended(process)
    assert (code, "Traceback" in said) == (0, False), said
    assert "cannot be told READY=1" in said


async def test_sync_without_discord_ends_with_one_sentence(tmp_path: Path) -> None:
    code, said = await ended(await started(tmp_path, "http://127.0.0.1:1", "sync"))
    assert (code, said.startswith("Discord cannot be reached"), "Traceback" in said) == (1, True, False), said


async def test_sender_without_connection_notices_a_reset_token(tmp_path: Path, member_file: Path) -> None:
    due = datetime.now(UTC) - timedelta(minutes=1)
    with closing(open_database(f"sqlite:///{member_file}")) as database, database.engine.begin() as connection:
        connection.execute(tables.enrolment.update().values(next_nudge_at=due))
        connection.execute(tables.account.update().values(dm_channel_id=ME + CHANNEL_OFFSET))
    rest = DiscordRest(Weather(latency=(0.5, 0.5)))
    async with rest.serving() as base:
        process = await started(tmp_path, base, "run", "--nudges-only")
        async with asyncio.timeout(LIMIT):
            while not rest.counts.requests["login"]:  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(0.01)
        async with asyncio.timeout(LIMIT):
            await rest.settled()
        rest.refuses_the_token = True
        code, said = await ended(process)
    assert (code, "Traceback" in said) == (2, False), said
    assert said.splitlines()[-1].startswith("DISCORD_TOKEN was refused by Discord")


async def test_outage_of_the_database_is_one_line_and_its_end_another(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter(
        [None, DatabaseUnavailable(), DatabaseError("its locks are lost"), DatabaseUnavailable(), None, None]
    )

    class Rounds:
        async def round(self, step: timedelta) -> None:
            answer = next(answers)
            if answer is not None:
                raise answer

    here, why = SimpleNamespace(renew=lambda: None), SimpleNamespace(why=lambda error: str(error) or "it was busy")  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType]
    tick = ticks(cast("App", SimpleNamespace(presence=here, delivery=Rounds(), database=why)))
    with caplog.at_level(logging.INFO):
        for _ in range(6):
            await tick(timedelta())
    assert [one.getMessage() for one in caplog.records] == [
        "the database does not answer: it was busy. Nothing is lost; it is tried again",
        "the database answers again, after 0 s",
    ]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="systemd is Linux's")
async def test_service_manager_is_told_and_the_watchdog_fed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(LIMIT)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "400000")
        rest = DiscordRest(Weather())
        async with rest.serving() as base:
            process = await connected(tmp_path, rest, base)
            # Discord has been reached; what was told before waits in the socket.
            told = [await asyncio.to_thread(manager.recv, 100) for _ in range(4)]
            process.terminate()
            await ended(process)
            while told[-1] != b"STOPPING=1":
                told.append(manager.recv(100))
    assert (told[0], told[-1]) == (b"READY=1", b"STOPPING=1")
    assert set(told[1:-1]) == {b"WATCHDOG=1"}


async def test_while_discord_cannot_be_reached_the_bot_tries_on_and_ends_when_told(tmp_path: Path) -> None:
    process = await started(tmp_path, "http://127.0.0.1:1")
    assert process.stderr is not None
    said = ""
    async with asyncio.timeout(LIMIT):
        while "trying again in 5 s" not in said and (line := await process.stderr.readline()):
            said += line.decode()
    assert "Discord cannot be reached" in said
    process.terminate()
    code, rest = await ended(process)
    assert code == 0, said + rest
    assert "trying again" not in rest  # it does not wait for the next try
    assert "Traceback" not in said + rest


async def test_sync_registers_the_commands_and_ends(tmp_path: Path) -> None:
    rest = DiscordRest(Weather())
    async with rest.serving() as base:
        code, said = await ended(await started(tmp_path, base, "sync"))
    assert (code, "The slash commands are registered." in said) == (0, True), said
    assert "nudge" in rest.commands


async def test_invitation_has_the_real_application_id(tmp_path: Path) -> None:
    async with DiscordRest(Weather()).serving() as base:
        code, said = await ended(await started(tmp_path, base, "invite"))
    assert code == 0, said
    assert said.strip().startswith("https://discord.com/oauth2/authorize?client_id=" + str(BOT_ID))
    assert not (tmp_path / "data").exists()


def test_console_of_another_encoding_shows_what_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "Kürs"
    folder.mkdir()
    command = [sys.executable, "-m", "bot", "health"]
    env = environment(PYTHONIOENCODING="ascii")
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=LIMIT, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"K?rs" in done.stdout


async def test_a_start_erases_again_who_came_back_with_a_backup(tmp_path: Path) -> None:
    erased, url = UserId(7_770_001), f"sqlite:///{tmp_path / 'data' / 'coach.db'}"
    joined = datetime.now(UTC) - timedelta(days=1)
    with closing(open_database(url)) as database:
        migrate(database.engine)
        await database.transact(lambda tx: enrol(tx, erased))
        await database.transact(lambda tx: tx.execute(tables.enrolment.update().values(joined_at=joined)))
    ErasureRecord(tmp_path / "data" / "coach.erasures").note(erased, datetime.now(UTC))
    rest = DiscordRest(Weather())
    async with rest.serving() as base:
        process = await connected(tmp_path, rest, base)
        process.terminate()
        code, said = await ended(process)
    assert code == 0, said
    assert "1 accounts were there that had been erased before" in said
    assert str(erased) not in said
    with closing(open_database(url)) as database:
        assert await database.read(lambda tx: tx.execute(tables.account.select()).all()) == []
