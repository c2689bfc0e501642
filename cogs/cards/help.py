"""Help by situation."""

import discord

from bot.coaching.ids import UserId
from cogs.cards.shapes import button, card

SITUATIONS = {
    "For yourself": (
        ("You are new here", "`/start` joins the course, `/focus` says who should find you and what for."),
        ("You wonder what others find about you", "`/footprint`, a checklist you can finish, five quick items first."),
        ("Your bio or a message could say it better", "`/bio check`, `/message check`: what to mend; no text is kept."),
        ("You want it to become a habit", "`/goal new` sets one small goal with a plan; `/goal show` reads it back."),
        (
            "Your goal has run its weeks, or does not fit",
            "`/goal review` looks back and leads on; `/goal pause` lets it rest.",
        ),
        ("You did something", "`/log` keeps it with one tap; *Undo* takes it out again."),
        (
            "You met somebody, or would like to",
            "`/network add` keeps a nickname, `/network map` shows which kinds are open.",
        ),
        ("You wonder whom to write to, and what", "`/network followups` says whom; `/message begin` has first words."),
        ("A job or an event caught your eye", "`/opportunity add` keeps it with its last day."),
        ("You want to know where you stand", "`/me` shows your last seven days and one next step, with the reason."),
        ("You have a question for your instructors", "`/feedback`, without your name unless you sign it."),
        (
            "You wonder what is kept, and who sees it",
            "`/privacy stored` and `/privacy seen`; `/privacy delete` ends it.",
        ),
    ),
    "Your weekly note": (
        ("It comes at a bad time", "`/nudge settings` changes when and how often, pauses it or turns it off."),
        ("You are curious what comes next", "`/nudge preview` shows your next note as it would read today."),
        ("One did not arrive", "`/nudge inbox` shows what could not reach you; `/nudge history` says why."),
    ),
    "If you teach": (
        ("You open a course", "`/cohort setup`, then `/cohort invite`; `/cohort breaks` marks days without notes."),
        ("You want to know how it goes", "`/cohort overview` and `chart` show the class, `preview` what it will get."),
        (
            "You wonder whom to greet",
            "`/cohort checkin` says who and why, and you can write to them; `/cohort member` shows one.",
        ),
        ("You want to hear from the class", "`/cohort feedback`: what they wrote, and who asks you to get in touch."),
        ("The term ends", "`/cohort export` for your records, then `/cohort close`: everybody gets a parcel."),
    ),
}
"""What to do when, by reader."""


def situations(owner: UserId) -> discord.ui.LayoutView:
    """Say what to do when: for members first, then about the weekly note, then for instructors."""
    groups = [
        "\n".join((f"### {who}", *(f"**{when}**: {what}" for when, what in rows))) for who, rows in SITUATIONS.items()
    ]
    return card(
        "## What would you like to do?",
        *groups,
        "-# What you write is for you alone, except what you tell your instructors. Nothing here is graded.",
        [button("My overview", "me.show", owner), button("Checklist", "footprint.show", owner)],
    )
