"""The words of the class overview and of class statistics: exact, a withheld count, or nothing; never a share."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.class_statistics import Withheld
from bot.services.overview import Overview, WeekCount
from cogs.cards.overview import overview, statistics
from storage.register import RegisterCounts
from tests.cogs.cards.test_limits import MONDAY, OVERVIEW, OWNER, SNAPSHOT, STATISTICS
from tests.cogs.cards.test_privacy_cards import text_of

PEOPLE = RegisterCounts(here=28, coming=0, first_week=MONDAY, goal=20, plan=18)
SEEN = replace(
    OVERVIEW,
    cohort=replace(OVERVIEW.cohort, name="PLN 1", expected_size=30),
    week=6,
    of_weeks=12,
    people=PEOPLE,
    weeks=[WeekCount(MONDAY - timedelta(weeks=1), 15, 28), WeekCount(MONDAY, 18, 28)],
    moved=3,
    so_far=9,
    facts={"goal": (20, 28), "plan": (18, 28), "exchange": (Withheld.FEW, 28)},
    obstacles=None,
    hellos=3,
)
BY_THRESHOLD = replace(
    SEEN, cohort=replace(SEEN.cohort, register=False), exact=False, weeks=[WeekCount(MONDAY, Withheld.MOST, 28)],
    moved=None, so_far=None,
)  # fmt: skip


def words(value: Overview) -> str:
    return text_of(overview(value, OWNER, size=30)).replace("\xa0", " ")


def test_with_a_register_one_sentence_says_how_the_class_is_doing() -> None:
    assert words(SEEN) == (
        "## PLN 1, week 6 of 12\n"
        "**18 of 28 did something last week, 3 more than the week before.** 9 of 28 did something so far this week.\n"
        "-# 28 of 30 joined.\n-# Not for grading."
    )


def test_without_one_the_count_is_withheld_or_waits_for_ten_people() -> None:
    assert "**All but fewer than 5 of 28 did something last week.** 28 of 30 joined." in words(BY_THRESHOLD)
    small = replace(BY_THRESHOLD, people=replace(PEOPLE, here=8), weeks=[WeekCount(MONDAY, None, 8)])
    assert "**Class statistics begin at 10 people.** 8 of 30 joined." in words(small)
    first = replace(BY_THRESHOLD, weeks=())
    assert "**The first class statistics come Monday 13 December, 09:00**" in words(
        replace(first, cohort=replace(first.cohort, zone="Europe/Berlin"))
    )


def test_while_rows_are_to_come_the_card_says_when() -> None:
    waiting = replace(BY_THRESHOLD, cohort=SEEN.cohort, people=replace(PEOPLE, coming=28))
    assert "The register opens for 28 of them seven days after they were told." in words(waiting)


def test_an_empty_class_is_sent_to_the_invitation() -> None:
    assert "**Nobody has joined yet.** `/cohort invite`" in words(replace(SEEN, people=replace(PEOPLE, here=0)))


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"exchange": 3}, "A two-way exchange this term: **fewer than 5 of 28**"),
        ({"exchange": 12}, "A two-way exchange this term: **12 of 28**"),
        ({"goal": 26}, "Goal set: **all but fewer than 5 of 28**"),
    ],
)
def test_statistics_are_counts_by_the_threshold(counts: dict[str, int], line: str) -> None:
    value = replace(STATISTICS, newest=replace(SNAPSHOT, members=28, counts=counts), sections={})
    text = text_of(statistics(value)).replace("\xa0", " ")
    assert line in text
    assert "%" not in text
    assert "others, or no goal: **28**" in text


def test_statistics_by_section_are_told_where_every_cell_passes() -> None:
    newest = replace(SNAPSHOT, members=28, counts={"exchange": 12, "met": 9})
    parts = {
        7: replace(newest, members=14, counts={"exchange": 6, "met": 4}),
        9: replace(newest, members=14, counts={"exchange": 6, "met": 5}),
    }
    text = text_of(statistics(replace(STATISTICS, newest=newest, sections=parts))).replace("\xa0", " ")
    assert "A two-way exchange this term: **12 of 28 (<@&7> 6 of 14, <@&9> 6 of 14)**" in text
    assert "Met somebody this term: **9 of 28**\n" in text


def test_with_a_register_its_facts_are_exact_in_the_statistics_too() -> None:
    newest = replace(SNAPSHOT, members=12, counts={"goal": 2, "exchange": 2})
    text = text_of(statistics(replace(STATISTICS, exact=True, newest=newest, sections={}))).replace("\xa0", " ")
    assert "Goal set: **2 of 12**" in text
    assert "A two-way exchange this term: **fewer than 5 of 12**" in text


def test_below_ten_people_there_are_no_statistics() -> None:
    text = text_of(statistics(replace(STATISTICS, newest=replace(SNAPSHOT, members=9))))
    assert "**They begin at 10 people.** 9 were counted last." in text
