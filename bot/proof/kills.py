"""Where a process can be killed: names for the points between plan, claim, send and settle, and the trap set at one.

The traps are put around the database and the messenger from outside, in the process that is to die: the product knows
nothing of them.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, TypeVar

from bot.coaching.ids import ChannelId, MessageId
from bot.services.messenger import NudgeMessage, Problem
from cogs.messenger import DiscordMessenger
from storage.database import Database, Tx

T = TypeVar("T")

STEPS = {"_plan": "plan", "_claim": "claim", "_prepare": "prepare", "_settle": "settle"}
"""The steps of a round by the names of the functions that are their transactions."""
REQUEST = ("before the request", "after the answer")
POINTS = (
    *(f"{step}, {when} the commit" for step in STEPS.values() for when in ("before", "after")),
    *REQUEST,
)


@dataclass(frozen=True, slots=True)
class KillPoint:
    """Dies at the `nth` pass of a point; passes that had nothing to do are not counted."""

    point: str
    nth: int


def step_of(work: Callable[..., Any]) -> str | None:
    """Return which step of a round a transaction is, None for any other."""
    while isinstance(work, partial):
        work = work.func
    return STEPS.get(getattr(work, "__name__", ""))


def set_trap(kill: KillPoint) -> None:
    """Let this very process kill itself at the point, once."""
    left = kill.nth

    def passed(point: str) -> None:
        nonlocal left
        left -= point == kill.point
        if not left:
            die()

    _around_transactions(passed)
    _around_requests(passed)


def die() -> NoReturn:
    """End this process as a power cut would: nothing is flushed, closed or told."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit  # not reached


def _around_transactions(passed: Callable[[str], None]) -> None:
    plain = Database.transact

    async def transact(self: Database, work: Callable[[Tx], T]) -> T:
        step = step_of(work)

        def watched(tx: Tx) -> T:
            result = work(tx)
            if result or step == "settle":
                passed(f"{step}, before the commit")
            return result

        result = await plain(self, watched)
        if result or step == "settle":
            passed(f"{step}, after the commit")
        return result

    Database.transact = transact


def _around_requests(passed: Callable[[str], None]) -> None:
    plain = DiscordMessenger.send

    async def send(
        self: DiscordMessenger, channel_id: ChannelId, message: NudgeMessage, nonce: str
    ) -> MessageId | Problem:
        passed(REQUEST[0])
        result = await plain(self, channel_id, message, nonce)
        passed(REQUEST[1])
        return result

    DiscordMessenger.send = send
