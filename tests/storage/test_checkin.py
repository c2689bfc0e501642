"""What check-in looks at of each member."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.coaching.checkin import CheckinFacts
from bot.coaching.cohort import Cohort
from bot.coaching.footprint import Answer, Answered
from bot.coaching.goals import GoalDraft, GoalEnding
from bot.coaching.ids import ChannelId, EnrolmentId, GuildId, MessageId, UserId
from bot.coaching.log import ActionDraft
from bot.coaching.momentum import Pause
from bot.coaching.nudges import NudgeKey, NudgeKind, Reason, Recipient
from storage import checkin, feedback, footprint, goals, log, members, nudges, pauses, register, tables
from storage import cohort as cohorts
from storage.database import Database, Tx
from tests.services.course import counted_statements
from tests.storage.course import DAY, ME, NOW, OTHER, TODAY, enrol

GOAL = GoalDraft("connect", "One real exchange a week", 2, "If it is Friday, then I will reply", 6)


@pytest.fixture
def shown(tx: Tx, me: EnrolmentId) -> EnrolmentId:
    """A member whose row is visible."""
    register.show_at_once(tx, me, TODAY, NOW)
    return me


def course(tx: Tx, guild_id: int = 1) -> Cohort:
    found = cohorts.open_in(tx, GuildId(guild_id))
    assert found is not None
    return found


def standing(tx: Tx) -> CheckinFacts:
    (found,) = checkin.standings(tx, course(tx), NOW)
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


def test_a_member_who_has_just_joined_has_done_nothing_yet(tx: Tx, shown: EnrolmentId) -> None:
    assert standing(tx) == CheckinFacts(
        shown, ME, TODAY, had_goal=False, active_on=None, unreachable_on=None, greeted_on=None
    )


def test_whose_row_is_not_visible_or_who_left_is_not_looked_at(tx: Tx, me: EnrolmentId) -> None:
    assert checkin.standings(tx, course(tx), NOW) == []
    register.show_at_once(tx, me, TODAY, NOW)
    assert checkin.standings(tx, course(tx), NOW - DAY) == []
    assert len(checkin.standings(tx, course(tx), NOW)) == 1
    members.set_aside(tx, me, NOW)
    assert checkin.standings(tx, course(tx), NOW) == []


def test_a_goal_that_has_ended_was_one(tx: Tx, shown: EnrolmentId) -> None:
    number = goals.add(tx, shown, GOAL, 1, TODAY, NOW)
    goals.end(tx, number, GoalEnding.KEPT, NOW)
    assert standing(tx).had_goal


def test_the_last_active_day_is_the_later_of_what_was_logged_and_answered(tx: Tx, shown: EnrolmentId) -> None:
    log.add(tx, shown, ActionDraft("reply"), TODAY, NOW)
    assert standing(tx).active_on == TODAY
    footprint.put(tx, shown, "see.intent", Answered(Answer.FINE, TODAY + DAY))
    assert standing(tx).active_on == TODAY + DAY
    log.add(tx, shown, ActionDraft("reply"), TODAY + 2 * DAY, NOW)
    assert standing(tx).active_on == TODAY + 2 * DAY


@pytest.mark.parametrize(
    ("outcomes", "since"),
    [
        ([None], None),
        ([Reason.DMS_CLOSED], 0),
        ([None, Reason.DMS_CLOSED, Reason.UNREACHABLE], 2),
        ([Reason.DMS_CLOSED, None], None),
        ([Reason.BLOCKED], None),
    ],
)
def test_it_tells_whether_the_last_note_arrived(
    tx: Tx, shown: EnrolmentId, outcomes: Sequence[Reason | None], since: int | None
) -> None:
    notes(tx, *outcomes)
    assert standing(tx).enrolment_id == shown
    assert standing(tx).unreachable_on == (None if since is None else TODAY + since * DAY)


def test_pauses_come_with_it(tx: Tx, shown: EnrolmentId) -> None:
    early, late = Pause(TODAY, TODAY + DAY), Pause(TODAY + 5 * DAY, TODAY + 9 * DAY)
    for one in (early, late):
        pauses.add(tx, shown, one)
    assert set(standing(tx).pauses) == {early, late}


def test_greeted_is_kept_and_leaves_a_request_open(tx: Tx, shown: EnrolmentId) -> None:
    feedback.ask_contact(tx, shown, NOW)
    checkin.set_greeted(tx, course(tx).id, shown, NOW + DAY)
    assert feedback.asked_at(tx, shown) == NOW
    feedback.greeted(tx, course(tx).id, shown)
    assert standing(tx).greeted_on == TODAY + DAY


def test_a_course_greets_its_own_members_alone(tx: Tx, shown: EnrolmentId) -> None:
    enrol(tx, OTHER, 2)
    checkin.set_greeted(tx, course(tx, 2).id, shown, NOW)
    assert standing(tx).greeted_on is None


def test_joining_is_told_by_the_courses_calendar(tx: Tx, shown: EnrolmentId) -> None:
    late = NOW.replace(hour=23, minute=30)
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == shown).values(joined_at=late))
    assert standing(tx).since == TODAY + DAY


def test_one_statement_is_enough_for_any_class(database: Database, tx: Tx) -> None:
    for people in (1, 30):
        for number in range(people):
            one = enrol(tx, UserId(100 + number))
            register.show_at_once(tx, one, TODAY, NOW)
            pauses.add(tx, one, Pause(TODAY, TODAY + DAY))
        cohort = replace(course(tx))
        with counted_statements(database) as seen:
            found = checkin.standings(tx, cohort, NOW)
        assert [len(one.pauses) for one in found] == [1] * people
        assert len(seen) == 1
