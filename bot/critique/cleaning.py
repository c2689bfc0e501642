"""A bio as it may leave the house: nothing invisible in it, nothing by which somebody can be reached or found."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.coaching.bios import BIO_LIMIT

MOST_READ = 4 * BIO_LIMIT
"""Most characters that are looked at before cutting: what is dropped or redacted may shorten a text."""
MOST_LINES = 100
"""Most lines that are sent."""

_ZWJ = "\u200d"
_VS16 = "\ufe0f"
_KEYCAP = "\u20e3"
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Letters by name, empty by look.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Controls, formats (zero-width, bidi, tags), lone surrogates and private letters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_SENTENCE_END = re.compile(r"(?<=[.!?…])[”’\"')\]]?\s+|(?<=[\u3002\uff01\uff1f])")

_AT = r"(?:@|\s?[(\[{]\s?at\s?[)\]}]\s?)"
_DOT = r"(?:\.|\s?[(\[{]\s?dot\s?[)\]}]\s?)"
_PLATFORM = (
    "discord|facebook|fb|github|ig|insta(?:gram)?|kakao(?:talk)?|linkedin|mastodon|messenger|qq|signal|skype|"
    "snap(?:chat)?|telegram|tg|threads|tiktok|twitter|viber|vk|wechat|weixin|whatsapp|x"
)
_ENDS = (
    "app|art|at|au|be|biz|blog|br|ca|ch|cloud|cn|co|com|cz|de|dev|dk|edu|es|eu|fi|fm|fr|gg|gl|gle|gov|gr|ie|in|info|"
    "io|it|jp|kr|link|ly|me|mx|net|ng|nl|no|nz|online|org|page|ph|pk|pl|pt|ro|ru|se|sg|site|social|space|tech|tr|tv|"
    "uk|us|wiki|work|world|xyz|za"
)
_DASHES = r"\-\u2010-\u2015"
# What is told of a person besides words; the first that fits names it.
_TOLD = re.compile(
    rf"""
      (?P<email>[\w.+'’%-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}})*
        | [\w.+-]{{1,64}}\ at\ [\w-]{{1,63}}(?:\ dot\ [\w-]{{1,63}})+ )
    | (?P<link>(?:\b[a-z][a-z0-9+.-]{{1,15}}://|\bwww\.|\bmailto:|\btel:)\S+
        | (?<![\w.@-])(?:[\w-]{{1,63}}\.){{1,8}}(?:{_ENDS})(?::\d+)?[/?#]\S* )
    | (?P<handle><?@[!&]?[\w.-]+(?:{_AT}[\w.-]+)?>?
        | \b\w[\w.]{{1,31}}\#\d{{4}}\b
        | \b(?:{_PLATFORM})\s?[:=]\s?[\w.-]*\w )
    | (?P<number>(?<!\d)[(+]{{0,2}}\d(?:[\s().{_DASHES}/·]{{0,3}}\d){{6,}} )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NAMES = {"email": "[e-mail]", "link": "[link]", "handle": "[handle]", "number": "[number]"}
_YEAR = r"(?:(?:0?[1-9]|1[0-2])[./])?(?:19|20)\d\d"
# From when to when: the one long run of digits in a bio by which nobody is found.
_YEARS = re.compile(rf"{_YEAR}(?:\s?[{_DASHES}/\s]\s?{_YEAR})+")
_LONG_RUN = re.compile(r"\d{6,}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A bio in lines: as it may be quoted to its author, and as it may be sent; the two have the same lines.

    A line is a sentence or what its author put on a line. Its repr shows no text.
    """

    quotable: tuple[str, ...] = field(repr=False)
    sendable: tuple[str, ...] = field(repr=False)

    @property
    def numbered(self) -> dict[str, str]:
        """Return what may be sent, each line under its number from 1."""
        return {str(number): line for number, line in enumerate(self.sendable, 1)}


def cleaned(text: str) -> Cleaned:
    """Return a bio without what cannot be seen, and redacted where it is sent.

    At most BIO_LIMIT characters are sent, in MOST_LINES lines; a text that is longer ends between two words.
    """
    quotable: list[str] = []
    sendable: list[str] = []
    room = BIO_LIMIT
    for line in islice(_lines(seen(text[:MOST_READ])), MOST_LINES):
        # Redacted first: the half of an address would not be known as one.
        sent = _cut(redacted(line), room)
        if not sent:
            break
        quotable.append(line)
        sendable.append(sent)
        room -= len(sent) + 1
    return Cleaned(tuple(quotable), tuple(sendable))


def _cut(line: str, room: int) -> str:
    if len(line) <= room:
        return line
    return line[: max(room, 0) + 1].rpartition(" ")[0] or line[: max(room, 0)]


def seen(text: str) -> str:
    """Return `text` in NFC with what can be seen alone: no controls but line breaks, no marks that turn or hide.

    A joiner and an emoji selector stay where they make an emoji.
    """
    composed = unicodedata.normalize("NFC", _BREAKS.sub("\n", text))
    kept = "".join(one for at, one in enumerate(composed) if _is_kept(composed, at))
    return unicodedata.normalize("NFC", "".join(" " if one.isspace() and one != "\n" else one for one in kept))


def redacted(line: str) -> str:
    """Return `line` with e-mail addresses, links, handles and long numbers replaced by `[e-mail]` and the like."""
    once = _replaced(line)
    # Letters that only look otherwise, such as circled digits: what is told in them is told.
    folded = unicodedata.normalize("NFKC", once)
    again = _replaced(folded)
    return once if again == folded else again


def _replaced(line: str) -> str:
    return _LONG_RUN.sub(_NAMES["number"], _TOLD.sub(_name, line))


def _name(found: re.Match[str]) -> str:
    if found.lastgroup == "number" and _YEARS.fullmatch(found[0]):
        return found[0]
    return _NAMES[found.lastgroup or "number"]


def _is_kept(text: str, at: int) -> bool:
    one = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if one == _ZWJ:
        return _is_pictured(before) and _is_pictured(after)
    if one == _VS16:
        return _is_pictured(before) or (before in "0123456789#*" and after == _KEYCAP)
    if "\ufe00" <= one < _VS16 or "\U000e0000" <= one <= "\U000e0fff":
        return False  # other variation selectors and tags: they carry text that nobody sees
    return one == "\n" or one.isspace() or (one not in _BLANKS and unicodedata.category(one) not in _UNSEEN)


def _is_pictured(one: str) -> bool:
    return bool(one) and (one == _VS16 or unicodedata.category(one) == "So" or "\U0001f000" <= one <= "\U0001faff")


def _lines(text: str) -> Iterator[str]:
    for written in text.split("\n"):
        start = 0
        for end in _SENTENCE_END.finditer(written):
            # "e.g. this", "approx. 12": no sentence begins in small letters or with a digit.
            following = written[end.end() : end.end() + 1]
            if following.isalpha() and not following.islower():
                yield from _worded(written[start : end.end()])
                start = end.end()
        yield from _worded(written[start:])


def _worded(piece: str) -> Iterator[str]:
    line = " ".join(piece.split())
    if line:
        yield line
