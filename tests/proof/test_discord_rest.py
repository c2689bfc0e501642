"""The stand-in: the real discord.py takes it for Discord, and it fails the way it says."""

import asyncio
import re
from collections import deque

import aiohttp
import discord
import pytest

from bot.coaching.ids import ChannelId, CohortId, MessageId, UserId
from bot.coaching.nudges import Button, NudgeKey, NudgeKind, Recipient, nonce
from bot.proof.discord_rest import (
    CHANNEL_OFFSET,
    FAULTS,
    REQUESTS_PER_SECOND,
    DiscordRest,
    Fault,
    Weather,
)
from bot.services.messenger import NudgeMessage, Problem
from cogs.messenger import DiscordMessenger

LIMIT = 0.4


def key(user: int = 1, week: str = "2026-01-05") -> NudgeKey:
    return NudgeKey(Recipient(CohortId(7), UserId(user)), NudgeKind.WEEKLY, week)


async def sent(messenger: DiscordMessenger, to: NudgeKey, limit: float = LIMIT) -> MessageId | Problem | None:
    """Return the answer, None if there was none within the limit."""
    message = NudgeMessage(to, "A note", (Button("done", "Done"), Button("another_day", "Another day")))
    try:
        async with asyncio.timeout(limit):
            return await messenger.send(ChannelId(to.to.user_id + CHANNEL_OFFSET), message, nonce(to))
    except TimeoutError:
        return None


def fault(name: str) -> Fault:
    return next(one for one in FAULTS if one.name == name)


async def test_a_channel_is_opened_a_message_sent_and_found_again(
    rest: DiscordRest, messenger: DiscordMessenger
) -> None:
    channel = await messenger.open(UserId(1))
    assert channel == 1 + CHANNEL_OFFSET
    message_id = await sent(messenger, key())
    assert message_id is not None
    assert await messenger.find(ChannelId(1 + CHANNEL_OFFSET), key()) == message_id
    assert await messenger.find(ChannelId(1 + CHANNEL_OFFSET), key(week="2026-01-12")) is None
    assert rest.received() == {str(key()): 1}
    assert rest.counts.requests == {"open": 1, "send": 1, "history": 2}


async def test_a_nonce_is_known_for_its_window_and_forgotten_after_it(
    rest: DiscordRest, messenger: DiscordMessenger
) -> None:
    first = await sent(messenger, key())
    assert await sent(messenger, key()) == first
    assert (rest.received()[str(key())], rest.counts.repeated) == (1, 1)
    await asyncio.sleep(rest.weather.nonce_window)
    assert await sent(messenger, key()) != first
    assert rest.received()[str(key())] == 2


async def test_the_same_nonce_in_another_channel_is_another_message(rest: DiscordRest, client: discord.Client) -> None:
    for user in (1, 2):
        channel = client.get_partial_messageable(user + CHANNEL_OFFSET, type=discord.ChannelType.private)
        await channel.send("A note", nonce="same")
    assert [len(one) for one in rest.messages.values()] == [1, 1]


@pytest.mark.parametrize("one", FAULTS, ids=lambda one: one.name)
async def test_a_fault_does_what_its_name_says(rest: DiscordRest, messenger: DiscordMessenger, one: Fault) -> None:
    rest.scripts[1 + CHANNEL_OFFSET] = deque([one])
    result = await sent(messenger, key())
    if one.waits:
        assert result is None
    elif one.status is None or one.status == 503:
        assert result is Problem.UNKNOWN
    elif 400 <= one.status < 429:
        assert result in {Problem.CLOSED, Problem.BLOCKED, Problem.GONE}
    else:
        # discord.py tries again by itself, with the same nonce.
        assert result is not None
        assert not isinstance(result, Problem)
        assert rest.counts.requests["send"] == 2
    again = isinstance(result, int)
    assert rest.received()[str(key())] == ((one.processed and not one.late) or again)
    await rest.settled()
    assert rest.received()[str(key())] == (one.processed or again)
    assert rest.counts.faults == {one.name: 1}


