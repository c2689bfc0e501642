"""Settings, history, and the buttons under a nudge."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.coaching.cohort import Audience
from bot.coaching.errors import (
    AlreadyDone,
    AlreadyReminded,
    BadNumber,
    DayGone,
    NoDayLeft,
    NoGoal,
    NothingToLog,
    NotYourCard,
    NudgeGone,
    NudgesAlreadyOver,
    OpportunityMoved,
    QuietHour,
    Refusal,
    UnknownContact,
    UnknownOpportunity,
    UnknownZone,
)
from bot.coaching.focus import Connection
from bot.coaching.footprint import Answer
from bot.coaching.goals import Beginning, Obstacle
from bot.coaching.ids import ContactId, OpportunityId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import AlertKind, Category, ContactDraft, Stage
from bot.coaching.nudges import NudgeKey, NudgeKind
from bot.coaching.opportunities import Move, Opportunity, OpportunityDraft, OpportunityKind, OpportunityState
from bot.coaching.snapshot import Facts
from bot.coaching.weeks import BreakKind
from bot.services.cohort import BreakRequest
from bot.services.log import With
from bot.services.network import AlertDraft
from bot.services.note_buttons import FirstWords
from bot.services.nudges import HISTORY_ROWS, SettingsChange
from storage import tables
from storage.database import Tx, open_database
from tests.services.course import DUE, GOAL, START, TERM_START, WEEK, Course, Row, at, manager, member

DAY = timedelta(days=1)


async def with_goal(course: Course, user_id: int = 10) -> NudgeKey:
    """Join, set focus and goal, get the first nudge, and return its key."""
    await course.join(user_id)
    await course.set_focus(user_id)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(user_id), item, Answer.FINE, START)
    await course.set_goal(user_id)
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
    logged = await course.buttons.done(member(10, dm=True), key, DUE + timedelta(days=3))
    assert (logged.action.kind, logged.action.on, logged.did) == ("reply", date(2027, 2, 18), 1)


async def test_done_twice_at_once_logs_once(course: Course, database_url: str) -> None:
    key = await with_goal(course)
    other = Course(open_database(database_url), course.content)
    try:
        clicks = [one.buttons.done(member(10), key, DUE) for one in (course, other, course)]
        results = await asyncio.gather(*clicks, return_exceptions=True)
    finally:
        other.database.close()
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDone", "AlreadyDone", "Logged"]
    assert len((await course.everything())["action"]) == 1


async def test_done_again_after_an_undo_logs_again(course: Course) -> None:
    key = await with_goal(course)
    first = await course.buttons.done(member(10), key, DUE)
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, DUE)
    await course.log.undo(member(10), first.action.id, DUE)
    assert (await course.buttons.done(member(10), key, DUE)).action.kind == "reply"


async def test_done_on_a_step_that_is_not_an_action_logs_nothing(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    await course.rounds().round()
    before = await course.everything()
    hello = NudgeKey((await course.key(10)).to, NudgeKind.HELLO, "joined")
    for key in (await course.key(10), hello):
        with pytest.raises(NothingToLog):
            await course.buttons.done(member(10), key, DUE)
    assert await course.everything() == before


# The item a nudge is about


async def test_an_item_button_answers_the_item_that_the_message_named(course: Course) -> None:
    await course.join(10)
    await course.set_focus(10)
    course.clock.set(DUE)
    await course.rounds().round()
    key = await course.key(10)
    looked = await course.buttons.item(member(10), key, None, DUE)
    assert (looked.item.id, looked.given) == ("see.search-name", None)
    answered = await course.buttons.item(member(10), key, Answer.FIXED, DUE)
    assert answered.given is not None
    # A second click later still means the same item, not the next one.
    assert (await course.buttons.item(member(10), key, Answer.FINE, DUE)).item.id == "see.search-name"


async def test_an_item_button_on_a_nudge_about_something_else_is_refused(sqlite_course: Course) -> None:
    key = await with_goal(sqlite_course)
    before = await sqlite_course.everything()
    with pytest.raises(NothingToLog):
        await sqlite_course.buttons.item(member(10), key, Answer.FINE, DUE)
    assert await sqlite_course.everything() == before


# Another day


async def test_another_day_sends_one_reminder_on_the_day_picked_last(course: Course) -> None:
    key = await with_goal(course)
    days = await course.buttons.days(member(10), key, DUE)
    assert days == tuple(date(2027, 2, 16) + timedelta(days=ahead) for ahead in range(6))
    await course.buttons.remind(member(10), key, days[1], DUE)
    picked = await course.buttons.remind(member(10), key, days[3], DUE)
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
    await course.buttons.remind(member(10), key, date(2027, 2, 17), DUE)
    course.clock.set(at(date(2027, 2, 17), 16))
    await course.rounds().round()
    reminder = course.messenger.received(member(10).user_id)[-1].key
    assert reminder.kind is NudgeKind.REMINDER
    await course.buttons.done(member(10), reminder, course.clock())
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, course.clock())


@pytest.mark.parametrize("day", [date(2027, 2, 15), date(2027, 2, 22), date(2027, 1, 1)])
async def test_a_day_that_is_not_on_offer_is_refused(sqlite_course: Course, day: date) -> None:
    key = await with_goal(sqlite_course)
    before = await sqlite_course.everything()
    with pytest.raises(DayGone):
        await sqlite_course.buttons.remind(member(10), key, day, DUE)
    assert await sqlite_course.everything() == before


async def test_after_the_reminder_went_out_there_is_no_other(course: Course) -> None:
    key = await with_goal(course)
    await course.buttons.remind(member(10), key, date(2027, 2, 16), DUE)
    course.clock.set(at(date(2027, 2, 16), 16))
    await course.rounds().round()
    before = await course.everything()
    with pytest.raises(AlreadyReminded):
        await course.buttons.remind(member(10), key, date(2027, 2, 18), course.clock())
    assert await course.everything() == before


async def test_a_reminder_takes_no_weeks_place(course: Course) -> None:
    key = await with_goal(course)
    await course.buttons.remind(member(10), key, date(2027, 2, 21), DUE)
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-02-15", "2027-02-22"]
    await course.log.log(member(10), ActionDraft("note"), course.clock())


# What a note is about


async def on_track(course: Course, user_id: int = 10) -> None:
    """Let a member have a focus, a goal, and the quick items done; their DM channel is known."""
    await course.join(user_id)
    await course.set_focus(user_id)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(user_id), item, Answer.FINE, START)
    await course.set_goal(user_id)


async def noted(course: Course, week: int = 0) -> NudgeKey:
    """Let a week's note go out to a member who answers, and return its key."""
    await course.answered(10, DUE + week * WEEK)
    await course.rounds().round()
    return await course.key(10, TERM_START + week * WEEK)


