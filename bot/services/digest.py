"""The instructors' weekly digest: how the class is doing in the snapshot's figures, and what to do in class."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.closing import TURN_HOUR, has_digest, next_digest
from bot.coaching.cohort import Audience, Caller, Cohort
from bot.coaching.digest import digest_lines
from bot.coaching.errors import NoCourse
from bot.coaching.ids import CohortId
from bot.coaching.nudges import Recipient
from bot.coaching.weeks import local_day, moment, monday_of
from bot.services.seats import declared, staff_cohort
from prompts import Content
from storage import digest, nudges, retention
from storage.database import Database, Tx


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
            digest.ask(tx, Recipient(_open(tx, caller).id, caller.user_id), now)
            return self._wish(tx, caller, now)

        return await self._database.transact(work)

    async def stop(self, caller: Caller, cohort_id: CohortId) -> None:
        """Take the presser's own wish for a course's digest out, whoever they are by now; harmless when repeated."""
        declared(caller, Audience.ANYONE)

        def work(tx: Tx) -> None:
            digest.drop(tx, Recipient(cohort_id, caller.user_id))
            retention.forget_accounts(tx, [caller.user_id])  # who is no member was known for this alone

        await self._database.transact(work)

    def _wish(self, tx: Tx, caller: Caller, now: datetime) -> DigestWish:
        cohort = _open(tx, caller)
        wanted = digest.wanted(tx, Recipient(cohort.id, caller.user_id))
        monday = monday_of(local_day(now, cohort.zone))
        return DigestWish(cohort, wanted, next_digest(cohort, now), digest_text(tx, cohort, monday, self._content))


def owe_digests(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Owe this Monday's digest to the instructors who want it, at the course's weekly turn."""
    monday = monday_of(local_day(now, cohort.zone))
    if has_digest(cohort, monday):
        nudges.owe_digests(tx, cohort.id, monday, moment(monday, TURN_HOUR, cohort.zone))


def digest_text(tx: Tx, cohort: Cohort, monday: date, content: Content) -> str:
    """Return the digest of a Monday: at most 1,500 characters, all figures from that Monday's snapshot."""
    return digest_lines(cohort, monday, None)


def _open(tx: Tx, caller: Caller) -> Cohort:
    cohort = staff_cohort(tx, caller, Audience.INSTRUCTOR)
    if cohort is None:
        raise NoCourse
    return cohort
