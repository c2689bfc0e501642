"""How quickly `/me` answers while a round sends: `python bench/me_during_a_round.py [nudges] [per second]`.

The real services, rounds and pace on a SQLite file; Discord is a pause of 50 ms. Prints the 50th and 99th percentile of
the time `/me` takes, idle and during the round, and how fast the round delivered.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import quantiles
from zoneinfo import ZoneInfo

from bot.coaching.cohort import Audience, Caller
from bot.coaching.ids import ChannelId, GuildId, MessageId, UserId
from bot.coaching.nudges import NudgeKey
from bot.coaching.weeks import Due
from bot.coaching.zones import zone_names
from bot.pace import EvenPace
from bot.services.cohort import CohortService, SetupRequest
from bot.services.delivery import DeliverySettings, DeliveryWorker
from bot.services.me import MeService
from bot.services.members import MemberService
from bot.services.messenger import NudgeMessage, OwnPage, Problem
from bot.services.planning import Planning
from prompts import load_content
from storage import members
from storage.database import Database, Tx, open_database
from storage.members import NudgePlan
from storage.schema import migrate

GUILD = GuildId(1)
ANSWER_TIME = 0.05


class Discord:
    """Answers every message after a pause."""

    def __init__(self) -> None:
        self.sent: list[float] = []
        self._ids = count(1)

    async def open(self, user_id: UserId) -> ChannelId | Problem:
        """Return a channel for the account."""
        return ChannelId(user_id)

    async def send(self, channel_id: ChannelId, message: NudgeMessage, nonce: str) -> MessageId | Problem:
        """Take the message."""
        del channel_id, message, nonce
        await asyncio.sleep(ANSWER_TIME)
        self.sent.append(time.perf_counter())
        return MessageId(next(self._ids))

    async def missing_permissions(self, guild_id: GuildId, channel_id: ChannelId) -> Sequence[str] | Problem:
        """Everything is allowed."""
        del guild_id, channel_id
        return ()

    async def roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[int] | Problem | None:
        """Everybody is there, without a role."""
        del guild_id, user_id
        return frozenset()

    async def own_messages(self, channel_id: ChannelId, before: MessageId | None) -> OwnPage | Problem:
        """Nobody deletes anything."""
        del channel_id, before
        return OwnPage((), None)

    async def delete(self, channel_id: ChannelId, message_id: MessageId) -> Problem | None:
        """Nobody deletes anything."""
        del channel_id, message_id

    async def find(self, channel_id: ChannelId, key: NudgeKey) -> MessageId | Problem | None:
        """Nothing was sent before."""
        del channel_id, key


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def caller(user: int, audience: Audience, *, dm: bool = False) -> Caller:
    """Return somebody in the server, or in the bot's DM."""
    guild, channel = (None, ChannelId(user)) if dm else (GUILD, None)
    return Caller(UserId(user), audience, guild, frozenset({7}), manages_guild=True, dm_channel_id=channel)


async def seeded(database: Database, nudges: int) -> tuple[MeService, Planning]:
    """Open a course with a class where it is noon, every channel known; each member is owed a hello and a nudge."""
    content = load_content()
    planning = Planning(0, content.backoff_days)
    today = now().date()
    noon = next(zone for zone in sorted(zone_names()) if now().astimezone(ZoneInfo(zone)).hour == 12)
    request = SetupRequest("Bench", str(today - timedelta(days=30)), str(today + timedelta(days=60)), noon, 7)
    await CohortService(database, content, planning).set_up(caller(1, Audience.MANAGER), request, now())
    joining, me = MemberService(database, planning), MeService(database, content)
    for user in range(1, nudges // 2 + 1):
        await joining.join(caller(user, Audience.ANYONE), None, now())
        await me.me(caller(user, Audience.MEMBER, dm=True), now())

    def due(tx: Tx) -> None:
        places = members.due(tx, now() + timedelta(days=30), nudges)
        waiting = [(one.enrolment.id, one.enrolment.next_nudge) for one in places]
        plans = [NudgePlan(one, planned and due_now(planned), backed_off=False) for one, planned in waiting]
        members.set_plans(tx, plans)

    await database.transact(due)
    return me, planning


def due_now(due: Due) -> Due:
    """Return the same week, due now."""
    return Due(due.week, now())


async def timed(me: MeService, until: asyncio.Event, most: int) -> list[float]:
    """Call `/me` again and again, and return how long each took, in milliseconds."""
    taken: list[float] = []
    while not until.is_set() and len(taken) < most:
        began = time.perf_counter()
        await me.me(caller(1 + len(taken) % 10, Audience.MEMBER), now())
        taken.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.01)
    return taken


def said(name: str, taken: list[float]) -> str:
    """Return the percentiles of some times in words."""
    hundredths = quantiles(taken, n=100)
    return f"/me {name}: p50 {hundredths[49]:.1f} ms, p99 {hundredths[98]:.1f} ms over {len(taken)} calls"


async def main(nudges: int, per_second: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        await asyncio.to_thread(migrate, database.engine)
        me, planning = await seeded(database, nudges)
        discord, done = Discord(), asyncio.Event()
        idle = await timed(me, done, 1000)
        settings = DeliverySettings("bench", max(1, round(per_second)), 60, planning)
        rounds = DeliveryWorker(database, load_content(), discord, EvenPace(per_second), now, settings)

        async def run() -> None:
            await rounds.round()
            done.set()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(run())
            during = tasks.create_task(timed(me, done, 1_000_000))
        database.close()
    print(said("idle", idle))
    print(said("during the round", during.result()))
    seconds = discord.sent[-1] - discord.sent[0]
    print(f"delivered {len(discord.sent)} in {seconds:.1f} s: {(len(discord.sent) - 1) / seconds:.2f} a second")


if __name__ == "__main__":
    wanted = [float(argument) for argument in sys.argv[1:]]
    asyncio.run(main(int(wanted[0]) if wanted else 1000, wanted[1] if len(wanted) > 1 else 45))
