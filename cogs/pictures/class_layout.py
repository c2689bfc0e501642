"""The picture of a class: where everything stands in it."""

from cogs.pictures.canvas import CARD, FULL, NOTE, PAGE, WIDTH, Colour, Item, Plate, Ruler, Sheet, Style
from cogs.pictures.cohort import MOST_WEEKS, SHORT, Bar, ClassPicture, of_text
from cogs.pictures.progress import CARD_RADIUS, GAP, INNER, LEFT, MARGIN, PAD, RIGHT, Placed, bar_of, heading, page

EMPTY: Colour = (50, 84, 91)
HIGH = 220
WIDEST, NARROWEST_GAP = 84, 6
LABEL = 170
"""The width of what a bar is of."""


def layout(value: ClassPicture, ruler: Ruler) -> Sheet:
    """Return where everything of the picture stands; nothing reaches out of its card, whatever the texts are."""
    placed, top = _head(value, ruler, MARGIN)
    for part in (_weeks, _facts):
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
    items, top = heading(ruler, top, "People active, week by week", None)
    weeks = list(value.weeks)[-MOST_WEEKS:]
    if not weeks:
        words = ruler.words((LEFT, top), "No full week yet.", Style.BODY, NOTE)
        return [*items, words], words.box[3]
    pitch = min(WIDEST + 10, INNER // len(weeks))
    wide = min(WIDEST, pitch - NARROWEST_GAP)
    foot = top + Style.NOTE.line + HIGH
    room = RIGHT + 1
    for number, (monday, bar) in reversed(list(enumerate(weeks))):
        left = LEFT + number * pitch
        items += _column(bar, ruler, left, foot, wide)
        day = f"{monday.day} {monday:%b}"
        width = ruler.width(day, Style.NOTE)
        at = min(left, RIGHT - width)
        if at + width <= room:  # of as many weeks as there is room for, the last one always
            items.append(ruler.words((at, foot + 8), day, Style.NOTE, NOTE))
            room = at - 16
    end = foot + 8 + Style.NOTE.line
    shorts = [f"{short}: {count}" for count, short in SHORT.items() if any(bar.count is count for _, bar in weeks)]
    if shorts:
        words = ruler.words((LEFT, end + 8), f"{' · '.join(shorts)} people", Style.NOTE, NOTE)
        return [*items, words], words.box[3]
    return items, end


def _column(bar: Bar, ruler: Ruler, left: int, foot: int, wide: int) -> list[Item]:
    """Return a week's column with its count above; where no count is told, no height is drawn either."""
    items: list[Item] = [Plate((left, foot - HIGH, left + wide, foot), 4, EMPTY)]
    if bar.count is None:
        return items
    high = round(HIGH * bar.count / bar.whole) if isinstance(bar.count, int) and bar.whole else 0
    if high:
        items.append(Plate((left, foot - high, left + wide, foot), 4, FULL, EMPTY))
    text = str(bar.count) if isinstance(bar.count, int) else SHORT[bar.count]
    width = ruler.width(text, Style.NOTE)
    if width <= wide + NARROWEST_GAP:
        top = foot - HIGH - Style.NOTE.line
        items.append(ruler.words((left + (wide - width) // 2, top), text, Style.NOTE, NOTE))
    return items


def _facts(value: ClassPicture, ruler: Ruler, top: int) -> Placed:
    items: list[Item] = []
    beside = 16 + max((ruler.width(of_text(bar), Style.NOTE) for bar in value.facts), default=0)
    for bar in value.facts:
        items.append(ruler.words((LEFT, top), ruler.lines(bar.label, Style.BODY, LABEL)[0], Style.BODY))
        words = of_text(bar)
        items.append(ruler.words((RIGHT - ruler.width(words, Style.NOTE), top + 1), words, Style.NOTE, NOTE))
        middle = top + Style.BODY.line // 2
        if isinstance(bar.count, int) and bar.whole:
            items += bar_of((LEFT + LABEL, middle - 9, RIGHT - beside, middle + 9), bar.count / bar.whole)
        top += Style.BODY.line + 8
    return items, top - 8
