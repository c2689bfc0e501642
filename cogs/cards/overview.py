"""What instructors see of a class in counts: how it is doing, the class statistics, and the week ahead."""

from collections.abc import Iterator, Sequence
from typing import Any

import discord

from bot.coaching.class_statistics import FEWEST, IN_REGISTER, NONE, Snapshot, breakdown, published
from bot.coaching.course_plan import step_words
from bot.coaching.digest import active_words
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.class_statistics import sections_of
from bot.services.overview import ClassPreview, Overview, Statistics
from cogs.cards.announcements import trouble
from cogs.cards.course import BREAK_WORDS
from cogs.cards.shapes import BLUE, button, card, cut, day_text, moment_text

NOT_GRADING = "-# Not for grading."
PICTURE_NAME = "the-class.png"
FACTS = {"goal": "Goal set", "plan": "Plan", "exchange": "Exchange"}
COUNTED = {
    "active": "Active in the week before",
    "focus": "Focus set",
    "goal": "Goal set",
    "plan": "Plan for it",
    "exchange": "A two-way exchange this term",
    "met": "Met somebody this term",
}
LINE_LIMIT = 34
MOST_KINDS, MOST_CHECKS = 6, 10
"""Limits that let a card hold everything, whatever the course's own content says."""


def overview(
    value: Overview,
    owner: UserId,
    text: str | None = None,
    size: int | None = None,
    missing: Sequence[str] | None = (),
) -> discord.ui.LayoutView:
    """Show how the class is doing, in ten seconds.

    Args:
        text: The picture in words, None if there is none.
        size: How many take the course, None if nobody knows.
        missing: What the bot lacks to post in the course's channel; None if that channel is gone.
    """
    picture = text and discord.ui.MediaGallery[Any](
        discord.MediaGalleryItem(f"attachment://{PICTURE_NAME}", description=text)
    )
    in_the_way = None
    if value.obstacles is not None:
        named = " · ".join(f"{cut(label, LINE_LIMIT)} ({count})" for label, count in value.obstacles.named)
        activity = value.obstacles.activity
        in_the_way = (
            f"**What gets in the way most**: {named}\n-# For five minutes of class: *{activity.title}*. {activity.text}"
        )
    return card(
        f"## {plain(value.cohort.name)}, {week_text(value)}\n{_sentence(value, size)}",
        picture,
        _step(value),
        trouble(value.cohort, missing) if value.cohort.announce else None,
        in_the_way,
        [
            button("Register", "cohort.register", owner, style=BLUE) if value.cohort.register else None,
            button(f"Might welcome a hello ({value.hellos})", "cohort.checkin", owner),
            button("Hand-ins", "handins.show", owner) if value.planned else None,
            button("Export", "cohort.export", owner),
            button("Class statistics", "cohort.statistics", owner),
        ],
        NOT_GRADING,
    )


def _sentence(value: Overview, size: int | None) -> str:
    """Say how the class is doing, and how many have joined."""
    here = value.people.here
    joined = f"{here} joined." if size is None or size < here else f"{here} of {size} joined."
    if not here:
        return "**Nobody has joined yet.** `/cohort invite` posts the invitation."
    last = value.weeks[-1] if value.weeks else None
    if value.exact:
        so_far = f"{value.so_far} of {here} did something so far this week." if value.week <= value.of_weeks else ""
        if last is None:
            return f"**{so_far or 'The term is over.'}** {joined}"
        return f"**{active_words(last.active, last.whole, value.moved)}** {so_far}\n-# {joined}"
    if last is not None and last.active is not None:
        lines = [f"**{active_words(last.active, last.whole, value.moved)}** {joined}"]
    elif here < FEWEST:
        lines = [f"**Class statistics begin at {FEWEST} people.** {joined}"]
    else:
        first = moment_text(value.next_snapshot, value.cohort.zone)
        lines = [f"**The first class statistics come {first}**, and then every Monday. {joined}"]
    if value.cohort.register:
        lines.append(f"-# The register opens for {value.people.coming} of them seven days after they were told.")
    return "\n".join(lines)


def _step(value: Overview) -> str | None:
    """Say how many have done this week's step; without a register, the last week's by Monday's count."""
    step = value.step
    if value.exact and step is not None:
        done = f"{value.people.step} of {value.people.here} done, due {day_text(step.due_on)}"
        return f"**This week's step**: {done}\n-# {step_words(step.step)}"
    lines = [] if step is None else [f"**This week's step**, due {day_text(step.due_on)}: {step_words(step.step)}"]
    if value.last_step is not None:
        lines.append(f"-# Last week's was done by {value.last_step[0]} of {value.last_step[1]}.")
    return "\n".join(lines) or None


