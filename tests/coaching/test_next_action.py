from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.next_action import (
    NEW_ACCOUNT_GOALS,
    OCCASIONS,
    RULES,
    Occasion,
    Rule,
    occasions_met,
    options,
)
from bot.coaching.nudges import LONGEST_COOLDOWN, Family, Situation
from bot.coaching.snapshot import Facts
from prompts import load_content
from prompts.next_action import GUARANTEED
from tests.coaching.words import VOCABULARY

CONTENT = load_content()
MATCHES = {one.id: one.matches for one in RULES}
ORDER = list(MATCHES)
MET = {one.id: one.matches for one in OCCASIONS}
OCCASION_ORDER = list(MET)

STEADY = Facts(
    term_week=5,
    has_focus=True,
    has_goal=True,
    goal_type="connect",
    goal_wanted=12,
    target=2,
    did=1,
    outward_4w=4,
    at_4w=1,
    give_4w=1,
    contacts=3,
    categories=3,
    momentum_weeks=3,
    active_weeks=3,
)


@dataclass(frozen=True)
class Words:
    rules: Mapping[str, Rule]
    occasions: Mapping[str, Occasion]
    situations: Mapping[str, Situation]


def choose(facts: Facts, rules: Mapping[str, Rule]) -> Rule:
    """Return the rule that speaks first."""
    situations = {one.situation: Situation(one.situation, {}, ()) for one in rules.values()}
    return next(options(facts, Words(rules, {**CONTENT.occasions}, {**CONTENT.situations, **situations})))[0]


def occasion_for(facts: Facts, rule: Rule, occasions: Mapping[str, Occasion]) -> Occasion | None:
    return next(occasions_met(facts, rule, occasions), None)


COUNT = st.integers(0, 9)
COOLDOWN = st.integers(0, LONGEST_COOLDOWN)


@st.composite
def members(draw: st.DrawFn) -> Facts:
    """Any member there can be: a goal that is over is a goal, one that runs is not paused, and it has a target."""
    has_goal, has_focus = draw(st.booleans()), draw(st.booleans())
    target = draw(st.integers(1, 5)) if has_goal else 0
    at, ask, give, with_ = draw(COUNT), draw(COUNT), draw(COUNT), draw(COUNT)
    conversed, met, others = draw(st.integers(0, 5)), draw(st.integers(0, 2)), draw(st.integers(0, 3))
    contacts = conversed + met + others
    momentum_weeks = draw(st.integers(0, 8))
    return Facts(
        term_week=draw(st.integers(-2, 20)),
        first_note=draw(st.booleans()),
        away_weeks=draw(st.integers(0, 4)),
        has_focus=has_focus,
        low_profile=has_focus and draw(st.booleans()),
        new_accounts=has_focus and draw(st.booleans()),
        has_goal=has_goal,
        goal_paused=not has_goal and draw(st.booleans()),
        goal_over=has_goal and draw(st.booleans()),
        goal_new=has_goal and draw(st.booleans()),
        obstacle_due=has_goal and draw(st.booleans()),
        every_weeks=draw(st.integers(1, 2)) if has_goal else 1,
        goal_type=draw(st.sampled_from(list(VOCABULARY.types))) if has_goal else None,
        goal_did=draw(st.integers(0, 60)) if has_goal else 0,
        goal_wanted=6 * target,
        target=target,
        did=draw(COUNT),
        idle_weeks=draw(st.integers(0, 6)),
        active_weeks=draw(st.integers(0, momentum_weeks)),
        momentum_weeks=momentum_weeks,
        over_box_weeks=draw(st.integers(0, 4)) if has_goal else 0,
        quick_open=draw(st.integers(0, 5)),
        rechecks_due=draw(st.integers(0, 3)),
        outward_4w=at + ask + give + with_,
        at_4w=at,
        ask_4w=ask,
        give_4w=give,
        listen_only_weeks=draw(st.integers(0, 4)),
        contacts=contacts,
        categories=draw(st.integers(min(contacts, 1), min(contacts, 9))),
        conversed=conversed,
        met=met,
        stage_weeks=draw(st.integers(0, 12)) if contacts else None,
        cold=draw(st.integers(0, contacts)),
        unthanked_days=draw(st.none() | st.integers(0, 30)),
        advice_days=draw(st.none() | st.integers(0, 90)),
        unanswered_days=draw(st.none() | st.integers(7, 60)),
        alert_days=draw(st.none() | st.integers(28, 90)),
        deadline_days=draw(st.none() | st.integers(0, 7)),
        sent_days=draw(st.none() | st.integers(10, 21)),
        lapsed_days=draw(st.none() | st.integers(1, 14)),
        searching=draw(st.booleans()),
        review_asked=draw(st.booleans()),
        to_prepare=draw(st.integers(0, 3)),
        openings=draw(st.integers(0, 3)),
        spaces=draw(st.integers(0, 3)),
        open_kinds=draw(st.integers(0, 9)),
        to_greet=draw(st.integers(0, 3)),
        to_invite=draw(st.integers(0, 3)),
        to_give=draw(st.integers(0, 3)),
        won=draw(st.booleans()),
        lost=draw(st.booleans()),
        pause_over=draw(st.booleans()),
        exams_ahead=draw(st.booleans()),
        unanswered_notes=draw(st.integers(0, 8)),
        recent_rules=tuple(draw(st.lists(st.sampled_from(ORDER), max_size=LONGEST_COOLDOWN))),
        recent_occasions=tuple(draw(st.lists(st.none() | st.sampled_from(OCCASION_ORDER), max_size=LONGEST_COOLDOWN))),
    )


