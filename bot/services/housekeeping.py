"""What a round does beside sending: the last tick, weekly snapshots, what is kept of courses, and who has left."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from bot.coaching.ids import CohortId, GuildId, UserId
from bot.coaching.nudges import Recipient
from bot.coaching.weeks import Clock
from bot.services.announcements import owe_due
from bot.services.breaker import RoundGuard
from bot.services.class_statistics import WeeklySnapshot
from bot.services.messenger import Problem
from bot.services.planning import Planning
from bot.services.retention import look_after
from storage import announcements, members, retention, sections, settings
from storage.database import Database, Tx
from storage.members import PlaceToLookUp

LAST_TICK = "last_tick"
"""The setting that says when the ledger was last at work."""
LOOK_BEFORE = "look_before"
"""The setting that says up to which moment a nudge may have been sent without this ledger or its clock knowing."""
CLOCKS_APART = timedelta(seconds=5)
"""How far the clocks of two processes may be apart before it counts as one clock that was set back."""
LOOK_UP_AFTER = timedelta(days=7)
"""How often it is looked up whether a member is still in the server: without the members intent nobody tells us."""
LOOK_UPS = 5
"""How many members one round looks up."""
AskRoles: TypeAlias = Callable[[GuildId, UserId], Awaitable[frozenset[int] | Problem | None]]
"""Returns the roles of an account in a server, None when it is not there: one request, at the pace of all."""


def read_last_tick(tx: Tx) -> datetime | None:
    """Return when the ledger was last at work, in whichever process; None if it never was."""
    last = settings.get(tx, LAST_TICK)
    return None if last is None else datetime.fromisoformat(last)


def note_tick(tx: Tx, now: datetime, step: timedelta, nonce_trusted: timedelta) -> tuple[datetime | None, bool]:
    """Remember that the ledger is at work, and notice when it was not, or when the clock was set back.

    After a gap longer than a nonce is trusted, the process was down or the database is a backup: what fell due before
    now may have been sent by a ledger that is lost. After a step back, what was tried before it is older than it seems,
    and Discord may have forgotten its nonce. In both cases the history is to be read before anything is sent.

    Args:
        tx: The transaction of a round's beginning, or of a claim.
        now: The present moment.
        step: How far the clock was set since the last tick, as far as this process knows.
        nonce_trusted: How long after the first attempt a nonce is trusted.

    Returns:
        Up to when a nudge may have been sent unknown to the ledger, if ever; and whether the clock was set back.
    """
    kept, last = settings.get(tx, LOOK_BEFORE), settings.get(tx, LAST_TICK)
    settings.put(tx, LAST_TICK, now.isoformat())
    look_before = None if kept is None else datetime.fromisoformat(kept)
    since = now if last is None else datetime.fromisoformat(last)
    set_back = step < timedelta() or since - now > CLOCKS_APART
    if set_back or now - since > nonce_trusted:
        # Between its last tick and the step an attempt may have been made.
        noticed = max(since, now - step) + nonce_trusted if set_back else now
        look_before = max(noticed, look_before or noticed)
        # Kept for all: the process that ticks next to this one sees no gap any more.
        settings.put(tx, LOOK_BEFORE, look_before.isoformat())
    return look_before, set_back


class Housekeeping:
    """The jobs of a round that send nothing; each is a transaction of its own, once however many processes run."""

    def __init__(self, database: Database, planning: Planning, clock: Clock, snapshot: WeeklySnapshot | None) -> None:
        self._database = database
        self._planning = planning
        self._clock = clock
        self._snapshot = snapshot

    async def take_snapshots(self, guard: RoundGuard) -> None:
        """Take the weekly snapshot of the courses where it is due."""
        snapshot = self._snapshot
        if snapshot is None:
            return

        async def take(cohort_id: CohortId) -> None:
            await self._database.transact(lambda tx: snapshot.take(tx, cohort_id, self._clock()))

        for cohort_id in await self._database.read(lambda tx: snapshot.due(tx, self._clock())):
            await guard.run(partial(take, cohort_id), f"the weekly snapshot of course {cohort_id}")

    async def announce(self, guard: RoundGuard) -> None:
        """Owe the posts of weeks that begin."""

        async def owe(cohort_id: CohortId) -> None:
            await self._database.transact(lambda tx: owe_due(tx, cohort_id, self._clock()))

        for cohort_id in await self._database.read(lambda tx: announcements.due(tx, self._clock())):
            await guard.run(partial(owe, cohort_id), f"the announcement of course {cohort_id}")

    async def keep_no_longer(self, guard: RoundGuard) -> None:
        """Close and erase what time asks for, in batches."""

        async def look(cohort_id: CohortId) -> None:
            def work(tx: Tx) -> bool:
                return look_after(tx, cohort_id, self._planning, self._clock())

            while not guard.halted and await self._database.transact(work):
                pass

        due = await self._database.read(lambda tx: retention.due(tx, self._clock()))
        for cohort_id in due:
            await guard.run(partial(look, cohort_id), f"what is kept of course {cohort_id}")
        # Also what an earlier erasure could not settle, because somebody was reading.
        if due or self._database.unsettled:
            await self._database.settle_erasure()

    async def look_up_members(self, guard: RoundGuard, ask_roles: AskRoles) -> None:
        """Look up a few members, each about once a week, and set aside those who left the server."""

        async def look_up(one: PlaceToLookUp) -> None:
            roles = await ask_roles(one.guild_id, one.user_id)
            to, enrolment_id = Recipient(one.cohort_id, one.user_id), one.enrolment_id
            if roles is None:
                await self._database.transact(lambda tx: self._planning.set_aside(tx, to, self._clock()))
            elif not isinstance(roles, Problem):
                await self._database.transact(lambda tx: sections.note_of_member(tx, to.cohort_id, enrolment_id, roles))

        def to_look_up(tx: Tx) -> list[PlaceToLookUp]:
            now = self._clock()
            return members.to_look_up(tx, now - LOOK_UP_AFTER, now, LOOK_UPS)

        if not guard.halted:
            for one in await self._database.transact(to_look_up):
                if not guard.halted:
                    await guard.run(partial(look_up, one), f"the membership of account {one.user_id}")
