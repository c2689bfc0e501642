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
    """Subscribe an instructor to the digest, adding the account if it is unknown."""
    members.add_account(tx, to.user_id)
    statement = insert_or(tx, _digest).values(cohort_id=to.cohort_id, user_id=to.user_id, asked_at=now)
    tx.execute(statement.on_conflict_do_nothing())


def drop(tx: Tx, to: Recipient) -> bool:
    """Unsubscribe from the digest; False if not subscribed."""
    d = _digest.c
    gone = delete(_digest).where(d.cohort_id == to.cohort_id, d.user_id == to.user_id).returning(d.user_id)
    return tx.execute(gone).first() is not None


def wanted(tx: Tx, to: Recipient) -> bool:
    """Return whether an account is subscribed to a course's digest."""
    d = _digest.c
    return tx.scalar(select(d.user_id).where(d.cohort_id == to.cohort_id, d.user_id == to.user_id)) is not None


def readers(tx: Tx, cohort_id: CohortId) -> int:
    """Return how many want a course's digest."""
    return tx.scalar(select(func.count()).where(_digest.c.cohort_id == cohort_id)) or 0