async def test_faults_come_at_their_rate_and_again_with_the_same_seed() -> None:
    def drawn(seed: int) -> list[str]:
        rest = DiscordRest(Weather(seed=seed, faults=0.05))
        drawn = [rest.drawn(FAULTS) for _ in range(4000)]
        return [one.name for one in drawn if one]

    assert 150 < len(drawn(1)) < 250
    assert {one.name for one in FAULTS} == set(drawn(1))
    assert drawn(1) == drawn(1) != drawn(2)


async def test_more_than_fifty_requests_in_a_second_are_refused_and_discord_py_waits(
    rest: DiscordRest, messenger: DiscordMessenger
) -> None:
    await asyncio.gather(*(sent(messenger, key(user), limit=10) for user in range(1, REQUESTS_PER_SECOND + 20)))
    assert rest.counts.over_limit > 0
    assert rest.received().total() == REQUESTS_PER_SECOND + 19


async def test_a_request_cut_short_while_everything_is_limited_does_not_stop_the_others(
    rest: DiscordRest, messenger: DiscordMessenger
) -> None:
    # discord.py 2.7.1 leaves its lock for global limits closed when the request that waits them out is cancelled.
    rest.weather = Weather(retry_after=(0.5, 0.5))
    rest.scripts[1 + CHANNEL_OFFSET] = deque([fault("429 for everything")])
    assert await sent(messenger, key(1), limit=0.2) is None
    await asyncio.sleep(0.5)
    assert await sent(messenger, key(2), limit=2) is not None


async def test_a_sixth_message_in_a_channel_waits_for_its_window(
    rest: DiscordRest, messenger: DiscordMessenger
) -> None:
    rest.weather = Weather(channel_window=0.3)
    for week in range(6):
        await sent(messenger, key(week=f"2026-01-{week:02d}"), limit=2)
    assert rest.counts.over_limit > 0
    times = [one.at for one in rest.messages[1 + CHANNEL_OFFSET]]
    assert len(times) == 6
    assert times[5] - times[0] >= 0.3


async def test_history_is_newest_first_and_in_pages(rest: DiscordRest, client: discord.Client) -> None:
    rest.weather = Weather(channel_window=0)
    channel = client.get_partial_messageable(5, type=discord.ChannelType.private)
    ids = [(await channel.send(str(number))).id for number in range(7)]
    assert [one.id async for one in channel.history(limit=3)] == ids[:3:-1]
    before = discord.Object(ids[3])
    assert [one.id async for one in channel.history(limit=2, before=before)] == [ids[2], ids[1]]
    assert [one.id async for one in channel.history(after=before)] == ids[4:]


@pytest.mark.parametrize(
    "payload",
    [
        {"content": "x", "nonce": "n" * 26},
        {"content": "x" * 2001},
        {"content": ""},
        {"content": "x", "components": [{"type": 1, "components": [{"type": 2, "custom_id": "c" * 101}]}]},
    ],
)
async def test_what_discord_would_not_take_is_refused(payload: dict[str, object]) -> None:
    async with (
        DiscordRest(Weather()).serving() as url,
        aiohttp.ClientSession() as session,
        session.post(f"{url}/channels/1/messages", json=payload) as answer,
    ):
        assert answer.status == 400
        assert answer.headers["Content-Type"] == "application/json"


async def test_members_are_found_until_they_are_gone(rest: DiscordRest, client: discord.Client) -> None:
    assert (await client.http.get_member(77, 1))["user"]["id"] == "1"
    rest.gone.add(1)
    with pytest.raises(discord.NotFound) as refused:
        await client.http.get_member(77, 1)
    assert refused.value.code == 10007


def test_every_name_of_a_fault_is_its_own() -> None:
    assert len({one.name for one in FAULTS}) == len(FAULTS)
    assert all(re.fullmatch(r"[\w ,]+", one.name) for one in FAULTS)
