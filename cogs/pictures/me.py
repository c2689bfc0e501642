"""The picture of `/me`: a member's own term, goal, footprint and network. Nothing in it counts people or streaks."""

from bot.coaching.momentum import ENOUGH_WEEKS, Momentum
from bot.services.me import Me
from cogs.cards.me import goal_weeks
from cogs.pictures import Bar, Chart, Panel

NO_GOAL = "None yet. Setting one takes about four minutes."
PRIVATE = "Only you can see this."


def progress(value: Me) -> Chart:
    """Return what the picture of an overview shows."""
    cohort, weeks = value.snapshot.seat.cohort, value.snapshot.weeks
    week = cohort.week_number(value.snapshot.today)
    when = "The term has not begun" if week < 1 else "The term is over"
    if 1 <= week <= len(weeks):
        when = f"Week {week} of {len(weeks)}"
    panels = [
        Panel("Your weeks", _momentum(value.snapshot.momentum), weeks=weeks, week=week),
        _goal(value),
        _footprint(value),
        _network(value),
    ]
    return Chart(cohort.name, when, panels, PRIVATE)


def _momentum(momentum: Momentum) -> str:
    """Say how many weeks were active; nothing while there is nothing to be glad of."""
    if momentum.active == 0 or momentum.weeks < ENOUGH_WEEKS:
        return ""
    return f"active in {momentum.active} of the last {momentum.weeks}"


def _goal(value: Me) -> Panel:
    goal, did = value.snapshot.goal, value.snapshot.did
    if goal is None:
        resting = value.snapshot.goals
        return Panel("Your goal", "it rests" if resting else "", text=resting[0].title if resting else NO_GOAL)
    words = f"{did} of {goal.target} in the {goal.span}"
    if did > goal.target:
        words = f"{did} in the {goal.span}; your target is {goal.target}"
    return Panel(
        "Your goal", goal_weeks(goal, value.snapshot.today), text=goal.title, bars=[Bar("", words, did, goal.target)]
    )


def _footprint(value: Me) -> Panel:
    bars = [
        Bar(part.section.title, f"{part.answered} of {part.total}", part.answered, part.total)
        for part in value.footprint
    ]
    answered, total = sum(part.answered for part in value.footprint), sum(part.total for part in value.footprint)
    return Panel("Your footprint", f"{answered} of {total} answered", bars=bars)


def _network(value: Me) -> Panel:
    known = sum(value.breadth.values())
    note = f"{known} of {len(value.breadth)} kinds of people" if known else ""
    return Panel("Your network", note, checks=list(value.breadth.items()))