def rule_of(rule_id: str, cooldown: int) -> Rule:
    return Rule(rule_id, f"situation {rule_id}", "Do it", 5, "it helps", cooldown)


def occasion_of(occasion_id: str, places: frozenset[str], cooldown: int) -> Occasion:
    return Occasion(occasion_id, places, "it is time", cooldown, tells_rule=True)


# Whatever a course makes of the words and the cool-downs, the promises hold.
WORDS = st.fixed_dictionaries({one: st.builds(rule_of, st.just(one), COOLDOWN) for one in ORDER})
PLACES = st.frozensets(st.sampled_from(ORDER))
OCCASION_WORDS = st.fixed_dictionaries(
    {one: st.builds(occasion_of, st.just(one), PLACES, COOLDOWN) for one in OCCASION_ORDER}
)


# The rule


@given(members(), WORDS)
def test_every_member_gets_one_step_and_the_same_one_each_time(facts: Facts, words: Mapping[str, Rule]) -> None:
    assert choose(facts, words) is choose(replace(facts), dict(sorted(words.items(), reverse=True)))


@given(members(), WORDS)
def test_a_step_is_never_one_whose_rule_does_not_match(facts: Facts, words: Mapping[str, Rule]) -> None:
    assert MATCHES[choose(facts, words).id](facts)


@given(members(), WORDS)
def test_a_step_is_the_first_that_matches_and_is_not_cooling_down(facts: Facts, words: Mapping[str, Rule]) -> None:
    chosen = choose(facts, words)
    cooling = {rule.id for rule in words.values() if rule.id in facts.recent_rules[: rule.cooldown_nudges]}
    earlier = [rule_id for rule_id in ORDER[: ORDER.index(chosen.id)] if MATCHES[rule_id](facts)]
    later = [rule_id for rule_id in ORDER[ORDER.index(chosen.id) :] if MATCHES[rule_id](facts)]
    if chosen.id in cooling:
        assert not earlier
        assert set(later) <= cooling
    else:
        assert set(earlier) <= cooling


@given(members(), WORDS)
def test_a_rule_that_just_spoke_waits_its_turn_unless_nothing_else_fits(
    facts: Facts, words: Mapping[str, Rule]
) -> None:
    first = choose(facts, words)
    told = replace(facts, recent_rules=(first.id, *facts.recent_rules)[:LONGEST_COOLDOWN])
    free = {
        rule_id
        for rule_id in ORDER
        if MATCHES[rule_id](facts) and rule_id not in told.recent_rules[: words[rule_id].cooldown_nudges]
    }
    second = choose(told, words)
    assert second.id in free or not free
    if first.cooldown_nudges and free:
        assert second.id != first.id


