"""Cards about the weekly steps of the course plan."""

import discord

from bot.coaching.course_plan import LINE_LIMIT, CourseWeek, DoneBy, MemberStep, StepState, step_words
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.week import Completed, Week
from cogs.cards import shapes
from cogs.cards.checked import not_watched
from cogs.cards.shapes import BLUE, Button, Field, button, card, day_text, option, select

EARLIER_SHOWN = 3
_MARKS = {None: "", StepState.DONE: " (done)", StepState.DECLINED: " (skipped)"}


def week(value: Week, owner: UserId) -> discord.ui.LayoutView:
    """Show what is due: the step, its day, whether it is done, and earlier steps that are still open."""
    if value.empty:
        return card(
            "## Weekly steps\nThis course has no weekly steps. `/me` shows a next step of your own.",
            [button("My overview", "me.show", owner, style=BLUE)],
        )
    if value.step is None:
        blocks: list[shapes.Block] = [f"## {_between(value)}"]
    else:
        counts = None if value.step.state is StepState.DONE else f"-# {_counts(value, value.step.week)}"
        blocks = [_step(value, value.step), _buttons(value, value.step, owner), counts]
    others = None if value.current else [button("This week", "week.show", owner)]
    return card(_taken_back(value), *blocks, *_earlier(value, owner), others)


def line_form(value: Week, step: MemberStep, owner: UserId) -> discord.ui.Modal:
    """Return the form for the line of a step, filled with the one handed in."""
    hint = "Your instructors read this line. Name nobody else."
    line = Field("line", "One line", LINE_LIMIT, long=True, hint=hint)
    below = not_watched(value.cohort.support_contact, value.help_lines)
    title = f"Week {value.number}: hand in one line"
    week_id = step.week.id
    return shapes.form(title, "week.line_save", owner, [line], week_id, filled={"line": step.line}, below=below)


def done(value: Week, step: MemberStep, owner: UserId) -> discord.ui.LayoutView:
    """Confirm that a step is done, with what comes next."""
    handed_in = f" Your line is with your instructors:\n> {plain(step.line)}" if step.line else ""
    return card(
        f"Week {value.number}’s step is done. Thank you.{handed_in}\n{_next(value)}",
        _done_buttons(value, step, owner),
        f"-# {_seen(register=bool(value.cohort.register))}",
    )


def set_aside(value: Week, step: MemberStep, owner: UserId) -> discord.ui.LayoutView:
    """Confirm *Not this week* and *Do not count it*."""
    return card(
        f"Week {value.number}’s step is skipped. To your instructors it looks like any open step, and no note brings "
        "it up again. `/week` keeps it, should you like to do it later.",
        [button("Take that back", "week.reopen", owner, step.week.id)],
    )


def completed(value: Completed | None, owner: UserId) -> tuple[str | None, list[Button] | None]:
    """Say under an answer that it also completes a weekly step, with a way not to count it."""
    if value is None:
        return None, None
    sees = "your instructors see that it is done, not what you wrote"
    if not value.register:
        sees = "it counts in class statistics, without your name"
    words = f"This also completes week {value.number}’s step; {sees}."
    return words, [button("Do not count it", "week.not_counted", owner, value.week.id)]


def course_step(step: MemberStep, *, low_profile: bool) -> str:
    """Say this week's step and its day, or that it is done, in the overview."""
    if step.state is StepState.DONE:
        return f"✓ **This week’s step** is done: {plain(step.week.theme)}."
    told = step.week.another_way if low_profile and step.week.another_way else step.week.step
    return f"**This week’s step**: {step_words(told)}\n-# {plain(step.week.theme)} · {due_words(step)}"


def due_words(step: MemberStep) -> str:
    """Say when a step is due, and how long it takes."""
    return f"due {day_text(step.week.due_on)}, about {step.week.minutes} min"


def _taken_back(value: Week) -> str | None:
    """Say that a line was deleted."""
    if not value.line_taken_back:
        return None
    stays = " The step stays done, because the term is over." if value.is_over else ""
    return f"Your line is deleted, and your instructors can no longer read it.{stays}"


def _step(value: Week, step: MemberStep) -> str:
    one = step.week
    first, other, label = one.step, one.another_way, "Another way, same ✓"
    if value.low_profile and other:
        first, other, label = other, first, "Or, same ✓"
    heading = f"## Week {value.number}: {plain(one.theme)}"
    if step.state is StepState.DONE:
        line = f"\n> {plain(step.line)}" if step.line else ""
        return f"{heading}\n✓ Done: {step_words(one.step)}{line}\n{_next(value)}"
    lines = [heading, f"**{step_words(first)}**", f"{due_words(step)[0].upper()}{due_words(step)[1:]}."]
    if step.state is StepState.DECLINED:
        lines.append("You skipped it; you may still do it.")
    elif one.due_on < value.today:
        lines.append("It stays open until the term ends.")
    if other:
        lines.append(f"-# {label}: {step_words(other)}")
    return "\n".join(lines)


