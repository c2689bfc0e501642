"""Checklist answers: the last one counts, and every day keeps its own."""

from bot.coaching.focus import Focus
from bot.coaching.footprint import Answer, Answered
from bot.coaching.ids import EnrolmentId
from storage import focus, footprint
from storage.database import Tx
from tests.storage.course import DAY, NOW, TODAY

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
    _, _, history = footprint.item(tx, me, BIO, 10)
    assert history == [Answered(Answer.NOT_FOR_ME, TODAY + DAY), Answered(Answer.FIXED, TODAY)]


def test_the_history_is_of_one_item_and_no_longer_than_asked_for(tx: Tx, me: EnrolmentId) -> None:
    for day in range(4):
        footprint.put(tx, me, BIO, Answered(Answer.FINE, TODAY + day * DAY))
    footprint.put(tx, me, SIGN_IN, Answered(Answer.LATER, TODAY))
    focus.put(tx, me, Focus(("nursing",)), NOW)
    mine, answers, history = footprint.item(tx, me, BIO, 2)
    assert [one.on for one in history] == [TODAY + 3 * DAY, TODAY + 2 * DAY]
    assert (mine, answers.keys()) == (Focus(("nursing",)), {BIO, SIGN_IN})
    assert footprint.item(tx, me, "see.intent", 2) == (mine, answers, [])
