"""The picture of a class: how many were active week by week, and who has a goal, a plan, an exchange."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.coaching.class_statistics import Count, Withheld
from bot.coaching.texts import unbroken

ALTERNATIVE_LIMIT = 1024
"""Most characters of the description of a picture: Discord's limit."""
MOST_WEEKS = 16
SHORT = {Withheld.FEW: "<5", Withheld.MOST: "most"}
"""What stands in the picture in place of a count that is not told."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A count of `whole` people, and what it is of; None where nothing is said."""

    label: str
    count: Count | None
    whole: int


@dataclass(frozen=True, slots=True)
class ClassPicture:
    """All that the picture of a class shows; the oldest week first, each named by its Monday."""

    course: str
    when: str
    weeks: Sequence[tuple[date, Bar]]
    facts: Sequence[Bar]


def class_png(value: ClassPicture) -> bytes:
    """Return the picture of a class as PNG, 1600 pixels wide; any thread may ask."""
    from cogs.pictures import canvas, class_layout  # noqa: PLC0415 - Pillow is not needed to start

    ruler = canvas.Ruler()
    return canvas.png(class_layout.layout(value, ruler), ruler)


def in_words(value: ClassPicture) -> str:
    """Return in words what the picture shows, in at most 1024 characters: the oldest weeks give way first."""
    for first in range(len(value.weeks) + 1):
        text = _in_words(value, value.weeks[first:])
        if len(text) <= ALTERNATIVE_LIMIT:
            return text
    return _in_words(value, ())[:ALTERNATIVE_LIMIT]


def _in_words(value: ClassPicture, weeks: Sequence[tuple[date, Bar]]) -> str:
    shown = "; ".join(f"{bar.label}: {of_text(bar)}" for _, bar in weeks)
    parts = [
        f"{value.course}, {value.when}.",
        f"People active in the week, by its Monday: {shown}." if shown else "No full week yet.",
        *(f"{bar.label}: {of_text(bar)}." for bar in value.facts),
    ]
    return unbroken(" ".join(parts))


def of_text(bar: Bar) -> str:
    """Return a count of people in words: 18 of 28."""
    return "not counted" if bar.count is None else f"{bar.count} of {bar.whole}"
