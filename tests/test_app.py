"""The program as it is started: one sentence when something is to be mended, and a clean end when it is told to."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.coaching.ids import UserId
from bot.erasures import ErasureRecord
from storage import tables
from storage.database import open_database
from storage.schema import migrate
from tests.storage.course import enrol

ROOT = Path(__file__).parents[1]
TOKEN = "not-a-real-token"
PASSWORD = "hunter2-never-show-me"
NO_SERVER = f"postgresql://coach:{PASSWORD}@127.0.0.1:1/coach"

# What a real start does not have: Discord at another address.
ENTRY = """
import sys
import discord.gateway, discord.http, yarl
from bot.__main__ import main
base = sys.argv.pop(1)
discord.http.Route.BASE = base
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http", "ws") + "/gateway")
sys.exit(main())
"""


def environment(**settings: str) -> dict[str, str]:
    """Return an environment with these settings and no others."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT)} | settings


def bot(folder: Path, command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a folder without a .env."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *command.split()],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


# What a person has to mend


def content(folder: Path) -> str:
    own = folder / "words"
    own.mkdir()
    (own / "goals.toml").write_text("[goal_types.learn]\nlabel = 3\n")
    return str(own)


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
    tmp_path: Path, settings: dict[str, str], words: Sequence[str]
) -> None:
    content(tmp_path)
    done = bot(tmp_path, "run", **{"DISCORD_TOKEN": TOKEN} | settings)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stderr
    assert TOKEN not in done.stderr


def test_migrate_works_twice_and_needs_no_token(tmp_path: Path) -> None:
    for _ in range(2):
        done = bot(tmp_path, "migrate")
        assert (done.returncode, done.stdout) == (0, "The database is up to date.\n"), done.stderr
    assert (tmp_path / "data" / "coach.db").exists()


def test_an_erasure_that_was_asked_for_on_paper_is_noted_for_the_next_start(tmp_path: Path) -> None:
    done = bot(tmp_path, "erase 123456789012345678")
    assert (done.returncode, done.stdout) == (0, "Noted. The account is erased at the next start.\n"), done.stderr
    [_, line] = (tmp_path / "data" / "coach.erasures").read_text(encoding="utf-8").splitlines()
    assert "123456789012345678" not in line
    refused = bot(tmp_path, "erase amara")
    assert "has to be the number of a Discord account" in refused.stderr


# A connection


ME: dict[str, Any] = {"id": "4242", "username": "coach", "discriminator": "0", "avatar": None, "bot": True}
READY: dict[str, Any] = {
    "v": 10,
    "user": ME,
    "guilds": [],
    "session_id": "x",
    "resume_gateway_url": "ws://127.0.0.1:1",
    "application": {"id": "4242", "flags": 0},
}


def answer(value: Any, status: int = 200) -> web.Response:
    # discord.py reads only exactly this content type as JSON.
    return web.Response(body=json.dumps(value), status=status, headers={"Content-Type": "application/json"})


