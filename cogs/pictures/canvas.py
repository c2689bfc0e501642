"""The one canvas: lays a chart out in texts and shapes, then draws them. No other module knows Pillow.

Lengths are in pixels, three for each point of a phone 390 points wide.
"""

from bisect import bisect_right
from collections.abc import Sequence
from enum import Enum
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from itertools import pairwise
from math import ceil
from typing import NamedTuple, TypeAlias
from unicodedata import category, normalize

from PIL import Image, ImageDraw, ImageFont

from bot.coaching.momentum import TermWeek
from cogs.pictures import WEEK_WORDS, Bar, Chart, Panel

Colour: TypeAlias = tuple[int, int, int]
Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom."""

PAGE: Colour = (16, 36, 41)
CARD: Colour = (25, 52, 58)
TEXT: Colour = (245, 242, 233)
NOTE: Colour = (183, 203, 200)
FULL: Colour = (126, 217, 198)
OPEN: Colour = (134, 166, 163)
"""The outline of what is not done: seen well, and quieter than what is."""
NOW: Colour = (255, 200, 87)
BLENDS = [(PAGE, CARD), (PAGE, TEXT), (PAGE, NOTE), *((CARD, ink) for ink in (TEXT, NOTE, FULL, OPEN, NOW))]
"""A ground and an ink on it: the edges of everything drawn."""

WIDTH = 1200
MARGIN, GAP, PAD = 36, 20, 36
LEFT, RIGHT = MARGIN + PAD, WIDTH - MARGIN - PAD
INNER = RIGHT - LEFT
BESIDE, ROW_GAP = 24, 12
"""Between a label, its bar and the count; and between two rows of them."""
MARK, TICKED = 42, 56
"""The size of a mark, and from one ticked label to its text."""
MOST_IN_A_ROW, WEEK_ROW = 18, 124
"""Most weeks side by side; a longer term has several rows of the same length."""
MOST_PIECES = 10
"""Most pieces of a bar that are told apart at a glance; more are drawn as one."""
BAR_HEIGHT, PIECE_GAP, SHORTEST_BAR = 28, 8, 180

MARKS = {
    TermWeek.ACTIVE: ("disc", MARK, FULL),
    TermWeek.QUIET: ("ring", MARK, OPEN),
    TermWeek.REST: ("dash", 34, NOTE),
    TermWeek.AHEAD: ("disc", 16, OPEN),
    TermWeek.BEFORE: ("diamond", 30, OPEN),
}
"""Shape, size and ink of each kind of week: told apart without their colours too."""
SMOOTH = 4
"""How many times larger a curve is drawn before it is made smaller."""


class Style(Enum):
    """A face of Inter and its size."""

    TITLE = ("Inter-SemiBold.otf", 60)
    HEADING = ("Inter-SemiBold.otf", 44)
    BODY = ("Inter-Regular.otf", 40)
    STRONG = ("Inter-SemiBold.otf", 36)
    NOTE = ("Inter-Regular.otf", 36)

    @property
    def line(self) -> int:
        """Height of a line."""
        return round(self.value[1] * 1.28)


class Words(NamedTuple):
    """A line of text; `box` holds all its letters but accents upon accents."""

    box: Box
    ink: Colour
    text: str
    style: Style


class Plate(NamedTuple):
    """A filled rectangle with round corners."""

    box: Box
    ink: Colour
    radius: int


class Mark(NamedTuple):
    """A small shape that fills a square."""

    box: Box
    ink: Colour
    shape: str


class Sheet:
    """What is drawn, in this order; `y` is where the next thing begins.

    Made anew for each picture: threads may not share a face.
    """

    def __init__(self) -> None:
        self.items: list[Words | Plate | Mark] = []
        self.y = MARGIN
        self.faces = {style: _face(*style.value) for style in Style}

    def width(self, text: str, style: Style) -> int:
        """Measure a text."""
        return ceil(self.faces[style].getlength(text))

    def lines(self, text: str, style: Style, width: int) -> list[str]:
        """Break a text into lines; a word that is wider than a line is broken too."""
        lines: list[str] = []
        while self.width(text, style) > width:
            ends = range(1, len(text) + 1)
            fitting = max(1, bisect_right(ends, width, key=lambda end: self.width(text[:end], style)))
            space = text.rfind(" ", 1, fitting + 1)
            end = space if space > 0 else fitting
            lines.append(text[:end].rstrip())
            text = text[end:].lstrip()
        return [*lines, text] if text else lines

    def write(self, x: int, text: str, style: Style, ink: Colour = TEXT, *, y: int | None = None) -> None:
        """Write a line, beginning at `x`."""
        top = self.y if y is None else y
        self.items.append(Words((x, top, x + self.width(text, style), top + style.line), ink, text, style))

    def paragraph(self, lines: Sequence[str], style: Style, ink: Colour = TEXT, x: int = LEFT) -> None:
        """Write lines below each other, and go on below them."""
        for line in lines:
            self.write(x, line, style, ink)
            self.y += style.line

    def plate(self, box: Box, ink: Colour, radius: int, thick: int = 0) -> None:
        """Lay a plate, or with a thickness its outline alone."""
        left, top, right, bottom = box
        self.items.append(Plate(box, ink, radius))
        if thick:
            inside = (left + thick, top + thick, right - thick, bottom - thick)
            self.items.append(Plate(inside, CARD, max(0, radius - thick)))

    def mark(self, x: int, y: int, shape: str, size: int, ink: Colour) -> None:
        """Set a mark with its middle at a point."""
        left, top = x - size // 2, y - size // 2
        self.items.append(Mark((left, top, left + size, top + size), ink, shape))


def png(chart: Chart) -> bytes:
    """Draw a chart; the same chart gives the same bytes."""
    sheet = layout(chart)
    image = Image.new("RGB", (WIDTH, sheet.y), PAGE)
    pen = ImageDraw.Draw(image)
    for item in sheet.items:
        match item:
            case Words(box, ink, text, style):
                # Capital letters, which are 0.73 of the size high, are centred in the line.
                baseline = box[1] + round((style.line + 0.73 * style.value[1]) / 2)
                pen.text((box[0], baseline), text, fill=ink, font=sheet.faces[style], anchor="ls")
            case Plate():
                _lay(image, item)
            case Mark(box, ink, shape):
                image.paste(ink, box, _mask(shape, box[2] - box[0]))
    # Few colours make a small file, and the known ones need no search for the best.
    drawn = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(drawn, "PNG", compress_level=4)
    return drawn.getvalue()


def layout(chart: Chart) -> Sheet:
    """Place all that a chart shows; nothing reaches out of its card, whatever the texts are."""
    sheet = Sheet()
    title = drawable(chart.title) or "Your course"
    sheet.paragraph(sheet.lines(title, Style.TITLE, INNER), Style.TITLE)
    sheet.paragraph([chart.when], Style.BODY, NOTE)
    for panel in chart.panels:
        sheet.y += GAP
        top, first = sheet.y, len(sheet.items)
        sheet.y += PAD
        _panel(sheet, panel)
        sheet.y += PAD
        sheet.items.insert(first, Plate((MARGIN, top, WIDTH - MARGIN, sheet.y), CARD, 30))
    sheet.y += GAP
    if chart.foot:
        sheet.paragraph([chart.foot], Style.NOTE, NOTE)
        sheet.y += GAP
    sheet.y += MARGIN - GAP
    return sheet


def _panel(sheet: Sheet, panel: Panel) -> None:
    if panel.heading:
        sheet.write(RIGHT - sheet.width(panel.note, Style.NOTE), panel.note, Style.NOTE, NOTE, y=sheet.y + 5)
        sheet.paragraph([panel.heading], Style.HEADING)
        sheet.y += 12
    if panel.weeks:
        _weeks(sheet, panel)
        _legend(sheet, panel)
    if text := drawable(panel.text):
        sheet.paragraph(sheet.lines(text, Style.BODY, INNER), Style.BODY)
        sheet.y += 12 if panel.bars else 0
    _bars(sheet, panel.bars)
    _checks(sheet, panel.checks)


def _weeks(sheet: Sheet, panel: Panel) -> None:
    rows = ceil(len(panel.weeks) / MOST_IN_A_ROW)
    in_a_row = ceil(len(panel.weeks) / rows)
    pitch = min(69, (INNER - MARK) // max(1, in_a_row - 1))
    for number, week in enumerate(panel.weeks, 1):
        row, place = divmod(number - 1, in_a_row)
        x, y = LEFT + MARK // 2 + place * pitch, sheet.y + row * WEEK_ROW + 33
        now = number == panel.week
        if now:
            sheet.plate((x - 28, y - 33, x + 28, y + 33), NOW, 16, 4)
        sheet.mark(x, y, *MARKS[week])
        if now or place == 0 or number == len(panel.weeks):
            style = Style.STRONG if now else Style.NOTE
            wide = sheet.width(str(number), style)
            left = min(max(LEFT, x - wide // 2), RIGHT - wide)
            sheet.write(left, str(number), style, NOW if now else NOTE, y=y + 36)
    sheet.y += rows * WEEK_ROW + 8


def _legend(sheet: Sheet, panel: Panel) -> None:
    """Say what the marks mean, of those that are there."""
    x = LEFT
    for week, words in WEEK_WORDS.items():
        if week not in panel.weeks:
            continue
        _, mark, _ = MARKS[week]
        wide = mark + 12 + sheet.width(words, Style.NOTE)
        if x + wide > RIGHT:
            x, sheet.y = LEFT, sheet.y + Style.NOTE.line + 12
        sheet.mark(x + mark // 2, sheet.y + Style.NOTE.line // 2, *MARKS[week])
        sheet.write(x + mark + 12, words, Style.NOTE, NOTE)
        x += wide + 34
    sheet.y += Style.NOTE.line


def _bars(sheet: Sheet, bars: Sequence[Bar]) -> None:
    """Draw a bar in each row between its label and its count; where no count may be told, there is no bar."""
    counts = [sheet.width(bar.words, Style.NOTE) for bar in bars]
    room = INNER - max(counts, default=0) - 2 * BESIDE - SHORTEST_BAR
    labels = [
        sheet.lines(drawable(bar.label) or f"No. {number}", Style.BODY, room) if bar.label else []
        for number, bar in enumerate(bars, 1)
    ]
    left = LEFT + max((sheet.width(line, Style.BODY) + BESIDE for lines in labels for line in lines), default=0)
    right = (
        RIGHT - BESIDE - max((sheet.width(bar.words, Style.NOTE) for bar in bars if bar.done is not None), default=0)
    )
    for number, (bar, lines, wide) in enumerate(zip(bars, labels, counts, strict=True), 1):
        top, middle = sheet.y, sheet.y + Style.BODY.line // 2
        sheet.write(RIGHT - wide, bar.words, Style.NOTE, NOTE, y=top + (Style.BODY.line - Style.NOTE.line) // 2)
        if bar.done is not None:
            _bar(sheet, (left, middle - BAR_HEIGHT // 2, right, middle + BAR_HEIGHT // 2), bar.done, bar.whole)
        sheet.paragraph(lines, Style.BODY)
        sheet.y = max(sheet.y, top + Style.BODY.line) + (0 if number == len(bars) else ROW_GAP)


def _bar(sheet: Sheet, box: Box, done: int, whole: int) -> None:
    """Draw the pieces of a bar, one for each thing if they are few; a piece is full only when all of it is done."""
    left, top, right, bottom = box
    pieces = whole if 0 < whole <= MOST_PIECES else 1
    radius = 8 if pieces > 1 else BAR_HEIGHT // 2
    edges = [left + (right - left + PIECE_GAP) * number // pieces for number in range(pieces + 1)]
    for number, (start, end) in enumerate(pairwise(edges)):
        piece = (start, top, end - PIECE_GAP, bottom)
        share = done * pieces / whole - number if whole else 0
        if share >= 1:
            sheet.plate(piece, FULL, radius)
            continue
        sheet.plate(piece, OPEN, radius, 3)
        if share > 0:
            high, inner = bottom - top - 12, piece[2] - start - 12
            filled = min(max(high, round(inner * share)), inner - high)
            sheet.plate((start + 6, top + 6, start + 6 + filled, bottom - 6), FULL, high // 2)


def _checks(sheet: Sheet, checks: Sequence[tuple[str, bool]]) -> None:
    """List labels below each other, each ticked or not."""
    for number, (label, ticked) in enumerate(checks, 1):
        shape, ink = ("tick", FULL) if ticked else ("ring", OPEN)
        sheet.mark(LEFT + MARK // 2, sheet.y + Style.BODY.line // 2, shape, MARK, ink)
        lines = sheet.lines(drawable(label) or f"No. {number}", Style.BODY, INNER - TICKED)
        sheet.paragraph(lines, Style.BODY, x=LEFT + TICKED)
        sheet.y += 0 if number == len(checks) else ROW_GAP


def drawable(text: str) -> str:
    """Return a text without the symbols the font lacks; empty if it lacks letters, because the rest would mislead."""
    kept = [
        sign
        for sign in normalize("NFC", " ".join(text.split()))
        if category(sign)[0] not in "MC" and (category(sign)[0] != "S" or _in_font(sign))
    ]
    return " ".join("".join(kept).split()) if all(_in_font(sign) for sign in kept) else ""


@lru_cache(4096)
def _in_font(sign: str) -> bool:
    # No font has U+FFFF, and what it lacks all looks the same.
    return _look(sign) != _look("\uffff")


def _look(sign: str) -> bytes:
    image = Image.new("L", (99, 99))
    ImageDraw.Draw(image).text((30, 70), sign, fill=255, font=_face(*Style.NOTE.value), anchor="ls")
    return image.tobytes()


def _lay(image: Image.Image, plate: Plate) -> None:
    """Lay a plate: the large middle at once, and a disc in each corner."""
    left, top, right, bottom = plate.box
    radius = min(plate.radius, (right - left) // 2, (bottom - top) // 2)
    image.paste(plate.ink, (left + radius, top, right - radius, bottom))
    image.paste(plate.ink, (left, top + radius, right, bottom - radius))
    if radius:
        for x in (left, right - 2 * radius):
            for y in (top, bottom - 2 * radius):
                image.paste(plate.ink, (x, y), _mask("disc", 2 * radius))


@cache
def _mask(shape: str, size: int) -> Image.Image:
    """Return how much of each pixel of a square a shape covers."""
    large = size * SMOOTH
    mask = Image.new("L", (large, large), 0)
    pen, whole, middle, thick = ImageDraw.Draw(mask), (0, 0, large - 1, large - 1), large // 2, large // 9
    match shape:
        case "ring":
            pen.ellipse(whole, outline=255, width=thick)
        case "dash":
            pen.rounded_rectangle((0, middle - thick, large - 1, middle + thick), thick, fill=255)
        case "diamond":
            far = large - thick
            points = [(middle, thick), (far, middle), (middle, far), (thick, middle)]
            pen.line([*points, *points[:2]], fill=255, width=thick, joint="curve")
        case _:
            pen.ellipse(whole, fill=255)
    if shape == "tick":
        points = [(large * across // 28, large * down // 28) for across, down in ((8, 15), (12, 19), (20, 10))]
        pen.line(points, fill=0, width=thick, joint="curve")
    return mask.reduce(SMOOTH)


@cache
def _palette() -> Image.Image:
    """Return the colours with sixteen shades from each ground to each ink."""
    shades = [
        round(low + (high - low) * step / 15)
        for ground, ink in BLENDS
        for step in range(16)
        for low, high in zip(ground, ink, strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades)
    return palette


@cache
def _font(file: str) -> bytes:
    return (resources.files("cogs.pictures") / "fonts" / file).read_bytes()


def _face(file: str, size: int) -> ImageFont.FreeTypeFont:
    # The basic layout draws the same on every machine; the other one needs a library that not every machine has.
    return ImageFont.truetype(BytesIO(_font(file)), size, layout_engine=ImageFont.Layout.BASIC)
