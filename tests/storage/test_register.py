"""The register: what a row says, whom a filter lists, since when rows are visible, and exact counts."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.coaching.cohort import Access, Cohort
from bot.coaching.course_plan import DoneBy, DueDay, PlanWeek, StepState
from bot.coaching.focus import Focus
from bot.coaching.footprint import Answer, Answered
from bot.coaching.goals import GoalDraft, GoalEnding
from bot.coaching.ids import ChannelId, EnrolmentId, GuildId, MessageId, UserId, WeekId
from bot.coaching.log import ActionDraft
from bot.coaching.momentum import Pause
from bot.coaching.nudges import NudgeKey, NudgeKind, Reason, Recipient
from bot.coaching.register import Listing, RegisterFilter, RegisterRow, StepWeek, strip
from bot.coaching.weeks import Break, BreakKind, monday_of
from storage import (
    access_log,
    checkin,
    course_plan,
    focus,
    footprint,
    goals,
    log,
    members,
    nudges,
    pauses,
    register,
    tables,
)
from storage import cohort as cohorts
from storage.database import Database, Tx
from tests.services.course import counted_statements
from tests.storage.course import DAY, ME, NOW, OTHER, TODAY, enrol

MUSTS = frozenset({"see.intent", "see.search-name", "protect.signin"})
WEEK = timedelta(weeks=1)
GOAL = GoalDraft("connect", "One real exchange a week", 2, "If it is Friday, then I will reply", 6)
START = date(2027, 2, 15)
"""The Monday of the term's first week; `TODAY` is in its third."""
MONDAY = monday_of(TODAY)
INES = UserId(90)


def course(tx: Tx, guild_id: int = 1) -> Cohort:
    found = cohorts.open_in(tx, GuildId(guild_id))
    assert found is not None
    return found


def shown(tx: Tx, user_id: UserId = ME, since: date = START, guild_id: int = 1) -> EnrolmentId:
    """Return a member who joined that day and whose row is visible."""
    one = enrol(tx, user_id, guild_id)
    joined = datetime.combine(since, NOW.timetz())
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == one).values(joined_at=joined))
    register.show_at_once(tx, one, monday_of(since), joined)
    return one


def told(tx: Tx, at: datetime) -> None:
    """Let what is owed wait in inboxes: then everybody has been told that the register is on."""
    nudges.hold_overdue(tx, at + timedelta(seconds=1), at)


def row(tx: Tx, one: EnrolmentId, now: datetime = NOW, cohort: Cohort | None = None) -> RegisterRow:
    (found,) = register.rows(tx, cohort or course(tx), MUSTS, now, [one])
    return found


def did(tx: Tx, enrolment_id: EnrolmentId, *days: date) -> None:
    for day in days:
        log.add(tx, enrolment_id, ActionDraft("reply"), day, NOW)


def note(tx: Tx, at: datetime, reason: Reason | None, user_id: UserId = ME) -> None:
    """Let a note to the member be settled: sent, or held for a reason."""
    key = NudgeKey(Recipient(course(tx).id, user_id), NudgeKind.WEEKLY, f"{at.date()}")
    members.set_dm_channel(tx, user_id, ChannelId(user_id), NOW)
    nudges.owe(tx, key, at)
    (claimed,) = nudges.claim(tx, at, "a", at + DAY, 9)
    if reason is None:
        nudges.settle_sent(tx, claimed.nudge_id, "a", MessageId(1), at)
    else:
        nudges.settle_held(tx, claimed.nudge_id, "a", reason, at)


def listed(tx: Tx, which: RegisterFilter, section: int | None = None, now: datetime = NOW) -> list[EnrolmentId]:
    return [one.enrolment_id for one in register.listed(tx, course(tx), Listing(which), section, now) if one.matches]


# Rows


def test_row_says_that_something_is_there_and_never_what(tx: Tx) -> None:
    me = shown(tx)
    empty = row(tx, me)
    assert (empty.focus, empty.goal, empty.plan, empty.answered, empty.items) == (False, False, False, 0, 3)
    assert (empty.this_week, empty.away, empty.reachable, empty.left) == (False, False, True, False)
    focus.put(tx, me, Focus(("nursing",)), NOW)
    goals.add(tx, me, replace(GOAL, if_then=""), 1, TODAY, NOW)
    assert (row(tx, me).goal, row(tx, me).plan) == (True, False)
    goals.add(tx, me, GOAL, 2, TODAY, NOW)
    for goal in goals.running(tx, me):
        goals.end(tx, goal.id, GoalEnding.KEPT, NOW)
    found = row(tx, me)
    assert (found.focus, found.goal, found.plan) == (True, True, True), "a goal that has ended was set"
    assert "Friday" not in str(found)


