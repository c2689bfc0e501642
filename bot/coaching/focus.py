"""Focus: one or two fields, a purpose, what a connection means to the member, their track, and their season."""

import re
from dataclasses import dataclass, field
from datetime import datetime
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


class Season(StrEnum):
    """Where the member stands; low profile makes being less findable a goal of its own (method, section 2)."""

    EXPLORING = "exploring"
    BUILDING = "building"
    SEARCHING = "searching"
    LOW_PROFILE = "low_profile"


@dataclass(frozen=True, slots=True)
class Focus:
    """What a member wants to be found for: one or two fields, and whatever else they chose to say.

    `track`: their own family of professions, None for the course's. `new_accounts`: their accounts in the field are
    new, so that some places want to see them for a while first (rule A18). `changed_at`: when it was last saved.
    """

    fields: tuple[str, ...]
    purpose: str | None = None
    connection: Connection | None = None
    track: str | None = None
    season: Season | None = None
    new_accounts: bool = False
    changed_at: datetime | None = field(default=None, compare=False)

    @property
    def fields_text(self) -> str:
        """Return the fields as one phrase, at most 83 characters."""
        return " & ".join(self.fields)


@dataclass(frozen=True, slots=True)
class FocusDraft:
    """A focus as written in the form: fields in one line, and the values of the choices."""

    fields: str
    purpose: str | None = None
    connection: str | None = None
    track: str | None = None
    season: str | None = None


def checked_focus(draft: FocusDraft, *, new_accounts: bool = False) -> Focus:
    """Return the focus written by a member; fields are separated by comma, semicolon or line.

    A choice that is not on offer counts as none; whether the track exists is for the caller to know. Raises
    TooManyFields, TextMissing or TextTooLong.
    """
    names = [part for part in re.split(r"[,;\n]", draft.fields) if part.strip()]
    spellings: dict[str, str] = {}
    for name in names:
        field = checked_text("A field", name, FIELD_LIMIT)
        spellings.setdefault(field.casefold(), field)
    unique = tuple(spellings.values())
    if not unique:
        raise TextMissing("The line for your fields")
    if len(unique) > MAX_FIELDS:
        raise TooManyFields(len(unique))
    return Focus(
        unique,
        optional_text("Your purpose", draft.purpose, PURPOSE_LIMIT),
        {one.value: one for one in Connection}.get(draft.connection or ""),
        draft.track or None,
        {one.value: one for one in Season}.get(draft.season or ""),
        new_accounts,
    )


def keeps_low(focus: Focus | None) -> bool:
    """Return whether the member chose to be less findable: then nothing asks them to be seen."""
    return focus is not None and focus.season is Season.LOW_PROFILE


def track_of(focus: Focus | None, of_course: str | None) -> str | None:
    """Return the track that counts for a member: their own if they named one, else the course's."""
    return focus.track if focus is not None and focus.track is not None else of_course
