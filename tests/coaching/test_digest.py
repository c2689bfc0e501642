"""A digest: short, of the class alone, and never finer than the kept figures."""

from dataclasses import replace
from datetime import date

from bot.coaching.digest import LIMIT, NOT_GRADING, Digest, Hurdle, digest_words, frequent
from bot.coaching.figures import SHARES, Figures
from bot.coaching.small_groups import Band
from bot.coaching.weeks import Break, BreakKind
from tests.coaching.test_closing import OPEN

MONDAY = date(2027, 3, 1)
NOW = Figures(
    32,
    {name: Band(10, 14, 32) for name in SHARES},
    obstacles={"time": Band(10, 14, 20), "nerves": Band(5, 9, 20), "words": Band(0, 4, 20)},
    delivery={"sent": Band(29, 32, 32), "held": Band(0, 4, 32)},
)
BEFORE = replace(NOW, shares={name: Band(5, 9, 32) for name in SHARES})
HURDLES = (Hurdle("I do not find the time", "Set the box together", "Everybody books one box of 20 minutes."),)
VALUE = Digest(OPEN, MONDAY, NOW, BEFORE, HURDLES, 6)


def test_it_says_how_the_class_does_in_one_sentence_with_the_week_before() -> None:
    first = digest_words(VALUE).split("\n")[0]
    assert first == (
        "**PLN 1**: week 3 of 16 begins. About 40\xa0% did something for their network in the last seven days, more "
        "than the week before (about 20\xa0%)."
    )


def test_it_names_the_funnel_the_obstacles_the_hellos_and_delivery() -> None:
    text, share = digest_words(VALUE), "about 40\xa0%"
    for part in (
        f"focus {share} → goal {share} → if-then plan {share} → exchange {share} → meeting {share}",
        "**In the way: I do not find the time.** Five minutes in class, *Set the box together*: Everybody books",
        "**May like a hello**: 6 people. `/cohort checkin` says who and why.",
        "**Notes of the week**: all arrived for over 90\xa0%, not all arrived for under 10\xa0% of the class. `/cohort",
    ):
        assert part in text
    assert text.endswith(NOT_GRADING)


def test_the_two_most_frequent_obstacles_are_told_and_none_that_few_name() -> None:
    assert frequent(NOW) == ["time", "nerves"]
    assert frequent(replace(NOW, obstacles={"words": Band(0, 4, 20)})) == []


def test_what_comes_is_told_for_two_weeks() -> None:
    exams = Break(BreakKind.EXAMS, date(2027, 3, 8), date(2027, 3, 14))
    later = Break(BreakKind.BREAK, date(2027, 3, 15), date(2027, 3, 16))
    text = digest_words(replace(VALUE, cohort=replace(OPEN, breaks=(exams, later))))
    assert "exam weeks, Monday 8 March to Sunday 14 March" in text
    assert "15 March" not in text
    assert "last day, Friday 4 June" in digest_words(replace(VALUE, monday=date(2027, 5, 24)))
    assert "the last week is over" in digest_words(replace(VALUE, monday=date(2027, 6, 7)))


def test_without_figures_or_for_a_small_class_it_says_so() -> None:
    assert "No figures were taken" in digest_words(replace(VALUE, now=None, before=None, hurdles=()))
    assert "from ten members on" in digest_words(replace(VALUE, now=Figures(7), before=None, hurdles=()))
    assert "%" not in digest_words(replace(VALUE, now=Figures(7), before=None, hurdles=()))


def test_it_fits_at_its_longest_and_still_ends_with_what_matters() -> None:
    hurdles = [Hurdle("x" * 80, "y" * 60, "z" * 240)] * 2
    breaks = tuple(Break(BreakKind.EXAMS, date(2027, 3, day), date(2027, 3, day)) for day in range(1, 9))
    text = digest_words(replace(VALUE, cohort=replace(OPEN, name="*" * 60, breaks=breaks), hurdles=hurdles))
    assert len(text) <= LIMIT
    assert text.endswith(NOT_GRADING)
    assert "May like a hello" in text
