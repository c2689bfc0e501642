"""The words of the class overview: what reads the same is one line, and what is not shown says why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.coaching.figures import Week, most_named
from bot.coaching.small_groups import Band
from bot.services.overview import ChartBar, ClassChart
from cogs.cards.overview import overview, picture
from cogs.pictures.cohort import ALTERNATIVE_LIMIT, in_words, shares
from tests.cogs.cards.test_limits import OVERVIEW
from tests.cogs.cards.test_privacy_cards import text_of

FEW, HALF = Band(0, 4, 40), Band(18, 22, 40)
TITLES = {"check.a": "See", "check.b": "Protect", "check.c": "Tidy", "check.d": "Respect"}
SEEN = replace(
    OVERVIEW,
    cohort=replace(OVERVIEW.cohort, name="PLN 1"),
    labels=replace(OVERVIEW.labels, checklist=TITLES),
    section=None,
)


def shown(checklist: Mapping[str, Band], found: Mapping[str, Band] | None = None, section: int | None = None) -> str:
    last = SEEN.weeks[-1]
    figures = replace(
        last.figures, counted=40, shares=found or {"active": HALF}, checklist=checklist, obstacles={}, kinds={}
    )
    return text_of(overview(replace(SEEN, weeks=[Week(last.week, figures)], section=section))).replace("\xa0", " ")


def test_sections_of_the_checklist_that_read_the_same_are_one_line() -> None:
    assert "**Checklist answered**: under 10 % in each of its 4 sections\n" in shown(dict.fromkeys(TITLES, FEW))
    assert "**Checklist answered**: not shown in each of its 4 sections\n" in shown({})


def test_the_most_common_of_what_the_sections_say_stands_last_and_names_none_of_them() -> None:
    text = shown({**dict.fromkeys(TITLES, FEW), "check.b": HALF})
    assert "**Checklist answered, by section**\n• Protect: about 50 %\n• each of the other 3: under 10 %\n" in text
    different = {"check.a": HALF, "check.b": FEW, "check.c": Band(28, 32, 40), "check.d": Band(34, 36, 40)}
    assert "• See: about 50 %\n• Protect: under 10 %\n• Tidy: about 75 %\n• Respect: about 90 %\n" in shown(different)
    pairs = {"check.a": HALF, "check.b": FEW, "check.c": HALF}
    assert "• Protect: under 10 %\n• Respect: not shown\n• each of the other 2: about 50 %\n" in shown(pairs)


def test_why_obstacles_are_not_shown_is_said() -> None:
    assert "**What gets in the way of their goals**: not shown this week. Too few people name the same" in shown({})
    assert "what gets in their way are told of the whole class alone." in shown({}, section=7)


def test_the_row_of_weeks_is_in_words_and_says_once_what_stayed_the_same() -> None:
    weeks = [replace(SEEN.weeks[-1], week=SEEN.weeks[-1].week + timedelta(weeks=one)) for one in range(3)]
    figures = [replace(one.figures, shares={} if number == 1 else {"active": HALF}) for number, one in enumerate(weeks)]
    changing = [Week(one.week, found) for one, found in zip(weeks, figures, strict=True)]
    text = text_of(overview(replace(SEEN, weeks=changing))).replace("\xa0", " ")
    assert "**Active, the last weeks**: 50 % · not shown · 50 %\n" in text
    same = [Week(one.week, figures[0]) for one in weeks]
    text = text_of(overview(replace(SEEN, weeks=same))).replace("\xa0", " ")
    assert "**Active, the last weeks**: 50 % in each of the last 3\n" in text
    assert text.count("ot for grading") == 1


def test_the_picture_in_words_names_every_section_however_long_the_roles_are_called() -> None:
    bars = [ChartBar(role, Band(12, 28, 40)) for role in range(10)]
    names = {role: f"{role} {'of the seminar on Wednesday ' * 4}"[:100] for role in range(9)}
    words = in_words(picture(ClassChart(replace(OVERVIEW, weeks=[*OVERVIEW.weeks] * 3), bars), names))
    assert len(words) <= ALTERNATIVE_LIMIT
    for role in range(9):
        assert f"{role} of the seminar on Wednesday…" in words
    assert words.endswith("Section 10 30 to 70\xa0%.")


def test_how_many_were_expected_stands_beside_how_many_are_counted() -> None:
    expecting = replace(SEEN, cohort=replace(SEEN.cohort, expected_size=45))
    counted = expecting.weeks[-1].figures.counted
    assert f"{counted} people of 45 expected are counted" in text_of(overview(expecting))
    not_set = replace(SEEN, cohort=replace(SEEN.cohort, expected_size=None))
    assert f"{counted} people are counted" in text_of(overview(not_set))
    assert "expected" not in text_of(overview(replace(expecting, section=7)))


def test_nothing_is_compared_with_a_week_in_which_others_were_counted() -> None:
    last = SEEN.weeks[-1]
    now = replace(last.figures, counted=40, shares={"active": Band(30, 34, 40)})
    for counted, told in ((40, True), (35, False)):
        before = Week(
            last.week - timedelta(weeks=1), replace(now, counted=counted, shares={"active": Band(0, 4, counted)})
        )
        text = text_of(overview(replace(SEEN, weeks=[before, Week(last.week, now)])))
        assert ("more than the week before" in text) == told


def test_the_bar_of_a_week_has_the_share_of_those_who_were_active_as_the_words_have_it() -> None:
    for active in (Band(0, 4, 25), Band(5, 9, 25), Band(10, 14, 25), Band(21, 25, 25)):
        bar = shares({"none": active.rest, "one": Band(0, 4, 25), "few": Band(0, 4, 25)})
        assert bar is not None
        assert bar["none"] == 100 - active.percent
        assert sum(bar.values()) == 100
        assert min(bar.values()) >= 0


def test_the_obstacle_that_most_name_for_certain_comes_first() -> None:
    named = {"time": Band(5, 14, 25), "nerves": Band(10, 12, 25), "words": Band(0, 4, 25), "": Band(5, 9, 25)}
    assert [name for name, _ in most_named(named)] == ["nerves", "time"]
