"""The course plan, and what members did about its steps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Row, and_, bindparam, case, delete, exists, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from bot.coaching.cohort import Cohort
from bot.coaching.course_plan import CourseWeek, DoneBy, MemberStep, PlanWeek, StepState, due_day
from bot.coaching.errors import StepGone
from bot.coaching.focus import Focus
from bot.coaching.ids import CohortId, EnrolmentId, UserId, WeekId
from bot.coaching.weeks import Calendar, moment, monday_of
from storage import tables
from storage.database import Tx
from storage.focus import FOCUS, focus_of
from storage.statements import MEMBER, Combined, RowValues, insert_or

_week = tables.course_week
_step = tables.week_step
_COLUMNS = (
    _week.c.id,
    _week.c.week,
    _week.c.theme,
    _week.c.step,
    _week.c.minutes,
    _week.c.due_on,
    _week.c.done_by,
    _week.c.done_ref,
    _week.c.another_way,
    _week.c.switched_off,
    _week.c.announced,
)
_PLAN = select(*_COLUMNS).where(_week.c.cohort_id == bindparam("cohort")).order_by(_week.c.week, _week.c.id)
STEPS = (
    select(*_COLUMNS, _step.c.state, _step.c.line)
    .join(_step, and_(_step.c.week_id == _week.c.id, _step.c.enrolment_id == MEMBER), isouter=True)
    .where(_week.c.cohort_id == bindparam("cohort"), _week.c.switched_off.is_(False))
    .order_by(_week.c.week, _week.c.id)
)
"""The steps of a course as one member has them; `cohort` and `member` are bound."""
_WITH_FOCUS = Combined(steps=STEPS, focus=FOCUS)


@dataclass(frozen=True, slots=True)
class HandIn:
    """A line that a member handed in for a week, and on which day."""

    enrolment_id: EnrolmentId
    user_id: UserId
    line: str
    week_id: WeekId
    on: date


# The plan


def weeks(tx: Tx, cohort_id: CohortId) -> list[CourseWeek]:
    """Return every week of a course's plan, also those that are switched off, in order."""
    return [_week_of(row) for row in tx.execute(_PLAN, {"cohort": cohort_id}).mappings()]


def get(tx: Tx, cohort_id: CohortId, week_id: WeekId) -> CourseWeek | None:
    """Return a week of this course's plan."""
    found = tx.execute(select(*_COLUMNS).where(_week.c.id == week_id, _week.c.cohort_id == cohort_id))
    row = found.mappings().first()
    return None if row is None else _week_of(row)


def begun(tx: Tx, cohort_id: CohortId) -> set[WeekId]:
    """Return the weeks whose step somebody has done; one that was set aside looks like an open one here too."""
    used = exists().where(_step.c.week_id == _week.c.id, _step.c.state == StepState.DONE)
    return {WeekId(one) for one in tx.scalars(select(_week.c.id).where(_week.c.cohort_id == cohort_id, used))}


def done_by_some(tx: Tx, week_id: WeekId) -> bool:
    """Return whether any member has done the step of a week."""
    done = select(_step.c.week_id).where(_step.c.week_id == week_id, _step.c.state == StepState.DONE)
    return tx.execute(done.limit(1)).first() is not None


def replace_weeks(tx: Tx, cohort_id: CohortId, plan: Sequence[tuple[date, PlanWeek]], term: Calendar) -> int:
    """Put a plan in place of the weeks that nobody has begun; return how many of its weeks found a place.

    A week whose step somebody has done stays as it is, so that nothing handed in changes its question. The course
    has to be locked.
    """
    _hold(tx, cohort_id)
    kept = begun(tx, cohort_id)
    taken = {one.week for one in weeks(tx, cohort_id) if one.id in kept}
    tx.execute(delete(_week).where(_week.c.cohort_id == cohort_id, _week.c.id.not_in(kept)))
    rows = [{"cohort_id": cohort_id, **_values(monday, one, term)} for monday, one in plan if monday not in taken]
    if rows:
        tx.execute(insert(_week), rows)
    return len(rows)


