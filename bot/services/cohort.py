"""Setting a course up, and seeing how it is doing."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from importlib.metadata import version

from bot.coaching.cohort import (
    NAME_LIMIT,
    SUPPORT_LIMIT,
    Audience,
    Caller,
    Cohort,
    checked_term,
)
from bot.coaching.errors import (
    BreakOutsideTerm,
    CourseAlreadyOpen,
    EveryoneInstructs,
    ManagerOnly,
    MissingCourseFacts,
    NoCourse,
    OldCard,
    Refusal,
    ServerOnly,
    TermOver,
    TooManyBreaks,
)
from bot.coaching.ids import ChannelId, GuildId
from bot.coaching.texts import checked_text
from bot.coaching.weeks import Break, BreakKind, checked_hour, local_day
from bot.coaching.zones import checked_zone
from bot.dates import read_date
from bot.services.announcements import plan_anew
from bot.services.breaker import Breaker, read_breaker
from bot.services.class_statistics import Notes, last_notes, plan_snapshot
from bot.services.housekeeping import LAST_TICK
from bot.services.membership import find_latest_course, find_open_course, open_course
from bot.services.planning import Planning
from bot.services.retention import close_course
from prompts import Content
from storage import announcements, class_statistics, course_plan, digest, members, register, sections, settings
from storage import cohort as cohorts
from storage.cohort import CohortDefaults, CohortFacts
from storage.database import Database, Tx

MOST_BREAKS = 8
KEPT = timedelta(minutes=15)
"""How long the options of a first set-up that was refused are kept, in memory alone."""
RETENTION_DAYS = (30, 60, 90, 180)
"""The choices for how long members' data is kept after the end."""
DEFAULTS = CohortDefaults(nudge_day=0, nudge_hour=16, track=None, expected_size=None, support_contact=None)
"""A new course starts with Monday 16:00 (method, section 4)."""


@dataclass(frozen=True, slots=True)
class SetupRequest:
    """The options of `/cohort setup` as written; None keeps what the course has."""

    name: str | None = None
    term_start: str | None = None
    term_end: str | None = None
    time_zone: str | None = None
    instructor_role_id: int | None = None
    register: bool | None = None
    student_role_id: int | None = None
    student_number: bool | None = None
    channel_id: ChannelId | None = None

    def over(self, earlier: "SetupRequest") -> "SetupRequest":
        """Return this request, with the options of an earlier one where it has none."""
        return replace(earlier, **{name: value for name, value in asdict(self).items() if value is not None})


@dataclass(frozen=True, slots=True)
class DefaultsChange:
    """A change on the set-up card; None keeps a value, an empty text takes it out."""

    nudge_day: int | None = None
    nudge_hour: int | None = None
    track: str | None = None
    expected_size: int | None = None
    support_contact: str | None = None
    register: bool | None = None
    retention_days: int | None = None


