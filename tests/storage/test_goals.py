"""Goals: two run at most, whatever races; one that ended can be read; a conversation is kept until its end."""

import asyncio
from dataclasses import asdict, replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.coaching.goals import (
    Beginning,
    Benefit,
    EndedGoal,
    Goal,
    GoalDraft,
    GoalEnding,
    Obstacle,
    UnfinishedGoal,
    in_focus,
)
from bot.coaching.ids import EnrolmentId, GoalId
from storage import goals
from storage.database import Database, Tx
from tests.storage.course import DAY, ME, NOW, TERM, TODAY, enrol

SHORT = GoalDraft("connect", "Two replies a week", 2, "If it is Friday 9:00, then I will reply to one person", 6)
WHOLE = replace(
    SHORT,
    outcome="Somebody knows my name",
    obstacle=Obstacle.NERVES,
    obstacle_plan="If I get nervous, then I will write it to a friend first",
    tiny="Read one thread",
    box_minutes=30,
)
SAID = UnfinishedGoal(
    Beginning.REPLACE,
    "nursing",
    "connect",
    "Two replies a week",
    "Somebody knows my name",
    2,
    6,
    Obstacle.NERVES,
    "If it is Friday 9:00, then I will reply to one person",
    "If I get nervous, then I will write it to a friend first",
    "Read one thread",
    30,
    GoalId(7),
    GoalEnding.DEEPENED,
)


def start(tx: Tx, member: EnrolmentId, title: str, slot: int) -> GoalId:
    return goals.add(tx, member, replace(SHORT, title=title), slot, TODAY, NOW)


def titles(tx: Tx, member: EnrolmentId) -> list[str]:
    return [goal.title for goal in goals.running(tx, member)]


@pytest.mark.parametrize("draft", [SHORT, WHOLE])
def test_a_goal_runs_as_it_was_written(tx: Tx, me: EnrolmentId, draft: GoalDraft) -> None:
    goal_id = goals.add(tx, me, draft, 1, TODAY, NOW)
    assert goals.running(tx, me) == [Goal(id=goal_id, starts_on=TODAY, term_ends=TERM.ends_on, **asdict(draft))]


def test_a_second_goal_runs_beside_the_first_and_the_older_one_comes_first(tx: Tx, me: EnrolmentId) -> None:
    goals.add(tx, me, replace(SHORT, title="younger"), 1, TODAY, NOW)
    goals.add(tx, me, replace(SHORT, title="older"), 2, TODAY - DAY, NOW)
    assert titles(tx, me) == ["older", "younger"]


def test_a_place_is_free_again_once_its_goal_has_ended(tx: Tx, me: EnrolmentId) -> None:
    assert goals.free_slot(tx, me) == 1
    first = start(tx, me, "first", 1)
    assert goals.free_slot(tx, me) == 2
    second = start(tx, me, "second", 2)
    assert goals.free_slot(tx, me) is None
    goals.end(tx, first, GoalEnding.STOPPED, NOW)
    assert goals.free_slot(tx, me) == 1
    start(tx, me, "third", 1)
    goals.end(tx, second, GoalEnding.STOPPED, NOW)
    assert goals.free_slot(tx, me) == 2


@pytest.mark.parametrize("slot", [1, 2])
def test_a_third_goal_finds_no_place(tx: Tx, me: EnrolmentId, slot: int) -> None:
    start(tx, me, "first", 1)
    start(tx, me, "second", 2)
    with pytest.raises(IntegrityError), tx.begin_nested():
        start(tx, me, "third", slot)
    assert titles(tx, me) == ["first", "second"]


def test_a_goal_that_rests_keeps_its_place(tx: Tx, me: EnrolmentId) -> None:
    goals.set_paused(tx, start(tx, me, "first", 1), TODAY, 0)
    assert goals.free_slot(tx, me) == 2
    with pytest.raises(IntegrityError), tx.begin_nested():
        start(tx, me, "second", 1)


async def test_of_two_that_saw_the_same_free_place_one_gets_it(database: Database) -> None:
    me = await database.transact(lambda tx: enrol(tx, ME))
    await database.transact(lambda tx: start(tx, me, "first", 1))
    both = [database.transact(lambda tx, title=title: start(tx, me, title, 2)) for title in ("second", "third")]
    ended = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(one, IntegrityError) for one in ended) == 1
    assert len(await database.read(lambda tx: titles(tx, me))) == 2


