"""The log: what an entry may hold, whom steps are turned to, and weeks counted back."""

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
    reciprocity,
    times,
)
from tests.coaching.words import DIRECTIONS, VOCABULARY

DAY = date(2027, 3, 1)
CONNECT = Goal(GoalId(1), "connect", "Talk", 2, "If it is Monday, then I will reply", 6, DAY)
REMOVED = "a removed kind"
COUNTS = st.integers(0, 30)
TURNED = st.builds(Directions, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)


def test_entry_without_a_kind_takes_the_goals_first() -> None:
    assert checked_action(ActionDraft(), CONNECT, VOCABULARY) == ActionDraft("reply")
    assert checked_action(ActionDraft(note=" a good\n thread "), None, VOCABULARY) == ActionDraft(
        "note", "a good thread"
    )


def test_entry_keeps_every_choice_whatever_the_goal() -> None:
    draft = ActionDraft("thank", "a line", 600, Outcome.NOTHING_YET, ContactId(7))
    assert checked_action(draft, CONNECT, VOCABULARY) == draft


@pytest.mark.parametrize(
    ("draft", "refusal", "names"),
    [
        (ActionDraft("dancing"), UnknownKind, "dancing"),
        (ActionDraft(note="n" * 201), TextTooLong, "The note has 201 characters; 200 fit"),
        (ActionDraft(minutes=0), BadNumber, "from 1 to 600"),
        (ActionDraft(minutes=601), BadNumber, "from 1 to 600"),
    ],
)
def test_entry_is_refused_with_what_to_change(draft: ActionDraft, refusal: type[Exception], names: str) -> None:
    with pytest.raises(refusal, match=names):
        checked_action(draft, None, VOCABULARY)


def test_goals_own_kinds_count_and_without_a_goal_all() -> None:
    kinds = {"reply": 2, "talk": 1, "thank": 1, "follow": 1, REMOVED: 1}
    assert counted(kinds, CONNECT, VOCABULARY) == 3
    assert counted(kinds, None, VOCABULARY) == 6


def test_kinds_add_up_over_the_weeks_asked_for() -> None:
    log = [KindCount("note", 0, 2), KindCount("note", 1), KindCount("reply", 3, 4)]
    assert times(log, 1) == {"note": 2}
    assert times(log) == {"note": 3, "reply": 4}


# Whom steps are turned to


def test_each_kind_counts_in_its_direction() -> None:
    kinds = {"note": 1, "reply": 2, "credit": 3, "post_work": 4, "apply": 5, REMOVED: 9}
    assert directions(kinds, VOCABULARY) == Directions(1, 2, 3, 4, 5)


@given(st.lists(st.sampled_from([*DIRECTIONS, REMOVED])))
def test_every_step_counts_once_and_listening_is_not_outward(kinds: Sequence[str]) -> None:
    turned = directions(Counter(kinds), VOCABULARY)
    known = [DIRECTIONS[kind] for kind in kinds if kind in DIRECTIONS]
    assert turned.listen + turned.outward == len(known)
    assert turned.outward == sum(direction is not Direction.LISTEN for direction in known)


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
        (Directions(at=61, ask=39), Balance.TO_EVERYONE),
        (Directions(with_=2, give=2, ask=1), Balance.WITH_PEOPLE),
        (Directions(listen=99, with_=5), Balance.WITH_PEOPLE),
    ],
)
def test_balance_is_named_from_five_steps_on(turned: Directions, expected: Balance | None) -> None:
    assert balance(turned) is expected


@given(TURNED)
def test_steps_are_called_to_everyone_above_three_in_five(turned: Directions) -> None:
    assert (balance(turned) is Balance.TO_EVERYONE) == (turned.outward >= 5 and 5 * turned.at > 3 * turned.outward)
    assert (balance(turned) is Balance.WITH_PEOPLE) == (turned.outward >= 5 and turned.at == 0)


@pytest.mark.parametrize(
    ("give", "ask", "expected"),
    [
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
def test_giving_and_asking_are_compared_in_words(give: int, ask: int, expected: Reciprocity | None) -> None:
    assert reciprocity(Directions(give=give, ask=ask, listen=3, with_=4, at=5)) is expected


# Weeks counted back


@given(st.lists(st.integers(1, 60), min_size=4, max_size=4), st.integers(15, 45))
def test_weeks_over_the_box_are_counted_back_to_one_within(minutes: list[int], box: int) -> None:
    log = [KindCount("note", back, 2, spent - 1) for back, spent in enumerate(minutes)]
    log += [KindCount("reply", back, 1, 1) for back in range(4)]
    within = [back for back, spent in enumerate(minutes) if spent <= box]
    assert over_box(log, box) == min(within, default=4)
    assert over_box(log, None) == 0


@pytest.mark.parametrize(
    ("kinds", "weeks"),
    [
        ([], 0),
        (["note", "follow", "note", "note"], 4),
        (["note", "", "note"], 1),
        (["note", "reply", "note"], 1),
        ([REMOVED, "note"], 2),
    ],
)
def test_listening_weeks_are_counted_back_to_another_week(kinds: list[str], weeks: int) -> None:
    log = [KindCount(kind, back) for back, kind in enumerate(kinds) if kind]
    assert listening_weeks(log, VOCABULARY) == weeks
    assert listening_weeks([*log, KindCount("reply", 0)], VOCABULARY) == 0