def put_week(
    tx: Tx, cohort_id: CohortId, week_id: WeekId | None, monday: date, plan: PlanWeek, term: Calendar
) -> WeekId:
    """Add a week to a course's plan, or change the one with this id; return its id. The course has to be locked."""
    values = _values(monday, plan, term)
    if week_id is None:
        week_id = WeekId(tx.scalars(insert(_week).values(cohort_id=cohort_id, **values).returning(_week.c.id)).one())
    else:
        tx.execute(update(_week).where(_week.c.id == week_id, _week.c.cohort_id == cohort_id).values(values))
    return week_id


def remove_weeks(tx: Tx, cohort_id: CohortId, week_ids: Collection[WeekId]) -> None:
    """Take weeks out of a course's plan, but for those that somebody has begun. The course has to be locked."""
    if week_ids:
        _hold(tx, cohort_id)
        gone = set(week_ids) - begun(tx, cohort_id)
        tx.execute(delete(_week).where(_week.c.cohort_id == cohort_id, _week.c.id.in_(gone)))


def _hold(tx: Tx, cohort_id: CohortId) -> None:
    """Wait for members who are at a step of the plan: with its week their line would be deleted."""
    tx.execute(select(_week.c.id).where(_week.c.cohort_id == cohort_id).order_by(_week.c.id).with_for_update())


def set_week(tx: Tx, cohort_id: CohortId, week_id: WeekId, **values: Any) -> None:
    """Change some columns of a week, such as `switched_off` or `announced`."""
    tx.execute(update(_week).where(_week.c.id == week_id, _week.c.cohort_id == cohort_id).values(values))


def keep_due_days(tx: Tx, cohort_id: CohortId, term: Calendar) -> None:
    """Move due days out of days that are free by now. The course has to be locked."""
    for one in weeks(tx, cohort_id):
        due = due_day(one.week, one.plan.due, term)
        if due != one.due_on:
            set_week(tx, cohort_id, one.id, due_on=due)


def _values(monday: date, plan: PlanWeek, term: Calendar) -> dict[str, Any]:
    return {
        "week": monday,
        "theme": plan.theme,
        "step": plan.step,
        "minutes": plan.minutes,
        "due_on": due_day(monday, plan.due, term),
        "done_by": plan.done_by,
        "done_ref": plan.counts,
        "another_way": plan.another_way,
        "switched_off": plan.switched_off,
    }


# What members did


def steps(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId) -> list[MemberStep]:
    """Return the steps of a course, without weeks that are switched off, as one member has them."""
    return [step_of(row) for row in tx.execute(STEPS, {"cohort": cohort_id, "member": enrolment_id}).mappings()]


def steps_and_focus(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId) -> tuple[list[MemberStep], Focus | None]:
    """Return what `steps` does and the member's focus, in one statement."""
    rows = _WITH_FOCUS.read(tx, {"cohort": cohort_id, "member": enrolment_id})
    return [step_of(row) for row in rows["steps"]], next(map(focus_of, rows["focus"]), None)


def put_step(
    tx: Tx, enrolment_id: EnrolmentId, week_id: WeekId, state: StepState, day: date, line: str | None = None
) -> None:
    """Keep what a member did about a step, in place of what they did before; what was done keeps its day.

    Raises StepGone: the week is no longer in the plan.
    """
    values = {"enrolment_id": enrolment_id, "week_id": week_id, "state": state, "done_on": day, "line": line}
    new = insert_or(tx, _step).values(values)
    still_done = and_(_step.c.state == StepState.DONE, new.excluded.state == StepState.DONE)
    changes = {
        "state": new.excluded.state,
        "line": new.excluded.line,
        "done_on": case((still_done, _step.c.done_on), else_=new.excluded.done_on),
    }
    try:
        tx.execute(new.on_conflict_do_update(index_elements=["enrolment_id", "week_id"], set_=changes))
    except IntegrityError as gone:  # its week was taken out of the plan at this moment
        raise StepGone from gone


def reopen(tx: Tx, enrolment_id: EnrolmentId, week_id: WeekId) -> None:
    """Make a step open again, and delete the line that was handed in."""
    tx.execute(delete(_step).where(_step.c.enrolment_id == enrolment_id, _step.c.week_id == week_id))


