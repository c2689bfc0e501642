"""A bio as the rules look at it: its words and sentences, with the way back to the words as written."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import regex

from bot.critique.identity import without_identity
from prompts.bios import GAP, Phrases, key_of

QUOTE_LIMIT = 120
"""Most characters of a quote; a longer one is cut after a word."""
_GAP_WORDS = 3
_APOSTROPHES = frozenset("`\u00b4\u02bc\u2018\u2019\uff07")

_RUN = regex.compile(r"[\x00-\x7f]+(?=[\x00-\x7f]|\Z)|\X", regex.DOTALL)
# Letters of another shape than they mean: mathematical, in circles or squares, and wide ones.
STYLED = regex.compile(
    r"[\U0001D400-\U0001D7FF\u24B6-\u24E9\U0001F110-\U0001F129\U0001F130-\U0001F149\U0001F150-\U0001F169"
    r"\U0001F170-\U0001F189\uFF21-\uFF3A\uFF41-\uFF5A]"
)
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Regional_Indicator}")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:'\p{L}+)*")
# "Nurse's" is looked up as "nurse"; "let's" and "it's" own nothing.
_OWNER = regex.compile(r"(?<!^(?:let|it|what|that|he|she|who|there|here|how|where))'s$", regex.IGNORECASE)
_LINK = regex.compile(
    r"(?:https?://|www\.)[^\s<>]+[^\s<>.,:;!?)\]}'\"]"
    r"|(?<![\w@.])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?:[a-z]{2,}/[^\s<>]*[^\s<>.,:;!?)\]}'\"]|(?:com|org|net|io|dev|edu|app|me|info|blog|page|site|art|design|studio|xyz|"
    r"co|uk|de|fr|es|nl|se|no|dk|fi|pl|br|in|za|ng|ke|gh|au|ca|nz|jp|ch|at|be|eu|ly|gl|gd|cc|link|works|portfolio|"
    r"online|tech|academy|health|law|photography)\b)",
    regex.IGNORECASE,
)
_MAY_BE_LINK = regex.compile(r"://|\.[a-z0-9]", regex.IGNORECASE)
_NO_LINK = frozenset({"asp.net", "node.js", "next.js", "vue.js", "socket.io", "ad.in"})
_MAIL = regex.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}+@[\w-]++(?:\.[\w-]++)++")
_HANDLE = regex.compile(r"(?<![\w@])@[\w.-]*\w(?:@[\w-]+(?:\.[\w-]+)+)?")
_BREAKS = r"(?<=[.!?…][\"')\]”]?)\s++|\n\s*+|[|•·●▪◦‣✦★☆→▶¦]\s*+|</?[a-z][^<>]{0,40}>\s*+|(?<=[\u3002\uFF01\uFF1F])"
_BREAK = regex.compile(_BREAKS)
# Marks of software part sentences too, so that an order between them takes nothing else with it.
_BREAK_OF_MARKS = regex.compile(
    rf"{_BREAKS}|\[/?(?:inst|system|assistant)\]\s*+|<\|[^<>|]{{0,40}}\|?>\s*+|<!--\s*+|-->\s*+|&gt;\s*+"
    r"|(?<=[.!?…][\"')\]”]{2,3})\s++|(?=\{\s?[\"'])|(?<=[\"'\d\]}]\s?\})\s*+",
    regex.IGNORECASE,
)
_MARKS = regex.compile(r"[\[{<]|&gt;|\)\)|\"\"\"|'''")
_APART = regex.compile(r"[,;:()|\n\p{Extended_Pictographic}]|\s[-–—]\s")
_NO_END = regex.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|dr|mr|mrs|ms|prof|st|vs|approx|no|jr|sr|b\.?sc|m\.?sc|b\.?a|m\.?a|ph\.?d|dept|\p{L})\.$",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word: `key` as lists have it, where it stands in the looked-at text, and the number of its sentence.

    `one`: its key without the s of a plural. `joins`: it stands together with the word before, with no comma, bar or
    end of sentence between.
    """

    key: str = field(repr=False)
    one: str = field(repr=False)
    start: int
    end: int
    sentence: int
    capital: bool
    upper: bool
    joins: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that a list has: the numbers of the first and the last one."""

    first: int
    last: int

    @property
    def numbers(self) -> range:
        """Return the numbers of its words."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A bio to look at. `text`: composed letters and plain apostrophes, without what cannot be seen.

    `whole`: the same with the parts in which somebody says who they are; `text` leaves them out.

    `places`: the numbers of the words that have a key; `places_of_one`: of those that are a plural of it. `names`: the
    numbers of the words that name a person, a school or an address; the lists do not find them.
    """

    text: str = field(repr=False)
    whole: str = field(repr=False)
    words: Sequence[Word] = field(repr=False)
    sentences: Sequence[tuple[int, int]]
    links: Sequence[tuple[int, int]]
    written: str = field(repr=False)
    starts: Sequence[int] = field(repr=False)
    ends: Sequence[int] = field(repr=False)
    places: Mapping[str, Sequence[int]] = field(repr=False)
    places_of_one: Mapping[str, Sequence[int]] = field(repr=False)
    names: frozenset[int] = frozenset()

    def quote(self, start: int, end: int) -> str:
        """Return what was written where `text[start:end]` stands now; an exact part of it, cut after a word."""
        if start >= end:
            return ""
        quoted = self.written[self.starts[start] : self.ends[end - 1]]
        if len(quoted) <= QUOTE_LIMIT:
            return quoted.strip()
        cut = quoted[: QUOTE_LIMIT + 1]
        return (cut.rsplit(maxsplit=1)[0] if len(cut.split()) > 1 else cut[:QUOTE_LIMIT]).strip()

    def quote_hit(self, hit: Hit) -> str:
        """Return the words of a hit as written."""
        return self.quote(self.words[hit.first].start, self.words[hit.last].end)

    def quote_sentence(self, number: int) -> str:
        """Return a sentence as written."""
        return self.quote(*self.sentences[number])

    def between(self, number: int) -> str:
        """Return what stands between a word and the next one; "" after the last."""
        if number + 1 >= len(self.words):
            return ""
        return self.text[self.words[number].end : self.words[number + 1].start]

    def key(self, number: int) -> str:
        """Return the key of a word; "" where there is none, or a name."""
        return self.words[number].key if number not in self.names and 0 <= number < len(self.words) else ""

    def sentence_at(self, place: int) -> int:
        """Return the number of the sentence at a place of the looked-at text."""
        return max(0, bisect_right(self.sentences, place, key=lambda span: span[0]) - 1)

    def words_in(self, start: int, end: int) -> range:
        """Return the numbers of the words that start within a part of the looked-at text."""
        return range(
            bisect_left(self.words, start, key=lambda word: word.start),
            bisect_left(self.words, end, key=lambda word: word.start),
        )

    def word_at(self, place: int) -> int:
        """Return the number of the last word that starts at or before a place; -1 when there is none."""
        return bisect_right(self.words, place, key=lambda word: word.start) - 1


def read(text: str) -> Reading:
    """Return a bio to look at; takes any text."""
    whole, *places_of_whole = _shown(text)
    shown, starts, ends = _left_of(whole, *places_of_whole)
    spans = [match.span() for match in _LINK.finditer(shown)] if _MAY_BE_LINK.search(shown) else []
    links = [span for span in spans if shown[slice(*span)] not in _NO_LINK]
    sentences = _sentences(shown, links)
    addresses = (match.span() for pattern in (_MAIL, _HANDLE) for match in pattern.finditer(shown))
    hidden = [*links, *(addresses if "@" in shown else ())]
    words: list[Word] = []
    names: set[int] = set()
    places: defaultdict[str, list[int]] = defaultdict(list)
    plurals: defaultdict[str, list[int]] = defaultdict(list)
    sentence = 0
    for number, match in enumerate(_WORD.finditer(shown)):
        start, end = match.span()
        before = sentence
        while sentence + 1 < len(sentences) and start >= sentences[sentence][1]:
            sentence += 1
        if hidden and any(first <= start < last for first, last in hidden):
            names.add(number)
        word = match.group()
        joins = number > 0 and before == sentence and _stand_together(shown, words[-1].end, start)
        capital = word[0].isupper() or (not word.isascii() and unicodedata.category(word[0]) == "Lo")
        key = key_of(_OWNER.sub("", word)) if "'" in word else word.casefold()
        one = singular(key)
        words.append(Word(key, one, start, end, sentence, capital, word.isupper(), joins))
        places[key].append(number)
        if one != key:
            plurals[one].append(number)
    return Reading(shown, whole, words, sentences, links, text, starts, ends, places, plurals, frozenset(names))


def _stand_together(text: str, end: int, start: int) -> bool:
    """Return whether no comma or dash stands between two words."""
    return text[end:start] == " " or not _APART.search(text, end, start)


def find(reading: Reading, phrases: Phrases, *, plural: bool = False) -> list[Hit]:
    """Return where phrases stand, none within another; never across sentences, commas or names.

    `plural`: a last word with an s counts too.
    """
    hits: list[Hit] = []
    after = 0
    for number in _begun(reading, phrases, plural=plural):
        hit = hit_at(reading, phrases, number, plural=plural) if number >= after else None
        if hit is not None:
            hits.append(hit)
            after = hit.last + 1
    return hits


def _begun(reading: Reading, phrases: Phrases, *, plural: bool) -> Sequence[int]:
    """Return the numbers of the words that a phrase may begin with, in order."""
    numbers = {number for key in phrases.keys() & reading.places.keys() for number in reading.places[key]}
    if plural:
        both = phrases.keys() & reading.places_of_one.keys()
        numbers.update(number for key in both for number in reading.places_of_one[key])
    return sorted(numbers)


def word_set(words: str) -> frozenset[str]:
    """Return the words of a line: short lists of a rule's own stand beside it, long ones in bio_rubric.toml."""
    return frozenset(words.split())


