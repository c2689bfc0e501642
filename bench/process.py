"""A measured process beside the stand-in: its CPU and memory, and commands that are run in it one after the other."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.child import TOKEN
from tests.delivery.discord_rest import CHANNEL_OFFSET, POSTS_OFFSET, DiscordRest

ROOT = Path(__file__).parents[1]
GUILD, ROLE, OWNER = 880_001, 880_002, 880_003
"""The server of the course, the role of its instructors, and one of them who manages the server too."""
PATIENCE = 60
"""Seconds until a measurement that hangs is given up."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one call cost: CPU of the process and milliseconds until its last answer, as p50 and p99."""

    cpu_ms: float
    p50_ms: float
    p99_ms: float


class Measured:
    """A process while it runs."""

    def __init__(self, pid: int, rest: DiscordRest) -> None:
        self._pid = pid
        self.rest = rest

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has used in all its threads (Linux, to the nanosecond)."""
        used = 0
        for thread in Path(f"/proc/{self._pid}/task").iterdir():
            used += int((thread / "schedstat").read_text().split()[0])
        return used / 1e9

    @property
    def megabytes(self) -> float:
        """Resident memory."""
        status = dict(line.split(":") for line in Path(f"/proc/{self._pid}/status").read_text().splitlines())
        return int(status["VmRSS"].split()[0]) / 1024

    async def answer(self, about: Mapping[str, Any], answers: int = 1) -> tuple[float, str]:
        """Send an interaction; returns the milliseconds until its last answer, and that answer."""
        token = await self.rest.interact(dict(about))
        async with asyncio.timeout(PATIENCE):
            while len(self.rest.answers.get(token, ())) < answers:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.0005)
        last = self.rest.answers.pop(token)[-1]
        return last.after * 1000, last.text

    async def cost(self, calls: list[Mapping[str, Any]], answers: int = 1) -> Cost:
        """Run calls one after the other; the first tenth warms up and is not counted."""
        warm = max(len(calls) // 10, 1)
        for call in calls[:warm]:
            await self.answer(call, answers)
        await asyncio.sleep(0.05)
        began = self.cpu
        took = [(await self.answer(call, answers))[0] for call in calls[warm:]]
        await asyncio.sleep(0.05)
        used = self.cpu - began
        return Cost(used * 1000 / len(took), median(took), quantiles(took, n=100)[-1])


@asynccontextmanager
async def running(folder: Path, rest: DiscordRest, *kind: str, **settings: str) -> AsyncGenerator[Measured]:
    """Start a process in a folder and wait until it is connected, or logged in; it is ended afterwards."""
    async with rest.serving() as base:
        env = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        env |= {"PYTHONPATH": str(ROOT), "DISCORD_TOKEN": TOKEN, "LOG_LEVEL": "WARNING"} | settings
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.child", *kind, base, cwd=folder, env=env
        )
        try:
            async with asyncio.timeout(PATIENCE):
                if "--nudges-only" not in kind:
                    await rest.connected.wait()
            yield Measured(process.pid, rest)
        finally:
            process.terminate()
            await process.wait()


def idle_guild() -> dict[str, Any]:
    """Return the server of the course, as the gateway tells of it."""
    plain: dict[str, Any] = {"color": 0, "hoist": False, "position": 0, "managed": False, "mentionable": False}
    roles = [{"id": str(one), "name": "role", "permissions": "0", "flags": 0} | plain for one in (GUILD, ROLE)]
    about: dict[str, Any] = {"id": str(GUILD), "name": "A server", "owner_id": str(OWNER), "roles": roles}
    about |= {"features": [], "verification_level": 0, "default_message_notifications": 0, "mfa_level": 0}
    about |= {"explicit_content_filter": 0, "premium_tier": 0, "nsfw_level": 0, "afk_timeout": 60, "stickers": []}
    about |= {"channels": [], "threads": [], "members": [], "presences": [], "emojis": []}
    return about | {"member_count": 30, "joined_at": None}


def command(user_id: int, line: str, **options: str) -> dict[str, Any]:
    """Return a command as somebody runs it: `/cohort` in the server as an instructor, any other in direct messages."""
    name, *sub = line.split()
    given: list[dict[str, Any]] = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
    given = [{"name": sub[0], "type": 1, "options": given}] if sub else given
    data = {"id": "1", "name": name, "type": 1, "options": given}
    return {"type": 2, "data": data} | _where(user_id)


def click(user_id: int, custom_id: str) -> dict[str, Any]:
    """Return a press of a button on a private card."""
    message = {
        "id": "5",
        "channel_id": "6",
        "author": _user(1),
        "content": "",
        "timestamp": "2026-01-01T00:00:00+00:00",
    }
    empty = ("mentions", "mention_roles", "attachments", "embeds", "components")
    message |= {"edited_timestamp": None, "tts": False, "mention_everyone": False, "pinned": False, "type": 0}
    nothing: list[object] = []
    message |= {"flags": 64 | 32768} | dict.fromkeys(empty, nothing)
    data = {"custom_id": custom_id, "component_type": 2}
    return {"type": 3, "data": data, "message": message} | _where(user_id)


def buttons(answer: str) -> list[str]:
    """Return the custom ids on a card that was answered."""
    return re.findall(r'"custom_id": ?"(pln1:[^"]+)"', json.loads(answer) and answer)


def _where(user_id: int) -> dict[str, Any]:
    if user_id != OWNER:
        channel = str(user_id + CHANNEL_OFFSET)
        return {"user": _user(user_id), "channel_id": channel, "channel": {"id": channel, "type": 1}}
    channel = str(GUILD + POSTS_OFFSET)
    member: dict[str, Any] = {"user": _user(user_id), "roles": [str(ROLE)], "permissions": "8", "flags": 0}
    member |= {"joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    about: dict[str, Any] = {"id": channel, "type": 0, "name": "course", "position": 0, "permissions": "8"}
    about |= {"permission_overwrites": [], "nsfw": False, "parent_id": None, "topic": None}
    return {"member": member, "guild_id": str(GUILD), "channel_id": channel, "channel": about}


def _user(user_id: int) -> dict[str, Any]:
    about = {"id": str(user_id), "username": f"account{user_id}", "discriminator": "0", "global_name": None}
    return about | {"avatar": None, "bot": False}