async def row(course: Course, week: int = 0) -> Row:
    (found,) = [one for one in await course.weekly(10) if one.period == (TERM_START + week * WEEK).isoformat()]
    return found


async def known(course: Course, nickname: str = "Kim", stage: Stage = Stage.SPOTTED) -> ContactId:
    """Let the member keep somebody in their network."""
    draft = ContactDraft(nickname, Category.PRACTITIONER, stage)
    return (await course.network.add_person(member(10), draft, START)).contact.id


async def met(course: Course, nickname: str = "Kim") -> ContactId:
    """Let the member have met somebody on the first day, so that the first note is about thanking them."""
    kim = await known(course, nickname)
    await course.log.log(member(10), ActionDraft("interview", contact=kim), START)
    return kim


async def kept(course: Course, due: date | None = None, *moves: Move) -> OpportunityId:
    """Let the member keep an opportunity on the first day, and tell of it what they tell."""
    draft = OpportunityDraft("Summer ward", OpportunityKind.JOB, None, due)
    number = (await course.opportunities.add(member(10), draft, START)).opportunity.id
    for move in moves:
        await course.opportunities.tell(member(10), number, move, START)
    return number


async def opportunity(course: Course, number: OpportunityId) -> Opportunity:
    return (await course.opportunities.get(member(10), number, course.clock())).opportunity


async def kinds(course: Course) -> list[str]:
    """Return the kinds in the log, in the order of logging."""
    a = tables.action.c

    def work(tx: Tx) -> list[str]:
        return list(tx.scalars(select(a.kind).order_by(a.id)))

    return await course.database.read(work)


async def deadline(course: Course) -> OpportunityId:
    return await kept(course, START.date() + 3 * DAY)


async def waiting(course: Course) -> OpportunityId:
    """Let something sent on the first day wait for two weeks, in which the member logs."""
    number = await kept(course, None, Move.SENT)
    await course.log.log(member(10), ActionDraft("note"), START + WEEK)
    return number


async def won(course: Course) -> OpportunityId:
    return await kept(course, None, Move.SENT, Move.YES)


async def lost(course: Course) -> OpportunityId:
    return await kept(course, None, Move.SENT, Move.NO)


NOTES_ABOUT_OPENINGS = pytest.mark.parametrize(
    ("begin", "week", "speaks", "own_move", "logs"),
    [
        (deadline, 0, "A01", Move.SENT, "apply"),
        (waiting, 2, "A09", Move.FOLLOWED_UP, "follow_up"),
        (won, 0, "opportunity_won", Move.THANKED, "thank"),
        (lost, 0, "opportunity_lost", Move.THANKED, "thank"),
    ],
    ids=["deadline", "waiting", "won", "lost"],
)
Begin = Callable[[Course], Awaitable[OpportunityId]]