def week_text(value: Overview) -> str:
    """Say which week of the term it is."""
    return f"week {value.week} of {value.of_weeks}" if 1 <= value.week <= value.of_weeks else "outside the term"


def statistics(value: Statistics) -> discord.ui.LayoutView:
    """Show the class statistics of the last Monday, by section where the threshold allows."""
    head = f"## Class statistics\n-# {plain(value.cohort.name)}"
    newest, coming = value.newest, moment_text(value.next_snapshot, value.cohort.zone)
    if newest is None:
        return card(head, f"**The first ones come {coming}**, and then every Monday.", NOT_GRADING)
    if newest.members < FEWEST:
        return card(head, f"**They begin at {FEWEST} people.** {newest.members} were counted last.", NOT_GRADING)
    return card(
        head,
        "\n".join(f"{label}: **{_count(value, newest, name)}**" for name, label in COUNTED.items()),
        "\n".join(["**Checklist begun, by section of it**", *_checklist(value, newest)]),
        *_mixes(value, newest),
        f"-# {newest.members} people, counted {day_text(newest.week)}; next {coming}. "
        f"{'The register is exact. Any other' if value.exact else 'A'} count below 5, or leaving under 5 out, "
        f"is not shown.\n{NOT_GRADING}",
    )


def _count(value: Statistics, newest: Snapshot, fact: str) -> str:
    """Return a count of the class, and of each section where the threshold allows all of them."""
    exact = value.exact and fact in IN_REGISTER
    said = newest.counts.get(fact, 0) if exact else published(newest.counts.get(fact, 0), newest.members)
    parts = {role: part for role, part in value.sections.items() if part.week == newest.week}
    by_role = (
        {role: part.counts.get(fact, 0) for role, part in parts.items()} if exact else sections_of(newest, parts, fact)
    )
    told = ", ".join(f"<@&{role}> {count} of {parts[role].members}" for role, count in by_role.items())
    return f"{said} of {newest.members}" + (f" ({told})" if told else "")


def _checklist(value: Statistics, newest: Snapshot) -> Iterator[str]:
    for name, title in list(value.labels.checklist.items())[:MOST_CHECKS]:
        said = published(newest.counts.get(f"check:{name}", 0), newest.members)
        yield f"{cut(title, LINE_LIMIT)}: **{said} of {newest.members}**"


def _mixes(value: Statistics, newest: Snapshot) -> Iterator[str]:
    mixes = (
        ("kind", "What the goals are about", value.labels.kinds, "others, or no goal"),
        ("obstacle", "What gets in their way", value.labels.obstacles, "others, or nothing named"),
    )
    for name, title, words, others in mixes:
        kinds = {NONE: 0, **dict.fromkeys(words, 0), **newest.kinds(name)}
        named = [(kind, count) for kind, count in breakdown(kinds, newest.members).items() if kind in words]
        told = dict(named[:MOST_KINDS])
        rest = newest.members - sum(told.values())
        lines = [f"{cut(words[kind], LINE_LIMIT)}: **{count}**" for kind, count in told.items()]
        yield "\n".join([f"**{title}**", *lines, f"{others}: **{rest}**"])


def preview(value: ClassPreview) -> discord.ui.LayoutView:
    """Say what the next seven days will send, and show how a note reads."""
    breaks = [f"{BREAK_WORDS[one.kind]} {day_text(one.first)} to {day_text(one.last)}" for one in value.breaks]
    off = f"\nNo notes on these days: {', '.join(breaks)}." if breaks else ""
    buttons = " · ".join(f"[{one.label}]" for one in value.sample.buttons)
    text = value.sample.text.replace("<@0>", "Sam")
    return card(
        f"## {plain(value.cohort.name)}: the next seven days\n**{_ahead(value)}**{off}",
        "**How one reads**, to somebody invented who has just joined:\n>>> " + text,
        f"-# Below it: {buttons}\n-# Every member’s own note follows what they do until then. Not for grading.",
    )


def _ahead(value: ClassPreview) -> str:
    if value.planned is None:
        return f"How many get a note is counted on Mondays, from {FEWEST} people on."
    return f"Notes planned: {value.planned} of {value.whole}; away: {value.away}."
