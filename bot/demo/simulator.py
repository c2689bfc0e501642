"""The one adapter around simcord, the in-memory Discord that the demo and the tests run the bot in.

simcord's own preview shows one channel per environment inside a developer workbench. The Stage is the only place that
reaches past simcord's public interface: it shows several channels at once, without the workbench, inside our own page.
"""

import asyncio
import contextvars
import json
import logging
import re
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self, cast

import discord
from aiohttp import web
from discord.http import HTTPClient
from simcord import (
    ChannelHandle,
    Env,
    GuildHandle,
    InteractionResult,
    MemberActor,
    Preview,
    ResponseMessage,
    RoleHandle,
    UserHandle,
    run,
)
from simcord.backend import serializers
from simcord.preview import _markdown
from simcord.preview._server import PreviewServer

from bot.coaching.bios import Critique, CritiqueRequest
from bot.coaching.errors import Refusal
from bot.critique.model import Critic

__all__ = (
    "ChannelHandle",
    "Env",
    "GuildHandle",
    "InteractionResult",
    "MemberActor",
    "ResponseMessage",
    "RoleHandle",
    "Stage",
    "UserHandle",
    "Viewer",
    "buttons",
    "close_direct_messages",
    "direct_messages",
    "open_direct_messages",
    "remove_bot",
    "roles_of",
    "simulated",
    "take_bot_back",
    "take_role",
)

_log = logging.getLogger(__name__)

BOT_NAME: Final = "PLN Coach"
SETTLE_TIMEOUT: Final = 30.0
"""Seconds until work that does not end counts as stuck."""
IDLE: Final = 0.005
"""Seconds without work after which an interaction counts as finished; simcord's own 0.05 makes a test suite slow."""
GLANCE: Final = 0.3
"""Seconds after which what an action brought so far is shown."""
MOST_VIEWS: Final = 6
"""How many views of one pane are kept, as of several windows of a browser."""
CLOSED: Final = 50007
"""Discord's code for an account that takes no direct messages from the bot."""

PANE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self' blob:; img-src 'self' blob:; "
        "media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors http://127.0.0.1:* http://localhost:*"
    ),
}
PANE_STYLE: Final = """
[data-workbench], .drawer-scrim { display: none !important; }
.preview-app.presentation-responsive { width: 100% !important; height: 100% !important; }
.component-container > * + * { margin-top: 8px; }
.command-option-input { box-sizing: content-box; }
.channel-composer { grid-template-columns: minmax(0, 1fr); }
.command-context-text { white-space: normal; }
.code-block, .code-block code { min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.modal-fields, .modal-field { grid-template-columns: minmax(0, 1fr); }
"""
QUOTED_LINE: Final = re.compile(r"^> .*\n(?=[^>\n])", re.MULTILINE)
"""A line of a quote before one that is none."""
UNFINISHED: Final = frozenset({"failed", "timeout"})


@asynccontextmanager
async def simulated(
    bot: discord.Client,
    clock: Callable[[], datetime] | None = None,
    *,
    idle: float = IDLE,
    patience: float = SETTLE_TIMEOUT,
) -> AsyncGenerator[Env]:
    """Connect the bot to an empty in-memory Discord, dated by `clock` if there is one; yields its environment.

    A refusal is an answer, though it reaches simcord as an error; other errors do not end the run either: watch the log
    for ERROR records instead. `patience`: seconds until work that does not end counts as stuck.
    """
    with _idle(idle), _reviewer_in_real_time():
        async with run(bot, check_errors=False, settle_timeout=patience) as env:
            _leave_refusals_out(env)
            _count_roles(env)
            if clock is not None:
                env.backend.clock.now = clock
            if bot.user is not None:
                await bot.user.edit(username=BOT_NAME)
            yield env


def _leave_refusals_out(env: Env) -> None:
    """Let simcord not take a refusal for a broken command: its page would say so, and wait for ever."""
    record: Callable[[BaseException], None] = env._record_error  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]

    def record_others(error: BaseException) -> None:
        if not isinstance(getattr(error, "original", error), Refusal):
            record(error)

    env._record_error = record_others  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def _count_roles(env: Env) -> None:
    """Answer how many people have each role, for which simcord has no route."""

    async def counts(_: HTTPClient, guild_id: int) -> dict[str, int]:
        members = env.backend.get_guild(guild_id).members.values()
        return {str(role): count for role, count in Counter(one for m in members for one in m.role_ids).items()}

    HTTPClient.get_role_member_counts = counts  # pyright: ignore[reportAttributeAccessIssue]


def direct_messages(member: MemberActor) -> list[discord.Message]:
    """Return the member's DM with the bot as they see it, oldest first; empty when there is none."""
    return member.user.dm_channel.history(viewer=member.user)


