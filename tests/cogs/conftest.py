"""A running bot in a simulated course server. Whatever a test does, some promises are checked after it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import discord
import pytest

from bot import app
from bot.config import Config
from bot.demo.simulator import Env, simulated
from prompts import Content, load_content
from tests.cogs.classroom import Classroom, Clock
from tests.cogs.limits import broken_promises
from tests.conftest import reopened


class ExpectedErrors(list[str]):
    """What a test expects to find in the log at ERROR: it adds the words, and anything else fails the test."""


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture
def expected_errors() -> ExpectedErrors:
    return ExpectedErrors()


@pytest.fixture
async def server(
    sqlite_url: str, content: Content, caplog: pytest.LogCaptureFixture, expected_errors: ExpectedErrors
) -> AsyncIterator[Classroom]:
    """A server with the bot in it, and no course yet."""
    # A pace that a test does not notice, and no jitter: notes come on the hour.
    config = Config("token", sqlite_url, None, "INFO", "text", 30, 1000, 0, 60)
    clock = Clock()
    database = reopened(sqlite_url)
    running = app.build(config, database, content, clock)
    async with connected(running.bot, clock) as env:
        room = Classroom(env, running, clock, content, config)
        yield room
        sent = [(one.method, one.path, one.json) for one in env.http_requests]
        kept = kept_by_discord_py(room)
    database.close()
    assert [breach for request in sent for breach in broken_promises(*request)] == []
    assert not kept
    found = [one.getMessage() for one in caplog.get_records("call") if one.levelno >= logging.ERROR]
    assert [one for one in found if not any(words in one for words in expected_errors)] == []


@pytest.fixture
async def course(server: Classroom) -> Classroom:
    """A server with an open course, in its first week of term."""
    await server.open_course()
    return server


@asynccontextmanager
async def connected(bot: discord.Client, clock: Callable[[], datetime]) -> AsyncGenerator[Env]:
    """Connect the bot from a task of its own: a fixture begins and ends in two, and simcord wants one."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[Env] = loop.create_future()
    done = asyncio.Event()

    async def stay() -> None:
        async with simulated(bot, clock) as env:
            ready.set_result(env)
            await done.wait()

    staying = loop.create_task(stay())
    await asyncio.wait([ready, staying], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield ready.result()
    finally:
        done.set()
        await staying


def kept_by_discord_py(room: Classroom) -> list[Any]:
    """Return every view, modal and dynamic item that discord.py holds on to; a bot that runs for a year has none."""
    store: Any = room.app.bot._connection._view_store  # pyright: ignore[reportPrivateUsage]
    return [*store._views.values(), *store._modals.values(), *store._dynamic_items, *store._synced_message_views]
