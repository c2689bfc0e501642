"""Numbers that are never given out again, days that are the member's own, and what else two databases do alike."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from bot.coaching.goals import GoalEnding
from bot.coaching.ids import AlertId, EnrolmentId
from bot.coaching.log import ActionDraft
from bot.coaching.network import Alert, AlertKind, Category, ContactDraft, Stage
from bot.coaching.nudges import JOINED, NudgeKey, NudgeKind, Recipient
from bot.coaching.opportunities import OpportunityDraft, OpportunityKind, OpportunityState, answered
from bot.coaching.weeks import local_day
from storage import erasure, feedback, goals, log, members, network, nudges, opportunities, tables
from storage.database import Tx
from tests.storage.course import DAY, ME, NOW, TODAY, VOCABULARY, enrol, open_course
from tests.storage.test_goals import SHORT


def test_an_old_undo_removes_nothing_that_was_logged_later(tx: Tx, me: EnrolmentId) -> None:
    first = log.add(tx, me, ActionDraft("note"), TODAY, NOW)
    log.remove(tx, me, first.id)
    second = log.add(tx, me, ActionDraft("reply"), TODAY, NOW + DAY)
    assert not log.remove(tx, me, first.id), f"{first.id} and {second.id}"


def test_no_number_of_somebody_who_was_erased_is_anybody_elses(tx: Tx) -> None:
    def numbers(enrolment_id: EnrolmentId) -> list[int]:
        course = open_course(tx)
        key = NudgeKey(Recipient(course, ME), NudgeKind.HELLO, JOINED)
        nudges.owe(tx, key, NOW)
        owed = nudges.get(tx, key)
        assert owed is not None
        goal_id = goals.add(tx, enrolment_id, SHORT, 1, TODAY, NOW)
        feedback.add(tx, course, enrolment_id, "A word", TODAY)
        [told] = feedback.read(tx, course, 1)
        return [enrolment_id, owed.id, goal_id, told.id]

    before = numbers(enrol(tx, ME))
    erasure.erase_account(tx, ME)
    after = numbers(enrol(tx, ME))
    assert all(new > old for new, old in zip(after, before, strict=True))


def test_every_number_that_sqlite_counts_up_is_given_once() -> None:
    counted = {table.name for table in tables.metadata.sorted_tables if "id" in table.primary_key.columns}
    once = {table.name for table in tables.metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]}
    assert counted - once == {"cohort"}, "only of courses no row is ever taken out"


def test_the_number_of_somebody_forgotten_is_nobody_elses(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    first = network.add_contact(tx, me, ContactDraft("Owl", Category.PEER), TODAY)
    network.remove_contact(tx, me, first)
    assert network.add_contact(tx, me, ContactDraft("Lark", Category.PEER), TODAY) != first


def test_the_number_of_an_alert_taken_out_is_no_other_alerts(tx: Tx, me: EnrolmentId) -> None:
    alert = Alert(AlertId(0), AlertKind.JOB, "nursing", None, None, TODAY, None)
    first = network.add_alert(tx, me, alert)
    network.remove_alert(tx, me, first)
    assert network.add_alert(tx, me, alert) != first


def test_the_number_of_an_opportunity_removed_is_no_other_ones(tx: Tx, me: EnrolmentId) -> None:
    first = opportunities.add(tx, me, OpportunityDraft("one", OpportunityKind.JOB), TODAY)
    opportunities.remove(tx, first)
    assert opportunities.add(tx, me, OpportunityDraft("two", OpportunityKind.JOB), TODAY) != first


@pytest.mark.parametrize("slot", [0, 3])
def test_there_are_two_places_for_goals(tx: Tx, me: EnrolmentId, slot: int) -> None:
    with pytest.raises(IntegrityError), tx.begin_nested():
        goals.add(tx, me, SHORT, slot, TODAY, NOW)


def test_a_goal_ended_on_the_members_own_day(tx: Tx, me: EnrolmentId) -> None:
    zone = "Pacific/Auckland"
    at = datetime(2027, 3, 3, 20, tzinfo=UTC)
    goals.end(tx, goals.add(tx, me, SHORT, 1, local_day(at, zone), at), GoalEnding.STOPPED, at)
    (one,) = goals.ended(tx, me, 1, zone)
    assert one.starts_on <= one.ended_on


def test_a_stage_set_by_hand_counts_nothing_from_before_on_the_same_day(tx: Tx, me: EnrolmentId) -> None:
    number = network.add_contact(tx, me, ContactDraft("Owl", Category.PEER), TODAY)
    log.add(tx, me, ActionDraft("interview", contact=number), TODAY, NOW)
    network.set_stage(tx, number, Stage.NOTICED, TODAY)
    (owl,) = network.contacts(tx, me, VOCABULARY)
    assert owl.relation.stage is Stage.NOTICED


def test_what_is_logged_after_a_stage_was_set_by_hand_counts_the_same_day(tx: Tx, me: EnrolmentId) -> None:
    number = network.add_contact(tx, me, ContactDraft("Owl", Category.PEER), TODAY)
    log.add(tx, me, ActionDraft("interview", contact=number), TODAY, NOW)
    network.set_stage(tx, number, Stage.NOTICED, TODAY)
    log.add(tx, me, ActionDraft("interview", contact=number), TODAY, NOW + DAY / 24)
    (owl,) = network.contacts(tx, me, VOCABULARY)
    assert owl.relation.stage is Stage.MET


def test_an_answer_to_what_was_sent_again_is_news(tx: Tx, me: EnrolmentId) -> None:
    number = opportunities.add(tx, me, OpportunityDraft("one", OpportunityKind.JOB), TODAY)
    opportunities.set_state(tx, number, OpportunityState.NO, TODAY)
    opportunities.set_thanked(tx, number, TODAY)
    opportunities.set_state(tx, number, OpportunityState.SENT, TODAY + DAY)
    opportunities.set_state(tx, number, OpportunityState.YES, TODAY + 9 * DAY)
    kept = opportunities.kept(tx, me, TODAY)
    assert len(answered(kept, OpportunityState.YES, TODAY + 9 * DAY)) == 1


def test_nobody_who_left_the_server_waits_to_be_greeted(tx: Tx, me: EnrolmentId) -> None:
    feedback.ask_contact(tx, me, NOW)
    members.set_aside(tx, me, NOW)
    assert feedback.asked_contact(tx, open_course(tx), 5) == []


def test_people_are_listed_the_same_on_both_databases(tx: Tx, me: EnrolmentId) -> None:
    for nickname in ("zoe", "Änne", "Bo"):
        network.add_contact(tx, me, ContactDraft(nickname, Category.PEER), TODAY)
    assert [one.nickname for one in network.contacts(tx, me, VOCABULARY)] == ["Änne", "Bo", "zoe"]


def test_an_alert_keeps_when_it_was_last_asked_about(tx: Tx, me: EnrolmentId) -> None:
    alert = Alert(AlertId(0), AlertKind.JOB, "nursing", None, None, TODAY, TODAY + DAY)
    number = network.add_alert(tx, me, alert)
    assert network.alerts(tx, me) == [replace(alert, id=number)]