@given(members())
def test_when_all_that_fit_are_cooling_down_the_first_of_them_is_told_again(facts: Facts) -> None:
    words = {one: rule_of(one, LONGEST_COOLDOWN) for one in ORDER}
    fitting = [rule_id for rule_id in ORDER if MATCHES[rule_id](facts)]
    told = replace(facts, recent_rules=tuple(reversed(fitting)))
    forgotten = fitting[:-LONGEST_COOLDOWN]
    assert choose(told, words).id == (forgotten or fitting)[0]


@given(members(), WORDS)
def test_what_a_rule_looks_back_at_is_never_more_than_the_longest_cool_down(
    facts: Facts, words: Mapping[str, Rule]
) -> None:
    longer = replace(facts, recent_rules=(facts.recent_rules + ("A23",) * 9)[:LONGEST_COOLDOWN] + tuple(ORDER))
    shorter = replace(longer, recent_rules=longer.recent_rules[:LONGEST_COOLDOWN])
    assert choose(longer, words) is choose(shorter, words)


@pytest.mark.parametrize(
    "added",
    [
        {"deadline_days": 0},
        {"deadline_days": 7},
        {"unthanked_days": 1},
        {"sent_days": 12},
        {"advice_days": 30},
        {"cold": 1},
        {"rechecks_due": 1},
    ],
    ids=str,
)
@given(facts=members(), words=WORDS)
def test_one_more_thing_to_do_never_leads_to_a_step_that_matters_less(
    added: Mapping[str, int], facts: Facts, words: Mapping[str, Rule]
) -> None:
    before = choose(facts, words)
    after = choose(replace(facts, **added), words)  # pyright: ignore[reportArgumentType]
    assert ORDER.index(after.id) <= ORDER.index(before.id)


@given(members(), st.integers(0, 7))
def test_a_deadline_comes_before_everything(facts: Facts, days: int) -> None:
    assert choose(replace(facts, deadline_days=days), CONTENT.rules).id == "A01"


@given(members())
def test_whoever_keeps_a_low_profile_is_not_asked_to_be_seen(facts: Facts) -> None:
    quiet = replace(facts, has_focus=True, low_profile=True)
    assert not {"A15", "A18"} & {rule_id for rule_id in ORDER if MATCHES[rule_id](quiet)}


@given(members(), st.booleans())
def test_without_a_goal_that_runs_no_rule_speaks_of_one(facts: Facts, paused: bool) -> None:
    none = replace(
        facts,
        has_goal=False,
        goal_paused=paused,
        goal_over=False,
        goal_type=None,
        goal_did=0,
        goal_wanted=0,
        target=0,
    )
    about_a_goal = {rule.id for rule in CONTENT.rules.values() if "goal" in rule.done or "goal" in GUARANTEED[rule.id]}
    assert about_a_goal >= {"A06", "A07", "A08", "A11", "A18", "A21", "A23"}
    assert not about_a_goal & {rule_id for rule_id in ORDER if MATCHES[rule_id](none)}


@given(members())
def test_while_a_goal_rests_no_other_is_asked_for(facts: Facts) -> None:
    assert not MATCHES["A05"](replace(facts, has_goal=False, goal_paused=True))


@given(members(), WORDS)
def test_a_target_that_is_met_is_praised_to_nobody_else(facts: Facts, words: Mapping[str, Rule]) -> None:
    if choose(facts, words).id == "A11":
        assert facts.did >= facts.target >= 1


@given(members(), WORDS)
def test_a_step_with_somebody_or_something_is_told_only_when_there_is_one(
    facts: Facts, words: Mapping[str, Rule]
) -> None:
    needed = {
        "A01": facts.deadline_days,
        "A02": facts.unthanked_days,
        "A09": facts.sent_days,
        "A10": facts.advice_days,
        "A16": facts.to_invite or None,
        "A17": facts.cold or None,
        "A19": facts.rechecks_due or None,
        "A04": facts.quick_open or None,
    }
    assert needed.get(choose(facts, words).id, 1) is not None


