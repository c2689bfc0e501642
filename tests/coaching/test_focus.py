import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import Refusal, TextMissing, TextTooLong, TooManyFields
from bot.coaching.focus import (
    FIELD_LIMIT,
    PURPOSE_LIMIT,
    Connection,
    Focus,
    FocusDraft,
    Season,
    checked_focus,
    keeps_low,
    track_of,
)

NURSING = Focus(("nursing",))


@pytest.mark.parametrize(
    "fields", ["nursing, teaching", "nursing;teaching", "nursing\nteaching", " nursing ,, teaching; "]
)
def test_fields_are_parted_by_comma_semicolon_or_line(fields: str) -> None:
    assert checked_focus(FocusDraft(fields)).fields == ("nursing", "teaching")


def test_one_field_is_a_focus_and_nothing_else_is_needed() -> None:
    assert checked_focus(FocusDraft("water systems", "  ", "", "", "")) == Focus(("water systems",))


def test_a_focus_keeps_its_purpose_and_every_choice() -> None:
    draft = FocusDraft("rail  safety", " find a first\nplacement ", "advice", "engineering", "searching")
    assert checked_focus(draft, new_accounts=True) == Focus(
        ("rail safety",),
        "find a first placement",
        Connection.ADVICE,
        "engineering",
        Season.SEARCHING,
        new_accounts=True,
    )


@pytest.mark.parametrize("fields", ["nursing, nursing", "Nursing, nursing"])
def test_a_field_named_twice_is_one_field(fields: str) -> None:
    assert len(checked_focus(FocusDraft(fields)).fields) == 1


def test_three_fields_are_refused_with_their_number() -> None:
    with pytest.raises(TooManyFields, match="You named 3 fields"):
        checked_focus(FocusDraft("a, b, c"))


@pytest.mark.parametrize("fields", ["", "  ", ", ;\n"])
def test_a_focus_without_a_field_is_refused(fields: str) -> None:
    with pytest.raises(TextMissing):
        checked_focus(FocusDraft(fields, "a purpose"))


def test_a_field_or_purpose_over_its_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(TextTooLong, match="41 characters; 40 fit"):
        checked_focus(FocusDraft("f" * (FIELD_LIMIT + 1)))
    with pytest.raises(TextTooLong, match="141 characters; 140 fit"):
        checked_focus(FocusDraft("f", "p" * (PURPOSE_LIMIT + 1)))


def test_a_choice_that_is_not_on_offer_is_left_out() -> None:
    focus = checked_focus(FocusDraft("nursing", None, "fame", None, "winter"))
    assert (focus.connection, focus.season) == (None, None)


@pytest.mark.parametrize("season", Season)
def test_only_a_low_profile_keeps_low(season: Season) -> None:
    assert keeps_low(Focus(("nursing",), season=season)) == (season is Season.LOW_PROFILE)
    assert not keeps_low(NURSING)
    assert not keeps_low(None)


def test_ones_own_track_counts_before_the_courses() -> None:
    own = Focus(("nursing",), track="health")
    assert track_of(own, "computing") == "health"
    assert track_of(own, None) == "health"


@pytest.mark.parametrize("focus", [None, NURSING])
@pytest.mark.parametrize("of_course", [None, "computing"])
def test_without_a_track_of_ones_own_the_courses_counts(focus: Focus | None, of_course: str | None) -> None:
    assert track_of(focus, of_course) == of_course


_CHOICES = st.none() | st.text(max_size=12)


@given(
    st.builds(
        FocusDraft,
        st.text(max_size=120),
        st.none() | st.text(max_size=200),
        _CHOICES | st.sampled_from(Connection),
        _CHOICES,
        _CHOICES | st.sampled_from(Season),
    ),
    st.booleans(),
)
def test_whatever_is_written_gives_a_focus_within_its_limits_or_a_refusal(
    draft: FocusDraft, new_accounts: bool
) -> None:
    try:
        focus = checked_focus(draft, new_accounts=new_accounts)
    except Refusal:
        return
    assert 1 <= len(focus.fields) <= 2
    assert len(focus.fields_text) <= 83
    assert all(0 < len(field) <= FIELD_LIMIT and field == " ".join(field.split()) for field in focus.fields)
    assert focus.purpose is None or 0 < len(focus.purpose) <= PURPOSE_LIMIT
    assert focus.connection in {None, draft.connection}
    assert focus.season in {None, draft.season}
    assert focus.track in {None, draft.track}
    assert focus.track != ""
    assert focus.new_accounts == new_accounts
