"""The end of a course: closing it in two steps, and the parcel that each member may take along."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.closing import kept_until
from bot.coaching.cohort import Audience, Caller, Cohort
from bot.coaching.errors import ClosedAlready
from bot.coaching.ids import CohortId
from bot.services.membership import find_open_course, open_course
from bot.services.planning import Planning
from bot.services.retention import close_course
from storage import members
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Ending:
    """A course about to be closed, or closed just now, how many members it has, and until when all is kept."""

    cohort: Cohort
    members: int
    until: date


class ClosingService:
    """What `/cohort close` does."""

    def __init__(self, database: Database, planning: Planning) -> None:
        self._database = database
        self._planning = planning

    async def ending(self, caller: Caller, now: datetime) -> Ending:
        """Return what closing the server's course would mean; raises NoCourse. Nothing is changed."""

        def work(tx: Tx) -> Ending:
            cohort = open_course(tx, caller, Audience.MANAGER)
            return Ending(cohort, members.count(tx, cohort.id), kept_until(cohort, closed_at=now))

        return await self._database.read(work)

    async def close(self, caller: Caller, cohort_id: CohortId, now: datetime) -> Ending:
        """Close the very course that was looked at; raises ClosedAlready when it is not the open one any more."""

        def work(tx: Tx) -> Ending:
            cohort = find_open_course(tx, caller, Audience.MANAGER, lock="to change")
            if cohort is None or cohort.id != cohort_id:
                raise ClosedAlready
            closed = close_course(tx, cohort, self._planning, now)
            return Ending(closed, members.count(tx, closed.id), kept_until(closed))

        return await self._database.transact(work)
