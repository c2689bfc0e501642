"""What every short text goes through before it is kept."""

from bot.coaching.errors import BadNumber, TextMissing, TextTooLong


def checked_text(what: str, text: str | None, limit: int) -> str:
    """Return `text` on one line without outer spaces; raises TextMissing or TextTooLong, both naming `what`."""
    clean = optional_text(what, text, limit)
    if clean is None:
        raise TextMissing(what)
    return clean


def optional_text(what: str, text: str | None, limit: int) -> str | None:
    """Return `text` on one line without outer spaces, None when nothing is left; raises TextTooLong."""
    clean = " ".join((text or "").split())
    if len(clean) > limit:
        raise TextTooLong(what, len(clean), limit)
    return clean or None


def checked_number(what: str, text: str, low: int, high: int) -> int:
    """Return the whole number in `text` if it lies in `low` to `high`; raises BadNumber naming `what`."""
    digits = text.strip()
    # Compared by length first: Python refuses to read a number of thousands of digits.
    short = digits.isascii() and digits.isdigit() and len(digits.lstrip("0")) <= len(str(high))
    if not short or not low <= int(digits.lstrip("0") or "0") <= high:
        raise BadNumber(what, low, high)
    return int(digits.lstrip("0") or "0")
