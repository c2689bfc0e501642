"""The Monday snapshots of a class: when the next one is due, what is counted, and what was counted before."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, case, func, or_, select, update

from bot.coaching.class_statistics import NONE, WHOLE_CLASS, Snapshot
from bot.coaching.closing import MONDAY_HOUR
from bot.coaching.cohort import Cohort
from bot.coaching.ids import CohortId
from bot.coaching.log import Outcome
from bot.coaching.momentum import WEEK
from bot.coaching.network import ANSWERED_KINDS, ANSWERS, INTERVIEW
from bot.coaching.weeks import local_day, moment
from storage import cohort as cohorts
from storage import member_facts as facts
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_cohort = tables.cohort
_enrolment = tables.enrolment
_snapshot = tables.class_snapshot
YES_OR_NO = ("active", "focus", "goal", "plan", "exchange", "met", "planned")
"""What is counted of each member beside kinds, notes and the checklist."""


# When


def due(tx: Tx, now: datetime) -> list[CohortId]:
    """Return the open courses due to be counted, except where the bot is not in the server."""
    return [CohortId(row) for row in tx.scalars(select(_cohort.c.id).where(*_due(now)).order_by(_cohort.c.id))]


def lock_due(tx: Tx, cohort_id: CohortId, now: datetime) -> tuple[Cohort, datetime | None] | None:
    """Lock a course to count and return when that was planned for; None if another process has it or has done it."""
    cohort = cohorts.claim(tx, cohort_id, *_due(now))
    if cohort is None:
        return None
    return cohort, tx.scalar(select(_cohort.c.next_snapshot_at).where(_cohort.c.id == cohort_id))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    c = _cohort.c
    return c.closed_at.is_(None), c.away_since.is_(None), or_(c.next_snapshot_at.is_(None), c.next_snapshot_at <= now)


def planned(tx: Tx) -> list[tuple[CohortId, str, datetime]]:
    """Return when each course that runs is counted next, with its zone."""
    c = _cohort.c
    rows = tx.execute(select(c.id, c.zone, c.next_snapshot_at).where(c.closed_at.is_(None)))
    return [(CohortId(row.id), row.zone, row.next_snapshot_at) for row in rows if row.next_snapshot_at is not None]


def set_next(tx: Tx, cohort_id: CohortId, at: datetime, *, unless_sooner: bool = False) -> None:
    """Plan a course's next snapshot; with `unless_sooner`, not in place of one that comes before it."""
    c = _cohort.c
    planned = update(_cohort).where(c.id == cohort_id).values(next_snapshot_at=at)
    later = or_(c.next_snapshot_at.is_(None), c.next_snapshot_at > at)
    tx.execute(planned.where(later) if unless_sooner else planned)


def next_at(tx: Tx, cohort_id: CohortId) -> datetime | None:
    """Return when a course is counted next."""
    return tx.scalar(select(_cohort.c.next_snapshot_at).where(_cohort.c.id == cohort_id))


# What


def take(
    tx: Tx, cohort: Cohort, checklist: Mapping[str, Collection[str]], week: date, at: datetime, before: Snapshot | None
) -> None:
    """Keep the snapshot of a Monday, unless there is one: the class and its sections, over the seven days before.

    Args:
        checklist: The items of each section of the checklist.
        week: The Monday.
        at: The moment that is counted; who joined or left after it is left for the next snapshot.
        before: The snapshot before, None if there is none.
    """
    people: Counter[int] = Counter()
    joined = 0
    last_at = None if before is None else moment(before.week, MONDAY_HOUR, cohort.zone)
    sections = tx.scalars(select(tables.cohort_section.c.role_id).where(tables.cohort_section.c.cohort_id == cohort.id))
    found: dict[int, Counter[str]] = {role: Counter() for role in (WHOLE_CLASS, *sections)}
    for row in _people(tx, cohort, checklist, week, at):
        for role in {WHOLE_CLASS, row["section"]} & found.keys():
            people[role] += 1
            found[role].update(_facts_of(row, checklist))
        joined += last_at is not None and row["joined_at"] > last_at
    left = 0 if before is None else max(0, before.members + joined - people[WHOLE_CLASS])
    rows = [
        {
            "cohort_id": cohort.id,
            "section_role_id": role,
            "week": week,
            "members": people[role],
            # Who moves between sections has not left: changes are said of the whole class alone.
            "joined": joined if role == WHOLE_CLASS else 0,
            "left": left if role == WHOLE_CLASS else 0,
            "counts": dict(counts),
        }
        for role, counts in found.items()
    ]
    tx.execute(insert_or(tx, _snapshot).on_conflict_do_nothing(), rows)