def complete(
    tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, done_by: DoneBy, counts: str, day: date
) -> CourseWeek | None:
    """Mark an open step done that this item or kind of action completes; return its week, None if there is none.

    The step of the present week comes first, then the oldest.

    Args:
        day: The day in the course; a week that begins later is not completed yet.
    """
    w = _week.c
    untouched = ~exists().where(_step.c.week_id == w.id, _step.c.enrolment_id == enrolment_id)
    first = (
        select(literal(enrolment_id), w.id, literal(StepState.DONE.value), literal(day, Date()))
        .where(w.cohort_id == cohort_id, w.switched_off.is_(False), w.week <= monday_of(day), untouched)
        .where(w.done_by == done_by, w.done_ref == counts)
        .order_by((w.week == monday_of(day)).desc(), w.week, w.id)
        .limit(1)
    )
    # One statement for the many taps that complete nothing.
    insertion = insert_or(tx, _step).from_select(["enrolment_id", "week_id", "state", "done_on"], first)
    done = tx.scalar(insertion.on_conflict_do_nothing().returning(_step.c.week_id))
    return None if done is None else get(tx, cohort_id, WeekId(done))


def uncomplete(tx: Tx, cohort: Cohort, enrolment_id: EnrolmentId, kind: str, day: date) -> CourseWeek | None:
    """Open the step that an action of a day completed, now that it is no longer in the log; return its week.

    None if no step was completed by that kind on that day, or each is by another action of it.
    """
    w, a = _week.c, tables.action.c
    logged = select(func.count()).where(
        a.enrolment_id == enrolment_id,
        a.kind == kind,
        a.logged_at >= moment(day, 0, cohort.zone),
        a.logged_at < moment(day + timedelta(days=1), 0, cohort.zone),
    )
    mine = (_step.c.enrolment_id == enrolment_id, _step.c.state == StepState.DONE, _step.c.line.is_(None))
    done = (
        select(w.id)
        .join(_step, _step.c.week_id == w.id)
        .where(*mine, _step.c.done_on == day, w.cohort_id == cohort.id)
        .where(w.done_by == DoneBy.ACTION, w.done_ref == kind)
        .order_by((w.week == monday_of(day)), w.week.desc())  # the one that `complete` took last
        .offset(logged.scalar_subquery())
        .limit(1)
    )
    opened = tx.scalar(delete(_step).where(*mine, _step.c.week_id.in_(done)).returning(_step.c.week_id))
    return None if opened is None else get(tx, cohort.id, WeekId(opened))


def hand_ins(tx: Tx, cohort_id: CohortId) -> list[HandIn]:
    """Return the lines handed in by members who are in the server, in the order of joining.

    Lines of weeks that are switched off are left out.
    """
    e = tables.enrolment.c
    rows = tx.execute(
        select(e.id, e.user_id, _step.c.line, _step.c.week_id, _step.c.done_on)
        .join(_step, _step.c.enrolment_id == e.id)
        .join(_week, _week.c.id == _step.c.week_id)
        .where(e.cohort_id == cohort_id, _week.c.cohort_id == cohort_id, _week.c.switched_off.is_(False))
        .where(_step.c.line.is_not(None), _step.c.state == StepState.DONE, e.set_aside_at.is_(None))
        .order_by(e.id, _week.c.week, _week.c.id)
    )
    return [_hand_in_of(row) for row in rows]


def _hand_in_of(row: Row[int, int, str | None, int, date]) -> HandIn:
    return HandIn(EnrolmentId(row.id), UserId(row.user_id), row.line or "", WeekId(row.week_id), row.done_on)


def _week_of(row: RowValues) -> CourseWeek:
    return CourseWeek(
        WeekId(row["id"]),
        row["week"],
        row["theme"],
        row["step"],
        row["minutes"],
        row["due_on"],
        DoneBy(row["done_by"]),
        row["done_ref"],
        row["another_way"],
        row["switched_off"],
        row["announced"],
    )


def step_of(row: RowValues) -> MemberStep:
    """Return a member's step from a row of `STEPS`."""
    state = row["state"]
    return MemberStep(_week_of(row), None if state is None else StepState(state), row["line"])
