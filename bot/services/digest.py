"""The instructors' weekly digest: how the class is doing by Monday's snapshot, and what to do in class."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.class_statistics import change
from bot.coaching.closing import MONDAY_HOUR, has_digest, next_digest
from bot.coaching.cohort import Audience, Caller, Cohort, require_audience
from bot.coaching.digest import Digest, Hurdle, digest_words
from bot.coaching.goals import Obstacle
from bot.coaching.ids import CohortId
from bot.coaching.momentum import WEEK
from bot.coaching.nudges import Recipient
from bot.coaching.weeks import local_day, moment, monday_of
from bot.services.checkin import who_might_welcome_a_hello
from bot.services.class_statistics import MOST_NAMED, exact_from, most_named
from bot.services.membership import open_course
from prompts import Content
from storage import class_statistics, digest, erasure, nudges, register
from storage.database import Database, Tx

SNAPSHOTS = 3
"""Enough to have a Monday's and the one before, even if another was taken since."""


@dataclass(frozen=True, slots=True)
class DigestWish:
    """Whether an instructor wants the digest, when it comes next, and how this week's reads."""

    cohort: Cohort
    wanted: bool
    next_at: datetime | None
    sample: str


class DigestService:
    """What `/cohort digest` and the button under a digest do."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def show(self, caller: Caller, now: datetime) -> DigestWish:
        """Return the caller's wish and a sample; raises NoCourse."""
        return await self._database.read(lambda tx: self._wish(tx, caller, now))

    async def ask(self, caller: Caller, now: datetime) -> DigestWish:
        """Send the caller the digest each Monday from now on; harmless when repeated. Raises NoCourse."""

        def work(tx: Tx) -> DigestWish:
            digest.ask(tx, Recipient(open_course(tx, caller, Audience.INSTRUCTOR).id, caller.user_id), now)
            return self._wish(tx, caller, now)

        return await self._database.transact(work)

    async def stop(self, caller: Caller, cohort_id: CohortId) -> None:
        """Remove the caller's own wish for a course's digest, instructor or not; harmless when repeated."""
        require_audience(caller, Audience.ANYONE)

        def work(tx: Tx) -> None:
            digest.drop(tx, Recipient(cohort_id, caller.user_id))
            erasure.forget_accounts(tx, [caller.user_id])  # a non-member's account was stored for this alone

        await self._database.transact(work)

    def _wish(self, tx: Tx, caller: Caller, now: datetime) -> DigestWish:
        cohort = open_course(tx, caller, Audience.INSTRUCTOR)
        wanted = digest.wanted(tx, Recipient(cohort.id, caller.user_id))
        monday = monday_of(local_day(now, cohort.zone))
        return DigestWish(cohort, wanted, next_digest(cohort, now), digest_text(tx, cohort, monday, self._content))


def owe_digests(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Owe this Monday's digest to the instructors who want it, once the class is counted."""
    monday = monday_of(local_day(now, cohort.zone))
    if has_digest(cohort, monday):
        nudges.owe_digests(tx, cohort.id, monday, moment(monday, MONDAY_HOUR, cohort.zone))


def digest_text(tx: Tx, cohort: Cohort, monday: date, content: Content) -> str:
    """Return the digest of a Monday: at most 1,500 characters, all counts from that Monday's snapshot."""
    snapshots = {snapshot.week: snapshot for snapshot in class_statistics.snapshots(tx, cohort.id, SNAPSHOTS)}
    now = snapshots.get(monday)
    at = moment(monday, MONDAY_HOUR, cohort.zone)
    # Weeks before the register began keep their class statistics.
    first = exact_from(cohort, register.counts(tx, cohort, at)) or date.max
    hurdles = [] if now is None else [_hurdle(obstacle, content) for obstacle in list(most_named(now))[:MOST_NAMED]]
    hellos = len(who_might_welcome_a_hello(tx, cohort, at))
    moved, before = None, snapshots.get(monday - WEEK)
    if now is not None and before is not None:
        live = now.counts.get("active", 0) - before.counts.get("active", 0)
        moved = live if first <= monday - 2 * WEEK else change("active", now, before)
    return digest_words(Digest(cohort, monday, now, moved, first < monday, hurdles, hellos))


def _hurdle(obstacle: Obstacle, content: Content) -> Hurdle:
    activity = content.activities[obstacle]
    return Hurdle(content.vocabulary.obstacles[obstacle].label, activity.title, activity.text)
