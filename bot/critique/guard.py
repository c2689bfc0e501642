"""What a member may see of a model's answer, even if somebody hostile controls the model.

Only form is checked, note by note. No list of words can tell whether advice is kind or wise: such lists dropped 9 of 75
good notes and let 14 of 18 harmful ones pass; these checks dropped none of the 75.
"""

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import cast

import regex

from bot.coaching.bios import (
    CRITERIA,
    AiNote,
    AiOutcome,
    Criterion,
    Critique,
    CritiqueRequest,
    Rewrite,
    Subject,
    Verdict,
)
from bot.critique.checks import addresses_software
from bot.critique.lengths import cut, length, size
from bot.critique.private import contact_data
from bot.critique.redact import Redacted, visible
from prompts.critique import load_guard_words

SHORTEST_ADVICE, LONGEST_ADVICE = 8, 300
LONGEST_REPLY = 20_000
MOST_TRIES = 20
"""Most occurrences of a key that are read; a good answer has one."""
QUOTE_LIMIT = 160
"""Most characters of a quoted line."""
PROMPT_RUN = 8
"""This many words in a row from the prompt make a text an echo of it."""
MANY_CAPITALS = 0.2
"""If more of a bio's words inside sentences have a capital, as in German, a capital alone does not make a name."""


def _object(fields: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": dict(fields), "required": list(fields), "additionalProperties": False}


_NOTE = {
    "line": {"type": "integer"},
    "verdict": {"type": "string", "enum": [str(verdict) for verdict in Verdict]},
    "advice": {"type": "string"},
}
FORMS: Mapping[Subject, Mapping[str, object]] = {
    subject: _object(
        {str(criterion): _object(_NOTE) for criterion in criteria}
        | ({"rewrite": {"type": "string"}} if subject is Subject.BIO else {})
    )
    for subject, criteria in CRITERIA.items()
}
"""The JSON schema of an answer. Many servers do not enforce it, so the answer is read as tolerantly as is safe."""
_DECODER = json.JSONDecoder(strict=False)


def checked(reply: str, bio: Redacted, request: CritiqueRequest, prompt: str) -> Critique:
    """Keep what may be shown of a model's answer; BAD_OUTPUT if no note is left.

    Quotes are cut from the bio by line number, so none can be invented.

    Args:
        bio: the text of the request as it was sent.
        prompt: the system prompt, which the answer must not recite.
    """
    guard = _Guard(bio, request, prompt)
    # The model thinks aloud before it, perhaps with drafts of the answer.
    reply = reply[:LONGEST_REPLY].rpartition("</think>")[2]
    reply = regex.sub(r",(?=\s*[}\]])", "", reply)  # some models put a comma after the last key
    notes: list[AiNote] = []
    for criterion in CRITERIA[request.subject]:
        note = guard.note(criterion, _value(reply, criterion, dict))
        if note is not None and all(_words(note.advice) != _words(other.advice) for other in notes):
            notes.append(note)
    if not notes:
        return Critique(AiOutcome.BAD_OUTPUT)
    rewrite = _value(reply, "rewrite", str) if request.rewrite else None
    return Critique(AiOutcome.OK, tuple(notes), guard.rewrite(rewrite) if isinstance(rewrite, str) else None)


def _value(reply: str, key: str, kind: type) -> object | None:
    """Return the last readable value of this kind under a key, in upper or lower case.

    Each key is searched by itself instead of decoding the whole answer, so that prose, fences, a wrapper, extra keys or
    one broken note spoil nothing else.
    """
    matches = list(regex.finditer(rf'(?<!\\)"{key}"\s*:\s*', reply, regex.IGNORECASE))
    for match in reversed(matches[-MOST_TRIES:]):
        with suppress(ValueError, RecursionError):
            value, _ = _DECODER.raw_decode(reply, match.end())
            if isinstance(value, kind):
                return cast("object", value)
    return None


class _Guard:
    """Checks the parts of an answer against the question."""

    def __init__(self, bio: Redacted, request: CritiqueRequest, prompt: str) -> None:
        self._bio = bio
        self._request = request
        self._prompt_runs = frozenset(_runs(prompt))
        lines = zip(bio.quotable, bio.sendable, strict=True)
        # Lines that address software count as no facts.
        text = "\n".join(sent for written, sent in lines if not addresses_software(written))
        place, limit, count = request.place, request.limit, length(request.text, request.place)
        numbers = (limit, count, abs(limit - count), place.lead, place.max_bytes)
        self._facts = _Facts(text)
        self._facts_for_advice = _Facts(text, f"{place.label} {_KNOWN.common_names} {numbers}")

    def note(self, criterion: Criterion, value: object) -> AiNote | None:
        """Return a note if it has our form, is about an existing line, and may be shown."""
        if not isinstance(value, dict):
            return None
        table = {str(key).strip().casefold(): field for key, field in cast("dict[object, object]", value).items()}
        number = regex.fullmatch(r"\s*(\d{1,4})(?:\.0)?\s*", str(table.get("line")))
        line, word = int(number[1]) if number else -1, str(table.get("verdict")).strip().casefold()
        if not 0 <= line <= len(self._bio.quotable) or word not in list(Verdict):
            return None
        verdict, advice = Verdict(word), table.get("advice")
        advice = " ".join(visible(advice).split()) if isinstance(advice, str) else ""
        if not SHORTEST_ADVICE <= len(advice) <= LONGEST_ADVICE or not self._may_advise(advice, verdict):
            return None
        if verdict is Verdict.STRONG and criterion is Criterion.CAREFUL and contact_data(self._request.text):
            return None  # the offline findings say the opposite
        quote = "" if line == 0 or verdict is Verdict.MISSING else cut(self._bio.quotable[line - 1], QUOTE_LIMIT)
        return AiNote(criterion, verdict, quote, advice)

    def rewrite(self, text: str) -> Rewrite | None:
        """Return the suggested text if it may be shown; one that is too long for its place is never cut."""
        suggested = "\n".join(" ".join(line.split()) for line in visible(text).strip().splitlines())
        count, most_bytes = length(suggested, self._request.place), self._request.place.max_bytes
        plain, facts = unicodedata.normalize("NFKC", suggested), self._facts
        fits = 0 < count <= self._request.limit and (most_bytes is None or size(suggested) <= most_bytes)
        number = facts.has_new_number(plain) or facts.has_new_number_word(plain)
        invents = number or facts.has_new_name(plain, for_bio=True) or facts.has_new_claim(plain)
        return Rewrite(suggested, count) if fits and self._is_harmless(plain) and not invents else None

    def _may_advise(self, advice: str, verdict: Verdict) -> bool:
        plain, facts = unicodedata.normalize("NFKC", advice), self._facts_for_advice
        if not self._is_harmless(plain) or facts.has_new_count(plain):
            return False
        examples = [match[1] or match[2] for match in _EXAMPLE.finditer(plain)]
        parts = (_EXAMPLE.sub(' "" ', plain), *examples)
        if facts.has_new_number(_TEXT_COUNT.sub(" ", plain)) or any(facts.has_new_name(part) for part in parts):
            return False
        # Advice may mention degrees and awards in general ("name your degree"). Words for the bio must not claim one,
        # and words that treat something as given, as praise does, must not invent one.
        claims = [(words, frozenset(_CLAIMS)) for words in (*examples, *_SAYING.findall(plain))]
        claims += [(words, _PRAISED) for words in ([plain] if verdict is Verdict.STRONG else _THERE.findall(plain))]
        return not any(facts.has_new_claim(words, kinds) for words, kinds in (*claims, (plain, _WINNING)))

    def _is_harmless(self, text: str) -> bool:
        """Return whether a text is free of links, pings and mark-up, and does not recite the prompt."""
        if _UNSAFE.search(text) or not self._prompt_runs.isdisjoint(_runs(text)):
            return False
        return all(match[0].casefold() in self._facts.text.casefold() for match in _DOMAIN.finditer(text))


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case without accents."""
    return regex.findall(r"[\p{L}\p{N}]+", regex.sub(r"\p{M}", "", unicodedata.normalize("NFKD", text.casefold())))


def _runs(text: str) -> Iterator[str]:
    words = _words(text)
    return (" ".join(words[at : at + PROMPT_RUN]) for at in range(len(words) - PROMPT_RUN + 1))


_UNSAFE = regex.compile(
    r"://|\b(?:mailto|tel):\S|\bwww\.|\bdiscord\.gg\b"  # links
    r"|\b(?:dot|punkt)\s+(?:com|org|net|io|gg|app|info|edu)\b|[(\[{]\s?(?:at|dot|\.)\s?[)\]}]"
    r"|@[\w!&]|\w@|<[^\s\d=]|\]\("  # pings, tags, links behind words
    r"|`|\*\*|__[^\s_].*?__|~~|\|\|[^|\n]+\|\||(?<![\w*])\*[^\s*][^*\n]*\*(?![\w*])|(?<!\w)_[^\s_][^_\n]*_(?!\w)"
    r"|^(?:#{1,3}|-#|>{1,3})\s|&(?:lt|gt|amp|quot|#\w+);",  # mark-up
    regex.IGNORECASE | regex.MULTILINE,
)
# A bare address; the bio's own are allowed. Not "Node.js", "p. ej." or a full stop without a space.
_DOMAIN = regex.compile(
    r"(?<![A-Za-z0-9-])(?:[A-Za-z0-9-]{2,63}[.\u3002]){1,6}(?!js\b)(?:[a-z]{2,24}|[A-Z]{2,24})\b(?:[/?#:]\S*)?"
    r"|\b\w\.[a-z]{2,24}/\S*"
)
_QUOTE = '["“”„«»「」『』]'
_EXAMPLE = regex.compile(rf"{_QUOTE}([^\"“”„«»「」『』]+){_QUOTE}|(?<!\w)['‘](.{{3,}}?)['’](?!\w)")
# "Say that you won an award"
_SAYING = regex.compile(
    r"\b(?:say|mention|add|write|claim|state|note|tell\s\w+)(?:\s(?:here|first|also|clearly))?(?:\sthat)?"
    r"\s(?:you|I)\b[^.!?;]*",
    regex.IGNORECASE,
)
# "Your award is…", "Keep the award…"
_THERE = regex.compile(
    r"(?:(?:^|[.!?]\s)Your|\b(?:keep|move|put|highlight|shorten|(?:lead|start|open)\swith)\s(?:the|your))\b(?:\s\w+){0,3}",
    regex.IGNORECASE,
)
_KNOWN = load_guard_words()


def _any_of(phrases: Iterable[str]) -> str:
    """Match whole phrases, `*` being any ending; in scripts without spaces also inside words."""
    parts: list[str] = []
    for phrase in phrases:
        part = regex.escape(phrase, special_only=True).replace(r"\*", r"\w*")
        parts.append(part if regex.search(r"\p{Lo}", phrase) else rf"(?<!\w){part}(?!\w|'t)")
    return "|".join(parts)


_LINES = _any_of(_KNOWN.lines)
# How much text there is or should be: such a number is no claim about the member.
_TEXT_COUNT = regex.compile(
    rf"(?:{_LINES})\s\d{{1,2}}(?:\s?(?:\p{{L}}{{1,3}}|[-–&,])\s?\d{{1,2}})*"
    r"|第\s?\d+\s?[行句]|\d{1,4}\s?[个個]?[字行句词詞]"
    rf"|\b\d{{1,4}}(?:\s?(?:\p{{L}}{{1,4}}|[-–])\s?\d{{1,4}})?[\s-](?:\w+\s)?(?:{_LINES}|{_any_of(_KNOWN.units)})",
    regex.IGNORECASE,
)
_SLOT = regex.compile(r"\[([^\[\]]{1,80})\]")
_PIECE = regex.compile(
    r"(?P<bar>[|•·\n])|(?P<start>[.!?…:→\"“”„«»「」『』]|\s[-–—*]\s|(?<!\w)['‘]|\p{So})|(?P<pause>[,;()/])"
    r"|(?P<word>(?:[\p{Lu}\p{Lt}\p{Ll}]\p{M}*|\p{Nd})+)"
)
_NUMBER = regex.compile(r"\d+(?:[.,:]\d+)*(?:\s?%|\+|[kKmMxX]\b)?")
_CLAIMS = {kind: regex.compile(_any_of(phrases), regex.IGNORECASE) for kind, phrases in _KNOWN.claims.items()}
_DEGREES = frozenset({"doctor", "master", "bachelor", "degree"})
# A blank beside one of these asks instead of claiming: "winner of [award]", "[number] years of [what]".
_MAY_ASK = frozenset({"degree", "award", "licence", "years"})
_BLANK_AFTER = regex.compile(r":?(?:\s[\w']+){0,2}\s?\[")
_WINNING = frozenset({"winning"})
_PRAISED = frozenset({"doctor", "master", "bachelor", "award", "winning", "licence"})


class _Facts:
    """What a bio says, and whether another text says more."""

    def __init__(self, text: str, besides: str = "") -> None:
        """Read a bio; `besides` are words and numbers that may be used although the bio does not have them."""
        self.text = unicodedata.normalize("NFKC", text)
        self._small = frozenset(word for word, _ in _placed(self.text) if word == word.lower())
        self._words = frozenset(_words(f"{self.text} {besides}"))
        self._stems = frozenset(word[:5] for word in self._words if len(word) >= 5)
        self._numbers = _numbers(f"{self.text} {besides}")
        self._numbers |= {_KNOWN.numbers[word] for word in self._words & _KNOWN.numbers.keys()}
        self._numbers |= {number.rstrip("%+kKmMxX") for number in self._numbers}
        self._numbers |= {year[2:] for year in self._numbers if len(year) == 4}
        self._claims = {kind for kind, pattern in _CLAIMS.items() if pattern.search(self.text)}
        self._claims |= {"degree"} if self._claims & _DEGREES else set()
        inside = [word for word, first in _placed(self.text) if not first and word.isalpha() and word != "I"]
        many = sum(word[0].isupper() for word in inside) > MANY_CAPITALS * len(inside)
        self._full_of_capitals = many or len(_KNOWN.german & self._words) > 1  # a share says little in a short bio
        self._initials = "".join(word[0] for word, _ in _placed(self.text) if word[0].isupper())

    def has_new_number(self, text: str) -> bool:
        """Return whether a text has a number in digits that the bio does not have."""
        return not _numbers(text) <= self._numbers

    def has_new_number_word(self, text: str) -> bool:
        """Return whether a text has a number in words that the bio has neither in words nor in digits."""
        return any(_KNOWN.numbers.get(word, "") not in {"", *self._numbers} for word in _words(_SLOT.sub(" ", text)))

    def has_new_count(self, text: str) -> bool:
        """Return whether a text counts years or awards in words that the bio does not have: "your ten years"."""
        words = _words(text)
        return any(
            (_CLAIMS["years"].fullmatch(word) or _CLAIMS["award"].fullmatch(word))
            and self.has_new_number_word(" ".join(words[max(0, at - 2) : at]))
            for at, word in enumerate(words)
        )

    def has_new_claim(self, text: str, kinds: Collection[str] = _CLAIMS.keys()) -> bool:
        """Return whether a text claims a degree, award, licence or years that the bio does not have."""
        text = _SLOT.sub("[]", text.replace("’", "'"))
        for kind in {*kinds} - self._claims:
            for claim in _CLAIMS[kind].finditer(text):
                asks = _BLANK_AFTER.match(text, claim.end()) or text[: claim.start()].endswith(("[] ", "[]-"))
                if not asks or kind not in _MAY_ASK:
                    return True
        return False

    def has_new_name(self, text: str, *, for_bio: bool = False) -> bool:
        """Return whether a text has a proper name that the bio does not have.

        A capitalised word is a name unless it begins a sentence, quote or blank; where capitals say little, only two in
        a row are. With `for_bio`, a list item that is only a new word is a name too.
        """
        if any(self._is_filled(slot) for slot in _SLOT.findall(text)):
            return True
        text = _SLOT.sub(" … ", text)
        lenient = self._full_of_capitals or self._is_title(text)
        for row, before, begins, ends in self._new_runs(text):
            item = for_bio and begins == "bar" and ends in {"bar", "end"}
            names = row if item or not begins else row[1:]
            if len(names) > (1 if lenient and not item and before not in _KNOWN.employed else 0):
                return True
            if any(not word[1:].islower() for word in (row if for_bio else names)):
                return True
        return not _KNOWN.famous_names.isdisjoint({*_words(text)} - self._words)

    def _new_runs(self, text: str) -> Iterator[tuple[list[str], str, str, str]]:
        """Find rows of capitalised words that the bio does not have, unless they spell out one of its abbreviations.

        Yields each row with the word before it ("" if none), the kind of mark before it ("" for a word), and the kind
        of mark after it.
        """
        row: list[str] = []
        before, begins = "", "bar"
        for mark, piece in [*((match.lastgroup or "", match[0]) for match in _PIECE.finditer(text)), ("end", "")]:
            if mark == "word" and self._is_new(piece):
                row.append(piece)
                continue
            if row and "".join(filter(str.isupper, "".join(row))).casefold() not in self._words:
                yield row, before, begins, mark
            if mark == "word" or row:
                before, begins = (piece if mark == "word" else row[-1]).casefold(), ""
            if mark in {"bar", "start"}:
                before, begins = "", mark
            row = []

    def _is_new(self, word: str) -> bool:
        """Return whether a word has a capital and the bio has neither it nor a word that begins like it."""
        plain = "".join(_words(word))
        if len(word) == 1 or not word[0].isupper() or plain in self._words or plain[:5] in self._stems:
            return False
        if word in self._initials:
            return False
        return plain not in _KNOWN.employed and not self._words & {plain[:4], *({plain[:3]} & _KNOWN.short_forms)}

    def _is_filled(self, slot: str) -> bool:
        """Return whether a blank holds a name: "[Harvard University]", but not "[Your University]" or "[Topic]"."""
        new = [(word, first) for word, first in _placed(slot) if self._is_new(word)]
        if all((first or self._full_of_capitals) and word[1:].islower() for word, first in new):
            return not _KNOWN.famous_names.isdisjoint(word.casefold() for word, _ in new)
        return any(word.casefold() not in _KNOWN.blank_words for word, _ in new)

    def _is_title(self, text: str) -> bool:
        """Return whether a text capitalises most of the words that the bio has in lower case."""
        inside = (word for word, first in _placed(text) if not first and len(word) > 3)
        shared = [word for word in inside if word.casefold() in self._small]
        return len(shared) > 1 and 2 * sum(word[0].isupper() for word in shared) > len(shared)


def _placed(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each word of a text, and whether it begins a sentence, quote or item."""
    first = True
    for match in _PIECE.finditer(text):
        if match.lastgroup == "word":
            yield match[0], first
            first = False
        elif match.lastgroup != "pause":
            first = True


def _numbers(text: str) -> set[str]:
    """Return the numbers of a text in ASCII digits, without thousands separators, with per cent or plus signs."""
    plain = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    plain = regex.sub(r"(?<=\d)[.,'](?=\d{3}(?!\d))", "", plain)
    return {"".join(match[0].split()) for match in _NUMBER.finditer(plain)}
