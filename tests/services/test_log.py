"""Logging what one did, and setting it right."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

import pytest

from bot.coaching.errors import BadNumber, NothingToUndo, Refusal, TextTooLong, UnknownContact, UnknownKind
from bot.coaching.ids import ActionId, ContactId, GuildId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import Category, ContactDraft, Stage
from bot.services.log import With
from bot.services.nudges import SettingsChange
from storage.database import open_database
from tests.services.course import START, TERM_START, WEEK, Course, at, member

DAY = timedelta(days=1)
Wrong: TypeAlias = tuple[type[Refusal], Awaitable[object]]


@pytest.fixture
async def course(sqlite_course: Course) -> Course:
    """A course with two members; what differs between the databases is tested with the store, and with races."""
    await sqlite_course.join(10, 11, channel=False)
    return sqlite_course


async def knows(course: Course, user_id: int, nickname: str) -> ContactId:
    draft = ContactDraft(nickname, Category.PRACTITIONER)
    return (await course.network.add_person(member(user_id), draft, START)).contact.id


async def test_action_is_logged_today_on_the_members_calendar(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(zone="Pacific/Kiritimati"), START)
    late = at(TERM_START, 23)
    logged = await course.log.log(member(10), ActionDraft("note", "  a good   thread ", 10), late)
    assert (logged.action.on, logged.action.at) == (TERM_START + DAY, late)
    assert (logged.action.note, logged.action.minutes) == ("a good thread", 10)


async def test_default_kind_is_the_goals_first(course: Course) -> None:
    assert (await course.log.log(member(10), ActionDraft(), START)).kind.id == "note"
    await course.set_goal(10)
    logged = await course.log.log(member(10), ActionDraft(), START)
    assert (logged.kind.id, logged.counted, logged.did) == ("reply", True, 1)


async def test_kind_that_does_not_count_toward_the_goal_says_so(course: Course) -> None:
    await course.set_goal(10)
    logged = await course.log.log(member(10), ActionDraft("profile"), START)
    assert (logged.counted, logged.did) == (False, 0)
    changed = await course.log.edit(member(10), logged.action.id, ActionDraft("ask"), START)
    assert (changed.action.id, changed.kind.id, changed.counted, changed.did) == (logged.action.id, "ask", True, 1)


async def test_goals_own_kinds_are_offered_first(course: Course) -> None:
    before = await course.log.choices(member(10), START)
    assert ([kind.id for kind in before.own], before.has_goal, before.has_last) == (["note"], False, False)
    await course.set_goal(10)
    await course.log.log(member(10), ActionDraft(), START)
    after = await course.log.choices(member(10), START)
    assert tuple(kind.id for kind in after.own) == course.content.vocabulary.types["connect"].counted_actions
    assert {*after.own, *after.rest} == set(course.content.vocabulary.kinds.values())
    assert not set(after.own) & set(after.rest)
    assert after.has_last


async def test_undo_removes_an_action_once(course: Course) -> None:
    logged = await course.log.log(member(10), ActionDraft("note"), START)
    assert not (await course.log.undo(member(10), logged.action.id, START)).of_opening
    assert (await course.everything())["action"] == []
    with pytest.raises(NothingToUndo):
        await course.log.undo(member(10), logged.action.id, START)
    applied = await course.log.log(member(10), ActionDraft("apply"), START)
    assert (await course.log.undo(member(10), applied.action.id, START)).of_opening


async def test_nobody_reads_or_changes_another_members_entry(course: Course) -> None:
    mine = (await course.log.log(member(10), ActionDraft("note", "my own"), START)).action.id
    before = await course.everything()
    for user_id, entry in ((11, mine), (10, ActionId(999))):
        for attempt in (
            course.log.undo(member(user_id), entry, START),
            course.log.set_contact(member(user_id), entry, ContactId(999), START),
            course.log.editing(member(user_id), entry, START),
            course.log.edit(member(user_id), entry, ActionDraft("ask"), START),
            course.log.set_outcome(member(user_id), entry, Outcome.REPLY, START),
        ):
            with pytest.raises(NothingToUndo):
                await attempt
    assert await course.everything() == before


async def test_refused_log_or_edit_changes_nothing(course: Course) -> None:
    entry = (await course.log.log(member(10), ActionDraft("note", "kept", 5), START)).action.id
    before = await course.everything()
    wrong: list[Wrong] = [
        (refusal, attempt)
        for refusal, draft in (
            (UnknownKind, ActionDraft("dance")),
            (TextTooLong, ActionDraft("note", "x" * 201)),
            (BadNumber, ActionDraft("note", minutes=601)),
            (UnknownContact, ActionDraft("ask", contact=ContactId(999))),
        )
        for attempt in (
            course.log.log(member(10), draft, START + WEEK),
            course.log.edit(member(10), entry, draft, START + WEEK),
        )
    ]
    nobody = course.log.set_contact(member(10), entry, ContactId(999), START)
    for refusal, attempt in [*wrong, (UnknownContact, nobody)]:
        with pytest.raises(refusal):
            await attempt
    assert await course.everything() == before


# Setting an entry right


async def test_edit_changes_an_entry_and_keeps_its_day(course: Course) -> None:
    kim = await knows(course, 10, "Kim")
    first = (await course.log.log(member(10), ActionDraft("note", "to Kim", 5), START)).action
    draft = ActionDraft("talk", "  with  Kim, about nights ", 20, Outcome.ADVICE, kim)
    edited = await course.log.edit(member(10), first.id, draft, START + 3 * DAY)
    assert edited.action == replace(
        first, kind="talk", note="with Kim, about nights", minutes=20, outcome=Outcome.ADVICE, contact=kim
    )
    assert edited.contact == With("Kim", Stage.CONVERSED)
    emptied = await course.log.edit(member(10), first.id, ActionDraft("note"), START + 3 * DAY)
    assert (emptied.action, emptied.contact) == (replace(first, note=None, minutes=None), None)


async def test_outcome_can_be_set_later_and_moves_the_stage(course: Course) -> None:
    kim = await knows(course, 10, "Kim")
    logged = await course.log.log(member(10), ActionDraft("reply", "to Kim", 10, contact=kim), START)
    assert logged.contact == With("Kim", Stage.NOTICED)
    for outcome, stage in (
        (Outcome.REPLY, Stage.CONVERSED),
        (Outcome.MEETING, Stage.MET),
        (Outcome.NOTHING_YET, Stage.NOTICED),
    ):
        said = await course.log.set_outcome(member(10), logged.action.id, outcome, START + DAY)
        assert said.contact == With("Kim", stage)
        assert said.action == replace(logged.action, outcome=outcome)


async def test_entry_undone_and_changed_at_once_is_gone(either_course: Course, database_url: str) -> None:
    await either_course.join(10, channel=False)
    action = (await either_course.log.log(member(10), ActionDraft("note"), START)).action
    other = Course(open_database(database_url), either_course.content)
    try:
        results = await asyncio.gather(
            either_course.log.edit(member(10), action.id, ActionDraft("ask"), START),
            other.log.undo(member(10), action.id, START),
            other.log.set_outcome(member(10), action.id, Outcome.REPLY, START),
            return_exceptions=True,
        )
    finally:
        other.database.close()
    assert {type(one) for one in results if isinstance(one, BaseException)} <= {NothingToUndo}
    assert (await either_course.everything())["action"] == []


# With whom


async def test_whom_an_exchange_was_with_is_asked_and_said_in_one_tap(course: Course) -> None:
    kim = await knows(course, 10, "Kim")
    assert not (await course.log.log(member(10), ActionDraft("note"), START)).people
    logged = await course.log.log(member(10), ActionDraft("talk", "nights"), START)
    assert logged.people == [(kim, "Kim")]
    said = await course.log.set_contact(member(10), logged.action.id, kim, START)
    assert (said.action, said.people) == (replace(logged.action, contact=kim), [])
    assert said.contact == With("Kim", Stage.CONVERSED)


@pytest.mark.parametrize("typed", ["Kim from Ward B", " kim  FROM ward b "])
async def test_nickname_in_any_spelling_logs_with_the_person(course: Course, typed: str) -> None:
    kim = await knows(course, 10, "Kim from Ward B")
    await knows(course, 10, "Kim")
    logged = await course.log.log_with(member(10), typed, ActionDraft("interview", "her story"), START)
    assert (logged.action.contact, logged.action.note) == (kim, "her story")
    assert logged.contact == With("Kim from Ward B", Stage.MET)


async def test_nobody_logs_with_people_of_another_network(course: Course) -> None:
    kim = await knows(course, 10, "Kim")
    mine = (await course.log.log(member(11), ActionDraft("note"), START)).action.id
    before = await course.everything()
    for attempt in (
        course.log.log_with(member(11), "Kim", ActionDraft("reply"), START),
        course.log.log_with(member(10), "Kim from Ward B", ActionDraft("reply"), START),
        course.log.log_with(member(10), "", ActionDraft("reply"), START),
        course.log.log(member(11), ActionDraft("reply", contact=kim), START),
        course.log.edit(member(11), mine, ActionDraft("reply", contact=kim), START),
    ):
        with pytest.raises(UnknownContact):
            await attempt
    assert await course.everything() == before


async def test_logging_with_a_person_being_forgotten_names_nobody(either_course: Course, database_url: str) -> None:
    await either_course.join(10, channel=False)
    kim = await knows(either_course, 10, "Kim")
    other = Course(open_database(database_url), either_course.content)
    try:
        results = await asyncio.gather(
            either_course.log.log(member(10), ActionDraft("reply", contact=kim), START),
            other.network.forget(member(10), f"person:{kim}", START),
            either_course.log.log_with(member(10), "Kim", ActionDraft("talk"), START),
            return_exceptions=True,
        )
    finally:
        other.database.close()
    assert {type(one) for one in results if isinstance(one, BaseException)} <= {UnknownContact}
    editing = (
        [either_course.log.editing(member(10), None, START)] if (await either_course.everything())["action"] else []
    )
    assert [(await one).action.contact for one in editing] in ([], [None])


async def test_nicknames_are_suggested_to_their_member_alone(course: Course) -> None:
    for name in ("Lou", "ana", "Kim"):
        await knows(course, 10, name)
    before = await course.everything()
    assert await course.log.nicknames(member(10)) == ["ana", "Kim", "Lou"]
    assert await course.log.nicknames(member(10, dm=True)) == ["ana", "Kim", "Lou"]
    for nobody in (member(11), member(99), member(10, guild_id=GuildId(1)), member(99, dm=True)):
        assert await course.log.nicknames(nobody) == []
    assert await course.everything() == before


# What the last four weeks were turned to


async def test_an_entry_may_be_of_one_of_the_last_seven_days(course: Course) -> None:
    await course.join(10)
    logged = await course.log.log(member(10), ActionDraft("reply"), course.clock(), days_ago=3)
    assert logged.action.on == course.clock().date() - timedelta(days=3)
    assert (logged.did, logged.counted) == (1, True)
