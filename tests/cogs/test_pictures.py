"""Pictures: what they say, that they can be read, and that nothing a member writes can break one."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.coaching.class_statistics import Withheld
from bot.coaching.cohort import NAME_LIMIT
from bot.coaching.goals import TITLE_LIMIT
from bot.coaching.limits import LABEL_LIMIT
from bot.coaching.momentum import Momentum, TermWeek
from bot.coaching.next_action import Step
from bot.services.me import Me
from bot.services.overview import WeekCount
from cogs import pictures
from cogs.pictures import ALTERNATIVE_LIMIT, AT_ONCE, Bar, Chart, Panel, canvas, in_words
from cogs.pictures.canvas import LEFT, RIGHT, Box, Colour, Plate, Style, Words
from cogs.pictures.cohort import MOST_WEEKS, class_chart
from cogs.pictures.me import NO_GOAL, progress
from tests.cogs.cards.screens import MONDAY, OVERVIEW, RULE, overview_of

PHONE = 340
"""About as many points wide is a picture on a phone of 390."""
ACTIVE, QUIET, REST, BEFORE, AHEAD = TermWeek
WEEKS = (BEFORE, ACTIVE, QUIET, ACTIVE, ACTIVE, REST, ACTIVE, AHEAD, AHEAD)
GOAL_BAR = Bar("", "2 of 3 in the last seven days", 2, 3)
RICH = Chart(
    "Career Networking 101",
    "Week 7 of 9",
    [
        Panel("Your weeks", "active in 4 of the last 5", WEEKS, 7),
        Panel("Your goal", "week 4 of 6", text="Write to two people", bars=[GOAL_BAR]),
        Panel("Your footprint", "9 of 25 answered", bars=[Bar("See", "5 of 5", 5, 5), Bar("Tidy", "4 of 20", 4, 20)]),
        Panel("Your network", "1 of 2 kinds of people", checks=[("Peers on your course", True), ("Experts", False)]),
    ],
    "Only you can see this.",
)
WIDEST = Chart(
    "W" * NAME_LIMIT,
    "The term is over",
    [
        Panel("Your weeks", "active in 8 of the last 8", weeks=([*TermWeek] * 11)[:54], week=40),
        Panel(text="W" * TITLE_LIMIT, bars=[Bar("", "999 in the last seven days; your target is 10", 999, 10)]),
        Panel(bars=[Bar("W" * LABEL_LIMIT, "99 of 99", 99, 99)] * 8),
        Panel(checks=[("W" * LABEL_LIMIT, number % 2 == 0) for number in range(9)]),
        Panel(bars=[Bar("28 September", f"{count} of 10000", None, 10_000) for count in Withheld]),
    ],
)

ME = overview_of(Step(RULE, None, RULE, None, RULE.action, RULE.minutes, RULE.because))
CLASS = class_chart(OVERVIEW) or WIDEST

texts = st.one_of(
    st.text(max_size=TITLE_LIMIT),
    st.text("Wil ,…ŁĐỆЖΩé-", max_size=TITLE_LIMIT),
    st.sampled_from(["e\u0301" * 50, "👩🏽‍🔬 lab", "שלום", "求职网络", "a\nb\r\nc", "\x00\ufeff", "ﷺ", "—" * 90]),
)
counts = st.integers(0, 99)
words = st.sampled_from(["9 of 99", "not counted", f"{Withheld.MOST} of 10000"])
bars = st.lists(st.builds(Bar, texts, words, st.none() | counts, counts), max_size=9)
weeks = st.lists(st.sampled_from(TermWeek), max_size=54)
checks = st.lists(st.tuples(texts, st.booleans()), max_size=9)
panels = st.builds(
    Panel, st.sampled_from(["", "Your goal"]), st.just("1 of 9"), weeks, st.integers(-3, 60), texts, bars, checks
)
charts = st.builds(Chart, texts, st.just("Week 1"), st.lists(panels, max_size=3), st.sampled_from(["", "For you."]))


def lines(chart: Chart) -> list[str]:
    return [item.text for item in canvas.layout(chart).items if isinstance(item, Words)]


def plates(panel: Panel, ink: Colour) -> list[Box]:
    items = canvas.layout(Chart("", "", [panel])).items
    return [item.box for item in items if isinstance(item, Plate) and item.ink == ink]


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def inside(one: Box, other: Box) -> bool:
    return other[0] <= one[0] <= one[2] <= other[2] and other[1] <= one[1] <= one[3] <= other[3]


def silhouette(panel: Panel) -> bytes:
    """Draw the first row of a panel's shapes, without their colours."""
    chart = Chart("", "", [panel])
    _, first = [item.box for item in canvas.layout(chart).items if not isinstance(item, Words)][:2]
    middle = (first[1] + first[3]) // 2
    with Image.open(BytesIO(canvas.png(chart))) as drawn:
        row = drawn.convert("L").crop((LEFT, middle - 21, RIGHT, middle + 21))
    return bytes(shade > 80 for shade in row.tobytes())


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""

    def luminance(colour: Colour) -> float:
        parts = [value / 255 for value in colour]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# How it is drawn


