"""The weekly figures of a class in the database: what they are made from, who is counted, and what is kept of them.

Every statement here is one, however large the class is.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.coaching.cohort import Cohort
from bot.coaching.figures import CHECK, KIND, OBSTACLE, WHOLE_CLASS, Figures, Week, acts_of
from bot.coaching.footprint import Answer
from bot.coaching.ids import CohortId, EnrolmentId
from bot.coaching.log import Outcome
from bot.coaching.network import ANSWERED_KINDS, ANSWERS, INTERVIEW
from bot.coaching.nudges import NOTES, NudgeState, Reason
from bot.coaching.small_groups import Band, Person, Place
from bot.coaching.weeks import local_day
from storage import cohort as cohorts
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_cohort = tables.cohort
_enrolment = tables.enrolment
_week = tables.cohort_week
_section = tables.cohort_section
_DIGITS = 1000
"""How many answers of a section one place of a packed number has room for."""
_PACKED = 5
"""How many sections are packed into one number of 64 bits."""
_ONCE = "{}"
"""Stands in place of what somebody was counted with, for those who were and are not any more."""
_DELIVERED = ("none", "sent", "held")


@dataclass(frozen=True, slots=True)
class Turn:
    """An open course's weekly turn; `due_at` None: none was planned yet. `lost`: counted members erased since.

    `held`: those erased before, because of whom nobody is counted anew yet.
    """

    cohort: Cohort
    due_at: datetime | None
    lost: int
    held: int = 0


# The turn


def turns_due(tx: Tx, now: datetime) -> list[CohortId]:
    """Return the open courses whose turn is due or was never planned; not those whose server the bot is not in."""
    return [CohortId(row) for row in tx.scalars(select(_cohort.c.id).where(*_due(now)).order_by(_cohort.c.id))]


def lock_turn(tx: Tx, cohort_id: CohortId, now: datetime) -> Turn | None:
    """Return a course's turn, locked; None if it is not due any more, or another process takes it just now."""
    c = _cohort.c
    statement = select(c.turn_at, c.counted_lost, c.lost_held).where(c.id == cohort_id, *_due(now))
    row = tx.execute(statement.with_for_update(key_share=True, skip_locked=True)).first()
    cohort = None if row is None else cohorts.get(tx, cohort_id)
    return None if row is None or cohort is None else Turn(cohort, row.turn_at, row.counted_lost, row.lost_held)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    c = _cohort.c
    return c.closed_at.is_(None), c.away_since.is_(None), or_(c.turn_at.is_(None), c.turn_at <= now)


def set_turn(tx: Tx, cohort_id: CohortId, at: datetime, *, unless_sooner: bool = False) -> None:
    """Plan a course's next turn; with `unless_sooner`, not in place of one that comes before it."""
    c = _cohort.c
    planned = update(_cohort).where(c.id == cohort_id).values(turn_at=at)
    tx.execute(planned.where(or_(c.turn_at.is_(None), c.turn_at > at)) if unless_sooner else planned)


def turn_at(tx: Tx, cohort_id: CohortId) -> datetime | None:
    """Return when a course's next turn is due."""
    return tx.scalar(select(_cohort.c.turn_at).where(_cohort.c.id == cohort_id))


