"""The figures of a week and of the one after it, class and sections together: nobody's value can be worked out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.figures import DELIVERY, GROWS, WHOLE_CLASS, Figures, Scheme, acts_of, taken
from bot.coaching.small_groups import FEWEST, Person, Place, afresh, settled

A, B = 1, 2
SCHEME = Scheme({}, ("meet", "share"), (), (A, B))


@dataclass(frozen=True)
class Kin:
    """People who do the same things: in which section they are, whether they are there in each week, how many."""

    section: int | None
    first: bool
    second: bool
    size: int


def of_week(kin: Sequence[Kin], values: Sequence[Sequence[Mapping[str, int | str]]], now: str) -> list[Person]:
    people: list[Person] = []
    for one, mine in zip(kin, values, strict=True):
        for value in mine:
            number = len(people)
            here = one.first if now == "first" else one.second
            joined = one.first or now == "second"
            if joined:
                people.append(Person(number, here, one.section, value))
            else:
                people.append(Person(number, False, None, value))
    return people


def told(kin: Sequence[Kin], values: Sequence[Sequence[Mapping[str, int | str]]]) -> object:
    """Return all that is shown of two weeks in which everybody's values stay as they are."""
    people = of_week(kin, values, "first")
    places = afresh(people)
    one = taken(places, 0, SCHEME, {})
    later = of_week(kin, values, "second")
    known = {place.person.id: place for place in places}
    again = [_again(person, known[person.id]) for person in later]
    shown = one[WHOLE_CLASS].counted >= FEWEST
    moved = settled(again, 0, lambda found, number: list(found)[:number]) if shown else afresh(again)
    return _plain(one), _plain(taken(moved, 0, SCHEME, one if shown else {}))


def _again(person: Person, place: Place) -> Person:
    return Person(person.id, person.here, person.section, person.values, place.values, place.cell)


def _plain(found: Mapping[int, Figures]) -> str:
    return repr(sorted(found.items()))


def forced(worlds: Sequence[Sequence[int]], sizes: Sequence[int]) -> bool:
    return any(size and {one[at] for one in worlds} in ({0}, {size}) for at, size in enumerate(sizes))


def yes_no(kin: Sequence[Kin]) -> Iterator[tuple[tuple[int, ...], list[list[dict[str, int | str]]]]]:
    for world in product(*(range(one.size + 1) for one in kin)):
        yield (
            world,
            [
                [{"goal": int(number < count)} for number in range(one.size)]
                for one, count in zip(kin, world, strict=True)
            ],
        )


SHAPES = (
    # stayed in A, in B, in no section; came, to which section; went, from which
    (10, 10, 0, 5, A, 0, A),
    (10, 10, 0, 6, B, 0, A),
    (12, 10, 0, 0, A, 5, B),
    (10, 0, 10, 5, A, 0, A),
    (10, 0, 10, 0, A, 6, A),
    (11, 10, 2, 0, A, 0, A),
    (9, 12, 0, 8, A, 0, A),
    (10, 0, 9, 5, None, 0, A),
    (15, 0, 5, 6, A, 5, A),
)


@pytest.mark.parametrize("shape", SHAPES)
def test_two_weeks_of_a_class_and_its_sections_force_nobodys_value(shape: tuple[int, ...]) -> None:
    in_a, in_b, in_none, came, to, went, of = shape
    kin = [
        Kin(A, True, True, in_a),
        Kin(B, True, True, in_b),
        Kin(None, True, True, in_none),
        Kin(to, False, True, came),
        Kin(of, True, False, went),
    ]
    possible: dict[object, list[tuple[int, ...]]] = {}
    for world, values in yes_no(kin):
        possible.setdefault(told(kin, values), []).append(world)
    for shown, worlds in possible.items():
        assert not forced(worlds, [one.size for one in kin]), (kin, shown)


