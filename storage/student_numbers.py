"""Student numbers or logins, as members entered them: one holder in a course, and who else claims it."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bot.coaching.ids import CohortId, EnrolmentId, UserId
from storage import tables
from storage.database import Tx

_enrolment = tables.enrolment


@dataclass(frozen=True, slots=True)
class NumberClaim:
    """Two members who gave the same number: the holder gave it first."""

    number: str
    holder: UserId
    claimant: UserId


def get(tx: Tx, enrolment_id: EnrolmentId) -> str | None:
    """Return a member's number as they wrote it."""
    return tx.scalar(select(_enrolment.c.student_number).where(_enrolment.c.id == enrolment_id))


def give(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, number: str, key: str) -> bool:
    """Store a member's number; False if it is somebody else's in the course, and then only the claim is stored."""
    e = _enrolment.c
    mine = update(_enrolment).where(e.id == enrolment_id, e.cohort_id == cohort_id)
    try:
        with tx.begin_nested():  # two who give it in the same instant see nothing of each other before
            tx.execute(mine.values(student_number=number, number_key=key, number_claimed=None))
    except IntegrityError:
        tx.execute(mine.values(number_claimed=key))
        return False
    return True


def take_out(tx: Tx, enrolment_id: EnrolmentId) -> None:
    """Forget a member's number, and what they claimed."""
    nothing = {"student_number": None, "number_key": None, "number_claimed": None}
    tx.execute(update(_enrolment).where(_enrolment.c.id == enrolment_id).values(nothing))


def two_claims(tx: Tx, cohort_id: CohortId) -> list[NumberClaim]:
    """Return the numbers of a course that two members gave, in the order in which their holders joined."""
    mine, other = _enrolment, _enrolment.alias("claimant")
    rows = tx.execute(
        select(mine.c.student_number, mine.c.user_id, other.c.user_id.label("claimant"))
        .join(other, (other.c.cohort_id == mine.c.cohort_id) & (other.c.number_claimed == mine.c.number_key))
        .where(mine.c.cohort_id == cohort_id, other.c.number_claimed.is_not(None))
        .order_by(mine.c.id, other.c.id)
    )
    return [NumberClaim(row.student_number or "", UserId(row.user_id), UserId(row.claimant)) for row in rows]
