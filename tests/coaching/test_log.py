from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import BadNumber, TextTooLong, UnknownKind
from bot.coaching.goals import Goal
from bot.coaching.ids import ActionId, GoalId
from bot.coaching.log import Action, ActionDraft, Outcome, checked_action, counted, own_kinds
from prompts import load_content

VOCABULARY = load_content().vocabulary
DAY = date(2027, 3, 1)
MOMENT = datetime(2027, 3, 1, 15, tzinfo=UTC)
CONNECT = Goal(GoalId(1), "connect", "Talk", 2, "If it is Monday, then I will reply", 6, DAY)

GOALS = st.none() | st.builds(
    Goal,
    st.just(GoalId(1)),
    st.sampled_from(list(VOCABULARY.types)),
    st.just("Talk"),
    st.just(1),
    st.just("plan"),
    st.just(6),
    st.just(DAY),
)


def did(*kinds: str) -> list[Action]:
    return [Action(ActionId(n), kind, DAY, MOMENT, None, None, None) for n, kind in enumerate(kinds)]


@given(GOALS)
def test_an_empty_draft_is_the_first_kind_that_is_the_members_own(goal: Goal | None) -> None:
    assert checked_action(ActionDraft(), goal, VOCABULARY) == ActionDraft(own_kinds(goal, VOCABULARY)[0])


def test_without_a_goal_a_note_is_kept_as_a_note() -> None:
    assert checked_action(ActionDraft(note=" a good\n thread "), None, VOCABULARY) == ActionDraft(
        "note", "a good thread"
    )


def test_a_kind_that_does_not_count_toward_the_goal_can_be_logged_all_the_same() -> None:
    assert checked_action(ActionDraft("thank"), CONNECT, VOCABULARY).kind == "thank"


def test_nothing_yet_is_an_outcome_like_any_other() -> None:
    assert checked_action(ActionDraft(outcome=Outcome.NOTHING_YET), CONNECT, VOCABULARY).outcome is Outcome.NOTHING_YET


@given(st.integers(-5, 700))
def test_minutes_are_taken_from_one_to_six_hundred(minutes: int) -> None:
    draft = ActionDraft("reply", minutes=minutes)
    if 1 <= minutes <= 600:
        assert checked_action(draft, None, VOCABULARY) == draft
    else:
        with pytest.raises(BadNumber, match="from 1 to 600"):
            checked_action(draft, None, VOCABULARY)


def test_an_unknown_kind_and_a_note_over_its_limit_are_refused() -> None:
    with pytest.raises(UnknownKind, match="dancing"):
        checked_action(ActionDraft("dancing"), None, VOCABULARY)
    with pytest.raises(TextTooLong, match="The note has 201 characters; 200 fit"):
        checked_action(ActionDraft(note="n" * 201), None, VOCABULARY)


def test_what_counts_toward_the_goal_is_counted_and_nothing_else() -> None:
    assert counted(did("reply", "thank", "reply", "talk", "follow"), CONNECT, VOCABULARY) == 3


def test_without_a_goal_everything_counts() -> None:
    assert counted(did("reply", "thank", "follow"), None, VOCABULARY) == 3


@given(GOALS, st.lists(st.sampled_from([*VOCABULARY.kinds, "a kind that is gone"])))
def test_the_order_of_the_log_and_what_does_not_count_change_no_count(goal: Goal | None, kinds: list[str]) -> None:
    count = counted(did(*kinds), goal, VOCABULARY)
    assert count == counted(did(*reversed(kinds)), goal, VOCABULARY)
    if goal is not None:
        assert count == counted(did(*(kind for kind in kinds if kind in own_kinds(goal, VOCABULARY))), goal, VOCABULARY)
