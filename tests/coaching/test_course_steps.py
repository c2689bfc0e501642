"""The course's steps in weekly notes: each in the last note on or before its day, once, whatever else there is."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.course_plan import CourseWeek, DoneBy, DueDay, MemberStep, StepState, due_day, teaching_weeks
from bot.coaching.focus import Focus, Season
from bot.coaching.ids import WeekId
from bot.coaching.network import Stage
from bot.coaching.next_action import LINE_ROOM, TEXT_LIMIT, course_line, next_note, next_step
from bot.coaching.nudges import Due, filled, planned
from bot.coaching.snapshot import MemberSnapshot
from bot.coaching.weeks import Break, BreakKind, Calendar, Wish, local_day
from prompts.nudges import LONGEST
from tests.coaching.one_member import CONTENT, DAY, ENROLMENT, GOAL, MONDAY, START, WEEK, contact, opening, snapshot

TERM_END = date(2027, 4, 25)
ZONE = "Europe/Berlin"
NOTHING: dict[str, Any] = {}


def course_week(number: int, monday: date, due_on: date, **changes: Any) -> CourseWeek:
    week = CourseWeek(
        WeekId(number), monday, f"Theme {number}", f"Do step {number}", 10, due_on, DoneBy.TICK, None, None
    )
    return replace(week, **changes)


def plan_of(term: Calendar, due: DueDay) -> list[MemberStep]:
    weeks = teaching_weeks(term, term.starts_on)
    return [MemberStep(course_week(number, week, due_day(week, due, term))) for number, week in enumerate(weeks, 1)]


def told(who: MemberSnapshot) -> tuple[str | None, str]:
    """Return what a note is about, and its words."""
    step, text_id = next_note(who, CONTENT)
    text = filled(CONTENT.situations[step.situation].texts[text_id], step.values)
    line = course_line(who, step, text)
    return step.reference, f"{text}\n{line}" if line else text


BREAKS = st.lists(
    st.tuples(st.integers(0, 65), st.integers(0, 12)).map(
        lambda drawn: Break(
            BreakKind.BREAK, MONDAY + drawn[0] * DAY, min(TERM_END, MONDAY + (drawn[0] + drawn[1]) * DAY)
        )
    ),
    max_size=2,
)
BESIDE = st.sampled_from(("nothing", "opportunity", "thanks"))


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from(DueDay),
    st.sampled_from((1, 2)),
    st.integers(0, 59),
    BREAKS,
    BESIDE,
)
def test_each_step_is_told_once_in_the_last_note_on_or_before_its_day(
    day: int, hour: int, due: DueDay, every: int, jitter: int, breaks: list[Break], beside: str
) -> None:
    term = Calendar(MONDAY, TERM_END, tuple(breaks))
    steps = plan_of(term, due)
    enrolment = replace(ENROLMENT, wish=Wish(day, hour, ZONE), every_weeks=every)
    notes: list[Due] = []
    coming = planned(enrolment, term, after=START - DAY, last_week=None, jitter_limit=jitter)
    while coming is not None:
        notes.append(coming)
        coming = planned(enrolment, term, after=coming.at, last_week=coming.week, jitter_limit=jitter)
    days = [local_day(one.at, ZONE) for one in notes]
    expected: dict[int, list[str]] = {number: [] for number in range(len(notes))}
    for one in steps:
        last = max((number for number, on in enumerate(days) if on <= one.week.due_on), default=None)
        if last is not None:
            expected[last].append(one.week.step)
    for number, note in enumerate(notes):
        after = notes[number + 1] if number + 1 < len(notes) else None
        on = days[number]
        other = {
            "nothing": NOTHING,
            "opportunity": {"openings": [opening(1, due_on=on + DAY)]},
            "thanks": {"contacts": [contact(1, ((on - MONDAY).days, "interview"), stage=Stage.MET)]},
        }[beside]
        seat: dict[str, Any] = {
            "wish": enrolment.wish,
            "every_weeks": every,
            "ends_on": TERM_END,
            "breaks": term.breaks,
        }
        who = snapshot(note.at, note_due=note.at, next_nudge=after, steps=steps, goals=[GOAL], **seat, **other)
        about, words = told(who)
        assert re.findall(r"Do step \d+", words) == expected[number][: 2 if beside != "nothing" else 3]
        assert ("more: `/week`" in words) == (len(expected[number]) > (2 if beside != "nothing" else 3))
        assert (about or "").startswith("week:") == (beside == "nothing" and bool(expected[number]))
        preview = snapshot(note.at - DAY, note_due=note.at, next_nudge=note, steps=steps, **seat)
        assert [one.week.step for one in preview.last_chances] == expected[number]


def noted(now: datetime = START, *steps: MemberStep, **changes: Any) -> MemberSnapshot:
    """Return a member at the note of `now`, with these steps; without any, one due on the Friday."""
    usual = [MemberStep(course_week(1, MONDAY, MONDAY + 4 * DAY, another_way="On paper"))]
    return snapshot(now, note_due=now, steps=steps or usual, **changes)


@pytest.mark.parametrize("state", list(StepState))
def test_a_step_done_or_left_out_is_told_in_no_note(state: StepState) -> None:
    who = noted(START, MemberStep(course_week(1, MONDAY, MONDAY + 4 * DAY), state))
    assert who.facts.steps_due == 0
    assert "Do step" not in told(who)[1]


def test_no_step_is_told_after_its_day() -> None:
    assert noted(START + 4 * DAY).facts.steps_due == 1
    late = replace(noted(START + 4 * DAY), now=START + 5 * DAY, today=MONDAY + 5 * DAY)
    assert late.facts.steps_due == 0


def test_no_next_step_without_a_note_is_the_courses() -> None:
    assert next_step(replace(noted(), note_due=None), CONTENT).rule.id != "A00"


def test_neither_an_occasion_nor_a_cool_down_takes_the_place_of_the_courses_step() -> None:
    who = noted(pause_until=MONDAY, goals=[GOAL])
    step = next_step(who, CONTENT)
    assert who.facts.pause_over
    assert (step.rule.id, step.occasion, step.reference) == ("A00", None, "week:1")


def test_the_other_way_comes_first_for_a_low_profile() -> None:
    step = next_step(noted(), CONTENT)
    assert (step.action, step.values["other"], step.minutes) == ("Do step 1", "On paper", 10)
    step = next_step(noted(focus=Focus(("nursing",), season=Season.LOW_PROFILE)), CONTENT)
    assert (step.action, step.values["other"]) == ("On paper", "Do step 1")


def test_a_note_and_its_line_stay_within_the_limit_at_their_longest() -> None:
    first = course_week(1, MONDAY, MONDAY + 2 * DAY, step="*_" * 60, theme="*_" * 30, another_way="_*" * 60)
    second = replace(first, id=WeekId(2), week=MONDAY + WEEK, due_on=MONDAY + 9 * DAY)
    who = noted(datetime.combine(MONDAY, time(8), UTC), MemberStep(first), MemberStep(second), every_weeks=2)
    step = next_step(who, CONTENT)
    for situation in ("week_step", "opportunity_deadline", "thank", "pause_end", "backoff_ask", "backoff_stop"):
        for text in CONTENT.situations[situation].texts.values():
            longest = text.strip().format_map(LONGEST)
            assert len(longest) <= TEXT_LIMIT - LINE_ROOM
            for one in (step, replace(step, subject=None)):
                line = course_line(who, one, longest)
                assert 0 < len(longest) + 1 + len(line) <= TEXT_LIMIT
