"""The stand-in: the real discord.py takes it for Discord, and it fails the way it says."""

import asyncio
from collections import deque
from dataclasses import replace

import aiohttp
import discord
import pytest

from bot.coaching.ids import ChannelId, CohortId, GuildId, MessageId, UserId
from bot.coaching.nudges import EVERYBODY, Button, NudgeKey, NudgeKind, Recipient, nonce
from bot.services.messenger import NudgeMessage, Problem
from cogs.messenger import SHUT_OUT, TO_POST, DiscordMessenger
from tests.delivery import discord_rest
from tests.delivery.discord_rest import CHANNEL_OFFSET, FAULTS, POSTS_OFFSET, DiscordRest, Fault, Weather

CHANNEL = ChannelId(1 + CHANNEL_OFFSET)
SERVER, COURSE_CHANNEL = GuildId(77), ChannelId(77 + POSTS_OFFSET)


def key(user: int = 1, week: str = "2026-01-05") -> NudgeKey:
    return NudgeKey(Recipient(CohortId(7), UserId(user)), NudgeKind.WEEKLY, week)


async def sent(messenger: DiscordMessenger, to: NudgeKey) -> MessageId | Problem:
    message = NudgeMessage(to, "A note", (Button("done", "Done"), Button("another_day", "Another day")))
    return await messenger.send(ChannelId(to.to.user_id + CHANNEL_OFFSET), message, nonce(to))


def fault(name: str) -> Fault:
    return next(one for one in FAULTS if one.name == name)


async def test_a_channel_is_opened_a_message_sent_and_found_again(
    rest: DiscordRest, messenger: DiscordMessenger
) -> None:
    assert await messenger.open(UserId(1)) == CHANNEL
    message_id = await sent(messenger, key())
    assert await messenger.find(CHANNEL, key()) == message_id
    assert await messenger.find(CHANNEL, key(week="2026-01-12")) is None
    assert rest.received() == {str(key()): [message_id]}
    assert rest.counts.requests == {"open": 1, "send": 1, "history": 2}


async def posted(messenger: DiscordMessenger, monday: str) -> tuple[NudgeKey, MessageId | Problem]:
    post = NudgeKey(Recipient(CohortId(7), EVERYBODY, COURSE_CHANNEL), NudgeKind.ANNOUNCEMENT, monday)
    message = NudgeMessage(post, "A step", (Button("this_week", "This week"),))
    return post, await messenger.send(COURSE_CHANNEL, message, nonce(post))


async def test_a_post_is_found_again_under_what_others_wrote_since(
    rest: DiscordRest, messenger: DiscordMessenger, client: discord.Client
) -> None:
    rest.weather = Weather(channel_window=0)
    post, message_id = await posted(messenger, "2026-01-05")
    [message] = rest.messages[COURSE_CHANNEL]
    assert message.components[0]["components"][0]["custom_id"] == "pln1:nudge.this_week:0:7:announcement:2026-01-05"
    for number in range(120):
        await client.get_partial_messageable(COURSE_CHANNEL, type=discord.ChannelType.text).send(str(number))
    assert await messenger.find(COURSE_CHANNEL, post) == message_id
    assert await messenger.find(COURSE_CHANNEL, replace(post, period="2026-01-12")) is None


async def test_what_the_bot_lacks_in_a_channel_is_named(rest: DiscordRest, messenger: DiscordMessenger) -> None:
    assert await messenger.missing_permissions(SERVER, COURSE_CHANNEL) == ()
    rest.permissions &= ~discord.Permissions(read_message_history=True).value
    assert await messenger.missing_permissions(SERVER, COURSE_CHANNEL) == ("Read Message History",)
    for refusal, answer in {
        (403, 50001): TO_POST,
        (404, 10003): Problem.GONE,
        (403, 0): Problem.NOT_SENT,  # not Discord's word on the channel
    }.items():
        rest.channel_refusal = refusal
        assert await messenger.missing_permissions(SERVER, COURSE_CHANNEL) == answer


async def test_a_post_that_is_not_permitted_is_refused_for_good(rest: DiscordRest, messenger: DiscordMessenger) -> None:
    rest.scripts[COURSE_CHANNEL] = deque(Fault("shut out", processed=False, status=403, code=one) for one in SHUT_OUT)
    assert [(await posted(messenger, "2026-01-05"))[1] for _ in SHUT_OUT] == [Problem.GONE] * 2


