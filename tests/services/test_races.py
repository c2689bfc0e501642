"""Two processes at the same rows at the same moment: both come to an end, and nobody is lost between them.

Only on PostgreSQL, where both are inside a transaction at once. One is stopped before a statement, and goes on when the
other waits for it or is through; that is the worst moment, forced rather than hoped for.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import ClosedAlready, ErasureChanged, NoCourse, Refusal
from bot.coaching.ids import CohortId, GuildId, UserId
from bot.coaching.nudges import CLOSED, NudgeKind
from bot.coaching.weeks import BreakKind
from bot.erasures import ErasureRecord
from bot.services.class_statistics import WeeklySnapshot
from bot.services.cohort import BreakRequest, DefaultsChange
from bot.services.course_plan import CoursePlanService
from bot.services.digest import owe_digests
from bot.services.erasure import ErasureService
from bot.services.retention import look_after
from prompts import Content
from storage import class_statistics, members, student_numbers, tables
from storage import cohort as cohorts
from storage import database as database_module
from storage.database import Database, DatabaseUnavailable, open_database
from tests.services.course import DUE, GUILD, TERM_END, WEEK, Course, at, manager, member
from tests.storage.test_erasure import traces

SECONDS = 5
ANN = 101
CLASS = range(ANN, ANN + 15)
ELSEWHERE = GuildId(701)


@pytest.fixture
def one(postgresql_url: str) -> Iterator[Database]:
    opened = open_database(postgresql_url)
    yield opened
    opened.close()


@pytest.fixture
def two(postgresql_url: str) -> Iterator[Database]:
    opened = open_database(postgresql_url)
    yield opened
    opened.close()


@pytest.fixture
async def course(one: Database, content: Content) -> Course:
    made = Course(one, content)
    await made.open()
    return made


@pytest.fixture
def other(course: Course, two: Database, content: Content) -> Course:
    """The same course, as another process has it."""
    return Course(two, content, clock=course.clock)


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that wait for each other are not run again: whatever is tried here has to come through at once."""
    monkeypatch.setattr(database_module, "TRIES", 1)


