"""The picture of a class: readable with one week and with thirty, and the same in words."""

from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from bot.coaching.small_groups import Band
from cogs.pictures.canvas import WIDTH, Ruler, contrast
from cogs.pictures.class_layout import INKS, layout
from cogs.pictures.cohort import (
    ALTERNATIVE_LIMIT,
    MOST_WEEKS,
    ClassPicture,
    SectionBar,
    WeekBar,
    class_png,
    in_words,
    shares,
    week_bars,
)

MONDAY = date(2026, 9, 21)
ACTS = {"none": Band(5, 9, 30), "many": Band(5, 9, 30), "one": Band(5, 9, 30), "few": Band(10, 14, 30)}
SECTIONS = [SectionBar("Group A", Band(10, 15, 20)), SectionBar("x" * 100, Band(0, 4, 20)), SectionBar("組", None)]


def picture(weeks: int, sections: list[SectionBar] = SECTIONS) -> ClassPicture:
    """Return a picture in which every third week has no figures."""
    bars = [WeekBar(MONDAY + timedelta(weeks=one), None if one % 3 == 1 else shares(ACTS)) for one in range(weeks)]
    return ClassPicture("Digital careers", "Week 6 of 12", bars, sections, Band(20, 24, 30))


@pytest.mark.parametrize("weeks", [0, 1, 2, 7, 12, 30])
def test_nothing_reaches_out_of_the_picture_however_many_weeks_there_are(weeks: int) -> None:
    sheet = layout(picture(weeks), Ruler())
    for item in sheet.items:
        left, top, right, bottom = item.box
        assert 0 <= left <= right <= WIDTH
        assert 0 <= top <= bottom <= sheet.height


def test_the_picture_is_a_png_as_wide_as_the_others() -> None:
    with Image.open(BytesIO(class_png(picture(12)))) as drawn:
        assert (drawn.format, drawn.width) == ("PNG", 2 * WIDTH)


def test_neighbouring_bands_differ_in_lightness() -> None:
    inks = list(INKS.values())
    assert all(contrast(one, other) > 1.5 for one, other in pairwise(inks))


@pytest.mark.parametrize("weeks", [0, 1, 12, 30])
def test_the_picture_in_words_fits_and_names_the_newest_week(weeks: int) -> None:
    text = in_words(picture(weeks))
    assert len(text) <= ALTERNATIVE_LIMIT
    assert "grading" not in text  # the card that the picture is on says so, and once is enough
    assert "Group A about 60\xa0%" in text
    if weeks == 12:
        assert "to 29 November: no figures" in text


def test_shares_add_up_to_a_hundred_and_need_to_know_who_did_nothing() -> None:
    found = shares(ACTS)
    assert found is not None
    assert sum(found.values()) == 100
    assert shares({"none": Band(5, 9, 30)}) is not None
    assert shares({}) is None


def test_a_week_without_figures_keeps_its_place_and_thirty_weeks_are_shown() -> None:
    bars = week_bars({MONDAY: ACTS, MONDAY + timedelta(weeks=2): ACTS}, MONDAY, MONDAY + timedelta(weeks=2))
    assert [bar.shares is None for bar in bars] == [False, True, False]
    assert len(week_bars({}, MONDAY, MONDAY + timedelta(weeks=50))) == MOST_WEEKS
