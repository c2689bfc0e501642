"""What every short text goes through before it is kept."""

import unicodedata

from bot.coaching.errors import BadNumber, TextMissing, TextTooLong
from bot.coaching.plain import plain, unbroken

__all__ = ["checked_number", "checked_text", "optional_text", "plain", "unbroken"]

# Marks that turn the direction of what follows; without their end they would turn the rest of the card too.
_TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters by name, empty by look.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def checked_text(what: str, text: str | None, limit: int) -> str:
    """Return `text` on one line without outer spaces; raises TextMissing or TextTooLong, both naming `what`."""
    clean = optional_text(what, text, limit)
    if clean is None:
        raise TextMissing(what)
    return clean


def optional_text(what: str, text: str | None, limit: int) -> str | None:
    """Return `text` on one line without outer spaces, None when nothing that can be seen is left; raises TextTooLong.

    Control characters and marks that turn the direction are dropped: a database refuses some, a card shows none.
    """
    kept = "".join(" " if one.isspace() else one for one in text or "" if one.isspace() or _is_kept(one))
    clean = " ".join(kept.split())
    if len(clean) > limit:
        raise TextTooLong(what, len(clean), limit)
    return clean if any(_is_seen(one) for one in clean) else None


def _is_kept(one: str) -> bool:
    return one not in _TURNS and unicodedata.category(one) not in {"Cc", "Cs"}


def _is_seen(one: str) -> bool:
    return not one.isspace() and one not in _BLANKS and unicodedata.category(one) != "Cf"


def checked_number(what: str, text: str, low: int, high: int) -> int:
    """Return the whole number in `text` if it lies in `low` to `high`; raises BadNumber naming `what`."""
    digits = text.strip()
    # Compared by length first: Python refuses to read a number of thousands of digits.
    short = digits.isascii() and digits.isdigit() and len(digits.lstrip("0")) <= len(str(high))
    if not short or not low <= int(digits.lstrip("0") or "0") <= high:
        raise BadNumber(what, low, high)
    return int(digits.lstrip("0") or "0")
