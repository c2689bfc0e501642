"""A member's focus in the database."""

from datetime import datetime

from sqlalchemy import select

from bot.coaching.focus import Connection, Focus
from bot.coaching.ids import EnrolmentId
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_focus = tables.focus


def get(tx: Tx, enrolment_id: EnrolmentId) -> Focus | None:
    """Return the member's focus."""
    f = _focus.c
    row = tx.execute(
        select(f.field_one, f.field_two, f.purpose, f.connection).where(f.enrolment_id == enrolment_id)
    ).first()
    if row is None:
        return None
    fields = (row.field_one,) if row.field_two is None else (row.field_one, row.field_two)
    return Focus(fields, row.purpose, None if row.connection is None else Connection(row.connection))


def put(tx: Tx, enrolment_id: EnrolmentId, focus: Focus, now: datetime) -> None:
    """Keep a focus in place of any earlier one."""
    values = {
        "field_one": focus.fields[0],
        "field_two": focus.fields[1] if len(focus.fields) > 1 else None,
        "purpose": focus.purpose,
        "connection": focus.connection,
        "updated_at": now,
    }
    statement = insert_or(tx, _focus).values(enrolment_id=enrolment_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["enrolment_id"], set_=values))
