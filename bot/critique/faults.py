"""What can go wrong in a call to a language model: what the member is told, and what the breaker makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.coaching.bios import Outcome, Usage


class Effect(StrEnum):
    """What the breaker makes of the end of a call."""

    NOTHING = "nothing"
    """The other side works: this text, or this answer, was the matter."""
    COUNTS = "counts"
    """A failure of the way or of the other side; several in a short time open the breaker."""
    QUALITY = "quality"
    """An answer that cannot be used; many in a row open the breaker for long."""
    SHUTS = "shuts"
    """It will go on until somebody mends it: the breaker opens at once, for long."""


class Fault(StrEnum):
    """How a call went wrong."""

    RATE_LIMITED = "rate limited"
    NO_QUOTA = "no quota left"
    SERVER_ERROR = "server error"
    NO_ANSWER = "no answer in time"
    NOT_REACHED = "not reached"
    NOT_SET_UP = "key, model or address refused"
    DECLINED = "declined"
    TOO_LONG = "longer than the model can read"
    CUT = "cut at the token limit"
    NO_COMPLETION = "an answer that is no completion"
    BAD_FORM = "an answer in another form"
    FAILED_CHECKS = "an answer that failed the checks"
    QUEUED = "no turn in time"


FAULTS: Mapping[Fault, tuple[Outcome, Effect]] = {
    Fault.RATE_LIMITED: (Outcome.BUSY, Effect.COUNTS),
    Fault.NO_QUOTA: (Outcome.QUOTA, Effect.SHUTS),
    Fault.SERVER_ERROR: (Outcome.UNREACHABLE, Effect.COUNTS),
    Fault.NO_ANSWER: (Outcome.TIMEOUT, Effect.COUNTS),
    Fault.NOT_REACHED: (Outcome.UNREACHABLE, Effect.COUNTS),
    Fault.NOT_SET_UP: (Outcome.CONFIG, Effect.SHUTS),
    Fault.DECLINED: (Outcome.REFUSED, Effect.NOTHING),
    Fault.TOO_LONG: (Outcome.REFUSED, Effect.NOTHING),
    Fault.CUT: (Outcome.TRUNCATED, Effect.NOTHING),
    Fault.NO_COMPLETION: (Outcome.BAD_OUTPUT, Effect.COUNTS),
    Fault.BAD_FORM: (Outcome.BAD_OUTPUT, Effect.QUALITY),
    Fault.FAILED_CHECKS: (Outcome.BAD_OUTPUT, Effect.QUALITY),
    # Our own two places were taken: that says nothing about the other side.
    Fault.QUEUED: (Outcome.BUSY, Effect.NOTHING),
}
"""Every fault with its outcome and its effect; which answer of a server is which fault, `model.py` says."""

_UNKNOWN = Usage()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call brought: `text` as the model wrote it, or the fault.

    `retry_after`: seconds for which the server asked us to wait. Its repr shows no text.
    """

    text: str | None = field(default=None, repr=False)
    fault: Fault | None = None
    usage: Usage = _UNKNOWN
    retry_after: float | None = None
