"""Cards about instructors' messages: the form, the preview with the names, and that it is on its way."""

from typing import Any

import discord

from bot.coaching.ids import UserId
from bot.coaching.messages import ANSWER, INBOX_ONLY, TEXT_LIMIT, message_words
from bot.services.messages import MemberList, MessagePreview, SentMessage
from cogs.cards.shapes import GREEN, Block, button, card, line, modal, times

NO_SECTION = "0"
MOST_NAMES = 40
"""How many names a preview shows before it counts the rest."""
INBOX = "Whoever is away, takes no direct messages or wants none of these finds it in `/nudge inbox`."


def write_button(to: MemberList, owner: UserId) -> discord.ui.Button[Any]:
    """Return the button under a list of members that begins a message to them."""
    return button("Write to them", "messages.write", owner, *_args(to))


def form(to: MemberList, text: str, owner: UserId) -> discord.ui.Modal:
    """Return the modal in which an instructor edits the text."""
    hint = "Plain words and links. You see the names and how it reads before anything is sent."
    words = line("Your message", "text", limit=TEXT_LIMIT, default=text, long=True, hint=hint)
    return modal("Write to them", "messages.preview", owner, [words], *_args(to))


def preview(value: MessagePreview, owner: UserId) -> discord.ui.LayoutView:
    """Return to whom a draft would go, by name, and how it reads."""
    count, draft = len(value.people), value.draft
    names = [f"<@{one}>" for one in value.people[:MOST_NAMES]]
    more = [f"and {count - MOST_NAMES} more"] if count > MOST_NAMES else []
    changed = "The list has changed since the last preview, so nothing was sent. This is who is on it now.\n"
    out = times(value.left_out, "other had", "others had")
    left_out = f"\n-# {out} an instructor's message this week already, and one a week it is." * bool(value.left_out)
    blocks: list[Block] = [
        f"## To {times(count, 'person', 'people')}\n{changed * value.changed}{', '.join([*names, *more])}{left_out}",
        f">>> {message_words(draft.by_name, value.cohort.name, count, draft.text)}",
        f"-# Below it: [{ANSWER.label}] · [{INBOX_ONLY.label}]\n-# Each gets it as a message of their own. {INBOX}",
        [
            button(
                f"Send to {times(count, 'person', 'people')}",
                "messages.send",
                owner,
                *_args(value.to),
                draft.id,
                value.seen,
                style=GREEN,
            ),
            button("Change the text", "messages.write", owner, *_args(value.to), draft.id),
        ],
        "-# You may send one a day; each member gets one a week at most, from all instructors together.",
    ]
    return card(*blocks)


def sent(value: SentMessage) -> discord.ui.LayoutView:
    """Return that a message is on its way."""
    people = times(value.people, "person", "people")
    return card(
        f"**On its way to {people}**, outside their quiet hours. {INBOX} Signed answers come to `/cohort feedback`."
    )


def _args(to: MemberList) -> tuple[str, str]:
    return to.id, NO_SECTION if to.section is None else str(to.section)
