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
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdigit()) or not low <= int(stripped[:9]) <= high:
        raise BadNumber(what, low, high)
    return int(stripped)