def _counts(value: Week, one: CourseWeek) -> str:
    match one.done_by:
        case DoneBy.TICK:
            return f"Your tick counts. {_seen(register=bool(value.cohort.register))}"
        case DoneBy.LINE:
            return "One line counts. Your instructors read it with your name."
        case DoneBy.ITEM:
            named = f" “{value.counts}”" if value.counts else ""
            return f"It is ticked by itself when you answer the checklist item{named}. Your answer stays yours."
        case DoneBy.ACTION:
            named = f" “{value.counts}”" if value.counts else " it"
            return f"It is ticked by itself when you log{named}. What you write there stays yours."


def _buttons(value: Week, step: MemberStep, owner: UserId) -> list[Button | None]:
    one = step.week
    if step.state is StepState.DONE:
        return _done_buttons(value, step, owner)
    tick = button("Done", "week.done", owner, one.id, style=BLUE)
    match one.done_by:
        case DoneBy.TICK:
            ways = [tick]
        case DoneBy.LINE:
            ways = [button("Hand in one line", "week.line", owner, one.id, style=BLUE)]
        case DoneBy.ITEM:
            ways = [button("Open the item", "footprint.item", owner, one.counts, style=BLUE), _another(one, owner)]
        case DoneBy.ACTION:
            ways = [button("Done: log it", "log.kind", owner, one.counts, style=BLUE), _another(one, owner)]
    no = button("Not this week", "week.not_now", owner, one.id)
    if step.state is StepState.DECLINED:
        no = button("Take that back", "week.reopen", owner, one.id)
    return [*ways, no]


def _another(one: CourseWeek, owner: UserId) -> Button:
    label = "Done another way" if one.another_way else "Done already"
    return button(label, "week.done", owner, one.id)


def _done_buttons(value: Week, step: MemberStep, owner: UserId) -> list[Button | None]:
    if value.is_over:
        return [button("Take my line back", "week.reopen", owner, step.week.id) if step.line else None]
    by_line = step.week.done_by is DoneBy.LINE
    return [
        button("Change my line", "week.line", owner, step.week.id) if by_line else None,
        button("Take it back", "week.reopen", owner, step.week.id),
    ]


def _seen(*, register: bool) -> str:
    if register:
        return "Your instructors see that it is done."
    return "It counts in class statistics, without your name."


def _between(value: Week) -> str:
    """Say why no step is shown for this week."""
    if value.is_over:
        return "The term is over\nNo more weekly steps come."
    if value.today < value.cohort.starts_on:
        return f"The term has not begun\n{_next(value)}"
    resting = any(off.first <= value.today <= off.last for off in value.cohort.breaks)
    if resting and value.coming is not None:
        return f"The course has a break, and nothing is due\n{_next(value)}"
    if value.coming is None:
        return "No more weekly steps\nThe last one has been. Thank you for yours."
    return f"No step this week\n{_next(value)}"


def _next(value: Week) -> str:
    """Say which step comes next."""
    if value.earlier:
        one = value.earlier[0].week
        return f"Still open, if you like: week {value.number_of(one)}, {plain(one.theme)}."
    if value.coming is not None:
        one = value.coming
        return f"Next: week {value.number_of(one)}, {plain(one.theme)}, from {day_text(one.week)}."
    return "No weekly step comes after this one."


def _earlier(value: Week, owner: UserId) -> list[shapes.Block]:
    if not value.before:
        return []
    lines = [f"• Week {value.number_of(one.week)}: {plain(one.week.theme)}" for one in value.earlier[:EARLIER_SHOWN]]
    more = len(value.earlier) - EARLIER_SHOWN
    if more > 0:
        lines.append(f"-# and {more} more in the menu")
    options = [
        option(
            f"Week {value.number_of(one.week)}{_MARKS[one.state]}: {one.week.theme}",
            str(one.week.id),
            description=one.week.step,
        )
        for one in value.before
    ]
    still_open = "\n".join(["**Still open from before**", *lines]) if lines else None
    placeholder = "A line that you handed in" if value.is_over else "An earlier week"
    return [still_open, select(placeholder, "week.open", owner, options)]
