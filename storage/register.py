"""The register in the database: when rows become visible, members by filter, rows, and exact counts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union,
    union_all,
    update,
)

from bot.coaching.cohort import Cohort
from bot.coaching.course_plan import StepState
from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.messages import REGISTER_ON
from bot.coaching.momentum import WEEK
from bot.coaching.register import (
    Listing,
    RegisterFilter,
    RegisterRow,
    has_step,
    is_quiet,
    row_weeks,
    step_weeks,
    this_week,
)
from bot.coaching.weeks import first_monday, local_day, monday_of
from storage import access_log, checkin, messages, tables
from storage import member_facts as facts
from storage.database import Tx
from storage.statements import COHORT, week_number
from storage.tables import UtcDateTime

SUNDAY = timedelta(days=6)
_enrolment = tables.enrolment


@dataclass(frozen=True, slots=True)
class Listed:
    """A member of the course, and from when on their row is visible, None: not known yet.

    `matches`: the filter that was asked for lists them.
    """

    enrolment_id: EnrolmentId
    user_id: UserId
    left: bool
    visible_at: datetime | None
    matches: bool


_Day: TypeAlias = BindParameter[date]


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """How many members are in the server; members who left are not counted.

    Attributes:
        here: All of them; `coming`: those whose row is not visible yet.
        first_week: The Monday of the first week that a row shows.
        goal, plan: Those who have set one.
        step: Those who have done this week's step.
    """

    here: int
    coming: int
    first_week: date | None
    goal: int
    plan: int
    step: int = 0


# Since when rows are visible


def switch(tx: Tx, cohort: Cohort, now: datetime, *, on: bool) -> None:
    """Show instructors the register from now on, or no longer; rows of members who are there already come later.

    Their rows begin in this week, and are visible seven days after each of them was told. Looks at the rows that go
    are noted with each member, who can still read them.
    """
    if not on:
        access_log.note_with_members(tx, cohort.id)
    begins = this_week(now, cohort.zone) if on else None
    values = {"register_from": begins, "register_visible_at": None}
    tx.execute(update(tables.cohort).where(tables.cohort.c.id == cohort.id).values(register=on))
    tx.execute(update(_enrolment).where(_enrolment.c.cohort_id == cohort.id).values(values))
    if on:
        messages.owe_notice(tx, cohort.id, REGISTER_ON, now)


def show_at_once(tx: Tx, enrolment_id: EnrolmentId, week: date, now: datetime) -> None:
    """Show the row of a member who joins while the register is on and read so before; it begins in that week."""
    values = {"register_from": week, "register_visible_at": now}
    tx.execute(update(_enrolment).where(_enrolment.c.id == enrolment_id).values(values))


# Whom a filter lists


def listed(tx: Tx, cohort: Cohort, listing: Listing, section: int | None, now: datetime) -> list[Listed]:
    """Return the members of a course or section in the order of joining, each with whether the listing holds them.

    A member whose row is not visible yet matches no filter; one who left matches only the one for everybody.
    """
    e, which = _enrolment.c, listing.which
    monday = this_week(now, cohort.zone)
    of_step = first_monday(cohort.starts_on) + (listing.week - 1) * WEEK
    conditions: dict[RegisterFilter, ColumnElement[bool]] = {
        RegisterFilter.NOTHING_YET: ~facts.active_between(monday, monday + SUNDAY),
        RegisterFilter.NO_GOAL: ~facts.has_goal(),
        RegisterFilter.UNREACHABLE: facts.cannot_be_reached(),
        RegisterFilter.QUIET: true(),
        RegisterFilter.STEP: and_(facts.is_planned(of_step), ~facts.has_done(of_step)),
    }
    matches = true() if which is RegisterFilter.EVERYBODY else and_(conditions[which], e.set_aside_at.is_(None))
    columns = (e.id, e.user_id, e.joined_at, e.register_from, e.set_aside_at, e.register_visible_at)
    statement = select(*columns, matches.label("matches")).where(e.cohort_id == cohort.id)
    if section is not None:
        statement = statement.where(e.section_role_id == section)
    rows = tx.execute(statement.order_by(e.id)).all()
    quiet = _quiet(tx, cohort, now) if which is RegisterFilter.QUIET else None
    # A week before somebody joined is nothing that they have not done.
    counts = {row.id for row in rows if has_step(of_step, _since(row, cohort), cohort.term)}
    narrowed = counts if which is RegisterFilter.STEP else quiet
    return [
        Listed(
            EnrolmentId(row.id),
            UserId(row.user_id),
            row.set_aside_at is not None,
            row.register_visible_at,
            bool(row.matches) and _is_visible(row, now) and (narrowed is None or row.id in narrowed),
        )
        for row in rows
    ]


def _is_visible(row: Row[*tuple[Any, ...]], now: datetime) -> bool:
    return row.register_visible_at is not None and row.register_visible_at <= now


def _since(row: Row[*tuple[Any, ...]], cohort: Cohort) -> date:
    """Return the day on which a member joined, or on which their row begins."""
    joined = local_day(row.joined_at, cohort.zone)
    return max(joined, row.register_from or joined)


def _visible(cohort: Cohort, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _enrolment.c.cohort_id == cohort.id, _enrolment.c.register_visible_at <= now


def _quiet(tx: Tx, cohort: Cohort, now: datetime) -> set[EnrolmentId]:
    today = local_day(now, cohort.zone)
    return {
        one.enrolment_id
        for one in checkin.standings(tx, cohort, now)
        if is_quiet(one.active_on, one.since, today, cohort.term, one.pauses)
    }


def behind(tx: Tx, cohort: Cohort, listing: Listing, section: int | None, now: datetime) -> list[Listed]:
    """Return the members in the server listed under a filter and a section."""
    return [one for one in listed(tx, cohort, listing, section, now) if one.matches and not one.left]


# Rows


def rows(  # noqa: PLR0913 - whose rows, and as of when
    tx: Tx,
    cohort: Cohort,
    must_ids: Collection[str],
    now: datetime,
    ids: Sequence[EnrolmentId] | None = None,
    *,
    hidden_too: bool = False,
    done_by: date | None = None,
) -> list[RegisterRow]:
    """Return the visible rows of a course, or of some members, in the order of joining; two statements.

    Args:
        must_ids: The checklist items that everybody in the course has.
        ids: Whose rows; an enrolment of another course has none.
        hidden_too: Also rows that instructors do not see yet: for their own member.
        done_by: Weekly steps done after that day count as open.
    """
    e = _enrolment.c
    today = local_day(now, cohort.zone)
    whose = [e.cohort_id == cohort.id] if hidden_too else list(_visible(cohort, now))
    whose += [] if ids is None else [e.id.in_(ids)]
    found = tx.execute(
        select(
            e.id,
            e.user_id,
            e.joined_at,
            e.set_aside_at,
            e.register_from,
            e.register_visible_at,
            e.student_number,
            facts.has_focus().label("focus"),
            facts.has_goal().label("goal"),
            facts.has_plan().label("plan"),
            facts.answered(must_ids).label("answered"),
            facts.is_away(today).label("away"),
            facts.cannot_be_reached().label("unreachable"),
            *facts.PAUSE,
        )
        .join(tables.pause, facts.PAUSE_OF_MEMBER, isouter=True)
        .where(*whose)
        .order_by(e.id)
    )
    mine = [list(group) for _, group in groupby(found, key=lambda row: row.id)]
    weeks = _weeks(tx, cohort, today, whose, done_by)
    return [_row(one, cohort, weeks, len(set(must_ids)), today) for one in mine]


def _row(
    rows: Sequence[Row[*tuple[Any, ...]]], cohort: Cohort, found: "_Weeks", items: int, today: date
) -> RegisterRow:
    row = rows[0]
    active, since = found.active[row.id], _since(row, cohort)
    weeks, full_weeks = row_weeks(active, since, today, cohort.term, facts.pauses(rows))
    return RegisterRow(
        EnrolmentId(row.id),
        UserId(row.user_id),
        joined_week=monday_of(local_day(row.joined_at, cohort.zone)),
        left=row.set_aside_at is not None,
        focus=row.focus,
        goal=row.goal,
        plan=row.plan,
        answered=row.answered,
        items=items,
        weeks=weeks,
        this_week=monday_of(today) in active,
        full_weeks=full_weeks,
        away=row.away,
        reachable=not row.unreachable,
        visible_at=row.register_visible_at,
        student_number=row.student_number if cohort.student_number else None,
        steps=step_weeks(found.planned, found.done[row.id], since, today, cohort.term),
    )


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Mondays: of weeks with a step, and by member of those in which they were active or whose step they did."""

    planned: set[date]
    active: defaultdict[int, set[date]]
    done: defaultdict[int, set[date]]


