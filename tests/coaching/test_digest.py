"""A digest: short, of the class alone, in exact counts with a register and by the threshold without."""

from dataclasses import replace
from datetime import date

from bot.coaching.class_statistics import Snapshot
from bot.coaching.digest import LIMIT, NOT_GRADING, Digest, Hurdle, active_words, digest_words, note_words
from bot.coaching.weeks import Break, BreakKind
from tests.coaching.test_closing import OPEN

MONDAY = date(2027, 3, 1)
COUNTS = {"active": 12, "focus": 30, "goal": 20, "plan": 16, "exchange": 9, "met": 2}
NOTES = {"note:sent": 24, "note:dms_closed": 2, "note:away": 4, "note:none": 2}
NOW = Snapshot(MONDAY, 32, counts=COUNTS | NOTES)
HURDLES = (Hurdle("I do not find the time", "Set the box together", "Everybody books one box of 20 minutes."),)
VALUE = Digest(OPEN, MONDAY, NOW, 5, False, HURDLES, 6)


def test_digest_begins_with_one_sentence_on_the_class() -> None:
    first = "**PLN 1**: week 3 of 16 begins. 12 of 32 did something last week, 5 more than the week before."
    assert digest_words(VALUE).split("\n")[0] == first
    assert digest_words(replace(VALUE, moved=None)).split("\n")[0] == first.replace(", 5 more than the week before", "")


def test_without_a_register_small_counts_are_withheld() -> None:
    text = digest_words(VALUE)
    steps = "focus all but fewer than 5 · goal 20 · plan 16 · an exchange 9 · a meeting fewer than 5"
    for part in (
        f"**How far they are**, of 32: {steps}",
        "**In the way: I do not find the time.** Five minutes in class, *Set the box together*: Everybody books",
        "**Might welcome a hello**: 6 people. `/cohort checkin` says who and why.",
        "**Notes of the week**: notes arrived for 24 of 32; held: fewer than 5; away: fewer than 5.",
    ):
        assert part in text
    assert text.endswith(NOT_GRADING)


def test_with_a_register_its_facts_are_exact() -> None:
    text = digest_words(replace(VALUE, exact=True))
    assert "focus 30 · goal 20 · plan 16 · an exchange 9 · a meeting fewer than 5" in text
    notes = "24 of 30 notes arrived; 2 held: direct messages closed; 4 away; none due for 2"
    assert f"**Notes of the week**: {notes}." in text


def test_digest_looks_two_weeks_ahead() -> None:
    exams = Break(BreakKind.EXAMS, date(2027, 3, 8), date(2027, 3, 14))
    later = Break(BreakKind.BREAK, date(2027, 3, 15), date(2027, 3, 16))
    text = digest_words(replace(VALUE, cohort=replace(OPEN, breaks=(exams, later))))
    assert "exam weeks, Monday 8 March to Sunday 14 March" in text
    assert "15 March" not in text
    assert "last day, Friday 4 June" in digest_words(replace(VALUE, monday=date(2027, 5, 24)))
    assert "the last week is over" in digest_words(replace(VALUE, monday=date(2027, 6, 7)))


def test_digest_says_when_nothing_can_be_counted() -> None:
    assert "Nothing was counted" in digest_words(replace(VALUE, now=None, moved=None, hurdles=()))
    few = replace(VALUE, now=replace(NOW, members=7), moved=None, hurdles=())
    assert "Class statistics begin at 10 people; this class has 7." in digest_words(few)
    assert "How far they are" not in digest_words(few)
    assert "12 of 7" not in digest_words(few)


def test_active_sentence_says_how_it_moved() -> None:
    assert active_words(18, 28, 3) == "18 of 28 did something last week, 3 more than the week before."
    assert active_words(18, 28, -1) == "18 of 28 did something last week, 1 fewer than the week before."
    assert active_words(18, 28, 0) == "18 of 28 did something last week, as many as the week before."
    assert note_words({"sent": 1, "blocked": 1}, 2, exact=True) == "1 of 2 notes arrived; 1 held: not delivered"


def test_longest_digest_fits_and_keeps_what_matters() -> None:
    hurdles = [Hurdle("x" * 80, "y" * 60, "z" * 240)] * 2
    breaks = tuple(Break(BreakKind.EXAMS, date(2027, 3, day), date(2027, 3, day)) for day in range(1, 9))
    text = digest_words(replace(VALUE, cohort=replace(OPEN, name="*" * 60, breaks=breaks), hurdles=hurdles))
    assert len(text) <= LIMIT
    assert text.endswith(NOT_GRADING)
    assert "Might welcome a hello" in text
