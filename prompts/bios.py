"""bio_rubric.toml: what the offline bio critic knows, read into a Rubric."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from bot.coaching.bios import BioRule, Criterion, Place, Unit
from prompts.bio_words import Vocabulary, read_vocabulary

if TYPE_CHECKING:
    from prompts import _Entry  # pyright: ignore[reportPrivateUsage] - the package imports this module, not the reverse

RULE_IDS = tuple(f"B{number:02d}" for number in range(25))
"""The rules that the code knows; the file has the words of each."""
PLACE_IDS = ("x", "linkedin_headline", "linkedin_about", "bluesky", "mastodon", "github", "instagram", "other")
"""The places that are never left out: bio checks are kept with their ids."""
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "B01": frozenset({"n", "limit", "over", "unit"}),
    "B09": frozenset({"what"}),
    "B11": frozenset({"n"}),
    "B12": frozenset({"n"}),
    "B19": frozenset({"n"}),
    **dict.fromkeys(("B07", "B14", "B16", "B17", "B20", "B21", "B24"), frozenset({"word"})),
}
"""What a finding of a rule fills in; `word` is in the words of the bio, the others are ours."""

MESSAGE_LIMIT = 160
SOURCE_LIMIT = 200
LONGEST_LIMIT = 5000
WORD_LIMIT = 60
MOST_WORDS = 2000

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""Phrases by their first word, the longest first. `GAP` stands for up to three words."""
GAP = "…"

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_APOSTROPHES = str.maketrans("", "", "'’")
_WORD = re.compile(rf"\w+|{GAP}")


class Lexicon(StrEnum):
    """The word lists that the rules look into."""

    ROLES = "roles"
    GENERAL_ROLES = "general_roles"
    SURNAMES = "surnames"
    QUALIFIERS = "qualifiers"
    HOBBIES = "hobbies"
    DID = "did"
    NOT_DEEDS = "not_deeds"
    STATES = "states"
    DOING = "doing"
    WISHES = "wishes"
    PROOFS = "proofs"
    COUNTED = "counted"
    UNCOUNTED = "uncounted"
    BUZZWORDS = "buzzwords"
    INVITATIONS = "invitations"
    HARSH = "harsh"
    NEED = "need"
    SUPERLATIVES = "superlatives"
    HARMLESS = "harmless"
    ORDERS = "orders"
    FOLLOW_BAIT = "follow_bait"
    PLACEHOLDERS = "placeholders"
    VERBS = "verbs"
    PEOPLE = "people"
    DISTRESS = "distress"
    NO_DISTRESS = "no_distress"
    STOP_WORDS = "stop_words"


class Strength(StrEnum):
    """What a review can say works."""

    FIRST_WORDS = "first_words"
    PROOF = "proof"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Rubric:
    """What the offline bio critic knows.

    `questions`: what a review ends with, by the criterion of its first finding. `idea`, `idea_other`: the next edit
    when nothing was found, in English and in other languages. `fields`: the words of each family of fields.
    `languages`: what other languages are known by. `shorteners`: hosts that hide where a link goes.
    `vocabulary`: words by which something may be there, so that its absence is not spoken of.
    """

    places: Mapping[str, Place]
    rules: Mapping[str, BioRule]
    strengths: Mapping[Strength, str]
    questions: Mapping[Criterion, str]
    idea: str
    idea_other: str
    words: Mapping[Lexicon, Phrases]
    fields: Mapping[str, Phrases]
    languages: Mapping[str, frozenset[str]]
    shorteners: frozenset[str]
    vocabulary: Vocabulary


def key_of(word: str) -> str:
    """Return a word as lists have it: small letters, no apostrophes."""
    return word.casefold().translate(_APOSTROPHES)


def read_rubric(file: "_Entry") -> Rubric:
    """Return what bio_rubric.toml says; raises ContentError."""
    ideas = _every("idea", file.texts_for("ideas", "idea", _Idea, MESSAGE_LIMIT), _Idea, file)
    return Rubric(
        places=_kept("place", file.each("places", "place", _place), PLACE_IDS, file),
        rules=_kept("rule", file.each("rules", "rule", _rule, ids=RULE_IDS), RULE_IDS, file),
        strengths=_every("strength", file.texts_for("strengths", "strength", Strength, MESSAGE_LIMIT), Strength, file),
        questions=_every(
            "question", file.texts_for("questions", "question", Criterion, MESSAGE_LIMIT), Criterion, file
        ),
        idea=ideas[_Idea.ENGLISH],
        idea_other=ideas[_Idea.OTHER],
        words=file.each_of("lexicons", "lexicon", Lexicon, _phrases),
        fields=file.each("fields", "family", _phrases),
        languages=file.each("other_languages", "language", _small_words, most=50),
        shorteners=_hosts(file),
        vocabulary=read_vocabulary(),
    )


