"""The progress picture: what it says, that it can be read, and that nothing a member writes can break it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.coaching.cohort import NAME_LIMIT
from bot.coaching.goals import TITLE_LIMIT
from bot.coaching.limits import LABEL_LIMIT
from bot.coaching.momentum import LAST_WEEKS, Momentum
from bot.coaching.network import Category
from cogs import pictures
from cogs.pictures import (
    ALTERNATIVE_LIMIT,
    GoalLine,
    Progress,
    SectionBar,
    WeekCell,
    alternative_text,
    progress_png,
)
from cogs.pictures.canvas import (
    CARD,
    FRAME,
    FULL,
    NOTE,
    NOW,
    OPEN,
    PAGE,
    SCALE,
    TEXT,
    WIDTH,
    Box,
    Colour,
    Item,
    Plate,
    Ruler,
    Sheet,
    Style,
    Words,
    contrast,
    png,
)
from cogs.pictures.progress import INNER, LEFT, RIGHT, layout
from prompts import Content

ROOT = Path(__file__).parent.parent.parent
MOST_TERM_WEEKS = 54
"""A term of 366 days that begins on a Sunday."""
HEADINGS = {"Your weeks", "Your goal", "Your footprint", "Your network"}
DISCORD_DARK, DISCORD_LIGHT = (49, 51, 56), (255, 255, 255)
KINDS = (
    "Peers on your course",
    "1–3 years ahead of you",
    "People doing the work now",
    "Experts you learn from",
    "Someone who gives you advice",
    "Alumni of your school",
    "Recruiters and hiring managers",
    "People who run groups and events",
    "Teachers and supervisors",
)
ACTIVE, QUIET, REST, TO_COME, BEFORE = WeekCell
RICH = Progress(
    "Career Networking 101",
    10,
    [BEFORE, ACTIVE, QUIET, ACTIVE, ACTIVE, REST, ACTIVE, ACTIVE, QUIET, ACTIVE, *[TO_COME] * 6],
    GoalLine("Write to two people whose work I admire", 2, 3, 4, 6),
    [SectionBar("See what others see", 5, 5), SectionBar("Protect your accounts", 4, 6), SectionBar("Tidy", 0, 14)],
    [(label, number % 2 == 0) for number, label in enumerate(KINDS)],
    Momentum(6, 8),
)
FIRST_WEEK = Progress(
    "Career Networking 101",
    1,
    [TO_COME] * 16,
    None,
    [SectionBar("See what others see", 0, 5)],
    [(label, False) for label in KINDS],
    Momentum(0, 0),
)
WIDEST = Progress(
    "W" * NAME_LIMIT,
    40,
    [list(WeekCell)[number % 5] for number in range(MOST_TERM_WEEKS)],
    GoalLine("W" * TITLE_LIMIT, 999, 10, 9, 8),
    [SectionBar("W" * LABEL_LIMIT, 99, 99)] * 8,
    [("W" * LABEL_LIMIT, number % 2 == 0) for number in range(9)],
    Momentum(8, 8),
)


def section(title: str, one: int, other: int) -> SectionBar:
    return SectionBar(title, min(one, other), max(one, other))


texts = st.one_of(
    st.text(max_size=TITLE_LIMIT),
    st.text("Wil ,…ŁĐỆЖΩé-", max_size=TITLE_LIMIT),
    st.sampled_from(
        ["e\u0301" * 50, "👩🏽‍🔬 lab", "שלום", "مرحبا", "求职网络", "a\nb\r\nc", "\x00\ufeff", "ﷺ", "—" * 90]
    ),
)
counts = st.integers(0, 99)
goals = st.builds(GoalLine, texts, counts, st.integers(1, 99), st.integers(1, 9), st.integers(1, 8))
sections = st.lists(st.builds(section, texts, counts, counts), max_size=9)
kinds = st.lists(st.tuples(texts, st.booleans()), min_size=1, max_size=len(Category))
momenta = st.integers(0, LAST_WEEKS).flatmap(lambda weeks: st.builds(Momentum, st.integers(0, weeks), st.just(weeks)))
weeks = st.lists(st.sampled_from(WeekCell), min_size=1, max_size=MOST_TERM_WEEKS)
values = st.builds(Progress, texts, st.integers(-3, 60), weeks, st.none() | goals, sections, kinds, momenta)


def laid_out(value: Progress) -> Sheet:
    return layout(value, Ruler())


def words(value: Progress) -> list[str]:
    return [item.text for item in laid_out(value).items if isinstance(item, Words)]


def opened(made: bytes) -> Image.Image:
    return Image.open(BytesIO(made))


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def inside(one: Box, other: Box) -> bool:
    return other[0] <= one[0] <= one[2] <= other[2] and other[1] <= one[1] <= one[3] <= other[3]


def cards(sheet: Sheet) -> list[Box]:
    return [item.box for item in sheet.items if isinstance(item, Plate) and item.ink == CARD and item.ground == PAGE]


def silhouette(items: Sequence[Item], at: Box) -> bytes:
    """Return what is not card within a box, without its colour."""
    left, top, right, bottom = at
    page = [Plate((0, 0, WIDTH, bottom), 0, CARD, None), *items]
    drawn = opened(png(Sheet(bottom, page), Ruler())).convert("RGBA").convert("RGB")
    box = drawn.crop((left * SCALE, top * SCALE, right * SCALE, bottom * SCALE))
    ground = Image.new("RGB", box.size, CARD)
    return bytes(one != other for one, other in zip(box.tobytes(), ground.tobytes(), strict=True))


def marks(items: Sequence[Item], colours: set[Colour]) -> list[Item]:
    """Return the marks that are no larger than one and have one of the colours or lie upon such a one."""
    return [
        item
        for item in items
        if not isinstance(item, Words) and item.box[2] - item.box[0] <= 60 and {item.ink, item.ground} & colours
    ]


def looks(value: Progress) -> bytes:
    """Return the shapes of the first card's upper left corner, where the first week stands."""
    sheet = laid_out(value)
    left, top, _, _ = cards(sheet)[0]
    return silhouette(marks(sheet.items, {FULL, OPEN, NOTE}), (left, top + 60, left + 80, top + 120))


