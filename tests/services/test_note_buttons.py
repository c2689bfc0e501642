"""The buttons under a note."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

import pytest

from bot.coaching.cohort import Audience
from bot.coaching.errors import (
    AlreadyDone,
    AlreadyReminded,
    DayGone,
    NoDayLeft,
    NothingToLog,
    NotYourCard,
    NudgeGone,
    OpportunityMoved,
    UnknownContact,
    UnknownOpportunity,
)
from bot.coaching.footprint import Answer
from bot.coaching.goals import Beginning, Obstacle
from bot.coaching.log import ActionDraft
from bot.coaching.network import AlertKind, Category, ContactDraft, Stage
from bot.coaching.nudges import NudgeKey, NudgeKind
from bot.coaching.opportunities import Move, OpportunityState
from bot.coaching.weeks import BreakKind
from bot.services.cohort import BreakRequest
from bot.services.log import With
from bot.services.network import AlertDraft
from bot.services.note_buttons import FirstWords
from storage import tables
from storage.database import open_database
from tests.services.course import DUE, GOAL, START, WEEK, Course, at, manager, member
from tests.services.noted import (
    DAY,
    Begin,
    deadline,
    kinds,
    known,
    lost,
    met,
    noted,
    on_track,
    opportunity,
    row,
    waiting,
    won,
)

Press: TypeAlias = Callable[[int, NudgeKey], Awaitable[object]]


# Done


async def test_done_logs_what_the_rule_names_once_on_the_day_of_the_click(course: Course) -> None:
    await on_track(course)
    key = await noted(course)
    logged = await course.buttons.done(member(10, dm=True), key, DUE + timedelta(days=3))
    assert (logged.action.kind, logged.action.on, logged.did) == ("reply", date(2027, 2, 18), 1)
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, DUE)
    await course.log.undo(member(10), logged.action.id, DUE)
    assert (await course.buttons.done(member(10), key, DUE)).action.kind == "reply"


@pytest.mark.parametrize("forgotten", [False, True])
async def test_done_logs_with_the_person_the_note_is_about(course: Course, *, forgotten: bool) -> None:
    await on_track(course)
    kim = await met(course)
    key = await noted(course)
    assert ((await row(course)).rule, (await row(course)).subject) == ("A02", f"person:{kim}")
    if forgotten:
        await course.network.forget(member(10), f"person:{kim}", DUE)
    logged = await course.buttons.done(member(10, dm=True), key, DUE)
    assert logged.action.kind == "thank"
    found = (None, None) if forgotten else (kim, With("Kim", Stage.MET))
    assert (logged.action.contact, logged.contact) == found
    with pytest.raises(AlreadyDone):
        await course.buttons.done(member(10), key, DUE)
    assert await kinds(course) == ["interview", "thank"]


async def test_step_of_two_kinds_logs_the_first(course: Course) -> None:
    await on_track(course)
    kim = await known(course, stage=Stage.MET)
    course.clock.set(START + 13 * WEEK)
    await course.log.log(member(10), ActionDraft("reply"), course.clock())
    await noted(course, 13)  # asks for the goal's review
    key = await noted(course, 14)
    assert ((await row(course, 14)).rule, (await row(course, 14)).subject) == ("A17", f"person:{kim}")
    logged = await course.buttons.done(member(10), key, course.clock())
    assert course.content.rules["A17"].done == ("credit", "thank")
    assert (logged.kind.id, logged.counted) == ("credit", False)


# Done, with an opportunity

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


@NOTES_ABOUT_OPENINGS
async def test_done_moves_the_opportunity_on_and_logs_it_once(
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
    # Its own card finds it moved already, too.
    told = await course.opportunities.tell(member(10), number, own_move, course.clock())
    assert (told.changed, await opportunity(course, number)) == (False, done[own_move])
    assert await kinds(course) == logged


async def test_note_and_card_at_once_move_the_opportunity_once(either_course: Course, database_url: str) -> None:
    course = either_course
    await on_track(course)
    number = await deadline(course)
    key = await noted(course)
    now, other = course.clock(), Course(open_database(database_url), course.content)
    try:
        results = await asyncio.gather(
            course.buttons.done(member(10), key, now),
            other.opportunities.tell(member(10), number, Move.SENT, now),
            other.buttons.done(member(10), key, now),
            course.opportunities.tell(member(10), number, Move.SENT, now),
            return_exceptions=True,
        )
    finally:
        other.database.close()
    assert {type(one) for one in results if isinstance(one, BaseException)} <= {AlreadyDone, OpportunityMoved}
    assert (await kinds(course)).count("apply") == 1


# The checklist item


async def test_item_button_answers_the_item_the_message_named(course: Course) -> None:
    await course.join(10)
    await course.set_focus(10)
    key = await noted(course)
    looked = await course.buttons.item(member(10), key, None, DUE)
    assert (looked.item.id, looked.given) == ("see.search-name", None)
    answered = await course.buttons.item(member(10), key, Answer.FIXED, DUE)
    assert answered.given is not None
    # A second click later still means the same item, not the next one.
    assert (await course.buttons.item(member(10), key, Answer.FINE, DUE)).item.id == "see.search-name"


# Another day


async def test_another_day_sends_one_reminder_on_the_day_picked_last(course: Course) -> None:
    await on_track(course)
    key = await noted(course)
    days = await course.buttons.days(member(10), key, DUE)
    assert days == tuple(date(2027, 2, 16) + timedelta(days=ahead) for ahead in range(6))
    await course.buttons.remind(member(10), key, days[1], DUE)
    picked = await course.buttons.remind(member(10), key, days[3], DUE)
    assert picked.at == at(days[3], 16)
    course.clock.set(at(days[1], 17))
    await course.rounds().round()
    assert [one.state for one in await course.rows(10, "reminder")] == ["owed"]
    course.clock.set(at(days[3], 16))
    for _ in range(2):
        await course.rounds().round()
    [reminder] = await course.rows(10, "reminder")
    assert (reminder.state, reminder.period, reminder.rule) == ("sent", "2027-02-15", "A23")
    message = course.messenger.received(member(10).user_id)[-1]
    assert "**Next:** Reply to one person (15 min)" in message.text
    assert "another_day" not in message.buttons
    with pytest.raises(AlreadyReminded):
        await course.buttons.remind(member(10), key, date(2027, 2, 20), course.clock())
    # What is done under a reminder is done for its week.
    await course.buttons.done(member(10), message.key, course.clock())
    for call in (course.buttons.done(member(10), key, DUE), course.buttons.remind(member(10), key, days[5], DUE)):
        with pytest.raises(AlreadyDone):
            await call
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    assert [one.period for one in await course.weekly(10)] == ["2027-02-15", "2027-02-22"]


async def test_next_six_days_are_offered_without_those_of_a_break(course: Course) -> None:
    await on_track(course)
    key = await noted(course)
    staff = replace(manager(), audience=Audience.STAFF)
    await course.cohorts.add_break(staff, BreakRequest(BreakKind.BREAK, "2027-02-17", "2027-02-19"), DUE)
    days = await course.buttons.days(member(10), key, DUE)
    assert days == (date(2027, 2, 16), date(2027, 2, 20), date(2027, 2, 21))
    for day in (date(2027, 2, 15), date(2027, 2, 18), date(2027, 2, 22)):
        with pytest.raises(DayGone):
            await course.buttons.remind(member(10), key, day, DUE)
    await course.cohorts.add_break(staff, BreakRequest(BreakKind.BREAK, "2027-02-16", "2027-02-28"), DUE)
    for call in (
        course.buttons.days(member(10), key, DUE),
        course.buttons.remind(member(10), key, date(2027, 2, 20), DUE),
    ):
        with pytest.raises(NoDayLeft):
            await call


# Letting go, letting rest


async def test_opportunity_is_let_go_once_and_can_be_taken_up_again(course: Course) -> None:
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


async def test_rested_person_is_in_no_later_note(course: Course) -> None:
    await on_track(course)
    kim = await met(course)
    key = await noted(course)
    for _ in range(2):
        assert await course.buttons.rest_contact(member(10), key, DUE) == "Kim"
    assert (await course.network.person(member(10), kim, DUE)).contact.rested
    assert (await course.me.me(member(10), DUE)).step.reference != f"person:{kim}"
    await course.network.forget(member(10), f"person:{kim}", DUE)
    with pytest.raises(UnknownContact):
        await course.buttons.rest_contact(member(10), key, DUE)


# An alert


@pytest.mark.parametrize("keep", [True, False])
async def test_alert_is_kept_or_removed_and_repeating_is_harmless(course: Course, *, keep: bool) -> None:
    await on_track(course)
    for nickname, category in (("A", Category.PEER), ("B", Category.MENTOR), ("C", Category.ALUM)):
        await course.network.add_person(member(10), ContactDraft(nickname, category), START)
    for field in ("nursing", "teaching"):
        await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, field), START)
    for week in range(4):
        await noted(course, week)
        await course.log.log(member(10), ActionDraft("reply"), course.clock() + 5 * DAY)
    key, now = await noted(course, 4), course.clock()
    assert (await row(course, 4)).occasion == "alert_payoff"
    for days in (0, 1):
        await course.buttons.answer_alert(member(10), key, now + days * DAY, keep=keep)
    left = {alert.field: alert.asked_on for alert in (await course.me.me(member(10), now)).snapshot.alerts}
    asked_on = now.date() + DAY
    assert left == ({"nursing": asked_on, "teaching": None} if keep else {"teaching": None})


# A smaller step


async def test_smaller_step_is_the_goals_own_else_the_contents(course: Course) -> None:
    await on_track(course)
    key = await noted(course)
    smaller = await course.buttons.smaller(member(10), key, DUE)
    assert (smaller.text, smaller.own, smaller.logs) == (course.content.rules["A23"].smaller, False, True)
    await course.set_goal(10, replace(GOAL, tiny="Read one post"), Beginning.REPLACE)
    smaller = await course.buttons.smaller(member(10), key, DUE)
    assert (smaller.text, smaller.own, smaller.key) == ("Read one post", True, key)
    await course.goals.pause(member(10), None, DUE)
    assert not (await course.buttons.smaller(member(10), key, DUE)).own


# What got in the way


async def test_answer_to_an_obstacle_becomes_the_goals_second_plan(course: Course) -> None:
    await on_track(course)
    key = await noted(course)
    first = (await course.goals.show(member(10), DUE)).running[0].goal
    words = course.content.vocabulary.obstacles[Obstacle.NERVES]
    asked = await course.buttons.hindrance(member(10), key, Obstacle.NERVES, DUE)
    assert (asked.obstacle, asked.goal, asked.key, asked.words) == (Obstacle.NERVES, first, key, words)
    course.clock.set(START + DAY)
    second = (await course.set_goal(10, replace(GOAL, title="Second"), Beginning.BESIDE)).goal
    changed = await course.buttons.answer_hindrance(member(10), Obstacle.NERVES, course.clock())
    assert changed == replace(first, obstacle=Obstacle.NERVES, obstacle_plan=words.plan)
    running = (await course.goals.show(member(10), course.clock())).running
    assert [one.goal for one in running] == [changed, second]
    await course.goals.pause(member(10), first.id, course.clock())
    assert (await course.buttons.answer_hindrance(member(10), Obstacle.WORDS, course.clock())).id == second.id


# Words to begin with


async def test_first_words_fit_the_step_and_name_the_person(course: Course) -> None:
    await on_track(course)
    kim = await met(course)
    key = await noted(course)
    starter = course.content.network.starters["thank"]
    assert await course.buttons.first_words(member(10), key, DUE) == FirstWords(starter, "Kim")
    await course.network.forget(member(10), f"person:{kim}", DUE)
    assert await course.buttons.first_words(member(10), key, DUE) == FirstWords(starter, None)


# What a note is not about, and whose it is


async def test_button_without_a_use_says_so_and_changes_nothing(course: Course) -> None:
    await on_track(course)
    key = await noted(course)
    hello = NudgeKey(key.to, NudgeKind.HELLO, "joined")
    buttons, before = course.buttons, await course.everything()
    for attempt in (
        *(press(member(10), hello, DUE) for press in (buttons.done, buttons.smaller, buttons.first_words)),
        buttons.first_words(member(10), key, DUE),
        buttons.item(member(10), key, Answer.FINE, DUE),
        buttons.answer_alert(member(10), key, DUE, keep=True),
    ):
        with pytest.raises(NothingToLog):
            await attempt
    with pytest.raises(UnknownContact):
        await buttons.rest_contact(member(10), key, DUE)
    with pytest.raises(UnknownOpportunity):
        await buttons.let_go(member(10), key, DUE)
    assert await course.everything() == before


async def test_buttons_refuse_strangers_and_notes_that_are_gone(course: Course) -> None:
    await on_track(course)
    await course.join(11)
    await met(course)
    key = await noted(course)
    nudges, buttons = course.nudges, course.buttons
    pressed: list[Press] = [
        lambda who, which: buttons.done(member(who), which, DUE),
        lambda who, which: buttons.smaller(member(who), which, DUE),
        lambda who, which: buttons.hindrance(member(who), which, Obstacle.TIME, DUE),
        lambda who, which: buttons.first_words(member(who), which, DUE),
        lambda who, which: buttons.rest_contact(member(who), which, DUE),
        lambda who, which: buttons.let_go(member(who), which, DUE),
        lambda who, which: buttons.answer_alert(member(who), which, DUE, keep=False),
        lambda who, which: buttons.item(member(who), which, Answer.FINE, DUE),
        lambda who, which: buttons.remind(member(who), which, date(2027, 2, 17), DUE),
        lambda who, which: nudges.why(member(who), which, DUE),
        lambda who, which: nudges.note(member(who), which, DUE),
    ]
    before = await course.everything()
    for press in pressed:
        with pytest.raises(NotYourCard):
            await press(11, key)
        for gone in (replace(key, period="2026-02-16"), replace(key, kind=NudgeKind.REMINDER)):
            with pytest.raises(NudgeGone):
                await press(10, gone)
    assert await course.everything() == before


async def test_note_naming_another_members_things_reaches_nothing(course: Course) -> None:
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
        assert (await course.buttons.first_words(member(11), key, DUE)).nickname is None
        text = (await course.nudges.note(member(11), key, DUE)).text
        assert not {"Kim", "Summer ward", "nursing"} & set(text.split())
    after = (await course.me.me(member(10), DUE)).snapshot
    assert (after.contacts, after.openings, after.alerts) == (theirs.contacts, theirs.openings, theirs.alerts)
