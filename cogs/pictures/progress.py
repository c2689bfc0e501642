"""The progress picture: where everything stands in it."""

from collections.abc import Callable
from itertools import pairwise
from math import ceil
from typing import TypeAlias

from cogs.pictures import (
    NO_GOAL,
    PRIVATE,
    GoalLine,
    Progress,
    SectionBar,
    WeekCell,
    breadth_text,
    footprint_text,
    goal_pace_text,
    goal_weeks_text,
    momentum_text,
    term_text,
)
from cogs.pictures.canvas import (
    CARD,
    FRAME,
    FULL,
    NOTE,
    NOW,
    OPEN,
    PAGE,
    WIDTH,
    Box,
    Colour,
    Item,
    Plate,
    Point,
    Ruler,
    Sheet,
    Stroke,
    Style,
)

MARGIN, GAP, PAD = 28, 14, 26
LEFT, RIGHT = MARGIN + PAD, WIDTH - MARGIN - PAD
INNER = RIGHT - LEFT
PAGE_RADIUS, CARD_RADIUS, FRAME_WIDTH = 32, 20, 2
MARK = 28
"""The size of every mark: a disc is done, a ring is open."""
RING = 3
MOST_IN_A_ROW = 18
"""Most weeks side by side; a term of more has several rows of the same length."""
WIDEST_WEEK, WEEK_ROW, WEEK_FRAME = 46, 84, (38, 44)
MOST_PIECES = 10
"""Most marks or pieces of a bar that are told apart at a glance; more are drawn as one bar."""
SECTION_LABEL, COLUMN_GAP = 426, 20
SMALL = {WeekCell.REST: 22, WeekCell.TO_COME: 10, WeekCell.BEFORE: 18}
"""The widths of the marks that are less than a mark."""

Placed: TypeAlias = tuple[list[Item], int]
"""What was laid out, and where it ends."""
Part: TypeAlias = Callable[[Progress, Ruler, int], Placed]


def layout(value: Progress, ruler: Ruler) -> Sheet:
    """Return where everything of the picture stands; nothing reaches out of its card, whatever the texts are."""
    placed, top = _head(value, ruler, MARGIN)
    for part in (_weeks, _goal, _footprint, _network):
        items, end = part(value, ruler, top + PAD)
        placed += [Plate((MARGIN, top, WIDTH - MARGIN, end + PAD), CARD_RADIUS, CARD, PAGE), *items]
        top = end + PAD + GAP
    foot = ruler.words((LEFT, top + 4), PRIVATE, Style.NOTE, NOTE, PAGE)
    height = foot.box[3] + MARGIN - 4
    return Sheet(height, [*page(height), *placed, foot])


def page(height: int) -> list[Item]:
    """Return the page in its frame."""
    inside = (FRAME_WIDTH, FRAME_WIDTH, WIDTH - FRAME_WIDTH, height - FRAME_WIDTH)
    return [
        Plate((0, 0, WIDTH, height), PAGE_RADIUS, FRAME, None),
        Plate(inside, PAGE_RADIUS - FRAME_WIDTH, PAGE, FRAME),
    ]


def _head(value: Progress, ruler: Ruler, top: int) -> Placed:
    course = value.course if ruler.draws(value.course) else "Your course"
    items: list[Item] = []
    for line in ruler.lines(course, Style.TITLE, INNER, 2):
        items.append(ruler.words((LEFT, top), line, Style.TITLE, ground=PAGE))
        top += Style.TITLE.line
    items.append(ruler.words((LEFT, top), term_text(value), Style.BODY, NOTE, PAGE))
    return items, top + Style.BODY.line + GAP


def heading(ruler: Ruler, top: int, text: str, beside: str | None) -> Placed:
    """Return the heading of a card, with a note at its right end."""
    items: list[Item] = [ruler.words((LEFT, top), text, Style.HEADING)]
    if beside:
        indent = (Style.HEADING.line - Style.NOTE.line) // 2
        items.append(ruler.words((RIGHT - ruler.width(beside, Style.NOTE), top + indent), beside, Style.NOTE, NOTE))
    return items, top + Style.HEADING.line + 10