def set_held(tx: Tx, cohort_id: CohortId, held: int) -> None:
    """Keep for how many erased members others wait; the figures now kept know of all that were erased so far."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(counted_lost=0, lost_held=held))


# What the figures are made from


def people(tx: Tx, cohort: Cohort, sections: Mapping[str, Collection[str]], now: datetime) -> list[Person]:
    """Return a course's members with what figures count of each, over the seven days before `now`.

    `sections`: the items of each section of the checklist. A two-way exchange is an action of this term that cannot be
    logged unless the other side took part, by its kind or its outcome; a meeting one in person or on a call. The rules
    of a contact's stage say the same, but an action without a name counts here too.
    """
    e, s = _enrolment.c, _section.c
    # Scalar subqueries, each by an index: joined groups would make SQLite read every course's rows.
    items = list(sections.items())
    packs = [items[first : first + _PACKED] for first in range(0, len(items), _PACKED)]
    in_course = select(s.role_id).where(s.cohort_id == cohort.id, s.role_id == e.section_role_id).scalar_subquery()
    found = tx.execute(
        select(
            e.id,
            e.set_aside_at,
            in_course.label("section"),
            e.counted,
            e.counted_section_id,
            e.counted_as,
            _focus().label("focus"),
            _goal().label("goal"),
            _acts(cohort, now).label("acts"),
            _ahead(now, local_day(now, cohort.zone)).label("ahead"),
            _delivery(now).label("delivery"),
            _contact(cohort).label("contact"),
            *(_answers(pack).label(f"pack{number}") for number, pack in enumerate(packs)),
        )
        .where(e.cohort_id == cohort.id)
        .order_by(e.id)
    )
    names = [[name for name, _ in pack] for pack in packs]
    return [_person_of(row, names) for row in found.mappings()]


def _person_of(row: RowMapping, names: Sequence[Sequence[str]]) -> Person:
    plan, kind, obstacle = (row["goal"] or "0||").split("|")
    values: dict[str, int | str] = {
        "focus": int(row["focus"]),
        "goal": int(row["goal"] is not None),
        "plan": int(plan),
        "exchange": int((row["contact"] or 0) >= 1),
        "met": int((row["contact"] or 0) >= 2),
        "acts": acts_of(row["acts"]),
        "ahead": row["ahead"],
        "delivery": _DELIVERED[row["delivery"] or 0],
        KIND: kind,
        OBSTACLE: obstacle,
    }
    for number, pack in enumerate(names):
        packed = int(row[f"pack{number}"] or 0)
        for name in pack:
            packed, values[CHECK + name] = divmod(packed, _DIGITS)
    then = json.loads(row["counted_as"]) if row["counted"] and row["counted_as"] else None
    once = not row["counted"] and row["counted_as"] is not None
    return Person(row["id"], row["set_aside_at"] is None, row["section"], values, then, row["counted_section_id"], once)


def _focus() -> ColumnElement[bool]:
    f = tables.focus.c
    return select(f.enrolment_id).where(f.enrolment_id == _enrolment.c.id).exists()


def _goal() -> ColumnElement[str | None]:
    """Return of the goal in focus whether its plan reads "If …, then I …", its type, and its obstacle, in one text."""
    g = tables.goal.c
    planned = case((func.lower(g.if_then).like("if %then i%"), "1"), else_="0")
    return (
        select(planned + literal("|") + g.type + literal("|") + func.coalesce(g.obstacle, ""))
        .where(g.enrolment_id == _enrolment.c.id, g.ended_at.is_(None))
        .order_by(case((g.paused_on.is_(None), 0), else_=1), g.starts_on, g.id)
        .limit(1)
        .scalar_subquery()
    )


def _acts(cohort: Cohort, now: datetime) -> ColumnElement[int]:
    """Return how many things somebody did in the seven days before: actions, and days with answers to the checklist."""
    a, h = tables.action.c, tables.checklist_history.c
    first, last = (local_day(at, cohort.zone) for at in (now - timedelta(days=7), now - timedelta(seconds=1)))
    logged = select(func.count()).where(
        a.enrolment_id == _enrolment.c.id, a.logged_at > now - timedelta(days=7), a.logged_at <= now
    )
    answered = select(func.count(h.answered_on.distinct())).where(
        h.enrolment_id == _enrolment.c.id, h.answered_on >= first, h.answered_on <= last
    )
    return logged.scalar_subquery() + answered.scalar_subquery()


def _ahead(now: datetime, today: date) -> ColumnElement[str]:
    """Return what the seven days from `now` on hold for somebody."""
    e = _enrolment.c
    return case(
        (e.set_aside_at.is_not(None), "none"),
        (and_(e.next_nudge_at.is_not(None), e.next_nudge_at <= now + timedelta(days=7)), "planned"),
        (e.nudges_on.is_(False), "off"),
        (and_(e.pause_until.is_not(None), e.pause_until > today), "paused"),
        (e.backed_off.is_(True), "backed_off"),
        else_="none",
    )


def _delivery(now: datetime) -> ColumnElement[int | None]:
    """Return 2 for somebody whom a note of the seven days before could not reach, 1 if each did, 0 or null for none.

    What was not sent because they or the course did not want it then is no note of those days.
    """
    n, e = tables.nudge.c, _enrolment.c
    missed = or_(n.state == NudgeState.HELD, and_(n.state == NudgeState.SKIPPED, n.reason == Reason.TOO_LATE))
    return (
        select(func.max(case((missed, 2), (n.state == NudgeState.SENT, 1), else_=0)))
        .where(
            n.cohort_id == e.cohort_id,
            n.user_id == e.user_id,
            n.kind.in_(NOTES),
            n.due_at >= now - timedelta(days=7),
            n.due_at < now,
        )
        .scalar_subquery()
    )


def _contact(cohort: Cohort) -> ColumnElement[int | None]:
    """Return 2 for somebody who has met a person this term, 1 for a two-way exchange, 0 or null for neither."""
    a = tables.action.c
    met = or_(a.kind == INTERVIEW, a.outcome == Outcome.MEETING)
    answered = or_(a.kind.in_(sorted(ANSWERED_KINDS)), a.outcome.in_(sorted(ANSWERS)))
    return (
        select(func.max(case((met, 2), (answered, 1), else_=0)))
        .where(a.enrolment_id == _enrolment.c.id, a.happened_on >= cohort.starts_on)
        .scalar_subquery()
    )


def _answers(pack: Sequence[tuple[str, Collection[str]]]) -> ColumnElement[int | None]:
    """Return how many items of some sections are answered, each section at a place of its own of one number."""
    a = tables.checklist_answer.c
    places = [(a.item_id.in_(sorted(items)), _DIGITS**number) for number, (_, items) in enumerate(pack)]
    return (
        select(func.sum(case(*places, else_=0)))
        .where(a.enrolment_id == _enrolment.c.id, a.answer != Answer.LATER)
        .scalar_subquery()
    )


# What is kept


def set_places(tx: Tx, places: Sequence[Place]) -> None:
    """Keep who is counted, where and with what, for those of whom it changed; one statement."""
    changed = [
        one
        for one in places
        if one.values != one.person.then or (one.values is not None and one.cell != one.person.cell)
    ]
    if changed:
        tx.execute(
            update(_enrolment)
            .where(_enrolment.c.id == bindparam("enrolment"))
            .values(counted=bindparam("is"), counted_section_id=bindparam("cell"), counted_as=bindparam("as")),
            [
                {
                    "enrolment": one.person.id,
                    "is": one.values is not None,
                    "cell": one.cell if one.values is not None else None,
                    "as": _ONCE if one.values is None else json.dumps(dict(one.values), separators=(",", ":")),
                }
                for one in changed
            ],
        )


def keep(tx: Tx, cohort_id: CohortId, week: date, figures: Mapping[int, Figures]) -> bool:
    """Keep a week's figures of the class and its sections, by role; False if that week has some already."""
    rows = [
        {
            "cohort_id": cohort_id,
            "section_role_id": role,
            "week": week,
            "counted": one.counted,
            "figures": _json(one),
        }
        for role, one in figures.items()
    ]
    if has(tx, cohort_id, week):
        return False
    tx.execute(insert_or(tx, _week).on_conflict_do_nothing(), rows)
    return True


