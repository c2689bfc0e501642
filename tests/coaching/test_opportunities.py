from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import TextMissing, TextTooLong
from bot.coaching.ids import OpportunityId
from bot.coaching.opportunities import (
    OPEN,
    UNSENT,
    Opportunity,
    OpportunityDraft,
    OpportunityKind,
    OpportunityState,
    Source,
    answered,
    checked_opportunity,
    due_soon,
    to_follow,
)

TODAY = date(2027, 3, 1)
SPOTTED = Opportunity(
    OpportunityId(1), "Summer lab", OpportunityKind.INTERNSHIP, None, None, OpportunityState.SPOTTED, TODAY
)
SENT = replace(SPOTTED, state=OpportunityState.SENT)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


DAYS = st.none() | st.builds(in_days, st.integers(-60, 60))
KEPT = st.lists(
    st.builds(
        Opportunity,
        st.integers(1, 99).map(OpportunityId),
        st.just("Summer lab"),
        st.sampled_from(OpportunityKind),
        st.none() | st.sampled_from(Source),
        due_on=DAYS,
        state=st.sampled_from(OpportunityState),
        state_on=st.builds(in_days, st.integers(-60, 0)),
        sent_on=DAYS,
        followed_on=DAYS,
        thanked_on=DAYS,
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


def test_an_opportunity_is_kept_with_a_clean_title_and_everything_else_as_chosen() -> None:
    draft = OpportunityDraft(" Summer\n lab ", OpportunityKind.JOB, Source.ALERT, TODAY)
    assert checked_opportunity(draft) == replace(draft, title="Summer lab")


def test_a_title_that_is_empty_or_too_long_is_refused() -> None:
    with pytest.raises(TextMissing, match="The opportunity is empty"):
        checked_opportunity(OpportunityDraft(" ", OpportunityKind.JOB))
    with pytest.raises(TextTooLong, match="The opportunity has 61 characters; 60 fit"):
        checked_opportunity(OpportunityDraft("t" * 61, OpportunityKind.JOB))


@pytest.mark.parametrize(("days", "soon"), [(-1, False), (0, True), (7, True), (8, False)])
def test_a_date_is_near_from_seven_days_before_to_the_day_itself(days: int, *, soon: bool) -> None:
    one = replace(SPOTTED, due_on=in_days(days))
    assert due_soon([one], TODAY) == ([one] if soon else [])


@pytest.mark.parametrize("state", sorted(set(OpportunityState) - UNSENT))
def test_what_was_sent_or_let_go_has_no_date_to_keep(state: OpportunityState) -> None:
    assert due_soon([replace(SPOTTED, due_on=TODAY, state=state)], TODAY) == []


@pytest.mark.parametrize(("days", "due"), [(9, False), (10, True), (21, True), (22, False)])
def test_a_follow_up_is_due_ten_to_twenty_one_days_after_sending(days: int, *, due: bool) -> None:
    one = replace(SENT, sent_on=in_days(-days))
    assert to_follow([one], TODAY) == ([one] if due else [])


def test_a_follow_up_is_asked_for_once_and_only_while_an_answer_may_come() -> None:
    waiting = replace(SENT, sent_on=in_days(-12))
    assert to_follow([replace(waiting, followed_on=in_days(-1))], TODAY) == []
    for state in set(OpportunityState) - {OpportunityState.SENT}:
        assert to_follow([replace(waiting, state=state)], TODAY) == []


@pytest.mark.parametrize("state", [OpportunityState.YES, OpportunityState.NO])
@pytest.mark.parametrize(("days", "news"), [(0, True), (6, True), (7, False)])
def test_an_answer_is_news_for_seven_days(state: OpportunityState, days: int, *, news: bool) -> None:
    one = replace(SPOTTED, state=state, state_on=in_days(-days))
    assert answered([one], state, TODAY) == ([one] if news else [])


def test_an_answer_that_was_thanked_for_is_news_no_more() -> None:
    one = replace(SPOTTED, state=OpportunityState.YES, thanked_on=TODAY)
    assert answered([one], OpportunityState.YES, TODAY) == []


@given(KEPT)
def test_what_asks_for_something_soonest_or_waits_longest_comes_first(kept: Sequence[Opportunity]) -> None:
    soon = [(one.due_on, one.id) for one in due_soon(kept, TODAY) if one.due_on]
    follow = [(one.sent_on, one.id) for one in to_follow(kept, TODAY) if one.sent_on]
    news = [(one.state_on, one.id) for one in answered(kept, OpportunityState.NO, TODAY)]
    assert (soon, follow, news) == (sorted(soon), sorted(follow), sorted(news))


@given(KEPT)
def test_the_order_in_which_they_are_kept_changes_nothing(kept: Sequence[Opportunity]) -> None:
    assert due_soon(kept, TODAY) == due_soon(kept[::-1], TODAY)
    assert to_follow(kept, TODAY) == to_follow(kept[::-1], TODAY)
    assert answered(kept, OpportunityState.YES, TODAY) == answered(kept[::-1], OpportunityState.YES, TODAY)


@given(KEPT)
def test_only_what_is_open_asks_for_a_step(kept: Sequence[Opportunity]) -> None:
    asking = [*due_soon(kept, TODAY), *to_follow(kept, TODAY)]
    assert {one.state for one in asking} <= OPEN
    assert len({one.id for one in asking}) == len(asking)
