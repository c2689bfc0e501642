"""The participation row as a card's text: one function, so that a member reads the very row that instructors do."""

from bot.services.participation import row_words
from storage.participation import Participation


def row_text(row: Participation) -> str:
    """Return a member's participation row."""
    return "\n".join(f"{label}: **{value}**" for label, value in row_words(row))
