"""The lines that members handed in: reached from the register, the overview and the course plan."""

import secrets

import discord

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import NamesUnavailable
from bot.coaching.ids import WeekId
from bot.coaching.weeks import Clock
from bot.services.hand_ins import HandInService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import hand_ins as cards
from cogs.names import Names
from cogs.routes import Click, Route, row_number


class HandInPages(RoutedCog):
    """Handed-in lines, a week at a time. It has no command."""

    def __init__(self, hand_ins: HandInService, names: Names, clock: Clock) -> None:
        self._hand_ins = hand_ins
        self._names = names
        self._clock = clock
        self.routes = {
            "handins.show": Route(Audience.INSTRUCTOR, self._page),
            "handins.week": Route(Audience.INSTRUCTOR, self._week),
            "handins.hide": Route(Audience.INSTRUCTOR, self._hide),
        }

    async def _page(self, click: Click) -> None:
        """Show a page; without a page in the custom id it was asked for from another card, which stays."""
        week_id = WeekId(click.number()) if click.args else None
        paged = len(click.args) > 1
        view = cards.HandInView(max(0, click.arg(int, 1)), click.arg(str, 2)) if paged else cards.HandInView()
        await self._show(click.interaction, click.caller, week_id, view, new=not paged)

    async def _week(self, click: Click) -> None:
        view = cards.HandInView(seed=click.arg(str))
        await self._show(click.interaction, click.caller, WeekId(click.chosen(row_number)), view)

    async def _hide(self, click: Click) -> None:
        view = cards.HandInView(seed=secrets.token_hex(3))
        await self._show(click.interaction, click.caller, WeekId(click.number()), view)

    async def _show(
        self,
        interaction: discord.Interaction,
        caller: Caller,
        week_id: WeekId | None,
        view: cards.HandInView,
        *,
        new: bool = False,
    ) -> None:
        value = await self._hand_ins.show(caller, week_id, self._clock())
        await replies.soon(interaction, new=new)
        names: cards.Names = {}
        if not view.hidden:
            try:
                names = await self._names.of(interaction.guild, [one.user_id for one in value.lines])
            except NamesUnavailable:
                names = {}
        await replies.answer(interaction, cards.page(value, view, names, caller.user_id))
