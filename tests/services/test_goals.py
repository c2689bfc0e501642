"""From a wish to a goal, and from a goal to its end."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.coaching.errors import (
    BadNumber,
    DraftChanged,
    GoalGone,
    GoalRunning,
    NoGoal,
    NotJoined,
    Refusal,
    TargetOverCap,
    TextTooLong,
    TwoGoalsRunning,
    UnfinishedPlan,
    UnknownTemplate,
)
from bot.coaching.focus import Season
from bot.coaching.goals import (
    Beginning,
    Benefit,
    Ending,
    Goal,
    Obstacle,
    PlanHint,
    UnfinishedGoal,
)
from bot.coaching.ids import GoalId
from bot.coaching.log import ActionDraft
from bot.services.cohort import DefaultsChange
from bot.services.goals import GoalService
from bot.services.nudges import SettingsChange
from prompts import Content
from storage import tables
from storage.database import Tx
from tests.services.course import START, TERM_END, TERM_START, WEEK, Course, at, manager, member

DAY = timedelta(days=1)
TITLE = "One real exchange a week"
WISH = UnfinishedGoal(Beginning.ALONE, "health", "connect", TITLE, outcome="Two people know my name", target=2, weeks=6)
PLAN = UnfinishedGoal(
    Beginning.ALONE,
    obstacle=Obstacle.NERVES,
    if_then="If it is Friday 9:00, then I will reply to one person",
    obstacle_plan="If I feel nervous, then I will send it to a friend first",
    tiny="Read one post",
    box_minutes=30,
)
SAID = replace(
    WISH,
    obstacle=PLAN.obstacle,
    if_then=PLAN.if_then,
    obstacle_plan=PLAN.obstacle_plan,
    tiny=PLAN.tiny,
    box_minutes=PLAN.box_minutes,
)
"""The conversation once everything is said."""
GONE = GoalId(999_999)


async def say(course: Course, title: str = TITLE, days: int = 0, **wish: object) -> None:
    """Let member 10 have the conversation up to the point where *Confirm* is all that is missing."""
    now = START + days * DAY
    await course.goals.wish(member(10), replace(WISH, title=title, **wish), now)  # pyright: ignore[reportArgumentType]
    await course.goals.plan(member(10), PLAN, now)


async def begin(course: Course, title: str = TITLE, days: int = 0, **wish: object) -> Goal:
    """Let member 10 have the whole conversation."""
    await say(course, title, days, **wish)
    return (await course.goals.confirm(member(10), START + days * DAY)).goal


async def running(course: Course, days: int = 0) -> list[Goal]:
    return [view.goal for view in (await course.goals.show(member(10), START + days * DAY)).running]


async def endings(course: Course) -> dict[str, str | None]:
    """Return how each goal ended, None for those that have not, by title in the order of beginning."""
    g = tables.goal.c

    def work(tx: Tx) -> dict[str, str | None]:
        return {row.title: row.ending for row in tx.execute(select(g.title, g.ending).order_by(g.id))}

    return await course.database.read(work)


@pytest.fixture
async def course(sqlite_course: Course) -> Course:
    """A course with member 10 in it; what differs between the databases is tested with the stores, and with races."""
    await sqlite_course.join(10, channel=False)
    return sqlite_course


# The conversation


async def test_a_wish_an_obstacle_a_plan_and_a_confirm_make_a_goal(course: Course) -> None:
    assert await course.goals.wish(member(10), WISH, START) == WISH
    asked = await course.goals.plan_question(member(10), Obstacle.NERVES, START)
    vocabulary = course.content.vocabulary
    assert (asked.draft, asked.template) == (WISH, vocabulary.templates["health"])
    assert (asked.obstacle, asked.words) == (Obstacle.NERVES, vocabulary.obstacles[Obstacle.NERVES])
    read = await course.goals.plan(member(10), PLAN, START)
    assert read.draft == SAID
    assert read == await course.goals.read_back(member(10), START)
    view = await course.goals.confirm(member(10), START)
    assert view.goal == Goal(
        view.goal.id,
        "connect",
        TITLE,
        2,
        "If it is Friday 9:00, then I will reply to one person",
        6,
        TERM_START,
        "Two people know my name",
        Obstacle.NERVES,
        "If I feel nervous, then I will send it to a friend first",
        "Read one post",
        30,
        term_ends=TERM_END,
    )
    assert (view.type, view.did, view.today) == (vocabulary.types["connect"], 0, TERM_START)
    assert (await course.goals.show(member(10), START)).running == [view]


async def test_nothing_runs_before_the_confirm_and_no_conversation_is_left_after_it(course: Course) -> None:
    await say(course)
    with pytest.raises(NoGoal):
        await course.goals.show(member(10), START)
    await course.goals.confirm(member(10), START)
    for _ in range(2):
        assert (await course.goals.start(member(10), START)).unfinished is None
        with pytest.raises(UnfinishedPlan):
            await course.goals.confirm(member(10), START)
        await course.goals.wish(member(10), WISH, START)
        await course.goals.drop(member(10), START)


async def test_a_conversation_goes_on_where_it_broke_off_weeks_later_and_after_a_restart(course: Course) -> None:
    await course.goals.wish(member(10), WISH, START)
    restarted = GoalService(course.database, course.content)
    later = START + 2 * WEEK
    assert (await restarted.start(member(10), later)).unfinished == WISH
    assert await restarted.unfinished(member(10), later) == WISH
    assert (await restarted.plan_question(member(10), Obstacle.TIME, later)).draft == WISH
    await restarted.plan(member(10), PLAN, later)
    again = GoalService(course.database, course.content)
    assert (await again.start(member(10), later)).unfinished == SAID
    assert (await again.read_back(member(10), later)).draft == SAID
    assert (await again.confirm(member(10), later)).goal.starts_on == TERM_START + 2 * WEEK


async def test_a_wish_that_is_changed_keeps_the_plan_and_one_begun_anew_does_not(course: Course) -> None:
    await say(course)
    changed = await course.goals.wish(member(10), replace(WISH, title="Another wish"), START, goes_on=True)
    assert changed == replace(SAID, title="Another wish")
    assert await course.goals.wish(member(10), WISH, START) == WISH
    with pytest.raises(UnfinishedPlan):
        await course.goals.confirm(member(10), START)


async def test_of_confirms_that_race_one_starts_a_goal(either_course: Course) -> None:
    await either_course.join(10, channel=False)
    await say(either_course)
    confirms = [either_course.goals.confirm(member(10), START) for _ in range(4)]
    results = await asyncio.gather(*confirms, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["GoalView", *["UnfinishedPlan"] * 3]
    assert len(await running(either_course)) == 1


async def test_without_a_wish_there_is_nothing_to_plan_and_without_a_plan_nothing_to_confirm(
    course: Course,
) -> None:
    goals = course.goals
    for attempt in (
        goals.unfinished(member(10), START),
        goals.plan_question(member(10), Obstacle.TIME, START),
        goals.plan(member(10), PLAN, START),
        goals.read_back(member(10), START),
        goals.confirm(member(10), START),
    ):
        with pytest.raises(UnfinishedPlan):
            await attempt
    await goals.wish(member(10), WISH, START)
    for attempt in (goals.read_back(member(10), START), goals.confirm(member(10), START)):
        with pytest.raises(UnfinishedPlan):
            await attempt
    assert await goals.unfinished(member(10), START) == WISH


async def test_a_refused_wish_or_plan_leaves_what_was_said_and_what_runs(course: Course) -> None:
    await begin(course, "It runs")
    await say(course, beginning=Beginning.BESIDE)
    before = await course.everything()
    gone = replace(WISH, beginning=Beginning.REPLACE, ends=GONE, ending=Ending.CHANGED)
    wrong: list[tuple[type[Refusal], Awaitable[object]]] = [
        (GoalGone, course.goals.wish(member(10), gone, START)),
        (TargetOverCap, course.goals.wish(member(10), replace(WISH, target=6), START + DAY)),
        (UnknownTemplate, course.goals.wish(member(10), replace(WISH, type="fame"), START + DAY, goes_on=True)),
        (TextTooLong, course.goals.plan(member(10), replace(PLAN, tiny="x" * 81), START + DAY)),
        (BadNumber, course.goals.plan(member(10), replace(PLAN, box_minutes=91), START + DAY)),
    ]
    for refusal, attempt in wrong:
        with pytest.raises(refusal):
            await attempt
    after = await course.everything()
    assert (after["goal_draft"], after["goal"]) == (before["goal_draft"], before["goal"])


async def test_a_plan_is_read_back_with_what_would_make_it_easier_to_keep(course: Course) -> None:
    await say(course)
    good = await course.goals.read_back(member(10), START)
    assert (good.hints, good.obstacle_hints) == ((), ())
    assert good.example == course.content.vocabulary.templates["health"].if_then
    loose = replace(PLAN, if_then="On Tuesdays I ask somebody", obstacle_plan="If I have time, then I will be brave")
    read = await course.goals.plan(member(10), loose, START)
    assert read.hints == (PlanHint.FORM,)
    assert read.obstacle_hints == (PlanHint.CUE, PlanHint.ACT)
    bare = await course.goals.plan(member(10), replace(loose, obstacle_plan=None), START)
    assert bare.obstacle_hints == ()
    assert (await course.goals.confirm(member(10), START)).goal.if_then == "On Tuesdays I ask somebody"


async def test_a_course_whose_starters_are_all_of_one_type_reads_any_goal_back(
    course: Course, content: Content
) -> None:
    only = {"education": content.vocabulary.templates["education"]}
    own = GoalService(course.database, replace(content, vocabulary=replace(content.vocabulary, templates=only)))
    await own.wish(member(10), replace(WISH, template=None, type="visible", target=1), START)
    # A limit, because what goes wrong here is never answered at all.
    read = await asyncio.wait_for(own.plan(member(10), PLAN, START), 10)
    assert read.draft.if_then == PLAN.if_then


# What a goal may start from


async def test_a_new_goal_starts_from_the_members_own_track_before_the_courses(course: Course) -> None:
    vocabulary, network = course.content.vocabulary, course.content.network
    nothing = await course.goals.start(member(10), START)
    assert (nothing.own, nothing.who, nothing.running, nothing.over) == (None, (), [], None)
    await course.cohorts.adjust(manager(), DefaultsChange(track="health"), START)
    assert (await course.goals.start(member(10), START)).own == vocabulary.templates["health"]
    await course.set_focus(10)
    assert (await course.goals.start(member(10), START)).own == vocabulary.templates["health"]
    await course.set_focus(10, track="education")
    start = await course.goals.start(member(10), START)
    assert start.own == vocabulary.templates["education"]
    assert start.own is not None
    labels = {str(category): words for category, words in network.categories.items()}
    assert start.who == tuple(labels[one] for one in start.own.who)


async def test_the_season_decides_the_type_of_a_goal_before_the_track_does(course: Course) -> None:
    for season, track, type_id in (
        (None, None, "connect"),
        (None, "education", "contribute"),
        (Season.SEARCHING, None, "opportunity"),
        (Season.EXPLORING, "education", "learn"),
        (Season.LOW_PROFILE, "creative", "learn"),
    ):
        await course.set_focus(10, season=season, track=track)
        start = await course.goals.start(member(10), START)
        assert start.type == type_id
        # Whoever keeps a low profile is not offered to show their work.
        assert (start.own is None) == (track is None or season is Season.LOW_PROFILE)


# Alone, in place of another, beside another


async def test_a_goal_meant_to_be_the_only_one_is_not_begun_beside_another_and_nothing_is_lost(
    course: Course,
) -> None:
    await begin(course, "It runs")
    await say(course)
    before = await course.everything()
    with pytest.raises(GoalRunning, match="“It runs” is running already"):
        await course.goals.confirm(member(10), START)
    assert await course.everything() == before
    assert await course.goals.unfinished(member(10), START) == SAID


async def test_a_goal_takes_the_place_of_another_only_when_it_is_confirmed(course: Course) -> None:
    old = await begin(course, "Old")
    await say(course, "New", beginning=Beginning.REPLACE)
    assert await running(course) == [old]
    await course.goals.confirm(member(10), START + DAY)
    assert await endings(course) == {"Old": "replaced", "New": None}


async def test_a_second_goal_runs_beside_the_first_and_a_third_is_refused_and_kept(course: Course) -> None:
    first = await begin(course, "First")
    second = await begin(course, "Second", beginning=Beginning.BESIDE)
    await say(course, "Third", beginning=Beginning.BESIDE)
    before = await course.everything()
    with pytest.raises(TwoGoalsRunning):
        await course.goals.confirm(member(10), START)
    assert await course.everything() == before
    assert await running(course) == [first, second]
    await course.goals.stop(member(10), first.id, START)
    await course.goals.confirm(member(10), START)
    assert [goal.title for goal in await running(course)] == ["Second", "Third"]


async def test_a_second_goal_is_counted_for_itself(course: Course) -> None:
    await begin(course, "Talk")
    await begin(course, "Read", type="learn", beginning=Beginning.BESIDE)
    for kind in ("note", "note", "note", "reply"):
        await course.log.log(member(10), ActionDraft(kind), START + DAY)
    shown = await course.goals.show(member(10), START + DAY)
    assert {view.goal.title: view.did for view in shown.running} == {"Talk": 1, "Read": 3}
    reviews = [await course.goals.review(member(10), view.goal.id, START + DAY) for view in shown.running]
    assert [(one.view.goal.title, one.did, one.wanted) for one in reviews] == [("Talk", 1, 12), ("Read", 3, 12)]


# Looking back


async def test_without_a_name_the_goal_whose_weeks_are_over_is_looked_back_on_else_the_oldest(course: Course) -> None:
    long = await begin(course, "Long", weeks=8)
    short = await begin(course, "Short", weeks=4, beginning=Beginning.BESIDE)
    assert (await course.goals.review(member(10), None, START + WEEK)).view.goal == long
    assert (await course.goals.review(member(10), None, START + 4 * WEEK)).view.goal == short
    assert (await course.goals.review(member(10), long.id, START + 4 * WEEK)).view.goal == long


async def test_a_review_counts_what_was_logged_since_the_goal_began(course: Course) -> None:
    await course.log.log(member(10), ActionDraft("reply"), START)
    goal = await begin(course, days=2)
    for days in (2, 10, 30):
        await course.log.log(member(10), ActionDraft("reply"), START + days * DAY)
    await course.log.log(member(10), ActionDraft("note"), START + 3 * DAY)
    review = await course.goals.review(member(10), goal.id, START + 31 * DAY)
    assert (review.did, review.wanted, review.view.did) == (3, 12, 1)


async def test_what_a_goal_brought_stays_with_it(course: Course) -> None:
    goal = await begin(course)
    words = "  Two people\nknow my name "
    review = await course.goals.reflect(member(10), goal.id, words, Benefit.NETWORKING, START + DAY)
    assert review.view.goal == goal
    await course.goals.keep(member(10), goal.id, START + 2 * DAY)
    (ended,) = (await course.goals.show(member(10), START + 2 * DAY)).ended
    assert (ended.ending, ended.reflection, ended.benefit) == (
        Ending.KEPT,
        "Two people know my name",
        Benefit.NETWORKING,
    )


async def test_a_goal_that_is_kept_goes_on_for_as_many_weeks_from_today(course: Course) -> None:
    old = await begin(course)
    view = await course.goals.keep(member(10), old.id, START + 6 * WEEK)
    assert view.goal == replace(old, id=view.goal.id, starts_on=TERM_START + 6 * WEEK)
    assert view.goal.id != old.id
    kept = await course.everything()
    with pytest.raises(GoalGone):
        await course.goals.keep(member(10), old.id, START + 6 * WEEK)
    assert await course.everything() == kept


async def test_a_goal_is_kept_once_however_many_presses_race(either_course: Course) -> None:
    await either_course.join(10, channel=False)
    old = await begin(either_course)
    presses = [either_course.goals.keep(member(10), old.id, START + WEEK) for _ in range(4)]
    results = await asyncio.gather(*presses, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == [*["GoalGone"] * 3, "GoalView"]
    assert len(await running(either_course, 7)) == 1


async def test_a_goal_made_deeper_brings_its_plan_and_ends_the_old_one_when_it_is_confirmed(course: Course) -> None:
    old = await begin(course, "Talk")
    deeper = replace(WISH, beginning=Beginning.REPLACE, title="Talk about wards", ends=old.id, ending=Ending.DEEPENED)
    draft = await course.goals.wish(member(10), deeper, START + WEEK)
    assert draft == replace(
        SAID, beginning=Beginning.REPLACE, title="Talk about wards", ends=old.id, ending=Ending.DEEPENED
    )
    assert await running(course, 7) == [old]
    await course.goals.confirm(member(10), START + WEEK)
    assert await endings(course) == {"Talk": "deepened", "Talk about wards": None}


async def test_something_else_asks_for_a_plan_of_its_own_and_leaves_a_second_goal_alone(course: Course) -> None:
    old = await begin(course, "Talk")
    beside = await begin(course, "Beside", beginning=Beginning.BESIDE)
    other = replace(WISH, beginning=Beginning.REPLACE, title="Read", type="learn", ends=old.id, ending=Ending.CHANGED)
    assert await course.goals.wish(member(10), other, START) == other
    with pytest.raises(UnfinishedPlan):
        await course.goals.confirm(member(10), START)
    await course.goals.plan(member(10), PLAN, START)
    assert await running(course) == [old, beside]
    await course.goals.confirm(member(10), START)
    assert await endings(course) == {"Talk": "changed", "Beside": None, "Read": None}


async def test_the_next_goal_begins_also_when_the_one_it_follows_was_stopped_meanwhile(course: Course) -> None:
    old = await begin(course, "Old")
    await say(course, "Next", beginning=Beginning.REPLACE, ends=old.id, ending=Ending.DEEPENED)
    await course.goals.stop(member(10), old.id, START)
    await course.goals.confirm(member(10), START)
    assert await endings(course) == {"Old": "stopped", "Next": None}


async def test_a_goal_that_is_stopped_can_be_read_afterwards_and_stopped_once(course: Course) -> None:
    goal = await begin(course)
    stopped = await course.goals.stop(member(10), goal.id, START + WEEK)
    assert (stopped.title, stopped.starts_on, stopped.ended_on, stopped.ending) == (
        TITLE,
        TERM_START,
        TERM_START + WEEK,
        Ending.STOPPED,
    )
    shown = await course.goals.show(member(10), START + WEEK)
    assert (shown.running, shown.ended) == ([], [stopped])
    with pytest.raises(GoalGone):
        await course.goals.stop(member(10), goal.id, START + WEEK)


@pytest.mark.parametrize(
    ("zone", "last_day"), [("Pacific/Kiritimati", TERM_START + DAY), ("Pacific/Pago_Pago", TERM_START - DAY)]
)
async def test_a_goal_ends_today_on_the_members_own_calendar(course: Course, zone: str, last_day: date) -> None:
    await course.nudges.change(member(10), SettingsChange(zone=zone), START)
    # Monday in Berlin: Tuesday noon in Kiritimati, Sunday evening in Pago Pago.
    now = at(TERM_START, 23, 30) if zone == "Pacific/Kiritimati" else at(TERM_START, 8, 30)
    await course.goals.wish(member(10), WISH, now)
    await course.goals.plan(member(10), PLAN, now)
    goal = (await course.goals.confirm(member(10), now)).goal
    assert goal.starts_on == last_day
    assert (await course.goals.stop(member(10), goal.id, now)).ended_on == last_day


# Resting


async def test_a_goal_that_rests_has_as_many_days_left_when_it_goes_on(course: Course) -> None:
    goal = await begin(course)
    first = await course.goals.pause(member(10), goal.id, START + DAY)
    # Paused again, it rests since the first day.
    assert (await course.goals.pause(member(10), goal.id, START + 3 * DAY)).goal == first.goal
    (resting,) = (await course.goals.show(member(10), START + 90 * DAY)).running
    assert (resting.goal.over(resting.today), resting.goal.week(resting.today)) == (False, 1)
    back = await course.goals.go_on(member(10), goal.id, START + 8 * DAY)
    assert back.goal.ends_on - back.today == first.goal.ends_on - first.today
    twice = await course.goals.go_on(member(10), goal.id, START + 9 * DAY)
    assert twice.goal == replace(goal, paused_days=7)


async def test_a_goal_that_rests_over_a_journey_west_loses_no_day(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(zone="Pacific/Kiritimati"), START)
    goal = await begin(course)
    paused = await course.goals.pause(member(10), goal.id, START)
    await course.nudges.change(member(10), SettingsChange(zone="Pacific/Pago_Pago"), START)
    back = await course.goals.go_on(member(10), goal.id, START)
    assert back.today < paused.today
    assert back.goal.ends_on == goal.ends_on


async def test_without_a_name_the_goal_that_runs_is_the_one_that_rests_next(course: Course) -> None:
    first = await begin(course, "First")
    second = await begin(course, "Second", beginning=Beginning.BESIDE)
    assert (await course.goals.pause(member(10), None, START)).goal.id == first.id
    assert (await course.goals.pause(member(10), None, START)).goal.id == second.id
    assert [goal.paused_on for goal in await running(course)] == [TERM_START, TERM_START]


async def test_a_goal_that_rests_can_be_looked_back_on_kept_and_stopped(course: Course) -> None:
    goal = await begin(course)
    await course.goals.pause(member(10), goal.id, START)
    assert (await course.goals.review(member(10), None, START)).view.goal.id == goal.id
    kept = await course.goals.keep(member(10), goal.id, START + WEEK)
    assert kept.goal.paused_on is None
    await course.goals.pause(member(10), kept.goal.id, START + WEEK)
    assert (await course.goals.stop(member(10), kept.goal.id, START + WEEK)).ending is Ending.STOPPED


# Everything in any order


async def pressed(course: Course, chance: random.Random, numbers: list[GoalId], now: datetime) -> None:
    """Let member 10 press, or send, anything that a card of any age may offer."""
    goals, caller = course.goals, member(10)
    number = chance.choice(numbers)
    follows: dict[str, Any] = {"ends": number, "ending": chance.choice([Ending.DEEPENED, Ending.CHANGED])}
    wish = replace(
        WISH, beginning=chance.choice(list(Beginning)), template=None, **(follows if chance.random() < 0.3 else {})
    )
    if chance.random() < 0.4:
        # The whole conversation; left to chance, it hardly ever comes to its end.
        await goals.wish(caller, wish, now)
        await goals.plan(caller, PLAN, now)
        await goals.confirm(caller, now)
        return
    ways: list[Callable[[], Awaitable[object]]] = [
        lambda: goals.wish(caller, wish, now, goes_on=chance.random() < 0.5),
        lambda: goals.plan(caller, PLAN, now),
        lambda: goals.read_back(caller, now),
        lambda: goals.confirm(caller, now),
        lambda: goals.drop(caller, now),
        lambda: goals.review(caller, None, now),
        lambda: goals.reflect(caller, number, "Fridays", None, now),
        lambda: goals.keep(caller, number, now),
        lambda: goals.stop(caller, number, now),
        lambda: goals.pause(caller, number, now),
        lambda: goals.go_on(caller, number, now),
    ]
    await chance.choice(ways)()


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_pressed_in_whatever_order_two_goals_run_at_most_and_a_refusal_changes_no_goal(
    course: Course, seed: int
) -> None:
    chance = random.Random(seed)
    now, begun, refused = START, 0, 0
    for _ in range(60):
        now += chance.choice([timedelta(0), timedelta(minutes=5), DAY, WEEK])
        before = await course.everything()
        begun = len(before["goal"])
        numbers = [GoalId(number) for number in range(max(1, begun - 2), begun + 2)]
        try:
            await pressed(course, chance, numbers, now)
        except Refusal:
            refused += 1
            assert (await course.everything())["goal"] == before["goal"]
        rows = await course.database.read(
            lambda tx: tx.execute(select(tables.goal.c.slot, tables.goal.c.ended_at, tables.goal.c.ending)).all()
        )
        slots = [row.slot for row in rows if row.ended_at is None]
        assert len(slots) == len({*slots} & {1, 2}) <= 2
        assert all((row.ended_at is None) == (row.ending is None) for row in rows)
    assert begun > 2, "a walk that hardly begins a goal proves nothing"
    assert refused > 2, "nor does one that is never refused"


# Whose goal


def by_number(goals: GoalService, user_id: int, goal_id: GoalId) -> list[Awaitable[object]]:
    """Return everything that can be asked for a goal by its number."""
    caller = member(user_id)
    next_one = replace(WISH, beginning=Beginning.REPLACE, ends=goal_id, ending=Ending.DEEPENED)
    return [
        goals.goal(caller, goal_id, START),
        goals.review(caller, goal_id, START),
        goals.reflect(caller, goal_id, "Mine", Benefit.LEARNING, START),
        goals.keep(caller, goal_id, START),
        goals.stop(caller, goal_id, START),
        goals.pause(caller, goal_id, START),
        goals.go_on(caller, goal_id, START),
        goals.wish(caller, next_one, START),
    ]


async def test_nobody_reaches_another_members_goal_or_conversation(either_course: Course) -> None:
    await either_course.join(10, 11, channel=False)
    goal = await begin(either_course)
    await say(either_course, "Theirs", beginning=Beginning.BESIDE)
    before = await either_course.everything()
    for attempt in by_number(either_course.goals, 11, goal.id):
        with pytest.raises(GoalGone):
            await attempt
    with pytest.raises(UnfinishedPlan):
        await either_course.goals.confirm(member(11), START)
    await either_course.goals.drop(member(11), START)
    assert (await either_course.goals.start(member(11), START)).unfinished is None
    assert await either_course.everything() == before


async def test_a_goal_that_has_ended_is_not_changed_any_more(course: Course) -> None:
    goal = await begin(course)
    await course.goals.stop(member(10), goal.id, START)
    before = await course.everything()
    for attempt in by_number(course.goals, 10, goal.id):
        with pytest.raises(GoalGone):
            await attempt
    assert await course.everything() == before


async def test_without_a_goal_there_is_none_to_show_review_or_pause(course: Course) -> None:
    goals = course.goals
    for attempt in (
        goals.show(member(10), START),
        goals.review(member(10), None, START),
        goals.pause(member(10), None, START),
    ):
        with pytest.raises(NoGoal):
            await attempt


CALLS: list[Callable[[GoalService], Awaitable[object]]] = [
    lambda goals: goals.start(member(10), START),
    lambda goals: goals.unfinished(member(10), START),
    lambda goals: goals.wish(member(10), WISH, START),
    lambda goals: goals.plan_question(member(10), Obstacle.TIME, START),
    lambda goals: goals.plan(member(10), PLAN, START),
    lambda goals: goals.read_back(member(10), START),
    lambda goals: goals.confirm(member(10), START),
    lambda goals: goals.drop(member(10), START),
    lambda goals: goals.show(member(10), START),
    lambda goals: goals.review(member(10), None, START),
    lambda goals: goals.pause(member(10), None, START),
]


async def test_goals_are_for_members(sqlite_course: Course) -> None:
    before = await sqlite_course.everything()
    for attempt in (*(call(sqlite_course.goals) for call in CALLS), *by_number(sqlite_course.goals, 10, GONE)):
        with pytest.raises(NotJoined):
            await attempt
    assert await sqlite_course.everything() == before


async def test_no_log_line_holds_what_a_member_said(course: Course, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        goal = await begin(course)
        await course.goals.reflect(member(10), goal.id, "Fridays suit me", None, START)
        await course.goals.stop(member(10), goal.id, START)
    for words in (TITLE, "know my name", "Friday", "nervous", "Read one post"):
        assert words not in caplog.text


async def test_a_card_that_shows_an_older_goal_neither_starts_nor_drops_the_newer_one(course: Course) -> None:
    await course.goals.wish(member(10), WISH, START)
    old = await course.goals.plan(member(10), UnfinishedGoal(Beginning.ALONE, if_then="If x, then I will y"), START)
    new = await course.goals.plan(member(10), UnfinishedGoal(Beginning.ALONE, if_then="If x, then I will z"), START)
    with pytest.raises(DraftChanged):
        await course.goals.confirm(member(10), START, seal=old.seal)
    with pytest.raises(DraftChanged):
        await course.goals.drop(member(10), START, seal=old.seal)
    assert (await course.goals.confirm(member(10), START, seal=new.seal)).goal.if_then == "If x, then I will z"


async def test_what_was_to_follow_a_goal_follows_it_still_when_the_goal_was_kept_meanwhile(course: Course) -> None:
    goal = await begin(course)
    deeper = replace(WISH, beginning=Beginning.REPLACE, ends=goal.id, ending=Ending.DEEPENED)
    await course.goals.wish(member(10), deeper, START)
    await course.goals.keep(member(10), goal.id, START)
    await course.goals.confirm(member(10), START)
    assert len((await course.goals.show(member(10), START)).running) == 1
