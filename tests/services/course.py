"""A course with its services around one database: what the tests of the services start from."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, select

from bot.coaching.cohort import Audience, Caller, Cohort, Enrolment, Notice
from bot.coaching.course_plan import CourseWeek, DoneBy, DueDay, PlanWeek, fitted
from bot.coaching.focus import FocusDraft
from bot.coaching.goals import Beginning, GoalDraft, UnfinishedGoal
from bot.coaching.ids import ChannelId, EnrolmentId, GuildId, UserId
from bot.coaching.nudges import NudgeKey, NudgeKind, NudgeState, Recipient
from bot.services.ai_notes import AiNotes
from bot.services.bios import BioService
from bot.services.checkin import CheckinService
from bot.services.class_statistics import WeeklySnapshot
from bot.services.closing import ClosingService
from bot.services.cohort import CohortService, DefaultsChange, SetupRequest
from bot.services.course_plan import CoursePlanService
from bot.services.delivery import DeliverySettings, DeliveryWorker, Timing
from bot.services.digest import DigestService, owe_digests
from bot.services.feedback import FeedbackService
from bot.services.focus import FocusService, SavedFocus
from bot.services.footprint import FootprintService
from bot.services.goals import GoalService, GoalView
from bot.services.log import LogService
from bot.services.me import MeService
from bot.services.members import Joined, MemberService
from bot.services.messages import MessageService
from bot.services.network import NetworkService
from bot.services.note_buttons import NoteButtons
from bot.services.nudges import NudgeService
from bot.services.opportunities import OpportunityService
from bot.services.overview import OverviewService
from bot.services.planning import Planning
from bot.services.portfolio import PortfolioService, keep_network_starts
from bot.services.register import RegisterService
from bot.services.student_numbers import StudentNumberService
from bot.services.week import WeekService
from prompts import Content
from storage import access_log, course_plan, members, nudges, sections, tables
from storage import cohort as cohorts
from storage.access_log import AccessLogEntry
from storage.database import Database, Tx
from tests.services.fakes import Clock, FakeMessenger, NoPace

GUILD = GuildId(700)
MANAGER = UserId(1)
TEACHER = UserId(2)
ROLE = 55
ZONE = "Europe/Berlin"
TERM_START = date(2027, 2, 15)
TERM_END = date(2027, 6, 4)
JITTER = 20
OPENS = 5
DEFAULT_TIMING = Timing()


def at(day: date, hour: int = 0, minute: int = 0, zone: str = ZONE) -> datetime:
    """Return a moment of the course's wall clock."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(zone)).astimezone(UTC)


START = at(TERM_START, 9)
"""The Monday morning on which every test begins: the first nudges fall due at 16:00 to 16:20."""
DUE = at(TERM_START, 16, 30)
"""When everybody's first nudge has just fallen due."""
WEEK = timedelta(weeks=1)

GOAL = GoalDraft("connect", "One real exchange a week", 2, "If it is Friday 9:00, then I will reply to one person", 6)

PLAN = (
    PlanWeek("Search your name", "Search your name as a stranger would", 10, DueDay.FRIDAY, DoneBy.TICK),
    PlanWeek("Ask", "Answer one person in the course's channel", 15, DueDay.FRIDAY, DoneBy.ACTION, "reply", "On paper"),
    PlanWeek("One line", "Hand in what surprised you", 5, DueDay.WEDNESDAY, DoneBy.LINE),
    PlanWeek("Intent", "Say who should find you", 5, DueDay.FRIDAY, DoneBy.ITEM, "see.intent"),
)
"""The steps of the first four weeks of a term."""


def member(
    user_id: int,
    *,
    dm: bool = False,
    guild_id: GuildId | None = GUILD,
    audience: str = "member",
    notices: list[Notice] | None = None,
) -> Caller:
    """Return a member who uses something, in the server or in the bot's DM; `notices` collects what to mention."""
    channel = ChannelId(9_000_000 + user_id) if dm else None
    guild = None if dm else guild_id
    caller = Caller(UserId(user_id), Audience(audience), guild, frozenset(), manages_guild=False, dm_channel_id=channel)
    return caller if notices is None else replace(caller, mention=notices.extend)


def manager(guild_id: GuildId = GUILD) -> Caller:
    return Caller(MANAGER, Audience.MANAGER, guild_id, frozenset(), manages_guild=True, dm_channel_id=None)


