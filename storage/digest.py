"""Which instructors asked for a course's weekly digest."""

from datetime import datetime

from sqlalchemy import delete, func, select

from bot.coaching.ids import CohortId
from bot.coaching.nudges import Recipient
from storage import members, tables
from storage.database import Tx
from storage.statements import insert_or

_digest = tables.digest


def ask(tx: Tx, to: Recipient, now: datetime) -> None:
    """Remember that an instructor wants the digest; an account that is not known yet gets its row."""
    members.add_account(tx, to.user_id)
    statement = insert_or(tx, _digest).values(cohort_id=to.cohort_id, user_id=to.user_id, asked_at=now)
    tx.execute(statement.on_conflict_do_nothing())


def drop(tx: Tx, to: Recipient) -> bool:
    """Forget that somebody wants the digest; False if they did not."""
    d = _digest.c
    gone = delete(_digest).where(d.cohort_id == to.cohort_id, d.user_id == to.user_id).returning(d.user_id)
    return tx.execute(gone).first() is not None


def wanted(tx: Tx, to: Recipient) -> bool:
    """Return whether somebody wants a course's digest."""
    d = _digest.c
    return tx.scalar(select(d.user_id).where(d.cohort_id == to.cohort_id, d.user_id == to.user_id)) is not None


def readers(tx: Tx, cohort_id: CohortId) -> int:
    """Return how many want a course's digest."""
    return tx.scalar(select(func.count()).where(_digest.c.cohort_id == cohort_id)) or 0
