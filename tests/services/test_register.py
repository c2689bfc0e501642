"""The register: who is in it, that a look is one row for the class, and that nobody else sees anything of it."""

import pytest

from bot.coaching.cohort import Access
from bot.coaching.errors import (
    NoRegister,
    UnknownSection,
)
from bot.coaching.ids import EnrolmentId, GuildId, UserId
from bot.coaching.register import Listing, RegisterFilter
from prompts import Content
from tests.services.course import (
    START,
    TEACHER,
    WEEK,
    Course,
    counted_statements,
    manager,
    queries,
    teacher,
)
from tests.services.test_class_statistics import log_something

ANN, BEN = UserId(10), UserId(11)
EVERYBODY = RegisterFilter.EVERYBODY


async def listed(course: Course, which: RegisterFilter = EVERYBODY, section: int | None = None) -> list[UserId]:
    found = await course.register.find(teacher(course.guild_id), Listing(which, 1), section, course.clock())
    return [one.user_id for one in found.matching]


async def test_instructor_of_another_course_gets_no_row(course: Course, content: Content) -> None:
    other = Course(course.database, content, GuildId(701))
    await other.open()
    await other.use_register()
    await course.use_register()
    await course.join(ANN, channel=False)
    ann = await course.enrolment(ANN)
    assert await other.register.rows(teacher(GuildId(701)), [ann.id, EnrolmentId(99)], START) == []
    assert await listed(other) == []
    assert await course.accesses_to(ANN) == []


async def test_without_register_there_is_none_to_see(course: Course) -> None:
    await course.join(ANN, channel=False)
    with pytest.raises(NoRegister):
        await listed(course)
    with pytest.raises(NoRegister):
        await course.register.rows(teacher(), [], START)


async def test_look_is_one_row_an_hour_that_every_member_reads(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, BEN, channel=False)
    for which in (EVERYBODY, RegisterFilter.NOTHING_YET):
        await listed(course, which)
    for user_id in (ANN, BEN):
        assert [(one.by, one.what) for one in await course.accesses_to(user_id)] == [(TEACHER, Access.REGISTER)]
    assert len((await course.everything())["register_access"]) == 1
    course.clock.set(START + WEEK)
    await course.join(12, channel=False)
    assert await course.accesses_to(12) == [], "whoever joins later was not in it"


async def test_register_says_how_many_rows_are_to_come(course: Course) -> None:
    await course.join(ANN, channel=False)
    await course.use_register()
    await course.tell_of_register()
    await course.join(BEN, channel=False)
    found = await course.register.find(teacher(), Listing(), None, course.clock())
    assert [one.user_id for one in found.people] == [BEN]
    assert (found.coming, found.coming_at) == (1, START + WEEK)
    course.clock.set(START + WEEK)
    assert await listed(course) == [ANN, BEN]


async def test_rows_come_in_the_order_asked_for(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, BEN, channel=False)
    ids = [(await course.enrolment(one)).id for one in (BEN, ANN)]
    found = await course.register.rows(teacher(), ids, START)
    assert [one.user_id for one in found] == [BEN, ANN]


async def test_sections_are_the_courses_own(course: Course) -> None:
    await course.use_register()
    await course.views.set_sections(manager(), [5])
    await course.join(ANN, BEN, channel=False)
    await course.put_in_section((await course.enrolment(ANN)).id, 5)
    assert await listed(course, section=5) == [ANN]
    with pytest.raises(UnknownSection):
        await listed(course, section=6)


async def test_no_goal_yet_is_offered_from_the_third_week(course: Course) -> None:
    await course.use_register()
    for week, offered in ((0, False), (1, False), (2, True)):
        found = await course.register.find(teacher(), Listing(), None, START + week * WEEK)
        assert (Listing(RegisterFilter.NO_GOAL) in found.listings) == offered


@pytest.mark.parametrize("which", RegisterFilter)
async def test_a_page_takes_nine_statements_for_any_class(course: Course, which: RegisterFilter) -> None:
    await course.use_register()
    counts: list[int] = []
    for last in (38, 60):
        await course.join(*range(10, last), channel=False)
        course.clock.set(course.clock() + 3 * WEEK)
        with counted_statements(course.database) as seen:
            found = await course.register.find(teacher(), Listing(which, 1), None, course.clock())
            ids = [one.enrolment_id for one in found.matching[:12]]
            await course.register.rows(teacher(), ids, course.clock())
        counts.append(len(queries(seen)))
    assert counts[0] == counts[1] <= 9


async def test_the_weeks_of_a_row_are_those_of_the_course(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, channel=False)
    await log_something(course, ANN)
    course.clock.set(START + 2 * WEEK)
    (row,) = await course.register.rows(teacher(), [(await course.enrolment(ANN)).id], course.clock())
    assert (row.active(), row.this_week) == ((1, 2), False)
    await log_something(course, ANN)
    (row,) = await course.register.rows(teacher(), [(await course.enrolment(ANN)).id], course.clock())
    assert row.this_week
