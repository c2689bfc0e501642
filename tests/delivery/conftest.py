"""The stand-in for Discord with the real discord.py logged in to it, and empty databases."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import discord
import pytest
from discord import http

from cogs.messenger import DiscordMessenger
from tests.conftest import PostgreSQL
from tests.delivery.discord_rest import DiscordRest, Weather
from tests.delivery.worker import TOKEN, Hurried


@pytest.fixture
def rest() -> DiscordRest:
    return DiscordRest(Weather(slow=0.2))


@pytest.fixture
async def client(rest: DiscordRest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[discord.Client]:
    monkeypatch.setattr(http, "asyncio", Hurried())
    made = discord.Client(intents=discord.Intents(guilds=True))
    async with rest.serving() as url, made:
        monkeypatch.setattr(http.Route, "BASE", url)
        await made.login(TOKEN)
        rest.counts.requests.clear()
        yield made


@pytest.fixture
def messenger(client: discord.Client) -> DiscordMessenger:
    return DiscordMessenger(client)


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'proof.db'}"


@pytest.fixture
def empty_postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    name = f"proof_{uuid4().hex}"
    yield postgresql.make(name)
    postgresql.drop(name)
