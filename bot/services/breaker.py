"""When sending has to stop: Discord's refusal to take any more direct messages, and what else ends a round early.

The breaker is a row of the database, so that every process, also one that starts later, knows of it: all direct
messages wait, and one of them probes after a cool-off.
"""

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.coaching.weeks import Clock
from storage import settings
from storage.database import Database, DatabaseUnavailable, Tx

_log = logging.getLogger(__name__)

BREAKER = "dm_breaker"
COOL_OFF = timedelta(hours=1)
LONGEST_COOL_OFF = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Direct messages are stopped: since when, until when nothing is tried, and how often probes were refused."""

    since: datetime
    until: datetime
    trips: int

    def open_at(self, now: datetime) -> bool:
        """Return whether nothing may be sent at `now`, not even a probe; a clock set back prolongs nothing."""
        return self.until - self.cool_off <= now < self.until

    @property
    def cool_off(self) -> timedelta:
        """How long nothing is tried: an hour, doubled with each refusal in a row, a day at most."""
        return min(COOL_OFF * 2 ** min(self.trips - 1, 5), LONGEST_COOL_OFF)


def read_breaker(tx: Tx) -> Breaker | None:
    """Return the breaker if it has tripped."""
    stored = settings.get(tx, BREAKER)
    if stored is None:
        return None
    since, until, trips = json.loads(stored)
    return Breaker(datetime.fromisoformat(since), datetime.fromisoformat(until), trips)


def trip(tx: Tx, now: datetime) -> Breaker:
    """Stop all direct messages for the length of the cool-off."""
    earlier = read_breaker(tx)
    if earlier is not None and earlier.open_at(now):
        return earlier  # other messages under way met the same refusal
    breaker = Breaker(earlier.since if earlier else now, now, earlier.trips + 1 if earlier else 1)
    breaker = replace(breaker, until=now + breaker.cool_off)
    settings.put(tx, BREAKER, json.dumps([breaker.since.isoformat(), breaker.until.isoformat(), breaker.trips]))
    return breaker


class Blocked(Exception):
    """Discord stops all our DMs for now: the round ends, everything owed stays owed."""


class RoundGuard:
    """Runs the pieces of a round: one that fails takes no other with it, and some failures end the round.

    Attributes:
        stopping: The process is about to end.
        blocked: Discord has stopped our direct messages.
        tripped: It had when the round began, or has since.
        failure: The database is away.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.stopping = False
        self.blocked = False
        self.tripped = False
        self.failure: DatabaseUnavailable | None = None

    @property
    def halted(self) -> bool:
        """Whether the round is to begin nothing more."""
        return self.stopping or self.blocked or self.failure is not None

    def untrip(self, tx: Tx) -> None:
        """Let direct messages flow again, if anything had stopped them: one got through."""
        if self.tripped:
            settings.remove(tx, BREAKER)

    async def run(self, work: Callable[[], Awaitable[None]], what: str) -> None:
        """Do one piece of a round; `what` names it in the log."""
        try:
            await work()
        except Blocked:
            self.blocked = self.tripped = True
            breaker = await self._database.transact(lambda tx: trip(tx, self._clock()))
            _log.error("Discord has stopped this bot's direct messages; all of them wait until %s", breaker.until)
        except DatabaseUnavailable as unavailable:
            self.failure = unavailable
        except Exception:  # noqa: BLE001 - a row that breaks our own code may not stop the rows behind it
            _log.exception("[%s] our own code broke at %s; it will be tried again", secrets.token_hex(4), what)
