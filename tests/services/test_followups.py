import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar

from bot.coaching.goals import GoalDraft
from bot.coaching.ids import EnrolmentId
from bot.coaching.network import Category, ContactDraft, Stage
from bot.coaching.opportunities import OpportunityDraft, OpportunityKind, OpportunityState
from bot.services.followups import INSTALLATION, FollowUp, as_calendar, calendar_of, follow_ups
from prompts import load_content
from storage import goals, network, opportunities, settings
from storage.database import Database, Tx
from tests.storage.course import DAY, ME, NOW, OTHER, TODAY, enrol

CONTENT = load_content()


def found(database: Database, fill: Any) -> list[FollowUp]:
    with database.engine.connect() as tx, tx.begin() as transaction:
        me = enrol(tx, ME)
        enrol(tx, OTHER)
        fill(tx, me)
        made = follow_ups(tx, me, CONTENT, TODAY)
        transaction.rollback()
    return made


def opening(tx: Tx, me: EnrolmentId, title: str, due_on: date | None) -> Any:
    return opportunities.add(tx, me, OpportunityDraft(title, OpportunityKind.JOB, due_on=due_on), TODAY)


def test_open_deadlines_ahead_are_included(database: Database) -> None:
    def fill(tx: Tx, me: EnrolmentId) -> None:
        opening(tx, me, "today", TODAY)
        opening(tx, me, "later", TODAY + 9 * DAY)
        opening(tx, me, "over", TODAY - DAY)
        opening(tx, me, "whenever", None)
        opportunities.set_state(tx, opening(tx, me, "dropped", TODAY + DAY), OpportunityState.DROPPED, TODAY)

    assert [(one.on, one.title) for one in found(database, fill)] == [
        (TODAY, "Due: today"),
        (TODAY + 9 * DAY, "Due: later"),
    ]


def test_people_are_included_on_the_day_a_word_would_be_good(database: Database) -> None:
    def fill(tx: Tx, me: EnrolmentId) -> None:
        for name, on, rested in (("Owl", TODAY, False), ("Fox", TODAY - 400 * DAY, False), ("Elk", TODAY, True)):
            one = network.add_contact(tx, me, ContactDraft(name, Category.PEER), on)
            network.set_stage(tx, one, Stage.MET, on)
            network.set_rested(tx, one, rested=rested)

    days = CONTENT.network.stages[Stage.MET].touch_days
    assert days is not None
    assert [(one.on, one.title) for one in found(database, fill)] == [
        (TODAY, "A word to Fox"),
        (TODAY + timedelta(days), "A word to Owl"),
    ]


def test_goal_is_included_on_the_day_its_weeks_end(database: Database) -> None:
    def fill(tx: Tx, me: EnrolmentId) -> None:
        draft = GoalDraft("connect", "One exchange", 2, "If it is Friday, then I will reply", 6)
        goals.add(tx, me, draft, 1, TODAY, NOW)

    (one,) = found(database, fill)
    assert (one.on, one.title) == (TODAY + timedelta(weeks=6), "Look back at your goal: One exchange")


def test_calendar_reads_back_any_words() -> None:
    title = "Ward; nights, “Köln” \\ back\n" + "long " * 40
    calendar: Any = icalendar.Calendar.from_ical(as_calendar([FollowUp("goal-1", TODAY, title, "note")], "ab12", NOW))
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]) == title
    assert event.decoded("dtstart") == TODAY
    assert event.decoded("dtend") == TODAY + DAY
    assert event.decoded("dtstamp") == datetime(2027, 3, 3, 12, tzinfo=UTC)
    assert event.decoded("last-modified") == datetime(2027, 3, 3, 12, tzinfo=UTC)
    assert str(event["uid"]) == "goal-1@ab12.pln-coach"


def test_each_later_file_is_a_later_revision() -> None:
    day = FollowUp("goal-1", TODAY, "One goal", "note")
    made = [as_calendar([day], "ab12", NOW + timedelta(seconds=later)) for later in (0, 1, 86_400)]
    revisions = [int(re.findall(r"SEQUENCE:(\d+)", text)[0]) for text in made]
    assert revisions == sorted(set(revisions))
    assert revisions[-1] < 2**31


async def test_installation_keeps_its_name_and_another_has_its_own(database: Database) -> None:
    day = FollowUp("goal-1", TODAY, "One goal", "note")

    async def made() -> list[str]:
        return re.findall(r"UID:(.*)", await calendar_of(database, [day], NOW) or "")

    assert await calendar_of(database, [], NOW) is None
    first = await made()
    assert await made() == first
    await database.transact(lambda tx: settings.remove(tx, INSTALLATION))
    assert await made() != first
