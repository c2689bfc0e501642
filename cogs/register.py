"""/cohort register and export: the class by name, on a card and as files."""

import secrets
from dataclasses import replace

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import NamesUnavailable
from bot.coaching.ids import UserId
from bot.coaching.register import listing
from bot.coaching.weeks import Clock
from bot.services.exports import ExportService, ExportWish
from bot.services.register import RegisterService
from cogs import replies
from cogs.base import RoutedCog, cohort_group
from cogs.cards import register as cards
from cogs.checks import command_caller, for_audience
from cogs.names import Names, role_names
from cogs.routes import Click, Route

SEPARATORS = {"comma": ",", "semicolon": ";"}


class Registers(RoutedCog):
    """The register of a class."""

    cohort = cohort_group()

    def __init__(self, register: RegisterService, exports: ExportService, names: Names, clock: Clock) -> None:
        self._register = register
        self._exports = exports
        self._names = names
        self._clock = clock
        self.routes = {
            "cohort.register": Route(Audience.INSTRUCTOR, self._open),
            "cohort.register_page": Route(Audience.INSTRUCTOR, self._page),
            "cohort.register_filter": Route(Audience.INSTRUCTOR, self._filter),
            "cohort.register_section": Route(Audience.INSTRUCTOR, self._section),
            "cohort.register_hide": Route(Audience.INSTRUCTOR, self._hide),
            "cohort.export": Route(Audience.INSTRUCTOR, self._export),
        }

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="register", description="The class by name: who has done what, never what they wrote")
    @app_commands.describe(section="One section of the class, by its role")
    async def register(self, interaction: discord.Interaction, section: discord.Role | None = None) -> None:
        """Show the register."""
        view = cards.View(section=section and section.id)
        await self._show(interaction, command_caller(interaction), view)

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(
        name="export", description="Files for a spreadsheet: the register, lines handed in, and the class by weeks"
    )
    @app_commands.describe(
        names="Whose names stand in the register and beside lines",
        separator="What separates cells; some spreadsheets expect semicolons",
    )
    @app_commands.choices(
        names=[
            app_commands.Choice(name="Names", value="names"),
            app_commands.Choice(name="Pseudonyms, for research", value="refs"),
        ],
        separator=[app_commands.Choice(name=f"{name.title()} {sign}", value=name) for name, sign in SEPARATORS.items()],
    )
    async def export(
        self, interaction: discord.Interaction, names: str | None = None, separator: str | None = None
    ) -> None:
        """Hand out the files."""
        wish = ExportWish(names != "refs", SEPARATORS[separator or "comma"])
        await self._show_export(interaction, command_caller(interaction), wish)

    async def _open(self, click: Click) -> None:
        await self._show(click.interaction, click.caller, cards.View(), new=True)

    async def _page(self, click: Click) -> None:
        await self._show(click.interaction, click.caller, _view(click))

    async def _filter(self, click: Click) -> None:
        view = replace(_view(click), listing=click.chosen(listing), page=0)
        await self._show(click.interaction, click.caller, view)

    async def _section(self, click: Click) -> None:
        view = replace(_view(click), section=click.chosen(int) or None, page=0)
        await self._show(click.interaction, click.caller, view)

    async def _hide(self, click: Click) -> None:
        view = replace(_view(click), page=0, seed=secrets.token_hex(3))
        await self._show(click.interaction, click.caller, view)

    async def _show(
        self, interaction: discord.Interaction, caller: Caller, view: cards.View, *, new: bool = False
    ) -> None:
        value = await self._register.find(caller, view.listing, view.section, self._clock())
        await replies.soon(interaction, new=new)
        everybody = [one.user_id for one in value.matching]
        names: cards.Names = {}
        if not view.hidden and len(everybody) <= cards.SORTED_BY_NAME:
            names = await self._names_of(interaction, everybody)
        view, people = cards.of_page(cards.in_order(value, view, names), view)
        if not view.hidden and not names:
            names = await self._names_of(interaction, [one.user_id for one in people])
        rows = await self._register.rows(caller, [one.enrolment_id for one in people], self._clock())
        roles = role_names(interaction.guild, value.sections)
        await replies.answer(interaction, cards.page(value, view, rows, names, roles, caller.user_id))

    async def _names_of(self, interaction: discord.Interaction, people: list[UserId]) -> cards.Names:
        """Return display names; none where Discord does not give them, and then mentions stand in their place."""
        try:
            return await self._names.of(interaction.guild, people)
        except NamesUnavailable:
            return {}

    async def _export(self, click: Click) -> None:
        wish = ExportWish()
        if click.args:
            names = click.arg({"names": True, "refs": False}.__getitem__)
            wish = ExportWish(names, click.arg(SEPARATORS.__getitem__, 1))
        await self._show_export(click.interaction, click.caller, wish)

    async def _show_export(self, interaction: discord.Interaction, caller: Caller, wish: ExportWish) -> None:
        people, sections = await self._exports.named(caller, self._clock())
        await replies.wait(interaction)
        names = await self._names.of(interaction.guild, people if wish.names else [])
        roles = role_names(interaction.guild, sections)
        value = await self._exports.export(caller, wish, names, roles, self._clock())
        card = cards.export(value, caller.user_id)
        await replies.show_files(interaction, card, {one.name: one.content for one in value.files})


def _view(click: Click) -> cards.View:
    """Read the view of the register from a custom id; raises OldCard."""
    section, page = click.arg(int, 1) or None, max(0, click.arg(int, 2))
    return cards.View(click.arg(listing), section, page, click.arg(str, 3))
