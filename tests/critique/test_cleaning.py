"""What leaves the house holds nothing by which somebody can be reached or found, and nothing that cannot be seen."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.bios import BIO_LIMIT
from bot.critique.cleaning import MOST_LINES, Cleaned, cleaned, redacted, seen

WOMAN_HEALTH_WORKER = "👩\u200d⚕\ufe0f"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def sent(text: str) -> str:
    return "\n".join(cleaned(text).sendable)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("jane.doe+bio@mail.example.co.uk", "[e-mail]"),
        ("jane (at) example (dot) com", "[e-mail]"),
        ("jane[at]example.com", "[e-mail]"),
        ("jane at gmail dot com", "[e-mail]"),
        ("ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[e-mail]"),
        ("zoë.müller@exämple.de", "[e-mail]"),
        ("+44 (0)20 7946 0958", "[number]"),
        ("555-123-4567", "[number]"),
        ("(555) 123.4567", "[number]"),
        ("06 12 34 56 78", "[number]"),
        ("0800–123–456", "[number]"),
        ("٠٧٩١٢٣٤٥٦٧", "[number]"),
        ("①②③④⑤⑥⑦", "[number]"),
        ("student number 1234567", "student number [number]"),
        ("123456", "[number]"),
        ("123456789012345678", "[number]"),
        ("born 12/05/2001", "born [number]"),
        ("<@123456789012345678>", "[handle]"),
        ("@jane", "[handle]"),
        ("@jane.doe-x", "[handle]"),
        ("＠ｊａｎｅ", "[handle]"),
        ("@jane@mastodon.social", "[handle]"),
        ("jane#1234", "[handle]"),
        ("Instagram: jane.doe", "[handle]"),
        ("telegram:jane_doe", "[handle]"),
        ("https://example.org/a?token=abc#me", "[link]"),
        ("https://jane:secret@example.org", "[link]"),
        ("www.example.org/jane", "[link]"),
        ("github.com/jane", "[link]"),
        ("linkedin.com/in/jane-doe-1a2b", "[link]"),
        ("t.me/jane", "[link]"),
        ("discord.gg/abcdef", "[link]"),
        ("mailto:jane@example.org", "[link]"),
    ],
)
def test_what_tells_how_to_reach_or_find_somebody_is_taken_out(written: str, kept: str) -> None:
    assert sent(written) == kept
    assert sent(f"Nurse, {written} in Leeds") == f"Nurse, {kept} in Leeds"


@pytest.mark.parametrize(
    "text",
    [
        "Class of 2027, 3 placements, 24/7 on call, 12,000 readers",
        "2019–2023 Leeds; 09/2021 - 05/2024; 2020/2021",
        "Node.js/React, ASP.NET, C# and C++, and/or Go",
        "CS101, GPA 3.8/4.0, 50% of it, 1:1 talks at 9.30",
        "Ask me at the library; look at me",
        "caption-checker.dev is mine",
        "#nursing #shesharp",
        "Estudio ingeniería en Bogotá — ¿hablamos?",
        "大学三年级，学习计算机。",
    ],
)
def test_what_a_bio_says_otherwise_stays(text: str) -> None:
    assert sent(text) == text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("a\u202eb\u2066c\u200ed", "abcd"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("a\ud800b", "ab"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("a\U000e0100b\ufe01c", "abc"),
        ("a\u200db", "ab"),
        ("a\ufe0fb", "ab"),
        ("a\u3164\u2800b", "ab"),
        (f"I am {WOMAN_HEALTH_WORKER}", f"I am {WOMAN_HEALTH_WORKER}"),
        ("1\ufe0f\u20e3 fact", "1\ufe0f\u20e3 fact"),
        (ENGLAND, "🏴"),
        ("e\u0301", "é"),
        ("a\tb\u00a0c\u3000d", "a b c d"),
        ("a\r\nb\u2028c\x0bd", "a\nb\nc\nd"),
    ],
)
def test_what_cannot_be_seen_is_dropped_and_what_makes_an_emoji_stays(written: str, kept: str) -> None:
    assert seen(written) == kept
    assert sent(written) == kept


def test_a_number_that_hides_behind_what_cannot_be_seen_is_found() -> None:
    assert sent("call 079\u200b46\u200b0958") == "call [number]"


def test_a_line_is_what_its_author_put_on_one_or_a_sentence() -> None:
    text = "I study law. I argue moots!  Ask me.\n\n  Leeds, e.g. the old library. \n大学三年级。学习计算机。"
    assert cleaned(text).quotable == (
        "I study law.",
        "I argue moots!",
        "Ask me.",
        "Leeds, e.g. the old library.",
        "大学三年级。",
        "学习计算机。",
    )


def test_a_line_is_quoted_as_it_was_written_and_sent_without_what_was_taken_out() -> None:
    bio = cleaned("I study law.\nWrite to jane@example.org.")
    assert bio.quotable == ("I study law.", "Write to jane@example.org.")
    assert bio.numbered == {"1": "I study law.", "2": "Write to [e-mail]."}


@pytest.mark.parametrize("between", ["\n", " "])
def test_a_text_that_is_too_long_ends_between_two_words(between: str) -> None:
    line = "I study law and argue moots in the evening with my friends"
    bio = cleaned(f"{line}{between}" * 100)
    told = " ".join(bio.sendable)
    assert f"{line} ".startswith(f"{told.split(line)[-1].strip()} ".lstrip())
    assert BIO_LIMIT - 20 < len(told) <= BIO_LIMIT


def test_a_text_of_very_many_lines_is_cut_too() -> None:
    assert len(cleaned("x\n" * 1000).sendable) == MOST_LINES


def test_a_cut_leaves_no_half_of_what_would_have_been_taken_out() -> None:
    for before in range(BIO_LIMIT - 30, BIO_LIMIT + 1):
        told = sent(f"{'x' * (before - 1)} jane.doe@example.org")
        assert len(told) <= BIO_LIMIT
        assert "jane" not in told


def test_the_repr_of_a_cleaned_bio_shows_no_text() -> None:
    assert "jane" not in repr(Cleaned(("jane",), ("jane",)))


_NAME = st.from_regex(r"[a-z]{2,12}(?:[._-][a-z]{2,8})?", fullmatch=True)
_HOST = st.from_regex(r"[a-z]{3,12}\.(?:org|com|ac\.uk|de|io)", fullmatch=True)
_DIGITS = st.from_regex(r"[0-9]{6,20}", fullmatch=True)
_TOLD = st.one_of(
    st.builds("{}@{}".format, _NAME, _HOST),
    st.builds("https://{}/{}?id={}".format, _HOST, _NAME, _DIGITS),
    st.builds("www.{}/{}".format, _HOST, _NAME),
    st.builds("@{}".format, _NAME),
    st.builds("<@!{}>".format, _DIGITS),
    st.builds("+{}".format, _DIGITS),
    _DIGITS,
    st.from_regex(r"0[1-9][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{3,4}", fullmatch=True),
)
_SHAPES = {
    "an e-mail address": re.compile(r"\w@\w"),
    "a handle": re.compile(r"@\w"),
    "an id": re.compile(r"\d{6}"),
    "a phone number": re.compile(r"\d{3}[ .-]\d{3}[ .-]\d{3}"),
    "a query": re.compile(r"\?id="),
    "an address": re.compile(r"://"),
}


@given(
    st.lists(st.one_of(_TOLD, st.text(max_size=30)), max_size=12), st.sampled_from([" ", "\n", ", ", " · ", " (", ": "])
)
def test_what_is_sent_holds_no_address_number_handle_or_id(pieces: list[str], between: str) -> None:
    told = unicodedata.normalize("NFKC", sent(between.join(pieces)))
    for name, shape in _SHAPES.items():
        assert shape.search(told) is None, name


@given(_TOLD, st.integers(0, 40), st.sampled_from(["\u200b", "\u202e", "\u2060", "\U000e0041", "\ufe0f", "\x00"]))
def test_nothing_is_hidden_from_the_look_by_a_mark_that_nobody_sees(told: str, at: int, mark: str) -> None:
    assert sent(f"{told[:at]}{mark}{told[at:]}") == sent(told)


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_and_lines_stay_in_step(text: str) -> None:
    assert seen(seen(text)) == seen(text)
    assert redacted(redacted(text)) == redacted(text)
    bio = cleaned(text)
    assert len(bio.quotable) == len(bio.sendable)
    assert all(bio.quotable)
    "\n".join(bio.sendable).encode()


@pytest.mark.parametrize("piece", ["a", "a.", "1 ", "@", "a@", "http", "+(", "a at ", "[at]", "\u200d", "é"])
def test_a_text_made_to_be_slow_is_read_like_any_other(piece: str) -> None:
    assert len(sent(piece * 100_000)) <= BIO_LIMIT
