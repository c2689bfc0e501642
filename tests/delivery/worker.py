"""The process that is killed: the real bot without a gateway, or one of the naive protocols, beside the stand-in.

What runs is what `python -m bot run --nudges-only` runs: the real database, the real discord.py over a real socket, the
real clock. Only the lengths of time are shortened, so that outages longer than the nonce memory fit into seconds. The
traps at which it kills itself are put around the database and the messenger from outside: the product knows of none.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import discord
from discord import http

from bot import app
from bot.coaching.ids import ChannelId, MessageId
from bot.config import read_config
from bot.logs import set_up_logging
from bot.pace import EvenPace
from bot.services import breaker, delivery
from bot.services.delivery import DeliveryWorker, Timing
from bot.services.messenger import NudgeMessage, Problem
from cogs.messenger import DiscordMessenger
from storage.database import Database, DatabaseUnavailable, Tx, open_database
from tests.delivery import naive

T = TypeVar("T")

OURS = "ours"
PROTOCOLS = (OURS, *naive.PROTOCOLS)
TOKEN = "proof.stand-in.token"
SHORTENED = Timing(*(timedelta(seconds=seconds) for seconds in (0.6, 0.9, 1.5)))
TRANSACTIONS = {"_plan": "plan", "_claim": "claim", "_prepare": "prepare", "_settle": "settle"}
"""The steps of a round by the names of the functions that are their transactions."""
REQUEST = ("before the request", "after the answer")
POINTS = (*(f"{step}, {when} the commit" for step in TRANSACTIONS.values() for when in ("before", "after")), *REQUEST)


@dataclass(frozen=True, slots=True)
class KillPoint:
    """Dies at the `nth` pass of a point; passes that had nothing to do are not counted."""

    point: str
    nth: int


@dataclass(frozen=True, slots=True)
class Life:
    """One life of the process: what it runs, beside what, how fast, and where it dies by itself, if it does.

    Attributes:
        pace: Direct messages a second.
        heartbeat: Seconds between ticks.
        hurried: Everything else that the product and discord.py wait for is shortened too.
        rounds: A counter in shared memory, of the rounds that came to their end.
    """

    protocol: str
    database_url: str
    discord_url: str
    log: Path
    rounds: Any
    timing: Timing = SHORTENED
    pace: float = 40
    heartbeat: float = 0.05
    hurried: bool = True
    kill: KillPoint | None = None


def live(life: Life) -> None:
    """Run until killed. The entry of a child process."""
    # What every life has to say is found in one file.
    log = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    set_up_logging("WARNING", "text")
    for chatty in ("discord.client", "apscheduler"):  # no voice; and a tick while the last one still runs
        logging.getLogger(chatty).setLevel(logging.ERROR)
    http.Route.BASE = life.discord_url
    if life.hurried:
        hurry()
        delivery.REFUSED_FOR = delivery.OPEN_AGAIN_AFTER = timedelta(seconds=0.5)
        breaker.COOL_OFF, breaker.LONGEST_COOL_OFF = timedelta(seconds=0.5), timedelta(seconds=2)
    if life.kill is not None:
        _set_trap(life.kill)
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    parent = parent_process()
    if parent is not None:
        # When nobody is left to kill it, it may not go on for ever.
        asyncio.get_running_loop().add_reader(parent.sentinel, os._exit, 1)
    await (_ours(life) if life.protocol == OURS else _naive(life))


async def _ours(life: Life) -> None:
    plain = DeliveryWorker.round

    async def counted(self: DeliveryWorker, step: timedelta = timedelta()) -> None:
        await plain(self, step)
        life.rounds.value += 1

    DeliveryWorker.round = counted
    settings = {"DISCORD_TOKEN": TOKEN, "DATABASE_URL": life.database_url, "NUDGE_JITTER_MINUTES": "0"}
    # Beyond what a person may set: seconds stand for minutes here.
    faster = {"nudge_pace": life.pace, "heartbeat_seconds": life.heartbeat, "dm_opens_per_minute": 6000}
    await app.run_nudges(replace(read_config(settings, None), **faster), life.timing)


async def _naive(life: Life) -> None:
    database = open_database(life.database_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(TOKEN)
        messenger, pace, limit = DiscordMessenger(client), EvenPace(life.pace), life.timing.send_limit
        protocol = naive.Naive(life.protocol, database, messenger, pace, limit)
        while True:
            with suppress(DatabaseUnavailable):  # as the schedule does: the next tick tries again
                await protocol.round(datetime.now(UTC))
                life.rounds.value += 1
            await asyncio.sleep(life.heartbeat)


class Hurried:
    """The asyncio that discord.py's requests see: its waits of 1, 3, 5 … s after a 5xx fit the shortened send limit."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        """Wait; what Discord asked for, always a fraction, is not shortened."""
        await asyncio.sleep(seconds / 50 if isinstance(seconds, int) else seconds)


def hurry() -> None:
    """Shorten what discord.py waits for."""
    http.asyncio = Hurried()  # pyright: ignore[reportPrivateImportUsage, reportAttributeAccessIssue]


# Traps


def step_of(work: Callable[..., Any]) -> str | None:
    """Return which step of a round a transaction is, None for any other."""
    while isinstance(work, partial):
        work = work.func
    return TRANSACTIONS.get(getattr(work, "__name__", ""))


def _set_trap(kill: KillPoint) -> None:
    """Let this very process kill itself at the point, once."""
    left = kill.nth

    def passed(point: str) -> None:
        nonlocal left
        left -= point == kill.point
        if not left:
            _die()

    transact_plainly, send_plainly = Database.transact, DiscordMessenger.send

    async def transact(self: Database, work: Callable[[Tx], T]) -> T:
        step = step_of(work)

        def watched(tx: Tx) -> T:
            result = work(tx)
            if result or step == "settle":
                passed(f"{step}, before the commit")
            return result

        result = await transact_plainly(self, watched)
        if result or step == "settle":
            passed(f"{step}, after the commit")
        return result

    async def send(
        self: DiscordMessenger, channel_id: ChannelId, message: NudgeMessage, nonce: str
    ) -> MessageId | Problem:
        passed(REQUEST[0])
        result = await send_plainly(self, channel_id, message, nonce)
        passed(REQUEST[1])
        return result

    Database.transact, DiscordMessenger.send = transact, send


def _die() -> NoReturn:
    """End this process as a power cut would: nothing is flushed, closed or told."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit  # not reached