def test_items_count_as_answered_whatever_the_answer_but_later(tx: Tx) -> None:
    me = shown(tx)
    given = (
        ("see.intent", Answer.FINE),
        ("see.search-name", Answer.NOT_FOR_ME),
        ("protect.signin", Answer.LATER),
        ("present.bio", Answer.FIXED),  # no item that everybody in this course has
    )
    for item, answer in given:
        footprint.put(tx, me, item, Answered(answer, TODAY))
    assert row(tx, me).answered == 2


def test_week_is_active_by_what_was_logged_or_answered_in_it(tx: Tx) -> None:
    me = shown(tx)
    did(tx, me, START, START)
    footprint.put(tx, me, "see.intent", Answered(Answer.FINE, START + 8 * DAY))
    assert row(tx, me).active() == (2, 2)
    assert not row(tx, me).this_week
    did(tx, me, TODAY)
    assert row(tx, me).this_week
    assert row(tx, me).active() == (2, 2), "the week that runs is not over"


def test_breaks_pauses_and_weeks_before_the_row_begins_do_not_count(tx: Tx) -> None:
    me, late = shown(tx), shown(tx, OTHER, START + 2 * WEEK)
    did(tx, me, START, START + 4 * WEEK)
    did(tx, late, START)
    now = NOW + 3 * WEEK
    off = Break(BreakKind.EXAMS, START + 3 * WEEK, START + 3 * WEEK + 4 * DAY)
    cohort = replace(course(tx), breaks=(off,))
    assert row(tx, me, now).active() == (2, 5)
    assert row(tx, me, now, cohort).active() == (2, 4)
    pauses.add(tx, me, Pause(START + WEEK, START + 2 * WEEK))
    pauses.add(tx, me, Pause(START + 2 * WEEK, START + 3 * WEEK))
    assert row(tx, me, now, cohort).active() == (2, 2)
    assert row(tx, late, now).active() == (0, 3)


def test_row_tells_who_is_away_unreachable_or_gone(tx: Tx) -> None:
    me = shown(tx)
    found = members.find(tx, course(tx).id, ME)
    assert found is not None
    members.set_nudges(tx, replace(found, pause_until=TODAY + DAY))
    assert row(tx, me).away
    assert not row(tx, me, NOW + DAY).away
    members.set_nudges(tx, replace(found, nudges_on=False))
    assert row(tx, me).away
    for number, (reason, reachable) in enumerate(
        ((None, True), (Reason.DMS_CLOSED, False), (Reason.UNREACHABLE, False), (Reason.BLOCKED, True), (None, True))
    ):
        note(tx, NOW + number * DAY, reason)
        assert row(tx, me).reachable == reachable, reason
    members.set_aside(tx, me, NOW)
    assert row(tx, me).left


def test_class_comes_in_the_order_of_joining_and_nobody_of_another_course(tx: Tx) -> None:
    first, second = shown(tx, OTHER), shown(tx)
    elsewhere = shown(tx, ME, guild_id=2)
    did(tx, second, START)
    did(tx, elsewhere, START, START + WEEK)
    found = register.rows(tx, course(tx), MUSTS, NOW)
    assert [(one.enrolment_id, one.active()[0]) for one in found] == [(first, 0), (second, 1)]
    assert register.rows(tx, course(tx), MUSTS, NOW, [elsewhere]) == []


def test_statements_do_not_grow_with_the_class(database: Database, tx: Tx) -> None:
    for people in (1, 40):
        for number in range(people):
            did(tx, shown(tx, UserId(100 + number)), START)
        with counted_statements(database) as seen:
            assert len(register.rows(tx, course(tx), MUSTS, NOW)) == people
            register.listed(tx, course(tx), Listing(RegisterFilter.QUIET), None, NOW)
        assert len(seen) == 2 + 2 + 2  # rows and weeks; people and standings; the course twice


# Weekly steps


def planned(tx: Tx, *mondays: date, guild_id: int = 1) -> list[WeekId]:
    one = PlanWeek("Bio", "Put your bio together", 20, DueDay.FRIDAY, DoneBy.LINE)
    cohort = course(tx, guild_id)
    for monday in mondays:
        course_plan.put_week(tx, cohort.id, None, monday, one, cohort.term)
    return [week.id for week in course_plan.weeks(tx, cohort.id)]


