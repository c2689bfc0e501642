"""An instructor's message reaches each member once, as a DM or in the inbox: one a week to each, one a day by each."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import (
    MessageAlreadySent,
    NobodyToWriteTo,
    OldCard,
    WroteToday,
)
from bot.coaching.ids import CohortId, InstructorMessageId, UserId
from bot.coaching.messages import DRAFT
from bot.coaching.register import VISIBLE_AFTER
from bot.coaching.weeks import Break, BreakKind, local_day
from bot.services.feedback import How
from bot.services.messages import CHECKIN, MemberList, MessagePreview, SentMessage
from bot.services.nudges import SettingsChange
from bot.services.retention import look_after
from storage import cohort as cohorts
from storage import erasure, members, messages, tables
from storage.database import Tx
from tests.services.course import START, TERM_START, WEEK, Course, at, member, teacher

ANN, BEN, CEM = 10, 11, 12
TO = MemberList(CHECKIN)
DAY = timedelta(days=1)
HELLO = "See you on Friday in room 2."


def colleague(user_id: int = 3) -> Caller:
    return replace(teacher(), user_id=UserId(user_id))


async def ask(course: Course, *user_ids: int) -> None:
    """Let members ask to be greeted, which puts them on the check-in list."""
    for user_id in user_ids:
        await course.feedback.tell(member(user_id), How.CONTACT, None, course.clock())


async def preview(course: Course, caller: Caller | None = None, text: str = HELLO) -> MessagePreview:
    return await course.messages.preview(caller or teacher(), TO, text, "Nora Ellis", course.clock())


async def send(course: Course, shown: MessagePreview, caller: Caller | None = None) -> SentMessage | MessagePreview:
    return await course.messages.send(caller or teacher(), shown.draft.id, TO, shown.seen, course.clock())


async def write(course: Course, caller: Caller | None = None) -> SentMessage | MessagePreview:
    return await send(course, await preview(course, caller), caller)


async def visible_at(course: Course, user_id: int) -> object:
    e = tables.enrolment.c
    return await course.database.read(lambda tx: tx.scalar(select(e.register_visible_at).where(e.user_id == user_id)))


async def texts(course: Course, user_id: int) -> list[str]:
    """Return the messages in a member's inbox."""
    return [one.text for one in await course.nudges.inbox(member(user_id), course.clock())]


@pytest.fixture
async def asked(course: Course) -> Course:
    """A course with three members, two of whom are on the check-in list."""
    await course.join(ANN, BEN, CEM)
    await ask(course, ANN, BEN)
    return course


# Writing


async def test_message_goes_to_the_list_and_nobody_else(asked: Course) -> None:
    assert await asked.messages.begin(teacher(), TO, None, asked.clock()) == DRAFT
    shown = await preview(asked)
    assert (list(shown.people), shown.left_out, shown.changed) == ([ANN, BEN], 0, False)
    assert await asked.rows(kind="message") == []
    assert await send(asked, shown) == SentMessage(2)
    await asked.rounds().round()
    for user_id in (ANN, BEN):
        (sent,) = [one for one in asked.messenger.received(UserId(user_id)) if one.key.kind == "message"]
        assert sent.text == f"From Nora Ellis, instructor of PLN 1, to 2 people\n\n{HELLO}"
        assert sent.buttons == ("answer", "inbox_only")
    assert [one.key.kind for one in asked.messenger.received(UserId(CEM))] == ["hello"]
    assert {row.state for row in await asked.rows(kind="message")} == {"sent"}


async def test_member_gets_one_message_a_week_whoever_writes(asked: Course) -> None:
    await write(asked)
    asked.clock.advance(DAY)
    await asked.nudges.settings(member(ANN), asked.clock())
    with pytest.raises(NobodyToWriteTo):
        await preview(asked, colleague())
    await ask(asked, CEM)
    shown = await preview(asked, colleague())
    assert (list(shown.people), shown.left_out) == ([CEM], 2)
    asked.clock.set(START + WEEK)
    assert len((await preview(asked, colleague())).people) == 3


async def test_two_instructors_at_once_write_to_nobody_twice(asked: Course) -> None:
    ours, theirs = await preview(asked), await preview(asked, colleague())
    await send(asked, ours)
    with pytest.raises(NobodyToWriteTo):
        await send(asked, theirs, colleague())

    def with_a_list_from_before(tx: Tx) -> int:
        everybody = members.reachable(tx, theirs.cohort.id)
        return messages.send(tx, theirs.draft, everybody, TERM_START, TERM_START, asked.clock())

    assert await asked.database.transact(with_a_list_from_before) == 1
    assert sorted(row.user_id for row in await asked.rows(kind="message")) == [ANN, BEN, CEM]