REACHED: list[tuple[Mapping[str, object], str]] = [
    ({"steps_due": 1, "deadline_days": 4}, "A00"),
    ({"steps_due": 1, "deadline_days": 3}, "A01"),
    ({"steps_due": 1, "unthanked_days": 7}, "A02"),
    ({"deadline_days": 7, "has_focus": False, "has_goal": False}, "A01"),
    ({"deadline_days": 0, "unthanked_days": 1}, "A01"),
    ({"unthanked_days": 0, "has_focus": False}, "A02"),
    ({"unthanked_days": 7}, "A02"),
    ({"unthanked_days": 8}, "A23"),
    ({"has_focus": False, "has_goal": False, "quick_open": 5, "term_week": 1}, "A03"),
    ({"term_week": 3, "quick_open": 1, "has_goal": False}, "A04"),
    ({"term_week": 0, "quick_open": 1}, "A04"),
    ({"term_week": 9, "quick_open": 1, "has_goal": False, "goal_paused": True}, "A04"),
    ({"term_week": 4, "quick_open": 5, "has_goal": False}, "A04"),
    ({"term_week": 8, "quick_open": 5}, "A22"),
    ({"has_goal": False}, "A05"),
    ({"idle_weeks": 3}, "A06"),
    ({"idle_weeks": 9, "goal_over": True}, "A06"),
    ({"idle_weeks": 2}, "A07"),
    ({"goal_over": True, "did": 2}, "A08"),
    ({"sent_days": 10, "did": 2}, "A09"),
    ({"advice_days": 20}, "A23"),
    ({"advice_days": 21, "did": 2}, "A10"),
    ({"advice_days": 56}, "A10"),
    ({"advice_days": 57}, "A23"),
    ({"did": 2}, "A11"),
    ({"did": 7, "at_4w": 9, "outward_4w": 9}, "A11"),
    ({"conversed": 3, "to_invite": 1, "stage_weeks": 4, "over_box_weeks": 2, "at_4w": 9, "outward_4w": 9}, "A16"),
    ({"conversed": 3, "to_invite": 1, "stage_weeks": 3}, "A26"),
    ({"lapsed_days": 3, "has_focus": False}, "A31"),
    ({"spaces": 1, "to_prepare": 1}, "A25"),
    ({"spaces": 1, "low_profile": True}, "A23"),
    ({"to_prepare": 1, "to_greet": 1}, "A29"),
    ({"to_greet": 1, "cold": 1}, "A28"),
    ({"to_give": 1, "searching": True}, "A27"),
    ({"searching": True, "open_kinds": 1}, "A30"),
    ({"searching": True, "openings": 1}, "A23"),
    ({"open_kinds": 1, "rechecks_due": 1}, "A24"),
    ({"open_kinds": 1, "first_note": True}, "A23"),
    ({"goal_over": True, "review_asked": True}, "A23"),
    ({"conversed": 2, "stage_weeks": 4}, "A23"),
    ({"conversed": 3, "stage_weeks": 3}, "A23"),
    ({"conversed": 3, "stage_weeks": 4, "met": 1}, "A23"),
    ({"over_box_weeks": 2, "at_4w": 9, "outward_4w": 9}, "A12"),
    ({"over_box_weeks": 1}, "A23"),
    ({"outward_4w": 5, "at_4w": 4}, "A13"),
    ({"outward_4w": 5, "at_4w": 3}, "A23"),
    ({"outward_4w": 4, "at_4w": 4}, "A23"),
    ({"ask_4w": 2, "give_4w": 1}, "A14"),
    ({"ask_4w": 2, "give_4w": 2}, "A23"),
    ({"ask_4w": 1, "give_4w": 0}, "A23"),
    ({"listen_only_weeks": 3}, "A15"),
    ({"listen_only_weeks": 3, "low_profile": True}, "A23"),
    ({"listen_only_weeks": 2}, "A23"),
    ({"cold": 1, "new_accounts": True}, "A17"),
    ({"new_accounts": True, "rechecks_due": 1}, "A18"),
    ({"new_accounts": True, "goal_type": "visible"}, "A18"),
    ({"new_accounts": True, "goal_type": "learn"}, "A23"),
    ({"new_accounts": True, "low_profile": True}, "A23"),
    ({"rechecks_due": 1, "categories": 0}, "A19"),
    ({"categories": 2, "open_kinds": 7, "recent_rules": ("A24",)}, "A20"),
    ({"categories": 2, "open_kinds": 7, "has_focus": True, "has_goal": False, "goal_paused": True}, "A24"),
    ({"term_week": 8, "outward_4w": 0, "at_4w": 0}, "A23"),
    ({"categories": 2, "term_week": 3}, "A23"),
    ({"idle_weeks": 1, "term_week": 8}, "A21"),
    ({"idle_weeks": 1, "rechecks_due": 1}, "A19"),
    ({"term_week": 8}, "A22"),
    ({"term_week": 0}, "A23"),
    ({"has_goal": False, "goal_paused": True}, "A32"),
    *(
        (
            {"has_goal": False, "goal_paused": True, "recent_rules": tuple(f"A{one}" for one in range(32, last))},
            f"A{last}",
        )
        for last in (33, 34, 35)
    ),
    ({}, "A23"),
]