@dataclass(frozen=True, slots=True)
class BreakRequest:
    """A break as written; without a last day it is one day long."""

    kind: BreakKind
    first_day: str
    last_day: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of delivery in a course at the moment `now`.

    Attributes:
        notes: What became of the notes of the last week; None if nothing is published.
        last_tick: None if the scheduler has never ticked.
        digests: How many instructors get the digest.
        next_snapshot: When the class is counted next.
        last: The course that closed last in the server; `cohort` itself when none is open.
        sections: The roles of the sections of an open course.
    """

    cohort: Cohort
    notes: Notes | None
    breaker: Breaker | None
    last_tick: datetime | None
    now: datetime
    database: str
    version: str
    digests: int = 0
    next_snapshot: datetime | None = None
    last: Cohort | None = None
    sections: Sequence[int] = ()


class CohortService:
    """What `/cohort` does."""

    def __init__(self, database: Database, content: Content, planning: Planning) -> None:
        self._database = database
        self._content = content
        self._planning = planning
        self._refused: dict[GuildId | None, tuple[SetupRequest, datetime]] = {}

    async def set_up(self, caller: Caller, given: SetupRequest, now: datetime) -> Cohort:
        """Open the server's course, or change the open one; unnamed options stay.

        What was given to open a course that was then refused counts in the next call.

        Raises MissingCourseFacts, UnknownZone, TermEndsBeforeStart, TermTooLong, TermOver, CourseAlreadyOpen,
        EveryoneInstructs, TextTooLong, ManagerOnly or what `read_date` raises.
        """
        try:
            cohort = await self._database.transact(lambda tx: self._set_up(tx, caller, given, now))
        except (ManagerOnly, ServerOnly):
            raise
        except Refusal:
            self._refused[caller.guild_id] = given.over(self._kept(caller, now)), now + KEPT
            raise
        self._refused.pop(caller.guild_id, None)
        return cohort

    def _set_up(self, tx: Tx, caller: Caller, given: SetupRequest, now: datetime) -> Cohort:
        cohort = find_open_course(tx, caller, Audience.MANAGER, lock="to change")
        if caller.guild_id is None:  # pragma: no cover - the policy refuses a DM
            raise ServerOnly
        request = given
        if cohort is None or cohort.ends_on < local_day(now, cohort.zone):  # it opens one
            request = given.over(self._kept(caller, now))
        if request.instructor_role_id == caller.guild_id:  # the id of @everyone is the server's
            raise EveryoneInstructs
        facts = _facts(request, cohort, now)
        today = local_day(now, facts.zone)
        if cohort is not None and facts.starts_on > cohort.ends_on:
            if today <= cohort.ends_on:
                raise CourseAlreadyOpen(cohort.name, cohort.ends_on)
            close_course(tx, cohort, self._planning, now)
            cohort = None
        if cohort is None:
            if facts.ends_on < today:
                raise TermOver(facts.ends_on)
            # Of two managers at once, the second changes the course that the first opened.
            cohorts.add(tx, caller.guild_id, facts, DEFAULTS, now)
            cohort = open_course(tx, caller, Audience.MANAGER)
        cohorts.set_facts(tx, cohort.id, facts)
        _set_students(tx, cohort, request)
        plan_snapshot(tx, cohort.id, facts.zone, now)
        _answer_register(tx, cohort, request.register, now)
        cohort = open_course(tx, caller, Audience.MANAGER)
        course_plan.keep_due_days(tx, cohort.id, cohort.term)
        plan_anew(tx, cohort, now)
        self._planning.plan_anew(tx, members.all_to_plan(tx, cohort.id), now)
        return cohort

    def _kept(self, caller: Caller, now: datetime) -> SetupRequest:
        request, until = self._refused.get(caller.guild_id, (SetupRequest(), now))
        return request if now < until else SetupRequest()

    async def adjust(self, caller: Caller, change: DefaultsChange, now: datetime) -> Cohort:
        """Change the defaults of new members, track, size, contact, register or retention.

        Raises QuietHour, OldCard, TextTooLong, NoCourse or ManagerOnly.
        """
        hour = None if change.nudge_hour is None else checked_hour(change.nudge_hour)
        if change.track and change.track not in self._content.checklist.tracks:
            raise OldCard
        if change.retention_days not in {None, *RETENTION_DAYS}:
            raise OldCard
        contact = change.support_contact and checked_text("The support contact", change.support_contact, SUPPORT_LIMIT)

        def work(tx: Tx) -> Cohort:
            cohort = open_course(tx, caller, Audience.MANAGER, lock="to change")
            defaults = CohortDefaults(
                nudge_day=cohort.nudge_day if change.nudge_day is None else change.nudge_day,
                nudge_hour=cohort.nudge_hour if hour is None else hour,
                track=cohort.track if change.track is None else change.track or None,
                expected_size=cohort.expected_size if change.expected_size is None else change.expected_size or None,
                support_contact=cohort.support_contact if contact is None else contact,
            )
            cohorts.set_defaults(tx, cohort.id, defaults)
            _set_register(tx, cohort, change.register, now)
            if change.retention_days is not None:
                cohorts.set_retention(tx, cohort.id, change.retention_days)
            return open_course(tx, caller, Audience.MANAGER)

        return await self._database.transact(work)

    async def course(self, caller: Caller, *audiences: Audience) -> Cohort:
        """Return the server's open course for its staff; raises NoCourse."""
        return await self._database.read(lambda tx: open_course(tx, caller, *audiences))

    async def is_staff(self, caller: Caller) -> bool:
        """Return whether the caller may do what instructors or managers of this server may."""
        staff = replace(caller, audience=Audience.STAFF)

        def work(tx: Tx) -> bool:
            try:
                find_open_course(tx, staff, Audience.STAFF)
            except Refusal:
                return False
            return True

        return await self._database.read(work)

    async def has_plan(self, caller: Caller) -> bool:
        """Return whether the server's open course has a course plan; raises NoCourse."""
        return await self._database.read(
            lambda tx: bool(course_plan.weeks(tx, open_course(tx, caller, Audience.MANAGER).id))
        )

    async def breaks(self, caller: Caller) -> Cohort:
        """Return the course with its breaks; raises NoCourse."""
        return await self.course(caller, Audience.STAFF)

    async def add_break(self, caller: Caller, written: BreakRequest, now: datetime) -> Cohort:
        """Add days without nudges and plan everybody anew; a break that begins the same day is replaced.

        Raises BreakOutsideTerm, TooManyBreaks, NoCourse or what `read_date` raises.
        """

        def change(cohort: Cohort) -> list[Break]:
            today = local_day(now, cohort.zone)
            first = read_date(written.first_day, today, latest=cohort.ends_on)
            last = read_date(written.last_day, today, latest=cohort.ends_on) if written.last_day else first
            if not cohort.starts_on <= first <= last <= cohort.ends_on:
                raise BreakOutsideTerm(cohort.starts_on, cohort.ends_on)
            others = [other for other in cohort.breaks if other.first != first]
            if len(others) == MOST_BREAKS:
                raise TooManyBreaks(MOST_BREAKS)
            return sorted([*others, Break(written.kind, first, last)], key=lambda day: day.first)

        return await self._change_breaks(caller, change, now)

    async def remove_break(self, caller: Caller, first: date, now: datetime) -> Cohort:
        """Remove the break that begins on `first`, if there is one, and plan everybody anew; raises NoCourse."""
        return await self._change_breaks(
            caller, lambda cohort: [other for other in cohort.breaks if other.first != first], now
        )

    async def _change_breaks(self, caller: Caller, change: Callable[[Cohort], list[Break]], now: datetime) -> Cohort:
        def work(tx: Tx) -> Cohort:
            cohort = open_course(tx, caller, Audience.STAFF, lock="to change")
            cohorts.set_breaks(tx, cohort.id, change(cohort))
            cohort = cohorts.get(tx, cohort.id) or cohort
            course_plan.keep_due_days(tx, cohort.id, cohort.term)
            self._planning.plan_anew(tx, members.all_to_plan(tx, cohort.id), now)
            return cohort

        return await self._database.transact(work)

    async def status(self, caller: Caller, now: datetime) -> Status:
        """Return the state of delivery: what became of last week's notes, and what may hold them up."""

        def work(tx: Tx) -> Status:
            cohort = find_latest_course(tx, caller, Audience.STAFF)
            if cohort is None:
                raise NoCourse
            last_tick = settings.get(tx, LAST_TICK)
            is_open = cohort.closed_at is None
            # Exact numbers are for instructors; a manager without the role sees them by the threshold.
            teaches = cohort.instructor_role_id in caller.role_ids
            return Status(
                cohort,
                last_notes(tx, cohort, now, exact=teaches) if is_open else None,
                read_breaker(tx),
                None if last_tick is None else datetime.fromisoformat(last_tick),
                now,
                tx.dialect.name,
                version("pln-coach"),
                digest.readers(tx, cohort.id),
                class_statistics.next_at(tx, cohort.id) if is_open else None,
                cohorts.last_closed(tx, cohort.guild_id),
                sections.of_course(tx, cohort.id) if is_open else (),
            )

        return await self._database.read(work)

    async def guilds_changed(self, here: Collection[GuildId], left: Collection[GuildId], now: datetime) -> None:
        """Plan nothing in servers that removed the bot; in those that took it back, plan on without a backlog."""

        def work(tx: Tx) -> None:
            cohorts.set_away(tx, left, now)
            for cohort_id in cohorts.set_away(tx, here, None):
                self._planning.plan_from(tx, members.all_to_plan(tx, cohort_id), now)

        await self._database.transact(work)


