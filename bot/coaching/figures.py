"""The figures of a class and its sections at a weekly turn, as bands that say nothing about one person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.coaching.small_groups import (
    BATCH,
    FEWEST,
    Band,
    Group,
    Part,
    Person,
    Place,
    bands,
    forced_in_mix,
    mixed,
    moved,
    percent_words,
    safe_band,
    split,
)

SHARES = ("active", "focus", "goal", "plan", "exchange", "met")
"""Who logged or answered something in the seven days before; who has a focus, a goal, an if-then plan; who has had a
two-way exchange this term, and who has met somebody."""
GROWS = ("focus", "exchange", "met")
"""Those that never shrink within a term; of the whole class alone."""
ACTS = ("none", "many", "one", "few")
"""How many things somebody did in the seven days before: nothing, four or more, one, two or three."""
AHEAD = ("planned", "none", "paused", "off", "backed_off")
"""What the seven days after it hold for somebody: a note, none by their rhythm or a break, a pause, notes turned off,
notes that grew rare because they went unanswered."""
DELIVERY = {"held": "not all arrived for", "sent": "all arrived for", "none": "none fell due for"}
"""What became of somebody's notes of the seven days before: one at least could not reach them, each did, or there was
none; with the words in front of the share."""
KIND, OBSTACLE = "kind", "obstacle"
NONE = ""
"""Among kinds and obstacles, those who have no goal, or named nothing. Were the others broken down alone, it would show
how many they are: in a class of ten, that there is a breakdown would say of each that they have a goal."""
_UNKNOWN = "?"
CHECK = "check."
"""Before the id of a section of the checklist, whose figures stand among the others."""
WHOLE_CLASS = 0
"""Stands for the whole class where a section's role would be."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is kept of a week; a band that is not there is not shown. `checklist`: items answered, of all possible.

    `delivery`: what became of the notes of the seven days before, and `ahead`: what the next ones hold; of the whole
    class alone. `moved`: others are counted than the week before.
    """

    counted: int
    shares: Mapping[str, Band] = field(default_factory=dict[str, Band])
    acts: Mapping[str, Band] = field(default_factory=dict[str, Band])
    kinds: Mapping[str, Band] = field(default_factory=dict[str, Band])
    obstacles: Mapping[str, Band] = field(default_factory=dict[str, Band])
    checklist: Mapping[str, Band] = field(default_factory=dict[str, Band])
    ahead: Mapping[str, Band] = field(default_factory=dict[str, Band])
    delivery: Mapping[str, Band] = field(default_factory=dict[str, Band])
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """The figures of the seven days before a Monday."""

    week: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is counted: the checklist's sections with their numbers of items, kinds of goals, obstacles, and roles."""

    checklist: Mapping[str, int]
    kinds: Sequence[str]
    obstacles: Sequence[str]
    roles: Sequence[int] = ()


def acts_of(actions: int) -> str:
    """Return the band of activity of somebody who did so many things."""
    return "none" if actions == 0 else "one" if actions == 1 else "few" if actions < 4 else "many"


def comparable(weeks: Sequence[Week]) -> Week | None:
    """Return the week before the last one; None when others were counted then, so that nothing says how it moved."""
    same = len(weeks) > 1 and weeks[-2].figures.counted == weeks[-1].figures.counted
    return weeks[-2] if same else None


def most_named(found: Mapping[str, Band]) -> list[tuple[str, Band]]:
    """Return the kinds of a breakdown that five people or more are of for certain, the most frequent first."""
    sure = [(name, band) for name, band in found.items() if name != NONE and band.low >= BATCH]
    return sorted(sure, key=lambda one: (-one[1].low, -one[1].high))


def delivery_words(found: Figures) -> str:
    """Return in shares what became of a week's notes; empty when nothing can be said of it."""
    held = found.delivery.get("held")
    if "sent" not in found.delivery and (held is None or held.low == 0):
        return ""
    told = [
        f"{DELIVERY[name]} {percent_words(found.delivery[name])}"
        for name in ("sent", "held", "none")
        if name in found.delivery
    ]
    return f"{', '.join(told)} of the class"


