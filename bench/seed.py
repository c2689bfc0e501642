"""A course that has run for four weeks, made by the services where that is fast enough."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from bench.process import GUILD, OWNER, ROLE
from bot.coaching.cohort import Audience, Caller
from bot.coaching.ids import GuildId, UserId
from bot.services.class_statistics import WeeklySnapshot
from bot.services.cohort import CohortService, SetupRequest
from bot.services.course_plan import CoursePlanService
from bot.services.members import MemberService
from bot.services.planning import Planning
from prompts import Content, load_content
from storage import tables
from storage.database import Database, Tx

FIRST, CLASS = 700_001, 28
"""The first member's account; the accounts follow one another."""
KINDS = ("note", "reply", "share")


async def seed(database: Database, size: int = CLASS, entries: int = 60) -> list[UserId]:
    """Fill a migrated database with a course of members with so many log entries each; returns their accounts."""
    content, today = load_content(), datetime.now(UTC)
    began = today - timedelta(weeks=4)
    owner = Caller(UserId(OWNER), Audience.MANAGER, GuildId(GUILD), frozenset({ROLE}), True, None)  # noqa: FBT003
    planning = Planning(20, content.backoff_days)
    request = SetupRequest("Bench", f"{began:%Y-%m-%d}", f"{today + timedelta(weeks=12):%Y-%m-%d}", "UTC", ROLE, True)  # noqa: FBT003
    course = await CohortService(database, content, planning).set_up(owner, request, began)
    service = MemberService(database, planning)
    members = [UserId(FIRST + number) for number in range(size)]
    for one in members:
        caller = Caller(one, Audience.ANYONE, GuildId(GUILD), frozenset(), False, None)  # noqa: FBT003
        await service.join(caller, None, began)
    await database.transact(lambda tx: _fill(tx, content, began, entries))
    await CoursePlanService(database, content).take_ready(replace(owner, audience=Audience.STAFF), began)
    snapshots = WeeklySnapshot(content)
    for week in range(1, 5):
        at = began + timedelta(weeks=week)
        await database.transact(lambda tx, at=at: snapshots.take(tx, course.id, at))
    return members


def _fill(tx: Tx, content: Content, began: datetime, entries: int) -> None:
    chance, items = random.Random(1), [item.id for item in content.checklist.items]
    ids = list(tx.scalars(tables.enrolment.select().with_only_columns(tables.enrolment.c.id)))
    # Nothing is due while commands are measured.
    tx.execute(tables.nudge.delete())
    tx.execute(tables.enrolment.update().values(next_nudge_at=datetime.now(UTC) + timedelta(days=3)))
    tx.execute(insert(tables.focus), [{"enrolment_id": one, "field_one": "design", "updated_at": began} for one in ids])
    goal = {"type": "connect", "title": "Two exchanges", "target": 2, "weeks": 8, "obstacle": "time"}
    goal |= {"if_then": "If it is noon, then I will ask", "starts_on": began.date(), "created_at": began}
    tx.execute(insert(tables.goal), [{**goal, "enrolment_id": one} for one in ids])
    tx.execute(insert(tables.action), list(_actions(ids, chance, began, entries)))
    answers = [(one, item) for one in ids for item in chance.sample(items, 10)]
    for table in (tables.checklist_answer, tables.checklist_history):
        values = {"answer": "fine", "answered_on": (began + timedelta(days=3)).date()}
        tx.execute(insert(table), [{**values, "enrolment_id": one, "item_id": item} for one, item in answers])


def _actions(ids: list[int], chance: random.Random, began: datetime, entries: int) -> Iterator[dict[str, object]]:
    for one in ids:
        for _ in range(entries):
            at = began + timedelta(days=chance.randrange(28), hours=chance.randrange(12))
            kind = chance.choice(KINDS)
            yield {"enrolment_id": one, "kind": kind, "happened_on": at.date(), "logged_at": at}
