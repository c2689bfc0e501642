"""What may be said of a class without saying anything about one person (method, section 6).

A count is only ever known as a band. Who is counted, and what of them, changes for at least five people at a time; and
the bands that a count may fall into are chosen, from what everybody may know, so that none of them says of a group of
people that all of them or none of them are counted: not beside last week's band, and not beside those of other groups.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import pairwise

BATCH = 5
"""Fewer people than this are never told apart (method, section 6)."""
WIDE = 0.3
"""A band of more than this share of the whole is told by its ends: its middle would promise too much."""
OUT = -1
"""In place of the section of those who were taken out of theirs because fewer than five others went from it."""
FEWEST = 2 * BATCH
"""From so many people on there are figures at all, of a class, of a section, or broken down."""


@dataclass(frozen=True, slots=True)
class Band:
    """What is known of a count: it lies between two numbers, both included, of so many."""

    low: int
    high: int
    of: int

    @property
    def percent(self) -> int:
        """Return the middle of the band as a share, rounded to 5 %."""
        return round(50 * (self.low + self.high) / self.of / 5) * 5

    @property
    def wide(self) -> bool:
        """Return whether its middle would promise too much."""
        return self.high - self.low > WIDE * self.of

    @property
    def rest(self) -> "Band":
        """Return what is known of those who are not counted."""
        return Band(self.of - self.high, self.of - self.low, self.of)


def bands(of: int, unit: int = 1) -> list[Band]:
    """Return the bands of a count of so many people, of whom each counts up to `unit`; none below ten people.

    Fives from below, and the last five at the top; what does not fill a band joins the one before it. In a large class
    a fortieth of it takes the place of five: a share is rounded to more than that anyway.
    """
    if of < FEWEST:
        return []
    step = max(BATCH, of // 40)
    ends = [of // 2] if of < 3 * BATCH else [*range(step, of - 2 * step + 2, step), of - step + 1]
    edges = [0, *ends, of + 1]
    whole = of * unit
    return [Band(low * unit, min(high * unit - 1, whole), whole) for low, high in pairwise(edges)]


def percent_words(band: Band | None) -> str:
    """Return a share in words: rounded to 5 %, open at both ends; of a band that is wide, from where to where."""
    if band is None:
        return "not shown"
    if band.wide:
        return _wide_words(band)
    if band.percent < 10:
        return "under 10 %"
    return "over 90 %" if band.percent > 90 else f"about {band.percent} %"


def _wide_words(band: Band) -> str:
    low, high = (round(20 * number / band.of) * 5 for number in (band.low, band.high))
    if band.low == 0:
        return f"under {max(10, round(20 * (band.high + 1) / band.of) * 5)} %"
    return f"{low} % or more" if band.high == band.of else f"{low} to {high} %"


def trend_words(before: Band | None, now: Band | None) -> str | None:
    """Return how a share moved since the week before, by its band; None when one of them is not known."""
    if before is None or now is None:
        return None
    moved = now.percent - before.percent
    if abs(moved) < 10:
        return "about the same"
    return "up" if moved > 0 else "down"


# Who is counted


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a course, as far as figures go; `values`: by figure, as they stand now.

    `section`: the course's section they are in. `then`: the values that the last figures counted, None when they were
    not counted; `cell`: the section in which they were. `once`: they were counted earlier, and are not any more.
    """

    id: int
    here: bool
    section: int | None
    values: Mapping[str, int | str]
    then: Mapping[str, int | str] | None = None
    cell: int | None = None
    once: bool = False

    @property
    def counted(self) -> bool:
        """Return whether the last figures counted them."""
        return self.then is not None


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is counted from now on, and with what; `values` None: they are not."""

    person: Person
    cell: int | None
    values: Mapping[str, int | str] | None


Pick = Callable[[Sequence[Person], int], Collection[Person]]
"""Chooses so many people at random."""


def afresh(people: Sequence[Person]) -> list[Place]:
    """Return everybody who is here as counted: for a class of which no figures were shown last week."""
    return [Place(one, one.section, one.values) if one.here else Place(one, None, None) for one in people]


def admits(held: int) -> bool:
    """Return whether anybody may be counted anew, after `held` counted members were erased since that last was so.

    After one to four of them nobody is, until there are five: else those who were taken out with them came back, and
    figures from before and after would differ by the erased alone, whatever lies between.
    """
    return held == 0 or held >= BATCH


def moved(places: Sequence[Place]) -> bool:
    """Return whether anybody is counted, or in which section, otherwise than before."""
    return any(
        one.person.counted != (one.values is not None) or (one.values is not None and one.cell != one.person.cell)
        for one in places
    )


def settled(people: Sequence[Person], lost: int, pick: Pick, *, admit: bool = True, rest: bool = False) -> list[Place]:
    """Return who is counted from now on, where, and with what.

    New members wait until five do, and until `admit`. Those who left stay counted until five have. When counted
    members were erased, of whom there were `lost`, so many others go with them that it is five. Who was counted once
    and is not any more is not again: else weeks further apart would differ by the others alone. A value is taken anew
    when it is for five people. A section too changes by five at a time: who goes with others from it is counted in none
    from then on.

    `rest`: who is counted stays as it is, because it changed the week before. Then of any three neighbouring weeks two
    are of the same people: three of which each is of others could be set off against one another.
    """
    went = set[int]() if rest else {one.id for one in _went(people, lost, pick)}
    came = _came(people) if admit and not rest else []
    stay = [one for one in people if one.counted and one.id not in went]
    kept = frozenset[str]() if went or came or lost else _kept(stay)
    cells = {one.id: one.cell for one in stay} if rest else dict(_cells(stay, came))
    cells |= _taken_out(people, cells, lost, pick)
    places: list[Place] = []
    for one in people:
        if one.id not in cells:
            places.append(Place(one, None, None))
            continue
        then = one.then or {}
        values = {name: then[name] if name in kept else value for name, value in one.values.items()}
        places.append(Place(one, cells[one.id], values))
    return places


def _went(people: Sequence[Person], lost: int, pick: Pick) -> Collection[Person]:
    counted = [one for one in people if one.counted]
    left = [one for one in counted if not one.here]
    if len(left) + lost >= BATCH:
        return left
    return pick(counted, min(BATCH - lost, len(counted))) if lost else ()


def _came(people: Sequence[Person]) -> list[Person]:
    waiting = [one for one in people if one.here and not one.counted and not one.once]
    return waiting if len(waiting) >= BATCH else []


def _kept(stay: Sequence[Person]) -> frozenset[str]:
    """Return the figures whose values changed for fewer than five people, so that they stay as they were."""
    changed: dict[str, int] = {}
    for one in stay:
        then = one.then or {}
        if then == one.values:
            continue
        for name, value in one.values.items():
            # A figure that is new is taken from everybody.
            if name not in then:
                changed[name] = BATCH
            elif then[name] != value:
                changed[name] = changed.get(name, 0) + 1
    names = stay[0].values if stay else ()
    return frozenset(name for name in names if changed.get(name, 0) < BATCH)


def _cells(stay: Sequence[Person], came: Sequence[Person]) -> Iterator[tuple[int, int | None]]:
    """Yield in which section each one is counted: where five or more go the same way, they go; others stay or wait."""
    ways: dict[tuple[bool, int | None, int | None], list[Person]] = {}
    for one in stay:
        ways.setdefault((True, one.cell, OUT if one.cell == OUT else one.section), []).append(one)
    for one in came:
        ways.setdefault((False, None, one.section), []).append(one)
    for (_, cell, section), group in ways.items():
        for one in group:
            yield one.id, section if len(group) >= BATCH else cell


def _taken_out(people: Sequence[Person], cells: Mapping[int, int | None], lost: int, pick: Pick) -> dict[int, int]:
    """Return who goes with the few that went from their section, by erasure from an unknown one, so that it is five."""
    inside: dict[int, list[Person]] = {}
    for one in people:
        if one.counted and one.cell not in {None, OUT}:
            inside.setdefault(one.cell or 0, []).append(one)
    out: dict[int, int] = {}
    for role, those in inside.items():
        left = [one for one in those if cells.get(one.id) == role]
        went = len(those) - len(left)
        if went < BATCH and (went or lost):
            out |= {one.id: OUT for one in pick(left, min(BATCH - went, len(left)))}
    return out


# Which bands are safe


@dataclass(frozen=True, slots=True)
class Both:
    """What a count could have been last week (`then`) and this week (`now`), and by how much it is `less` now."""

    then_low: int
    then_high: int
    now_low: int
    now_high: int
    less_low: int
    less_high: int

    def tight(self) -> "Both | None":
        """Return the same with no bound wider than the others allow; None when nothing fits."""
        one = Both(
            max(self.then_low, self.now_low + self.less_low),
            min(self.then_high, self.now_high + self.less_high),
            max(self.now_low, self.then_low - self.less_high),
            min(self.now_high, self.then_high - self.less_low),
            max(self.less_low, self.then_low - self.now_high),
            min(self.less_high, self.then_high - self.now_low),
        )
        fits = one.then_low <= one.then_high and one.now_low <= one.now_high and one.less_low <= one.less_high
        return one if fits else None

    def plus(self, other: "Both") -> "Both":
        """Return what both counts could be together; exact when both are tight."""
        return Both(
            self.then_low + other.then_low,
            self.then_high + other.then_high,
            self.now_low + other.now_low,
            self.now_high + other.now_high,
            self.less_low + other.less_low,
            self.less_high + other.less_high,
        )

    def minus(self, other: "Both") -> "Both":
        """Return what a sum could be without one of its parts: the opposite of `plus`."""
        return Both(
            self.then_low - other.then_low,
            self.then_high - other.then_high,
            self.now_low - other.now_low,
            self.now_high - other.now_high,
            self.less_low - other.less_low,
            self.less_high - other.less_high,
        )

    def without(self, other: "Both") -> "Both":
        """Return what is left of a count when some of it could be the other."""
        return Both(
            self.then_low - other.then_high,
            self.then_high - other.then_low,
            self.now_low - other.now_high,
            self.now_high - other.now_low,
            self.less_low - other.less_high,
            self.less_high - other.less_low,
        )

    def within(self, other: "Both") -> "Both":
        """Return what both say of one count."""
        return Both(
            max(self.then_low, other.then_low),
            min(self.then_high, other.then_high),
            max(self.now_low, other.now_low),
            min(self.now_high, other.now_high),
            max(self.less_low, other.less_low),
            min(self.less_high, other.less_high),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """People behind one figure, by how they changed since last week, each of them counting up to `unit`.

    `stay`: they counted then as they do now. `came`: they count anew, or differently. `went`: as they did then.
    `before`: what was said of `stay` and `went` last week, if anything.
    """

    stay: int
    came: int
    went: int
    before: Band | None = None
    unit: int = 1

    @property
    def size(self) -> int:
        """Return how many people the figure counts."""
        return self.stay + self.came

    def forced(self, low: int, high: int) -> bool:
        """Return whether a band, beside last week's, would say of all who stayed, came or went that they are in or out.

        A band that cannot be, as last week's was, forces nothing.
        """
        return self.forced_in(self.could_be(low, high))

    def forced_growing(self, low: int, high: int) -> bool:
        """Return the same of counts that may have grown among those who stayed, as those of a term's meetings do."""
        stay, came, went = self._counts
        then_low, then_high = (0, stay + went) if self.before is None else (self.before.low, self.before.high)
        first, last = max(0, then_low - went), min(stay, high)
        if first > last:
            return False
        stayed = first, min(stay, then_high, last)
        stay_now = max(first, low - came), last
        anew = max(0, low - last), min(came, high - stay_now[0])
        gone = max(0, then_low - stayed[1]), min(went, then_high - first)
        sure = [(stayed, stay), (stay_now, stay), (anew, came), (gone, went)]
        return any(most == 0 or least == whole for (least, most), whole in sure if whole)

    def could_be(self, low: int, high: int) -> Both:
        """Return what the counts of last week and of this one could be, if this one's lies in a band."""
        stay, came, went = self._counts
        before = (0, stay + went) if self.before is None else (self.before.low, self.before.high)
        return Both(*before, max(0, low), min(high, stay + came), -came, went)

    def forced_in(self, both: Both) -> bool:
        """Return whether what the counts could be says of all who stayed, came or went that they are in or out."""
        stay, came, went = self._counts
        one = both.tight()
        if one is None:
            return False
        stayed = max(0, one.then_low - went, one.now_low - came), min(stay, one.then_high, one.now_high)
        anew = max(0, one.now_low - stay, -one.less_high), min(came, one.now_high, went - one.less_low)
        gone = max(0, one.then_low - stay, one.less_low), min(went, one.then_high, came + one.less_high)
        sure = [(stayed, stay), (anew, came), (gone, went)]
        return any(most == 0 or least == whole for (least, most), whole in sure if whole)

    @property
    def _counts(self) -> tuple[int, int, int]:
        return self.stay * self.unit, self.came * self.unit, self.went * self.unit


