"""Student numbers or logins: how they are stored and compared."""

import unicodedata

from bot.coaching.texts import checked_text

NUMBER_LIMIT = 40


def checked_number(typed: str | None) -> tuple[str, str]:
    """Return a number as shown and as compared (without case); raises TextMissing or TextTooLong."""
    number = checked_text("The student number or login", unicodedata.normalize("NFC", typed or ""), NUMBER_LIMIT)
    return number, unicodedata.normalize("NFC", number.casefold())
