from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import (
    BadNumber,
    Refusal,
    TargetOverCap,
    TextMissing,
    TextTooLong,
    UnknownKind,
    UnknownTemplate,
)
from bot.coaching.goals import Goal, GoalDraft, checked_goal, counts, is_if_then
from bot.coaching.ids import GoalId
from prompts import load_content

VOCABULARY = load_content().vocabulary
DRAFT = GoalDraft("connect", "Talk with one nurse a week", 2, "If it is Tuesday, then I will reply to a post", 6)
START = date(2027, 2, 15)
GOAL = Goal(GoalId(1), DRAFT.type, DRAFT.title, DRAFT.target, DRAFT.if_then, 6, START)


def test_a_good_draft_is_kept_with_its_texts_on_one_line() -> None:
    draft = replace(DRAFT, title="  Talk with\none nurse  a week ")
    assert checked_goal(draft, VOCABULARY) == DRAFT


@pytest.mark.parametrize("template", list(VOCABULARY.templates))
def test_every_starter_goal_passes_as_it_stands(template: str) -> None:
    starter = VOCABULARY.template(template)
    draft = GoalDraft(starter.type, starter.goal, starter.target, starter.if_then, starter.weeks)
    assert checked_goal(draft, VOCABULARY) == draft


@pytest.mark.parametrize(
    ("draft", "refusal", "names"),
    [
        (replace(DRAFT, type="fame"), UnknownTemplate, "fame"),
        (replace(DRAFT, target=0), TargetOverCap, "1 to 5"),
        (replace(DRAFT, target=6), TargetOverCap, "1 to 5"),
        (replace(DRAFT, weeks=3), BadNumber, "from 4 to 8"),
        (replace(DRAFT, weeks=9), BadNumber, "from 4 to 8"),
        (replace(DRAFT, title=" "), TextMissing, "The goal"),
        (replace(DRAFT, title="t" * 101), TextTooLong, "The goal has 101 characters; 100 fit"),
        (replace(DRAFT, if_then=""), TextMissing, "The plan"),
        (replace(DRAFT, if_then="p" * 141), TextTooLong, "The plan has 141 characters; 140 fit"),
    ],
)
def test_a_draft_with_a_fault_is_refused_with_what_to_change(
    draft: GoalDraft, refusal: type[Refusal], names: str
) -> None:
    with pytest.raises(refusal, match=names):
        checked_goal(draft, VOCABULARY)


@given(st.integers(-3, 20), st.sampled_from(list(VOCABULARY.types)))
def test_a_target_is_taken_from_one_up_to_what_its_type_holds(target: int, type_id: str) -> None:
    draft = replace(DRAFT, type=type_id, target=target)
    if 1 <= target <= VOCABULARY.types[type_id].max_per_week:
        assert checked_goal(draft, VOCABULARY).target == target
    else:
        with pytest.raises(TargetOverCap):
            checked_goal(draft, VOCABULARY)


def test_a_plan_that_is_no_if_then_is_not_refused() -> None:
    assert checked_goal(replace(DRAFT, if_then="On Tuesdays I reply"), VOCABULARY).if_then == "On Tuesdays I reply"


@pytest.mark.parametrize(
    "plan",
    [
        "If it is Tuesday, then I will reply",
        "if I finish class then I will reply",
        "IF the timer rings, THEN I'LL stop",
        "If the timer rings, then I’ll stop",
    ],
)
def test_an_if_then_plan_is_recognised(plan: str) -> None:
    assert is_if_then(plan)


@pytest.mark.parametrize(
    "plan",
    [
        "",
        "I will reply",
        "If it is Tuesday, I reply",
        "Iffy, then I will go",
        "If so, then I will",
        "Then I will, if so",
    ],
)
def test_anything_else_is_not_an_if_then_plan(plan: str) -> None:
    assert not is_if_then(plan)


@given(st.integers(-30, 120))
def test_a_goal_is_in_one_of_its_weeks_and_over_when_they_are(days: int) -> None:
    today = START + timedelta(days=days)
    assert 1 <= GOAL.week(today) <= GOAL.weeks
    assert GOAL.over(today) == (days >= 42)
    if 0 <= days < 42:
        assert START + timedelta(weeks=GOAL.week(today) - 1) <= today < START + timedelta(weeks=GOAL.week(today))


def test_a_goal_ends_on_the_day_after_its_weeks() -> None:
    assert GOAL.ends_on == date(2027, 3, 29)


@given(st.sampled_from(list(VOCABULARY.types)), st.sampled_from(list(VOCABULARY.kinds)))
def test_a_kind_counts_toward_a_goal_exactly_when_its_type_names_it(type_id: str, kind: str) -> None:
    goal_type = VOCABULARY.types[type_id]
    assert counts(goal_type, kind) == (kind in goal_type.counted_actions)


def test_sharing_a_bare_link_counts_toward_no_goal() -> None:
    assert not any(counts(goal_type, "share_link") for goal_type in VOCABULARY.types.values())


def test_an_unknown_kind_or_template_is_refused_by_name() -> None:
    with pytest.raises(UnknownKind, match="dancing"):
        VOCABULARY.kind("dancing")
    with pytest.raises(UnknownTemplate, match="piracy"):
        VOCABULARY.template("piracy")
