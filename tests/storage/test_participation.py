"""The participation row: what is there and how much of it, in one statement however large the class is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.coaching.cohort import Cohort
from bot.coaching.focus import Focus
from bot.coaching.footprint import Answer, Answered
from bot.coaching.goals import Ending, GoalDraft
from bot.coaching.ids import ChannelId, EnrolmentId, GuildId, MessageId, UserId
from bot.coaching.log import ActionDraft
from bot.coaching.nudges import NudgeKey, NudgeKind, Reason, Recipient
from bot.coaching.weeks import Break, BreakKind, monday_of
from storage import cohort as cohorts
from storage import focus, footprint, goals, log, members, nudges, participation, tables
from storage.database import Database, Tx
from storage.participation import Participation
from tests.services.course import counted_statements
from tests.storage.course import DAY, ME, NOW, OTHER, TODAY, enrol

MUSTS = frozenset({"see.intent", "see.search-name", "protect.signin"})
WEEK = timedelta(weeks=1)
GOAL = GoalDraft("connect", "One real exchange a week", 2, "If it is Friday, then I will reply", 6)
START = date(2027, 2, 15)
"""The Monday of the term's first week; `TODAY` is in its third."""


def course(tx: Tx, guild_id: int = 1) -> Cohort:
    found = cohorts.open_in(tx, GuildId(guild_id))
    assert found is not None
    return found


def row(tx: Tx, enrolment_id: EnrolmentId, today: date = TODAY, cohort: Cohort | None = None) -> Participation:
    (found,) = participation.rows(tx, cohort or course(tx), MUSTS, today, enrolment_id)
    return found


def did(tx: Tx, enrolment_id: EnrolmentId, *days: date) -> None:
    for day in days:
        log.add(tx, enrolment_id, ActionDraft("reply"), day, NOW)


def note(tx: Tx, number: int, reason: Reason | None) -> None:
    """Let a note to the member be settled: sent, or held for a reason."""
    key = NudgeKey(Recipient(course(tx).id, ME), NudgeKind.WEEKLY, f"2027-03-{number:02d}")
    members.set_dm_channel(tx, ME, ChannelId(1), NOW)
    at = NOW + number * DAY
    nudges.owe(tx, key, at)
    (claimed,) = nudges.claim(tx, at, "a", at + DAY, 9)
    if reason is None:
        nudges.settle_sent(tx, claimed.nudge_id, "a", MessageId(1), at)
    else:
        nudges.settle_held(tx, claimed.nudge_id, "a", reason, at)


def test_a_member_who_has_just_joined_has_a_row_of_nothing(tx: Tx, me: EnrolmentId) -> None:
    assert row(tx, me) == Participation(
        enrolment_id=me,
        user_id=ME,
        joined_week=date(2027, 3, 1),
        focus=False,
        goal=False,
        plan=False,
        must_answered=0,
        must_total=3,
        active_weeks_last4=0,
        active_weeks_total=0,
        paused=False,
        delivery_ok=True,
        left=False,
        told=False,
    )


def test_the_row_says_that_there_is_a_focus_a_goal_and_a_plan_and_nothing_of_them(tx: Tx, me: EnrolmentId) -> None:
    focus.put(tx, me, Focus(("nursing",)), NOW)
    goals.add(tx, me, replace(GOAL, if_then=""), 1, TODAY, NOW)
    found = row(tx, me)
    assert (found.focus, found.goal, found.plan) == (True, True, False)
    goals.add(tx, me, GOAL, 2, TODAY, NOW)
    assert row(tx, me).plan
    assert "Friday" not in str(row(tx, me))
    for goal in goals.running(tx, me):
        goals.end(tx, goal.id, Ending.KEPT, NOW)
    found = row(tx, me)
    assert (found.focus, found.goal, found.plan) == (True, False, False)


def test_must_items_count_as_answered_whatever_the_answer_but_later(tx: Tx, me: EnrolmentId) -> None:
    given = (
        ("see.intent", Answer.FINE),
        ("see.search-name", Answer.NOT_FOR_ME),
        ("protect.signin", Answer.LATER),
        ("present.bio", Answer.FIXED),  # no must-item of this course
    )
    for item, answer in given:
        footprint.put(tx, me, item, Answered(answer, TODAY))
    found = row(tx, me)
    assert (found.must_answered, found.must_total) == (2, 3)
    footprint.put(tx, me, "protect.signin", Answered(Answer.FIXED, TODAY))
    assert row(tx, me).must_answered == 3


def test_a_week_is_active_when_something_was_logged_or_answered_in_it_and_once_however_much(
    tx: Tx, me: EnrolmentId
) -> None:
    did(tx, me, START, START, START + 6 * DAY)
    footprint.put(tx, me, "see.intent", Answered(Answer.FINE, START + 2 * DAY))
    assert row(tx, me).active_weeks_total == 1
    footprint.put(tx, me, "see.intent", Answered(Answer.FINE, START + 8 * DAY))
    found = row(tx, me)
    assert (found.active_weeks_last4, found.active_weeks_total) == (2, 2)


def test_the_week_that_runs_and_days_before_the_term_do_not_count(tx: Tx, me: EnrolmentId) -> None:
    did(tx, me, TODAY, START - DAY, START - 30 * DAY)
    found = row(tx, me)
    assert (found.active_weeks_last4, found.active_weeks_total) == (0, 0)
    assert row(tx, me, TODAY + WEEK).active_weeks_total == 1


