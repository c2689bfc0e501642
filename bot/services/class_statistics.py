"""The Monday snapshot of a class, on which class statistics are based, and other work due at that moment."""

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
"""Other work for a course on Monday, after its snapshot and in the same transaction."""


def next_snapshot(now: datetime, zone: str) -> datetime:
    """Return the first Monday 8:00 of a zone later than `now`, in UTC."""
    monday = this_week(now, zone)
    at = moment(monday, MONDAY_HOUR, zone)
    return at if at > now else moment(monday + WEEK, MONDAY_HOUR, zone)


def plan_snapshot(tx: Tx, cohort_id: CohortId, zone: str, now: datetime) -> None:
    """Plan a course's next snapshot in a zone; one planned sooner stays, so that no week is lost."""
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
        """Return the open courses whose snapshot is due or not planned yet."""
        return class_statistics.due(tx, now)

    def take(self, tx: Tx, cohort_id: CohortId, now: datetime) -> None:
        """Take a course's snapshot if it is due, once however many processes ask, and plan the next.

        Mondays missed in an outage are left out; the snapshot is that of the current week.
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
        # As of Monday morning, however late it is taken.
        at = min(now, moment(week, MONDAY_HOUR, cohort.zone))
        items = self.content.checklist.items
        sections = {
            section.id: [item.id for item in items if item.section == section.id]
            for section in self.content.checklist.sections
        }
        before = class_statistics.snapshots(tx, cohort.id, 1)
        class_statistics.take(tx, cohort, sections, week, at, before[-1] if before else None)


@dataclass(frozen=True, slots=True)
class Notes:
    """What became of the last week's notes.

    Attributes:
        whole: How many people there are.
        counts: People by the outcome of their last note: `sent`, the reason why it did not arrive (below the threshold
            `held` for all of them), `away` or `none`.
        exact: The counts add up to `whole`.
    """

    whole: int
    counts: Mapping[str, Count]
    exact: bool


def is_exact(cohort: Cohort, counts: RegisterCounts) -> bool:
    """Return whether facts of the register are shown as exact counts: everybody who is here has a row."""
    return bool(cohort.register) and counts.coming == 0


def exact_from(cohort: Cohort, counts: RegisterCounts) -> date | None:
    """Return the Monday of the first week with exact counts from the register; None without one."""
    return counts.first_week if is_exact(cohort, counts) else None


def last_notes(tx: Tx, cohort: Cohort, now: datetime, *, exact: bool = True) -> Notes | None:
    """Return what became of the last week's notes, live from the register, else from Monday's snapshot."""
    if exact and is_exact(cohort, register.counts(tx, cohort, now)):
        counts = register.notes(tx, cohort, now - WEEK, now)
        return Notes(sum(counts.values()), counts, exact=True)
    newest = class_statistics.snapshots(tx, cohort.id, 1)
    counts = published_notes(newest[-1]) if newest else {}
    return Notes(newest[-1].members, counts, exact=False) if counts else None


def sections_of(whole: Snapshot, parts: Mapping[int, Snapshot], fact: str) -> dict[int, int]:
    """Return a count by section from the snapshots of one Monday; empty where only the whole may be published."""
    cells = {role: (part.counts.get(fact, 0), part.members) for role, part in parts.items()}
    count = whole.counts.get(fact, 0) - sum(cell[0] for cell in cells.values())
    people = whole.members - sum(cell[1] for cell in cells.values())
    return by_section({**cells, WHOLE_CLASS: (count, people)})


def most_named(snapshot: Snapshot) -> dict[Obstacle, int]:
    """Return the obstacles whose counts may be published, most frequent first."""
    kinds = {NONE: 0, **dict.fromkeys(Obstacle, 0), **snapshot.kinds("obstacle")}
    return {Obstacle(name): count for name, count in breakdown(kinds, snapshot.members).items() if name != NONE}
