"""How long an overview and a weekly turn take: `python bench/cohort_overview.py [sqlite file or PostgreSQL address]`.

A class of 300 in a database with 110,000 actions, and one of 10,000, each over 12 weeks. Prints milliseconds and how
many statements the database was sent; the number is the same for both.
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
from bot.services.cohort import CohortService, SetupRequest
from bot.services.overview import OverviewService
from bot.services.planning import Planning
from bot.services.turns import Turns
from prompts import Content, load_content
from storage import cohort as cohorts
from storage import figures, tables
from storage.database import Database, Tx, open_database
from storage.schema import migrate

START = datetime(2027, 2, 15, 9, tzinfo=UTC)
WEEKS, OTHERS = 12, 2_700
"""`OTHERS`: members of other courses, so that the tables are as full as a university's."""


def caller(guild: int, audience: Audience) -> Caller:
    """Return somebody who manages a server and teaches in it."""
    return Caller(UserId(1), audience, GuildId(guild), frozenset({7}), manages_guild=True, dm_channel_id=None)


def fill(tx: Tx, cohort_id: int, first: int, size: int, content: Content) -> None:
    """Enrol a class with a focus, a goal, answers, a note and three actions a week each."""
    chance = random.Random(first)
    users = range(first, first + size)
    tx.execute(insert(tables.account), [{"user_id": user} for user in users])
    shared = {"cohort_id": cohort_id, "joined_at": START, "active_at": START, "zone": "UTC", "nudge_day": 0}
    rows = [{**shared, "id": user, "user_id": user, "nudge_hour": 16, "nudges_on": True} for user in users]
    tx.execute(insert(tables.enrolment), rows)
    tx.execute(insert(tables.focus), [{"enrolment_id": user, "field_one": "x", "updated_at": START} for user in users])
    goal = {
        "title": "x",
        "target": 2,
        "if_then": "If it is noon, then I will ask",
        "weeks": 6,
        "starts_on": START.date(),
    }
    types, items = list(content.vocabulary.types), [item.id for item in content.checklist.items]
    tx.execute(
        insert(tables.goal),
        [
            {**goal, "enrolment_id": user, "type": types[user % 3], "obstacle": "time", "created_at": START}
            for user in users
        ],
    )
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
    """Print how long something takes, and with how many statements."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    began = time.perf_counter()
    await work()
    took = (time.perf_counter() - began) * 1000
    event.remove(database.engine, "before_cursor_execute", note)
    print(f"  {what}: {took:.0f} ms, {len(seen)} statements")


async def measure(database: Database, content: Content, guild: int, size: int) -> None:
    """Fill a course, let twelve turns pass, and measure the last one and what is read of them."""
    service = CohortService(database, content, Planning(0, content.backoff_days))
    request = SetupRequest("Bench", "2027-02-15", "2027-06-04", "UTC", 7)
    course = await service.set_up(caller(guild, Audience.MANAGER), request, START)
    await database.transact(lambda tx: fill(tx, course.id, guild * 100_000, size, content))
    await database.transact(lambda tx: figures.set_sections(tx, course.id, [11, 12]))
    turns, views = Turns(content), OverviewService(database, content)

    async def turn(at: datetime) -> None:
        await database.transact(lambda tx: turns.take(tx, CohortId(course.id), at))

    for week in range(1, WEEKS):
        await turn(START + timedelta(weeks=week))
    now = START + timedelta(weeks=WEEKS)
    print(f"{size} members:")
    await timed(database, "the weekly turn", lambda: turn(now))
    teacher = caller(guild, Audience.INSTRUCTOR)
    await timed(database, "/cohort overview", lambda: views.overview(teacher, now))
    await timed(database, "what /cohort chart draws", lambda: views.chart(teacher, now))
    await timed(database, "/cohort preview", lambda: views.preview(teacher, now))


async def main() -> None:
    """Measure both classes."""
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'bench.db'}"
        database = open_database(address)
        migrate(database.engine)
        content = load_content()
        others = SetupRequest("Others", "2027-02-15", "2027-06-04", "UTC", 7)
        service = CohortService(database, content, Planning(0, content.backoff_days))
        await service.set_up(caller(9, Audience.MANAGER), others, START)
        elsewhere = await database.read(lambda tx: cohorts.open_in(tx, GuildId(9)))
        if elsewhere is not None:
            await database.transact(lambda tx: fill(tx, elsewhere.id, 900_000, OTHERS, content))
        await measure(database, content, 1, 300)
        await measure(database, content, 2, 10_000)
        database.close()


if __name__ == "__main__":
    asyncio.run(main())
