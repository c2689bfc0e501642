"""Cohorts in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, bindparam, select, update

from bot.coaching.cohort import Cohort
from bot.coaching.ids import CohortId, GuildId
from bot.coaching.weeks import Break, BreakKind
from storage import tables
from storage.database import Tx
from storage.statements import insert_or

_cohort = tables.cohort

Lock: TypeAlias = Literal["to change", "as it is"]
"""How a transaction holds a course until it ends: alone, or so that nobody changes it meanwhile."""


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """What a manager says about a course; days are calendar days in `zone`."""

    name: str
    zone: str
    starts_on: date
    ends_on: date
    instructor_role_id: int


@dataclass(frozen=True, slots=True)
class CohortDefaults:
    """What a manager may adjust about a course at any time."""

    nudge_day: int
    nudge_hour: int
    track: str | None
    expected_size: int | None
    support_contact: str | None


COLUMNS = tuple(_cohort.c[field.name] for field in fields(Cohort))
_BREAKS = [field.name for field in fields(Cohort)].index("breaks")
_OPEN_IN = select(*COLUMNS).where(_cohort.c.guild_id == bindparam("guild"), _cohort.c.closed_at.is_(None))
_ONE = select(*COLUMNS).where(_cohort.c.id == bindparam("cohort"))


def cohort_of(values: Sequence[Any]) -> Cohort:
    """Return the cohort that the values of `COLUMNS` make."""
    made = list(values)
    made[_BREAKS] = breaks_of(made[_BREAKS])
    return Cohort(*made)


def breaks_of(kept: list[list[str]]) -> tuple[Break, ...]:
    """Parse a cohort's breaks from JSON."""
    return tuple(
        Break(BreakKind(kind), date.fromisoformat(first), date.fromisoformat(last)) for kind, first, last in kept
    )


def open_in(tx: Tx, guild_id: GuildId, lock: Lock | None = None) -> Cohort | None:
    """Return the open cohort of a server; with `lock`, held so until the transaction ends.

    Of all that a transaction locks the course comes first, so that no two wait for each other.
    """
    statement = _OPEN_IN
    if lock is not None:
        # Rows that only refer to a course are written meanwhile: they hold its number, and that never changes.
        statement = statement.with_for_update(read=lock == "as it is", key_share=lock == "to change")
    row = tx.execute(statement, {"guild": guild_id}).first()
    return None if row is None else cohort_of(row)


def all_open(tx: Tx) -> list[Cohort]:
    """Return the open cohorts of all servers."""
    rows = tx.execute(select(*COLUMNS).where(_cohort.c.closed_at.is_(None)).order_by(_cohort.c.id))
    return [cohort_of(row) for row in rows]


def claim(tx: Tx, cohort_id: CohortId, *due: ColumnElement[bool]) -> Cohort | None:
    """Return a cohort locked for this transaction; None if a condition fails, or another process has it."""
    statement = _ONE.where(*due).with_for_update(key_share=True, skip_locked=True)
    row = tx.execute(statement, {"cohort": cohort_id}).first()
    return None if row is None else cohort_of(row)


def last_closed(tx: Tx, guild_id: GuildId) -> Cohort | None:
    """Return the cohort of a server that closed last."""
    c = _cohort.c
    closed = select(*COLUMNS).where(c.guild_id == guild_id, c.closed_at.is_not(None))
    row = tx.execute(closed.order_by(c.closed_at.desc(), c.id.desc())).first()
    return None if row is None else cohort_of(row)


def get(tx: Tx, cohort_id: CohortId) -> Cohort | None:
    """Return a cohort, open or closed."""
    row = tx.execute(_ONE, {"cohort": cohort_id}).first()
    return None if row is None else cohort_of(row)


