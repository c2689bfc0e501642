"""What every cog of the product is: a discord.py cog that says where its components lead."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from discord import app_commands
from discord.ext import commands

from bot.coaching.texts import folded
from cogs.checks import SERVER_ONLY
from cogs.routes import Route

CHOICES = 25
"""Most choices that Discord shows while somebody types."""


class RoutedCog(commands.Cog):
    """A cog with routes by name: where its buttons, selects and forms lead."""

    routes: Mapping[str, Route] = MappingProxyType({})


def cohort_group() -> app_commands.Group:
    """Return the group of commands about a course; each cog with some of them has one, and the tree merges them."""
    return app_commands.Group(
        name="cohort", description="Set the course up and see how it is doing", allowed_contexts=SERVER_ONLY
    )


def suggestions(typed: str, options: Iterable[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    """Return the options, as name and value, that contain what was typed, as many as Discord shows."""
    wanted = folded(typed)
    found = [(name, value) for name, value in options if wanted in folded(name) or wanted in value]
    return [app_commands.Choice(name=name, value=value) for name, value in found[:CHOICES]]
