"""The breaker before a language model: after failures nobody waits for it, and one call at a time tries it again.

It stands in memory: a process that starts anew may ask once.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.coaching.bios import Outcome
from bot.critique.faults import FAULTS, Effect, Fault

MOST_FAILURES = 3
WITHIN = timedelta(minutes=2)
FIRST_REST = timedelta(seconds=60)
LONGEST_REST = timedelta(minutes=15)
MOST_UNUSABLE = 5
"""Answers in a row that could not be used."""
UNUSABLE_REST = timedelta(minutes=30)
SHUT = timedelta(hours=1)
"""The rest after what somebody has to mend, and the longest that a server is believed when it asks us to wait."""


@dataclass(frozen=True, slots=True)
class Call:
    """The right to make one call; `probe`: it tries whether the other side works again."""

    probe: bool


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when nothing is tried, and what it rests for."""

    until: datetime
    outcome: Outcome


class Breaker:
    """Opens after three failures in two minutes, five unusable answers in a row, or what needs mending.

    Every `enter` that gave a call is followed by one `leave`.
    """

    def __init__(self) -> None:
        self._rest: Rest | None = None
        self._failures: deque[datetime] = deque(maxlen=MOST_FAILURES)
        self._unusable = 0
        self._rests = 0
        """Rests for failures in a row: each is twice as long."""
        self._probing = False

    def rest(self, now: datetime) -> Rest | None:
        """Return the rest that is not over at `now`, None when calls are made."""
        return self._rest if self._rest is not None and now < self._rest.until else None

    def enter(self, now: datetime) -> Call | None:
        """Return a call if one may be made at `now`; after a rest one at a time."""
        if self._rest is None:
            return Call(probe=False)
        if now < self._rest.until or self._probing:
            return None
        self._probing = True
        return Call(probe=True)

    def leave(self, call: Call, fault: Fault | None, now: datetime, retry_after: float | None = None) -> None:
        """Take note of how a call ended; None: well. `retry_after` in seconds."""
        effect = FAULTS[fault][1] if fault is not None else Effect.NOTHING
        if call.probe:
            self._probing = False
            if effect is not Effect.COUNTS:
                self._reset()  # the other side answers
        if fault is None:
            self._unusable = 0
            self._failures.clear()
        elif effect is Effect.COUNTS:
            self._count(call, fault, now, retry_after)
        elif effect is Effect.QUALITY:
            self._tell_unusable(fault, now)
        elif effect is Effect.SHUTS:
            self._open(fault, now + SHUT)

    def give_up(self, call: Call) -> None:
        """Take note that a call was broken off by us: it says nothing, and the next one may probe."""
        if call.probe:
            self._probing = False

    def _reset(self) -> None:
        self._rest = None
        self._rests = 0
        self._failures.clear()

    def _count(self, call: Call, fault: Fault, now: datetime, retry_after: float | None) -> None:
        self._failures.append(now)
        many = len(self._failures) == MOST_FAILURES and now - self._failures[0] <= WITHIN
        if call.probe or many:
            self._failures.clear()
            self._open(fault, now + min(FIRST_REST * 2**self._rests, LONGEST_REST))
            self._rests = min(self._rests + 1, 10)
        if retry_after is not None and retry_after > 0:
            self._open(fault, now + timedelta(seconds=min(retry_after, SHUT.total_seconds())))

    def _tell_unusable(self, fault: Fault, now: datetime) -> None:
        self._unusable += 1
        if self._unusable >= MOST_UNUSABLE:
            self._open(fault, now + UNUSABLE_REST)

    def _open(self, fault: Fault, until: datetime) -> None:
        """Rest until then; a longer rest that is under way stays, with its reason."""
        if self._rest is None or self._rest.until < until:
            self._rest = Rest(until, FAULTS[fault][0])
