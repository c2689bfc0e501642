"""Goals in the database: what runs, what rests, what is over, and the conversation that leads to the next one."""

from dataclasses import asdict, fields
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from bot.coaching.goals import (
    Beginning,
    Benefit,
    EndedGoal,
    Goal,
    GoalDraft,
    GoalEnding,
    Obstacle,
    UnfinishedGoal,
    in_term,
)
from bot.coaching.ids import EnrolmentId, GoalId
from bot.coaching.weeks import local_day
from storage import tables
from storage.database import Tx
from storage.statements import MEMBER, RowValues, insert_or

_goal, _draft, _enrolment, _cohort = tables.goal, tables.goal_draft, tables.enrolment, tables.cohort
RUNNING = (
    select(*(_goal.c[field.name] for field in fields(Goal) if field.name != "term_ends"), _cohort.c.ends_on)
    .join_from(_goal, _enrolment, _enrolment.c.id == _goal.c.enrolment_id)
    .join(_cohort, _cohort.c.id == _enrolment.c.cohort_id)
    .where(_goal.c.enrolment_id == MEMBER, _goal.c.ended_at.is_(None))
    .order_by(_goal.c.starts_on, _goal.c.id)
)
_draft_columns = tuple(_draft.c[field.name] for field in fields(UnfinishedGoal))


def goal_of(row: RowValues) -> Goal:
    """Return the goal that a row of `RUNNING` holds, within its course."""
    values = dict(row)
    term_ends = values.pop("ends_on")
    values["obstacle"] = row["obstacle"] and Obstacle(row["obstacle"])
    values["benefit"] = row["benefit"] and Benefit(row["benefit"])
    return in_term(Goal(**values), term_ends)


def running(tx: Tx, enrolment_id: EnrolmentId) -> list[Goal]:
    """Return the member's goals that have not ended, two at most, the oldest first; one of them may be paused."""
    return [goal_of(row) for row in tx.execute(RUNNING, {"member": enrolment_id}).mappings()]


def end(tx: Tx, goal_id: GoalId, ending: GoalEnding, now: datetime) -> None:
    """End a goal; what was logged for it stays."""
    tx.execute(update(_goal).where(_goal.c.id == goal_id).values(ended_at=now, ending=ending))


def set_reflection(tx: Tx, goal_id: GoalId, reflection: str | None, benefit: Benefit | None) -> None:
    """Keep what its member says of a goal in its review."""
    tx.execute(update(_goal).where(_goal.c.id == goal_id).values(reflection=reflection, benefit=benefit))


def set_obstacle(tx: Tx, goal_id: GoalId, obstacle: Obstacle, plan: str) -> None:
    """Change what gets in the way of a goal, and the plan that answers it."""
    tx.execute(update(_goal).where(_goal.c.id == goal_id).values(obstacle=obstacle, obstacle_plan=plan))


def set_paused(tx: Tx, goal_id: GoalId, on: date | None, days: int) -> None:
    """Let a goal rest since a day, or run again (None); it has rested for `days` before."""
    tx.execute(update(_goal).where(_goal.c.id == goal_id).values(paused_on=on, paused_days=days))


def add(tx: Tx, enrolment_id: EnrolmentId, draft: GoalDraft, slot: int, starts_on: date, now: datetime) -> GoalId:
    """Start a goal in one of the two places, which is free; return its number."""
    values = {**asdict(draft), "slot": slot, "starts_on": starts_on, "created_at": now}
    row = tx.execute(insert(_goal).values(enrolment_id=enrolment_id, **values).returning(_goal.c.id)).one()
    return GoalId(row.id)


def free_slot(tx: Tx, enrolment_id: EnrolmentId) -> int | None:
    """Return a free goal slot; None when both are in use."""
    g = _goal.c
    taken = tx.scalars(select(g.slot).where(g.enrolment_id == enrolment_id, g.ended_at.is_(None))).all()
    return next((slot for slot in (1, 2) if slot not in taken), None)


def ended(tx: Tx, enrolment_id: EnrolmentId, limit: int, zone: str) -> list[EndedGoal]:
    """Return the member's goals that are over, the last one first, with the days of their zone."""
    g = _goal.c
    rows = tx.execute(
        select(g.title, g.starts_on, g.ended_at, g.ending, g.reflection, g.benefit)
        .where(g.enrolment_id == enrolment_id, g.ended_at.is_not(None))
        .order_by(g.ended_at.desc(), g.id.desc())
        .limit(limit)
    )
    return [
        EndedGoal(
            row.title,
            row.starts_on,
            local_day(row.ended_at, zone),
            GoalEnding(row.ending or GoalEnding.REPLACED),
            row.reflection,
            row.benefit and Benefit(row.benefit),
        )
        for row in rows
    ]


def draft(tx: Tx, enrolment_id: EnrolmentId) -> UnfinishedGoal | None:
    """Return the goal conversation that has not come to its end."""
    row = tx.execute(select(*_draft_columns).where(_draft.c.enrolment_id == enrolment_id)).mappings().first()
    if row is None:
        return None
    values = dict(row)
    values["beginning"] = Beginning(row["beginning"])
    values["obstacle"] = row["obstacle"] and Obstacle(row["obstacle"])
    values["ending"] = row["ending"] and GoalEnding(row["ending"])
    return UnfinishedGoal(**values)


def put_draft(tx: Tx, enrolment_id: EnrolmentId, unfinished: UnfinishedGoal, now: datetime) -> None:
    """Keep a goal conversation in place of any earlier one."""
    values = {**asdict(unfinished), "updated_at": now}
    statement = insert_or(tx, _draft).values(enrolment_id=enrolment_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["enrolment_id"], set_=values))


def drop_draft(tx: Tx, enrolment_id: EnrolmentId) -> None:
    """Forget the goal conversation."""
    tx.execute(delete(_draft).where(_draft.c.enrolment_id == enrolment_id))