def add(tx: Tx, guild_id: GuildId, facts: CohortFacts, defaults: CohortDefaults, now: datetime) -> bool:
    """Open a cohort; False if the server already has an open one."""
    statement = insert_or(tx, _cohort).values(
        guild_id=guild_id,
        name=facts.name,
        zone=facts.zone,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        instructor_role_id=facts.instructor_role_id,
        nudge_day=defaults.nudge_day,
        nudge_hour=defaults.nudge_hour,
        track=defaults.track,
        expected_size=defaults.expected_size,
        support_contact=defaults.support_contact,
        created_at=now,
    )
    return tx.execute(statement.on_conflict_do_nothing().returning(_cohort.c.id)).first() is not None


def set_facts(tx: Tx, cohort_id: CohortId, facts: CohortFacts) -> None:
    """Change name, term, zone or instructor role."""
    tx.execute(
        update(_cohort)
        .where(_cohort.c.id == cohort_id)
        .values(
            name=facts.name,
            zone=facts.zone,
            starts_on=facts.starts_on,
            ends_on=facts.ends_on,
            instructor_role_id=facts.instructor_role_id,
        )
    )


def set_defaults(tx: Tx, cohort_id: CohortId, defaults: CohortDefaults) -> None:
    """Change what new members start with, the track, the expected size or the support contact."""
    tx.execute(
        update(_cohort)
        .where(_cohort.c.id == cohort_id)
        .values(
            nudge_day=defaults.nudge_day,
            nudge_hour=defaults.nudge_hour,
            track=defaults.track,
            expected_size=defaults.expected_size,
            support_contact=defaults.support_contact,
        )
    )


def set_students(tx: Tx, cohort_id: CohortId, role_id: int | None, *, number: bool) -> None:
    """Change which role everybody who takes the course has, and whether members are asked for a student number."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(student_role_id=role_id, student_number=number))


def set_retention(tx: Tx, cohort_id: CohortId, days: int) -> None:
    """Change how many days members' data is kept after the cohort has closed."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(retention_days=days))


def set_counting(tx: Tx, cohort_id: CohortId, otherwise: str | None, *, counts: bool) -> None:
    """Say whether weekly steps count toward the course, and what whoever does not join does instead."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(steps_count=counts, otherwise=otherwise))


def reference_key(tx: Tx, cohort_id: CohortId, fresh: str) -> str:
    """Return what makes pseudonyms in a cohort's exports; `fresh` becomes it when there is none yet."""
    c = _cohort.c
    tx.execute(update(_cohort).where(c.id == cohort_id, c.reference_key.is_(None)).values(reference_key=fresh))
    return tx.execute(select(c.reference_key).where(c.id == cohort_id)).scalar_one() or fresh


def set_breaks(tx: Tx, cohort_id: CohortId, breaks: Sequence[Break]) -> None:
    """Keep the breaks of a cohort in place of its earlier ones."""
    kept = [[one.kind.value, one.first.isoformat(), one.last.isoformat()] for one in breaks]
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(breaks=kept))


def set_away(tx: Tx, guild_ids: Collection[GuildId], at: datetime | None) -> list[CohortId]:
    """Record since when the bot is not in these servers, None: it is; return the open cohorts this changed."""
    c = _cohort.c
    changes = c.away_since.is_(None) if at is not None else c.away_since.is_not(None)
    rows = tx.scalars(
        update(_cohort)
        .where(c.guild_id.in_(list(guild_ids)), c.closed_at.is_(None), changes)
        .values(away_since=at)
        .returning(c.id)
    )
    return [CohortId(row) for row in rows]


def set_ai_reviewer(tx: Tx, cohort_id: CohortId, *, on: bool) -> None:
    """Let members of a cohort send texts to the AI reviewer, or no longer."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id).values(ai_reviewer=on))


def close(tx: Tx, cohort_id: CohortId, now: datetime) -> None:
    """Close a cohort: it stays readable, and its server may open another."""
    tx.execute(update(_cohort).where(_cohort.c.id == cohort_id, _cohort.c.closed_at.is_(None)).values(closed_at=now))
