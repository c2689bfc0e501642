"""Measure what instructors see: `python bench/class_views.py [sqlite file or PostgreSQL address]`.

Classes of 28, 300 and 10,000 in a database with 110,000 actions of others, over 12 weeks, with a register. Prints
milliseconds and how many statements reached the database; the number is the same for all three.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert

from bot.coaching.cohort import Audience, Caller
from bot.coaching.ids import CohortId, GuildId, UserId
from bot.coaching.register import Listing, RegisterFilter
from bot.services.checkin import CheckinService
from bot.services.class_statistics import WeeklySnapshot
from bot.services.cohort import CohortService, SetupRequest
from bot.services.exports import ExportService, ExportWish
from bot.services.overview import OverviewService
from bot.services.planning import Planning
from bot.services.register import RegisterService
from prompts import Content, load_content
from storage import sections, tables
from storage.database import Database, Tx, open_database
from storage.schema import migrate

START = datetime(2027, 2, 15, 9, tzinfo=UTC)
WEEKS, OTHERS = 12, 2_700
"""`OTHERS`: members of other courses, so that the tables are as full as a university's."""
PAGE = 12


def caller(guild: int, audience: Audience) -> Caller:
    """Return somebody who manages a server and teaches in it."""
    return Caller(UserId(1), audience, GuildId(guild), frozenset({7}), manages_guild=True, dm_channel_id=None)


def fill(tx: Tx, cohort_id: int, first: int, size: int, content: Content) -> None:
    """Enrol a class with a focus, a goal, answers, a note and three actions a week each."""
    chance = random.Random(first)
    users = range(first, first + size)
    tx.execute(insert(tables.account), [{"user_id": user} for user in users])
    shared = {
        "cohort_id": cohort_id,
        "joined_at": START,
        "active_at": START,
        "zone": "UTC",
        "nudge_day": 0,
        "nudge_hour": 16,
        "nudges_on": True,
        "register_from": START.date(),
        "register_visible_at": START,
    }
    tx.execute(insert(tables.enrolment), [{**shared, "id": user, "user_id": user} for user in users])
    tx.execute(insert(tables.focus), [{"enrolment_id": user, "field_one": "x", "updated_at": START} for user in users])
    goal = {
        "title": "x",
        "target": 2,
        "if_then": "If it is noon, then I will ask",
        "weeks": 6,
        "starts_on": START.date(),
        "obstacle": "time",
        "created_at": START,
    }
    types, items = list(content.vocabulary.types), [item.id for item in content.checklist.items]
    tx.execute(insert(tables.goal), [{**goal, "enrolment_id": user, "type": types[user % 3]} for user in users])
    tx.execute(
        insert(tables.action),
        [
            {
                "enrolment_id": user,
                "kind": chance.choice(("reply", "talk", "note")),
                "happened_on": (START + timedelta(days=day)).date(),
                "logged_at": START + timedelta(days=day),
            }
            for user in users
            for day in (chance.randrange(7 * WEEKS) for _ in range(3 * WEEKS))
        ],
    )
    note = {"cohort_id": cohort_id, "kind": "weekly", "state": "sent", "attempts": 1}
    tx.execute(
        insert(tables.nudge),
        [
            {**note, "user_id": user, "period": f"{at.date()}", "due_at": at, "not_before": at, "settled_at": at}
            for user in users
            for at in (START + timedelta(weeks=week, hours=7) for week in range(WEEKS))
        ],
    )
    answers = [(user, item) for user in users for item in chance.sample(items, 10)]
    day = date(2027, 3, 1)
    for table in (tables.checklist_answer, tables.checklist_history):
        tx.execute(
            insert(table),
            [{"enrolment_id": user, "item_id": item, "answer": "fine", "answered_on": day} for user, item in answers],
        )


async def timed(database: Database, what: str, work: Callable[[], Awaitable[object]]) -> None:
    """Print how long something takes, and with how many statements, those that begin a transaction left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET ")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    began = time.perf_counter()
    await work()
    took = (time.perf_counter() - began) * 1000
    event.remove(database.engine, "before_cursor_execute", note)
    print(f"  {what}: {took:.0f} ms, {len(seen)} statements")


async def measure(database: Database, content: Content, guild: int, size: int) -> None:
    """Fill a course, let twelve snapshots pass, and measure the last one and what instructors look at."""
    course = await opened(database, content, guild)
    await database.transact(lambda tx: fill(tx, course, guild * 100_000, size, content))
    await database.transact(lambda tx: sections.replace(tx, course, [11, 12]))
    snapshots = WeeklySnapshot(content)

    async def snapshot(at: datetime) -> None:
        await database.transact(lambda tx: snapshots.take(tx, course, at))

    for week in range(1, WEEKS):
        await snapshot(START + timedelta(weeks=week))
    now = START + timedelta(weeks=WEEKS)
    print(f"{size} members:")
    await timed(database, "the Monday snapshot", lambda: snapshot(now))
    teacher = caller(guild, Audience.INSTRUCTOR)
    views, register = OverviewService(database, content), RegisterService(database, content.checklist)
    await timed(database, "/cohort overview", lambda: views.overview(teacher, now))
    await timed(database, "class statistics", lambda: views.statistics(teacher, now))
    await timed(database, "/cohort preview", lambda: views.preview(teacher, now))

    async def page(which: RegisterFilter) -> None:
        found = await register.find(teacher, Listing(which), None, now)
        await register.rows(teacher, [one.enrolment_id for one in found.matching[:PAGE]], now)

    for which in RegisterFilter:
        await timed(database, f"/cohort register, {which.name.lower()}", lambda which=which: page(which))
    checkins, exports = CheckinService(database, content.checklist), ExportService(database, content)
    await timed(database, "/cohort checkin", lambda: checkins.checkin(teacher, 0, now))
    await timed(database, "/cohort export", lambda: exports.export(teacher, ExportWish(), {}, {}, now))


async def opened(database: Database, content: Content, guild: int) -> CohortId:
    """Open a course with a register in a server."""
    service = CohortService(database, content, Planning(0, content.backoff_days))
    request = SetupRequest(f"Bench {guild}", "2027-02-15", "2027-06-04", "UTC", 7, register=True)
    return (await service.set_up(caller(guild, Audience.MANAGER), request, START)).id


async def main() -> None:
    """Measure three classes."""
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'bench.db'}"
        database = open_database(address)
        migrate(database.engine)
        content = load_content()
        elsewhere = await opened(database, content, 9)
        await database.transact(lambda tx: fill(tx, elsewhere, 900_000, OTHERS, content))
        for guild, size in enumerate((28, 300, 10_000), 1):
            await measure(database, content, guild, size)
        database.close()


if __name__ == "__main__":
    asyncio.run(main())
