"""A member's checklist answers in the database: answer and day, never what was found."""

from sqlalchemy import bindparam, select

from bot.coaching.focus import Focus
from bot.coaching.footprint import Answer, Answered, Answers
from bot.coaching.ids import EnrolmentId
from storage import tables
from storage.database import Tx
from storage.focus import FOCUS, focus_of
from storage.statements import MEMBER, Combined, RowValues, upserts

_a, _h = tables.checklist_answer.c, tables.checklist_history.c
ANSWERS = select(_a.item_id, _a.answer, _a.answered_on).where(_a.enrolment_id == MEMBER)
_HISTORY = (
    select(_h.answer, _h.answered_on)
    .where(_h.enrolment_id == MEMBER, _h.item_id == bindparam("item"))
    .order_by(_h.answered_on.desc())
    .limit(bindparam("most"))
)
_ITEM = Combined(focus=FOCUS, answers=ANSWERS, history=_HISTORY)
_PUT = upserts(tables.checklist_answer, ("enrolment_id", "item_id"), ("answer", "answered_on"))
_PUT_HISTORY = upserts(tables.checklist_history, ("enrolment_id", "item_id", "answered_on"), ("answer",))


def answer_of(row: RowValues) -> Answered:
    """Return the answer that a row of `ANSWERS` holds."""
    return Answered(Answer(row["answer"]), row["answered_on"])


def answers(tx: Tx, enrolment_id: EnrolmentId) -> Answers:
    """Return the member's last answers."""
    rows = tx.execute(ANSWERS, {"member": enrolment_id}).mappings()
    return {row["item_id"]: answer_of(row) for row in rows}


def item(tx: Tx, enrolment_id: EnrolmentId, item_id: str, limit: int) -> tuple[Focus | None, Answers, list[Answered]]:
    """Return the member's focus, their last answers, and their answers to one item, one a day, newest first."""
    rows = _ITEM.read(tx, {"member": enrolment_id, "item": item_id, "most": limit})
    return (
        next(map(focus_of, rows["focus"]), None),
        {row["item_id"]: answer_of(row) for row in rows["answers"]},
        [answer_of(row) for row in rows["history"]],
    )


def put(tx: Tx, enrolment_id: EnrolmentId, item_id: str, given: Answered) -> None:
    """Keep an answer as the last one to its item, and in the history as that day's."""
    values = {"enrolment_id": enrolment_id, "item_id": item_id, "answer": given.answer, "answered_on": given.on}
    tx.execute(_PUT[tx.dialect.name], values)
    tx.execute(_PUT_HISTORY[tx.dialect.name], values)
