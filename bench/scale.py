"""How far one database carries: what is due, the overview and a register page beside ever more members."""

import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from bench.process import OWNER, ROLE
from bot.coaching.cohort import Audience, Caller
from bot.coaching.ids import CohortId, GuildId, UserId
from bot.coaching.register import Listing, RegisterFilter
from bot.services.cohort import CohortService, SetupRequest
from bot.services.overview import OverviewService
from bot.services.planning import Planning
from bot.services.register import RegisterService
from prompts import Content, load_content
from storage import members, tables
from storage.database import Database, Tx, open_database
from storage.schema import migrate
from tests.conftest import PostgreSQL

SMALL, HUGE, OTHERS = 28, 10_000, 300
"""Members of the three kinds of courses."""
DUE = 1_000
"""Members whose note is due now, of all."""
TIMES = 5
NOW = datetime(2027, 3, 17, 9, tzinfo=UTC)
BEGAN = NOW - timedelta(weeks=4)


async def timings(sizes: list[int]) -> dict[str, float]:
    """Return milliseconds, the median of five, by what was measured, on both databases."""
    measured: dict[str, float] = {}
    with _databases() as databases:
        for kind, database in databases:
            filled = _Filled(database, load_content())
            for size in sizes:
                await filled.grow(size)
                work: dict[str, Callable[[], Awaitable[object]]] = {"the next 200 due": filled.due}
                for course in (SMALL, HUGE) if size > HUGE else (SMALL,):
                    work[f"/cohort overview of {course:,}"] = partial(filled.overview, course)
                    work[f"register page of {course:,}"] = partial(filled.page, course)
                for what, once in work.items():
                    measured[f"{what}, {kind}, {size:,} members"] = await _median(once)
    return measured


async def _median(work: Callable[[], Awaitable[object]]) -> float:
    took: list[float] = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


@contextmanager
def _databases() -> Generator[list[tuple[str, Database]]]:
    folder = Path(tempfile.mkdtemp(prefix="pln-coach-bench-"))
    # The server is another user when this is run by root.
    folder.chmod(0o755)
    server = PostgreSQL(folder)
    try:
        with (
            closing(open_database(f"sqlite:///{folder / 'bench' / 'coach.db'}", durable=False)) as sqlite,
            closing(open_database(server.make("bench"))) as postgresql,
        ):
            for one in (sqlite, postgresql):
                migrate(one.engine)
            yield [("SQLite", sqlite), ("PostgreSQL", postgresql)]
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class _Filled:
    """A database that grows: courses by the size of their class, which is also the number of their server."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database, self._content = database, content
        self._last = 0
        self._courses = CohortService(database, content, Planning(0, content.backoff_days))
        self._views = OverviewService(database, content)
        self._register = RegisterService(database, content.checklist)

    async def grow(self, size: int) -> None:
        """Add courses until there are about so many members: one of 28, one of 10,000 if it fits, the rest of 300."""
        if not self._last:
            await self._add(SMALL, SMALL)
        if size > HUGE > self._last:
            await self._add(HUGE, HUGE)
        while self._last + OTHERS <= size:
            await self._add(100_000 + self._last, OTHERS)
        if self._database.engine.dialect.name == "postgresql":
            with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")  # as its own process does from time to time

    async def _add(self, guild: int, size: int) -> None:
        request = SetupRequest("Bench", f"{BEGAN:%Y-%m-%d}", "2027-06-30", "UTC", ROLE, register=True)
        course = await self._courses.set_up(_caller(guild, Audience.MANAGER), request, BEGAN)
        first, self._last = self._last + 1, self._last + size
        await self._database.transact(lambda tx: _enrol(tx, course.id, range(first, self._last + 1)))

    async def due(self) -> None:
        """Find the members whose note is due, as a round does; they stay due."""

        def work(tx: Tx) -> None:
            members.due(tx, NOW, 200)
            tx.rollback()

        with self._database.engine.connect() as connection:
            work(connection)

    async def overview(self, guild: int) -> object:
        """Load what `/cohort overview` shows."""
        return await self._views.overview(_caller(guild, Audience.INSTRUCTOR), NOW)

    async def page(self, guild: int) -> object:
        """Load a page of the register."""
        teacher = _caller(guild, Audience.INSTRUCTOR)
        found = await self._register.find(teacher, Listing(RegisterFilter.EVERYBODY), None, NOW)
        return await self._register.rows(teacher, [one.enrolment_id for one in found.matching[:12]], NOW)


def _caller(guild: int, audience: Audience) -> Caller:
    return Caller(UserId(OWNER), audience, GuildId(guild), frozenset({ROLE}), manages_guild=True, dm_channel_id=None)


def _enrol(tx: Tx, cohort_id: CohortId, numbers: range) -> None:
    shared: dict[str, Any] = {"cohort_id": cohort_id, "joined_at": BEGAN, "active_at": BEGAN, "zone": "UTC"}
    shared |= {"nudge_day": 0, "nudge_hour": 16, "nudges_on": True}
    shared |= {"register_from": BEGAN.date(), "register_visible_at": BEGAN}
    tx.execute(insert(tables.account), [{"user_id": one} for one in numbers])
    week = NOW.date() - timedelta(days=NOW.weekday())
    due = {True: NOW - timedelta(hours=1), False: NOW + timedelta(days=2)}
    rows = [{**shared, "id": one, "user_id": one, "next_nudge_at": due[one <= DUE]} for one in numbers]
    tx.execute(insert(tables.enrolment), [{**row, "next_nudge_week": week} for row in rows])
    days = [BEGAN + timedelta(days=day) for day in (3, 12, 24)]
    action = {"kind": "note"}
    tx.execute(
        insert(tables.action),
        [{**action, "enrolment_id": one, "happened_on": at.date(), "logged_at": at} for one in numbers for at in days],
    )
