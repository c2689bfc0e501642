"""A term in fast motion: members live it through the real services, and rounds run whenever something falls due."""

import heapq
from collections import Counter
from collections.abc import AsyncIterator, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any, TypeAlias, TypeVar
from zlib import crc32

from sqlalchemy import func, select

from bot.coaching.cohort import Audience, Enrolment
from bot.coaching.course_plan import DoneBy
from bot.coaching.errors import AlreadyDone, AlreadyReminded, DayGone, NoDayLeft, NothingToLog, OpportunityMoved
from bot.coaching.focus import FocusDraft
from bot.coaching.footprint import Answer as ItemAnswer
from bot.coaching.goals import Beginning, Goal
from bot.coaching.ids import ChannelId, MessageId, UserId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import AlertKind, Category, ContactDraft, SpaceKind
from bot.coaching.nudges import NudgeKind
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind
from bot.coaching.weeks import Break, BreakKind, Wish, moment
from bot.demo.member import Member, Services
from bot.demo.students import CLASS, TEMPLATES, Student
from bot.services.bios import BioDraft
from bot.services.cohort import BreakRequest
from bot.services.messenger import NudgeMessage, Problem
from bot.services.network import AlertDraft, SpaceDraft
from bot.services.nudges import NudgeSettings, SettingsChange
from prompts import Content
from storage import tables
from storage.database import Database, Tx, open_database
from tests.services.course import TERM_END, TERM_START, ZONE, Course, manager, member
from tests.services.fakes import Answer, Clock, FakeMessenger, Message

T = TypeVar("T")
WEEKS = 16
DAY = timedelta(days=1)
HOLIDAY = Break(BreakKind.BREAK, date(2027, 3, 22), date(2027, 3, 28))
"""The week before Easter, with the change of the clocks in its last night."""
EXAMS = Break(BreakKind.EXAMS, date(2027, 4, 12), date(2027, 4, 25))
BREAKS = (HOLIDAY, EXAMS)
ROUND_AFTER = timedelta(minutes=25)
"""How long after something fell due the next round runs: whoever wished for the same hour is due by then."""
FRESH = timedelta(minutes=20)
"""How long it is taken for granted that nothing that members do meanwhile falls due at once."""
NIGHT = timedelta(hours=18)
"""From the morning on which the term begins to the middle of its first night."""
LEASE = timedelta(minutes=1)
"""How long after a request without a clear answer a round tries again."""
BATCH = 40
ONE_IN = 50
"""Of how many sends one gets no clear answer."""
NICKNAMES = {
    Category.PEER: "{} from class",
    Category.NEAR_PEER: "two-years-up {}",
    Category.PRACTITIONER: "{} at the practice",
    Category.EXPERT: "{} with the blog",
    Category.MENTOR: "{} who listens",
    Category.ALUM: "alum {}",
    Category.RECRUITER: "{} from the fair",
    Category.CONNECTOR: "well-connected {}",
    Category.EDUCATOR: "tutor {}",
}
"""What members call the people they meet, who have the first names of the class."""


def berlin(day: date, hour: int) -> datetime:
    """Return a moment of the course's wall clock."""
    return moment(day, hour, ZONE)


OUTAGES = (
    # Over a Monday afternoon: what was due comes next morning, because the evening is quiet.
    (berlin(date(2027, 3, 8), 15), berlin(date(2027, 3, 8), 22)),
    # Over the last Sunday before exam weeks.
    (berlin(date(2027, 4, 11), 9), berlin(date(2027, 4, 11), 22)),
    # Longer than Wednesday's notes stay useful; Thursday's come on Friday morning.
    (berlin(date(2027, 5, 12), 8), berlin(date(2027, 5, 13), 22)),
)
AFTERWARDS = berlin(TERM_END, 0) + timedelta(days=10)
"""Until when rounds run: a while after the term."""


def out(at: datetime) -> datetime:
    """Return `at`, or the end of the outage it falls into: nobody reaches a bot that is down."""
    return next((end for start, end in OUTAGES if start <= at < end), at)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to send a message, and how its member's settings stood."""

    message: NudgeMessage
    at: datetime
    enrolment: Enrolment
    result: MessageId | Problem


