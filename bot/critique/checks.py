"""The offline bio check: only what a program can be certain of, without praise and without guesses about a person.

Every rule is mechanical: it counts, or it finds a shape or a phrase, and quotes the exact words. What only a person can
judge, the card asks (`prompts/bio_rubric.toml`). Why it is so small: on 72 unseen bios an engine that inferred role,
field and proof made a wrong statement in 29, plain checks in 3.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import regex

from bot.coaching.bios import BIO_LIMIT, BioPlace, BioReview, Finding, Unit
from bot.critique.lengths import GRAPHEME, cut, length, size, width
from bot.critique.private import contact_data
from bot.critique.redact import visible
from prompts.bios import Crisis, Rubric

NOWHERE: Final = (0, 0)
"""The span of a finding about the whole bio, which quotes nothing."""
QUOTE_LIMIT = 120
"""Most characters of a quote; it is cut after a word."""
THIN, THIN_ROOMY = 40, 150
"""Fewest letters of a bio that is not very short; the second is for places with much room."""
MOST_HASHTAGS = 3
MOST_EMOJI = 4
MOST_BARS = 3
MOST_EXCLAMATION_MARKS = 2
LONGEST_SENTENCE = 32
"""Words of a sentence that still read well aloud."""
UNITS = {
    Unit.CHARACTERS: "characters",
    Unit.GRAPHEMES: "letters and signs",
    Unit.SHORTENED: "letters and signs",
    Unit.WORDS: "words",
}

Span = tuple[int, int]
Hit = tuple[Span, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Bio:
    """A bio as the rules read it.

    Attributes:
        written: as the member wrote it, at most BIO_LIMIT characters.
        text: in plain letters (NFKC), without invisible ones; patterns run on this.
        places: for each character of `text`, its position in `written`.
    """

    written: str = field(repr=False)
    text: str = field(repr=False)
    places: Sequence[int] = field(repr=False)
    place: BioPlace
    limit: int
    rubric: Rubric = field(repr=False)

    def written_at(self, span: Sequence[int]) -> Span:
        """Return the span in `written` for a span of `text`."""
        return self.places[span[0]], self.places[span[1] - 1] + 1

    def hits(self, pattern: "regex.Pattern[str]") -> Iterator[Hit]:
        """Yield a hit without values for each match of a pattern in `text`."""
        for match in pattern.finditer(self.text):
            yield self.written_at(match.span()), {}


def review(text: str, place: BioPlace, limit: int, rubric: Rubric, crisis: Crisis) -> BioReview:
    """Check a bio; every text is accepted.

    Args:
        limit: the place's own, or the one the member typed.
        crisis: phrases after which the card first of all shows where to find help.
    """
    lead = text.strip()[: place.lead] if place.lead is not None and len(text.strip()) > place.lead else ""
    bio = _read(text, place, limit, rubric)
    order = list(rubric.rules)
    findings: list[Finding] = []
    for rule_id, rule in RULES.items():
        end = 0
        for span, values in sorted(rule(bio), key=lambda hit: hit[0]):
            if span[0] >= end:  # hits of a rule do not overlap
                findings.append(Finding(rule_id, cut(bio.written[slice(*span)].strip(), QUOTE_LIMIT), values))
                end = span[1]
    findings.sort(key=lambda finding: order.index(finding.rule))
    return BioReview(place, limit, length(text, place), lead, tuple(findings), says_crisis(bio.text, crisis))


def says_crisis(text: str, crisis: Crisis) -> bool:
    """Return whether a text has one of the explicit phrases; most people in distress use none.

    It is also read as an AI would get it: without characters that nobody sees.
    """
    pattern = _crisis_pattern(crisis.phrases)
    return any(pattern.search(form) for form in (text, visible(text)))


def addresses_software(text: str) -> bool:
    """Return whether a text gives instructions to a program, or pretends to be part of one."""
    return _ORDER.search(text) is not None


def _read(written: str, place: BioPlace, limit: int, rubric: Rubric) -> _Bio:
    written = written[:BIO_LIMIT]
    if written.isascii():
        return _Bio(written, written, range(len(written)), place, limit, rubric)
    letters: list[str] = []
    places: list[int] = []
    for number, letter in enumerate(written):
        if unicodedata.category(letter) == "Cf" and letter not in "\u200c\u200d":
            continue
        for plain in unicodedata.normalize("NFKC", "'" if letter in "’‘ʼ`´" else letter):
            letters.append(plain)
            places.append(number)
    return _Bio(written, "".join(letters), places, place, limit, rubric)


@lru_cache(maxsize=16)
def phrase_pattern(phrases: tuple[str, ...]) -> "regex.Pattern[str]":
    """Match whole phrases in any case; a space matches a hyphen too, and an apostrophe may be missing."""
    parts = [
        regex.escape(phrase).replace("\\ ", " ").replace(" ", r"[\s‐‑–-]+").replace("'", "'?") for phrase in phrases
    ]
    return regex.compile(rf"(?<![\w#@])(?:{'|'.join(sorted(parts, key=len, reverse=True))})(?!\w)", regex.IGNORECASE)


@lru_cache(maxsize=4)
def _crisis_pattern(phrases: tuple[str, ...]) -> "regex.Pattern[str]":
    """Match phrases in any case; one with a full stop only where its sentence ends.

    In scripts without spaces they match anywhere.
    """
    letter = r"[\p{L}\p{M}\p{N}]"
    closing = r"""[.,;:!?…|)\]"”»*_~—–]|\p{Extended_Pictographic}"""
    parts: list[str] = []
    for phrase in phrases:
        body = r"\s+".join(regex.escape(word).replace("'", "'?") for word in phrase.removesuffix(".").split())
        spaced = regex.search(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]", phrase) is None
        end = rf"(?=\s*(?:{closing}|\n|\Z))" if phrase.endswith(".") else rf"(?!{letter})" if spaced else ""
        parts.append((rf"(?<!{letter})" if spaced else "") + body + end)
    return regex.compile("|".join(parts), regex.IGNORECASE)


