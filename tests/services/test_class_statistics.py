"""The Monday snapshot as the rounds take it: once, on time, and for each course alone."""

import pytest

from bot.coaching.class_statistics import Snapshot
from bot.coaching.ids import GuildId
from bot.coaching.log import ActionDraft
from bot.services.class_statistics import last_notes, next_snapshot
from prompts import Content
from storage import class_statistics
from storage import cohort as cohorts
from storage.database import Tx
from tests.services.course import START, TERM_END, TERM_START, WEEK, Course, at, manager, member

MONDAY = at(TERM_START + WEEK, 8)


async def log_something(course: Course, user_id: int, kind: str = "note") -> None:
    await course.log.log(member(user_id, guild_id=course.guild_id), ActionDraft(kind), course.clock())


async def taken(course: Course) -> list[Snapshot]:
    def work(tx: Tx) -> list[Snapshot]:
        cohort = cohorts.open_in(tx, course.guild_id)
        assert cohort is not None
        return class_statistics.snapshots(tx, cohort.id)

    return await course.database.read(work)


async def test_snapshot_is_taken_monday_at_eight_for_the_week_before(course: Course) -> None:
    await course.join(10, 11, channel=False)
    await log_something(course, 10)
    course.clock.set(MONDAY - WEEK / 168)
    await course.rounds().round()
    assert await taken(course) == []
    course.clock.set(MONDAY)
    await course.rounds().round()
    await course.rounds("b").round()
    (found,) = await taken(course)
    assert (found.week, found.members, found.counts["active"]) == (TERM_START + WEEK, 2, 1)


async def test_missed_mondays_are_left_out_and_a_late_one_counts(course: Course) -> None:
    await course.join(10, channel=False)
    course.clock.set(MONDAY + 3 * WEEK + WEEK / 2)
    await log_something(course, 10)
    await course.rounds().round()
    (found,) = await taken(course)
    assert (found.week, found.counts.get("active")) == (TERM_START + 4 * WEEK, None)
    course.clock.set(MONDAY + 4 * WEEK)
    await course.rounds().round()
    assert [one.week for one in await taken(course)] == [TERM_START + 4 * WEEK, TERM_START + 5 * WEEK]


async def test_no_snapshot_after_the_week_that_follows_the_term(course: Course) -> None:
    for week in range(4):
        course.clock.set(at(TERM_END, 9) + week * WEEK)
        await course.rounds().round()
    weeks = {row[2] for row in (await course.everything())["class_snapshot"]}
    assert weeks == {TERM_START + number * WEEK for number in (15, 16)}


async def test_changed_zone_moves_the_next_snapshot_and_loses_none(course: Course) -> None:
    await course.open(time_zone="Pacific/Auckland")
    assert next_snapshot(START, "Pacific/Auckland") == at(TERM_START + WEEK, 8, zone="Pacific/Auckland")
    course.clock.set(at(TERM_START + WEEK, 8, zone="Pacific/Auckland"))
    await course.rounds().round()
    assert [one.week for one in await taken(course)] == [TERM_START + WEEK]


async def test_courses_are_counted_apart(course: Course, content: Content) -> None:
    other = Course(course.database, content, GuildId(701), course.clock)
    await other.open()
    await course.join(10, channel=False)
    await other.join(10, 11, channel=False)
    course.clock.set(MONDAY)
    await course.rounds().round()
    assert [one.members for one in await taken(course)] == [1]
    assert [one.members for one in await taken(other)] == [2]


@pytest.mark.parametrize("exact", [True, False])
async def test_notes_are_exact_only_where_the_register_is_on(course: Course, exact: bool) -> None:
    if exact:
        await course.use_register()
    await course.join(*range(10, 22))
    course.clock.set(MONDAY)
    await course.rounds().round()
    cohort = await course.cohorts.course(manager(), manager().audience)
    notes = await course.database.read(lambda tx: last_notes(tx, cohort, course.clock()))
    assert notes is not None
    assert (notes.exact, notes.whole) == (exact, 12)
    if exact:
        assert sum(count for count in notes.counts.values() if isinstance(count, int)) == 12
    else:
        assert set(notes.counts) == {"sent", "held", "away"}
    below = await course.database.read(lambda tx: last_notes(tx, cohort, course.clock(), exact=False))
    assert below is not None
    assert not below.exact, "whoever manages the server alone reads by the threshold"
