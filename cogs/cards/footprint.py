"""Cards about the digital-footprint checklist."""

import discord

from bot.coaching.footprint import Answer, Item, Severity, answered
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.footprint import Footprint, ItemView
from cogs.cards.shapes import BLUE, GREEN, bar, button, card, day_text, option, section, select, times

ANSWERS = {
    Answer.FINE: "Checked, fine",
    Answer.FIXED: "Fixed something",
    Answer.LATER: "Later",
    Answer.NOT_FOR_ME: "Not for me",
}
SEVERITIES = {Severity.MUST: "do this one", Severity.SHOULD: "worth doing", Severity.COULD: "if you like"}
NEXT_SHOWN = 3
MOST_ROWS = 12
"""Most items with a button each: a row is three components of the forty that a message may have."""


def overview(value: Footprint, owner: UserId) -> discord.ui.LayoutView:
    """Return progress by section, the next items, and a way to every section."""
    rows = "\n".join(
        f"{part.section.title}: {part.answered} of {part.total} {bar(part.answered, part.total)}"
        for part in value.progress
    )
    total = sum(part.total for part in value.progress)
    done = sum(part.answered for part in value.progress)
    blocks: list[str | discord.ui.Section[discord.ui.LayoutView]] = []
    if value.recheck:
        again = button("Open", "footprint.item", owner, value.recheck.id, style=BLUE)
        blocks += ["**Due for a second look**", section(value.recheck.title, again)]
    if value.next:
        blocks.append("**Good to do next**")
        blocks += [
            section(
                f"{item.title}\n-# about {item.minutes} min",
                button("Open", "footprint.item", owner, item.id, style=BLUE),
            )
            for item in value.next[:NEXT_SHOWN]
        ]
    elif not value.recheck:
        blocks.append("Every item is answered. I will mention one when it is time for a second look.")
    counted = f"{done} of {total} answered. Only your answer and its date are kept."
    return card(
        f"## Your digital footprint\n{counted}{_for_whom(value)}",
        rows,
        *blocks,
        select(
            "Look at a section",
            "footprint.section",
            owner,
            [
                option(part.section.title, part.section.id, description=f"{part.answered} of {part.total}")
                for part in value.progress
            ],
        ),
    )


def _for_whom(value: Footprint) -> str:
    track = f" Severity and steps follow the rules for {value.track.label}." if value.track else ""
    low = (
        f" {times(value.left_out, 'item', 'items')} that would make you easier to find "
        f"{'is' if value.left_out == 1 else 'are'} left out."
    )
    return f"\n-#{track}{low if value.left_out else ''}" if track or value.left_out else ""


def one_section(value: Footprint, section_id: str, owner: UserId) -> discord.ui.LayoutView:
    """Return the items of a section, each with its answer and a button to open it."""
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
    """Return one item with why and steps, and the four answers."""
    one = value.item
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(one.steps, 1))
    blocks = [
        f"-# {value.section_title} · about {one.minutes} min · {SEVERITIES[one.severity]}\n## {one.title}\n{one.why}",
        f"{steps}\n\n**Done when**: {one.done_when}",
    ]
    if value.given:
        not_me = value.given.answer is Answer.NOT_FOR_ME
        again = f" I will {'not ' * not_me}mention it {'before' if not_me else 'again from'} {{day}}."
        again = again.format(day=day_text(value.recheck_on)) if value.recheck_on else ""
        lead = "Noted" if just_answered else "Your answer"
        blocks.append(f"**{lead}**: {ANSWERS[value.given.answer]}, {day_text(value.given.on)}.{again}{_before(value)}")
    if value.support:
        blocks.append(f"-# Something here worries you? You need not solve it alone: {plain(value.support)}")
    buttons = [
        button(
            label,
            "footprint.answer",
            owner,
            one.id,
            answer.value,
            style=GREEN if value.given and value.given.answer is answer else discord.ButtonStyle.secondary,
        )
        for answer, label in ANSWERS.items()
    ]
    ways = [button("All sections", "footprint.show", owner)]
    if value.next:
        ways.append(
            button(
                f"Next item ({times(value.next.minutes, 'minute', 'minutes')})",
                "footprint.item",
                owner,
                value.next.id,
                style=BLUE,
            )
        )
    return card(*blocks, buttons, ways)


def _before(value: ItemView) -> str:
    """Return the earlier answers, by day; what was found is never kept, so that is all there is."""
    earlier = [f"{day_text(one.on)}: {ANSWERS[one.answer]}" for one in value.history if one != value.given]
    return f"\n-# Before that: {' · '.join(earlier)}" if earlier else ""


def _row(value: Footprint, item: Item) -> str:
    mark = "✓" if answered(value.answers, item.id) else "○"
    given = value.answers.get(item.id)
    state = ANSWERS[given.answer] if given else f"about {item.minutes} min · {SEVERITIES[item.severity]}"
    return f"{mark} {item.title}\n-# {state}"
