"""Profile bios: the places they are written for, what the bio check finds, and what AI notes may add.

Nothing here keeps a bio: its text passes through and is gone. Stored are the day, the place, and which rules spoke.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from bot.coaching.limits import Between

BIO_LIMIT = 3000
"""Most characters of a bio that are looked at: the longest place takes 2,600."""
MESSAGE_LIMIT = 120
NAME_LIMIT = 28
PLACE_NAME_LIMIT = 60
PlaceLimit = Annotated[int, Between(1, 5000)]
Message = Annotated[str, Between(1, MESSAGE_LIMIT)]


class Subject(StrEnum):
    """What kind of text is checked."""

    BIO = "bio"
    MESSAGE = "message"


class Criterion(StrEnum):
    """What AI notes look at; `CRITERIA` has those of each kind of text in the order of showing."""

    CLEAR = "clear"
    CREDIBLE = "credible"
    CONNECTABLE = "connectable"
    CAREFUL = "careful"
    READABLE = "readable"
    PERSONAL = "personal"
    ASK = "ask"
    EASY = "easy"


CRITERIA: Mapping[Subject, tuple[Criterion, ...]] = {
    Subject.BIO: (
        Criterion.CLEAR,
        Criterion.CREDIBLE,
        Criterion.CONNECTABLE,
        Criterion.CAREFUL,
        Criterion.READABLE,
    ),
    Subject.MESSAGE: (
        Criterion.PERSONAL,
        Criterion.ASK,
        Criterion.EASY,
        Criterion.CAREFUL,
        Criterion.READABLE,
    ),
}


class Unit(StrEnum):
    """How a place counts: Unicode characters, or what a reader sees as one letter.

    `SHORTENED` counts the latter with every address as 23 and every handle without its server, as Mastodon does.
    """

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    SHORTENED = "shortened"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that bios are written for.

    Attributes:
        limit: most units; None where the member says it.
        checked_on: when the limit was looked up in `source`.
        lead: how many characters lists show; None where they show all of it.
        roomy: a long text.
        max_bytes: a second limit, in UTF-8 bytes.
    """

    id: str
    label: Annotated[str, Between(1, PLACE_NAME_LIMIT)]
    limit: PlaceLimit | None
    unit: Unit
    checked_on: str
    source: Annotated[str, Between(1, 200)]
    lead: PlaceLimit | None = None
    roomy: bool = False
    max_bytes: Annotated[int, Between(1, 20_000)] | None = None


@dataclass(frozen=True, slots=True)
class BioRule:
    """The words of a rule of the bio check; what it looks at is code.

    Attributes:
        name: what the history and a second check call it.
        message: what was seen, with placeholders.
        fix: one edit that mends it.
    """

    id: str
    name: Annotated[str, Between(1, NAME_LIMIT)]
    message: Message
    fix: Message


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule saw: the exact words of the bio ("" for all of it), and what its texts are filled with."""

    rule: str
    quote: str = field(default="", repr=False)
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class BioReview:
    """What the offline check says of a bio.

    Attributes:
        length: as the place counts.
        lead: what lists show of it first; "" where all of it is shown.
        findings: all of them, in the order of the card.
        support_first: it says plainly that its writer is in distress, so the card shows where help is instead.
    """

    place: Place
    limit: int
    length: int
    lead: str = field(repr=False)
    findings: tuple[Finding, ...]
    support_first: bool = field(default=False, repr=False)


class Verdict(StrEnum):
    """What an AI reviewer says of a criterion."""

    STRONG = "strong"
    IMPROVE = "improve"
    MISSING = "missing"


class AiReport(StrEnum):
    """What a member may say against AI notes; counted, without a text or a name."""

    WRONG = "wrong"
    UNKIND = "unkind"
    HARMFUL = "harmful"


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
    subject: Subject = Subject.BIO