def _facts_of(row: RowMapping, checklist: Mapping[str, Collection[str]]) -> Iterator[str]:
    yield from (name for name in YES_OR_NO if row[name])
    yield from (f"check:{name}" for name in checklist if row[f"check:{name}"])
    goal = (row["kind"] or NONE, row["obstacle"] or NONE)
    yield f"kind:{goal[0]}"
    yield f"obstacle:{goal[1]}"
    yield f"note:{row['note']}"
    if row["planned_step"]:
        yield f"step:{'done' if row['step'] else 'open'}"


def _people(
    tx: Tx, cohort: Cohort, checklist: Mapping[str, Collection[str]], week: date, at: datetime
) -> Iterator[RowMapping]:
    """Return what is counted of each member who was enrolled and in the server at a moment; one statement.

    A two-way exchange is an action of this term that cannot be logged unless the other side took part, by its kind or
    its outcome; a meeting is one in person or on a call.
    """
    e, s, a, g = _enrolment.c, tables.cohort_section.c, tables.action.c, tables.goal.c
    this_term = select(a.id).where(a.enrolment_id == e.id, a.happened_on >= cohort.starts_on)
    met = or_(a.kind == INTERVIEW, a.outcome == Outcome.MEETING)
    answered = or_(met, a.kind.in_(sorted(ANSWERED_KINDS)), a.outcome.in_(sorted(ANSWERS)))
    running = (
        select(g.id)
        .where(g.enrolment_id == e.id, g.ended_at.is_(None))
        .order_by(case((g.paused_on.is_(None), 0), else_=1), g.starts_on, g.id)
        .limit(1)
    )
    in_course = select(s.role_id).where(s.cohort_id == cohort.id, s.role_id == e.section_role_id)
    away = case((facts.is_away(local_day(at, cohort.zone)), "away"), else_="none")
    columns: list[ColumnElement[Any]] = [
        in_course.scalar_subquery().label("section"),
        facts.active_between(week - WEEK, week - timedelta(days=1)).label("active"),
        facts.is_planned(week - WEEK).label("planned_step"),
        facts.has_done(week - WEEK).label("step"),
        facts.has_focus().label("focus"),
        facts.has_goal().label("goal"),
        facts.has_plan().label("plan"),
        this_term.where(answered).exists().label("exchange"),
        this_term.where(met).exists().label("met"),
        running.with_only_columns(g.type).scalar_subquery().label("kind"),
        running.with_only_columns(g.obstacle).scalar_subquery().label("obstacle"),
        func.coalesce(facts.note_since(at - WEEK, at), away).label("note"),
        and_(e.next_nudge_at.is_not(None), e.next_nudge_at <= at + WEEK).label("planned"),
        *(facts.has_answered(items).label(f"check:{name}") for name, items in checklist.items()),
    ]
    here = (e.cohort_id == cohort.id, e.joined_at <= at, or_(e.set_aside_at.is_(None), e.set_aside_at > at))
    yield from tx.execute(select(e.joined_at, *columns).where(*here)).mappings()


def has(tx: Tx, cohort_id: CohortId, week: date) -> bool:
    """Return whether there is a snapshot of a Monday."""
    s = _snapshot.c
    found = select(s.week).where(s.cohort_id == cohort_id, s.section_role_id == WHOLE_CLASS, s.week == week)
    return tx.scalar(found) is not None


def snapshots(tx: Tx, cohort_id: CohortId, limit: int = 60) -> list[Snapshot]:
    """Return the last snapshots of a class, the oldest first."""
    s = _snapshot.c
    rows = tx.execute(
        select(s.week, s.members, s.joined, s.left, s.counts)
        .where(s.cohort_id == cohort_id, s.section_role_id == WHOLE_CLASS)
        .order_by(s.week.desc())
        .limit(limit)
    ).all()
    return [Snapshot(*row) for row in reversed(rows)]


def with_sections(tx: Tx, cohort_id: CohortId) -> dict[int, list[Snapshot]]:
    """Return every snapshot of a class and its sections by role, the oldest first."""
    s = _snapshot.c
    found: dict[int, list[Snapshot]] = {}
    rows = tx.execute(
        select(s.section_role_id, s.week, s.members, s.joined, s.left, s.counts)
        .where(s.cohort_id == cohort_id)
        .order_by(s.week, s.section_role_id)
    )
    for row in rows:
        found.setdefault(row.section_role_id, []).append(
            Snapshot(row.week, row.members, row.joined, row.left, row.counts)
        )
    return found
