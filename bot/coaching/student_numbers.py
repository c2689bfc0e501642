"""Student numbers or logins: how they are stored and compared."""

import unicodedata

from bot.coaching.texts import checked_text

NUMBER_LIMIT, KEY_LIMIT = 40, 120


def checked_number(typed: str | None) -> tuple[str, str]:
    """Return a number as shown and as compared (as it looks, without case); raises TextMissing or TextTooLong."""
    number = checked_text("The student number or login", unicodedata.normalize("NFC", typed or ""), NUMBER_LIMIT)
    plain = unicodedata.normalize("NFKC", number.casefold())
    seen = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return number, unicodedata.normalize("NFKC", seen)[:KEY_LIMIT]
