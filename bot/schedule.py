"""When recurring work runs. The only module that knows APScheduler.

One job in memory that ticks. It is the clock, never the record of what is owed: that is the ledger, so a tick that is
missed, late or run twice changes nothing.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]

_log = logging.getLogger(__name__)


class Schedule:
    """Calls `tick` at once and then every `seconds`, one at a time. A failed tick is logged; the next one comes."""

    def __init__(self, tick: Callable[[], Awaitable[None]], seconds: int) -> None:
        self._tick = tick
        self._seconds = seconds
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Start ticking on the running event loop."""
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            self._guarded,
            "interval",
            seconds=self._seconds,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Start no more ticks; one that is running is not interrupted."""
        # Not shutdown(): that cancels a tick that is running.
        self._scheduler.remove_all_jobs()  # pyright: ignore[reportUnknownMemberType]

    async def _guarded(self) -> None:
        try:
            await self._tick()
        except Exception:  # noqa: BLE001 - the edge: one bad tick may not end the ticking
            _log.exception("[%s] a tick failed; the next one tries again", secrets.token_hex(4))
