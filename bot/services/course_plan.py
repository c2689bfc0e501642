"""The course plan as its instructors make it: fitted, changed week by week, saved and loaded."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.coaching.cohort import Audience, Caller, Cohort, authorize
from bot.coaching.course_plan import (
    ANOTHER_WAY_LIMIT,
    STEP_LIMIT,
    THEME_LIMIT,
    CourseWeek,
    DoneBy,
    DueDay,
    PlanWeek,
    as_plan,
    due_day,
    empty_weeks,
    fitted,
    in_breaks,
    neighbour,
    refitted,
)
from bot.coaching.errors import NoDueDays, NoRoomForPlan, OldCard, WeekGone, WeekTaken
from bot.coaching.ids import WeekId
from bot.coaching.limits import MOST_MINUTES
from bot.coaching.texts import checked_number, checked_text, optional_text
from bot.coaching.weeks import local_day
from bot.services.followups import FollowUp, calendar_of
from bot.services.membership import open_course
from prompts import Content
from prompts.course_plan import read_uploaded, written_plan
from storage import cohort as cohorts
from storage import course_plan
from storage.database import Database, Tx

OTHERWISE_LIMIT = 200
DEFAULT_MINUTES = 15
"""How long a step takes whose text does not say it."""
UNSAVED = WeekId(0)
_MINUTES = re.compile(r"\s*\(\s*(?:about\s+)?(\d{1,6})\s*min(?:ute)?s?\.?\s*\)\s*\.?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plan:
    """A course's plan as it is now.

    Attributes:
        weeks: All of them, also those that are switched off.
        empty: The Mondays of the teaching weeks without a step, from this week on.
        covered: The weeks that a break covers.
        before: What was there before a file took its place, as a file.
        left_out: The weeks of that file for which the term had no room.
        stayed: How many weeks stayed as they were, because a member has begun them, where the file had another.
    """

    cohort: Cohort
    today: date
    weeks: Sequence[CourseWeek]
    empty: Sequence[date]
    covered: Sequence[CourseWeek]
    before: bytes | None = None
    left_out: Sequence[PlanWeek] = ()
    stayed: int = 0

    def number(self, monday: date) -> int:
        """Return the number of a week of the term."""
        return self.cohort.week_number(monday)


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the weeks of a plan would come to lie, and which have no room."""

    cohort: Cohort
    weeks: Sequence[CourseWeek]
    left_out: Sequence[PlanWeek]


@dataclass(frozen=True, slots=True)
class WeekOfPlan:
    """One week of a plan.

    Attributes:
        done: Some members have done its step.
        earlier, later: The teaching weeks beside it, to which it may move.
    """

    cohort: Cohort
    week: CourseWeek
    done: bool
    earlier: date | None
    later: date | None

    @property
    def number(self) -> int:
        """Return its number in the term."""
        return self.cohort.week_number(self.week.week)


@dataclass(frozen=True, slots=True)
class WeekDraft:
    """A week as it is written in the form; the step's minutes may stand at its end: "Search your name (15 min)"."""

    theme: str
    step: str
    due: DueDay
    done_by: DoneBy
    counts: str | None
    another_way: str


class CoursePlanService:
    """What `/cohort plan` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def show(self, caller: Caller, now: datetime) -> Plan:
        """Return the plan; raises NoCourse or InstructorOnly."""
        return await self._database.read(lambda tx: _plan(tx, open_course(tx, caller, Audience.STAFF), now))

    async def preview(self, caller: Caller, now: datetime) -> Fit:
        """Return where the ready plan would come to lie; raises NoRoomForPlan, NoCourse or InstructorOnly."""

        def work(tx: Tx) -> Fit:
            cohort = open_course(tx, caller, Audience.STAFF)
            placed = fitted(self._content.plan, cohort.term, local_day(now, cohort.zone))
            if not placed:
                raise NoRoomForPlan
            chosen = [week for _, week in placed]
            weeks = [_unsaved(week, monday, cohort) for monday, week in placed]
            return Fit(cohort, weeks, [week for week in self._content.plan if week not in chosen])

        return await self._database.read(work)

    async def take_ready(self, caller: Caller, now: datetime) -> Plan:
        """Make the ready plan the course's, which a course with a plan does not need; raises as `preview` does."""

        def work(tx: Tx) -> Plan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            if not course_plan.weeks(tx, cohort.id):
                _fill(tx, cohort, self._content.plan, local_day(now, cohort.zone))
            return _plan(tx, cohort, now)

        return await self._database.transact(work)

    async def read_file(self, written: bytes) -> tuple[Sequence[PlanWeek], Sequence[str]]:
        """Return the weeks of a file, and a sentence for each thing that is wrong with it."""
        # In a thread, because the largest file takes long enough to hold up everybody else's answers.
        return await asyncio.to_thread(read_uploaded, written, self._content.checklist, self._content.vocabulary.kinds)

    async def load(self, caller: Caller, plan: Sequence[PlanWeek], now: datetime) -> Plan:
        """Put a plan in place of the weeks that no member has begun; raises NoRoomForPlan, NoCourse or InstructorOnly.

        Where the course has a plan already, the new one begins where that began.
        """

        def work(tx: Tx) -> Plan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            old = course_plan.weeks(tx, cohort.id)
            placed = dict(_fill(tx, cohort, plan, old[0].week if old else local_day(now, cohort.zone)))
            return replace(
                _plan(tx, cohort, now),
                before=written_plan(as_plan(old, cohort.term)) if old else None,
                left_out=[week for week in plan if week not in placed.values()],
                stayed=sum(
                    not _same(week, placed[week.week], cohort)
                    for week in course_plan.weeks(tx, cohort.id)
                    if week.week in placed
                ),
            )

        return await self._database.transact(work)

    async def saved(self, caller: Caller) -> bytes:
        """Return the plan as a file; raises WeekGone without one, NoCourse or InstructorOnly."""

        def work(tx: Tx) -> bytes:
            cohort = open_course(tx, caller, Audience.STAFF)
            return written_plan(as_plan(_some_weeks(tx, cohort), cohort.term))

        return await self._database.read(work)

    async def calendar(self, caller: Caller, now: datetime) -> str:
        """Return an iCalendar file with the days on which steps are due; raises NoDueDays, or as `saved` does."""

        def work(tx: Tx) -> list[FollowUp]:
            cohort = open_course(tx, caller, Audience.STAFF)
            return [
                FollowUp(
                    f"course-{cohort.id}-week-{week.id}",
                    week.due_on,
                    f"{cohort.name}: {week.theme}",
                    " · ".join(filter(None, [f"{week.step} ({week.minutes} min)", week.another_way])),
                )
                for week in _some_weeks(tx, cohort)
                if not week.switched_off
            ]

        made = await calendar_of(self._database, await self._database.read(work), now)
        if made is None:
            raise NoDueDays
        return made

    async def week(self, caller: Caller, week_id: WeekId) -> WeekOfPlan:
        """Return a week; raises WeekGone, NoCourse or InstructorOnly."""
        return await self._database.read(lambda tx: _week(tx, open_course(tx, caller, Audience.STAFF), week_id))

    async def empty(self, caller: Caller, monday: date | None, now: datetime) -> tuple[Cohort, date]:
        """Return the course and an empty teaching week, the first one for None.

        Raises WeekTaken, NoRoomForPlan, NoCourse or InstructorOnly.
        """

        def work(tx: Tx) -> tuple[Cohort, date]:
            cohort = open_course(tx, caller, Audience.STAFF)
            empty = _plan(tx, cohort, now).empty
            if not empty:
                raise NoRoomForPlan
            if monday is not None and monday not in empty:
                raise WeekTaken
            return cohort, monday or empty[0]

        return await self._database.read(work)

    async def add(self, caller: Caller, monday: date, draft: WeekDraft, now: datetime) -> WeekOfPlan:
        """Fill an empty week; raises WeekTaken, or what `change` raises."""

        def work(tx: Tx) -> WeekOfPlan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            if monday not in _plan(tx, cohort, now).empty:
                raise WeekTaken
            week_id = course_plan.put_week(tx, cohort.id, None, monday, self._checked(draft, None), cohort.term)
            return _week(tx, cohort, week_id)

        return await self._database.transact(work)

    async def change(self, caller: Caller, week_id: WeekId, draft: WeekDraft) -> WeekOfPlan:
        """Change what a week asks for.

        Raises WeekGone, TextMissing, TextTooLong, BadNumber, OldCard for what no longer counts, NoCourse or
        InstructorOnly.
        """

        def work(tx: Tx) -> WeekOfPlan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            old = _week(tx, cohort, week_id).week
            course_plan.put_week(tx, cohort.id, week_id, old.week, self._checked(draft, old), cohort.term)
            return _week(tx, cohort, week_id)

        return await self._database.transact(work)

    async def choose_item(self, caller: Caller, week_id: WeekId, item_id: str) -> WeekOfPlan:
        """Let a checklist item count for a week; raises UnknownItem, WeekGone, NoCourse or InstructorOnly."""
        item = self._content.checklist.item(item_id)

        def work(tx: Tx) -> WeekOfPlan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            _week(tx, cohort, week_id)
            course_plan.set_week(tx, cohort.id, week_id, done_by=DoneBy.ITEM, done_ref=item.id)
            return _week(tx, cohort, week_id)

        return await self._database.transact(work)

    async def move(self, caller: Caller, week_id: WeekId, *, later: bool) -> WeekOfPlan:
        """Let a week change places with the teaching week beside it, which may be empty; due days follow.

        Raises WeekGone, WeekTaken at the end of the term, NoCourse or InstructorOnly.
        """

        def work(tx: Tx) -> WeekOfPlan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            moving = _week(tx, cohort, week_id).week
            target = neighbour(moving.week, cohort.term, later=later)
            if target is None:
                raise WeekTaken
            there = [week for week in course_plan.weeks(tx, cohort.id) if week.week == target]
            _put_at(tx, cohort, moving, target)
            for week in there:
                _put_at(tx, cohort, week, moving.week)
            return _week(tx, cohort, week_id)

        return await self._database.transact(work)

    async def switch(self, caller: Caller, week_id: WeekId, *, on: bool) -> WeekOfPlan:
        """Show a week to members, or no longer; raises WeekGone, NoCourse or InstructorOnly."""

        def work(tx: Tx) -> WeekOfPlan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            _week(tx, cohort, week_id)
            course_plan.set_week(tx, cohort.id, week_id, switched_off=not on)
            return _week(tx, cohort, week_id)

        return await self._database.transact(work)

    async def preview_fit(self, caller: Caller) -> Fit:
        """Return where the weeks move that a break covers now, and those after them; raises NoCourse or InstructorOnly.

        Weeks that somebody has begun stay where they are.
        """

        def work(tx: Tx) -> Fit:
            cohort = open_course(tx, caller, Audience.STAFF)
            moved, left_out = refitted(course_plan.weeks(tx, cohort.id), course_plan.begun(tx, cohort.id), cohort.term)
            weeks = [_unsaved(week.plan, monday, cohort, week.id) for week, monday in moved]
            return Fit(cohort, weeks, [week.plan for week in left_out])

        return await self._database.read(work)

    async def fit_again(self, caller: Caller, now: datetime) -> Plan:
        """Move the weeks as `preview_fit` says; raises NoCourse or InstructorOnly."""

        def work(tx: Tx) -> Plan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            weeks, begun = course_plan.weeks(tx, cohort.id), course_plan.begun(tx, cohort.id)
            moved, left_out = refitted(weeks, begun, cohort.term)
            course_plan.remove_weeks(tx, cohort.id, [week.id for week in left_out])
            for week, monday in moved:
                _put_at(tx, cohort, week, monday)
            return _plan(tx, cohort, now)

        return await self._database.transact(work)

    async def course(self, caller: Caller) -> Cohort:
        """Return the open course, to whom the question whether steps count may be put; raises as `count` does."""

        def work(tx: Tx) -> Cohort:
            return _to_answer(caller, open_course(tx, caller, Audience.STAFF))

        return await self._database.read(work)

    async def count(self, caller: Caller, otherwise: str | None, now: datetime) -> Plan:
        """Say that weekly steps count toward the course, with what to do instead of the bot; None: they do not count.

        Raises TextMissing, TextTooLong, ManagerOnly for an instructor who would change the answer, NoCourse or
        InstructorOnly.
        """
        line = None if otherwise is None else checked_text("The line", otherwise, OTHERWISE_LIMIT)

        def work(tx: Tx) -> Plan:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            if (line is not None, line) != (cohort.steps_count, cohort.otherwise):
                _to_answer(caller, cohort)
            cohorts.set_counting(tx, cohort.id, line, counts=line is not None)
            return _plan(tx, open_course(tx, caller, Audience.STAFF), now)

        return await self._database.transact(work)

    def _checked(self, draft: WeekDraft, old: CourseWeek | None) -> PlanWeek:
        """Return the week of a form; an item that is still to be chosen counts as a tick until it is."""
        written = _MINUTES.search(draft.step)
        minutes = old.minutes if old is not None else DEFAULT_MINUTES
        if written is not None:
            minutes = checked_number("The number of minutes in the step", written[1], 1, MOST_MINUTES)
        step = draft.step if written is None else draft.step[: written.start()]
        done_by, counts = draft.done_by, draft.counts
        if done_by is DoneBy.ITEM:
            counts = old.counts if old is not None and old.done_by is DoneBy.ITEM else None
            done_by = DoneBy.TICK if counts is None else DoneBy.ITEM
        elif done_by is DoneBy.ACTION and counts not in self._content.vocabulary.kinds:
            raise OldCard
        return PlanWeek(
            checked_text("The theme", draft.theme, THEME_LIMIT),
            checked_text("The step", step, STEP_LIMIT),
            minutes,
            draft.due,
            done_by,
            counts,
            optional_text("The other way", draft.another_way, ANOTHER_WAY_LIMIT),
            switched_off=old is not None and old.switched_off,
        )


