"""The member's own overview."""

from bot.coaching.footprint import Answer
from bot.coaching.ids import UserId
from bot.coaching.log import ActionDraft
from tests.services.course import DUE, GOAL, START, Course, member
from tests.services.fakes import Answer as Discord


async def test_an_overview_shows_the_week_the_goal_the_footprint_and_the_next_step(course: Course) -> None:
    await course.join(10)
    await course.focus.save(member(10), "nursing", None, None, START)
    await course.footprint.answer(member(10), "see.intent", Answer.FINE, START)
    await course.goals.save(member(10), GOAL, START, replace=False)
    await course.log.log(member(10), ActionDraft("reply", "to Kim"), START)
    me = await course.me.me(member(10), START)
    assert [action.note for action in me.seen.week] == ["to Kim"]
    assert (me.seen.did, me.goal_type and me.goal_type.id) == (1, "connect")
    assert me.footprint[0].answered == 1
    assert (me.step.rule.id, me.step.item and me.step.item.id) == ("A04", "see.search-name")
    assert (me.dm_closed, me.other_courses) == (False, False)
    assert me.seen.seat.enrolment.next_nudge is not None


async def test_the_step_shown_is_the_step_the_nudge_brings(course: Course) -> None:
    await course.join(10)
    await course.focus.save(member(10), "nursing", None, None, START)
    course.clock.set(DUE)
    shown = (await course.me.me(member(10), DUE)).step
    await course.rounds().round()
    [row] = await course.weekly(10)
    assert (row.rule, row.subject) == (shown.rule.id, shown.item and shown.item.id)


async def test_closed_dms_are_mentioned(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Discord.CLOSED)
    await course.rounds().round()
    assert (await course.me.me(member(10), DUE)).dm_closed


async def test_looking_changes_nothing(sqlite_course: Course) -> None:
    await sqlite_course.join(10)
    before = await sqlite_course.everything()
    await sqlite_course.me.me(member(10), DUE)
    after = await sqlite_course.everything()
    # That they looked is remembered, and nothing else.
    assert {**after, "enrolment": []} == {**before, "enrolment": []}
