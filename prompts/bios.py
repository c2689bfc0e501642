"""bio_rubric.toml and crisis.toml: what the offline bio check knows, read into a Rubric and a Crisis."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from bot.coaching.bios import BioRule, Place, Unit

if TYPE_CHECKING:
    from prompts import _Entry  # pyright: ignore[reportPrivateUsage] - the package imports this module, not the reverse

RULE_IDS = tuple(f"B{number:02d}" for number in (1, 2, 7, 9, 11, 12, 13, 14, 17, 18, 19, 20, 22, 23, 24, 25))
"""The rules that the code knows; the file has the words of each, in the order of the card. Numbers are never reused."""
PLACE_IDS = ("x", "linkedin_headline", "linkedin_about", "bluesky", "mastodon", "github", "instagram", "other")
"""The places that are never left out: bio checks are kept with their ids."""
QUESTION_IDS = ("Q1", "Q2", "Q3", "Q3_low_profile", "Q4", "Q5")
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "B01": frozenset({"n", "limit", "over", "unit"}),
    "B09": frozenset({"what"}),
    **dict.fromkeys(("B11", "B12", "B18", "B19"), frozenset({"n"})),
}
"""What a finding of a rule fills in."""

MESSAGE_LIMIT = 120
NAME_LIMIT = 28
SOURCE_LIMIT = 200
LONGEST_LIMIT = 5000
WORD_LIMIT = 60
MOST_WORDS = 200

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BioPhrases:
    """The lists of phrases that the rules look for, in small letters."""

    claims: tuple[str, ...] = field(repr=False)
    titles: tuple[str, ...] = field(repr=False)
    need: tuple[str, ...] = field(repr=False)
    bait: tuple[str, ...] = field(repr=False)
    blanks: tuple[str, ...] = field(repr=False)
    shorteners: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rubric:
    """What the offline bio check knows; `rules` are in the order of the card."""

    places: Mapping[str, Place]
    rules: Mapping[str, BioRule]
    questions: Mapping[str, str]
    phrases: BioPhrases


@dataclass(frozen=True, slots=True)
class Crisis:
    """Explicit phrases of distress, and the address of a list of free help lines."""

    help_lines: str
    phrases: tuple[str, ...] = field(repr=False)


def read_rubric(file: "_Entry") -> Rubric:
    """Return what bio_rubric.toml says; raises ContentError."""
    return Rubric(
        places=_complete("place", file.each("places", "place", _place), PLACE_IDS, file),
        rules=_complete("rule", file.each("rules", "rule", _rule, ids=RULE_IDS), RULE_IDS, file),
        questions=file.inner(
            "questions", lambda entry: {name: entry.text(name, MESSAGE_LIMIT) for name in QUESTION_IDS}
        ),
        phrases=file.inner("phrases", _phrases),
    )


def read_crisis(file: "_Entry") -> Crisis:
    """Return what crisis.toml says; raises ContentError."""
    return Crisis(file.text("help_lines", SOURCE_LIMIT), file.texts("phrases", WORD_LIMIT, most=MOST_WORDS))


def _complete(what: str, built: Mapping[str, _T], ids: tuple[str, ...], file: "_Entry") -> Mapping[str, _T]:
    """Return what was built, in the file's order; refuse when an id is missing that bio checks are kept with."""
    for one in ids:
        if one not in built:
            raise file.wrong(f'{what} "{one}" is missing')
    return built


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
    limits = {"name": NAME_LIMIT, "message": MESSAGE_LIMIT, "fix": MESSAGE_LIMIT}
    return BioRule(rule_id, **{key: _filled(rule_id, key, entry, limit) for key, limit in limits.items()})


def _filled(rule_id: str, key: str, entry: "_Entry", limit: int) -> str:
    """Return a text all of whose placeholders the rule knows."""
    text = entry.text(key, limit)
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


def _phrases(entry: "_Entry") -> BioPhrases:
    lists = ("claims", "titles", "need", "bait", "blanks", "shorteners")
    return BioPhrases(**{name: entry.texts(name, WORD_LIMIT, most=MOST_WORDS) for name in lists})
