"""What the tests of delivery share: a process that dies between two steps, and what the ledger says of each member."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from bot.coaching.ids import UserId
from bot.coaching.nudges import NudgeKind
from bot.services.delivery import Timing
from bot.services.nudges import SettingsChange
from storage.database import Database, Tx
from tests.services.course import Course, member

T = TypeVar("T")
MINUTE = timedelta(minutes=1)
LEASE_OVER = Timing().lease + timedelta(seconds=1)
NONCE_OVER = timedelta(minutes=10)
BACK = [timedelta(seconds=20), timedelta(hours=1), timedelta(days=1)]
"""How far a clock is set back."""
IMPATIENT = Timing(send_limit=timedelta(milliseconds=20))


class Crash(BaseException):
    """The process dies here."""


class Fuse:
    """Burns through after a number of steps."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def step(self) -> None:
        if self._left == 0:
            raise Crash
        self._left -= 1

    async def request(self, _kind: str, _user_id: UserId) -> None:
        self.step()


class Fused(Database):
    """A database whose process may die just before and just after every transaction."""

    def __init__(self, database: Database, fuse: Fuse) -> None:
        super().__init__(database.engine)
        self._database = database
        self._fuse = fuse

    async def settle_erasure(self) -> bool:
        return await self._database.settle_erasure()

    async def transact(self, work: Callable[[Tx], T]) -> T:
        self._fuse.step()
        value = await self._database.transact(work)
        self._fuse.step()
        return value

    async def read(self, work: Callable[[Tx], T]) -> T:
        self._fuse.step()
        return await self._database.read(work)


async def crashed_round(course: Course, steps: int, runner: str = "a") -> bool:
    """Run a round that dies after so many steps; False if it came to its end before."""
    fuse = Fuse(steps)
    course.messenger.before = course.messenger.after = fuse.request
    try:
        return await dies(course.rounds(runner, database=Fused(course.database, fuse)).round())
    finally:
        course.messenger.before = course.messenger.after = None


async def dies(round_: Awaitable[None]) -> bool:
    """Return whether the process died in this round, in whichever of its tasks."""
    try:
        await round_
    except Crash:
        return True
    except BaseExceptionGroup as group:
        if group.split(Crash)[1] is not None:
            raise
        # Transactions that were underway end whole, as they do on a server whose client died.
        await asyncio.sleep(0.02)
        return True
    return False


async def plan(course: Course) -> int:
    """Plan what fell due, without sending anything; return how many enrolments that were."""
    return await course.database.transact(lambda tx: course.planning.plan_batch(tx, course.clock()))


async def states(course: Course) -> dict[int, str]:
    return {row.user_id: row.state for row in await course.rows(kind=NudgeKind.WEEKLY)}


async def settings(course: Course, user_id: int, change: SettingsChange) -> None:
    await course.nudges.change(member(user_id), change, course.clock())
