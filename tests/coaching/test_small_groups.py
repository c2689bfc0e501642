"""What is said of a class says nothing about one person, also beside last week's, and beside its sections."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.figures import WHOLE_CLASS, Figures, Scheme, taken
from bot.coaching.small_groups import (
    BATCH,
    FEWEST,
    OUT,
    Band,
    Group,
    Part,
    Person,
    Place,
    afresh,
    bands,
    mixed,
    percent_words,
    safe_band,
    settled,
    split,
    trend_words,
)

# Bands


@given(st.integers(10, 10_000), st.integers(1, 12))
def test_bands_cover_every_count_once_and_none_is_narrower_than_five_people(of: int, unit: int) -> None:
    found = bands(of, unit)
    assert found[0].low == 0
    assert found[-1].high == of * unit
    for one, after in pairwise(found):
        assert one.high + 1 == after.low
    assert all(one.high - one.low + 1 >= BATCH * unit for one in found[:-1])
    assert found[-1].high - found[-1].low >= 4 * unit


def test_below_ten_people_there_are_no_bands() -> None:
    assert [bands(of) for of in range(10)] == [[]] * 10


@pytest.mark.parametrize(
    ("of", "edges"),
    [
        (10, [(0, 4), (5, 10)]),
        (14, [(0, 6), (7, 14)]),
        (15, [(0, 4), (5, 10), (11, 15)]),
        (33, [(0, 4), (5, 9), (10, 14), (15, 19), (20, 28), (29, 33)]),
    ],
)
def test_bands_are_fives_from_below_and_nearly_all_at_the_top(of: int, edges: list[tuple[int, int]]) -> None:
    assert [(one.low, one.high) for one in bands(of)] == edges


@pytest.mark.parametrize(
    ("band", "words"),
    [
        (None, "not shown"),
        (Band(0, 4, 100), "under 10 %"),
        (Band(35, 39, 100), "about 35 %"),
        (Band(96, 100, 100), "over 90 %"),
        (Band(0, 4, 10), "under 50 %"),
        (Band(5, 10, 10), "50 % or more"),
        (Band(5, 10, 15), "35 to 65 %"),
    ],
)
def test_a_share_in_words_is_rounded_and_a_wide_one_says_from_where_to_where(band: Band | None, words: str) -> None:
    assert percent_words(band) == words


def test_a_trend_needs_two_weeks_and_a_change_that_the_rounding_shows() -> None:
    low, high = Band(5, 9, 30), Band(15, 19, 30)
    assert trend_words(None, low) is None
    assert trend_words(low, low) == "about the same"
    assert trend_words(low, high) == "up"
    assert trend_words(high, low) == "down"


# One figure, in two neighbouring weeks: everything that could have been is tried.


def worlds(group: Group) -> Iterable[tuple[int, ...]]:
    """Yield how many of those who stayed, came and went could count."""
    sizes = (group.stay, group.came, group.went)
    return product(*(range(size * group.unit + 1) for size in sizes))


def forced(found: Sequence[Sequence[int]], sizes: Sequence[int]) -> bool:
    """Return whether all that could have been agree that everybody of some people counts fully, or nobody does."""
    return any(size and ({one[place] for one in found} in ({0}, {size})) for place, size in enumerate(sizes))


def seen(count: int, group: Group) -> Band | None:
    return safe_band(count, bands(group.size, group.unit), lambda band: group.forced(band.low, band.high))


@pytest.mark.parametrize("stay", range(12))
@pytest.mark.parametrize("came", [0, 5, 6, 7, 11])
@pytest.mark.parametrize("went", [0, 5, 6, 8])
def test_no_band_beside_last_weeks_says_of_a_group_that_all_or_none_of_it_count(
    stay: int, came: int, went: int
) -> None:
    stay += 8
    before_size = stay + went
    if before_size < 10 or stay + came < 10:
        return
    for before in bands(before_size):
        group = Group(stay, came, went, before)
        possible: dict[Band | None, list[tuple[int, ...]]] = {}
        for world in worlds(group):
            if before.low <= world[0] + world[2] <= before.high:
                possible.setdefault(seen(world[0] + world[1], group), []).append(world)
        for told, found in possible.items():
            assert not forced(found, (stay, came, went)), (group, told)


@settings(max_examples=25)
@given(st.integers(3, 9), st.integers(2, 3), st.sampled_from([0, 5, 6]), st.sampled_from([0, 5, 7]))
def test_sums_of_answers_say_as_little(stay: int, unit: int, came: int, went: int) -> None:
    stay += 5
    if stay + went < 10 or stay + came < 10:
        return
    for before in bands(stay + went, unit):
        group = Group(stay, came, went, before, unit)
        possible: dict[Band | None, list[tuple[int, ...]]] = {}
        for world in worlds(group):
            if before.low <= world[0] + world[2] <= before.high:
                possible.setdefault(seen(world[0] + world[1], group), []).append(world)
        for told, found in possible.items():
            assert not forced(found, [size * unit for size in (stay, came, went)]), (group, told)


# Parts of a whole


def whole_of(count: int, size: int) -> Band:
    band = safe_band(count, bands(size), lambda band: Group(size, 0, 0).forced(band.low, band.high))
    assert band is not None
    return band


@pytest.mark.parametrize(
    "sizes", [(10, 10), (10, 12, 3), (11, 15), (13, 10, 1), (20, 12), (16, 14, 4), (10, 10, 10), (12, 11, 10, 2)]
)
def test_sections_beside_their_class_say_of_none_of_them_that_all_or_none_count(sizes: tuple[int, ...]) -> None:
    size = sum(sizes)
    possible: dict[object, list[tuple[int, ...]]] = {}
    for world in product(*(range(one + 1) for one in sizes)):
        whole = whole_of(sum(world), size)
        parts = [Part(Group(one, 0, 0), count) for one, count in zip(sizes, world, strict=True)]
        told = split(parts, whole, Group(size, 0, 0))
        possible.setdefault((whole, *told), []).append(world)
    for told, found in possible.items():
        assert not forced(found, sizes), told
        # Those outside a section, as if they were one group.
        outside = [tuple(sum(world) - one for one in world) for world in found]
        assert not forced(outside, [size - one for one in sizes]), told


@pytest.mark.parametrize("size", [10, 11, 12, 14, 15, 16, 19, 21])
@pytest.mark.parametrize("kinds", [2, 3, 4])
def test_a_breakdown_says_of_no_kind_that_all_or_none_are_of_it(size: int, kinds: int) -> None:
    names = "abcd"[:kinds]
    possible: dict[object, list[tuple[int, ...]]] = {}
    for world in product(range(size + 1), repeat=kinds):
        if sum(world) == size:
            parts = {name: Part(Group(size, 0, 0), count) for name, count in zip(names, world, strict=True)}
            told = tuple(mixed(parts).items())
            possible.setdefault(told, []).append(world)
    for told, found in possible.items():
        assert not forced(found, [size] * kinds), told


# Who is counted


def first(people: Sequence[Person], number: int) -> list[Person]:
    return list(people)[:number]


def person(number: int, value: int = 0, then: int | None = None, **more: object) -> Person:
    return Person(
        number,
        bool(more.get("here", True)),
        more.get("section"),  # type: ignore[arg-type]
        {"goal": value},
        None if then is None else {"goal": then},
        more.get("cell"),  # type: ignore[arg-type]
    )


def counted(places: Iterable[Place]) -> set[int]:
    return {one.person.id for one in places if one.values is not None}


def test_four_new_members_wait_and_a_fifth_lets_all_in() -> None:
    old = [person(number, then=0) for number in range(10)]
    for new in range(7):
        places = settled([*old, *(person(100 + number) for number in range(new))], 0, first)
        assert len(counted(places)) == 10 + (new if new >= BATCH else 0)


def test_those_who_left_stay_counted_until_five_have() -> None:
    for left in range(7):
        people = [person(number, then=0, here=number >= left) for number in range(15)]
        assert len(counted(settled(people, 0, first))) == 15 - (left if left >= BATCH else 0)


def test_when_counted_members_were_erased_so_many_others_wait_that_it_is_five() -> None:
    for lost in range(1, 7):
        people = [person(number, then=0) for number in range(15)]
        assert len(counted(settled(people, lost, first))) == 15 - max(0, BATCH - lost)


def test_a_value_is_taken_anew_when_it_changed_for_five_people() -> None:
    for changed in range(8):
        people = [person(number, int(number < changed), then=0) for number in range(12)]
        values = [one.values["goal"] for one in settled(people, 0, first) if one.values]
        assert sum(int(value) for value in values) == (changed if changed >= BATCH else 0)


def test_four_people_who_change_their_section_wait_for_a_fifth() -> None:
    for moving in range(7):
        people = [person(number, then=0, cell=1, section=2 if number < moving else 1) for number in range(15)]
        cells = [one.cell for one in settled(people, 0, first)]
        assert cells.count(2) == (moving if moving >= BATCH else 0)


def test_in_a_week_of_rest_nobody_comes_goes_or_changes_their_section() -> None:
    old = [person(number, then=0, here=number >= 6, cell=1, section=2) for number in range(20)]
    places = settled([*old, *(person(100 + number) for number in range(8))], 0, first, rest=True)
    assert counted(places) == set(range(20))
    assert {one.cell for one in places if one.values} == {1}


def test_who_was_counted_once_and_is_not_any_more_is_not_again() -> None:
    back = [replace(person(100 + number), once=True) for number in range(6)]
    for new in range(7):
        people = [*(person(number, then=0) for number in range(10)), *back, *(person(200 + n) for n in range(new))]
        assert len(counted(settled(people, 0, first))) == 10 + (new if new >= BATCH else 0)


@pytest.mark.parametrize("changed", range(5))
def test_which_bands_there_are_does_not_tell_of_how_many_it_changed(changed: int) -> None:
    # Five went of eighteen, of whom nearly all had met somebody; of those who stayed some have since.
    before = Figures(18, {"met": Band(14, 18, 18)})
    places = [Place(person_with("met", number, then=int(number >= changed)), None, {"met": 1}) for number in range(13)]
    places += [Place(person_with("met", 50 + number, then=1), None, None) for number in range(5)]
    found = taken(places, 0, Scheme({}, (), ()), {WHOLE_CLASS: before})
    assert found[WHOLE_CLASS].shares["met"] == Band(6, 13, 13)


def person_with(name: str, number: int, then: int) -> Person:
    return Person(number, True, None, {name: 1}, {name: then})


def test_a_class_that_was_not_shown_is_counted_as_it_is() -> None:
    people = [person(1), person(2, here=False), person(3, then=0), person(4, then=1, here=False)]
    assert counted(afresh(people)) == {1, 3}


Pick = Callable[[Sequence[Person], int], list[Person]]


@given(st.data())
def test_from_one_week_to_the_next_no_fewer_than_five_come_or_go(data: st.DataObject) -> None:
    people = [
        person(
            number,
            then=data.draw(st.sampled_from([None, 0, 1])),
            here=data.draw(st.booleans()),
            section=data.draw(st.sampled_from([None, 1, 2])),
            cell=data.draw(st.sampled_from([None, OUT, 1, 2])),
        )
        for number in range(data.draw(st.integers(0, 30)))
    ]
    # Somebody's loss is known only of figures that were shown, and those counted ten at least.
    counted_then = sum(one.counted for one in people)
    lost = data.draw(st.integers(max(0, FEWEST - counted_then) if counted_then < FEWEST else 0, 10)) if people else 0
    places = settled(people, lost, first)
    before = {one.id for one in people if one.counted}
    now = counted(places)
    assert len(now - before) == 0 or len(now - before) >= BATCH
    went = len(before - now) + lost
    assert went == 0 or went >= BATCH or not now
    for role in (1, 2):
        in_then = {one.id for one in people if one.counted and one.cell == role}
        in_now = {one.person.id for one in places if one.values is not None and one.cell == role}
        assert len(in_now - in_then) == 0 or len(in_now - in_then) >= BATCH
        # Whose the erased members were is not known: they may be this section's, if anybody of then is left in it.
        assert (not lost and in_then <= in_now) or len(in_then - in_now) >= BATCH or not in_then & in_now
    assert all(one.cell == OUT for one in places if one.person.cell == OUT and one.person.counted and one.values)


def test_who_goes_with_the_one_that_left_a_section_never_comes_back_to_it() -> None:
    people = [person(number, then=0, here=number >= 5, cell=1 + (number < 4), section=1) for number in range(30)]
    people = [replace(one, section=one.cell) for one in people]
    places = settled(people, 0, first)
    cells = Counter(one.cell for one in places if one.values is not None)
    assert cells == {1: 26 - BATCH, OUT: BATCH - 1}
    later = [replace(one.person, then=one.values, cell=one.cell) for one in places if one.values is not None]
    assert Counter(one.cell for one in settled(later, 0, first)) == cells