def singular(key: str) -> str:
    """Return a word without the s of its plural."""
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith("ss") else key


def has_word(phrases: Phrases, key: str) -> bool:
    """Return whether a list has a word by itself, rather than as the first of several."""
    return (key,) in phrases.get(key, ())


def hit_at(reading: Reading, phrases: Phrases, number: int, *, plural: bool = False) -> Hit | None:
    """Return the longest phrase that begins with the word `number`, None when none does."""
    key = reading.key(number)
    if not key:
        return None
    found = phrases.get(key, ())
    one = reading.words[number].one
    if plural and one != key:
        found = (*found, *(phrase for phrase in phrases.get(one, ()) if len(phrase) == 1))
    next_key = reading.words[number + 1].key if joined(reading, number) else ""
    next_one = reading.words[number + 1].one if next_key and plural else next_key
    for phrase in found:
        if len(phrase) == 1:
            return Hit(number, number)
        second = phrase[1]
        if second not in {next_key, next_one, GAP}:  # most phrases end here
            continue
        last = _last(reading, phrase, number, plural=plural)
        if last is not None:
            return Hit(number, last)
    return None


def _last(reading: Reading, phrase: Sequence[str], number: int, *, plural: bool) -> int | None:
    """Return the number of a phrase's last word, when it goes on from the word `number`."""
    for place, wanted in enumerate(phrase[1:], 1):
        if wanted == GAP:
            rest = phrase[place + 1 :]
            within = range(number + 1, min(number + 2 + _GAP_WORDS, len(reading.words)))
            for start in within:
                if not joined(reading, start - 1):
                    return None
                if reading.key(start) == rest[0] and (last := _last(reading, rest, start, plural=plural)) is not None:
                    return last
            return None
        if not joined(reading, number):
            return None
        number += 1
        key = reading.key(number)
        if key != wanted and not (plural and place == len(phrase) - 1 and singular(key) == wanted):
            return None
    return number


