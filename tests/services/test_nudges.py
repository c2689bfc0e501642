"""Settings, history, and the buttons under a nudge."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.coaching.errors import (
    AlreadyDone,
    AlreadyReminded,
    BadNumber,
    DayGone,
    NothingToLog,
    NudgesAlreadyOver,
    QuietHour,
    Refusal,
    UnknownZone,
)
from bot.coaching.footprint import Answer
from bot.coaching.log import ActionDraft
from bot.coaching.nudges import NudgeKey, NudgeKind
from bot.services.nudges import HISTORY_ROWS, SettingsChange
from storage.database import open_database
from tests.services.course import DUE, GOAL, START, WEEK, Course, at, member


async def with_goal(course: Course, user_id: int = 10) -> NudgeKey:
    """Join, set focus and goal, get the first nudge, and return its key."""
    await course.join(user_id)
    await course.focus.save(member(user_id), "nursing", None, None, START)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(user_id), item, Answer.FINE, START)
    await course.goals.save(member(user_id), GOAL, START, replace=False)
    course.clock.set(DUE)
    await course.rounds().round()
    return await course.key(user_id)


# Settings


async def test_a_change_plans_the_next_nudge_anew(course: Course) -> None:
    await course.join(10)
    seen = await course.nudges.change(member(10), SettingsChange(day=2, hour=9), START)
    assert seen.enrolment.next_nudge is not None
    assert at(date(2027, 2, 17), 9) <= seen.enrolment.next_nudge.at <= at(date(2027, 2, 17), 9, 20)
    assert await course.nudges.settings(member(10), START) == seen


async def test_what_is_not_named_stays(course: Course) -> None:
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(day=2, zone="asia/kolkata", pause_weeks=1), START)
    seen = (await course.nudges.change(member(10), SettingsChange(hour=9), START)).enrolment
    assert (seen.wish.day, seen.wish.hour, seen.wish.zone) == (2, 9, "Asia/Kolkata")
    assert (seen.nudges_on, seen.pause_until) == (True, date(2027, 2, 22))


@pytest.mark.parametrize(
    "change",
    [SettingsChange(day=4), SettingsChange(hour=9), SettingsChange(zone="America/Los_Angeles")],
    ids=["day", "hour", "zone"],
)
async def test_a_change_does_not_lose_a_nudge_that_has_just_fallen_due(course: Course, change: SettingsChange) -> None:
    await course.join(10)
    course.clock.set(DUE)
    seen = await course.nudges.change(member(10), change, DUE)
    assert seen.enrolment.next_nudge is not None
    assert seen.enrolment.next_nudge.week == date(2027, 2, 22)
    course.clock.advance(timedelta(hours=1))
    await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-02-15"]


async def test_however_often_the_settings_change_a_week_has_one_nudge(course: Course) -> None:
    await course.join(10)
    for day in (0, 1, 2, 3, 4, 5, 6, 0, 3):
        course.clock.set(at(date(2027, 2, 15) + timedelta(days=day), 17))
        await course.nudges.change(member(10), SettingsChange(day=(day + 1) % 7, hour=16), course.clock())
        await course.rounds().round()
    course.clock.set(DUE + 2 * WEEK)
    await course.rounds().round()
    weeks = [row.period for row in await course.weekly(10)]
    assert len(weeks) == len(set(weeks))
    assert weeks == sorted(weeks)


async def test_a_pause_that_is_ended_early_brings_the_next_nudge_back(course: Course) -> None:
    await course.join(10)
    paused = await course.nudges.change(member(10), SettingsChange(pause_weeks=4), START)
    assert paused.enrolment.pause_until == date(2027, 3, 15)
    assert paused.enrolment.next_nudge is not None
    assert paused.enrolment.next_nudge.week == date(2027, 3, 15)
    resumed = await course.nudges.change(member(10), SettingsChange(pause_weeks=0), START)
    assert resumed.enrolment.pause_until is None
    assert resumed.enrolment.next_nudge is not None
    assert resumed.enrolment.next_nudge.week == date(2027, 2, 15)


@pytest.mark.parametrize(
    ("refusal", "change"),
    [
        (QuietHour, SettingsChange(day=3, hour=7)),
        (QuietHour, SettingsChange(day=3, hour=21)),
        (UnknownZone, SettingsChange(day=3, zone="Atlantis/Capital")),
        (BadNumber, SettingsChange(day=3, pause_weeks=7)),
    ],
)
async def test_a_refused_change_leaves_everything(
    sqlite_course: Course, refusal: type[Refusal], change: SettingsChange
) -> None:
    await sqlite_course.join(10)
    sqlite_course.clock.set(DUE)
    before = await sqlite_course.everything()
    with pytest.raises(refusal):
        await sqlite_course.nudges.change(member(10), change, DUE)
    assert await sqlite_course.everything() == before


async def test_after_the_term_there_is_nothing_to_set(sqlite_course: Course) -> None:
    await sqlite_course.join(10)
    before = await sqlite_course.everything()
    with pytest.raises(NudgesAlreadyOver):
        await sqlite_course.nudges.change(member(10), SettingsChange(day=3), START + 20 * WEEK)
    assert await sqlite_course.everything() == before


# History


async def test_the_history_shows_the_last_rows_newest_first_and_nobody_elses(course: Course) -> None:
    await course.join(10, 11)
    for week in range(14):
        await course.answered(10, DUE + week * WEEK)
        await course.rounds().round()
    seen = await course.nudges.history(member(10), course.clock())
    assert len(seen.rows) == HISTORY_ROWS
    periods = [row.key.period for row in seen.rows]
    assert periods[:2] == ["2027-05-17", "2027-05-10"]
    assert periods == sorted(periods, reverse=True)
    assert {row.key.to.user_id for row in seen.rows} == {10}


# Done


async def test_done_logs_what_the_rule_names_on_the_day_of_the_click(course: Course) -> None:
    key = await with_goal(course)
    logged = await course.nudges.done(member(10, dm=True), key, DUE + timedelta(days=3))
    assert (logged.action.kind, logged.action.on, logged.did) == ("reply", date(2027, 2, 18), 1)


async def test_done_twice_at_once_logs_once(course: Course, database_url: str) -> None:
    key = await with_goal(course)
    other = Course(open_database(database_url), course.content)
    try:
        clicks = [one.nudges.done(member(10), key, DUE) for one in (course, other, course)]
        results = await asyncio.gather(*clicks, return_exceptions=True)
    finally:
        other.database.close()
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDone", "AlreadyDone", "Logged"]
    assert len((await course.everything())["action"]) == 1


async def test_done_again_after_an_undo_logs_again(course: Course) -> None:
    key = await with_goal(course)
    first = await course.nudges.done(member(10), key, DUE)
    with pytest.raises(AlreadyDone):
        await course.nudges.done(member(10), key, DUE)
    await course.log.undo(member(10), first.action.id, DUE)
    assert (await course.nudges.done(member(10), key, DUE)).action.kind == "reply"


async def test_done_on_a_step_that_is_not_an_action_logs_nothing(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    await course.rounds().round()
    before = await course.everything()
    hello = NudgeKey((await course.key(10)).to, NudgeKind.HELLO, "joined")
    for key in (await course.key(10), hello):
        with pytest.raises(NothingToLog):
            await course.nudges.done(member(10), key, DUE)
    assert await course.everything() == before


# The item a nudge is about


async def test_an_item_button_answers_the_item_that_the_message_named(course: Course) -> None:
    await course.join(10)
    await course.focus.save(member(10), "nursing", None, None, START)
    course.clock.set(DUE)
    await course.rounds().round()
    key = await course.key(10)
    looked = await course.nudges.item(member(10), key, None, DUE)
    assert (looked.item.id, looked.given) == ("see.intent", None)
    answered = await course.nudges.item(member(10), key, Answer.FIXED, DUE)
    assert answered.given is not None
    # A second click later still means the same item, not the next one.
    assert (await course.nudges.item(member(10), key, Answer.FINE, DUE)).item.id == "see.intent"


async def test_an_item_button_on_a_nudge_about_something_else_is_refused(sqlite_course: Course) -> None:
    key = await with_goal(sqlite_course)
    before = await sqlite_course.everything()
    with pytest.raises(NothingToLog):
        await sqlite_course.nudges.item(member(10), key, Answer.FINE, DUE)
    assert await sqlite_course.everything() == before


# Another day


async def test_another_day_sends_one_reminder_on_the_day_picked_last(course: Course) -> None:
    key = await with_goal(course)
    days = await course.nudges.days(member(10), key, DUE)
    assert days == tuple(date(2027, 2, 16) + timedelta(days=ahead) for ahead in range(6))
    await course.nudges.remind(member(10), key, days[1], DUE)
    picked = await course.nudges.remind(member(10), key, days[3], DUE)
    assert picked.at == at(days[3], 16)
    course.clock.set(at(days[1], 17))
    await course.rounds().round()
    assert [row.state for row in await course.rows(10, "reminder")] == ["owed"]
    course.clock.set(at(days[3], 16))
    for _ in range(2):
        await course.rounds().round()
    [row] = await course.rows(10, "reminder")
    assert (row.state, row.period, row.rule) == ("sent", "2027-02-15", "A23")
    message = course.messenger.received(member(10).user_id)[-1]
    assert course.content.rules["A23"].action in message.text
    assert "another_day" not in message.buttons


async def test_done_under_a_reminder_is_done_for_its_week(course: Course) -> None:
    key = await with_goal(course)
    await course.nudges.remind(member(10), key, date(2027, 2, 17), DUE)
    course.clock.set(at(date(2027, 2, 17), 16))
    await course.rounds().round()
    reminder = course.messenger.received(member(10).user_id)[-1].key
    assert reminder.kind is NudgeKind.REMINDER
    await course.nudges.done(member(10), reminder, course.clock())
    with pytest.raises(AlreadyDone):
        await course.nudges.done(member(10), key, course.clock())


@pytest.mark.parametrize("day", [date(2027, 2, 15), date(2027, 2, 22), date(2027, 1, 1)])
async def test_a_day_that_is_not_on_offer_is_refused(sqlite_course: Course, day: date) -> None:
    key = await with_goal(sqlite_course)
    before = await sqlite_course.everything()
    with pytest.raises(DayGone):
        await sqlite_course.nudges.remind(member(10), key, day, DUE)
    assert await sqlite_course.everything() == before


async def test_after_the_reminder_went_out_there_is_no_other(course: Course) -> None:
    key = await with_goal(course)
    await course.nudges.remind(member(10), key, date(2027, 2, 16), DUE)
    course.clock.set(at(date(2027, 2, 16), 16))
    await course.rounds().round()
    before = await course.everything()
    with pytest.raises(AlreadyReminded):
        await course.nudges.remind(member(10), key, date(2027, 2, 18), course.clock())
    assert await course.everything() == before


async def test_a_reminder_takes_no_weeks_place(course: Course) -> None:
    key = await with_goal(course)
    await course.nudges.remind(member(10), key, date(2027, 2, 21), DUE)
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-02-15", "2027-02-22"]
    await course.log.log(member(10), ActionDraft("note"), course.clock())
