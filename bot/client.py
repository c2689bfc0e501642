"""The Discord connection: CoachBot and CoachTree. It holds the cogs and decides nothing."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from itertools import chain, repeat
from typing import Any

import aiohttp
import discord
import discord.http
from discord import app_commands
from discord.ext import commands

from bot.coaching.ids import GuildId
from bot.coaching.weeks import Clock
from cogs import replies, routes
from cogs.base import RoutedCog
from storage import members, settings
from storage.database import Database

_log = logging.getLogger(__name__)

COMMANDS_HASH = "commands_hash"
RETRY_SECONDS = (1, 5, 15, 60)
"""Waits between tries to reach Discord at start-up; the last one repeats."""
REFUSED = "DISCORD_TOKEN was refused by Discord: copy the token again from your application's Bot page."
AUTHENTICATION_FAILED = 4004
"""Discord's close code for a token that is not, or no longer, the bot's."""
# The bot has no voice, and needs no warning about it.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class TokenRefused(Exception):
    """Discord does not accept the token."""


class DiscordAway(Exception):
    """Discord cannot be reached; the message says by what kind of error."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server as the bot sees it: its roles and channels by their ids."""

    name: str
    roles: frozenset[int]
    channels: frozenset[int]


@dataclass(frozen=True, slots=True)
class BotProfile:
    """What Discord says of a bot; `date` is Discord's clock, and a server is None where the bot is in it no more."""

    name: str
    invitation: str
    date: datetime | None
    servers: Mapping[int, Server | None]


class CoachTree(app_commands.CommandTree["CoachBot"]):
    """The slash commands, with the product's one error path."""

    def add_command(self, command: Any, /, **options: Any) -> None:
        """Add a command, or a group's commands to the group of that name which is there already.

        A cog can bind only the commands of its own group, and those of `/cohort` live with their features.
        """
        known = self.get_command(command.name)
        if not (isinstance(command, app_commands.Group) and isinstance(known, app_commands.Group)):
            super().add_command(command, **options)
            return
        for one in command.commands:
            known.add_command(one)

    async def _call(self, interaction: discord.Interaction["CoachBot"]) -> None:
        """Answer a command; discord.py 2.7.1 calls this for each, and has no public place around all of it."""
        if interaction.type is discord.InteractionType.autocomplete:
            await super()._call(interaction)
        else:
            await self.client.answer(interaction, self._answered(interaction))

    async def _answered(self, interaction: discord.Interaction["CoachBot"]) -> None:
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError as error:  # a command that there is not, or not like this
            await self.on_error(interaction, error)

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Answer a command that was refused or went wrong."""
        await replies.fail(interaction, error)


class CoachBot(commands.Bot):
    """The connection. Needs no privileged intent, keeps no members and no messages, pings nobody."""

    def __init__(
        self,
        database: Database,
        cogs: Callable[[], Sequence[RoutedCog]],
        guilds_changed: Callable[[Collection[GuildId], Collection[GuildId]], Awaitable[None]],
        clock: Clock,
        *,
        proxy: str | None = None,
        api_base: str | None = None,
    ) -> None:
        _ask_at(api_base)
        super().__init__(
            command_prefix=commands.when_mentioned,
            proxy=proxy,
            help_command=None,
            tree_cls=CoachTree,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._database = database
        self._make_cogs = cogs
        self._guilds_changed = guilds_changed
        self.commands_too = True
        self.routes: dict[str, routes.Route] = {}
        self.forms = replies.FormMemory(self.routes, clock)
        self._in_hand: set[asyncio.Task[object]] = set()
        self.stop = asyncio.Event()
        self.ended_because: str | None = None
        self._greeted = False

    async def setup_hook(self) -> None:
        """Add the cogs, and register the commands with Discord if they changed since they last were."""
        if not self.commands_too:
            return  # this process only sends nudges
        if not self.cogs:  # a login that is tried again finds them here
            for cog in self._make_cogs():
                await self.add_cog(cog)
                self.routes |= cog.routes
        await self.register_commands()

    async def register_commands(self, *, even_if_unchanged: bool = False) -> bool:
        """Register the slash commands with Discord; skipped when their hash is the one registered last.

        Returns whether they were sent. The hash includes the bot's id: another token means another application.
        """
        tree = sorted((command.to_dict(self.tree) for command in self.tree.get_commands()), key=lambda one: one["name"])
        wanted = hashlib.sha256(json.dumps([self.application_id, tree], sort_keys=True).encode()).hexdigest()
        known = await self._database.read(lambda tx: settings.get(tx, COMMANDS_HASH))
        if known == wanted and not even_if_unchanged:
            return False
        await self.tree.sync()
        await self._database.transact(lambda tx: settings.put(tx, COMMANDS_HASH, wanted))
        _log.info("registered %s commands with Discord", len(tree))
        return True

    async def log_in(self, token: str) -> None:
        """Log in, trying on while Discord cannot be reached and `stop` is not set."""
        waits = chain(RETRY_SECONDS, repeat(RETRY_SECONDS[-1]))
        while not self.stop.is_set():
            try:
                await self.login(token)
            except discord.LoginFailure:
                self.refuse_token()
            except (aiohttp.ClientError, OSError, discord.HTTPException) as error:
                seconds = next(waits)
                _log.warning("Discord cannot be reached (%s); trying again in %s s", type(error).__name__, seconds)
                await self.http.close()
                self.http.connector = discord.utils.MISSING  # a closed connector would be used again
                await _wait(self.stop, seconds)
            else:
                return

    async def stay_connected(self, token: str, once_logged_in: Callable[[], None]) -> None:
        """Log in and stay connected until `stop` is set, trying on while Discord cannot be reached.

        Calls `once_logged_in` after the first login. A refused token ends it, then or later, as `end` does.
        """
        await self.log_in(token)
        if not self.stop.is_set():
            once_logged_in()
        while not (self.stop.is_set() or self.is_closed()):
            try:
                await self.connect(reconnect=True)
            except AttributeError:
                # discord.py 2.7.1: a first handshake that fails leaves no socket to ask for its close code.
                _log.warning("the connection to Discord failed at the first handshake; trying again")
                await _wait(self.stop, RETRY_SECONDS[1])
            except discord.ConnectionClosed as error:
                if error.code != AUTHENTICATION_FAILED:
                    raise
                self.refuse_token()

    async def stay_logged_in(self, token: str, once_logged_in: Callable[[], None]) -> None:
        """Log in without a connection for commands, and wait until `stop` is set; else like `stay_connected`."""
        await self.log_in(token)
        if not self.stop.is_set():
            once_logged_in()
        await self.stop.wait()

    def end(self, because: str) -> None:
        """Stop for a reason that a person has to mend, in a sentence."""
        self.ended_because = self.ended_because or because
        self.stop.set()

    def refuse_token(self) -> None:
        """End: Discord has answered that the token is not the bot's, or not any more."""
        self.end(REFUSED)

    async def on_ready(self) -> None:
        """Say once that the bot is there, and take stock of its servers: some may have removed it meanwhile."""
        if not self._greeted and self.user is not None:
            self._greeted = True
            about = (version("pln-coach"), self.user, len(self.guilds), self._database.name, self.invitation)
            _log.info("PLN Coach %s · %s · %s servers · %s · invite %s", *about)
        here = {GuildId(guild.id) for guild in self.guilds}
        known = set(await self._database.read(members.guilds_with_open_cohorts))
        await self._guilds_changed(known & here, known - here)

    @property
    def invitation(self) -> str:
        """The address that invites the bot into a server; it asks for no permissions."""
        return invitation(self.application_id or 0)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Go on with a course in a server that took the bot back."""
        await self._guilds_changed({GuildId(guild.id)}, set())

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Plan nothing more in a server that removed the bot."""
        await self._guilds_changed(set(), {GuildId(guild.id)})

    async def register_once(self, token: str) -> None:
        """Log in and register the commands even if they seem unchanged; raises TokenRefused and DiscordAway."""
        try:
            await self.login(token)
            await self.register_commands(even_if_unchanged=True)
        except discord.LoginFailure as error:
            raise TokenRefused from error
        except (aiohttp.ClientError, OSError, discord.HTTPException) as error:
            raise DiscordAway(type(error).__name__) from error

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Send a button, select or modal where its custom id leads; commands go through the tree."""
        if interaction.type in {discord.InteractionType.component, discord.InteractionType.modal_submit}:
            await self.answer(interaction, self._dispatched(interaction))

    async def _dispatched(self, interaction: discord.Interaction) -> None:
        try:
            await replies.reply(interaction, await routes.dispatch(interaction, self.routes), self.forms)
        except Exception as error:  # noqa: BLE001 - the edge: whatever went wrong gets an answer and a reference id
            await replies.fail(interaction, error, self.forms)

    async def answer(self, interaction: discord.Interaction, answering: Awaitable[None]) -> None:
        """Answer an interaction in time; it is in hand until then."""
        task = asyncio.current_task()
        self._in_hand |= {task} if task else set()
        try:
            await replies.in_time(interaction, answering)
        finally:
            self._in_hand -= {task} if task else set()

    async def answers_in_hand(self, seconds: float) -> None:
        """Wait until what is in hand is answered, so many seconds at most."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=seconds)

    async def on_message(self, message: discord.Message, /) -> None:
        """Ignore messages: the product has slash commands only."""


