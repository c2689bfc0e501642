"""Help by situation: one card for members, one for those who teach."""

import discord

from bot.coaching.ids import UserId
from cogs.cards.shapes import button, card

MEMBER = (
    ("Begin", "`/start` joins, `/focus` says who should find you, `/goal new` sets a goal."),
    ("Your traces", "`/footprint` is a checklist, `/bio check` reads a bio."),
    ("Meet people", "`/network add` keeps a nickname; `/network followups` says who is next."),
    ("Find the words", "`/message begin` has first lines, `/message check` reads yours."),
    ("Keep what you did", "`/log` takes one tap; `/opportunity add` holds a job or event."),
    ("See what is next", "`/week` is due; `/me` shows one step; `/goal review` and `/portfolio` look back."),
    ("Your weekly note", "`/nudge settings` moves or stops it; `/nudge inbox` has what waits."),
    ("Ask your instructors", "`/feedback`, unsigned if you like."),
    ("Your data", "`/privacy stored` and `/privacy seen` show it, `/privacy delete` erases it."),
)
STAFF = (
    ("Open a course", "`/cohort setup`, then `/cohort invite`; `/cohort breaks` marks days without notes."),
    ("Plan the weeks", "`/cohort plan` has ten weeks ready, with one small step each."),
    ("See how it goes", "`/cohort overview` shows the class, `/cohort register` each person."),
    ("Greet somebody", "`/cohort checkin` says who may like a hello, and why; `/cohort member` shows one person."),
    ("Hear from the class", "`/cohort feedback` has what they wrote to you."),
    ("Check the notes", "`/cohort preview` shows the next week, `/cohort status` what arrived."),
    ("Hear every Monday", "`/cohort digest` sends you a short summary."),
    ("End the term", "`/cohort export`, then `/cohort close`: each member gets a parcel."),
)
"""What to do when, by reader."""


def for_members(owner: UserId) -> discord.ui.LayoutView:
    """Say what a member does when."""
    return card(
        f"## What would you like to do?\n{_rows(MEMBER)}",
        [button("My overview", "me.show", owner), button("Checklist", "footprint.show", owner)],
        "-# Your networking is never graded.",
    )


def for_staff(owner: UserId) -> discord.ui.LayoutView:
    """Say what an instructor does when, and lead to what members read."""
    return card(
        f"## What would you like to do?\n{_rows(STAFF)}",
        [button("What members can do", "help.member", owner)],
    )


def _rows(rows: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"**{when}**: {what}" for when, what in rows)
