import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import Refusal, TextMissing, TextTooLong, TooManyFields
from bot.coaching.focus import FIELD_LIMIT, PURPOSE_LIMIT, Connection, Focus, checked_focus


@pytest.mark.parametrize(
    "fields", ["nursing, teaching", "nursing;teaching", "nursing\nteaching", " nursing ,, teaching; "]
)
def test_fields_are_parted_by_comma_semicolon_or_line(fields: str) -> None:
    assert checked_focus(fields, None, None).fields == ("nursing", "teaching")


def test_one_field_is_a_focus_and_a_purpose_is_not_needed() -> None:
    assert checked_focus("water systems", "  ", None) == Focus(("water systems",), None, None)


def test_a_focus_keeps_its_purpose_and_what_a_connection_is_for() -> None:
    focus = checked_focus("rail  safety", " find a first\nplacement ", "advice")
    assert focus == Focus(("rail safety",), "find a first placement", Connection.ADVICE)


@pytest.mark.parametrize("fields", ["nursing, nursing", "Nursing, nursing"])
def test_a_field_named_twice_is_one_field(fields: str) -> None:
    assert len(checked_focus(fields, None, None).fields) == 1


def test_three_fields_are_refused_with_their_number() -> None:
    with pytest.raises(TooManyFields, match="You named 3 fields"):
        checked_focus("a, b, c", None, None)


@pytest.mark.parametrize("fields", ["", "  ", ", ;\n"])
def test_a_focus_without_a_field_is_refused(fields: str) -> None:
    with pytest.raises(TextMissing):
        checked_focus(fields, "a purpose", None)


def test_a_field_or_purpose_over_its_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(TextTooLong, match="41 characters; 40 fit"):
        checked_focus("f" * (FIELD_LIMIT + 1), None, None)
    with pytest.raises(TextTooLong, match="141 characters; 140 fit"):
        checked_focus("f", "p" * (PURPOSE_LIMIT + 1), None)


def test_an_unknown_kind_of_connection_is_left_out() -> None:
    assert checked_focus("nursing", None, "fame").connection is None


@given(st.text(max_size=120), st.none() | st.text(max_size=200), st.none() | st.text(max_size=12))
def test_whatever_is_written_gives_a_focus_within_its_limits_or_a_refusal(
    fields: str, purpose: str | None, connection: str | None
) -> None:
    try:
        focus = checked_focus(fields, purpose, connection)
    except Refusal:
        return
    assert 1 <= len(focus.fields) <= 2
    assert len(focus.fields_text) <= 83
    assert all(0 < len(field) <= FIELD_LIMIT and field == " ".join(field.split()) for field in focus.fields)
    assert focus.purpose is None or 0 < len(focus.purpose) <= PURPOSE_LIMIT