def has(tx: Tx, cohort_id: CohortId, week: date) -> bool:
    """Return whether there are figures of a week."""
    w = _week.c
    return tx.scalar(select(w.week).where(w.cohort_id == cohort_id, w.section_role_id == 0, w.week == week)) is not None


def weeks(tx: Tx, cohort_id: CohortId, section: int = WHOLE_CLASS, limit: int = 60) -> list[Week]:
    """Return the last weeks' figures of a class, or of a section of it, the oldest first."""
    w = _week.c
    rows = tx.execute(
        select(w.week, w.counted, w.figures)
        .where(w.cohort_id == cohort_id, w.section_role_id == section)
        .order_by(w.week.desc())
        .limit(limit)
    ).all()
    return [Week(row.week, _figures_of(row.counted, row.figures)) for row in reversed(rows)]


def last_week(tx: Tx, cohort_id: CohortId) -> dict[int, Figures]:
    """Return the figures of the last week that has some, of the class and its sections, by role."""
    return last_of(tx, cohort_id, 0)[1]


def last_of(tx: Tx, cohort_id: CohortId, fewest: int) -> tuple[date | None, dict[int, Figures]]:
    """Return the last week in which so many were counted, and its figures of the class and its sections, by role."""
    w = _week.c
    of_course = w.cohort_id == cohort_id
    newest = select(func.max(w.week)).where(of_course, w.section_role_id == WHOLE_CLASS, w.counted >= fewest)
    rows = tx.execute(
        select(w.section_role_id, w.week, w.counted, w.figures).where(of_course, w.week == newest.scalar_subquery())
    ).all()
    return rows[0].week if rows else None, {row.section_role_id: _figures_of(row.counted, row.figures) for row in rows}