async def test_forty_at_once_are_drawn_a_few_at_a_time_and_alike() -> None:
    drawn = await asyncio.gather(*[pictures.png(RICH) for _ in range(40)])
    assert set(drawn) == {canvas.png(RICH)}
    drawing = [thread for thread in threading.enumerate() if thread.name.startswith("picture")]
    assert 0 < len(drawing) <= AT_ONCE


@given(charts)
@example(WIDEST)
@example(progress(ME))
@example(CLASS)
@settings(max_examples=100)
def test_nothing_overflows_or_overlaps_whatever_the_texts_are(chart: Chart) -> None:
    sheet = canvas.layout(chart)
    cards = [
        item.box for item in sheet.items if isinstance(item, Plate) and item.ink == canvas.CARD and item.radius == 30
    ]
    shapes = [item.box for item in sheet.items if not isinstance(item, Words) and item.box not in cards]
    texts = [item.box for item in sheet.items if isinstance(item, Words)]
    for box in texts:
        assert LEFT <= box[0] <= box[2] <= RIGHT
        assert inside(box, next((card for card in cards if overlap(box, card)), (0, 0, canvas.WIDTH, sheet.y)))
        assert not any(overlap(box, shape) for shape in shapes)
    for box in shapes:
        assert any(inside(box, card) for card in cards)
    assert not any(overlap(one, other) for one, other in combinations(texts, 2))


@given(charts)
@example(WIDEST)
@settings(max_examples=25)
def test_every_chart_becomes_a_small_png_and_fits_in_words(chart: Chart) -> None:
    made = canvas.png(chart)
    with Image.open(BytesIO(made)) as drawn:
        assert (drawn.format, drawn.width) == ("PNG", canvas.WIDTH)
    assert len(made) < 250_000
    assert 0 < len(in_words(chart)) <= ALTERNATIVE_LIMIT


def test_the_longest_texts_are_shown_whole() -> None:
    shown = "".join(lines(WIDEST))
    assert shown.count("W") == NAME_LIMIT + TITLE_LIMIT + 17 * LABEL_LIMIT
    assert "…" not in shown


# Who can read it


def test_every_ink_stands_out_from_its_ground() -> None:
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)  # pyright: ignore[reportUnknownMemberType]
    assert (
        min(
            contrast(ink, ground)
            for ink in (canvas.TEXT, canvas.NOTE, canvas.NOW)
            for ground in (canvas.PAGE, canvas.CARD)
        )
        >= 4.5
    )
    assert min(contrast(ink, canvas.CARD) for ink in (canvas.FULL, canvas.OPEN)) >= 3


def test_no_letter_is_smaller_than_ten_points_on_a_phone() -> None:
    assert min(style.value[1] for style in Style) * PHONE / canvas.WIDTH >= 10


def test_states_differ_by_shape_and_not_by_colour_alone() -> None:
    states = [
        *[Panel(weeks=[week]) for week in TermWeek],
        *[Panel(checks=[("", ticked)]) for ticked in (True, False)],
        *[Panel(bars=[Bar("", "", done, whole)]) for whole in (3, 30) for done in (0, 1, 2)],
    ]
    assert len({silhouette(panel) for panel in states}) == len(states)


def test_the_running_week_alone_is_framed_and_the_legend_names_what_is_there() -> None:
    for week, framed in ((0, 0), (1, 1), (9, 1), (10, 0)):
        assert len(plates(replace(RICH.panels[0], week=week), canvas.NOW)) == framed
    assert lines(Chart("", "", [Panel(weeks=[REST, AHEAD])]))[-2:] == ["break or pause", "to come"]
    assert lines(Chart("", "", [Panel(weeks=[REST])]))[-1] == "break or pause"


# Bars


@pytest.mark.parametrize("whole", [1, 3, 10, 11, 10_000])
def test_a_bar_is_full_only_when_all_is_done_and_empty_only_when_nothing_is(whole: int) -> None:
    def filled(done: int) -> int:
        return sum(right - left for left, _, right, _ in plates(Panel(bars=[Bar("See", "", done, whole)]), canvas.FULL))

    assert filled(0) == 0 < filled(1)
    assert filled(whole - 1) < filled(whole) == filled(whole + 1)
    pieces = plates(Panel(bars=[Bar("See", "", whole, whole)]), canvas.FULL)
    assert len(pieces) == (whole if whole <= canvas.MOST_PIECES else 1)


def test_a_withheld_count_has_no_bar() -> None:
    panel = Panel(bars=[Bar("Plan", "fewer than 5 of 28", None, 28)])
    assert plates(panel, canvas.OPEN) == plates(panel, canvas.FULL) == []
    assert "fewer than 5 of 28" in lines(Chart("", "", [panel]))


