"""/goal: one goal, one plan, as a conversation."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import OldCard
from bot.coaching.goals import (
    FEWEST_WEEKS,
    LONGEST_BOX,
    MOST_WEEKS,
    MOST_WEEKS_BETWEEN,
    SHORTEST_BOX,
    Beginning,
    Benefit,
    Goal,
    GoalEnding,
    Obstacle,
    UnfinishedGoal,
    Vocabulary,
    is_vague,
)
from bot.coaching.ids import GoalId, UserId
from bot.coaching.texts import checked_number
from bot.coaching.weeks import Clock
from bot.services.goals import GoalService
from cogs import replies
from cogs.base import RoutedCog, suggestions
from cogs.cards import goals as cards
from cogs.cards.goals import BEGINNINGS, CODES, EVERY_TWO_WEEKS, NO_TEMPLATE, OWN_TEMPLATE
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Handler, Route

MOST_A_WEEK = 99
Coded = TypeVar("Coded", Beginning, GoalEnding)
T = TypeVar("T")


class GoalCommands(RoutedCog):
    """The member's goals."""

    goal = app_commands.Group(name="goal", description="Your goal and its plan")

    def __init__(self, goals: GoalService, vocabulary: Vocabulary, clock: Clock) -> None:
        self._goals = goals
        self._vocabulary = vocabulary
        self._clock = clock
        handlers: dict[str, Handler] = {
            "goal.new": self._new,
            "goal.begin": self._begin,
            "goal.template": self._template,
            "goal.wish": partial(self._wish, goes_on=False),
            "again.goal.wish": self._wish_again,
            "goal.edit": partial(self._wish, goes_on=True),
            "again.goal.edit": self._rewish,
            "goal.rewish": self._rewish,
            "goal.keep_wish": self._keep_wish,
            "goal.obstacle": self._obstacle,
            "goal.plan": self._plan,
            "again.goal.plan": self._obstacle,
            "goal.replan": self._replan,
            "goal.resume": self._resume,
            "goal.confirm": self._confirm,
            "goal.drop": self._drop,
            "goal.show": self._show,
            "goal.review": self._review,
            "goal.reflect": self._on_goal(self._goals.goal, cards.reflect_form),
            "goal.reflected": self._reflected,
            "again.goal.reflected": self._on_goal(self._goals.goal, cards.reflect_form),
            "goal.keep": self._on_goal(self._goals.keep, cards.kept),
            "goal.deepen": self._on_goal(self._goals.goal, self._deepen),
            "goal.change": self._on_goal(self._goals.goal, self._change),
            "goal.smaller": self._on_goal(self._goals.goal, self._smaller),
            "goal.pause": self._on_goal(self._goals.pause, cards.paused),
            "goal.go_on": self._on_goal(self._goals.go_on, cards.resumed),
            "goal.stop_ask": self._on_goal(self._goals.goal, cards.stop_question),
            "goal.stop": self._on_goal(self._goals.stop, cards.stopped),
            "goal.meet": self._meet,
            "goal.met": self._met,
            "again.goal.met": self._meet,
            "nudge.keep_plan": self._keep_plan,
            "nudge.change_plan": self._change_plan,
            "nudge.new_goal": self._new_from_nudge,
            # Under a note, the arguments name the note.
            "nudge.review_goal": self._review_first,
        }
        self.routes = {name: Route(Audience.MEMBER, handler) for name, handler in handlers.items()}

    @for_audience(Audience.MEMBER)
    @goal.command(name="new", description="Set a goal with a plan, in four short questions")
    @app_commands.describe(template="A starter for your profession, to change as you like")
    async def new(self, interaction: discord.Interaction, template: str | None = None) -> None:
        """Show what a goal may start from, or open the form of a starter; ask first when a goal is there already."""
        await self._start(interaction, command_caller(interaction), template or NO_TEMPLATE, "keep")

    @new.autocomplete("template")
    async def _templates(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggestions(typed, [(one.label, one.id) for one in self._vocabulary.templates.values()])

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
        at_once = template == OWN_TEMPLATE
        chosen = None if template in {NO_TEMPLATE, OWN_TEMPLATE} else self._vocabulary.template(template)
        start = await self._goals.start(caller, self._clock())
        if at_once and start.unfinished is None:
            chosen = start.own
        if start.over is not None and how == "keep":
            value = await self._goals.review(caller, start.over.id, self._clock())
            await replies.show(interaction, cards.review(value, caller.user_id, unfinished=start.unfinished))
        elif start.running and how == "keep":
            await replies.show(interaction, cards.running(start, template, caller.user_id))
        elif chosen is not None or (at_once and start.unfinished is None):
            draft = UnfinishedGoal(BEGINNINGS[how], type=chosen.type if chosen else start.type)
            await replies.ask(interaction, cards.wish_form(self._vocabulary.types, draft, chosen, caller.user_id))
        else:
            card = cards.begin(start, self._vocabulary.templates, how, caller.user_id)
            await replies.show(interaction, card)

    async def _new(self, click: Click) -> None:
        await self._start(click.interaction, click.caller, click.arg(str), click.arg(_how, 1))

    async def _new_from_nudge(self, click: Click) -> None:
        await self._start(click.interaction, click.caller, NO_TEMPLATE, "keep")

    async def _begin(self, click: Click) -> Form:
        return await self._ask_wish(click, click.arg(str), click.arg(_how, 1))

    async def _template(self, click: Click) -> Form:
        return await self._ask_wish(click, click.chosen(str), click.arg(_how))

    async def _ask_wish(self, click: Click, template: str, how: str) -> Form:
        chosen = None if template == NO_TEMPLATE else self._vocabulary.template(template)
        start = await self._goals.start(click.caller, self._clock())
        draft = UnfinishedGoal(BEGINNINGS[how], type=chosen.type if chosen else start.type)
        return cards.wish_form(self._vocabulary.types, draft, chosen, click.owner)

    async def _wish(self, click: Click, *, goes_on: bool) -> Card:
        often = checked_number("The number a week", click.field("target"), EVERY_TWO_WEEKS, MOST_A_WEEK)
        wish = replace(
            self._begun(click),
            type=click.field("type"),
            title=click.field("title"),
            outcome=click.fields.get("outcome"),
            target=max(1, often),
            every_weeks=MOST_WEEKS_BETWEEN if often == EVERY_TWO_WEEKS else 1,
            weeks=checked_number("The number of weeks", click.field("weeks"), FEWEST_WEEKS, MOST_WEEKS),
        )
        draft = await self._goals.wish(click.caller, wish, self._clock(), goes_on=goes_on)
        if not goes_on and is_vague(draft.title or "", self._vocabulary):
            start = await self._goals.start(click.caller, self._clock())
            return cards.clearer(draft, start.own, click.owner)
        return await self._after_wish(click, draft)

    async def _keep_wish(self, click: Click) -> Card:
        return await self._after_wish(click, await self._goals.unfinished(click.caller, self._clock()))

    async def _after_wish(self, click: Click, draft: UnfinishedGoal) -> Card:
        """Ask for the obstacle, or read the goal back if it has a plan already."""
        if draft.if_then:
            value = await self._goals.read_back(click.caller, self._clock())
            return cards.read_back(value, self._vocabulary.obstacles, click.owner)
        return cards.obstacle(draft, self._vocabulary.obstacles, click.owner)

    def _begun(self, click: Click) -> UnfinishedGoal:
        """Return how a conversation began, as the custom id of its form says."""
        template, ending = click.arg(str), click.arg(str, 3)
        return UnfinishedGoal(
            _coded(click, 1, Beginning),
            template=template if template in self._vocabulary.templates else None,
            ends=None if click.arg(str, 2) == "0" else GoalId(click.number(2)),
            ending=None if ending == NO_TEMPLATE else _coded(click, 3, GoalEnding),
        )

    async def _wish_again(self, click: Click) -> Form:
        draft = self._begun(click)
        start = await self._goals.start(click.caller, self._clock())
        template = self._vocabulary.templates.get(draft.template or "")
        draft = replace(draft, type=template.type if template else start.type)
        return cards.wish_form(self._vocabulary.types, draft, template, click.owner)

    async def _rewish(self, click: Click) -> Form:
        draft = await self._goals.unfinished(click.caller, self._clock())
        template = self._vocabulary.templates.get(draft.template or "")
        return cards.wish_form(self._vocabulary.types, draft, template, click.owner, goes_on=True)

    async def _obstacle(self, click: Click) -> Form:
        value = await self._goals.plan_question(click.caller, click.arg(Obstacle), self._clock())
        return cards.plan_form(value, click.owner)

    async def _replan(self, click: Click) -> Form:
        draft = await self._goals.unfinished(click.caller, self._clock())
        value = await self._goals.plan_question(click.caller, draft.obstacle or Obstacle.OTHER, self._clock())
        return cards.plan_form(value, click.owner)

    async def _plan(self, click: Click) -> Card:
        plan = UnfinishedGoal(
            Beginning.ALONE,  # the draft's own stays
            obstacle=click.arg(Obstacle),
            if_then=click.field("if_then"),
            obstacle_plan=click.fields.get("obstacle_plan"),
            tiny=click.fields.get("tiny"),
            box_minutes=click.whole_number("box", "The time box, in minutes a week,", SHORTEST_BOX, LONGEST_BOX),
        )
        value = await self._goals.plan(click.caller, plan, self._clock())
        return cards.read_back(value, self._vocabulary.obstacles, click.owner)

    async def _resume(self, click: Click) -> Card:
        draft = await self._goals.resume(click.caller, BEGINNINGS[click.arg(_how)], self._clock())
        return await self._after_wish(click, draft)

    async def _confirm(self, click: Click) -> Card:
        return cards.saved(await self._goals.confirm(click.caller, self._clock(), seal=click.arg(str)), click.owner)

    async def _drop(self, click: Click) -> Card:
        await self._goals.drop(click.caller, self._clock(), seal=click.arg(str))
        return cards.dropped()

    # Looking back, resting, ending

    def _on_goal(
        self,
        act: Callable[[Caller, GoalId, datetime], Awaitable[T]],
        answer: Callable[[T, UserId], Card | Form],
    ) -> Handler:
        """Return the handler that does something with the goal whose number a button carries."""

        async def handle(click: Click) -> Card | Form:
            return answer(await act(click.caller, _goal_id(click), self._clock()), click.owner)

        return handle

    async def _show(self, click: Click) -> Card:
        return cards.show(await self._goals.show(click.caller, self._clock()), click.owner)

    async def _review(self, click: Click) -> Card:
        goal_id = _goal_id(click) if click.args else None
        return cards.review(await self._goals.review(click.caller, goal_id, self._clock()), click.owner)

    async def _review_first(self, click: Click) -> Card:
        return cards.review(await self._goals.review(click.caller, None, self._clock()), click.owner)

    async def _reflected(self, click: Click) -> Card:
        reflection, benefit = click.fields.get("reflection"), click.optional("benefit", Benefit)
        value = await self._goals.reflect(click.caller, _goal_id(click), reflection, benefit, self._clock())
        return cards.review(value, click.owner, noted=True)

    # The plan for the obstacle, asked about again

    async def _keep_plan(self, click: Click) -> Card:
        return cards.plan_for_obstacle(await self._goals.current(click.caller, self._clock()), click.owner, kept=True)

    async def _change_plan(self, click: Click) -> Card:
        goal = await self._goals.current(click.caller, self._clock())
        return cards.obstacle_now(goal, self._vocabulary.obstacles, click.owner)

    async def _meet(self, click: Click) -> Form:
        goal = await self._goals.goal(click.caller, _goal_id(click), self._clock())
        return cards.obstacle_form(goal, click.arg(Obstacle, 1), self._vocabulary.obstacles, click.owner)

    async def _met(self, click: Click) -> Card:
        obstacle, plan = click.arg(Obstacle, 1), click.field("obstacle_plan")
        goal = await self._goals.meet_obstacle(click.caller, _goal_id(click), obstacle, plan, self._clock())
        return cards.plan_for_obstacle(goal, click.owner)

    def _next_wish(self, goal: Goal, owner: UserId, draft: UnfinishedGoal) -> Form:
        return cards.wish_form(self._vocabulary.types, replace(draft, ends=goal.id), None, owner)

    def _deepen(self, goal: Goal, owner: UserId) -> Form:
        return self._next_wish(goal, owner, _again(goal, GoalEnding.DEEPENED))

    def _smaller(self, goal: Goal, owner: UserId) -> Form:
        rarer = {"target": goal.target - 1} if goal.target > 1 else {"every_weeks": MOST_WEEKS_BETWEEN}
        draft = replace(_again(goal, GoalEnding.CHANGED), **rarer)
        return self._next_wish(goal, owner, draft)

    def _change(self, goal: Goal, owner: UserId) -> Form:
        draft = UnfinishedGoal(Beginning.REPLACE, type=goal.type, ending=GoalEnding.CHANGED)
        return self._next_wish(goal, owner, draft)


def _goal_id(click: Click) -> GoalId:
    return GoalId(click.number())


def _how(text: str) -> str:
    """Check the word that says what a new goal does to the running one; raises ValueError."""
    if text not in BEGINNINGS:
        raise ValueError(text)
    return text


def _coded(click: Click, at: int, kinds: type[Coded]) -> Coded:
    """Decode a letter of a form's custom id; raises OldCard for an unknown one."""
    letters = {letter: one for one, letter in CODES.items() if isinstance(one, kinds)}
    letter = click.arg(str, at)
    if letter not in letters:
        raise OldCard
    return letters[letter]


def _again(goal: Goal, ending: GoalEnding) -> UnfinishedGoal:
    """Return a draft that holds all of a goal, to be changed."""
    return UnfinishedGoal(
        Beginning.REPLACE,
        type=goal.type,
        title=goal.title,
        outcome=goal.outcome,
        target=goal.target,
        weeks=max(FEWEST_WEEKS, goal.weeks),  # of a goal that the end of the course cut short
        ending=ending,
        every_weeks=goal.every_weeks,
    )
