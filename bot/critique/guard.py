"""What of a model's answer may be shown. Whoever controls the model must be harmless here: the prompt is no defence.

What is not certainly fine is dropped, never mended.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias, cast

from bot.coaching.bios import Criterion, Critique, CritiqueRequest, Note, Outcome, Place, Rewrite, Verdict
from bot.critique.cleaning import Cleaned
from bot.critique.facts import Facts, has_bad_slot, invents, is_another_text, names_new
from bot.critique.faults import Fault
from bot.critique.lengths import length, size
from bot.critique.lexicon import (
    FIELD_OF_TRAIT,
    HIDING,
    RANKING,
    SCORE_MARKS,
    SCORES,
    TRAITS,
    TRAITS_BY_CAPITAL,
)
from bot.critique.wording import (
    echoes,
    folded,
    gives_orders,
    in_another_language,
    in_the_letters_of,
    is_unkind,
    is_unsafe,
    spelled,
    words,
)

OwnRules: TypeAlias = Callable[[str, Place, int], Collection[str]]
"""Which of our own rules speak of a text, by id."""

FEWEST_NOTES = 3
SHORTEST_ADVICE, LONGEST_ADVICE = 8, 240
LONGEST_REPLY = 20_000
QUOTE_LIMIT = 160
"""Most characters of a line that are quoted; a longer one is cut between two words."""
SHORTEST_REWRITE = 10
REFUSED_IN_REWRITE = frozenset({"B09", "B10", "B14", "B16", "B21", "B22", "B24"})
"""Our own rules that a suggested text must not break."""
FOUND_BY_US: Mapping[Criterion, frozenset[str]] = {
    Criterion.CAREFUL: frozenset({"B09", "B10", "B16"}),
    Criterion.READABLE: frozenset({"B01", "B20", "B23"}),
}
"""What we found ourselves, so that nobody tells the member it was strong."""
ORDERED = "B22"
"""Our own rule of instructions to software."""
NO_SLOT = ("[e-mail]", "[number]")
"""What we took out for good: a suggested text does not ask for it again."""

_NOTE: Mapping[str, dict[str, object]] = {
    "line": {"type": "integer"},
    "verdict": {"type": "string", "enum": [str(one) for one in Verdict]},
    "advice": {"type": "string"},
}
_REWRITE = "rewrite"
_QUOTED = re.compile('[“"„«]([^“”"„«»]+)[”"“»]')
_SAYING = re.compile(
    r"\b(?:say|mention|tell\s\w+|add|write|claim|state)(?:\s(?:here|there|first|also|clearly))?\s(?:that\s)?(you\b[^.!?;]+)",
    re.IGNORECASE,
)
"""What a note would have the member say of themselves."""
_GOES_ON = ",;:([{“„«-–—"
"""What no sentence ends with."""
LONG_QUOTE = 3
"""Words from which on what a note puts in quotation marks is an example for the bio."""


def _object(properties: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


FORM: dict[str, object] = _object(
    {**{str(one): _object(_NOTE) for one in Criterion}, _REWRITE: {"type": "string"}},
)
"""The JSON schema of an answer. Servers may ignore it: what arrives is checked against it here."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a model said of a criterion, in the right form and not yet looked at."""

    criterion: Criterion
    line: int
    verdict: Verdict
    advice: str


class _Unfit(ValueError):
    """An answer in another form; its message is empty, because a message might quote the answer."""


