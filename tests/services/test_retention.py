"""Nothing is kept longer than members were told, and nothing is erased before."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.coaching import closing
from bot.coaching.cohort import Cohort
from bot.coaching.ids import CohortId, UserId
from bot.coaching.nudges import NudgeKind
from bot.services import retention
from bot.services.cohort import SetupRequest
from bot.services.feedback import How
from bot.services.nudges import SettingsChange
from storage import cohort as cohorts
from storage import tables
from storage.database import Tx
from tests.services.course import (
    DUE,
    GUILD,
    TERM_END,
    WEEK,
    Course,
    at,
    counted_statements,
    manager,
    member,
    queries,
    teacher,
)
from tests.services.fakes import Answer

DAY = timedelta(days=1)
CLOSING = at(date(2027, 5, 28), 10)
UNTIL = date(2027, 7, 27)
"""Sixty days after the closing."""
ERASED = at(date(2027, 7, 28), 12)


async def closed(course: Course, *user_ids: int, at_: datetime = CLOSING) -> CohortId:
    """Let some members join, and close the course."""
    if user_ids:
        await course.join(*user_ids)
    course.clock.set(at_)
    found = await course.closing.ending(manager(), course.clock())
    await course.closing.close(manager(), found.cohort.id, course.clock())
    return found.cohort.id


async def cohort(course: Course, cohort_id: CohortId) -> Cohort:
    found = await course.database.read(lambda tx: cohorts.get(tx, cohort_id))
    assert found is not None
    return found


async def set_retention(course: Course, days: int) -> None:
    """Change how long what the open course holds is kept."""

    def work(tx: Tx) -> None:
        tx.execute(update(tables.cohort).where(tables.cohort.c.closed_at.is_(None)).values(retention_days=days))

    await course.database.transact(work)


async def until(course: Course, moment: datetime) -> None:
    """Let time pass a day at a time, a round each."""
    while course.clock() < moment:
        course.clock.set(min(course.clock() + DAY, moment))
        await course.rounds().round()


async def count(course: Course, name: str) -> int:
    table = tables.metadata.tables[name]
    return await course.database.read(lambda tx: tx.scalar(select(func.count()).select_from(table)) or 0)


# Parcels


async def test_each_member_gets_one_parcel_and_a_last_word_a_week_before_it_is_erased(course: Course) -> None:
    cohort_id = await closed(course, 10, 11)
    await course.rounds().round()
    await course.rounds("b").round()
    for user_id in (10, 11):
        first = course.messenger.received(UserId(user_id))[-1]
        assert (first.key.kind, first.key.period, first.buttons) == (NudgeKind.PARCEL, "closed", ("parcel",))
        assert "until Tuesday 27 July 2027" in first.text
    await until(course, at(date(2027, 7, 20), 13))
    last = [one for one in course.messenger.received(UserId(10)) if one.key.kind is NudgeKind.PARCEL]
    assert [one.key.period for one in last] == ["closed", "last"]
    assert last[-1].at.date() == date(2027, 7, 20)
    assert "Tuesday 27 July 2027" in last[-1].text
    assert (await cohort(course, cohort_id)).erased_at is None


async def test_a_parcel_of_those_who_want_no_messages_or_are_gone_is_held_and_never_sent(course: Course) -> None:
    await course.join(10, 11, 12, 13)
    await course.nudges.change(member(10), SettingsChange(on=False), course.clock())
    course.clock.set(CLOSING - DAY)
    await course.nudges.change(member(11), SettingsChange(pause_weeks=4), course.clock())
    course.messenger.left.add(UserId(12))
    await course.rounds().round()
    course.messenger.always["send", UserId(13)] = Answer.CLOSED
    await closed(course)
    await until(course, CLOSING + DAY)
    rows = {row.user_id: (row.state, row.reason) for row in await course.rows(kind=NudgeKind.PARCEL)}
    assert rows == {
        10: ("held", "turned_off"),
        11: ("held", "paused"),
        12: ("held", "left"),
        13: ("held", "dms_closed"),
    }
    assert not [one for one in course.messenger.messages if one.key.kind is NudgeKind.PARCEL]
    [note] = await course.nudges.inbox(member(10), course.clock())
    assert "Your parcel is ready" in note.text
    assert [one.id for one in note.buttons] == ["parcel"]


async def test_a_parcel_waits_for_the_morning_and_is_never_too_late(sqlite_course: Course) -> None:
    course = sqlite_course
    await closed(course, 10, at_=at(date(2027, 5, 28), 23))
    await course.rounds().round()
    [row] = await course.rows(10, NudgeKind.PARCEL)
    assert (row.state, row.not_before) == ("owed", at(date(2027, 5, 29), 8))
    course.clock.set(at(date(2027, 6, 2), 9))
    await course.rounds().round()
    text = course.messenger.received(UserId(10))[-1].text
    assert "Your parcel is ready" in text
    assert "meant for" not in text


# A process that was down


def parcels_of(course: Course, user_id: int) -> list[tuple[str, date]]:
    """Return which parcels reached somebody, and on which day."""
    sent = course.messenger.received(UserId(user_id))
    return [(one.key.period, one.at.date()) for one in sent if one.key.kind is NudgeKind.PARCEL]


async def test_who_was_owed_a_parcel_all_the_while_nothing_ran_gets_it_a_day_before_it_is_erased(
    course: Course,
) -> None:
    cohort_id = await closed(course, 10)
    late = at(date(2027, 10, 4), 11)
    course.clock.set(late)
    await course.rounds().round()
    assert parcels_of(course, 10) == [("closed", late.date())]
    assert "until Monday 4 October 2027" in course.messenger.received(UserId(10))[-1].text
    await until(course, late + DAY - timedelta(minutes=1))
    assert await count(course, "enrolment") == 1
    await until(course, late + DAY + timedelta(hours=1))
    assert (await cohort(course, cohort_id)).erased_members == 1
    assert parcels_of(course, 10) == [("closed", late.date())]


async def test_who_got_the_parcel_before_nothing_ran_gets_the_last_word_a_day_before_it_is_erased(
    course: Course,
) -> None:
    cohort_id = await closed(course, 10)
    await course.rounds().round()
    late = at(date(2027, 10, 4), 11)
    course.clock.set(late)
    await course.rounds().round()
    assert [period for period, _ in parcels_of(course, 10)] == ["closed", "last"]
    assert "after Monday 4 October 2027" in course.messenger.received(UserId(10))[-1].text
    await until(course, late + DAY - timedelta(minutes=1))
    assert await count(course, "enrolment") == 1
    await until(course, late + DAY + timedelta(hours=1))
    assert (await cohort(course, cohort_id)).erased_members == 1


async def test_who_gets_the_parcel_in_the_last_week_gets_no_last_word_on_top(sqlite_course: Course) -> None:
    course = sqlite_course
    await closed(course, 10)
    course.clock.set(at(UNTIL - timedelta(days=1), 11))
    await course.rounds().round()
    await until(course, ERASED - timedelta(minutes=1))
    assert parcels_of(course, 10) == [("closed", UNTIL - timedelta(days=1))]
    await until(course, ERASED + timedelta(hours=1))
    assert await count(course, "enrolment") == 0


async def test_a_parcel_that_cannot_go_out_after_all_keeps_nothing_for_longer_than_a_day(
    sqlite_course: Course,
) -> None:
    course = sqlite_course
    await course.join(10, channel=False)
    course.messenger.always["open", UserId(10)] = Answer.NOT_SENT
    await closed(course)
    late = at(date(2027, 10, 4), 11)
    course.clock.set(late)
    for _ in range(26):
        await course.rounds().round()
        course.clock.advance(timedelta(hours=1))
    assert await count(course, "enrolment") == 0


async def test_a_parcel_that_a_lost_ledger_sent_is_not_sent_again_after_an_old_backup(sqlite_course: Course) -> None:
    course = sqlite_course
    await closed(course, 10)
    await course.rounds().round()
    [sent] = await course.rows(10, NudgeKind.PARCEL)
    await course.database.transact(
        lambda tx: tx.execute(
            update(tables.nudge)
            .where(tables.nudge.c.id == sent.id)
            .values(state="owed", attempts=0, first_attempt_at=None, settled_at=None, message_id=None, runner=None)
        )
    )
    course.clock.set(at(date(2027, 10, 4), 11))
    await course.rounds().round()
    assert [period for period, _ in parcels_of(course, 10)] == ["closed"]
    [found] = [row for row in await course.rows(10, NudgeKind.PARCEL) if row.period == "closed"]
    assert (found.state, found.message_id) == ("sent", sent.message_id)


# Erasure


async def test_all_that_members_gave_is_erased_after_the_day_they_were_told_and_a_receipt_stays(course: Course) -> None:
    await course.join(10, 11, 12)
    await course.set_focus(10)
    await course.set_goal(11)
    await course.digests.ask(teacher(), course.clock())
    await course.use_plan()
    await course.feedback.tell(member(12), How.UNSIGNED, "Not signed", course.clock())
    cohort_id = await closed(course)
    await until(course, ERASED - timedelta(minutes=1))
    assert await count(course, "enrolment") == 3
    await until(course, ERASED)
    one = await cohort(course, cohort_id)
    assert (one.erased_members, one.erased_at) == (3, ERASED)
    left = {table.name for table in tables.metadata.sorted_tables if await count(course, table.name)}
    assert left == {"cohort", "setting"}


async def test_who_is_in_another_course_keeps_their_account_and_what_they_have_there(sqlite_course: Course) -> None:
    course = sqlite_course
    await closed(course, 10, 11)
    await until(course, CLOSING + DAY)
    course.clock.set(at(date(2027, 6, 7), 9))
    request = SetupRequest("PLN 2", "2027-06-07", "2027-09-17", "Europe/Berlin", 55, register=False)
    await course.cohorts.set_up(manager(), request, course.clock())
    await course.join(10)
    await course.set_focus(10)
    await until(course, ERASED + DAY)
    assert (await count(course, "enrolment"), await count(course, "account"), await count(course, "focus")) == (1, 1, 1)
    assert {row.user_id for row in await course.rows()} == {10}


async def test_a_large_class_is_erased_in_batches(sqlite_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course = sqlite_course
    monkeypatch.setattr(retention, "BATCH", 2)
    cohort_id = await closed(course, *range(10, 15))
    await until(course, ERASED)
    assert (await cohort(course, cohort_id)).erased_members == 5
    assert await count(course, "account") == 0


async def test_nothing_is_erased_while_a_parcel_may_still_go_out(sqlite_course: Course) -> None:
    course = sqlite_course
    await set_retention(course, 0)
    cohort_id = await closed(course, 10)
    course.messenger.always["send", UserId(10)] = Answer.NOT_SENT
    moment = closing.erased_at(await cohort(course, cohort_id), CLOSING.date())
    for _ in range(24):
        course.clock.advance(timedelta(hours=1))
        await course.rounds().round()
        waits = course.clock() <= CLOSING + DAY
        assert ((await cohort(course, cohort_id)).erased_at is None) == (course.clock() < moment or waits)
    course.clock.advance(timedelta(hours=2))
    await course.rounds().round()
    assert (await cohort(course, cohort_id)).erased_members == 1


async def test_what_members_were_told_is_not_shortened_by_a_later_change(sqlite_course: Course) -> None:
    course = sqlite_course
    cohort_id = await closed(course, 10)
    request = SetupRequest("PLN 2", "2027-06-07", "2027-09-17", "Europe/Berlin", 55, register=False)
    await course.cohorts.set_up(manager(), request, course.clock())
    await set_retention(course, 1)
    assert closing.kept_until(await cohort(course, cohort_id)) == UNTIL


async def test_who_left_the_server_is_erased_after_the_retention_days_and_nobody_else(course: Course) -> None:
    await course.join(10, 11)
    course.messenger.left.add(UserId(10))
    await course.answered(11, DUE + WEEK)
    course.messenger.always["send", UserId(10)] = Answer.GONE
    await course.rounds().round()
    left_at = course.clock()
    for week in range(10):
        await course.answered(11, left_at + (week + 1) * WEEK)
        await course.rounds().round()
        gone = course.clock() > left_at + timedelta(days=62)
        assert await count(course, "enrolment") == (1 if gone else 2)
    assert await count(course, "account") == 1


async def test_the_courses_of_a_server_that_removed_the_bot_are_erased_after_the_retention_days(course: Course) -> None:
    await course.join(10)
    await course.cohorts.guilds_changed([], [GUILD], course.clock())
    removed = course.clock()
    await until(course, removed + timedelta(days=60))
    assert await count(course, "enrolment") == 1
    await until(course, removed + timedelta(days=70))
    assert (await count(course, "enrolment"), await count(course, "account")) == (0, 0)
    assert await course.database.read(lambda tx: cohorts.open_in(tx, GUILD)) is None


async def test_a_server_that_takes_the_bot_back_in_time_loses_nothing(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    await course.cohorts.guilds_changed([], [GUILD], course.clock())
    await until(course, course.clock() + timedelta(days=40))
    await course.cohorts.guilds_changed([GUILD], [], course.clock())
    await until(course, course.clock() + timedelta(days=30))
    assert await count(course, "enrolment") == 1


# Closing by itself


async def test_a_course_that_nobody_closes_is_closed_two_weeks_after_its_last_day(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    await until(course, at(TERM_END + timedelta(days=14), 12))
    assert await course.database.read(lambda tx: cohorts.open_in(tx, GUILD)) is not None
    await until(course, at(TERM_END + timedelta(days=21), 12))
    assert await course.database.read(lambda tx: cohorts.open_in(tx, GUILD)) is None
    assert course.messenger.received(UserId(10))[-1].key.kind is NudgeKind.PARCEL


async def test_looking_after_a_course_takes_as_many_statements_for_a_large_class_as_for_a_small_one(
    course: Course,
) -> None:
    counts: list[int] = []
    for size, first in ((2, 10), (30, 100)):
        await course.join(*range(first, first + size), channel=False)
        course.clock.advance(WEEK)
        await course.rounds().round()
        course.clock.advance(WEEK)
        cohort_id = (await course.closing.ending(manager(), course.clock())).cohort.id
        with counted_statements(course.database) as seen:
            await course.closing.close(manager(), cohort_id, course.clock())
        counts.append(len(queries(seen)))
        request = SetupRequest("Again", "2027-02-15", "2027-06-04", "Europe/Berlin", 55, register=False)
        await course.cohorts.set_up(manager(), request, course.clock())
    assert counts[0] == counts[1] <= 20
