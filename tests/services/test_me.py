"""The member's own overview."""

import json
from datetime import timedelta

from bot.coaching.footprint import Answer
from bot.coaching.goals import Beginning
from bot.coaching.log import ActionDraft, Balance, Outcome, Reciprocity
from bot.coaching.momentum import Momentum, TermWeek
from bot.coaching.network import AlertKind, Category, ContactDraft
from bot.coaching.opportunities import OpportunityDraft, OpportunityKind
from bot.coaching.snapshot import Facts
from bot.services.network import AlertDraft
from bot.services.nudges import SettingsChange
from tests.services.course import DUE, GOAL, START, WEEK, Course, member
from tests.services.noted import on_track

DAY = timedelta(days=1)


async def test_overview_shows_week_goal_footprint_and_next_step(course: Course) -> None:
    await course.join(10)
    await course.set_focus(10)
    await course.footprint.answer(member(10), "see.intent", Answer.FINE, START)
    await course.set_goal(10)
    await course.log.log(member(10), ActionDraft("reply", "to Kim"), START)
    me = await course.me.me(member(10), START)
    assert (me.snapshot.entries, me.snapshot.did, me.snapshot.goal and me.snapshot.goal.type) == (1, 1, "connect")
    assert me.footprint[0].answered == 1
    assert (me.step.rule.id, me.step.reference) == ("A23", None)
    assert (me.dm_closed, me.other_courses) == (False, False)
    assert me.snapshot.seat.enrolment.next_nudge is not None


async def test_step_shown_is_the_step_the_nudge_brings(course: Course) -> None:
    await course.join(10)
    await course.set_focus(10)
    course.clock.set(DUE)
    shown = (await course.me.me(member(10), DUE)).step
    await course.rounds().round()
    [row] = await course.weekly(10)
    assert (row.rule, row.subject) == (shown.rule.id, shown.reference)


async def test_looking_changes_only_when_they_last_looked(course: Course) -> None:
    await course.join(10)
    before = await course.everything()
    await course.me.me(member(10), DUE)
    await course.me.why(member(10), DUE)
    await course.footprint.show(member(10), DUE)
    await course.log.choices(member(10), DUE)
    assert {**await course.everything(), "enrolment": []} == {**before, "enrolment": []}
    # Looking is not doing.
    assert (await course.me.me(member(10), START + 2 * WEEK)).snapshot.facts.idle_weeks == 2


async def test_why_names_the_rule_and_every_fact(course: Course) -> None:
    await on_track(course)
    await course.log.log(member(10), ActionDraft("reply"), START)
    me, why = await course.me.me(member(10), START + DAY), await course.me.why(member(10), START + DAY)
    assert (why.rule, why.because) == (me.step.rule.id, course.content.rules["A23"].because)
    assert why.occasion_because == course.content.occasions["goal_new"].because
    names = [name for name in Facts.__slots__ if not name.startswith("recent_")]
    assert why.facts == {name: getattr(me.snapshot.facts, name) for name in names}
    # A row of the ledger keeps the same.
    assert json.loads(json.dumps(why.facts)) == why.facts
    await course.join(11, channel=False)
    bare = await course.me.why(member(11), START)
    assert (bare.rule, bare.occasion_because) == ("A03", None)


async def test_momentum_counts_active_weeks_without_a_pause(course: Course) -> None:
    await course.join(10, channel=False)
    await course.log.log(member(10), ActionDraft("reply"), START)
    await course.footprint.answer(member(10), "see.intent", Answer.FINE, START + WEEK)
    assert (await course.me.me(member(10), START + 3 * WEEK)).snapshot.momentum == Momentum(active=2, weeks=3)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=2), START + 3 * WEEK)
    rested = (await course.me.me(member(10), START + 5 * WEEK)).snapshot
    assert rested.momentum == Momentum(active=2, weeks=3)
    active, quiet, rest = TermWeek.ACTIVE, TermWeek.QUIET, TermWeek.REST
    assert rested.weeks == (active, active, quiet, rest, rest, *[TermWeek.AHEAD] * 11)


async def test_undone_entry_takes_its_week_and_balance_back(course: Course) -> None:
    await course.join(10, channel=False)
    kinds = ("post_work", "post_work", "apply", "apply", "reply")
    entries = [await course.log.log(member(10), ActionDraft(kind), START) for kind in kinds]
    me = await course.me.me(member(10), START + WEEK)
    assert (me.balance, me.reciprocity, me.snapshot.momentum.active) == (Balance.MIXED, Reciprocity.MORE_ASKED, 1)
    for one in entries:
        await course.log.undo(member(10), one.action.id, START + WEEK)
    me = await course.me.me(member(10), START + WEEK)
    assert (me.balance, me.reciprocity, me.snapshot.momentum.active) == (None, None, 0)


async def test_other_members_do_not_change_ones_own_overview(course: Course) -> None:
    await on_track(course, 10)
    await on_track(course, 11)
    before = await course.me.me(member(11), START)
    kim = (await course.network.add_person(member(10), ContactDraft("Kim", Category.MENTOR), START)).contact.id
    await course.log.log(member(10), ActionDraft("interview", "her story", 600, Outcome.ADVICE, kim), START)
    await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, "nursing"), START)
    due = START.date() + DAY
    await course.opportunities.add(member(10), OpportunityDraft("A job", OpportunityKind.JOB, None, due), START)
    await course.set_goal(10, GOAL, Beginning.BESIDE)
    await course.set_focus(10, season="low_profile")
    await course.goals.pause(member(10), None, START)
    assert await course.me.me(member(11), START) == before
