"""A small honest model of Discord's direct messages, a clock moved by hand, a pace that hardly waits, and a critic."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import TypeVar

from bot.coaching.bios import AiOutcome, Critique, CritiqueRequest
from bot.coaching.ids import ChannelId, GuildId, MessageId, UserId
from bot.coaching.nudges import EVERYBODY, NudgeKey, Recipient
from bot.services.delivery import Timing
from bot.services.messenger import NudgeMessage, OwnPage, Problem

T = TypeVar("T")

NONCE_MEMORY = Timing().nonce_trusted + Timing().send_limit
"""How long the model knows a nonce: the shortest time the bot may rely on."""


class Clock:
    """A wall clock moved by hand; it may be set wrong, and `true` is the time that really passes."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)
        self.wrong = timedelta()

    def __call__(self) -> datetime:
        return self.now

    def true(self) -> datetime:
        return self.now - self.wrong

    def step(self, by: timedelta) -> None:
        """Set the clock forward or back while no time passes."""
        self.now += by
        self.wrong += by

    def set(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def advance(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


class NoPace:
    """Counts the turns that were asked for, and spaces them by `seconds` of real time, usually none."""

    def __init__(self) -> None:
        self.turns = 0
        self.among = 1
        self.seconds = 0.0

    def share(self, among: int) -> None:
        self.among = among

    async def acquire(self) -> None:
        self.turns += 1
        await asyncio.sleep(self.seconds)


class Answer(Enum):
    """What becomes of one request."""

    WORKS = auto()
    ANSWER_LOST = auto()
    """Done, but nobody hears of it."""
    LOST = auto()
    """Not done, and nobody hears of it."""
    HANGS = auto()
    """Not done, and never answered."""
    HANGS_AFTERWARDS = auto()
    """Done, and never answered."""
    CLOSED = auto()
    GONE = auto()
    BLOCKED = auto()
    NOT_SENT = auto()
    BREAKS = auto()
    """The messenger itself has a bug."""


_REFUSALS = {
    Answer.CLOSED: Problem.CLOSED,
    Answer.GONE: Problem.GONE,
    Answer.BLOCKED: Problem.BLOCKED,
    Answer.NOT_SENT: Problem.NOT_SENT,
    Answer.LOST: Problem.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message in a DM channel."""

    id: MessageId
    user_id: UserId
    key: NudgeKey
    nonce: str
    text: str
    buttons: tuple[str, ...]
    at: datetime
    """When it was really sent, whatever the bot's clock said."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it reached Discord, or would have."""

    kind: str
    user_id: UserId
    at: datetime


class FakeMessenger:
    """Discord as far as delivery sees it. Everybody's requests work unless `answers` or `always` says otherwise."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.messages: list[Message] = []
        self.requests: list[Request] = []
        self.always: dict[tuple[str, UserId], Answer] = {}
        self.answers: dict[tuple[str, UserId], deque[Answer]] = defaultdict(deque)
        self.pick: Callable[[str, UserId], Answer] = lambda _kind, _user: Answer.WORKS
        self.before: Callable[[str, UserId], Awaitable[None]] | None = None
        """Runs as a request sets out, and `after` when its answer is on the way: where crashes are."""
        self.after: Callable[[str, UserId], Awaitable[None]] | None = None
        self._nonces: dict[tuple[UserId, str], Message] = {}
        self._opened: set[UserId] = set()
        self.left: set[UserId] = set()
        self.page = 2
        """How many messages a look into the history shows."""
        self._last_id = 0
        self.missing: Sequence[str] = ()
        """What the bot lacks to post in channels."""
        self.has_roles: dict[UserId, frozenset[int]] = {}

    def channel_of(self, user_id: UserId) -> ChannelId:
        return ChannelId(9_000_000 + user_id)

    def _goes_to(self, to: Recipient) -> ChannelId:
        return to.channel_id or self.channel_of(to.user_id)

    def has_open(self, user_id: UserId) -> ChannelId:
        """Open somebody's channel from their side, as a command in the DM does."""
        self._opened.add(user_id)
        return self.channel_of(user_id)

    def received(self, user_id: UserId) -> list[Message]:
        return [message for message in self.messages if message.user_id == user_id]

    def asked(self, kind: str) -> list[UserId]:
        return [request.user_id for request in self.requests if request.kind == kind]

    async def open(self, user_id: UserId) -> ChannelId | Problem:
        def do() -> ChannelId:
            self._opened.add(user_id)
            return self.channel_of(user_id)

        return await self._request("open", user_id, do)

    async def send(self, channel_id: ChannelId, message: NudgeMessage, nonce: str) -> MessageId | Problem:
        user_id = message.key.to.user_id
        assert channel_id == self._goes_to(message.key.to)
        assert 1 <= len(nonce) <= 25
        assert 1 <= len(message.text) <= 2000

        def do() -> MessageId:
            known = self._nonces.get((user_id, nonce))
            if known is not None and self._clock.true() - known.at <= NONCE_MEMORY:
                return known.id
            buttons = tuple(button.id for button in message.buttons)
            self._last_id += 1
            number, at = MessageId(self._last_id), self._clock.true()
            sent = Message(number, user_id, message.key, nonce, message.text, buttons, at)
            self.messages.append(sent)
            self._nonces[user_id, nonce] = sent
            return sent.id

        there = user_id in self._opened or message.key.to.channel_id is not None
        return await self._request("send", user_id, do if there else lambda: Problem.GONE)

    async def missing_permissions(self, guild_id: GuildId, channel_id: ChannelId) -> Sequence[str] | Problem:
        return await self._request("permissions", EVERYBODY, lambda: self.missing)

    async def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[int] | Problem | None:
        return await self._request("look up", user_id, lambda: self._roles(user_id))

    def _roles(self, user_id: UserId) -> frozenset[int] | None:
        return None if user_id in self.left else self.has_roles.get(user_id, frozenset())

    async def find(self, channel_id: ChannelId, key: NudgeKey) -> MessageId | Problem | None:
        assert channel_id == self._goes_to(key.to)

        def do() -> MessageId | None:
            return next((message.id for message in self.messages if message.key == key and message.buttons), None)

        return await self._request("find", key.to.user_id, do)

    async def own_messages(self, channel_id: ChannelId, before: MessageId | None) -> OwnPage | Problem:
        user_id = UserId(channel_id - self.channel_of(UserId(0)))

        def do() -> OwnPage:
            older = [one.id for one in reversed(self.received(user_id)) if before is None or one.id < before]
            page = older[: self.page]
            return OwnPage(tuple(page), page[-1] if len(page) == self.page else None)

        return await self._request("own", user_id, do)

    async def delete(self, channel_id: ChannelId, message_id: MessageId) -> Problem | None:
        user_id = UserId(channel_id - self.channel_of(UserId(0)))

        def do() -> None:
            self.messages = [one for one in self.messages if one.id != message_id]

        return await self._request("delete", user_id, do)

    async def _request(self, kind: str, user_id: UserId, do: Callable[[], T]) -> T | Problem:
        self.requests.append(Request(kind, user_id, self._clock()))
        if self.before:
            await self.before(kind, user_id)
        queue = self.answers[kind, user_id]
        answer = queue.popleft() if queue else self.always.get((kind, user_id)) or self.pick(kind, user_id)
        if answer is Answer.BREAKS:
            raise RuntimeError("the messenger has a bug")
        if answer in _REFUSALS:
            return _REFUSALS[answer]
        if answer is Answer.HANGS:
            await asyncio.Event().wait()
        done = do()
        if self.after:
            await self.after(kind, user_id)
        if answer is Answer.HANGS_AFTERWARDS:
            await asyncio.Event().wait()
        return Problem.UNKNOWN if answer is Answer.ANSWER_LOST else done


class FakeCritic:
    """An AI reviewer that says what it was told to say, the last answer for ever; `meanwhile` runs during each call."""

    def __init__(self, *answers: Critique | Exception) -> None:
        self.requests: list[CritiqueRequest] = []
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self._answers = deque(answers or [Critique(AiOutcome.OK)])

    async def critique(self, request: CritiqueRequest) -> Critique:
        self.requests.append(request)
        if self.meanwhile:
            await self.meanwhile()
        answer = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer
