"""What leaves this machine of a bio: no invisible characters, and nothing by which to reach or find its writer."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from bot.coaching.bios import BIO_LIMIT
from bot.critique.greetings import greeted_name
from bot.critique.lengths import cut
from bot.critique.private import E_MAIL, INVITE, MESSENGER, PHONE, STREET, STUDENT_NUMBER, contact_data

MOST_READ = 4 * BIO_LIMIT
"""Most characters that are read before cutting; dropping and redacting may shorten a text."""
MOST_LINES = 100

_LINK, _HANDLE, _NUMBER, _NAME = "[link]", "[handle]", "[long number]", "[name]"
_PLACEHOLDERS = {
    E_MAIL: "[e-mail]",
    STREET: "[address]",
    PHONE: _NUMBER,
    STUDENT_NUMBER: _NUMBER,
    MESSENGER: _HANDLE,
    INVITE: _LINK,
}
# More than the bio check finds: what is no mistake in a bio is still nobody else's business.
_LINKS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.|\bmailto:|\btel:)\S+"
    r"|(?<![\w.@-])(?:[\w-]{1,63}\.){1,8}(?!(?:js|ts|py)\b|(?<=asp\.)net\b)[a-z]{2,24}(?::\d+)?[/?#]\S*",
    re.IGNORECASE,
)
_HANDLES = re.compile(
    r"<?@[!&]?[\w.-]+(?:@[\w.-]+)?>?"
    r"|\b(?:discord|facebook|fb|github|ig|insta(?:gram)?|linkedin|mastodon|messenger|signal|skype|snap(?:chat)?|telegram|"
    r"tg|threads|tiktok|twitter|viber|vk|wechat|whatsapp|x)\s?[:=]\s?[\w.-]*\w",
    re.IGNORECASE,
)
_DASHES = r"\-\u2010-\u2015"
_NUMBERS = re.compile(rf"(?<!\d)[(+]{{0,2}}\d(?:[\s().{_DASHES}/·]{{0,3}}\d){{6,}}|\d{{6,}}")
_YEAR = r"(?:(?:0?[1-9]|1[0-2])[./])?(?:19|20)\d\d"
# A range of years: the only long run of digits that identifies nobody.
_YEARS = re.compile(rf"{_YEAR}(?:\s?[{_DASHES}/\s]\s?{_YEAR})+")

_ZWJ, _VS16, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"
# Letters to Unicode, but nothing to see.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Controls, formats (zero-width, bidi, tags), lone surrogates and private letters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_SENTENCE_END = re.compile(r"(?<=[.!?…])[”’\"')\]]?\s+|(?<=[\u3002\uff01\uff1f])")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A bio by lines, each a sentence or a line of the author's. Its repr shows no text.

    Attributes:
        quotable: lines to quote to their author.
        sendable: the same lines, redacted.
    """

    quotable: tuple[str, ...] = field(repr=False)
    sendable: tuple[str, ...] = field(repr=False)


def redact(text: str, *, message: bool = False) -> Redacted:
    """Split a text into lines and redact them; at most BIO_LIMIT characters, cut after a word.

    Of a message, the name in its greeting is taken out too, wherever else it is.
    """
    quotable: list[str] = []
    sendable: list[str] = []
    room = BIO_LIMIT
    text = visible(text[:MOST_READ])
    name = greeted_name(text) if message else None
    for line in islice(_lines(text), MOST_LINES):
        # Redacted before the cut, because half an address would not be recognised.
        sent = cut(redacted(line if name is None else name.sub(_NAME, line)), max(room, 0))
        if not sent:
            break
        quotable.append(line)
        sendable.append(sent)
        room -= len(sent) + 1
    return Redacted(tuple(quotable), tuple(sendable))


def visible(text: str) -> str:
    """Return `text` in NFC without invisible characters; joiners and selectors stay where they make an emoji."""
    composed = unicodedata.normalize("NFC", "\n".join(text.splitlines()))
    letters = "".join(letter for at, letter in enumerate(composed) if _is_visible(composed, at))
    return unicodedata.normalize("NFC", re.sub(r"[^\S\n]", " ", letters)).strip()


def redacted(line: str) -> str:
    """Replace contact data, links, handles and long numbers in a line with `[e-mail]` and the like."""
    once = _replaced(line)
    # Letters that only look different, such as circled digits, still give the data away.
    plain = unicodedata.normalize("NFKC", once)
    again = _replaced(plain)
    return once if again == plain else again


def _replaced(line: str) -> str:
    for private in reversed(contact_data(line)):
        if private.what in _PLACEHOLDERS and not _YEARS.fullmatch(line[private.start : private.end].strip()):
            line = line[: private.start] + _PLACEHOLDERS[private.what] + line[private.end :]
    line = _HANDLES.sub(_HANDLE, _LINKS.sub(_LINK, line))
    return _NUMBERS.sub(lambda match: match[0] if _YEARS.fullmatch(match[0]) else _NUMBER, line)


def _is_visible(text: str, at: int) -> bool:
    letter, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if letter == _ZWJ:
        return _is_emoji(before) and _is_emoji(after)
    if letter == _VS16:
        return _is_emoji(before) or (before in "0123456789#*" and after == _KEYCAP)
    if "\ufe00" <= letter < _VS16 or "\U000e0000" <= letter <= "\U000e0fff":
        return False  # other variation selectors and tags can carry invisible text
    return letter.isspace() or (letter not in _BLANKS and unicodedata.category(letter) not in _UNSEEN)


def _is_emoji(letter: str) -> bool:
    return bool(letter) and (letter == _VS16 or unicodedata.category(letter) == "So" or letter >= "\U0001f000")


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        # No sentence begins in lower case or with a digit: "e.g. this", "approx. 12".
        ends = (
            match.end()
            for match in _SENTENCE_END.finditer(line)
            if line[match.end() :][:1].isalpha() and not line[match.end()].islower()
        )
        for start, end in pairwise((0, *ends, len(line))):
            sentence = " ".join(line[start:end].split())
            if sentence:
                yield sentence