# Done, with a person


async def test_done_under_a_note_about_a_person_logs_with_them_once(course: Course) -> None:
    await on_track(course)
    kim = await met(course)
    key = await noted(course)
    assert ((await row(course)).rule, (await row(course)).subject) == ("A02", f"person:{kim}")
    logged = await course.buttons.done(member(10, dm=True), key, DUE)
    assert (logged.action.kind, logged.action.contact) == ("thank", kim)
    assert logged.contact == With("Kim", Stage.MET)
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, DUE)
    assert await kinds(course) == ["interview", "thank"]
    assert (await course.me.me(member(10), DUE)).snapshot.facts.unthanked_days is None


async def test_done_under_a_note_about_somebody_who_was_forgotten_logs_without_a_name_once(course: Course) -> None:
    await on_track(course)
    kim = await met(course)
    key = await noted(course)
    await course.network.forget(member(10), f"person:{kim}", DUE)
    logged = await course.buttons.done(member(10), key, DUE)
    assert (logged.action.kind, logged.action.contact, logged.contact) == ("thank", None, None)
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, DUE)


async def test_a_step_that_may_have_been_two_kinds_logs_the_first_and_offers_the_other(course: Course) -> None:
    await on_track(course)
    kim = await known(course, stage=Stage.CONVERSED)
    course.clock.set(START + 4 * WEEK)
    await course.log.log(member(10), ActionDraft("reply"), course.clock())
    key = await noted(course, 5)
    assert ((await row(course, 5)).rule, (await row(course, 5)).subject) == ("A17", f"person:{kim}")
    logged = await course.buttons.done(member(10), key, course.clock())
    assert course.content.rules["A17"].done == ("credit", "thank")
    assert (logged.kind.id, [kind.id for kind in logged.others], logged.counted) == ("credit", ["thank"], False)
    changed = await course.log.set_kind(member(10), logged.action.id, "thank", course.clock())
    assert (changed.kind.id, changed.contact) == ("thank", With("Kim", Stage.CONVERSED))
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, course.clock())


async def test_done_on_the_goals_own_step_offers_the_goals_other_kinds_and_a_note(sqlite_course: Course) -> None:
    await on_track(sqlite_course)
    logged = await sqlite_course.buttons.done(member(10), await noted(sqlite_course), DUE)
    first, *rest = sqlite_course.content.vocabulary.types["connect"].counted_actions
    assert (logged.kind.id, [kind.id for kind in logged.others]) == (first, ["note", *rest])


async def test_done_after_its_goal_was_stopped_still_logs_something(sqlite_course: Course) -> None:
    course = sqlite_course
    await on_track(course)
    key = await noted(course)
    goal = (await course.goals.show(member(10), DUE)).running[0].goal
    await course.goals.stop(member(10), goal.id, DUE)
    logged = await course.buttons.done(member(10), key, DUE)
    assert (logged.kind.id, logged.goal) == ("note", None)


# Done, with an opening


@NOTES_ABOUT_OPENINGS
async def test_done_under_a_note_about_an_opening_moves_it_on_and_logs_it_once(
    course: Course, begin: Begin, week: int, speaks: str, own_move: Move, logs: str
) -> None:
    await on_track(course)
    number = await begin(course)
    key = await noted(course, week)
    about = await row(course, week)
    assert speaks in {about.rule, about.occasion}
    assert about.subject == f"opening:{number}"
    before = await opportunity(course, number)
    assert (await course.buttons.done(member(10), key, course.clock())).kind.id == logs
    today = course.clock().date()
    done = {
        Move.SENT: replace(before, state=OpportunityState.SENT, state_on=today, sent_on=today),
        Move.FOLLOWED_UP: replace(before, followed_on=today),
        Move.THANKED: replace(before, thanked_on=today),
    }
    assert await opportunity(course, number) == done[own_move]
    logged = await kinds(course)
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, course.clock())
    # Its own card finds it moved already, too.
    told = await course.opportunities.tell(member(10), number, own_move, course.clock())
    assert (told.changed, await opportunity(course, number)) == (False, done[own_move])
    assert await kinds(course) == logged


@NOTES_ABOUT_OPENINGS
async def test_done_after_the_openings_own_card_was_first_changes_and_logs_nothing(
    course: Course, begin: Begin, week: int, speaks: str, own_move: Move, logs: str
) -> None:
    await on_track(course)
    number = await begin(course)
    key = await noted(course, week)
    await course.opportunities.tell(member(10), number, own_move, course.clock())
    before = await course.everything()
    with pytest.raises(OpportunityMoved):
        await course.buttons.done(member(10), key, course.clock())
    assert await course.everything() == before
    assert (await kinds(course)).count(logs) == 1, speaks


