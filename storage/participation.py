"""The participation row: what instructors may see of one member when the course uses it, and that member sees too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, select, union_all

from bot.coaching.cohort import Cohort
from bot.coaching.footprint import Answer
from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import complete_weeks, taught_weeks
from bot.coaching.nudges import NudgeKind, NudgeState, Reason
from bot.coaching.weeks import local_day, monday_of
from storage import tables
from storage.database import Tx
from storage.statements import week_number

LAST_WEEKS = 4
NOTES = (NudgeKind.HELLO, NudgeKind.WEEKLY, NudgeKind.REMINDER)
NOT_DELIVERABLE = (Reason.DMS_CLOSED, Reason.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Participation:
    """One member's row: that something is there and how much of it, never what (method, section 6).

    `joined_week`: the Monday of the week of joining. `must_answered`: of the must-items that apply to everybody in the
    course. `active_weeks_last4`: of the last four complete weeks of the course that were no break; `active_weeks_total`
    of all complete ones. `delivery_ok`: the last note could be delivered. `left`: they are not in the server any more.
    `told`: they know that instructors see it; before that, none does.
    """

    enrolment_id: EnrolmentId
    user_id: UserId
    joined_week: date
    focus: bool
    goal: bool
    plan: bool
    must_answered: int
    must_total: int
    active_weeks_last4: int
    active_weeks_total: int
    paused: bool
    delivery_ok: bool
    left: bool
    told: bool = True


def rows(
    tx: Tx, cohort: Cohort, must_ids: Collection[str], today: date, enrolment_id: EnrolmentId | None = None
) -> list[Participation]:
    """Return the rows of a course's members in the order of joining, or one member's; one statement in either case.

    `today`: the day in the course's zone. An enrolment of another course has no row.
    """
    e = tables.enrolment.c
    # Scalar subqueries, each by an index: joined groups would make SQLite read every course's rows.
    statement = (
        select(
            e.id,
            e.user_id,
            e.joined_at,
            e.pause_until,
            e.set_aside_at,
            e.row_told,
            _with_focus().label("focus"),
            _with_goal().label("goal"),
            _with_goal(planned=True).label("plan"),
            _musts(must_ids).label("musts"),
            _active_weeks(tx, cohort, taught_weeks(cohort.term, today)[-LAST_WEEKS:]).label("lately"),
            _active_weeks(tx, cohort, complete_weeks(cohort.term, today)).label("ever"),
            _last_outcome().label("outcome"),
        )
        .where(e.cohort_id == cohort.id)
        .order_by(e.id)
    )
    found = tx.execute(statement if enrolment_id is None else statement.where(e.id == enrolment_id))
    return [_row_of(row, cohort, len(set(must_ids)), today) for row in found]


def _row_of(row: Row[*tuple[Any, ...]], cohort: Cohort, must_total: int, today: date) -> Participation:
    return Participation(
        EnrolmentId(row.id),
        UserId(row.user_id),
        joined_week=monday_of(local_day(row.joined_at, cohort.zone)),
        focus=row.focus,
        goal=row.goal,
        plan=row.plan,
        must_answered=row.musts,
        must_total=must_total,
        active_weeks_last4=row.lately,
        active_weeks_total=row.ever,
        paused=row.pause_until is not None and row.pause_until > today,
        delivery_ok=row.outcome not in NOT_DELIVERABLE,
        left=row.set_aside_at is not None,
        told=row.row_told,
    )


def _with_focus() -> ColumnElement[bool]:
    f = tables.focus.c
    return select(f.enrolment_id).where(f.enrolment_id == tables.enrolment.c.id).exists()


def _with_goal(*, planned: bool = False) -> ColumnElement[bool]:
    g = tables.goal.c
    running = select(g.id).where(g.enrolment_id == tables.enrolment.c.id, g.ended_at.is_(None))
    return (running.where(g.if_then != "") if planned else running).exists()


def _musts(must_ids: Collection[str]) -> ColumnElement[int]:
    a = tables.checklist_answer.c
    return (
        select(func.count())
        .select_from(tables.checklist_answer)
        .where(a.enrolment_id == tables.enrolment.c.id, a.item_id.in_(sorted(must_ids)), a.answer != Answer.LATER)
        .scalar_subquery()
    )


def _active_weeks(tx: Tx, cohort: Cohort, weeks: Collection[date]) -> ColumnElement[int]:
    """Return in how many of these weeks, named by their Mondays, a member logged or answered something."""
    if not weeks:
        return select(func.count()).where(false()).scalar_subquery()
    a, h = tables.action.c, tables.checklist_history.c
    first, last = min(weeks), max(weeks) + timedelta(days=6)
    zero = monday_of(cohort.starts_on)

    def days(day: ColumnElement[date], owner: ColumnElement[int]) -> Select[int]:
        mine = select(week_number(tx, zero, day).label("week")).where(
            owner == tables.enrolment.c.id, day >= first, day <= last
        )
        return mine.correlate(tables.enrolment)

    done = union_all(days(a.happened_on, a.enrolment_id), days(h.answered_on, h.enrolment_id)).subquery()
    numbers = [(week - zero).days // 7 for week in weeks]
    return select(func.count(done.c.week.distinct())).where(done.c.week.in_(numbers)).scalar_subquery()


def _last_outcome() -> ColumnElement[str | None]:
    """Return why the last note to a member was not delivered, null if it was."""
    n, e = tables.nudge.c, tables.enrolment.c
    return (
        select(n.reason)
        .where(
            n.cohort_id == e.cohort_id,
            n.user_id == e.user_id,
            n.kind.in_(NOTES),
            n.state.in_([NudgeState.SENT, NudgeState.HELD]),
        )
        .order_by(n.settled_at.desc(), n.id.desc())
        .limit(1)
        .scalar_subquery()
    )
