"""Three ways to send reminders that look right: what most bots do, on the same database and beside the same stand-in.

Each is written as well as its idea allows: planning inserts the row and advances in one transaction, one row is in
hand at a time, refusals are kept with their reason, and what can be tried again is. What they lack is what our ledger
adds.
"""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

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

_nudge, _account, _enrolment = tables.nudge, tables.account, tables.enrolment


@dataclass(frozen=True, slots=True)
class Owed:
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
        self._send = self._advance_then_send if protocol == ADVANCE_FIRST else self._send_then_settle
        self._nonce = _random_nonce if protocol == NO_NONCE else nonce

    async def round(self, now: datetime) -> None:
        """Plan what fell due by `now` and try to send everything that is owed, once."""
        await self._database.transact(partial(_plan, now=now))
        for one in await self._database.read(_owed):
            await self._pace.acquire()
            await self._send(one)

    async def _advance_then_send(self, one: Owed) -> None:
        """Record, then send: never twice, but what a crash or a lost request catches in between is gone."""
        await self._database.transact(partial(_settle, nudge_id=one.id, result=None))
        result = await self._request(one)
        if result in HELD:
            await self._database.transact(partial(_settle, nudge_id=one.id, result=result))

    async def _send_then_settle(self, one: Owed) -> None:
        """Send, then record: never lost, but what a crash catches in between is sent again."""
        result = await self._request(one)
        if result in HELD or not isinstance(result, Problem):
            await self._database.transact(partial(_settle, nudge_id=one.id, result=result))

    async def _request(self, one: Owed) -> MessageId | Problem:
        message = NudgeMessage(one.key, "Your weekly note is here.", (Button("done", "Done"),))
        try:
            async with asyncio.timeout(self._limit):
                channel = one.channel_id or await self._messenger.open(one.key.to.user_id)
                if isinstance(channel, Problem):
                    return channel
                return await self._messenger.send(channel, message, self._nonce(one.key))
        except TimeoutError:
            return Problem.UNKNOWN


def _plan(tx: Tx, now: datetime) -> int:
    """Owe a row for everybody whose nudge is due, and advance them, in one transaction."""
    e = _enrolment.c
    columns = (e.id, e.cohort_id, e.user_id, e.next_nudge_at, e.next_nudge_week)
    due = tx.execute(_enrolment.select().with_only_columns(*columns).where(e.next_nudge_at <= now)).all()
    for row in due:
        to = Recipient(CohortId(row.cohort_id), UserId(row.user_id))
        nudges.owe(tx, NudgeKey(to, NudgeKind.WEEKLY, row.next_nudge_week.isoformat()), row.next_nudge_at)
        tx.execute(_enrolment.update().where(e.id == row.id).values(next_nudge_at=None, next_nudge_week=None))
    return len(due)


def _settle(tx: Tx, nudge_id: NudgeId, result: MessageId | Problem | None) -> None:
    held = HELD.get(result) if isinstance(result, Problem) else None
    state, message_id = (NudgeState.HELD, None) if held else (NudgeState.SENT, result)
    tx.execute(_nudge.update().where(_nudge.c.id == nudge_id).values(state=state, reason=held, message_id=message_id))


def _owed(tx: Tx) -> list[Owed]:
    n = _nudge.c
    rows = tx.execute(
        _nudge.join(_account, _account.c.user_id == n.user_id)
        .select()
        .with_only_columns(n.id, n.cohort_id, n.user_id, n.kind, n.period, _account.c.dm_channel_id)
        .where(n.state == NudgeState.OWED)
        .order_by(n.not_before, n.id)
    )
    return [
        Owed(
            NudgeId(row.id),
            NudgeKey(Recipient(CohortId(row.cohort_id), UserId(row.user_id)), NudgeKind(row.kind), row.period),
            None if row.dm_channel_id is None else ChannelId(row.dm_channel_id),
        )
        for row in rows
    ]


def _random_nonce(_: NudgeKey) -> str:
    """Return what discord.py makes up by itself for every message: nothing that a second try would repeat."""
    return secrets.token_hex(12)