def _plan(tx: Tx, cohort: Cohort, now: datetime) -> Plan:
    weeks, today = course_plan.weeks(tx, cohort.id), local_day(now, cohort.zone)
    return Plan(cohort, today, weeks, empty_weeks(weeks, cohort.term, today), in_breaks(weeks, cohort.term))


def _week(tx: Tx, cohort: Cohort, week_id: WeekId) -> WeekOfPlan:
    week = course_plan.get(tx, cohort.id, week_id)
    if week is None:
        raise WeekGone
    earlier, later = (neighbour(week.week, cohort.term, later=later) for later in (False, True))
    return WeekOfPlan(cohort, week, course_plan.done_by_some(tx, week_id), earlier, later)


def _some_weeks(tx: Tx, cohort: Cohort) -> list[CourseWeek]:
    weeks = course_plan.weeks(tx, cohort.id)
    if not weeks:
        raise WeekGone
    return weeks


def _fill(tx: Tx, cohort: Cohort, plan: Sequence[PlanWeek], since: date) -> list[tuple[date, PlanWeek]]:
    placed = fitted(plan, cohort.term, since)
    if not placed:
        raise NoRoomForPlan
    course_plan.replace_weeks(tx, cohort.id, placed, cohort.term)
    return placed


def _same(week: CourseWeek, wished: PlanWeek, cohort: Cohort) -> bool:
    """Whether a week is what a file says of it."""
    return replace(week, announced=True) == _unsaved(wished, week.week, cohort, week.id)


def _unsaved(week: PlanWeek, monday: date, cohort: Cohort, week_id: WeekId = UNSAVED) -> CourseWeek:
    due = due_day(monday, week.due, cohort.term)
    facts = (week.theme, week.step, week.minutes, due, week.done_by, week.counts, week.another_way, week.switched_off)
    return CourseWeek(week_id, monday, *facts)


def _put_at(tx: Tx, cohort: Cohort, week: CourseWeek, monday: date) -> None:
    due = due_day(monday, week.plan.due, cohort.term)
    course_plan.set_week(tx, cohort.id, week.id, week=monday, due_on=due)


def _to_answer(caller: Caller, cohort: Cohort) -> Cohort:
    """Let instructors answer whether steps count; whoever manages the server may change the answer."""
    if cohort.steps_count is not None:
        authorize(replace(caller, audience=Audience.MANAGER), Audience.MANAGER, cohort=cohort)
    return cohort