class Watched(FakeMessenger):
    """Discord, which now and then gives no clear answer, and a record of every attempt."""

    def __init__(self, clock: Clock, seed: int, students: Mapping[UserId, "Participant"]) -> None:
        super().__init__(clock)
        self._seed = seed
        self._students = students
        self._asked: Counter[UserId] = Counter()
        self.attempts: list[Attempt] = []
        self.pick = self._chance

    def _chance(self, kind: str, user_id: UserId) -> Answer:
        # By account and number, not by one source for all: the order among channels is nobody's promise.
        if kind != "send":
            return Answer.WORKS
        if self._students[user_id].closed:
            return Answer.CLOSED
        self._asked[user_id] += 1
        lot = crc32(f"{self._seed}:{user_id}:{self._asked[user_id]}".encode()) % (2 * ONE_IN)
        return {0: Answer.ANSWER_LOST, 1: Answer.LOST}.get(lot, Answer.WORKS)

    async def send(self, channel_id: ChannelId, message: NudgeMessage, nonce: str) -> MessageId | Problem:
        result = await super().send(channel_id, message, nonce)
        enrolment = self._students[message.key.to.user_id].place
        self.attempts.append(Attempt(message, self._clock(), enrolment, result))
        return result


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger at the end of the term."""

    user_id: int
    kind: str
    period: str
    due_at: datetime
    state: str
    reason: str | None
    rule: str | None
    occasion: str | None
    subject: str | None
    facts: str | None
    settled_at: datetime | None
    attempts: int


class Participant(Member):
    """A student of the class who takes part in some way.

    Attributes:
        student: Who they are.
        persona: The name of their way of taking part.
        variant: Its number among those who take part in the same way.
        rng: Chance of their own, so that nobody's choices change another's.
        wishes: Every day and hour they ever wished for.
        pauses: The days on which they want no notes: the first, and the first after them.
        closed: Whether their direct messages are closed now.
    """

    def __init__(
        self, course: Course, user_id: UserId, student: Student, persona: str, variant: int, seed: int
    ) -> None:
        super().__init__(Services(course.database, course.content, course.planning), member(user_id), course.clock)
        self.course, self.user_id, self.student = course, user_id, student
        self.persona, self.variant = persona, variant
        self.rng = Random(f"{seed}:{persona}:{variant}")
        self.zone = ZONE
        self.enrolment: Enrolment | None = None
        self.wishes: list[Wish] = []
        self.pauses: list[tuple[date, date]] = []
        self.closed = False
        self._met = 0
        self._read = 0

    @property
    def place(self) -> Enrolment:
        """Return the enrolment as it was last changed."""
        assert self.enrolment is not None
        return self.enrolment

    def on(self, week: int, day: int = 0, hour: int = 12) -> datetime:
        """Return a moment of a week of the term, somewhere in the hour, on this member's wall clock."""
        local = moment(TERM_START + timedelta(weeks=week, days=day), hour, self.zone)
        return local + timedelta(minutes=self.rng.randrange(60))

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # What they do. Everything goes through the services, as a command or a button does.

    async def begin(self) -> None:
        self.enrolment = await self.join(self.zone)
        self.wishes.append(self.enrolment.wish)

    async def change(self, **changes: Any) -> None:
        settings: NudgeSettings = await self.do(SettingsChange(**changes))
        self.enrolment = settings.enrolment
        self.wishes.append(settings.enrolment.wish)
        if settings.enrolment.pause_until is not None and changes.get("pause_weeks"):
            self.pauses.append((settings.today, settings.enrolment.pause_until))

    async def look(self) -> None:
        """Open the settings and change nothing, which counts as activity."""
        await self.course.nudges.settings(self.caller, self.clock())

    async def say_focus(self, **changes: Any) -> None:
        """Say their own focus, but for `changes`."""
        await self.do(replace(self.student.focus or FocusDraft("community work", "a first job"), **changes))

    async def check_bio(self, text: str) -> None:
        await self.course.bios.check(self.caller, BioDraft("github", text), self.clock())

    async def has_new_accounts(self) -> None:
        await self.course.focus.set_new_accounts(self.caller, self.clock(), new=True)

    async def goal(
        self, type_: str, target: int, weeks: int, *, beginning: Beginning = Beginning.ALONE, **more: Any
    ) -> Goal:
        """Begin a goal: their own if it is of that type, else one of the class's templates."""
        own = self.student.goal
        draft = own if own and own.type == type_ else TEMPLATES[type_]
        return await self.set_goal(replace(draft, target=target, weeks=weeks, **more), beginning)

    async def log(
        self, kind: str, *, who: str | None = None, minutes: int | None = None, outcome: Outcome | None = None
    ) -> None:
        """Log an action, perhaps with the person of a nickname."""
        draft = ActionDraft(kind, minutes=minutes, outcome=outcome)
        await self.do((who, draft) if who else draft)

    async def check(self, *items: str) -> None:
        for item in items:
            await self.do((item, self.rng.choice((ItemAnswer.FINE, ItemAnswer.FIXED, ItemAnswer.NOT_FOR_ME))))

    async def quick_start(self) -> None:
        await self.check(*self.course.content.checklist.quick_start)

    async def meet(self, category: Category) -> str:
        """Keep somebody of that kind, and return the nickname."""
        name = CLASS[(self.user_id + 9 * self._met) % len(CLASS)].name.split()[0]
        self._met += 1
        nickname = NICKNAMES[category].format(name)
        await self.do(ContactDraft(nickname, category))
        return nickname

    async def find_space(self, name: str) -> None:
        await self.do(SpaceDraft(name, SpaceKind.CHAT, "Wednesdays at 20:00"))

    async def set_alert(self, topic: str | None = None) -> None:
        """Keep an alert for their own field, or another one."""
        own = self.student.focus.fields.split(",")[0] if self.student.focus else "community work"
        await self.do(AlertDraft(AlertKind.INTERNSHIP, topic or own))

    async def spot(self, title: str, days: int) -> str:
        """Keep an opportunity that closes in some days, and return its title."""
        due = (self.clock() + days * DAY).date()
        await self.do(OpportunityDraft(title, OpportunityKind.INTERNSHIP, due_on=due))
        return title

    async def tell(self, title: str, move: Move) -> None:
        await self.do((title, move))

    async def review(self) -> None:
        """Look back on the goal, and keep it, stop it, or take another one in its place."""
        goals, now = self.services.goals, self.clock()
        goal = (await goals.review(self.caller, None, now)).view.goal
        match self.rng.choice(("keep", "keep", "change", "stop")):
            case "keep":
                await goals.keep(self.caller, goal.id, now)
            case "stop":
                await goals.stop(self.caller, goal.id, now)
            case _:
                await self.goal(goal.type, goal.target, goal.weeks, beginning=Beginning.REPLACE)

    # How they answer notes.

    def unread(self) -> list[Message]:
        """Return what came since they last looked."""
        mine = self.course.messenger.received(self.user_id)
        new = mine[self._read :]
        self._read = len(mine)
        return new

    async def answer(self, eager: float = 0.6) -> None:
        """Read what came, and press a button of the newest note; an eager one does what it says."""
        notes = [note for note in self.unread() if note.key.kind is not NudgeKind.HELLO]
        if not notes:
            return
        note = notes[-1]
        try:
            await (self._answer_step if note.buttons[0] == "this_week" else self._press)(note, eager)
        except (AlreadyDone, AlreadyReminded, DayGone, NothingToLog, OpportunityMoved):
            await self.look()

    async def _answer_step(self, note: Message, eager: float) -> None:
        """Do the course's step, leave it out, or open it and no more."""
        now, weeks = self.clock(), self.course.week
        step = (await weeks.of_note(self.caller, note.key, now)).step
        if step is None or not step.open:
            return
        if not self.chance(eager):
            if self.chance(0.1):
                await weeks.set_aside(self.caller, step.week.id, now)
        elif step.week.done_by is DoneBy.LINE:
            await weeks.hand_in(self.caller, step.week.id, "What surprised me was the answer", now)
        elif step.week.done_by is DoneBy.ACTION and self.chance(0.5):
            await self.log(step.week.counts or "note")
        else:
            await weeks.done(self.caller, step.week.id, now)

    async def _press(self, note: Message, eager: float) -> None:
        buttons, now, key = self.course.buttons, self.clock(), note.key
        first = next((one for one in ("go_on", "item_fine", "alert_keep", "done") if one in note.buttons), None)
        if note.buttons[0] == "review_goal" and self.chance(0.5 + eager / 2):
            await self.review()
        elif first and self.chance(eager):
            match first:
                case "item_fine":
                    await buttons.item(self.caller, key, self.rng.choice((ItemAnswer.FINE, ItemAnswer.FIXED)), now)
                case "alert_keep":
                    await buttons.answer_alert(self.caller, key, now, keep=self.chance(0.7))
                case "go_on":
                    await self.look()
                case _:
                    await buttons.done(self.caller, key, now)
        elif "another_day" in note.buttons and self.chance(0.3):
            try:
                days = await buttons.days(self.caller, key, now)
            except NoDayLeft:  # a break begins tomorrow
                return
            await buttons.remind(self.caller, key, self.rng.choice(days), now)
        else:
            await self.course.nudges.why(self.caller, key, now)


