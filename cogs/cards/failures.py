"""What is shown when something is refused or fails; what was typed is given back."""

from collections.abc import Sequence

import discord

from cogs.cards.shapes import BLUE, TEXT_LIMIT, Button, card, copyable, cut

_TYPED_LIMIT = TEXT_LIMIT - 1000


def refusal(sentence: str, typed: Sequence[str] = (), again: str | None = None) -> discord.ui.LayoutView:
    """Say why something was refused; `again` is the custom id that opens the form again, with what was typed."""
    return card(sentence, _typed(typed), [_reopen(again)])


def busy(typed: Sequence[str] = (), again: str | None = None) -> discord.ui.LayoutView:
    """Say that the database does not answer."""
    return card(
        "I cannot reach my notes just now, so nothing was changed. Please try again in a minute. "
        "If it stays like this, tell whoever runs me.",
        _typed(typed),
        [_reopen(again)],
    )


def apology(reference: str, typed: Sequence[str] = (), again: str | None = None) -> discord.ui.LayoutView:
    """Apologise for a mistake of ours, or for an answer that got lost; what it was about may have been saved."""
    return card(
        "Sorry, that went wrong on my side. What you did may be saved all the same, so look before you do it again. "
        f"If it happens again, tell whoever runs me this reference: `{reference}`",
        _typed(typed),
        [_reopen(again)],
    )


def forgotten() -> discord.ui.LayoutView:
    """Say that a form was opened again without what had been typed."""
    return card(
        "I no longer have what you wrote, so the form opened without it. I keep that for fifteen minutes at most, and "
        "lose it when I restart."
    )


def _reopen(again: str | None) -> Button | None:
    return discord.ui.Button(label="Open it again", style=BLUE, custom_id=again) if again else None


def _typed(typed: Sequence[str]) -> str | None:
    words = "\n".join(typed)
    return f"What you wrote, to copy:\n{copyable(cut(words, _TYPED_LIMIT))}" if words else None