def test_of_the_last_four_weeks_breaks_are_left_out(tx: Tx, me: EnrolmentId) -> None:
    weeks = [START + number * WEEK for number in range(6)]
    did(tx, me, weeks[0], weeks[1], weeks[4])
    today = weeks[5] + 2 * DAY
    assert row(tx, me, today).active_weeks_last4 == 2
    off = Break(BreakKind.EXAMS, weeks[3], weeks[3] + 4 * DAY)
    cohort = replace(course(tx), breaks=(off,))
    assert row(tx, me, today, cohort).active_weeks_last4 == 3
    assert row(tx, me, today, cohort).active_weeks_total == 3


def test_after_the_term_its_last_weeks_stay_the_last(tx: Tx, me: EnrolmentId) -> None:
    cohort = course(tx)
    did(tx, me, cohort.ends_on, cohort.ends_on + WEEK)
    found = row(tx, me, cohort.ends_on + 10 * WEEK)
    assert (found.active_weeks_last4, found.active_weeks_total) == (1, 1)


def test_before_the_first_week_is_over_nothing_is_counted(tx: Tx, me: EnrolmentId) -> None:
    did(tx, me, START)
    for today in (START - WEEK, START, START + 6 * DAY):
        assert row(tx, me, today).active_weeks_total == 0
    assert row(tx, me, START + WEEK).active_weeks_total == 1


def test_a_pause_counts_until_its_end(tx: Tx, me: EnrolmentId) -> None:
    found = members.find(tx, course(tx).id, ME)
    assert found is not None
    members.set_nudges(tx, replace(found, pause_until=TODAY + DAY))
    assert row(tx, me).paused
    assert not row(tx, me, TODAY + DAY).paused


@pytest.mark.parametrize("reason", [Reason.DMS_CLOSED, Reason.UNREACHABLE])
def test_delivery_is_off_while_the_last_note_could_not_be_delivered(tx: Tx, me: EnrolmentId, reason: Reason) -> None:
    note(tx, 1, None)
    assert row(tx, me).delivery_ok
    note(tx, 8, reason)
    assert not row(tx, me).delivery_ok
    note(tx, 15, None)
    assert row(tx, me).delivery_ok


def test_what_held_everybodys_notes_says_nothing_of_one_member(tx: Tx, me: EnrolmentId) -> None:
    note(tx, 1, Reason.BLOCKED)
    assert row(tx, me).delivery_ok


def test_who_has_left_is_marked(tx: Tx, me: EnrolmentId) -> None:
    members.set_aside(tx, me, NOW)
    assert row(tx, me).left


def test_joining_is_told_by_its_week_on_the_courses_calendar(tx: Tx, me: EnrolmentId) -> None:
    sunday_night = datetime.fromisoformat("2027-03-07T23:30:00+00:00")
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == me).values(joined_at=sunday_night))
    assert row(tx, me).joined_week == date(2027, 3, 8)


def test_the_class_comes_in_the_order_of_joining_and_nobody_of_another_course(tx: Tx) -> None:
    first, second, elsewhere = enrol(tx, OTHER), enrol(tx, ME), enrol(tx, ME, 2)
    did(tx, second, START)
    did(tx, elsewhere, START, START + WEEK)
    found = participation.rows(tx, course(tx), MUSTS, TODAY)
    assert [(one.enrolment_id, one.active_weeks_total) for one in found] == [(first, 0), (second, 1)]
    assert participation.rows(tx, course(tx), MUSTS, TODAY, elsewhere) == []


def test_one_statement_is_enough_for_any_class(database: Database, tx: Tx) -> None:
    enrol(tx, ME)
    cohort = course(tx)
    for people in (1, 40):
        for number in range(people):
            did(tx, enrol(tx, UserId(100 + number)), START)
        with counted_statements(database) as seen:
            found = participation.rows(tx, cohort, MUSTS, TODAY)
        assert len(found) == people + 1
        assert len(seen) == 1


def test_the_weeks_counted_are_those_that_one_would_count_by_hand(database: Database) -> None:
    days = st.lists(st.integers(-10, 130).map(lambda number: START + number * DAY), max_size=25)

    @settings(max_examples=25)
    @given(days, days, st.integers(0, 130).map(lambda number: START + number * DAY), st.integers(0, 14))
    def holds(logged: Sequence[date], answered: Sequence[date], today: date, break_week: int) -> None:
        with database.engine.connect() as tx, tx.begin() as transaction:
            me = enrol(tx, ME)
            off = START + break_week * WEEK
            cohort = replace(course(tx), breaks=(Break(BreakKind.BREAK, off, off + 6 * DAY),))
            did(tx, me, *logged)
            for day in answered:
                footprint.put(tx, me, "see.intent", Answered(Answer.FINE, day))
            weeks = [START + number * WEEK for number in range(16) if START + number * WEEK + 6 * DAY < today]
            active = {monday_of(day) for day in (*logged, *answered)}
            found = row(tx, me, today, cohort)
            assert found.active_weeks_total == len(active.intersection(weeks))
            lately = [week for week in weeks if week != off][-4:]
            assert found.active_weeks_last4 == len(active.intersection(lately))
            transaction.rollback()

    holds()
