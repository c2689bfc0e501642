"""/goal: one goal, one plan."""

from collections.abc import Mapping

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.goals import FEWEST_WEEKS, MOST_WEEKS, GoalDraft, Vocabulary
from bot.coaching.texts import checked_number
from bot.coaching.weeks import Clock
from bot.services.goals import GoalService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import goals as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Click, Route

NO_TEMPLATE = "-"
REPLACE = "replace"
CHOICES = 25


class Goals(RoutedCog):
    """The member's goal."""

    goal = app_commands.Group(name="goal", description="Your one goal and its plan")

    def __init__(self, goals: GoalService, vocabulary: Vocabulary, clock: Clock) -> None:
        self._goals = goals
        self._vocabulary = vocabulary
        self._clock = clock

    @property
    def routes(self) -> Mapping[str, Route]:
        """Return where this cog's components lead."""
        return {
            "goal.new": Route(Audience.MEMBER, self._new),
            "goal.save": Route(Audience.MEMBER, self._save),
            "goal.show": Route(Audience.MEMBER, self._show),
            "nudge.new_goal": Route(Audience.MEMBER, self._new_from_nudge),
        }

    @for_audience(Audience.MEMBER)
    @goal.command(name="new", description="Set a goal with a plan, from a template or from scratch")
    @app_commands.describe(template="A starter for your profession, to change as you like")
    async def new(self, interaction: discord.Interaction, template: str | None = None) -> None:
        """Open the form, or ask first when a goal is running."""
        await self._start(interaction, command_caller(interaction), template, replace=False)

    @new.autocomplete("template")
    async def _templates(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.strip().casefold()
        templates = self._vocabulary.templates.values()
        found = [one for one in templates if wanted in one.label.casefold() or wanted in one.id]
        return [app_commands.Choice(name=one.label, value=one.id) for one in found[:CHOICES]]

    @for_audience(Audience.MEMBER)
    @goal.command(name="show", description="Read your goal and plan back, with your last seven days")
    async def show(self, interaction: discord.Interaction) -> None:
        """Show the running goal."""
        caller = command_caller(interaction)
        await replies.show(interaction, cards.show(await self._goals.show(caller, self._clock()), caller.user_id))

    async def _show(self, click: Click) -> None:
        value = await self._goals.show(click.caller, self._clock())
        await replies.show(click.interaction, cards.show(value, click.caller.user_id))

    async def _new(self, click: Click) -> None:
        template, how = click.arg(str), click.arg(str, 1)
        chosen = None if template == NO_TEMPLATE else template
        await self._start(click.interaction, click.caller, chosen, replace=how == REPLACE)

    async def _new_from_nudge(self, click: Click) -> None:
        await self._start(click.interaction, click.caller, None, replace=False)

    async def _start(
        self, interaction: discord.Interaction, caller: Caller, template: str | None, *, replace: bool
    ) -> None:
        start = await self._goals.start(caller, template, self._clock())
        if start.running and not replace:
            await replies.show(interaction, cards.running(start.running, template or NO_TEMPLATE, caller.user_id))
        else:
            form = cards.form(self._vocabulary.types, start.template, caller.user_id, replace=replace)
            await replies.ask(interaction, form)

    async def _save(self, click: Click) -> None:
        draft = GoalDraft(
            type=click.field("type"),
            title=click.field("title"),
            target=checked_number("The number a week", click.field("target"), 1, 99),
            if_then=click.field("if_then"),
            weeks=checked_number("The number of weeks", click.field("weeks"), FEWEST_WEEKS, MOST_WEEKS),
        )
        value = await self._goals.save(click.caller, draft, self._clock(), replace=click.arg(str) == REPLACE)
        await replies.show(click.interaction, cards.saved(value, click.caller.user_id))