async def look_around(token: str, guild_ids: Collection[int], proxy: str | None, api_base: str | None) -> BotProfile:
    """Log in without a connection for commands, and look at the bot and some servers.

    Raises TokenRefused, and DiscordAway when Discord cannot be reached.
    """
    _ask_at(api_base)
    dates: list[str] = []

    async def note_date(_session: object, _context: object, ended: aiohttp.TraceRequestEndParams) -> None:
        dates.extend(ended.response.headers.getall("Date", []))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(note_date)
    try:
        async with discord.Client(intents=discord.Intents.none(), proxy=proxy, http_trace=trace) as client:
            await client.login(token)
            servers = {one: await _server(client, one) for one in sorted(guild_ids)}
            return BotProfile(
                str(client.user),
                invitation(client.application_id or 0),
                parsedate_to_datetime(dates[-1]) if dates else None,
                servers,
            )
    except discord.LoginFailure as error:
        raise TokenRefused from error
    except (aiohttp.ClientError, OSError, discord.HTTPException) as error:
        raise DiscordAway(type(error).__name__) from error


def _ask_at(api_base: str | None) -> None:
    """Ask the REST API at another address, in all of this process: discord.py has one for all clients."""
    if api_base is not None:
        discord.http.Route.BASE = api_base


async def _server(client: discord.Client, guild_id: int) -> Server | None:
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        channels = await guild.fetch_channels()
    except (discord.NotFound, discord.Forbidden):
        return None
    return Server(guild.name, frozenset(role.id for role in guild.roles), frozenset(one.id for one in channels))


def invitation(application_id: int) -> str:
    """Return the address that invites an application's bot into a server."""
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(application_id, permissions=discord.Permissions.none(), scopes=scopes)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    """Wait for `seconds`, or until `stop` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
