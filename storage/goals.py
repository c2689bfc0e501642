"""Goals in the database."""

from datetime import date, datetime

from sqlalchemy import insert, select, update

from bot.coaching.goals import Goal, GoalDraft
from bot.coaching.ids import EnrolmentId, GoalId
from storage import tables
from storage.database import Tx

_goal = tables.goal


def running(tx: Tx, enrolment_id: EnrolmentId) -> Goal | None:
    """Return the member's running goal."""
    g = _goal.c
    row = tx.execute(
        select(g.id, g.type, g.title, g.target, g.if_then, g.weeks, g.starts_on).where(
            g.enrolment_id == enrolment_id, g.ended_at.is_(None)
        )
    ).first()
    return None if row is None else Goal(GoalId(row.id), *row[1:])


def end(tx: Tx, goal_id: GoalId, now: datetime) -> None:
    """End a goal; what was logged for it stays."""
    tx.execute(update(_goal).where(_goal.c.id == goal_id).values(ended_at=now))


def add(tx: Tx, enrolment_id: EnrolmentId, draft: GoalDraft, starts_on: date, now: datetime) -> None:
    """Start a goal; the member has none running."""
    tx.execute(
        insert(_goal).values(
            enrolment_id=enrolment_id,
            type=draft.type,
            title=draft.title,
            target=draft.target,
            if_then=draft.if_then,
            weeks=draft.weeks,
            starts_on=starts_on,
            created_at=now,
        )
    )
