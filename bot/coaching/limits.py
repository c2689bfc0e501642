"""Ranges for the fields of content files; `prompts/reading.py` refuses a file that breaks one."""

from typing import Annotated, NamedTuple


class Between(NamedTuple):
    """The range of a number, of the characters of a text, or of the entries of a collection."""

    low: int
    high: int


LABEL_LIMIT = 80
"""Most characters of a text without a range of its own: Discord's limit for a button; an option may have 100."""
STEP_LIMIT = 150
BECAUSE_LIMIT = 120
MOST_OPTIONS = 25
"""Most entries of one of Discord's menus."""
MOST_MINUTES = 120
MOST_BUTTONS = 4

StepText = Annotated[str, Between(1, STEP_LIMIT)]
Because = Annotated[str, Between(1, BECAUSE_LIMIT)]
Minutes = Annotated[int, Between(1, MOST_MINUTES)]
