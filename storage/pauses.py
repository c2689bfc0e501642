"""Days on which members wanted no notes, kept so that a past pause still counts as a pause."""

from datetime import date

from sqlalchemy import delete, select, update

from bot.coaching.ids import EnrolmentId
from bot.coaching.momentum import Pause
from storage import tables
from storage.database import Tx
from storage.statements import MEMBER, insert_or

_pause = tables.pause
PAUSES = (
    select(_pause.c.starts_on, _pause.c.ends_on).where(_pause.c.enrolment_id == MEMBER).order_by(_pause.c.starts_on)
)


def all_of(tx: Tx, enrolment_id: EnrolmentId) -> list[Pause]:
    """Return the member's pauses, the first one first."""
    return [Pause(row.starts_on, row.ends_on) for row in tx.execute(PAUSES, {"member": enrolment_id})]


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
