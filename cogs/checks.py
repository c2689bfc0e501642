"""Who may: each command declares its audience, and the caller handed to a service carries it."""

from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller, Notice
from bot.coaching.ids import ChannelId, GuildId, UserId

# Not discord.py's guild_only: what the tree allows by default would be added to it.
SERVER_ONLY = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)

NOTICES = "notices"
"""Where an interaction keeps what services want mentioned."""

C = TypeVar("C", bound="app_commands.Command[Any, ..., Any]")


def for_audience(audience: Audience) -> Callable[[C], C]:
    """Declare whom a command is for; the services admit nobody else, and a test finds a command without it."""

    def declare(command: C) -> C:
        command.extras["audience"] = audience
        return command

    return declare


def caller(interaction: discord.Interaction, audience: Audience) -> Caller:
    """Build the caller from what Discord vouches for, with the audience that is required.

    What services want mentioned beside the answer collects in the interaction, where `replies` reads it.
    """
    user = interaction.user
    member = user if isinstance(user, discord.Member) else None
    in_dm = interaction.guild_id is None
    notices: list[Notice] = interaction.extras.setdefault(NOTICES, [])
    who = Caller(
        user_id=UserId(user.id),
        audience=audience,
        guild_id=None if interaction.guild_id is None else GuildId(interaction.guild_id),
        role_ids=frozenset(role.id for role in member.roles) if member else frozenset(),
        manages_guild=member is not None and interaction.permissions.manage_guild,
        dm_channel_id=ChannelId(interaction.channel_id) if in_dm and interaction.channel_id else None,
        mention=notices.extend,
    )
    interaction.extras["caller"] = who
    return who


def command_caller(interaction: discord.Interaction) -> Caller:
    """Build the caller of a command with the audience it declares; raises LookupError if it declares none."""
    command = interaction.command
    audience: Audience | None = None if command is None else command.extras.get("audience")
    if audience is None:
        message = f"command {command and command.qualified_name} declares no audience"
        raise LookupError(message)
    return caller(interaction, audience)
