import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import BadNumber
from bot.coaching.texts import checked_number, folded, optional_text, plain, unbroken


@given(st.integers(0, 10**30), st.integers(0, 5), st.sampled_from(["", " "]))
def test_number_is_accepted_within_its_range(number: int, zeros: int, space: str) -> None:
    written = f"{space}{'0' * zeros}{number}{space}"
    if 1 <= number <= 99:
        assert checked_number("x", written, 1, 99) == number
    else:
        with pytest.raises(BadNumber):
            checked_number("x", written, 1, 99)


@pytest.mark.parametrize(
    "written", ["", " ", "-1", "+1", "1.0", "1e1", "1_0", "٣", "²", "one", "000000001999999", "9" * 9999]
)
def test_text_that_is_no_whole_number_is_refused(written: str) -> None:
    with pytest.raises(BadNumber):
        checked_number("x", written, 1, 99)


@pytest.mark.parametrize(
    "text", ["\u200b", "\u200b\u200d\ufeff", "\u00ad", "\u3164", "\u2800 \u2800", "\u202e", "\x00"]
)
def test_invisible_characters_are_no_text(text: str) -> None:
    assert optional_text("The note", text, 10) is None


def test_characters_that_cannot_be_stored_or_shown_are_dropped() -> None:
    assert optional_text("The note", "a\x00b \ud800c\u202ed", 10) == "ab cd"
    assert optional_text("The note", "👩\u200d⚕️ Ünï", 20) == "👩\u200d⚕️ Ünï"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[a](https://b)", r"\[a\](https://b)"),
        ("**x** `y` ||z||", r"\*\*x\*\* \`y\` \|\|z\|\|"),
        ("# a", r"\# a"),
        ("a\\[b](c)", r"a\\\[b\](c)"),
        ("@everyone <@12>", "@\u200beveryone \\<@\u200b12\\>"),
    ],
)
def test_typed_words_show_as_written(written: str, shown: str) -> None:
    assert plain(written) == shown


def test_number_and_its_per_cent_sign_stay_on_one_line() -> None:
    said = unbroken("about 50 % of 12 people, 45 to 50 %, under 10 % or more; 5 or a %")
    assert said == "about 50\xa0% of 12 people, 45 to 50\xa0%, under 10\xa0% or more; 5 or a %"
    assert unbroken(said) == said


def test_letters_are_stored_composed_and_found_without_accents_and_case() -> None:
    typed = "Zoe\u0308 Cafe\u0301"
    assert optional_text("The name", typed, 20) == "Zoë Café"
    assert folded(typed) == folded(" zoe  CAFÉ ") == "zoe cafe"
