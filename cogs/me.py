"""/me: your last seven days, your goal, and one next step."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.weeks import Clock
from bot.services.me import MeService
from cogs import pictures, replies
from cogs.base import RoutedCog
from cogs.cards import me as cards
from cogs.cards import nudges as nudge_cards
from cogs.checks import command_caller, for_audience
from cogs.pictures.me import progress
from cogs.routes import Click, Route


class MeCommands(RoutedCog):
    """The member's own overview."""

    def __init__(self, me: MeService, clock: Clock) -> None:
        self._me = me
        self._clock = clock
        self.routes = {
            "me.show": Route(Audience.MEMBER, self._click),
            "me.why": Route(Audience.MEMBER, self._why),
            "me.picture": Route(Audience.MEMBER, self._picture),
            "nudge.see_week": Route(Audience.MEMBER, self._click),
        }

    @for_audience(Audience.MEMBER)
    @app_commands.command(name="me", description="Your last seven days, your goal, and one next step with the reason")
    async def me(self, interaction: discord.Interaction) -> None:
        """Show the overview."""
        await self._show(interaction, command_caller(interaction))

    async def _click(self, click: Click) -> None:
        await self._show(click.interaction, click.caller)

    async def _show(self, interaction: discord.Interaction, caller: Caller) -> None:
        await replies.show(interaction, cards.me(await self._me.me(caller, self._clock()), caller.user_id))

    async def _why(self, click: Click) -> None:
        value = await self._me.why(click.caller, self._clock())
        await replies.show_new(click.interaction, nudge_cards.why(value, of="step"))

    async def _picture(self, click: Click) -> None:
        await replies.wait(click.interaction)
        value = await self._me.me(click.caller, self._clock())
        chart = progress(value)
        card = cards.picture(pictures.in_words(chart), value, click.owner)
        await replies.show_files(click.interaction, card, {cards.PICTURE_NAME: await pictures.png(chart)})