def _weeks(value: Progress, ruler: Ruler, top: int) -> Placed:
    items, top = heading(ruler, top, "Your weeks", momentum_text(value.momentum))
    rows = max(1, ceil(len(value.weeks) / MOST_IN_A_ROW))
    in_a_row = ceil(len(value.weeks) / rows)
    pitch = min(WIDEST_WEEK, (INNER - MARK) // max(1, in_a_row - 1))
    for number, state in enumerate(value.weeks, 1):
        row, place = divmod(number - 1, in_a_row)
        middle = (LEFT + MARK // 2 + place * pitch, top + row * WEEK_ROW + WEEK_FRAME[1] // 2)
        now = number == value.week
        items += [*(_ring(_around(middle, WEEK_FRAME), 11, NOW, RING) if now else []), *_mark(state, middle)]
        if now or place == 0 or number == len(value.weeks):
            items.append(_number(ruler, number, middle, now=now))
    legend, top = _legend(value, ruler, top + rows * WEEK_ROW + 6)
    return [*items, *legend], top


def _number(ruler: Ruler, number: int, above: Point, *, now: bool) -> Item:
    style = Style.STRONG if now else Style.NOTE
    at = (above[0] - ruler.width(str(number), style) // 2, above[1] + WEEK_FRAME[1] // 2 + 2)
    return ruler.words(at, str(number), style, NOW if now else NOTE)


def _mark(state: WeekCell, middle: Point) -> list[Item]:
    x, y = middle
    match state:
        case WeekCell.ACTIVE:
            return [_disc(middle, MARK, FULL)]
        case WeekCell.QUIET:
            return _ring(_around(middle, (MARK, MARK)), MARK // 2, OPEN, RING)
        case WeekCell.REST:
            return [Plate(_around(middle, (22, 6)), 3, NOTE)]
        case WeekCell.TO_COME:
            return [_disc(middle, 10, OPEN)]
        case WeekCell.BEFORE:
            return [Stroke([(x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y), (x, y - 8)], 2, OPEN)]


def _legend(value: Progress, ruler: Ruler, top: int) -> Placed:
    """Return what the marks mean, of those that are there."""
    items: list[Item] = []
    x = LEFT
    for state in (one for one in WeekCell if one in value.weeks):
        mark = SMALL.get(state, MARK)
        wide = mark + 9 + ruler.width(state, Style.NOTE)
        if x + wide > RIGHT:
            x, top = LEFT, top + Style.NOTE.line + 8
        items += _mark(state, (x + mark // 2, top + Style.NOTE.line // 2))
        items.append(ruler.words((x + mark + 9, top), state, Style.NOTE, NOTE))
        x += wide + 24
    return items, top + Style.NOTE.line


def _goal(value: Progress, ruler: Ruler, top: int) -> Placed:
    goal = value.goal
    items, top = heading(ruler, top, "Your goal", goal and goal_weeks_text(goal))
    if goal is None:
        words = ruler.words((LEFT, top), NO_GOAL, Style.BODY, NOTE)
        return [*items, words], words.box[3]
    if ruler.draws(goal.title):
        for line in ruler.lines(goal.title, Style.BODY, INNER, 2):
            items.append(ruler.words((LEFT, top), line, Style.BODY))
            top += Style.BODY.line
        top += 12
    pace, top = _pace(goal, ruler, top)
    return [*items, *pace], top


def _pace(goal: GoalLine, ruler: Ruler, top: int) -> Placed:
    """Return a mark for each time wanted in a week, or a bar if they are many, and beside it the same in words."""
    pitch = MARK + 10
    if goal.target <= MOST_PIECES:
        items = [item for done in range(goal.target) for item in _tick((LEFT + done * pitch, top), done < goal.did)]
        end = LEFT + goal.target * pitch + 6
    else:
        end = LEFT + INNER // 3
        items = bar_of((LEFT, top + 5, end, top + MARK - 5), goal.did / goal.target)
        end += 18
    text = goal_pace_text(goal)
    beside = end + ruler.width(text, Style.BODY) <= RIGHT
    at = (end, top + (MARK - Style.BODY.line) // 2) if beside else (LEFT, top + MARK + 10)
    words = ruler.words(at, text, Style.BODY, NOTE)
    return [*items, words], max(top + MARK, words.box[3])


def _tick(corner: Point, done: bool) -> list[Item]:
    x, y = corner
    middle = (x + MARK // 2, y + MARK // 2)
    if not done:
        return _ring(_around(middle, (MARK, MARK)), MARK // 2, OPEN, RING)
    return [_disc(middle, MARK, FULL), Stroke([(x + 8, y + 15), (x + 12, y + 19), (x + 20, y + 10)], 3, CARD, FULL)]


def _footprint(value: Progress, ruler: Ruler, top: int) -> Placed:
    items, top = heading(ruler, top, "Your footprint", footprint_text(value.sections))
    titles = [one.title if ruler.draws(one.title) else f"Section {nth}" for nth, one in enumerate(value.sections, 1)]
    labels = [ruler.lines(title, Style.BODY, SECTION_LABEL)[0] for title in titles]
    counts = [f"{one.answered} of {one.total}" for one in value.sections]
    left = LEFT + max((ruler.width(label, Style.BODY) for label in labels), default=0) + 16
    right = RIGHT - max((ruler.width(count, Style.NOTE) for count in counts), default=0) - 16
    for section, label, count in zip(value.sections, labels, counts, strict=True):
        items.append(ruler.words((LEFT, top), label, Style.BODY))
        items.append(ruler.words((RIGHT - ruler.width(count, Style.NOTE), top + 1), count, Style.NOTE, NOTE))
        middle = top + Style.BODY.line // 2
        items += _pieces(section, (left, middle - 9, right, middle + 9))
        top += Style.BODY.line + 8
    return items, top - 8


def _pieces(section: SectionBar, box: Box) -> list[Item]:
    """Return a piece for each item, full for those that are answered; one bar if the pieces would be too small."""
    left, top, right, bottom = box
    if not 0 < section.total <= MOST_PIECES:
        return bar_of(box, section.answered / max(1, section.total))
    edges = [left + (right - left + 5) * piece // section.total for piece in range(section.total + 1)]
    items: list[Item] = []
    for piece, (start, end) in enumerate(pairwise(edges)):
        place = (start, top, end - 5, bottom)
        items += [Plate(place, 5, FULL)] if piece < section.answered else _ring(place, 5, OPEN, 2)
    return items


def bar_of(box: Box, share: float) -> list[Item]:
    """Return a bar in its outline: full only when all is done, empty only when nothing is."""
    left, top, right, bottom = box
    high, room = bottom - top - 8, right - left - 8
    full = room if share >= 1 else min(max(high, round(room * share)), room - high) if share > 0 else 0
    outline = _ring(box, (bottom - top) // 2, OPEN, 2)
    inside = (left + 4, top + 4, left + 4 + full, bottom - 4)
    return [*outline, Plate(inside, high // 2, FULL)] if full else outline


def _network(value: Progress, ruler: Ruler, top: int) -> Placed:
    items, top = heading(ruler, top, "Your network", breadth_text(value.categories))
    top, column = top + 4, INNER // 2 + COLUMN_GAP // 2
    labels = [
        ruler.lines(label if ruler.draws(label) else f"Kind {number}", Style.NOTE, column - COLUMN_GAP - MARK - 10, 2)
        for number, (label, _) in enumerate(value.categories, 1)
    ]
    for first in range(0, len(labels), 2):
        row = labels[first : first + 2]
        for place, lines in enumerate(row):
            x = LEFT + place * column
            items += _tick((x, top), value.categories[first + place][1])
            items += [
                ruler.words((x + MARK + 10, top - 1 + line * Style.NOTE.line), text, Style.NOTE)
                for line, text in enumerate(lines)
            ]
        top += Style.NOTE.line * max(len(lines) for lines in row) + 10
    return items, top - 10


def _disc(middle: Point, size: int, ink: Colour) -> Item:
    return Plate(_around(middle, (size, size)), size // 2, ink)


def _ring(box: Box, radius: int, ink: Colour, thick: int) -> list[Item]:
    left, top, right, bottom = box
    inside = (left + thick, top + thick, right - thick, bottom - thick)
    return [Plate(box, radius, ink), Plate(inside, radius - thick, CARD, ink)]


def _around(middle: Point, size: tuple[int, int]) -> Box:
    (x, y), (wide, high) = middle, size
    return x - wide // 2, y - high // 2, x - wide // 2 + wide, y - high // 2 + high
