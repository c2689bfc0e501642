"""/goal: one goal, one plan, as a conversation."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import BadNumber
from bot.coaching.goals import (
    FEWEST_WEEKS,
    LONGEST_BOX,
    MOST_WEEKS,
    SHORTEST_BOX,
    Beginning,
    Benefit,
    Ending,
    Goal,
    Obstacle,
    UnfinishedGoal,
    Vocabulary,
)
from bot.coaching.ids import GoalId
from bot.coaching.texts import checked_number
from bot.coaching.weeks import Clock
from bot.services.goals import GoalService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import goals as cards
from cogs.cards.goals import BEGINNINGS, CODES, NO_TEMPLATE
from cogs.checks import command_caller, for_audience
from cogs.routes import Click, Handler, Route

CHOICES = 25
NUMBER, MOST_A_WEEK = "The number a week", 99
Coded = TypeVar("Coded", Beginning, Ending)


class Goals(RoutedCog):
    """The member's goals."""

    goal = app_commands.Group(name="goal", description="Your goal and its plan")

    def __init__(self, goals: GoalService, vocabulary: Vocabulary, clock: Clock) -> None:
        self._goals = goals
        self._vocabulary = vocabulary
        self._clock = clock

    @property
    def routes(self) -> Mapping[str, Route]:
        """Return where this cog's components lead."""
        handlers: dict[str, Handler] = {
            "goal.new": self._new,
            "goal.begin": self._begin,
            "goal.template": self._template,
            "goal.wish": self._wish,
            "goal.edit": self._edit,
            "goal.rewish": self._rewish,
            "goal.obstacle": self._obstacle,
            "goal.plan": self._plan,
            "goal.replan": self._replan,
            "goal.resume": self._resume,
            "goal.confirm": self._confirm,
            "goal.drop": self._drop,
            "goal.show": self._show,
            "goal.review": self._review,
            "goal.reflect": self._reflect,
            "goal.reflected": self._reflected,
            "goal.keep": self._keep,
            "goal.deepen": self._deepen,
            "goal.change": self._change,
            "goal.smaller": self._smaller,
            "goal.pause": self._pause,
            "goal.go_on": self._go_on,
            "goal.stop_ask": self._stop_ask,
            "goal.stop": self._stop,
            "nudge.new_goal": self._new_from_nudge,
            "nudge.review_goal": self._review_from_nudge,
        }
        return {name: Route(Audience.MEMBER, handler) for name, handler in handlers.items()}

    @for_audience(Audience.MEMBER)
    @goal.command(name="new", description="Set a goal with a plan, in four short questions")
    @app_commands.describe(template="A starter for your profession, to change as you like")
    async def new(self, interaction: discord.Interaction, template: str | None = None) -> None:
        """Show what a goal may start from, or open the form of a starter; ask first when a goal is there already."""
        await self._start(interaction, command_caller(interaction), template or NO_TEMPLATE, "keep")

    @new.autocomplete("template")
    async def _templates(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.strip().casefold()
        templates = self._vocabulary.templates.values()
        found = [one for one in templates if wanted in one.label.casefold() or wanted in one.id]
        return [app_commands.Choice(name=one.label, value=one.id) for one in found[:CHOICES]]

    @for_audience(Audience.MEMBER)
    @goal.command(name="show", description="Read your goal and plan back, with your last seven days")
    async def show(self, interaction: discord.Interaction) -> None:
        """Show the goals."""
        caller = command_caller(interaction)
        await replies.show(interaction, cards.show(await self._goals.show(caller, self._clock()), caller.user_id))

    @for_audience(Audience.MEMBER)
    @goal.command(name="review", description="Look back on your goal: keep it, deepen it, change it or stop")
    async def review(self, interaction: discord.Interaction) -> None:
        """Show what to look back on."""
        caller = command_caller(interaction)
        value = await self._goals.review(caller, None, self._clock())
        await replies.show(interaction, cards.review(value, caller.user_id))

    @for_audience(Audience.MEMBER)
    @goal.command(name="pause", description="Let your goal rest; its weeks stand still")
    async def pause(self, interaction: discord.Interaction) -> None:
        """Let the goal rest, or say how to go on with it."""
        caller = command_caller(interaction)
        value = await self._goals.pause(caller, None, self._clock())
        await replies.show(interaction, cards.paused(value, caller.user_id))

    @for_audience(Audience.MEMBER)
    @goal.command(name="stop", description="End your goal; what you logged stays")
    async def stop(self, interaction: discord.Interaction) -> None:
        """Ask before the goal ends."""
        caller = command_caller(interaction)
        value = await self._goals.review(caller, None, self._clock())
        await replies.show(interaction, cards.stop_question(value.view.goal, caller.user_id))

    # The conversation

    async def _start(self, interaction: discord.Interaction, caller: Caller, template: str, how: str) -> None:
        chosen = None if template == NO_TEMPLATE else self._vocabulary.template(template)
        start = await self._goals.start(caller, self._clock())
        if start.over is not None and how == "keep":
            value = await self._goals.review(caller, start.over.id, self._clock())
            await replies.show(interaction, cards.review(value, caller.user_id, unfinished=start.unfinished))
        elif start.running and how == "keep":
            await replies.show(interaction, cards.running(start, template, caller.user_id))
        elif chosen is not None:
            draft = UnfinishedGoal(BEGINNINGS[how])
            await replies.ask(interaction, cards.wish_form(self._vocabulary.types, draft, chosen, caller.user_id))
        else:
            card = cards.begin(start, self._vocabulary.templates, how, caller.user_id)
            await replies.show(interaction, card)

    async def _new(self, click: Click) -> None:
        await self._start(click.interaction, click.caller, click.arg(str), click.arg(_how, 1))

    async def _new_from_nudge(self, click: Click) -> None:
        await self._start(click.interaction, click.caller, NO_TEMPLATE, "keep")

    async def _begin(self, click: Click) -> None:
        await self._ask_wish(click, click.arg(str), click.arg(_how, 1))

    async def _template(self, click: Click) -> None:
        await self._ask_wish(click, click.chosen(str), click.arg(_how))

    async def _ask_wish(self, click: Click, template: str, how: str) -> None:
        chosen = None if template == NO_TEMPLATE else self._vocabulary.template(template)
        start = await self._goals.start(click.caller, self._clock())
        draft = UnfinishedGoal(BEGINNINGS[how], type=chosen.type if chosen else start.type)
        form = cards.wish_form(self._vocabulary.types, draft, chosen, click.caller.user_id)
        await replies.ask(click.interaction, form)

    async def _wish(self, click: Click) -> None:
        await self._keep_wish(click, goes_on=False)

    async def _edit(self, click: Click) -> None:
        await self._keep_wish(click, goes_on=True)

    async def _keep_wish(self, click: Click, *, goes_on: bool) -> None:
        template, ending = click.arg(str), click.arg(str, 3)
        ends = 0 if click.arg(str, 2) == "0" else click.number(2)
        wish = UnfinishedGoal(
            _coded(click, 1, Beginning),
            template=template if template in self._vocabulary.templates else None,
            type=click.field("type"),
            title=click.field("title"),
            outcome=click.fields.get("outcome"),
            target=self._target(click.field("target"), click.field("type")),
            weeks=checked_number("The number of weeks", click.field("weeks"), FEWEST_WEEKS, MOST_WEEKS),
            ends=GoalId(ends) if ends else None,
            ending=None if ending == NO_TEMPLATE else _coded(click, 3, Ending),
        )
        draft = await self._goals.wish(click.caller, wish, self._clock(), goes_on=goes_on)
        if draft.if_then:
            await self._show_read_back(click)
        else:
            await self._show_obstacle(click, draft)

    def _target(self, text: str, type_id: str) -> int:
        """Return the number a week; raises BadNumber that says at once how many the type of goal takes."""
        try:
            return checked_number(NUMBER, text, 1, MOST_A_WEEK)
        except BadNumber:
            known = self._vocabulary.types.get(type_id)
            raise BadNumber(NUMBER, 1, known.max_per_week if known else MOST_A_WEEK) from None

    async def _rewish(self, click: Click) -> None:
        draft = await self._goals.unfinished(click.caller, self._clock())
        template = self._vocabulary.templates.get(draft.template or "")
        form = cards.wish_form(self._vocabulary.types, draft, template, click.caller.user_id, goes_on=True)
        await replies.ask(click.interaction, form)

    async def _obstacle(self, click: Click) -> None:
        value = await self._goals.plan_question(click.caller, click.arg(Obstacle), self._clock())
        await replies.ask(click.interaction, cards.plan_form(value, click.caller.user_id))

    async def _replan(self, click: Click) -> None:
        draft = await self._goals.unfinished(click.caller, self._clock())
        value = await self._goals.plan_question(click.caller, draft.obstacle or Obstacle.OTHER, self._clock())
        await replies.ask(click.interaction, cards.plan_form(value, click.caller.user_id))

    async def _plan(self, click: Click) -> None:
        box = click.fields.get("box")
        plan = UnfinishedGoal(
            Beginning.ALONE,  # the draft's own stays
            obstacle=click.arg(Obstacle),
            if_then=click.field("if_then"),
            obstacle_plan=click.fields.get("obstacle_plan"),
            tiny=click.fields.get("tiny"),
            box_minutes=checked_number("The time box, in minutes a week,", box, SHORTEST_BOX, LONGEST_BOX)
            if box
            else None,
        )
        value = await self._goals.plan(click.caller, plan, self._clock())
        await replies.show(click.interaction, cards.read_back(value, self._vocabulary.obstacles, click.caller.user_id))

    async def _resume(self, click: Click) -> None:
        draft = await self._goals.resume(click.caller, BEGINNINGS[click.arg(_how)], self._clock())
        if draft.if_then:
            await self._show_read_back(click)
        else:
            await self._show_obstacle(click, draft)

    async def _show_obstacle(self, click: Click, draft: UnfinishedGoal) -> None:
        template = self._vocabulary.templates.get(draft.template or "")
        card = cards.obstacle(draft, self._vocabulary.obstacles, template, click.caller.user_id)
        await replies.show(click.interaction, card)

    async def _show_read_back(self, click: Click) -> None:
        value = await self._goals.read_back(click.caller, self._clock())
        await replies.show(click.interaction, cards.read_back(value, self._vocabulary.obstacles, click.caller.user_id))

    async def _confirm(self, click: Click) -> None:
        value = await self._goals.confirm(click.caller, self._clock(), seal=click.arg(str))
        await replies.show(click.interaction, cards.saved(value, click.caller.user_id))

    async def _drop(self, click: Click) -> None:
        await self._goals.drop(click.caller, self._clock(), seal=click.arg(str))
        await replies.show(click.interaction, cards.dropped())

    # Looking back, resting, ending

    async def _show(self, click: Click) -> None:
        value = await self._goals.show(click.caller, self._clock())
        await replies.show(click.interaction, cards.show(value, click.caller.user_id))

    async def _review(self, click: Click) -> None:
        goal_id = _goal_id(click) if click.args else None
        value = await self._goals.review(click.caller, goal_id, self._clock())
        await replies.show(click.interaction, cards.review(value, click.caller.user_id))

    async def _review_from_nudge(self, click: Click) -> None:
        value = await self._goals.review(click.caller, None, self._clock())
        await replies.show(click.interaction, cards.review(value, click.caller.user_id))

    async def _reflect(self, click: Click) -> None:
        goal = await self._goals.goal(click.caller, _goal_id(click), self._clock())
        await replies.ask(click.interaction, cards.reflect_form(goal, click.caller.user_id))

    async def _reflected(self, click: Click) -> None:
        benefit = click.fields.get("benefit")
        value = await self._goals.reflect(
            click.caller,
            _goal_id(click),
            click.fields.get("reflection"),
            click.read(Benefit, benefit) if benefit else None,
            self._clock(),
        )
        await replies.show(click.interaction, cards.review(value, click.caller.user_id, noted=True))

    async def _keep(self, click: Click) -> None:
        value = await self._goals.keep(click.caller, _goal_id(click), self._clock())
        await replies.show(click.interaction, cards.kept(value, click.caller.user_id))

    async def _deepen(self, click: Click) -> None:
        goal = await self._goals.goal(click.caller, _goal_id(click), self._clock())
        await self._ask_next(click, _next(goal, Ending.DEEPENED))

    async def _change(self, click: Click) -> None:
        goal = await self._goals.goal(click.caller, _goal_id(click), self._clock())
        await self._ask_next(
            click, UnfinishedGoal(Beginning.REPLACE, type=goal.type, ends=goal.id, ending=Ending.CHANGED)
        )

    async def _smaller(self, click: Click) -> None:
        goal = await self._goals.goal(click.caller, _goal_id(click), self._clock())
        draft = _next(goal, Ending.CHANGED)
        await self._ask_next(click, replace(draft, target=max(1, goal.target - 1)))

    async def _ask_next(self, click: Click, draft: UnfinishedGoal) -> None:
        form = cards.wish_form(self._vocabulary.types, draft, None, click.caller.user_id)
        await replies.ask(click.interaction, form)

    async def _pause(self, click: Click) -> None:
        value = await self._goals.pause(click.caller, _goal_id(click), self._clock())
        await replies.show(click.interaction, cards.paused(value, click.caller.user_id))

    async def _go_on(self, click: Click) -> None:
        value = await self._goals.go_on(click.caller, _goal_id(click), self._clock())
        await replies.show(click.interaction, cards.resumed(value, click.caller.user_id))

    async def _stop_ask(self, click: Click) -> None:
        goal = await self._goals.goal(click.caller, _goal_id(click), self._clock())
        await replies.show(click.interaction, cards.stop_question(goal, click.caller.user_id))

    async def _stop(self, click: Click) -> None:
        value = await self._goals.stop(click.caller, _goal_id(click), self._clock())
        await replies.show(click.interaction, cards.stopped(value, click.caller.user_id))


def _goal_id(click: Click) -> GoalId:
    return GoalId(click.number())


def _how(text: str) -> str:
    """Return how a new goal stands to the one that runs; raises ValueError for anything else."""
    if text not in BEGINNINGS:
        raise ValueError(text)
    return text


def _coded(click: Click, at: int, kinds: type[Coded]) -> Coded:
    """Return what a letter of a form's custom id stands for; raises OldCard for anything else."""
    letters = {letter: one for one, letter in CODES.items() if isinstance(one, kinds)}

    def read(text: str) -> Coded:
        if text not in letters:
            raise ValueError(text)
        return letters[text]

    return click.arg(read, at)


def _next(goal: Goal, ending: Ending) -> UnfinishedGoal:
    """Return the conversation that makes another of a goal: all of it is there, to be changed."""
    return UnfinishedGoal(
        Beginning.REPLACE,
        type=goal.type,
        title=goal.title,
        outcome=goal.outcome,
        target=goal.target,
        weeks=max(FEWEST_WEEKS, goal.weeks),  # of a goal that the end of the course cut short
        ends=goal.id,
        ending=ending,
    )
