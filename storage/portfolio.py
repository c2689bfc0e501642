"""Portfolios in the database: what members chose, the copy they share, and the first map of their networks."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Date,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    distinct,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from bot.coaching.ids import CohortId, EnrolmentId, PortfolioEntryId
from bot.coaching.network import Category
from bot.coaching.opportunities import OpportunityState
from bot.coaching.portfolio import Entry, NetworkStart, PortfolioKind
from storage import tables
from storage.database import Tx
from storage.statements import MEMBER, Combined, RowValues, insert_or, upserts

_entry, _share, _start = tables.portfolio_entry, tables.portfolio_share, tables.network_start
_e, _w, _s = _entry.c, tables.course_week.c, tables.week_step.c
_g, _a, _o = tables.goal.c, tables.action.c, tables.opportunity.c
_ALL = Combined(
    entries=select(_e.id, _e.kind, _e.source, _e.text, _e.names_nobody, _e.added_on)
    .where(_e.enrolment_id == MEMBER)
    .order_by(_e.id),
    weeks=select(_w.id, _w.week, _w.theme, _s.line)
    .join(tables.week_step, and_(_s.week_id == _w.id, _s.enrolment_id == MEMBER), isouter=True)
    .where(_w.cohort_id == bindparam("cohort"))
    .order_by(_w.week, _w.id),
    goals=select(_g.id, _g.title, _g.type, _g.target, _g.every_weeks, _g.weeks, _g.reflection, _g.benefit)
    .where(_g.enrolment_id == MEMBER)
    .order_by(_g.id),
    counts=select(_g.id, _a.kind, func.count().label("entries"))
    .select_from(tables.goal)
    .join(
        tables.action,
        and_(
            _a.enrolment_id == _g.enrolment_id,
            _a.happened_on >= _g.starts_on,
            or_(_g.ended_at.is_(None), _a.logged_at <= _g.ended_at),
        ),
    )
    .where(_g.enrolment_id == MEMBER)
    .group_by(_g.id, _a.kind),
    openings=select(_o.id, _o.kind, _o.title)
    .where(_o.enrolment_id == MEMBER, _o.state == OpportunityState.YES)
    .order_by(_o.id),
    people=select(tables.contact.c.nickname, tables.contact.c.category)
    .where(tables.contact.c.enrolment_id == MEMBER)
    .order_by(tables.contact.c.id),
    start=select(_start.c.kept_on, cast(_start.c.kinds, Text).label("kinds")).where(_start.c.enrolment_id == MEMBER),
    share=select(_share.c.shared_at).where(_share.c.enrolment_id == MEMBER),
)
_PUT = upserts(_entry, ["enrolment_id", "kind", "source"], ["text", "names_nobody", "added_on"])


@dataclass(frozen=True, slots=True)
class Material:
    """All that a member's portfolio is made of; the rows of weeks, goals and openings as they are.

    Attributes:
        counts: How often each kind of action was logged in the time of each goal, by its number.
    """

    entries: tuple[Entry, ...]
    weeks: Sequence[RowValues]
    goals: Sequence[RowValues]
    counts: Mapping[int, Mapping[str, int]]
    openings: Sequence[RowValues]
    nicknames: tuple[str, ...]
    now: frozenset[Category]
    start: NetworkStart | None
    shared_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedPage:
    """The copy that a member shares."""

    page: str
    shared_at: datetime


def material(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId) -> Material:
    """Return all that a member's portfolio is made of, in one statement."""
    rows = _ALL.read(tx, {"member": enrolment_id, "cohort": cohort_id})
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows["counts"]:
        counts[row["id"]][row["kind"]] = row["entries"]
    return Material(
        tuple(_entry_of(row) for row in rows["entries"]),
        rows["weeks"],
        rows["goals"],
        counts,
        rows["openings"],
        tuple(row["nickname"] for row in rows["people"]),
        frozenset(Category(row["category"]) for row in rows["people"]),
        next((_start_of(row) for row in rows["start"]), None),
        next((row["shared_at"] for row in rows["share"]), None),
    )