def _weeks(tx: Tx, cohort: Cohort, today: date, whose: Sequence[ColumnElement[bool]], done_by: date | None) -> _Weeks:
    """Return the weeks that rows are made from, in one statement."""
    e, w, s = _enrolment.c, tables.course_week.c, tables.week_step.c
    zero = min(monday_of(cohort.starts_on), monday_of(today))
    last = monday_of(today) + SUNDAY
    number = week_number(tx.dialect.name, zero, w.week)
    planned = (w.cohort_id == cohort.id, w.switched_off.is_(False), w.week >= zero, w.week <= last)
    active = _activity(tx.dialect.name, zero, last, whose).subquery()
    steps = (
        select(e.id, number, literal("done"))
        .join(tables.week_step, s.enrolment_id == e.id)
        .join(tables.course_week, w.id == s.week_id)
        .where(*whose, *planned, s.state == StepState.DONE)
        .where(true() if done_by is None else s.done_on <= done_by)
    )
    everything = union_all(
        select(active.c.id, active.c.week, literal("active").label("what")),
        steps,
        select(literal(0), number, literal("planned")).where(*planned),
    )
    found = _Weeks(set(), defaultdict(set), defaultdict(set))
    for one, week, what in tx.execute(everything):
        monday = zero + week * WEEK
        if what == "planned":
            found.planned.add(monday)
        else:
            (found.done if what == "done" else found.active)[one].add(monday)
    return found


