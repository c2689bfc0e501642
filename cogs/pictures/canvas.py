"""What pictures are made of: a palette, letters and shapes, laid out first and drawn after.

Lengths are in units of which a picture is 800 wide; a unit is two pixels. Pillow is known to this module alone.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from io import BytesIO
from itertools import product
from math import ceil
from typing import TypeAlias
from unicodedata import combining, normalize

from PIL import Image, ImageDraw, ImageFont

Colour: TypeAlias = tuple[int, int, int]
Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom."""
Point: TypeAlias = tuple[int, int]
_Stamp: TypeAlias = tuple[Image.Image, Image.Image]

WIDTH = 800
SCALE = 2
"""Pixels of a unit: sharp on the screen of a phone."""

PAGE: Colour = (16, 36, 41)
CARD: Colour = (25, 52, 58)
FRAME: Colour = (92, 140, 137)
"""Around the page, so that it stands out from Discord's dark grey as well as from white."""
TEXT: Colour = (245, 242, 233)
NOTE: Colour = (183, 203, 200)
FULL: Colour = (126, 217, 198)
OPEN: Colour = (134, 166, 163)
"""The outline of what is not done: seen well, and quieter than what is."""
NOW: Colour = (255, 200, 87)

_LEVELS = 16
"""Shades between an ink and its ground: enough for smooth edges, few enough for sixteen pairs in one palette."""
_SMOOTH = 4
"""How many times larger a curve is drawn before it is made smaller."""
_SHADE = [round(value * (_LEVELS - 1) / 255) for value in range(256)]
_THERE = [255 if shade else 0 for shade in _SHADE]

NOBODYS = "\uffff"
"""A sign that no font has: every sign without a glyph of its own looks like it."""


class Style(Enum):
    """A face and a size; each value is the font's file and the size in units."""

    TITLE = ("Inter-SemiBold.otf", 38)
    HEADING = ("Inter-SemiBold.otf", 28)
    BODY = ("Inter-Regular.otf", 25)
    STRONG = ("Inter-SemiBold.otf", 23)
    NOTE = ("Inter-Regular.otf", 23)

    @property
    def size(self) -> int:
        """Return the size of the letters, in units."""
        return self.value[1]

    @property
    def line(self) -> int:
        """Return the height of a line, in units."""
        return round(self.size * 1.28)


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `box` holds all its letters but accents upon accents."""

    box: Box
    text: str
    style: Style
    ink: Colour = TEXT
    ground: Colour = CARD


@dataclass(frozen=True, slots=True)
class Plate:
    """A filled rectangle with round corners; a disc when the radius is half its size. Ground None: transparent."""

    box: Box
    radius: int
    ink: Colour
    ground: Colour | None = CARD


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, with round ends."""

    points: Sequence[Point]
    thick: int
    ink: Colour
    ground: Colour = CARD

    @property
    def box(self) -> Box:
        """Return the box that holds the line."""
        half = self.thick / 2
        left, top = (int(min(side) - half) for side in zip(*self.points, strict=True))
        right, bottom = (ceil(max(side) + half) for side in zip(*self.points, strict=True))
        return left, top, right, bottom


