"""The member's own overview."""

import discord

from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.facts import Step
from bot.services.me import Me
from cogs.cards.nudges import NO_MORE, OPEN_DMS, UNPLANNED
from cogs.cards.shapes import BLUE, bar, button, card, day_text, moment_text, times

STEP_BUTTONS = {
    "A03": ("Set my focus", "focus.edit", ()),
    "A05": ("Set a goal", "goal.new", ("-", "keep")),
    "A08": ("Set the next goal", "goal.new", ("-", "keep")),
    "A06": ("Choose a new goal", "goal.new", ("-", "replace")),
    "A11": ("Add one line", "nudge.add_line", ()),
}


def me(value: Me, owner: UserId) -> discord.ui.LayoutView:
    """Return the last seven days, the goal with its plan, the checklist, and what comes next and why."""
    seen = value.seen
    done = sum(part.answered for part in value.footprint)
    total = sum(part.total for part in value.footprint)
    focus = f"**Focus**: {plain(seen.focus.fields_text)}" if seen.focus else "**Focus**: not set yet"
    blocks = [
        f"## {day_text(seen.today)}\n**Last seven days**: {_week(value)}",
        f"{focus}\n**Footprint**: {done} of {total} answered {bar(done, total)}\n{_goal(value)}",
        _next_step(value.step),
        f"-# {_next_note(value)}",
    ]
    ways = [_step_button(value.step, owner)]
    if value.step.rule.done is None:
        ways.append(button("Log something", "log.show", owner))
    ways.append(button("Note settings", "nudge.settings", owner))
    if value.other_courses:
        ways.append(button("Switch course", "course.switch", owner))
    return card(*blocks, ways)


def _next_step(step: Step) -> str:
    return f"**Next**: {step.action} (about {step.minutes} min)\n-# Why this: {step.rule.because}."


def _week(value: Me) -> str:
    count = times(len(value.seen.week), "entry in your log", "entries in your log")
    if value.seen.goal is None:
        return f"{count}."
    return f"{value.seen.did} of {value.seen.goal.target} for your goal, {count}."


def _goal(value: Me) -> str:
    goal = value.seen.goal
    if goal is None or value.goal_type is None:
        return "**Goal**: none yet"
    where = (
        "its weeks are over" if goal.over(value.seen.today) else f"week {goal.week(value.seen.today)} of {goal.weeks}"
    )
    return f"**Goal**: {plain(goal.title)} ({where})\n> {plain(goal.if_then)}"


def _next_note(value: Me) -> str:
    enrolment = value.seen.seat.enrolment
    if value.seen.today > value.seen.seat.cohort.ends_on:
        return "The term is over, so there are no more notes."
    if value.dm_closed:
        return f"Your direct messages are closed to me. {OPEN_DMS}"
    if not enrolment.nudges_on:
        return "Notes are off; `/nudge settings` turns them on."
    if enrolment.unplanned:
        return UNPLANNED
    if enrolment.next_nudge is None:
        return NO_MORE
    return f"Next note: {moment_text(enrolment.next_nudge.at, enrolment.wish.zone)}."


def _step_button(step: Step, owner: UserId) -> discord.ui.Button[discord.ui.LayoutView]:
    if step.item is not None:
        return button("Open the item", "footprint.item", owner, step.item.id, style=BLUE)
    if step.rule.done is not None:
        return button("Log it", "log.show", owner, style=BLUE)
    label, route, args = STEP_BUTTONS.get(step.rule.id, ("Checklist", "footprint.show", ()))
    return button(label, route, owner, *args, style=BLUE)
