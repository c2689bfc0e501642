"""The one adapter around simcord, the in-memory Discord that the demo and the tests run the bot in.

simcord's preview shows one channel per environment, inside a workbench for developers. PaneStage shows several, as
panes of our own page. Everything that reaches past simcord's public interface is in this file.
"""

import asyncio
import contextvars
import json
import logging
import re
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
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
from bot.critique.model import OpenAICritic

__all__ = (
    "ChannelHandle",
    "Env",
    "GuildHandle",
    "InteractionResult",
    "MemberActor",
    "PaneStage",
    "ResponseMessage",
    "RoleHandle",
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
SETTLE_TIMEOUT: Final = 60.0
"""Seconds until work that does not end counts as stuck."""
IDLE: Final = 0.002
"""Seconds between two looks whether an interaction is finished; simcord's own 0.05 makes a test suite slow."""
GLANCE: Final = 0.3
"""Seconds after which the page shows what an action has brought so far."""
CLOSED: Final = 50007
"""Discord's code for an account that takes no direct messages from the bot."""
QUOTED_LINE: Final = re.compile(r"^> .*\n(?=[^>\n])", re.MULTILINE)
"""A quoted line before one that is not."""
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
PANE_ADDITIONS: Final = {
    "/preview.css": Path(__file__).with_name("pane.css"),
    "/app.js": Path(__file__).with_name("pane.js"),
}
"""What is served at the end of simcord's own files."""


_ENV: Any = Env
_SETTLE = _ENV._settle_internal  # noqa: SLF001


async def _settle(env: Env, *, dispatch: str | None = None, _deadline: float | None = None, **_: float | None) -> None:
    """Wait for the bot as long as `simulated` was told: simcord gives a start five seconds, whoever else is at work."""
    await _SETTLE(env, idle=IDLE, dispatch=dispatch, _deadline=_deadline)


@asynccontextmanager
async def simulated(
    bot: discord.Client, clock: Callable[[], datetime] | None = None, *, patience: float = SETTLE_TIMEOUT
) -> AsyncGenerator[Env]:
    """Connect the bot to an empty in-memory Discord, dated by `clock` if there is one; yields its environment.

    Errors do not end the run: watch the log for ERROR records. `patience`: seconds until work that does not end counts
    as stuck.
    """
    _ENV._settle_internal = _settle  # noqa: SLF001
    with _reviewer_in_real_time():
        async with run(bot, check_errors=False, settle_timeout=patience) as env:
            _leave_refusals_out(env)
            _count_roles(env)
            if clock is not None:
                env.backend.clock.now = clock
            if bot.user is not None:
                await bot.user.edit(username=BOT_NAME)
            yield env


def _leave_refusals_out(env: Env) -> None:
    """Keep refusals from simcord, whose page takes them for broken commands and waits for ever."""
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
def _reviewer_in_real_time() -> Generator[None]:
    """Run the AI reviewer outside simcord's virtual time, which would hold its deadlines back."""
    usual = OpenAICritic.critique

    async def outside(self: OpenAICritic, request: CritiqueRequest) -> Critique:
        # A context of its own lacks the mark by which simcord knows the bot's tasks.
        task = contextvars.Context().run(asyncio.get_running_loop().create_task, usual(self, request))
        try:
            return await task
        finally:
            task.cancel()

    OpenAICritic.critique = outside
    try:
        yield
    finally:
        OpenAICritic.critique = usual


@contextmanager
def _quotes_of_one_line() -> Generator[None]:
    """End a quote with its line, as Discord does; in simcord's markdown it takes in the lines that follow."""
    expand: Any = _markdown._discord_multiline_quotes  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    def expand_and_end(text: str) -> str:
        return QUOTED_LINE.sub(r"\g<0>\n", expand(text))

    _markdown._discord_multiline_quotes = expand_and_end  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    try:
        yield
    finally:
        _markdown._discord_multiline_quotes = expand  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


@contextmanager
def _shown_meanwhile(pane: "Pane") -> Generator[None]:
    """Show what an action brings before it is over, as Discord does; simcord's page waits for its end."""
    loop, transcript = asyncio.get_running_loop(), pane.env.backend.transcript
    shown = len(transcript)

    def look() -> None:
        nonlocal shown, timer
        if len(transcript) != shown:
            shown = len(transcript)
            pane._publish_message_pages(reason="refresh")  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        timer = loop.call_later(GLANCE, look)

    timer = loop.call_later(GLANCE, look)
    try:
        yield
    finally:
        timer.cancel()


class PaneServer(PreviewServer):
    """A preview server that may be framed and adds our style and habits to simcord's."""

    _SECURITY_HEADERS = PANE_HEADERS

    def __init__(self, pane: "Pane", stage: "PaneStage") -> None:
        """Serve one pane of the stage on any free loopback port."""
        super().__init__(pane, 0)
        self._pane = pane
        self._stage = stage

    async def _static(self, request: web.Request) -> web.Response:
        response = cast("web.Response", await super()._static(request))
        if request.path in PANE_ADDITIONS:
            added = await asyncio.to_thread(PANE_ADDITIONS[request.path].read_text, encoding="utf-8")
            response.text = (response.text or "") + added
        elif request.path.startswith("/fonts/"):
            response.headers["Cache-Control"] = "private, max-age=86400"
        return response

    async def _action(self, request: web.Request) -> web.Response:
        """Run one action at a time, then whatever follows from it, and show the results in every pane."""
        async with self._stage.turn(self._pane):
            with _shown_meanwhile(self._pane):
                response = cast("web.Response", await super()._action(request))
            receipt: dict[str, Any] = json.loads(response.text or "{}")
            result = receipt.get("result")
            asks_for_choices = isinstance(result, dict) and "choices" in result
            if receipt.get("dispatch") == "dispatched" and not asks_for_choices:
                await self._stage.follow_up(unfinished=receipt.get("settlement") in {"failed", "timeout"})
        return response


class Pane(Preview):
    """A preview of one channel for one person, which always shows the newest message."""

    _MAX_PAGES = 64
    _PAGE_LEASE_SECONDS = 90.0
    """A browser does not say that it left a page, and those that look ask every second."""

    def __init__(
        self, stage: "PaneStage", channel: ChannelHandle, viewer: MemberActor | UserHandle, timezone: str
    ) -> None:
        """Prepare the pane; entering it starts its server."""
        super().__init__(
            stage.env,
            channel,
            (viewer,),
            layout="channel",
            display="responsive",
            width=960,
            height=720,
            locale="en-GB",
            timezone=timezone,
            presentation_time=None,
            assets=None,
            port=0,
        )
        self._server = PaneServer(self, stage)

    def _publish(self, page: Any, *, reason: Any = "action") -> None:
        if page is self._python:
            page.window_end_id = None  # what a page that opens starts from
        page.target_id = self._initial_target(page.viewer, page.channel_id)
        super()._publish(page, reason=reason)


@dataclass(frozen=True, slots=True)
class Viewer:
    """One person the page can look as; `silence` says why they have no direct messages, while they have none."""

    actor: MemberActor
    name: str
    role: str
    silence: str = "No messages yet. The bot writes here once this person has joined."


class PaneStage:
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
        self._panes: dict[tuple[int, int], Pane] = {}
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
    async def turn(self, pane: Pane | None = None) -> AsyncGenerator[None]:
        """Hold the stage for one change, by an action in `pane` or by time, then show it in every pane."""
        async with self._turn:
            self._give_floor(pane)
            before = len(self.env.backend.transcript)
            try:
                yield
            finally:
                if len(self.env.backend.transcript) != before:
                    for other in self._panes.values():
                        await other.refresh()

    async def follow_up(self, *, unfinished: bool) -> None:
        """Do what follows from an action, and remember whether it went through; for whoever holds the turn."""
        self.unfinished = unfinished
        try:
            await self._after_action()
        except Exception:  # noqa: BLE001 - the edge: the page says so, the log says why
            _log.exception("What follows from an action failed")
            self.unfinished = True

    async def _pane_url(self, channel: ChannelHandle, viewer: MemberActor | UserHandle) -> str:
        key = (channel.id, viewer.id)
        if key not in self._panes:
            async with self._turn:
                if key not in self._panes:
                    self._give_floor(None)
                    pane = Pane(self, channel, viewer, self._timezone)
                    await self._closing.enter_async_context(pane)
                    self._panes[key] = pane
        return self._panes[key].url

    def _give_floor(self, pane: Pane | None) -> None:
        """Tell simcord, which knows one preview per environment, whose turn it is."""
        self.env._preview = pane  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
