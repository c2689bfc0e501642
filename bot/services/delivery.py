"""Delivery: the only way a direct message leaves. Plan what fell due, open DM channels, claim, prepare, send, settle.

Every step is a transaction of its own and the network is never inside one. A crash between any two of them leaves a row
that the next round knows how to finish: owed rows are claimed, claims whose runner is gone or whose lease ran out are
tried again with the same nonce, and once the nonce is no longer to be trusted the channel's history is read first.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.coaching.ids import ChannelId, GuildId, MessageId, NudgeId, UserId
from bot.coaching.nudges import TOO_LATE_AFTER, NudgeKey, Reason, Recipient, nonce
from bot.coaching.weeks import Clock
from bot.services import announcements
from bot.services.breaker import Blocked, Breaker, RoundGuard, read_breaker
from bot.services.class_statistics import WeeklySnapshot, time_snapshots_anew
from bot.services.housekeeping import Housekeeping, note_tick
from bot.services.messenger import Messenger, NudgeMessage, Pace, Problem
from bot.services.planning import PLAN_BATCH, Planning
from bot.services.send_decision import StaffRole, decide, stays_readable
from bot.services.texts import compose, discreet
from prompts import Content
from storage import digest, members, nudges
from storage.database import Database, Tx
from storage.nudges import About, Claim, Nudge

_log = logging.getLogger(__name__)
R = TypeVar("R")

OPEN_AGAIN_AFTER = timedelta(minutes=1)
"""How long an account waits after its DM channel could not be opened for an unclear reason."""
REFUSED_FOR = timedelta(minutes=1)
"""How long a row waits after Discord refused a request without sending."""
LAST_REQUESTS = timedelta(seconds=4)
"""How long requests in hand may take once the process is to end; what becomes of them the next start finds out."""
_FINAL = frozenset({Problem.CLOSED, Problem.GONE, Reason.NOT_STAFF, Reason.NO_PERMISSION})
"""The refusals after which a row is not tried again."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The lengths of time that delivery rests on; each is shorter than the next.

    Attributes:
        send_limit: The longest that one request may take.
        lease: How long a claim holds, so that nobody else takes the row meanwhile.
        nonce_trusted: How long after the first attempt Discord is trusted to know the nonce ("the past few minutes",
            undocumented).
    """

    send_limit: timedelta = timedelta(seconds=30)
    lease: timedelta = timedelta(seconds=45)
    nonce_trusted: timedelta = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How a worker delivers.

    Attributes:
        runner: The name under which it claims rows.
        batch: How many rows it claims at once.
        opens_per_minute: How many DM channels may be opened in a minute, over all processes.
        planning: How the next nudge is planned.
        timing: Send limit, lease and trust in a nonce.
        live: Returns which runners run now; without it this one is alone.
        snapshot: What is done for a course once a week.
    """

    runner: str
    batch: int
    opens_per_minute: int
    planning: Planning
    timing: Timing = Timing()
    live: Callable[[Tx], frozenset[str]] | None = None
    snapshot: WeeklySnapshot | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A message about to be sent.

    Attributes:
        about: What it speaks of, as the ledger keeps it.
        look_first: It may have been sent already, too long ago for the nonce.
    """

    message: NudgeMessage
    about: About
    look_first: bool
    skip_reason: Reason | None
    role: StaffRole | None
    posts_in: GuildId | None


class DeliveryWorker:
    """Runs the rounds of one process, one at a time; other processes may run theirs."""

    def __init__(
        self,
        database: Database,
        content: Content,
        messenger: Messenger,
        pace: Pace,
        clock: Clock,
        settings: DeliverySettings,
    ) -> None:
        self._database = database
        self._content = content
        self._messenger = messenger
        self._pace = pace
        self._clock = clock
        self._settings = settings
        self._housekeeping = Housekeeping(database, settings.planning, clock, settings.snapshot)
        self._guard = RoundGuard(database, clock)
        self._one_round = asyncio.Lock()
        self._look_before: datetime | None = None
        self._requests = 0
        self._limits: set[asyncio.Timeout] = set()
        self._timed = False

    async def round(self, step: timedelta = timedelta()) -> None:
        """Run one round to its end; `step` is how far the clock was set, forward or back, since the last one.

        Raises only what a broken database raises; what Discord answers is settled.
        """
        guard = self._guard
        async with self._one_round:
            guard.blocked, guard.failure = False, None
            if not self._timed:
                await self._database.transact(self._time_anew)
                self._timed = True
            breaker = await self._database.transact(partial(self._begin, step=step))
            guard.tripped = breaker is not None
            await self._housekeeping.take_snapshots(guard)
            await self._housekeeping.announce(guard)
            await self._housekeeping.keep_no_longer(guard)
            while await self._database.transact(self._plan) == PLAN_BATCH:
                pass
            if breaker is not None and breaker.open_at(self._clock()):
                return
            # After the cool-off one message probes; if it arrives, the breaker closes and the rest follows.
            if breaker is not None and not await self._probe():
                return
            await self._open_channels()
            await self._send_all()
            await self._housekeeping.look_up_members(guard, self._ask_roles)
        if guard.failure is not None:
            raise guard.failure

    async def finish(self) -> None:
        """Let a round that is running end after what is in hand; what it had claimed is owed again at once.

        Requests that hang are cut short: supervisors kill a process that takes longer than about ten seconds to end.
        """
        self._guard.stopping = True
        last = asyncio.get_running_loop().time() + LAST_REQUESTS.total_seconds()
        for limit in (one for one in self._limits if not one.expired()):
            limit.reschedule(min(limit.when() or last, last))
        async with self._one_round:
            return

    def _begin(self, tx: Tx, step: timedelta) -> Breaker | None:
        """Take stock before a round: who else runs, whose claims are nobody's, and how long nothing ticked."""
        now, runner = self._clock(), self._settings.runner
        live = self._settings.live(tx) if self._settings.live else frozenset({runner})
        self._pace.share(len(live))
        self._look_before, set_back = note_tick(tx, now, step, self._settings.timing.nonce_trusted)
        # After a step back leases would last that much longer; of its own claims none is in hand between two rounds.
        nudges.reclaim(tx, live - {runner} if set_back else live, now)
        breaker = read_breaker(tx)
        if breaker is not None:
            nudges.hold_overdue(tx, now - TOO_LATE_AFTER, now)
        return breaker

    def _time_anew(self, tx: Tx) -> None:
        self._settings.planning.time_anew(tx)
        time_snapshots_anew(tx)
        announcements.time_anew(tx)

    def _plan(self, tx: Tx) -> int:
        return self._settings.planning.plan_batch(tx, self._clock())

    # DM channels

    async def _open_channels(self, most: int | None = None) -> None:
        """Open missing DM channels, as many as the last minute leaves room for, in the order of waiting."""

        def to_open(tx: Tx) -> list[UserId]:
            now = self._clock()
            room = self._settings.opens_per_minute - members.opened_between(tx, now - timedelta(minutes=1), now)
            if room <= 0:
                return []
            waiting = nudges.waiting_for_channel(tx, now, now - OPEN_AGAIN_AFTER, min(room, most or room))
            return members.try_dm_channels(tx, waiting, now - OPEN_AGAIN_AFTER, now)

        for user_id in await self._database.transact(to_open):
            if not self._guard.halted:
                await self._guard.run(partial(self._open_channel, user_id), f"the DM channel of account {user_id}")

    async def _open_channel(self, user_id: UserId) -> None:
        await self._pace.acquire()
        opened = await self._within_limit(self._messenger.open(user_id))
        if opened is Problem.BLOCKED:
            raise Blocked
        if not isinstance(opened, Problem):
            await self._database.transact(lambda tx: members.set_dm_channel(tx, user_id, opened, self._clock()))
        elif opened in {Problem.CLOSED, Problem.GONE}:
            await self._database.transact(lambda tx: nudges.hold_unreachable(tx, user_id, self._clock()))

    # Claim

    def _claim(self, tx: Tx, due_by: datetime, most: int | None = None) -> list[Claim]:
        now, timing = self._clock(), self._settings.timing
        self._look_before, _ = note_tick(tx, now, timedelta(), timing.nonce_trusted)
        # If the clock was set back meanwhile, leases end before the round began, and rows would be claimed in hand.
        due_by = min(due_by, now)
        return nudges.claim(tx, due_by, self._settings.runner, now + timing.lease, most or self._settings.batch)

    async def _send_all(self) -> None:
        # Only what was due when it began: rows that fail slowly would keep a round, and with it the planning, for ever.
        began, guard = self._clock(), self._guard
        underway: dict[ChannelId, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as sending:
            while not guard.halted and (claims := await self._database.transact(partial(self._claim, due_by=began))):
                for claim in claims:
                    await _room(underway, claim.channel_id, 2 * self._settings.batch)
                    if not guard.halted:
                        await self._pace.acquire()
                    work = partial(self._give_back if guard.halted else self._deliver, claim)
                    underway[claim.channel_id] = sending.create_task(guard.run(work, f"nudge {claim.nudge_id}"))

    async def _probe(self) -> bool:
        """Make one request for a message that is due, if there is one; return whether the breaker has closed."""
        began, requests = self._clock(), self._requests
        while self._requests == requests and not self._guard.halted:
            claims = await self._database.transact(partial(self._claim, due_by=began, most=1))
            if not claims:
                # Nothing is due to anybody who can be reached: the channel opened now is the next round's probe.
                await self._open_channels(most=1)
                break
            # One that needs no request, because it is skipped or waits for the morning, probes nothing.
            await self._guard.run(partial(self._deliver, claims[0]), f"nudge {claims[0].nudge_id}")
        return await self._database.read(read_breaker) is None

    async def _give_back(self, claim: Claim) -> None:
        await self._database.transact(
            lambda tx: nudges.release(tx, claim.nudge_id, self._settings.runner, self._clock())
        )

    async def _deliver(self, claim: Claim) -> None:
        prepared = await self._database.transact(partial(self._prepare, nudge_id=claim.nudge_id))
        if prepared is None:
            return
        # One limit for looking and sending together: the lease covers both.
        result = await self._within_limit(self._send(claim, prepared))
        await self._database.transact(partial(self._settle, claim.nudge_id, prepared, result))
        if result is Problem.BLOCKED:
            raise Blocked

    # Prepare

    def _prepare(self, tx: Tx, nudge_id: NudgeId) -> _Prepared | None:
        """Read everything again just before the request; None when there is nothing to send now."""
        now, runner = self._clock(), self._settings.runner
        nudge = nudges.claimed(tx, nudge_id, runner, now)
        if nudge is None:
            return None
        decision = decide(tx, nudge, now)
        if decision is None:
            nudges.settle_held(tx, nudge.id, runner, Reason.UNREACHABLE, now)
            return None
        skip_reason, look_first = decision.skip_reason, self._may_be_out(nudge, now)
        if skip_reason and nudge.first_attempt_at is None and not look_first:
            self._settle_skipped(tx, nudge.id, nudge.key, skip_reason)
            return None
        if decision.allowed_at > now:
            nudges.release(tx, nudge.id, runner, decision.allowed_at)
            return None
        words = compose(tx, decision.place, nudge, self._content, now)
        nudges.record_attempt(tx, nudge.id, words.about, now, now + self._settings.timing.lease)
        shown = discreet(words, nudge.key, self._content) if decision.discreet else words
        message = NudgeMessage(nudge.key, shown.text, shown.buttons)
        return _Prepared(
            message, words.about, look_first or skip_reason is not None, skip_reason, decision.role, decision.posts_in
        )

    def _may_be_out(self, nudge: Nudge, now: datetime) -> bool:
        """Return whether it may have been sent too long ago for its nonce, or by a ledger that is lost."""
        tried, before = nudge.first_attempt_at, self._look_before
        if tried is None:
            return before is not None and nudge.due_at <= before
        return now - tried > self._settings.timing.nonce_trusted or (before is not None and tried < before)

    # Send

    async def _send(self, claim: Claim, prepared: _Prepared) -> MessageId | Problem | Reason:
        channel_id, message = claim.channel_id, prepared.message
        refused = await self._refused(prepared, channel_id)
        if refused is not None:
            return refused
        if prepared.look_first:
            found = await self._messenger.find(channel_id, message.key)
            if found is not None:
                return found
            if prepared.skip_reason is not None:
                return prepared.skip_reason
            await self._pace.acquire()
        if self._guard.blocked:
            return Problem.BLOCKED  # another message in hand has just met the refusal
        asked_first = prepared.look_first or prepared.role is not None or prepared.posts_in is not None
        if asked_first and not await self._database.read(partial(self._is_mine, nudge_id=claim.nudge_id)):
            return Problem.NOT_SENT  # its recipient was erased while Discord was asked
        self._requests += 1
        result = await self._messenger.send(channel_id, message, nonce(message.key))
        return result if isinstance(result, int) else await self._unless_out(channel_id, message.key, result)

    async def _refused(self, prepared: _Prepared, channel_id: ChannelId) -> MessageId | Problem | Reason | None:
        """Ask Discord whether this may be sent; return what became of it if not, None if it may."""
        key = prepared.message.key
        if prepared.posts_in is not None:
            missing = await self._messenger.missing_permissions(prepared.posts_in, channel_id)
            refused = missing if isinstance(missing, Problem) else Reason.NO_PERMISSION if missing else None
        elif prepared.role is not None:
            refused = await self._lacks_role(prepared.role, key.to.user_id)
        else:
            return None
        if refused is not None:
            return await self._unless_out(channel_id, key, refused)
        await self._pace.acquire()
        return None

    def _is_mine(self, tx: Tx, nudge_id: NudgeId) -> bool:
        return nudges.is_claimed(tx, nudge_id, self._settings.runner)

    async def _lacks_role(self, role: StaffRole, user_id: UserId) -> Problem | Reason | None:
        """Return why somebody may not read what only an instructor may."""
        roles = await self._messenger.roles(role.guild_id, user_id)
        if isinstance(roles, Problem):
            return roles
        return None if roles is not None and role.role_id in roles else Reason.NOT_STAFF

    async def _unless_out(
        self, channel_id: ChannelId, key: NudgeKey, refusal: Problem | Reason
    ) -> MessageId | Problem | Reason:
        """Return a refusal that is final only if no earlier attempt arrived, also one of discord.py's own."""
        if refusal not in _FINAL:
            return refusal
        found = await self._messenger.find(channel_id, key)
        return refusal if found is None or found is Problem.GONE else found

    async def _ask_roles(self, guild_id: GuildId, user_id: UserId) -> frozenset[int] | Problem | None:
        await self._pace.acquire()
        return await self._within_limit(self._messenger.roles(guild_id, user_id))

    async def _within_limit(self, request: Awaitable[R | Problem]) -> R | Problem:
        """Wait for a request, but never longer than the lease allows; one cut short has an unknown outcome."""
        longest = self._settings.timing.send_limit
        longest = min(longest, LAST_REQUESTS) if self._guard.stopping else longest
        limit = asyncio.timeout(longest.total_seconds())
        self._limits.add(limit)
        try:
            async with limit:
                return await request
        except TimeoutError:
            return Problem.UNKNOWN
        finally:
            self._limits.discard(limit)

    # Settle

    def _settle(self, nudge_id: NudgeId, prepared: _Prepared, result: MessageId | Problem | Reason, tx: Tx) -> None:
        now, runner, key = self._clock(), self._settings.runner, prepared.message.key
        to = key.to
        if to.channel_id is not None and result in {Problem.CLOSED, Problem.GONE}:
            result = Reason.NO_PERMISSION
        match result:
            case Reason():
                self._settle_skipped(tx, nudge_id, key, result)
            case Problem.CLOSED:
                nudges.settle_held(tx, nudge_id, runner, Reason.DMS_CLOSED, now)
                members.set_dm_closed(tx, to.user_id, now)
                self._guard.untrip(tx)
            case Problem.GONE:
                nudges.settle_held(tx, nudge_id, runner, Reason.LEFT, now)
                self._settings.planning.set_aside(tx, to, now)
            case Problem.BLOCKED:
                nudges.release(tx, nudge_id, runner, now)
            case Problem.NOT_SENT:
                nudges.release(tx, nudge_id, runner, now + REFUSED_FOR)
            case Problem.UNKNOWN:
                # The claim stays until its lease runs out; then it is tried again under the same nonce.
                _log.warning("nudge %s: no clear answer from Discord; it will be tried again", nudge_id)
            case message_id:
                nudges.settle_sent(tx, nudge_id, runner, message_id, now)
                self._after_sending(tx, to, prepared.about)

    def _after_sending(self, tx: Tx, to: Recipient, about: About) -> None:
        if to.channel_id is not None:
            return  # a post says nothing of direct messages
        members.set_dm_closed(tx, to.user_id, None)
        self._guard.untrip(tx)
        if about.occasion == "pause_end":
            members.end_pause(tx, to.cohort_id, to.user_id)

    def _settle_skipped(self, tx: Tx, nudge_id: NudgeId, key: NudgeKey, reason: Reason) -> None:
        """Settle what is not to be sent: some kinds stay readable, and who no longer teaches gets no more digests."""
        settle = nudges.settle_held if stays_readable(key.kind, reason) else nudges.settle_skipped
        settle(tx, nudge_id, self._settings.runner, reason, self._clock())
        if reason is Reason.NOT_STAFF:
            digest.drop(tx, key.to)


async def _room(underway: dict[ChannelId, asyncio.Task[None]], channel_id: ChannelId, most: int) -> None:
    """Wait until nothing is underway in this channel, and fewer than `most` sends in all."""
    while channel_id in underway or len(underway) >= most:
        in_the_way = [underway[channel_id]] if channel_id in underway else underway.values()
        await asyncio.wait(in_the_way, return_when=asyncio.FIRST_COMPLETED)
        for channel in [channel for channel, task in underway.items() if task.done()]:
            del underway[channel]
