"""Whether a suggested text invents: every number, name and claim in it must stand in the bio.

A check of words cannot tell truth. It is strict where it cannot know: what it refuses in vain is not shown, no more.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.critique.lexicon import CLAIMS, GERMAN_LINKING, HEDGES, LINKING, NEGATIONS, NUMBER_WORDS, OPENERS, SMALL_WORDS
from bot.critique.wording import folded, language, words

MOST_NEW = 0.35
"""The share of longer words that may be new in an English text. Elsewhere none may: no claim would be known as one."""
LONG_WORD = 4
STEM = 5
NEAR = 3
"""Words after a number among which stands what it counts; or it is the word before."""

SLOT = re.compile(r"\[[^\W\d_][^\[\]\d]{0,58}\]")
"""A blank for the author to fill, `[a project you finished]`: no fact, if it holds no digit and no capital."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*\s?(?:%|\+|[kmx]\b|st\b|nd\b|rd\b|th\b)?", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+(?:['’.&+-][^\W_]+)*")
_SENTENCE = re.compile(r"[.!?…:;|•·\n“\"„«]+(?:\s+|$|(?<=[“\"„«\n]))|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a bio says: its lines that tell something. Its repr shows no text."""

    lines: tuple[str, ...]

    def __repr__(self) -> str:
        """Return how many lines there are."""
        return f"Facts({len(self.lines)} lines)"

    @property
    def text(self) -> str:
        """Return all of it, compatible letters as one."""
        return _nfkc("\n".join(self.lines))


def invents(text: str, facts: Facts) -> bool:
    """Return whether a suggested text tells a number, name, claim, school or employer that the bio does not."""
    told, known = _open(text), facts.text
    return (
        _has_new_number(told, known)
        or _has_new_name(told, known)
        or _has_new_claim(told, facts)
        or _has_new_link(told, known)
        or _turns_around(told, known)
    )


def names_new(text: str, facts: Facts) -> bool:
    """Return whether a text about the bio names something, or a number in digits, that the bio does not have."""
    told, known = _open(text), facts.text
    if not _written(told) <= _written(known):
        return True
    names = _new_names(told, known)
    if "de" in {language(known), language(told)}:
        return any(name.before in GERMAN_LINKING or not name.plain for name in names)
    return any(not (name.begins and name.plain) for name in names)


def is_another_text(text: str, facts: Facts) -> bool:
    """Return whether more of a suggested text is new than a suggestion needs."""
    told, known = _open(text), facts.text
    known_words = set(words(known))
    long = [word for word in words(told) if len(word) >= LONG_WORD and word not in SMALL_WORDS]
    new = [word for word in long if not _known(word, known_words)]
    if (language(known) or language(told)) != "en":
        return bool(new)
    return len([word for word in new if word not in OPENERS]) > MOST_NEW * len(long)


def has_bad_slot(text: str) -> bool:
    """Return whether brackets in a text are not blanks, or tell something themselves."""
    left = SLOT.sub("", text)
    return "[" in left or "]" in left or any(_tells(slot[1:-1]) for slot in SLOT.findall(text))


def _tells(slot: str) -> bool:
    return slot != slot.lower() or NUMBER_WORDS.search(slot) is not None


def _open(text: str) -> str:
    """Return a text without its blanks."""
    return _nfkc(SLOT.sub(" ", text))


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


# Numbers


def _has_new_number(told: str, known: str) -> bool:
    if not _numbers(told) <= _numbers(known):
        return True
    # A number that is in the bio, but counts something else there: "20 hours" are not "20 awards".
    return any(
        len(counted) >= LONG_WORD and counted.isalpha() and not _known(counted, _around(known, number))
        for number, counted in pairwise(words(told))
        if number[0].isdecimal() or NUMBER_WORDS.fullmatch(number)
    )


def _numbers(text: str) -> set[str]:
    return _written(text) | {folded(found[0]) for found in NUMBER_WORDS.finditer(text)}


def _written(text: str) -> set[str]:
    return {folded("".join(found[0].split())) for found in _NUMBER.finditer(text)}


def _around(known: str, number: str) -> set[str]:
    told = words(known)
    return {near for at, word in enumerate(told) if word == number for near in told[max(at - 1, 0) : at + NEAR + 1]}


# Names


@dataclass(frozen=True, slots=True)
class _Name:
    """A word with a capital that the bio does not have.

    `begins`: it is the first of a sentence. `plain`: its first letter alone is one. `before`: the word before it.
    """

    word: str
    before: str
    begins: bool
    plain: bool


def _new_names(told: str, known: str) -> Iterator[_Name]:
    known_words = set(words(known))
    for sentence in _sentences(told):
        before = ""
        for at, token in enumerate(_TOKEN.findall(sentence)):
            new = [part for part in words(token) if part not in known_words]
            if new and token != token.lower() and not _is_i(token):
                yield _Name(new[0], before, at == 0, token[1:] == token[1:].lower())
            before = folded(token)


def _has_new_name(told: str, known: str) -> bool:
    """Return whether a capital stands where the bio has none, but for common words that begin a sentence."""
    known_words = set(words(known))
    return any(
        not (name.begins and name.plain and _may_begin(name.word, known_words)) for name in _new_names(told, known)
    )


def _is_i(token: str) -> bool:
    return folded(token).replace("’", "'").partition("'")[0] == "i"


def _may_begin(word: str, known: set[str]) -> bool:
    return word in OPENERS or word in SMALL_WORDS or _known(word, known)


def _has_new_link(told: str, known: str) -> bool:
    """Return whether a school or an employer stands in the text and not in the bio: "at Harvard", "ex google"."""
    known_words, known_pairs = set(words(known)), set(pairwise(words(known)))
    named = {word for token in _TOKEN.findall(told) if token != token.lower() for word in words(token)}
    return any(
        before in LINKING and after not in SMALL_WORDS and (before, after) not in known_pairs
        for before, after in pairwise(words(told))
        if after in named or (before in {"at", "ex", "from", "under"} and after not in known_words)
    )


# Claims


def _has_new_claim(told: str, facts: Facts) -> bool:
    """Return whether a claim is new, or has lost the word that made it smaller: a student nurse is no nurse yet."""
    certain: set[str] = set()
    hedged: set[str] = set()
    for sentence in _sentences(facts.text):
        (hedged if HEDGES.search(sentence) else certain).update(_claims(sentence))
    for sentence in _sentences(told):
        claimed = _claims(sentence) - certain
        if not claimed <= hedged or (claimed and not HEDGES.search(sentence)):
            return True
    return False


def _turns_around(told: str, known: str) -> bool:
    """Return whether a sentence says what the bio says only with a "not", and has lost it."""
    denied: set[str] = set()
    said: set[str] = set()
    for sentence in _sentences(known):
        (denied if NEGATIONS.search(sentence) else said).update(words(sentence))
    denied -= said | SMALL_WORDS
    return any(not NEGATIONS.search(one) and not denied.isdisjoint(words(one)) for one in _sentences(told))


def _claims(sentence: str) -> set[str]:
    found = (folded(one[0]) for one in CLAIMS.finditer(sentence))
    return {one[:-1] if one.endswith("s") and not one.endswith("ss") else one for one in found}


def _sentences(text: str) -> Iterator[str]:
    return (one for one in _SENTENCE.split(text) if one)


def _known(word: str, known: set[str]) -> bool:
    """Return whether the bio has the word, or one that begins like it."""
    return word in known or any(len(other) >= LONG_WORD and other[:STEM] == word[:STEM] for other in known)
