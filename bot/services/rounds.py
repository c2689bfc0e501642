"""One round: plan what fell due, open DM channels, claim, send, settle. The only way a direct message leaves.

Every step is a transaction of its own and the network is never inside one. A crash between any two of them leaves a row
that the next round knows how to finish: owed rows are claimed, claims whose runner is gone or whose lease ran out are
tried again with the same nonce, and once the nonce is no longer to be trusted the channel's history is read first.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from bot.coaching.ids import ChannelId, CohortId, MessageId, NudgeId, UserId
from bot.coaching.nudges import TOO_LATE_AFTER, NudgeKey, Reason, Recipient, nonce
from bot.coaching.weeks import Clock
from bot.services.breaker import Breaker, read_breaker, trip, untrip
from bot.services.duties import STAY_READABLE, Duty, StaffRole, duty
from bot.services.messenger import Messenger, NudgeMessage, Problem
from bot.services.planning import Planning
from bot.services.retention import look_after
from bot.services.texts import compose, discreet
from bot.services.turns import Turns
from prompts import Content
from storage import digest, figures, members, nudges, retention, settings
from storage.database import Database, DatabaseUnavailable, Tx
from storage.members import Membership
from storage.nudges import About, Claim, Nudge

_log = logging.getLogger(__name__)
R = TypeVar("R")

PLAN_BATCH = 200
OPEN_AGAIN_AFTER = timedelta(minutes=1)
"""How long an account waits after its DM channel could not be opened for an unclear reason."""
REFUSED_FOR = timedelta(minutes=1)
"""How long a row waits after Discord refused a request without sending."""
LOOK_UP_AFTER = timedelta(days=7)
"""How often it is looked up whether a member is still in the server: without the members intent nobody tells us."""
LOOK_UPS = 5
"""How many members one round looks up."""
LAST_TICK = "last_tick"
"""The setting that says when the ledger was last at work."""
LOOK_BEFORE = "look_before"
"""The setting that says up to which due moment a nudge may have been sent by a ledger that this one does not know."""


_FINAL = frozenset({Problem.CLOSED, Problem.GONE, Reason.NOT_STAFF})
"""The refusals after which a row is not tried again."""


class Pace(Protocol):
    """Spaces requests evenly: asking for a turn waits until the next request may start."""

    async def acquire(self) -> None:
        """Wait for one request's turn."""
        ...

    def share(self, among: int) -> None:
        """Take this process's share of the pace, of so many that send."""
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
    """How a round behaves: who runs it, how many rows it claims at once, how fast DM channels are opened.

    `live` tells who else runs; without it this runner is alone. `turns`: the weekly turns that a round takes.
    """

    runner: str
    batch: int
    opens_per_minute: int
    planning: Planning
    timing: Timing = Timing()
    live: Callable[[Tx], frozenset[str]] | None = None
    turns: Turns | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is about to be sent.

    `look_first`: it may have been sent already, and too long ago for the nonce. `unwanted`: it is not to be sent any
    more; what is left to find out is whether an earlier attempt did. `role`: what its reader has to be.
    """

    message: NudgeMessage
    about: About
    look_first: bool
    unwanted: Reason | None
    role: StaffRole | None


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
        self._blocked = False
        self._tripped = False
        self._failure: DatabaseUnavailable | None = None
        self._look_before: datetime | None = None
        self._sends = 0

    async def round(self) -> None:
        """Run one round to its end. Raises only what a broken database raises; what Discord answers is settled."""
        async with self._turn:
            self._blocked, self._failure = False, None
            breaker = await self._database.transact(self._begin)
            self._tripped = breaker is not None
            await self._take_turns()
            await self._look_after_courses()
            await self._plan()
            if breaker is not None and breaker.open_at(self._clock()):
                return
            # After the cool-off one message probes; if it arrives, the breaker closes and the rest follows.
            if breaker is not None and not await self._probe():
                return
            await self._open_channels()
            await self._send_all()
            await self._look_up_members()
        if self._failure is not None:
            raise self._failure

    async def finish(self) -> None:
        """Let a round that is running end after what is in hand; what it had claimed is owed again at once."""
        self._stopping = True
        async with self._turn:
            return

    @property
    def _halted(self) -> bool:
        return self._stopping or self._blocked or self._failure is not None

    def _begin(self, tx: Tx) -> Breaker | None:
        """Take stock before a round: who else runs, whose claims are nobody's, and how long nothing ticked."""
        now = self._clock()
        live = self._settings.live(tx) if self._settings.live else frozenset({self._settings.runner})
        self._pace.share(len(live))
        nudges.reclaim(tx, live, now)
        self._note_tick(tx, now)
        breaker = read_breaker(tx)
        if breaker is not None:
            nudges.hold_overdue(tx, now - TOO_LATE_AFTER, now)
        return breaker

    def _note_tick(self, tx: Tx, now: datetime) -> None:
        """Remember that the ledger is at work, and notice when it was not.

        If it last was longer ago than a nonce can be trusted, the process was down, or the database is a backup: what
        fell due before now may have been sent by a ledger that this one does not know, so the history is read first.
        """
        last = settings.get(tx, LAST_TICK)
        if last is not None and now - datetime.fromisoformat(last) > self._settings.timing.nonce_trusted:
            # Kept for all: the runner that ticks next to this one sees no gap any more.
            settings.put(tx, LOOK_BEFORE, now.isoformat())
        settings.put(tx, LAST_TICK, now.isoformat())
        look_before = settings.get(tx, LOOK_BEFORE)
        self._look_before = None if look_before is None else datetime.fromisoformat(look_before)

    async def _take_turns(self) -> None:
        turns = self._settings.turns
        if turns is None:
            return
        for cohort_id in await self._database.read(lambda tx: turns.due(tx, self._clock())):
            await self._guarded(partial(self._take_turn, turns, cohort_id), f"the weekly turn of course {cohort_id}")

    async def _take_turn(self, turns: Turns, cohort_id: CohortId) -> None:
        await self._database.transact(lambda tx: turns.take(tx, cohort_id, self._clock()))

    async def _look_after_courses(self) -> None:
        looked = await self._database.read(lambda tx: retention.due(tx, self._clock()))
        for cohort_id in looked:
            await self._guarded(partial(self._look_after, cohort_id), f"what is kept of course {cohort_id}")
        # Also what an earlier erasure could not settle, because somebody was reading.
        if looked or self._database.unsettled:
            await self._database.settle_erasure()

    async def _look_after(self, cohort_id: CohortId) -> None:
        def look(tx: Tx) -> bool:
            return look_after(tx, cohort_id, self._settings.planning, self._clock())

        while not self._halted and await self._database.transact(look):
            pass

    async def _plan(self) -> None:
        while await self._database.transact(self._plan_batch) == PLAN_BATCH:
            pass

    def _plan_batch(self, tx: Tx) -> int:
        now = self._clock()
        due = members.due(tx, now, PLAN_BATCH)
        self._settings.planning.plan_due(tx, due, now)
        return len(due)

    async def _open_channels(self, most: int | None = None) -> None:
        """Open missing DM channels, as many as the last minute leaves room for, in the order of waiting."""

        def to_open(tx: Tx) -> list[UserId]:
            now = self._clock()
            room = self._settings.opens_per_minute - members.opened_since(tx, now - timedelta(minutes=1))
            if room <= 0:
                return []
            waiting = nudges.waiting_for_channel(tx, now, now - OPEN_AGAIN_AFTER, min(room, most or room))
            return members.try_dm_channels(tx, waiting, now - OPEN_AGAIN_AFTER, now)

        for user_id in await self._database.transact(to_open):
            if not self._halted:
                await self._guarded(partial(self._open_channel, user_id), f"the DM channel of account {user_id}")

    async def _open_channel(self, user_id: UserId) -> None:
        await self._pace.acquire()
        opened = await self._within_limit(self._messenger.open(user_id))
        if opened is Problem.BLOCKED:
            raise Blocked
        if not isinstance(opened, Problem):
            await self._database.transact(lambda tx: members.set_dm_channel(tx, user_id, opened, self._clock()))
        elif opened in {Problem.CLOSED, Problem.GONE}:
            await self._database.transact(lambda tx: nudges.hold_unreachable(tx, user_id, self._clock()))

    async def _probe(self) -> bool:
        """Make one request for a message that is due, if there is one; return whether the breaker has closed."""
        began, sends = self._clock(), self._sends
        while self._sends == sends and not self._halted:
            claims = await self._database.transact(partial(self._claim, due_by=began, most=1))
            if not claims:
                # Nothing is due to anybody who can be reached: the channel opened now is the next round's probe.
                await self._open_channels(most=1)
                break
            # One that needs no request, because it is skipped or waits for the morning, probes nothing.
            await self._guarded(partial(self._deliver, claims[0]), f"nudge {claims[0].nudge_id}")
        return await self._database.read(read_breaker) is None

    async def _send_all(self) -> None:
        # Only what was due when it began: rows that fail slowly would keep a round, and with it the planning, for ever.
        began = self._clock()
        underway: dict[ChannelId, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as sending:
            while not self._halted and (claims := await self._database.transact(partial(self._claim, due_by=began))):
                for claim in claims:
                    await _room(underway, claim.channel_id, 2 * self._settings.batch)
                    if not self._halted:
                        await self._pace.acquire()
                    if self._halted:
                        await self._guarded(partial(self._give_back, claim), f"nudge {claim.nudge_id}")
                    else:
                        work = self._guarded(partial(self._deliver, claim), f"nudge {claim.nudge_id}")
                        underway[claim.channel_id] = sending.create_task(work)

    async def _give_back(self, claim: Claim) -> None:
        await self._database.transact(
            lambda tx: nudges.release(tx, claim.nudge_id, self._settings.runner, self._clock())
        )

    def _claim(self, tx: Tx, due_by: datetime, most: int | None = None) -> list[Claim]:
        now = self._clock()
        self._note_tick(tx, now)
        lease_until = now + self._settings.timing.lease
        return nudges.claim(tx, due_by, self._settings.runner, lease_until, most or self._settings.batch)

    async def _guarded(self, work: Callable[[], Awaitable[None]], what: str) -> None:
        """Do one piece of a round; one that goes wrong never takes the others with it."""
        try:
            await work()
        except Blocked:
            self._blocked = self._tripped = True
            breaker = await self._database.transact(lambda tx: trip(tx, self._clock()))
            _log.error("Discord has stopped this bot's direct messages; all of them wait until %s", breaker.until)
        except DatabaseUnavailable as unavailable:
            self._failure = unavailable
        except Exception:  # noqa: BLE001 - a row that breaks our own code may not stop the rows behind it
            _log.exception("[%s] our own code broke at %s; it will be tried again", secrets.token_hex(4), what)

    async def _deliver(self, claim: Claim) -> None:
        prepared = await self._database.transact(partial(self._prepare, nudge_id=claim.nudge_id))
        if prepared is None:
            return
        # One limit for looking and sending together: the lease covers both.
        result = await self._within_limit(self._attempt(claim, prepared))
        await self._database.transact(partial(self._settle, claim.nudge_id, prepared, result))
        if result is Problem.BLOCKED:
            raise Blocked

    async def _attempt(self, claim: Claim, prepared: _Prepared) -> MessageId | Problem | Reason:
        channel_id, message = claim.channel_id, prepared.message
        if prepared.look_first:
            found = await self._messenger.find(channel_id, message.key)
            if found is not None:
                return found
            if prepared.unwanted is not None:
                return prepared.unwanted
            await self._pace.acquire()
        if prepared.role is not None and (refused := await self._refused(prepared.role, message.key.to)):
            return await self._unless_out(channel_id, message.key, refused)
        if self._blocked:
            return Problem.BLOCKED  # another message in hand has just met the refusal
        asked_first = prepared.look_first or prepared.role is not None
        if asked_first and not await self._database.read(partial(self._is_mine, nudge_id=claim.nudge_id)):
            return Problem.NOT_SENT  # its recipient was erased while Discord was asked
        self._sends += 1
        result = await self._messenger.send(channel_id, message, nonce(message.key))
        return result if isinstance(result, int) else await self._unless_out(channel_id, message.key, result)

    def _is_mine(self, tx: Tx, nudge_id: NudgeId) -> bool:
        return nudges.is_claimed(tx, nudge_id, self._settings.runner)

    async def _unless_out(
        self, channel_id: ChannelId, key: NudgeKey, refusal: Problem | Reason
    ) -> MessageId | Problem | Reason:
        """Return a refusal that is final only if no earlier attempt arrived, also one of discord.py's own."""
        if refusal not in _FINAL:
            return refusal
        found = await self._messenger.find(channel_id, key)
        return refusal if found is None or found is Problem.GONE else found

    def _prepare(self, tx: Tx, nudge_id: NudgeId) -> _Prepared | None:
        """Re-read everything just before the request; None when there is nothing to send now."""
        now = self._clock()
        runner = self._settings.runner
        nudge = nudges.claimed(tx, nudge_id, runner, now)
        if nudge is None:
            return None
        found = duty(tx, nudge, now)
        if found is None:
            nudges.settle_held(tx, nudge.id, runner, Reason.UNREACHABLE, now)
            return None
        if found.unwanted and nudge.first_attempt_at is None and not self._may_be_out(nudge):
            self._settle_unwanted(tx, nudge.id, nudge.key, found.unwanted)
            return None
        if found.allowed_at > now:
            nudges.release(tx, nudge.id, runner, found.allowed_at)
            return None
        message, about = self._message(tx, found, nudge, now)
        nudges.record_attempt(tx, nudge.id, about, now, now + self._settings.timing.lease)
        stale = (
            nudge.first_attempt_at is not None and now - nudge.first_attempt_at > self._settings.timing.nonce_trusted
        )
        look_first = stale or found.unwanted is not None or self._may_be_out(nudge)
        return _Prepared(message, about, look_first, found.unwanted, found.role)

    def _message(self, tx: Tx, found: Duty, nudge: Nudge, now: datetime) -> tuple[NudgeMessage, About]:
        words = compose(tx, found.place, nudge, self._content, now)
        if found.hidden:
            words = discreet(words, nudge.key, self._content)
        return NudgeMessage(nudge.key, words.text, words.buttons), words.about

    def _may_be_out(self, nudge: Nudge) -> bool:
        """Return whether a ledger that this one does not know may have sent it before its first attempt here."""
        return nudge.first_attempt_at is None and self._look_before is not None and nudge.due_at <= self._look_before

    def _settle(self, nudge_id: NudgeId, prepared: _Prepared, result: MessageId | Problem | Reason, tx: Tx) -> None:
        now, runner, to = self._clock(), self._settings.runner, prepared.message.key.to
        match result:
            case Reason():
                self._settle_unwanted(tx, nudge_id, prepared.message.key, result)
            case Problem.CLOSED:
                nudges.settle_held(tx, nudge_id, runner, Reason.DMS_CLOSED, now)
                members.set_dm_closed(tx, to.user_id, now)
                self._untrip(tx)
            case Problem.GONE:
                nudges.settle_held(tx, nudge_id, runner, Reason.LEFT, now)
                self._set_aside(tx, to)
            case Problem.BLOCKED:
                nudges.release(tx, nudge_id, runner, now)
            case Problem.NOT_SENT:
                nudges.release(tx, nudge_id, runner, now + REFUSED_FOR)
            case Problem.UNKNOWN:
                # The claim stays until its lease runs out; then it is tried again under the same nonce.
                _log.warning("nudge %s: no clear answer from Discord; it will be tried again", nudge_id)
            case message_id:
                nudges.settle_sent(tx, nudge_id, runner, message_id, now)
                members.set_dm_closed(tx, to.user_id, None)
                self._untrip(tx)
                if prepared.about.occasion == "pause_end":
                    members.end_pause(tx, to.cohort_id, to.user_id)

    def _untrip(self, tx: Tx) -> None:
        """Let messages flow again, if anything had stopped them: one got through."""
        if self._tripped:
            untrip(tx)

    def _settle_unwanted(self, tx: Tx, nudge_id: NudgeId, key: NudgeKey, reason: Reason) -> None:
        """Settle what is not to be sent: some kinds stay readable, and who no longer teaches gets no more digests."""
        settle = nudges.settle_held if key.kind in STAY_READABLE else nudges.settle_skipped
        settle(tx, nudge_id, self._settings.runner, reason, self._clock())
        if reason is Reason.NOT_STAFF:
            digest.drop(tx, key.to)

    async def _refused(self, role: StaffRole, to: Recipient) -> Problem | Reason | None:
        """Return why somebody may not read what only an instructor may: Discord is asked right before each sending."""
        roles = await self._messenger.roles(role.guild_id, to.user_id)
        if isinstance(roles, Problem):
            return roles
        if roles is None or role.role_id not in roles:
            return Reason.NOT_STAFF
        await self._pace.acquire()
        return None

    def _set_aside(self, tx: Tx, to: Recipient) -> None:
        """Set aside somebody who left the server; a week that fell due since the last planning gets its row before."""
        enrolment = members.find(tx, to.cohort_id, to.user_id)
        if enrolment is not None:
            now = self._clock()
            self._settings.planning.plan_due(tx, [members.one_to_plan(tx, enrolment.id)], now)
            members.set_aside(tx, enrolment.id, now)

    async def _look_up_members(self) -> None:
        """Look up a few members a round, each about once a week, and set aside those who left the server."""
        if self._halted:
            return
        before = self._clock() - LOOK_UP_AFTER
        for one in await self._database.transact(lambda tx: members.to_look_up(tx, before, self._clock(), LOOK_UPS)):
            await self._guarded(partial(self._look_up, one), f"the membership of account {one.user_id}")

    async def _look_up(self, one: Membership) -> None:
        await self._pace.acquire()
        roles = await self._within_limit(self._messenger.roles(one.guild_id, one.user_id))
        if roles is None:
            await self._database.transact(lambda tx: self._set_aside(tx, Recipient(one.cohort_id, one.user_id)))
        elif not isinstance(roles, Problem):
            await self._database.transact(lambda tx: figures.set_section(tx, one.cohort_id, one.enrolment_id, roles))

    async def _within_limit(self, request: Awaitable[R | Problem]) -> R | Problem:
        """Wait for a request, but never longer than the lease allows; one cut short has an unknown outcome."""
        try:
            async with asyncio.timeout(self._settings.timing.send_limit.total_seconds()):
                return await request
        except TimeoutError:
            return Problem.UNKNOWN


async def _room(underway: dict[ChannelId, asyncio.Task[None]], channel_id: ChannelId, most: int) -> None:
    """Wait until nothing is underway in this channel, and fewer than `most` sends in all."""
    for channel, task in list(underway.items()):
        if task.done():
            del underway[channel]
    if channel_id in underway:
        await asyncio.wait([underway.pop(channel_id)])
    while len(underway) >= most:
        await asyncio.wait(underway.values(), return_when=asyncio.FIRST_COMPLETED)
        for channel in [channel for channel, task in underway.items() if task.done()]:
            del underway[channel]