def taken(places: Sequence[Place], lost: int, scheme: Scheme, before: Mapping[int, Figures]) -> dict[int, Figures]:
    """Return this week's figures of the class, and of each section that has some, by role; `before`: last week's.

    `lost`: how many that last week's figures counted were erased since.
    """
    counted = [one for one in places if one.values is not None]
    size = len(counted)
    if size < FEWEST:
        return {WHOLE_CLASS: Figures(size)}
    last = before.get(WHOLE_CLASS, Figures(0))
    units = _units(scheme)
    parts = {name: _part(places, name, unit, _known(last, name), lost) for name, unit in units.items()}
    came = sum(not one.person.counted for one in counted)
    went = sum(one.person.counted and one.values is None for one in places) + lost
    acts = _kinds(places, "acts", ACTS, last.acts, lost)
    kinds = _kinds(places, KIND, (NONE, *scheme.kinds), last.kinds, lost)
    # Those who are not counted are one of the kinds of a breakdown as well.
    beside = {"active": (acts, "none"), "goal": (kinds, NONE)}
    shown = {
        name: _unsaid(part) if last.moved and not came and not went else _band(part, came, went, beside.get(name))
        for name, part in parts.items()
    }
    kept = {name: band for name, band in shown.items() if band is not None}
    active = {"none": kept["active"].rest} if "active" in kept else {}
    without = {NONE: kept["goal"].rest} if "goal" in kept else {}
    whole = Figures(
        size,
        {name: kept[name] for name in SHARES if name in kept},
        _mix(acts, last.acts, active),
        _mix(kinds, last.kinds, without),
        _mix(_kinds(places, OBSTACLE, (NONE, *scheme.obstacles), last.obstacles, lost), last.obstacles),
        {name: kept[name] for name in scheme.checklist if name in kept},
        _mix(_kinds(places, "ahead", AHEAD, last.ahead, lost), last.ahead),
        _mix(_kinds(places, "delivery", tuple(DELIVERY), last.delivery, lost), last.delivery),
        bool(before) and (moved(places) or lost > 0),
    )
    # What only grows would tell of a whole section: how many there grew would follow from which is shown.
    by_section = {name: (kept.get(name), parts[name]) for name in units if name not in GROWS}
    sections = _sections(places, lost, scheme, before, by_section)
    return {WHOLE_CLASS: whole, **sections}


def _units(scheme: Scheme) -> dict[str, int]:
    return {**dict.fromkeys(SHARES, 1), **scheme.checklist}


def _known(last: Figures, name: str) -> Band | None:
    return last.shares.get(name) or last.checklist.get(name)


def _number(values: Mapping[str, int | str], name: str) -> int:
    return int(values.get("acts", "none") != "none") if name == "active" else int(values.get(name, 0))


def _part(places: Iterable[Place], name: str, unit: int, before: Band | None, lost: int = 0) -> Part:
    """Return the people behind a figure, by how they changed, and what it counts."""
    stay = came = count = 0
    went = lost
    key = "acts" if name == "active" else name
    for one in places:
        then, now = one.person.then, one.values
        same = then is not None and now is not None and then.get(key) == now.get(key)
        stay += same
        came += now is not None and not same
        went += then is not None and not same
        count += _number(now, name) if now is not None else 0
    return Part(Group(stay, came, went, before, unit), count)


def _band(part: Part, came: int, went: int, beside: tuple[Mapping[str, Part], str] | None) -> Band | None:
    """Return the band of a figure of the class; one that nothing happened to stays as it was.

    Which bands there are follows from who came and who went, and not from whose value changed: that is a secret, and
    the bands would tell of it. `beside`: a breakdown, and the kind in it of those who are not counted.
    """
    one = part.group
    if one.before is not None and not one.came and not one.went:
        return one.before
    open_to_all = Group(one.size - came, came, went, one.before, one.unit)

    def forcing(band: Band) -> bool:
        if open_to_all.forced(band.low, band.high) or open_to_all.forced_growing(band.low, band.high):
            return True
        return beside is not None and forced_in_mix(beside[0], {beside[1]: band.rest})

    return safe_band(part.count, bands(one.size, one.unit), forcing)