def joined(reading: Reading, number: int) -> bool:
    """Return whether the word `number` and the next one stand together: no comma, bar or end of sentence between."""
    return number + 1 < len(reading.words) and reading.words[number + 1].joins


def _left_of(whole: str, starts: Sequence[int], ends: Sequence[int]) -> tuple[str, Sequence[int], Sequence[int]]:
    """Return a text without the parts that only say who somebody is, and where its letters start and end."""
    kept = without_identity(whole)
    if kept == [(0, len(whole))]:
        return whole, starts, ends
    text = "".join(whole[first:last] for first, last in kept)
    return (
        text,
        list(chain.from_iterable(starts[first:last] for first, last in kept)),
        list(chain.from_iterable(ends[first:last] for first, last in kept)),
    )


def _shown(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Return the text to look at, and where each of its letters starts and ends in what was written."""
    if text.isascii():
        return text, range(len(text)), range(1, len(text) + 1)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _RUN.finditer(text):
        run, (start, end) = match.group(), match.span()
        if run.isascii():
            parts.append(run)
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
            continue
        letter = _letter(run)
        parts.append(letter)
        starts.extend([start] * len(letter))
        ends.extend([end] * len(letter))
    return "".join(parts), starts, ends


def _letter(cluster: str) -> str:
    """Return what a reader sees as one letter in its plain form; "" when there is nothing to see."""
    if _EMOJI.search(cluster) and not STYLED.search(cluster):
        return cluster
    if cluster in _APOSTROPHES:
        return "'"
    if cluster.isspace():
        return "\n" if cluster in "\r\n\u2028\u2029\x85\v\f" else " "
    if STYLED.search(cluster):
        return unicodedata.normalize("NFKC", cluster)
    seen = "".join(one for one in cluster if unicodedata.category(one) not in {"Cf", "Cc", "Cs"})
    return unicodedata.normalize("NFC", seen)


def _sentences(text: str, links: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where sentences start and end; parts of a list with bars or dots are sentences too."""
    spans: list[tuple[int, int]] = []
    start = 0
    breaks = _BREAK_OF_MARKS if _MARKS.search(text) else _BREAK
    for match in breaks.finditer(text):
        inside = any(first < match.start() < last for first, last in links)
        if inside or (match.group().isspace() and "\n" not in match.group() and _goes_on(text, match.start())):
            continue
        if text[start : match.start()].strip():
            spans.append((start, match.start()))
            start = match.end()
    if text[start:].strip() or not spans:
        spans.append((start, len(text)))
    return spans


def _goes_on(text: str, end: int) -> bool:
    """Return whether a full stop ends an abbreviation rather than a sentence."""
    return _NO_END.search(text, max(0, end - 8), end) is not None
