"""The next step: what it is about, whose words it has, what a text may be filled with, and which text is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.coaching.focus import Connection, Focus, Season
from bot.coaching.footprint import Answer, Answered
from bot.coaching.ids import AlertId, SpaceId
from bot.coaching.log import KindCount, Outcome
from bot.coaching.momentum import Momentum
from bot.coaching.network import Alert, AlertKind, Space, SpaceKind, Stage
from bot.coaching.next_action import WHEN, Step, next_note, next_step, step_for
from bot.coaching.nudges import Delivered, Family, filled
from bot.coaching.opportunities import OpportunityState
from bot.coaching.snapshot import MemberSnapshot
from tests.coaching.one_member import CONTENT, DAY, GOAL, MONDAY, START, WEEK, contact, opening, snapshot

FINE = {item: Answered(Answer.FINE, MONDAY) for item in CONTENT.checklist.quick_start}
FIRST_DAY = "Monday 15 February"
ALERT = Alert(AlertId(5), AlertKind.JOB, "ward *jobs*", None, None, MONDAY, None)
ON_TRACK: dict[str, Any] = {"focus": Focus(("nursing",)), "goals": [GOAL], "answers": FINE}


def member(days: int = 0, **changes: Any) -> MemberSnapshot:
    """Return a member with a focus, a goal, and the quick items done, so many days into the term."""
    return snapshot(START + days * DAY, **ON_TRACK | changes)


def step_of(who: MemberSnapshot, speaker: str, subject: str | None = None) -> Step:
    """Return the step of a rule, or of an occasion in the place of one that it may take."""
    if speaker in CONTENT.rules:
        return step_for(who, CONTENT.rules[speaker], None, subject)
    occasion = CONTENT.occasions[speaker]
    return step_for(who, CONTENT.rules[min(occasion.places)], occasion, subject)


def test_the_next_step_is_the_first_rules_and_the_occasions_that_takes_its_place() -> None:
    who = member(openings=[opening(1, due_on=MONDAY + DAY)])
    step = next_step(who, CONTENT)
    assert (step.rule.id, step.occasion, step.reference) == ("A01", None, "opening:1")
    step = next_step(member(), CONTENT)
    assert (step.rule.id, step.occasion and step.occasion.id) == ("A23", "goal_new")


@pytest.mark.parametrize(
    ("speaker", "changes", "days", "values"),
    [
        (
            "A01",
            {"openings": [opening(1, due_on=MONDAY + 6 * DAY), opening(2, due_on=MONDAY + 2 * DAY)]},
            0,
            {"opening": "Opening 2", "on": "Wednesday 17 February", "closes": "closes Wednesday 17 February"},
        ),
        (
            "A09",
            {"openings": [opening(1, OpportunityState.SENT)]},
            12,
            {"opening": "Opening 1", "on": FIRST_DAY},
        ),
        ("opportunity_won", {"openings": [opening(1, OpportunityState.YES)]}, 1, {"opening": "Opening 1"}),
        ("A02", {"contacts": [contact(1, (0, "interview"))]}, 3, {"who": "Peer 1", "on": FIRST_DAY}),
        (
            "A10",
            {"contacts": [contact(1, (0, "talk", Outcome.ADVICE))]},
            21,
            {"who": "Peer 1", "on": FIRST_DAY},
        ),
        (
            "A17",
            {"contacts": [contact(1, (9, "reply"), stage=Stage.CONVERSED), contact(2, stage=Stage.CONVERSED)]},
            90,
            {"who": "Peer 2", "on": FIRST_DAY},
        ),
        ("no_reply", {"contacts": [contact(1, (0, "ask"))]}, 8, {"who": "Peer 1", "on": FIRST_DAY}),
        ("alert_payoff", {"alerts": [ALERT]}, 30, {"alert": '"ward \\*jobs\\*"', "on": FIRST_DAY}),
        ("A04", {"answers": {}}, 0, {"item": "see.intent"}),
        (
            "A04",
            {"answers": {**FINE, "see.intent": Answered(Answer.LATER, MONDAY)}},
            2,
            {"item": "see.intent", "on": FIRST_DAY},
        ),
        (
            "bio_stale",
            {"bio_checked": MONDAY, "focus": Focus(("x",), changed_at=START + 2 * DAY)},
            9,
            {"on": FIRST_DAY},
        ),
        ("A23", {}, 0, {}),
    ],
)
def test_a_step_is_about_the_first_of_those_it_fits_and_counts_from_its_day(
    speaker: str, changes: dict[str, Any], days: int, values: dict[str, str]
) -> None:
    who = member(days, **changes)
    step = step_of(who, speaker)
    if "item" in values:
        values = {**values, "item": CONTENT.checklist.item(values["item"]).title}
    told = step.values
    assert {name: told[name] for name in ("item", "who", "opening", "alert", "on", "closes") if name in told} == values
    assert WHEN[speaker].gives - {"field", "goal", "plan", "todo", "did", "target", "rate", "span"} <= values.keys()
    assert (step.subject is None) == (step.reference is None)


def test_a_retry_speaks_of_the_same_while_it_is_there() -> None:
    people = [contact(number, stage=Stage.CONVERSED) for number in (1, 2)]
    who = member(40, contacts=people, openings=[opening(3)], alerts=[ALERT])
    assert step_of(who, "A17").reference == "person:1"
    assert step_of(who, "A17", "person:2").subject == people[1]
    assert step_of(who, "A19", "see.intent").reference == "see.intent"
    gone = step_of(who, "A17", "person:999")
    assert gone.subject is None
    assert not {"who", "on"} & gone.values.keys()


def test_the_reason_fits_what_a_connection_means_to_the_member() -> None:
    rule = next(one for one in CONTENT.rules.values() if one.because_for)
    assert step_for(member(), rule).because == rule.because
    for connection in Connection:
        who = member(focus=Focus(("nursing",), connection=connection))
        assert step_for(who, rule).because == rule.because_for[connection]


def test_the_goals_own_small_version_is_told_where_the_rule_asks_for_it() -> None:
    who = member(goals=[replace(GOAL, tiny="Read one *post*")])
    tiny = [rule for rule in CONTENT.rules.values() if rule.tiny]
    assert tiny
    for rule in tiny:
        assert step_for(who, rule).action == "Read one \\*post\\*"
        assert step_for(member(), rule).action == "Give five minutes to this: reply"


def test_the_step_of_a_plan_is_its_act_told_to_the_member() -> None:
    plan = "If I finish my lab, then I will thank my tutor for what she told me."
    step = step_for(member(goals=[replace(GOAL, if_then=plan)]), CONTENT.rules["A23"])
    assert (step.action, step.values["moment"]) == (
        "Thank your tutor for what she told you",
        "when you finish your lab",
    )
    step = step_for(member(goals=[replace(GOAL, if_then="On Fridays")]), CONTENT.rules["A23"])
    assert (step.action, "moment" in step.values) == ("Take the next small step of your plan", False)


def test_a_question_for_a_kind_of_person_is_asked_in_their_field() -> None:
    who = member(7, focus=Focus(("nursing", "data teams")), notes=[Delivered("A23", None, START)])
    step = step_for(who, CONTENT.rules["A24"])
    assert step.reference == "kind:peer"
    assert step.action.startswith("Ask somebody on your course who likes data teams: “")
    again = replace(who, notes=[Delivered("A24", None, START, "ask_kind.1", "kind:peer")])
    assert step_for(again, CONTENT.rules["A24"]).reference == "kind:near_peer"


def test_the_same_person_is_named_in_every_third_note_at_most() -> None:
    kim = [contact(1, (0, "interview"))]
    named = Delivered("A02", None, START, "thank.1", "person:1")
    other = Delivered("A23", None, START + DAY, "on_track.1")
    assert member(3, contacts=kim, notes=[other, named]).facts.unthanked_days is None
    assert member(3, contacts=kim, notes=[other, other, named]).facts.unthanked_days == 3


def test_a_text_is_offered_only_the_facts_that_there_are() -> None:
    alone = snapshot()
    assert step_of(alone, "A03").values.keys() == {"n", "act", "mins", "why", "in_field"}
    who = member(log=[KindCount("reply", 0)])
    values = step_of(who, "A23").values
    assert (values["n"], values["field"], values["plan"]) == ("<@10>", "nursing", GOAL.if_then)
    assert (values["did"], values["target"], values["progress"]) == ("1", "2", "1")
    assert "progress" not in step_of(member(), "A23").values
    active = member(28, active_days=[MONDAY, MONDAY + WEEK])
    values = step_of(active, "A23").values
    assert active.momentum == Momentum(2, 4)
    assert (values["active"], values["weeks"]) == ("2", "4")


def test_an_occasion_that_tells_the_rules_step_has_texts_of_its_own() -> None:
    rule = CONTENT.rules["A23"]
    for occasion in CONTENT.occasions.values():
        step = step_for(member(), rule, occasion)
        assert step.situation == occasion.id
        assert step.speaker == (rule if occasion.tells_rule else occasion)


# Sixteen weeks

FOCUSES = st.none() | st.builds(
    Focus,
    st.sampled_from([("nursing",), ("data analytics", "data teams in Leeds")]),
    st.none() | st.just("find a first placement"),
    season=st.sampled_from([None, *Season]),
    new_accounts=st.booleans(),
)
GOALS = st.lists(
    st.builds(
        replace,
        st.just(GOAL),
        type=st.sampled_from(["connect", "learn", "opportunity"]),
        weeks=st.sampled_from([4, 8]),
        paused_on=st.none() | st.just(MONDAY),
        if_then=st.sampled_from([GOAL.if_then, "On Fridays"]),
    ),
    max_size=1,
)
TOUCHES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["reply", "talk", "interview"]), st.sampled_from([None, *Outcome])),
    max_size=3,
)
PEOPLE = st.lists(TOUCHES, max_size=3).map(
    lambda all_of: [contact(number, *sorted(one, key=lambda touch: touch[0])) for number, one in enumerate(all_of, 1)]
)
STATES = st.fixed_dictionaries(
    {
        "focus": FOCUSES,
        "goals": GOALS,
        "contacts": PEOPLE,
        "answers": st.sampled_from([{}, FINE]),
        "log": st.lists(
            st.builds(KindCount, st.sampled_from(["reply", "note", "invite"]), st.integers(0, 3)), max_size=6
        ),
        "openings": st.sampled_from([[], [opening(1)], [opening(1, due_on=MONDAY + 20 * DAY)]]),
        "spaces": st.sampled_from([[], [Space(SpaceId(1), "Ward café", SpaceKind.CHAT, None)]]),
        "alerts": st.sampled_from([[], [ALERT]]),
        "touched_at": st.sampled_from([None, START + 200 * DAY]),
    }
)
NOTHING: dict[str, Any] = {}


def term(states: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[Delivered]]:
    """Tell a member one note a week, in whatever state they are, and return the words and what was delivered."""
    words: list[str] = []
    notes: list[Delivered] = []
    for week, state in enumerate(states):
        who = snapshot(START + week * WEEK, note_due=START + week * WEEK, notes=notes[::-1], **state)
        step, text = next_note(who, CONTENT, f"5:1:weekly:{week}")
        situation = CONTENT.situations[step.situation]
        told = CONTENT.situations[step.rule.situation] if step.speaker is step.rule else situation
        plan = who.goal.if_then if who.goal else "-"
        words.append(filled(situation.texts[text], step.values).replace(plan, ""))
        rule = step.rule.id if step.speaker is step.rule else ""
        occasion = step.occasion and step.occasion.id
        notes.append(Delivered(rule, occasion, who.now, text, step.reference, told.family))
    return words, notes


@given(st.lists(STATES, min_size=16, max_size=16) | STATES.map(lambda one: 16 * [one]))
@example(16 * [NOTHING])
@example(16 * [ON_TRACK])
@example(16 * [{**ON_TRACK, "log": 3 * [KindCount("reply", 0)], "touched_at": START + 200 * DAY}])
@example(16 * [{"focus": Focus(("nursing",), season=Season.LOW_PROFILE), "touched_at": START + 200 * DAY}])
@settings(max_examples=60)
def test_no_note_comes_twice_in_a_term_and_no_two_bookkeeping_notes_come_running(
    states: Sequence[Mapping[str, Any]],
) -> None:
    words, notes = term(states)
    assert len(set(words)) == 16, [one for one in words if words.count(one) > 1]
    families = [one.family for one in notes if one.family]
    assert (Family.BOOKKEEPING,) * 2 not in set(pairwise(families))
    people = [one.subject if (one.subject or "").startswith("person:") else None for one in notes]
    assert not any(one and one in people[at + 1 : at + 3] for at, one in enumerate(people))
