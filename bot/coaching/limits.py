"""What the fields of a content file may hold; the loader (`prompts/reading.py`) holds every file to them."""

from typing import Annotated, NamedTuple


class Between(NamedTuple):
    """The range of a field: of a number, of the characters of a text, or of the entries of a collection."""

    low: int
    high: int


LABEL_LIMIT = 80
"""Most characters of a text without a range of its own: Discord's limit for a button, below its 100 for an option."""
STEP_LIMIT = 150
BECAUSE_LIMIT = 120
MOST_OPTIONS = 25
"""Most entries of one of Discord's menus."""
MOST_MINUTES = 120
MOST_BUTTONS = 4

StepText = Annotated[str, Between(1, STEP_LIMIT)]
Because = Annotated[str, Between(1, BECAUSE_LIMIT)]
Minutes = Annotated[int, Between(1, MOST_MINUTES)]
