"""The facts that follow from what is known of a member."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.coaching.focus import Focus, Season
from bot.coaching.footprint import Answer, Answered
from bot.coaching.goals import Goal
from bot.coaching.ids import AlertId, GoalId
from bot.coaching.log import KindCount, Outcome
from bot.coaching.momentum import Pause
from bot.coaching.network import Alert, AlertKind, Contact, Stage
from bot.coaching.nudges import Delivered
from bot.coaching.opportunities import Opportunity, OpportunityState
from bot.coaching.snapshot import Facts
from bot.coaching.weeks import Break, BreakKind, Wish
from tests.coaching.one_member import DAY, GOAL, MONDAY, START, WEEK, contact, opening, snapshot

ADVICE = Outcome.ADVICE


def facts(weeks: float, **changes: Any) -> Facts:
    """Return the facts so many weeks after the term began."""
    return snapshot(START + weeks * WEEK, **changes).facts


def on_days(name: str, days: list[int], **changes: Any) -> dict[int, Any]:
    """Return a fact on some days of the term."""
    return {day: getattr(facts(day / 7, **changes), name) for day in days}


def notes(*days: int) -> list[Delivered]:
    """Return the nudges delivered on some days of the term, the newest first."""
    return [Delivered("A23", None, START + day * DAY) for day in sorted(days, reverse=True)]


# Where they stand


def test_the_week_of_the_term_turns_on_the_members_own_monday() -> None:
    sunday_noon = START + 6 * DAY + timedelta(hours=4)
    for zone, week in (("Pacific/Kiritimati", 2), ("Pacific/Pago_Pago", 1)):
        assert snapshot(sunday_noon, wish=Wish(0, 16, zone)).facts.term_week == week


def test_somebody_who_has_nothing_has_no_facts_but_the_week_and_the_open_items() -> None:
    assert facts(0) == Facts(term_week=1, first_note=True, quick_open=5, open_kinds=9)


def test_a_low_profile_leaves_out_what_makes_somebody_easier_to_find() -> None:
    focus = Focus(("nursing",), season=Season.LOW_PROFILE, new_accounts=True)
    given = {item: Answered(Answer.FINE, MONDAY) for item in ("see.search-name", "protect.audience")}
    whole = snapshot(answers=given).checklist
    usual = facts(13, answers=given, focus=replace(focus, season=None))
    quiet = facts(13, answers=given, focus=focus, checklist=whole.for_member(focus, None))
    assert (usual.has_focus, usual.new_accounts, usual.low_profile) == (True, True, False)
    assert (usual.quick_open, usual.rechecks_due) == (4, 2)
    assert (quiet.low_profile, quiet.quick_open, quiet.rechecks_due) == (True, 3, 1)


# The goal


def test_what_counts_is_counted_in_the_last_seven_days_and_since_the_goal_began() -> None:
    log = [KindCount("reply", 0), KindCount("profile", 0), KindCount("reply", 1, 9)]
    since = {GOAL.id: {"reply": 3, "profile": 2}, GoalId(2): {"reply": 9}}
    found = facts(6 - 1 / 7, goals=[GOAL], log=log, since_goal=since)
    assert (found.did, found.target, found.goal_did, found.goal_wanted, found.goal_over) == (1, 2, 3, 12, False)
    assert facts(6, goals=[GOAL], log=log, since_goal=since).goal_over
    assert facts(6, log=log).did == 2


@pytest.mark.parametrize("beside", [[], [replace(GOAL, id=GoalId(2), type="learn", target=3)]])
def test_of_a_goal_that_rests_nothing_counts_and_another_that_runs_takes_its_place(beside: list[Goal]) -> None:
    resting = replace(GOAL, paused_on=MONDAY, box_minutes=15)
    log = [KindCount("note", back, 1, 60) for back in range(4)]
    found = facts(10, goals=[resting, *beside], log=log, since_goal={GOAL.id: {"reply": 3}})
    assert (found.has_goal, found.goal_paused, found.over_box_weeks) == (bool(beside), not beside, 0)
    assert (found.goal_type, found.target, found.goal_did) == (("learn", 3, 0) if beside else (None, 0, 0))
    assert found.did == 1


def test_directions_and_minutes_are_of_four_weeks() -> None:
    kinds = ("post_work", "share_link", "invite", "follow_up", "apply", "credit", "reply", "note")
    log = [KindCount(kind, back % 4, 1, 10) for back, kind in enumerate(kinds)]
    found = facts(4, goals=[replace(GOAL, box_minutes=15)], log=log)
    assert (found.outward_4w, found.at_4w, found.ask_4w, found.give_4w) == (7, 2, 3, 1)
    assert (found.over_box_weeks, found.listen_only_weeks) == (4, 0)
    assert facts(4, log=[KindCount("note", back) for back in range(3)]).listen_only_weeks == 3


# Quiet weeks


@pytest.mark.parametrize(
    ("changes", "idle"),
    [
        ({}, [0, 1, 2, 4]),
        ({"active_at": START + WEEK}, [0, 0, 1, 3]),
        ({"pauses": [Pause(MONDAY + WEEK, MONDAY + 2 * WEEK)]}, [0, 0, 0, 2]),
        # A pause that lasts counts from its end on.
        ({"pause_until": MONDAY + 3 * WEEK}, [0, 0, 0, 1]),
        # What is done in a pause is done, and quiet weeks count from its end.
        ({"active_at": START + WEEK / 2, "pauses": [Pause(MONDAY, MONDAY + 2 * WEEK)]}, [0, 0, 0, 2]),
        ({"breaks": (Break(BreakKind.BREAK, MONDAY + WEEK, MONDAY + 2 * WEEK - DAY),)}, [0, 1, 1, 3]),
    ],
    ids=["none", "active", "paused", "still paused", "active in a pause", "break"],
)
def test_idle_weeks_are_full_weeks_of_neither_break_nor_pause(changes: dict[str, Any], idle: list[int]) -> None:
    assert [facts(weeks, **changes).idle_weeks for weeks in (1 - 1 / 7, 1, 2, 4)] == idle


# Nudges before this one


def test_the_next_nudge_is_the_first_until_one_was_delivered() -> None:
    found = facts(1, notes=[Delivered("", "no_reply", START + DAY), Delivered("A05", None, START)])
    assert (facts(1).first_note, found.first_note) == (True, False)
    assert (found.recent_rules, found.recent_occasions) == (("", "A05"), ("no_reply", None))


@pytest.mark.parametrize(("touched", "count"), [(None, 2), (0, 2), (1, 1), (8, 0)])
def test_a_nudge_is_unanswered_until_something_is_touched_after_it(touched: int | None, count: int) -> None:
    at = None if touched is None else START + touched * DAY - timedelta(hours=1)
    assert facts(2, notes=notes(0, 7), touched_at=at).unanswered_notes == count


@pytest.mark.parametrize(
    ("changes", "weeks"),
    [
        ({}, 3),
        ({"every_weeks": 4}, 0),
        ({"touched_at": None}, 0),
        ({"active_days": [MONDAY, MONDAY + 4 * WEEK - DAY]}, 3),
        ({"active_days": [MONDAY + 2 * WEEK]}, 0),
        ({"pauses": [Pause(MONDAY + DAY, MONDAY + 4 * WEEK - DAY)]}, 0),
        ({"pause_until": MONDAY + 6 * WEEK}, 0),
        ({"breaks": (Break(BreakKind.BREAK, MONDAY + 5 * DAY, MONDAY + 26 * DAY),)}, 0),
        ({"notes": []}, 0),
        ({"notes": notes(0, 21)}, 0),
    ],
    ids=["away", "monthly", "unanswered", "last day", "active", "paused", "still", "break", "no note", "notes came"],
)
def test_somebody_is_back_after_more_weeks_without_a_nudge_or_a_deed_than_their_rhythm_has(
    changes: dict[str, Any], weeks: int
) -> None:
    usual = {"notes": notes(0), "touched_at": START + 30 * DAY}
    assert facts(4, **usual | changes).away_weeks == weeks


def test_a_pause_and_exams_are_spoken_of_by_the_nudge_that_comes_then() -> None:
    exams = (Break(BreakKind.EXAMS, MONDAY + 10 * DAY, MONDAY + 20 * DAY),)
    due = START + 7 * DAY
    assert (facts(0, breaks=exams).exams_ahead, facts(0, pause_until=MONDAY).pause_over) == (False, False)
    assert [facts(0, breaks=exams, note_due=due + back * WEEK).exams_ahead for back in (-1, 0)] == [False, True]
    assert not facts(0, breaks=exams, ends_on=MONDAY + 20 * DAY, note_due=due).exams_ahead
    until = {day: facts(0, pause_until=MONDAY + day * DAY, note_due=due).pause_over for day in (7, 8)}
    assert until == {7: True, 8: False}


@pytest.mark.parametrize(("changed", "days"), [(0, None), (1, 5), (None, None)])
def test_a_bio_is_stale_once_the_focus_changed_after_it_was_checked(changed: int | None, days: int | None) -> None:
    at = None if changed is None else START + changed * DAY
    focus = Focus(("nursing",), changed_at=at)
    assert facts(5 / 7, focus=focus, bio_checked=MONDAY).bio_days == days


# The network


@pytest.mark.parametrize(
    ("name", "people", "days"),
    [
        ("unthanked_days", [contact(1, (0, "interview"))], {7: 7, 8: None}),
        ("unthanked_days", [contact(1, (0, "interview")), contact(2, (5, "reply", Outcome.MEETING))], {7: 7, 8: 3}),
        ("unthanked_days", [contact(1, (0, "interview"), (2, "thank"))], {1: 1, 2: None}),
        ("advice_days", [contact(1, (0, "ask", ADVICE)), contact(2, (30, "ask", ADVICE))], {20: None, 56: 56, 57: 27}),
        ("unanswered_days", [contact(1, (0, "reply")), contact(2, (2, "ask"))], {6: None, 7: 7, 9: 9}),
        ("unanswered_days", [contact(1, (0, "reply"), (2, "talk"))], {9: None}),
        ("stage_weeks", [contact(1, stage=Stage.CONVERSED), contact(2, (7, "talk"))], {6: 0, 28: 3}),
        ("stage_weeks", [contact(1), contact(2, stage=Stage.MET)], {28: None}),
        ("cold", [contact(1, stage=Stage.CONVERSED), contact(2, stage=Stage.ADVOCATE)], {20: 0, 50: 1}),
    ],
)
def test_what_waits_with_somebody_counts_from_its_day(
    name: str, people: list[Contact], days: dict[int, int | None]
) -> None:
    # What is still to come is not logged yet.
    known = {
        day: [replace(one, touches=tuple(t for t in one.touches if t.on <= MONDAY + day * DAY)) for one in people]
        for day in days
    }
    assert {day: getattr(facts(day / 7, contacts=known[day]), name) for day in days} == days


def test_those_who_rest_are_in_the_network_and_nothing_waits_for_them() -> None:
    stages = (Stage.CONVERSED, Stage.CONVERSED, Stage.MET, Stage.ADVOCATE)
    people = [contact(number, stage=stage) for number, stage in enumerate(stages)]
    people[0] = contact(0, (0, "interview", ADVICE), stage=Stage.CONVERSED)
    awake = facts(30 / 7, contacts=people)
    assert (awake.contacts, awake.categories, awake.conversed, awake.met) == (4, 1, 1, 3)
    assert (awake.cold, awake.advice_days) == (1, 30)
    resting = facts(30 / 7, contacts=[replace(one, rested=True) for one in people])
    assert (resting.contacts, resting.categories, resting.conversed, resting.met) == (4, 1, 0, 0)
    assert (resting.cold, resting.advice_days) == (0, None)


def test_an_alert_is_asked_about_four_weeks_after_it_was_last_said_to_be_worth_it() -> None:
    first = Alert(AlertId(1), AlertKind.JOB, "nursing", None, None, MONDAY, None)
    second = replace(first, id=AlertId(2), on_since=MONDAY + DAY)
    assert on_days("alert_days", [27, 28, 40], alerts=[first, second]) == {27: None, 28: 28, 40: 40}
    kept = replace(first, asked_on=MONDAY + 28 * DAY)
    assert on_days("alert_days", [28, 29, 56], alerts=[kept, second]) == {28: None, 29: 28, 56: 55}


# Opportunities


def due(number: int, day: int) -> Opportunity:
    return opening(number, due_on=MONDAY + day * DAY)


SENT = [opening(1, OpportunityState.SENT), opening(2, OpportunityState.SENT, 5)]


@pytest.mark.parametrize(
    ("name", "kept", "days"),
    [
        ("deadline_days", [due(1, 20), due(2, 10)], {2: None, 3: 7, 10: 0, 11: None, 13: 7, 20: 0, 21: None}),
        ("deadline_days", [replace(due(1, 10), state=OpportunityState.DROPPED)], {5: None}),
        ("sent_days", SENT, {9: None, 10: 10, 21: 21, 22: 17, 26: 21, 27: None}),
        ("sent_days", [replace(SENT[0], followed_on=MONDAY + DAY), SENT[1]], {16: 11}),
        ("won", [opening(1, OpportunityState.YES, 1)], {1: True, 7: True, 8: False}),
        ("lost", [opening(1, OpportunityState.NO, 1)], {1: True, 7: True, 8: False}),
        ("lost", [opening(1, OpportunityState.NO, 1, thanked_on=date(2027, 2, 17))], {2: False}),
        ("won", [opening(1, OpportunityState.NO, 1)], {1: False}),
    ],
)
def test_what_waits_with_an_opportunity_counts_to_or_from_its_day(
    name: str, kept: list[Opportunity], days: dict[int, Any]
) -> None:
    assert on_days(name, list(days), openings=kept) == days