def strip_of(tx: Tx, one: EnrolmentId) -> str:
    return strip(row(tx, one))


def test_row_shows_steps_done_and_declined_ones_as_open(tx: Tx) -> None:
    me, other, elsewhere = shown(tx), shown(tx, OTHER, START + WEEK), shown(tx, ME, guild_id=2)
    assert row(tx, me).steps == ()
    first, second, third = planned(tx, START, START + WEEK, MONDAY)
    (theirs,) = planned(tx, START, guild_id=2)
    course_plan.put_step(tx, elsewhere, theirs, StepState.DONE, TODAY)
    course_plan.put_step(tx, me, first, StepState.DONE, START)
    course_plan.put_step(tx, me, second, StepState.DECLINED, START)
    course_plan.put_step(tx, me, third, StepState.DONE, TODAY, "I asked Kim")
    course_plan.put_step(tx, other, second, StepState.DONE, TODAY)
    assert (strip_of(tx, me), strip_of(tx, other)) == ("✓○✓", "–✓○")
    course_plan.set_week(tx, course(tx).id, third, switched_off=True)
    assert (strip_of(tx, me), strip_of(tx, other)) == ("✓○–", "–✓–")
    assert "Kim" not in str(row(tx, me))


def test_step_of_a_week_not_done_lists_whom_the_week_counts_for(tx: Tx) -> None:
    me, other, late = shown(tx), shown(tx, OTHER), shown(tx, UserId(12), START + WEEK)
    first, second = planned(tx, START, START + WEEK)
    course_plan.put_step(tx, me, first, StepState.DONE, TODAY)
    course_plan.put_step(tx, other, first, StepState.DECLINED, TODAY)
    course_plan.put_step(tx, other, second, StepState.DONE, TODAY)

    def not_done(week: int) -> list[EnrolmentId]:
        return [one.enrolment_id for one in register.behind(tx, course(tx), step_of(week), None, NOW)]

    assert (not_done(1), not_done(2), not_done(3)) == ([other], [me, late], [])
    course_plan.set_week(tx, course(tx).id, second, switched_off=True)
    assert not_done(2) == []
    members.set_aside(tx, other, NOW)
    assert not_done(1) == []


def step_of(week: int) -> Listing:
    return Listing(RegisterFilter.STEP, week)


def test_a_step_done_makes_a_week_active_and_ends_the_quiet(tx: Tx) -> None:
    me = shown(tx)
    (first,) = planned(tx, START)
    assert listed(tx, RegisterFilter.QUIET) == [me]
    course_plan.put_step(tx, me, first, StepState.DECLINED, TODAY)
    assert listed(tx, RegisterFilter.QUIET) == listed(tx, RegisterFilter.NOTHING_YET) == [me]
    course_plan.put_step(tx, me, first, StepState.DONE, TODAY)
    assert listed(tx, RegisterFilter.QUIET) == listed(tx, RegisterFilter.NOTHING_YET) == []
    assert row(tx, me).this_week
    assert register.active_by_week(tx, course(tx), START, MONDAY)[MONDAY] == 1
    (facts,) = checkin.standings(tx, course(tx), NOW)
    assert facts.active_on == TODAY
    of_days = [register.rows(tx, course(tx), [], NOW, [me], done_by=day)[0] for day in (TODAY - DAY, TODAY)]
    assert [StepWeek.DONE in one.steps for one in of_days] == [False, True]


# Since when rows are visible


def test_switching_on_later_shows_rows_after_seven_days_and_from_that_week(tx: Tx, me: EnrolmentId) -> None:
    did(tx, me, START, MONDAY)
    register.switch(tx, course(tx), NOW, on=True)
    told(tx, NOW)
    assert course(tx).register
    soon = NOW + 7 * DAY - timedelta(seconds=1)
    assert register.rows(tx, course(tx), MUSTS, soon) == []
    assert listed(tx, RegisterFilter.EVERYBODY, now=soon) == []
    own = register.rows(tx, course(tx), MUSTS, soon, [me], hidden_too=True)
    assert [one.enrolment_id for one in own] == [me]
    (found,) = register.rows(tx, course(tx), MUSTS, NOW + WEEK)
    assert found.active() == (1, 1), "the week of the switch is the first that counts"
    newcomer = shown(tx, OTHER, TODAY)
    assert listed(tx, RegisterFilter.EVERYBODY) == [newcomer]


