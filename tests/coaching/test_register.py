"""The rules of the register: active, quiet, this week, and how a row reads."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import Pause, TermWeek
from bot.coaching.register import (
    Listing,
    RegisterFilter,
    RegisterRow,
    StepWeek,
    is_quiet,
    listing,
    row_weeks,
    row_words,
    step_weeks,
    strip,
    this_week,
)
from bot.coaching.weeks import Break, BreakKind, Calendar, monday_of

MONDAY = date(2027, 2, 1)
TERM = Calendar(MONDAY, date(2027, 5, 30))
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
A, Q, R, B = TermWeek.ACTIVE, TermWeek.QUIET, TermWeek.REST, TermWeek.BEFORE
ROW = RegisterRow(
    EnrolmentId(1), UserId(10), MONDAY, left=False, focus=True, goal=True, plan=False, answered=4, items=9,
    weeks=(A, Q, R, A, A, Q, TermWeek.AHEAD), this_week=False, full_weeks=5, away=False, reachable=True,
    visible_at=None,
)  # fmt: skip


def test_this_week_is_the_monday_week_of_the_courses_zone() -> None:
    sunday_night = datetime(2027, 2, 7, 23, 30, tzinfo=UTC)
    assert this_week(sunday_night, "UTC") == MONDAY
    assert this_week(sunday_night, "Europe/Berlin") == MONDAY + WEEK


@given(st.sets(st.integers(0, 60)), st.integers(0, 60), st.integers(0, 90))
def test_quiet_means_two_full_weeks_of_the_course_without_activity(active: set[int], since: int, now: int) -> None:
    days = sorted(MONDAY + number * DAY for number in active if number <= now)
    joined, today = MONDAY + since * DAY, MONDAY + now * DAY
    last = days[-1] if days else None
    weeks = [MONDAY + number * WEEK for number in range(17)]
    # Full weeks since both joining (the week of joining counts up to Wednesday) and the last activity.
    full = [
        week
        for week in weeks
        if week + 6 * DAY < today
        and week + 3 * DAY >= joined
        and (last is None or week > monday_of(last))
        and week <= monday_of(TERM.ends_on)
    ]
    full = [week for week in full if week < monday_of(today)]
    assert is_quiet(last, joined, today, TERM, ()) == (len(full) >= 2)


def test_breaks_pauses_and_weeks_before_joining_are_not_quiet() -> None:
    today = MONDAY + 4 * WEEK
    assert is_quiet(MONDAY, MONDAY, today, TERM, ())
    off = replace(TERM, breaks=(Break(BreakKind.BREAK, MONDAY + WEEK, MONDAY + 2 * WEEK + 6 * DAY),))
    assert not is_quiet(MONDAY, MONDAY, today, off, ())
    assert not is_quiet(MONDAY, MONDAY, today, TERM, [Pause(MONDAY + WEEK, MONDAY + 3 * WEEK)])
    assert not is_quiet(None, MONDAY + 3 * WEEK, today, TERM, ())
    assert not is_quiet(today, MONDAY, today, TERM, ())


def test_row_begins_in_its_week_and_shows_nothing_before_it() -> None:
    active = [MONDAY, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK]
    weeks, full = row_weeks(active, MONDAY + 2 * WEEK, MONDAY + 4 * WEEK + DAY, TERM, ())
    assert weeks[:6] == (B, B, A, A, TermWeek.AHEAD, TermWeek.AHEAD)
    assert full == 4
    before_term = row_weeks([], MONDAY, MONDAY - WEEK, TERM, ())
    assert before_term[1] == 0
    after_term = row_weeks([], MONDAY, TERM.ends_on + 30 * DAY, TERM, ())
    assert after_term[1] == len(after_term[0])


def test_active_weeks_count_full_weeks_without_breaks_and_pauses() -> None:
    assert ROW.active() == (3, 4)
    assert ROW.active(4) == (3, 4)
    assert ROW.active(2) == (2, 2)
    assert replace(ROW, full_weeks=0).active() == (0, 0)


def test_row_reads_in_plain_words() -> None:
    assert dict(row_words(ROW)) == {
        "Joined in the week of": "1 February 2027",
        "Active this week": "no",
        "Focus, goal, plan": "yes, yes, no",
        "Checklist items that everybody has, answered": "4 of 9",
        "Active weeks": "3 of the last 4, 3 of 4 so far",
        "Week by week": "active in 1, 4, 5; nothing in 2; not counted in 3",
        "Away": "no",
        "Notes can be delivered": "yes",
        "In the server": "yes",
    }
    assert dict(row_words(replace(ROW, full_weeks=0)))["Week by week"] == "no full week yet"


# Weekly steps


def test_steps_count_from_joining_and_outside_breaks() -> None:
    off = replace(TERM, breaks=(Break(BreakKind.BREAK, MONDAY + 3 * WEEK, MONDAY + 3 * WEEK + 4 * DAY),))
    plan = {MONDAY + number * WEEK for number in (0, 1, 2, 3, 5)}
    done = {MONDAY, MONDAY + 2 * WEEK}
    steps = step_weeks(plan, done, MONDAY + WEEK + 2 * DAY, MONDAY + 5 * WEEK + DAY, off)
    row = replace(ROW, steps=steps, full_weeks=5)
    assert strip(row) == "–○✓––○", "before joining, open, done, a break, no step planned, this week's"
    assert (row.this_step, row.steps_done) == (StepWeek.OPEN, [3])
    late = step_weeks(plan, set(), MONDAY + 2 * WEEK + 5 * DAY, MONDAY + 2 * WEEK + 6 * DAY, TERM)
    assert strip(replace(ROW, steps=late)) == "–––", "who joins on a Saturday has missed nothing"
    assert step_weeks(set(), set(), MONDAY, MONDAY + WEEK, TERM) == ()
    over = step_weeks(plan, done, MONDAY, TERM.ends_on + 60 * DAY, TERM)
    assert len(over) == 17, "the strip ends with the term"


def test_row_names_the_weeks_done_and_nothing_as_late() -> None:
    steps = (StepWeek.DONE, StepWeek.OPEN, StepWeek.FREE, StepWeek.DONE, StepWeek.OPEN, StepWeek.OPEN)
    words = dict(row_words(replace(ROW, steps=steps)))
    assert (words["This week's step"], words["Weekly steps"]) == ("open", "✓○–✓○○ done in 1, 4")
    free = dict(row_words(replace(ROW, steps=(StepWeek.OPEN,) * 5)))
    assert "This week's step" not in free
    assert free["Weekly steps"] == "○○○○○ none done so far"


@pytest.mark.parametrize(
    "one", [*(Listing(which) for which in RegisterFilter if which != "step"), Listing(RegisterFilter.STEP, 12)]
)
def test_listing_comes_back_from_a_custom_id(one: Listing) -> None:
    assert listing(str(one)) == one


@pytest.mark.parametrize("text", ["", "step", "step0", "step-1", "step999", "step²", "steps", "7"])
def test_text_that_is_no_listing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        listing(text)