async def test_a_nonce_is_known_in_its_channel_until_it_is_forgotten(
    rest: DiscordRest, messenger: DiscordMessenger, client: discord.Client
) -> None:
    first = await sent(messenger, key())
    assert await sent(messenger, key()) == first
    assert rest.counts.repeated == 1
    rest.weather = Weather(nonce_window=0)
    assert await sent(messenger, key()) != first
    assert len(rest.received()[str(key())]) == 2
    rest.weather = Weather()
    for user in (2, 3):
        channel = client.get_partial_messageable(user + CHANNEL_OFFSET, type=discord.ChannelType.private)
        await channel.send("A note", nonce="same")
    assert [len(one) for one in rest.messages.values()] == [2, 1, 1]


@pytest.mark.parametrize("one", FAULTS, ids=lambda one: one.name)
async def test_a_fault_does_what_its_name_says(rest: DiscordRest, messenger: DiscordMessenger, one: Fault) -> None:
    rest.scripts[CHANNEL] = deque([one])
    asked = asyncio.get_running_loop().create_task(sent(messenger, key()))
    arrived = one.processed
    if one.waits:
        while not rest.counts.faults:  # noqa: ASYNC110 - a count has no event
            await asyncio.sleep(0.01)
        asked.cancel()
    elif one.status is None or one.status == 503:
        assert await asked is Problem.UNKNOWN
    elif 400 <= one.status < 429:
        assert await asked in {Problem.CLOSED, Problem.BLOCKED, Problem.GONE}
    else:
        # discord.py tries again by itself, with the same nonce.
        assert isinstance(await asked, int)
        assert rest.counts.requests["send"] == 2
        arrived = True
    await rest.settled()
    assert len(rest.received()) == arrived
    assert rest.counts.faults == {one.name: 1}


async def test_faults_come_at_their_rate_and_again_with_the_same_seed() -> None:
    def drawn(seed: int) -> list[str]:
        rest = DiscordRest(Weather(seed=seed, faults=0.05))
        drawn = [rest.drawn(FAULTS) for _ in range(4000)]
        return [one.name for one in drawn if one]

    assert 150 < len(drawn(1)) < 250
    assert {one.name for one in FAULTS} == set(drawn(1))
    assert drawn(1) == drawn(1) != drawn(2)


async def test_too_many_requests_in_a_second_are_refused_and_discord_py_waits(
    rest: DiscordRest, messenger: DiscordMessenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord_rest, "REQUESTS_PER_SECOND", 10)
    await asyncio.gather(*(sent(messenger, key(user)) for user in range(1, 16)))
    assert rest.counts.over_limit > 0
    assert len(rest.received()) == 15


async def test_a_request_cancelled_in_a_global_limit_does_not_stop_the_others(
    rest: DiscordRest, messenger: DiscordMessenger
) -> None:
    # discord.py 2.7.1 leaves its lock for global limits closed when the request that waits them out is cancelled.
    rest.weather = Weather(retry_after=(0.5, 0.5))
    rest.scripts[CHANNEL] = deque([fault("429 for everything")])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await sent(messenger, key(1))
    await asyncio.sleep(0.5)
    assert isinstance(await sent(messenger, key(2)), int)


async def test_a_sixth_message_in_a_channel_waits_for_its_window(
    rest: DiscordRest, messenger: DiscordMessenger
) -> None:
    rest.weather = Weather(channel_window=0.3)
    for week in range(6):
        await sent(messenger, key(week=f"2026-01-{week:02d}"))
    times = [one.at for one in rest.messages[CHANNEL]]
    assert len(times) == 6
    assert times[5] - times[0] >= 0.3


async def test_history_is_newest_first_and_in_pages(rest: DiscordRest, client: discord.Client) -> None:
    rest.weather = Weather(channel_window=0)
    channel = client.get_partial_messageable(5, type=discord.ChannelType.private)
    ids = [(await channel.send(str(number))).id for number in range(7)]
    assert [one.id async for one in channel.history(limit=3)] == ids[:3:-1]
    before = discord.Object(ids[3])
    assert [one.id async for one in channel.history(limit=2, before=before)] == [ids[2], ids[1]]


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


async def test_members_are_found_until_they_are_gone(rest: DiscordRest, messenger: DiscordMessenger) -> None:
    assert await messenger.roles(GuildId(77), UserId(1)) == frozenset()
    rest.gone.add(1)
    assert await messenger.roles(GuildId(77), UserId(1)) is None
