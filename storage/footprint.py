"""A member's checklist answers in the database: answer and day, never what was found."""

from datetime import date

from sqlalchemy import select

from bot.coaching.footprint import Answer, Answered, Answers
from bot.coaching.ids import EnrolmentId
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_answer = tables.checklist_answer
_history = tables.checklist_history


def answers(tx: Tx, enrolment_id: EnrolmentId) -> Answers:
    """Return the member's last answers."""
    a = _answer.c
    rows = tx.execute(select(a.item_id, a.answer, a.answered_on).where(a.enrolment_id == enrolment_id))
    return {row.item_id: Answered(Answer(row.answer), row.answered_on) for row in rows}


def put(tx: Tx, enrolment_id: EnrolmentId, item_id: str, given: Answered) -> None:
    """Keep an answer as the last one to its item, and in the history as that day's."""
    values = {"answer": given.answer, "answered_on": given.on}
    statement = insert_or(tx, _answer).values(enrolment_id=enrolment_id, item_id=item_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["enrolment_id", "item_id"], set_=values))
    kept = insert_or(tx, _history).values(enrolment_id=enrolment_id, item_id=item_id, **values)
    tx.execute(
        kept.on_conflict_do_update(
            index_elements=["enrolment_id", "item_id", "answered_on"], set_={"answer": given.answer}
        )
    )


def history(tx: Tx, enrolment_id: EnrolmentId, item_id: str, limit: int) -> list[Answered]:
    """Return the member's answers to an item, one a day, the last one first."""
    h = _history.c
    rows = tx.execute(
        select(h.answer, h.answered_on)
        .where(h.enrolment_id == enrolment_id, h.item_id == item_id)
        .order_by(h.answered_on.desc())
        .limit(limit)
    )
    return [Answered(Answer(row.answer), row.answered_on) for row in rows]


def days(tx: Tx, enrolment_id: EnrolmentId, since: date) -> list[date]:
    """Return the days from `since` on, on which the member answered something."""
    h = _history.c
    return list(
        tx.scalars(select(h.answered_on).where(h.enrolment_id == enrolment_id, h.answered_on >= since).distinct())
    )