def _json(one: Figures) -> str:
    def plain(found: Mapping[str, Band]) -> dict[str, list[int]]:
        return {name: [band.low, band.high, band.of] for name, band in found.items()}

    return json.dumps(
        {
            "shares": plain(one.shares),
            "acts": plain(one.acts),
            "kinds": plain(one.kinds),
            "obstacles": plain(one.obstacles),
            "checklist": plain(one.checklist),
            "ahead": plain(one.ahead),
            "delivery": plain(one.delivery),
            "moved": one.moved,
        },
        separators=(",", ":"),
    )


def _figures_of(counted: int, text: str) -> Figures:
    kept = json.loads(text)

    def read(name: str) -> dict[str, Band]:
        # A week that was kept before a figure was thought of does not have it.
        return {key: Band(*band) for key, band in kept.get(name, {}).items()}

    return Figures(
        counted,
        read("shares"),
        read("acts"),
        read("kinds"),
        read("obstacles"),
        read("checklist"),
        read("ahead"),
        read("delivery"),
        kept.get("moved", False),
    )


# Sections


def sections(tx: Tx, cohort_id: CohortId) -> list[int]:
    """Return the roles of a course's sections, in their order."""
    s = _section.c
    return list(tx.scalars(select(s.role_id).where(s.cohort_id == cohort_id).order_by(s.role_id)))


def set_sections(tx: Tx, cohort_id: CohortId, roles: Collection[int]) -> None:
    """Keep the roles of a course's sections in place of the earlier ones."""
    tx.execute(delete(_section).where(_section.c.cohort_id == cohort_id))
    if roles:
        tx.execute(insert(_section), [{"cohort_id": cohort_id, "role_id": role} for role in sorted(roles)])


def set_section(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, roles: Collection[int]) -> None:
    """Note the first of a course's sections that a member is in; one statement, and no change if it is known."""
    s, e = _section.c, _enrolment.c
    mine = select(func.min(s.role_id)).where(s.cohort_id == cohort_id, s.role_id.in_(sorted(roles))).scalar_subquery()
    tx.execute(
        update(_enrolment)
        .where(e.id == enrolment_id, e.cohort_id == cohort_id, e.section_role_id.is_distinct_from(mine))
        .values(section_role_id=mine)
    )
