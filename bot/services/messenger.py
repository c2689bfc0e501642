"""What the nudges need of Discord, as a protocol: one real messenger, one in the tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.coaching.ids import ChannelId, GuildId, MessageId, UserId
from bot.coaching.nudges import Button, NudgeKey


class Problem(StrEnum):
    """Why a request to Discord did not succeed, as far as delivery is concerned."""

    CLOSED = "closed"
    """The account takes no DMs from us (50007)."""
    GONE = "gone"
    """The channel or the account does not exist, or shares no server with us any more."""
    BLOCKED = "blocked"
    """Discord stops all our DMs for now (40003, or a quarantined bot)."""
    UNKNOWN = "unknown"
    """No answer, or one that does not say whether the message was sent."""
    NOT_SENT = "not_sent"
    """Discord refused before sending, for example over a rate limit: it was certainly not sent."""


@dataclass(frozen=True, slots=True)
class NudgeMessage:
    """A message as it goes out; its buttons carry its key, by which it can be found again."""

    key: NudgeKey
    text: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The bot's own messages of a stretch of a channel's history; `oldest`: where the next begins, None at the end."""

    own: tuple[MessageId, ...]
    oldest: MessageId | None


class Pace(Protocol):
    """Spaces requests evenly: asking for a turn waits until the next request may start."""

    async def acquire(self) -> None:
        """Wait for one request's turn."""
        ...

    def share(self, among: int) -> None:
        """Take this process's share of the pace, of so many that send."""
        ...


class Messenger(Protocol):
    """Sends messages. Never raises for what Discord answers: a Problem is a value."""

    async def open(self, user_id: UserId) -> ChannelId | Problem:
        """Return the DM channel with an account, opening it if needed: one request."""
        ...

    async def send(self, channel_id: ChannelId, message: NudgeMessage, nonce: str) -> MessageId | Problem:
        """Send a message under an idempotency key: one request. The same key within minutes sends nothing twice."""
        ...

    async def missing_permissions(self, guild_id: GuildId, channel_id: ChannelId) -> Sequence[str] | Problem:
        """Return what the bot lacks to post in a channel of a server, by Discord's names: three requests."""
        ...

    async def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[int] | Problem | None:
        """Return the roles that an account has in a server, None when it is not there: one request."""
        ...

    async def find(self, channel_id: ChannelId, key: NudgeKey) -> MessageId | Problem | None:
        """Return the message with this nudge's buttons from the channel's history, None if it is not there."""
        ...

    async def own_messages(self, channel_id: ChannelId, before: MessageId | None) -> OwnPage | Problem:
        """Return the bot's own messages among the channel's last, or those before a message: one request."""
        ...

    async def delete(self, channel_id: ChannelId, message_id: MessageId) -> Problem | None:
        """Delete a message of the bot's own: one request. One that is gone already is as good as deleted."""
        ...
