"""Cards about instructors' messages: the form, the preview with the names, and the confirmation."""

import discord

from bot.coaching.ids import UserId
from bot.coaching.messages import ANSWER, INBOX_ONLY, TEXT_LIMIT, message_words
from bot.services.messages import MemberList, MessagePreview, SentMessage
from cogs.cards import shapes
from cogs.cards.shapes import GREEN, Button, Field, button, card, times

NO_SECTION = "0"
MOST_NAMES = 40
"""How many names a preview shows before it counts the rest."""
INBOX = "Whoever is away, takes no direct messages or wants none of these finds it in `/nudge inbox`."


def write_button(to: MemberList, owner: UserId) -> Button:
    """Return the button under a list of members that begins a message to them."""
    return button("Write to them", "messages.write", owner, *_args(to))


def form(to: MemberList, text: str, owner: UserId) -> discord.ui.Modal:
    """Return the form in which an instructor edits the text."""
    hint = "Plain words and links. You see the names and how it reads before anything is sent."
    words = Field("text", "Your message", TEXT_LIMIT, long=True, hint=hint)
    return shapes.form("Write to them", "messages.preview", owner, [words], *_args(to), filled={"text": text})


def preview(value: MessagePreview, owner: UserId) -> discord.ui.LayoutView:
    """Show to whom a draft would go, by name, and how it reads."""
    count, draft = len(value.people), value.draft
    people = times(count, "person", "people")
    names = [f"<@{one}>" for one in value.people[:MOST_NAMES]]
    names += [f"and {count - MOST_NAMES} more"] if count > MOST_NAMES else []
    changed = "The list has changed since the last preview, so nothing was sent. This is who is on it now.\n"
    out = times(value.left_out, "other had", "others had")
    left_out = f"\n-# {out} an instructor's message this week already, and one a week it is." * bool(value.left_out)
    return card(
        f"## To {people}\n{changed * value.changed}{', '.join(names)}{left_out}",
        f">>> {message_words(draft.by_name, value.cohort.name, count, draft.text)}",
        f"-# Below it: [{ANSWER.label}] · [{INBOX_ONLY.label}]\n-# Each gets it as a message of their own. {INBOX}",
        [
            button(f"Send to {people}", "messages.send", owner, *_args(value.to), draft.id, value.seen, style=GREEN),
            button("Change the text", "messages.write", owner, *_args(value.to), draft.id),
        ],
        "-# You may send one a day; each member gets one a week at most, from all instructors together.",
    )


def sent(value: SentMessage) -> discord.ui.LayoutView:
    """Say that a message is on its way."""
    people = times(value.people, "person", "people")
    return card(
        f"**On its way to {people}**, outside their quiet hours. {INBOX} Signed answers come to `/cohort feedback`."
    )


def _args(to: MemberList) -> tuple[str, str]:
    return to.id, NO_SECTION if to.section is None else str(to.section)