def test_switching_off_hides_rows_at_once_and_keeps_their_looks(tx: Tx) -> None:
    me = shown(tx)
    register.switch(tx, course(tx), NOW - 8 * DAY, on=True)
    told(tx, NOW - 8 * DAY)
    access_log.add_at_register(tx, course(tx).id, INES, Access.REGISTER, NOW)
    seen = access_log.of(tx, me, 9)
    assert [(one.by, one.what) for one in seen] == [(INES, Access.REGISTER)]
    register.switch(tx, course(tx), NOW, on=False)
    assert not course(tx).register
    assert register.rows(tx, course(tx), MUSTS, NOW + 30 * DAY) == []
    assert access_log.of(tx, me, 9) == seen
    register.switch(tx, course(tx), NOW + DAY, on=True)
    assert access_log.of(tx, me, 9) == seen
    assert listed(tx, RegisterFilter.EVERYBODY, now=NOW + DAY) == []


# Filters


def test_filters_list_whom_they_say(tx: Tx) -> None:
    busy, quiet, left = shown(tx), shown(tx, OTHER), shown(tx, UserId(12))
    goals.add(tx, busy, GOAL, 1, TODAY, NOW)
    did(tx, busy, TODAY)
    note(tx, NOW, Reason.DMS_CLOSED, OTHER)
    members.set_aside(tx, left, NOW)
    assert listed(tx, RegisterFilter.EVERYBODY) == [busy, quiet, left]
    for which in (RegisterFilter.NOTHING_YET, RegisterFilter.NO_GOAL, RegisterFilter.QUIET, RegisterFilter.UNREACHABLE):
        assert listed(tx, which) == [quiet], which
        assert [one.enrolment_id for one in register.behind(tx, course(tx), Listing(which), None, NOW)] == [quiet]
    assert [one.user_id for one in register.behind(tx, course(tx), Listing(), None, NOW)] == [ME, OTHER]


@pytest.mark.parametrize("day", [MONDAY, MONDAY + 6 * DAY])
def test_this_week_runs_from_monday_to_sunday(tx: Tx, day: date) -> None:
    me = shown(tx)
    did(tx, me, MONDAY - DAY, MONDAY + WEEK)
    assert listed(tx, RegisterFilter.NOTHING_YET) == [me]
    did(tx, me, day)
    assert listed(tx, RegisterFilter.NOTHING_YET) == []


def test_section_narrows_every_filter(tx: Tx) -> None:
    first, second = shown(tx), shown(tx, OTHER)
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == first).values(section_role_id=901))
    assert listed(tx, RegisterFilter.NOTHING_YET, 901) == [first]
    assert listed(tx, RegisterFilter.QUIET, 901) == [first]
    assert listed(tx, RegisterFilter.EVERYBODY, 902) == []
    assert listed(tx, RegisterFilter.EVERYBODY) == [first, second]


# Counts


def test_counts_are_of_those_who_are_here(tx: Tx) -> None:
    first, second, left = shown(tx), shown(tx, OTHER, START + WEEK), shown(tx, UserId(12))
    waiting = enrol(tx, UserId(13))
    goals.add(tx, first, GOAL, 1, TODAY, NOW)
    goals.add(tx, left, GOAL, 1, TODAY, NOW)
    members.set_aside(tx, left, NOW)
    found = register.counts(tx, course(tx), NOW)
    assert (found.here, found.coming, found.first_week, found.goal, found.plan) == (3, 1, START, 1, 1)
    did(tx, first, START, START + DAY, START + WEEK)
    did(tx, second, START, START + WEEK)
    did(tx, left, START)
    did(tx, waiting, START, MONDAY + 6 * DAY, MONDAY + WEEK)
    weeks = register.active_by_week(tx, course(tx), START, MONDAY)
    assert weeks == {START: 3, START + WEEK: 2, MONDAY: 1}


def test_notes_and_plans_add_up_to_the_class(tx: Tx) -> None:
    for user_id in (ME, OTHER, UserId(12), UserId(13)):
        shown(tx, user_id)
    note(tx, NOW - DAY, None)
    note(tx, NOW - DAY, Reason.DMS_CLOSED, OTHER)
    off = members.find(tx, course(tx).id, UserId(12))
    assert off is not None
    members.set_nudges(tx, replace(off, nudges_on=False))
    found = register.notes(tx, course(tx), NOW - WEEK, NOW)
    assert found == {"sent": 1, "dms_closed": 1, "away": 1, "none": 1}
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.user_id == ME).values(next_nudge_at=NOW + 6 * DAY))
    assert register.planned(tx, course(tx), NOW) == (1, 1)
