"""A bio counts as its place counts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.bios import BioPlace, Unit
from bot.critique.lengths import graphemes, length, size, width

FAMILY = "👩🏽\u200d👩🏽\u200d👧🏽\u200d👦🏽"
ADDRESS_ON_MASTODON = 23


def place(unit: Unit) -> BioPlace:
    return BioPlace("there", "There", 100, unit, "2026-11-25", "https://example.org")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("", Unit.CHARACTERS, 0),
        ("abc", Unit.CHARACTERS, 3),
        ("看護学生", Unit.CHARACTERS, 4),
        ("cafe\u0301", Unit.CHARACTERS, 4),
        ("a\r\nb", Unit.CHARACTERS, 3),
        (FAMILY, Unit.CHARACTERS, 11),
        (FAMILY, Unit.GRAPHEMES, 1),
        ("🇳🇬🇬🇭", Unit.GRAPHEMES, 2),
        ("cafe\u0301", Unit.GRAPHEMES, 4),
        ("क्षि", Unit.GRAPHEMES, 1),
        ("a\r\nb", Unit.GRAPHEMES, 3),
        (FAMILY, Unit.SHORTENED, 1),
        ("see https://example.org/a/very/long/path?with=query&and=more.", Unit.SHORTENED, 4 + ADDRESS_ON_MASTODON + 1),
        ("http://a.io", Unit.SHORTENED, ADDRESS_ON_MASTODON),
        ("example.org", Unit.SHORTENED, 11),
        ("hi @ana@social.example.org!", Unit.SHORTENED, len("hi @ana!")),
        ("hi @ana!", Unit.SHORTENED, 8),
        ("ana@example.org", Unit.SHORTENED, 15),
    ],
)
def test_each_unit_counts_as_its_places_do(text: str, unit: Unit, expected: int) -> None:
    assert length(text, place(unit)) == expected


def test_bytes_are_counted_in_utf_8_even_for_half_a_pair() -> None:
    assert size("aé👍") == 1 + 2 + 4
    assert size("\ud800") == 3


def test_wide_letters_count_twice() -> None:
    assert width("ab看護") == 6


@given(st.text(), st.sampled_from(Unit))
def test_length_is_bounded_by_characters_and_addresses(text: str, unit: Unit) -> None:
    assert 0 <= length(text, place(unit)) <= len(text) + ADDRESS_ON_MASTODON * text.count("http")


@given(st.text(st.characters(max_codepoint=127, exclude_categories=["Cc"])))
def test_plain_text_has_as_many_letters_as_characters(text: str) -> None:
    assert graphemes(text) == len(text) == size(text)
