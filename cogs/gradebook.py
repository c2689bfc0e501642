"""/cohort gradebook: a grade export of Canvas or Moodle gets a column about weekly steps."""

from datetime import date

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.errors import GradebookTooLarge, GradebookUnread
from bot.coaching.gradebook import SIZE_LIMIT
from bot.coaching.register import MOST_WEEKS
from bot.coaching.weeks import Clock
from bot.services.gradebook import CountingRule, GradebookService
from cogs import replies
from cogs.base import RoutedCog, cohort_group
from cogs.cards import gradebook as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route


class Gradebooks(RoutedCog):
    """Gradebook files, in memory alone."""

    cohort = cohort_group()

    def __init__(self, gradebooks: GradebookService, clock: Clock) -> None:
        self._gradebooks = gradebooks
        self._clock = clock
        self.routes = {
            "gradebook.form": Route(Audience.INSTRUCTOR, self._form),
            "gradebook.preview": Route(Audience.INSTRUCTOR, self._preview),
            "again.gradebook.preview": Route(Audience.INSTRUCTOR, self._form),
            "gradebook.page": Route(Audience.INSTRUCTOR, self._page),
            "gradebook.make": Route(Audience.INSTRUCTOR, self._make),
        }

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="gradebook", description="Mark weekly steps in a grade export of Canvas or Moodle")
    @app_commands.describe(file="The export as it came, 2 MiB at most; it comes back with one column more")
    async def gradebook(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Read a file, and ask what counts."""
        caller = command_caller(interaction)
        # Asked for its refusals, before the file is fetched in vain.
        await self._gradebooks.question(caller, self._clock())
        if file.size > SIZE_LIMIT:
            raise GradebookTooLarge
        await replies.wait(interaction)
        try:
            content = await file.read()
        except discord.HTTPException as error:
            raise GradebookUnread from error
        value = await self._gradebooks.keep(caller, file.filename, content, self._clock())
        await replies.show(interaction, cards.kept(value, caller.user_id))

    async def _form(self, click: Click) -> Form:
        rule = _rule(click) if click.args else None
        return cards.form(await self._gradebooks.question(click.caller, self._clock()), rule, click.owner)

    async def _preview(self, click: Click) -> Card:
        first, last = (click.picked(name, int) for name in ("first", "last"))
        needed = click.whole_number("needed", "How many make “complete”", 1, MOST_WEEKS)
        until = click.fields.get("until", "")
        value = await self._gradebooks.choose(click.caller, first, last, until, needed, self._clock())
        return cards.preview(value, 0, click.owner)

    async def _page(self, click: Click) -> Card:
        value = await self._gradebooks.preview(click.caller, _rule(click), self._clock())
        return cards.preview(value, click.arg(int, 4), click.owner)

    async def _make(self, click: Click) -> None:
        value = await self._gradebooks.make(click.caller, _rule(click), self._clock())
        await replies.show_files(click.interaction, cards.made(value), {cards.file_name(value.name): value.content})


def _rule(click: Click) -> CountingRule:
    """Read from a custom id what counts; raises OldCard."""
    return CountingRule(click.arg(int), click.arg(int, 1), click.arg(date.fromisoformat, 2), click.arg(int, 3))
