"""Clean and check the short texts and numbers that people type, before they are stored."""

import unicodedata

from bot.coaching.errors import BadNumber, TextMissing, TextTooLong
from bot.coaching.plain import plain, unbroken

__all__ = ["checked_number", "checked_text", "folded", "optional_text", "plain", "unbroken"]

# Marks of writing direction; without their end they would also turn the rest of the card around.
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters to Unicode, but nothing to see.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def checked_text(what: str, text: str | None, limit: int) -> str:
    """Return `text` on one line without outer spaces; raises TextMissing or TextTooLong, both naming `what`."""
    clean = optional_text(what, text, limit)
    if clean is None:
        raise TextMissing(what)
    return clean


def optional_text(what: str, text: str | None, limit: int) -> str | None:
    """Return `text` on one line without outer spaces, None if nothing visible is left; raises TextTooLong.

    Control characters and direction marks are dropped: databases refuse some, and no card shows any. Letters are
    composed (NFC), so that a name is the same whichever keyboard wrote it.
    """
    letters = (
        " " if letter.isspace() else letter
        for letter in text or ""
        if letter.isspace() or (letter not in _DIRECTION_MARKS and unicodedata.category(letter) not in {"Cc", "Cs"})
    )
    clean = unicodedata.normalize("NFC", " ".join("".join(letters).split()))
    if len(clean) > limit:
        raise TextTooLong(what, len(clean), limit)
    visible = any(
        not letter.isspace() and letter not in _BLANKS and unicodedata.category(letter) != "Cf" for letter in clean
    )
    return clean if visible else None


def folded(text: str) -> str:
    """Return what a text is compared by when somebody looks for it: without case, accents and outer spaces."""
    plain = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join("".join(plain).split()).casefold()


def checked_number(what: str, text: str, low: int, high: int) -> int:
    """Return the whole number in `text`; raises BadNumber naming `what` if it is not in `low` to `high`."""
    digits = text.strip()
    # Length first: Python refuses to read a number of thousands of digits.
    if not (digits.isascii() and digits.isdigit() and len(digits.lstrip("0")) <= len(str(high))):
        raise BadNumber(what, low, high)
    number = int(digits.lstrip("0") or "0")
    if not low <= number <= high:
        raise BadNumber(what, low, high)
    return number
