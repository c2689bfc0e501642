"""What discord.py needs when one of its requests is cancelled, as every one with a time limit may be."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from discord.http import HTTPClient


@contextmanager
def freeing(http: HTTPClient) -> Generator[None]:
    """Let the other requests go on when the one inside is cancelled.

    discord.py 2.7.1: one that is cancelled while it waits out a global 429 leaves all others waiting for ever.
    """
    try:
        yield
    except asyncio.CancelledError:
        http._global_over.set()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        raise
