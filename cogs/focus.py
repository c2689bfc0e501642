"""/focus: who should find you, and what for."""

from collections.abc import Mapping

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.focus import FocusDraft
from bot.coaching.footprint import Track
from bot.coaching.ids import UserId
from bot.coaching.weeks import Clock
from bot.services.focus import FocusService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import focus as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route


class Focuses(RoutedCog):
    """The member's focus."""

    def __init__(self, focus: FocusService, tracks: Mapping[str, Track], clock: Clock) -> None:
        self._focus = focus
        self._tracks = tracks
        self._clock = clock
        self.routes = {
            "focus.edit": Route(Audience.MEMBER, self._edit),
            "focus.save": Route(Audience.MEMBER, self._save),
            "again.focus.save": Route(Audience.MEMBER, self._edit),
            "focus.accounts": Route(Audience.MEMBER, self._accounts),
            "nudge.set_focus": Route(Audience.MEMBER, self._edit),
        }

    @for_audience(Audience.MEMBER)
    @app_commands.command(name="focus", description="Say who should find you and what for: one or two fields")
    async def focus(self, interaction: discord.Interaction) -> None:
        """Open the form, filled with what is saved."""
        saved = await self._focus.get(command_caller(interaction), self._clock())
        await replies.ask(interaction, cards.form(saved, self._tracks, UserId(interaction.user.id)))

    async def _edit(self, click: Click) -> Form:
        return cards.form(await self._focus.get(click.caller, self._clock()), self._tracks, click.owner)

    async def _save(self, click: Click) -> Card:
        fields = click.fields
        draft = FocusDraft(
            click.field("fields"),
            fields.get("purpose"),
            fields.get("connection"),
            fields.get("track"),
            fields.get("season"),
        )
        saved = await self._focus.save(click.caller, draft, self._clock())
        return cards.saved(saved, click.owner)

    async def _accounts(self, click: Click) -> Card:
        new = click.arg(int) == 1
        saved = await self._focus.set_new_accounts(click.caller, self._clock(), new=new)
        return cards.saved(saved, click.owner)
