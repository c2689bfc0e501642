"""Time zones: found as people name them, and never by the inside of a word."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import UnknownZone
from bot.coaching.zones import ALSO_KNOWN_AS, SUGGESTED, checked_zone, find_zones, zone_names

SUMMER, WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
NAMES = sorted(zone_names())


@given(st.sampled_from(NAMES))
def test_zone_is_known_by_its_name_whatever_its_case_and_spaces(name: str) -> None:
    assert checked_zone(f"  {name.upper().replace('_', ' ')} ") == name
    assert name in find_zones(name, SUMMER)


@pytest.mark.parametrize("text", ["", "CET", "Etc/GMT+5", "Europe/Nowhere", "../etc/passwd", "UTC+1", "United States"])
def test_what_names_no_zone_or_several_is_refused(text: str) -> None:
    with pytest.raises(UnknownZone):
        checked_zone(text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("utc", "UTC"),
        ("berlin", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("India", "Asia/Kolkata"),
        ("Bengaluru", "Asia/Kolkata"),
        ("são paulo", "America/Sao_Paulo"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("CÔTE D’IVOIRE", "Africa/Abidjan"),
        ("United Kingdom", "Europe/London"),
        ("JST", "Asia/Tokyo"),
    ],
)
def test_zone_is_known_by_city_country_and_abbreviation(typed: str, name: str) -> None:
    assert find_zones(typed, SUMMER)[0] == checked_zone(typed) == name


def test_words_are_never_matched_inside() -> None:
    assert find_zones("India", SUMMER) == ["Asia/Kolkata"]
    assert find_zones("york", SUMMER) == ["America/New_York"]
    assert find_zones("ork", SUMMER) == []


def test_beginnings_of_words_are_completed() -> None:
    assert find_zones("new y", SUMMER) == ["America/New_York"]
    assert {"Asia/Kolkata", "America/Indiana/Knox"} <= set(find_zones("indi", SUMMER))
    assert "Europe/Berlin" in find_zones("MÜN", SUMMER)


@pytest.mark.parametrize(
    ("typed", "at", "name"),
    [
        ("UTC+2", SUMMER, "Europe/Berlin"),
        ("utc +1", WINTER, "Europe/Berlin"),
        ("+5:30", SUMMER, "Asia/Kolkata"),
        ("GMT-0700", SUMMER, "America/Los_Angeles"),
        ("UTC\N{MINUS SIGN}8", WINTER, "America/Los_Angeles"),
    ],
)
def test_offset_finds_the_zones_that_have_it_now(typed: str, at: datetime, name: str) -> None:
    assert name in find_zones(typed, at)


def test_nothing_typed_offers_well_known_zones_that_exist() -> None:
    assert find_zones(" ", SUMMER) == list(SUGGESTED)
    assert set(ALSO_KNOWN_AS) <= zone_names()
    assert len(NAMES) > 300