@NOTES_ABOUT_OPENINGS
async def test_of_a_note_and_a_card_at_the_same_moment_one_moves_the_opening(
    course: Course, database_url: str, begin: Begin, week: int, speaks: str, own_move: Move, logs: str
) -> None:
    await on_track(course)
    number = await begin(course)
    key = await noted(course, week)
    now, other = course.clock(), Course(open_database(database_url), course.content)
    try:
        results = await asyncio.gather(
            course.buttons.done(member(10), key, now),
            other.opportunities.tell(member(10), number, own_move, now),
            other.buttons.done(member(10), key, now),
            course.opportunities.tell(member(10), number, own_move, now),
            return_exceptions=True,
        )
    finally:
        other.database.close()
    assert {type(one) for one in results if isinstance(one, BaseException)} <= {AlreadyDone, OpportunityMoved}
    assert (await kinds(course)).count(logs) == 1, speaks


@NOTES_ABOUT_OPENINGS
async def test_done_under_a_note_about_an_opening_that_was_forgotten_logs_it_once(
    course: Course, begin: Begin, week: int, speaks: str, own_move: Move, logs: str
) -> None:
    await on_track(course)
    number = await begin(course)
    key = await noted(course, week)
    await course.opportunities.forget(member(10), number, course.clock())
    assert (await course.buttons.done(member(10), key, course.clock())).kind.id == logs
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, course.clock())
    with pytest.raises(UnknownOpportunity):
        await course.buttons.let_go(member(10), key, course.clock())
    assert (await kinds(course)).count(logs) == 1, (speaks, own_move)


# Letting go, letting rest


async def test_an_opening_is_let_go_once_and_can_be_taken_up_again(course: Course) -> None:
    await on_track(course)
    number = await deadline(course)
    key = await noted(course)
    assert (await course.buttons.let_go(member(10), key, DUE)).title == "Summer ward"
    dropped = await opportunity(course, number)
    assert (dropped.state, dropped.state_on) == (OpportunityState.DROPPED, START.date())
    await course.buttons.let_go(member(10), key, DUE + DAY)
    assert await opportunity(course, number) == dropped
    with pytest.raises(OpportunityMoved):
        await course.buttons.done(member(10), key, DUE + DAY)
    assert await kinds(course) == []
    await course.opportunities.tell(member(10), number, Move.REOPEN, DUE + DAY)
    assert (await course.buttons.done(member(10), key, DUE + DAY)).kind.id == "apply"


async def test_an_opening_that_was_answered_meanwhile_is_not_let_go(course: Course) -> None:
    await on_track(course)
    number = await waiting(course)
    key = await noted(course, 2)
    await course.opportunities.tell(member(10), number, Move.YES, course.clock())
    answered = await opportunity(course, number)
    await course.buttons.let_go(member(10), key, course.clock())
    assert await opportunity(course, number) == answered


async def test_somebody_is_let_rest_and_no_note_speaks_of_them_any_more(course: Course) -> None:
    await on_track(course)
    kim = await met(course)
    key = await noted(course)
    for _ in range(2):
        assert await course.buttons.rest_contact(member(10), key, DUE) == "Kim"
    assert (await course.network.person(member(10), kim, DUE)).contact.rested
    assert (await course.me.me(member(10), DUE)).step.subject is None
    await course.network.forget(member(10), f"person:{kim}", DUE)
    with pytest.raises(UnknownContact):
        await course.buttons.rest_contact(member(10), key, DUE)


@pytest.mark.parametrize("about", [None, deadline])
async def test_a_note_about_nobody_lets_nobody_rest_and_one_about_no_opening_lets_none_go(
    sqlite_course: Course, about: Begin | None
) -> None:
    course = sqlite_course
    await on_track(course)
    await known(course)
    if about is not None:
        await about(course)
    else:
        await kept(course)
    key = await noted(course)
    before = await course.everything()
    with pytest.raises(UnknownContact):
        await course.buttons.rest_contact(member(10), key, DUE)
    with pytest.raises(NothingToLog):
        await course.buttons.answer_alert(member(10), key, DUE, keep=False)
    if about is None:
        with pytest.raises(UnknownOpportunity):
            await course.buttons.let_go(member(10), key, DUE)
    assert await course.everything() == before


# An alert


