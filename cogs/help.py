"""/help: what to do when."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.ids import UserId
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import help as cards
from cogs.checks import for_audience


class Help(RoutedCog):
    """Help by situation; needs nothing, so it works even when nothing else does."""

    @for_audience(Audience.ANYONE)
    @app_commands.command(name="help", description="What to do when: by situation")
    async def help(self, interaction: discord.Interaction) -> None:
        """Show help."""
        await replies.show(interaction, cards.situations(UserId(interaction.user.id)))
