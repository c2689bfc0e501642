"""The length of a bio as its place counts it."""

import unicodedata

import regex

from bot.coaching.bios import BioPlace, Unit

GRAPHEME = regex.compile(r"\X")
"""What a reader sees as one letter (Unicode's extended grapheme clusters)."""

# As Mastodon counts: app/validators/note_length_validator.rb.
_ADDRESS = regex.compile(r"(?<![\w@/.-])https?://[^\s/?#]+\.[^\s]*[^\s.,:;!?)\]}'\"’”]", regex.IGNORECASE)
_ADDRESS_COUNTS = 23
_HANDLE = regex.compile(
    r"(?<![=/\w])@(?P<name>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@\w+(?:[.-]+\w+)*", regex.IGNORECASE | regex.ASCII
)


def length(text: str, place: BioPlace) -> int:
    """Return the length of `text` in the unit of its place; a line break counts as one."""
    text = text.replace("\r\n", "\n")
    match place.unit:
        case Unit.CHARACTERS:
            return len(unicodedata.normalize("NFC", text))
        case Unit.GRAPHEMES:
            return graphemes(text)
        case Unit.SHORTENED:
            return graphemes(_HANDLE.sub(r"@\g<name>", _ADDRESS.sub(_ADDRESS_COUNTS * "x", text)))
        case Unit.WORDS:
            return len(words(text))


def words(text: str) -> list[str]:
    """Return the words of `text`; a dash or an emoji between spaces is none."""
    return [word for word in text.split() if any(map(str.isalnum, word))]


def graphemes(text: str) -> int:
    """Return the number of letters a reader sees, with spaces and emoji."""
    return len(text) if text.isascii() and "\r" not in text else sum(1 for _ in GRAPHEME.finditer(text))


def size(text: str) -> int:
    """Return the length of `text` in UTF-8 bytes; half a surrogate pair counts three."""
    return len(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))


def width(text: str) -> int:
    """Return the room that `text` takes: a wide letter, which may be a whole word, counts two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`, cut after a word if possible."""
    return text if len(text) <= limit else text[: limit + 1].rpartition(" ")[0].strip() or text[:limit]