async def about_an_alert(course: Course) -> NudgeKey:
    """Let a member whose map is broad and who logs get a note that asks about their oldest alert."""
    await on_track(course)
    for nickname, category in (("A", Category.PEER), ("B", Category.MENTOR), ("C", Category.ALUM)):
        await course.network.add_person(member(10), ContactDraft(nickname, category), START)
    for field in ("nursing", "teaching"):
        await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, field), START)
    for week in range(4):
        await noted(course, week)
        await course.log.log(member(10), ActionDraft("reply"), course.clock() + 5 * DAY)
    key = await noted(course, 4)
    assert (await row(course, 4)).occasion == "alert_payoff"
    return key


async def test_an_alert_that_is_kept_is_asked_about_again_four_weeks_later(course: Course) -> None:
    key = await about_an_alert(course)
    now = course.clock()
    await course.buttons.answer_alert(member(10), key, now, keep=True)
    first, second = (await course.me.me(member(10), now)).snapshot.alerts
    assert ((await row(course, 4)).subject, first.field) == (f"alert:{first.id}", "nursing")
    assert (first.asked_on, second.asked_on) == (now.date(), None)
    await course.buttons.answer_alert(member(10), key, now + DAY, keep=True)
    assert (await course.me.me(member(10), now)).snapshot.alerts[0].asked_on == now.date() + DAY
    assert (await course.me.me(member(10), now + 6 * DAY)).snapshot.facts.idle_weeks == 0


async def test_an_alert_that_is_taken_out_is_gone_and_answering_again_harms_nothing(course: Course) -> None:
    key = await about_an_alert(course)
    now = course.clock()
    await course.buttons.answer_alert(member(10), key, now, keep=False)
    before = await course.everything()
    for keep in (True, False):
        await course.buttons.answer_alert(member(10), key, now, keep=keep)
    assert await course.everything() == before
    assert [alert.field for alert in (await course.me.me(member(10), now)).snapshot.alerts] == ["teaching"]
    with pytest.raises(NothingToLog):
        await course.buttons.done(member(10), key, now)


# A smaller step


async def test_a_smaller_step_is_the_goals_own_and_without_one_the_contents(course: Course) -> None:
    await on_track(course)
    key = await noted(course)
    smaller = await course.buttons.smaller(member(10), key, DUE)
    assert (smaller.text, smaller.own, smaller.logs) == (course.content.rules["A23"].smaller, False, True)
    await course.set_goal(10, replace(GOAL, tiny="Read one post"), Beginning.REPLACE)
    smaller = await course.buttons.smaller(member(10), key, DUE)
    assert (smaller.text, smaller.own, smaller.key) == ("Read one post", True, key)
    await course.goals.pause(member(10), None, DUE)
    assert not (await course.buttons.smaller(member(10), key, DUE)).own


@pytest.mark.parametrize(("begin", "speaks"), [(deadline, "A01"), (won, "opportunity_won")])
async def test_a_step_that_is_not_the_goals_has_a_smaller_version_of_its_own(
    sqlite_course: Course, begin: Begin, speaks: str
) -> None:
    course = sqlite_course
    await on_track(course)
    await course.set_goal(10, replace(GOAL, tiny="Read one post"), Beginning.REPLACE)
    await begin(course)
    smaller = await course.buttons.smaller(member(10), await noted(course), DUE)
    own = course.content.rules.get(speaks) or course.content.occasions[speaks]
    assert (smaller.text, smaller.own, smaller.logs) == (own.smaller, False, False)


async def test_a_step_without_a_smaller_version_says_that_there_is_nothing_to_log(sqlite_course: Course) -> None:
    course = sqlite_course
    await on_track(course)
    await met(course)
    key = await noted(course)
    hello = NudgeKey(key.to, NudgeKind.HELLO, "joined")
    before = await course.everything()
    for attempt in (
        course.buttons.smaller(member(10), key, DUE),
        course.buttons.smaller(member(10), hello, DUE),
        course.buttons.first_words(member(10), hello, DUE),
        course.buttons.done(member(10), hello, DUE),
        course.buttons.item(member(10), hello, Answer.FINE, DUE),
        course.buttons.answer_alert(member(10), hello, DUE, keep=True),
    ):
        with pytest.raises(NothingToLog):
            await attempt
    assert await course.everything() == before


# What got in the way


async def test_each_obstacle_has_its_words_and_the_goal_that_they_may_help(course: Course) -> None:
    await on_track(course)
    key = await noted(course)
    goal = (await course.goals.show(member(10), DUE)).running[0].goal
    for obstacle in Obstacle:
        asked = await course.buttons.hindrance(member(10), key, obstacle, DUE)
        assert (asked.obstacle, asked.goal, asked.key) == (obstacle, goal, key)
        assert asked.words == course.content.vocabulary.obstacles[obstacle]
    await course.goals.pause(member(10), goal.id, DUE)
    assert (await course.buttons.hindrance(member(10), key, Obstacle.TIME, DUE)).goal is None


