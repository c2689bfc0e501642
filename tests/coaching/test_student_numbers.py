"""How student numbers are stored and compared."""

import pytest

from bot.coaching.errors import TextMissing, TextTooLong
from bot.coaching.student_numbers import checked_number


def test_number_is_trimmed_and_compared_without_case_or_composition() -> None:
    assert checked_number("  00123 ") == ("00123", "00123")
    assert checked_number("s\u0041\u0308b-1")[0] == "sÄb-1"
    assert checked_number("SÄB-1")[1] == checked_number("sa\u0308b-1")[1]
    assert checked_number("12\u200b3")[1] == checked_number("１２３")[1] == "123"


def test_number_has_one_to_40_characters() -> None:
    with pytest.raises(TextTooLong):
        checked_number("1" * 41)
    with pytest.raises(TextMissing):
        checked_number(" ")
