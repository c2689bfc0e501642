"""What is loaded of a member in one statement is what the stores keep, on both databases."""

from datetime import date, timedelta

import pytest

from bot.coaching.cohort import Membership
from bot.coaching.focus import Connection, Focus
from bot.coaching.footprint import Answer, Answered
from bot.coaching.goals import Benefit, GoalDraft, Obstacle
from bot.coaching.ids import AlertId, ChannelId, CohortId, EnrolmentId, GuildId, MessageId, UserId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.momentum import Pause
from bot.coaching.network import Alert, AlertKind, Category, ContactDraft, Stage, Where
from bot.coaching.nudges import Delivered, Family, NudgeKey, NudgeKind, Reason, Recipient
from bot.coaching.opportunities import OpportunityDraft, OpportunityKind, OpportunityState, Source
from bot.coaching.snapshot import MemberSnapshot
from prompts import Content, load_content
from storage import (
    bios,
    focus,
    footprint,
    goals,
    log,
    members,
    network,
    nudges,
    opportunities,
    pauses,
    snapshot,
)
from storage import cohort as cohorts
from storage.bios import Checked
from storage.database import Tx
from storage.nudges import About
from tests.storage.course import DAY, ME, NOW, OTHER, TODAY, open_course

WEEK = timedelta(weeks=1)
MONDAY = date(2027, 3, 1)


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


def seat(tx: Tx, user_id: UserId = ME) -> Membership:
    cohort = cohorts.open_in(tx, GuildId(1))
    assert cohort is not None
    enrolment = members.find(tx, cohort.id, user_id)
    assert enrolment is not None
    return Membership(cohort, enrolment)


def loaded(tx: Tx, content: Content) -> MemberSnapshot:
    return snapshot.load(tx, seat(tx), content, NOW)


def send(
    tx: Tx, weeks: int, about: About, kind: NudgeKind = NudgeKind.WEEKLY, user_id: UserId = ME, *, held: bool = False
) -> None:
    """Let a nudge of a week go out, or be held."""
    key = NudgeKey(Recipient(open_course(tx), user_id), kind, (MONDAY + weeks * WEEK).isoformat())
    nudges.owe(tx, key, NOW)
    nudge = nudges.get(tx, key)
    assert nudge is not None
    nudges.set_about(tx, nudge.id, about)
    members.set_dm_channel(tx, user_id, ChannelId(user_id), NOW)
    nudges.claim(tx, NOW, "runner", NOW + DAY, 10)
    if held:
        nudges.settle_held(tx, nudge.id, "runner", Reason.DMS_CLOSED, NOW)
    else:
        nudges.settle_sent(tx, nudge.id, "runner", MessageId(nudge.id), NOW + weeks * WEEK)


def fill(tx: Tx, member: EnrolmentId, name: str) -> None:
    """Keep a row or two of everything."""
    focus.put(tx, member, Focus((name, "data"), "a job", Connection.NEWS, None, None, new_accounts=True), NOW)
    plan = 'If it’s 9, then I will "ask" \\ once'
    draft = GoalDraft("connect", name, 2, plan, 6, "Best", Obstacle.TIME, "then", "tiny", 30)
    first = goals.add(tx, member, draft, 1, TODAY - 8 * DAY, NOW)
    goals.set_reflection(tx, first, "It went well", Benefit.LEARNING)
    goals.set_paused(tx, goals.add(tx, member, draft, 2, TODAY - DAY, NOW), TODAY, 3)
    for item, answer, days in (("see.intent", Answer.FINE, 3), ("see.intent", Answer.FIXED, 0), ("x", Answer.LATER, 9)):
        footprint.put(tx, member, item, Answered(answer, TODAY - days * DAY))
    kim = network.add_contact(
        tx, member, ContactDraft(f"Kim {name}", Category.MENTOR, Stage.NOTICED, Where.LOCAL, "notes"), TODAY
    )
    network.set_rested(tx, network.add_contact(tx, member, ContactDraft("ann", Category.PEER), TODAY), rested=True)
    for days, kind, outcome in (
        (0, "ask", Outcome.ADVICE),
        (2, "reply", None),
        (1, "thank", None),
        (200, "note", None),
    ):
        contact = None if kind == "note" else kim
        log.add(tx, member, ActionDraft(kind, None, 5, outcome, contact), TODAY - days * DAY, NOW - days * DAY)
    pauses.add(tx, member, Pause(TODAY - 30 * DAY, TODAY - 20 * DAY))
    late = opportunities.add(tx, member, OpportunityDraft(name, OpportunityKind.JOB, Source.ALERT, TODAY), TODAY)
    opportunities.set_state(tx, late, OpportunityState.SENT, TODAY)
    old = opportunities.add(tx, member, OpportunityDraft("old", OpportunityKind.OTHER), TODAY)
    opportunities.set_state(tx, old, OpportunityState.NO, TODAY - 8 * DAY)
    network.add_alert(tx, member, Alert(AlertId(0), AlertKind.JOB, name, "nurse", None, TODAY - DAY, TODAY))
    network.add_alert(tx, member, Alert(AlertId(0), AlertKind.EVENT, name, None, "Rome", TODAY - 9 * DAY, None))
    for days in (5, 2):
        bios.add_check(tx, member, Checked(TODAY - days * DAY, "github", ()))