def _set_students(tx: Tx, cohort: Cohort, request: SetupRequest) -> None:
    role_id = request.student_role_id or cohort.student_role_id
    asked = cohort.student_number if request.student_number is None else request.student_number
    cohorts.set_students(tx, cohort.id, role_id, number=asked)
    if request.channel_id is not None:
        announcements.set_channel(tx, cohort.id, request.channel_id)


def _answer_register(tx: Tx, cohort: Cohort, answer: bool | None, now: datetime) -> None:  # noqa: FBT001 - an answer
    if answer is None and cohort.register is None:  # decided anew in each course
        raise MissingCourseFacts(("register",))
    _set_register(tx, cohort, answer, now)


def _set_register(tx: Tx, cohort: Cohort, on: bool | None, now: datetime) -> None:  # noqa: FBT001 - an answer
    # Only if it changes: members are told each time.
    if on not in {None, cohort.register}:
        register.switch(tx, cohort, now, on=bool(on))


def _facts(request: SetupRequest, cohort: Cohort | None, now: datetime) -> CohortFacts:
    """Merge the request into the course's facts; raises for whatever is missing or wrong."""
    name = cohort and cohort.name
    if request.name is not None:
        name = checked_text("The course name", request.name, NAME_LIMIT)
    zone = cohort and cohort.zone if request.time_zone is None else checked_zone(request.time_zone)
    today = local_day(now, zone or "UTC")  # without a zone, only what is missing is said
    ends_on, starts_on = cohort and cohort.ends_on, cohort and cohort.starts_on
    if request.term_end is not None:
        ends_on = read_date(request.term_end, today)
    if request.term_start is not None:  # it may have passed: without a year, the last such day before the end
        starts_on = read_date(request.term_start, today, latest=ends_on)
    role_id = request.instructor_role_id or (cohort and cohort.instructor_role_id)
    answer = request.register if cohort is None or cohort.register is None else cohort.register
    if name is None or zone is None or starts_on is None or ends_on is None or role_id is None or answer is None:
        options = ("course_name", "term_start", "term_end", "time_zone", "instructor_role", "register")
        values = (name, starts_on, ends_on, zone, role_id, answer)
        raise MissingCourseFacts(tuple(option for option, value in zip(options, values, strict=True) if value is None))
    checked_term(starts_on, ends_on)
    return CohortFacts(name, zone, starts_on, ends_on, role_id)
