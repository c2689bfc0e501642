"""Private pictures of a member's own progress, and the same in words for whoever cannot look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from bot.coaching.momentum import ENOUGH_WEEKS, Momentum
from cogs.cards.shapes import cut

ALTERNATIVE_LIMIT = 1024
"""Most characters of the description of a picture: Discord's limit."""
NO_GOAL = "None yet. Setting one takes about four minutes."
PRIVATE = "Only you can see this."


class WeekCell(StrEnum):
    """What a week of the term was to a member; the running week is active or still to come, never quiet.

    `REST`: a break of the course or a pause of the member's own, which says nothing against them.
    """

    ACTIVE = "active"
    QUIET = "quiet"
    REST = "break or pause"
    TO_COME = "to come"
    BEFORE = "before you joined"


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A running goal: `did` of `target` in the last seven days, in week `week` of `weeks`."""

    title: str
    did: int
    target: int
    week: int
    weeks: int


@dataclass(frozen=True, slots=True)
class SectionBar:
    """A section of the checklist, with how many of its items are answered."""

    title: str
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the progress picture shows of one member; nothing in it counts people.

    `weeks`: every week of the term in order. `week`: the number of the running one, 0 or less before the term and more
    than there are after it. `categories`: the label of each kind of people, and whether somebody of it is known.
    """

    course: str
    week: int
    weeks: Sequence[WeekCell]
    goal: GoalLine | None
    sections: Sequence[SectionBar]
    categories: Sequence[tuple[str, bool]]
    momentum: Momentum


def progress_png(value: Progress) -> bytes:
    """Return the progress picture as PNG, 1600 pixels wide; any thread may ask, and it takes some 50 ms of it.

    A text in a script that the font does not have is left out or replaced; `alternative_text` has it.
    """
    from cogs.pictures import canvas, progress  # noqa: PLC0415 - Pillow is not needed to start

    ruler = canvas.Ruler()
    return canvas.png(progress.layout(value, ruler), ruler)


def alternative_text(value: Progress) -> str:
    """Return in words all that the progress picture says, in at most 1024 characters; long labels are shortened."""
    for most in (120, 60, 40, 24, 12):
        text = _in_words(value, most)
        if len(text) <= ALTERNATIVE_LIMIT:
            return text
    return cut(_in_words(value, 12), ALTERNATIVE_LIMIT)


def term_text(value: Progress) -> str:
    """Return where in the term the member is."""
    if value.week < 1:
        return "The term has not begun"
    if value.week > len(value.weeks):
        return "The term is over"
    return f"Week {value.week} of {len(value.weeks)}"


def momentum_text(found: Momentum) -> str | None:
    """Return how many weeks were active; None when there is nothing to be glad of yet, which needs no words."""
    if found.active == 0 or found.weeks < ENOUGH_WEEKS:
        return None
    return f"active in {found.active} of the last {found.weeks}"


def goal_weeks_text(goal: GoalLine) -> str:
    """Return where in the goal's weeks the member is."""
    return f"week {goal.week} of {goal.weeks}" if goal.week <= goal.weeks else "its weeks are over"


def goal_pace_text(goal: GoalLine) -> str:
    """Return what was done for the goal in the last seven days."""
    if goal.did > goal.target:
        return f"{goal.did} in the last seven days; your target is {goal.target}"
    return f"{goal.did} of {goal.target} in the last seven days"


def footprint_text(sections: Sequence[SectionBar]) -> str:
    """Return how much of the checklist is answered."""
    return f"{sum(one.answered for one in sections)} of {sum(one.total for one in sections)} answered"


def breadth_text(categories: Sequence[tuple[str, bool]]) -> str | None:
    """Return how many kinds of people are in the network; None when there are none yet."""
    known = sum(filled for _, filled in categories)
    return f"{known} of {len(categories)} kinds of people" if known else None


def _in_words(value: Progress, most: int) -> str:
    return " ".join(
        [
            f"{cut(value.course, most)}: {term_text(value).lower()}.",
            _weeks_in_words(value),
            _goal_in_words(value.goal, most),
            f"Footprint: {footprint_text(value.sections)} ("
            + ", ".join(f"{cut(one.title, most)} {one.answered} of {one.total}" for one in value.sections)
            + ").",
            _network_in_words(value.categories, most),
            PRIVATE,
        ]
    )


def _weeks_in_words(value: Progress) -> str:
    said = momentum_text(value.momentum)
    parts = [f"{state} {_ranges(numbers)}" for state in WeekCell if (numbers := _numbers(value.weeks, state))]
    return f"Weeks{f' ({said})' if said else ''}: {'; '.join(parts)}."


def _numbers(weeks: Sequence[WeekCell], state: WeekCell) -> list[int]:
    return [number for number, one in enumerate(weeks, 1) if one is state]


def _ranges(numbers: Sequence[int]) -> str:
    """Return rising numbers with neighbours drawn together: 1–3, 6."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda one: one[1] - one[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _goal_in_words(goal: GoalLine | None, most: int) -> str:
    if goal is None:
        return f"Goal: {NO_GOAL}"
    return f"Goal: {cut(goal.title, most)} ({goal_weeks_text(goal)}), {goal_pace_text(goal)}."


def _network_in_words(categories: Sequence[tuple[str, bool]], most: int) -> str:
    known = ", ".join(cut(label, most) for label, filled in categories if filled)
    others = ", ".join(cut(label, most) for label, filled in categories if not filled)
    said = f"Network: {breadth_text(categories)}. Known: {known}." if known else "Network: nobody yet."
    return f"{said} Still open: {others}." if others else said
