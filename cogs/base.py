"""What every cog of the product is: a discord.py cog that says where its components lead."""

from collections.abc import Mapping

from discord.ext import commands

from cogs.routes import Route


class RoutedCog(commands.Cog):
    """A cog with routes for its buttons, selects and modals."""

    @property
    def routes(self) -> Mapping[str, Route]:
        """Return the routes by name; none unless a cog says otherwise."""
        return {}
