"""The course of the proof: members whose nudges fall due in the next seconds.

What was planned is remembered here, outside the database: a nudge that left no row at all is found missing too.
"""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.coaching.course_plan import DoneBy, DueDay, PlanWeek
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.nudges import EVERYBODY, JOINED, NudgeKey, NudgeKind, NudgeState, Recipient
from bot.coaching.weeks import Due, Wish, local_day
from storage import announcements, course_plan, members, messages, nudges, tables
from storage import cohort as cohorts
from storage.cohort import CohortDefaults, CohortFacts
from storage.database import Database, Tx
from storage.members import NudgePlan
from tests.delivery.discord_rest import CHANNEL_OFFSET, POSTS_OFFSET

FIRST_USER = 500_000_000_000
GUILD = GuildId(77)
SETTLED = (NudgeState.SENT, NudgeState.HELD, NudgeState.SKIPPED)
FIRST_WEEK = date(2000, 1, 3)
"""Weeks are only names here: counted from long ago, they never run out."""


class Row(NamedTuple):
    """What the ledger says of one nudge."""

    state: NudgeState
    reason: str | None
    message_id: int | None


class Course:
    """A class in one database; members are added and weeks planned only while no bot runs."""

    def __init__(self, database: Database, seed: int, posts: int = 0) -> None:
        self._posts = posts
        self._planned: dict[str, datetime] = {}
        self._database = database
        self._chance = random.Random(seed)
        self._cohort_id = CohortId(0)
        self._wish = Wish(0, 12, "UTC")
        self._users = 0
        self._weeks = 0
        self._servers = 0

    async def start(self, size: int) -> None:
        """Open the course and enrol its first members, whose DM channels are known."""
        now = datetime.now(UTC)
        # Where it is about noon, far from quiet hours, whenever the proof runs; the signs of these names are reversed.
        zone = f"Etc/GMT{now.hour - 12:+d}"
        today = now.astimezone(ZoneInfo(zone)).date()
        # The wished day was yesterday and the term ends before it comes again: all that falls due is planned here.
        facts = CohortFacts("Proof", zone, today - timedelta(weeks=3), today + timedelta(days=2), 1)
        self._wish = Wish((today.weekday() - 1) % 7, 12, zone)
        self._facts = facts

        def work(tx: Tx) -> None:
            cohorts.add(tx, GUILD, facts, CohortDefaults(self._wish.day, self._wish.hour, None, None, None), now)
            cohort = cohorts.open_in(tx, GUILD)
            assert cohort is not None
            self._cohort_id = cohort.id
            # Long ago: the limit on opening DM channels looks at the last minute.
            long_ago = now - timedelta(days=1)
            for user_id in self._join(tx, size, long_ago):
                members.set_dm_channel(tx, user_id, ChannelId(user_id + CHANNEL_OFFSET), long_ago)

        await self._database.transact(work)

    async def plan_week(self, seconds: float, newcomers: int = 0, share: float = 1) -> None:
        """Plan a nudge within the next seconds for a share of those who have none to come.

        `newcomers` get a hello, as many others an instructor's message, and a few channels a post.
        """
        week, now = FIRST_WEEK + timedelta(weeks=self._weeks), datetime.now(UTC)
        self._weeks += 1

        def work(tx: Tx) -> dict[str, datetime]:
            keys: dict[str, datetime] = {}
            for user_id in self._join(tx, newcomers, now):
                hello = NudgeKey(Recipient(self._cohort_id, user_id), NudgeKind.HELLO, JOINED)
                nudges.owe(tx, hello, now)
                keys[str(hello)] = now
            e = tables.enrolment.c
            free = (e.next_nudge_at.is_(None), e.set_aside_at.is_(None), e.joined_at < now)
            plans: list[NudgePlan] = []
            rows = tx.execute(select(e.id, e.user_id).where(*free).order_by(e.id)).all()
            for row in (one for one in rows if self._chance.random() < share):
                at = now + timedelta(seconds=self._chance.uniform(0, seconds))
                plans.append(NudgePlan(EnrolmentId(row.id), Due(week, at), backed_off=False))
                to = Recipient(self._cohort_id, UserId(row.user_id))
                keys[str(NudgeKey(to, NudgeKind.WEEKLY, week.isoformat()))] = at
            members.set_plans(tx, plans)
            written = [UserId(row.user_id) for row in rows[:newcomers]]
            draft = messages.keep_draft(tx, self._cohort_id, UserId(self._weeks), "Ines", "See you on Friday.", now)
            period, subject = week.isoformat(), messages.subject_of(draft.id)
            nudges.owe_messages(tx, self._cohort_id, period, subject, dict.fromkeys(written), now)
            to = [Recipient(self._cohort_id, user_id) for user_id in written]
            keys |= {str(NudgeKey(one, NudgeKind.MESSAGE, period)): now for one in to}
            for at in [now + timedelta(seconds=self._chance.uniform(0, seconds)) for _ in range(self._posts)]:
                keys[str(self._announce(tx, at))] = at
            return keys

        self._planned |= await self._database.transact(work)

    def _announce(self, tx: Tx, at: datetime) -> NudgeKey:
        """Plan a post in the channel of a course of its own: a course has one a week."""
        self._servers += 1
        guild_id, now = GuildId(GUILD + self._servers), datetime.now(UTC)
        cohorts.add(tx, guild_id, self._facts, CohortDefaults(0, 12, None, None, None), now)
        cohort = cohorts.open_in(tx, guild_id)
        assert cohort is not None
        today = local_day(at, cohort.zone)
        plan = PlanWeek("A theme", "A step", 5, DueDay.FRIDAY, DoneBy.TICK)
        course_plan.put_week(tx, cohort.id, None, today, plan, cohort.term)
        channel_id = ChannelId(guild_id + POSTS_OFFSET)
        announcements.set_channel(tx, cohort.id, channel_id)
        announcements.switch(tx, cohort.id, on=True)
        announcements.set_next(tx, cohort.id, at)
        to = Recipient(cohort.id, EVERYBODY, channel_id)
        return NudgeKey(to, NudgeKind.ANNOUNCEMENT, today.isoformat())

    async def ledger(self) -> Mapping[str, Row]:
        """Return every row by its key."""
        n = tables.nudge.c
        columns = (n.cohort_id, n.user_id, n.kind, n.period, n.state, n.reason, n.message_id)
        ledger: dict[str, Row] = {}
        for row in await self._database.read(lambda tx: tx.execute(select(*columns)).all()):
            to = Recipient(CohortId(row.cohort_id), UserId(row.user_id or EVERYBODY))
            key = str(NudgeKey(to, NudgeKind(row.kind), row.period))
            ledger[key] = Row(NudgeState(row.state), row.reason, row.message_id)
        return ledger

    async def open(self) -> int:
        """Return how many of the planned nudges have come to no end yet."""
        ledger = await self.ledger()
        return sum(key not in ledger or ledger[key].state not in SETTLED for key in await self.expected())

    async def expected(self) -> set[str]:
        """Return the keys of all that was planned and fell due: what was to come when its member left did not."""
        e = tables.enrolment.c
        left = await self._database.read(
            lambda tx: tx.execute(select(e.user_id, e.set_aside_at).where(e.set_aside_at.is_not(None))).all()
        )
        left_at = {str(row.user_id): row.set_aside_at for row in left}
        return {key for key, at in self._planned.items() if at <= left_at.get(key.split(":")[0], at)}

    def _join(self, tx: Tx, count: int, now: datetime) -> list[UserId]:
        joined = [UserId(FIRST_USER + self._users + n) for n in range(count)]
        self._users += count
        for user_id in joined:
            members.add_account(tx, user_id)
            members.add(tx, self._cohort_id, user_id, self._wish, now)
        return joined
