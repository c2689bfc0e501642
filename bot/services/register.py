"""The register of a class for its instructors: the members a filter lists, and the rows of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Access, Audience, Caller, Cohort
from bot.coaching.errors import NoRegister, UnknownSection
from bot.coaching.footprint import Checklist, musts_of_all
from bot.coaching.ids import EnrolmentId
from bot.coaching.register import GOAL_WEEK, Listing, RegisterFilter, RegisterRow, this_week
from bot.services.membership import open_course
from storage import access_log, course_plan, register, sections
from storage.database import Database, Tx
from storage.register import Listed


@dataclass(frozen=True, slots=True)
class Register:
    """The members of a course or a section in the order of joining.

    Attributes:
        week: The number of the current course week.
        listings: The filters on offer in this week, with those of the steps so far, the newest first.
        sections: The roles of the course's sections.
        people: Everybody whose row is visible.
        coming: How many in the server have no row yet; the last is visible from `coming_at` on, if known.
    """

    cohort: Cohort
    week: int
    listings: tuple[Listing, ...]
    listing: Listing
    sections: Sequence[int]
    section: int | None
    people: Sequence[Listed]
    coming: int
    coming_at: datetime | None

    @property
    def matching(self) -> list[Listed]:
        """Those whom the filter lists."""
        return [person for person in self.people if person.matches]


class RegisterService:
    """What `/cohort register` shows."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self._database = database
        self._checklist = checklist

    async def find(self, caller: Caller, listing: Listing, section: int | None, now: datetime) -> Register:
        """Return who is in the register, and record the look, once an hour for everybody in it.

        Raises NoRegister, UnknownSection, NoCourse or InstructorOnly.
        """

        def work(tx: Tx) -> Register:
            cohort = _with_register(tx, caller)
            roles = sections.of_course(tx, cohort.id)
            if section is not None and section not in roles:
                raise UnknownSection
            week = cohort.week_number(this_week(now, cohort.zone))
            plan = [one for one in course_plan.weeks(tx, cohort.id) if not one.switched_off]
            numbers = {cohort.week_number(one.week) for one in plan}
            access_log.add_at_register(tx, cohort.id, caller.user_id, Access.REGISTER, now)
            listed = register.listed(tx, cohort, listing, section, now)
            people = [person for person in listed if person.visible_at is not None and person.visible_at <= now]
            visible = {person.enrolment_id for person in people}
            moments = [person.visible_at for person in listed if person.enrolment_id not in visible and not person.left]
            known = [at for at in moments if at is not None]
            coming_at = max(known, default=None) if len(known) == len(moments) else None
            offered = _listings(week, sorted((one for one in numbers if 0 < one <= week), reverse=True))
            return Register(cohort, week, offered, listing, roles, section, people, len(moments), coming_at)

        return await self._database.transact(work)

    async def rows(self, caller: Caller, ids: Sequence[EnrolmentId], now: datetime) -> list[RegisterRow]:
        """Return the rows of some members in the order given; raises NoRegister, NoCourse or InstructorOnly."""

        def work(tx: Tx) -> list[RegisterRow]:
            cohort = _with_register(tx, caller)
            musts = musts_of_all(self._checklist, cohort.track)
            rows = {row.enrolment_id: row for row in register.rows(tx, cohort, musts, now, ids)}
            return [rows[enrolment_id] for enrolment_id in ids if enrolment_id in rows]

        return await self._database.read(work)


def _listings(week: int, steps: Sequence[int]) -> tuple[Listing, ...]:
    plain = [one for one in RegisterFilter if one is not RegisterFilter.STEP]
    shown = [one for one in plain if one is not RegisterFilter.NO_GOAL or week >= GOAL_WEEK]
    return (*map(Listing, shown), *(Listing(RegisterFilter.STEP, number) for number in steps))


def _with_register(tx: Tx, caller: Caller) -> Cohort:
    cohort = open_course(tx, caller, Audience.INSTRUCTOR)
    if not cohort.register:
        raise NoRegister
    return cohort
