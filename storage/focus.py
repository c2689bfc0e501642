"""A member's focus in the database."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from bot.coaching.focus import Connection, Focus, Season
from bot.coaching.ids import EnrolmentId
from storage import tables
from storage.database import Tx
from storage.statements import MEMBER, RowValues, insert_or

_focus = tables.focus
_f = _focus.c
FOCUS = select(
    _f.field_one, _f.field_two, _f.purpose, _f.connection, _f.track, _f.season, _f.new_accounts, _f.updated_at
).where(_f.enrolment_id == MEMBER)


def focus_of(row: RowValues) -> Focus:
    """Return the focus that a row of `FOCUS` holds."""
    return Focus(
        (row["field_one"],) if row["field_two"] is None else (row["field_one"], row["field_two"]),
        row["purpose"],
        row["connection"] and Connection(row["connection"]),
        row["track"],
        row["season"] and Season(row["season"]),
        row["new_accounts"],
        row["updated_at"],
    )


def get(tx: Tx, enrolment_id: EnrolmentId) -> Focus | None:
    """Return the member's focus."""
    row = tx.execute(FOCUS, {"member": enrolment_id}).mappings().first()
    return None if row is None else focus_of(row)


def put(tx: Tx, enrolment_id: EnrolmentId, focus: Focus, now: datetime) -> None:
    """Keep a focus in place of any earlier one."""
    values = {
        "field_one": focus.fields[0],
        "field_two": focus.fields[1] if len(focus.fields) > 1 else None,
        "purpose": focus.purpose,
        "connection": focus.connection,
        "track": focus.track,
        "season": focus.season,
        "new_accounts": focus.new_accounts,
        "updated_at": now,
    }
    statement = insert_or(tx, _focus).values(enrolment_id=enrolment_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["enrolment_id"], set_=values))


def set_new_accounts(tx: Tx, enrolment_id: EnrolmentId, now: datetime, *, new: bool) -> Focus | None:
    """Remember whether the member's accounts in the field are new; None when they have no focus."""
    focus = get(tx, enrolment_id)
    if focus is not None:
        focus = replace(focus, new_accounts=new)
        put(tx, enrolment_id, focus, now)
    return focus