def buttons(message: discord.Message) -> list[str]:
    """Return the labels of the buttons under a direct message."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [one.label or "" for row in rows for one in row.children if isinstance(one, discord.Button)]


def close_direct_messages(env: Env, member: MemberActor) -> None:
    """Let the member take no direct messages from now on: Discord answers each with 50007."""
    env.inject_error(
        "POST",
        f"/channels/{member.user.dm_channel.id}/messages",
        status=403,
        code=CLOSED,
        message="Cannot send messages to this user",
        times=None,
    )


def open_direct_messages(env: Env, member: MemberActor) -> None:
    """Let the member take direct messages again."""
    path = f"/channels/{member.user.dm_channel.id}/messages"
    env.backend.faults[:] = [fault for fault in env.backend.faults if fault["path"] != path]


def remove_bot(env: Env, guild: GuildHandle) -> None:
    """Tell the bot that it was removed from a server; the server itself stays as it is."""
    env.backend.emit("GUILD_DELETE", {"id": str(guild.id)})


def roles_of(env: Env, guild: GuildHandle, member: MemberActor) -> frozenset[int]:
    """Return the roles that a member has in a server."""
    return frozenset(env.backend.get_guild(guild.id).members[member.id].role_ids)


def take_role(env: Env, guild: GuildHandle, member: MemberActor, role: RoleHandle) -> None:
    """Take a role from a member; whoever asks Discord afterwards sees them without it."""
    roles = env.backend.get_guild(guild.id).members[member.id].role_ids
    roles.remove(role.id)


def take_bot_back(env: Env, guild: GuildHandle) -> None:
    """Tell the bot that it was added to a server."""
    payload = dict(serializers.guild_create_payload(env.backend, env.backend.get_guild(guild.id)))
    # Of a server that is new to a bot, Discord says neither that it is available nor that it is not.
    del payload["unavailable"]
    env.backend.emit("GUILD_CREATE", payload)


@contextmanager
def _idle(seconds: float) -> Generator[None]:
    """Settle after a shorter silence; simcord has no public setting for it."""
    settle: Any = Env._settle_internal  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    usual = settle.__kwdefaults__["idle"]
    settle.__kwdefaults__["idle"] = seconds
    try:
        yield
    finally:
        settle.__kwdefaults__["idle"] = usual


@contextmanager
def _reviewer_in_real_time() -> Generator[None]:
    """Let the AI reviewer's deadlines pass: simcord holds the bot's timers back while an answer is waited for."""
    usual = Critic.critique

    async def outside(self: Critic, request: CritiqueRequest) -> Critique:
        # Begun in a context without the mark by which simcord knows what is the bot's.
        task = contextvars.Context().run(asyncio.get_running_loop().create_task, usual(self, request))
        try:
            return await task
        finally:
            task.cancel()

    Critic.critique = outside
    try:
        yield
    finally:
        Critic.critique = usual


@contextmanager
def _quotes_of_one_line() -> Generator[None]:
    """Let a quote end with its line, as in Discord; in simcord's markdown it takes in the lines that follow."""
    expand: Any = _markdown._discord_multiline_quotes  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    def expand_and_end(text: str) -> str:
        return QUOTED_LINE.sub(r"\g<0>\n", expand(text))

    _markdown._discord_multiline_quotes = expand_and_end  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    try:
        yield
    finally:
        _markdown._discord_multiline_quotes = expand  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


@contextmanager
def _shown_meanwhile(preview: Preview) -> Generator[None]:
    """Show what an action brings before it is over: simcord's page waits for its end, as Discord does not."""
    loop, transcript = asyncio.get_running_loop(), preview.env.backend.transcript
    shown = len(transcript)

    def look() -> None:
        nonlocal shown, timer
        if len(transcript) != shown:
            shown = len(transcript)
            preview._publish_message_pages(reason="refresh")  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        timer = loop.call_later(GLANCE, look)

    timer = loop.call_later(GLANCE, look)
    try:
        yield
    finally:
        timer.cancel()