# Scripts


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Écrire à deux aînées", "Écrire à deux aînées"),
        ("Cafe\u0301", "Café"),
        ("Написать двоим", "Написать двоим"),
        ("Gặp hai người", "Gặp hai người"),
        ("“A” – 1 < 2 °…", "“A” – 1 < 2 °…"),
        ("Thank 👩🏽‍🔬 Ana 🙂", "Thank Ana"),
        ("a\u0304\u0323 tab\x00", "\u1ea1 tab"),
        ("每周 2 次", ""),
        ("كل أسبوع", ""),
        ("🙂", ""),
    ],
)
def test_symbols_the_font_lacks_are_left_out_and_other_scripts_altogether(text: str, drawn: str) -> None:
    assert canvas.drawable(text) == drawn


def test_what_cannot_be_drawn_has_a_stand_in_and_is_said_in_words() -> None:
    chart = Chart("求职", "Week 1", [Panel(text="每周", bars=[Bar("足迹", "", 1, 2)], checks=[("同学", True)])])
    assert lines(chart) == ["Your course", "Week 1", "", "No. 1", "No. 1"]
    assert all(text in in_words(chart) for text in ("求职", "每周", "足迹", "同学"))


# In words


def test_the_words_say_all_that_the_picture_says() -> None:
    assert in_words(RICH) == (
        "Career Networking 101: week 7 of 9. "
        "Your weeks (active in 4 of the last 5): active 2, 4–5, 7; quiet 3; break or pause 6; to come 8–9; "
        "before you joined 1. "
        "Your goal (week 4 of 6): Write to two people; 2 of 3 in the last seven days. "
        "Your footprint (9 of 25 answered): See: 5 of 5; Tidy: 4 of 20. "
        "Your network (1 of 2 kinds of people): known: Peers on your course; still open: Experts. "
        "Only you can see this."
    )


def test_long_labels_are_shortened_before_anything_is_left_out() -> None:
    said = in_words(WIDEST)
    assert said.count("99 of 99") == 8
    assert said.endswith("28 September: all but fewer than 5 of 10000.")


# Whose


def of(value: Me, **changes: object) -> Chart:
    return progress(replace(value, snapshot=replace(value.snapshot, **changes)))  # pyright: ignore[reportArgumentType]


def moved(momentum: Momentum) -> Chart:
    shown = replace(ME.snapshot)
    vars(shown)["momentum"] = momentum
    return progress(replace(ME, snapshot=shown))


def test_an_inactive_past_needs_no_words_and_there_is_no_streak() -> None:
    for momentum in (Momentum(0, 0), Momentum(0, 8), Momentum(1, 1)):
        assert not moved(momentum).panels[0].note
    assert moved(Momentum(6, 8)).panels[0].note == "active in 6 of the last 8"
    assert "streak" not in in_words(progress(ME))


def test_the_term_the_goal_and_more_than_the_target_are_said() -> None:
    cohort, goal = ME.snapshot.seat.cohort, ME.snapshot.goal
    assert goal is not None
    assert of(ME, today=cohort.starts_on).when == f"Week 1 of {len(ME.snapshot.weeks)}"
    assert of(ME, today=cohort.starts_on - timedelta(weeks=1)).when == "The term has not begun"
    assert of(ME, today=cohort.starts_on + timedelta(weeks=60)).when == "The term is over"
    assert of(ME, today=goal.ends_on).panels[1].note == "its weeks are over"
    assert of(ME).panels[1].bars[0].words == f"999 in the last seven days; your target is {goal.target}"
    assert of(ME, goals=ME.snapshot.goals[1:]).panels[1].note == "it rests"
    assert of(ME, goals=()).panels[1].text == NO_GOAL


def test_a_class_shows_its_newest_weeks_by_count_or_by_what_may_be_told() -> None:
    told = (9, None, Withheld.FEW, 0)
    weeks = [WeekCount(MONDAY + timedelta(weeks=number), told[number % 4], 28) for number in range(52)]
    chart = class_chart(replace(OVERVIEW, weeks=weeks, week=6, of_weeks=12))
    assert chart is not None
    shown = chart.panels[0].bars
    assert len(shown) == MOST_WEEKS
    assert [(bar.words, bar.done) for bar in shown[-4:]] == [
        ("9 of 28", 9), ("not counted", None), ("fewer than 5 of 28", None), ("0 of 28", 0),
    ]  # fmt: skip
    assert shown[-1].label == f"{weeks[-1].week.day} {weeks[-1].week:%B}"
    assert chart.when == "Week 6 of 12"
    assert class_chart(replace(OVERVIEW, weeks=(), facts={"goal": (None, 8)})) is None


def test_the_fonts_come_with_their_licence() -> None:
    folder = Path(pictures.__file__).parent / "fonts"
    assert {path.name for path in folder.iterdir()} == {"OFL.txt", *(style.value[0] for style in Style)}
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
