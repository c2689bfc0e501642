"""The member's own overview."""

import json
from dataclasses import replace
from datetime import timedelta

from bot.coaching.footprint import Answer
from bot.coaching.goals import Beginning
from bot.coaching.ids import UserId
from bot.coaching.log import ActionDraft, Balance, Outcome, Reciprocity
from bot.coaching.momentum import Momentum, TermWeek
from bot.coaching.network import AlertKind, Category, ContactDraft
from bot.coaching.next_action import Facts
from bot.coaching.opportunities import MOST_OPEN, OpportunityDraft, OpportunityKind
from bot.services.network import AlertDraft
from bot.services.nudges import SettingsChange
from storage import log
from storage.database import Tx
from tests.services.course import DUE, GOAL, START, WEEK, Course, counted_statements, member
from tests.services.fakes import Answer as Discord

DAY = timedelta(days=1)


async def on_track(course: Course, user_id: int = 10) -> None:
    """Let a member have a focus, a goal, and the quick items done."""
    await course.join(user_id, channel=False)
    await course.set_focus(user_id)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(user_id), item, Answer.FINE, START)
    await course.set_goal(user_id)


async def statements(course: Course) -> int:
    """Return how many statements an overview takes once the member was seen that minute."""
    await course.me.me(member(10), START)
    with counted_statements(course.database) as seen:
        await course.me.me(member(10), START)
    return len(seen)


async def test_an_overview_shows_the_week_the_goal_the_footprint_and_the_next_step(course: Course) -> None:
    await course.join(10)
    await course.set_focus(10)
    await course.footprint.answer(member(10), "see.intent", Answer.FINE, START)
    await course.set_goal(10)
    await course.log.log(member(10), ActionDraft("reply", "to Kim"), START)
    me = await course.me.me(member(10), START)
    assert [action.note for action in me.seen.week] == ["to Kim"]
    assert (me.seen.did, me.goal_type and me.goal_type.id) == (1, "connect")
    assert me.footprint[0].answered == 1
    assert (me.step.rule.id, me.step.reference) == ("A04", "see.search-name")
    assert (me.dm_closed, me.other_courses) == (False, False)
    assert me.seen.seat.enrolment.next_nudge is not None


async def test_the_step_shown_is_the_step_the_nudge_brings(course: Course) -> None:
    await course.join(10)
    await course.set_focus(10)
    course.clock.set(DUE)
    shown = (await course.me.me(member(10), DUE)).step
    await course.rounds().round()
    [row] = await course.weekly(10)
    assert (row.rule, row.subject) == (shown.rule.id, shown.reference)


async def test_closed_dms_are_mentioned(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Discord.CLOSED)
    await course.rounds().round()
    assert (await course.me.me(member(10), DUE)).dm_closed


async def test_looking_changes_nothing(sqlite_course: Course) -> None:
    await sqlite_course.join(10)
    before = await sqlite_course.everything()
    await sqlite_course.me.me(member(10), DUE)
    after = await sqlite_course.everything()
    # That they looked is remembered, and nothing else.
    assert {**after, "enrolment": []} == {**before, "enrolment": []}


# Why


async def test_why_tells_the_rule_and_each_fact_it_looked_at_by_name(course: Course) -> None:
    await on_track(course)
    await course.log.log(member(10), ActionDraft("reply"), START)
    me = await course.me.me(member(10), START + DAY)
    why = await course.me.why(member(10), START + DAY)
    assert (why.rule, why.because) == ("A23", course.content.rules["A23"].because)
    assert (why.rule, why.occasion_because) == (me.step.rule.id, course.content.occasions["first_week"].because)
    assert why.facts == {
        name: getattr(me.seen.facts, name) for name in Facts.__slots__ if not name.startswith("recent_")
    }
    assert (why.facts["did"], why.facts["target"], why.facts["first_note"]) == (1, 2, True)
    # A row of the ledger keeps the same.
    assert json.loads(json.dumps(why.facts)) == why.facts


async def test_why_names_an_occasion_when_one_takes_the_rules_place_and_none_otherwise(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, channel=False)
    why = await course.me.why(member(10), START)
    assert (why.rule, why.because, why.occasion_because) == ("A03", course.content.rules["A03"].because, None)


async def test_asking_why_changes_nothing(sqlite_course: Course) -> None:
    await on_track(sqlite_course)
    before = await sqlite_course.everything()
    await sqlite_course.me.why(member(10), START)
    assert await sqlite_course.everything() == before


# What there is


async def test_breadth_names_every_kind_of_people_once_and_says_whether_somebody_fills_it(course: Course) -> None:
    await course.join(10, 11, channel=False)
    labels = course.content.network.categories
    empty = (await course.me.me(member(10), START)).breadth
    assert list(empty) == [labels[one] for one in Category]
    assert not any(empty.values())
    for nickname, category in (("Ana", Category.MENTOR), ("Ben", Category.MENTOR), ("Cleo", Category.PEER)):
        await course.network.add_person(member(10), ContactDraft(nickname, category), START)
    me = await course.me.me(member(10), START)
    assert {label for label, known in me.breadth.items() if known} == {labels[Category.MENTOR], labels[Category.PEER]}
    assert (me.seen.facts.contacts, me.seen.facts.categories) == (3, 2)
    assert not any((await course.me.me(member(11), START)).breadth.values())
    await course.network.forget(member(10), "Cleo", START)
    assert sum((await course.me.me(member(10), START)).breadth.values()) == 1


