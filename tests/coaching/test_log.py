from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import BadNumber, TextTooLong, UnknownKind
from bot.coaching.goals import Direction, Goal
from bot.coaching.ids import ContactId, GoalId
from bot.coaching.log import (
    ActionDraft,
    Balance,
    Directions,
    KindCount,
    Outcome,
    Reciprocity,
    balance,
    checked_action,
    counted,
    directions,
    listening_weeks,
    over_box,
    own_kinds,
    reciprocity,
    times,
)
from tests.coaching.words import DIRECTIONS, VOCABULARY

DAY = date(2027, 3, 1)
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
COUNTS = st.integers(0, 30)
TURNED = st.builds(Directions, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)


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


def test_with_whom_it_was_is_kept() -> None:
    assert checked_action(ActionDraft("talk", contact=ContactId(7)), None, VOCABULARY).contact == ContactId(7)


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


@pytest.mark.parametrize(("goal", "expected"), [(CONNECT, 3), (None, 6)])
def test_with_a_goal_its_own_kinds_count_and_without_one_all(goal: Goal | None, expected: int) -> None:
    assert (
        counted({"reply": 2, "talk": 1, "thank": 1, "follow": 1, "a kind that is gone": 1}, goal, VOCABULARY)
        == expected
    )


def test_kinds_are_added_up_over_the_weeks_asked_for() -> None:
    log = [KindCount("note", 0, 2), KindCount("note", 1), KindCount("reply", 3, 4)]
    assert times(log, 1) == {"note": 2}
    assert times(log) == {"note": 3, "reply": 4}


# Whom steps are turned to


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("note", Directions(listen=1)),
        ("reply", Directions(with_=1)),
        ("credit", Directions(give=1)),
        ("post_work", Directions(at=1)),
        ("apply", Directions(ask=1)),
        ("a kind that is gone", Directions()),
    ],
)
def test_a_step_is_counted_where_its_kind_is_turned_to(kind: str, expected: Directions) -> None:
    assert directions({kind: 1}, VOCABULARY) == expected


@given(st.lists(st.sampled_from([*DIRECTIONS, "a kind that is gone"])))
def test_all_steps_are_counted_once_and_listening_is_not_turned_to_others(kinds: Sequence[str]) -> None:
    turned = directions(Counter(kinds), VOCABULARY)
    known = [DIRECTIONS[kind] for kind in kinds if kind in DIRECTIONS]
    assert turned.listen + turned.outward == len(known)
    assert turned.outward == sum(one is not Direction.LISTEN for one in known)


@pytest.mark.parametrize(
    ("turned", "expected"),
    [
        (Directions(), None),
        (Directions(listen=4), None),
        (Directions(listen=5), Balance.LISTENING),
        (Directions(listen=5, with_=1), None),
        (Directions(at=4), None),
        (Directions(at=5), Balance.TO_EVERYONE),
        (Directions(at=3, with_=2), Balance.MIXED),
        (Directions(at=4, give=1), Balance.TO_EVERYONE),
        (Directions(at=6, ask=4), Balance.MIXED),
        (Directions(at=61, ask=39), Balance.TO_EVERYONE),
        (Directions(at=1, with_=4), Balance.MIXED),
        (Directions(with_=2, give=2, ask=1), Balance.WITH_PEOPLE),
        (Directions(listen=99, with_=5), Balance.WITH_PEOPLE),
    ],
)
def test_a_balance_is_told_in_words_once_there_is_enough_to_tell(turned: Directions, expected: Balance | None) -> None:
    assert balance(turned) is expected


@given(TURNED)
def test_steps_are_called_to_everyone_exactly_above_three_in_five(turned: Directions) -> None:
    told = balance(turned)
    assert (told is Balance.TO_EVERYONE) == (turned.outward >= 5 and 5 * turned.at > 3 * turned.outward)
    assert (told is Balance.WITH_PEOPLE) == (turned.outward >= 5 and turned.at == 0)


@pytest.mark.parametrize(
    ("give", "ask", "expected"),
    [
        (0, 0, None),
        (0, 1, None),
        (1, 0, None),
        (2, 0, Reciprocity.MORE_GIVEN),
        (1, 1, Reciprocity.EVEN),
        (0, 2, Reciprocity.MORE_ASKED),
        (1, 2, Reciprocity.MORE_ASKED),
        (2, 2, Reciprocity.EVEN),
        (3, 2, Reciprocity.MORE_GIVEN),
    ],
)
def test_giving_and_asking_are_told_in_words(give: int, ask: int, expected: Reciprocity | None) -> None:
    assert reciprocity(Directions(give=give, ask=ask, listen=3, with_=4, at=5)) is expected


# Weeks counted back


@given(st.lists(st.integers(1, 60), min_size=4, max_size=4), st.integers(15, 45))
def test_weeks_over_the_box_are_counted_back_to_the_first_that_was_not(minutes: list[int], box: int) -> None:
    log = [KindCount("note", back, 2, spent - 1) for back, spent in enumerate(minutes)]
    log += [KindCount("reply", back, 1, 1) for back in range(4)]
    within = [back for back, spent in enumerate(minutes) if spent <= box]
    assert over_box(log, box) == min(within, default=4)
    assert over_box(log, None) == 0


@pytest.mark.parametrize(
    ("kinds", "weeks"),
    [
        ([], 0),
        (["note"], 1),
        (["note", "follow", "note", "note"], 4),
        (["note", "", "note"], 1),
        (["note", "reply", "note"], 1),
        (["a kind that is gone", "note"], 2),
    ],
)
def test_listening_weeks_are_counted_back_to_one_that_was_more_or_nothing(kinds: list[str], weeks: int) -> None:
    log = [KindCount(kind, back) for back, kind in enumerate(kinds) if kind]
    assert listening_weeks(log, VOCABULARY) == weeks
    assert listening_weeks([*log, KindCount("reply", 0)], VOCABULARY) == 0
