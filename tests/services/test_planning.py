"""Planning: every week that fell due has one row, and the next one is later."""

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from bot.services.nudges import SettingsChange
from bot.services.planning import PLAN_BATCH
from storage import tables
from storage.database import Tx
from tests.services.course import DUE, START, WEEK, Course, counted_statements, member, queries
from tests.services.crashes import plan


async def test_nothing_is_owed_early_and_nothing_twice(course: Course) -> None:
    await course.join(10, channel=False)
    for now, rows in ((START, 0), (DUE, 1), (DUE, 1)):
        course.clock.set(now)
        await course.rounds().round()
        assert len(await course.weekly(10)) == rows
    planned = (await course.nudges.settings(member(10), DUE)).enrolment.next_nudge
    assert planned is not None
    assert planned.week == date(2027, 2, 22)


async def test_paused_weeks_have_no_rows(course: Course) -> None:
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(pause_weeks=2), START)
    for week in range(5):
        course.clock.set(DUE + week * WEEK)
        await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-03-01", "2027-03-08", "2027-03-15"]


async def test_weeks_turned_off_have_no_rows(course: Course) -> None:
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(on=False), START)
    course.clock.set(DUE + 2 * WEEK)
    await course.rounds().round()
    await course.nudges.change(member(10), SettingsChange(on=True), course.clock())
    course.clock.advance(WEEK)
    await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-03-08"]


async def test_summer_time_keeps_the_wall_clock_hour(course: Course) -> None:
    await course.join(10)
    course.clock.set(START + 8 * WEEK)
    await course.rounds().round()
    rows = await course.weekly(10)
    hours = {row.due_at.hour for row in rows if row.due_at < START + 6 * WEEK}
    later = {row.due_at.hour for row in rows if row.due_at > START + 6 * WEEK}
    assert (hours, later) == ({15}, {14})
    assert all(timedelta() <= one.due_at - rows[0].due_at for one in rows)


async def test_planning_takes_as_many_statements_for_any_class(either_course: Course) -> None:
    course = either_course
    counts: list[int] = []
    users = iter(range(10, 200))
    for size in (3, 60):
        await course.join(*(next(users) for _ in range(size)), channel=False)
        course.clock.advance(WEEK)
        with counted_statements(course.database) as seen:
            await plan(course)
        counts.append(len(queries(seen)))
    assert counts[0] == counts[1] <= 5
    assert len(await course.rows(kind="weekly")) == 3 + 63


async def test_more_members_than_a_batch_are_all_planned(course: Course) -> None:
    await course.join(10, channel=False)

    def many(tx: Tx) -> None:
        one = tx.execute(select(tables.enrolment)).mappings().one()
        users = range(1000, 1450)
        tx.execute(insert(tables.account), [{"user_id": user} for user in users])
        tx.execute(insert(tables.enrolment), [{**one, "id": user, "user_id": user} for user in users])

    await course.database.transact(many)
    course.clock.set(DUE)
    assert [await plan(course) for _ in range(3)] == [PLAN_BATCH, PLAN_BATCH, 451 - 2 * PLAN_BATCH]
    assert len(await course.rows(kind="weekly")) == 451


async def test_start_moves_what_is_planned_to_the_time_zone_data_of_today(either_course: Course) -> None:
    course = either_course
    await course.join(10, 11, channel=False)
    await course.nudges.change(member(11), SettingsChange(skip_next=True), START)
    await course.rounds().round()

    def planned(tx: Tx) -> list[object]:
        e = tables.enrolment.c
        weekly = tx.execute(select(e.next_nudge_at, e.next_nudge_week).order_by(e.id))
        return [*map(tuple, weekly), tx.scalar(select(tables.cohort.c.next_snapshot_at))]

    def an_hour_off(tx: Tx) -> None:
        # As it was planned before the clocks of a country were changed by law.
        for table, column in ((tables.enrolment, "next_nudge_at"), (tables.cohort, "next_snapshot_at")):
            [*rows] = tx.execute(select(table.c.id, table.c[column]))
            for number, at in rows:
                tx.execute(update(table).where(table.c.id == number).values({column: at + timedelta(hours=1)}))

    before = await course.database.read(planned)
    await course.database.transact(an_hour_off)
    assert await course.database.read(planned) != before
    await course.rounds("next start").round()
    assert await course.database.read(planned) == before
