"""Which texts an instructor may send, and how one reads."""

import pytest

from bot.coaching.errors import NamesSomebody, TextMissing, TextTooLong
from bot.coaching.ids import EnrolmentId
from bot.coaching.messages import DRAFT, TEXT_LIMIT, checked_message, fingerprint, message_words


@pytest.mark.parametrize("text", ["Hi @everyone", "@HERE, look", "See <@123>", "See <@!123>", "All of <@&55>"])
def test_text_that_would_ping_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(NamesSomebody) as refused:
        checked_message(text)
    assert "take @everyone, @here and mentions out" in str(refused.value)


def test_text_has_one_to_400_characters() -> None:
    assert checked_message("x" * TEXT_LIMIT) == "x" * 400
    with pytest.raises(TextTooLong):
        checked_message("x" * 401)
    with pytest.raises(TextMissing):
        checked_message(" \n ")


def test_message_begins_with_its_author_and_number_of_readers() -> None:
    text = message_words("Nora *Ellis*", "PLN_1", 3, "See you on *Friday*.")
    assert text == "From Nora \\*Ellis\\*, instructor of PLN\\_1, to 3 people\n\nSee you on \\*Friday\\*."
    assert message_words("Nora", "PLN", 1, "Hello", ", written Friday").startswith(
        "From Nora, instructor of PLN, to 1 person, written Friday\n"
    )


def test_links_are_shown_in_full_and_stay_whole() -> None:
    text = message_words("Nora", "PLN", 3, "Read [this](https://example.org/a_b*c) or https://example.org/d_e")
    assert text.endswith("Read \\[this\\](https://example.org/a_b*c) or https://example.org/d_e")


def test_draft_suits_every_list_and_names_no_lack() -> None:
    assert checked_message(DRAFT) == DRAFT
    lacks = ("not ", "n't", "no ", "goal", "quiet", "miss", "late", "yet", "nothing", "noticed", "behind", "fail")
    assert [word for word in lacks if word in DRAFT.lower()] == []


def test_fingerprint_depends_on_the_list_and_not_its_order() -> None:
    one, two, three = map(EnrolmentId, (1, 2, 3))
    assert fingerprint([one, two]) == fingerprint([two, one]) != fingerprint([one, two, three])
