"""Announcements: on Monday mornings the week's step is posted in the course's channel, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Audience, Caller, Cohort
from bot.coaching.course_plan import CourseWeek, step_words
from bot.coaching.errors import NoCourseChannel, OldCard
from bot.coaching.ids import CohortId, WeekId
from bot.coaching.momentum import WEEK
from bot.coaching.nudges import EVERYBODY, NudgeKey, NudgeKind, NudgeState, Recipient
from bot.coaching.plain import plain
from bot.coaching.weeks import day_words, local_day, moment, monday_of
from bot.services.membership import open_course
from storage import announcements, course_plan, nudges
from storage.database import Database, Tx
from storage.nudges import Nudge

HOUR = 9
"""The hour of the course's wall clock at which a week is announced, on its Monday."""


@dataclass(frozen=True, slots=True)
class Announcements:
    """What is announced next, and what became of the last post.

    Attributes:
        week: The next week with a step, if there is one; it may be one that is not announced.
        text: How its post reads.
        at: When it is posted.
        last: The last post.
        may_post: This week may be posted now: it was not yet, or its post did not go out.
    """

    cohort: Cohort
    week: CourseWeek | None
    text: str
    at: datetime | None
    last: Nudge | None
    may_post: bool


class AnnouncementService:
    """What *Announcements* on the plan's card leads to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def show(self, caller: Caller, now: datetime) -> Announcements:
        """Return what comes and what became of the last post; raises NoCourse."""
        return await self._database.read(lambda tx: _view(tx, open_course(tx, caller, Audience.STAFF), now))

    async def switch(self, caller: Caller, now: datetime, *, on: bool) -> Announcements:
        """Announce the weeks from the next Monday on, or no longer; raises NoCourseChannel or NoCourse."""

        def work(tx: Tx) -> Announcements:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            if on and cohort.channel_id is None:
                raise NoCourseChannel
            announcements.switch(tx, cohort.id, on=on)
            cohort = open_course(tx, caller, Audience.STAFF)
            plan_anew(tx, cohort, now)
            return _view(tx, cohort, now)

        return await self._database.transact(work)

    async def skip(self, caller: Caller, week_id: WeekId, now: datetime, *, skipped: bool) -> Announcements:
        """Leave a week out, or announce it after all; raises OldCard or NoCourse."""

        def work(tx: Tx) -> Announcements:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            if course_plan.get(tx, cohort.id, week_id) is None:
                raise OldCard
            course_plan.set_week(tx, cohort.id, week_id, announced=not skipped)
            return _view(tx, cohort, now)

        return await self._database.transact(work)

    async def post_now(self, caller: Caller, now: datetime) -> Announcements:
        """Post this week's step now, unless it is out or on its way; raises OldCard or NoCourse."""

        def work(tx: Tx) -> Announcements:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            if not _view(tx, cohort, now).may_post:
                raise OldCard
            key = _key(cohort, monday_of(local_day(now, cohort.zone)).isoformat())
            if not nudges.owe(tx, key, now):
                nudges.owe_again(tx, key, now)
            return _view(tx, cohort, now)

        return await self._database.transact(work)


def next_monday(cohort: Cohort, after: datetime) -> datetime | None:
    """Return the first Monday morning after a moment on which a course may announce; None past its term."""
    monday = max(monday_of(local_day(after, cohort.zone)), monday_of(cohort.starts_on))
    at = moment(monday, HOUR, cohort.zone)
    if at <= after:
        monday += WEEK
        at = moment(monday, HOUR, cohort.zone)
    return at if monday <= cohort.ends_on else None


def plan_anew(tx: Tx, cohort: Cohort, now: datetime) -> None:
    """Plan the next announcement of a course whose term, zone or channel has changed; one already due stays due."""
    planned = announcements.next_at(tx, cohort.id)
    if planned is None or planned > now:
        announcements.set_next(tx, cohort.id, next_monday(cohort, now) if cohort.announce else None)


def time_anew(tx: Tx) -> None:
    """Let each planned announcement come at nine by the zones as they are now; a start does it."""
    for cohort_id, zone, at in announcements.planned(tx):
        timed = moment(local_day(at, zone), HOUR, zone)
        if timed != at:
            announcements.set_next(tx, cohort_id, timed)


def owe_due(tx: Tx, cohort_id: CohortId, now: datetime) -> None:
    """Owe the posts that fell due in a course and plan the next, once however many processes ask.

    After an outage each missed Monday gets its row; delivery skips the stale ones with the reason.
    """
    locked = announcements.lock_due(tx, cohort_id, now)
    if locked is None:
        return
    cohort, at = locked
    weeks = {week.week for week in course_plan.weeks(tx, cohort.id) if is_announced(week)}
    due: datetime | None = at
    while due is not None and due <= now:
        monday = local_day(due, cohort.zone)
        if cohort.channel_id is not None and monday in weeks and cohort.term.has(monday):
            nudges.owe(tx, _key(cohort, monday.isoformat()), due)
        due = next_monday(cohort, due)
    announcements.set_next(tx, cohort.id, due)


def is_announced(week: CourseWeek) -> bool:
    """Return whether a week is to be announced."""
    return week.announced and not week.switched_off


def post_text(cohort: Cohort, week: CourseWeek) -> str:
    """Return what a course's channel reads of a week: its step, and no counts."""
    other = f"\nAnother way to the same ✓: {step_words(week.another_way)}" if week.another_way else ""
    return (
        f"**Week {cohort.week_number(week.week)}: {plain(week.theme)}**\n{step_words(week.step)} "
        f"(about {week.minutes} min, due {day_words(week.due_on)}){other}"
    )


def _key(cohort: Cohort, period: str) -> NudgeKey:
    return NudgeKey(Recipient(cohort.id, EVERYBODY, cohort.channel_id), NudgeKind.ANNOUNCEMENT, period)


def _view(tx: Tx, cohort: Cohort, now: datetime) -> Announcements:
    plan, last = course_plan.weeks(tx, cohort.id), nudges.last_post(tx, cohort.id)
    week = _next_week(cohort, plan, now)
    text = "" if week is None else post_text(cohort, week)
    at = None if week is None else moment(week.week, HOUR, cohort.zone)
    return Announcements(cohort, week, text, at, last, _may_post(tx, cohort, plan, now))


def _next_week(cohort: Cohort, plan: Sequence[CourseWeek], now: datetime) -> CourseWeek | None:
    coming = next_monday(cohort, now)
    if coming is None:
        return None
    first = local_day(coming, cohort.zone)
    return next((one for one in plan if one.week >= first and not one.switched_off and cohort.term.has(one.week)), None)


def _may_post(tx: Tx, cohort: Cohort, plan: Sequence[CourseWeek], now: datetime) -> bool:
    today = local_day(now, cohort.zone)
    monday = monday_of(today)
    live = any(one.week == monday and is_announced(one) for one in plan) and cohort.term.has(today)
    if not (live and cohort.announce and cohort.channel_id is not None):
        return False
    post = nudges.get(tx, _key(cohort, monday.isoformat()))
    return post is None or post.state in {NudgeState.HELD, NudgeState.SKIPPED}
