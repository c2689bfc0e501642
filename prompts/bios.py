"""bio_rubric.toml and crisis.toml: what the offline bio check knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from bot.coaching.bios import BioPlace, BioRule, Message
from bot.coaching.limits import Between
from prompts.reading import check_placeholders, complete, exactly, inside, read_file

_FILE = "bio_rubric.toml"

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
Phrases = Annotated[tuple[Annotated[str, Between(1, 60)], ...], Between(1, 200)]


@dataclass(frozen=True, slots=True)
class BioPhrases:
    """The lists of phrases that the rules look for, in small letters."""

    claims: Phrases = field(repr=False)
    titles: Phrases = field(repr=False)
    need: Phrases = field(repr=False)
    bait: Phrases = field(repr=False)
    blanks: Phrases = field(repr=False)
    shorteners: Phrases = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rubric:
    """What the offline bio check knows; `rules` are in the order of the card."""

    places: Mapping[str, BioPlace]
    rules: Mapping[str, BioRule]
    questions: Mapping[str, Message]
    phrases: BioPhrases


@dataclass(frozen=True, slots=True)
class Crisis:
    """Explicit phrases of distress, and the address of a list of free help lines."""

    help_lines: Annotated[str, Between(1, 200)]
    phrases: Phrases = field(repr=False)


def read_rubric(folder: Path | None) -> Rubric:
    """Read the words and lists of the bio check; raises ContentError."""
    rubric = read_file(_FILE, folder, Rubric)
    with inside(_FILE):
        complete("place", rubric.places, PLACE_IDS)
        exactly("rule", rubric.rules, RULE_IDS)
        exactly("question", rubric.questions, QUESTION_IDS)
        for rule in rubric.rules.values():
            with inside(f'rule "{rule.id}"'):
                for text in (rule.name, rule.message, rule.fix):
                    check_placeholders(text, PLACEHOLDERS.get(rule.id, ()))
    return rubric