@settings(max_examples=6)
@given(st.integers(10, 14), st.sampled_from([0, 5, 6]), st.sampled_from([0, 5]))
def test_two_weeks_of_a_breakdown_force_nobodys_kind(stay: int, came: int, went: int) -> None:
    kin = [Kin(None, True, True, stay), Kin(None, False, True, came), Kin(None, True, False, went)]
    possible: dict[object, list[tuple[int, ...]]] = {}
    sizes = [one.size for one in kin]
    for world in product(*(range(size + 1) for size in sizes)):
        values = [
            [{"goal": 1, "kind": "meet" if number < count else "share"} for number in range(one.size)]
            for one, count in zip(kin, world, strict=True)
        ]
        possible.setdefault(told(kin, values), []).append(world)
    for shown, worlds in possible.items():
        assert not forced(worlds, sizes), (kin, shown)


@pytest.mark.parametrize("shape", [(10, 5, 0), (11, 0, 5), (10, 0, 6)])
@pytest.mark.parametrize(("name", "kinds"), [("delivery", tuple(DELIVERY)), ("kind", ("", "meet", "share"))])
def test_two_weeks_of_what_became_of_notes_and_of_goals_force_nobodys(
    shape: tuple[int, int, int], name: str, kinds: tuple[str, str, str]
) -> None:
    stay, came, went = shape
    kin = [Kin(None, True, True, stay), Kin(None, False, True, came), Kin(None, True, False, went)]
    each = [
        [(one, two, size - one - two) for one, two in product(range(size + 1), repeat=2) if one + two <= size]
        for size in (stay, came, went)
    ]
    possible: dict[object, list[tuple[int, ...]]] = {}
    for world in product(*each):
        values = [
            [
                {"goal": int(kind != ""), name: kind}
                for kind, many in zip(kinds, group, strict=True)
                for _ in range(many)
            ]
            for group in world
        ]
        possible.setdefault(told(kin, values), []).append(tuple(number for group in world for number in group))
    for shown, worlds in possible.items():
        assert not forced(worlds, [size for size in shape for _ in kinds]), shown


@pytest.mark.parametrize("size", range(10, 17))
def test_goals_beside_what_they_are_about_and_what_is_in_their_way_force_nobodys_goal(size: int) -> None:
    scheme = Scheme({}, ("meet", "share"), ("time",))
    possible: dict[object, list[tuple[int, ...]]] = {}
    for meet, share, hindered in product(range(size + 1), repeat=3):
        goals = meet + share
        if hindered > goals or goals > size:
            continue
        kinds = ["meet"] * meet + ["share"] * share + [""] * (size - goals)
        people = [
            Person(
                number,
                True,
                None,
                {"goal": int(kind != ""), "kind": kind, "obstacle": "time" if number < hindered else ""},
            )
            for number, kind in enumerate(kinds)
        ]
        shown = _plain(taken(afresh(people), 0, scheme, {}))
        possible.setdefault(shown, []).append((goals, meet, share, hindered))
    for shown, worlds in possible.items():
        assert not forced(worlds, [size] * 4), (size, shown)


def test_what_was_done_has_four_bands() -> None:
    assert [acts_of(number) for number in (0, 1, 2, 3, 4, 40)] == ["none", "one", "few", "few", "many", "many"]


def test_what_only_grows_is_told_of_the_whole_class_alone() -> None:
    # Beside their class, two sections of which one is hidden or stays told how many of the other had met somebody.
    values = {"goal": 1, "focus": 1, "exchange": 1, "met": 1, "acts": "one"}
    people = [Person(number, True, A if number < 12 else B, values) for number in range(24)]
    for number in range(5, 20):
        people[number] = Person(number, True, people[number].section, {"goal": 0, "focus": 0, "exchange": 0, "met": 0})
    found = taken(afresh(people), 0, SCHEME, {})
    assert set(GROWS) <= found[WHOLE_CLASS].shares.keys()
    for role in (A, B):
        assert "goal" in found[role].shares
        assert not set(GROWS) & found[role].shares.keys()