def teacher(guild_id: GuildId | None = GUILD, role: int = ROLE) -> Caller:
    return Caller(TEACHER, Audience.INSTRUCTOR, guild_id, frozenset({role}), manages_guild=False, dm_channel_id=None)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the ledger as the database has it."""

    id: int
    user_id: int
    kind: str
    period: str
    due_at: datetime
    not_before: datetime
    state: str
    runner: str | None
    attempts: int
    rule: str | None
    occasion: str | None
    subject: str | None
    message_id: int | None
    reason: str | None


# asyncio puts what a fixture returned in words, twice, and throws them away: with the content 250,000 letters.
@dataclass(repr=False)
class Course:
    """One course in one server, and everything that acts on it."""

    database: Database
    content: Content
    guild_id: GuildId = GUILD
    clock: Clock = field(default_factory=lambda: Clock(START))
    messenger: FakeMessenger = field(init=False)
    runners: set[str] = field(default_factory=set[str])
    pace: NoPace = field(default_factory=NoPace)
    has_register: bool = False

    def __post_init__(self) -> None:
        self.messenger = FakeMessenger(self.clock)
        self.planning = Planning(JITTER, self.content.backoff_days)
        self.cohorts = CohortService(self.database, self.content, self.planning)
        self.plans = CoursePlanService(self.database, self.content)
        self.views = OverviewService(self.database, self.content)
        self.members = MemberService(self.database, self.planning)
        self.focus = FocusService(self.database, self.content.checklist)
        self.footprint = FootprintService(self.database, self.content.checklist)
        self.goals = GoalService(self.database, self.content)
        self.log = LogService(self.database, self.content)
        self.nudges = NudgeService(self.database, self.content, self.planning)
        self.buttons = NoteButtons(self.database, self.content, self.log, self.footprint)
        self.me = MeService(self.database, self.content)
        self.week = WeekService(self.database, self.content)
        self.network = NetworkService(self.database, self.content)
        self.opportunities = OpportunityService(self.database, self.log, self.content.network.starters)
        self.feedback = FeedbackService(self.database)
        self.closing = ClosingService(self.database, self.planning)
        self.digests = DigestService(self.database, self.content)
        self.messages = MessageService(self.database)
        self.portfolios = PortfolioService(self.database, self.content)
        self.numbers = StudentNumberService(self.database)
        self.checkins = CheckinService(self.database, self.content.checklist)
        self.register = RegisterService(self.database, self.content.checklist)
        self.bios = BioService(
            self.database,
            self.content.rubric,
            self.content.crisis,
            self.content.checklist,
            AiNotes(self.database, None),
        )

    async def use_plan(self, plan: Sequence[PlanWeek] = PLAN) -> list[CourseWeek]:
        """Give the course a plan, fitted to its term."""

        def work(tx: Tx) -> list[CourseWeek]:
            cohort = cohorts.open_in(tx, self.guild_id)
            assert cohort is not None
            weeks = fitted(plan, cohort.term, TERM_START)
            course_plan.replace_weeks(tx, cohort.id, weeks, cohort.term)
            return course_plan.weeks(tx, cohort.id)

        return await self.database.transact(work)

    async def use_register(self, *, on: bool = True) -> None:
        """Let the course have a register, or no longer."""
        self.has_register = on
        await self.cohorts.adjust(manager(self.guild_id), DefaultsChange(register=on), self.clock())

    async def tell_of_register(self) -> None:
        """Let what is owed wait in inboxes: then everybody has been told that the register is on."""
        now = self.clock()
        await self.database.transact(lambda tx: nudges.hold_overdue(tx, now + timedelta(seconds=1), now))

    async def put_in_section(self, enrolment_id: EnrolmentId, role: int) -> None:
        """Note that a member is in a section of the course."""

        def work(tx: Tx) -> None:
            cohort = cohorts.open_in(tx, self.guild_id)
            assert cohort is not None
            sections.note_of_member(tx, cohort.id, enrolment_id, [role])

        await self.database.transact(work)

    async def enrolment(self, user_id: int) -> Enrolment:
        """Return a member's enrolment in the open course."""

        def work(tx: Tx) -> Enrolment:
            cohort = cohorts.open_in(tx, self.guild_id)
            assert cohort is not None
            found = members.find(tx, cohort.id, UserId(user_id))
            assert found is not None
            return found

        return await self.database.read(work)

    async def accesses_to(self, user_id: int) -> list[AccessLogEntry]:
        """Return who looked at what of a member, newest first."""
        member_id = (await self.enrolment(user_id)).id
        return await self.database.read(lambda tx: access_log.of(tx, member_id, 99))

    async def open(self, **changes: Any) -> Cohort:
        request: dict[str, Any] = {
            "name": "PLN 1",
            "term_start": TERM_START.isoformat(),
            "term_end": TERM_END.isoformat(),
            "time_zone": ZONE,
            "instructor_role_id": ROLE,
            "register": self.has_register,
        }
        return await self.cohorts.set_up(manager(self.guild_id), SetupRequest(**request | changes), self.clock())

    async def join(self, *user_ids: int, zone: str | None = None, channel: bool = True) -> Joined:
        """Let members join; with `channel`, their DM channel is known, and the hello sent."""
        joined: list[Joined] = []
        for user_id in user_ids:
            caller = member(user_id, guild_id=self.guild_id, audience="anyone")
            joined.append(await self.members.join(caller, zone, self.clock()))
        if channel:
            for user_id in user_ids:
                self.messenger.has_open(UserId(user_id))
                await self.nudges.settings(member(user_id, dm=True), self.clock())
            # Nobody has opened these; the minute's room is left to others.
            await self.database.transact(_forget_openings)
            await self.rounds("hello").round()
        return joined[-1]

    async def set_focus(self, user_id: int, fields: str = "nursing", **choices: Any) -> SavedFocus:
        """Let a member say what they want to be found for, and what for."""
        draft = FocusDraft(fields, **{"purpose": "hear of a first job", **choices})
        return await self.focus.save(member(user_id), draft, self.clock())

    async def set_goal(self, user_id: int, goal: GoalDraft = GOAL, beginning: Beginning = Beginning.ALONE) -> GoalView:
        """Let a member have the whole conversation that leads to a goal."""
        caller, now = member(user_id), self.clock()
        wish = UnfinishedGoal(
            beginning,
            type=goal.type,
            title=goal.title,
            outcome=goal.outcome,
            target=goal.target,
            weeks=goal.weeks,
        )
        plan = UnfinishedGoal(
            beginning,
            obstacle=goal.obstacle,
            if_then=goal.if_then,
            obstacle_plan=goal.obstacle_plan,
            tiny=goal.tiny,
            box_minutes=goal.box_minutes,
        )
        await self.goals.wish(caller, wish, now)
        await self.goals.plan(caller, plan, now)
        return await self.goals.confirm(caller, now)

    async def answered(self, user_id: int, until: datetime) -> None:
        """Let a member do something two hours before `until`, so that no back-off begins, and move on."""
        self.clock.set(until - timedelta(hours=2))
        await self.nudges.settings(member(user_id, guild_id=self.guild_id), self.clock())
        self.clock.set(until)

    def rounds(
        self,
        runner: str = "a",
        *,
        opens: int = OPENS,
        batch: int = 5,
        timing: Timing = DEFAULT_TIMING,
        database: Database | None = None,
    ) -> DeliveryWorker:
        # Everybody who ever ran is taken to be running: only leases tell.
        self.runners.add(runner)
        live = frozenset(self.runners)
        settings = DeliverySettings(
            runner,
            batch,
            opens,
            self.planning,
            timing,
            lambda _tx: live,
            WeeklySnapshot(self.content, (owe_digests, keep_network_starts)),
        )
        return DeliveryWorker(database or self.database, self.content, self.messenger, self.pace, self.clock, settings)

    async def rows(self, user_id: int | None = None, kind: str | None = None) -> list[Row]:
        """Return the ledger, in the order of falling due."""
        names = Row.__slots__
        n = tables.nudge.c

        def work(tx: Tx) -> list[Row]:
            found = tx.execute(select(*(n[name] for name in names)).order_by(n.due_at, n.id))
            return [Row(*row) for row in found]

        rows = await self.database.read(work)
        return [row for row in rows if user_id in {None, row.user_id} and kind in {None, row.kind}]

    async def weekly(self, user_id: int) -> list[Row]:
        return await self.rows(user_id, NudgeKind.WEEKLY)

    async def key(self, user_id: int, period: date = TERM_START, kind: NudgeKind = NudgeKind.WEEKLY) -> NudgeKey:
        """Return what the buttons of a member's nudge carry."""
        cohort = (await self.cohorts.course(manager(self.guild_id), Audience.MANAGER)).id
        return NudgeKey(Recipient(cohort, UserId(user_id)), kind, period.isoformat())

    async def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every table's rows, to prove that nothing was changed."""

        def work(tx: Tx) -> dict[str, list[tuple[Any, ...]]]:
            return {
                table.name: [tuple(row) for row in tx.execute(select(table).order_by(*table.primary_key.columns))]
                for table in tables.metadata.sorted_tables
            }

        return await self.database.read(work)


def _forget_openings(tx: Tx) -> None:
    tx.execute(tables.account.update().values(dm_opened_at=None))


def still_open(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.state in {NudgeState.OWED, NudgeState.CLAIMED}]


def queries(statements: list[str]) -> list[str]:
    """Return statements without those that begin a transaction or prepare its connection."""
    return [one for one in statements if not one.startswith(("BEGIN", "PRAGMA", "SET "))]


@contextmanager
def counted_statements(database: Database) -> Generator[list[str]]:
    """Collect every statement that reaches the database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
