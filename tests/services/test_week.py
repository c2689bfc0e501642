"""Weekly steps: what is due, done, handed in or left out, and what completes by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.coaching.course_plan import StepState
from bot.coaching.errors import DayGone, LineNamesSomebody, StepGone, StepsOver
from bot.coaching.focus import Season
from bot.coaching.footprint import Answer
from bot.coaching.ids import UserId, WeekId
from bot.coaching.log import ActionDraft
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind
from storage import tables
from tests.services.course import DUE, PLAN, START, TERM_END, TERM_START, WEEK, Course, at, member
from tests.services.fakes import Message

DAY = timedelta(days=1)


async def stored(course: Course) -> list[tuple[str, date, str | None]]:
    s = tables.week_step.c
    return await course.database.read(
        lambda tx: [(*row,) for row in tx.execute(select(s.state, s.done_on, s.line).order_by(s.week_id))]
    )


@pytest.fixture
async def ann(either_course: Course) -> Course:
    """A course with a plan and one member, in its third week."""
    course = either_course
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


async def test_a_line_changed_later_was_still_handed_in_on_its_first_day(ann: Course) -> None:
    step = (await ann.week.show(member(10), None, ann.clock())).step
    assert step is not None
    first = ann.clock().date()
    await ann.week.hand_in(member(10), step.week.id, "Two namesakes", ann.clock())
    ann.clock.advance(2 * WEEK)
    await ann.week.hand_in(member(10), step.week.id, "Three namesakes", ann.clock())
    assert await stored(ann) == [("done", first, "Three namesakes")]
    await ann.week.done(member(10), step.week.id, ann.clock())  # by a card from before the line
    assert await stored(ann) == [("done", first, "Three namesakes")]
    await ann.week.set_aside(member(10), step.week.id, ann.clock())
    await ann.week.done(member(10), step.week.id, ann.clock())
    assert await stored(ann) == [("done", ann.clock().date(), None)]


async def test_what_counts_for_two_weeks_completes_the_present_one_first(course: Course) -> None:
    await course.open()
    await course.use_plan([PLAN[1]] * 3)
    await course.join(10)
    course.clock.set(START + 2 * WEEK)
    numbers = [
        logged.completes and logged.completes.number
        for logged in [await course.log.log(member(10), ActionDraft("reply"), course.clock()) for _ in range(4)]
    ]
    assert numbers == [3, 1, 2, None]


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


async def test_a_line_can_be_taken_back_after_the_term_and_its_step_stays_done(ann: Course) -> None:
    step = (await ann.week.show(member(10), None, ann.clock())).step
    assert step is not None
    await ann.week.hand_in(member(10), step.week.id, "Two namesakes", ann.clock())
    day = ann.clock().date()
    ann.clock.set(at(TERM_END + DAY, 1))
    assert [one.week.id for one in (await ann.week.show(member(10), None, ann.clock())).before] == [step.week.id]
    taken = await ann.week.reopen(member(10), step.week.id, ann.clock())
    assert taken.line_taken_back
    assert await stored(ann) == [("done", day, None)]
    with pytest.raises(StepsOver):
        await ann.week.reopen(member(10), step.week.id, ann.clock())


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


async def test_undoing_the_entry_opens_the_step_that_it_completed(ann: Course) -> None:
    log, now = ann.log, ann.clock()
    first = await log.log(member(10), ActionDraft("reply"), now)
    second = await log.log(member(10), ActionDraft("reply"), now)
    assert (await log.undo(member(10), second.action.id, now)).step is None, "the first one still counts"
    undone = await log.undo(member(10), first.action.id, now)
    assert undone.step is not None
    assert undone.step.number == 2
    assert await stored(ann) == []


async def test_undoing_an_entry_leaves_steps_done_otherwise(ann: Course) -> None:
    second = (await ann.week.show(member(10), None, ann.clock())).earlier[0].week.id
    await ann.week.done(member(10), second, ann.clock())
    ann.clock.advance(DAY)
    later = await ann.log.log(member(10), ActionDraft("reply"), ann.clock())
    assert (await ann.log.undo(member(10), later.action.id, ann.clock())).step is None
    await ann.week.set_aside(member(10), second, ann.clock())
    left_out = await ann.log.log(member(10), ActionDraft("reply"), ann.clock())
    assert (await ann.log.undo(member(10), left_out.action.id, ann.clock())).step is None
    await ann.week.reopen(member(10), second, ann.clock())
    ann.clock.set(at(TERM_END, 20))
    last = await ann.log.log(member(10), ActionDraft("reply"), ann.clock())
    assert last.completes is not None
    over = at(TERM_END + DAY, 9)
    assert (await ann.log.undo(member(10), last.action.id, over)).step is None
    assert len(await stored(ann)) == 1


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


# In notes


async def note_of(course: Course, weeks: int = 0) -> Message:
    """Let the note of a Monday go out, and return it."""
    course.clock.set(DUE + weeks * WEEK)
    await course.rounds().round()
    return course.messenger.received(UserId(10))[-1]


async def test_the_weekly_note_tells_the_courses_step_and_its_button_opens_it(course: Course) -> None:
    await course.join(10)
    await course.use_plan()
    note = await note_of(course)
    assert "**Next:** Search your name as a stranger would (10 min)" in note.text
    assert note.buttons == ("this_week", "another_day", "why")
    (row,) = await course.weekly(10)
    assert (row.rule, row.occasion) == ("A00", None)
    shown = await course.week.of_note(member(10, dm=True), await course.key(10), course.clock())
    assert shown.step is not None
    assert row.subject == f"week:{shown.step.week.id}"
    why = await course.nudges.why(member(10, dm=True), await course.key(10), course.clock())
    assert why.facts["steps_due"] == 1


async def test_a_step_that_is_done_or_left_out_is_not_in_the_note(course: Course) -> None:
    await course.join(10)
    weeks = await course.use_plan()
    await course.week.done(member(10), weeks[0].id, course.clock())
    assert "Search your name" not in (await note_of(course)).text
    await course.week.set_aside(member(10), weeks[1].id, course.clock())
    assert "Answer one person" not in (await note_of(course, 1)).text


async def test_an_opportunity_keeps_its_place_and_the_step_is_a_line(course: Course) -> None:
    await course.join(10)
    await course.use_plan()
    job = OpportunityDraft("A job", OpportunityKind.JOB, due_on=TERM_START + 2 * DAY)
    await course.opportunities.add(member(10), job, START)
    note = await note_of(course)
    assert note.text.endswith("\nThis week’s step: Search your name as a stranger would, due Friday 19 February.")
    assert (await course.weekly(10))[0].rule == "A01"


async def test_the_preview_tells_the_step_of_the_coming_note(course: Course) -> None:
    await course.join(10)
    await course.use_plan()
    assert "Search your name as a stranger would" in (await course.nudges.preview(member(10), START)).text
    await note_of(course)
    assert "Answer one person in the course" in (await course.nudges.preview(member(10), course.clock())).text


async def test_another_day_ends_with_the_due_day(course: Course) -> None:
    await course.join(10)
    await course.use_plan()
    await note_of(course)
    who, key = member(10, dm=True), await course.key(10)
    days = await course.buttons.days(who, key, course.clock())
    assert days == tuple(TERM_START + number * DAY for number in (1, 2, 3, 4))
    with pytest.raises(DayGone):
        await course.buttons.remind(who, key, TERM_START + 5 * DAY, course.clock())


@pytest.mark.parametrize("answer", ["done", "left out", "open"])
async def test_a_reminder_of_a_step_comes_while_it_is_open(course: Course, answer: str) -> None:
    await course.join(10)
    weeks = await course.use_plan()
    await note_of(course)
    who = member(10, dm=True)
    await course.buttons.remind(who, await course.key(10), TERM_START + 2 * DAY, course.clock())
    course.clock.advance(DAY)
    if answer != "open":
        act = course.week.done if answer == "done" else course.week.set_aside
        await act(who, weeks[0].id, course.clock())
    course.clock.set(at(TERM_START + 2 * DAY, 17))
    await course.rounds().round()
    (reminder,) = await course.rows(10, "reminder")
    assert (reminder.state, reminder.reason) == (("sent", None) if answer == "open" else ("skipped", "done"))
    if answer == "open":
        sent = course.messenger.received(UserId(10))[-1]
        assert "Search your name as a stranger would" in sent.text
        assert sent.buttons == ("this_week", "why")


async def test_done_under_a_note_and_a_move_of_an_opportunity_complete_steps_too(course: Course) -> None:
    await course.join(10)
    await course.set_focus(10)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(10), item, Answer.FINE, START)
    await course.set_goal(10)
    job = await course.opportunities.add(member(10), OpportunityDraft("A job", OpportunityKind.JOB), START)
    await note_of(course)
    logs = (await course.log.choices(member(10), course.clock())).own[0].id
    kinds = [replace(PLAN[1], counts=kind) for kind in (logs, "apply")]
    await course.use_plan(kinds)
    done = await course.buttons.done(member(10, dm=True), await course.key(10), course.clock())
    assert done.completes is not None
    course.clock.advance(WEEK)
    moved = await course.opportunities.tell(member(10), job.opportunity.id, Move.SENT, course.clock())
    assert moved.logged is not None
    assert moved.logged.completes is not None
    assert [state for state, _, _ in await stored(course)] == ["done", "done"]


async def test_done_steps_and_those_left_out_stay_within_reach(ann: Course) -> None:
    first = (await ann.week.show(member(10), None, ann.clock())).step
    assert first is not None
    await ann.week.done(member(10), first.week.id, ann.clock())
    ann.clock.advance(WEEK)
    second = (await ann.week.show(member(10), None, ann.clock())).step
    assert second is not None
    await ann.week.set_aside(member(10), second.week.id, ann.clock())
    ann.clock.advance(WEEK)
    shown = await ann.week.show(member(10), None, ann.clock())
    assert [one.week.id for one in shown.before][:2] == [second.week.id, first.week.id]
    assert [shown.number_of(one.week) for one in shown.earlier] == [2, 1]


async def test_steps_from_before_joining_can_be_opened_and_are_not_listed_as_open(ann: Course) -> None:
    ann.clock.advance(2 * WEEK)
    await ann.join(11)
    shown = await ann.week.show(member(11), None, ann.clock())
    assert ([shown.number_of(one.week) for one in shown.before], shown.earlier) == ([4, 3, 2, 1], [])