@pytest.mark.parametrize(("changes", "rule"), REACHED)
def test_the_first_thing_that_matters_decides(changes: Mapping[str, object], rule: str) -> None:
    assert choose(replace(STEADY, **changes), CONTENT.rules).id == rule  # pyright: ignore[reportArgumentType]


def test_every_rule_is_chosen_for_somebody() -> None:
    assert {rule for _, rule in REACHED} == set(ORDER) == set(CONTENT.rules)
    assert len(ORDER) == len(set(ORDER))


def test_a_new_account_is_in_the_way_of_goals_that_there_are() -> None:
    assert set(CONTENT.vocabulary.types) >= NEW_ACCOUNT_GOALS


def weeks_of(facts: Facts, first: int, last: int, *, idle: bool = False) -> list[str]:
    """Tell a member whose facts stay as they are one step a week, and return the rules."""
    told: list[str] = []
    for week in range(first, last + 1):
        now = replace(facts, term_week=week, recent_rules=tuple(reversed(told))[:LONGEST_COOLDOWN])
        told.append(choose(replace(now, did=0, idle_weeks=week) if idle else now, CONTENT.rules).id)
    return told


def test_a_member_who_sets_nothing_up_hears_of_focus_and_goal_and_people() -> None:
    told = weeks_of(replace(STEADY, has_focus=False, has_goal=False), 5, 7)
    assert told == ["A03", "A05", "A32"]


def test_a_member_who_stays_quiet_is_offered_a_choice_again_after_some_nudges() -> None:
    told = weeks_of(STEADY, 5, 10, idle=True)
    assert told == ["A06", "A23", "A23", "A22", "A23", "A06"]


@given(members())
def test_two_bookkeeping_notes_never_come_running(facts: Facts) -> None:
    after = replace(facts, recent_family=Family.BOOKKEEPING)
    for rule, occasion, _ in options(after, CONTENT):
        if occasion is None or occasion.tells_rule:
            assert CONTENT.situations[rule.situation].family is not Family.BOOKKEEPING
        else:
            assert CONTENT.situations[occasion.id].family is not Family.BOOKKEEPING


@given(members())
def test_there_is_always_a_step_that_is_no_bookkeeping(facts: Facts) -> None:
    assert {"A32", "A33", "A34", "A35"} <= {rule.id for rule, _, _ in options(facts, CONTENT)}


@given(members())
def test_nobody_with_a_goal_hears_a_rule_that_cools_down_twice_in_a_row(facts: Facts) -> None:
    first = choose(facts, CONTENT.rules)
    second = choose(replace(facts, recent_rules=(first.id, *facts.recent_rules)), CONTENT.rules)
    if first.cooldown_nudges and facts.has_goal:
        assert second.id != first.id


# The occasion


@given(members(), WORDS, OCCASION_WORDS)
def test_an_occasion_is_the_first_that_is_met_may_take_the_place_and_is_not_cooling_down(
    facts: Facts, words: Mapping[str, Rule], occasions: Mapping[str, Occasion]
) -> None:
    rule = choose(facts, words)
    could = [
        occasion_id
        for occasion_id in OCCASION_ORDER
        if MET[occasion_id](facts)
        and rule.id in occasions[occasion_id].places
        and occasion_id not in facts.recent_occasions[: occasions[occasion_id].cooldown_nudges]
    ]
    chosen = occasion_for(facts, rule, occasions)
    assert (None if chosen is None else chosen.id) == (could[0] if could else None)
    assert chosen is occasion_for(replace(facts), rule, dict(sorted(occasions.items(), reverse=True)))


