"""A member's weeks over a term: answers that stay away, breaks, pauses, leaving, and a database from yesterday."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.coaching.cohort import Audience, Caller
from bot.coaching.goals import Obstacle
from bot.coaching.ids import UserId
from bot.coaching.log import ActionDraft
from bot.coaching.network import AlertKind, Category, ContactDraft
from bot.coaching.next_action import OCCASIONS
from bot.coaching.nudges import Reason
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind
from bot.coaching.weeks import BreakKind
from bot.services.bios import BioDraft
from bot.services.cohort import BreakRequest, SetupRequest
from bot.services.network import AlertDraft
from bot.services.nudges import SettingsChange
from prompts import Content
from storage.database import open_database
from tests.services import noted
from tests.services.course import DUE, GOAL, GUILD, START, TERM_START, WEEK, Course, manager, member
from tests.services.fakes import Answer


def staff() -> Caller:
    """Return the manager, for a command of the staff."""
    return Caller(manager().user_id, Audience.STAFF, GUILD, frozenset(), manages_guild=True, dm_channel_id=None)


async def weeks_pass(course: Course, weeks: int, first: int = 0) -> None:
    """Let rounds run on every Monday of some weeks, half an hour after the wish."""
    for week in range(first, first + weeks):
        course.clock.set(DUE + week * WEEK)
        await course.rounds().round()


async def gaps(course: Course, user_id: int) -> list[int]:
    """Return the weeks between a member's rows."""
    mondays = [date.fromisoformat(row.period) for row in await course.weekly(user_id)]
    return [(later - earlier).days // 7 for earlier, later in pairwise(mondays)]


async def test_unanswered_nudges_grow_rare_ask_once_and_stop(course: Course) -> None:
    await course.open(term_end="2027-12-17")
    await course.join(10)
    await weeks_pass(course, 30)
    rows = await course.weekly(10)
    assert await gaps(course, 10) == [1, 1, 2, 2, 4, 4]
    assert [row.occasion for row in rows if row.occasion and row.occasion.startswith("backoff")] == [
        "backoff_ask",
        "backoff_stop",
    ]
    assert rows[2].occasion == "backoff_ask"
    assert rows[-1].occasion == "backoff_stop"


async def test_any_command_brings_the_weekly_rhythm_back(course: Course) -> None:
    await course.join(10)
    await weeks_pass(course, 6)
    seen = len(await course.weekly(10))
    await course.me.me(member(10), course.clock())
    await weeks_pass(course, 2, first=6)
    assert len(await course.weekly(10)) == seen + 2


async def test_skipped_nudge_leaves_no_row_and_no_backlog(course: Course) -> None:
    await course.join(10)
    changed = await course.nudges.change(member(10), SettingsChange(skip_next=True), START)
    assert changed.enrolment.next_nudge is not None
    assert changed.enrolment.next_nudge.week == TERM_START + WEEK
    await weeks_pass(course, 2)
    assert [row.period for row in await course.weekly(10)] == ["2027-02-22"]


async def test_member_who_left_gets_nothing_until_they_come_back(course: Course) -> None:
    await course.join(10)
    course.messenger.answers["send", UserId(10)].append(Answer.GONE)
    await weeks_pass(course, 3)
    assert [(row.state, row.reason) for row in await course.weekly(10)] == [("held", Reason.LEFT)]
    await course.me.me(member(10), course.clock())
    await weeks_pass(course, 2, first=3)
    assert [row.state for row in await course.weekly(10)] == ["held", "sent", "sent"]


async def test_look_up_of_a_leaver_keeps_the_row_that_fell_due(
    course: Course,
) -> None:
    await course.join(10)
    course.messenger.left.add(UserId(10))
    course.clock.set(START + timedelta(days=7, hours=1))
    await course.rounds().round()
    course.clock.set(DUE + 3 * WEEK)
    await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-02-15"]


async def test_removed_bot_leaves_no_rows_and_no_backlog(course: Course) -> None:
    await course.join(10)
    await course.cohorts.guilds_changed((), (GUILD,), START)
    await weeks_pass(course, 3)
    assert await course.weekly(10) == []
    await course.cohorts.guilds_changed((GUILD,), (), course.clock())
    await weeks_pass(course, 1, first=3)
    assert [row.period for row in await course.weekly(10)] == ["2027-03-08"]


async def test_restored_backup_sends_nothing_twice(sqlite_url: str, tmp_path: Path, content: Content) -> None:
    database = open_database(sqlite_url)
    course = Course(database, content)
    await course.open()
    await course.join(10, 11, 12)
    await course.rounds().round()
    backup = tmp_path / "backup.db"
    with (
        closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as live,
        closing(sqlite3.connect(backup)) as copy,
    ):
        live.backup(copy)
    course.clock.set(DUE)
    await course.rounds().round()
    database.close()
    course.clock.set(DUE + timedelta(hours=3))
    restored = open_database(f"sqlite:///{backup}")
    after = Course(restored, content, clock=course.clock)
    after.messenger = course.messenger
    # Two runners: the one that looks first may not be the one that noticed the gap.
    await after.rounds("a").round()
    await after.rounds("b").round()
    rows = await after.rows(kind="weekly")
    restored.close()
    assert [row.state for row in rows] == ["sent"] * 3
    for user_id in (10, 11, 12):
        assert len([one for one in course.messenger.received(UserId(user_id)) if one.key.kind == "weekly"]) == 1


# Every occasion, as it comes about


async def on_track(course: Course) -> None:
    """Let a member have what keeps rules quiet, with a map that is broad enough."""
    await noted.on_track(course)
    for nickname, category in (("A", Category.PEER), ("B", Category.MENTOR), ("C", Category.ALUM)):
        added = await course.network.add_person(member(10), ContactDraft(nickname, category), START)
        await course.network.rest(member(10), added.contact.id, START, rested=True)


async def steady_weeks(course: Course, weeks: int) -> None:
    """Let so many weeks pass with a note, an answer to it, and one action each, up to the note after them."""
    for week in range(weeks):
        await course.answered(10, DUE + week * WEEK)
        await course.rounds().round()
        course.clock.set(DUE + week * WEEK + timedelta(days=3))
        await course.log.log(member(10), ActionDraft("reply"), course.clock())
    await course.answered(10, DUE + weeks * WEEK)
    await course.rounds().round()


async def a_pause_ends(course: Course) -> None:
    await on_track(course)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=1), START)
    await weeks_pass(course, 2)