# What is drawn


def test_the_same_value_gives_the_same_bytes() -> None:
    assert progress_png(RICH) == progress_png(replace(RICH))
    assert progress_png(RICH) != progress_png(replace(RICH, week=9))


def test_threads_draw_at_the_same_time_and_get_what_one_alone_gets() -> None:
    alone = [progress_png(value) for value in (RICH, FIRST_WEEK, WIDEST)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(progress_png, [RICH, FIRST_WEEK, WIDEST] * 3))
    assert together == alone * 3


@pytest.mark.parametrize("value", [RICH, FIRST_WEEK, WIDEST], ids=["rich", "first week", "widest"])
def test_the_picture_is_a_small_png_of_the_width_of_a_phone(value: Progress) -> None:
    made = progress_png(value)
    drawn = opened(made)
    assert drawn.format == "PNG"
    assert drawn.size == (WIDTH * SCALE, laid_out(value).height * SCALE)
    assert drawn.width < drawn.height
    assert len(made) < 150_000


def test_the_corners_let_discords_ground_through_and_nothing_else_does() -> None:
    drawn = opened(progress_png(RICH)).convert("RGBA")
    right, bottom = drawn.width - 1, drawn.height - 1
    assert [drawn.getpixel(at) for at in ((0, 0), (right, 0), (0, bottom), (right, bottom))] == [(*FRAME, 0)] * 4
    alphas = drawn.getchannel("A").crop((0, 80, drawn.width, drawn.height - 80))
    assert alphas.getextrema() == (255, 255)


def test_each_state_of_a_week_has_a_shape_of_its_own() -> None:
    drawn = {state: looks(replace(FIRST_WEEK, week=0, weeks=[state])) for state in WeekCell}
    for one, other in combinations(WeekCell, 2):
        assert drawn[one] != drawn[other], f"{one} looks like {other}"


def test_the_running_week_alone_is_framed() -> None:
    for week, framed in ((0, 0), (1, 1), (10, 1), (16, 1), (17, 0)):
        items = laid_out(replace(RICH, week=week)).items
        frames = [item for item in items if isinstance(item, Plate) and item.ink == NOW]
        assert len(frames) == framed, week


def test_the_legend_names_the_states_that_are_there_and_no_others() -> None:
    assert [text for text in words(FIRST_WEEK) if text in set(WeekCell)] == [TO_COME]
    assert [text for text in words(RICH) if text in set(WeekCell)] == list(WeekCell)


def test_done_and_open_differ_by_shape_wherever_they_stand() -> None:
    done, none = (
        replace(
            FIRST_WEEK,
            goal=GoalLine("Ask", did, 1, 1, 6),
            sections=[SectionBar("See", did, 1)],
            categories=[("Peers", bool(did))],
        )
        for did in (1, 0)
    )
    sheets = [laid_out(value) for value in (done, none)]
    assert cards(sheets[0]) == cards(sheets[1])
    for card in cards(sheets[0])[1:]:
        shapes = [silhouette(marks_and_bars(sheet, card), card) for sheet in sheets]
        assert shapes[0] != shapes[1], card


def marks_and_bars(sheet: Sheet, card: Box) -> list[Item]:
    return [item for item in sheet.items if not isinstance(item, Words) and inside(item.box, card) and item.box != card]


def test_a_section_has_a_piece_for_each_item() -> None:
    for answered in range(11):
        sheet = laid_out(replace(FIRST_WEEK, sections=[SectionBar("See", answered, 10)]))
        assert sum(isinstance(item, Plate) and item.ink == FULL for item in sheet.items) == answered


