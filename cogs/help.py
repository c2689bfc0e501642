"""/help: what to do when, by role."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.services.cohort import CohortService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import help as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Route
from storage.database import DatabaseUnavailable


class Help(RoutedCog):
    """Help by situation; works even when nothing else does."""

    def __init__(self, cohorts: CohortService) -> None:
        self._cohorts = cohorts
        self.routes = {"help.member": Route(Audience.ANYONE, self._for_members)}

    @for_audience(Audience.ANYONE)
    @app_commands.command(name="help", description="What to do when: by situation")
    async def help(self, interaction: discord.Interaction) -> None:
        """Show help: to those who teach theirs, to everybody else the members'."""
        caller = command_caller(interaction)
        try:
            teaches = await self._cohorts.is_staff(caller)
        except DatabaseUnavailable:
            teaches = False
        await replies.show(interaction, (cards.for_staff if teaches else cards.for_members)(caller.user_id))

    async def _for_members(self, click: Click) -> Card:
        return cards.for_members(click.owner)
