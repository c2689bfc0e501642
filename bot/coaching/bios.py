"""Profile bios: the places they are written for, what the bio check finds, and what AI notes may add.

Text given to the check is never stored; the history holds the day, the place, and which rules found something.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from bot.coaching.limits import Between

BIO_LIMIT = 3000
"""Most characters of a bio that are read; the longest place takes 2,600."""
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
    """How a place counts the length of a bio."""

    CHARACTERS = "characters"
    """Unicode characters."""
    GRAPHEMES = "graphemes"
    """What a reader sees as one letter."""
    SHORTENED = "shortened"
    """Graphemes as Mastodon counts them: an address is 23, a handle goes without its server."""
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class BioPlace:
    """A place that bios are written for.

    Attributes:
        limit: most units; None if the member gives it.
        checked_on: when the limit was looked up in `source`.
        lead: characters that lists show; None if they show all.
        roomy: meant for a long text.
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


MOST_WORDS = 120
"""A first message that is longer is rarely read to its end (our judgement)."""
MESSAGE = BioPlace(
    id="message",
    label="A first message",
    limit=MOST_WORDS,
    unit=Unit.WORDS,
    checked_on="2026-11-30",
    source="Our judgement; no site has such a limit",
)


@dataclass(frozen=True, slots=True)
class BioRule:
    """The words of a rule of the bio check.

    Attributes:
        name: what the history and a second check call it.
        message: the finding, with placeholders.
        fix: one edit that corrects it.
    """

    id: str
    name: Annotated[str, Between(1, NAME_LIMIT)]
    message: Message
    fix: Message


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of a rule: the exact words of the bio ("" for all of it), and values for its placeholders."""

    rule: str
    quote: str = field(default="", repr=False)
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class BioReview:
    """The result of the offline check.

    Attributes:
        length: as the place counts.
        lead: the beginning that lists show; "" if they show all.
        findings: all of them, in the order of the card.
        support_first: the bio says plainly that its writer is in distress, so the card shows where to find help.
    """

    place: BioPlace
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
    """A member's complaint about AI notes, counted without text or name."""

    WRONG = "wrong"
    UNKIND = "unkind"
    HARMFUL = "harmful"


@dataclass(frozen=True, slots=True)
class AiNote:
    """A checked AI note on one criterion; we cut `quote` from the bio ("" for the whole). Its repr shows no text."""

    criterion: Criterion
    verdict: Verdict
    quote: str = field(repr=False)
    advice: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A suggested bio that passed every check, with its length as the place counts. Its repr shows no text."""

    text: str = field(repr=False)
    length: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a call used; None if the server did not say."""

    prompt: int | None = None
    completion: int | None = None


_UNKNOWN = Usage()


class AiOutcome(StrEnum):
    """How a call to the AI reviewer ended; every failure is one of these."""

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
    """No call was made: a daily cap is reached."""


@dataclass(frozen=True, slots=True)
class Critique:
    """The answer of the AI reviewer: the notes and the rewrite that passed, both only with OK, and what it cost."""

    outcome: AiOutcome
    notes: tuple[AiNote, ...] = ()
    rewrite: Rewrite | None = None
    usage: Usage = _UNKNOWN
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class CritiqueRequest:
    """A question to the AI reviewer: a bio as written, its place and limit, and whether to suggest a rewrite.

    Holds nothing else about the member. The sender cleans and redacts the text first. Its repr shows no text.
    """

    text: str = field(repr=False)
    place: BioPlace
    limit: int
    rewrite: bool
    subject: Subject = Subject.BIO
