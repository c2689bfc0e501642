"""bio_words.txt: words by their kind, by which the offline bio critic tells that something may be there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

FILE = "bio_words.txt"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that hint at something, none of them sure enough to be praised; `unlike` ends as roles do and is none.

    `done`: past forms that tell a deed; `past`: those that do with an object. `made`: what people make or run.
    `topics`: what a field may be about. `verbs`: plain forms that are verbs first. `readers`: words that speak to
    whoever reads. `askers`: who wants to be asked, in "ask me".
    """

    roles: frozenset[str] = field(default=frozenset(), repr=False)
    unlike: frozenset[str] = field(default=frozenset(), repr=False)
    done: frozenset[str] = field(default=frozenset(), repr=False)
    past: frozenset[str] = field(default=frozenset(), repr=False)
    made: frozenset[str] = field(default=frozenset(), repr=False)
    topics: frozenset[str] = field(default=frozenset(), repr=False)
    verbs: frozenset[str] = field(default=frozenset(), repr=False)
    readers: frozenset[str] = field(default=frozenset(), repr=False)
    askers: frozenset[str] = field(default=frozenset(), repr=False)


@cache
def read_vocabulary() -> Vocabulary:
    """Return the words of the file; it is read once, and is none of those that a course brings itself."""
    text = (resources.files(__package__ or "prompts") / FILE).read_text(encoding="utf-8")
    return Vocabulary(**{kind: frozenset(words) for kind, words in _sections(text)})


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    for section in "\n".join(lines).split("[")[1:]:
        kind, _, words = section.partition("]")
        yield kind, words.split()
