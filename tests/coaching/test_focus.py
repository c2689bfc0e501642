"""Focus: one or two fields and the choices around them."""

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


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("nursing, teaching", ("nursing", "teaching")),
        ("nursing;teaching", ("nursing", "teaching")),
        ("nursing\nteaching", ("nursing", "teaching")),
        (" nursing ,, teaching; ", ("nursing", "teaching")),
        ("water systems", ("water systems",)),
        ("Nursing, nursing", ("Nursing",)),
    ],
)
def test_fields_are_separated_and_each_counts_once(typed: str, fields: tuple[str, ...]) -> None:
    assert checked_focus(FocusDraft(typed, "  ", "", "", "")) == Focus(fields)


def test_focus_keeps_its_purpose_and_every_known_choice() -> None:
    draft = FocusDraft("rail  safety", " find a first\nplacement ", "advice", "engineering", "searching")
    assert checked_focus(draft, new_accounts=True) == Focus(
        ("rail safety",),
        "find a first placement",
        Connection.ADVICE,
        "engineering",
        Season.SEARCHING,
        new_accounts=True,
    )
    assert checked_focus(FocusDraft("nursing", None, "fame", None, "winter")) == Focus(("nursing",))


@pytest.mark.parametrize(
    ("draft", "refusal", "names"),
    [
        (FocusDraft("a, b, c"), TooManyFields, "You named 3 fields"),
        (FocusDraft(", ;\n", "a purpose"), TextMissing, "The line for your fields"),
        (FocusDraft("f" * 41), TextTooLong, "41 characters; 40 fit"),
        (FocusDraft("f", "p" * 141), TextTooLong, "141 characters; 140 fit"),
    ],
)
def test_focus_is_refused_with_what_to_change(draft: FocusDraft, refusal: type[Refusal], names: str) -> None:
    with pytest.raises(refusal, match=names):
        checked_focus(draft)


@pytest.mark.parametrize("season", [None, *Season])
def test_only_a_low_profile_keeps_low(season: Season | None) -> None:
    assert keeps_low(Focus(("nursing",), season=season)) == (season is Season.LOW_PROFILE)
    assert not keeps_low(None)


@pytest.mark.parametrize("of_course", [None, "computing"])
def test_own_track_replaces_the_courses(of_course: str | None) -> None:
    assert track_of(Focus(("nursing",), track="health"), of_course) == "health"
    assert track_of(Focus(("nursing",)), of_course) == track_of(None, of_course) == of_course


_CHOICES = st.none() | st.text(max_size=12)


@given(
    st.builds(
        FocusDraft,
        st.text(max_size=120),
        st.none() | st.text(max_size=200),
        _CHOICES | st.sampled_from(Connection),
        _CHOICES,
        _CHOICES | st.sampled_from(Season),
    )
)
def test_any_draft_gives_a_focus_within_its_limits_or_a_refusal(draft: FocusDraft) -> None:
    try:
        focus = checked_focus(draft)
    except Refusal:
        return
    assert 1 <= len(focus.fields) <= 2
    assert len(focus.fields_text) <= 83
    assert all(0 < len(field) <= FIELD_LIMIT and field == " ".join(field.split()) for field in focus.fields)
    assert focus.purpose is None or 0 < len(focus.purpose) <= PURPOSE_LIMIT
    assert focus.track in {None, draft.track} - {""}
