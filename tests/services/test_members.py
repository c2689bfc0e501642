"""Joining: once, without the DM, and harmless when repeated."""

import asyncio
from datetime import timedelta

import pytest

from bot.coaching.cohort import Caller
from bot.coaching.errors import ChooseCourse, NoCourse, NotJoinedAnywhere, UnknownZone
from bot.coaching.ids import CohortId, GuildId
from bot.services.nudges import SettingsChange
from prompts import Content
from storage.database import Database, open_database
from tests.services.course import GUILD, START, WEEK, ZONE, Course, at, member

OTHER_GUILD = GuildId(701)


def newcomer(user_id: int = 10, guild_id: GuildId | None = GUILD, *, dm: bool = False) -> Caller:
    return member(user_id, dm=dm, guild_id=guild_id, audience="anyone")


async def test_welcome_stores_nothing_and_shows_the_zone(course: Course) -> None:
    before = await course.everything()
    welcome = await course.members.welcome(newcomer(), None)
    assert (welcome.cohort.name, welcome.zone, welcome.joined) == ("PLN 1", ZONE, False)
    assert (await course.members.welcome(newcomer(), "asia/kolkata")).zone == "Asia/Kolkata"
    assert await course.everything() == before
    await course.join(10)
    assert (await course.members.welcome(newcomer(), None)).joined


async def test_joining_takes_the_courses_defaults_and_owes_one_hello(course: Course) -> None:
    joined = await course.join(10, channel=False)
    assert not joined.again
    assert (joined.enrolment.wish.day, joined.enrolment.wish.hour, joined.enrolment.wish.zone) == (0, 16, ZONE)
    assert joined.enrolment.next_nudge is not None
    assert at(START.date(), 16) <= joined.enrolment.next_nudge.at <= at(START.date(), 16, 20)
    assert (joined.has_focus, joined.dm_closed) == (False, False)
    assert [(row.kind, row.period, row.state) for row in await course.rows()] == [("hello", "joined", "owed")]


async def test_joining_again_changes_nothing(course: Course) -> None:
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(day=3, zone="Asia/Kolkata"), START)
    before = await course.everything()
    course.clock.advance(timedelta(hours=1))
    again = await course.join(10, zone="America/Los_Angeles", channel=False)
    assert again.again
    assert again.enrolment.wish.day == 3
    assert await course.everything() == before


async def test_two_clicks_make_one_enrolment_and_one_hello(either_course: Course, database_url: str) -> None:
    course = either_course
    other = Course(open_database(database_url), course.content)
    try:
        joins = [
            one.members.join(newcomer(user_id), None, START)
            for user_id in range(10, 16)
            for one in (course, other, course)
        ]
        joined = await asyncio.gather(*joins)
    finally:
        other.database.close()
    assert sorted(one.again for one in joined) == [False] * 6 + [True] * 12
    assert len({one.enrolment.id for one in joined}) == 6
    assert sorted(row.user_id for row in await course.rows(kind="hello")) == list(range(10, 16))


async def test_joining_needs_an_open_course_and_a_known_zone(sqlite_database: Database, content: Content) -> None:
    course = Course(sqlite_database, content)
    with pytest.raises(NoCourse):
        await course.join(10, channel=False)
    with pytest.raises(NoCourse):
        await course.members.welcome(newcomer(), None)
    await course.open()
    before = await course.everything()
    with pytest.raises(UnknownZone):
        await course.join(10, zone="Atlantis/Capital", channel=False)
    with pytest.raises(UnknownZone):
        await course.members.welcome(newcomer(), "Atlantis/Capital")
    assert await course.everything() == before


async def test_member_of_two_courses_chooses_once_in_the_dm(course: Course) -> None:
    other = Course(course.database, course.content, OTHER_GUILD)
    await other.open(name="Elsewhere")
    await course.join(10, channel=False)
    await other.join(10, channel=False)
    caller = newcomer(dm=True)
    courses = await course.members.courses(caller)
    assert [name for _, name in courses] == ["PLN 1", "Elsewhere"]
    with pytest.raises(ChooseCourse) as caught:
        await course.nudges.settings(member(10, dm=True), START)
    assert caught.value.courses == list(courses)
    chosen = await course.members.choose_course(caller, courses[1][0])
    assert chosen.name == "Elsewhere"
    assert (await course.nudges.settings(member(10, dm=True), START)).cohort.name == "Elsewhere"
    assert (await course.me.me(member(10, dm=True), START)).other_courses


async def test_course_of_others_cannot_be_chosen(course: Course) -> None:
    await course.join(10, channel=False)
    before = await course.everything()
    for user_id, cohort_id in ((10, 99), (11, 1)):
        with pytest.raises(NotJoinedAnywhere):
            await course.members.choose_course(newcomer(user_id, dm=True), CohortId(cohort_id))
    assert await course.everything() == before
    with pytest.raises(NotJoinedAnywhere):
        await course.members.courses(newcomer(11, dm=True))


async def test_joining_after_the_term_plans_and_sends_nothing(course: Course) -> None:
    course.clock.set(START + 16 * WEEK)
    joined = await course.join(10, channel=False)
    assert joined.enrolment.next_nudge is None
    await course.rounds().round()
    assert [(row.state, row.reason) for row in await course.rows()] == [("skipped", "term_over")]