async def test_the_answer_to_an_obstacle_becomes_the_second_plan_and_the_first_stays(course: Course) -> None:
    await on_track(course)
    words = course.content.vocabulary.obstacles[Obstacle.NERVES]
    later = START + 2 * WEEK
    before = (await course.goals.show(member(10), later)).running[0].goal
    changed = await course.buttons.answer_hindrance(member(10), Obstacle.NERVES, later)
    assert changed == replace(before, obstacle=Obstacle.NERVES, obstacle_plan=words.plan)
    assert (await course.goals.show(member(10), later)).running[0].goal == changed
    assert (await course.me.me(member(10), later)).snapshot.facts.idle_weeks == 0


async def test_the_answer_to_an_obstacle_goes_to_the_goal_that_notes_speak_of(course: Course) -> None:
    await on_track(course)
    course.clock.set(START + DAY)
    second = (await course.set_goal(10, replace(GOAL, title="Second"), Beginning.BESIDE)).goal
    first = await course.buttons.answer_hindrance(member(10), Obstacle.TIME, START + DAY)
    running = (await course.goals.show(member(10), START + DAY)).running
    assert [one.goal for one in running] == [first, second]
    await course.goals.pause(member(10), first.id, START + DAY)
    assert (await course.buttons.answer_hindrance(member(10), Obstacle.WORDS, START + DAY)).id == second.id


async def test_without_a_goal_that_runs_there_is_no_plan_to_add_to(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, 11, channel=False)
    await course.set_goal(10)
    await course.goals.pause(member(10), None, START)
    before = await course.everything()
    for user_id in (10, 11):
        with pytest.raises(NoGoal):
            await course.buttons.answer_hindrance(member(user_id), Obstacle.TIME, START + WEEK)
    assert await course.everything() == before


# Words to begin with


async def test_the_first_words_fit_the_step_and_name_the_person_while_they_are_kept(course: Course) -> None:
    await on_track(course)
    kim = await met(course)
    key = await noted(course)
    starter = course.content.network.starters["thank"]
    assert await course.buttons.first_words(member(10), key, DUE) == FirstWords(starter, "Kim")
    await course.network.forget(member(10), f"person:{kim}", DUE)
    assert await course.buttons.first_words(member(10), key, DUE) == FirstWords(starter, None)


async def test_the_first_words_of_an_occasion_are_its_own(sqlite_course: Course) -> None:
    course = sqlite_course
    await on_track(course)
    await lost(course)
    words = await course.buttons.first_words(member(10), await noted(course), DUE)
    assert words == FirstWords(course.content.network.starters["advice"], None)


async def test_a_step_without_first_words_says_so(sqlite_course: Course) -> None:
    await on_track(sqlite_course)
    with pytest.raises(NothingToLog):
        await sqlite_course.buttons.first_words(member(10), await noted(sqlite_course), DUE)


# Whose


@pytest.mark.parametrize("button", range(11))
async def test_no_button_of_a_note_is_anybody_elses_and_one_of_a_note_that_is_gone_says_so(
    sqlite_course: Course, button: int
) -> None:
    course = sqlite_course
    await on_track(course)
    await course.join(11)
    await met(course)
    key = await noted(course)
    nudges, buttons = course.nudges, course.buttons
    pressed: list[Callable[[int, NudgeKey], Awaitable[object]]] = [
        lambda who, which: buttons.done(member(who), which, DUE),
        lambda who, which: buttons.smaller(member(who), which, DUE),
        lambda who, which: buttons.hindrance(member(who), which, Obstacle.TIME, DUE),
        lambda who, which: buttons.first_words(member(who), which, DUE),
        lambda who, which: buttons.rest_contact(member(who), which, DUE),
        lambda who, which: buttons.let_go(member(who), which, DUE),
        lambda who, which: buttons.answer_alert(member(who), which, DUE, keep=False),
        lambda who, which: nudges.why(member(who), which, DUE),
        lambda who, which: nudges.note(member(who), which, DUE),
        lambda who, which: buttons.item(member(who), which, Answer.FINE, DUE),
        lambda who, which: buttons.remind(member(who), which, date(2027, 2, 17), DUE),
    ]
    before = await course.everything()
    with pytest.raises(NotYourCard):
        await pressed[button](11, key)
    for gone in (replace(key, period="2026-02-16"), replace(key, kind=NudgeKind.REMINDER)):
        with pytest.raises(NudgeGone):
            await pressed[button](10, gone)
    assert await course.everything() == before