@dataclass(frozen=True)
class Asked:
    """What a model was asked, and by which rules its answer is looked at. Its repr shows no text."""

    bio: Cleaned
    request: CritiqueRequest
    prompt: str = field(repr=False)
    own_rules: OwnRules = field(repr=False)

    @cached_property
    def text(self) -> str:
        """Return the bio as it was sent."""
        return "\n".join(self.bio.sendable)

    @cached_property
    def own(self) -> frozenset[str]:
        """Return which of our own rules speak of the bio as it was written."""
        return self._rules("\n".join(self.bio.quotable))

    @cached_property
    def orders(self) -> frozenset[int]:
        """Return the numbers of the lines that read like orders to software."""
        return frozenset(number for number, line in enumerate(self.bio.quotable, 1) if self._orders(line))

    @cached_property
    def facts(self) -> Facts:
        """Return what the bio tells; what reads like an order tells nothing."""
        lines = enumerate(self.bio.sendable, 1)
        return Facts(tuple(line for number, line in lines if number not in self.orders))

    def breaks(self, text: str) -> bool:
        """Return whether one of our rules that a suggested text must not break speaks of `text`."""
        return not REFUSED_IN_REWRITE.isdisjoint(self._rules(text))

    def _orders(self, line: str) -> bool:
        return gives_orders(line) or (ORDERED in self.own and ORDERED in self._rules(line))

    def _rules(self, text: str) -> frozenset[str]:
        return frozenset(self.own_rules(text, self.request.place, self.request.limit))


def checked(reply: str, asked: Asked) -> Critique | Fault:
    """Return what may be shown of a model's answer; a fault if it has another form or too little of it is left.

    Never raises, whatever the answer is. Quotes are cut from the bio, so none can be made up.
    """
    try:
        said, rewrite = _read(reply)
    except _Unfit:
        return Fault.BAD_FORM
    notes = tuple(_notes(said, asked))
    if len(notes) < FEWEST_NOTES:
        return Fault.FAILED_CHECKS
    return Critique(Outcome.OK, notes, _rewrite(rewrite, asked) if asked.request.rewrite else None)


# The form


def _read(reply: str) -> tuple[list[_Said], str]:
    """Return the notes and the rewrite of an answer; raises _Unfit unless it has exactly the form we asked for."""
    if len(reply) > LONGEST_REPLY:
        raise _Unfit
    try:
        answer = json.loads(reply, object_pairs_hook=_without_twins)
    except (ValueError, RecursionError):
        raise _Unfit from None
    table = _table(answer, [*map(str, Criterion), _REWRITE])
    rewrite = table[_REWRITE]
    if not isinstance(rewrite, str):
        raise _Unfit
    return [_said(one, table[one]) for one in Criterion], rewrite


def _said(criterion: Criterion, value: object) -> _Said:
    table = _table(value, list(_NOTE))
    line, verdict, advice = table["line"], table["verdict"], table["advice"]
    if type(line) is not int or not isinstance(advice, str) or verdict not in list(Verdict):
        raise _Unfit
    return _Said(criterion, line, Verdict(cast("str", verdict)), " ".join(advice.split()))