def total(spans: Sequence[Both]) -> Both:
    """Return what several counts could be together."""
    return reduce(Both.plus, spans)


def safe_band(count: int, blocks: Sequence[Band], forcing: Callable[[Band], bool]) -> Band | None:
    """Return the band of a count, after those that would force something were joined to their neighbours.

    Which are joined does not depend on the count, so the choice tells nothing. None when one band is left: it says
    nothing.
    """
    left = list(blocks)
    number = 0
    while number < len(left) and len(left) > 1:
        if not forcing(left[number]):
            number += 1
            continue
        first = max(0, number - 1)
        left[first : first + 2] = [Band(left[first].low, left[first + 1].high, left[first].of)]
        number = first
    return next((one for one in left if one.low <= count <= one.high), None) if len(left) > 1 else None


@dataclass(frozen=True, slots=True)
class Part:
    """One of several groups that make up a whole, and its count."""

    group: Group
    count: int


def split(parts: Sequence[Part | None], whole: Band, group: Group) -> list[Band | None]:
    """Return the bands of the parts of a whole, each safe beside the whole's band, last week's and the others'.

    `group`: the people of the whole. A part that is None, or of fewer than ten people, is not shown.
    """
    shown: list[tuple[Group, Band]] = []
    found: list[Band | None] = []
    of_all = group.could_be(whole.low, whole.high)

    def forcing(one: Group, block: Band) -> bool:
        told = [*shown, (one, block)]
        return _beside(told, _others(told, group), of_all, group)

    for part in parts:
        band = None
        if part is not None and part.group.size >= FEWEST:
            one = part.group
            band = safe_band(part.count, bands(one.size, one.unit), partial(forcing, one))
            if band is not None:
                shown.append((one, band))
        found.append(band)
    return found


