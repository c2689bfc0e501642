"""Focus: one or two fields, a purpose, and what a connection means to the member."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.coaching.errors import TextMissing, TooManyFields
from bot.coaching.texts import checked_text, optional_text

FIELD_LIMIT = 40
PURPOSE_LIMIT = 140
MAX_FIELDS = 2


class Connection(StrEnum):
    """What a connection is for, in the member's own choice (trace 2.1)."""

    NEWS = "news"
    ADVICE = "advice"
    COMMUNITY = "community"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Focus:
    """What a member wants to be found for: one or two fields, and optionally why and for what kind of connection."""

    fields: tuple[str, ...]
    purpose: str | None
    connection: Connection | None

    @property
    def fields_text(self) -> str:
        """Return the fields as one phrase, at most 83 characters."""
        return " & ".join(self.fields)


def checked_focus(fields: str, purpose: str | None, connection: str | None) -> Focus:
    """Return the focus written by a member; fields are separated by comma, semicolon or line.

    Raises TooManyFields, TextMissing or TextTooLong.
    """
    names = [part for part in re.split(r"[,;\n]", fields) if part.strip()]
    spellings: dict[str, str] = {}
    for name in names:
        field = checked_text("A field", name, FIELD_LIMIT)
        spellings.setdefault(field.casefold(), field)
    unique = tuple(spellings.values())
    if not unique:
        raise TextMissing("The line for your fields")
    if len(unique) > MAX_FIELDS:
        raise TooManyFields(len(unique))
    known = {member.value: member for member in Connection}
    return Focus(unique, optional_text("Your purpose", purpose, PURPOSE_LIMIT), known.get(connection or ""))
