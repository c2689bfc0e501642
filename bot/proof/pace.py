"""`python -m bot.proof.pace`: does a full class get its nudges at the pace that was set, with one request each?"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from bot.proof.course import Course
from bot.proof.discord_rest import DiscordRest, Weather
from bot.proof.harness import ProofError, ended, nursery
from bot.proof.worker import OURS, Life, Pulse, live
from bot.services.delivery import Timing
from storage.database import open_database
from storage.schema import migrate

LATENCY = (0.05, 0.15)
"""Seconds that Discord takes to answer a message, roughly as it does."""
ENOUGH = 0.95
"""The share of the configured pace that has to be reached."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What delivering to a class came to; `per_second` counts from the first message to the last."""

    pace: float
    nudges: int
    per_second: float
    busiest_second: int
    limited: int
    requests_per_dm: float

    @property
    def good(self) -> bool:
        """Return whether the pace was reached, evenly, with one request each."""
        return self.per_second >= ENOUGH * self.pace and not self.limited and self.requests_per_dm == 1

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"pace {self.pace:g}/s: {self.nudges:,} nudges at {self.per_second:.2f}/s "
            f"({self.per_second / self.pace:.1%} of the pace), busiest second {self.busiest_second}, "
            f"{self.limited} answers 429, {self.requests_per_dm:.2f} requests per DM"
        )


async def measure(pace: float, nudges: int, database_url: str, log: Path) -> Measured:
    """Let the real bot deliver `nudges` that are due at once; `database_url` names an empty database."""
    database = open_database(database_url)
    rest = DiscordRest(Weather(latency=LATENCY))
    try:
        migrate(database.engine)
        course = Course(database, seed=0)
        await course.start(nudges)
        await course.plan_week(seconds=0)
        async with rest.serving() as url:
            life = Life(OURS, database_url, url, Pulse(Timing(), pace, heartbeat=1, hurried=False), log)
            await _delivered(life, rest, nudges)
    finally:
        database.close()
    return _measured(pace, rest)


async def _delivered(life: Life, rest: DiscordRest, nudges: int) -> None:
    process = nursery().Process(target=live, args=(life,), daemon=True)
    process.start()
    give_up = monotonic() + 60 + 3 * nudges / life.pulse.pace
    try:
        while rest.received().total() < nudges:
            if process.exitcode is not None or monotonic() > give_up:
                arrived = rest.received().total()
                raise ProofError(f"Only {arrived} of {nudges} nudges arrived.\n{life.log.read_text()[-2000:]}")
            await asyncio.sleep(0.2)
    finally:
        await ended(process)


def _measured(pace: float, rest: DiscordRest) -> Measured:
    times = sorted(message.at for sent in rest.messages.values() for message in sent)
    busiest, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= 1:
            first += 1
        busiest = max(busiest, last - first + 1)
    asked = sum(rest.counts.requests[route] for route in ("open", "send", "history"))
    rate = (len(times) - 1) / (times[-1] - times[0])
    return Measured(pace, len(times), rate, busiest, rest.counts.over_limit, asked / len(times))


async def _main(nudges: int, paces: Sequence[float]) -> int:
    good = True
    for pace in paces:
        with tempfile.TemporaryDirectory(prefix="pln-coach-pace-") as folder:
            url = f"sqlite:///{Path(folder) / 'pace.db'}"
            measured = await measure(pace, nudges, url, Path(folder) / "log")
        sys.stdout.write(f"{measured}{os.linesep}")
        sys.stdout.flush()
        good = good and measured.good
    return 0 if good else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bot.proof.pace", description=__doc__)
    parser.add_argument("--nudges", type=int, default=1000)
    parser.add_argument("--pace", type=float, nargs="+", default=[5.0, 45.0])
    chosen = parser.parse_args()
    sys.exit(asyncio.run(_main(chosen.nudges, chosen.pace)))
