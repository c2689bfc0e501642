"""What may be said of a class in counts: one rule for every number that is not in the register.

The thresholds are those of published school statistics. What remains possible, and why that is the practice of the
field, is in docs/privacy.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

THRESHOLD = 5
"""Fewest people that a published count may hold or leave out."""
FEWEST = 2 * THRESHOLD
"""Fewest counted people of whom anything is said."""
WHOLE_CLASS = 0
"""Stands in a snapshot for the whole course, and among the cells of a count for the people in no section."""
IN_REGISTER = ("active", "focus", "goal", "plan")
"""Facts that the register holds of each member: where it is on they need no threshold."""
NONE = ""
"""The kind of those who have no goal, or named no obstacle."""


class Withheld(StrEnum):
    """What is said in place of a count that would tell of few people."""

    FEW = f"fewer than {THRESHOLD}"
    MOST = f"all but fewer than {THRESHOLD}"


Count: TypeAlias = int | Withheld


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a class, or a section of it, came to on a Monday.

    Attributes:
        week: The Monday on which it was taken; what happened is counted over the seven days before.
        members: Everybody enrolled then who had not left the server.
        joined: How many of them were in no snapshot before; `left`: how many of the last one were gone.
        counts: People by fact, such as `active`, `kind:connect` or `check:see`.
    """

    week: date
    members: int
    joined: int = 0
    left: int = 0
    counts: Mapping[str, int] = field(default_factory=dict[str, int])

    def kinds(self, prefix: str) -> dict[str, int]:
        """Return the counts of one breakdown by kind, such as those of `kind` for the goals."""
        start = f"{prefix}:"
        return {name.removeprefix(start): count for name, count in self.counts.items() if name.startswith(start)}


def published(count: int, whole: int) -> Count | None:
    """Apply the rule to a count of `whole` people; None where nothing is said at all."""
    if whole < FEWEST:
        return None
    if count < THRESHOLD:
        return Withheld.FEW
    return Withheld.MOST if whole - count < THRESHOLD else count


def breakdown(kinds: Mapping[str, int], whole: int) -> dict[str, int]:
    """Return the kinds that may be named, most people first; everybody else is one of the "others".

    Kinds below the threshold are folded into the others, and a second kind with them when they would hold too few.
    """
    if whole < FEWEST:
        return {}
    named = sorted((kind for kind in kinds if kinds[kind] >= THRESHOLD), key=lambda kind: (-kinds[kind], kind))
    others = whole - sum(kinds[kind] for kind in named)
    if others < THRESHOLD and (others or len(named) < len(kinds)):
        named = named[:-1]
    return {kind: kinds[kind] for kind in named}


def by_section(cells: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    """Return a count section by section; empty where only the whole course may be told.

    Args:
        cells: Count and number of people of every section, and of those in none under `WHOLE_CLASS`.
    """
    people = {role: cell for role, cell in cells.items() if role != WHOLE_CLASS or cell[1]}
    if not all(isinstance(published(*cell), int) for cell in people.values()):
        return {}
    return {role: count for role, (count, _) in people.items() if role != WHOLE_CLASS}


def change(name: str, now: Snapshot, before: Snapshot) -> int | None:
    """Return by how many a count moved between two Mondays; None where that is not said.

    It is said if it is at least the threshold, and nobody or at least that many people joined or left in between.
    """
    counts = [published(one.counts.get(name, 0), one.members) for one in (now, before)]
    moved = now.joined + now.left
    if not all(isinstance(count, int) for count in counts) or 0 < moved < THRESHOLD:
        return None
    difference = now.counts.get(name, 0) - before.counts.get(name, 0)
    return difference if abs(difference) >= THRESHOLD else None
