"""One goal at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.errors import (
    BadNumber,
    GoalRunning,
    NoGoal,
    Refusal,
    TargetOverCap,
    TextMissing,
    TextTooLong,
    UnknownTemplate,
)
from bot.coaching.goals import GoalDraft
from bot.coaching.log import ActionDraft
from bot.services.cohort import DefaultsChange
from tests.services.course import GOAL, START, WEEK, Course, at, manager, member


async def test_a_goal_starts_today_on_the_members_own_calendar(course: Course) -> None:
    await course.join(10, zone="Pacific/Kiritimati", channel=False)
    with pytest.raises(NoGoal):
        await course.goals.show(member(10), START)
    view = await course.goals.save(member(10), GOAL, at(START.date(), 23), replace=False)
    assert (view.goal.title, view.goal.target, view.did) == (GOAL.title, 2, 0)
    assert view.goal.starts_on == view.today == START.date() + timedelta(days=1)
    assert await course.goals.show(member(10), at(START.date(), 23)) == view


async def test_a_running_goal_is_replaced_only_when_that_is_asked_for(course: Course) -> None:
    await course.join(10, channel=False)
    await course.goals.save(member(10), GOAL, START, replace=False)
    before = await course.everything()
    other = replace(GOAL, title="Another one")
    with pytest.raises(GoalRunning, match="One real exchange"):
        await course.goals.save(member(10), other, START, replace=False)
    assert await course.everything() == before
    view = await course.goals.save(member(10), other, START, replace=True)
    assert view.goal.title == "Another one"
    assert len((await course.everything())["goal"]) == 2


async def test_a_goal_whose_weeks_are_over_stands_in_nobodys_way(course: Course) -> None:
    await course.join(10, channel=False)
    await course.goals.save(member(10), GOAL, START, replace=False)
    over = START + 6 * WEEK
    assert (await course.goals.start(member(10), None, over - timedelta(days=1))).running is not None
    assert (await course.goals.start(member(10), None, over)).running is None
    view = await course.goals.save(member(10), replace(GOAL, title="The next"), over, replace=False)
    assert view.goal.title == "The next"


async def test_two_goals_at_once_leave_one_running(course: Course) -> None:
    await course.join(10, channel=False)
    saves = [course.goals.save(member(10), GOAL, START, replace=False) for _ in range(3)]
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["GoalRunning", "GoalRunning", "GoalView"]


@pytest.mark.parametrize(
    ("refusal", "draft"),
    [
        (TargetOverCap, replace(GOAL, target=6)),
        (TargetOverCap, replace(GOAL, target=0)),
        (BadNumber, replace(GOAL, weeks=9)),
        (TextMissing, replace(GOAL, title="  ")),
        (TextTooLong, replace(GOAL, if_then="x" * 141)),
        (UnknownTemplate, replace(GOAL, type="fame")),
    ],
)
async def test_a_refused_goal_leaves_the_running_one(
    sqlite_course: Course, refusal: type[Refusal], draft: GoalDraft
) -> None:
    await sqlite_course.join(10, channel=False)
    await sqlite_course.goals.save(member(10), GOAL, START, replace=False)
    before = await sqlite_course.everything()
    with pytest.raises(refusal):
        await sqlite_course.goals.save(member(10), draft, START, replace=True)
    assert await sqlite_course.everything() == before


async def test_a_new_goal_starts_from_the_named_template_or_from_the_track(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, channel=False)
    assert (await course.goals.start(member(10), None, START)).template is None
    named = await course.goals.start(member(10), "health", START)
    assert named.template is not None
    assert named.template.id == "health"
    await course.cohorts.adjust(manager(), DefaultsChange(track="health"), START)
    assert (await course.goals.start(member(10), None, START)).template == named.template
    with pytest.raises(UnknownTemplate):
        await course.goals.start(member(10), "astrology", START)


async def test_what_was_logged_before_counts_toward_a_new_goal_if_its_kind_does(course: Course) -> None:
    await course.join(10, channel=False)
    await course.log.log(member(10), ActionDraft("reply"), START)
    await course.log.log(member(10), ActionDraft("note"), START)
    assert (await course.goals.save(member(10), GOAL, START, replace=False)).did == 1
