"""The member's log."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.errors import BadNumber, NothingToUndo, Refusal, TextTooLong, UnknownContact, UnknownKind
from bot.coaching.ids import ActionId, ContactId, GuildId
from bot.coaching.log import ActionDraft, Balance, Outcome, Reciprocity
from bot.coaching.network import Category, ContactDraft, Stage
from bot.services.log import With
from storage.database import open_database
from tests.services.course import START, WEEK, Course, at, member

DAY = timedelta(days=1)


async def knows(course: Course, user_id: int, nickname: str) -> ContactId:
    """Let a member keep somebody in their network."""
    return (await course.network.add_person(member(user_id), ContactDraft(nickname, Category.PEER), START)).contact.id


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
    await course.set_goal(10)
    logged = await course.log.log(member(10), ActionDraft(), START)
    assert (logged.kind.id, logged.counted, logged.did) == ("reply", True, 1)
    assert "reply" not in {kind.id for kind in logged.others}


async def test_a_kind_that_does_not_count_toward_the_goal_says_so(course: Course) -> None:
    await course.join(10, channel=False)
    await course.set_goal(10)
    logged = await course.log.log(member(10), ActionDraft("profile"), START)
    assert (logged.counted, logged.did) == (False, 0)
    changed = await course.log.set_kind(member(10), logged.action.id, "ask", START)
    assert (changed.action.id, changed.kind.id, changed.counted, changed.did) == (logged.action.id, "ask", True, 1)


async def test_the_goals_own_kinds_are_offered_first(sqlite_course: Course) -> None:
    await sqlite_course.join(10, channel=False)
    before = await sqlite_course.log.choices(member(10), START)
    assert ([kind.id for kind in before.own], before.has_goal) == (["note"], False)
    await sqlite_course.set_goal(10)
    after = await sqlite_course.log.choices(member(10), START)
    assert tuple(kind.id for kind in after.own) == sqlite_course.content.vocabulary.types["connect"].counted_actions
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


# Setting an entry right


async def test_an_entry_becomes_what_the_edit_says_and_stays_on_its_day(course: Course) -> None:
    await course.join(10, channel=False)
    kim = await knows(course, 10, "Kim")
    first = (await course.log.log(member(10), ActionDraft("note", "to Kim", 5), START)).action
    draft = ActionDraft("talk", "  with  Kim, about nights ", 20, Outcome.ADVICE, kim)
    edited = await course.log.edit(member(10), first.id, draft, START + 3 * DAY)
    action = edited.action
    assert (action.kind, action.note, action.minutes) == ("talk", "with Kim, about nights", 20)
    assert (action.outcome, action.contact) == (Outcome.ADVICE, kim)
    assert (action.id, action.on, action.at) == (first.id, first.on, first.at)
    assert edited.contact == With("Kim", Stage.CONVERSED)
    emptied = await course.log.edit(member(10), first.id, ActionDraft("note"), START + 3 * DAY)
    kept = emptied.action
    assert (kept.note, kept.minutes, kept.outcome, kept.contact, emptied.contact) == (None, None, None, None, None)
    assert len((await course.everything())["action"]) == 1


async def test_what_came_of_an_entry_can_be_said_later_and_the_stage_goes_with_it(course: Course) -> None:
    await course.join(10, channel=False)
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


async def test_the_entry_that_was_logged_last_is_edited_when_none_is_named(course: Course) -> None:
    await course.join(10, 11, channel=False)
    with pytest.raises(NothingToUndo):
        await course.log.editing(member(10), None, START)
    for name in ("Lou", "Ana"):
        await knows(course, 10, name)
    await knows(course, 11, "Somebody else")
    first = (await course.log.log(member(10), ActionDraft("note", "first"), START)).action
    second = (await course.log.log(member(10), ActionDraft("ask", "second"), START + DAY)).action
    await course.log.log(member(11), ActionDraft("reply"), START + 2 * DAY)
    last = await course.log.editing(member(10), None, START + 3 * DAY)
    assert last.action == second
    assert (await course.log.editing(member(10), first.id, START + 3 * DAY)).action == first
    assert [one.nickname for one in last.people] == ["Ana", "Lou"]
    assert [kind.id for kind in last.kinds] == list(course.content.vocabulary.kinds)
    assert (await course.log.choices(member(10), START)).has_last


async def test_nobody_reads_or_changes_somebody_elses_entry(course: Course) -> None:
    await course.join(10, 11, channel=False)
    mine = (await course.log.log(member(10), ActionDraft("note", "my own"), START)).action.id
    before = await course.everything()
    for attempt in (
        course.log.editing(member(11), mine, START),
        course.log.edit(member(11), mine, ActionDraft("ask"), START),
        course.log.set_outcome(member(11), mine, Outcome.REPLY, START),
        course.log.editing(member(11), None, START),
        course.log.edit(member(10), ActionId(999), ActionDraft("ask"), START),
        course.log.set_outcome(member(10), ActionId(999), Outcome.REPLY, START),
    ):
        with pytest.raises(NothingToUndo):
            await attempt
    assert await course.everything() == before


@pytest.mark.parametrize(
    ("refusal", "draft"),
    [
        (UnknownKind, ActionDraft("dance")),
        (TextTooLong, ActionDraft("ask", "x" * 201)),
        (BadNumber, ActionDraft("ask", minutes=601)),
        (UnknownContact, ActionDraft("ask", contact=ContactId(999))),
    ],
)
async def test_a_refused_edit_leaves_the_entry_as_it_was(
    sqlite_course: Course, refusal: type[Refusal], draft: ActionDraft
) -> None:
    await sqlite_course.join(10, channel=False)
    action = (await sqlite_course.log.log(member(10), ActionDraft("note", "kept", 5), START)).action
    before = await sqlite_course.everything()
    with pytest.raises(refusal):
        await sqlite_course.log.edit(member(10), action.id, draft, START + WEEK)
    assert await sqlite_course.everything() == before


async def test_an_entry_that_is_undone_and_changed_at_the_same_moment_is_gone(
    course: Course, database_url: str
) -> None:
    await course.join(10, channel=False)
    action = (await course.log.log(member(10), ActionDraft("note"), START)).action
    other = Course(open_database(database_url), course.content)
    try:
        results = await asyncio.gather(
            course.log.edit(member(10), action.id, ActionDraft("ask"), START),
            other.log.undo(member(10), action.id, START),
            other.log.set_outcome(member(10), action.id, Outcome.REPLY, START),
            return_exceptions=True,
        )
    finally:
        other.database.close()
    assert {type(one) for one in results if isinstance(one, BaseException)} <= {NothingToUndo}
    assert (await course.everything())["action"] == []


# With whom


@pytest.mark.parametrize("typed", ["Kim from Ward B", " kim FROM ward b ", "Kim  from Ward B"])
async def test_an_action_is_logged_with_the_person_of_a_nickname_however_it_is_written(
    course: Course, typed: str
) -> None:
    await course.join(10, channel=False)
    kim = await knows(course, 10, "Kim from Ward B")
    await knows(course, 10, "Kim")
    logged = await course.log.log_with(member(10), typed, ActionDraft("interview", "her story"), START)
    assert (logged.action.contact, logged.action.note) == (kim, "her story")
    assert logged.contact == With("Kim from Ward B", Stage.MET)


async def test_nobody_logs_with_somebody_who_is_not_in_their_own_network(course: Course) -> None:
    await course.join(10, 11, channel=False)
    kim = await knows(course, 10, "Kim")
    mine = (await course.log.log(member(11), ActionDraft("note"), START)).action.id
    before = await course.everything()
    for attempt in (
        course.log.log_with(member(11), "Kim", ActionDraft("reply"), START),
        course.log.log_with(member(10), "Kim from Ward B", ActionDraft("reply"), START),
        course.log.log_with(member(10), "", ActionDraft("reply"), START),
        course.log.log(member(11), ActionDraft("reply", contact=kim), START),
        course.log.edit(member(11), mine, ActionDraft("reply", contact=kim), START),
        course.log.log(member(10), ActionDraft("reply", contact=ContactId(999)), START),
    ):
        with pytest.raises(UnknownContact):
            await attempt
    assert await course.everything() == before


async def test_an_entry_with_somebody_who_was_forgotten_stays_and_can_be_set_right(course: Course) -> None:
    await course.join(10, channel=False)
    kim = await knows(course, 10, "Kim")
    logged = await course.log.log(member(10), ActionDraft("reply", contact=kim), START)
    await course.network.forget(member(10), f"person:{kim}", START)
    left = await course.log.editing(member(10), logged.action.id, START)
    assert (left.action.kind, left.action.contact, list(left.people)) == ("reply", None, [])
    said = await course.log.set_outcome(member(10), logged.action.id, Outcome.REPLY, START)
    assert (said.action.outcome, said.contact) == (Outcome.REPLY, None)


async def test_logging_with_somebody_who_is_forgotten_at_the_same_moment_names_nobody(
    course: Course, database_url: str
) -> None:
    await course.join(10, channel=False)
    kim = await knows(course, 10, "Kim")
    other = Course(open_database(database_url), course.content)
    try:
        results = await asyncio.gather(
            course.log.log(member(10), ActionDraft("reply", contact=kim), START),
            other.network.forget(member(10), f"person:{kim}", START),
            course.log.log_with(member(10), "Kim", ActionDraft("talk"), START),
            return_exceptions=True,
        )
    finally:
        other.database.close()
    assert {type(one) for one in results if isinstance(one, BaseException)} <= {UnknownContact}
    editing = [course.log.editing(member(10), None, START)] if (await course.everything())["action"] else []
    assert [(await one).action.contact for one in editing] in ([], [None])


async def test_nicknames_are_suggested_to_their_member_alone_and_typing_leaves_no_trace(course: Course) -> None:
    await course.join(10, 11)
    for name in ("Lou", "ana", "Kim"):
        await knows(course, 10, name)
    before = await course.everything()
    assert await course.log.nicknames(member(10)) == ["ana", "Kim", "Lou"]
    assert await course.log.nicknames(member(10, dm=True)) == ["ana", "Kim", "Lou"]
    for nobody in (member(11), member(99), member(10, guild_id=GuildId(1)), member(99, dm=True)):
        assert await course.log.nicknames(nobody) == []
    assert await course.everything() == before


# What the last four weeks were turned to


@pytest.mark.parametrize(
    ("kinds", "balance", "reciprocity"),
    [
        (["note"] * 4, None, None),
        (["note"] * 5, Balance.LISTENING, None),
        (["note"] * 5 + ["reply"], None, None),
        (["reply"] * 4 + ["note"], None, None),
        (["reply"] * 5, Balance.WITH_PEOPLE, None),
        (["reply"] * 2 + ["post_work"] * 3, Balance.MIXED, None),
        (["reply"] + ["post_work"] * 4, Balance.TO_EVERYONE, None),
        (["ask", "reply", "talk", "credit", "thank"], Balance.WITH_PEOPLE, Reciprocity.MORE_GIVEN),
        (["thank", "apply"], None, Reciprocity.EVEN),
        (["apply"], None, None),
        (["credit", "note"], None, None),
        (["apply", "apply"], None, Reciprocity.MORE_ASKED),
        (["thank", "apply", "invite"], None, Reciprocity.MORE_ASKED),
    ],
)
async def test_what_was_logged_says_whom_four_weeks_were_turned_to_once_there_is_enough_to_tell(
    sqlite_course: Course, kinds: list[str], balance: Balance | None, reciprocity: Reciprocity | None
) -> None:
    await sqlite_course.join(10, channel=False)
    logged = [await sqlite_course.log.log(member(10), ActionDraft(kind), START) for kind in kinds]
    assert (logged[-1].balance, logged[-1].reciprocity) == (balance, reciprocity)


async def test_what_is_older_than_four_weeks_or_undone_says_nothing_any_more(course: Course) -> None:
    await course.join(10, channel=False)
    for kind in ("post_work", "post_work", "post_work", "apply", "apply"):
        await course.log.log(member(10), ActionDraft(kind), START)
    kept = await course.log.log(member(10), ActionDraft("note"), START + 4 * WEEK - DAY)
    assert (kept.balance, kept.reciprocity) == (Balance.MIXED, Reciprocity.MORE_ASKED)
    later = await course.log.log(member(10), ActionDraft("note"), START + 4 * WEEK)
    assert (later.balance, later.reciprocity) == (None, None)
    asked = [await course.log.log(member(10), ActionDraft("invite"), START + 5 * WEEK) for _ in range(2)]
    assert asked[-1].reciprocity is Reciprocity.MORE_ASKED
    for one in asked:
        await course.log.undo(member(10), one.action.id, START + 5 * WEEK)
    assert (await course.log.log(member(10), ActionDraft("note"), START + 5 * WEEK)).reciprocity is None
