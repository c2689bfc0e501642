"""/footprint: the digital-footprint checklist."""

from collections.abc import Mapping

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.errors import UnknownItem
from bot.coaching.footprint import Answer, Checklist
from bot.coaching.ids import UserId
from bot.coaching.weeks import Clock
from bot.services.footprint import FootprintService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import footprint as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Click, Route

CHOICES = 25


class Footprints(RoutedCog):
    """The checklist: overview, sections, items, answers."""

    def __init__(self, footprint: FootprintService, checklist: Checklist, clock: Clock) -> None:
        self._footprint = footprint
        self._checklist = checklist
        self._clock = clock

    @property
    def routes(self) -> Mapping[str, Route]:
        """Return where this cog's components lead."""
        return {
            "footprint.show": Route(Audience.MEMBER, self._show),
            "footprint.section": Route(Audience.MEMBER, self._section),
            "footprint.item": Route(Audience.MEMBER, self._item),
            "footprint.answer": Route(Audience.MEMBER, self._answer),
        }

    @for_audience(Audience.MEMBER)
    @app_commands.command(
        name="footprint", description="Your digital-footprint checklist: what is done, what comes next"
    )
    @app_commands.describe(item="Open one item directly; start typing its title")
    async def footprint(self, interaction: discord.Interaction, item: str | None = None) -> None:
        """Show the checklist, or one item of it."""
        caller, owner, now = command_caller(interaction), UserId(interaction.user.id), self._clock()
        if item is None:
            await replies.show(interaction, cards.overview(await self._footprint.show(caller, now), owner))
        else:
            await replies.show(interaction, cards.item(await self._footprint.item(caller, item, now), owner))

    @footprint.autocomplete("item")
    async def _items(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.strip().casefold()
        found = [item for item in self._checklist.items if wanted in item.title.casefold() or wanted in item.id]
        return [app_commands.Choice(name=item.title, value=item.id) for item in found[:CHOICES]]

    async def _show(self, click: Click) -> None:
        value = await self._footprint.show(click.caller, self._clock())
        await replies.show(click.interaction, cards.overview(value, click.caller.user_id))

    async def _section(self, click: Click) -> None:
        section = click.chosen(str)
        if section not in {known.id for known in self._checklist.sections}:
            raise UnknownItem(section)
        value = await self._footprint.show(click.caller, self._clock())
        if section in {known.id for known in value.checklist.sections}:
            card = cards.one_section(value, section, click.caller.user_id)
        else:  # a card from before the member chose a low profile, which leaves the section out
            card = cards.overview(value, click.caller.user_id)
        await replies.show(click.interaction, card)

    async def _item(self, click: Click) -> None:
        item_id = click.chosen(str) if click.values else click.arg(str)
        value = await self._footprint.item(click.caller, item_id, self._clock())
        await replies.show(click.interaction, cards.item(value, click.caller.user_id))

    async def _answer(self, click: Click) -> None:
        item_id, answer = click.arg(str), click.arg(Answer, 1)
        value = await self._footprint.answer(click.caller, item_id, answer, self._clock())
        await replies.show(click.interaction, cards.item(value, click.caller.user_id, just_answered=True))