async def test_a_note_that_named_what_is_somebody_elses_would_reach_nothing_of_theirs(course: Course) -> None:
    await on_track(course)
    await met(course)
    await deadline(course)
    await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, "nursing"), START)
    await course.join(11)
    course.clock.set(DUE)
    await course.rounds().round()
    key, theirs = await course.key(11), (await course.me.me(member(10), DUE)).snapshot
    attempts: list[tuple[str, Callable[[], Awaitable[object]]]] = [
        (f"person:{theirs.contacts[0].id}", lambda: course.buttons.rest_contact(member(11), key, DUE)),
        (f"opening:{theirs.openings[0].id}", lambda: course.buttons.let_go(member(11), key, DUE)),
        (f"alert:{theirs.alerts[0].id}", lambda: course.buttons.answer_alert(member(11), key, DUE, keep=False)),
    ]
    n = tables.nudge
    for subject, press in attempts:
        forged = n.update().where(n.c.user_id == 11).values(subject=subject, rule="A02", occasion=None)
        await course.database.transact(lambda tx, forged=forged: tx.execute(forged))
        with suppress(UnknownContact, UnknownOpportunity):
            await press()
        words = await course.buttons.first_words(member(11), key, DUE)
        assert words.nickname is None
        assert not {"Kim", "Summer ward", "nursing"} & set(
            (await course.nudges.note(member(11), key, DUE)).text.split()
        )
    after = (await course.me.me(member(10), DUE)).snapshot
    assert (after.contacts, after.openings, after.alerts) == (theirs.contacts, theirs.openings, theirs.alerts)


# Why


async def test_why_tells_what_was_known_when_the_note_was_made_and_not_what_is_known_now(course: Course) -> None:
    await on_track(course)
    await course.log.log(member(10), ActionDraft("reply"), START)
    key = await noted(course)
    why = await course.nudges.why(member(10), key, DUE)
    rule, occasion = course.content.rules["A23"], course.content.occasions["first_week"]
    assert (why.rule, why.because, why.occasion_because) == ("A23", rule.because, occasion.because)
    assert why.facts.keys() == {name for name in Facts.__slots__ if not name.startswith("recent_")}
    assert (why.facts["did"], why.facts["target"], why.facts["has_goal"]) == (1, 2, True)
    await course.log.log(member(10), ActionDraft("reply"), DUE)
    await course.goals.pause(member(10), None, DUE)
    assert await course.nudges.why(member(10), key, DUE + WEEK) == why


async def test_a_reminder_came_for_the_reason_of_its_weeks_note_and_a_hello_for_no_rule(course: Course) -> None:
    await on_track(course)
    await met(course)
    key = await noted(course)
    weekly = await course.nudges.why(member(10), key, DUE)
    assert (weekly.rule, weekly.facts["unthanked_days"]) == ("A02", 0)
    await course.buttons.remind(member(10), key, date(2027, 2, 17), DUE)
    course.clock.set(at(date(2027, 2, 17), 16))
    await course.rounds().round()
    reminder = replace(key, kind=NudgeKind.REMINDER)
    assert await course.nudges.why(member(10), reminder, course.clock()) == weekly
    hello = await course.nudges.why(member(10), NudgeKey(key.to, NudgeKind.HELLO, "joined"), DUE)
    assert (hello.rule, hello.because, hello.occasion, dict(hello.facts)) == ("", None, None, {})


@pytest.mark.parametrize("connection", Connection)
async def test_why_gives_the_reason_that_the_note_itself_gave(sqlite_course: Course, connection: Connection) -> None:
    course = sqlite_course
    await on_track(course)
    await course.set_focus(10, connection=connection.value)
    for kind in ("post_work", "post_work", "share_link", "post_work", "reply"):
        await course.log.log(member(10), ActionDraft(kind), START)
    me, why = await course.me.me(member(10), START), await course.me.why(member(10), START)
    key = await noted(course)
    assert (me.step.rule.id, (await row(course)).rule) == ("A13", "A13")
    assert me.step.because == course.content.rules["A13"].because_for[connection]
    assert me.step.because in course.messenger.received(member(10).user_id)[-1].text
    assert why.because == me.step.because
    assert (await course.nudges.why(member(10), key, DUE)).because == me.step.because


async def test_what_a_note_keeps_of_the_facts_can_be_read_again_and_says_nothing_of_earlier_notes(
    course: Course,
) -> None:
    await on_track(course)
    await noted(course)
    n = tables.nudge.c
    found = await course.database.read(lambda tx: list(tx.scalars(select(n.facts).where(n.kind == NudgeKind.WEEKLY))))
    (facts,) = [json.loads(one) for one in found if one is not None]
    assert facts["first_note"] is True
    assert not [name for name in facts if name.startswith("recent_")]