async def exams_come(course: Course) -> None:
    await on_track(course)
    await course.cohorts.add_break(staff(), BreakRequest(BreakKind.EXAMS, "2027-02-22", "2027-03-05"), START)
    await weeks_pass(course, 1)


async def two_notes_stay_unanswered(course: Course) -> None:
    await on_track(course)
    await weeks_pass(course, 3)


async def six_notes_stay_unanswered(course: Course) -> None:
    await course.open(term_end="2027-12-17")
    await on_track(course)
    await weeks_pass(course, 16)


async def answered_with(course: Course, answer: Move) -> None:
    await on_track(course)
    draft = OpportunityDraft("Summer ward", OpportunityKind.JOB)
    number = (await course.opportunities.add(member(10), draft, START)).opportunity.id
    for move in (Move.SENT, answer):
        await course.opportunities.tell(member(10), number, move, START)
    await weeks_pass(course, 1)


async def a_yes(course: Course) -> None:
    await answered_with(course, Move.YES)


async def a_no(course: Course) -> None:
    await answered_with(course, Move.NO)


async def a_goal_is_set(course: Course) -> None:
    await on_track(course)
    await weeks_pass(course, 1)


async def half_the_weeks_pass(course: Course) -> None:
    await on_track(course)
    goal = (await course.goals.show(member(10), START)).running[0].goal
    await course.goals.meet_obstacle(member(10), goal.id, Obstacle.NERVES, "If it is loud, then I will go out", START)
    await steady_weeks(course, 3)


async def they_come_back(course: Course) -> None:
    await on_track(course)
    await weeks_pass(course, 7)
    course.clock.set(DUE + 12 * WEEK - timedelta(days=2))
    await course.log.log(member(10), ActionDraft("reply"), course.clock())
    await course.goals.keep(member(10), (await course.goals.show(member(10), START)).running[0].goal.id, course.clock())
    await course.rounds().round()
    await weeks_pass(course, 1, first=12)