def _unsaid(part: Part) -> Band | None:
    """Return the band of a figure of the same people as last week, when the week before that others were counted.

    What could not be told last week beside the week before is not told now either: neither a figure that was not shown,
    nor which part of a wide band it is in.
    """
    one = part.group
    if one.before is None or (not one.came and not one.went):
        return one.before
    before = one.before
    apart = [band for band in bands(one.size, one.unit) if band.high < before.low or band.low > before.high]
    return next((band for band in [before, *apart] if band.low <= part.count <= band.high), None)


def _kinds(
    places: Sequence[Place], name: str, kinds: Sequence[str], before: Mapping[str, Band], lost: int
) -> dict[str, Part]:
    """Return the people of a breakdown by how they changed, and how many are of each kind."""
    pairs = [((one.person.then or {}).get(name), (one.values or {}).get(name)) for one in places]
    stay = sum(old is not None and old == new for old, new in pairs)
    came = sum(new is not None and old != new for old, new in pairs)
    went = sum(old is not None and old != new for old, new in pairs) + lost
    many = Counter(new for _, new in pairs)
    parts = {kind: Part(Group(stay, came, went, before.get(kind)), many[kind]) for kind in kinds}
    # A kind that the content does not know any more is one of the others.
    rest = stay + came - sum(part.count for part in parts.values())
    return parts | {_UNKNOWN: Part(Group(stay, came, went), rest)} if rest else parts


def _mix(
    parts: Mapping[str, Part], before: Mapping[str, Band], told: Mapping[str, Band] | None = None
) -> dict[str, Band]:
    """Return the bands of the kinds of a breakdown; one that nothing happened to stays as it was."""
    people = next(iter(parts.values())).group if parts else Group(0, 0, 0)
    if before and not people.came and not people.went:
        return dict(before)
    return {kind: band for kind, band in mixed(parts, told).items() if kind != _UNKNOWN}


def _sections(
    places: Sequence[Place],
    lost: int,
    scheme: Scheme,
    before: Mapping[int, Figures],
    whole: Mapping[str, tuple[Band | None, Part]],
) -> dict[int, Figures]:
    """Return the figures of the sections that are large enough, unless somebody went from one to another."""
    others = any(one.person.counted and one.values is not None and one.cell != one.person.cell for one in places)
    if lost or others:
        return {}
    counted = [one for one in places if one.values is not None]
    sizes = {role: sum(one.cell == role for one in counted) for role in scheme.roles}
    large = [role for role, size in sizes.items() if FEWEST <= size <= len(counted) - FEWEST]
    kept: dict[int, dict[str, Band]] = {role: {} for role in large}
    inside = {role: _inside(places, role) for role in large}
    for name, (band, of_class) in whole.items():
        if band is None:
            continue
        parts = [_of_section(inside[role], name, of_class.group.unit, before.get(role)) for role in large]
        for role, found in zip(large, split(parts, band, of_class.group), strict=True):
            if found is not None:
                kept[role][name] = found
    return {
        role: Figures(
            sizes[role],
            {name: found[name] for name in SHARES if name in found},
            checklist={name: found[name] for name in scheme.checklist if name in found},
        )
        for role, found in kept.items()
    }


def _inside(places: Sequence[Place], role: int) -> list[Place]:
    """Return those who are counted in a section, or were last week, as that section sees them."""
    return [
        Place(_as_in(one, role), role, one.values if one.cell == role else None)
        for one in places
        if role in {one.cell, one.person.cell}
    ]


def _of_section(inside: Sequence[Place], name: str, unit: int, last: Figures | None) -> Part | None:
    """Return the people of a section behind a figure; None when fewer than five of them changed, but some did."""
    part = _part(inside, name, unit, None if last is None else _known(last, name))
    few = range(1, BATCH)
    return None if part.group.came in few or part.group.went in few else part


def _as_in(one: Place, role: int) -> Person:
    person = one.person
    if person.cell == role:
        return person
    return Person(person.id, person.here, person.section, person.values)
