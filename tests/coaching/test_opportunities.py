"""Opportunities: which of them ask for a step, and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import TextMissing, TextTooLong
from bot.coaching.ids import OpportunityId
from bot.coaching.opportunities import (
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
LISTED = st.lists(
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
    unique_by=lambda opportunity: opportunity.id,
)


def test_opportunity_keeps_every_choice_and_a_clean_title() -> None:
    draft = OpportunityDraft(" Summer\n lab ", OpportunityKind.JOB, Source.ALERT, TODAY)
    assert checked_opportunity(draft) == replace(draft, title="Summer lab")
    with pytest.raises(TextMissing, match="The opportunity is empty"):
        checked_opportunity(replace(draft, title=" "))
    with pytest.raises(TextTooLong, match="The opportunity has 61 characters; 60 fit"):
        checked_opportunity(replace(draft, title="t" * 61))


@pytest.mark.parametrize("state", OpportunityState)
def test_deadline_is_near_for_seven_days_until_it_is_sent(state: OpportunityState) -> None:
    near = [days for days in range(-9, 20) if due_soon([replace(SPOTTED, state=state, due_on=in_days(days))], TODAY)]
    assert near == (list(range(8)) if state in UNSENT else [])


@pytest.mark.parametrize("state", OpportunityState)
def test_follow_up_is_due_ten_to_twenty_one_days_after_sending(state: OpportunityState) -> None:
    sent = [replace(SPOTTED, state=state, sent_on=in_days(-days)) for days in range(40)]
    due = [days for days in range(40) if to_follow([sent[days]], TODAY)]
    assert due == (list(range(10, 22)) if state is OpportunityState.SENT else [])
    assert to_follow([replace(sent[12], followed_on=in_days(-1))], TODAY) == []
    assert to_follow([replace(SENT, sent_on=in_days(-30), due_on=in_days(-5))], TODAY) == []


@pytest.mark.parametrize("state", [OpportunityState.YES, OpportunityState.NO])
def test_answer_is_news_for_seven_days_until_thanks(state: OpportunityState) -> None:
    got = [replace(SPOTTED, state=state, state_on=in_days(-days)) for days in range(20)]
    assert answered(got[::-1], state, TODAY) == got[6::-1]
    assert answered([replace(got[0], thanked_on=TODAY)], state, TODAY) == []


@given(LISTED)
def test_most_urgent_comes_first_whatever_the_stored_order(listed: Sequence[Opportunity]) -> None:
    soon = [(one.due_on, one.id) for one in due_soon(listed, TODAY) if one.due_on]
    follow = [(one.sent_on, one.id) for one in to_follow(listed, TODAY) if one.sent_on]
    news = [(one.state_on, one.id) for one in answered(listed, OpportunityState.NO, TODAY)]
    assert (soon, follow, news) == (sorted(soon), sorted(follow), sorted(news))
    assert not {number for _, number in soon} & {number for _, number in follow}
