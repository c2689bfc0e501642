"""The log: what a member did, on which day, and with whom."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.coaching.goals import GoalDraft, GoalEnding
from bot.coaching.ids import ActionId, EnrolmentId, NudgeId
from bot.coaching.log import Action, ActionDraft, KindCount, Outcome
from bot.coaching.network import Category, ContactDraft
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient
from storage import goals, log, network, nudges
from storage.database import Tx
from tests.storage.course import DAY, ME, NOW, TODAY, open_course

NOTE = ActionDraft("note")


def noted(tx: Tx, member: EnrolmentId, days: int = 0) -> Action:
    return log.add(tx, member, NOTE, TODAY + days * DAY, NOW + days * DAY)


def owed(tx: Tx) -> NudgeId:
    key = NudgeKey(Recipient(open_course(tx), ME), NudgeKind.WEEKLY, "2027-03-01")
    nudges.owe(tx, key, NOW)
    nudge = nudges.get(tx, key)
    assert nudge is not None
    return nudge.id


def test_an_action_is_kept_as_it_was_said(tx: Tx, me: EnrolmentId) -> None:
    contact = network.add_contact(tx, me, ContactDraft("Night owl", Category.PEER), TODAY)
    whole = ActionDraft("reply", "About the ward", 15, Outcome.REPLY, contact)
    for draft in (NOTE, whole):
        kept = log.add(tx, me, draft, TODAY - DAY, NOW)
        assert kept == Action(id=kept.id, on=TODAY - DAY, at=NOW, **asdict(draft))
        assert log.get(tx, me, kept.id) == kept


def test_a_change_replaces_all_that_was_said_and_leaves_when_it_was(tx: Tx, me: EnrolmentId) -> None:
    contact = network.add_contact(tx, me, ContactDraft("Night owl", Category.PEER), TODAY)
    first = log.add(tx, me, ActionDraft("reply", "About the ward", 15, Outcome.REPLY, contact), TODAY - DAY, NOW)
    for draft in (NOTE, ActionDraft("ask", "About the shift", 5, Outcome.ADVICE, contact)):
        changed = log.change(tx, first.id, draft)
        assert changed == Action(id=first.id, on=first.on, at=first.at, **asdict(draft))
        assert log.get(tx, me, first.id) == changed


def test_a_change_leaves_the_note_that_it_answers(tx: Tx, me: EnrolmentId) -> None:
    nudge = owed(tx)
    action = log.add(tx, me, NOTE, TODAY, NOW, nudge)
    log.change(tx, action.id, ActionDraft("reply"))
    assert log.logged_for(tx, nudge)


def test_a_note_is_answered_once(tx: Tx, me: EnrolmentId) -> None:
    nudge = owed(tx)
    assert not log.logged_for(tx, nudge)
    log.add(tx, me, NOTE, TODAY, NOW, nudge)
    with pytest.raises(IntegrityError), tx.begin_nested():
        log.add(tx, me, NOTE, TODAY, NOW, nudge)
    assert log.counts(tx, me, NOW) == [KindCount("note", 0, 1)]


def test_each_kind_is_counted_by_weeks_back_from_now_with_its_minutes(tx: Tx, me: EnrolmentId) -> None:
    now, second = NOW + 28 * DAY, timedelta(seconds=1)
    for days, minutes in ((0, 5), (6, 10), (7, None), (13, 20), (21, 1)):
        log.add(tx, me, ActionDraft("note", minutes=minutes), TODAY, now - days * DAY)
    log.add(tx, me, ActionDraft("reply"), TODAY, now - 28 * DAY + second)
    log.add(tx, me, ActionDraft("reply"), TODAY, now - 28 * DAY)
    assert sorted(log.counts(tx, me, now), key=lambda one: (one.weeks_ago, one.kind)) == [
        KindCount("note", 0, 2, 15),
        KindCount("note", 1, 2, 20),
        KindCount("note", 3, 1, 1),
        KindCount("reply", 3, 1),
    ]


def test_what_was_done_since_a_goal_began_is_counted_by_its_days(tx: Tx, me: EnrolmentId) -> None:
    wish = GoalDraft("connect", "One", 2, "If it is Friday, then I will reply", 6)
    first, second = (goals.add(tx, me, wish, slot, TODAY + slot * DAY, NOW) for slot in (1, 2))
    for days in range(3):
        noted(tx, me, days)
    log.add(tx, me, ActionDraft("reply"), TODAY + 5 * DAY, NOW)
    assert log.counts_of_goals(tx, me) == {first: {"note": 2, "reply": 1}, second: {"note": 1, "reply": 1}}
    goals.end(tx, first, GoalEnding.STOPPED, NOW)
    assert log.counts_of_goals(tx, me).keys() == {second}


def test_without_a_number_the_last_entry_is_meant(tx: Tx, me: EnrolmentId) -> None:
    assert log.get(tx, me) is None
    last, earlier = noted(tx, me, 1), noted(tx, me)
    assert log.get(tx, me) == last
    same_moment = noted(tx, me, 1)
    assert log.get(tx, me) == same_moment
    assert log.get(tx, me, earlier.id) == earlier


def test_an_entry_is_removed_once(tx: Tx, me: EnrolmentId) -> None:
    gone, kept = noted(tx, me), noted(tx, me)
    assert [log.remove(tx, me, gone.id) for _ in range(2)] == [gone, None]
    assert log.get(tx, me) == kept


def test_somebody_elses_entry_is_neither_read_nor_removed(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    theirs = noted(tx, other)
    assert log.get(tx, me) is None
    assert log.get(tx, me, theirs.id) is None
    assert not log.remove(tx, me, theirs.id)
    assert log.get(tx, other) == theirs


def test_an_entry_that_never_was_is_not_found(tx: Tx, me: EnrolmentId) -> None:
    assert log.get(tx, me, ActionId(noted(tx, me).id + 1)) is None