@pytest.mark.parametrize("target", [11, 40, 99])
def test_a_bar_is_full_only_when_all_is_done_and_empty_only_when_nothing_is(target: int) -> None:
    def filled(did: int) -> int:
        sheet = laid_out(replace(FIRST_WEEK, goal=GoalLine("Ask", did, target, 1, 6)))
        return sum(item.box[2] - item.box[0] for item in sheet.items if isinstance(item, Plate) and item.ink == FULL)

    steps = [filled(did) for did in range(target + 2)]
    assert steps[0] == 0 < steps[1]
    assert steps == sorted(steps)
    assert steps[target - 1] < steps[target] == steps[target + 1]


def test_more_done_than_wanted_is_said_and_fills_no_more_than_there_is() -> None:
    more = replace(RICH, goal=GoalLine("Ask", 5, 3, 1, 6))
    assert "5 in the last seven days; your target is 3" in words(more)
    enough = replace(RICH, goal=GoalLine("Ask", 3, 3, 1, 6))
    assert [item.box for item in marks(laid_out(more).items, {FULL})] == [
        item.box for item in marks(laid_out(enough).items, {FULL})
    ]


# Who can read it


@pytest.mark.parametrize("ground", [PAGE, CARD], ids=["page", "card"])
@pytest.mark.parametrize("ink", [TEXT, NOTE, NOW], ids=["text", "note", "now"])
def test_text_stands_out_from_its_ground(ink: Colour, ground: Colour) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("ink", [FULL, OPEN, NOW, NOTE], ids=["full", "open", "now", "rest"])
def test_marks_stand_out_from_the_card_and_a_tick_from_its_disc(ink: Colour) -> None:
    assert contrast(ink, CARD) >= 3
    assert contrast(CARD, FULL) >= 3


@pytest.mark.parametrize("theme", [DISCORD_DARK, DISCORD_LIGHT], ids=["dark", "light"])
def test_the_frame_stands_out_from_discord(theme: Colour) -> None:
    assert contrast(FRAME, theme) >= 3


def test_contrast_is_the_ratio_that_the_guidelines_define() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)  # pyright: ignore[reportUnknownMemberType]
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)  # pyright: ignore[reportUnknownMemberType]
    assert contrast(TEXT, CARD) == contrast(CARD, TEXT)


def test_no_letter_is_smaller_than_a_phone_can_show() -> None:
    # A phone shows the picture some 340 points wide, and nine points are the least that reads well.
    assert min(style.size for style in Style) * 340 / WIDTH >= 9


# Whatever the texts are


@given(values)
@settings(max_examples=100, deadline=None)
def test_nothing_overflows_or_overlaps_whatever_the_texts_are(value: Progress) -> None:
    sheet, ruler = laid_out(value), Ruler()
    placed = [item for item in sheet.items if isinstance(item, Words)]
    within = [*cards(sheet), (0, 0, WIDTH, sheet.height)]
    for item in placed:
        assert item.box[0] >= LEFT
        assert item.box[2] <= RIGHT
        assert item.box[2] - item.box[0] >= ruler.width(item.text, item.style)
        card = next(box for box in within if overlap(item.box, box))
        assert inside(item.box, card), item.text
    for one, other in combinations(placed, 2):
        assert not overlap(one.box, other.box), f"{one.text} lies over {other.text}"
    for mark in (item for item in sheet.items if not isinstance(item, Words) and item.box[2] - item.box[0] < INNER):
        assert any(inside(mark.box, box) for box in cards(sheet))
        assert not any(overlap(mark.box, item.box) for item in placed)


@given(values)
@settings(max_examples=40, deadline=None)
def test_all_ink_is_laid_on_the_ground_it_names(value: Progress) -> None:
    shades: dict[tuple[Colour, Colour | None], None] = {}
    below: list[Item] = []
    for item in laid_out(value).items:
        shades[item.ink, item.ground] = None
        plates = [one for one in below if isinstance(one, Plate) and inside(item.box, one.box)]
        assert item.ground == (plates[-1].ink if plates else None)
        below.append(item)
    assert len(shades) <= 16, "more pairs of ink and ground than a palette of 256 has shades for"


@given(values)
@settings(max_examples=15, deadline=None)
def test_a_picture_comes_of_every_value(value: Progress) -> None:
    assert opened(progress_png(value)).width == WIDTH * SCALE


@pytest.mark.parametrize(
    "title", ["每周联系两位前辈", "Thank Ana 🙂", "كل أسبوع", "a\u0304\u0301\u0323 mark", "tab\x00"]
)
def test_a_title_that_the_font_cannot_draw_is_left_out_and_said_in_words(title: str) -> None:
    value = replace(RICH, goal=GoalLine(title, 2, 3, 4, 6))
    assert title not in " ".join(words(value))
    assert "2 of 3 in the last seven days" in words(value)
    assert title in alternative_text(value)


