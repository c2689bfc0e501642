"""Cards about a member's focus."""

from collections.abc import Mapping

import discord

from bot.coaching.focus import FIELD_LIMIT, MAX_FIELDS, PURPOSE_LIMIT, Connection, Focus, Season, keeps_low
from bot.coaching.footprint import Track
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.focus import SavedFocus
from cogs.cards.shapes import BLUE, button, card, choice, line, modal

CONNECTIONS = {
    Connection.NEWS: "News: hear what happens in my field",
    Connection.ADVICE: "Advice: people I can ask",
    Connection.COMMUNITY: "Community: people who share my interests",
    Connection.WORK: "Work: openings and people to work with",
}
SEASONS = {
    Season.EXPLORING: "Exploring: finding out what is there",
    Season.BUILDING: "Building: getting to know people and work",
    Season.SEARCHING: "Searching: a placement, a project or a job",
    Season.LOW_PROFILE: "Low profile: being less findable is what I want",
}


def form(focus: Focus | None, tracks: Mapping[str, Track], owner: UserId) -> discord.ui.Modal:
    """Return the modal for a focus, filled with what is saved."""
    return modal(
        "Your focus",
        "focus.save",
        owner,
        [
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
            line(
                "One or two fields",
                "fields",
                limit=MAX_FIELDS * FIELD_LIMIT + 40,
                default=", ".join(focus.fields) if focus else None,
                hint="Separate two with a comma.",
                example="community nursing, patient education",
            ),
            choice(
                "Your profession, if it is not the course’s",
                "track",
                {track.id: track.label for track in tracks.values()},
                chosen=focus.track if focus else None,
                required=False,
                hint="Some professions have stricter rules; the checklist follows them.",
            ),
            choice(
                "Where are you just now?",
                "season",
                {member.value: text for member, text in SEASONS.items()},
                chosen=focus.season if focus else None,
                required=False,
            ),
        ],
    )


def saved(value: SavedFocus, owner: UserId) -> discord.ui.LayoutView:
    """Return the focus as it is kept, and what may come next."""
    focus = value.focus
    blocks = ["## Your focus is saved\n" + "\n".join(_lines(value))]
    if value.answered is not None:
        blocks.append(f"That answers a checklist item too: “{value.answered.title}”.")
    if keeps_low(focus):
        blocks.append(
            "Being less findable is a goal of its own. The checklist leaves out what would make you easier to find, "
            "and no note asks you to be seen."
        )
    elif value.next is not None:
        blocks.append(f"Next in your checklist: {value.next.title} (about {value.next.minutes} min).")
    label = "My accounts are not new any more" if focus.new_accounts else "My accounts in this field are new"
    return card(
        *blocks,
        [
            button("Start the checklist", "footprint.show", owner, style=BLUE),
            button("Set a goal", "goal.new", owner, "-", "keep"),
            button("Change", "focus.edit", owner),
        ],
        [button(label, "focus.accounts", owner, 0 if focus.new_accounts else 1)],
    )


def _lines(value: SavedFocus) -> list[str]:
    focus = value.focus
    lines = [f"**Fields**: {plain(focus.fields_text)}"]
    if focus.purpose:
        lines.append(f"**Purpose**: {plain(focus.purpose)}")
    if focus.connection:
        lines.append(f"**A connection is**: {CONNECTIONS[focus.connection]}")
    if value.track is not None:
        lines.append(f"**Profession**: {value.track.label}{'' if focus.track else ' (the course’s)'}")
    if focus.season:
        lines.append(f"**Just now**: {SEASONS[focus.season]}")
    if focus.new_accounts:
        lines.append("**Accounts**: new in this field, so some places will want to see you for a while first")
    return lines