class Halt:
    """Stops a database's first transaction that gets to a statement, before it, until it is let go."""

    def __init__(self, database: Database, before: str) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self._before = before
        event.listen(database.engine, "before_cursor_execute", self._look)

    def _look(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self._before in " ".join(statement.split()) and not self.reached.is_set():
            self.reached.set()
            self.go_on.wait(SECONDS)


async def crossed(halted: Course, before: str, first: Awaitable[Any], second: Awaitable[Any]) -> tuple[Any, Any]:
    """Return what came of two: the first stands before a statement until the second is through or waits for it."""
    halt = Halt(halted.database, before)
    async with asyncio.TaskGroup() as both:
        held = both.create_task(_outcome(first))
        assert await asyncio.to_thread(halt.reached.wait, SECONDS), f"it never got to {before}"
        late = both.create_task(_outcome(second))
        await asyncio.to_thread(_wait_until, lambda: late.done() or _somebody_waits(halted.database))
        halt.go_on.set()
    return held.result(), late.result()


async def _outcome(work: Awaitable[Any]) -> Any:
    try:
        return await work
    except (Refusal, DatabaseUnavailable, IntegrityError) as error:
        return error


def _wait_until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not so() and time.monotonic() < end:
        time.sleep(0.005)


def _somebody_waits(database: Database) -> bool:
    with psycopg.connect(database.engine.url.set(drivername="postgresql").render_as_string(False)) as connection:
        row = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    return row is not None and row[0] > 0


def eraser(course: Course, folder: Path) -> ErasureService:
    return ErasureService(course.database, ErasureRecord(folder / "coach.erasures"), lambda _user, _ids: None)


async def seal(service: ErasureService) -> str:
    found = await service.erasable(somebody())
    assert found is not None
    return found.seal


def somebody(user_id: int = ANN, guild_id: GuildId = GUILD) -> Caller:
    return member(user_id, guild_id=guild_id, audience="anyone")


async def plan(course: Course) -> None:
    """Plan as a round does."""
    now = course.clock()
    await course.database.transact(lambda tx: course.planning.plan_due(tx, members.due(tx, now, 100), now))


async def cohort_id(course: Course) -> CohortId:
    return (await course.cohorts.course(manager(), Audience.MANAGER)).id


async def without_parcel(course: Course, cohort_id: CohortId) -> list[int]:
    e, n = tables.enrolment.c, tables.nudge.c
    has = select(n.user_id).where(n.cohort_id == cohort_id, n.kind == NudgeKind.PARCEL, n.period == CLOSED)
    statement = select(e.user_id).where(e.cohort_id == cohort_id, e.user_id.not_in(has))
    return await course.database.read(lambda tx: list(tx.scalars(statement)))


async def planned(course: Course, cohort_id: CohortId) -> list[int]:
    e = tables.enrolment.c
    statement = select(e.user_id).where(e.cohort_id == cohort_id, e.next_nudge_at.is_not(None))
    return await course.database.read(lambda tx: list(tx.scalars(statement)))


# Planning beside what holds the whole course


@pytest.mark.usefixtures("ordered")
async def test_planning_and_closing_do_not_wait_for_each_other(course: Course, other: Course) -> None:
    await course.join(*CLASS, channel=False)
    here = await cohort_id(course)
    course.clock.set(at(TERM_END + timedelta(days=15), 12))
    ended = other.database.transact(lambda tx: look_after(tx, here, other.planning, other.clock()))
    outcomes = await crossed(course, "INSERT INTO nudge", plan(course), ended)
    assert outcomes == (None, True)
    assert await planned(course, here) == []
    assert await without_parcel(course, here) == []


@pytest.mark.usefixtures("ordered")
async def test_planning_and_the_snapshot_do_not_wait_for_each_other(
    course: Course, other: Course, content: Content
) -> None:
    await course.join(*CLASS, channel=False)
    here = await cohort_id(course)
    course.clock.set(at(DUE.date() + WEEK, 17))
    snapshot = WeeklySnapshot(content, (owe_digests,))
    taken = other.database.transact(lambda tx: snapshot.take(tx, here, other.clock()))
    assert await crossed(course, "INSERT INTO nudge", plan(course), taken) == (None, None)
    assert await course.database.read(lambda tx: class_statistics.snapshots(tx, here))


# A plan that is loaded


async def test_a_line_handed_in_while_a_plan_is_loaded_is_not_lost(course: Course, other: Course) -> None:
    [week, *_] = await course.use_plan()
    await course.join(ANN, channel=False)
    hand_in = course.week.hand_in(member(ANN), week.id, "Two namesakes", course.clock())
    plans = CoursePlanService(other.database, other.content)
    load = plans.load(replace(manager(), audience=Audience.STAFF), other.content.plan, other.clock())
    await crossed(course, "UPDATE enrolment SET active_at", hand_in, load)
    s = tables.week_step.c
    assert await course.database.read(lambda tx: list(tx.scalars(select(s.line)))) == ["Two namesakes"]


# What only one may have


async def test_same_student_number_given_at_once_makes_one_claim(course: Course, other: Course) -> None:
    await course.open(student_number=True)
    await course.join(*CLASS[:2], channel=False)
    here = await cohort_id(course)
    ann, ben = (
        there.numbers.give(somebody(one), here, "7") for there, one in zip((course, other), CLASS, strict=False)
    )
    found = await crossed(course, "UPDATE enrolment SET student_number", ann, ben)
    assert sorted(one.taken for one in found) == [False, True]
    (claim,) = await course.database.read(lambda tx: student_numbers.two_claims(tx, here))
    assert {claim.holder, claim.claimant} == set(CLASS[:2])


# What becomes of a course


@pytest.mark.usefixtures("ordered")
async def test_member_joining_while_the_course_closes_gets_a_parcel(course: Course, other: Course) -> None:
    await course.join(ANN, channel=False)
    here = await cohort_id(course)
    joins = course.members.join(somebody(ANN + 1), None, course.clock())
    closes = other.closing.close(manager(), here, other.clock())
    joined, closed = await crossed(course, "INSERT INTO enrolment", joins, closes)
    assert not joined.again
    assert closed.cohort.closed_at == course.clock()
    assert await without_parcel(course, here) == []
    assert await planned(course, here) == []


@pytest.mark.usefixtures("ordered")
async def test_joining_once_closing_has_begun_finds_no_course(course: Course, other: Course) -> None:
    await course.join(ANN, channel=False)
    here = await cohort_id(course)
    closes = course.closing.close(manager(), here, course.clock())
    joins = other.members.join(somebody(ANN + 1), None, other.clock())
    closed, joined = await crossed(course, "UPDATE cohort SET closed_at", closes, joins)
    assert closed.cohort.closed_at == course.clock()
    assert isinstance(joined, NoCourse)


@pytest.mark.usefixtures("ordered")
async def test_second_of_two_closings_hears_that_it_is_closed(course: Course, other: Course) -> None:
    await course.join(ANN, channel=False)
    here = await cohort_id(course)
    closes = course.closing.close(manager(), here, course.clock())
    again = other.closing.close(manager(), here, other.clock() + WEEK)
    closed, refused = await crossed(course, "UPDATE cohort SET closed_at", closes, again)
    assert closed.cohort.closed_at == course.clock()
    assert isinstance(refused, ClosedAlready)
    kept = await course.database.read(lambda tx: cohorts.get(tx, here))
    assert kept is not None
    assert kept.closed_at == course.clock()


@pytest.mark.usefixtures("ordered")
async def test_break_added_while_closing_plans_nothing(course: Course, other: Course) -> None:
    await course.join(*CLASS, channel=False)
    here = await cohort_id(course)
    staff = replace(manager(), audience=Audience.STAFF)
    closes = course.closing.close(manager(), here, course.clock())
    written = BreakRequest(BreakKind.BREAK, "2027-03-01", "2027-03-07")
    marks = other.cohorts.add_break(staff, written, other.clock())
    closed, refused = await crossed(course, "UPDATE cohort SET closed_at", closes, marks)
    assert closed.cohort.closed_at == course.clock()
    assert isinstance(refused, NoCourse)
    assert await planned(course, here) == []


@pytest.mark.usefixtures("ordered")
async def test_two_changes_to_a_course_at_once_both_stay(course: Course, other: Course) -> None:
    hour = course.cohorts.adjust(manager(), DefaultsChange(nudge_hour=9), course.clock())
    contact = other.cohorts.adjust(manager(), DefaultsChange(support_contact="Room 2.14"), other.clock())
    await crossed(course, "UPDATE cohort SET nudge_day", hour, contact)
    kept = await course.cohorts.course(manager(), Audience.MANAGER)
    assert (kept.nudge_hour, kept.support_contact) == (9, "Room 2.14")


# Erasures


@pytest.mark.usefixtures("ordered")
@pytest.mark.parametrize("before", ["DELETE FROM nudge", "DELETE FROM enrolment", "DELETE FROM account"])
async def test_second_of_two_erasures_finds_nothing_left(
    course: Course, other: Course, tmp_path: Path, before: str
) -> None:
    await course.join(ANN, channel=False)
    one, two = eraser(course, tmp_path), eraser(other, tmp_path)
    shown, now = await seal(one), course.clock()
    outcomes = await crossed(course, before, one.erase(somebody(), shown, now), two.erase(somebody(), shown, now))
    assert outcomes[0] is not None
    assert outcomes[0].count > 0
    assert outcomes[1] is None


@pytest.mark.usefixtures("ordered")
@pytest.mark.parametrize("before", ["DELETE FROM nudge", "DELETE FROM enrolment", "DELETE FROM account"])
async def test_joining_while_being_erased_starts_anew(
    course: Course, other: Course, tmp_path: Path, before: str
) -> None:
    await course.join(ANN, channel=False)
    one = eraser(course, tmp_path)
    erases = one.erase(somebody(), await seal(one), course.clock())
    receipt, joined = await crossed(course, before, erases, other.members.join(somebody(), None, other.clock()))
    assert receipt.count > 0
    assert not joined.again
    assert (await course.enrolment(ANN)).id == joined.enrolment.id


@pytest.mark.usefixtures("ordered")
async def test_erasure_while_joining_elsewhere_is_asked_again(
    course: Course, two: Database, content: Content, tmp_path: Path
) -> None:
    await course.join(ANN, channel=False)
    elsewhere = Course(two, content, ELSEWHERE, clock=course.clock)
    await elsewhere.open()
    service = eraser(course, tmp_path)
    joins = elsewhere.members.join(somebody(guild_id=ELSEWHERE), None, course.clock())
    erases = service.erase(somebody(), await seal(service), course.clock())
    joined, refused = await crossed(elsewhere, "INSERT INTO enrolment", joins, erases)
    assert not joined.again
    assert isinstance(refused, ErasureChanged)
    assert (await course.enrolment(ANN)).user_id == ANN


@pytest.mark.usefixtures("ordered")
async def test_joining_elsewhere_while_the_old_course_is_erased_stays(
    course: Course, two: Database, content: Content
) -> None:
    await course.join(ANN, channel=False)
    elsewhere = Course(two, content, ELSEWHERE, clock=course.clock)
    here = await cohort_id(course)
    ended = await course.closing.close(manager(), here, course.clock())
    course.clock.set(at(ended.until + timedelta(days=5), 12))
    await elsewhere.open(term_start="2027-03-01", term_end="2027-12-10")
    looks = course.database.transact(lambda tx: look_after(tx, here, course.planning, course.clock()))
    joins = elsewhere.members.join(somebody(guild_id=ELSEWHERE), None, course.clock())
    await crossed(elsewhere, "INSERT INTO enrolment", joins, looks)
    assert (await elsewhere.enrolment(ANN)).user_id == ANN


async def test_deadlock_of_reminder_and_erasure_ends_for_both(course: Course, other: Course, tmp_path: Path) -> None:
    """The one pair without an order: what a member does with a note, beside their own erasure."""
    await course.join(ANN)
    key = course.messenger.received(UserId(ANN))[-1].key
    days = await course.buttons.days(member(ANN), key, course.clock())
    await course.buttons.remind(member(ANN), key, days[0], course.clock())
    service = eraser(other, tmp_path)
    shown = await seal(service)
    reminds = course.buttons.remind(member(ANN), key, days[1], course.clock())
    erases = service.erase(somebody(), shown, other.clock())
    reminded, receipt = await crossed(course, "UPDATE nudge SET due_at", reminds, erases)
    assert receipt.count > 0
    assert not isinstance(reminded, Exception) or isinstance(reminded, Refusal)
    assert await course.database.read(lambda tx: traces(tx, ANN, [])) == []