class PaneServer(PreviewServer):
    """A preview server that may be framed and hides simcord's workbench."""

    _SECURITY_HEADERS = PANE_HEADERS

    def __init__(self, preview: Preview, stage: "Stage") -> None:
        """Serve one pane of the stage on any free loopback port."""
        super().__init__(preview, 0)
        self._stage = stage

    async def _static(self, request: web.Request) -> web.Response:
        """Add our style and habits to simcord's, and let browsers keep fonts."""
        response = cast("web.Response", await super()._static(request))
        if request.path == "/preview.css":
            response.text = (response.text or "") + PANE_STYLE
        elif request.path.startswith("/fonts/"):
            response.headers["Cache-Control"] = "private, max-age=86400"
        return response

    async def _pages(self, request: web.Request) -> web.Response:
        """Open every view at the newest message, not where the pane once began."""
        pattern = self.preview._python  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if pattern is not None:
            pattern.window_end_id = None
            pattern.target_id = max(self._messages(), default=None)
        self._make_room()
        return cast("web.Response", await super()._pages(request))

    def _make_room(self) -> None:
        """Close views that nobody looks at: simcord opens sixteen of a pane, then no more, and it stays grey.

        A browser does not say that it left one when its frame is replaced; those that look ask every second.
        """
        preview: Any = self.preview
        open_ones = [one for one in preview._pages.values() if one is not preview._python]  # noqa: SLF001
        for one in sorted(open_ones, key=lambda one: one.last_activity)[: -MOST_VIEWS + 1]:
            preview._close_page(one.id)  # noqa: SLF001

    def _messages(self) -> dict[int, Any]:
        """Return the channel's messages by id, seen by everyone or not."""
        return self.preview.env.backend.messages.get(self.preview.channel.id, {})

    async def _action(self, request: web.Request) -> web.Response:
        """Let one action run at a time, then whatever follows from it, and show the results in every pane."""
        async with self._stage.turn(self.preview):
            with _shown_meanwhile(self.preview):
                response = cast("web.Response", await super()._action(request))
            receipt: dict[str, Any] = json.loads(response.text or "{}")
            if receipt.get("dispatch") == "dispatched" and not _only_asks(receipt):
                await self._stage.follow_up(self.preview, unfinished=receipt.get("settlement") in UNFINISHED)
        return response


def _only_asks(receipt: Mapping[str, Any]) -> bool:
    """Return whether an action only asked for the choices of an option."""
    return isinstance(receipt.get("result"), dict) and "choices" in receipt["result"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """One person the page can look as; `silence` says why they have no direct messages, while they have none."""

    actor: MemberActor
    name: str
    role: str
    silence: str = "No messages yet. The bot writes here once this person has joined."


class Stage:
    """Browser panes on one simulated server: the course channel and all DMs."""

    def __init__(
        self, env: Env, course: ChannelHandle, after_action: Callable[[], Awaitable[None]], *, timezone: str = "UTC"
    ) -> None:
        """Show `course` and the bot's DMs, with times written in `timezone`; `after_action` runs after each action."""
        self.env = env
        self.unfinished = False
        self._course = course
        self._after_action = after_action
        self._timezone = timezone
        self._turn = asyncio.Lock()
        self._panes: dict[tuple[int, int], Preview] = {}
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start with no panes; each one opens when it is first looked at."""
        self._closing.enter_context(_quotes_of_one_line())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every pane and its server."""
        self._panes.clear()
        await self._closing.aclose()

    async def course_url(self, viewer: MemberActor) -> str:
        """Return the address of the course channel as `viewer` sees it."""
        return await self._pane_url(self._course, viewer)

    async def direct_url(self, viewer: MemberActor) -> str | None:
        """Return the address of the viewer's DM with the bot, once it has messages."""
        backend = self.env.backend
        channel_id = backend.dm_channels.get(viewer.id)
        if channel_id is None or not backend.messages.get(channel_id):
            return None
        return await self._pane_url(viewer.user.dm_channel, viewer.user)

    @asynccontextmanager
    async def turn(self, preview: Preview | None = None) -> AsyncGenerator[None]:
        """Hold the stage for one change, then show it in every pane."""
        async with self._turn:
            self._give_floor(preview)
            before = len(self.env.backend.transcript)
            try:
                yield
            finally:
                if len(self.env.backend.transcript) != before:
                    await self._refresh(skip=preview)

    async def follow_up(self, preview: Preview, *, unfinished: bool) -> None:
        """Do what follows from an action, and remember whether it went through; for whoever holds the turn."""
        self.unfinished = unfinished
        before = len(self.env.backend.transcript)
        try:
            await self._after_action()
        except Exception:  # noqa: BLE001 - the edge: the page says so, the log says why
            _log.exception("What follows from an action failed")
            self.unfinished = True
        if len(self.env.backend.transcript) != before:
            await preview.refresh()

    async def _refresh(self, skip: Preview | None) -> None:
        for preview in self._panes.values():
            if preview is not skip:  # the pane that acted has shown its own action
                await preview.refresh()

    async def _pane_url(self, channel: ChannelHandle, viewer: MemberActor | UserHandle) -> str:
        key = (channel.id, viewer.id)
        if key not in self._panes:
            async with self._turn:
                if key not in self._panes:
                    self._panes[key] = await self._open(channel, viewer)
        return self._panes[key].url

    async def _open(self, channel: ChannelHandle, viewer: MemberActor | UserHandle) -> Preview:
        self._give_floor(None)
        preview = self.env.preview(channel, viewers=[viewer], layout="channel", locale="en-GB", timezone=self._timezone)
        preview._server = PaneServer(preview, self)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return await self._closing.enter_async_context(preview)

    def _give_floor(self, preview: Preview | None) -> None:
        """Tell simcord, which knows one preview per environment, whose turn it is."""
        self.env._preview = preview  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
