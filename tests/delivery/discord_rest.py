"""A stand-in for Discord on loopback: what the bot uses of its REST API, a gateway, and the ways requests may fail.

It remembers every message it processed, whatever became of the answer: what it counts is what a member would have seen.
Deliberately stricter than Discord where Discord's documents are silent: a nonce is forgotten to the second, and a
refusal is given even to a repeated request that would otherwise be answered from the nonce memory.
"""

import asyncio
import json
import random
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from aiohttp import web

Answer: TypeAlias = tuple[int, Any]
"""A status and the JSON below it."""

BOT_ID = 4_200_000_000_000_000
CHANNEL_OFFSET = 1_000_000_000_000
"""A member's DM channel has the member's id plus this: a channel is known again without a table."""
POSTS_OFFSET = 9_000_000_000_000
"""A server's channel has the server's id plus this."""
DISCORD_EPOCH_MS = 1_420_070_400_000
REQUESTS_PER_SECOND = 50
"""Discord's limit for a bot over all routes."""
MESSAGES_PER_CHANNEL = 5
"""Messages that one channel takes in one window (5 in 5 seconds)."""
NONCE_LIMIT, CONTENT_LIMIT, CUSTOM_ID_LIMIT = 25, 2000, 100
BUTTON = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One way a request goes wrong.

    Attributes:
        processed: Whether Discord did what was asked all the same.
        status: The answer's; None: there is no answer, the connection is closed.
        waits: The answer comes only after the client has given up; `late`: and so does the processing.
    """

    name: str
    processed: bool
    status: int | None = None
    code: int = 0
    waits: bool = False
    late: bool = False


REFUSALS = (
    Fault("DMs closed", processed=False, status=403, code=50007),
    Fault("DMs opened too fast", processed=False, status=403, code=40003),
    Fault("unknown channel", processed=False, status=404, code=10003),
    Fault("no shared server", processed=False, status=403, code=50278),
)
ACCIDENTS = (
    Fault("answer lost", processed=True),
    Fault("dropped", processed=False),
    Fault("slow answer", processed=True, waits=True),
    Fault("slow and lost", processed=False, waits=True),
    Fault("processed late", processed=True, waits=True, late=True),
    Fault("429 on the route", processed=False, status=429),
    Fault("429 for everything", processed=False, status=429, code=1),
    *(
        Fault(f"{status}, {'processed' if processed else 'not processed'}", processed, status)
        for status in (500, 502, 503, 504, 524)
        for processed in (True, False)
    ),
)
FAULTS = (*ACCIDENTS, *REFUSALS)


@dataclass(frozen=True, slots=True)
class Weather:
    """How the stand-in behaves; times in seconds.

    Attributes:
        faults: Share of requests that go wrong, drawn with `seed`.
        nonce_window: How long a nonce is remembered.
        slow: How long a slow answer takes.
        channel_window: In it one channel takes five messages.
        latency, retry_after: The shortest and the longest.
    """

    seed: int = 0
    faults: float = 0.0
    nonce_window: float = 300.0
    slow: float = 60.0
    channel_window: float = 5.0
    latency: tuple[float, float] = (0.0, 0.0)
    retry_after: tuple[float, float] = (0.05, 0.3)


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was processed: it is in the channel for good."""

    id: int
    channel_id: int
    content: str
    nonce: str | None
    components: list[Any]
    at: float

    @property
    def key(self) -> str | None:
        """Return `user:cohort:kind:period` of the nudge whose buttons it has, None for any other message."""
        for row in self.components:
            for button in row["components"]:
                prefix, route, *key = button["custom_id"].split(":")
                if prefix.startswith("pln") and route.startswith("nudge."):
                    return ":".join(key)
        return None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answered a command: how many seconds after it was run, and the body of its request."""

    after: float
    text: str


@dataclass(slots=True)
class Counts:
    """What it was asked: requests by route, faults by name, 429s that were no faults, answers from the nonce memory."""

    requests: Counter[str] = field(default_factory=Counter[str])
    faults: Counter[str] = field(default_factory=Counter[str])
    over_limit: int = 0
    repeated: int = 0


class DiscordRest:
    """The stand-in: serves while `serving()` is entered. One instance is one Discord with one bot."""

    def __init__(self, weather: Weather) -> None:
        self.weather = weather
        self.counts = Counts()
        self.messages: dict[int, list[Message]] = {}
        self.scripts: dict[int, deque[Fault]] = {}
        """Faults that the next messages to a channel meet, one after the other, whatever the weather."""
        self.permissions = 0x400 | 0x800 | 0x10000
        """What everybody may do there: view channels, send messages, read the history."""
        self.channel_refusal: tuple[int, int] | None = None
        """The status and code with which it refuses to tell of a server's channel."""
        self.gone: set[int] = set()
        """Accounts that are no members of any server of the bot any more."""
        self.refuses_the_token = False
        self.unlimited = False
        """Whether more requests a second are taken than Discord takes."""
        self.connected = asyncio.Event()
        """Set as soon as the gateway has greeted a bot."""
        self.commands: list[str] = []
        """The slash commands that were registered last."""
        self.answers: dict[str, list[Reply]] = {}
        """What commands were answered, by the command's token."""
        self._asked_at: dict[str, float] = {}
        self._socket: web.WebSocketResponse | None = None
        self._working = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._chance = random.Random(weather.seed)
        self._nonces: dict[tuple[int, str], Message] = {}
        self._recent: deque[float] = deque()
        self._last_id = 0

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[str]:
        """Serve on a free loopback port; gives the base of the API's addresses."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/users/@me", self._about_itself),
                web.get("/oauth2/applications/@me", self._about_the_application),
                web.get("/applications/@me", self._about_the_application),
                web.route("*", "/applications/{application}/{rest:.*commands}", self._commands),
                web.post("/users/@me/channels", self._open),
                web.post("/channels/{channel}/messages", self._send),
                web.get("/channels/{channel}/messages", self._history),
                web.get("/guilds/{guild}/members/{user}", self._member),
                web.get("/guilds/{guild}", self._guild),
                web.get("/guilds/{guild}/channels", self._channels),
                web.get("/channels/{channel}", self._channel),
                web.post("/interactions/{interaction}/{token}/callback", self._answer),
                web.post("/webhooks/{application}/{token}", self._answer),
                web.patch("/webhooks/{application}/{token}/messages/{message}", self._answer),
                web.get("/{gateway:gateway/?}", self._gateway),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    def received(self) -> dict[str, list[int]]:
        """Return the ids of the messages that arrived for each nudge, by `user:cohort:kind:period`."""
        ids: dict[str, list[int]] = {}
        for message in (one for sent in self.messages.values() for one in sent if one.key):
            ids.setdefault(message.key or "", []).append(message.id)
        return ids

    async def ask(self, user_id: int, command: str, **options: str) -> str:
        """Run a command in somebody's direct messages; returns the token by which its answers are known."""
        name, *sub = command.split()
        given: list[Any] = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
        given = [{"name": sub[0], "type": 1, "options": given}] if sub else given
        data = {"id": "1", "name": name, "type": 1, "options": given}
        return await self.interact({"type": 2, "user": _account(user_id), "data": data} | _direct_messages(user_id))

    async def interact(self, about: dict[str, Any]) -> str:
        """Send an interaction with these values; returns the token by which its answers are known."""
        token = f"token-{len(self._asked_at)}"
        self._asked_at[token] = time.monotonic()
        asked: dict[str, Any] = {"id": str(len(self._asked_at)), "application_id": str(BOT_ID), "version": 1}
        await self.send("INTERACTION_CREATE", asked | {"token": token, "attachment_size_limit": 1} | about)
        return token

    async def send(self, event: str, about: dict[str, Any]) -> None:
        """Tell the connected bot of an event."""
        assert self._socket is not None
        await self._socket.send_json({"op": 0, "t": event, "s": 2, "d": about})

    async def end_session(self, code: int) -> None:
        """Close the connection to the bot, as Discord does with a code."""
        assert self._socket is not None
        await self._socket.close(code=code)

    async def settled(self) -> None:
        """Wait until nothing is being processed any more: a client may be long dead by then."""
        await self._idle.wait()

    # Routes

    async def _about_itself(self, request: web.Request) -> web.StreamResponse:
        return await self._answered(request, "login", lambda: (200, _account(BOT_ID)), faults=())

    async def _about_the_application(self, request: web.Request) -> web.StreamResponse:
        about = {"id": str(BOT_ID), "name": "PLN Coach", "icon": None, "description": "", "bot_public": False}
        about |= {"bot_require_code_grant": False, "verify_key": "", "flags": 0, "owner": _account(BOT_ID + 1)}
        return await self._answered(request, "login", lambda: (200, about), faults=())

    async def _commands(self, request: web.Request) -> web.StreamResponse:
        if request.method == "PUT":
            self.commands = [command["name"] for command in await request.json()]
        return await self._answered(request, "commands", lambda: (200, []), faults=())

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        socket = self._socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        ready: dict[str, Any] = {"v": 10, "user": _account(BOT_ID), "guilds": [], "session_id": "x"}
        ready |= {"resume_gateway_url": "ws://127.0.0.1:1", "application": {"id": str(BOT_ID), "flags": 0}}
        async for message in socket:
            if message.json()["op"] == 2:
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
                self.connected.set()
        return socket

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        token, text = request.match_info["token"], (await request.read()).decode(errors="replace")
        reply = Reply(time.monotonic() - self._asked_at[token], text)
        self.answers.setdefault(token, []).append(reply)
        shown = _shown(Message(len(self.answers), 1, "", None, [], 0))
        about = {"interaction": {"id": "1", "type": 2}} if "interaction" in request.match_info else shown
        return await self._answered(request, "answer", lambda: (200, about), faults=())

    async def _open(self, request: web.Request) -> web.StreamResponse:
        user_id = int((await request.json())["recipient_id"])
        about: dict[str, Any] = {"id": str(user_id + CHANNEL_OFFSET), "type": 1, "last_message_id": None, "flags": 0}
        about["recipients"] = [_account(user_id)]
        return await self._answered(request, "open", lambda: (200, about))

    async def _send(self, request: web.Request) -> web.StreamResponse:
        payload = await request.json()
        channel_id = int(request.match_info["channel"])
        script = self.scripts.get(channel_id)
        return await self._answered(request, "send", lambda: self._post(channel_id, payload), script=script)

    async def _history(self, request: web.Request) -> web.StreamResponse:
        # Reading is refused to nobody who once had the channel; opening and sending are.
        channel_id, query = int(request.match_info["channel"]), request.query
        return await self._answered(request, "history", lambda: (200, self._page(channel_id, query)), faults=ACCIDENTS)

    async def _member(self, request: web.Request) -> web.StreamResponse:
        user_id = int(request.match_info["user"])
        about: dict[str, Any] = {"user": _account(user_id), "roles": [], "joined_at": _iso(0), "flags": 0}
        about |= {"deaf": False, "mute": False}
        answer = _refusal(404, 10007) if user_id in self.gone else (200, about)
        return await self._answered(request, "member", lambda: answer)

    async def _guild(self, request: web.Request) -> web.StreamResponse:
        guild_id = request.match_info["guild"]
        everyone: dict[str, Any] = {"id": guild_id, "name": "@everyone", "permissions": str(self.permissions)}
        everyone |= {"color": 0, "hoist": False, "position": 0, "managed": False, "mentionable": False, "flags": 0}
        about: dict[str, Any] = {"id": guild_id, "name": "A server", "owner_id": "1", "roles": [everyone], "emojis": []}
        about |= {"features": [], "verification_level": 0, "default_message_notifications": 0, "mfa_level": 0}
        about |= {"explicit_content_filter": 0, "premium_tier": 0, "nsfw_level": 0, "afk_timeout": 60, "stickers": []}
        return await self._answered(request, "guild", lambda: (200, about), faults=ACCIDENTS)

    async def _channels(self, request: web.Request) -> web.StreamResponse:
        about = _text_channel(int(request.match_info["guild"]) + POSTS_OFFSET)
        return await self._answered(request, "channels", lambda: (200, [about]), faults=())

    async def _channel(self, request: web.Request) -> web.StreamResponse:
        about = _text_channel(int(request.match_info["channel"]))
        refusal = self.channel_refusal
        answer = (200, about) if refusal is None else _refusal(*refusal)
        return await self._answered(request, "channel", lambda: answer, faults=ACCIDENTS)

    # What Discord does

    def _post(self, channel_id: int, payload: dict[str, Any]) -> Answer:
        nonce = payload.get("nonce")
        nonce = None if nonce is None else str(nonce)
        if not _acceptable(payload, nonce):
            return _refusal(400, 50035)
        now = time.monotonic()
        if nonce is not None and payload.get("enforce_nonce"):
            known = self._nonces.get((channel_id, nonce))
            if known is not None and now - known.at <= self.weather.nonce_window:
                self.counts.repeated += 1
                return 200, _shown(known)
        sent = self.messages.setdefault(channel_id, [])
        if len(sent) >= MESSAGES_PER_CHANNEL and now - sent[-MESSAGES_PER_CHANNEL].at < self.weather.channel_window:
            self.counts.over_limit += 1
            return _limited(self.weather.channel_window, everywhere=False)
        # An id tells its own time, and is larger than any before.
        self._last_id = max((int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22, self._last_id + 1)
        components: list[Any] = payload.get("components") or []
        message = Message(self._last_id, channel_id, payload.get("content") or "", nonce, components, now)
        sent.append(message)
        if nonce is not None:
            self._nonces[channel_id, nonce] = message
        return 200, _shown(message)

    def _page(self, channel_id: int, query: Any) -> list[dict[str, Any]]:
        """Return messages newest first, as many as asked for, before a message if one is named."""
        before, limit = int(query.get("before", 1 << 63)), int(query.get("limit", 50))
        found = [one for one in self.messages.get(channel_id, []) if one.id < before][-limit:]
        return [_shown(one) for one in reversed(found)]

    # How it answers

    async def _answered(
        self,
        request: web.Request,
        route: str,
        work: Callable[[], Answer],
        *,
        faults: tuple[Fault, ...] = FAULTS,
        script: deque[Fault] | None = None,
    ) -> web.StreamResponse:
        self._working += 1
        self._idle.clear()
        try:
            self.counts.requests[route] += 1
            if (
                route != "answer" and not self.unlimited and self._over_budget()
            ):  # answers to commands have no part in Discord's limit
                self.counts.over_limit += 1
                return _response(_limited(0.5, everywhere=True))
            if self.refuses_the_token:
                return _response(_refusal(401, 0))
            await asyncio.sleep(self._chance.uniform(*self.weather.latency))
            fault = self.drawn(faults, script)
            return _response(work()) if fault is None else await self._failed(request, fault, work)
        finally:
            self._working -= 1
            if not self._working:
                self._idle.set()

    def _over_budget(self) -> bool:
        """Count a request against the second that ends now; refused ones count as well, as Discord's do."""
        now = time.monotonic()
        while self._recent and now - self._recent[0] >= 1:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) > REQUESTS_PER_SECOND

    def drawn(self, faults: tuple[Fault, ...], script: deque[Fault] | None = None) -> Fault | None:
        """Return the fault that the next request gets, None for none."""
        if script:
            fault = script.popleft()
        elif faults and self._chance.random() < self.weather.faults:
            fault = self._chance.choice(faults)
        else:
            return None
        self.counts.faults[fault.name] += 1
        return fault

    async def _failed(self, request: web.Request, fault: Fault, work: Callable[[], Answer]) -> web.StreamResponse:
        if fault.late:
            await asyncio.sleep(self.weather.slow)
        if fault.processed:
            work()
        if fault.waits and not fault.late:
            await asyncio.sleep(self.weather.slow)
        if fault.status is None or fault.waits:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.status == 429:
            return _response(_limited(self._chance.uniform(*self.weather.retry_after), everywhere=bool(fault.code)))
        return _response(_refusal(fault.status, fault.code))


