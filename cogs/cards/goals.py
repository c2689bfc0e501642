"""Cards about a member's goal."""

from collections.abc import Mapping

import discord

from bot.coaching.goals import (
    DEFAULT_WEEKS,
    FEWEST_WEEKS,
    MOST_WEEKS,
    PLAN_LIMIT,
    TITLE_LIMIT,
    Goal,
    GoalType,
    Template,
    is_if_then,
)
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.goals import GoalView
from cogs.cards.shapes import BLUE, bar, button, card, choice, day_text, line, modal, times

EXAMPLE_TYPE = "connect"


def form(types: Mapping[str, GoalType], template: Template | None, owner: UserId, *, replace: bool) -> discord.ui.Modal:
    """Return the modal for a goal, filled from a template if there is one."""
    chosen = template.type if template else EXAMPLE_TYPE
    return modal(
        "Your goal",
        "goal.save",
        owner,
        [
            choice(
                "What kind of goal?",
                "type",
                {one.id: f"{one.label} ({one.unit}, up to {one.max_per_week} a week)" for one in types.values()},
                chosen=chosen,
            ),
            line(
                "The goal, in your words",
                "title",
                limit=TITLE_LIMIT,
                default=template.goal if template else None,
                example="Have one exchange a week with someone who does the work",
            ),
            line(
                "How many a week?",
                "target",
                limit=2,
                default=str(template.target if template else types[chosen].default_per_week),
                hint="Small enough for a busy week.",
            ),
            line(
                "Your plan: If …, then I will …",
                "if_then",
                limit=PLAN_LIMIT,
                default=template.if_then if template else None,
                long=True,
                hint="Name a day or a moment, and one small act.",
                example="If it is Tuesday after class, then I will reply to one post with a question.",
            ),
            line(
                f"For how many weeks? ({FEWEST_WEEKS} to {MOST_WEEKS})",
                "weeks",
                limit=1,
                default=str(template.weeks if template else DEFAULT_WEEKS),
            ),
        ],
        "replace" if replace else "keep",
    )


def running(goal: Goal, template_id: str, owner: UserId) -> discord.ui.LayoutView:
    """Return the question whether a running goal is to be replaced."""
    return card(
        f"Your goal is still running: **{plain(goal.title)}**\n"
        "One goal at a time works better than two. Keep it, or replace it; what you logged stays either way.",
        [
            button("Keep it", "goal.show", owner, style=BLUE),
            button("Replace it", "goal.new", owner, template_id, "replace"),
        ],
    )


def saved(value: GoalView, owner: UserId) -> discord.ui.LayoutView:
    """Return a goal just set, its plan read back, and a suggestion when the plan is not yet an if-then."""
    goal = value.goal
    advice = "-# A plan that starts with “If” and goes on “then I will” is easier to keep. Yours is saved as written."
    hint = [] if is_if_then(goal.if_then) else [advice]
    return card(
        f"## Your goal is set\n**{plain(goal.title)}**\n{_rhythm(value)}",
        f"**Your plan**, read back once so that it sticks:\n> {plain(goal.if_then)}",
        *hint,
        f"When you did something, `/log` takes one tap. What shows that it worked: {value.type.outcome_evidence}",
        [button("Log something", "log.show", owner, style=BLUE), button("My overview", "me.show", owner)],
    )


def show(value: GoalView, owner: UserId) -> discord.ui.LayoutView:
    """Return the running goal with the last seven days."""
    goal = value.goal
    if goal.over(value.today):
        where = f"Its {goal.weeks} weeks are over. Look back for two minutes, then set the next one."
    else:
        where = f"Week {goal.week(value.today)} of {goal.weeks}, until {day_text(goal.ends_on)}."
    return card(
        f"## Your goal\n**{plain(goal.title)}**\n{_rhythm(value)}\n{where}",
        f"Last seven days: {value.did} of {goal.target} {bar(min(value.did, goal.target), goal.target, goal.target)}\n"
        f"**Your plan**\n> {plain(goal.if_then)}",
        [
            button("Log something", "log.show", owner, style=BLUE),
            button("New goal", "goal.new", owner, "-", "keep"),
        ],
    )


def _rhythm(value: GoalView) -> str:
    weeks = times(value.goal.weeks, "week", "weeks")
    return f"{value.type.label} · {value.goal.target} a week ({value.type.unit}) for {weeks}"
