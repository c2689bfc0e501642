"""What is shown when something is refused or fails; what was typed is given back."""

from collections.abc import Sequence

import discord

from cogs.cards.shapes import TEXT_LIMIT, card, copyable, cut

_TYPED_LIMIT = TEXT_LIMIT - 1000


def refusal(sentence: str, typed: Sequence[str]) -> discord.ui.LayoutView:
    """Say why something was refused."""
    return card(sentence, _typed(typed))


def busy(typed: Sequence[str]) -> discord.ui.LayoutView:
    """Say that the database does not answer."""
    return card(
        "I cannot reach my notes just now, so nothing was changed. Please try again in a minute. "
        "If it stays like this, tell whoever runs me.",
        _typed(typed),
    )


def apology(reference: str, typed: Sequence[str]) -> discord.ui.LayoutView:
    """Apologise for a mistake of ours, or for an answer that got lost; what it was about may have been saved."""
    return card(
        "Sorry, that went wrong on my side. What you did may be saved all the same, so look before you do it again. "
        f"If it happens again, tell whoever runs me this reference: `{reference}`",
        _typed(typed),
    )


def _typed(typed: Sequence[str]) -> str | None:
    words = "\n".join(typed)
    return f"What you wrote, to copy:\n{copyable(cut(words, _TYPED_LIMIT))}" if words else None
