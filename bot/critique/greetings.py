"""Whom a message is addressed to: the name in its greeting, so that it can stay on this machine."""

from collections.abc import Iterator
from itertools import takewhile

import regex

_SEARCHED = 400
"""Characters of a message in which its greeting is."""
_GREETING = regex.compile(
    r"^[\s>*_]*(?:(?:dear|hi|hiya|hello|hey|greetings|good (?:morning|afternoon|evening|day)|to"
    r"|hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen|abend)|moin|servus|bonjour|bonsoir|salut|chère?|cher"
    r"|hola|buen[oa]s (?:días|tardes|noches)|estimad[oa]|querid[oa]|ciao|buongiorno|gentile|car[oa]|egregi[oa]"
    r"|olá|oi|prezad[oa]|beste|geachte|hej|kära|kære|cześć|szanown[ay]|merhaba|sayın|sevgili)\b,?[ \t]*"
    # A name alone on its line: "Ms Okafor,"
    r"|(?=(?-i:\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){0,3} ?[,!:–—-][ \t]*$)))",
    regex.IGNORECASE | regex.MULTILINE,
)
_ADDRESSED = regex.compile(r"[^,!:;?\n(–—]{1,60}")
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _listed(
    "mr mrs ms mx miss dr prof professor doctor sir madam dame lord lady rev herr frau monsieur madame mademoiselle "
    "mme mlle sr sra señor señora don doña signor signora dott dottoressa pan pani"
)
_NOT_NAMES = _listed(
    "all and again alumni anyone both colleague colleagues committee everybody everyone folks friend friends hiring "
    "manager member members of or recruiter recruiters recruiting sirs team the there und whom concern et y e my dear"
)
_SENTENCE = _listed(
    "a am are as at do for from have hope how i i'm i've if in is it it's just may me my nice our sorry thank thanks "
    "that this to was we what when would you your ich wie danke je j'ai merci me mi gracias"
)
"""Words that show that the greeting was without a name, and the message has begun."""


def greeted_name(text: str) -> "regex.Pattern[str] | None":
    """Return a pattern of the name in a message's greeting, with its titles, wherever else it is; None without one."""
    greeting = _GREETING.search(text, 0, _SEARCHED)
    addressed = greeting and _ADDRESSED.match(text, greeting.end())
    names = sorted(set(_names(text, addressed)), key=len, reverse=True) if addressed else []
    if not names:
        return None
    name, titles = "|".join(map(regex.escape, names)), "|".join(sorted(_TITLES, key=len, reverse=True))
    return regex.compile(rf"(?<!\w)(?:(?:{titles})\b\.?\s+)*(?:{name})(?:[\s-]+(?:{name}))*(?!\w)", regex.IGNORECASE)


def _names(text: str, addressed: "regex.Match[str]") -> Iterator[str]:
    words = list(takewhile(_may_be_name, _WORD.findall(addressed[0])))
    if text[addressed.end() : addressed.end() + 1] == "" or len(_WORD.findall(addressed[0])) > 5:
        # No mark ends the greeting: "Hi Sarah I saw your talk".
        words = list(takewhile(lambda word: word[0].isupper(), words)) or words[:1]
    for word in words:
        if len(word) > 1 and word.casefold() not in _TITLES | _NOT_NAMES:
            yield word


def _may_be_name(word: str) -> bool:
    initial = len(word) == 1 and word.isupper() and word != "I"
    return initial or word in {"Hope", "May"} or word.casefold() not in _SENTENCE
