"""The member's log."""

from datetime import timedelta

import pytest

from bot.coaching.errors import BadNumber, NothingToUndo, Refusal, TextTooLong, UnknownKind
from bot.coaching.ids import ActionId
from bot.coaching.log import ActionDraft, Outcome
from tests.services.course import GOAL, START, WEEK, Course, at, member


async def test_an_action_is_logged_on_today_of_the_members_own_calendar(course: Course) -> None:
    await course.join(10, zone="Pacific/Kiritimati", channel=False)
    draft = ActionDraft("reply", "  wrote to   Kim ", 15, Outcome.REPLY)
    logged = await course.log.log(member(10), draft, at(START.date(), 23))
    action = logged.action
    assert (action.kind, action.note, action.minutes, action.outcome) == ("reply", "wrote to Kim", 15, Outcome.REPLY)
    assert action.on == START.date() + timedelta(days=1)
    assert (logged.counted, logged.did, logged.goal) == (True, 1, None)


async def test_without_a_kind_the_goals_own_first_kind_is_logged(course: Course) -> None:
    await course.join(10, channel=False)
    assert (await course.log.log(member(10), ActionDraft(), START)).kind.id == "note"
    await course.goals.save(member(10), GOAL, START, replace=False)
    logged = await course.log.log(member(10), ActionDraft(), START)
    assert (logged.kind.id, logged.counted, logged.did) == ("reply", True, 1)
    assert "reply" not in {kind.id for kind in logged.others}


async def test_a_kind_that_does_not_count_toward_the_goal_says_so(course: Course) -> None:
    await course.join(10, channel=False)
    await course.goals.save(member(10), GOAL, START, replace=False)
    logged = await course.log.log(member(10), ActionDraft("profile"), START)
    assert (logged.counted, logged.did) == (False, 0)
    changed = await course.log.set_kind(member(10), logged.action.id, "ask", START)
    assert (changed.action.id, changed.kind.id, changed.counted, changed.did) == (logged.action.id, "ask", True, 1)


async def test_the_goals_own_kinds_are_offered_first(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    before = await sqlite_course.log.choices(member(10), START)
    assert ([kind.id for kind in before.own], before.has_goal) == (["note"], False)
    await sqlite_course.goals.save(member(10), GOAL, START, replace=False)
    after = await sqlite_course.log.choices(member(10), START)
    assert [kind.id for kind in after.own] == ["reply", "ask", "chat", "talk"]
    assert len(after.own) + len(after.rest) == len(sqlite_course.content.vocabulary.kinds)
    assert not set(after.own) & set(after.rest)


async def test_undo_takes_an_action_out_once(course: Course) -> None:
    await course.join(10, channel=False)
    logged = await course.log.log(member(10), ActionDraft("note"), START)
    await course.log.undo(member(10), logged.action.id, START)
    assert (await course.everything())["action"] == []
    for again in (
        course.log.undo(member(10), logged.action.id, START),
        course.log.set_kind(member(10), logged.action.id, "ask", START),
    ):
        with pytest.raises(NothingToUndo):
            await again


async def test_nobody_touches_somebody_elses_action(course: Course) -> None:
    await course.join(10, 11, channel=False)
    logged = await course.log.log(member(10), ActionDraft("note"), START)
    before = await course.everything()
    for attempt in (
        course.log.undo(member(11), logged.action.id, START),
        course.log.set_kind(member(11), logged.action.id, "ask", START),
        course.log.undo(member(10), ActionId(999), START),
    ):
        with pytest.raises(NothingToUndo):
            await attempt
    assert await course.everything() == before


@pytest.mark.parametrize(
    ("refusal", "draft"),
    [
        (UnknownKind, ActionDraft("dance")),
        (TextTooLong, ActionDraft("note", "x" * 201)),
        (BadNumber, ActionDraft("note", minutes=0)),
        (BadNumber, ActionDraft("note", minutes=601)),
    ],
)
async def test_a_refused_action_leaves_nothing_behind(
    sqlite_course: Course, refusal: type[Refusal], draft: ActionDraft
) -> None:
    await sqlite_course.join(10, channel=False)
    before = await sqlite_course.everything()
    with pytest.raises(refusal):
        await sqlite_course.log.log(member(10), draft, START + WEEK)
    assert await sqlite_course.everything() == before


async def test_an_unknown_kind_changes_no_action(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    logged = await sqlite_course.log.log(member(10), ActionDraft("note"), START)
    before = await sqlite_course.everything()
    with pytest.raises(UnknownKind):
        await sqlite_course.log.set_kind(member(10), logged.action.id, "dance", START)
    assert await sqlite_course.everything() == before
