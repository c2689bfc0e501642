"""Three ways to send reminders that look right: what most bots do, on the same database and beside the same stand-in.

Each is written as well as its idea allows: planning inserts the row and advances in one transaction, one row is in
hand at a time, refusals are kept with their reason, and what can be tried again is. What they lack is what our ledger
adds.
"""

import asyncio
import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import select, update

from bot.coaching.ids import ChannelId, CohortId, MessageId, NudgeId, UserId
from bot.coaching.nudges import Button, NudgeKey, NudgeKind, NudgeState, Reason, Recipient, nonce
from bot.services.messenger import Messenger, NudgeMessage, Pace, Problem
from storage import nudges, tables
from storage.database import Database, Tx

ADVANCE_FIRST = "advance first"
NO_NONCE = "no nonce"
NONCE_ONLY = "nonce only"
PROTOCOLS = (ADVANCE_FIRST, NO_NONCE, NONCE_ONLY)
STEPS = ("plan", "settle", "before the request", "after the answer")
"""The steps of a round that these have; they claim and prepare nothing."""
HELD = {Problem.CLOSED: Reason.DMS_CLOSED, Problem.GONE: Reason.UNREACHABLE}


class Owed(NamedTuple):
    """A row that is to be sent, and the DM channel if it is known."""

    id: NudgeId
    key: NudgeKey
    channel_id: ChannelId | None


class Naive:
    """One of the three protocols; `round` is what a tick runs."""

    def __init__(
        self, protocol: str, database: Database, messenger: Messenger, pace: Pace, send_limit: timedelta
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._pace = pace
        self._limit = send_limit.total_seconds()
        self._protocol = protocol

    async def round(self, now: datetime) -> None:
        """Plan what fell due by `now` and try to send everything that is owed, once."""
        await self._database.transact(partial(_plan, now=now))
        for one in await self._database.read(_owed):
            await self._pace.acquire()
            if self._protocol == ADVANCE_FIRST:
                # Never twice, but what a crash or a lost request catches in between is gone.
                await self._database.transact(partial(_settle, nudge_id=one.id, result=None))
            result = await self._request(one)
            # Never lost, but what a crash catches before this is sent again.
            if result in HELD or (self._protocol != ADVANCE_FIRST and not isinstance(result, Problem)):
                await self._database.transact(partial(_settle, nudge_id=one.id, result=result))

    async def _request(self, one: Owed) -> MessageId | Problem:
        message = NudgeMessage(one.key, "Your weekly note is here.", (Button("done", "Done"),))
        # What discord.py makes up by itself for every message is nothing that a second try would repeat.
        word = secrets.token_hex(12) if self._protocol == NO_NONCE else nonce(one.key)
        try:
            async with asyncio.timeout(self._limit):
                channel = one.channel_id or await self._messenger.open(one.key.to.user_id)
                return channel if isinstance(channel, Problem) else await self._messenger.send(channel, message, word)
        except TimeoutError:
            return Problem.UNKNOWN


def _plan(tx: Tx, now: datetime) -> int:
    """Owe a row for everybody whose nudge is due, and advance them, in one transaction."""
    e = tables.enrolment.c
    columns = (e.id, e.cohort_id, e.user_id, e.next_nudge_at, e.next_nudge_week)
    due = tx.execute(select(*columns).where(e.next_nudge_at <= now)).all()
    for row in due:
        to = Recipient(CohortId(row.cohort_id), UserId(row.user_id or 0))
        nudges.owe(tx, NudgeKey(to, NudgeKind.WEEKLY, row.next_nudge_week.isoformat()), row.next_nudge_at)
        advanced = update(tables.enrolment).values(next_nudge_at=None, next_nudge_week=None)
        tx.execute(advanced.where(e.id == row.id))
    return len(due)


def _settle(tx: Tx, nudge_id: NudgeId, result: MessageId | Problem | None) -> None:
    held = HELD.get(result) if isinstance(result, Problem) else None
    state, message_id = (NudgeState.HELD, None) if held else (NudgeState.SENT, result)
    settled = update(tables.nudge).values(state=state, reason=held, message_id=message_id)
    tx.execute(settled.where(tables.nudge.c.id == nudge_id))


def _owed(tx: Tx) -> list[Owed]:
    n, a = tables.nudge.c, tables.account.c
    columns = (n.id, n.cohort_id, n.user_id, n.kind, n.period, a.dm_channel_id)
    found = select(*columns).join(tables.account, a.user_id == n.user_id).where(n.state == NudgeState.OWED)
    return [
        Owed(
            NudgeId(row.id),
            NudgeKey(Recipient(CohortId(row.cohort_id), UserId(row.user_id or 0)), NudgeKind(row.kind), row.period),
            None if row.dm_channel_id is None else ChannelId(row.dm_channel_id),
        )
        for row in tx.execute(found.order_by(n.not_before, n.id))
    ]
