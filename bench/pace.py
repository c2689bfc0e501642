"""How fast a full class gets its nudges: `python bench/pace.py [nudges] [per second]`.

The real bot in a process of its own, real sockets, and a stand-in for Discord that answers after 50 to 150 ms. Prints
the pace that was reached, the 429s, and the requests for each message.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.services.delivery import Timing
from storage.database import open_database
from storage.schema import migrate
from tests.delivery.course import Course
from tests.delivery.discord_rest import DiscordRest, Weather
from tests.delivery.harness import born, counter, ended
from tests.delivery.worker import OURS, Life


async def main(nudges: int, pace: float) -> None:
    """Let `nudges` fall due at once, wait until they have arrived, and print how that went."""
    rest = DiscordRest(Weather(latency=(0.05, 0.15)))
    with tempfile.TemporaryDirectory(prefix="pln-coach-pace-") as folder:
        url, log = f"sqlite:///{Path(folder) / 'pace.db'}", Path(folder) / "log"
        database = open_database(url)
        migrate(database.engine)
        course = Course(database, seed=0)
        await course.start(nudges)
        await course.plan_week(seconds=0)
        async with rest.serving() as base:
            life = Life(OURS, url, base, log, counter(), Timing(), pace, heartbeat=1, hurried=False)
            process = born(life)
            try:
                while len(rest.received()) < nudges and process.exitcode is None:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.2)
            finally:
                await ended(process)
                database.close()
    times = sorted(message.at for sent in rest.messages.values() for message in sent)
    busiest = max(sum(at <= other < at + 1 for other in times) for at in times)
    asked = sum(rest.counts.requests[route] for route in ("open", "send", "history"))
    rate = (len(times) - 1) / (times[-1] - times[0])
    print(
        f"pace {pace:g}/s: {len(times):,} nudges at {rate:.2f}/s, busiest second {busiest}, "
        f"{rest.counts.over_limit} answers 429, {asked / len(times):.2f} requests per DM"
    )


if __name__ == "__main__":
    wanted = [float(argument) for argument in sys.argv[1:]]
    asyncio.run(main(int(wanted[0]) if wanted else 1000, wanted[1] if len(wanted) > 1 else 45))
