"""Checklist answers: the last one counts, and every day keeps its own."""

from bot.coaching.footprint import Answer, Answered
from bot.coaching.ids import EnrolmentId
from storage import footprint
from storage.database import Tx
from tests.storage.course import DAY, TODAY

BIO, SIGN_IN = "present.bio", "protect.signin"


def test_the_last_answer_counts(tx: Tx, me: EnrolmentId) -> None:
    assert footprint.answers(tx, me) == {}
    footprint.put(tx, me, BIO, Answered(Answer.LATER, TODAY))
    footprint.put(tx, me, SIGN_IN, Answered(Answer.FINE, TODAY))
    footprint.put(tx, me, BIO, Answered(Answer.FIXED, TODAY + DAY))
    assert footprint.answers(tx, me) == {
        BIO: Answered(Answer.FIXED, TODAY + DAY),
        SIGN_IN: Answered(Answer.FINE, TODAY),
    }


def test_every_day_keeps_the_last_answer_of_the_day(tx: Tx, me: EnrolmentId) -> None:
    for answer, on in (
        (Answer.LATER, TODAY),
        (Answer.FIXED, TODAY),
        (Answer.LATER, TODAY + DAY),
        (Answer.NOT_FOR_ME, TODAY + DAY),
    ):
        footprint.put(tx, me, BIO, Answered(answer, on))
    assert footprint.history(tx, me, BIO, 10) == [
        Answered(Answer.NOT_FOR_ME, TODAY + DAY),
        Answered(Answer.FIXED, TODAY),
    ]


def test_the_history_is_of_one_item_and_no_longer_than_asked_for(tx: Tx, me: EnrolmentId) -> None:
    for day in range(4):
        footprint.put(tx, me, BIO, Answered(Answer.FINE, TODAY + day * DAY))
    footprint.put(tx, me, SIGN_IN, Answered(Answer.LATER, TODAY))
    assert [one.on for one in footprint.history(tx, me, BIO, 2)] == [TODAY + 3 * DAY, TODAY + 2 * DAY]
    assert footprint.history(tx, me, "see.intent", 2) == []


def test_a_day_of_answers_counts_once_from_its_first_day_on(tx: Tx, me: EnrolmentId) -> None:
    for item, day in ((BIO, -1), (BIO, 0), (SIGN_IN, 0), (BIO, 2)):
        footprint.put(tx, me, item, Answered(Answer.FINE, TODAY + day * DAY))
    assert sorted(footprint.days(tx, me, TODAY)) == [TODAY, TODAY + 2 * DAY]


def test_an_earlier_day_stays_one_when_an_item_is_answered_again(tx: Tx, me: EnrolmentId) -> None:
    footprint.put(tx, me, BIO, Answered(Answer.FINE, TODAY))
    footprint.put(tx, me, BIO, Answered(Answer.FINE, TODAY + DAY))
    assert sorted(footprint.days(tx, me, TODAY)) == [TODAY, TODAY + DAY]