def _start_of(row: RowValues) -> NetworkStart:
    return NetworkStart(row["kept_on"], frozenset(map(Category, json.loads(row["kinds"]))))


def _entry_of(row: RowValues) -> Entry:
    kind = PortfolioKind(row["kind"])
    return Entry(
        PortfolioEntryId(row["id"]), kind, row["source"], row["text"], bool(row["names_nobody"]), row["added_on"]
    )


def put(tx: Tx, enrolment_id: EnrolmentId, entry: Entry) -> None:
    """Keep an entry, in place of one of the same kind and source; its number is not used."""
    values = {
        "enrolment_id": enrolment_id,
        "kind": entry.kind,
        "source": entry.source,
        "text": entry.text,
        "names_nobody": entry.names_nobody,
        "added_on": entry.added_on,
    }
    tx.execute(_PUT[tx.dialect.name], values)


def confirm(tx: Tx, enrolment_id: EnrolmentId, entry_id: PortfolioEntryId, text: str | None = None) -> bool:
    """Record that one of the member's own entries names nobody, with this text if one is given; False if it is gone."""
    values = {"names_nobody": True} | ({} if text is None else {"text": text})
    own = update(_entry).where(_e.id == entry_id, _e.enrolment_id == enrolment_id).values(values)
    return tx.execute(own.returning(_e.id)).first() is not None


def remove(tx: Tx, enrolment_id: EnrolmentId, entry_ids: Collection[PortfolioEntryId]) -> None:
    """Take some of the member's own entries out; harmless for others."""
    tx.execute(delete(_entry).where(_e.enrolment_id == enrolment_id, _e.id.in_(entry_ids)))


# The copy for instructors


def share(tx: Tx, enrolment_id: EnrolmentId, page: str, now: datetime) -> None:
    """Let a member's instructors read a page, in place of an earlier one."""
    values = {"page": page, "shared_at": now}
    statement = insert_or(tx, _share).values(enrolment_id=enrolment_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["enrolment_id"], set_=values))


def take_back(tx: Tx, enrolment_id: EnrolmentId) -> None:
    """End sharing; harmless when nothing is shared."""
    tx.execute(delete(_share).where(_share.c.enrolment_id == enrolment_id))


def shared_at(tx: Tx, enrolment_id: EnrolmentId) -> datetime | None:
    """Return since when a member shares a portfolio; None: they do not."""
    return tx.scalar(select(_share.c.shared_at).where(_share.c.enrolment_id == enrolment_id))


def shared_page(tx: Tx, enrolment_id: EnrolmentId) -> SharedPage | None:
    """Return the page that a member shares; None if they do not."""
    row = tx.execute(select(_share.c.page, _share.c.shared_at).where(_share.c.enrolment_id == enrolment_id)).first()
    return None if row is None else SharedPage(row.page, row.shared_at)


# The map of a network after two weeks


def keep_starts(tx: Tx, cohort_id: CohortId, joined_before: datetime, day: date) -> None:
    """Keep the kinds of people in the network of everybody in a course who joined before a moment and has no map yet.

    An empty network gives an empty map. One statement, whatever the size of the class.
    """
    e, c = tables.enrolment.c, tables.contact.c
    listed = func.json_agg if tx.dialect.name == "postgresql" else func.json_group_array
    kinds = (
        select(func.coalesce(listed(distinct(c.category)), literal_column("'[]'")))
        .where(c.enrolment_id == e.id)
        .scalar_subquery()
    )
    known = select(_start.c.enrolment_id).where(_start.c.enrolment_id == e.id).exists()
    members = select(e.id, literal(day, Date), kinds).where(
        e.cohort_id == cohort_id, e.joined_at < joined_before, e.set_aside_at.is_(None), ~known
    )
    statement = insert_or(tx, _start).from_select(["enrolment_id", "kept_on", "kinds"], members)
    tx.execute(statement.on_conflict_do_nothing())
