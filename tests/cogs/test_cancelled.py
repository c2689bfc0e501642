"""A request that is cancelled at the worst moment keeps no later one waiting."""

import asyncio

import discord
import pytest
from discord.http import HTTPClient

from cogs.cancelled import freeing

KEY = "GET /channels/{channel_id}/messages:1"


@pytest.fixture
async def http() -> HTTPClient:
    """discord.py's own client, as it is after a login."""
    client = discord.Client(intents=discord.Intents.none()).http
    client._global_over = asyncio.Event()  # pyright: ignore[reportPrivateUsage]
    client._global_over.set()  # pyright: ignore[reportPrivateUsage]
    return client


async def request(http: HTTPClient) -> None:
    with freeing(http):
        async with http.get_ratelimit(KEY):
            pass


async def test_request_cancelled_as_it_ends_keeps_no_later_one_waiting(http: HTTPClient) -> None:
    ending = asyncio.get_running_loop().create_task(request(http))
    await asyncio.sleep(0)  # it has its answer, and discord.py sleeps off a limit of no seconds
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    async with asyncio.timeout(5):
        await request(http)


async def test_request_cancelled_in_a_global_wait_lets_the_others_go_on(http: HTTPClient) -> None:
    http._global_over.clear()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(asyncio.CancelledError), freeing(http):
        raise asyncio.CancelledError
    assert http._global_over.is_set()  # pyright: ignore[reportPrivateUsage]


async def test_request_under_way_is_not_freed_by_another_ones_end(http: HTTPClient) -> None:
    async with http.get_ratelimit(KEY):
        with pytest.raises(asyncio.CancelledError), freeing(http):
            raise asyncio.CancelledError
        waiting = asyncio.get_running_loop().create_task(request(http))
        await asyncio.sleep(0.01)
        assert not waiting.done()
    async with asyncio.timeout(5):
        await waiting
