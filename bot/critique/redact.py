"""What of a bio leaves this machine: nothing invisible, and nothing that reaches or finds its writer."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.coaching.bios import BIO_LIMIT
from bot.critique.greetings import greeted_name
from bot.critique.private import E_MAIL, INVITE, MESSENGER, PHONE, STREET, STUDENT_NUMBER, contact_data

MOST_READ = 4 * BIO_LIMIT
"""Most characters that are read before cutting: what is dropped or redacted may shorten a text."""
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
# Further than the bio check goes: what it would not call a mistake is still nobody else's business.
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
# From when to when: the one long run of digits in a bio by which nobody is found.
_YEARS = re.compile(rf"{_YEAR}(?:\s?[{_DASHES}/\s]\s?{_YEAR})+")

_ZWJ, _VS16, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"
# Letters by name, empty by look.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Controls, formats (zero-width, bidi, tags), lone surrogates and private letters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_SENTENCE_END = re.compile(r"(?<=[.!?…])[”’\"')\]]?\s+|(?<=[\u3002\uff01\uff1f])")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A bio in lines; a line is a sentence, or what its author put on one. Its repr shows no text.

    Attributes:
        quotable: the lines as they may be quoted to their author.
        sendable: the same lines as they may be sent.
    """

    quotable: tuple[str, ...] = field(repr=False)
    sendable: tuple[str, ...] = field(repr=False)


def redact(text: str, *, message: bool = False) -> Redacted:
    """Cut a text into lines and redact them; at most BIO_LIMIT characters, which end between two words.

    Of a message the name in its greeting is taken out too, wherever else it is.
    """
    quotable: list[str] = []
    sendable: list[str] = []
    room = BIO_LIMIT
    text = visible(text[:MOST_READ])
    name = greeted_name(text) if message else None
    for line in islice(_lines(text), MOST_LINES):
        # Redacted before it is cut: half of an address would not be recognised.
        sent = redacted(line if name is None else name.sub(_NAME, line))
        if len(sent) > room:
            sent = sent[: max(room, 0) + 1].rpartition(" ")[0] or sent[: max(room, 0)]
        if not sent:
            break
        quotable.append(line)
        sendable.append(sent)
        room -= len(sent) + 1
    return Redacted(tuple(quotable), tuple(sendable))


def visible(text: str) -> str:
    """Return `text` in NFC without what cannot be seen; joiners and selectors stay where they make an emoji."""
    composed = unicodedata.normalize("NFC", "\n".join(text.splitlines()))
    kept = "".join(letter for at, letter in enumerate(composed) if _is_visible(composed, at))
    return unicodedata.normalize("NFC", re.sub(r"[^\S\n]", " ", kept)).strip()


def redacted(line: str) -> str:
    """Replace contact data, links, handles and long numbers in a line by `[e-mail]` and the like."""
    once = _replaced(line)
    # Letters that only look different, such as circled digits, still tell what they tell.
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
        return False  # other variation selectors and tags carry text that nobody sees
    return letter.isspace() or (letter not in _BLANKS and unicodedata.category(letter) not in _UNSEEN)


def _is_emoji(letter: str) -> bool:
    return bool(letter) and (letter == _VS16 or unicodedata.category(letter) == "So" or letter >= "\U0001f000")


def _lines(text: str) -> Iterator[str]:
    for written in text.split("\n"):
        start = 0
        for end in _SENTENCE_END.finditer(written):
            # "e.g. this", "approx. 12": no sentence begins in small letters or with a digit.
            following = written[end.end() : end.end() + 1]
            if following.isalpha() and not following.islower():
                yield from _words_in(written[start : end.end()])
                start = end.end()
        yield from _words_in(written[start:])


def _words_in(piece: str) -> Iterator[str]:
    line = " ".join(piece.split())
    if line:
        yield line
