"""The course plan in the database: taken, changed, begun by members, loaded and fitted again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.cohort import Audience
from bot.coaching.course_plan import MOST_TEACHING_WEEKS, STEP_LIMIT, THEME_LIMIT, DoneBy, DueDay, PlanWeek, StepState
from bot.coaching.errors import BadNumber, ManagerOnly, NoDueDays, NoRoomForPlan, TextTooLong, WeekGone, WeekTaken
from bot.coaching.ids import WeekId
from bot.coaching.texts import optional_text
from bot.coaching.weeks import BreakKind
from bot.services.cohort import BreakRequest
from bot.services.course_plan import OTHERWISE_LIMIT, Plan, WeekDraft
from bot.services.followups import INSTALLATION
from prompts import load_content
from prompts.course_plan import read_uploaded, written_plan
from storage import course_plan, settings
from tests.services.course import START, TERM_END, TERM_START, WEEK, Course, at, manager, teacher

STAFF = replace(teacher(), audience=Audience.STAFF)
HEAD = replace(manager(), audience=Audience.STAFF)
CONTENT = load_content()
ITEMS = [item.id for item in CONTENT.checklist.items]
DRAFT = WeekDraft(" Meet  the wards ", "Ask one nurse (25 min)", DueDay.TUESDAY, DoneBy.LINE, None, "")


async def taken(course: Course) -> Plan:
    return await course.plans.take_ready(STAFF, START)


async def done(course: Course, week_id: WeekId, user_id: int = 10) -> None:
    """Let a member do a step."""
    me = (await course.enrolment(user_id)).id
    await course.database.transact(
        lambda tx: course_plan.put_step(tx, me, week_id, StepState.DONE, TERM_START, line=None)
    )


async def add_break(course: Course, first: date, last: date) -> None:
    written = BreakRequest(BreakKind.BREAK, first.isoformat(), last.isoformat())
    await course.cohorts.add_break(HEAD, written, START)


async def test_ready_plan_is_taken_once_and_as_previewed(either_course: Course) -> None:
    course = either_course
    fit = await course.plans.preview(STAFF, START)
    plan = await taken(course)
    assert [replace(week, id=WeekId(0)) for week in plan.weeks] == list(fit.weeks)
    assert [week.plan for week in plan.weeks] == list(CONTENT.plan)
    assert [plan.number(week.week) for week in plan.weeks] == list(range(1, 11))
    assert (await course.plans.take_ready(HEAD, START + WEEK)).weeks == plan.weeks


async def test_course_that_is_over_has_no_room(course: Course) -> None:
    with pytest.raises(NoRoomForPlan):
        await course.plans.take_ready(STAFF, at(TERM_END + timedelta(days=3)))


async def test_week_of_the_form_is_cleaned_and_checked(either_course: Course) -> None:
    course = either_course
    week_id = (await taken(course)).weeks[1].id
    changed = (await course.plans.change(STAFF, week_id, DRAFT)).week
    assert (changed.theme, changed.step, changed.minutes, changed.another_way) == (
        "Meet the wards", "Ask one nurse", 25, None,
    )  # fmt: skip
    assert changed.due_on == TERM_START + timedelta(days=8)
    silent = replace(DRAFT, step="Ask one nurse", done_by=DoneBy.ACTION, counts="reply")
    changed = (await course.plans.change(STAFF, week_id, silent)).week
    assert (changed.minutes, changed.done_by, changed.counts) == (25, DoneBy.ACTION, "reply")
    for wrong, refusal in (
        (replace(DRAFT, theme="x" * (THEME_LIMIT + 1)), TextTooLong),
        (replace(DRAFT, step="x" * (STEP_LIMIT + 1)), TextTooLong),
        (replace(DRAFT, step="Ask one nurse (0 min)"), BadNumber),
    ):
        with pytest.raises(refusal):
            await course.plans.change(STAFF, week_id, wrong)
    with pytest.raises(WeekGone):
        await course.plans.change(STAFF, WeekId(999), DRAFT)


async def test_item_counts_once_it_is_chosen_and_stays_when_the_rest_changes(course: Course) -> None:
    week_id = (await taken(course)).weeks[1].id
    asked = replace(DRAFT, done_by=DoneBy.ITEM)
    assert (await course.plans.change(STAFF, week_id, asked)).week.done_by is DoneBy.TICK
    await course.plans.choose_item(STAFF, week_id, "see.intent")
    changed = (await course.plans.change(STAFF, week_id, replace(asked, theme="Intent"))).week
    assert (changed.theme, changed.done_by, changed.counts) == ("Intent", DoneBy.ITEM, "see.intent")


async def test_weeks_change_places_and_their_due_days_follow(either_course: Course) -> None:
    course = either_course
    await add_break(course, TERM_START + timedelta(days=11), TERM_START + timedelta(days=11))  # Friday of week 2
    first, second, *_, last = (await taken(course)).weeks
    assert second.due_on == TERM_START + timedelta(days=10)
    moved = (await course.plans.move(STAFF, first.id, later=True)).week
    assert (moved.week, moved.due_on) == (second.week, TERM_START + timedelta(days=10))
    assert (await course.plans.week(STAFF, second.id)).week.week == first.week
    with pytest.raises(WeekTaken):
        await course.plans.move(STAFF, second.id, later=False)
    assert (await course.plans.move(STAFF, last.id, later=True)).week.week == last.week + WEEK
    assert last.week in (await course.plans.show(STAFF, START)).empty


async def test_empty_week_is_filled_once(course: Course) -> None:
    plan = await taken(course)
    added = await course.plans.add(STAFF, plan.empty[0], DRAFT, START)
    assert added.number == 11
    with pytest.raises(WeekTaken):
        await course.plans.add(STAFF, plan.empty[0], DRAFT, START)


async def test_begun_week_survives_another_plan_and_says_that_some_did_it(either_course: Course) -> None:
    course = either_course
    first = (await taken(course)).weeks[0]
    await course.join(10)
    assert not (await course.plans.week(STAFF, first.id)).done
    await done(course, first.id)
    assert (await course.plans.week(STAFF, first.id)).done
    loaded = await course.plans.load(STAFF, [PlanWeek("A", "b", 5, DueDay.MONDAY, DoneBy.TICK)] * 3, START)
    assert [week.theme for week in loaded.weeks] == [first.theme, "A", "A"]
    assert loaded.weeks[0] == first
    assert (loaded.stayed, loaded.left_out) == (1, [])
    assert loaded.before == written_plan(CONTENT.plan)


async def test_weeks_of_a_file_without_room_are_named(course: Course) -> None:
    week = PlanWeek("A", "b", 5, DueDay.MONDAY, DoneBy.TICK)
    plan = [replace(week, theme=str(number)) for number in range(20)]
    loaded = await course.plans.load(STAFF, plan, START)
    assert [one.theme for one in loaded.left_out] == ["15", "16", "17", "18"]
    assert (loaded.weeks[-1].theme, loaded.before, loaded.stayed) == ("19", None, 0)


async def test_break_added_later_covers_weeks_until_they_are_fitted_again(either_course: Course) -> None:
    course = either_course
    before = (await taken(course)).weeks
    await course.join(10)
    await done(course, before[1].id)
    monday = before[1].week
    await add_break(course, monday, monday + timedelta(days=13))
    plan = await course.plans.show(STAFF, START)
    assert plan.weeks == before, "nothing moves by itself"
    assert list(plan.covered) == [before[1], before[2]]
    fit = await course.plans.preview_fit(STAFF)
    assert not fit.left_out
    after = (await course.plans.fit_again(STAFF, START)).weeks
    assert {week.id: week.week for week in after} == {
        **{week.id: week.week for week in before[:2]},
        **{week.id: week.week + WEEK for week in before[2:]},
    }
    assert [week for week in after if week in fit.weeks] == list(fit.weeks)


async def test_due_days_leave_days_that_become_free(course: Course) -> None:
    week = (await taken(course)).weeks[1]
    await add_break(course, week.due_on, week.due_on)
    moved = (await course.plans.show(STAFF, START)).weeks[1]
    assert moved == replace(week, due_on=week.due_on - timedelta(days=1))


# What a form keeps of any text; some letters grow when they are composed.
LETTERS = (
    st.text(max_size=60).map(lambda text: optional_text("It", text, 1000) or "x").filter(lambda text: len(text) <= 60)
)
ANY_WEEK = st.builds(
    PlanWeek,
    theme=LETTERS,
    step=LETTERS,
    minutes=st.integers(1, 120),
    due=st.sampled_from(DueDay),
    done_by=st.sampled_from([DoneBy.TICK, DoneBy.LINE]),
    another_way=st.none() | LETTERS,
    number=st.none() | st.integers(1, 20),
    switched_off=st.booleans(),
)
COUNTED_WEEK = st.one_of(
    st.builds(replace, ANY_WEEK, done_by=st.just(DoneBy.ITEM), counts=st.sampled_from(ITEMS)),
    st.builds(
        replace, ANY_WEEK, done_by=st.just(DoneBy.ACTION), counts=st.sampled_from(list(CONTENT.vocabulary.kinds))
    ),
)


@given(st.lists(ANY_WEEK | COUNTED_WEEK, min_size=1, max_size=6))
def test_written_plan_reads_back_the_same(plan: list[PlanWeek]) -> None:
    assert read_uploaded(written_plan(plan), CONTENT.checklist, CONTENT.vocabulary.kinds) == (plan, [])


async def test_loading_what_was_saved_gives_the_same_plan(either_course: Course) -> None:
    course = either_course
    weeks = (await taken(course)).weeks
    await course.plans.switch(STAFF, weeks[2].id, on=False)
    await course.plans.change(STAFF, weeks[3].id, replace(DRAFT, theme='Quote "\\ and “’'))
    await course.plans.move(STAFF, weeks[9].id, later=True)
    before = (await course.plans.show(STAFF, START)).weeks
    loaded, faults = await course.plans.read_file(await course.plans.saved(STAFF))
    assert not faults
    after = (await course.plans.load(STAFF, loaded, START + 3 * WEEK)).weeks
    assert [replace(week, id=WeekId(0)) for week in after] == [replace(week, id=WeekId(0)) for week in before]


def test_plan_of_the_longest_term_can_be_loaded_again() -> None:
    week, *_ = CONTENT.plan
    plan = [replace(week, number=number) for number in range(1, MOST_TEACHING_WEEKS + 1)]
    assert read_uploaded(written_plan(plan), CONTENT.checklist, CONTENT.vocabulary.kinds) == (plan, [])


async def test_calendar_has_a_lasting_event_for_each_week_that_is_on(course: Course) -> None:
    weeks = (await taken(course)).weeks
    await course.plans.switch(STAFF, weeks[0].id, on=False)
    text = await course.plans.calendar(STAFF, START)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar: Any = icalendar.Calendar.from_ical(text)
    events: list[Any] = list(calendar.walk("VEVENT"))
    assert [event.decoded("dtstart") for event in events] == [week.due_on for week in weeks[1:]]
    cohort = await course.plans.course(STAFF)
    installation = await course.database.read(lambda tx: settings.get(tx, INSTALLATION))
    assert [str(event["uid"]) for event in events] == [
        f"course-{cohort.id}-week-{week.id}@{installation}.pln-coach" for week in weeks[1:]
    ]
    for week in weeks[1:]:
        await course.plans.switch(STAFF, week.id, on=False)
    with pytest.raises(NoDueDays):
        await course.plans.calendar(STAFF, START)


async def test_instructor_answers_whether_steps_count_and_a_manager_changes_it(course: Course) -> None:
    await taken(course)
    with pytest.raises(TextTooLong):
        await course.plans.count(STAFF, "x" * (OTHERWISE_LIMIT + 1), START)
    cohort = (await course.plans.count(STAFF, "On paper.", START)).cohort
    assert (cohort.steps_count, cohort.otherwise) == (True, "On paper.")
    for change in (None, "Otherwise."):
        with pytest.raises(ManagerOnly):
            await course.plans.count(STAFF, change, START)
    cohort = (await course.plans.count(HEAD, None, START)).cohort
    assert (cohort.steps_count, cohort.otherwise) == (False, None)
