from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.next_action import LONGEST_COOLDOWN, RULES, Facts, choose
from bot.coaching.nudges import placeholders
from prompts import GUARANTEED, load_content

CONTENT = load_content()
WORDS = CONTENT.rules
ORDER = [rule_id for rule_id, _ in RULES]
MATCHES = dict(RULES)

STEADY = Facts(
    term_week=5,
    has_focus=True,
    has_goal=True,
    goal_over=False,
    target=2,
    did=1,
    idle_weeks=0,
    quick_open=0,
    rechecks_due=0,
    outward_4w=4,
    at_4w=1,
    ask_4w=0,
    give_4w=1,
    listen_only_weeks=0,
    recent_rules=(),
)

COUNT = st.integers(0, 9)


@st.composite
def members(draw: st.DrawFn) -> Facts:
    """Any member there can be: a goal that is over is a goal, and a goal has a target."""
    has_goal = draw(st.booleans())
    outward = draw(COUNT)
    at, ask = draw(st.integers(0, outward)), draw(COUNT)
    return Facts(
        term_week=draw(st.integers(-2, 20)),
        has_focus=draw(st.booleans()),
        has_goal=has_goal,
        goal_over=has_goal and draw(st.booleans()),
        target=draw(st.integers(1, 5)) if has_goal else 0,
        did=draw(COUNT),
        idle_weeks=draw(st.integers(0, 6)),
        quick_open=draw(st.integers(0, 5)),
        rechecks_due=draw(st.integers(0, 3)),
        outward_4w=outward,
        at_4w=at,
        ask_4w=ask,
        give_4w=draw(COUNT),
        listen_only_weeks=draw(st.integers(0, 4)),
        recent_rules=tuple(draw(st.lists(st.sampled_from(ORDER), max_size=LONGEST_COOLDOWN))),
    )


@given(members())
def test_every_member_gets_one_step_and_the_same_one_each_time(facts: Facts) -> None:
    assert choose(facts, WORDS) is choose(replace(facts), dict(sorted(WORDS.items(), reverse=True)))


@given(members())
def test_a_step_is_never_one_whose_rule_does_not_match(facts: Facts) -> None:
    assert MATCHES[choose(facts, WORDS).id](facts)


@given(members())
def test_a_step_is_the_first_that_matches_and_is_not_cooling_down(facts: Facts) -> None:
    chosen = choose(facts, WORDS)
    cooling = {rule.id for rule in WORDS.values() if rule.id in facts.recent_rules[: rule.cooldown_nudges]}
    earlier = [rule_id for rule_id in ORDER[: ORDER.index(chosen.id)] if MATCHES[rule_id](facts)]
    later = [rule_id for rule_id in ORDER[ORDER.index(chosen.id) :] if MATCHES[rule_id](facts)]
    if chosen.id in cooling:
        assert not earlier
        assert set(later) <= cooling
    else:
        assert set(earlier) <= cooling


@given(members())
def test_a_rule_that_just_spoke_waits_its_turn_unless_nothing_else_fits(facts: Facts) -> None:
    first = choose(facts, WORDS)
    second = choose(replace(facts, recent_rules=(first.id, *facts.recent_rules)), WORDS)
    others = [rule_id for rule_id in ORDER if MATCHES[rule_id](facts) and rule_id != first.id]
    if first.cooldown_nudges and facts.has_goal:
        assert second.id != first.id
        assert second.id in others


@given(members())
def test_a_step_always_comes_with_a_text_that_can_be_filled(facts: Facts) -> None:
    chosen = choose(facts, WORDS)
    given_facts = GUARANTEED[chosen.id]
    assert "goal" not in given_facts or facts.has_goal
    assert "field" not in given_facts or facts.has_focus
    assert "item" not in given_facts or facts.quick_open + facts.rechecks_due > 0
    assert any(placeholders(text) <= given_facts for text in CONTENT.situations[chosen.situation].texts)


@given(members())
def test_what_a_rule_looks_back_at_is_never_more_than_the_longest_cool_down(facts: Facts) -> None:
    longer = replace(facts, recent_rules=(facts.recent_rules + ("A23",) * 9)[:LONGEST_COOLDOWN] + tuple(ORDER))
    shorter = replace(longer, recent_rules=longer.recent_rules[:LONGEST_COOLDOWN])
    assert choose(longer, WORDS) is choose(shorter, WORDS)


@given(members())
def test_a_target_that_is_met_is_praised_to_nobody_else(facts: Facts) -> None:
    if choose(facts, WORDS).id == "A11":
        assert facts.did >= facts.target >= 1


@given(members())
def test_without_a_goal_no_step_speaks_of_one(facts: Facts) -> None:
    assert choose(replace(facts, has_goal=False, goal_over=False, target=0), WORDS).done != "goal"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"has_focus": False, "has_goal": False, "quick_open": 5, "term_week": 1}, "A03"),
        ({"term_week": 3, "quick_open": 1, "has_goal": False}, "A04"),
        ({"term_week": 0, "quick_open": 1}, "A04"),
        ({"term_week": 4, "quick_open": 5, "has_goal": False}, "A05"),
        ({"has_goal": False}, "A05"),
        ({"idle_weeks": 3}, "A06"),
        ({"idle_weeks": 9, "goal_over": True}, "A06"),
        ({"idle_weeks": 2}, "A07"),
        ({"goal_over": True, "did": 2}, "A08"),
        ({"did": 2}, "A11"),
        ({"did": 7, "at_4w": 9, "outward_4w": 9}, "A11"),
        ({"outward_4w": 5, "at_4w": 4}, "A13"),
        ({"outward_4w": 5, "at_4w": 3}, "A23"),
        ({"outward_4w": 4, "at_4w": 4}, "A23"),
        ({"ask_4w": 2, "give_4w": 1}, "A14"),
        ({"ask_4w": 2, "give_4w": 2}, "A23"),
        ({"ask_4w": 1, "give_4w": 0}, "A23"),
        ({"listen_only_weeks": 3}, "A15"),
        ({"rechecks_due": 1}, "A19"),
        ({"idle_weeks": 1}, "A21"),
        ({"idle_weeks": 1, "rechecks_due": 1}, "A19"),
        ({"term_week": 8}, "A22"),
        ({"term_week": 0}, "A23"),
        ({}, "A23"),
    ],
)
def test_the_first_thing_that_matters_decides(changes: Mapping[str, int], rule: str) -> None:
    assert choose(replace(STEADY, **changes), WORDS).id == rule  # pyright: ignore[reportArgumentType]


def test_a_member_who_sets_nothing_up_hears_of_focus_and_goal_in_turn() -> None:
    told: list[str] = []
    for week in range(5, 8):
        facts = replace(STEADY, term_week=week, has_focus=False, has_goal=False, recent_rules=tuple(reversed(told)))
        told.append(choose(facts, WORDS).id)
    assert told == ["A03", "A05", "A03"]


def test_a_member_who_stays_quiet_is_offered_a_choice_again_after_three_other_nudges() -> None:
    told: list[str] = []
    for week in range(5, 10):
        facts = replace(STEADY, term_week=week, did=0, idle_weeks=week, recent_rules=tuple(reversed(told)))
        told.append(choose(facts, WORDS).id)
    assert told == ["A06", "A23", "A23", "A22", "A06"]


def test_no_rule_cools_down_for_longer_than_is_looked_back() -> None:
    assert max(rule.cooldown_nudges for rule in WORDS.values()) == LONGEST_COOLDOWN


def test_every_rule_is_chosen_for_somebody() -> None:
    assert len(ORDER) == len(set(ORDER)) == len(WORDS)