# The rules. Each takes a bio and yields spans of `written` with the values for its texts.


def _over_limit(bio: _Bio) -> Iterator[Hit]:
    counts = [(length(bio.written, bio.place), bio.limit, UNITS[bio.place.unit])]
    if bio.place.max_bytes is not None:
        counts.append((size(bio.written), bio.place.max_bytes, "bytes"))
    for count, limit, unit in counts:
        if count > limit:
            yield NOWHERE, {"n": str(count), "limit": str(limit), "over": str(count - limit), "unit": unit}
            return


def _very_thin(bio: _Bio) -> Iterator[Hit]:
    if width(bio.text.strip()) < min(THIN_ROOMY if bio.place.roomy else THIN, bio.limit // 2):
        yield NOWHERE, {}


# Names that contain a claim, and prizes for one: "Guru Nanak", "team player of the year".
_NAMED = regex.compile(r"[\s-]+(?-i:\p{Lu})")
_PRIZE = regex.compile(r"[^.!?\n]{0,20}\b(?:of the (?:year|month|week|season)|awards?|prize|medal)\b", regex.IGNORECASE)
_DENIED = regex.compile(
    r"\b(?:no|not|never|isn't|anti|without|than|an?other word for)(?: an?| the| another| your)?[\s-]+$",
    regex.IGNORECASE,
)


def _claims(bio: _Bio) -> Iterator[Hit]:
    phrases = bio.rubric.phrases
    for pattern, may_be_name in ((phrase_pattern(phrases.claims), False), (phrase_pattern(phrases.titles), True)):
        for match in pattern.finditer(bio.text):
            before, after = bio.text[max(0, match.start() - 25) : match.start()], bio.text[match.end() :]
            if _PRIZE.match(after) or _DENIED.search(before) or (may_be_name and _NAMED.match(after)):
                continue
            yield bio.written_at(match.span()), {}


_HASHTAG = regex.compile(r"(?<![\w#&/])#[\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*")


def _hashtags(bio: _Bio) -> Iterator[Hit]:
    tags = list(_HASHTAG.finditer(bio.text))
    if len(tags) > MOST_HASHTAGS:
        yield bio.written_at((tags[0].start(), tags[-1].end())), {"n": str(len(tags))}


_IS_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[0-9#*]\uFE0F?\u20E3")
# Flags and symbols of identity: nobody is asked to hide them.
_OF_IDENTITY = regex.compile(r"[\p{Regional_Indicator}🏳🏴⚧♀♂☪✝☦✡🔯🕎🕉☸☯🪯🛐♿🎗🧕👳🧏🦻🦯🦽🦼🦾🦿]|[\u2642\u2640]")


def _emoji(bio: _Bio) -> Iterator[Hit]:
    if bio.written.isascii():
        return
    letters = list(GRAPHEME.finditer(bio.written))
    emoji = [match for match in letters if _IS_EMOJI.match(match.group()) and not _OF_IDENTITY.search(match.group())]
    if len(emoji) > MOST_EMOJI:
        yield (emoji[0].start(), emoji[-1].end()), {"n": str(len(emoji))}


# Words in capitals side by side, with "I", "A" and numbers among them. Commas and bars separate abbreviations.
_CAPITALS = regex.compile(r"\b\p{Lu}[\p{Lu}\p{N}'&-]*(?:[ ]+(?:\p{Lu}[\p{Lu}\p{N}'&-]*|&|\p{N}+))*\b[!?]*")
_LONG_CAPITALS = regex.compile(r"\p{Lu}{4,}")


def _shouting(bio: _Bio) -> Iterator[Hit]:
    for match in _CAPITALS.finditer(bio.text):
        words = [word for word in match.group().split() if len(word) > 1]
        if len(words) >= 3 and sum(1 for word in words if _LONG_CAPITALS.search(word)) >= 2:
            yield bio.written_at(match.span()), {}
            return
    marks = [number for number, letter in enumerate(bio.text) if letter == "!"]
    if len(marks) > MOST_EXCLAMATION_MARKS:
        yield bio.written_at(next(span for span in _sentences(bio.text) if span[1] > marks[0])), {}


_LINK = regex.compile(r"(?:https?://)?(?:www\.)?(?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,})/[^\s<>\"')\]]+", regex.IGNORECASE)


def _short_links(bio: _Bio) -> Iterator[Hit]:
    for match in _LINK.finditer(bio.text):
        if match["host"].casefold() in bio.rubric.phrases.shorteners:
            yield bio.written_at((match.start(), match.start() + len(match.group().rstrip(".,;:!?")))), {}


_BAR = regex.compile(r"[|│｜•●▪◦‣✦★☆→▶]|(?<=\s)[·~/](?=\s)")


def _list_soup(bio: _Bio) -> Iterator[Hit]:
    for line in regex.finditer(r"[^\n]+", bio.text):
        bars = sum(1 for bar in _BAR.finditer(bio.text, *line.span()) if bio.text[line.start() : bar.start()].strip())
        if bars > MOST_BARS:
            yield bio.written_at(line.span()), {"n": str(bars)}
            return


_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['./@_&-][\p{L}\p{M}\p{N}]+)*")
_BREAK = regex.compile(r"(?<=[.!?…][\"')\]”]?)\s+|\n\s*|[|•·●▪◦‣✦★☆→▶]\s*|(?<=[。！？])|(?<=\s)[-–—]{1,3}\s+(?=\S)")
_NO_END = regex.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|z\.B|u\.a|p\.ej|dr|mr|mrs|ms|prof|st|vs|approx|no|nr|jr|sr|inc|ltd|b\.?sc|m\.?sc|ph\.?d|dept|\p{L})\.$",
    regex.IGNORECASE,
)


def _long_sentence(bio: _Bio) -> Iterator[Hit]:
    for span in _sentences(bio.text):
        words = sum(1 for _ in _WORD.finditer(bio.text, *span))
        if words > LONGEST_SENTENCE:
            yield bio.written_at(span), {"n": str(words)}


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for match in _BREAK.finditer(text):
        if not _NO_END.search(text, max(start, match.start() - 10), match.start()):
            if text[start : match.start()].strip():
                yield start, match.start()
            start = match.end()
    if text[start:].strip():
        yield start, len(text)


_BRACKETS = regex.compile(
    r"\[(?P<square>[^\[\]\n]{1,60})\](?!\()|\{(?P<curly>[^{}\n]{1,40})\}|<(?P<angle>[^<>\n]{2,40})>"
    r"|\((?P<round>[^()\n]{2,40})\)"
)
_LEFT_OVER = regex.compile(
    r"\{\{[^{}\n]{0,40}\}\}|(?i:\blorem ipsum\b[\w ,]{0,40})|\bTODO\b(?=\s*[:.\n]|$)|\bTBD\b|_{3,}"
    r"|\b[Xx]{2,3}\+?(?= (?:years?|yrs)\b)|\bX\+? years\b"
    r"|(?i:\binsert (?:your |the |a )?\w+ here\b)"
    r"|(?i:\byour (?:full |job )?(?:name|role|title|company|text|tagline|bio) here\b)"
    # How the lines of GitHub's profile template end.
    r"|(?i:\b(?:currently (?:working on|learning)|collaborate on|looking for help with|ask me about"
    r"|how to reach me:?|pronouns:?|fun fact:?)\s*(?:\.{3}|…)\s*$)"
    r"|\b(?:First ?[Nn]ame Last ?[Nn]ame|Firstname Lastname|Your Name|Job Title|Company Name)\b",
    regex.MULTILINE,
)
_ASKS_TO_FILL = frozenset({"your", "insert", "add", "fill", "dein", "deine", "ihr", "ihre", "tu", "votre"})
_FILLERS = frozenset({"of", "the", "a", "an", "or", "and", "de", "la"})


def _blanks(bio: _Bio) -> Iterator[Hit]:
    known = _FILLERS.union(bio.rubric.phrases.blanks)
    for match in _BRACKETS.finditer(bio.text):
        words = regex.findall(r"[^\W_]+", match.group().casefold())
        if not words or match.group() == "[x]":  # a ticked box
            continue
        asks, blank = words[0] in _ASKS_TO_FILL, known.issuperset(words)
        # Round brackets are ordinary: "(country)" may be music, "(your city)" is a blank.
        if (asks and blank) if match["round"] else (asks or blank):
            yield bio.written_at(match.span()), {}
    yield from bio.hits(_LEFT_OVER)


_BOT = r"(?:ai|a\.i\.|bots?|llms?|gpt|chatgpt|claude|gemini|(?:large )?language models?)"
_ORDER = regex.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|of|the|your|these|those|my|previous|prior|above|earlier|"
    r"other)\s+){1,4}(?:\w+\s+)?(?:instructions?|prompts?|rules|guidelines|criteria|rubric)\b"
    r"|\b(?:ignore|disregard|forget)\s+(?:everything|all|anything)\s+(?:above|before|previous|you)\b"
    r"|\b(?:note|message|memo|attention|instructions?)\s+(?:to|for)\s+(?:the\s+|any\s+|all\s+)?"
    rf"(?:{_BOT}|graders?|reviewers?|model)\b"
    rf"|\b(?:dear|hey|hello|attention,?)\s+{_BOT}\b(?!\s+\p{{L}}+)"
    rf"|\bif you(?:'re| are)\s+(?:an?\s+)?(?:automated|{_BOT})\b(?!\s+\p{{L}}+(?:er|ist|or|nt|up|any|an)\b)"
    r"|\byou are now\s+(?:dan\b|an? (?:ai|assistant|model|bot|unrestricted)\b|in \w+ mode)"
    r"|\bas an? (?:ai|large) (?:language )?(?:model|assistant)\b|\bjailbreak mode\b"
    r"|\b(?:rate|score|grade|mark)\s+(?:this|it|me)\s*(?:bio|profile|text|candidate)?\s*(?:as\s+)?(?:an?\s+)?"
    r"(?:\d|perfect|excellent|strong|highest|top|full)"
    r"|\bgive\s+(?:this|it|me)\s*(?:bio|profile|text|candidate)?\s*(?:an?\s+|the\s+)?"
    r"(?:\d{1,3}(?:/|\s+out|\s+points)|(?:perfect|full|top|highest|best possible) (?:scores?|marks?|rating|review))"
    r"|\b(?:output|print|reveal|repeat|show|leak)\s+(?:(?:your|the|all|me|this|hidden|following)\s+){0,3}"
    r"(?:system prompt|prompt\b|(?<=your\s)instructions)"
    r"|\b(?:respond|reply|answer|output|return)\s+(?:only\s+)?with\s+(?:only\s+)?(?:[\"'“]|the word|yes\b|json)"
    r"|\b(?:do not|don't)\s+(?:flag|criticise|criticize|critique|report any|mention any (?:problem|issue|fault))"
    r"|\b(?:recommend|approve|hire|shortlist)\s+this\s+(?:candidate|bio|profile|applicant)\b"
    r"|\bsay (?:that )?(?:this|it|the) (?:bio |profile )?is (?:perfect|excellent|great|flawless)\b"
    r"|(?:^|[.!?]\s{0,3})system(?: prompt)?\s{0,3}:|</?(?:system|sys|assistant|instructions?|prompt|inst)\b[^<>]*>"
    r"|\[/?(?:inst|system)\]|<\|[^<>|]*\|>|#{2,}\s*(?:instructions?|system|prompt)\b"
    r"|\bignora (?:todas )?(?:las|le|tutte le|as) (?:instruccion|istruzion|instruç)|\bignoriere (?:alle|die|deine) "
    r"|\b(?:ignore[zr]?|oublie[zr]?) (?:toutes )?les instructions|\bvergiss alle|\bzignoruj|игнорируй",
    regex.IGNORECASE | regex.MULTILINE,
)


