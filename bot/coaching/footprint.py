"""The digital-footprint checklist: items, tracks, answers, and what comes next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, TypeAlias

from bot.coaching.errors import UnknownItem
from bot.coaching.focus import Focus, keeps_low, track_of
from bot.coaching.limits import MOST_OPTIONS, Between, Minutes, StepText

WHY_LIMIT = 200
MOST_TRACKS = MOST_OPTIONS - 1
"""The menu of tracks also offers "no particular profession"."""
MOST_ITEMS = MOST_OPTIONS * MOST_OPTIONS
RecheckMonths = Annotated[int, Between(0, 24)]


class Severity(StrEnum):
    """How much an item matters, most first."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"


class Answer(StrEnum):
    """What a member says about an item; what they saw there is never asked."""

    FINE = "fine"
    FIXED = "fixed"
    LATER = "later"
    NOT_FOR_ME = "not_for_me"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the checklist."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Item:
    """Something to check.

    Attributes:
        recheck_months: after how many months to check again; 0: never.
        answered_by: the feature whose use answers the item.
    """

    id: str
    section: str
    title: str
    severity: Severity
    minutes: Minutes
    recheck_months: RecheckMonths
    why: Annotated[str, Between(1, WHY_LIMIT)]
    steps: Annotated[tuple[StepText, ...], Between(1, 8)]
    done_when: StepText
    sources: tuple[str, ...]
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """What a track changes about an item; None keeps the item's own value."""

    severity: Severity | None
    recheck_months: RecheckMonths | None
    extra_step: StepText | None


@dataclass(frozen=True, slots=True)
class Track:
    """A family of professions with its own rules."""

    id: str
    label: str
    stance: str
    overrides: Annotated[Mapping[str, Override], Between(0, MOST_ITEMS)]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The checklist of the content files; `findable` are the items that make a member easier to find."""

    sections: tuple[Section, ...]
    items: Annotated[tuple[Item, ...], Between(1, MOST_ITEMS)]
    quick_start: Annotated[tuple[str, ...], Between(1, MOST_OPTIONS)]
    tracks: Annotated[Mapping[str, Track], Between(1, MOST_TRACKS)]
    findable: Annotated[frozenset[str], Between(0, MOST_ITEMS)] = frozenset()

    def for_member(self, focus: Focus | None, track_of_course: str | None) -> "Checklist":
        """Return the checklist with the member's track, and for a low profile without the findable items."""
        own = track_of(focus, track_of_course)
        checklist = self.for_track(own if own in self.tracks else track_of_course)
        return checklist.without(self.findable) if keeps_low(focus) else checklist

    def for_track(self, track: str | None) -> "Checklist":
        """Return the checklist with the overrides of a track; None or an unknown track changes nothing."""
        if track is None or track not in self.tracks:
            return self
        overrides = self.tracks[track].overrides
        items = tuple(_overridden(item, overrides[item.id]) if item.id in overrides else item for item in self.items)
        return replace(self, items=items)

    def without(self, left_out: Collection[str]) -> "Checklist":
        """Return the checklist without some items and without the sections that are then empty."""
        items = tuple(item for item in self.items if item.id not in left_out)
        filled = {item.section for item in items}
        return replace(
            self,
            sections=tuple(section for section in self.sections if section.id in filled),
            items=items,
            quick_start=tuple(item_id for item_id in self.quick_start if item_id not in left_out),
        )

    def item(self, item_id: str) -> Item:
        """Return the item; raises UnknownItem."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise UnknownItem(item_id)


@dataclass(frozen=True, slots=True)
class Answered:
    """A member's last answer to an item, and its day."""

    answer: Answer
    on: date


Answers: TypeAlias = Mapping[str, Answered]
"""A member's last answers by item id."""


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How much of a section is answered."""

    section: Section
    answered: int
    total: int


def _overridden(item: Item, override: Override) -> Item:
    extra = (override.extra_step,) if override.extra_step else ()
    return replace(
        item,
        severity=override.severity or item.severity,
        recheck_months=item.recheck_months if override.recheck_months is None else override.recheck_months,
        steps=item.steps + extra,
    )


def answered(answers: Answers, item_id: str) -> bool:
    """Return whether an item counts as answered; every answer but *later* counts, *not for me* included."""
    return item_id in answers and answers[item_id].answer is not Answer.LATER


def musts_of_all(checklist: Checklist, track_of_course: str | None) -> frozenset[str]:
    """Return the must-items of every member of a course, whatever their own track or season.

    Instructors see how many of these are answered: a number that depended on the season would reveal it.
    """
    common = checklist.for_track(track_of_course).without(checklist.findable)
    return frozenset(item.id for item in common.items if item.severity is Severity.MUST)


def progress(checklist: Checklist, answers: Answers) -> tuple[SectionProgress, ...]:
    """Return answered and total items for each section, in order."""
    return tuple(
        SectionProgress(section, sum(answered(answers, item.id) for item in items), len(items))
        for section in checklist.sections
        for items in [[item for item in checklist.items if item.section == section.id]]
    )


def next_items(checklist: Checklist, answers: Answers) -> tuple[Item, ...]:
    """Return the open items in the order to do them: quick start, then must, should, could."""
    open_items = [item for item in checklist.items if not answered(answers, item.id)]
    quick = [item for item_id in checklist.quick_start for item in open_items if item.id == item_id]
    rest = [item for item in open_items if item.id not in checklist.quick_start]
    return (*quick, *sorted(rest, key=lambda item: list(Severity).index(item.severity)))


def quick_open(checklist: Checklist, answers: Answers) -> int:
    """Return how many quick-start items are open."""
    return sum(not answered(answers, item_id) for item_id in checklist.quick_start)


def recheck_on(item: Item, given: Answered) -> date | None:
    """Return the day on which an item is due again, counting 30 days a month; None for an item to check once."""
    return given.on + timedelta(days=30 * item.recheck_months) if item.recheck_months else None


def rechecks_due(checklist: Checklist, answers: Answers, today: date) -> Sequence[Item]:
    """Return the answered items that are due again by `today`, longest due first."""
    due = [
        (again, item)
        for item in checklist.items
        if answered(answers, item.id) and (again := recheck_on(item, answers[item.id])) is not None and again <= today
    ]
    return [item for _, item in sorted(due, key=lambda pair: (pair[0], pair[1].id))]
