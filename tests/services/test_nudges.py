"""Settings, history, and why a note came."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.coaching.errors import BadNumber, QuietHour, Refusal, UnknownZone
from bot.coaching.focus import Connection
from bot.coaching.log import ActionDraft
from bot.coaching.nudges import NudgeKey, NudgeKind
from bot.coaching.snapshot import Facts
from bot.services.nudges import HISTORY_ROWS, SettingsChange
from storage import tables
from tests.services.course import DUE, GOAL, START, WEEK, Course, at, member
from tests.services.noted import DAY, deadline, known, met, noted, on_track, row

# Settings


async def test_change_replans_the_next_nudge(course: Course) -> None:
    await course.join(10)
    seen = await course.nudges.change(member(10), SettingsChange(day=2, hour=9), START)
    assert seen.enrolment.next_nudge is not None
    assert at(date(2027, 2, 17), 9) <= seen.enrolment.next_nudge.at <= at(date(2027, 2, 17), 9, 20)
    assert await course.nudges.settings(member(10), START) == seen


async def test_unnamed_settings_stay(course: Course) -> None:
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
async def test_change_keeps_a_nudge_that_has_just_fallen_due(course: Course, change: SettingsChange) -> None:
    await course.join(10)
    course.clock.set(DUE)
    seen = await course.nudges.change(member(10), change, DUE)
    assert seen.enrolment.next_nudge is not None
    assert seen.enrolment.next_nudge.week == date(2027, 2, 22)
    course.clock.advance(timedelta(hours=1))
    await course.rounds().round()
    assert [one.period for one in await course.weekly(10)] == ["2027-02-15"]


async def test_pause_ended_early_brings_the_next_nudge_back(course: Course) -> None:
    await course.join(10)
    until: list[tuple[date | None, date | None]] = []
    for weeks in (4, 0):
        seen = (await course.nudges.change(member(10), SettingsChange(pause_weeks=weeks), START)).enrolment
        until.append((seen.pause_until, seen.next_nudge and seen.next_nudge.week))
    assert until == [(date(2027, 3, 15), date(2027, 3, 15)), (None, date(2027, 2, 15))]


@pytest.mark.parametrize(
    ("refusal", "change"),
    [
        (QuietHour, SettingsChange(day=3, hour=7)),
        (QuietHour, SettingsChange(day=3, hour=21)),
        (UnknownZone, SettingsChange(day=3, zone="Atlantis/Capital")),
        (BadNumber, SettingsChange(day=3, pause_weeks=7)),
    ],
)
async def test_refused_change_changes_nothing(course: Course, refusal: type[Refusal], change: SettingsChange) -> None:
    await course.join(10)
    course.clock.set(DUE)
    before = await course.everything()
    with pytest.raises(refusal):
        await course.nudges.change(member(10), change, DUE)
    assert await course.everything() == before


# History


async def test_history_shows_own_last_rows_newest_first(course: Course) -> None:
    await course.join(10, 11)
    for week in range(14):
        await course.answered(10, DUE + week * WEEK)
        await course.rounds().round()
    seen = await course.nudges.history(member(10), course.clock())
    periods = [one.key.period for one in seen.rows]
    assert len(periods) == HISTORY_ROWS
    assert periods[:2] == ["2027-05-17", "2027-05-10"]
    assert periods == sorted(periods, reverse=True)
    assert {one.key.to.user_id for one in seen.rows} == {10}


# Why


async def test_why_shows_what_was_known_when_the_note_was_made(course: Course) -> None:
    await on_track(course)
    await course.log.log(member(10), ActionDraft("reply"), START)
    key = await noted(course)
    why = await course.nudges.why(member(10), key, DUE)
    rule, occasion = course.content.rules["A23"], course.content.occasions["goal_new"]
    assert (why.rule, why.because, why.occasion_because) == ("A23", rule.because, occasion.because)
    # Of the nudges before it nothing is kept.
    assert why.facts.keys() == {name for name in Facts.__slots__ if not name.startswith("recent_")}
    assert (why.facts["did"], why.facts["target"], why.facts["has_goal"]) == (1, 2, True)
    await course.log.log(member(10), ActionDraft("reply"), DUE)
    await course.goals.pause(member(10), None, DUE)
    assert await course.nudges.why(member(10), key, DUE + WEEK) == why
    n = tables.nudge.c
    kept = await course.database.read(lambda tx: tx.scalar(select(n.facts).where(n.kind == NudgeKind.WEEKLY)))
    assert json.loads(kept or "") == why.facts


async def test_reminder_has_its_weeks_reason_and_a_hello_none(course: Course) -> None:
    await on_track(course)
    await met(course)
    key = await noted(course)
    weekly = await course.nudges.why(member(10), key, DUE)
    assert (weekly.rule, weekly.facts["unthanked_days"]) == ("A02", 0)
    reminder = await reminded(course, key)
    assert await course.nudges.why(member(10), reminder, course.clock()) == weekly
    hello = await course.nudges.why(member(10), NudgeKey(key.to, NudgeKind.HELLO, "joined"), DUE)
    assert (hello.rule, hello.because, hello.occasion, dict(hello.facts)) == ("", None, None, {})


async def test_why_gives_the_reason_the_note_gave(course: Course) -> None:
    await on_track(course)
    await course.set_focus(10, connection=Connection.ADVICE.value)
    for kind in ("post_work", "post_work", "share_link", "post_work", "reply"):
        await course.log.log(member(10), ActionDraft(kind), START)
    me, why = await course.me.me(member(10), START), await course.me.why(member(10), START)
    key = await noted(course)
    assert (me.step.rule.id, (await row(course)).rule) == ("A13", "A13")
    assert me.step.because == course.content.rules["A13"].because_for[Connection.ADVICE]
    assert why.because == (await course.nudges.why(member(10), key, DUE)).because == me.step.because


async def test_ledger_stores_no_word_the_member_wrote(course: Course) -> None:
    await on_track(course)
    kim = await known(course, "Night-shift Kim")
    await course.log.log(member(10), ActionDraft("interview", "her story", 20, contact=kim), START)
    await deadline(course)
    key = await noted(course)
    await course.buttons.remind(member(10), key, date(2027, 2, 17), DUE)
    assert "Summer ward" in course.messenger.received(member(10).user_id)[-1].text
    ledger = str((await course.everything())["nudge"])
    for word in ("Kim", "her story", "Summer", "nursing", GOAL.title, GOAL.if_then):
        assert word not in ledger, word


# A reminder


async def reminded(course: Course, key: NudgeKey, day: date = date(2027, 2, 18)) -> NudgeKey:
    """Let the member pick a day, and the reminder go out on it; return its key."""
    await course.buttons.remind(member(10), key, day, DUE)
    course.clock.set(at(day, 16))
    await course.rounds().round()
    return replace(key, kind=NudgeKind.REMINDER)


async def test_reminder_is_about_the_same_person_as_its_note(course: Course) -> None:
    await on_track(course)
    kim = await met(course, "Kim")
    key = await noted(course)
    earlier = await known(course, "Lou")
    await course.log.log(member(10), ActionDraft("interview", contact=earlier), START - DAY)
    assert (await course.me.me(member(10), DUE)).step.reference == f"person:{earlier}"
    reminder = await reminded(course, key)
    (about,) = await course.rows(10, "reminder")
    assert (about.rule, about.subject, about.state) == ("A02", f"person:{kim}", "sent")
    message = course.messenger.received(member(10).user_id)[-1]
    assert (message.key, "Kim" in message.text, "Lou" in message.text) == (reminder, True, False)
    assert message.buttons == ("done", "words", "pause", "why")
    assert (await course.buttons.first_words(member(10), reminder, course.clock())).nickname == "Kim"
    assert (await course.buttons.done(member(10), reminder, course.clock())).action.contact == kim


async def test_reminder_about_a_forgotten_person_falls_back(
    course: Course,
) -> None:
    await on_track(course)
    kim = await met(course)
    key = await noted(course)
    await course.network.forget(member(10), f"person:{kim}", DUE)
    await reminded(course, key)
    (about,) = await course.rows(10, "reminder")
    assert (about.state, about.rule, about.subject) == ("sent", "A23", None)
    message = course.messenger.received(member(10).user_id)[-1]
    assert "Kim" not in message.text
    assert (await course.buttons.done(member(10), message.key, course.clock())).kind.id == "reply"
