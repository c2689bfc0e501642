"""The picture of a class: where everything stands in it."""

from datetime import timedelta

from bot.coaching.small_groups import Band, percent_words
from cogs.pictures.canvas import CARD, FULL, NOTE, OPEN, PAGE, WIDTH, Box, Colour, Item, Plate, Ruler, Sheet, Style
from cogs.pictures.cohort import ACT_WORDS, ClassPicture, WeekBar
from cogs.pictures.progress import (
    CARD_RADIUS,
    GAP,
    INNER,
    LEFT,
    MARGIN,
    PAD,
    RIGHT,
    Placed,
    bar_of,
    heading,
    page,
)

INKS: dict[str, Colour] = {
    "many": FULL,
    "few": (84, 172, 157),
    "one": (58, 124, 121),
    "none": (50, 84, 91),
}
"""The busier, the lighter; told apart by where they stand too, the busiest below."""
HIGH = 260
WIDEST, NARROWEST_GAP = 54, 4
SWATCH = 22
LABEL, SHARE = 300, 150


def layout(value: ClassPicture, ruler: Ruler) -> Sheet:
    """Return where everything of the picture stands; nothing reaches out of its card, whatever the texts are."""
    placed, top = _head(value, ruler, MARGIN)
    for part in (_weeks, *([_sections] if value.sections else [])):
        items, end = part(value, ruler, top + PAD)
        placed += [Plate((MARGIN, top, WIDTH - MARGIN, end + PAD), CARD_RADIUS, CARD, PAGE), *items]
        top = end + PAD + GAP
    height = top - GAP + MARGIN
    return Sheet(height, [*page(height), *placed])


def _head(value: ClassPicture, ruler: Ruler, top: int) -> Placed:
    course = value.course if ruler.draws(value.course) else "Your course"
    items: list[Item] = []
    for line in ruler.lines(course, Style.TITLE, INNER, 2):
        items.append(ruler.words((LEFT, top), line, Style.TITLE, ground=PAGE))
        top += Style.TITLE.line
    items.append(ruler.words((LEFT, top), value.when, Style.BODY, NOTE, PAGE))
    return items, top + Style.BODY.line + GAP


def _weeks(value: ClassPicture, ruler: Ruler, top: int) -> Placed:
    items, top = heading(ruler, top, "What was done, week by week", None)
    said = f"Active in the last full week: {percent_words(value.active)}"
    items.append(ruler.words((LEFT, top), said, Style.BODY, NOTE))
    top += Style.BODY.line + 14
    if not value.weeks:
        words = ruler.words((LEFT, top), "The first figures come on a Monday morning.", Style.BODY, NOTE)
        return [*items, words], words.box[3]
    pitch = min(WIDEST + 10, INNER // len(value.weeks))
    wide = max(6, min(WIDEST, pitch - NARROWEST_GAP))
    for number, week in enumerate(value.weeks):
        left = LEFT + number * pitch
        items += _column(week, (left, top, left + wide, top + HIGH))
    top += HIGH + 8
    items += _dates(value, ruler, top, pitch)
    legend, top = _legend(ruler, top + Style.NOTE.line + 12)
    return [*items, *legend], top


def _column(week: WeekBar, box: Box) -> list[Item]:
    """Return a week's shares on top of each other, the busiest below; of one without figures, a line at its foot."""
    left, _, right, bottom = box
    if week.shares is None:
        return [Plate((left, bottom - 4, right, bottom), 2, OPEN)]
    items: list[Item] = []
    for name, ink in INKS.items():
        high = round(HIGH * week.shares[name] / 100)
        if high:
            items.append(Plate((left, bottom - high, right, bottom - (2 if high > 4 else 0)), 3, ink))
        bottom -= high
    return items


def _dates(value: ClassPicture, ruler: Ruler, top: int, pitch: int) -> list[Item]:
    """Return below which days the weeks ended, of as many as there is room for, the last one always."""
    items: list[Item] = []
    room = RIGHT + 1
    for number in reversed(range(len(value.weeks))):
        day = value.weeks[number].week - timedelta(days=1)
        text = f"{day.day} {day:%b}"
        width = ruler.width(text, Style.NOTE)
        left = min(LEFT + number * pitch, RIGHT - width)
        if left + width <= room:
            items.append(ruler.words((left, top), text, Style.NOTE, NOTE))
            room = left - 16
    return items


def _legend(ruler: Ruler, top: int) -> Placed:
    items: list[Item] = []
    x = LEFT
    for name, words in ACT_WORDS.items():
        text = f"{words} done" if name == "none" else f"{words}"
        items.append(Plate((x, top + 4, x + SWATCH, top + 4 + SWATCH), 4, INKS[name]))
        items.append(ruler.words((x + SWATCH + 9, top), text, Style.NOTE, NOTE))
        x += SWATCH + 9 + ruler.width(text, Style.NOTE) + 26
    words = ruler.words((LEFT, top + Style.NOTE.line + 6), "things done in seven days, as shares", Style.NOTE, NOTE)
    return [*items, words], words.box[3]


def _sections(value: ClassPicture, ruler: Ruler, top: int) -> Placed:
    items, top = heading(ruler, top, "Active, by section", None)
    for number, one in enumerate(value.sections, 1):
        name = one.name if ruler.draws(one.name) else f"Section {number}"
        items.append(ruler.words((LEFT, top), ruler.lines(name, Style.BODY, LABEL)[0], Style.BODY))
        words = percent_words(one.active)
        items.append(ruler.words((RIGHT - ruler.width(words, Style.NOTE), top + 1), words, Style.NOTE, NOTE))
        middle = top + Style.BODY.line // 2
        # From half to all is no length that could be drawn: the words say it.
        if one.active is not None and not one.active.wide:
            items += bar_of((LEFT + LABEL + 16, middle - 9, RIGHT - SHARE, middle + 9), _middle(one.active))
        top += Style.BODY.line + 8
    return items, top - 8


def _middle(band: Band) -> float:
    return band.percent / 100
