"""One round: plan what fell due, open DM channels, claim, send, settle. The only way a direct message leaves.

Every step is a transaction of its own and the network is never inside one. A crash between any two of them leaves a row
that the next round knows how to finish: owed rows are claimed, claims whose lease ran out are tried again with the same
nonce, and once the nonce is no longer to be trusted the channel's history is read first.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.coaching.cohort import Seat
from bot.coaching.ids import ChannelId, MessageId, NudgeId, UserId
from bot.coaching.nudges import (
    Lateness,
    NudgeKind,
    Reason,
    can_be_told,
    lateness,
    nonce,
    rendered,
)
from bot.coaching.weeks import DAY_NAMES, Clock, local_day, quiet_until
from bot.services.facts import Picture, Step, next_step, picture, step_for, text_values
from bot.services.messenger import Messenger, NudgeMessage, Problem
from bot.services.planning import owe_what_fell_due
from prompts import Content
from storage import cohort as cohorts
from storage import members, nudges, settings
from storage.database import Database, DatabaseUnavailable, Tx
from storage.nudges import Claim, Nudge

_log = logging.getLogger(__name__)
R = TypeVar("R")

PLAN_BATCH = 200
BLOCKED_FOR = timedelta(hours=1)
"""How long everything waits after Discord stopped our DMs."""
BLOCKED_UNTIL = "dms_blocked_until"
"""The setting that tells every process, also after a restart, that Discord stopped our DMs."""
OPEN_AGAIN_AFTER = timedelta(minutes=1)
"""How long an account waits after its DM channel could not be opened for an unclear reason."""
REFUSED_FOR = timedelta(minutes=1)
"""How long a row waits after Discord refused a request without sending."""


class Pace(Protocol):
    """Spaces requests evenly: entering it waits until the next one may start."""

    async def acquire(self) -> None:
        """Wait for one request's turn."""
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """The lengths of time that delivery rests on; each is shorter than the next.

    `send_limit`: longest time one request may take. `lease`: how long a claim holds, so that nobody else takes the row
    meanwhile. `nonce_trusted`: how long after the first attempt Discord is trusted to know the nonce ("the past few
    minutes", undocumented).
    """

    send_limit: timedelta = timedelta(seconds=30)
    lease: timedelta = timedelta(seconds=45)
    nonce_trusted: timedelta = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class RoundSettings:
    """How a round behaves: who runs it and how fast DM channels are opened."""

    runner: str
    jitter_limit: int
    batch: int
    opens_per_minute: int
    timing: Timing = Timing()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is about to be sent.

    `look_first`: an earlier attempt may have sent it, and too long ago for the nonce. `unwanted`: it is not to be sent
    any more; what is left to find out is whether that earlier attempt did.
    """

    message: NudgeMessage
    look_first: bool
    unwanted: Reason | None


class Blocked(Exception):
    """Discord stops all our DMs for now: the round ends, everything owed stays owed."""


class Rounds:
    """Finds and sends what is due. One round at a time in a process; other processes may run theirs."""

    def __init__(
        self,
        database: Database,
        content: Content,
        messenger: Messenger,
        pace: Pace,
        clock: Clock,
        settings: RoundSettings,
    ) -> None:
        self._database = database
        self._content = content
        self._messenger = messenger
        self._pace = pace
        self._clock = clock
        self._settings = settings
        self._turn = asyncio.Lock()
        self._stopping = False

    async def round(self) -> None:
        """Run one round to its end. Raises only what a broken database raises; what Discord answers is settled."""
        async with self._turn:
            await self._plan()
            if await self._database.read(self._blocked):
                return
            try:
                await self._open_channels()
                if not self._stopping:
                    await self._send_all()
            except Blocked:
                await self._database.transact(self._block)
                _log.error("Discord has stopped this bot's direct messages; everything owed waits for an hour")

    async def finish(self) -> None:
        """Let a round that is running end after the message in hand; what it had claimed is owed again at once."""
        self._stopping = True
        async with self._turn:
            return

    async def _plan(self) -> None:
        while await self._database.transact(self._plan_batch) == PLAN_BATCH:
            pass

    def _plan_batch(self, tx: Tx) -> int:
        now = self._clock()
        due = nudges.due(tx, now, PLAN_BATCH)
        limit = self._settings.jitter_limit
        coming = owe_what_fell_due(tx, [(one.enrolment, one.term) for one in due], now, limit)
        nudges.set_schedules(tx, coming)
        return len(due)

    def _blocked(self, tx: Tx) -> bool:
        until = settings.get(tx, BLOCKED_UNTIL)
        return until is not None and self._clock() < datetime.fromisoformat(until)

    def _block(self, tx: Tx) -> None:
        settings.put(tx, BLOCKED_UNTIL, (self._clock() + BLOCKED_FOR).isoformat())

    async def _open_channels(self) -> None:
        """Open missing DM channels, as many as the last minute leaves room for, in the order of waiting."""

        def to_open(tx: Tx) -> list[UserId]:
            now = self._clock()
            room = self._settings.opens_per_minute - members.opened_since(tx, now - timedelta(minutes=1))
            if room <= 0:
                return []
            waiting = nudges.waiting_for_channel(tx, now, now - OPEN_AGAIN_AFTER, room)
            return members.try_dm_channels(tx, waiting, now - OPEN_AGAIN_AFTER, now)

        for user_id in await self._database.transact(to_open):
            if not self._stopping:
                await self._guarded(self._open_channel(user_id), f"the DM channel of account {user_id}")

    async def _open_channel(self, user_id: UserId) -> None:
        await self._pace.acquire()
        opened = await self._within_limit(self._messenger.open(user_id))
        if opened is Problem.BLOCKED:
            raise Blocked
        if not isinstance(opened, Problem):
            await self._database.transact(lambda tx: members.set_dm_channel(tx, user_id, opened, self._clock()))
        elif opened in {Problem.CLOSED, Problem.GONE}:
            await self._database.transact(lambda tx: nudges.hold_unreachable(tx, user_id, self._clock()))

    async def _send_all(self) -> None:
        # Only what was due when it began: rows that fail slowly would keep a round, and with it the planning, for ever.
        began = self._clock()
        while claims := await self._database.transact(lambda tx: self._claim(tx, began)):
            for claim in claims:
                if self._stopping:
                    await self._database.transact(lambda tx, id_=claim.nudge_id: self._give_back(tx, id_))
                else:
                    await self._guarded(self._deliver(claim), f"nudge {claim.nudge_id}")
            if self._stopping:
                return

    def _give_back(self, tx: Tx, nudge_id: NudgeId) -> None:
        nudges.release(tx, nudge_id, self._settings.runner, self._clock())

    def _claim(self, tx: Tx, due_by: datetime) -> list[Claim]:
        lease_until = self._clock() + self._settings.timing.lease
        return nudges.claim(tx, due_by, self._settings.runner, lease_until, self._settings.batch)

    async def _guarded(self, work: Awaitable[None], what: str) -> None:
        try:
            await work
        except (Blocked, DatabaseUnavailable):
            raise
        except Exception:  # noqa: BLE001 - a row that breaks our own code may not stop the rows behind it
            _log.exception("[%s] our own code broke at %s; it will be tried again", secrets.token_hex(4), what)

    async def _deliver(self, claim: Claim) -> None:
        await self._pace.acquire()
        prepared = await self._database.transact(lambda tx: self._prepare(tx, claim.nudge_id))
        if prepared is None:
            return
        message = prepared.message
        # One limit for looking and sending together: the lease covers both.
        result = await self._within_limit(self._attempt(claim.channel_id, prepared))
        await self._database.transact(lambda tx: self._settle(tx, claim.nudge_id, message.key.to.user_id, result))
        if result is Problem.BLOCKED:
            raise Blocked

    async def _attempt(self, channel_id: ChannelId, prepared: _Prepared) -> MessageId | Problem | Reason:
        message = prepared.message
        if prepared.look_first:
            found = await self._messenger.find(channel_id, message.key)
            if found is not None:
                return found
            if prepared.unwanted is not None:
                return prepared.unwanted
            await self._pace.acquire()
        return await self._messenger.send(channel_id, message, nonce(message.key))

    def _prepare(self, tx: Tx, nudge_id: NudgeId) -> _Prepared | None:
        """Re-read everything just before the request; None when there is nothing to send now."""
        now = self._clock()
        runner = self._settings.runner
        nudge = nudges.claimed(tx, nudge_id, runner, now)
        if nudge is None:
            return None
        cohort = cohorts.get(tx, nudge.key.to.cohort_id)
        enrolment = cohort and members.find(tx, cohort.id, nudge.key.to.user_id)
        if cohort is None or enrolment is None:
            nudges.settle_held(tx, nudge.id, runner, Reason.UNREACHABLE, now)
            return None
        seat = Seat(cohort, enrolment)
        unwanted = _unwanted(seat, nudge, now)
        tried = nudge.first_attempt_at is not None
        if unwanted and not tried:
            nudges.settle_skipped(tx, nudge.id, runner, unwanted, now)
            return None
        allowed_at = now if nudge.key.kind is NudgeKind.HELLO else quiet_until(now, enrolment.wish.zone)
        if allowed_at > now:
            nudges.release(tx, nudge.id, runner, allowed_at)
            return None
        message, step = self._compose(tx, seat, nudge, now)
        rule, subject = (nudge.rule, nudge.subject) if step is None else (step.rule.id, step.item and step.item.id)
        nudges.record_attempt(tx, nudge, now, now + self._settings.timing.lease, rule, subject)
        stale = (
            nudge.first_attempt_at is not None and now - nudge.first_attempt_at > self._settings.timing.nonce_trusted
        )
        return _Prepared(message, stale or (tried and unwanted is not None), unwanted)

    def _compose(self, tx: Tx, seat: Seat, nudge: Nudge, now: datetime) -> tuple[NudgeMessage, Step | None]:
        wish = seat.enrolment.wish
        values = {"n": f"<@{nudge.key.to.user_id}>", "day": DAY_NAMES[wish.day], "time": f"{wish.hour:02d}:00"}
        step = None
        situation = nudge.key.kind.value
        if nudge.key.kind is not NudgeKind.HELLO:
            seen = picture(tx, seat, self._content, now)
            step = self._step(seen, nudge)
            values |= text_values(seen, step)
            situation = step.rule.situation if nudge.key.kind is NudgeKind.WEEKLY else situation
        words = self._content.situations[situation]
        buttons = words.buttons
        if step is not None and nudge.key.kind is NudgeKind.REMINDER:
            # A reminder has the buttons of the step it reminds of; it is itself the other day.
            offered = self._content.situations[step.rule.situation].buttons
            buttons = tuple(one for one in offered if one.id != "another_day")
        text = rendered(words, nudge.key, values)
        if lateness(nudge.due_at, now) is not Lateness.ON_TIME:
            due = nudge.due_at.astimezone(ZoneInfo(wish.zone))
            late = values | {"day": DAY_NAMES[due.weekday()], "time": f"{due:%H:%M}"}
            text += "\n" + rendered(self._content.situations["late"], nudge.key, late)
        return NudgeMessage(nudge.key, text, buttons), step

    def _step(self, seen: Picture, nudge: Nudge) -> Step:
        """Return the step the row already speaks of, if it still can be told; else the rules' choice."""
        rule = self._content.rules.get(nudge.rule or "")
        if rule is not None:
            step = step_for(seen, rule, nudge.subject)
            if can_be_told(self._content.situations[rule.situation], text_values(seen, step)):
                return step
        return next_step(seen, self._content.rules)

    def _settle(self, tx: Tx, nudge_id: NudgeId, user_id: UserId, result: MessageId | Problem | Reason) -> None:
        now, runner = self._clock(), self._settings.runner
        match result:
            case Reason():
                nudges.settle_skipped(tx, nudge_id, runner, result, now)
            case Problem.CLOSED:
                nudges.settle_held(tx, nudge_id, runner, Reason.DMS_CLOSED, now)
                members.set_dm_closed(tx, user_id, now)
            case Problem.GONE:
                nudges.settle_held(tx, nudge_id, runner, Reason.UNREACHABLE, now)
            case Problem.BLOCKED:
                nudges.release(tx, nudge_id, runner, now + BLOCKED_FOR)
            case Problem.NOT_SENT:
                nudges.release(tx, nudge_id, runner, now + REFUSED_FOR)
            case Problem.UNKNOWN:
                # The claim stays until its lease runs out; then it is tried again under the same nonce.
                _log.warning("nudge %s: no clear answer from Discord; it will be tried again", nudge_id)
            case message_id:
                nudges.settle_sent(tx, nudge_id, runner, message_id, now)
                members.set_dm_closed(tx, user_id, None)

    async def _within_limit(self, request: Awaitable[R | Problem]) -> R | Problem:
        """Wait for a request, but never longer than the lease allows; a request cut short has an unknown outcome."""
        try:
            async with asyncio.timeout(self._settings.timing.send_limit.total_seconds()):
                return await request
        except TimeoutError:
            return Problem.UNKNOWN


def _unwanted(seat: Seat, nudge: Nudge, now: datetime) -> Reason | None:
    """Return why a nudge is not to be sent any more; the member's own wish comes first."""
    enrolment, cohort = seat.enrolment, seat.cohort
    today = local_day(now, enrolment.wish.zone)
    if not enrolment.nudges_on:
        return Reason.TURNED_OFF
    if enrolment.pause_until is not None and today < enrolment.pause_until:
        return Reason.PAUSED
    if today > cohort.ends_on:
        return Reason.TERM_OVER
    return Reason.TOO_LATE if lateness(nudge.due_at, now) is Lateness.TOO_LATE else None
