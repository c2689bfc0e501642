"""What members let their instructors see of their own, and since when."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.coaching.cohort import SharedItem
from bot.coaching.ids import EnrolmentId
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_share = tables.share


def of(tx: Tx, enrolment_id: EnrolmentId) -> dict[SharedItem, datetime]:
    """Return what a member shares, each with the moment they began to."""
    s = _share.c
    rows = tx.execute(select(s.item, s.shared_at).where(s.enrolment_id == enrolment_id).order_by(s.item))
    return {SharedItem(row.item): row.shared_at for row in rows}


def share(tx: Tx, enrolment_id: EnrolmentId, item: SharedItem, now: datetime) -> None:
    """Let a member's instructors see something; what is shared already keeps its date."""
    statement = insert_or(tx, _share).values(enrolment_id=enrolment_id, item=item, shared_at=now)
    tx.execute(statement.on_conflict_do_nothing())


def unshare(tx: Tx, enrolment_id: EnrolmentId, item: SharedItem) -> None:
    """Stop sharing something; harmless when it is not shared."""
    tx.execute(delete(_share).where(_share.c.enrolment_id == enrolment_id, _share.c.item == item))
