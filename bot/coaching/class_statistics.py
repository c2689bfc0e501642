"""Which counts of a class may be published: one rule for every number that is not in the register.

The thresholds are those of published school statistics; docs/privacy.md names the risk that remains.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

THRESHOLD = 5
"""Fewest people that a published count may hold or leave out."""
FEWEST = 2 * THRESHOLD
"""Smallest class, or part of one, with published counts."""
WHOLE_CLASS = 0
"""In place of a section: the whole course in a snapshot, the people in no section among the cells of a count."""
IN_REGISTER = ("active", "focus", "goal", "plan")
"""Facts that the register shows of each member; where it is on they need no threshold."""
NONE = ""
"""The kind of members without a goal, or without a named obstacle."""


class Withheld(StrEnum):
    """What replaces a count that would be about few people."""

    FEW = f"fewer than {THRESHOLD}"
    MOST = f"all but fewer than {THRESHOLD}"


Count: TypeAlias = int | Withheld


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counts of a class, or a section of it, on a Monday.

    Attributes:
        week: the Monday on which it was taken; activity is counted over the seven days before.
        members: enrolled members who had not left the server.
        joined: members who were not in the snapshot before.
        left: members of the snapshot before who are not in this one.
        counts: people by fact, such as `active`, `kind:connect` or `check:see`.
    """

    week: date
    members: int
    joined: int = 0
    left: int = 0
    counts: Mapping[str, int] = field(default_factory=dict[str, int])

    def kinds(self, prefix: str) -> dict[str, int]:
        """Return the counts of one breakdown, such as `kind` for the types of goals."""
        start = f"{prefix}:"
        return {name.removeprefix(start): count for name, count in self.counts.items() if name.startswith(start)}


def step_count(snapshot: Snapshot, *, exact: bool) -> Count | None:
    """Return how many did the step of the week that a snapshot counts; None if it had none, or it is not published."""
    kinds = snapshot.kinds("step")
    done = kinds.get("done", 0)
    return None if not kinds else done if exact else published(done, snapshot.members)


def published(count: int, whole: int) -> Count | None:
    """Apply the rule to a count of `whole` people; None if nothing may be published."""
    if whole < FEWEST:
        return None
    if count < THRESHOLD:
        return Withheld.FEW
    return Withheld.MOST if whole - count < THRESHOLD else count


def breakdown(kinds: Mapping[str, int], whole: int) -> dict[str, int]:
    """Return the kinds that may be named, largest first; everybody else counts as "others".

    Kinds below the threshold join the others, and so does one more kind if the others would still be too few.
    """
    if whole < FEWEST:
        return {}
    named = sorted((kind for kind in kinds if kinds[kind] >= THRESHOLD), key=lambda kind: (-kinds[kind], kind))
    others = whole - sum(kinds[kind] for kind in named)
    if others < THRESHOLD and (others or len(named) < len(kinds)):
        named = named[:-1]
    return {kind: kinds[kind] for kind in named}


def by_section(cells: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    """Return a count by section; empty if it may be published only for the whole course.

    Args:
        cells: count and number of people for each section; people in no section under `WHOLE_CLASS`.
    """
    people = {role: cell for role, cell in cells.items() if role != WHOLE_CLASS or cell[1]}
    if not all(isinstance(published(*cell), int) for cell in people.values()):
        return {}
    return {role: count for role, (count, _) in people.items() if role != WHOLE_CLASS}


def change(name: str, now: Snapshot, before: Snapshot) -> int | None:
    """Return the change of a count between two Mondays; None if it may not be published.

    It may if it reaches the threshold, and either nobody or at least the threshold joined or left in between.
    """
    counts = [published(snapshot.counts.get(name, 0), snapshot.members) for snapshot in (now, before)]
    moved = now.joined + now.left
    if not all(isinstance(count, int) for count in counts) or 0 < moved < THRESHOLD:
        return None
    difference = now.counts.get(name, 0) - before.counts.get(name, 0)
    return difference if abs(difference) >= THRESHOLD else None
