"""The network: people under nicknames whose stage follows the log, spaces, and alerts."""

import pytest
from sqlalchemy.exc import IntegrityError

from bot.coaching.goals import Direction
from bot.coaching.ids import ActionId, AlertId, ContactId, EnrolmentId
from bot.coaching.log import Action, ActionDraft, Outcome
from bot.coaching.network import (
    Alert,
    AlertKind,
    Category,
    Contact,
    ContactDraft,
    Space,
    SpaceKind,
    Stage,
    Touch,
    Where,
)
from storage import log, network
from storage.database import Tx
from tests.storage.course import DAY, NOW, TODAY, VOCABULARY

SHORT = ContactDraft("Night owl", Category.PEER)
WHOLE = ContactDraft("Night owl", Category.MENTOR, Stage.CONVERSED, Where.LOCAL, "the ward on Tuesdays")
ALERT = Alert(AlertId(0), AlertKind.EVENT, "nursing", "student", "Berlin", TODAY, None)


def know(tx: Tx, member: EnrolmentId, nickname: str = "Night owl") -> ContactId:
    return network.add_contact(tx, member, ContactDraft(nickname, Category.PEER), TODAY)


def touch(
    tx: Tx, member: EnrolmentId, contact: ContactId, kind: str, days: int = 0, outcome: Outcome | None = None
) -> Action:
    """Log something with a contact so many days after today."""
    done = ActionDraft(kind, outcome=outcome, contact=contact)
    return log.add(tx, member, done, TODAY + days * DAY, NOW + days * DAY)


def only(tx: Tx, member: EnrolmentId) -> Contact:
    (contact,) = network.contacts(tx, member, VOCABULARY)
    return contact


def nicknames(tx: Tx, member: EnrolmentId) -> list[str]:
    return [one.nickname for one in network.contacts(tx, member, VOCABULARY)]


# People


@pytest.mark.parametrize("draft", [SHORT, WHOLE])
def test_somebody_is_kept_as_described(tx: Tx, me: EnrolmentId, draft: ContactDraft) -> None:
    number = network.add_contact(tx, me, draft, TODAY)
    assert only(tx, me) == Contact(
        number, draft.nickname, draft.category, draft.stage, TODAY, draft.where, draft.shares, rested=False
    )


def test_people_are_listed_by_nickname_whatever_its_case(tx: Tx, me: EnrolmentId) -> None:
    for nickname in ("bee", "Cat", "Ant"):
        know(tx, me, nickname)
    assert nicknames(tx, me) == ["Ant", "bee", "Cat"]


