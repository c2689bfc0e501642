"""Words of the bot to every member of a course."""

from datetime import datetime

from sqlalchemy import update

from bot.coaching.ids import CohortId
from bot.coaching.register import VISIBLE_AFTER
from storage import tables
from storage.database import Tx


def owe_notice(tx: Tx, cohort_id: CohortId, subject: str, now: datetime) -> None:
    """Tell every member of a course that the register was switched on; their rows are visible seven days after."""
    del subject
    e = tables.enrolment.c
    tx.execute(
        update(tables.enrolment)
        .where(e.cohort_id == cohort_id, e.register_visible_at.is_(None))
        .values(register_visible_at=now + VISIBLE_AFTER)
    )