Item: TypeAlias = "Words | Plate | Stroke"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn, in this order, on a page of 800 units by `height`."""

    height: int
    items: Sequence[Item]


class Ruler:
    """Measures texts; made anew for each picture, because a face is not to be shared by threads."""

    def __init__(self) -> None:
        self._faces: dict[Style, ImageFont.FreeTypeFont] = {}
        self._known: dict[str, bool] = {}

    def face(self, style: Style) -> ImageFont.FreeTypeFont:
        """Return the face of a style."""
        if style not in self._faces:
            file, size = style.value
            self._faces[style] = _face(file, size * SCALE)
        return self._faces[style]

    def width(self, text: str, style: Style) -> int:
        """Return the width of a text, in whole units."""
        return ceil(self.face(style).getlength(text) / SCALE)

    def words(self, at: Point, text: str, style: Style, ink: Colour = TEXT, ground: Colour = CARD) -> Words:
        """Return a line of text with its left upper corner at a point."""
        x, y = at
        return Words((x, y, x + self.width(text, style), y + style.line), text, style, ink, ground)

    def lines(self, text: str, style: Style, width: int, most: int = 1) -> tuple[str, ...]:
        """Return the text in at most `most` lines no wider than `width`; what does not fit ends in an ellipsis.

        A word that is wider than a line is broken.
        """
        rest, found = _on_one_line(text), list[str]()
        while len(found) < most - 1 and self.width(rest, style) > width:
            fitting = self._fitting(rest, style, width)
            space = rest.rfind(" ", 1, fitting + 1)
            end = space if space > 0 else fitting
            found.append(rest[:end].rstrip())
            rest = rest[end:].lstrip()
        if self.width(rest, style) > width:
            rest = rest[: self._fitting(rest, style, width - self.width("…", style))].rstrip() + "…"
        return (*found, rest)

    def draws(self, text: str) -> bool:
        """Return whether the font has every sign of the text; a mark upon another letter cannot be placed."""
        return all(not combining(one) and self._has(one) for one in _on_one_line(text))

    def _has(self, one: str) -> bool:
        if one not in self._known:
            self._known[one] = self._look(one) != self._look(NOBODYS)
        return self._known[one]

    def _look(self, one: str) -> bytes:
        drawn = Image.new("L", (64 * SCALE, 64 * SCALE))
        ImageDraw.Draw(drawn).text((0, 0), one, fill=255, font=self.face(Style.NOTE))
        return drawn.tobytes()

    def _fitting(self, text: str, style: Style, width: int) -> int:
        """Return how many characters from the start fit, one at the least."""
        return max(1, bisect_right(range(1, len(text) + 1), width, key=lambda end: self.width(text[:end], style)))


def _on_one_line(text: str) -> str:
    return normalize("NFC", " ".join(text.split()))


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def png(sheet: Sheet, ruler: Ruler) -> bytes:
    """Return the sheet as PNG; the same sheet gives the same bytes."""
    painting = _Painting(sheet.height)
    for item in sheet.items:
        match item:
            case Words():
                painting.stamp(*_letters(item, ruler.face(item.style)), item.ink, item.ground)
            case Plate():
                painting.plate(item)
            case Stroke():
                painting.stamp(_stroke(item), (item.box[0] * SCALE, item.box[1] * SCALE), item.ink, item.ground)
    return painting.png()


class _Painting:
    """An image of palette entries: a ramp of shades for each ink on its ground makes smooth edges and small files."""

    def __init__(self, height: int) -> None:
        self._image = Image.new("L", (WIDTH * SCALE, height * SCALE), 0)
        self._ramps: dict[tuple[Colour, Colour | None], int] = {}
        self._corners: dict[tuple[int, int], tuple[_Stamp, ...]] = {}

    def stamp(self, mask: Image.Image, at: Point, ink: Colour, ground: Colour | None) -> None:
        """Lay ink on what has to be its ground already, as much as the mask says."""
        shades, where = _stamp(mask, self._ramp(ink, ground))
        self._image.paste(shades, at, where)

    def plate(self, item: Plate) -> None:
        """Lay a plate: its corners shade by shade, and the rest, which may be most of the page, at once."""
        left, top, right, bottom = (side * SCALE for side in item.box)
        radius = min(item.radius * SCALE, (right - left) // 2, (bottom - top) // 2)
        ramp = self._ramp(item.ink, item.ground)
        if (radius, ramp) not in self._corners:
            self._corners[radius, ramp] = tuple(_stamp(corner, ramp) for corner in _corners(radius))
        full = ramp + _LEVELS - 1
        self._image.paste(full, (left + radius, top, right - radius, bottom))
        self._image.paste(full, (left, top + radius, right, bottom - radius))
        places = product((top, bottom - radius), (left, right - radius))
        for (shades, where), (y, x) in zip(self._corners[radius, ramp], places, strict=True):
            self._image.paste(shades, (x, y), where)

    def _ramp(self, ink: Colour, ground: Colour | None) -> int:
        return self._ramps.setdefault((ink, ground), len(self._ramps) * _LEVELS)

    def png(self) -> bytes:
        """Return what was painted."""
        colours, alphas = list[int](), list[int]()
        for ink, ground in self._ramps:
            for level in range(_LEVELS):
                share = level / (_LEVELS - 1)
                colours += ink if ground is None else _mixed(ground, ink, share)
                alphas.append(round(255 * share) if ground is None else 255)
        self._image.putpalette(colours)
        made = BytesIO()
        self._image.save(made, "PNG", transparency=bytes(alphas), compress_level=6)
        return made.getvalue()


def _mixed(ground: Colour, ink: Colour, share: float) -> Colour:
    red, green, blue = (round(low + (high - low) * share) for low, high in zip(ground, ink, strict=True))
    return red, green, blue


def _letters(item: Words, face: ImageFont.FreeTypeFont) -> tuple[Image.Image, Point]:
    """Return the mask of a line and where its corner lies, in pixels."""
    left, top, right, bottom = (round(side) for side in face.getbbox(item.text, anchor="ls"))
    mask = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(mask).text((-left, -top), item.text, fill=255, font=face, anchor="ls")
    # Capital letters, which are 0.73 of the size high, stand in the middle of the line.
    baseline = round((item.style.line + 0.73 * item.style.size) / 2 * SCALE)
    return mask, (item.box[0] * SCALE + left, item.box[1] * SCALE + baseline + top)


def _corners(radius: int) -> list[Image.Image]:
    """Return the masks of the four quarters of a disc: upper left, upper right, lower left, lower right."""
    if radius == 0:
        return [Image.new("L", (0, 0))] * 4
    large = Image.new("L", (radius * _SMOOTH, radius * _SMOOTH), 0)
    ImageDraw.Draw(large).ellipse((0, 0, 2 * radius * _SMOOTH - 1, 2 * radius * _SMOOTH - 1), fill=255)
    corner = large.reduce(_SMOOTH)
    turns = (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.ROTATE_180)
    return [corner, *(corner.transpose(turn) for turn in turns)]


def _stamp(mask: Image.Image, ramp: int) -> _Stamp:
    """Return the shades of a ramp that a mask asks for, and where there are any."""
    return _mapped(mask, [ramp + shade for shade in _SHADE]), _mapped(mask, _THERE)


def _mapped(mask: Image.Image, table: Sequence[int]) -> Image.Image:
    return mask.point(table)  # pyright: ignore[reportUnknownMemberType] - it takes NumPy's arrays too


def _stroke(item: Stroke) -> Image.Image:
    left, top, right, bottom = item.box
    fine = SCALE * _SMOOTH
    mask = Image.new("L", ((right - left) * fine, (bottom - top) * fine), 0)
    pen, half = ImageDraw.Draw(mask), item.thick * fine / 2
    points = [((x - left) * fine, (y - top) * fine) for x, y in item.points]
    pen.line(points, fill=255, width=round(2 * half))
    for x, y in points:
        pen.ellipse((x - half, y - half, x + half, y + half), fill=255)
    return mask.reduce(_SMOOTH)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def _font(file: str) -> bytes:
    return (resources.files("cogs.pictures") / "fonts" / file).read_bytes()


def _face(file: str, pixels: int) -> ImageFont.FreeTypeFont:
    # The basic layout draws the same on every machine; the other one needs a library that not every machine has.
    return ImageFont.truetype(BytesIO(_font(file)), pixels, layout_engine=ImageFont.Layout.BASIC)
