"""Opportunities: in sight while they are open, and for a while after."""

from dataclasses import replace

import pytest

from bot.coaching.ids import EnrolmentId, OpportunityId
from bot.coaching.opportunities import (
    OPEN,
    Opportunity,
    OpportunityDraft,
    OpportunityKind,
    OpportunityState,
    Source,
)
from storage import opportunities
from storage.database import Tx
from tests.storage.course import DAY, TODAY

SHORT = OpportunityDraft("Ward assistant", OpportunityKind.JOB)
WHOLE = OpportunityDraft("Summer school", OpportunityKind.EVENT, Source.WORD_OF_MOUTH, TODAY + 7 * DAY)


def spot(tx: Tx, member: EnrolmentId, title: str = "Ward assistant") -> OpportunityId:
    return opportunities.add(tx, member, replace(SHORT, title=title), TODAY)


def got(tx: Tx, member: EnrolmentId, number: OpportunityId) -> Opportunity:
    found = opportunities.get(tx, member, number)
    assert found is not None
    return found


def titles(tx: Tx, member: EnrolmentId) -> list[str]:
    return [one.title for one in opportunities.kept(tx, member, TODAY)]


@pytest.mark.parametrize("draft", [SHORT, WHOLE])
def test_an_opportunity_begins_as_spotted(tx: Tx, me: EnrolmentId, draft: OpportunityDraft) -> None:
    number = opportunities.add(tx, me, draft, TODAY)
    spotted = Opportunity(number, draft.title, draft.kind, draft.source, draft.due_on, OpportunityState.SPOTTED, TODAY)
    assert got(tx, me, number) == spotted
    assert opportunities.kept(tx, me, TODAY) == [spotted]


def test_changing_what_it_is_leaves_where_it_stands(tx: Tx, me: EnrolmentId) -> None:
    number = spot(tx, me)
    opportunities.set_state(tx, number, OpportunityState.SENT, TODAY + DAY)
    before = got(tx, me, number)
    opportunities.change(tx, number, WHOLE)
    assert got(tx, me, number) == replace(
        before, title=WHOLE.title, kind=WHOLE.kind, source=WHOLE.source, due_on=WHOLE.due_on
    )


@pytest.mark.parametrize("state", list(OpportunityState))
def test_a_state_has_the_day_it_began(tx: Tx, me: EnrolmentId, state: OpportunityState) -> None:
    number = spot(tx, me)
    opportunities.set_state(tx, number, state, TODAY + DAY)
    sent_on = TODAY + DAY if state is OpportunityState.SENT else None
    assert (got(tx, me, number).state, got(tx, me, number).state_on) == (state, TODAY + DAY)
    assert got(tx, me, number).sent_on == sent_on


def test_an_answer_leaves_the_day_it_was_sent_followed_up_and_thanked_for(tx: Tx, me: EnrolmentId) -> None:
    number = spot(tx, me)
    opportunities.set_state(tx, number, OpportunityState.SENT, TODAY)
    opportunities.set_followed(tx, number, TODAY + 10 * DAY)
    opportunities.set_state(tx, number, OpportunityState.YES, TODAY + 12 * DAY)
    opportunities.set_thanked(tx, number, TODAY + 13 * DAY)
    one = got(tx, me, number)
    assert (one.state, one.state_on) == (OpportunityState.YES, TODAY + 12 * DAY)
    assert (one.sent_on, one.followed_on, one.thanked_on) == (TODAY, TODAY + 10 * DAY, TODAY + 13 * DAY)


def test_what_is_sent_again_has_not_been_followed_up(tx: Tx, me: EnrolmentId) -> None:
    number = spot(tx, me)
    opportunities.set_state(tx, number, OpportunityState.SENT, TODAY)
    opportunities.set_followed(tx, number, TODAY + 10 * DAY)
    opportunities.set_state(tx, number, OpportunityState.SENT, TODAY + 20 * DAY)
    assert (got(tx, me, number).sent_on, got(tx, me, number).followed_on) == (TODAY + 20 * DAY, None)


@pytest.mark.parametrize("state", list(OpportunityState))
def test_what_is_closed_is_kept_from_its_day_on_and_what_is_open_always(
    tx: Tx, me: EnrolmentId, state: OpportunityState
) -> None:
    opportunities.set_state(tx, spot(tx, me), state, TODAY)
    seen_since = [bool(opportunities.kept(tx, me, TODAY + days * DAY)) for days in (-1, 0, 1)]
    assert seen_since == [True, True, state in OPEN]


def test_the_newest_comes_last(tx: Tx, me: EnrolmentId) -> None:
    numbers = [spot(tx, me, title) for title in ("first", "second", "third")]
    opportunities.set_state(tx, numbers[0], OpportunityState.NO, TODAY + DAY)
    assert titles(tx, me) == ["first", "second", "third"]


def test_what_is_removed_is_gone_and_the_rest_is_not(tx: Tx, me: EnrolmentId) -> None:
    gone, _ = spot(tx, me, "gone"), spot(tx, me, "here")
    opportunities.remove(tx, gone)
    assert opportunities.get(tx, me, gone) is None
    assert titles(tx, me) == ["here"]


def test_somebody_elses_opportunity_is_not_seen(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    theirs = spot(tx, other)
    assert opportunities.get(tx, me, theirs) is None
    assert titles(tx, me) == []
