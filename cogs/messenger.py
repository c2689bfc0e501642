"""Direct messages over Discord: one request each, and every answer Discord may give as a value."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import aiohttp
import discord

from bot.coaching.ids import ChannelId, GuildId, MessageId, UserId
from bot.coaching.nudges import NudgeKey
from bot.services.messenger import NudgeMessage, OwnPage, Problem
from cogs.cancelled import freeing
from cogs.routes import PREFIX, custom_id, parsed

_log = logging.getLogger(__name__)

HISTORY_LIMIT = 50
CHANNEL_HISTORY_LIMIT = 200
"""In the course's channel others write too: two pages are looked through."""
PAGE = 100
"""Most messages that Discord hands out at once."""
UNKNOWN_MESSAGE = 10008
TO_POST = ("View Channel", "Send Messages", "Read Message History")
"""What the bot needs in a course's channel; without the history it could not tell whether a post went out."""
SHUT_OUT = frozenset({50001, 50013})
"""Missing access, missing permissions: of a channel they say that nothing can be posted there."""
STYLES: Mapping[str, discord.ButtonStyle] = dict.fromkeys(
    ("done", "item_fine", "this_week"), discord.ButtonStyle.primary
)
PROBLEMS = {
    50007: Problem.CLOSED,  # cannot send messages to this user
    50278: Problem.GONE,  # no mutual server left
    10003: Problem.GONE,  # unknown channel
    10013: Problem.GONE,  # unknown user
    40003: Problem.BLOCKED,  # opening direct messages too fast
    20026: Problem.BLOCKED,  # the bot is quarantined
    340001: Problem.BLOCKED,  # the bot is quarantined for spam
}


class DiscordMessenger:
    """The Messenger that reaches people."""

    def __init__(self, client: discord.Client, refused: Callable[[], None] = lambda: None) -> None:
        """Ask for the client, and what to call when Discord does not take its token any more."""
        self._client = client
        self._refused = refused

    async def open(self, user_id: UserId) -> ChannelId | Problem:
        """Open the DM channel with an account."""
        try:
            with freeing(self._client.http):
                channel = await self._client.create_dm(discord.Object(user_id))
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return self._problem(error)
        return ChannelId(channel.id)

    async def send(self, channel_id: ChannelId, message: NudgeMessage, nonce: str) -> MessageId | Problem:
        """Send a message; discord.py adds `enforce_nonce`, so the same nonce does not send twice."""
        view = discord.ui.View(timeout=None)
        for one in message.buttons:
            made = custom_id(f"nudge.{one.id}", message.key.to.user_id, *message.key.parts)
            style = STYLES.get(one.id, discord.ButtonStyle.secondary)
            view.add_item(discord.ui.Button[Any](label=one.label, style=style, custom_id=made))
        view.stop()
        try:
            with freeing(self._client.http):
                sent = await self._channel(channel_id, message.key).send(
                    message.text, view=view, nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
                )
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return self._problem(error, message.key)
        return MessageId(sent.id)

    def _channel(self, channel_id: ChannelId, key: NudgeKey) -> discord.PartialMessageable:
        private = key.to.channel_id is None
        kind = discord.ChannelType.private if private else discord.ChannelType.text
        return self._client.get_partial_messageable(channel_id, type=kind)

    async def missing_permissions(self, guild_id: GuildId, channel_id: ChannelId) -> Sequence[str] | Problem:
        """Ask Discord for server, channel and the bot's own roles; needs no connection to the server's events."""
        me = self._client.user
        try:
            with freeing(self._client.http):
                guild = await self._client.fetch_guild(guild_id, with_counts=False)
                channel = await guild.fetch_channel(channel_id)
                member = await guild.fetch_member(0 if me is None else me.id)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            # Only these refusals are Discord's word on the channel; a 403 of a proxy, for example, is tried again.
            shut_out = isinstance(error, discord.Forbidden) and error.code in SHUT_OUT
            return TO_POST if shut_out else self._problem(error)
        if isinstance(channel, discord.Thread):
            return TO_POST
        return lacking(channel.permissions_for(member))

    async def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[int] | Problem | None:
        """Ask Discord for the member; needs no connection to the server's events."""
        try:
            with freeing(self._client.http):
                member = await self._client.http.get_member(guild_id, user_id)
        except discord.NotFound:
            return None
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return self._problem(error)
        return frozenset(int(role) for role in member.get("roles", ()))

    async def find(self, channel_id: ChannelId, key: NudgeKey) -> MessageId | Problem | None:
        """Look for the message that carries this nudge's buttons among the channel's last ones."""
        limit = HISTORY_LIMIT if key.to.channel_id is None else CHANNEL_HISTORY_LIMIT
        try:
            with freeing(self._client.http):
                async for message in self._channel(channel_id, key).history(limit=limit):
                    if any(_names(made, key) for made in _custom_ids(message)):
                        return MessageId(message.id)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return self._problem(error, key)
        return None

    async def own_messages(self, channel_id: ChannelId, before: MessageId | None) -> OwnPage | Problem:
        """Read a stretch of the channel's history, the newest message first."""
        channel = self._client.get_partial_messageable(channel_id, type=discord.ChannelType.private)
        me = self._client.user
        try:
            with freeing(self._client.http):
                since = None if before is None else discord.Object(before)
                found = [message async for message in channel.history(limit=PAGE, before=since)]
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return self._problem(error)
        own = tuple(MessageId(one.id) for one in found if me is not None and one.author.id == me.id)
        return OwnPage(own, MessageId(found[-1].id) if len(found) == PAGE else None)

    async def delete(self, channel_id: ChannelId, message_id: MessageId) -> Problem | None:
        """Delete one message."""
        channel = self._client.get_partial_messageable(channel_id, type=discord.ChannelType.private)
        try:
            with freeing(self._client.http):
                await channel.get_partial_message(message_id).delete()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            gone = isinstance(error, discord.NotFound) and error.code == UNKNOWN_MESSAGE
            return None if gone else self._problem(error)
        return None

    def _problem(self, error: Exception, key: NudgeKey | None = None) -> Problem:
        """Classify an error for delivery: unknown, unless it is certain that nothing was sent."""
        if isinstance(error, discord.HTTPException):
            if key is not None and key.to.channel_id is not None and error.code in SHUT_OUT:
                return Problem.GONE
            if error.code in PROBLEMS:
                return PROBLEMS[error.code]
            if error.status == 401:
                self._refused()
                return Problem.NOT_SENT
            if error.status == 404:
                return Problem.GONE
            if error.status < 500:
                _log.warning("Discord refused a direct message: status %s, code %s", error.status, error.code)
                return Problem.NOT_SENT
        return Problem.NOT_SENT if isinstance(error, discord.RateLimited) else Problem.UNKNOWN


def lacking(permissions: discord.Permissions) -> tuple[str, ...]:
    """Return what is missing of the permissions to post in a channel, by Discord's names."""
    held = (permissions.view_channel, permissions.send_messages, permissions.read_message_history)
    return tuple(name for name, has in zip(TO_POST, held, strict=True) if not has)


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        for child in getattr(row, "children", ()):
            made = getattr(child, "custom_id", None)
            if made:
                yield str(made)


def _names(made: str, key: NudgeKey) -> bool:
    return made.startswith(f"{PREFIX}:nudge.") and parsed(made)[1:] == (key.to.user_id, key.parts)
