"""What systemd is told of the process: that it is up, that it is alive, that it ends."""

import asyncio
import os
import socket

USEC = 1_000_000


def tell(state: str) -> None:
    """Send one state, such as `READY=1`, to the service manager; does nothing where there is none (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            # A name that begins with @ is in Linux's abstract space, which is written with a zero byte.
            manager.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


async def stay_alive() -> None:
    """Feed the watchdog twice as often as it asks for, from the event loop: one that hangs is started again."""
    limit = int(os.environ.get("WATCHDOG_USEC") or 0) / USEC
    while limit:
        tell("WATCHDOG=1")
        await asyncio.sleep(limit / 2)
