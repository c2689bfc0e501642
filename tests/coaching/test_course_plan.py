"""The course plan in a term: which week comes when, and what a later break changes."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.course_plan import (
    CourseWeek,
    DoneBy,
    DueDay,
    PlanWeek,
    as_plan,
    due_day,
    empty_weeks,
    fitted,
    in_breaks,
    neighbour,
    refitted,
    step_words,
    teaching_weeks,
)
from bot.coaching.ids import WeekId
from bot.coaching.weeks import Break, BreakKind, Calendar, is_off, monday_of, term_week

START = date(2027, 2, 15)
WEEK = timedelta(weeks=1)


def breaks(start: date) -> st.SearchStrategy[tuple[Break, ...]]:
    days = st.tuples(st.integers(0, 120), st.integers(0, 20))
    made = days.map(lambda one: Break(BreakKind.BREAK, start + timedelta(one[0]), start + timedelta(one[0] + one[1])))
    return st.lists(made, max_size=4).map(tuple)


STARTS = st.dates(date(2026, 8, 1), date(2027, 10, 1))
TERMS = STARTS.flatmap(
    lambda start: st.builds(
        Calendar, st.just(start), st.integers(7, 130).map(lambda days: start + timedelta(days)), breaks(start)
    )
)
PLANS = st.lists(
    st.builds(
        PlanWeek,
        theme=st.sampled_from(["Wards", "Words", "Work"]),
        step=st.just("Ask one nurse"),
        minutes=st.integers(1, 120),
        due=st.sampled_from(DueDay),
        done_by=st.just(DoneBy.TICK),
        number=st.none() | st.integers(1, 25),
        switched_off=st.booleans(),
    ),
    min_size=1,
    max_size=20,
).map(lambda weeks: [replace(week, theme=f"{number} {week.theme}") for number, week in enumerate(weeks)])


def test_addresses_and_commands_in_a_step_stay_as_they_are() -> None:
    assert step_words("Read https://uni.example/~kim/a_b_c?x=1 and `/focus`, *not* a_b") == (
        "Read https://uni.example/~kim/a_b_c?x=1 and `/focus`, \\*not\\* a\\_b"
    )
    assert step_words("https://x.example/@here_we_go **bold**") == (
        "https://x.example/@\u200bhere\\_we\\_go \\*\\*bold\\*\\*"
    )


def stored(placed: list[tuple[date, PlanWeek]], term: Calendar) -> list[CourseWeek]:
    """Return weeks as the store would keep them."""
    return [
        CourseWeek(
            WeekId(number), monday, one.theme, one.step, one.minutes, due_day(monday, one.due, term), one.done_by,
            one.counts, one.another_way, one.switched_off,
        )
        for number, (monday, one) in enumerate(placed, 1)
    ]  # fmt: skip


@given(TERMS, PLANS, st.integers(-10, 120))
def test_plan_fits_the_term_in_order_and_skips_breaks(term: Calendar, plan: list[PlanWeek], later: int) -> None:
    since = term.starts_on + timedelta(later)
    placed = fitted(plan, term, since)
    mondays = [monday for monday, _ in placed]
    assert mondays == sorted(set(mondays))
    teaching = teaching_weeks(term, since)
    assert set(mondays) <= set(teaching)
    for monday, week in placed:
        assert monday.weekday() == 0
        assert not is_off(monday, term)
        assert term_week(term.starts_on, monday) >= 1
        due = due_day(monday, week.due, term)
        assert monday_of(due) == monday
        assert term.has(due)
    assert len(placed) == min(len(plan), len(teaching))
    if placed:
        assert placed[-1][1].theme == plan[-1].theme, "the last week looks back"


@given(TERMS, PLANS)
def test_saved_plan_fits_where_it_was(term: Calendar, plan: list[PlanWeek]) -> None:
    weeks = stored(fitted(plan, term, term.starts_on), term)
    if weeks:
        assert stored(fitted(as_plan(weeks, term), term, weeks[0].week), term) == weeks


@given(TERMS, PLANS, st.data())
def test_weeks_that_a_break_covers_find_new_places_and_begun_ones_stay(
    term: Calendar, plan: list[PlanWeek], data: st.DataObject
) -> None:
    weeks = stored(fitted(plan, term, term.starts_on), term)
    begun = {week.id for week in weeks if data.draw(st.booleans())}
    changed = replace(term, breaks=data.draw(breaks(term.starts_on)))
    moved, left_out = refitted(weeks, begun, changed)
    new = {week.id: monday for week, monday in moved}
    gone = {week.id for week in left_out}
    assert not begun & (new.keys() | gone)
    after = [replace(week, week=new.get(week.id, week.week)) for week in weeks if week.id not in gone]
    assert len({week.week for week in after}) == len(after)
    assert not [week for week in in_breaks(after, changed) if week.id not in begun]
    free_order = [week.id for week in sorted(after, key=lambda one: one.week) if week.id not in begun]
    assert free_order == sorted(free_order)


@given(TERMS)
def test_no_week_moves_while_none_is_covered(term: Calendar) -> None:
    weeks = stored(fitted([_week()] * 5, term, term.starts_on), term)
    assert refitted(weeks, set(), term) == ([], [])


def test_term_that_starts_at_the_end_of_a_week_begins_the_plan_on_the_monday_after() -> None:
    monday = START + WEEK
    for day, first in ((3, START), (4, monday), (5, monday), (6, monday)):
        term = Calendar(START + timedelta(day), START + 10 * WEEK)
        placed = fitted([_week()], term, term.starts_on)
        assert [one for one, _ in placed] == [first]
        assert term_week(term.starts_on, first) == 1


def test_due_day_that_is_free_moves_before_it_and_else_after_it() -> None:
    free = Break(BreakKind.BREAK, START + timedelta(3), START + timedelta(6))
    term = Calendar(START, START + 10 * WEEK, (free,))
    assert due_day(START, DueDay.FRIDAY, term) == START + timedelta(2)
    term = replace(term, breaks=(replace(free, first=START, last=START + timedelta(1)),))
    assert due_day(START, DueDay.MONDAY, term) == START + timedelta(2)


def test_weeks_left_empty_stay_empty_and_are_offered() -> None:
    term = Calendar(START, START + 4 * WEEK + timedelta(4))
    weeks = stored(fitted([_week(), replace(_week(), number=4)], term, START), term)
    assert [week.week for week in weeks] == [START, START + 3 * WEEK]
    assert empty_weeks(weeks, term, START + timedelta(9)) == [START + WEEK, START + 2 * WEEK, START + 4 * WEEK]
    short = replace(term, ends_on=START + 2 * WEEK - timedelta(1))
    assert [monday for monday, _ in fitted([week.plan for week in weeks], short, START)] == [START, START + WEEK]


def test_neighbour_is_the_next_teaching_week() -> None:
    away = Break(BreakKind.BREAK, START + WEEK, START + WEEK + timedelta(6))
    term = Calendar(START, START + 3 * WEEK + timedelta(4), (away,))
    assert neighbour(START, term, later=True) == START + 2 * WEEK
    assert neighbour(START, term, later=False) is None
    assert neighbour(START + 3 * WEEK, term, later=True) is None
    assert neighbour(START + WEEK, term, later=True) is None


def _week() -> PlanWeek:
    return PlanWeek("Wards", "Ask one nurse", 15, DueDay.FRIDAY, DoneBy.TICK)
