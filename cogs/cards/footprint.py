"""Cards about the digital-footprint checklist."""

import discord

from bot.coaching.footprint import Answer, Answered, Item, Severity, answered
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.footprint import Footprint, ItemView
from cogs.cards.shapes import BLUE, GREEN, GREY, Button, bar, button, card, day_text, option, section, select, times
from cogs.cards.week import completed

ANSWERS = {
    Answer.FINE: "Checked, fine",
    Answer.FIXED: "Fixed something",
    Answer.LATER: "Later",
    Answer.NOT_FOR_ME: "Not for me",
}
SEVERITIES = {Severity.MUST: "do this one", Severity.SHOULD: "worth doing", Severity.COULD: "if you like"}
NEXT_SHOWN = 2
MOST_ROWS = 12
"""Most items with a button each: a row is three components of the forty that a message may have."""


def overview(value: Footprint, owner: UserId) -> discord.ui.LayoutView:
    """Show progress by section, the next items, and a way to every section."""
    parts = value.progress
    total, done = sum(part.total for part in parts), sum(part.answered for part in parts)
    options = [
        option(
            one.section.title,
            one.section.id,
            description=f"{one.answered} of {one.total} {bar(one.answered, one.total)}",
        )
        for one in parts
    ]
    again = value.recheck
    all_done = None if again else "Every item is answered. I will mention one when it is time for a second look."
    return card(
        f"## Your digital footprint\n{done} of {total} answered. Only your answer and its date are kept."
        f"{_for_whom(value)}",
        *(["**Due for a second look**", section(again.title, _open(again, owner))] if again else []),
        "**Good to do next**" if value.next else all_done,
        *[
            section(f"{item.title}\n-# about {item.minutes} min", _open(item, owner))
            for item in value.next[:NEXT_SHOWN]
        ],
        select("Look at a section", "footprint.section", owner, options),
    )


def _open(item: Item, owner: UserId) -> Button:
    return button("Open", "footprint.item", owner, item.id, style=BLUE)


def _for_whom(value: Footprint) -> str:
    track = f" It follows the rules for {value.track.label}." if value.track else ""
    low = (
        f" {times(value.left_out, 'item', 'items')} that would make you easier to find "
        f"{'is' if value.left_out == 1 else 'are'} left out."
    )
    return f"\n-#{track}{low if value.left_out else ''}" if track or value.left_out else ""


def one_section(value: Footprint, section_id: str, owner: UserId) -> discord.ui.LayoutView:
    """List the items of a section, each with its answer and a button to open it."""
    title = next(one.title for one in value.checklist.sections if one.id == section_id)
    items = [item for item in value.checklist.items if item.section == section_id]
    back = [button("All sections", "footprint.show", owner)]
    if len(items) > MOST_ROWS:
        lines = "\n".join(_row(value, item) for item in items)
        opening = select("Open an item", "footprint.item", owner, [option(item.title, item.id) for item in items])
        return card(f"## {title}\n{lines}", opening, back)
    rows = [section(_row(value, item), button("Open", "footprint.item", owner, item.id)) for item in items]
    return card(f"## {title}", *rows, back)


def item(value: ItemView, owner: UserId, *, just_answered: bool = False) -> discord.ui.LayoutView:
    """Show one item with its steps and the four answers."""
    one, given, coming = value.item, value.given, value.next
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(one.steps, 1))
    answers = [
        button(
            label,
            "footprint.answer",
            owner,
            one.id,
            answer.value,
            style=GREEN if given and given.answer is answer else GREY,
        )
        for answer, label in ANSWERS.items()
    ]
    also, not_counted = completed(value.completes, owner)
    return card(
        f"-# {value.section_title} · about {one.minutes} min · {SEVERITIES[one.severity]}\n### {one.title}\n{steps}\n"
        f"-# Done when: {one.done_when}",
        given and _given(value, given, "Noted" if just_answered else "Your answer"),
        also,
        not_counted,
        answers,
        value.support and f"-# Worried? You need not solve it alone: {plain(value.support)}",
        [
            button("Why?", "footprint.why", owner, one.id),
            button("All sections", "footprint.show", owner),
            coming and button(f"Next item ({coming.minutes} min)", "footprint.item", owner, coming.id, style=BLUE),
        ],
    )


def why(value: ItemView) -> discord.ui.LayoutView:
    """Say what an item is good for."""
    return card(f"**{value.item.title}**\n{value.item.why}")


def _given(value: ItemView, given: Answered, lead: str) -> str:
    """Say what was answered, when the item comes up again, and earlier answers; what was found is never kept."""
    again = ""
    if value.recheck_on:
        day = day_text(value.recheck_on)
        not_for_me = given.answer is Answer.NOT_FOR_ME
        again = f" I will not mention it before {day}." if not_for_me else f" I will mention it again from {day}."
    earlier = [f"{day_text(one.on)}: {ANSWERS[one.answer]}" for one in value.history if one != given]
    before = f"\n-# Before that: {' · '.join(earlier)}" if earlier else ""
    return f"**{lead}**: {ANSWERS[given.answer]}, {day_text(given.on)}.{again}{before}"


def _row(value: Footprint, item: Item) -> str:
    mark = "✓" if answered(value.answers, item.id) else "○"
    given = value.answers.get(item.id)
    state = ANSWERS[given.answer] if given else f"about {item.minutes} min · {SEVERITIES[item.severity]}"
    return f"{mark} {item.title}\n-# {state}"