def _acceptable(payload: dict[str, Any], nonce: str | None) -> bool:
    """Return whether Discord's documented limits are kept."""
    rows: list[Any] = payload.get("components") or []
    buttons = [button for row in rows for button in row["components"]]
    return (
        len(nonce or "") <= NONCE_LIMIT
        and 0 < len(payload.get("content") or "") <= CONTENT_LIMIT
        and all(one["type"] == BUTTON and 0 < len(one["custom_id"]) <= CUSTOM_ID_LIMIT for one in buttons)
    )


def _refusal(status: int, code: int) -> Answer:
    return status, {"message": "refused", "code": code}


def _limited(seconds: float, *, everywhere: bool) -> Answer:
    return 429, {"message": "You are being rate limited.", "retry_after": round(seconds, 3), "global": everywhere}


def _response(answer: Answer) -> web.Response:
    status, body = answer
    # discord.py reads the body as JSON only for exactly this type, and a 429 as Discord's only with a Via header.
    headers = {"Content-Type": "application/json"}
    if status == 429:
        headers |= {"Via": "1.1 stand-in", "Retry-After": str(body["retry_after"])}
        headers |= {"X-RateLimit-Global": "true"} if body["global"] else {"X-RateLimit-Scope": "user"}
    return web.Response(status=status, body=json.dumps(body).encode(), headers=headers)


