"""Weekly steps: what is due, done, handed in or left out, and what completes by itself."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.coaching.course_plan import StepState
from bot.coaching.errors import LineNamesSomebody, StepGone, StepsOver
from bot.coaching.focus import Season
from bot.coaching.footprint import Answer
from bot.coaching.ids import WeekId
from bot.coaching.log import ActionDraft
from storage import tables
from tests.services.course import START, TERM_END, TERM_START, WEEK, Course, at, member

DAY = timedelta(days=1)


async def stored(course: Course) -> list[tuple[str, date, str | None]]:
    s = tables.week_step.c
    return await course.database.read(
        lambda tx: [(*row,) for row in tx.execute(select(s.state, s.done_on, s.line).order_by(s.week_id))]
    )


@pytest.fixture
async def ann(course: Course) -> Course:
    """A course with a plan and one member, in its third week."""
    await course.join(10)
    await course.use_plan()
    course.clock.set(START + 2 * WEEK)
    return course


async def test_this_weeks_step_comes_first_and_earlier_open_ones_after_it(ann: Course) -> None:
    shown = await ann.week.show(member(10), None, ann.clock())
    assert shown.step is not None
    assert (shown.number, shown.step.week.theme, shown.step.state) == (3, "One line", None)
    assert shown.step.week.due_on == TERM_START + 2 * WEEK + 2 * DAY
    assert [shown.number_of(one.week) for one in shown.earlier] == [2, 1]
    assert shown.coming is not None
    assert shown.coming.theme == "Intent"


async def test_a_step_is_ticked_taken_back_and_left_out(ann: Course) -> None:
    first = (await ann.week.show(member(10), None, ann.clock())).earlier[-1].week.id
    await ann.week.done(member(10), first, ann.clock())
    assert await stored(ann) == [("done", ann.clock().date(), None)]
    await ann.week.reopen(member(10), first, ann.clock())
    assert await stored(ann) == []
    await ann.week.set_aside(member(10), first, ann.clock())
    shown = await ann.week.show(member(10), first, ann.clock())
    assert shown.step is not None
    assert shown.step.state is StepState.DECLINED
    assert not shown.current


async def test_a_line_is_handed_in_changed_and_points_at_nobody(ann: Course) -> None:
    step = (await ann.week.show(member(10), None, ann.clock())).step
    assert step is not None
    await ann.week.hand_in(member(10), step.week.id, "  Two  namesakes ", ann.clock())
    await ann.week.hand_in(member(10), step.week.id, "Three namesakes, since 2019", ann.clock())
    for pointing in ("write to kim@school.edu", "see @kim_k", "0170 1234567", "https://kim.example/me"):
        with pytest.raises(LineNamesSomebody):
            await ann.week.hand_in(member(10), step.week.id, pointing, ann.clock())
    assert await stored(ann) == [("done", ann.clock().date(), "Three namesakes, since 2019")]


async def test_a_done_step_makes_the_week_active(ann: Course) -> None:
    before = (await ann.me.me(member(10), ann.clock())).snapshot.momentum.active
    step = (await ann.week.show(member(10), None, ann.clock())).step
    assert step is not None
    await ann.week.done(member(10), step.week.id, ann.clock())
    after = (await ann.me.me(member(10), ann.clock())).snapshot
    assert after.momentum.active == before + 1
    assert after.seat.enrolment.active_at == ann.clock()
    await ann.week.set_aside(member(10), step.week.id, ann.clock())
    assert (await ann.me.me(member(10), ann.clock())).snapshot.momentum.active == before


async def test_steps_stay_open_until_the_term_ends(ann: Course) -> None:
    first = (await ann.week.show(member(10), None, ann.clock())).earlier[-1].week.id
    ann.clock.set(at(TERM_END, 23))
    await ann.week.done(member(10), first, ann.clock())
    ann.clock.set(at(TERM_END + DAY, 1))
    for change in (ann.week.done, ann.week.reopen, ann.week.set_aside):
        with pytest.raises(StepsOver):
            await change(member(10), first, ann.clock())
    shown = await ann.week.show(member(10), None, ann.clock())
    assert (shown.step, shown.coming, len(shown.earlier)) == (None, None, 0)


async def test_a_step_that_is_not_in_the_plan_is_refused(ann: Course) -> None:
    with pytest.raises(StepGone):
        await ann.week.done(member(10), WeekId(999), ann.clock())


async def test_a_course_without_a_plan_says_so(course: Course) -> None:
    await course.join(10)
    assert (await course.week.show(member(10), None, course.clock())).empty


async def test_the_other_way_comes_first_for_a_low_profile(ann: Course) -> None:
    assert not (await ann.week.show(member(10), None, ann.clock())).low_profile
    await ann.set_focus(10, season=Season.LOW_PROFILE)
    assert (await ann.week.show(member(10), None, ann.clock())).low_profile


# By itself


async def test_logging_the_kind_completes_the_step_once(ann: Course) -> None:
    logged = await ann.log.log(member(10), ActionDraft("credit"), ann.clock())
    assert logged.completes is None
    logged = await ann.log.log(member(10), ActionDraft("reply"), ann.clock())
    assert logged.completes is not None
    assert (logged.completes.number, logged.completes.register) == (2, False)
    assert (await ann.log.log(member(10), ActionDraft("reply"), ann.clock())).completes is None
    assert await stored(ann) == [("done", ann.clock().date(), None)]


async def test_answering_the_item_completes_its_step_once_the_week_has_begun(ann: Course) -> None:
    answered = await ann.footprint.answer(member(10), "see.intent", Answer.FINE, ann.clock())
    assert answered.completes is None
    ann.clock.advance(WEEK)
    assert (await ann.footprint.answer(member(10), "see.intent", Answer.LATER, ann.clock())).completes is None
    answered = await ann.footprint.answer(member(10), "see.intent", Answer.FINE, ann.clock())
    assert answered.completes is not None
    assert answered.completes.number == 4


async def test_a_focus_that_answers_the_item_completes_its_step(ann: Course) -> None:
    ann.clock.advance(WEEK)
    saved = await ann.set_focus(10)
    assert saved.completes is not None
    assert saved.completes.number == 4


async def test_a_step_left_out_is_not_completed_by_itself(ann: Course) -> None:
    logged = await ann.log.log(member(10), ActionDraft("reply"), ann.clock())
    assert logged.completes is not None
    await ann.week.set_aside(member(10), logged.completes.week.id, ann.clock())
    assert (await ann.log.log(member(10), ActionDraft("reply"), ann.clock())).completes is None
    assert await stored(ann) == [("declined", ann.clock().date(), None)]