@given(members(), st.integers(1, LONGEST_COOLDOWN), st.integers(0, LONGEST_COOLDOWN - 1))
def test_an_occasion_that_spoke_is_silent_until_it_has_cooled_down(facts: Facts, cooldown: int, since: int) -> None:
    occasions = {one: occasion_of(one, frozenset(ORDER), cooldown) for one in OCCASION_ORDER}
    rule = choose(facts, CONTENT.rules)
    first = occasion_for(replace(facts, recent_occasions=()), rule, occasions)
    if first is not None:
        told = replace(facts, recent_occasions=(*(None for _ in range(since)), first.id))
        assert (occasion_for(told, rule, occasions) is first) == (since >= cooldown)


@given(members(), OCCASION_WORDS)
def test_what_an_occasion_looks_back_at_is_never_more_than_the_longest_cool_down(
    facts: Facts, occasions: Mapping[str, Occasion]
) -> None:
    longer = replace(facts, recent_occasions=(facts.recent_occasions + (None,) * 9)[:LONGEST_COOLDOWN])
    much_longer = replace(longer, recent_occasions=longer.recent_occasions + tuple(OCCASION_ORDER))
    rule = choose(facts, CONTENT.rules)
    assert occasion_for(much_longer, rule, occasions) is occasion_for(longer, rule, occasions)


@given(members())
def test_who_speaks_up_for_whom_never_changes_what_matters_first(facts: Facts) -> None:
    rule = choose(facts, CONTENT.rules)
    assert choose(replace(facts, recent_occasions=()), CONTENT.rules) is rule


WAITED: list[tuple[Mapping[str, object], str | None]] = [
    ({"pause_over": True, "exams_ahead": True}, "pause_end"),
    ({"exams_ahead": True, "unanswered_notes": 6}, "exam_weeks"),
    ({"unanswered_notes": 6, "won": True}, "backoff_stop"),
    ({"unanswered_notes": 7}, "backoff_stop"),
    ({"unanswered_notes": 5}, None),
    ({"unanswered_notes": 3}, None),
    ({"unanswered_notes": 2, "won": True}, "backoff_ask"),
    ({"unanswered_notes": 1}, None),
    ({"won": True, "lost": True}, "opportunity_won"),
    ({"lost": True, "first_note": True}, "opportunity_lost"),
    ({"goal_ends": True, "away_weeks": 2}, "goal_ends"),
    ({"goal_new": True, "first_note": True}, "goal_new"),
    ({"obstacle_due": True, "unanswered_days": 7}, "obstacle_again"),
    ({"away_weeks": 2, "unanswered_days": 7}, "return"),
    ({"away_weeks": 1}, None),
    ({"goal_over": True, "goal_did": 12}, "goal_achieved"),
    ({"goal_over": True, "goal_did": 11}, None),
    ({"goal_over": True, "goal_did": 12, "review_asked": True}, None),
    ({"did": 2}, None),
    ({"unanswered_days": 7, "alert_days": 28}, "no_reply"),
    ({"alert_days": 28, "momentum_weeks": 8, "active_weeks": 8}, "alert_payoff"),
    ({"bio_days": 3, "momentum_weeks": 8, "active_weeks": 8}, "bio_stale"),
    ({"bio_days": 3, "has_focus": False}, None),
    ({"momentum_weeks": 8, "active_weeks": 5}, "momentum"),
    ({"momentum_weeks": 8, "active_weeks": 4}, None),
    ({"momentum_weeks": 4, "active_weeks": 3}, "momentum"),
    ({"momentum_weeks": 4, "active_weeks": 2}, None),
    ({"momentum_weeks": 8, "active_weeks": 8, "did": 0}, None),
    ({}, None),
]


@pytest.mark.parametrize(("changes", "occasion"), WAITED)
def test_the_first_occasion_that_is_met_takes_the_place(changes: Mapping[str, object], occasion: str | None) -> None:
    facts = replace(STEADY, **changes)  # pyright: ignore[reportArgumentType]
    found = occasion_for(facts, choose(facts, CONTENT.rules), CONTENT.occasions)
    assert (None if found is None else found.id) == occasion


def test_every_occasion_is_met_by_somebody() -> None:
    assert {occasion for _, occasion in WAITED} - {None} == set(OCCASION_ORDER) == set(CONTENT.occasions)
    assert len(OCCASION_ORDER) == len(set(OCCASION_ORDER))