def test_everything_that_is_kept_is_loaded_in_its_order(
    tx: Tx, me: EnrolmentId, other: EnrolmentId, content: Content
) -> None:
    fill(tx, me, "nursing")
    fill(tx, other, "teaching")
    found = loaded(tx, content)
    assert (found.focus, found.focus and found.focus.changed_at) == (focus.get(tx, me), NOW)
    assert found.goals == goals.running(tx, me)
    assert [goal.paused_on for goal in found.goals] == [None, TODAY]
    assert found.answers == footprint.answers(tx, me)
    assert sorted(found.log, key=str) == sorted(log.counts(tx, me, NOW), key=str)
    assert found.since_goal == log.counts_of_goals(tx, me)
    assert found.active_days == [TODAY - days * DAY for days in (9, 3, 2, 1, 0)]
    assert found.pauses == pauses.all_of(tx, me)
    assert found.contacts == network.contacts(tx, me, content.vocabulary)
    assert [(one.nickname, one.rested) for one in found.contacts] == [("ann", True), ("Kim nursing", False)]
    assert [touch.kind for touch in found.contacts[1].touches] == ["reply", "thank", "ask"]
    assert found.openings == opportunities.kept(tx, me, TODAY - WEEK)
    assert [one.title for one in found.openings] == ["nursing"]
    assert found.alerts == network.alerts(tx, me)
    assert [one.kind for one in found.alerts] == [AlertKind.EVENT, AlertKind.JOB]
    assert found.bio_checked == TODAY - 2 * DAY


def test_of_somebody_who_keeps_nothing_nothing_is_loaded(tx: Tx, me: EnrolmentId, content: Content) -> None:
    found = loaded(tx, content)
    assert (found.focus, found.bio_checked, found.answers, found.since_goal) == (None, None, {}, {})
    for rows in (found.goals, found.log, found.active_days, found.pauses, found.contacts, found.openings, found.alerts):
        assert rows == []
    assert found.delivered == []


def test_the_weekly_nudges_of_a_term_are_loaded_newest_first(
    tx: Tx, me: EnrolmentId, other: EnrolmentId, content: Content
) -> None:
    send(tx, 0, About("A05", text="no_goal.1"))
    # An occasion with a step of its own: the rule's was not told.
    send(tx, 2, About("A17", "no_reply", "person:7", "no_reply.2"))
    send(tx, 1, About("A23", "goal_new", text="goal_new.1"))
    send(tx, 3, About("A05", text="no_goal.2"), held=True)
    send(tx, 4, About("A23"), NudgeKind.REMINDER)
    send(tx, 5, About("A23"), user_id=OTHER)
    nudges.owe(tx, NudgeKey(Recipient(CohortId(open_course(tx)), ME), NudgeKind.WEEKLY, "2027-05-31"), NOW)
    found = loaded(tx, content)
    held = Delivered("A05", None, NOW, "no_goal.2", None, Family.BOOKKEEPING, held=True)
    assert found.delivered == [
        Delivered("", "no_reply", NOW + 2 * WEEK, "no_reply.2", "person:7", Family.PEOPLE),
        Delivered("A23", "goal_new", NOW + WEEK, "goal_new.1", None, Family.PLAN),
        Delivered("A05", None, NOW, "no_goal.1", None, Family.BOOKKEEPING),
    ]
    assert found.notes == [held, *found.delivered]
    assert found.sent_texts["no_goal.2", None] == NOW
    for weeks in range(6, 20):
        send(tx, weeks, About("A23"))
    assert len(loaded(tx, content).notes) == 18