async def test_the_ledger_keeps_numbers_and_no_word_that_the_member_wrote(course: Course) -> None:
    await on_track(course)
    kim = await known(course, "Night-shift Kim")
    await course.log.log(member(10), ActionDraft("interview", "her story", 20, contact=kim), START)
    await deadline(course)
    key = await noted(course)
    await course.buttons.remind(member(10), key, date(2027, 2, 17), DUE)
    told = course.messenger.received(member(10).user_id)[-1].text
    assert "Summer ward" in told
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


async def test_a_reminder_speaks_of_the_same_person_although_another_one_now_comes_first(course: Course) -> None:
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
    assert message.key == reminder
    assert "Kim" in message.text
    assert "Lou" not in message.text
    assert message.buttons == ("done", "words", "pause", "why")
    assert (await course.buttons.first_words(member(10), reminder, course.clock())).nickname == "Kim"
    logged = await course.buttons.done(member(10), reminder, course.clock())
    assert logged.action.contact == kim
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, course.clock())
    assert await course.buttons.rest_contact(member(10), reminder, course.clock()) == "Kim"


async def test_a_reminder_of_somebody_who_was_forgotten_speaks_of_something_else_and_its_buttons_go_with_it(
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
    assert course.content.rules["A23"].action in message.text
    assert "words" not in message.buttons
    logged = await course.buttons.done(member(10), message.key, course.clock())
    assert logged.kind.id == "reply"


async def test_a_reminder_speaks_of_the_same_opening(sqlite_course: Course) -> None:
    course = sqlite_course
    await on_track(course)
    number = await deadline(course)
    key = await noted(course)
    sooner = OpportunityDraft("Sooner", OpportunityKind.JOB, None, START.date() + 2 * DAY)
    await course.opportunities.add(member(10), sooner, DUE)
    reminder = await reminded(course, key, date(2027, 2, 17))
    message = course.messenger.received(member(10).user_id)[-1]
    assert "Summer ward" in message.text
    assert "Sooner" not in message.text
    await course.buttons.done(member(10), reminder, course.clock())
    assert (await opportunity(course, number)).state is OpportunityState.SENT


async def test_days_on_which_the_course_has_no_notes_are_not_offered(course: Course) -> None:
    key = await with_goal(course)
    staff = replace(manager(), audience=Audience.STAFF)
    await course.cohorts.add_break(staff, BreakRequest(BreakKind.BREAK, "2027-02-17", "2027-02-19"), DUE)
    days = await course.buttons.days(member(10), key, DUE)
    assert days == (date(2027, 2, 16), date(2027, 2, 20), date(2027, 2, 21))
    with pytest.raises(DayGone):
        await course.buttons.remind(member(10), key, date(2027, 2, 18), DUE)
    await course.cohorts.add_break(staff, BreakRequest(BreakKind.BREAK, "2027-02-16", "2027-02-28"), DUE)
    before = await course.everything()
    with pytest.raises(NoDayLeft):
        await course.buttons.days(member(10), key, DUE)
    with pytest.raises(NoDayLeft):
        await course.buttons.remind(member(10), key, date(2027, 2, 20), DUE)
    assert await course.everything() == before


# Two goals


async def test_notes_speak_of_the_older_goal_and_of_the_other_while_it_rests(course: Course) -> None:
    await on_track(course)
    older = (await course.goals.show(member(10), START)).running[0].goal
    course.clock.set(START + timedelta(hours=1))
    second = replace(GOAL, type="learn", title="Read one paper", if_then="If it is Sunday, then I will read one paper")
    await course.set_goal(10, second, Beginning.BESIDE)
    await noted(course)
    (first,) = [one.text for one in course.messenger.received(member(10).user_id) if one.key.kind == "weekly"]
    assert second.title not in first
    assert second.if_then not in first
    assert GOAL.title in first or GOAL.if_then in first
    assert (await course.buttons.done(member(10), await course.key(10), DUE)).kind.id == "reply"
    await course.goals.pause(member(10), older.id, course.clock())
    key = await noted(course, 1)
    text = course.messenger.received(member(10).user_id)[-1].text
    assert GOAL.title not in text
    assert GOAL.if_then not in text
    assert (await course.buttons.done(member(10), key, course.clock())).kind.id == "note"
    assert (await course.nudges.why(member(10), key, course.clock())).facts["goal_type"] == "learn"


async def test_what_came_of_a_done_step_is_said_of_the_person_it_was_with(course: Course) -> None:
    await on_track(course)
    await met(course)
    logged = await course.buttons.done(member(10), await noted(course), DUE)
    said = await course.log.set_outcome(member(10), logged.action.id, Outcome.OPENING, DUE)
    assert said.contact == With("Kim", Stage.ADVOCATE)
