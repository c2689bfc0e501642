"""The Monday snapshot: what it counts of whom, and that it is taken once."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import update

from bot.coaching.cohort import Cohort
from bot.coaching.footprint import Answer, Answered
from bot.coaching.goals import GoalDraft, Obstacle
from bot.coaching.ids import EnrolmentId, GuildId, UserId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.nudges import Reason
from bot.coaching.weeks import moment
from storage import class_statistics, footprint, goals, log, members, sections, tables
from storage import cohort as cohorts
from storage.database import Database, Tx
from tests.services.course import counted_statements
from tests.storage.course import DAY, ME, NOW, OTHER, enrol
from tests.storage.test_register import note

WEEK = timedelta(weeks=1)
MONDAY = date(2027, 3, 8)
AT = moment(MONDAY, 8, "Europe/Berlin")
CHECKLIST = {"see": ["see.intent"], "present": ["present.bio"]}
GOAL = GoalDraft("connect", "One real exchange", 2, "If it is Friday, then I will reply", 6, obstacle=Obstacle.TIME)


def course(tx: Tx) -> Cohort:
    found = cohorts.open_in(tx, GuildId(1))
    assert found is not None
    return found


def take(tx: Tx, week: date = MONDAY, at: datetime = AT) -> dict[str, int]:
    before = class_statistics.snapshots(tx, course(tx).id)
    class_statistics.take(tx, course(tx), CHECKLIST, week, at, before[-1] if before else None)
    return dict(class_statistics.snapshots(tx, course(tx).id)[-1].counts)


def joined_at(tx: Tx, one: EnrolmentId, at: datetime) -> None:
    tx.execute(update(tables.enrolment).where(tables.enrolment.c.id == one).values(joined_at=at))


def test_it_counts_facts_kinds_notes_and_the_checklist(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    goals.add(tx, me, GOAL, 1, NOW.date(), NOW)
    log.add(tx, me, ActionDraft("note", outcome=Outcome.REPLY), MONDAY - DAY, NOW)
    log.add(tx, other, ActionDraft("interview"), MONDAY - WEEK - DAY, NOW)
    footprint.put(tx, me, "see.intent", Answered(Answer.FINE, MONDAY - DAY))
    footprint.put(tx, other, "present.bio", Answered(Answer.LATER, MONDAY - DAY))
    note(tx, AT - DAY, None)
    note(tx, AT - DAY, Reason.DMS_CLOSED, OTHER)
    assert take(tx) == {
        "active": 2,
        "goal": 1,
        "plan": 1,
        "exchange": 2,
        "met": 1,
        "check:see": 1,
        "kind:connect": 1,
        "kind:": 1,
        "obstacle:time": 1,
        "obstacle:": 1,
        "note:sent": 1,
        "note:dms_closed": 1,
    }


def test_it_counts_the_seven_days_before_and_who_was_there_then(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    log.add(tx, me, ActionDraft("note"), MONDAY, NOW)
    log.add(tx, other, ActionDraft("note"), MONDAY - WEEK, NOW)
    late = enrol(tx, UserId(12))
    joined_at(tx, late, AT + DAY)
    members.set_aside(tx, other, AT + DAY)
    assert take(tx)["active"] == 1
    assert class_statistics.snapshots(tx, course(tx).id)[-1].members == 2


def test_it_knows_how_many_joined_and_left_since_the_one_before(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    take(tx)
    for number in range(3):
        joined_at(tx, enrol(tx, UserId(20 + number)), AT + DAY)
    members.set_aside(tx, other, AT + DAY)
    tx.execute(tables.enrolment.delete().where(tables.enrolment.c.id == me))
    take(tx, MONDAY + WEEK, AT + WEEK)
    first, second = class_statistics.snapshots(tx, course(tx).id)
    assert (first.members, first.joined, first.left) == (2, 0, 0)
    assert (second.members, second.joined, second.left) == (3, 3, 2)


def test_sections_are_counted_beside_the_class(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    sections.replace(tx, course(tx).id, [901, 902])
    sections.note_of_member(tx, course(tx).id, me, [901])
    log.add(tx, me, ActionDraft("note"), MONDAY - DAY, NOW)
    take(tx)
    found = class_statistics.with_sections(tx, course(tx).id)
    assert {role: one[0].members for role, one in found.items()} == {0: 2, 901: 1, 902: 0}
    assert {role: one[0].counts.get("active", 0) for role, one in found.items()} == {0: 1, 901: 1, 902: 0}
    assert other


def test_a_week_is_counted_once(tx: Tx, me: EnrolmentId) -> None:
    assert not class_statistics.has(tx, course(tx).id, MONDAY)
    take(tx)
    log.add(tx, me, ActionDraft("note"), MONDAY - DAY, NOW)
    assert "active" not in take(tx)
    assert class_statistics.has(tx, course(tx).id, MONDAY)


def test_statements_do_not_grow_with_the_class(database: Database, tx: Tx) -> None:
    for number, people in enumerate((1, 40)):
        for one in range(people):
            enrol(tx, UserId(100 + one))
        cohort = replace(course(tx))
        with counted_statements(database) as seen:
            class_statistics.take(tx, cohort, CHECKLIST, MONDAY + number * WEEK, AT + number * WEEK, None)
        assert len(seen) == 3
    assert ME