def _direct_messages(user_id: int) -> dict[str, Any]:
    channel = str(user_id + CHANNEL_OFFSET)
    return {"channel_id": channel, "channel": {"id": channel, "type": 1}}


def _text_channel(channel_id: int) -> dict[str, Any]:
    about: dict[str, Any] = {"id": str(channel_id), "type": 0, "name": "course", "position": 0, "nsfw": False}
    about |= {"guild_id": str(channel_id - POSTS_OFFSET), "permission_overwrites": []}
    return about | {"parent_id": None, "topic": None}


def _account(user_id: int) -> dict[str, Any]:
    about = {"id": str(user_id), "username": f"account{user_id}", "discriminator": "0", "global_name": None}
    return about | {"avatar": None, "bot": user_id == BOT_ID}


def _iso(message_id: int) -> str:
    return datetime.fromtimestamp(((message_id >> 22) + DISCORD_EPOCH_MS) / 1000, UTC).isoformat()


def _shown(message: Message) -> dict[str, Any]:
    empty = ("mentions", "mention_roles", "attachments", "embeds")
    return {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": _account(BOT_ID),
        "content": message.content,
        "timestamp": _iso(message.id),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "pinned": False,
        "type": 0,
        "flags": 0,
        "nonce": message.nonce,
        "components": message.components,
        **{name: [] for name in empty},
    }
