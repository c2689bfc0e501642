"""The course of the proof: members whose nudges fall due in the next seconds, and what the ledger says of each.

What was planned is remembered here, outside the database: a nudge that left no row at all is found missing too.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.nudges import JOINED, NudgeKey, NudgeKind, NudgeState, Recipient
from bot.coaching.weeks import Due, Wish
from bot.proof.discord_rest import CHANNEL_OFFSET
from storage import cohort as cohorts
from storage import members, messages, nudges, tables
from storage.cohort import CohortDefaults, CohortFacts
from storage.database import Database, Tx
from storage.members import Plan

FIRST_USER = 500_000_000_000
GUILD = GuildId(77)
SETTLED = (NudgeState.SENT, NudgeState.HELD, NudgeState.SKIPPED)
FIRST_WEEK = date(2000, 1, 3)
"""Weeks are only names here: counted from long ago, they never run out."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the ledger says of one nudge."""

    state: NudgeState
    reason: str | None
    message_id: int | None


class Course:
    """A class in one database; members are added and weeks planned only while no bot runs."""

    def __init__(self, database: Database, seed: int) -> None:
        self._planned: dict[str, datetime] = {}
        self._database = database
        self._chance = random.Random(seed)
        self._cohort_id = CohortId(0)
        self._wish = Wish(0, 12, "UTC")
        self._users = 0
        self._weeks = 0

    async def start(self, size: int) -> None:
        """Open the course and enrol its first members, whose DM channels are known."""
        await self._database.transact(partial(self._open, now=datetime.now(UTC), size=size))

    async def plan_week(self, seconds: float, newcomers: int = 0) -> None:
        """Plan a nudge for everybody who has none to come, within the next seconds, and let `newcomers` join."""
        week = FIRST_WEEK + timedelta(weeks=self._weeks)
        self._weeks += 1
        self._planned |= await self._database.transact(
            partial(self._plan, now=datetime.now(UTC), week=week, seconds=seconds, newcomers=newcomers)
        )

    async def ledger(self) -> Mapping[str, Row]:
        """Return every row by its key."""
        return await self._database.read(_ledger)

    async def open(self) -> int:
        """Return how many of the planned nudges have come to no end yet."""
        ledger = await self.ledger()
        return sum(key not in ledger or ledger[key].state not in SETTLED for key in await self.expected())

    async def expected(self) -> set[str]:
        """Return the keys of all that was planned and fell due: what was to come when its member left did not."""
        left = await self._database.read(_left)
        return {key for key, at in self._planned.items() if at <= left.get(key.split(":")[0], at)}

    def _open(self, tx: Tx, now: datetime, size: int) -> None:
        zone = _noon_zone(now)
        today = now.astimezone(ZoneInfo(zone)).date()
        # The wished day was yesterday and the term ends before it comes again: all that falls due is planned here.
        facts = CohortFacts("Proof", zone, today - timedelta(weeks=3), today + timedelta(days=2), 1)
        self._wish = Wish((today.weekday() - 1) % 7, 12, zone)
        cohorts.add(tx, GUILD, facts, CohortDefaults(self._wish.day, self._wish.hour, None, None, None), now)
        cohort = cohorts.open_in(tx, GUILD)
        if cohort is None:
            raise LookupError(GUILD)
        self._cohort_id = cohort.id
        # Long ago: the limit on opening DM channels looks at the last minute.
        for user_id in self._joined(tx, size, now - timedelta(days=1)):
            members.set_dm_channel(tx, user_id, ChannelId(user_id + CHANNEL_OFFSET), now - timedelta(days=1))

    def _joined(self, tx: Tx, count: int, now: datetime) -> list[UserId]:
        joined = [UserId(FIRST_USER + self._users + n) for n in range(count)]
        self._users += count
        for user_id in joined:
            members.add_account(tx, user_id)
            members.add(tx, self._cohort_id, user_id, self._wish, now)
        return joined

    def _plan(self, tx: Tx, now: datetime, week: date, *, seconds: float, newcomers: int) -> dict[str, datetime]:
        """Owe newcomers their hello, plan everybody else's week, and let an instructor write to as many as are new.

        Returns when each of these falls due, by its key.
        """
        keys: dict[str, datetime] = {}
        for user_id in self._joined(tx, newcomers, now):
            hello = NudgeKey(Recipient(self._cohort_id, user_id), NudgeKind.HELLO, JOINED)
            nudges.owe(tx, hello, now)
            keys[str(hello)] = now
        e = tables.enrolment.c
        plans: list[Plan] = []
        free = tx.execute(
            tables.enrolment.select()
            .with_only_columns(e.id, e.user_id)
            .where(e.next_nudge_at.is_(None), e.set_aside_at.is_(None), e.joined_at < now)
            .order_by(e.id)
        ).all()
        for row in free:
            at = now + timedelta(seconds=self._chance.uniform(0, seconds))
            plans.append(Plan(EnrolmentId(row.id), Due(week, at), backed_off=False))
            to = Recipient(self._cohort_id, UserId(row.user_id))
            keys[str(NudgeKey(to, NudgeKind.WEEKLY, week.isoformat()))] = at
        members.set_plans(tx, plans)
        written = [UserId(row.user_id) for row in free[:newcomers]]
        draft = messages.keep_draft(tx, self._cohort_id, UserId(self._weeks), "Ines", "See you on Friday.", now)
        period, subject = week.isoformat(), messages.subject_of(draft.id)
        nudges.owe_messages(tx, self._cohort_id, period, subject, dict.fromkeys(written), now)
        to = [Recipient(self._cohort_id, user_id) for user_id in written]
        return keys | {str(NudgeKey(one, NudgeKind.MESSAGE, period)): now for one in to}


def _ledger(tx: Tx) -> Mapping[str, Row]:
    n = tables.nudge.c
    rows = tx.execute(
        tables.nudge.select().with_only_columns(
            n.cohort_id, n.user_id, n.kind, n.period, n.state, n.reason, n.message_id
        )
    )
    return {
        str(NudgeKey(Recipient(CohortId(row.cohort_id), UserId(row.user_id)), NudgeKind(row.kind), row.period)): Row(
            NudgeState(row.state), row.reason, row.message_id
        )
        for row in rows
    }


def _left(tx: Tx) -> dict[str, datetime]:
    """Return when members were set aside, by their accounts."""
    e = tables.enrolment.c
    rows = tx.execute(
        tables.enrolment.select().with_only_columns(e.user_id, e.set_aside_at).where(e.set_aside_at.is_not(None))
    )
    return {str(row.user_id): row.set_aside_at for row in rows}


def _noon_zone(now: datetime) -> str:
    """Return a zone where it is about noon: far from quiet hours, whenever the proof runs."""
    ahead = 12 - now.astimezone(UTC).hour
    # The signs of these names are the other way round.
    return f"Etc/GMT{-ahead:+d}"