def test_a_nickname_is_one_persons_in_one_network(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    know(tx, me)
    second = know(tx, me, "Early bird")
    know(tx, other)
    with pytest.raises(IntegrityError), tx.begin_nested():
        know(tx, me)
    with pytest.raises(IntegrityError), tx.begin_nested():
        network.change_contact(tx, second, SHORT)
    assert (nicknames(tx, me), nicknames(tx, other)) == (["Early bird", "Night owl"], ["Night owl"])


def test_changing_who_somebody_is_leaves_the_stage_and_what_was_logged(tx: Tx, me: EnrolmentId) -> None:
    number = know(tx, me)
    touch(tx, me, number, "reply")
    before = only(tx, me)
    network.change_contact(tx, number, WHOLE)
    after = only(tx, me)
    assert (after.nickname, after.category, after.where, after.shares) == (
        WHOLE.nickname,
        WHOLE.category,
        WHOLE.where,
        WHOLE.shares,
    )
    assert (after.base, after.based_on, after.touches) == (before.base, before.based_on, before.touches)


def test_somebody_rests_until_woken(tx: Tx, me: EnrolmentId) -> None:
    number = know(tx, me)
    for rested in (True, False):
        network.set_rested(tx, number, rested=rested)
        assert only(tx, me).rested is rested


# What was logged with them


def test_what_was_logged_with_somebody_is_theirs_oldest_first(tx: Tx, me: EnrolmentId) -> None:
    number, another = know(tx, me), know(tx, me, "Early bird")
    touch(tx, me, number, "ask", 2, Outcome.ADVICE)
    touch(tx, me, number, "reply", 1)
    touch(tx, me, another, "share", 1)
    log.add(tx, me, ActionDraft("reply"), TODAY, NOW)
    early_bird, night_owl = network.contacts(tx, me, VOCABULARY)
    assert early_bird.touches == (Touch("share", Direction.GIVE, None, TODAY + DAY),)
    assert night_owl.touches == (
        Touch("reply", Direction.WITH, None, TODAY + DAY),
        Touch("ask", Direction.ASK, Outcome.ADVICE, TODAY + 2 * DAY),
    )


def test_an_entry_that_is_undone_takes_the_stage_back(tx: Tx, me: EnrolmentId) -> None:
    number = know(tx, me)
    met = touch(tx, me, number, "interview")
    assert only(tx, me).relation.stage is Stage.MET
    log.remove(tx, me, met.id)
    assert only(tx, me).relation.stage is Stage.SPOTTED


def test_an_entry_that_is_changed_changes_the_stage(tx: Tx, me: EnrolmentId) -> None:
    number = know(tx, me)
    entry = touch(tx, me, number, "reply")
    stages = [only(tx, me).relation.stage]
    for draft in (
        ActionDraft("reply", outcome=Outcome.REPLY, contact=number),
        ActionDraft("interview", contact=number),
        ActionDraft("interview"),
    ):
        log.change(tx, entry.id, draft)
        stages.append(only(tx, me).relation.stage)
    assert stages == [Stage.NOTICED, Stage.CONVERSED, Stage.MET, Stage.SPOTTED]


def test_an_entry_moves_to_whom_it_was_really_with(tx: Tx, me: EnrolmentId) -> None:
    number, another = know(tx, me), know(tx, me, "Early bird")
    entry = touch(tx, me, number, "interview")
    log.change(tx, entry.id, ActionDraft("interview", contact=another))
    assert [one.relation.stage for one in network.contacts(tx, me, VOCABULARY)] == [Stage.MET, Stage.SPOTTED]


def test_a_stage_set_by_hand_counts_nothing_from_before_that_day(tx: Tx, me: EnrolmentId) -> None:
    number = know(tx, me)
    touch(tx, me, number, "interview", 1)
    network.set_stage(tx, number, Stage.NOTICED, TODAY + 2 * DAY)
    assert (only(tx, me).base, only(tx, me).based_on, only(tx, me).touches) == (Stage.NOTICED, TODAY + 2 * DAY, ())
    touch(tx, me, number, "reply", 3, Outcome.REPLY)
    assert only(tx, me).relation.stage is Stage.CONVERSED
    # What does not count any more is still in the log.
    assert sum(one.entries for one in log.counts(tx, me, NOW + 3 * DAY)) == 2


def test_a_kind_that_the_content_knows_no_more_moves_nobody(tx: Tx, me: EnrolmentId) -> None:
    touch(tx, me, know(tx, me), "telegram")
    assert only(tx, me).touches == ()


# Forgetting them


def test_somebody_forgotten_leaves_the_log_entry_without_a_name(tx: Tx, me: EnrolmentId) -> None:
    number, another = know(tx, me), know(tx, me, "Early bird")
    gone, kept = touch(tx, me, number, "reply"), touch(tx, me, another, "reply")
    assert network.remove_contact(tx, me, number)
    assert nicknames(tx, me) == ["Early bird"]
    assert not network.has_contact(tx, me, number)
    assert [(one and one.contact) for one in (log.get(tx, me, gone.id), log.get(tx, me, kept.id))] == [None, another]


def test_nobody_is_forgotten_twice(tx: Tx, me: EnrolmentId) -> None:
    number = know(tx, me)
    assert [network.remove_contact(tx, me, number) for _ in range(2)] == [True, False]


def test_somebody_elses_contact_is_neither_seen_nor_forgotten(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    theirs = know(tx, other)
    touch(tx, other, theirs, "interview")
    assert network.contacts(tx, me, VOCABULARY) == []
    assert not network.has_contact(tx, me, theirs)
    assert not network.remove_contact(tx, me, theirs)
    assert network.has_contact(tx, other, theirs)
    assert only(tx, other).relation.stage is Stage.MET


def test_what_somebody_else_logs_moves_no_contact_of_mine(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    touch(tx, other, know(tx, me), "interview")
    assert only(tx, me).touches == ()


# Spaces and alerts


def test_spaces_are_kept_by_name_and_forgotten_once(tx: Tx, me: EnrolmentId) -> None:
    network.add_space(tx, me, "ward round", SpaceKind.IN_PERSON, "Tuesdays")
    network.add_space(tx, me, "Nurses talk", SpaceKind.CHAT, None)
    nurses, ward = network.spaces(tx, me)
    assert nurses == Space(nurses.id, "Nurses talk", SpaceKind.CHAT, None)
    assert ward == Space(ward.id, "ward round", SpaceKind.IN_PERSON, "Tuesdays")
    assert [network.remove_space(tx, me, nurses.id) for _ in range(2)] == [True, False]
    assert network.spaces(tx, me) == [ward]


def test_an_alert_is_kept_under_a_number_of_its_own_the_oldest_first(tx: Tx, me: EnrolmentId) -> None:
    bare = Alert(AlertId(0), AlertKind.JOB, "nursing", None, None, TODAY - DAY, None)
    numbers = [network.add_alert(tx, me, one) for one in (ALERT, bare)]
    assert [(one.id, one.kind, one.role, one.on_since) for one in network.alerts(tx, me)] == [
        (numbers[1], AlertKind.JOB, None, TODAY - DAY),
        (numbers[0], AlertKind.EVENT, "student", TODAY),
    ]


def test_an_alert_worth_keeping_is_remembered_as_such_and_a_forgotten_one_is_gone(tx: Tx, me: EnrolmentId) -> None:
    number = network.add_alert(tx, me, ALERT)
    assert network.keep_alert(tx, me, number, TODAY + DAY)
    assert [one.asked_on for one in network.alerts(tx, me)] == [TODAY + DAY]
    assert [network.remove_alert(tx, me, number) for _ in range(2)] == [True, False]
    assert not network.keep_alert(tx, me, number, TODAY)
    assert network.alerts(tx, me) == []


def test_somebody_elses_spaces_and_alerts_are_out_of_reach(tx: Tx, me: EnrolmentId, other: EnrolmentId) -> None:
    network.add_space(tx, other, "Nurses talk", SpaceKind.CHAT, None)
    alert = network.add_alert(tx, other, ALERT)
    (space,) = network.spaces(tx, other)
    assert (network.spaces(tx, me), network.alerts(tx, me)) == ([], [])
    assert not network.remove_space(tx, me, space.id)
    assert not network.keep_alert(tx, me, alert, TODAY)
    assert not network.remove_alert(tx, me, alert)
    assert network.spaces(tx, other) == [space]
    assert [one.asked_on for one in network.alerts(tx, other)] == [None]


def test_an_entry_with_nobody_that_exists_is_refused(tx: Tx, me: EnrolmentId) -> None:
    with pytest.raises(IntegrityError), tx.begin_nested():
        touch(tx, me, ContactId(know(tx, me) + 1), "reply")
    assert log.get(tx, me, ActionId(1)) is None
