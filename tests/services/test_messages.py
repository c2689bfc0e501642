"""An instructor's message reaches each member once, as a DM or in the inbox: one a week to each, one a day by each."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import (
    InstructorOnly,
    MessageAlreadySent,
    NamesSomebody,
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
from tests.services.course import ROLE, START, TERM_END, TERM_START, WEEK, Course, at, member, teacher
from tests.services.fakes import Answer

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


async def test_a_message_goes_to_those_on_the_list_and_nobody_else(asked: Course) -> None:
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


async def test_one_a_week_to_a_member_whoever_writes(asked: Course) -> None:
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


async def test_two_instructors_at_once_do_not_write_to_anybody_twice(asked: Course) -> None:
    ours, theirs = await preview(asked), await preview(asked, colleague())
    await send(asked, ours)
    with pytest.raises(NobodyToWriteTo):
        await send(asked, theirs, colleague())

    def with_a_list_from_before(tx: Tx) -> int:
        everybody = members.reachable(tx, theirs.cohort.id)
        return messages.send(tx, theirs.draft, everybody, TERM_START, TERM_START, asked.clock())

    assert await asked.database.transact(with_a_list_from_before) == 1
    assert sorted(row.user_id for row in await asked.rows(kind="message")) == [ANN, BEN, CEM]


async def test_one_sending_a_day_from_an_instructor(asked: Course) -> None:
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


async def test_nobody_gets_it_whose_name_was_not_on_the_preview(asked: Course) -> None:
    shown = await preview(asked)
    await ask(asked, CEM)
    again = await send(asked, shown)
    assert isinstance(again, MessagePreview)
    assert (again.changed, list(again.people)) == (True, [ANN, BEN, CEM])
    assert await asked.rows(kind="message") == []
    assert await send(asked, again) == SentMessage(3)


async def test_a_draft_is_its_instructors_alone(asked: Course) -> None:
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


@pytest.mark.parametrize("role", [ROLE + 1, 0])
async def test_only_instructors_of_the_course_write(asked: Course, role: int) -> None:
    before = await asked.everything()
    outsider = teacher(role=role)
    for attempt in (
        asked.messages.begin(outsider, TO, None, asked.clock()),
        preview(asked, outsider),
        asked.messages.send(outsider, InstructorMessageId(1), TO, "", asked.clock()),
    ):
        with pytest.raises(InstructorOnly):
            await attempt
    assert await asked.everything() == before


async def test_a_text_that_pings_is_refused_and_nothing_is_stored(asked: Course) -> None:
    with pytest.raises(NamesSomebody):
        await preview(asked, text="@everyone, see you on Friday")
    assert (await asked.everything())["instructor_message"] == []


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
async def test_who_is_away_finds_it_in_the_inbox_and_gets_no_dm(
    sqlite_course: Course, away: Away, reason: str, when: str
) -> None:
    course = sqlite_course
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


async def test_who_left_the_server_is_not_written_to(asked: Course) -> None:
    await asked.database.transact(
        lambda tx: tx.execute(
            update(tables.enrolment).where(tables.enrolment.c.user_id == ANN).values(set_aside_at=START)
        )
    )
    assert list((await preview(asked)).people) == [BEN]


async def test_only_in_my_inbox_can_be_taken_back(sqlite_course: Course) -> None:
    await sqlite_course.join(ANN)
    await inbox_only(sqlite_course)
    await sqlite_course.nudges.change(member(ANN), SettingsChange(inbox_only=False), sqlite_course.clock())
    await ask(sqlite_course, ANN)
    await write(sqlite_course)
    await sqlite_course.rounds().round()
    assert [row.state for row in await sqlite_course.rows(ANN, "message")] == ["sent"]


# In time, late, never


async def test_it_waits_for_the_end_of_quiet_hours_and_says_when_it_was_written(sqlite_course: Course) -> None:
    await sqlite_course.join(ANN)
    sqlite_course.clock.set(at(TERM_START, 22))
    await ask(sqlite_course, ANN)
    await write(sqlite_course)
    await sqlite_course.rounds().round()
    assert [row.state for row in await sqlite_course.rows(ANN, "message")] == ["owed"]
    sqlite_course.clock.set(at(TERM_START + DAY, 8, 1))
    await sqlite_course.rounds().round()
    (sent,) = [one for one in sqlite_course.messenger.received(UserId(ANN)) if one.key.kind == "message"]
    assert sent.text.startswith(
        "From Nora Ellis, instructor of PLN 1, to 1 person, written Monday 15 February, 22:00\n"
    )


async def test_over_a_day_late_it_is_in_the_inbox_and_not_lost(sqlite_course: Course) -> None:
    await sqlite_course.join(ANN)
    await ask(sqlite_course, ANN)
    await write(sqlite_course)
    sqlite_course.clock.advance(timedelta(hours=25))
    await sqlite_course.rounds().round()
    assert [(row.state, row.reason) for row in await sqlite_course.rows(ANN, "message")] == [("held", "too_late")]
    assert len(await texts(sqlite_course, ANN)) == 1


async def test_an_answer_that_was_lost_doubles_nothing_and_a_refusal_holds(asked: Course) -> None:
    asked.messenger.answers["send", UserId(ANN)].append(Answer.ANSWER_LOST)
    asked.messenger.always["send", UserId(BEN)] = Answer.CLOSED
    await write(asked)
    for _ in range(3):
        await asked.rounds().round()
        asked.clock.advance(timedelta(minutes=4))
    states = {row.user_id: (row.state, row.reason) for row in await asked.rows(kind="message")}
    assert states == {ANN: ("sent", None), BEN: ("held", "dms_closed")}
    assert len([one for one in asked.messenger.received(UserId(ANN)) if one.key.kind == "message"]) == 1


async def test_a_course_that_closes_keeps_what_was_not_sent_yet_in_the_inbox(sqlite_course: Course) -> None:
    course = sqlite_course
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


async def test_a_text_goes_thirty_days_after_its_last_row_was_settled(asked: Course) -> None:
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


async def test_drafts_go_after_a_day_and_a_new_one_takes_the_place_of_the_old(asked: Course) -> None:
    await preview(asked)
    shown = await preview(asked, text="Another one")
    assert len((await asked.everything())["instructor_message"]) == 1
    asked.clock.advance(2 * DAY)
    await _look_again(asked)
    with pytest.raises(OldCard):
        await send(asked, shown)


async def test_with_its_author_a_message_goes_and_what_was_owed_is_taken_back(asked: Course) -> None:
    await write(asked)
    await asked.database.transact(lambda tx: erasure.erase_account(tx, teacher().user_id))
    await asked.rounds().round()
    assert {(row.state, row.reason) for row in await asked.rows(kind="message")} == {("skipped", "withdrawn")}
    assert {one.key.kind for one in asked.messenger.messages} == {"hello"}


# The bot's own word to everybody


async def test_the_notice_goes_to_everybody_once_and_their_rows_show_seven_days_later(course: Course) -> None:
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


async def test_a_notice_takes_no_instructors_place_of_the_week(asked: Course) -> None:
    await asked.use_register()
    assert await write(asked) == SentMessage(2)
    await asked.rounds().round()
    assert len([one for one in asked.messenger.received(UserId(ANN)) if one.key.kind == "message"]) == 2


async def test_switched_off_and_on_again_one_notice_goes_out_and_switched_off_none(course: Course) -> None:
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


@pytest.mark.parametrize("answer", [Answer.CLOSED, Answer.GONE])
async def test_a_notice_that_could_not_be_delivered_begins_the_seven_days_too(course: Course, answer: Answer) -> None:
    await course.join(ANN)
    await course.use_register()
    course.messenger.always["send", UserId(ANN)] = answer
    await course.rounds().round()
    assert [row.state for row in await course.rows(ANN, "message")] == ["held"]
    assert await visible_at(course, ANN) == course.clock() + VISIBLE_AFTER


async def test_after_the_last_day_a_message_waits_in_the_inbox(sqlite_course: Course) -> None:
    await sqlite_course.join(ANN)
    sqlite_course.clock.set(at(TERM_END + DAY, 10))
    await ask(sqlite_course, ANN)
    await write(sqlite_course)
    assert [(row.state, row.reason) for row in await sqlite_course.rows(ANN, "message")] == [("held", "term_over")]