async def test_instructor_sends_once_a_day(asked: Course) -> None:
    shown = await preview(asked)
    await send(asked, shown)
    with pytest.raises(MessageAlreadySent):
        await send(asked, shown)
    await ask(asked, CEM)
    for again in (asked.messages.begin(teacher(), TO, None, asked.clock()), preview(asked)):
        with pytest.raises(WroteToday):
            await again
    asked.clock.advance(DAY)
    assert list((await preview(asked)).people) == [CEM]


async def test_changed_list_is_previewed_again_before_sending(asked: Course) -> None:
    shown = await preview(asked)
    await ask(asked, CEM)
    again = await send(asked, shown)
    assert isinstance(again, MessagePreview)
    assert (again.changed, list(again.people)) == (True, [ANN, BEN, CEM])
    assert await asked.rows(kind="message") == []
    assert await send(asked, again) == SentMessage(3)


async def test_draft_belongs_to_its_instructor(asked: Course) -> None:
    shown = await preview(asked)
    with pytest.raises(OldCard):
        await send(asked, shown, colleague())
    with pytest.raises(OldCard):
        await asked.messages.begin(colleague(), TO, shown.draft.id, asked.clock())
    assert await asked.messages.begin(teacher(), TO, shown.draft.id, asked.clock()) == HELLO
    with pytest.raises(OldCard):
        await asked.messages.send(teacher(), InstructorMessageId(99), TO, shown.seen, asked.clock())
    with pytest.raises(OldCard):
        await asked.messages.begin(teacher(), MemberList("no such list"), None, asked.clock())


# A DM only to who would welcome one


async def turned_off(course: Course) -> None:
    await course.nudges.change(member(ANN), SettingsChange(on=False), course.clock())


async def paused(course: Course) -> None:
    await course.nudges.change(member(ANN), SettingsChange(pause_weeks=2), course.clock())


async def inbox_only(course: Course) -> None:
    await course.nudges.change(member(ANN), SettingsChange(inbox_only=True), course.clock())


async def dms_closed(course: Course) -> None:
    await course.database.transact(lambda tx: members.set_dm_closed(tx, UserId(ANN), course.clock()))


async def backed_off(course: Course) -> None:
    e = tables.enrolment
    await course.database.transact(lambda tx: tx.execute(update(e).values(backed_off=True)))


async def on_break(course: Course) -> None:
    today = local_day(course.clock(), "Europe/Berlin")
    rest = [Break(BreakKind.BREAK, today, today + 2 * DAY)]
    await course.database.transact(lambda tx: cohorts.set_breaks(tx, CohortId(1), rest))


Away = Callable[[Course], Awaitable[None]]
AWAY: list[tuple[Away, str]] = [
    (turned_off, "turned_off"),
    (paused, "paused"),
    (inbox_only, "inbox_only"),
    (dms_closed, "dms_closed"),
    (backed_off, "backed_off"),
    (on_break, "break"),
]


@pytest.mark.parametrize(("away", "reason"), AWAY)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_member_who_wants_no_dm_gets_it_in_the_inbox(course: Course, away: Away, reason: str, when: str) -> None:
    await course.join(ANN)
    await ask(course, ANN)
    if when == "before":
        await away(course)
    await write(course)
    if when == "after":
        await away(course)
    await course.rounds().round()
    (row,) = await course.rows(ANN, "message")
    assert (row.state, row.reason, row.attempts) == ("held", reason, 0)
    assert [one.key.kind for one in course.messenger.received(UserId(ANN))] == ["hello"]
    (text,) = await texts(course, ANN)
    assert text.endswith(HELLO)


async def test_member_who_left_is_not_written_to(asked: Course) -> None:
    await asked.database.transact(
        lambda tx: tx.execute(
            update(tables.enrolment).where(tables.enrolment.c.user_id == ANN).values(set_aside_at=START)
        )
    )
    assert list((await preview(asked)).people) == [BEN]


# In time, late, never


