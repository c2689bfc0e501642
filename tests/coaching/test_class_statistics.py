"""The one rule for what is said of a class in counts, as it is written down in docs/privacy.md."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.class_statistics import Snapshot, Withheld, breakdown, by_section, change, published

MONDAY, BEFORE = date(2027, 3, 8), date(2027, 3, 1)
sizes = st.integers(0, 40)
cells = sizes.flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
mixes = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 15), min_size=1)


@given(cells)
def test_count_is_published_when_it_and_its_complement_reach_five(cell: tuple[int, int]) -> None:
    count, whole = cell
    said = published(count, whole)
    if whole < 10:
        assert said is None
    elif count >= 5 and whole - count >= 5:
        assert said == count
    else:
        assert said is (Withheld.FEW if count < 5 else Withheld.MOST)


def test_withheld_counts_read_as_plain_words() -> None:
    assert [str(published(count, 28)) for count in (0, 4, 5, 23, 24, 28)] == [
        "fewer than 5",
        "fewer than 5",
        "5",
        "23",
        "all but fewer than 5",
        "all but fewer than 5",
    ]


@given(mixes)
def test_breakdown_names_kinds_of_five_and_leaves_others_of_five(kinds: dict[str, int]) -> None:
    whole = sum(kinds.values())
    shown = breakdown(kinds, whole)
    others = whole - sum(shown.values())
    assert all(kinds[kind] == count >= 5 for kind, count in shown.items())
    assert list(shown.values()) == sorted(shown.values(), reverse=True)
    if shown:
        assert whole >= 10
        assert others >= 5 or shown.keys() == kinds.keys()
    # No more is folded than the rule asks for: the small kinds, and one kind besides.
    large = [count for count in kinds.values() if count >= 5]
    if whole >= 10:
        assert len(large) - len(shown) <= 1


def test_second_kind_is_folded_when_others_would_be_few() -> None:
    assert breakdown({"a": 12, "b": 6, "c": 2}, 20) == {"a": 12}
    assert breakdown({"a": 12, "b": 6, "c": 2, "d": 3}, 23) == {"a": 12, "b": 6}
    assert breakdown({"a": 14, "b": 6, "c": 0}, 20) == {"a": 14}, "that nobody is of the third kind is not said"
    assert breakdown({"a": 14, "b": 6}, 20) == {"a": 14, "b": 6}
    assert breakdown({"a": 5, "b": 4}, 9) == {}


@given(st.dictionaries(st.integers(0, 4), cells, min_size=1))
def test_sections_are_told_when_every_cell_passes(found: dict[int, tuple[int, int]]) -> None:
    shown = by_section(found)
    needed = [cell for role, cell in found.items() if role or cell[1]]
    if all(whole >= 10 and count >= 5 and whole - count >= 5 for count, whole in needed):
        assert shown == {role: count for role, (count, _) in found.items() if role}
    else:
        assert shown == {}


@given(st.integers(10, 40), st.data())
def test_change_is_said_from_five_and_when_nobody_or_five_moved(whole: int, data: st.DataObject) -> None:
    now, before = (data.draw(st.integers(0, whole)) for _ in range(2))
    joined, left = data.draw(st.tuples(st.integers(0, 8), st.integers(0, 8)))
    said = change(
        "active",
        Snapshot(MONDAY, whole, joined, left, {"active": now}),
        Snapshot(BEFORE, whole, counts={"active": before}),
    )
    both = all(isinstance(published(count, whole), int) for count in (now, before))
    sayable = both and abs(now - before) >= 5 and (joined + left == 0 or joined + left >= 5)
    assert said == (now - before if sayable else None)
