"""What systemd is told of the process: that it is up, that it is alive, that it ends."""

import asyncio
import logging
import os
import socket

_log = logging.getLogger(__name__)
USEC = 1_000_000


def tell(state: str) -> None:
    """Send one state, such as `READY=1`, to the service manager; does nothing where there is none (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        # A name that begins with @ is in Linux's abstract space, which is written with a zero byte.
        place = f"\0{address[1:]}" if address.startswith("@") else address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.sendto(state.encode(), place)
        except OSError as error:
            _log.warning("the service manager at NOTIFY_SOCKET cannot be told %s (%s)", state, error.strerror)


async def stay_alive() -> None:
    """Feed the watchdog twice as often as it asks for, from the event loop: one that hangs is started again."""
    limit = os.environ.get("WATCHDOG_USEC", "")
    while limit.isdecimal() and int(limit):
        tell("WATCHDOG=1")
        await asyncio.sleep(int(limit) / USEC / 2)
