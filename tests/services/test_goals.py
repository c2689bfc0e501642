"""From a wish to a goal, and from a goal to its end."""

import asyncio
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
    Goal,
    GoalEnding,
    Obstacle,
    PlanHint,
    UnfinishedGoal,
)
from bot.coaching.ids import GoalId
from bot.services.cohort import DefaultsChange
from bot.services.goals import GoalService
from bot.services.nudges import SettingsChange
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


async def test_wish_obstacle_plan_and_confirm_make_a_goal(course: Course) -> None:
    assert await course.goals.wish(member(10), WISH, START) == WISH
    asked = await course.goals.plan_question(member(10), Obstacle.NERVES, START)
    vocabulary = course.content.vocabulary
    assert asked.draft == WISH
    assert "reply to someone in my field" in asked.plan
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


async def test_goal_runs_only_once_confirmed_and_leaves_no_draft(course: Course) -> None:
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


async def test_conversation_resumes_weeks_later_and_after_a_restart(course: Course) -> None:
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


async def test_changed_wish_keeps_the_plan_and_a_new_one_does_not(course: Course) -> None:
    await say(course)
    changed = await course.goals.wish(member(10), replace(WISH, title="Another wish"), START, goes_on=True)
    assert changed == replace(SAID, title="Another wish")
    assert await course.goals.wish(member(10), WISH, START) == WISH
    with pytest.raises(UnfinishedPlan):
        await course.goals.confirm(member(10), START)