async def a_goal_is_reached(course: Course) -> None:
    await on_track(course)
    goal = (await course.goals.show(member(10), START)).running[0].goal
    await course.goals.stop(member(10), goal.id, START)
    await course.set_goal(10, replace(GOAL, target=1, weeks=4))
    await steady_weeks(course, 4)


async def a_try_stays_unanswered(course: Course) -> None:
    await on_track(course)
    kim = await course.network.add_person(member(10), ContactDraft("Kim", Category.PEER), START)
    await course.log.log(member(10), ActionDraft("reply", contact=kim.contact.id), START)
    await steady_weeks(course, 1)


async def an_alert_has_been_on_for_weeks(course: Course) -> None:
    await on_track(course)
    await course.network.add_alert(member(10), AlertDraft(AlertKind.JOB, "nursing"), START)
    await steady_weeks(course, 4)


async def the_focus_changes_after_a_bio_was_checked(course: Course) -> None:
    await on_track(course)
    await course.bios.check(member(10), BioDraft("github", "Second-year nursing student."), START)
    course.clock.set(START + timedelta(days=2))
    await course.set_focus(10, "patient education")
    await steady_weeks(course, 1)


async def they_are_steadily_at_it(course: Course) -> None:
    await on_track(course)
    await steady_weeks(course, 4)


async def the_course_ends_before_the_goal(course: Course) -> None:
    await on_track(course)
    await course.cohorts.set_up(manager(), SetupRequest(term_end="12 March"), START)
    await steady_weeks(course, 3)


COMES_ABOUT: Mapping[str, Callable[[Course], Awaitable[None]]] = {
    "pause_end": a_pause_ends,
    "exam_weeks": exams_come,
    "backoff_stop": six_notes_stay_unanswered,
    "backoff_ask": two_notes_stay_unanswered,
    "opportunity_won": a_yes,
    "opportunity_lost": a_no,
    "goal_ends": the_course_ends_before_the_goal,
    "goal_new": a_goal_is_set,
    "return": they_come_back,
    "obstacle_again": half_the_weeks_pass,
    "goal_achieved": a_goal_is_reached,
    "no_reply": a_try_stays_unanswered,
    "alert_payoff": an_alert_has_been_on_for_weeks,
    "bio_stale": the_focus_changes_after_a_bio_was_checked,
    "momentum": they_are_steadily_at_it,
}
SHOWN_BY: Mapping[str, Mapping[str, object]] = {
    "pause_end": {"pause_over": True},
    "exam_weeks": {"exams_ahead": True},
    "backoff_stop": {"unanswered_notes": 6},
    "backoff_ask": {"unanswered_notes": 2},
    "opportunity_won": {"won": True, "lost": False},
    "opportunity_lost": {"won": False, "lost": True},
    "goal_ends": {"goal_ends": True, "goal_over": False},
    "goal_new": {"goal_new": True, "first_note": True},
    "return": {"away_weeks": 5, "first_note": False},
    "obstacle_again": {"obstacle_due": True},
    "goal_achieved": {"goal_over": True, "goal_did": 4, "goal_wanted": 4},
    "no_reply": {"unanswered_days": 7},
    "alert_payoff": {"alert_days": 28},
    "bio_stale": {"bio_days": 7},
    "momentum": {"did": 1, "active_weeks": 4, "momentum_weeks": 4},
}
"""What the note kept of the facts that the occasion is met by."""


@pytest.mark.parametrize("occasion", COMES_ABOUT)
async def test_each_occasion_comes_about_and_its_note_says_why(course: Course, occasion: str) -> None:
    await COMES_ABOUT[occasion](course)
    row = (await course.weekly(10))[-1]
    assert (row.state, row.occasion) == ("sent", occasion)
    assert row.rule in course.content.occasions[occasion].places or "any" in course.content.occasions[occasion].places
    key = await course.key(10, date.fromisoformat(row.period))
    why = await course.nudges.why(member(10), key, course.clock())
    assert why.occasion_because == course.content.occasions[occasion].because
    assert {name: why.facts[name] for name in SHOWN_BY[occasion]} == SHOWN_BY[occasion]


def test_every_occasion_has_a_way_to_come_about() -> None:
    assert [one.id for one in OCCASIONS] == list(COMES_ABOUT) == list(SHOWN_BY)
