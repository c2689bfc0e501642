"""What Discord is asked when it is shown: names, how many have a role (both kept for ten minutes), hidden commands."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import aiohttp
import discord
from discord.ext import commands

from bot.coaching.cohort import Cohort
from bot.coaching.errors import NamesUnavailable
from bot.coaching.gone import what_is_gone
from bot.coaching.ids import UserId
from bot.coaching.weeks import Clock
from cogs.cancelled import freeing
from cogs.messenger import lacking

AT_ONCE = 100
"""Most accounts that Discord looks up in one request."""
KEPT = timedelta(minutes=10)
AT_MOST = timedelta(seconds=1)
"""How long a card waits for what Discord says of a role."""


class Names:
    """Display names in servers, in memory alone, so that turning a page does not ask Discord again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[tuple[int, UserId], tuple[datetime, str | None]] = {}

    async def of(self, guild: discord.Guild | None, people: Iterable[UserId]) -> dict[UserId, str | None]:
        """Return each account's display name in a server, None for those who are not in it; raises NamesUnavailable.

        One request for a hundred accounts, over the gateway, which paces them itself; no privileged intent is needed.
        """
        if guild is None:
            raise NamesUnavailable
        now = self._clock()
        self._known = {key: kept for key, kept in self._known.items() if kept[0] > now - KEPT}
        wanted = list(people)
        missing = [one for one in wanted if (guild.id, one) not in self._known]
        for first in range(0, len(missing), AT_ONCE):
            await self._ask(guild, missing[first : first + AT_ONCE], now)
        return {one: self._known[guild.id, one][1] for one in wanted}

    async def _ask(self, guild: discord.Guild, people: list[UserId], now: datetime) -> None:
        try:
            found = await guild.query_members(user_ids=list(people), limit=AT_ONCE, cache=False)
        except (TimeoutError, discord.DiscordException) as error:
            raise NamesUnavailable from error
        here = {member.id: member.display_name for member in found}
        self._known |= {(guild.id, one): (now, here.get(one)) for one in people}

    def forget(self, user_id: UserId) -> None:
        """Forget the names of an account that was erased."""
        self._known = {key: kept for key, kept in self._known.items() if key[1] != user_id}


def role_names(guild: discord.Guild | None, roles: Collection[int]) -> dict[int, str]:
    """Return the names of roles by id, without roles that no longer exist."""
    found = {role: guild and guild.get_role(role) for role in roles}
    return {role: one.name for role, one in found.items() if one is not None}


class RoleCounts:
    """How many people have a role, by servers; asked once in ten minutes, also where Discord does not say.

    No privileged intent is needed, but a server may want *Manage Roles* for it, which the bot never asks for.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[int, tuple[datetime, dict[int, int]]] = {}

    async def of(self, guild: discord.Guild | None, role_id: int) -> int | None:
        """Return how many people have a role, None where Discord does not say, or not at once."""
        if guild is None:
            return None
        known = self._known.get(guild.id)
        if known is None or known[0] <= self._clock() - KEPT:
            known = self._known[guild.id] = (self._clock(), await _role_counts(guild))
        return known[1].get(role_id)


async def _role_counts(guild: discord.Guild) -> dict[int, int]:
    try:
        async with asyncio.timeout(AT_MOST.total_seconds()):
            with freeing(guild._state.http):  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
                counts = await guild.role_member_counts()
    except (TimeoutError, OSError, aiohttp.ClientError, discord.DiscordException):
        return {}
    return {role.id: count for role, count in counts.items()}


def missing_in(guild: discord.Guild | None, channel_id: int | None) -> tuple[str, ...] | None:
    """Return what the bot lacks to post in a channel, by Discord's names; None if the channel is gone."""
    if guild is None or channel_id is None:
        return ()
    channel = guild.get_channel(channel_id)
    return None if channel is None else lacking(channel.permissions_for(guild.me))


def gone_from(guild: discord.Guild | None, cohort: Cohort, sections: Collection[int]) -> list[str]:
    """Return a sentence for each role of a course that is gone; `missing_in` is about its channel."""
    return [] if guild is None else what_is_gone(cohort, sections, {role.id for role in guild.roles})


async def hidden_from(interaction: discord.Interaction, role_id: int, name: str = "cohort") -> bool:
    """Return whether Server Settings → Integrations hides a command from a role.

    False where Discord does not say, or not at once.
    """
    client, guild = interaction.client, interaction.guild
    if guild is None or not isinstance(client, commands.Bot):
        return False
    try:
        async with asyncio.timeout(AT_MOST.total_seconds()):
            with freeing(client.http):
                known = await client.tree.fetch_commands()
                overrides = await next(one for one in known if one.name == name).fetch_permissions(guild)
    except (StopIteration, TimeoutError, OSError, aiohttp.ClientError, discord.DiscordException):
        return False
    said = {one.id: one.permission for one in overrides.permissions}
    return not said.get(role_id, said.get(guild.id, True))