def _others(shown: Sequence[tuple[Group, Band]], group: Group) -> Group:
    """Return the people of a whole who are in none of the parts shown."""
    parts = [one for one, _ in shown]
    return Group(
        group.stay - sum(one.stay for one in parts),
        group.came - sum(one.came for one in parts),
        group.went - sum(one.went for one in parts),
        unit=group.unit,
    )


def _beside(shown: Sequence[tuple[Group, Band]], others: Group | None, of_all: Both, group: Group | None) -> bool:
    """Return whether the bands of some parts would force one of them, or the `others`, or the whole `group`.

    `of_all`: what the whole's counts could be.
    """
    people = [one for one, _ in shown]
    could = [one.could_be(band.low, band.high).tight() for one, band in shown]
    if others is not None:
        people.append(others)
        could.append(others.could_be(0, others.size * others.unit).tight())
    spans = [one for one in could if one is not None]
    whole = of_all.tight()
    if whole is None or len(spans) < len(could):
        return False
    together = total(spans)
    if whole.within(together).tight() is None:
        return False
    for one, span in zip(people, spans, strict=True):
        if one.forced_in(span.within(whole.without(together.minus(span)))):
            return True
    return group is not None and group.forced_in(whole.within(together))


def mixed(groups: Mapping[str, Part], told: Mapping[str, Band] | None = None) -> dict[str, Band]:
    """Return the bands of the kinds that people are broken down into; none below ten people.

    Each of the people is of one kind. `told`: kinds whose bands are known already. A kind whose band says nothing is
    left out: it belongs to the others, as do those that the band calls fewer than five.
    """
    size = next(iter(groups.values())).group.size if groups else 0
    if size < FEWEST:
        return {}
    found = dict(told or {})

    def forcing(name: str, block: Band) -> bool:
        return forced_in_mix(groups, found | {name: block})

    for name, part in groups.items():
        if name in found:
            continue
        band = safe_band(part.count, bands(size), partial(forcing, name))
        if band is not None:
            found[name] = band
    return found


def forced_in_mix(groups: Mapping[str, Part], told: Mapping[str, Band]) -> bool:
    """Return whether the bands of some kinds, beside all that was said last week, would force one of the kinds."""
    people = next(iter(groups.values())).group
    size, before = people.size, people.stay + people.went
    # What was said of a kind last week is known, also when nothing is said of it now.
    known = [(part.group, told.get(name, Band(0, size, size))) for name, part in groups.items()]
    return _beside(known, None, Both(before, before, size, size, -people.came, people.went), None)
