"""What leaves this machine identifies nobody and holds no invisible characters."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.bios import BIO_LIMIT
from bot.critique.redact import MOST_LINES, redact, redacted, visible


def sent(text: str) -> str:
    return "\n".join(redact(text).sendable)


@pytest.mark.parametrize(
    ("placeholder", "written"),
    [
        (
            "[e-mail]",
            "jane.doe+bio@mail.example.co.uk|jane (at) example (dot) com|jane at gmail dot com|zoë@exämple.de",
        ),
        ("[e-mail]", "ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
        (
            "[long number]",
            "+44 (0)20 7946 0958|555-123-4567|06 12 34 56 78|٠٧٩١٢٣٤٥٦٧|①②③④⑤⑥⑦|123456|123456789012345678|12/05/2001",
        ),
        ("[address]", "Musterstraße 12|12 Baker Street"),
        (
            "[handle]",
            "<@123456789012345678>|@jane.doe-x|＠ｊａｎｅ|@jane@mastodon.social|Instagram: jane.doe|telegram: @jane_d",
        ),
        (
            "[link]",
            "https://example.org/a?token=abc#me|www.example.org/jane|github.com/jane|t.co/x",
        ),
        ("[link]", "linkedin.com/in/jane-1a2b|discord.gg/abcdef|https://jane:secret@example.org"),
    ],
)
def test_contact_data_is_replaced(placeholder: str, written: str) -> None:
    for one in written.split("|"):
        assert sent(f"Nurse, {one} in Leeds") == f"Nurse, {placeholder} in Leeds"


@pytest.mark.parametrize(
    "text",
    [
        "Class of 2027, 3 placements, 24/7 on call, 12,000 readers",
        "2019–2023 Leeds; 09/2021 - 05/2024; 2020/2021",
        "Node.js/React, ASP.NET, C# and C++, and/or Go; caption-checker.dev is mine",
        "CS101, GPA 3.8/4.0, 50% of it, 1:1 talks at 9.30. Ask me at the library",
        "Estudio ingeniería en Bogotá — ¿hablamos? #nursing",
    ],
)
def test_everything_else_in_a_bio_stays(text: str) -> None:
    assert "\n".join(redact(text).sendable).replace("\n", " ") == text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\u200bb\u2060c\ufeffd\u00ade\u202ef\u2066g", "abcdefg"),
        ("a\x00b\x1b[31mc\ud800d\U000e0041e\U000e0100f\ufe01g", "ab[31mcdefg"),
        ("a\u200db\ufe0fc\u3164\u2800d", "abcd"),
        ("I am 👩\u200d⚕\ufe0f, 1\ufe0f\u20e3 fact", "I am 👩\u200d⚕\ufe0f, 1\ufe0f\u20e3 fact"),
        ("e\u0301\tb\u00a0c\u3000d\r\ne\u2028f\x0bg", "é b c d\ne\nf\ng"),
        ("call 079\u200b46\u200b0958", "[long number]"),
    ],
)
def test_invisible_characters_are_dropped_and_emoji_stay_whole(written: str, kept: str) -> None:
    assert sent(written) == kept


def test_bio_is_split_into_lines_and_sentences() -> None:
    bio = redact(
        "I study law. I argue moots!\n\n  Leeds, e.g. the library. Write to a@b.org \n大学三年级。学习计算机。"
    )
    rest = ("大学三年级。", "学习计算机。")
    assert bio.quotable == ("I study law.", "I argue moots!", "Leeds, e.g. the library.", "Write to a@b.org", *rest)
    assert bio.sendable == ("I study law.", "I argue moots!", "Leeds, e.g. the library.", "Write to [e-mail]", *rest)
    assert "law" not in repr(bio)


def test_long_text_ends_after_a_word_without_half_an_address() -> None:
    for before in range(BIO_LIMIT - 30, BIO_LIMIT + 1, 3):
        told = sent(f"{'x' * (before - 1)} jane.doe@example.org and more words")
        assert len(told) <= BIO_LIMIT
        assert "jane" not in told
    assert (
        BIO_LIMIT - 20
        < len(sent("I argue moots in the evening with my friends, all of them from Leeds. " * 1000))
        <= BIO_LIMIT
    )
    assert len(redact("x\n" * 1000).sendable) == MOST_LINES


_NAME = st.from_regex(r"[a-z]{2,12}(?:[._-][a-z]{2,8})?", fullmatch=True)
_HOST = st.from_regex(r"[a-z]{3,12}\.(?:org|com|ac\.uk|de|io)", fullmatch=True)
_DIGITS = st.from_regex(r"\+?[0-9]{6,20}", fullmatch=True)
_TOLD = st.one_of(
    st.builds("{}@{}".format, _NAME, _HOST),
    st.builds("https://{}/{}?id={}".format, _HOST, _NAME, _DIGITS),
    st.builds("@{}".format, _NAME),
    _DIGITS,
)


@given(
    st.lists(st.one_of(_TOLD, st.text(max_size=30)), max_size=12), st.sampled_from([" ", "\n", ", ", " · ", " (", ": "])
)
def test_nothing_sent_identifies_anybody(pieces: list[str], between: str) -> None:
    bio = redact(between.join(pieces))
    told = unicodedata.normalize("NFKC", "\n".join(bio.sendable))
    assert re.search(r"\w@\w|@\w|\d{6}|\?id=|://", told) is None
    assert len(bio.quotable) == len(bio.sendable)


@given(_TOLD, st.integers(0, 40), st.sampled_from(["\u200b", "\u202e", "\U000e0041", "\ufe0f", "\x00"]))
def test_invisible_marks_hide_nothing(told: str, at: int, mark: str) -> None:
    assert sent(f"{told[:at]}{mark}{told[at:]}") == sent(told)


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize("piece", ["a.", "1 ", "@", "a@", "+(", "a at ", "\u200d", "é"])
def test_hostile_text_is_read_like_any_other(piece: str) -> None:
    assert len(sent(piece * 100_000)) <= BIO_LIMIT
