"""Help by situation."""

import discord

from bot.coaching.ids import UserId
from cogs.cards.shapes import button, card

SITUATIONS = (
    ("You are new here", "`/start` joins the course, `/focus` says who should find you and what for."),
    ("You wonder what others find about you", "`/footprint` is a checklist you can finish, five quick items first."),
    ("You want it to become a habit", "`/goal new` sets one small goal with a plan; `/goal show` reads it back."),
    ("You did something", "`/log` keeps it with one tap; *Undo* takes it out again."),
    ("You want to know where you stand", "`/me` shows your last seven days and one next step, with the reason."),
    ("The weekly note comes at a bad time", "`/nudge settings` changes when and how often, pauses it or turns it off."),
    ("You are curious what comes next", "`/nudge preview` shows your next note as it would read today."),
    ("A note did not arrive", "`/nudge inbox` shows what could not reach you; `/nudge history` says why."),
    ("You open a course", "`/cohort setup`, then `/cohort invite`; `/cohort breaks` marks days without notes."),
    ("You teach one", "`/cohort overview` counts the class, `/cohort status` says how delivery stands."),
)


def situations(owner: UserId) -> discord.ui.LayoutView:
    """Return what to do when."""
    text = "\n".join(f"**{when}**\n{what}" for when, what in SITUATIONS)
    return card(
        f"## What would you like to do?\n{text}",
        "-# What you write is for you alone. Nothing here is graded.",
        [button("My overview", "me.show", owner), button("Checklist", "footprint.show", owner)],
    )
