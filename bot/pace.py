"""How fast direct messages leave: one request at a time, at even distances."""

from aiolimiter import AsyncLimiter


class EvenPace:
    """Lets `per_second` requests start each second, never two at once: a burst is answered with 429s."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._among: int = 1
        self._limiter = AsyncLimiter(1, 1 / per_second)

    async def acquire(self) -> None:
        """Wait for one request's turn."""
        await self._limiter.acquire()

    def share(self, among: int) -> None:
        """Take this process's share of the pace, of so many processes that send."""
        if among != self._among:
            self._among = among
            self._limiter = AsyncLimiter(1, among / self._per_second)