async def test_of_eight_that_start_a_goal_at_once_two_do(database: Database) -> None:
    me = await database.transact(lambda tx: enrol(tx, ME))

    def start_one(tx: Tx) -> GoalId | None:
        slot = goals.free_slot(tx, me)
        return None if slot is None else start(tx, me, f"in place {slot}", slot)

    ended = await asyncio.gather(*(database.transact(start_one) for _ in range(8)), return_exceptions=True)
    assert all(one is None or isinstance(one, int | IntegrityError) for one in ended)
    assert sorted(await database.read(lambda tx: titles(tx, me))) == ["in place 1", "in place 2"]


def test_a_goal_that_rests_makes_way_and_ends_later_by_the_days_of_its_rest(tx: Tx, me: EnrolmentId) -> None:
    first = start(tx, me, "first", 1)
    start(tx, me, "second", 2)
    goals.set_paused(tx, first, TODAY + DAY, 0)
    resting, running = goals.running(tx, me)
    assert (resting.id, resting.paused_on, running.paused_on) == (first, TODAY + DAY, None)
    assert in_focus([resting, running]) == running
    ended = resting.ends_on
    goals.set_paused(tx, first, None, 9)
    again, _ = goals.running(tx, me)
    assert (again.id, again.paused_on, again.starts_on, again.ends_on) == (first, None, TODAY, ended + 9 * DAY)
    assert in_focus([again, running]) == again


def test_a_goal_that_ended_runs_no_more_and_is_read_with_what_was_said_of_it(tx: Tx, me: EnrolmentId) -> None:
    goal_id, _ = start(tx, me, "first", 1), start(tx, me, "second", 2)
    goals.set_reflection(tx, goal_id, "Fridays suit me", Benefit.LEARNING)
    goals.end(tx, goal_id, GoalEnding.KEPT, NOW)
    assert titles(tx, me) == ["second"]
    assert goals.ended(tx, me, 5, "UTC") == [
        EndedGoal("first", TODAY, TODAY, GoalEnding.KEPT, "Fridays suit me", Benefit.LEARNING)
    ]


def test_what_was_said_of_a_goal_can_be_taken_back(tx: Tx, me: EnrolmentId) -> None:
    goal_id = start(tx, me, "first", 1)
    goals.set_reflection(tx, goal_id, "Fridays suit me", Benefit.LEARNING)
    goals.set_reflection(tx, goal_id, None, None)
    goals.end(tx, goal_id, GoalEnding.STOPPED, NOW)
    assert [(one.reflection, one.benefit) for one in goals.ended(tx, me, 5, "UTC")] == [(None, None)]


def test_goals_that_ended_are_read_the_last_one_first_and_no_more_than_asked_for(tx: Tx, me: EnrolmentId) -> None:
    for number in range(4):
        # Two of them at the same moment, as when one card ends both.
        goals.end(tx, start(tx, me, f"goal {number}", 1), GoalEnding.REPLACED, NOW + number // 2 * DAY)
    assert [one.title for one in goals.ended(tx, me, 3, "UTC")] == ["goal 3", "goal 2", "goal 1"]
    assert goals.ended(tx, me, 0, "UTC") == []


@pytest.mark.parametrize("unfinished", [UnfinishedGoal(Beginning.ALONE), SAID])
def test_a_conversation_is_kept_as_far_as_it_has_come(tx: Tx, me: EnrolmentId, unfinished: UnfinishedGoal) -> None:
    assert goals.draft(tx, me) is None
    goals.put_draft(tx, me, unfinished, NOW)
    assert goals.draft(tx, me) == unfinished


def test_a_conversation_begun_anew_keeps_nothing_of_the_one_before(tx: Tx, me: EnrolmentId) -> None:
    goals.put_draft(tx, me, SAID, NOW)
    goals.put_draft(tx, me, UnfinishedGoal(Beginning.BESIDE), NOW + DAY)
    assert goals.draft(tx, me) == UnfinishedGoal(Beginning.BESIDE)


def test_a_conversation_is_dropped_once_and_again_without_harm(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    goals.put_draft(tx, me, SAID, NOW)
    goals.put_draft(tx, other, SAID, NOW)
    for _ in range(2):
        goals.drop_draft(tx, me)
        assert goals.draft(tx, me) is None
    assert goals.draft(tx, other) == SAID
