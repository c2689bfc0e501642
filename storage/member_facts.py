"""Facts about one member as parts of a SELECT over enrolments; the register, check-in and class statistics share them.

Each is a scalar subquery that an index answers: with joined groups SQLite reads the rows of every course.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, exists, func, or_, select

from bot.coaching.course_plan import StepState
from bot.coaching.footprint import Answer
from bot.coaching.momentum import Pause
from bot.coaching.nudges import NOTES, NudgeState, Reason
from storage import tables

NOT_DELIVERABLE = (Reason.DMS_CLOSED, Reason.UNREACHABLE)
_e = tables.enrolment.c
PAUSE = (tables.pause.c.starts_on, tables.pause.c.ends_on)
PAUSE_OF_MEMBER = tables.pause.c.enrolment_id == _e.id
"""To join pauses with: a member then has a row for each, and one without any."""


def active_between(first: date, last: date) -> ColumnElement[bool]:
    """Return whether a member was active on one of these days: an action logged, an item answered or a step done."""
    a, h, s = tables.action.c, tables.checklist_history.c, tables.week_step.c
    logged = exists().where(a.enrolment_id == _e.id, a.happened_on >= first, a.happened_on <= last)
    answered = exists().where(h.enrolment_id == _e.id, h.answered_on >= first, h.answered_on <= last)
    stepped = exists().where(s.enrolment_id == _e.id, s.state == StepState.DONE, s.done_on >= first, s.done_on <= last)
    return or_(logged, answered, stepped)


def last_logged() -> ColumnElement[date]:
    """Return the last day on which a member logged an action."""
    a = tables.action.c
    return select(func.max(a.happened_on)).where(a.enrolment_id == _e.id).scalar_subquery()


def last_answered() -> ColumnElement[date]:
    """Return the last day on which a member answered an item."""
    h = tables.checklist_history.c
    return select(func.max(h.answered_on)).where(h.enrolment_id == _e.id).scalar_subquery()


def last_step_done() -> ColumnElement[date]:
    """Return the last day on which a member did a weekly step."""
    s = tables.week_step.c
    mine = select(func.max(s.done_on)).where(s.enrolment_id == _e.id, s.state == StepState.DONE)
    return mine.scalar_subquery()


def is_planned(week: date) -> ColumnElement[bool]:
    """Return whether a member's course has a step in the week of a Monday."""
    w = tables.course_week.c
    return exists().where(w.cohort_id == _e.cohort_id, w.week == week, w.switched_off.is_(False))


def has_done(week: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return whether a member did the step of the week of a Monday in their course."""
    w, s = tables.course_week.c, tables.week_step.c
    return exists().where(
        s.enrolment_id == _e.id,
        s.state == StepState.DONE,
        w.id == s.week_id,
        w.cohort_id == _e.cohort_id,
        w.week == week,
        w.switched_off.is_(False),
    )


def has_focus() -> ColumnElement[bool]:
    """Return whether a member has said what they want to be found for."""
    return exists().where(tables.focus.c.enrolment_id == _e.id)


def has_goal() -> ColumnElement[bool]:
    """Return whether a member has set a goal in this course, also one that has ended."""
    return exists().where(tables.goal.c.enrolment_id == _e.id)


def has_plan() -> ColumnElement[bool]:
    """Return whether one of a member's goals has a plan."""
    return exists().where(tables.goal.c.enrolment_id == _e.id, tables.goal.c.if_then != "")


def answered(item_ids: Collection[str]) -> ColumnElement[int]:
    """Return how many of these items a member has answered."""
    return _answers(item_ids).with_only_columns(func.count()).scalar_subquery()


def has_answered(item_ids: Collection[str]) -> ColumnElement[bool]:
    """Return whether a member has answered one of these items."""
    return _answers(item_ids).exists()


def _answers(item_ids: Collection[str]) -> Select[str]:
    a = tables.checklist_answer.c
    mine = select(a.item_id).where(a.enrolment_id == _e.id)
    return mine.where(a.item_id.in_(sorted(item_ids)), a.answer != Answer.LATER)


def is_away(today: date) -> ColumnElement[bool]:
    """Return whether a member turned notes off or is in a pause."""
    return or_(_e.nudges_on.is_(False), and_(_e.pause_until.is_not(None), _e.pause_until > today))


def cannot_be_reached() -> ColumnElement[bool]:
    """Return whether the last note to a member could not be delivered."""
    return func.coalesce(_last_outcome().with_only_columns(tables.nudge.c.reason).scalar_subquery(), "").in_(
        NOT_DELIVERABLE
    )


def last_outcome_at() -> ColumnElement[datetime | None]:
    """Return when the last note to a member was sent or held."""
    return _last_outcome().with_only_columns(tables.nudge.c.settled_at).scalar_subquery()


def _last_outcome() -> Select[int]:
    n = tables.nudge.c
    return (
        select(n.id)
        .where(
            n.cohort_id == _e.cohort_id,
            n.user_id == _e.user_id,
            n.kind.in_(NOTES),
            n.state.in_([NudgeState.SENT, NudgeState.HELD]),
        )
        .order_by(n.settled_at.desc(), n.id.desc())
        .limit(1)
    )


def note_since(since: datetime, until: datetime) -> ColumnElement[str | None]:
    """Return what became of the last note that fell due in some days: `sent`, or the reason why it did not arrive.

    Null where none was to go out: what is skipped because it was not wanted is no note of those days.
    """
    n = tables.nudge.c
    missed = or_(n.state == NudgeState.HELD, and_(n.state == NudgeState.SKIPPED, n.reason == Reason.TOO_LATE))
    return (
        select(func.coalesce(n.reason, n.state))
        .where(
            n.cohort_id == _e.cohort_id,
            n.user_id == _e.user_id,
            n.kind.in_(NOTES),
            n.due_at >= since,
            n.due_at < until,
            or_(n.state == NudgeState.SENT, missed),
        )
        .order_by(n.due_at.desc(), n.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def pauses(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[Pause, ...]:
    """Return the pauses in the rows of one member."""
    return tuple(Pause(row.starts_on, row.ends_on) for row in rows if row.starts_on is not None)
