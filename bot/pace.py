"""How fast direct messages leave: one request at a time, at even distances."""

import asyncio

from aiolimiter import AsyncLimiter

UNPACED = 1000
"""A pace that no setting allows: a simulated Discord has no limits, and its time stands still while it waits for us."""


class EvenPace:
    """Lets `per_second` requests start each second, never two at once: a burst is answered with 429s."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._among: int = 1
        self._limiter = _limiter(per_second)

    async def acquire(self) -> None:
        """Wait for one request's turn."""
        if self._per_second >= UNPACED:
            await asyncio.sleep(0)
        else:
            await self._limiter.acquire()

    def share(self, among: int) -> None:
        """Take this process's share of the pace, of so many processes that send."""
        if among != self._among:
            self._among = among
            self._limiter = _limiter(self._per_second / among)


def _limiter(per_second: float) -> AsyncLimiter:
    # Half a request of room makes up for what each sleep oversleeps, and never lets two start together.
    return AsyncLimiter(1.5, 1.5 / per_second)
