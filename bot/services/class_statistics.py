"""The Monday snapshot of a class, on which class statistics rest, and what else falls due at that moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from bot.coaching.class_statistics import NONE, WHOLE_CLASS, Count, Snapshot, breakdown, by_section
from bot.coaching.closing import MONDAY_HOUR
from bot.coaching.cohort import Cohort
from bot.coaching.digest import published_notes
from bot.coaching.goals import Obstacle
from bot.coaching.ids import CohortId
from bot.coaching.momentum import WEEK
from bot.coaching.register import this_week
from bot.coaching.weeks import local_day, moment, monday_of
from bot.coaching.zones import zone_names
from prompts import Content
from storage import class_statistics, register
from storage.database import Tx
from storage.register import RegisterCounts

MOST_NAMED = 2
"""How many obstacles the overview and the digest name."""
MondayWork: TypeAlias = Callable[[Tx, Cohort, datetime], None]
"""What else is done with a snapshot, in its transaction and after it."""


def next_snapshot(now: datetime, zone: str) -> datetime:
    """Return the first Monday 8:00 of a zone later than `now`, in UTC."""
    monday = this_week(now, zone)
    at = moment(monday, MONDAY_HOUR, zone)
    return at if at > now else moment(monday + WEEK, MONDAY_HOUR, zone)


def plan_snapshot(tx: Tx, cohort_id: CohortId, zone: str, now: datetime) -> None:
    """Plan a course's next snapshot in a zone; one that comes sooner stays, so that no week is lost."""
    class_statistics.set_next(tx, cohort_id, next_snapshot(now, zone), unless_sooner=True)


def time_snapshots_anew(tx: Tx) -> None:
    """Let each planned snapshot come at the moment that its Monday has by the time-zone data of today."""
    for cohort_id, zone, planned in class_statistics.planned(tx):
        if zone in zone_names():
            class_statistics.set_next(tx, cohort_id, moment(local_day(planned, zone), MONDAY_HOUR, zone))


@dataclass(frozen=True, slots=True)
class WeeklySnapshot:
    """Takes the snapshots that are due."""

    content: Content
    also: Sequence[MondayWork] = ()

    def due(self, tx: Tx, now: datetime) -> list[CohortId]:
        """Return the open courses whose snapshot is due or was never planned."""
        return class_statistics.due(tx, now)

    def take(self, tx: Tx, cohort_id: CohortId, now: datetime) -> None:
        """Take a course's snapshot if it is due, once however many processes ask, and plan the next.

        Mondays missed while nothing ran are left out: the one taken is that of the week that runs.
        """
        locked = class_statistics.lock_due(tx, cohort_id, now)
        if locked is None:
            return
        cohort, due_at = locked
        if due_at is not None:
            self._count(tx, cohort, now)
            for work in self.also:
                work(tx, cohort, now)
        class_statistics.set_next(tx, cohort_id, next_snapshot(now, cohort.zone))

    def _count(self, tx: Tx, cohort: Cohort, now: datetime) -> None:
        week = this_week(now, cohort.zone)
        if class_statistics.has(tx, cohort.id, week) or week > monday_of(cohort.ends_on) + WEEK:
            return
        # Counted as of Monday morning, however late it is done.
        at = min(now, moment(week, MONDAY_HOUR, cohort.zone))
        items = self.content.checklist.items
        sections = {
            one.id: [item.id for item in items if item.section == one.id] for one in self.content.checklist.sections
        }
        before = class_statistics.snapshots(tx, cohort.id, 1)
        class_statistics.take(tx, cohort, sections, week, at, before[-1] if before else None)


@dataclass(frozen=True, slots=True)
class Notes:
    """What became of the last week's notes, as people by the outcome of the last one; `exact`: they add up to `whole`.

    `counts`: people by `sent`, the reason why it did not arrive, `away` or `none`; with a threshold, `held` in place of
    the reasons.
    """

    whole: int
    counts: Mapping[str, Count]
    exact: bool


def is_exact(cohort: Cohort, counts: RegisterCounts) -> bool:
    """Return whether facts of the register are said as exact counts: everybody who is here has a row."""
    return bool(cohort.register) and counts.coming == 0


def exact_from(cohort: Cohort, counts: RegisterCounts) -> date | None:
    """Return the Monday of the first week whose facts of the register are said as exact counts, None without one."""
    return counts.first_week if is_exact(cohort, counts) else None


def last_notes(tx: Tx, cohort: Cohort, now: datetime, *, exact: bool = True) -> Notes | None:
    """Return what became of the last week's notes, live where the register says so, else by Monday's snapshot."""
    if exact and is_exact(cohort, register.counts(tx, cohort, now)):
        counts = register.notes(tx, cohort, now - WEEK, now)
        return Notes(sum(counts.values()), counts, exact=True)
    newest = class_statistics.snapshots(tx, cohort.id, 1)
    said = published_notes(newest[-1]) if newest else {}
    return Notes(newest[-1].members, said, exact=False) if said else None


def sections_of(whole: Snapshot, parts: Mapping[int, Snapshot], fact: str) -> dict[int, int]:
    """Return a count by section, from the snapshots of one Monday; empty where only the whole course may be told."""
    cells = {role: (part.counts.get(fact, 0), part.members) for role, part in parts.items()}
    count = whole.counts.get(fact, 0) - sum(cell[0] for cell in cells.values())
    people = whole.members - sum(cell[1] for cell in cells.values())
    return by_section({**cells, WHOLE_CLASS: (count, people)})


def most_named(one: Snapshot) -> dict[Obstacle, int]:
    """Return the obstacles that may be named, most people first."""
    kinds = {NONE: 0, **dict.fromkeys(Obstacle, 0), **one.kinds("obstacle")}
    return {Obstacle(name): count for name, count in breakdown(kinds, one.members).items() if name != NONE}
