"""Joining a course."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.coaching.cohort import Audience, Caller, Cohort, Enrolment, Notice, require_audience
from bot.coaching.errors import NoCourse, NotJoinedAnywhere
from bot.coaching.ids import CohortId
from bot.coaching.nudges import JOINED, NudgeKey, NudgeKind, Recipient
from bot.coaching.register import this_week
from bot.coaching.weeks import Wish
from bot.coaching.zones import checked_zone
from bot.services.membership import course_to_join
from bot.services.planning import Planning
from storage import focus as focuses
from storage import members, nudges, register
from storage.database import Database, Tx
from storage.members import NudgePlan


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a newcomer reads before joining: the course, their zone in it, and whether they have joined already."""

    cohort: Cohort
    zone: str
    joined: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """A member after joining; `again`: they had joined before."""

    cohort: Cohort
    enrolment: Enrolment
    again: bool
    has_focus: bool
    dm_closed: bool


class MemberService:
    """What `/start` and the *Join* button do."""

    def __init__(self, database: Database, planning: Planning) -> None:
        self._database = database
        self._planning = planning

    async def welcome(self, caller: Caller, zone: str | None) -> Welcome:
        """Return what to show before joining; raises NoCourse or UnknownZone. Nothing is stored."""
        checked = None if zone is None else checked_zone(zone)

        def work(tx: Tx) -> Welcome:
            cohort = course_to_join(tx, caller)
            return Welcome(cohort, checked or cohort.zone, members.find(tx, cohort.id, caller.user_id) is not None)

        return await self._database.read(work)

    async def join(self, caller: Caller, zone: str | None, now: datetime) -> Joined:
        """Enrol the caller with the course's defaults and owe them one hello; harmless when repeated.

        The hello waits in the ledger until their DM channel is open. Raises NoCourse or UnknownZone.
        """
        checked = None if zone is None else checked_zone(zone)

        def work(tx: Tx) -> Joined:
            # Held, so that a course closing at this moment owes the newcomer a parcel too.
            cohort = course_to_join(tx, caller, "as it is")
            enrolment = members.find(tx, cohort.id, caller.user_id, lock=True)
            new = False
            if enrolment is None:
                members.add_account(tx, caller.user_id)
                wish = Wish(cohort.nudge_day, cohort.nudge_hour, checked or cohort.zone)
                new = members.add(tx, cohort.id, caller.user_id, wish, now)
                enrolment = members.find(tx, cohort.id, caller.user_id, lock=True)
            if enrolment is None:  # pragma: no cover - it was added a line above
                raise NoCourse
            if new:
                enrolment = self._begin(tx, cohort, enrolment, now)
            elif enrolment.set_aside_at is not None:  # they are back in the server
                members.touch(tx, enrolment, caller.role_ids, now)
            has_focus = focuses.get(tx, enrolment.id) is not None
            dm_closed = members.account(tx, caller.user_id).dm_closed_at is not None
            return Joined(cohort, enrolment, not new, has_focus, dm_closed)

        joined = await self._database.transact(work)
        if joined.cohort.student_number and not joined.again:
            caller.mention([Notice.STUDENT_NUMBER])
        return joined

    def _begin(self, tx: Tx, cohort: Cohort, enrolment: Enrolment, now: datetime) -> Enrolment:
        """Plan a new member's first nudge, owe them a hello, and show them in the register."""
        due = self._planning.first(enrolment, cohort.term, now)
        members.set_plans(tx, [NudgePlan(enrolment.id, due, backed_off=False)])
        nudges.owe(tx, NudgeKey(Recipient(cohort.id, enrolment.user_id), NudgeKind.HELLO, JOINED), now)
        if cohort.register:  # the card before joining shows what instructors will see
            register.show_at_once(tx, enrolment.id, this_week(now, cohort.zone), now)
        if cohort.student_number:
            members.set_number_asked(tx, enrolment.id)
        return replace(enrolment, next_nudge=due)

    async def choose_course(self, caller: Caller, cohort_id: CohortId) -> Cohort:
        """Store which of their courses the caller means in the DM; raises NotJoinedAnywhere for another one."""

        def work(tx: Tx) -> Cohort:
            require_audience(caller, Audience.ANYONE)
            for cohort in members.open_cohorts(tx, caller.user_id):
                if cohort.id == cohort_id:
                    members.set_chosen_cohort(tx, caller.user_id, cohort_id)
                    return cohort
            raise NotJoinedAnywhere

        return await self._database.transact(work)

    async def courses(self, caller: Caller) -> list[tuple[CohortId, str]]:
        """Return the open courses the caller is in, by id and name; raises NotJoinedAnywhere."""
        require_audience(caller, Audience.ANYONE)
        courses = await self._database.read(lambda tx: members.open_cohorts(tx, caller.user_id))
        if not courses:
            raise NotJoinedAnywhere
        return [(cohort.id, cohort.name) for cohort in courses]
