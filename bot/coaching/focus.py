"""Focus: one or two fields, a purpose, what a connection means to the member, their track and their season."""

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
    """What a connection is for, as the member chose (trace 2.1)."""

    NEWS = "news"
    ADVICE = "advice"
    COMMUNITY = "community"
    WORK = "work"


class Season(StrEnum):
    """What the member is doing now; a low profile makes being harder to find a goal of its own (method, section 2)."""

    EXPLORING = "exploring"
    BUILDING = "building"
    SEARCHING = "searching"
    LOW_PROFILE = "low_profile"


@dataclass(frozen=True, slots=True)
class Focus:
    """What a member wants to be found for.

    Attributes:
        track: their own family of professions; None means the course's.
        new_accounts: their accounts are new, and some communities want to see them for a while first (rule A18).
        changed_at: when it was last saved.
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
        """The fields as one phrase, at most 83 characters."""
        return " & ".join(self.fields)


@dataclass(frozen=True, slots=True)
class FocusDraft:
    """A focus as typed in the form: fields on one line, and the values of the choices."""

    fields: str
    purpose: str | None = None
    connection: str | None = None
    track: str | None = None
    season: str | None = None


def checked_focus(draft: FocusDraft, *, new_accounts: bool = False) -> Focus:
    """Clean a draft whose fields are separated by comma, semicolon or line.

    A choice that is not offered counts as none; the caller checks that the track exists.

    Raises:
        TooManyFields, TextMissing, TextTooLong: the form has to be corrected.
    """
    typed = (part for part in re.split(r"[,;\n]", draft.fields) if part.strip())
    spellings: dict[str, str] = {}
    for name in (checked_text("A field", part, FIELD_LIMIT) for part in typed):
        spellings.setdefault(name.casefold(), name)
    if not spellings:
        raise TextMissing("The line for your fields")
    if len(spellings) > MAX_FIELDS:
        raise TooManyFields(len(spellings))
    return Focus(
        tuple(spellings.values()),
        optional_text("Your purpose", draft.purpose, PURPOSE_LIMIT),
        Connection(draft.connection) if draft.connection in set(Connection) else None,
        draft.track or None,
        Season(draft.season) if draft.season in set(Season) else None,
        new_accounts,
    )


def keeps_low(focus: Focus | None) -> bool:
    """Return whether the member wants to be harder to find; nothing may then ask them to be seen."""
    return focus is not None and focus.season is Season.LOW_PROFILE


def track_of(focus: Focus | None, of_course: str | None) -> str | None:
    """Return the member's own track if they named one, otherwise the course's."""
    return focus.track if focus is not None and focus.track is not None else of_course
