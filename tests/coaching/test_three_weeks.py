"""Three neighbouring weeks of one figure: whatever people do, all that is shown together forces nobody's value.

Who came and who left is no secret, so people are told apart by the weeks in which they are counted. For each course of
their values that could be, it is worked out what three weeks show. Whoever knows all three, and the rules, is left with
those courses that show just that: in each week, some of them must have somebody of each group in, and somebody out.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.figures import WHOLE_CLASS, Figures, Scheme, taken
from bot.coaching.small_groups import BATCH, FEWEST, Band, Person, Place

Counts: TypeAlias = tuple[int, ...]
"""How many count in each week; of how many it changed from one to the next, twice; and from the first to the last."""
Ends: TypeAlias = tuple[tuple[int, int], ...]
"""The fewest and the most of each group that count, week by week."""
SCHEME = Scheme({}, (), ())
NOBODY: Counts = (0,) * 6


class Course(Enum):
    """What a member's value may do from week to week."""

    FREELY = "a focus or a goal comes and goes"
    GROWS = "an exchange or a meeting of this term stays one"


def courses(weeks: str, course: Course) -> Iterator[tuple[int | None, ...]]:
    """Yield what the value of somebody may be in the weeks in which they are counted."""
    for values in product((0, 1), repeat=weeks.count("1")):
        if course is Course.FREELY or list(values) == sorted(values):
            left = iter(values)
            yield tuple(next(left) if one == "1" else None for one in weeks)


def counts_of(values: Sequence[int | None], moved: Sequence[bool]) -> Counts:
    one, two, three = values
    # Of how many it changed is looked at between two weeks in which nobody came or went.
    changed = _changed(one, two), _changed(two, three), _changed(one, three)
    matters = not moved[0], not moved[1], not moved[0] and not moved[1]
    return (one or 0, two or 0, three or 0, *(number * asked for number, asked in zip(changed, matters, strict=True)))


def _changed(then: int | None, now: int | None) -> int:
    return int(then is not None and now is not None and then != now)


def plus(one: Counts, other: Counts) -> Counts:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def of_group(weeks: str, size: int, course: Course, moved: Sequence[bool]) -> set[Counts]:
    """Return what so many people who are counted in these weeks may add up to."""
    found = {NOBODY}
    each = [counts_of(values, moved) for values in courses(weeks, course)]
    for _ in range(size):
        found = {plus(one, values) for one in found for values in each}
    return found


def together(groups: Mapping[str, int], course: Course) -> dict[Counts, Ends]:
    """Return what all may add up to, each with the fewest and the most of each group that may count then."""
    whole: dict[Counts, Ends] = {NOBODY: ()}
    moved = [any(weeks[at] != weeks[at + 1] for weeks in groups) for at in range(2)]
    for weeks, size in groups.items():
        mine = of_group(weeks, size, course, moved)
        added: dict[Counts, Ends] = {}
        for before, ends in whole.items():
            for one in mine:
                both, more = plus(before, one), (*ends, *((one[week], one[week]) for week in range(3)))
                added[both] = wider(added.get(both, more), more)
        whole = added
    return whole


