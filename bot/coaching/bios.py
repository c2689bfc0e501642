"""Profile bios: places and their limits, what a review found, and what an AI reviewer may add to it.

Nothing here keeps a bio: its text passes through and is gone. Kept are the day, the place, and which rules spoke.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

BIO_LIMIT = 3000
"""Most characters of a bio that are looked at: the longest place takes 2,600."""
SHOWN_FINDINGS = 3
"""Most findings shown at once (method, section 5)."""


class Criterion(StrEnum):
    """What a bio is looked at for, in the order of showing after what is red."""

    CLEAR = "clear"
    CREDIBLE = "credible"
    CONNECTABLE = "connectable"
    CAREFUL = "careful"
    READABLE = "readable"


class Unit(StrEnum):
    """How a place counts: Unicode characters, or what a reader sees as one letter.

    `SHORTENED` counts the latter with every address as 23 and every handle without its server, as Mastodon does.
    """

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    SHORTENED = "shortened"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bio stands. `limit` None: the member says it. `lead`: how much of it lists show. `roomy`: a long text.

    `max_bytes`: a second limit in UTF-8 bytes. `checked_on`, `source`: when and where the limit was looked up.
    """

    id: str
    label: str
    limit: int | None
    unit: Unit
    checked_on: str
    source: str
    lead: int | None = None
    roomy: bool = False
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class BioRule:
    """The words of an offline rule; the rule itself is code.

    `red`: to mend first. `red_if_strict`: red for members of strict professions. `any_language`: it looks at nothing
    that depends on English. `asks`: it is a question, not a fault.
    """

    id: str
    criterion: Criterion
    message: str
    fix: str
    red: bool = False
    red_if_strict: bool = False
    any_language: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that spoke: its id, the words of the bio that it spoke of ("" for all), and what its message needs."""

    rule: str
    quote: str = field(default="", repr=False)
    values: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class BioReview:
    """What the offline critic says of a bio.

    `findings`: all of them, red ones first, then by criterion; `red`: the rules of those to mend first. `strength`: the
    id of something that works, and the words it stands in; None when nothing was recognised, which is no judgement.
    `next_edit`: the one edit to begin with, in words. `english`: the rules that need English could look. `orders`: it
    holds text that reads like instructions to software. `distress`: it may speak of somebody in need; then nothing else
    is said.
    """

    place: Place
    limit: int
    length: int
    findings: tuple[Finding, ...]
    strength: tuple[str, str] | None = field(repr=False)
    next_edit: str | None = field(repr=False)
    english: bool
    red: frozenset[str] = frozenset()
    orders: bool = False
    distress: bool = False

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Return the findings to show."""
        return self.findings[:SHOWN_FINDINGS]


class Verdict(StrEnum):
    """What an AI reviewer says of a criterion."""

    STRONG = "strong"
    IMPROVE = "improve"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Note:
    """What an AI reviewer says of one criterion, checked; `quote` is cut from the bio by us ("" for the whole).

    Its repr shows no text.
    """

    criterion: Criterion
    verdict: Verdict
    quote: str = field(repr=False)
    advice: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A suggested bio that passed every check, and its length as its place counts. Its repr shows no text."""

    text: str = field(repr=False)
    length: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a call used; None is what the server did not say."""

    prompt: int | None = None
    completion: int | None = None


_UNKNOWN = Usage()


class Outcome(StrEnum):
    """What became of a call to an AI reviewer; every failure is one of these, and none escapes."""

    OK = "ok"
    BUSY = "busy"
    QUOTA = "quota"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CONFIG = "config"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    BAD_OUTPUT = "bad_output"
    RESTING = "resting"
    """No call was made: the breaker is open."""
    SPENT = "spent"
    """No call was made: a cap of the day is reached."""


@dataclass(frozen=True, slots=True)
class Critique:
    """The answer of an AI reviewer: the notes that passed, a rewrite if it passed, and what it cost.

    With any outcome but OK there are no notes and no rewrite. `milliseconds`: how long it took.
    """

    outcome: Outcome
    notes: tuple[Note, ...] = ()
    rewrite: Rewrite | None = None
    usage: Usage = _UNKNOWN
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class CritiqueRequest:
    """What an AI reviewer is asked: the bio as the member wrote it, its place and limit, and whether to rewrite it.

    Nothing about the member. Whoever sends it cleans and redacts the text first. Its repr shows no text.
    """

    text: str = field(repr=False)
    place: Place
    limit: int
    rewrite: bool
