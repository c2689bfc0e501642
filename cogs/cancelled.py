"""What discord.py needs when one of its requests is cancelled, as every one with a time limit may be."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from discord.http import HTTPClient


@contextmanager
def freeing(http: HTTPClient) -> Generator[None]:
    """Let the other requests go on when the one inside is cancelled.

    discord.py 2.7.1: one that is cancelled while it waits out a global 429 leaves all others waiting for ever. One that
    is cancelled in the moment in which it ends leaves its channel without a turn to give: each later request there
    waits longer than any time limit.
    """
    try:
        yield
    except asyncio.CancelledError:
        http._global_over.set()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        for bucket in http._buckets.values():  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            # Nobody holds its turns, and nothing says when they would come back.
            if bucket.remaining <= 0 and bucket.outgoing == 0 and bucket.expires is None:
                bucket.reset()
                bucket._wake(bucket.remaining)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        raise
