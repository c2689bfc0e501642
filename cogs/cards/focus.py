"""Cards about a member's focus."""

from collections.abc import Mapping

import discord

from bot.coaching.focus import FIELD_LIMIT, MAX_FIELDS, PURPOSE_LIMIT, Connection, Focus, Season, keeps_low
from bot.coaching.footprint import Track
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.focus import SavedFocus
from cogs.cards import shapes
from cogs.cards.shapes import BLUE, Field, button, card, facts
from cogs.cards.week import completed

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
    """Return the form for a focus, filled with the saved one."""
    fields = [
        Field(
            "purpose", "Purpose: who should find you, and what for?", PURPOSE_LIMIT, optional=True, long=True,
            example="Ward managers near me, so that I hear of a first job",
        ),
        Field("connection", "A connection is, for me, above all …", CONNECTIONS, optional=True, open=True),
        Field(
            "fields", "One or two fields", MAX_FIELDS * FIELD_LIMIT + 40,
            hint="Separate two with a comma.", example="community nursing, patient education",
        ),
        Field(
            "track", "Your profession, if it is not the course’s",
            {track.id: track.label for track in tracks.values()}, optional=True,
            hint="Some professions have stricter rules; the checklist follows them.",
        ),
        Field("season", "Where are you just now?", SEASONS, optional=True, open=True),
    ]  # fmt: skip
    filled = focus and {
        "purpose": focus.purpose,
        "connection": focus.connection,
        "fields": ", ".join(focus.fields),
        "track": focus.track,
        "season": focus.season,
    }
    return shapes.form("Your focus", "focus.save", owner, fields, filled=filled)


def saved(value: SavedFocus, owner: UserId) -> discord.ui.LayoutView:
    """Show the focus as it is kept, and what may come next."""
    focus, track = value.focus, value.track
    coming = None
    if keeps_low(focus):
        coming = (
            "Being less findable is a goal of its own. The checklist leaves out what would make you easier to find, "
            "and no note asks you to be seen."
        )
    elif value.next is not None:
        coming = f"Next in your checklist: {value.next.title} (about {value.next.minutes} min)."
    lines = facts(
        ("Fields", plain(focus.fields_text)),
        ("Purpose", focus.purpose and plain(focus.purpose)),
        ("A connection is", focus.connection and CONNECTIONS[focus.connection]),
        ("Profession", track and f"{track.label}{'' if focus.track else ' (the course’s)'}"),
        ("Just now", focus.season and SEASONS[focus.season]),
        ("Accounts", "new in this field, so some places will want to see you for a while first" * focus.new_accounts),
    )
    also, not_counted = completed(value.completes, owner)
    label = "My accounts are not new any more" if focus.new_accounts else "My accounts in this field are new"
    return card(
        f"## Your focus is saved\n{lines}",
        value.answered and f"That answers a checklist item too: “{value.answered.title}”.",
        also,
        not_counted,
        coming,
        [
            button("Start the checklist", "footprint.show", owner, style=BLUE),
            button("Set a goal", "goal.new", owner, "own", "keep"),
            button("Change", "focus.edit", owner),
        ],
        [button(label, "focus.accounts", owner, 0 if focus.new_accounts else 1)],
    )
