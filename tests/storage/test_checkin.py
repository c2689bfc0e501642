"""What the list of those who may like a hello looks at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.coaching.checkin import Standing
from bot.coaching.cohort import Cohort
from bot.coaching.footprint import Answer, Answered
from bot.coaching.goals import Ending, GoalDraft
from bot.coaching.ids import ChannelId, EnrolmentId, GuildId, MessageId, UserId
from bot.coaching.log import ActionDraft
from bot.coaching.momentum import Pause
from bot.coaching.nudges import NudgeKey, NudgeKind, Reason, Recipient
from storage import checkin, feedback, footprint, goals, log, members, nudges, pauses, tables
from storage import cohort as cohorts
from storage.database import Database, Tx
from tests.services.course import counted_statements
from tests.storage.course import DAY, ME, NOW, OTHER, TODAY, enrol

GOAL = GoalDraft("connect", "One real exchange a week", 2, "If it is Friday, then I will reply", 6)


@pytest.fixture
def told(tx: Tx, me: EnrolmentId) -> EnrolmentId:
    """A member who knows that instructors see the participation row."""
    members.set_row_told(tx, me)
    return me


def course(tx: Tx, guild_id: int = 1) -> Cohort:
    found = cohorts.open_in(tx, GuildId(guild_id))
    assert found is not None
    return found


def standing(tx: Tx) -> Standing:
    (found,) = checkin.standings(tx, course(tx))
    return found


def notes(tx: Tx, *outcomes: Reason | None, kind: NudgeKind = NudgeKind.WEEKLY) -> None:
    """Let notes to the member be settled one a day: held for a reason, or sent."""
    members.set_dm_channel(tx, ME, ChannelId(1), NOW)
    for number, reason in enumerate(outcomes):
        at = NOW + number * DAY
        nudges.owe(tx, NudgeKey(Recipient(course(tx).id, ME), kind, f"{kind} {number}"), at)
        (claimed,) = nudges.claim(tx, at, "a", at + DAY, 9)
        if reason is None:
            nudges.settle_sent(tx, claimed.nudge_id, "a", MessageId(1), at)
        else:
            nudges.settle_held(tx, claimed.nudge_id, "a", reason, at)


def test_a_member_who_has_just_joined_has_done_nothing_yet(tx: Tx, told: EnrolmentId) -> None:
    assert standing(tx) == Standing(
        told, ME, TODAY, had_goal=False, active_on=None, held=0, held_since=None, greeted_on=None
    )


def test_who_does_not_know_of_the_row_has_asked_or_has_left_is_not_looked_at(tx: Tx, me: EnrolmentId) -> None:
    assert checkin.standings(tx, course(tx)) == []
    members.set_row_told(tx, me)
    assert len(checkin.standings(tx, course(tx))) == 1
    feedback.ask_contact(tx, me, NOW)
    assert checkin.standings(tx, course(tx)) == []
    feedback.greeted(tx, course(tx).id, me)
    assert len(checkin.standings(tx, course(tx))) == 1
    members.set_aside(tx, me, NOW)
    assert checkin.standings(tx, course(tx)) == []
    assert checkin.class_size(tx, course(tx).id) == 0


def test_a_goal_that_has_ended_was_one(tx: Tx, told: EnrolmentId) -> None:
    number = goals.add(tx, told, GOAL, 1, TODAY, NOW)
    goals.end(tx, number, Ending.KEPT, NOW)
    assert standing(tx).had_goal


def test_the_last_active_day_is_the_later_of_what_was_logged_and_answered(tx: Tx, told: EnrolmentId) -> None:
    log.add(tx, told, ActionDraft("reply"), TODAY, NOW)
    assert standing(tx).active_on == TODAY
    footprint.put(tx, told, "see.intent", Answered(Answer.FINE, TODAY + DAY))
    assert standing(tx).active_on == TODAY + DAY
    log.add(tx, told, ActionDraft("reply"), TODAY + 2 * DAY, NOW)
    assert standing(tx).active_on == TODAY + 2 * DAY


@pytest.mark.parametrize(
    ("outcomes", "held", "since"),
    [
        ([Reason.DMS_CLOSED], 1, 0),
        ([Reason.DMS_CLOSED, Reason.UNREACHABLE], 2, 0),
        ([None, Reason.DMS_CLOSED, Reason.DMS_CLOSED], 2, 1),
        ([Reason.DMS_CLOSED, Reason.DMS_CLOSED, None], 0, None),
        ([Reason.DMS_CLOSED, None, Reason.DMS_CLOSED], 1, 2),
        ([Reason.BLOCKED, Reason.BLOCKED], 0, None),
        ([Reason.DMS_CLOSED, Reason.BLOCKED, Reason.DMS_CLOSED], 2, 0),
    ],
)
def test_notes_that_could_not_be_delivered_count_since_the_last_that_was(
    tx: Tx, told: EnrolmentId, outcomes: Sequence[Reason | None], held: int, since: int | None
) -> None:
    notes(tx, *outcomes)
    found = standing(tx)
    assert found.enrolment_id == told
    assert (found.held, found.held_since) == (held, None if since is None else TODAY + since * DAY)


def test_pauses_come_with_it(tx: Tx, told: EnrolmentId) -> None:
    early, late = Pause(TODAY, TODAY + DAY), Pause(TODAY + 5 * DAY, TODAY + 9 * DAY)
    for one in (early, late):
        pauses.add(tx, told, one)
    assert set(standing(tx).pauses) == {early, late}


def test_greeted_is_kept_and_leaves_a_request_open(tx: Tx, told: EnrolmentId) -> None:
    feedback.ask_contact(tx, told, NOW)
    checkin.set_greeted(tx, course(tx).id, told, NOW + DAY)
    assert feedback.asked_at(tx, told) == NOW
    feedback.greeted(tx, course(tx).id, told)
    assert standing(tx).greeted_on == TODAY + DAY


def test_a_course_greets_its_own_members_alone(tx: Tx, told: EnrolmentId) -> None:
    enrol(tx, OTHER, 2)
    checkin.set_greeted(tx, course(tx, 2).id, told, NOW)
    assert standing(tx).greeted_on is None


def test_joining_is_told_by_the_courses_calendar(tx: Tx, told: EnrolmentId) -> None:
    late = NOW.replace(hour=23, minute=30)
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == told).values(joined_at=late))
    assert standing(tx).joined_on == TODAY + DAY


def test_two_statements_are_enough_for_any_class(database: Database, tx: Tx) -> None:
    for people in (1, 30):
        for number in range(people):
            one = enrol(tx, UserId(100 + number))
            members.set_row_told(tx, one)
            pauses.add(tx, one, Pause(TODAY, TODAY + DAY))
        cohort = replace(course(tx))
        with counted_statements(database) as seen:
            found = checkin.standings(tx, cohort)
        assert len(found) == people
        assert [len(one.pauses) for one in found] == [1] * people
        assert len(seen) == 2


def test_the_class_is_those_who_are_here(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    enrol(tx, ME, 2)
    assert checkin.class_size(tx, course(tx).id) == 2
    members.set_aside(tx, other, NOW + timedelta(days=1))
    assert checkin.class_size(tx, course(tx).id) == 1
    assert me