class Stand:
    """As much of Discord as a bot needs to log in and stay connected."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.connected = asyncio.Event()
        self.registered: list[str] = []

    async def me(self, _request: web.Request) -> web.Response:
        return answer({"message": "401: Unauthorized", "code": 0}, 401) if self.refuses else answer(ME)

    async def application(self, _request: web.Request) -> web.Response:
        owner = {"id": "1", "username": "owner", "discriminator": "0", "avatar": None}
        return answer(
            {
                "id": "4242",
                "name": "coach",
                "icon": None,
                "description": "",
                "owner": owner,
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "flags": 0,
            }
        )

    async def commands(self, request: web.Request) -> web.Response:
        self.registered = [command["name"] for command in await request.json()]
        return answer([])

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for message in socket:
            if message.json()["op"] == 2:
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": READY})
                self.connected.set()
        return socket


@asynccontextmanager
async def standing(stand: Stand) -> AsyncGenerator[str]:
    """Serve the stand-in on loopback; yields its address."""
    app = web.Application()
    app.router.add_get("/users/@me", stand.me)
    app.router.add_get("/oauth2/applications/@me", stand.application)
    app.router.add_put("/applications/{id}/commands", stand.commands)
    app.router.add_get("/gateway", stand.gateway)
    app.router.add_get("/gateway/", stand.gateway)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def started(folder: Path, base: str, command: str = "run") -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        ENTRY,
        base,
        command,
        cwd=folder,
        env=environment(DISCORD_TOKEN=TOKEN, HEARTBEAT_SECONDS="1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: Process) -> tuple[int | None, str]:
    """Wait for the end; returns the exit code and what was said."""
    async with asyncio.timeout(20):
        out, err = await process.communicate()
    return process.returncode, (out + err).decode()


@pytest.mark.parametrize("command", ["run", "sync"])
async def test_a_token_that_discord_refuses_ends_the_start_with_one_sentence(tmp_path: Path, command: str) -> None:
    async with standing(Stand(refuses=True)) as base:
        code, said = await ended(await started(tmp_path, base, command))
    assert code == 2
    assert "DISCORD_TOKEN was refused by Discord" in said
    assert "Traceback" not in said
    assert TOKEN not in said


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_a_connected_bot_that_is_told_to_stop_ends_well(tmp_path: Path, sign: signal.Signals) -> None:
    stand = Stand()
    async with standing(stand) as base:
        process = await started(tmp_path, base)
        async with asyncio.timeout(20):
            await stand.connected.wait()
        told = time.monotonic()
        process.send_signal(sign)
        code, said = await ended(process)
        took = time.monotonic() - told
    assert code == 0, said
    assert "Traceback" not in said
    assert "stopped" in said
    assert took < 5
    assert {"start", "me", "log", "nudge", "cohort"} <= set(stand.registered)


async def test_while_discord_cannot_be_reached_the_bot_tries_on_and_still_ends_at_once_when_told(
    tmp_path: Path,
) -> None:
    process = await started(tmp_path, "http://127.0.0.1:1")
    assert process.stderr is not None
    said = ""
    async with asyncio.timeout(20):
        while "trying again in 5 s" not in said:
            said += (await process.stderr.readline()).decode()
    assert "Discord cannot be reached" in said
    told = time.monotonic()
    process.terminate()
    code, rest = await ended(process)
    assert code == 0, said + rest
    assert time.monotonic() - told < 2
    assert "Traceback" not in said + rest


async def test_sync_registers_the_commands_and_ends(tmp_path: Path) -> None:
    stand = Stand()
    async with standing(stand) as base:
        code, said = await ended(await started(tmp_path, base, "sync"))
    assert (code, "The slash commands are registered." in said) == (0, True), said
    assert "nudge" in stand.registered


async def test_a_start_erases_again_who_came_back_with_a_backup_before_anything_is_planned(tmp_path: Path) -> None:
    erased, url = UserId(7_770_001), f"sqlite:///{tmp_path / 'data' / 'coach.db'}"
    joined = datetime.now(UTC) - timedelta(days=1)
    with closing(open_database(url)) as database:
        migrate(database.engine)
        await database.transact(lambda tx: enrol(tx, erased))
        await database.transact(lambda tx: tx.execute(tables.enrolment.update().values(joined_at=joined)))
    ErasureRecord(tmp_path / "data" / "coach.erasures").note(erased, datetime.now(UTC))
    stand = Stand()
    async with standing(stand) as base:
        process = await started(tmp_path, base)
        async with asyncio.timeout(20):
            await stand.connected.wait()
        process.terminate()
        code, said = await ended(process)
    assert code == 0, said
    assert "1 accounts were there that had been erased before" in said
    assert str(erased) not in said
    with closing(open_database(url)) as database:
        assert await database.read(lambda tx: tx.execute(tables.account.select()).all()) == []


def test_a_start_with_a_record_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    record = ErasureRecord(tmp_path / "data" / "coach.erasures")
    record.note(UserId(1), datetime.now(UTC))
    record.key_path.unlink()
    done = bot(tmp_path, "run", DISCORD_TOKEN=TOKEN)
    assert done.returncode == 2
    assert "ERASURE_RECORD cannot be used" in done.stderr
    assert "its key is not" in done.stderr
    assert "Traceback" not in done.stderr
