"""The picture of a class: readable with one week and with a whole year, and the same in words."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.coaching.class_statistics import Count, Withheld
from cogs.pictures.canvas import FULL, WIDTH, Plate, Ruler
from cogs.pictures.class_layout import layout
from cogs.pictures.cohort import ALTERNATIVE_LIMIT, Bar, ClassPicture, class_png, in_words

MONDAY = date(2026, 9, 21)
FACTS = [Bar("Goal set", 20, 28), Bar("Plan", Withheld.MOST, 10_000), Bar("x" * 60, None, 0)]
COUNTS: tuple[Count | None, ...] = (9, None, Withheld.FEW, 28, Withheld.MOST, 0)


def picture(weeks: int, course: str = "Digital careers") -> ClassPicture:
    mondays = [MONDAY + timedelta(weeks=number) for number in range(weeks)]
    bars = [
        (monday, Bar(f"{monday.day} {monday:%B}", COUNTS[number % len(COUNTS)], 28))
        for number, monday in enumerate(mondays)
    ]
    return ClassPicture(course, "Week 6 of 12", bars, FACTS)


@pytest.mark.parametrize("weeks", [0, 1, 2, 7, 12, 53])
def test_nothing_reaches_out_of_the_picture_however_many_weeks_there_are(weeks: int) -> None:
    sheet = layout(picture(weeks, "組 " * 30), Ruler())
    for item in sheet.items:
        left, top, right, bottom = item.box
        assert 0 <= left <= right <= WIDTH
        assert 0 <= top <= bottom <= sheet.height


def test_only_a_count_that_is_told_has_a_height() -> None:
    def heights(count: Count | None) -> list[int]:
        value = ClassPicture("x", "y", [(MONDAY, Bar("21 September", count, 28))], ())
        found = layout(value, Ruler()).items
        return [one.box[3] - one.box[1] for one in found if isinstance(one, Plate) and one.ink == FULL]

    assert heights(28) == [220]
    assert heights(14) == [110]
    for withheld in (0, None, Withheld.FEW, Withheld.MOST):
        assert heights(withheld) == []


def test_the_picture_is_a_png_as_wide_as_the_others() -> None:
    with Image.open(BytesIO(class_png(picture(12)))) as drawn:
        assert (drawn.format, drawn.width) == ("PNG", 2 * WIDTH)


@pytest.mark.parametrize("weeks", [0, 1, 12, 53])
def test_the_picture_in_words_fits_and_names_the_newest_week(weeks: int) -> None:
    text = in_words(picture(weeks))
    assert len(text) <= ALTERNATIVE_LIMIT
    assert "Goal set: 20 of 28. Plan: all but fewer than 5 of 10000." in text
    if weeks == 12:
        assert "28 September: not counted; 5 October: fewer than 5 of 28" in text
        assert "7 December: 0 of 28." in text
