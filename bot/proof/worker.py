"""The process that is killed: the real bot without a gateway, or one of the naive protocols, beside the stand-in.

What runs is what `python -m bot run --nudges-only` runs: the real database, the real discord.py over a real socket, the
real clock. Only the lengths of time are shortened, so that outages longer than the nonce memory fit into seconds.
"""

import asyncio
import logging
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import discord
from discord import http

from bot import app
from bot.config import read_config
from bot.logs import set_up_logging
from bot.pace import EvenPace
from bot.proof import naive
from bot.proof.kills import KillPoint, set_trap
from bot.services import breaker, delivery
from bot.services.delivery import Timing
from cogs.messenger import DiscordMessenger
from storage.database import DatabaseUnavailable, open_database

OURS = "ours"
PROTOCOLS = (OURS, *naive.PROTOCOLS)
TOKEN = "proof.stand-in.token"  # noqa: S105 - opens nothing


@dataclass(frozen=True, slots=True)
class Pulse:
    """The lengths of time of one life: `timing` is the product's own, `heartbeat` in seconds, `pace` in DMs a second.

    `hurried`: everything else that the product and discord.py wait for is shortened as much as the send limit is.
    """

    timing: Timing
    pace: float
    heartbeat: float
    hurried: bool = True


@dataclass(frozen=True, slots=True)
class Life:
    """One life of the process: what it runs, beside what, and where it dies by itself, if it does."""

    protocol: str
    database_url: str
    discord_url: str
    pulse: Pulse
    log: Path
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
    if life.pulse.hurried:
        _hurry()
    if life.kill is not None:
        set_trap(life.kill)
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    parent = parent_process()
    if parent is not None:
        # When nobody is left to kill it, it may not go on for ever.
        asyncio.get_running_loop().add_reader(parent.sentinel, os._exit, 1)
    await (_ours(life) if life.protocol == OURS else _naive(life))


async def _ours(life: Life) -> None:
    """Be the real bot."""
    settings = {"DISCORD_TOKEN": TOKEN, "DATABASE_URL": life.database_url, "NUDGE_JITTER_MINUTES": "0"}
    config = replace(
        read_config(settings, None),
        nudge_pace=life.pulse.pace,
        # Beyond what a person may set: seconds stand for minutes here.
        heartbeat_seconds=life.pulse.heartbeat,
        dm_opens_per_minute=6000,
    )
    await app.run_nudges(config, life.pulse.timing)


async def _naive(life: Life) -> None:
    """Run a naive protocol's rounds at every heartbeat."""
    database = open_database(life.database_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(TOKEN)
        messenger, pace, limit = DiscordMessenger(client), EvenPace(life.pulse.pace), life.pulse.timing.send_limit
        protocol = naive.Naive(life.protocol, database, messenger, pace, limit)
        while True:
            with suppress(DatabaseUnavailable):  # as the schedule does: the next tick tries again
                await protocol.round(datetime.now(UTC))
            await asyncio.sleep(life.pulse.heartbeat)


def _hurry() -> None:
    """Shorten what is a constant in the product and in discord.py."""
    http.asyncio = Hurried()  # pyright: ignore[reportPrivateImportUsage, reportAttributeAccessIssue]
    delivery.REFUSED_FOR = delivery.OPEN_AGAIN_AFTER = timedelta(seconds=0.5)
    breaker.COOL_OFF, breaker.LONGEST_COOL_OFF = timedelta(seconds=0.5), timedelta(seconds=2)


class Hurried:
    """The asyncio that discord.py's requests see: its waits of 1, 3, 5 … s after a 5xx fit the shortened send limit."""

    def __getattr__(self, name: str) -> Any:
        """Return everything else as it is."""
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        """Wait; what Discord asked for, always a fraction, is not shortened."""
        await asyncio.sleep(seconds / 50 if isinstance(seconds, int) else seconds)


def shortened(send_limit: float, lease: float, nonce_trusted: float) -> Timing:
    """Return the product's timing with other numbers, in seconds."""
    return Timing(*(timedelta(seconds=seconds) for seconds in (send_limit, lease, nonce_trusted)))