def _table(value: object, keys: Sequence[str]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _Unfit
    table = cast("dict[str, object]", value)
    if table.keys() != set(keys):
        raise _Unfit
    return table


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise _Unfit
    return table


# The notes


def _notes(said: Sequence[_Said], asked: Asked) -> Iterator[Note]:
    """Give the notes that passed every check, in our order."""
    told: set[tuple[str, ...]] = set()
    for one in said:
        gist = words(one.advice)
        if gist in told or not _fits(one, asked) or not _may_be_said(one.advice, asked):
            continue
        told.add(gist)
        quote = _quote(asked.bio, one.line) if one.verdict is not Verdict.MISSING else ""
        yield Note(one.criterion, one.verdict, quote, one.advice)


def _fits(said: _Said, asked: Asked) -> bool:
    """Return whether a note speaks of a line that is there, and praises nothing that must not be praised."""
    if not 0 <= said.line <= len(asked.bio.quotable):
        return False
    if said.verdict is not Verdict.STRONG:
        return True
    return said.line not in asked.orders and asked.own.isdisjoint(FOUND_BY_US.get(said.criterion, ()))


def _may_be_said(advice: str, asked: Asked) -> bool:
    if not SHORTEST_ADVICE <= len(advice) <= LONGEST_ADVICE or _breaks_off(advice) or _only_repeats(advice, asked.text):
        return False
    if not _sounds_right(advice, asked):
        return False
    return not (is_unkind(advice) or _judges(advice) or _touches_traits(advice, asked.text) or _invents(advice, asked))


def _sounds_right(text: str, asked: Asked) -> bool:
    """Return whether a text is in the bio's letters and language, for people, safe to show, and the model's own."""
    if not in_the_letters_of(text, asked.text) or in_another_language(text, asked.text):
        return False
    return not (is_unsafe(text, asked.text) or gives_orders(text) or echoes(text, asked.prompt))


def _breaks_off(advice: str) -> bool:
    """Return whether it ends in the middle: in letters that have capitals, a sentence ends with a mark."""
    last = advice[-1]
    return last in _GOES_ON or last.isdigit() or last.islower() or last.isupper()


def _only_repeats(advice: str, bio: str) -> bool:
    """Return whether it is nothing but words of the bio, in a row."""
    return f" {' '.join(words(advice))} " in f" {' '.join(words(bio))} "


def _judges(advice: str) -> bool:
    """Return whether it marks the text or ranks the person: neither is a model's to do."""
    return any(shape.search(spelled(advice)) for shape in (SCORES, SCORE_MARKS, RANKING))


def _touches_traits(advice: str, bio: str) -> bool:
    """Return whether it speaks of what is nobody's business; a field named after a trait is a field."""
    of_bio, left = folded(bio), advice
    for field_name in {one[0] for one in FIELD_OF_TRAIT.finditer(advice)}:
        if folded(field_name) in of_bio:
            left = left.replace(field_name, " ")
    return bool(_traits(left)) or (bool(_traits(advice)) and HIDING.search(advice) is not None)


def _traits(text: str) -> set[str]:
    return {folded(one[0]) for shape in (TRAITS, TRAITS_BY_CAPITAL) for one in shape.finditer(spelled(text))}


def _invents(advice: str, asked: Asked) -> bool:
    """Return whether a note names what the bio does not have, as if it stood there or in an example."""
    facts = asked.facts
    ours = (asked.request.place.label, str(asked.request.limit))
    examples = [quoted for quoted in _QUOTED.findall(advice) if len(words(quoted)) >= LONG_QUOTE]
    examples += _SAYING.findall(advice)
    return names_new(advice, Facts((*facts.lines, *ours))) or any(invents(quoted, facts) for quoted in examples)


def _quote(bio: Cleaned, line: int) -> str:
    if line == 0:
        return ""
    quoted = bio.quotable[line - 1]
    if len(quoted) <= QUOTE_LIMIT:
        return quoted
    return quoted[: QUOTE_LIMIT + 1].rpartition(" ")[0] or quoted[:QUOTE_LIMIT]


# The suggested text


def _rewrite(text: str, asked: Asked) -> Rewrite | None:
    """Return the suggested text if it passes every check."""
    request, facts = asked.request, asked.facts
    suggested = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not _has_room(suggested, request) or not _may_be_suggested(suggested, asked):
        return None
    if invents(suggested, facts) or is_another_text(suggested, facts):
        return None
    if asked.breaks(suggested):
        return None
    return Rewrite(suggested, length(suggested, request.place))


def _has_room(text: str, request: CritiqueRequest) -> bool:
    """Return whether a text fits its place: one that is too long is not shown, never cut."""
    most = request.place.max_bytes
    return (
        len(text) >= SHORTEST_REWRITE
        and length(text, request.place) <= request.limit
        and (most is None or size(text) <= most)
    )


def _may_be_suggested(text: str, asked: Asked) -> bool:
    if not _sounds_right(text, asked) or is_unkind(text, asked.text):
        return False
    if has_bad_slot(text) or any(slot in text for slot in NO_SLOT):
        return False
    # Who somebody is, they say themselves: nothing of it is added, and nothing taken away.
    return _traits(text) == _traits(asked.text) and SCORE_MARKS.search(text) is None