def _activity(
    dialect: str, first: date | _Day, last: date | _Day, whose: Sequence[ColumnElement[bool]]
) -> CompoundSelect[int, int]:
    """Return members with the numbers of the weeks, from `first` on, in which they were active."""
    e, a, h, s = _enrolment.c, tables.action.c, tables.checklist_history.c, tables.week_step.c

    def weeks(table: Table, day: ColumnElement[date], owner: ColumnElement[int]) -> Select[int, int]:
        number = week_number(dialect, first, day).label("week")
        return select(e.id, number).join(table, owner == e.id).where(*whose, day >= first, day <= last)

    return union(
        weeks(tables.action, a.happened_on, a.enrolment_id),
        weeks(tables.checklist_history, h.answered_on, h.enrolment_id),
        weeks(tables.week_step, s.done_on, s.enrolment_id).where(s.state == StepState.DONE),
    )


# Counts


_HERE = (_enrolment.c.cohort_id == COHORT, _enrolment.c.set_aside_at.is_(None))
"""The members of `cohort` who are in the server, in statements that are built once."""


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_visible_at = _enrolment.c.register_visible_at
_COUNTS = select(
    func.count(),
    _number(or_(_visible_at.is_(None), _visible_at > bindparam("now", type_=UtcDateTime()))),
    func.min(_enrolment.c.register_from),
    _number(facts.has_goal()),
    _number(facts.has_plan()),
    _number(facts.has_done(bindparam("week", type_=Date()))),
).where(*_HERE)


def counts(tx: Tx, cohort: Cohort, now: datetime) -> RegisterCounts:
    """Return how many members of a course are in the server, and what the register says of them."""
    values = {"cohort": cohort.id, "now": now, "week": this_week(now, cohort.zone)}
    return RegisterCounts(*tx.execute(_COUNTS, values).one())


def active_by_week(tx: Tx, cohort: Cohort, first: date, last: date) -> dict[date, int]:
    """Return how many members in the server were active in each week, named by its Monday, from `first` to `last`."""
    values = {"cohort": cohort.id, "first": first, "last": last + SUNDAY}
    found = {first + week * WEEK: count for week, count in tx.execute(_active_by_week(tx.dialect.name), values)}
    return {
        first + number * WEEK: found.get(first + number * WEEK, 0) for number in range((last - first).days // 7 + 1)
    }


@cache
def _active_by_week(dialect: str) -> Select[int, int]:
    first, last = bindparam("first", type_=Date()), bindparam("last", type_=Date())
    done = _activity(dialect, first, last, _HERE).subquery()
    return select(done.c.week, func.count()).group_by(done.c.week)


def notes(tx: Tx, cohort: Cohort, since: datetime, now: datetime) -> dict[str, int]:
    """Return what became of the notes of some days, as members in the server by the last note's outcome.

    `sent`, the reason why it did not arrive, `away` for whom none was to go out because they are away, else `none`.
    """
    e = _enrolment.c
    outcome = func.coalesce(
        facts.note_since(since, now), case((facts.is_away(local_day(now, cohort.zone)), "away"), else_="none")
    )
    each = select(outcome.label("outcome")).where(e.cohort_id == cohort.id, e.set_aside_at.is_(None)).subquery()
    rows = tx.execute(select(each.c.outcome, func.count()).group_by(each.c.outcome))
    return dict(iter(rows))


def planned(tx: Tx, cohort: Cohort, now: datetime) -> tuple[int, int]:
    """Return how many members in the server have a note planned in the next seven days, and how many are away."""
    e = _enrolment.c
    away = facts.is_away(local_day(now, cohort.zone))
    numbers = (_number(e.next_nudge_at <= now + WEEK), _number(away))
    row = tx.execute(select(*numbers).where(e.cohort_id == cohort.id, e.set_aside_at.is_(None))).one()
    return row[0], row[1]
