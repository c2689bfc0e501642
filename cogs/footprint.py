"""/footprint: the digital-footprint checklist."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.errors import UnknownItem
from bot.coaching.footprint import Answer, Checklist
from bot.coaching.ids import UserId
from bot.coaching.weeks import Clock
from bot.services.footprint import FootprintService
from cogs import replies
from cogs.base import RoutedCog, suggestions
from cogs.cards import footprint as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Route


class Footprints(RoutedCog):
    """The checklist: overview, sections, items, answers."""

    def __init__(self, footprint: FootprintService, checklist: Checklist, clock: Clock) -> None:
        self._footprint = footprint
        self._checklist = checklist
        self._clock = clock
        self.routes = {
            "footprint.show": Route(Audience.MEMBER, self._show),
            "footprint.section": Route(Audience.MEMBER, self._section),
            "footprint.item": Route(Audience.MEMBER, self._item),
            "footprint.why": Route(Audience.MEMBER, self._why),
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
        return suggestions(typed, [(item.title, item.id) for item in self._checklist.items])

    async def _show(self, click: Click) -> Card:
        return cards.overview(await self._footprint.show(click.caller, self._clock()), click.owner)

    async def _section(self, click: Click) -> Card:
        section = click.chosen(str)
        if section not in {known.id for known in self._checklist.sections}:
            raise UnknownItem(section)
        value = await self._footprint.show(click.caller, self._clock())
        if section in {known.id for known in value.checklist.sections}:
            card = cards.one_section(value, section, click.owner)
        else:  # a card from before the member chose a low profile, which leaves the section out
            card = cards.overview(value, click.owner)
        return card

    async def _item(self, click: Click) -> Card:
        item_id = click.chosen(str) if click.values else click.arg(str)
        return cards.item(await self._footprint.item(click.caller, item_id, self._clock()), click.owner)

    async def _why(self, click: Click) -> None:
        value = await self._footprint.item(click.caller, click.arg(str), self._clock())
        await replies.show_new(click.interaction, cards.why(value))

    async def _answer(self, click: Click) -> Card:
        item_id, answer = click.arg(str), click.arg(Answer, 1)
        value = await self._footprint.answer(click.caller, item_id, answer, self._clock())
        return cards.item(value, click.owner, just_answered=True)