async def test_momentum_counts_the_weeks_with_something_done_and_leaves_a_pause_out(course: Course) -> None:
    await course.join(10, channel=False)
    await course.log.log(member(10), ActionDraft("reply"), START)
    await course.footprint.answer(member(10), "see.intent", Answer.FINE, START + WEEK)
    quiet = await course.me.me(member(10), START + 3 * WEEK)
    assert quiet.seen.momentum == Momentum(active=2, weeks=3)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=2), START + 3 * WEEK)
    rested = await course.me.me(member(10), START + 5 * WEEK)
    assert rested.seen.momentum == Momentum(active=2, weeks=3)
    assert rested.seen.weeks[:6] == (
        TermWeek.ACTIVE,
        TermWeek.ACTIVE,
        TermWeek.QUIET,
        TermWeek.REST,
        TermWeek.REST,
        TermWeek.AHEAD,
    )
    assert len(rested.seen.weeks) == 16
    facts = rested.seen.facts
    assert (facts.active_weeks, facts.momentum_weeks) == (2, 3)


async def test_an_entry_that_is_undone_takes_its_week_and_its_balance_back(course: Course) -> None:
    await course.join(10, channel=False)
    kinds = ("post_work", "post_work", "apply", "apply", "reply")
    entries = [await course.log.log(member(10), ActionDraft(kind), START) for kind in kinds]
    me = await course.me.me(member(10), START + WEEK)
    assert (me.balance, me.reciprocity, me.seen.momentum.active) == (Balance.MIXED, Reciprocity.MORE_ASKED, 1)
    for one in entries:
        await course.log.undo(member(10), one.action.id, START + WEEK)
    me = await course.me.me(member(10), START + WEEK)
    assert (me.balance, me.reciprocity, me.seen.momentum.active) == (None, None, 0)


async def test_of_two_goals_the_older_one_that_runs_is_shown_and_counted(course: Course) -> None:
    await course.join(10, channel=False)
    older = (await course.set_goal(10)).goal
    course.clock.set(START + DAY)
    newer = (await course.set_goal(10, replace(GOAL, type="learn", title="Read"), Beginning.BESIDE)).goal
    for kind in ("note", "note", "reply"):
        await course.log.log(member(10), ActionDraft(kind), START + DAY)
    me = await course.me.me(member(10), START + DAY)
    assert ([one.id for one in me.seen.goals], me.seen.goal) == ([older.id, newer.id], older)
    assert (me.seen.did, me.goal_type and me.goal_type.id) == (1, "connect")
    await course.goals.pause(member(10), older.id, START + DAY)
    me = await course.me.me(member(10), START + DAY)
    assert (me.seen.goal and me.seen.goal.id, me.goal_type and me.goal_type.id) == (newer.id, "learn")
    assert (me.seen.did, me.seen.facts.goal_paused) == (2, False)
    await course.goals.pause(member(10), newer.id, START + DAY)
    me = await course.me.me(member(10), START + DAY)
    assert (me.seen.goal, me.goal_type, len(me.seen.goals)) == (None, None, 2)
    assert (me.seen.facts.goal_paused, me.seen.facts.has_goal) == (True, False)


async def test_nothing_that_another_member_does_changes_ones_own_overview(course: Course) -> None:
    await on_track(course, 10)
    await on_track(course, 11)
    before = await course.me.me(member(11), START)
    kim = (await course.network.add_person(member(10), ContactDraft("Kim", Category.MENTOR), START)).contact.id
    draft = ActionDraft("interview", "her story", 600, Outcome.ADVICE, kim)
    await course.log.log(member(10), draft, START)
    await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, "nursing"), START)
    due = START.date() + DAY
    await course.opportunities.add(member(10), OpportunityDraft("A job", OpportunityKind.JOB, None, due), START)
    await course.set_focus(10, season="low_profile")
    await course.goals.pause(member(10), None, START)
    assert await course.me.me(member(11), START) == before


# However much there is


async def test_an_overview_takes_as_many_statements_for_much_as_for_little(course: Course) -> None:
    await on_track(course)
    nothing = await statements(course)
    await course.network.add_person(member(10), ContactDraft("Kim", Category.PEER), START)
    little = await statements(course)
    people = [
        (await course.network.add_person(member(10), ContactDraft(f"Peer {number}", Category.PEER), START)).contact.id
        for number in range(59)
    ]
    for number in range(MOST_OPEN):
        await course.opportunities.add(member(10), OpportunityDraft(f"Job {number}", OpportunityKind.JOB), START)
    for number in range(20):
        await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, f"field {number}"), START)
    mine = (await course.me.me(member(10), START)).seen.seat.enrolment.id

    def busy(tx: Tx) -> None:
        for number in range(200):
            draft = ActionDraft("reply", f"entry {number}", contact=people[number % len(people)])
            log.add(tx, mine, draft, START.date(), START)

    await course.database.transact(busy)
    assert len((await course.me.me(member(10), START)).seen.week) == 200
    assert await statements(course) == little
    # What was logged with people is asked for once there is somebody.
    assert little - nothing <= 1