def wider(one: Ends, other: Ends) -> Ends:
    return tuple((min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(one, other, strict=True))


@cache
def shown(
    stay: int, came: int, went: int, before: Band | None, count: int, *, known: bool, moved: bool = False
) -> Band | None:
    """Return what the figures show of so many people, of whom so many count; `known`: some were shown before.

    When nobody came or went, it changed for some. `moved`: others were counted last week than in the one before.
    """
    then = {"goal": -1}
    places = [
        Place(Person(number, True, None, {}, then if number < stay else None), None, {"goal": int(number < count)})
        for number in range(stay + came)
    ]
    places += [Place(Person(-number, True, None, {}, then), None, None) for number in range(1, went + 1)]
    last = {WHOLE_CLASS: Figures(FEWEST, {} if before is None else {"goal": before}, moved=moved)} if known else {}
    return taken(places, 0, SCHEME, last)[WHOLE_CLASS].shares.get("goal")


def three_weeks(groups: Mapping[str, int], counts: Counts) -> tuple[Band | None, ...]:
    """Return what three weeks show of a figure; a change of fewer than five people alone is not taken."""
    one, two, three, first, second, across = counts
    sizes = [sum(size for weeks, size in groups.items() if weeks[week] == "1") for week in range(3)]
    band = shown(0, sizes[0], 0, None, one, known=False)
    if sizes[1] < FEWEST:
        return band, None, _next(groups, (0, 2), band, (one, three), across)[0]
    then, stale = _next(groups, (0, 1), band, (one, two), first)
    moved = any(weeks[0] != weeks[1] for weeks in groups)
    last, _ = _next(groups, (1, 2), then, (one if stale else two, three), across if stale else second, moved=moved)
    return band, then, last


def _next(
    groups: Mapping[str, int],
    weeks: tuple[int, int],
    before: Band | None,
    counts: tuple[int, int],
    changed: int,
    *,
    moved: bool = False,
) -> tuple[Band | None, bool]:
    """Return what is shown of the later of two weeks, and whether the values of the earlier one stand on."""
    earlier, later = weeks
    came = sum(size for one, size in groups.items() if one[earlier] + one[later] == "01")
    went = sum(size for one, size in groups.items() if one[earlier] + one[later] == "10")
    both = sum(size for one, size in groups.items() if one[earlier] + one[later] == "11")
    if not came and not went and changed < BATCH:
        return before or shown(both, 0, 0, before, counts[0], known=True, moved=moved), True
    return shown(both, came, went, before, counts[1], known=True, moved=moved), False


def assert_nobody_is_forced(groups: Mapping[str, int], course: Course) -> None:
    left: dict[tuple[Band | None, ...], Ends] = {}
    for counts, ends in together(groups, course).items():
        seen = three_weeks(groups, counts)
        left[seen] = wider(left.get(seen, ends), ends)
    asked = [(weeks, size, week) for weeks, size in groups.items() for week in range(3)]
    for seen, ends in left.items():
        for (weeks, size, week), (fewest, most) in zip(asked, ends, strict=True):
            if weeks[week] == "1" and size:
                assert fewest < size, (groups, seen, weeks, week)
                assert most > 0, (groups, seen, weeks, week)


COME_AND_GO = (
    # "110": who is counted in the first two weeks, and not in the third. Who is counted changes once in three weeks.
    {"111": 10},
    {"111": 13},
    {"111": 10, "100": 5},
    {"111": 10, "110": 5},
    {"111": 10, "001": 5},
    {"111": 6, "110": 6, "001": 5},
    # Too few in the second week: then the third is set beside the first.
    {"111": 9, "100": 5, "001": 5},
)
GROWING = (
    *COME_AND_GO,
    {"111": 16},
    {"111": 21},
    {"111": 10, "011": 5},
    {"111": 12, "100": 5, "011": 5},
    {"111": 11, "110": 6, "001": 6},
    {"111": 5, "100": 6, "011": 5},
)


@pytest.mark.parametrize("groups", COME_AND_GO)
def test_three_weeks_of_what_comes_and_goes_force_nobodys_value(groups: Mapping[str, int]) -> None:
    assert_nobody_is_forced(groups, Course.FREELY)


@pytest.mark.parametrize("groups", GROWING)
def test_three_weeks_of_what_only_grows_force_nobodys_value(groups: Mapping[str, int]) -> None:
    assert_nobody_is_forced(groups, Course.GROWS)


@st.composite
def lawful(draw: st.DrawFn) -> dict[str, int]:
    """Draw who is counted when: five come or nobody, five go or nobody, and not in two neighbouring weeks."""
    come, go = draw(st.sampled_from([0, 5, 6, 7])), draw(st.sampled_from([0, 5, 6, 8]))
    coming, going = draw(st.sampled_from([("011", "100"), ("001", "110")]))
    groups = {"111": draw(st.integers(4, 18)), coming: come, going: go}
    return {weeks: size for weeks, size in groups.items() if size}


@settings(max_examples=10)
@given(lawful())
def test_however_people_come_and_go_for_three_weeks_nobodys_value_is_forced(groups: dict[str, int]) -> None:
    assert_nobody_is_forced(groups, Course.GROWS)
