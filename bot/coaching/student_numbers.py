"""Student numbers or logins: how they are stored, and when two are the same."""

import unicodedata

from bot.coaching.texts import checked_text

NUMBER_LIMIT = 40


def checked_number(written: str | None) -> tuple[str, str]:
    """Return a number as it is shown, and as it is compared: without case; raises TextMissing or TextTooLong."""
    number = checked_text("The student number or login", unicodedata.normalize("NFC", written or ""), NUMBER_LIMIT)
    return number, unicodedata.normalize("NFC", number.casefold())