class _Idea(StrEnum):
    """The next edit when nothing was found."""

    ENGLISH = "english"
    OTHER = "other"


_T = TypeVar("_T")
_Name = TypeVar("_Name", bound=StrEnum)


def _kept(what: str, built: Mapping[str, _T], ids: tuple[str, ...], file: "_Entry") -> Mapping[str, _T]:
    """Return what was built, those with ids first; refuse when one of these is missing: bio checks name it."""
    for one in ids:
        if one not in built:
            raise file.wrong(f'{what} "{one}" is missing')
    return {one: built[one] for one in (*ids, *(other for other in built if other not in ids))}


def _every(what: str, texts: Mapping[_Name, str], names: type[_Name], file: "_Entry") -> Mapping[_Name, str]:
    for one in names:
        if one not in texts:
            raise file.wrong(f'{what} "{one}" is missing')
    return texts


def _place(place_id: str, entry: "_Entry") -> Place:
    checked_on = entry.text("checked_on", WORD_LIMIT)
    if not _ISO_DAY.fullmatch(checked_on):
        raise entry.wrong(f'checked_on is a day written as year-month-day, not "{checked_on}"')
    return Place(
        id=place_id,
        label=entry.text("label", WORD_LIMIT),
        limit=entry.number("limit", 1, LONGEST_LIMIT) if entry.has("limit") else None,
        unit=entry.choice("unit", Unit),
        checked_on=checked_on,
        source=entry.text("source", SOURCE_LIMIT),
        lead=entry.number("lead", 1, LONGEST_LIMIT) if entry.has("lead") else None,
        roomy=entry.flag("roomy"),
        max_bytes=entry.number("max_bytes", 1, 4 * LONGEST_LIMIT) if entry.has("max_bytes") else None,
    )


def _rule(rule_id: str, entry: "_Entry") -> BioRule:
    return BioRule(
        id=rule_id,
        criterion=entry.choice("criterion", Criterion),
        message=_filled(rule_id, "message", entry),
        fix=_filled(rule_id, "fix", entry),
        red=entry.flag("red"),
        red_if_strict=entry.flag("red_if_strict"),
        any_language=entry.flag("any_language"),
        asks=entry.flag("asks"),
    )


def _filled(rule_id: str, key: str, entry: "_Entry") -> str:
    """Return a text all of whose placeholders the rule knows."""
    text = entry.text(key, MESSAGE_LIMIT)
    known = PLACEHOLDERS.get(rule_id, frozenset())
    try:
        fields = [field for field in string.Formatter().parse(text) if field[1] is not None]
    except ValueError as error:
        raise entry.wrong(f"the braces in {key} cannot be read ({error})") from None
    for _, name, spec, conversion in fields:
        if name not in known or spec or conversion:
            there = f"there are {', '.join(sorted(known))}" if known else "there are none"
            raise entry.wrong(f"{key} has no placeholder {{{name}}}; {there}")
    return text


def _words(entry: "_Entry") -> tuple[str, ...]:
    return entry.texts("words", WORD_LIMIT, most=MOST_WORDS)


def _phrases(_: str, entry: "_Entry") -> Phrases:
    """Return the phrases of a list by their first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in _words(entry):
        words = tuple(_WORD.findall(key_of(phrase)))
        if not words or GAP in (words[0], words[-1]):
            raise entry.wrong(f'"{phrase}" has to begin and end with a word')
        found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(phrases, key=len, reverse=True)) for first, phrases in found.items()}


def _small_words(_: str, entry: "_Entry") -> frozenset[str]:
    return frozenset(key_of(word) for word in _words(entry))


def _hosts(file: "_Entry") -> frozenset[str]:
    hosts = file.texts("shorteners", WORD_LIMIT, most=MOST_WORDS)
    for host in hosts:
        if not _DOMAIN.fullmatch(host):
            raise file.wrong(f'"{host}" among shorteners is no host, such as bit.ly')
    return frozenset(hosts)