async def test_each_step_of_the_conversation_needs_the_one_before(
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


async def test_refused_wish_or_plan_changes_nothing(course: Course) -> None:
    await begin(course, "It runs")
    await say(course, beginning=Beginning.BESIDE)
    before = await course.everything()
    gone = replace(WISH, beginning=Beginning.REPLACE, ends=GONE, ending=GoalEnding.CHANGED)
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


async def test_plan_is_read_back_with_hints(course: Course) -> None:
    await say(course)
    good = await course.goals.read_back(member(10), START)
    assert (good.hints, good.obstacle_hints) == ((), ())
    assert good.example is None  # no profession is known, so there is none of their own
    await course.set_focus(10, track="health")
    own = (await course.goals.read_back(member(10), START)).example
    assert own == course.content.vocabulary.templates["health"].if_then
    loose = replace(PLAN, if_then="On Tuesdays I ask somebody", obstacle_plan="If I have time, then I will be brave")
    read = await course.goals.plan(member(10), loose, START)
    assert read.hints == (PlanHint.FORM,)
    assert read.obstacle_hints == (PlanHint.CUE, PlanHint.ACT)
    bare = await course.goals.plan(member(10), replace(loose, obstacle_plan=None), START)
    assert bare.obstacle_hints == ()
    assert (await course.goals.confirm(member(10), START)).goal.if_then == "On Tuesdays I ask somebody"


# What a goal may start from


async def test_template_follows_the_members_track_before_the_courses(course: Course) -> None:
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


async def test_season_decides_the_type_before_the_track(course: Course) -> None:
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


async def test_only_goal_is_refused_beside_another_and_stays_a_draft(
    course: Course,
) -> None:
    await begin(course, "It runs")
    await say(course)
    before = await course.everything()
    with pytest.raises(GoalRunning, match="“It runs” is running already"):
        await course.goals.confirm(member(10), START)
    assert await course.everything() == before
    assert await course.goals.unfinished(member(10), START) == SAID


async def test_second_goal_runs_and_a_third_is_refused_and_kept(course: Course) -> None:
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


# Looking back


async def test_review_takes_the_goal_that_is_over_else_the_oldest(course: Course) -> None:
    long = await begin(course, "Long", weeks=8)
    short = await begin(course, "Short", weeks=4, beginning=Beginning.BESIDE)
    assert (await course.goals.review(member(10), None, START + WEEK)).view.goal == long
    assert (await course.goals.review(member(10), None, START + 4 * WEEK)).view.goal == short
    assert (await course.goals.review(member(10), long.id, START + 4 * WEEK)).view.goal == long


async def test_reflection_stays_with_the_ended_goal(course: Course) -> None:
    goal = await begin(course)
    words = "  Two people\nknow my name "
    review = await course.goals.reflect(member(10), goal.id, words, Benefit.NETWORKING, START + DAY)
    assert review.view.goal == goal
    await course.goals.keep(member(10), goal.id, START + 2 * DAY)
    (ended,) = (await course.goals.show(member(10), START + 2 * DAY)).ended
    assert (ended.ending, ended.reflection, ended.benefit) == (
        GoalEnding.KEPT,
        "Two people know my name",
        Benefit.NETWORKING,
    )


async def test_kept_goal_runs_as_many_weeks_again_from_today(course: Course) -> None:
    old = await begin(course)
    view = await course.goals.keep(member(10), old.id, START + 6 * WEEK)
    assert view.goal == replace(old, id=view.goal.id, starts_on=TERM_START + 6 * WEEK)
    assert view.goal.id != old.id
    kept = await course.everything()
    with pytest.raises(GoalGone):
        await course.goals.keep(member(10), old.id, START + 6 * WEEK)
    assert await course.everything() == kept


async def test_racing_presses_keep_a_goal_once(either_course: Course) -> None:
    await either_course.join(10, channel=False)
    old = await begin(either_course)
    presses = [either_course.goals.keep(member(10), old.id, START + WEEK) for _ in range(4)]
    results = await asyncio.gather(*presses, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == [*["GoalGone"] * 3, "GoalView"]
    assert len(await running(either_course, 7)) == 1


async def test_deeper_goal_brings_its_plan_and_ends_the_old_at_confirm(course: Course) -> None:
    old = await begin(course, "Talk")
    deeper = replace(
        WISH, beginning=Beginning.REPLACE, title="Talk about wards", ends=old.id, ending=GoalEnding.DEEPENED
    )
    draft = await course.goals.wish(member(10), deeper, START + WEEK)
    assert draft == replace(
        SAID, beginning=Beginning.REPLACE, title="Talk about wards", ends=old.id, ending=GoalEnding.DEEPENED
    )
    assert await running(course, 7) == [old]
    await course.goals.confirm(member(10), START + WEEK)
    assert await endings(course) == {"Talk": "deepened", "Talk about wards": None}


async def test_stopped_goal_can_be_read_and_stopped_once(course: Course) -> None:
    goal = await begin(course)
    stopped = await course.goals.stop(member(10), goal.id, START + WEEK)
    assert (stopped.title, stopped.starts_on, stopped.ended_on, stopped.ending) == (
        TITLE,
        TERM_START,
        TERM_START + WEEK,
        GoalEnding.STOPPED,
    )
    shown = await course.goals.show(member(10), START + WEEK)
    assert (shown.running, shown.ended) == ([], [stopped])
    with pytest.raises(GoalGone):
        await course.goals.stop(member(10), goal.id, START + WEEK)


@pytest.mark.parametrize(
    ("zone", "last_day"), [("Pacific/Kiritimati", TERM_START + DAY), ("Pacific/Pago_Pago", TERM_START - DAY)]
)
async def test_goal_ends_today_on_the_members_calendar(course: Course, zone: str, last_day: date) -> None:
    await course.nudges.change(member(10), SettingsChange(zone=zone), START)
    # Monday in Berlin: Tuesday noon in Kiritimati, Sunday evening in Pago Pago.
    now = at(TERM_START, 23, 30) if zone == "Pacific/Kiritimati" else at(TERM_START, 8, 30)
    await course.goals.wish(member(10), WISH, now)
    await course.goals.plan(member(10), PLAN, now)
    goal = (await course.goals.confirm(member(10), now)).goal
    assert goal.starts_on == last_day
    assert (await course.goals.stop(member(10), goal.id, now)).ended_on == last_day


# Resting


async def test_paused_goal_has_as_many_days_left_when_resumed(course: Course) -> None:
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


async def test_pause_over_a_journey_west_loses_no_day(course: Course) -> None:
    await course.nudges.change(member(10), SettingsChange(zone="Pacific/Kiritimati"), START)
    goal = await begin(course)
    paused = await course.goals.pause(member(10), goal.id, START)
    await course.nudges.change(member(10), SettingsChange(zone="Pacific/Pago_Pago"), START)
    back = await course.goals.go_on(member(10), goal.id, START)
    assert back.today < paused.today
    assert back.goal.ends_on == goal.ends_on


# Everything in any order


async def pressed(course: Course, chance: random.Random, numbers: list[GoalId], now: datetime) -> None:
    """Let member 10 press, or send, anything that a card of any age may offer."""
    goals, caller = course.goals, member(10)
    number = chance.choice(numbers)
    follows: dict[str, Any] = {"ends": number, "ending": chance.choice([GoalEnding.DEEPENED, GoalEnding.CHANGED])}
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
async def test_any_order_of_presses_leaves_two_goals_at_most(course: Course, seed: int) -> None:
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
    next_one = replace(WISH, beginning=Beginning.REPLACE, ends=goal_id, ending=GoalEnding.DEEPENED)
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


async def test_nobody_reaches_another_members_goal_or_draft(either_course: Course) -> None:
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


async def test_old_card_neither_starts_nor_drops_a_newer_draft(course: Course) -> None:
    await course.goals.wish(member(10), WISH, START)
    old = await course.goals.plan(member(10), UnfinishedGoal(Beginning.ALONE, if_then="If x, then I will y"), START)
    new = await course.goals.plan(member(10), UnfinishedGoal(Beginning.ALONE, if_then="If x, then I will z"), START)
    with pytest.raises(DraftChanged):
        await course.goals.confirm(member(10), START, seal=old.seal)
    with pytest.raises(DraftChanged):
        await course.goals.drop(member(10), START, seal=old.seal)
    assert (await course.goals.confirm(member(10), START, seal=new.seal)).goal.if_then == "If x, then I will z"
