"""The lines that members hand in, read by their instructors by name, in every course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Access, Audience, Caller, Cohort
from bot.coaching.course_plan import CourseWeek
from bot.coaching.errors import NoHandIns
from bot.coaching.ids import WeekId
from bot.coaching.register import this_week
from bot.services.membership import open_course
from storage import access_log, course_plan
from storage.course_plan import HandIn
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class HandIns:
    """The lines handed in for a week, in the order of joining.

    Attributes:
        weeks: The weeks of the plan so far, each with its number, in order.
        week: The one that is shown.
    """

    cohort: Cohort
    weeks: Sequence[tuple[int, CourseWeek]]
    week: CourseWeek
    lines: Sequence[HandIn]

    @property
    def number(self) -> int:
        """Return the number of the week that is shown."""
        return self.cohort.week_number(self.week.week)


class HandInService:
    """What the page of handed-in lines shows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def show(self, caller: Caller, week_id: WeekId | None, now: datetime) -> HandIns:
        """Return the lines of a week, and record the look for everybody whose line is among them.

        Args:
            week_id: None, or a week that is gone or switched off: the newest week with a line, else this week.

        Raises:
            NoHandIns: the plan has no week so far.
            NoCourse: or InstructorOnly.
        """

        def work(tx: Tx) -> HandIns:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            today = this_week(now, cohort.zone)
            plan = [one for one in course_plan.weeks(tx, cohort.id) if one.week <= today and not one.switched_off]
            if not plan:
                raise NoHandIns
            lines = course_plan.hand_ins(tx, cohort.id)
            with_line = {one.week_id for one in lines}
            newest = next((one for one in reversed(plan) if one.id in with_line), plan[-1])
            week = next((one for one in plan if one.id == week_id), newest)
            shown = [one for one in lines if one.week_id == week.id]
            if shown:
                seen = [one.enrolment_id for one in shown]
                access_log.add_once_an_hour(tx, seen, caller.user_id, Access.HAND_INS, now)
            numbered = [(cohort.week_number(one.week), one) for one in plan]
            return HandIns(cohort, numbered, week, shown)

        return await self._database.transact(work)
