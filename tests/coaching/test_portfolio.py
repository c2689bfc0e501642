"""The rules of a portfolio: what is next, what is kept when, and what a text may be."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.course_plan import LearningOutcome
from bot.coaching.ids import PortfolioEntryId
from bot.coaching.momentum import WEEK
from bot.coaching.portfolio import (
    TICKED,
    Entry,
    NextStep,
    Offer,
    Portfolio,
    PortfolioKind,
    checked_entry,
    joined_until,
    start_comes,
)

DAY = date(2027, 5, 28)
STARTS = date(2027, 2, 15)


def entry(kind: PortfolioKind, number: int = 1) -> Entry:
    return Entry(PortfolioEntryId(number), kind, f"week:{number}", "x", names_nobody=True, added_on=DAY)


def test_next_step_leads_from_ticking_over_sentences_and_bio_to_the_page() -> None:
    empty = Portfolio("PLN", (STARTS, DAY), DAY, outcomes=(LearningOutcome("ask", "Ask well", "How?"),))
    offer = Offer(PortfolioKind.LINE, "week:1", "A line")
    line, sentence, bio = (
        entry(kind, number)
        for number, kind in enumerate((PortfolioKind.LINE, PortfolioKind.OUTCOME, PortfolioKind.BIO_AFTER))
    )
    assert empty.next is NextStep.SENTENCES
    assert replace(empty, offers=(offer,)).next is NextStep.CHOOSE
    assert replace(empty, offers=(offer,), entries=(line,)).next is NextStep.SENTENCES
    assert replace(empty, entries=(line, sentence)).next is NextStep.BIO
    assert replace(empty, entries=(line, sentence, bio)).next is NextStep.PREVIEW
    assert replace(empty, outcomes=()).next is NextStep.BIO


def test_a_nickname_in_a_text_is_noticed_as_a_word_of_its_own() -> None:
    value = Portfolio("PLN", (STARTS, DAY), DAY, nicknames=("Kim", "Dr. Owl", "José"))
    assert value.names_in("I met kim's class, and Jose.") == ["Kim", "José"]
    assert value.names_in("Thanks, dr owl!") == ["Dr. Owl"]
    assert value.names_in("Kimberley reads") == []


@given(st.dates(date(2027, 1, 1), date(2027, 7, 1)), st.dates(date(2027, 2, 1), date(2027, 3, 1)))
def test_the_first_map_is_kept_on_the_monday_it_is_promised_for(joined_on: date, starts: date) -> None:
    comes = start_comes(joined_on, starts)
    assert comes.weekday() == 0
    assert (comes - joined_on).days >= 14
    until = joined_until(comes, starts)
    assert until is not None
    assert joined_on <= until
    earlier = joined_until(comes - WEEK, starts)
    assert earlier is None or joined_on > earlier


def test_a_bio_keeps_its_lines_and_other_texts_become_one() -> None:
    assert checked_entry(PortfolioKind.BIO_AFTER, " One \n\n\tTwo\u202e ") == "One\n\nTwo"
    assert [checked_entry(kind, " One \n Two ") for kind in TICKED] == ["One Two"] * 3