async def test_message_waits_for_quiet_hours_and_says_when_it_was_written(course: Course) -> None:
    await course.join(ANN)
    course.clock.set(at(TERM_START, 22))
    await ask(course, ANN)
    await write(course)
    await course.rounds().round()
    assert [row.state for row in await course.rows(ANN, "message")] == ["owed"]
    course.clock.set(at(TERM_START + DAY, 8, 1))
    await course.rounds().round()
    (sent,) = [one for one in course.messenger.received(UserId(ANN)) if one.key.kind == "message"]
    assert sent.text.startswith(
        "From Nora Ellis, instructor of PLN 1, to 1 person, written Monday 15 February, 22:00\n"
    )


async def test_closing_course_moves_owed_messages_to_the_inbox(course: Course) -> None:
    await course.join(ANN)
    await ask(course, ANN)
    await write(course)
    cohort = await course.cohorts.course(teacher(), Audience.INSTRUCTOR)
    closer = replace(teacher(), audience=Audience.MANAGER, manages_guild=True)
    await course.closing.close(closer, cohort.id, course.clock())
    (row,) = await course.rows(ANN, "message")
    assert (row.state, row.reason) == ("held", "term_over")
    assert any(text.endswith(HELLO) for text in await texts(course, ANN))


# Kept no longer than told


async def test_text_is_deleted_thirty_days_after_its_last_row_settled(asked: Course) -> None:
    await write(asked)

    async def look(days: int) -> list[object]:
        now = START + days * DAY
        asked.clock.set(now)
        await _look_again(asked)
        return list((await asked.everything())["instructor_message"])

    assert len(await look(40)) == 1  # it is still owed, however long nothing ran
    asked.clock.set(START + 41 * DAY)
    await asked.rounds().round()
    assert len(await look(70)) == 1
    assert await look(73) == []


async def _look_again(course: Course) -> None:
    cohort = await course.cohorts.course(teacher(), Audience.INSTRUCTOR)

    def work(tx: Tx) -> None:
        tx.execute(update(tables.cohort).values(retention_at=None))
        look_after(tx, cohort.id, course.planning, course.clock())

    await course.database.transact(work)


async def test_drafts_are_deleted_after_a_day_and_replaced_by_new_ones(asked: Course) -> None:
    await preview(asked)
    shown = await preview(asked, text="Another one")
    assert len((await asked.everything())["instructor_message"]) == 1
    asked.clock.advance(2 * DAY)
    await _look_again(asked)
    with pytest.raises(OldCard):
        await send(asked, shown)


async def test_erased_authors_message_is_withdrawn(asked: Course) -> None:
    await write(asked)
    await asked.database.transact(lambda tx: erasure.erase_account(tx, teacher().user_id))
    await asked.rounds().round()
    assert {(row.state, row.reason) for row in await asked.rows(kind="message")} == {("skipped", "withdrawn")}
    assert {one.key.kind for one in asked.messenger.messages} == {"hello"}


# The bot's own word to everybody


async def test_notice_reaches_everybody_once_and_rows_show_a_week_later(course: Course) -> None:
    await course.join(ANN, BEN, CEM)
    await course.nudges.change(member(BEN), SettingsChange(on=False), course.clock())
    await course.nudges.change(member(CEM), SettingsChange(inbox_only=True), course.clock())
    await course.use_register()
    assert await visible_at(course, BEN) == course.clock() + VISIBLE_AFTER  # held at once
    assert await visible_at(course, ANN) is None
    course.clock.advance(timedelta(minutes=5))
    await course.rounds().round()
    states = {row.user_id: row.state for row in await course.rows(kind="message")}
    assert states == {ANN: "sent", BEN: "held", CEM: "sent"}
    assert await visible_at(course, ANN) == course.clock() + VISIBLE_AFTER
    sent = course.messenger.received(UserId(ANN))[-1]
    assert "From Monday 22 February on, whoever has the instructor role of PLN 1" in sent.text
    assert "Never what you wrote" in sent.text
    assert sent.buttons == ("seen",)
    assert "From Monday 22 February on" in (await texts(course, BEN))[0]


async def test_register_off_withdraws_its_notice_and_on_again_sends_one(course: Course) -> None:
    await course.join(ANN)
    await course.use_register()
    course.clock.advance(timedelta(seconds=30))
    await course.use_register(on=False)
    await course.use_register()
    await course.rounds().round()
    assert [(row.state, row.reason) for row in await course.rows(ANN, "message")] == [
        ("skipped", "withdrawn"),
        ("sent", None),
    ]
    course.clock.advance(timedelta(seconds=30))
    await course.use_register(on=False)
    await course.use_register()
    await course.use_register(on=False)
    await course.rounds().round()
    assert [row.state for row in await course.rows(ANN, "message")] == ["skipped", "sent", "skipped"]
