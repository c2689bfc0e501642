"""The processes that are measured: `python -m bench.child bare|run … BASE`, beside the stand-in at BASE.

`bare` is the floor: a bot of discord.py with one command and nothing else.
"""

import asyncio
import os
import sys
from typing import Any

import discord
import discord.gateway
import discord.http
import yarl
from discord import app_commands
from discord.ext import commands

TOKEN = "bench.stand-in.token"  # noqa: S105 - of a stand-in


class BareBot(commands.Bot):
    """Answers `/ping`."""

    async def setup_hook(self) -> None:
        """Add the command and register it."""

        async def ping(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("pong", ephemeral=True)

        self.tree.add_command(app_commands.Command[Any, ..., None](name="ping", description="Answers", callback=ping))
        await self.tree.sync()


def bare() -> None:
    """Run the floor, with the intents and caches of the real bot."""
    flags = discord.MemberCacheFlags.none()
    bot = BareBot(
        commands.when_mentioned, intents=discord.Intents(guilds=True), member_cache_flags=flags, max_messages=None
    )
    asyncio.run(bot.start(TOKEN))


def run(arguments: list[str]) -> None:
    """Run the program; with NO_PACE set, direct messages wait for nothing but answers."""
    from bot.__main__ import main  # noqa: PLC0415 - not in the floor

    if os.environ.get("NO_PACE"):
        from bot import app  # noqa: PLC0415 - as above

        app.EvenPace = _NoPace  # pyright: ignore[reportPrivateImportUsage,reportAttributeAccessIssue]
    sys.exit(main(arguments))


class _NoPace:
    def __init__(self, _: float) -> None:
        pass

    async def acquire(self) -> None:
        pass

    def share(self, among: int) -> None:
        pass


def start(kind: str, arguments: list[str], base: str) -> None:
    """Start a process of a kind beside the stand-in at an address."""
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"] = base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http", "ws") + "/gateway")
    if kind == "bare":
        bare()
    else:
        run(["run", *arguments])


if __name__ == "__main__":
    start(sys.argv[1], sys.argv[2:-1], sys.argv[-1])
