"""When recurring work runs. The only module that knows APScheduler.

It is the clock that ticks, never the record of what is owed: that is the ledger, so a tick that is missed, late or run
twice changes nothing.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]

_log = logging.getLogger(__name__)
SMALLEST_STEP = timedelta(seconds=5)
"""A difference between the clocks that is not worth a word: time servers correct small ones all the time."""


class Schedule:
    """Calls `tick` at once and then every `seconds`, one at a time. A failed tick is logged; the next one comes.

    A tick is told how far the wall clock was set, forward or back, since the tick before it; mostly zero.

    The seconds are counted in monotonic time. APScheduler plans in wall time, so a run planned ahead would not come
    before a clock that was set back has got there again; it is therefore never given a run ahead, only one due now.
    """

    def __init__(self, tick: Callable[[timedelta], Awaitable[None]], seconds: int) -> None:
        self._tick = tick
        self._seconds = seconds
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = False
        self._wall, self._steady = datetime.now(UTC), 0.0

    def start(self) -> None:
        """Start ticking on the running event loop."""
        self._wall, self._steady = datetime.now(UTC), asyncio.get_running_loop().time()
        self._scheduler.start()
        self._run_now()

    def stop(self) -> None:
        """Start no more ticks; one that is running is not interrupted."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        # Not shutdown(): that cancels a tick that is running.
        self._scheduler.remove_all_jobs()  # pyright: ignore[reportUnknownMemberType]

    def _run_now(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._run_now)
        # The same id each time, so that a tick that still runs is not joined by another.
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            self._guarded,
            id="tick",
            replace_existing=True,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            misfire_grace_time=None,
        )

    async def _guarded(self) -> None:
        try:
            await self._tick(self._step())
        except Exception as error:  # noqa: BLE001 - the edge: one bad tick may not end the ticking
            if self._stopped:  # the end may close what a slow tick still needs; the next start finds out
                _log.warning("the last tick was cut short by the end: %s", type(error).__name__)
                return
            _log.exception("[%s] a tick failed; the next one tries again", secrets.token_hex(4))

    def _step(self) -> timedelta:
        """Return how far the wall clock was set since the last tick, and log it."""
        wall, steady = datetime.now(UTC), asyncio.get_running_loop().time()
        step = wall - self._wall - timedelta(seconds=steady - self._steady)
        self._wall, self._steady = wall, steady
        if abs(step) < SMALLEST_STEP:
            return timedelta()
        way = "back" if step < timedelta() else "forward"
        _log.warning("the system clock was set %s by %.0f s; ticks go on", way, abs(step).total_seconds())
        return step
