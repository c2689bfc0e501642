"""The member's own overview."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import discord

from bot.coaching.focus import keeps_low
from bot.coaching.footprint import Item
from bot.coaching.goals import Goal
from bot.coaching.ids import UserId
from bot.coaching.momentum import ENOUGH_WEEKS
from bot.coaching.network import Contact
from bot.coaching.next_action import Step
from bot.coaching.opportunities import Opportunity, ahead
from bot.coaching.snapshot import MemberSnapshot
from bot.coaching.texts import plain
from bot.services.me import Me
from cogs.cards.log import balance_words
from cogs.cards.nudges import NO_MORE, OPEN_DMS, UNPLANNED
from cogs.cards.opportunities import last_day
from cogs.cards.shapes import BLUE, Block, Button, button, card, day_text, moment_text, times
from cogs.cards.week import course_step

STEP_BUTTONS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "A03": ("Set my focus", "focus.edit", ()),
    "A05": ("Set a goal", "goal.new", ("-", "keep")),
    "A06": ("Choose a new goal", "goal.new", ("-", "keep")),
    "A08": ("Look back", "goal.review", ()),
    "A11": ("Add one line", "nudge.add_line", ()),
    "A20": ("Map", "network.map", ()),
    "goal_achieved": ("Look back", "goal.review", ()),
    "goal_ends": ("Look back", "goal.review", ()),
}
GOAL_END_SHOWN = timedelta(weeks=2)
PICTURE_NAME = "your-progress.png"


def me(value: Me, owner: UserId) -> discord.ui.LayoutView:
    """Show the course's step, what comes next and why, then the goal with its plan, and in small print the rest."""
    member, step = value.snapshot, value.step
    done, total = sum(part.answered for part in value.footprint), sum(part.total for part in value.footprint)
    logs_already = step.speaker.done and step.speaker.id not in STEP_BUTTONS
    coming = f"**Next**: {step.action}{_about(step)} (about {step.minutes} min)\n-# Why: {step.because}."
    lead: list[Block] = [f"## {day_text(member.today)}\n{coming}"]
    if course := value.course_step:
        told = f"## {day_text(member.today)}\n{course_step(course, low_profile=keeps_low(member.focus))}"
        lead = (
            [told, [button("This week", "week.show", owner, style=BLUE)], coming]
            if course.open
            else [f"{told}\n{coming}"]
        )
    return card(
        *lead,
        [
            _step_button(step, owner),
            button("Why this?", "me.why", owner),
            None if logs_already else button("Log something", "log.show", owner),
        ],
        f"{_goal(value)}\n**Last seven days**: {_week(value)}{_nearest_date(member, step)}",
        f"-# Checklist: {done} of {total}{_network(value)}\n-# {_next_note(value)}",
        [
            button("Picture", "me.picture", owner),
            button("Note settings", "nudge.settings", owner),
            button("Switch course", "course.switch", owner) if value.other_courses else None,
        ],
    )


def picture(words: str, value: Me, owner: UserId) -> discord.ui.LayoutView:
    """Return the card that shows the picture, sent along as `PICTURE_NAME`, with its words for who cannot see it."""
    balance = balance_words(value.balance, value.reciprocity)
    shown = discord.ui.MediaGallery[Any](discord.MediaGalleryItem(f"attachment://{PICTURE_NAME}", description=words))
    return card(
        shown,
        f"{balance}\n-# For you alone. Breaks and pauses are left out.".lstrip(),
        [button("My overview", "me.show", owner)],
    )


def _about(step: Step) -> str:
    """Name the opening where the step's own words do not."""
    match step.subject:
        case Opportunity(title=title) if plain(title) not in step.action:
            return f": {plain(title)}"
        case _:
            return ""


def _nearest_date(member: MemberSnapshot, step: Step) -> str:
    """Return the last day that comes first: of what is not sent yet, or of the goal once that is near."""
    goal, today = member.goal, member.today
    days = [(due, plain(one.title)) for due, one in ahead(member.openings, today)]
    if goal is not None and today <= goal.last_day <= today + GOAL_END_SHOWN:
        days.append((goal.last_day, "your goal ends"))
    if not days:
        return ""
    day, what = min(days)
    named = isinstance(step.subject, Opportunity) and plain(step.subject.title) == what
    return f"\n**Nearest date**: {last_day(day, today)}{'' if named else f': {what}'}"


def _week(value: Me) -> str:
    member, pace = value.snapshot, value.snapshot.momentum
    of_goal = ""
    if goal := member.goal:
        weeks = "" if goal.every_weeks == 1 else " in two weeks"
        of_goal = f"{member.did} of {goal.target}{weeks} for your goal, "
        if member.did > goal.target:
            of_goal = f"{member.did}{weeks} for your goal, more than the {goal.target} you planned, "
    momentum = f"; active in {pace.active} of your last {pace.weeks} weeks"
    entries = times(member.entries, "entry", "entries")
    return f"{of_goal}{entries}{momentum if pace.weeks >= ENOUGH_WEEKS else ''}."


def _goal(value: Me) -> str:
    goal = value.snapshot.goal
    if goal is None and value.snapshot.goals:
        return f"**Goal**: {plain(value.snapshot.goals[0].title)} (it rests)"
    if goal is None:
        return "**Goal**: none yet"
    beside = "\n-# `/goal show` has your second goal." if len(value.snapshot.goals) > 1 else ""
    return f"**Goal**: {plain(goal.title)} ({goal_weeks(goal, value.snapshot.today)})\n> {plain(goal.if_then)}{beside}"


def goal_weeks(goal: Goal, today: date) -> str:
    """Say which of the goal's weeks it is."""
    return "its weeks are over" if goal.over(today) else f"week {goal.week(today)} of {goal.weeks}"


def _network(value: Me) -> str:
    """Say how broad the network is; nothing before there is a goal or somebody in it."""
    known = sum(value.breadth.values())
    if known:
        return f" · network: {known} of {len(value.breadth)} kinds of people"
    return " · nobody in your network yet (`/network add`)" if value.snapshot.goals else ""


def _next_note(value: Me) -> str:
    enrolment = value.snapshot.seat.enrolment
    if value.snapshot.today > value.snapshot.seat.cohort.ends_on:
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


def _step_button(step: Step, owner: UserId) -> Button:
    match step.subject:
        case Item(id=item_id):
            return button("Open the item", "footprint.item", owner, item_id, style=BLUE)
        case Contact(id=number):
            return button("Open", "network.person", owner, number, style=BLUE)
        case Opportunity(id=number):
            return button("Open", "opportunity.open", owner, number, style=BLUE)
        case _:
            otherwise = ("Log it", "log.show", ()) if step.speaker.done else ("Checklist", "footprint.show", ())
            label, route, args = STEP_BUTTONS.get(step.speaker.id, otherwise)
            return button(label, route, owner, *args, style=BLUE)
