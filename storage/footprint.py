"""A member's checklist answers in the database: answer and day, never what was found."""

from sqlalchemy import select

from bot.coaching.footprint import Answer, Answered, Answers
from bot.coaching.ids import EnrolmentId
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_answer = tables.checklist_answer


def answers(tx: Tx, enrolment_id: EnrolmentId) -> Answers:
    """Return the member's last answers."""
    a = _answer.c
    rows = tx.execute(select(a.item_id, a.answer, a.answered_on).where(a.enrolment_id == enrolment_id))
    return {row.item_id: Answered(Answer(row.answer), row.answered_on) for row in rows}


def put(tx: Tx, enrolment_id: EnrolmentId, item_id: str, given: Answered) -> None:
    """Keep an answer in place of any earlier one to the same item."""
    values = {"answer": given.answer, "answered_on": given.on}
    statement = insert_or(tx, _answer).values(enrolment_id=enrolment_id, item_id=item_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["enrolment_id", "item_id"], set_=values))
