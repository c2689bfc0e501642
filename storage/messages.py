"""Instructors' messages, and the bot's own word to every member; each recipient has a row in the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    String,
    and_,
    cast,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.coaching.ids import CohortId, InstructorMessageId, UserId
from bot.coaching.messages import KEPT_AFTER, inbox_reason
from bot.coaching.nudges import NudgeKind, Reason, Recipient
from storage import cohort as cohorts
from storage import members, nudges, tables
from storage.database import Tx
from storage.members import Reachable

_message = tables.instructor_message
_nudge = tables.nudge
_SUBJECT = "message:"
DRAFT_KEPT = timedelta(days=1)
"""How long a draft can be sent, at least: it is deleted when retention next visits the course."""


@dataclass(frozen=True, slots=True)
class InstructorMessage:
    """A text and who wrote it; `people`: to how many it went, 0 for a draft, which has no `sent_on` either."""

    id: InstructorMessageId
    cohort_id: CohortId
    by_user_id: UserId
    by_name: str
    text: str
    people: int
    sent_on: date | None
    created_at: datetime


def subject_of(message_id: InstructorMessageId) -> str:
    """Return how rows of the ledger name a message."""
    return f"{_SUBJECT}{message_id}"


def keep_draft(tx: Tx, cohort_id: CohortId, by: UserId, name: str, text: str, now: datetime) -> InstructorMessage:
    """Store a draft in place of the instructor's earlier one in this course."""
    m = _message.c
    tx.execute(delete(_message).where(m.cohort_id == cohort_id, m.by_user_id == by, m.sent_on.is_(None)))
    values = {"cohort_id": cohort_id, "by_user_id": by, "by_name": name, "text": text, "people": 0, "created_at": now}
    row = tx.execute(insert(_message).values(values).returning(*_message.c)).mappings().one()
    return _message_of(row)


def get(tx: Tx, message_id: InstructorMessageId) -> InstructorMessage | None:
    """Return a message or draft."""
    row = tx.execute(select(*_message.c).where(_message.c.id == message_id)).mappings().first()
    return None if row is None else _message_of(row)


def named(tx: Tx, subject: str | None) -> InstructorMessage | None:
    """Return the message a ledger row names; None if it was deleted, or the row is about something else."""
    number = (subject or "").removeprefix(_SUBJECT)
    return get(tx, InstructorMessageId(int(number))) if number.isdecimal() else None


def wrote_on(tx: Tx, cohort_id: CohortId, by: UserId, day: date) -> bool:
    """Return whether an instructor sent a message to members of a course on a day."""
    m = _message.c
    sent = select(m.id).where(m.cohort_id == cohort_id, m.by_user_id == by, m.sent_on == day)
    return tx.execute(sent).first() is not None


def send(tx: Tx, draft: InstructorMessage, to: Iterable[Reachable], day: date, week: date, now: datetime) -> int:
    """Owe a draft to members, held at once where it goes to the inbox; return how many receive it.

    Whoever has a message of that `week` already is left out, whatever races.
    """
    cohort = cohorts.get(tx, draft.cohort_id)
    if cohort is None:  # pragma: no cover - the caller has just read it
        raise LookupError(draft.cohort_id)
    reasons: dict[UserId, Reason | None] = {
        one.enrolment.user_id: inbox_reason(cohort, one.enrolment, now, dm_closed=one.dm_closed, by_instructor=True)
        for one in to
    }
    people = nudges.owe_messages(tx, cohort.id, week.isoformat(), subject_of(draft.id), reasons, now)
    tx.execute(update(_message).where(_message.c.id == draft.id).values(sent_on=day, people=people))
    return people


def owe_notice(tx: Tx, cohort_id: CohortId, subject: str, now: datetime) -> None:
    """Owe every member of a course a notice from the bot; an earlier one about the subject, if unsent, is withdrawn.

    Its period is the second it was owed at, so that it leaves the week's place for an instructor's message alone.
    """
    cohort = cohorts.get(tx, cohort_id)
    if cohort is None:
        return
    nudges.withdraw(tx, cohort_id, subject, now)
    reasons = {
        one.enrolment.user_id: inbox_reason(cohort, one.enrolment, now, dm_closed=one.dm_closed, by_instructor=False)
        for one in members.reachable(tx, cohort_id)
    }
    nudges.owe_messages(tx, cohort_id, f"n{int(now.timestamp())}", subject, reasons, now)


def received(tx: Tx, to: Recipient) -> list[InstructorMessage]:
    """Return the messages that a member got from instructors of a course, newest first."""
    m = _message.c
    rows = tx.execute(select(*m).where(m.cohort_id == to.cohort_id, received_by(to)).order_by(m.id.desc())).mappings()
    return [_message_of(row) for row in rows]


def received_by(to: Recipient) -> ColumnElement[bool]:
    """Return the condition that a message went to a member."""
    n = _nudge.c
    return exists().where(n.cohort_id == to.cohort_id, n.user_id == to.user_id, _names())


def delete_old(tx: Tx, cohort_id: CohortId, now: datetime) -> None:
    """Delete a course's messages whose last row was settled long enough ago, and drafts a day old."""
    m, n = _message.c, _nudge.c
    before = now - KEPT_AFTER
    fresh = exists().where(n.cohort_id == m.cohort_id, _names(), or_(tables.is_open, n.settled_at >= before))
    old = and_(m.created_at < before, ~fresh)
    stale = and_(m.sent_on.is_(None), m.created_at < now - DRAFT_KEPT)
    tx.execute(delete(_message).where(m.cohort_id == cohort_id, or_(old, stale)))


def _names() -> ColumnElement[bool]:
    n = _nudge.c
    return (n.kind == NudgeKind.MESSAGE) & (n.subject == literal(_SUBJECT) + cast(_message.c.id, String))


def _message_of(row: RowMapping) -> InstructorMessage:
    return InstructorMessage(
        InstructorMessageId(row["id"]),
        CohortId(row["cohort_id"]),
        UserId(row["by_user_id"]),
        row["by_name"],
        row["text"],
        row["people"],
        row["sent_on"],
        row["created_at"],
    )
