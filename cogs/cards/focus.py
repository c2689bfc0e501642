"""Cards about a member's focus."""

import discord

from bot.coaching.focus import FIELD_LIMIT, MAX_FIELDS, PURPOSE_LIMIT, Connection, Focus
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from cogs.cards.shapes import BLUE, button, card, choice, line, modal

CONNECTIONS = {
    Connection.NEWS: "News: hear what happens in my field",
    Connection.ADVICE: "Advice: people I can ask",
    Connection.COMMUNITY: "Community: people who share my interests",
    Connection.WORK: "Work: openings and people to work with",
}


def form(focus: Focus | None, owner: UserId) -> discord.ui.Modal:
    """Return the modal for a focus, filled with what is saved."""
    return modal(
        "Your focus",
        "focus.save",
        owner,
        [
            line(
                "One or two fields",
                "fields",
                limit=MAX_FIELDS * FIELD_LIMIT + 40,
                default=", ".join(focus.fields) if focus else None,
                hint="Separate two with a comma.",
                example="community nursing, patient education",
            ),
            line(
                "Purpose: who should find you, and what for?",
                "purpose",
                limit=PURPOSE_LIMIT,
                default=focus.purpose if focus else None,
                required=False,
                long=True,
                example="Ward managers near me, so that I hear of a first job",
            ),
            choice(
                "A connection is, for me, above all …",
                "connection",
                {member.value: text for member, text in CONNECTIONS.items()},
                chosen=focus.connection if focus else None,
                required=False,
            ),
        ],
    )


def saved(focus: Focus, owner: UserId) -> discord.ui.LayoutView:
    """Return the focus as it is kept, and what may come next."""
    lines = [f"**Fields**: {plain(focus.fields_text)}"]
    if focus.purpose:
        lines.append(f"**Purpose**: {plain(focus.purpose)}")
    if focus.connection:
        lines.append(f"**A connection is**: {CONNECTIONS[focus.connection]}")
    return card(
        "## Your focus is saved\n" + "\n".join(lines),
        "Next: see what others see when they look you up. The first item takes about five minutes.",
        [
            button("Start the checklist", "footprint.show", owner, style=BLUE),
            button("Set a goal", "goal.new", owner, "-", "keep"),
            button("Change", "focus.edit", owner),
        ],
    )