Life: TypeAlias = Callable[[Participant], AsyncIterator[datetime]]
"""A way of taking part: says when it next does something, and does it when it is asked to go on."""


@dataclass(frozen=True, slots=True)
class Term:
    """What is left of a term: its ledger and every message, and who was who."""

    content: Content
    students: Sequence[Participant]
    ledger: Sequence[Entry]
    messages: Sequence[Message]
    attempts: Sequence[Attempt]


class World:
    """One course, a class of students, and the time between them."""

    def __init__(self, database: Database, content: Content, seed: int, *, plan: bool = False) -> None:
        """Prepare a course; with `plan`, it has the ready course plan."""
        self.course = Course(database, content)
        self._seed, self._plan = seed, plan
        self.students: dict[UserId, Participant] = {}
        self._watched = Watched(self.course.clock, seed, self.students)
        self.course.messenger = self._watched
        self._agenda: list[tuple[datetime, int, AsyncIterator[datetime]]] = []
        """Who acts next; of two at the same moment the one who said so first."""
        self._order = count()

    def add(self, persona: str, variant: int, life: Life) -> None:
        user_id = UserId(1000 + len(self.students))
        student = CLASS[len(self.students) % len(CLASS)]
        participant = Participant(self.course, user_id, student, persona, variant, self._seed)
        self.students[user_id] = participant
        self._watched.has_open(user_id)
        heapq.heappush(self._agenda, (self.course.clock(), next(self._order), life(participant)))

    async def live(self, until: datetime = AFTERWARDS) -> Term:
        """Let the term pass: what falls due and what members do, in the order of time."""
        course = self.course
        await course.open()
        staff = replace(manager(), audience=Audience.STAFF)
        for one in BREAKS:
            request = BreakRequest(one.kind, one.first.isoformat(), one.last.isoformat())
            await course.cohorts.add_break(staff, request, course.clock())
        if self._plan:
            await course.use_plan(course.content.plan)
        # Every night one round has no business at all: that nothing goes out then is not for want of trying.
        night = course.clock() + NIGHT
        round_at, fresh_until = course.clock(), course.clock()
        while min(round_at, act_at := self._next_act(until)) < until:
            if act_at >= fresh_until:
                round_at, fresh_until = await self._next_round(night), act_at + FRESH
            if act_at <= round_at:
                await self._act(act_at)
            else:
                course.clock.set(max(course.clock(), round_at))
                night = night + DAY if round_at >= night else night
                await self._round()
                round_at = await self._next_round(night)
        ledger = await self._ledger()
        return Term(course.content, tuple(self.students.values()), ledger, self._sorted(), self._watched.attempts)

    def _next_act(self, otherwise: datetime) -> datetime:
        return out(self._agenda[0][0]) if self._agenda else otherwise

    async def _next_round(self, night: datetime) -> datetime:
        due = await self.course.database.read(_next_due)
        return out(night if due is None else min(night, max(self.course.clock(), due) + ROUND_AFTER))

    async def _act(self, at: datetime) -> None:
        _, _, life = heapq.heappop(self._agenda)
        self.course.clock.set(max(self.course.clock(), at))
        again_at = await anext(life, None)
        if again_at is not None:
            heapq.heappush(self._agenda, (max(again_at, self.course.clock()), next(self._order), life))

    async def _round(self) -> None:
        before = len(self._watched.attempts)
        await self.course.rounds(batch=BATCH, opens=1000).round()
        if any(attempt.result is Problem.UNKNOWN for attempt in self._watched.attempts[before:]):
            self.course.clock.advance(LEASE)
            await self._round()

    def _sorted(self) -> list[Message]:
        return sorted(self._watched.messages, key=lambda one: (one.at, one.user_id, str(one.key)))

    async def _ledger(self) -> list[Entry]:
        n = tables.nudge.c

        def work(tx: Tx) -> list[Entry]:
            found = tx.execute(select(*(n[name] for name in Entry.__slots__)).order_by(n.due_at, n.user_id))
            return [Entry(*row) for row in found]

        return await self.course.database.read(work)


def _next_due(tx: Tx) -> datetime | None:
    """Return when something falls due: a week to plan, or a row to send."""
    n, e = tables.nudge.c, tables.enrolment.c
    planned = select(func.min(e.next_nudge_at)).scalar_subquery()
    owed = select(func.min(n.not_before)).where(tables.is_open).scalar_subquery()
    return min((at for at in tx.execute(select(planned, owed)).one() if at is not None), default=None)


class Alone(Database):
    """A database that nobody else waits for: its transactions need no threads of their own."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self._database = database

    async def settle_erasure(self) -> bool:
        return True  # nobody is erased here

    async def transact(self, work: Callable[[Tx], T]) -> T:
        return self._database._transaction(work, Lock(), write=True)  # pyright: ignore[reportPrivateUsage]

    async def read(self, work: Callable[[Tx], T]) -> T:
        return self._database._transaction(work, Lock(), write=False)  # pyright: ignore[reportPrivateUsage]


@contextmanager
def opened(file: Path) -> Generator[Database]:
    """Open a database that nobody else uses, and nobody needs after a power cut."""
    database = open_database(f"sqlite:///{file}", durable=False)
    try:
        yield Alone(database)
    finally:
        database.close()
