"""What the AI reviewer is told about each kind of text, and the words by which its answers are checked.

A course cannot bring its own.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import resources

from bot.coaching.bios import CRITERIA, Subject
from prompts import ContentError

GUARD = "bio_guard.toml"
_FENCE = "+++\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is told: the same text for everybody.

    Attributes:
        hash: of the whole file, so that everything that may change an answer changes it.
        max_completion_tokens: reasoning models spend part of it on thinking.
    """

    id: str
    version: int
    hash: str
    text: str = field(repr=False)
    max_completion_tokens: int


@dataclass(frozen=True, slots=True)
class GuardWords:
    """The lists of `bio_guard.toml`, which says what each is for; `*` stands for any ending."""

    common_names: str
    famous_names: frozenset[str]
    blank_words: frozenset[str]
    short_forms: frozenset[str]
    employed: frozenset[str]
    german: frozenset[str]
    lines: tuple[str, ...]
    units: tuple[str, ...]
    numbers: Mapping[str, str]
    claims: Mapping[str, tuple[str, ...]]


def load_prompts() -> Mapping[Subject, Prompt]:
    """Read the packaged prompts; raises ContentError."""
    return {subject: read_prompt(_packaged(f"{subject}_critique.md"), subject) for subject in Subject}


def read_prompt(source: str, subject: Subject) -> Prompt:
    """Read a prompt: TOML between two lines of `+++`, then the text. Raises ContentError if it is anything else."""
    name, criteria = f"{subject}_critique.md", [str(criterion) for criterion in CRITERIA[subject]]
    before, _, rest = source.partition(_FENCE)
    settings, _, text = rest.partition(f"\n{_FENCE}")
    try:
        known = tomllib.loads(settings)
        prompt = Prompt(
            id=str(known["id"]),
            version=int(known["version"]),
            hash=sha256(source.encode()).hexdigest(),
            text=text.strip(),
            max_completion_tokens=int(known["max_completion_tokens"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise ContentError(f"{name}: its settings cannot be read: {error!r}") from None
    if before or not prompt.text or known.get("criteria") != criteria:
        raise ContentError(f"{name}: settings with the criteria {', '.join(criteria)} come first, then the text")
    return prompt


def load_lock(subject: Subject) -> Mapping[int, str]:
    """Read the hash of each version of a prompt there ever was."""
    pairs = (line.split() for line in _packaged(f"{subject}_critique.lock").splitlines())
    return {int(version): digest for version, digest in pairs}


def load_guard_words() -> GuardWords:
    """Read the words by which a model's answer is checked."""
    known = tomllib.loads(_packaged(GUARD))
    names = ("famous_names", "blank_words", "short_forms", "employed", "german")
    lists = {name: frozenset(known[name].split()) for name in names}
    return GuardWords(
        common_names=known["common_names"],
        lines=tuple(known["text_counts"]["lines"].split()),
        units=tuple(known["text_counts"]["units"].split()),
        numbers={word: number for number, words in known["number_words"].items() for word in words.split()},
        claims={what: tuple(phrases) for what, phrases in known["claims"].items()},
        **lists,
    )


def _packaged(name: str) -> str:
    return (resources.files("prompts") / name).read_text("utf-8")
