"""The breaker: Discord stopped our direct messages, so all of them wait, and one probes after a cool-off.

It stands in the database, so that every process, also one that starts later, knows of it.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage import settings
from storage.database import Tx

BREAKER = "dm_breaker"
COOL_OFF = timedelta(hours=1)
LONGEST_COOL_OFF = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Since when direct messages are stopped, until when nothing is tried, and how often a probe was refused too."""

    since: datetime
    until: datetime
    trips: int

    def open_at(self, now: datetime) -> bool:
        """Return whether nothing may be sent at `now`, not even a probe; a clock that was set back prolongs nothing."""
        return self.until - self.cool_off <= now < self.until

    @property
    def cool_off(self) -> timedelta:
        """How long nothing is tried: an hour, and each time in a row twice as long, a day at most."""
        return min(COOL_OFF * 2 ** min(self.trips - 1, 5), LONGEST_COOL_OFF)


def read_breaker(tx: Tx) -> Breaker | None:
    """Return the breaker if it has tripped."""
    kept = settings.get(tx, BREAKER)
    if kept is None:
        return None
    since, until, trips = json.loads(kept)
    return Breaker(datetime.fromisoformat(since), datetime.fromisoformat(until), trips)


def trip(tx: Tx, now: datetime) -> Breaker:
    """Stop all direct messages for the length of the cool-off."""
    earlier = read_breaker(tx)
    if earlier is not None and earlier.open_at(now):
        return earlier  # several messages in hand met the same refusal
    breaker = Breaker(earlier.since if earlier else now, now, earlier.trips + 1 if earlier else 1)
    breaker = replace(breaker, until=now + breaker.cool_off)
    settings.put(tx, BREAKER, json.dumps([breaker.since.isoformat(), breaker.until.isoformat(), breaker.trips]))
    return breaker


def untrip(tx: Tx) -> None:
    """Let direct messages flow again: one got through."""
    settings.remove(tx, BREAKER)
