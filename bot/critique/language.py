"""Whether a bio is in English, so that the rules that need it can look."""

from collections.abc import Sequence

import regex

from bot.critique.reading import Reading, singular
from prompts.bios import Lexicon, Rubric

LEAST_SHARE = 0.08
"""The share of small English words below which a longer text is not English (method, rule B00)."""
LEAST_KNOWN = 0.25
"""The share of words we know that makes a list without small words English."""
LEAST_FAMILIAR = 0.4
"""The share of words that English bios use below which a longer text is not English. Of some 600 bios tried, English
ones had half at least, those in other languages three tenths at most (our judgement)."""
LONG = 8
LOOKED_AT = 60
"""How many words are enough to tell."""

_LATIN = regex.compile(r"\p{Latin}")
_KNOWN = (Lexicon.ROLES, Lexicon.BUZZWORDS, Lexicon.QUALIFIERS, Lexicon.VERBS, Lexicon.DID, Lexicon.HOBBIES)


def is_english(reading: Reading, rubric: Rubric) -> bool:
    """Return whether a text is in English; names and links say nothing. Too few words to tell count as English."""
    words = [
        word
        for number, word in enumerate(reading.words)
        if number not in reading.names and any(letter.isalpha() for letter in word.key)
    ]
    if not words:
        return not any(word.key.isalpha() and not _LATIN.search(word.key) for word in reading.words)
    latin = 2 * sum(1 for word in words if _LATIN.search(word.key)) >= len(words)
    if not latin or (len(words) >= LONG and not _sounds_english([word.key for word in words[:LOOKED_AT]], rubric)):
        return False
    # Among small letters, a word in capitals is an abbreviation more often than a small word: MIT, LA, DE.
    calm = [word.key for word in words if not word.upper or len(word.key) == 1]
    keys = calm if 3 * len(calm) >= len(words) else [word.key for word in words]
    english = sum(1 for key in keys if key in rubric.words[Lexicon.STOP_WORDS])
    foreign = _most_foreign(keys, rubric, more_than=english)
    if len(words) >= LONG and english >= LEAST_SHARE * len(words) and english >= foreign:
        return True
    known = sum(1 for key in keys if _is_known(key, rubric))
    # One small word of another language is no language yet: "med" is Swedish, and short for medicine.
    if foreign > english and 2 * foreign > known:
        return False
    if len(words) < LONG:
        return english + known > 0 or all(word.key.isascii() for word in words)
    return english >= LEAST_SHARE * len(words) or known >= LEAST_KNOWN * len(words)


def _sounds_english(keys: Sequence[str], rubric: Rubric) -> bool:
    """Return whether enough of the words are such as English bios use, whatever they stand for there."""
    return sum(1 for key in keys if _is_familiar(key, rubric)) >= LEAST_FAMILIAR * len(keys)


def _is_familiar(key: str, rubric: Rubric) -> bool:
    if key.isascii() and key.endswith(("ing", "ed", "ly")):
        return True
    hints = rubric.vocabulary
    # The fullest lists first: most words are in one of them.
    lists = (
        rubric.words[Lexicon.STOP_WORDS],
        hints.topics,
        hints.verbs,
        hints.roles,
        hints.done,
        hints.past,
        hints.made,
    )
    every = (*lists, hints.readers, hints.askers, *rubric.words.values(), *rubric.fields.values())
    return any(form in words for form in dict.fromkeys((key, singular(key))) for words in every)


def _most_foreign(keys: Sequence[str], rubric: Rubric, *, more_than: int) -> int:
    """Return how many words the likeliest other language has; the count of all of them when that is no more."""
    of_any = frozenset[str]().union(*rubric.languages.values())
    candidates = [key for key in keys if key in of_any]
    if len(candidates) <= more_than:
        return len(candidates)
    return max((sum(1 for key in candidates if key in small) for small in rubric.languages.values()), default=0)


def _is_known(key: str, rubric: Rubric) -> bool:
    lists = (*(rubric.words[one] for one in _KNOWN), *rubric.fields.values())
    return any(form in phrases for phrases in lists for form in (key, singular(key)))
