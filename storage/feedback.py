"""What members tell their instructors: without an author unless it is signed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from bot.coaching.ids import CohortId, EnrolmentId, FeedbackId, UserId
from storage import tables
from storage.database import Tx

_feedback = tables.feedback
_enrolment = tables.enrolment


@dataclass(frozen=True, slots=True)
class Feedback:
    """A question or comment, with the Monday of its week; `author` None: unsigned, and nobody is kept."""

    id: FeedbackId
    text: str
    week: date
    author: UserId | None
    read: bool


def add(tx: Tx, cohort_id: CohortId, author: EnrolmentId | None, text: str, week: date) -> None:
    """Keep a question or comment for a course's instructors."""
    tx.execute(insert(_feedback).values(cohort_id=cohort_id, enrolment_id=author, text=text, week=week))


def unread(tx: Tx, cohort_id: CohortId) -> int:
    """Return how many have not been read."""
    f = _feedback.c
    return (
        tx.scalar(select(func.count()).select_from(_feedback).where(f.cohort_id == cohort_id, f.read_at.is_(None))) or 0
    )


def read(tx: Tx, cohort_id: CohortId, limit: int, before: FeedbackId | None = None) -> list[Feedback]:
    """Return a course's feedback, the newest first, from before `before` on."""
    f, e = _feedback.c, _enrolment.c
    statement = (
        select(f.id, f.text, f.week, e.user_id, f.read_at)
        .join(_enrolment, e.id == f.enrolment_id, isouter=True)
        .where(f.cohort_id == cohort_id)
        .order_by(f.id.desc())
        .limit(limit)
    )
    rows = tx.execute(statement if before is None else statement.where(f.id < before))
    return [
        Feedback(
            FeedbackId(row.id),
            row.text,
            row.week,
            None if row.user_id is None else UserId(row.user_id),
            row.read_at is not None,
        )
        for row in rows
    ]


def mark_read(tx: Tx, cohort_id: CohortId, ids: list[FeedbackId], now: datetime) -> None:
    """Record that some of a course's feedback has been read."""
    f = _feedback.c
    tx.execute(
        update(_feedback).where(f.cohort_id == cohort_id, f.id.in_(ids), f.read_at.is_(None)).values(read_at=now)
    )


@dataclass(frozen=True, slots=True)
class AskedContact:
    """A member who asked to be contacted, and since when."""

    enrolment_id: EnrolmentId
    user_id: UserId
    at: datetime


def ask_contact(tx: Tx, enrolment_id: EnrolmentId, now: datetime) -> bool:
    """Record that a member asks to be contacted; False if they have asked already."""
    e = _enrolment.c
    asked = update(_enrolment).where(e.id == enrolment_id, e.asked_contact_at.is_(None))
    return tx.execute(asked.values(asked_contact_at=now).returning(e.id)).first() is not None


def asked_at(tx: Tx, enrolment_id: EnrolmentId) -> datetime | None:
    """Return since when a member asks to be contacted, None if they do not."""
    return tx.scalar(select(_enrolment.c.asked_contact_at).where(_enrolment.c.id == enrolment_id))


def asked_contact(tx: Tx, cohort_id: CohortId, limit: int | None = None) -> list[AskedContact]:
    """Return who asked to be contacted and has not left, longest waiting first."""
    e = _enrolment.c
    rows = tx.execute(
        select(e.id, e.user_id, e.asked_contact_at)
        .where(e.cohort_id == cohort_id, e.asked_contact_at.is_not(None), e.set_aside_at.is_(None))
        .order_by(e.asked_contact_at, e.id)
        .limit(limit)
    )
    return [
        AskedContact(EnrolmentId(row.id), UserId(row.user_id), row.asked_contact_at)
        for row in rows
        if row.asked_contact_at is not None
    ]


def greeted(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, asked_at: int | None = None) -> bool:
    """Forget that a member asked to be contacted, at that second or, with None, whenever; False if they did not."""
    e = _enrolment.c
    mine = (e.id == enrolment_id, e.cohort_id == cohort_id)
    asked = tx.scalar(select(e.asked_contact_at).where(*mine))
    if asked is None or (asked_at is not None and int(asked.timestamp()) != asked_at):
        return False
    done = update(_enrolment).where(*mine, e.asked_contact_at == asked)
    return tx.execute(done.values(asked_contact_at=None).returning(e.id)).first() is not None
