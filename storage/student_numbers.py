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
    """Two members who gave the same number: the holder gave it first; their enrolments in the same order."""

    number: str
    holder: UserId
    claimant: UserId
    enrolments: tuple[EnrolmentId, ...] = ()


def get(tx: Tx, enrolment_id: EnrolmentId) -> str | None:
    """Return a member's number as they wrote it."""
    return tx.scalar(select(_enrolment.c.student_number).where(_enrolment.c.id == enrolment_id))


def give(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, number: str, key: str) -> bool:
    """Store a member's number; False if it is somebody else's in the course, and then only the claim is stored.

    The number that they had before goes to whoever claimed it.
    """
    e = _enrolment.c
    before = tx.scalar(select(e.number_key).where(e.id == enrolment_id, e.cohort_id == cohort_id))
    mine = update(_enrolment).where(e.id == enrolment_id, e.cohort_id == cohort_id)
    try:
        with tx.begin_nested():  # two who give it in the same instant see nothing of each other before
            tx.execute(mine.values(student_number=number, number_key=key, number_claimed=None))
    except IntegrityError:
        tx.execute(mine.values(number_claimed=key))
        return False
    if before != key:
        _pass_on(tx, cohort_id, before)
    return True


def take_out(tx: Tx, enrolment_id: EnrolmentId) -> None:
    """Forget a member's number, which goes to whoever claimed it, and what they claimed."""
    e = _enrolment.c
    cohort_id, before = tx.execute(select(e.cohort_id, e.number_key).where(e.id == enrolment_id)).one()
    nothing = {"student_number": None, "number_key": None, "number_claimed": None}
    tx.execute(update(_enrolment).where(e.id == enrolment_id).values(nothing))
    _pass_on(tx, CohortId(cohort_id), before)


def _pass_on(tx: Tx, cohort_id: CohortId, key: str | None) -> None:
    """Give a number that was let go to the first who claimed it and has none; the others' claims stand."""
    e = _enrolment.c
    claims = (e.cohort_id == cohort_id, e.number_claimed == key, e.number_key.is_(None))
    first = tx.scalar(select(e.id).where(*claims).order_by(e.id).limit(1)) if key is not None else None
    if first is not None:
        values = {"student_number": key, "number_key": key, "number_claimed": None}
        tx.execute(update(_enrolment).where(e.id == first, *claims).values(values))


def two_claims(tx: Tx, cohort_id: CohortId) -> list[NumberClaim]:
    """Return the numbers of a course that two members gave, in the order in which their holders joined."""
    mine, other = _enrolment, _enrolment.alias("claimant")
    rows = tx.execute(
        select(
            mine.c.id, mine.c.student_number, mine.c.user_id, other.c.user_id.label("claimant"), other.c.id.label("by")
        )
        .join(other, (other.c.cohort_id == mine.c.cohort_id) & (other.c.number_claimed == mine.c.number_key))
        .where(mine.c.cohort_id == cohort_id, other.c.number_claimed.is_not(None))
        .order_by(mine.c.id, other.c.id)
    )
    return [
        NumberClaim(
            row.student_number or "",
            UserId(row.user_id),
            UserId(row.claimant),
            (EnrolmentId(row.id), EnrolmentId(row.by)),
        )
        for row in rows
    ]
