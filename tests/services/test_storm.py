"""The promise in a storm: everything that may happen to a class, in a random order that a seed repeats."""

import asyncio
import random
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.coaching.cohort import Audience
from bot.coaching.errors import Refusal
from bot.coaching.ids import CohortId, UserId
from bot.coaching.nudges import NudgeKind, NudgeState, Reason
from bot.coaching.weeks import local_day, monday_of
from bot.services.cohort import SetupRequest
from bot.services.nudges import SettingsChange
from prompts import Content
from storage import members, messages, tables
from storage.database import Database, Tx, open_database
from tests.services.course import ZONE, Course, Row, manager, member
from tests.services.crashes import BACK, IMPATIENT, MINUTE, Fuse, Fused, dies
from tests.services.fakes import Answer

ZONES = ["Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
JUMPS = [timedelta(seconds=20)] * 6 + [MINUTE] * 6 + [timedelta(hours=1)] * 4 + [timedelta(hours=9)] * 6
LONG_JUMPS = [timedelta(days=1), timedelta(days=3), timedelta(weeks=3)]
FAULTS = [
    Answer.ANSWER_LOST,
    Answer.ANSWER_LOST,
    Answer.LOST,
    Answer.LOST,
    Answer.HANGS,
    Answer.HANGS_AFTERWARDS,
    Answer.NOT_SENT,
    Answer.BREAKS,
    Answer.CLOSED,
    Answer.GONE,
]
DICE = {
    "round": 30,
    "crash": 12,
    "two rounds": 8,
    "time": 30,
    "long time": 3,
    "set the clock": 6,
    "settings": 8,
    "remind": 6,
    "done": 3,
    "join": 4,
    "setup": 2,
    "message": 5,
    "register": 2,
}


class Storm:
    """Everything that may happen to a class, in a random order that a seed repeats."""

    def __init__(self, course: Course, other: Database, seed: int) -> None:
        self.course = course
        self.databases = (course.database, other)
        self.chance = random.Random(seed)
        self.users: list[int] = []
        self.promised: set[tuple[int, str]] = set()
        self.written: set[tuple[int, str]] = set()
        self.runners = 0
        self.fuse: Fuse | None = None
        course.messenger.pick = self.pick
        course.messenger.before = self.before
        course.messenger.after = self.after

    def pick(self, kind: str, user_id: UserId) -> Answer:
        if self.chance.random() < 0.7:
            return Answer.WORKS
        if self.chance.random() < 0.03:
            return Answer.BLOCKED
        return self.chance.choice([Answer.LOST, Answer.NOT_SENT] if kind in {"find", "look up"} else FAULTS)

    async def before(self, kind: str, user_id: UserId) -> None:
        if self.fuse:
            self.fuse.step()
        self.course.clock.advance(timedelta(seconds=self.chance.random() * 2))
        await asyncio.sleep(0)

    async def after(self, kind: str, user_id: UserId) -> None:
        if self.fuse:
            self.fuse.step()

    async def note_what_fell_due(self) -> None:
        """Note which weeks were planned and have fallen due: from now on each is owed a row."""
        e, now = tables.enrolment.c, self.course.clock()
        due = await self.course.database.read(
            lambda tx: tx.execute(select(e.user_id, e.next_nudge_week).where(e.next_nudge_at <= now)).all()
        )
        self.promised |= {(row.user_id, row.next_nudge_week.isoformat()) for row in due if row.next_nudge_week}

    async def run(self, steps: int) -> None:
        for number in range(4):
            await self.join(known=number % 2 == 0)
        for what in self.chance.choices(list(DICE), list(DICE.values()), k=steps):
            await self.happen(what)
            await self.note_what_fell_due()

    async def happen(self, what: str) -> None:
        chance = self.chance
        try:
            match what:
                case "round":
                    await self.round()
                case "crash":
                    await self.crash(chance.randrange(40))
                case "two rounds":
                    await asyncio.gather(self.round(0), self.round(1))
                case "time" | "long time" | "set the clock":
                    await self.move_the_clock(what)
                case "join":
                    await self.join(known=chance.random() < 0.5)
                case "message" | "register" | "setup":
                    await self.staff_does(what)
                case _:
                    await self.member_does(what, chance.choice(self.users))
        except Refusal:
            pass

    async def move_the_clock(self, what: str) -> None:
        clock, chance = self.course.clock, self.chance
        if what == "set the clock":
            await self.round()  # so that what is due has its row before it is not due yet again
            clock.step(-clock.wrong or -chance.choice(BACK))
            # A bot that runs ticks within seconds. Set back by as long as nothing ran, a clock hides that time passed.
            await self.round()
        else:
            clock.advance(chance.choice(JUMPS if what == "time" else LONG_JUMPS))

    async def round(self, database: int = 0) -> None:
        self.runners += 1
        runner = f"runner {self.runners}"
        await self.course.rounds(runner, timing=IMPATIENT, database=self.databases[database]).round()

    async def crash(self, steps: int) -> None:
        self.runners += 1
        self.fuse = Fuse(steps)
        database = Fused(self.course.database, self.fuse)
        await dies(self.course.rounds(f"crash {self.runners}", timing=IMPATIENT, database=database).round())
        self.fuse = None

    async def staff_does(self, what: str) -> None:
        course = self.course
        if what == "setup":
            end = date(2027, 6, 4) + timedelta(days=self.chance.randrange(-20, 60))
            await course.cohorts.set_up(manager(), SetupRequest(term_end=end.isoformat()), course.clock())
        elif what == "message":
            cohort_id = (await course.cohorts.course(manager(), Audience.MANAGER)).id
            await course.database.transact(lambda tx: self.write_to_all(tx, cohort_id))
        else:
            await course.use_register(on=self.chance.random() < 0.7)

    def write_to_all(self, tx: Tx, cohort_id: CohortId) -> None:
        """Let one of three instructors write to everybody who had no message this week."""
        by, now = UserId(self.chance.randrange(900, 903)), self.course.clock()
        day = local_day(now, ZONE)
        if messages.wrote_on(tx, cohort_id, by, day):
            return
        draft = messages.keep_draft(tx, cohort_id, by, "Ines", "See you on Friday.", now)
        everybody = members.reachable(tx, cohort_id)
        messages.send(tx, draft, everybody, day, monday_of(day), now)
        self.written |= {(one.enrolment.user_id, monday_of(day).isoformat()) for one in everybody}

    async def join(self, *, known: bool) -> None:
        user_id = 10 + len(self.users)
        if len(self.users) >= 9:
            return
        self.users.append(user_id)
        zone = self.chance.choice(ZONES)
        await self.course.members.join(member(user_id, audience="anyone"), zone, self.course.clock())
        if known:
            self.course.messenger.has_open(UserId(user_id))
            await self.course.nudges.settings(member(user_id, dm=True), self.course.clock())

    async def member_does(self, what: str, user_id: int) -> None:
        course, chance, now = self.course, self.chance, self.course.clock()
        if what == "settings":
            change = chance.choice(
                [
                    SettingsChange(day=chance.randrange(7)),
                    SettingsChange(hour=chance.randrange(8, 21)),
                    SettingsChange(zone=chance.choice(ZONES)),
                    SettingsChange(on=chance.random() < 0.7),
                    SettingsChange(pause_weeks=chance.choice([0, 0, 1, 2])),
                ]
            )
            await course.nudges.change(member(user_id), change, now)
            return
        received = course.messenger.received(UserId(user_id))
        if not received:
            return
        key = received[-1].key
        if what == "done":
            await course.buttons.done(member(user_id), key, now)
        else:
            days = await course.buttons.days(member(user_id), key, now)
            await course.buttons.remind(member(user_id), key, chance.choice(days), now)

    async def calm_down(self) -> None:
        self.course.messenger.pick = lambda _kind, _user: Answer.WORKS
        self.course.clock.step(-self.course.clock.wrong)
        for _ in range(6):
            await self.round()
            self.course.clock.advance(timedelta(seconds=70))
        for _ in range(4):
            self.course.clock.advance(timedelta(hours=8))
            await self.round()


def check_the_promise(storm: Storm, rows: list[Row], enrolled: Collection[int], now: datetime) -> None:
    by_state = Counter(row.state for row in rows)
    assert by_state.total() == sum(by_state[state] for state in NudgeState)
    assert len({(row.user_id, row.kind, row.period) for row in rows}) == len(rows)
    sent = Counter(
        (message.user_id, message.key.kind, message.key.period) for message in storm.course.messenger.messages
    )
    assert set(sent.values()) <= {1}, "a nudge was doubled"
    for row in rows:
        key = (UserId(row.user_id), NudgeKind(row.kind), row.period)
        match row.state:
            case NudgeState.SENT:
                assert sent[key] == 1
                assert row.reason is None
            case NudgeState.SKIPPED:
                assert sent[key] == 0
                assert row.reason in set(Reason)
                assert row.kind != NudgeKind.MESSAGE or row.reason == Reason.WITHDRAWN
            case NudgeState.HELD if row.kind == NudgeKind.MESSAGE:
                assert sent[key] == 0 or row.attempts > 1
            case NudgeState.HELD:
                # An attempt of unclear outcome may have arrived before the account closed its DMs.
                assert sent[key] == 0 or row.attempts > 1
                assert row.reason in {
                    Reason.DMS_CLOSED,
                    Reason.UNREACHABLE,
                    Reason.LEFT,
                    Reason.BLOCKED,
                    Reason.BOT_AWAY,
                    # A parcel waits in the inbox of those who want no messages.
                    *({Reason.TURNED_OFF, Reason.PAUSED} if row.kind == NudgeKind.PARCEL else ()),
                }
            case _:
                # Not yet due, or waiting for the end of the quiet hours.
                waits = row.state == NudgeState.OWED and timedelta() < row.not_before - now < timedelta(days=1)
                assert row.due_at > now or waits, f"still open: {row}"
    for user_id in storm.users:
        weeks = [row.period for row in rows if row.user_id == user_id and row.kind == NudgeKind.WEEKLY]
        assert weeks == sorted(set(weeks))
    # Whoever left long ago is erased, with all that was theirs.
    for kind, promised in ((NudgeKind.WEEKLY, storm.promised), (NudgeKind.MESSAGE, storm.written)):
        expected = {(user_id, period) for user_id, period in promised if user_id in enrolled}
        assert expected <= {(row.user_id, row.period) for row in rows if row.kind == kind}, "one was lost"
    hellos = [row.user_id for row in rows if row.kind == NudgeKind.HELLO]
    assert sorted(hellos) == sorted(enrolled)


@pytest.fixture
def other_database(database_url: str) -> Iterator[Database]:
    """The same database, as another process has it."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("seed", [1, 2])
async def test_in_a_storm_each_nudge_arrives_once_or_says_why_not(
    database: Database, other_database: Database, content: Content, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    course = Course(database, content)
    await course.open()
    storm = Storm(course, other_database, seed)
    await storm.run(150)
    await storm.calm_down()
    rows = await course.rows()
    e = tables.enrolment.c
    enrolled = await course.database.read(lambda tx: tx.scalars(select(e.user_id)).all())
    check_the_promise(storm, rows, enrolled, course.clock())
    assert storm.promised
    assert "sent" in {row.state for row in rows}
