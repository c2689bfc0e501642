"""The next step: what it is about, whose words it has, and what a text may be filled with."""

from dataclasses import replace
from typing import Any

import pytest

from bot.coaching.focus import Connection, Focus
from bot.coaching.footprint import Answer, Answered
from bot.coaching.ids import AlertId
from bot.coaching.log import KindCount, Outcome
from bot.coaching.momentum import Momentum
from bot.coaching.network import Alert, AlertKind, Stage
from bot.coaching.next_action import WHEN, Step, next_step, step_for, text_values
from bot.coaching.opportunities import OpportunityState
from bot.coaching.snapshot import MemberSnapshot
from tests.coaching.one_member import CONTENT, DAY, GOAL, MONDAY, START, WEEK, contact, opening, snapshot

FINE = {item: Answered(Answer.FINE, MONDAY) for item in CONTENT.checklist.quick_start}
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
    step = next_step(who, CONTENT.rules, CONTENT.occasions)
    assert (step.rule.id, step.occasion, step.reference) == ("A01", None, "opening:1")
    step = next_step(member(), CONTENT.rules, CONTENT.occasions)
    assert (step.rule.id, step.occasion and step.occasion.id) == ("A23", "first_week")


@pytest.mark.parametrize(
    ("speaker", "changes", "days", "values"),
    [
        (
            "A01",
            {"openings": [opening(1, due_on=MONDAY + 6 * DAY), opening(2, due_on=MONDAY + 2 * DAY)]},
            0,
            {"opening": "Opening 2", "days": "2"},
        ),
        ("A09", {"openings": [opening(1, OpportunityState.SENT)]}, 12, {"opening": "Opening 1", "days": "12"}),
        ("opportunity_won", {"openings": [opening(1, OpportunityState.YES)]}, 1, {"opening": "Opening 1"}),
        ("A02", {"contacts": [contact(1, (0, "interview"))]}, 3, {"who": "Peer 1", "days": "3"}),
        ("A10", {"contacts": [contact(1, (0, "talk", Outcome.ADVICE))]}, 21, {"who": "Peer 1", "days": "21"}),
        (
            "A17",
            {"contacts": [contact(1, (9, "reply"), stage=Stage.CONVERSED), contact(2, stage=Stage.CONVERSED)]},
            90,
            {"who": "Peer 2", "days": "90"},
        ),
        ("no_reply", {"contacts": [contact(1, (0, "ask"))]}, 8, {"who": "Peer 1", "days": "8"}),
        ("alert_payoff", {"alerts": [ALERT]}, 30, {"alert": '"ward \\*jobs\\*"', "days": "30"}),
        ("A04", {"answers": {}}, 0, {"item": "see.intent"}),
        (
            "A04",
            {"answers": {**FINE, "see.intent": Answered(Answer.LATER, MONDAY)}},
            2,
            {"item": "see.intent", "days": "2"},
        ),
        ("bio_stale", {"bio_checked": MONDAY, "focus": Focus(("x",), changed_at=START + 2 * DAY)}, 9, {"days": "9"}),
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
    told = text_values(who, step)
    assert {name: told[name] for name in ("item", "who", "opening", "alert", "days") if name in told} == values
    assert WHEN[speaker].gives - {"field", "goal", "plan", "did", "target"} <= values.keys()
    assert (step.subject is None) == (step.reference is None)


def test_a_retry_speaks_of_the_same_while_it_is_there() -> None:
    people = [contact(number, stage=Stage.CONVERSED) for number in (1, 2)]
    who = member(40, contacts=people, openings=[opening(3)], alerts=[ALERT])
    assert step_of(who, "A17").reference == "person:1"
    assert step_of(who, "A17", "person:2").subject == people[1]
    assert step_of(who, "A19", "see.intent").reference == "see.intent"
    gone = step_of(who, "A17", "person:999")
    assert gone.subject is None
    assert not {"who", "days"} & text_values(who, gone).keys()


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
        assert step_for(member(), rule).action == rule.action


def test_a_text_is_offered_only_the_facts_that_there_are() -> None:
    alone = snapshot()
    assert text_values(alone, step_of(alone, "A03")).keys() == {"n", "act", "mins", "why"}
    who = member(log=[KindCount("reply", 0)])
    values = text_values(who, step_of(who, "A23"))
    assert (values["n"], values["field"], values["plan"]) == ("<@10>", "nursing", GOAL.if_then)
    assert (values["did"], values["target"], values["progress"]) == ("1", "2", "1")
    assert "progress" not in text_values(member(), step_of(member(), "A23"))
    active = member(28, active_days=[MONDAY, MONDAY + WEEK])
    values = text_values(active, step_of(active, "A23"))
    assert active.momentum == Momentum(2, 4)
    assert (values["active"], values["weeks"]) == ("2", "4")


def test_an_occasion_that_tells_the_rules_step_has_texts_of_its_own() -> None:
    rule = CONTENT.rules["A23"]
    for occasion in CONTENT.occasions.values():
        step = step_for(member(), rule, occasion)
        assert step.situation == occasion.id
        assert step.speaker == (rule if occasion.tells_rule else occasion)
