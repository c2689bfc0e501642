"""The days on which members wanted no notes: so that a pause that is over still counts as one."""

from datetime import date

from sqlalchemy import delete, select, update

from bot.coaching.ids import EnrolmentId
from bot.coaching.momentum import Pause
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_pause = tables.pause


def all_of(tx: Tx, enrolment_id: EnrolmentId) -> list[Pause]:
    """Return the member's pauses, the first one first."""
    p = _pause.c
    rows = tx.execute(select(p.starts_on, p.ends_on).where(p.enrolment_id == enrolment_id).order_by(p.starts_on))
    return [Pause(row.starts_on, row.ends_on) for row in rows]


def end(tx: Tx, enrolment_id: EnrolmentId, on: date) -> None:
    """End the pause that lasts on a day; one that began that day has not been."""
    p = _pause.c
    tx.execute(delete(_pause).where(p.enrolment_id == enrolment_id, p.starts_on >= on))
    tx.execute(update(_pause).where(p.enrolment_id == enrolment_id, p.ends_on > on).values(ends_on=on))


def add(tx: Tx, enrolment_id: EnrolmentId, pause: Pause) -> None:
    """Keep a pause; it ends the one that lasts, if one does."""
    end(tx, enrolment_id, pause.since)
    statement = insert_or(tx, _pause).values(enrolment_id=enrolment_id, starts_on=pause.since, ends_on=pause.until)
    tx.execute(
        statement.on_conflict_do_update(index_elements=["enrolment_id", "starts_on"], set_={"ends_on": pause.until})
    )
