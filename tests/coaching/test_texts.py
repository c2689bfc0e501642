import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import BadNumber
from bot.coaching.texts import checked_number


@given(st.integers(0, 10**30), st.integers(0, 5), st.sampled_from(["", " "]))
def test_a_number_is_taken_exactly_when_it_lies_in_its_range(number: int, zeros: int, space: str) -> None:
    written = f"{space}{'0' * zeros}{number}{space}"
    if 1 <= number <= 99:
        assert checked_number("x", written, 1, 99) == number
    else:
        with pytest.raises(BadNumber):
            checked_number("x", written, 1, 99)


@pytest.mark.parametrize(
    "written", ["", " ", "-1", "+1", "1.0", "1e1", "1_0", "٣", "²", "one", "000000001999999", "9" * 9999]
)
def test_what_is_no_plain_whole_number_is_refused(written: str) -> None:
    with pytest.raises(BadNumber):
        checked_number("x", written, 1, 99)
