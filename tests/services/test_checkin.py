"""Whom instructors may greet and what they may see of one member; every look is there for that member to read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.checkin import HelloReason
from bot.coaching.cohort import Access, SharedItem
from bot.coaching.errors import (
    LookedAtBot,
    LookedAtSelf,
    NobodyToSee,
)
from bot.coaching.goals import GoalEnding
from bot.coaching.ids import GuildId, UserId
from bot.services.checkin import Checkin, MemberView, Reflection, SharedGoal
from bot.services.feedback import How
from prompts import Content
from storage import goals, shares
from storage.access_log import SAME_ACCESS, AccessLogEntry
from storage.database import Database, Tx
from tests.services.course import (
    GOAL,
    START,
    TEACHER,
    TERM_START,
    WEEK,
    Course,
    counted_statements,
    member,
    queries,
    teacher,
)
from tests.services.test_class_statistics import log_something

ANN, BEN, CEM = UserId(10), UserId(11), UserId(12)
MINUTE = timedelta(minutes=1)


async def listed(course: Course) -> Checkin:
    return await course.checkins.checkin(teacher(), 0, course.clock())


async def of_page(course: Course, page: int) -> Checkin:
    return await course.checkins.checkin(teacher(), page, course.clock())


async def seen(course: Course, user_id: UserId = ANN) -> MemberView:
    return await course.checkins.member(teacher(), user_id, course.clock())


async def ask(course: Course, user_id: UserId = ANN) -> None:
    await course.feedback.tell(member(user_id), How.CONTACT, None, course.clock())


async def share(course: Course, item: SharedItem, user_id: UserId = ANN) -> None:
    member_id = (await course.enrolment(user_id)).id
    await course.database.transact(lambda tx: shares.share(tx, member_id, item, course.clock()))


def who(value: Checkin) -> list[tuple[UserId, tuple[HelloReason, ...]]]:
    return [(one.user_id, one.reasons) for one in value.shown]


# Who may


# Who might welcome a hello


async def test_without_register_only_those_who_asked_are_listed(course: Course) -> None:
    await course.join(ANN, BEN, channel=False)
    course.clock.set(START + 9 * WEEK)
    assert who(await listed(course)) == []
    await ask(course, BEN)
    assert who(await listed(course)) == [(BEN, (HelloReason.ASKED,))]


async def test_with_register_requests_come_before_quiet_members(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, BEN, CEM, channel=False)
    course.clock.set(START + 2 * WEEK)
    await course.set_goal(CEM)
    await log_something(course, CEM)
    course.clock.set(START + 3 * WEEK)
    await ask(course, BEN)
    assert who(await listed(course)) == [
        (BEN, (HelloReason.ASKED,)),
        (ANN, (HelloReason.NO_GOAL, HelloReason.QUIET)),
    ]


async def test_pages_list_everybody(course: Course) -> None:
    people = range(10, 38)
    await course.join(*people, channel=False)
    course.clock.set(START + 4 * WEEK)
    await course.use_register()
    await course.tell_of_register()
    assert (await listed(course)).total == 0
    course.clock.set(course.clock() + 3 * WEEK)
    found = await listed(course)
    assert (found.total, found.pages) == (28, 5)
    everybody = [one.user_id for page in range(5) for one in (await of_page(course, page)).shown]
    assert sorted(everybody) == list(people)
    assert (await of_page(course, 99)).page == 4


async def test_greeting_rests_for_four_weeks_unless_they_ask_again(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, channel=False)
    course.clock.set(START + 4 * WEEK)
    (row,) = (await listed(course)).shown
    assert row.asked_at is None
    after = await course.checkins.greet(teacher(), row.enrolment_id, row.asked_at, 0, course.clock())
    assert after.shown == ()
    await ask(course)
    (row,) = (await listed(course)).shown
    assert row.reasons == (HelloReason.ASKED,)
    after = await course.checkins.greet(teacher(), row.enrolment_id, row.asked_at, 0, course.clock())
    assert after.shown == ()
    course.clock.set(course.clock() + 4 * WEEK)
    assert len((await listed(course)).shown) == 1


async def test_greeting_on_an_old_list_answers_no_later_request(course: Course) -> None:
    await course.join(ANN, channel=False)
    await ask(course)
    (old,) = (await listed(course)).shown
    await course.feedback.take_back(member(ANN), course.clock())
    course.clock.set(START + WEEK)
    await ask(course)
    after = await course.checkins.greet(teacher(), old.enrolment_id, old.asked_at, 0, course.clock())
    assert len(after.shown) == 1
    after = await course.checkins.greet(teacher(), old.enrolment_id, None, 0, course.clock())
    assert len(after.shown) == 1


async def test_list_seen_again_within_the_day_is_one_look(course: Course) -> None:
    await course.join(ANN, channel=False)
    await ask(course)
    for _ in range(3):
        await listed(course)
    await course.feedback.page(teacher(), None, course.clock())
    assert await course.accesses_to(ANN) == [AccessLogEntry(TEACHER, Access.CHECKIN, START)]
    course.clock.set(START + SAME_ACCESS + MINUTE)
    await listed(course)
    assert len(await course.accesses_to(ANN)) == 2


async def test_list_takes_as_many_statements_for_any_class(course: Course) -> None:
    await course.use_register()
    counts: list[int] = []
    for last in (11, 40):
        await course.join(*range(10, last), channel=False)
        course.clock.set(course.clock() + 4 * WEEK)
        with counted_statements(course.database) as statements:
            await listed(course)
        counts.append(len(queries(statements)))
    assert counts[0] == counts[1]


# One member


async def test_without_register_member_who_shares_nothing_is_unknown(course: Course) -> None:
    await course.join(ANN, channel=False)
    here, elsewhere = await seen(course), await seen(course, CEM)
    assert not here.shows_something
    assert replace(here, user_id=CEM) == elsewhere
    assert await course.accesses_to(ANN) == []


async def test_register_row_shows_and_every_look_is_recorded(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, channel=False)
    await course.set_goal(ANN)
    found = await seen(course)
    assert found.row is not None
    assert (found.row.goal, found.row.plan, found.row.focus) == (True, True, False)
    assert GOAL.title not in str(found)
    assert GOAL.if_then not in str(found)
    await seen(course)
    assert await course.accesses_to(ANN) == [AccessLogEntry(TEACHER, Access.MEMBER, START)] * 2


async def test_register_switched_on_later_hides_rows_for_seven_days(course: Course) -> None:
    await course.join(ANN, channel=False)
    await course.use_register()
    assert (await seen(course)).coming is None, "not told yet"
    await course.tell_of_register()
    found = await seen(course)
    assert (found.row, found.coming, found.shows_something) == (None, START + WEEK, False)
    assert await course.accesses_to(ANN) == []
    course.clock.set(START + WEEK)
    assert (await seen(course)).row is not None
    await course.use_register()  # no change: the days do not begin again
    assert (await seen(course)).row is not None
    await course.use_register(on=False)
    assert (await seen(course)).row is None
    await course.use_register()
    await course.tell_of_register()
    assert (await seen(course)).coming == START + 2 * WEEK


async def test_shared_goal_shows_with_its_day_and_nothing_else(course: Course) -> None:
    await course.join(ANN, channel=False)
    await course.set_goal(ANN)
    assert (await seen(course)).goals == ()
    await share(course, SharedItem.GOAL)
    found = await seen(course)
    assert found.goals == (SharedGoal(GOAL.title, GOAL.target, GOAL.weeks, GOAL.if_then),)
    assert found.shared == {SharedItem.GOAL: TERM_START}
    assert found.reflections == ()
    assert [one.what for one in await course.accesses_to(ANN)] == [Access.MEMBER]


async def test_shared_reflections_are_of_ended_goals(course: Course) -> None:
    await course.join(ANN, channel=False)
    view = await course.set_goal(ANN)
    number = view.goal.id

    def end(tx: Tx) -> None:
        goals.set_reflection(tx, number, "I wrote to two people.", None)
        goals.end(tx, number, GoalEnding.KEPT, START)

    await course.database.transact(end)
    assert (await seen(course)).reflections == ()
    await share(course, SharedItem.REFLECTION)
    found = await seen(course)
    assert found.reflections == (Reflection(GOAL.title, "I wrote to two people."),)
    assert found.goals == ()


async def test_bot_self_and_stranger_are_refused_with_a_sentence(course: Course) -> None:
    await course.use_register()
    with pytest.raises(LookedAtBot):
        await course.checkins.member(teacher(), ANN, START, is_bot=True)
    with pytest.raises(LookedAtSelf):
        await course.checkins.member(teacher(), TEACHER, START)
    with pytest.raises(NobodyToSee):
        await seen(course, CEM)


async def test_member_of_another_course_shows_nothing(
    sqlite_database: Database, content: Content, course: Course
) -> None:
    other = Course(sqlite_database, content, GuildId(701))
    await other.open()
    await other.use_register()
    await other.join(ANN, channel=False)
    await share(other, SharedItem.GOAL)
    assert not (await seen(course)).shows_something
    await course.use_register()
    with pytest.raises(NobodyToSee):
        await seen(course)
    assert await other.accesses_to(ANN) == []