@pytest.mark.parametrize(
    "title",
    ["Écrire à deux aînées", "Zwei Menschen grüßen", "Написать двоим", "Μία ερώτηση", "Gặp hai người", "“A” – b…"],
)
def test_a_title_in_letters_of_europe_or_vietnam_is_drawn(title: str) -> None:
    assert title in words(replace(RICH, goal=GoalLine(title, 2, 3, 4, 6)))


def test_letters_written_in_two_signs_are_drawn_as_one() -> None:
    assert "Café" in words(replace(RICH, goal=GoalLine("Cafe\u0301", 2, 3, 4, 6)))


def test_a_course_section_or_kind_that_the_font_cannot_draw_has_a_name_that_it_can() -> None:
    said = words(replace(RICH, course="求职", sections=[SectionBar("足迹", 1, 2)], categories=[("同学", True)]))
    assert {"Your course", "Section 1", "Kind 1"} <= set(said)


def test_a_long_title_takes_two_lines_and_then_an_ellipsis() -> None:
    ruler = Ruler()
    assert ruler.lines("One short line", Style.BODY, INNER, 2) == ("One short line",)
    both = ruler.lines("Ask a practitioner one good question before Friday, and thank them", Style.BODY, INNER, 2)
    assert len(both) == 2
    assert " ".join(both) == "Ask a practitioner one good question before Friday, and thank them"
    cut = ruler.lines("word " * 60, Style.BODY, INNER, 2)
    assert len(cut) == 2
    assert cut[1].endswith("word…")
    assert not cut[0].endswith("…")


# In words


def picture_texts(value: Progress) -> Iterator[str]:
    yield from (text for text in words(value) if text not in HEADINGS)


@pytest.mark.parametrize("value", [RICH, FIRST_WEEK, replace(RICH, week=0), replace(RICH, week=17)])
def test_the_words_say_all_that_the_picture_says(value: Progress) -> None:
    said = alternative_text(value)
    for text in picture_texts(value):
        assert text.casefold() in said.casefold()


def test_the_words_say_what_each_week_was_and_which_kinds_are_open() -> None:
    assert alternative_text(RICH) == (
        "Career Networking 101: week 10 of 16. "
        "Weeks (active in 6 of the last 8): active 2, 4–5, 7–8, 10; quiet 3, 9; break or pause 6; to come 11–16; "
        "before you joined 1. "
        "Goal: Write to two people whose work I admire (week 4 of 6), 2 of 3 in the last seven days. "
        "Footprint: 9 of 25 answered (See what others see 5 of 5, Protect your accounts 4 of 6, Tidy 0 of 14). "
        "Network: 5 of 9 kinds of people. Known: Peers on your course, People doing the work now, "
        "Someone who gives you advice, Recruiters and hiring managers, Teachers and supervisors. "
        "Still open: 1–3 years ahead of you, Experts you learn from, Alumni of your school, "
        "People who run groups and events. Only you can see this."
    )


@given(values)
@settings(max_examples=100, deadline=None)
def test_the_words_are_never_longer_than_discord_takes(value: Progress) -> None:
    assert 0 < len(alternative_text(value)) <= ALTERNATIVE_LIMIT


def test_long_labels_are_shortened_before_anything_is_left_out() -> None:
    said = alternative_text(WIDEST)
    assert len(said) <= ALTERNATIVE_LIMIT
    assert said.count("99 of 99") == len(WIDEST.sections)
    assert said.endswith(pictures.PRIVATE)


def test_an_inactive_past_needs_no_words_and_no_streak_is_ever_told() -> None:
    for momentum in (Momentum(0, 0), Momentum(0, 8), Momentum(1, 1)):
        assert "of the last" not in alternative_text(replace(FIRST_WEEK, momentum=momentum))
        assert not any("active in" in text for text in words(replace(FIRST_WEEK, momentum=momentum)))
    assert "streak" not in alternative_text(RICH)


def test_the_packaged_labels_are_shown_whole(content: Content) -> None:
    value = replace(
        RICH,
        sections=[SectionBar(one.title, 10, 10) for one in content.checklist.sections],
        categories=[(label, True) for label in content.network.categories.values()],
    )
    assert not any("…" in text for text in words(value))
    assert "…" not in alternative_text(value)


# What it needs


def test_pillow_is_not_loaded_before_a_picture_is_asked_for() -> None:
    asked = "import sys, cogs.pictures; print('PIL' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "False"


def test_the_fonts_come_with_their_licence() -> None:
    folder = ROOT / "cogs/pictures/fonts"
    assert {path.name for path in folder.iterdir()} == {"OFL.txt", *(style.value[0] for style in Style)}
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