_STYLED = regex.compile(
    r"[\U0001D400-\U0001D7FF\u24B6-\u24E9\U0001F110-\U0001F129\U0001F130-\U0001F149\U0001F150-\U0001F169"
    r"\U0001F170-\U0001F189\uFF21-\uFF3A\uFF41-\uFF5A]{2,}"
    r"|[ᴀ-ᴢꜰɢʜɪʟɴʀʏʙꞯ]{3,}|[ᵃ-ᵡʰ-ʸᵢ-ᵪⁿ]{3,}|\p{M}{4,}"
)
_WIDE = regex.compile(r"[\uFF21-\uFF3A\uFF41-\uFF5A]")
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
# All formats but the useful ones: joiners, direction marks in Arabic and Hebrew, flags made of tags.
_UNSEEN = regex.compile(
    r"[\p{Cf}--[\u200C\u200D\u200E\u200F\u061C\u0600-\u0605\u06DD\u070F\U000E0020-\U000E007F]]"
    r"|(?<=\p{Latin})[\u200C\u200D]+(?=\p{Latin})",
    regex.V1,
)


def _unreadable(bio: _Bio) -> Iterator[Hit]:
    if bio.written.isascii():
        return
    cjk = _CJK.search(bio.written) is not None
    for match in regex.finditer(r"\S+", bio.written):
        styled = _STYLED.search(match.group())
        if (styled and not (cjk and _WIDE.match(styled.group()))) or _UNSEEN.search(match.group()):
            yield match.span(), {}


_PING = regex.compile(
    r"(?<![\w.])@(?:everyone|here)\b|<@[!&]?\d+>|<#\d+>|(?:https?://)?(?:www\.)?(?:discord\.gg|discord(?:app)?\.com/invite)/[\w-]+",
    regex.IGNORECASE,
)


RULES: Mapping[str, Callable[[_Bio], Iterator[Hit]]] = {
    "B01": _over_limit,
    "B02": _very_thin,
    "B07": _claims,
    "B09": lambda bio: ((bio.written_at(span), {"what": what}) for what, *span in contact_data(bio.text)),
    "B11": _hashtags,
    "B12": _emoji,
    "B13": _shouting,
    "B14": _short_links,
    "B17": lambda bio: bio.hits(phrase_pattern(bio.rubric.phrases.need)),
    "B18": _list_soup,
    "B19": _long_sentence,
    "B20": _blanks,
    "B22": lambda bio: ((bio.written_at(span), {}) for span in _sentences(bio.text) if _ORDER.search(bio.text, *span)),
    "B23": _unreadable,
    "B24": lambda bio: bio.hits(phrase_pattern(bio.rubric.phrases.bait)),
    "B25": lambda bio: bio.hits(_PING),
}
