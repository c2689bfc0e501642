"""Whom instructors may greet and what they may see of one member; every look is there for that member to read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.checkin import HelloReason
from bot.coaching.cohort import Caller, Look, Notice, SharedItem
from bot.coaching.errors import (
    InstructorOnly,
    InstructorRoleMissing,
    LookedAtBot,
    LookedAtSelf,
    NobodyToSee,
    NoCourse,
    Refusal,
    ServerOnly,
)
from bot.coaching.goals import Ending
from bot.coaching.ids import GuildId, UserId
from bot.services.checkin import ONE_LOOK, Checkin, MemberView, Reflection, SharedGoal
from bot.services.feedback import How
from prompts import Content
from storage import goals, shares
from storage.database import Database, Tx
from storage.looks import StaffLook
from tests.services.course import (
    GOAL,
    ROLE,
    START,
    TEACHER,
    TERM_START,
    WEEK,
    Course,
    counted_statements,
    manager,
    member,
    teacher,
)

ANN, BEN, CEM = UserId(10), UserId(11), UserId(12)
MINUTE = timedelta(minutes=1)


async def listed(course: Course) -> Checkin:
    return await course.checkins.checkin(teacher(), course.clock())


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


@pytest.mark.parametrize(
    ("caller", "refusal"),
    [
        (replace(member(10), audience=teacher().audience), InstructorOnly),
        (teacher(role=ROLE + 1), InstructorOnly),
        (replace(manager(), audience=teacher().audience), InstructorRoleMissing),
        (teacher(GuildId(701)), NoCourse),
        (teacher(None), ServerOnly),
    ],
)
async def test_only_the_instructors_of_the_course_are_let_in_and_nothing_is_recorded(
    sqlite_course: Course, caller: Caller, refusal: type[Refusal]
) -> None:
    await sqlite_course.use_row()
    await sqlite_course.join(ANN, channel=False)
    await ask(sqlite_course)
    ann = await sqlite_course.enrolment(ANN)
    before = await sqlite_course.everything()
    for use in (
        sqlite_course.checkins.checkin(caller, START),
        sqlite_course.checkins.member(caller, ANN, START),
        sqlite_course.checkins.greet(caller, ann.id, None, START),
    ):
        with pytest.raises(refusal):
            await use
    assert await sqlite_course.everything() == before


# Who may like a hello


async def test_without_the_row_only_those_who_asked_are_listed(course: Course) -> None:
    await course.join(ANN, BEN, channel=False)
    course.clock.set(START + 9 * WEEK)
    assert who(await listed(course)) == []
    await ask(course, BEN)
    assert who(await listed(course)) == [(BEN, (HelloReason.ASKED,))]


async def test_with_the_row_those_who_asked_come_first_and_then_the_quiet_ones(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, BEN, CEM, channel=False)
    await course.set_goal(CEM)
    course.clock.set(START + 3 * WEEK)
    await ask(course, BEN)
    assert who(await listed(course)) == [
        (BEN, (HelloReason.ASKED,)),
        (ANN, (HelloReason.NO_GOAL, HelloReason.QUIET)),
    ]


async def test_those_who_joined_before_the_row_are_listed_once_they_know_of_it(course: Course) -> None:
    await course.join(ANN, channel=False)
    course.clock.set(START + 3 * WEEK)
    await course.use_row()
    assert who(await listed(course)) == []
    await course.me.me(member(ANN), course.clock())
    assert [user_id for user_id, _ in who(await listed(course))] == [ANN]


async def test_greeted_leaves_in_peace_for_four_weeks_and_a_new_request_shows_at_once(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, channel=False)
    course.clock.set(START + 4 * WEEK)
    (row,) = (await listed(course)).shown
    assert row.asked_at is None
    after = await course.checkins.greet(teacher(), row.enrolment_id, row.asked_at, course.clock())
    assert after.shown == ()
    await ask(course)
    (row,) = (await listed(course)).shown
    assert row.reasons == (HelloReason.ASKED,)
    after = await course.checkins.greet(teacher(), row.enrolment_id, row.asked_at, course.clock())
    assert after.shown == ()
    course.clock.set(course.clock() + 4 * WEEK)
    assert len((await listed(course)).shown) == 1


async def test_greeted_on_an_older_list_answers_no_later_request(course: Course) -> None:
    await course.join(ANN, channel=False)
    await ask(course)
    (old,) = (await listed(course)).shown
    await course.feedback.take_back(member(ANN), course.clock())
    course.clock.set(START + WEEK)
    await ask(course)
    after = await course.checkins.greet(teacher(), old.enrolment_id, old.asked_at, course.clock())
    assert len(after.shown) == 1
    after = await course.checkins.greet(teacher(), old.enrolment_id, None, course.clock())
    assert len(after.shown) == 1


async def test_a_request_is_one_whichever_list_it_is_greeted_on(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, channel=False)
    course.clock.set(START + 4 * WEEK)
    await ask(course)
    (row,) = (await listed(course)).shown
    await course.feedback.greet(teacher(), row.enrolment_id, course.clock(), asked_at=row.asked_at)
    assert (await listed(course)).shown == ()
    await ask(course)
    (row,) = (await listed(course)).shown
    await course.checkins.greet(teacher(), row.enrolment_id, row.asked_at, course.clock())
    assert (await course.feedback.page(teacher(), None, course.clock())).waiting == ()


async def test_nobody_of_another_course_can_be_greeted(sqlite_course: Course, content: Content) -> None:
    other = Course(sqlite_course.database, content, GuildId(701))
    await other.open()
    await other.join(ANN, channel=False)
    ann = await other.enrolment(ANN)
    await other.feedback.tell(member(ANN, guild_id=GuildId(701)), How.CONTACT, None, START)
    before = await sqlite_course.everything()
    for asked_at in (None, int(START.timestamp())):
        await sqlite_course.checkins.greet(teacher(), ann.id, asked_at, START)
    assert await sqlite_course.everything() == before


async def test_the_list_seen_again_is_one_look_and_seen_the_next_day_another(course: Course) -> None:
    await course.join(ANN, channel=False)
    await ask(course)
    for _ in range(3):
        await listed(course)
    await course.feedback.page(teacher(), None, course.clock())
    assert await course.looks_at(ANN) == [StaffLook(TEACHER, Look.CHECKIN, START)]
    course.clock.set(START + ONE_LOOK + MINUTE)
    await listed(course)
    assert len(await course.looks_at(ANN)) == 2


async def test_the_list_needs_as_many_statements_for_many_as_for_few(course: Course) -> None:
    await course.use_row()
    counts: list[int] = []
    for last in (11, 40):
        await course.join(*range(10, last), channel=False)
        course.clock.set(course.clock() + 4 * WEEK)
        with counted_statements(course.database) as statements:
            await listed(course)
        counts.append(len(statements))
    assert counts[0] == counts[1]


# One member


async def test_without_the_row_somebody_who_shares_nothing_looks_like_somebody_who_is_not_there(
    course: Course,
) -> None:
    await course.join(ANN, channel=False)
    here, elsewhere = await seen(course), await seen(course, CEM)
    assert not here.shows_something
    assert replace(here, user_id=CEM) == elsewhere
    assert await course.looks_at(ANN) == []


async def test_the_row_shows_when_the_course_uses_it_and_the_look_is_recorded(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, channel=False)
    await course.set_goal(ANN)
    found = await seen(course)
    assert found.row is not None
    assert (found.row.goal, found.row.plan, found.row.focus) == (True, True, False)
    assert GOAL.title not in str(found)
    assert GOAL.if_then not in str(found)
    await seen(course)
    assert await course.looks_at(ANN) == [StaffLook(TEACHER, Look.MEMBER, START)] * 2


async def test_a_row_hides_from_everybody_until_its_member_knows_of_it(course: Course) -> None:
    await course.join(ANN, channel=False)
    await course.use_row()
    found = await seen(course)
    assert (found.row, found.untold, found.shows_something) == (None, True, False)
    assert await course.looks_at(ANN) == []
    caller = member(ANN)
    await course.nudges.settings(caller, course.clock())
    assert caller.notices == [Notice.PARTICIPATION_ROW]
    again = member(ANN)
    await course.nudges.settings(again, course.clock())
    assert again.notices == []
    assert (await seen(course)).row is not None


async def test_switched_off_the_row_is_gone_and_switched_on_again_it_is_told_anew(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, channel=False)
    await course.use_row(on=False)
    assert (await seen(course)).row is None
    await course.use_row()
    await course.use_row()
    assert (await seen(course)).untold
    caller = member(ANN)
    await course.nudges.settings(caller, course.clock())
    assert caller.notices == [Notice.PARTICIPATION_ROW]
    await course.use_row()  # no change: nobody is told again
    assert (await seen(course)).row is not None


async def test_what_a_member_shares_shows_with_its_day_and_nothing_else_of_it(course: Course) -> None:
    await course.join(ANN, channel=False)
    await course.set_goal(ANN)
    assert (await seen(course)).goals == ()
    await share(course, SharedItem.GOAL)
    found = await seen(course)
    assert found.goals == (SharedGoal(GOAL.title, GOAL.target, GOAL.weeks, GOAL.if_then),)
    assert found.shared == {SharedItem.GOAL: TERM_START}
    assert found.reflections == ()
    assert [one.what for one in await course.looks_at(ANN)] == [Look.MEMBER]


async def test_shared_reflections_are_those_of_goals_that_have_ended(course: Course) -> None:
    await course.join(ANN, channel=False)
    view = await course.set_goal(ANN)
    number = view.goal.id

    def end(tx: Tx) -> None:
        goals.set_reflection(tx, number, "I wrote to two people.", None)
        goals.end(tx, number, Ending.KEPT, START)

    await course.database.transact(end)
    assert (await seen(course)).reflections == ()
    await share(course, SharedItem.REFLECTION)
    found = await seen(course)
    assert found.reflections == (Reflection(GOAL.title, "I wrote to two people."),)
    assert found.goals == ()


async def test_a_request_to_get_in_touch_shows_and_is_a_look(course: Course) -> None:
    await course.join(ANN, channel=False)
    await ask(course)
    assert (await seen(course)).asked_on == TERM_START
    assert [one.what for one in await course.looks_at(ANN)] == [Look.MEMBER]


async def test_a_bot_oneself_and_with_the_row_somebody_who_has_not_joined_get_a_sentence(course: Course) -> None:
    await course.use_row()
    with pytest.raises(LookedAtBot):
        await course.checkins.member(teacher(), ANN, START, is_bot=True)
    with pytest.raises(LookedAtSelf):
        await course.checkins.member(teacher(), TEACHER, START)
    with pytest.raises(NobodyToSee):
        await seen(course, CEM)


async def test_of_a_member_of_another_course_nothing_shows(
    sqlite_database: Database, content: Content, sqlite_course: Course
) -> None:
    other = Course(sqlite_database, content, GuildId(701))
    await other.open()
    await other.use_row()
    await other.join(ANN, channel=False)
    await share(other, SharedItem.GOAL)
    assert not (await seen(sqlite_course)).shows_something
    await sqlite_course.use_row()
    with pytest.raises(NobodyToSee):
        await seen(sqlite_course)
    assert await other.looks_at(ANN) == []
