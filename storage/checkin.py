"""What the list of those who may like a hello looks at, and who was greeted."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select, update

from bot.coaching.checkin import Standing
from bot.coaching.cohort import Cohort
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from bot.coaching.momentum import Pause
from bot.coaching.nudges import NudgeState
from bot.coaching.weeks import local_day
from storage import tables
from storage.database import Tx
from storage.participation import NOT_DELIVERABLE, NOTES

_enrolment = tables.enrolment


def standings(tx: Tx, cohort: Cohort) -> list[Standing]:
    """Return what is looked at of each member who is here, has not asked, and knows that instructors see the row.

    Two statements however large the class is.
    """
    e = _enrolment.c
    looked_at = (e.cohort_id == cohort.id, e.set_aside_at.is_(None), e.asked_contact_at.is_(None), e.row_told)
    g, a, h = tables.goal.c, tables.action.c, tables.checklist_history.c
    held = _held_notes()
    rows = tx.execute(
        select(
            e.id,
            e.user_id,
            e.joined_at,
            e.greeted_at,
            select(g.id).where(g.enrolment_id == e.id).exists().label("had_goal"),
            _last(a.happened_on, a.enrolment_id).label("logged_on"),
            _last(h.answered_on, h.enrolment_id).label("answered_on"),
            held.with_only_columns(func.count()).scalar_subquery().label("held"),
            held.with_only_columns(func.min(tables.nudge.c.settled_at)).scalar_subquery().label("held_since"),
        )
        .where(*looked_at)
        .order_by(e.id)
    )
    pauses = _pauses(tx, looked_at)
    return [
        Standing(
            EnrolmentId(row.id),
            UserId(row.user_id),
            local_day(row.joined_at, cohort.zone),
            row.had_goal,
            max((day for day in (row.logged_on, row.answered_on) if day is not None), default=None),
            row.held,
            _day(row.held_since, cohort.zone),
            _day(row.greeted_at, cohort.zone),
            tuple(pauses[row.id]),
        )
        for row in rows
    ]


def class_size(tx: Tx, cohort_id: CohortId) -> int:
    """Return how many members of a course are here."""
    e = _enrolment.c
    here = select(func.count()).where(e.cohort_id == cohort_id, e.set_aside_at.is_(None))
    return tx.execute(here).scalar_one()


def set_greeted(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, now: datetime) -> None:
    """Remember that an instructor of the course greeted one of its members; what that member asks stays."""
    e = _enrolment.c
    tx.execute(update(_enrolment).where(e.id == enrolment_id, e.cohort_id == cohort_id).values(greeted_at=now))


def _last(day: ColumnElement[date], owner: ColumnElement[int]) -> ScalarSelect[date]:
    return select(func.max(day)).where(owner == _enrolment.c.id).scalar_subquery()


def _held_notes() -> Select[int]:
    """Return the notes to a member that could not be delivered since the last one that was."""
    n, later, e = tables.nudge.c, tables.nudge.alias("later"), _enrolment.c
    sent_later = exists().where(
        later.c.cohort_id == n.cohort_id,
        later.c.user_id == n.user_id,
        later.c.kind.in_(NOTES),
        later.c.state == NudgeState.SENT,
        later.c.settled_at >= n.settled_at,
    )
    return select(n.id).where(
        n.cohort_id == e.cohort_id,
        n.user_id == e.user_id,
        n.kind.in_(NOTES),
        n.state == NudgeState.HELD,
        n.reason.in_(NOT_DELIVERABLE),
        ~sent_later,
    )


def _pauses(tx: Tx, looked_at: tuple[ColumnElement[bool], ...]) -> defaultdict[int, list[Pause]]:
    p = tables.pause.c
    found = tx.execute(
        select(p.enrolment_id, p.starts_on, p.ends_on)
        .join(_enrolment, _enrolment.c.id == p.enrolment_id)
        .where(*looked_at)
    )
    kept: defaultdict[int, list[Pause]] = defaultdict(list)
    for row in found:
        kept[row.enrolment_id].append(Pause(row.starts_on, row.ends_on))
    return kept


def _day(at: datetime | None, zone: str) -> date | None:
    return None if at is None else local_day(at, zone)
