"""Facts about members that check-in uses, and who was greeted."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.coaching.checkin import CheckinFacts
from bot.coaching.cohort import Cohort
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from bot.coaching.weeks import local_day
from storage import member_facts as facts
from storage import tables
from storage.database import Tx
from storage.statements import COHORT

_enrolment = tables.enrolment


_e = _enrolment.c
_STANDINGS = (
    select(
        _e.id,
        _e.user_id,
        _e.joined_at,
        _e.register_from,
        _e.greeted_at,
        facts.has_goal().label("had_goal"),
        facts.last_logged().label("logged_on"),
        facts.last_answered().label("answered_on"),
        facts.last_step_done().label("stepped_on"),
        facts.cannot_be_reached().label("unreachable"),
        facts.last_outcome_at().label("outcome_at"),
        *facts.PAUSE,
    )
    .join(tables.pause, facts.PAUSE_OF_MEMBER, isouter=True)
    .where(_e.cohort_id == COHORT, _e.set_aside_at.is_(None))
    .where(_e.register_visible_at <= bindparam("now", type_=tables.UtcDateTime()))
    .order_by(_e.id)
)


def standings(tx: Tx, cohort: Cohort, now: datetime) -> list[CheckinFacts]:
    """Return the facts check-in uses about each member in the server whose row is visible, in one statement."""
    rows = tx.execute(_STANDINGS, {"cohort": cohort.id, "now": now})
    return [_standing(list(mine), cohort) for _, mine in groupby(rows, key=lambda row: row.id)]


def _standing(rows: Sequence[Row[*tuple[Any, ...]]], cohort: Cohort) -> CheckinFacts:
    """Combine the rows of one member, one for each pause."""
    row = rows[0]
    joined = local_day(row.joined_at, cohort.zone)
    days = [day for day in (row.logged_on, row.answered_on, row.stepped_on) if day is not None]
    return CheckinFacts(
        EnrolmentId(row.id),
        UserId(row.user_id),
        max(joined, row.register_from or joined),
        row.had_goal,
        max(days, default=None),
        _day(row.outcome_at, cohort.zone) if row.unreachable else None,
        _day(row.greeted_at, cohort.zone),
        facts.pauses(rows),
    )


def set_greeted(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, now: datetime) -> None:
    """Record that an instructor of the course greeted one of its members; what that member asks stays."""
    tx.execute(update(_enrolment).where(_e.id == enrolment_id, _e.cohort_id == cohort_id).values(greeted_at=now))


def _day(at: datetime | None, zone: str) -> date | None:
    return None if at is None else local_day(at, zone)
