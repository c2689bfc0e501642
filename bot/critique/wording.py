"""What can be said of a text without understanding it: its words, letters and language, and what it must not hold."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from bot.critique.cleaning import redacted, seen
from bot.critique.lexicon import FUNCTION_WORDS, LURES, MACHINE_TALK, ORDER_MARKS, ORDERS, UNKIND

ECHO = 8
"""Words in a row that the prompt has too make a text an echo of it."""
MOTHER_SHARE = 0.3
"""The share of a bio's letters from which on a script is one in which it is written."""
LANGUAGE_HITS = 2
"""Small words of a language by which it is recognised, and by which it leads the next one."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LINK = re.compile(r"://|\bwww\.|\bmailto:|\bxn--|(?<![\w.])[\w-]+\.(?=[a-z]{2,})[a-z]+(?![\w'’])", re.IGNORECASE)
_MENTION = re.compile(r"@|<[#:@/a]|&#?\w+;|%[0-9a-f]{2}", re.IGNORECASE)
_MARKUP = re.compile(r"`|~~|\*\*|__|\|\||\]\(|\]\[|[<>{}\\]|^\s*(?:#{1,6}\s|-#\s|\*\s)", re.MULTILINE)
_SAME_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK"}


def folded(text: str) -> str:
    """Return `text` as it is compared: compatible letters as one, no case."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text, folded; a curly apostrophe is a straight one."""
    return tuple(found.replace("’", "'") for found in _WORD.findall(folded(text)))


def echoes(text: str, of: str) -> bool:
    """Return whether eight words in a row of `text` stand in `of`."""
    runs = set(_runs(of))
    return any(run in runs for run in _runs(text))


def language(text: str) -> str | None:
    """Return the code of a text's language if its small words tell it, of those written in Latin letters."""
    told = Counter(words(text))
    hits = sorted(((sum(told[word] for word in small), code) for code, small in FUNCTION_WORDS.items()), reverse=True)
    (most, code), (second, _) = hits[:2]
    return code if most >= LANGUAGE_HITS and most - second >= LANGUAGE_HITS else None


def in_the_letters_of(text: str, bio: str) -> bool:
    """Return whether a text is written as the bio is: mostly in a script of it, and with no letter of another one."""
    own, of_bio = _scripts(text), _scripts(bio)
    if not own or not own.keys() <= of_bio.keys():
        return False
    main = own.most_common(1)[0][0]
    return of_bio[main] >= MOTHER_SHARE * of_bio.total()


def in_another_language(text: str, bio: str) -> bool:
    """Return whether a text is certainly in another language than the bio."""
    of_text, of_bio = language(text), language(bio)
    return of_text is not None and of_bio is not None and of_text != of_bio


def gives_orders(line: str) -> bool:
    """Return whether a line reads like instructions to software: a courtesy to readers, never the defence."""
    read = unicodedata.normalize("NFKC", line)
    return ORDERS.search(read) is not None or ORDER_MARKS.search(read) is not None


def spelled(text: str) -> str:
    """Return `text` as its words are looked up, and again without accents: "stúpid" is a word that is known."""
    read = unicodedata.normalize("NFKC", text)
    bare = "".join(one for one in unicodedata.normalize("NFD", read) if not unicodedata.combining(one))
    return read if bare == read else f"{read}\n{bare}"


def is_unsafe(text: str, bio: str) -> bool:
    """Return whether a text holds what nobody is sent: links, pings, markup, machine talk, insults, lures.

    Also whatever cannot be seen, and what could reach somebody. A link without a path, and a word that may lead
    somebody somewhere, are as safe as the bio that has them.
    """
    if seen(text) != text or redacted(text) != text or any(_is_dressed(one) and one not in bio for one in text):
        return True
    # Browsers take an ideographic full stop in a host for a dot.
    read, of_bio = unicodedata.normalize("NFKC", text).replace("。", "."), folded(bio)
    if any(found[0].casefold() not in of_bio for shape in (_LINK, LURES) for found in shape.finditer(read)):
        return True
    return any(shape.search(read) for shape in (_MENTION, _MARKUP, MACHINE_TALK))


def is_unkind(text: str, bio: str = "") -> bool:
    """Return whether a text insults, threatens or shocks, in words that `bio` does not have."""
    own = set(words(bio))
    return any(not set(words(found[0])) <= own for found in UNKIND.finditer(spelled(text)))


def _is_dressed(letter: str) -> bool:
    """Return whether a letter or digit only looks like one, such as a wide, bold or circled one."""
    return letter.isalnum() and unicodedata.normalize("NFKC", letter) != letter


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    told = words(text)
    return (told[at : at + ECHO] for at in range(len(told) - ECHO + 1))


def _scripts(text: str) -> Counter[str]:
    """Count the letters of each script."""
    letters = (
        one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) in {"Lu", "Ll", "Lt", "Lo"}
    )
    return Counter(_script(one) for one in letters)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return _SAME_SCRIPT.get(name, name)
