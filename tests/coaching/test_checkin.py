"""Who may like a hello: the reasons, who is left in peace, and how few are shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.checkin import (
    MOST_SHOWN,
    SHARE_SHOWN,
    Hello,
    HelloReason,
    Standing,
    hello,
    hellos,
)
from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import Pause
from bot.coaching.weeks import Break, BreakKind, Calendar

MONDAY = date(2027, 2, 1)
TERM = Calendar(MONDAY, date(2027, 5, 30))
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WELL = Standing(
    EnrolmentId(1), UserId(10), MONDAY, had_goal=True, active_on=MONDAY + 70 * DAY, held=0, held_since=None,
    greeted_on=None,
)  # fmt: skip


def seen(today: date, term: Calendar = TERM, **changes: Any) -> Hello | None:
    return hello(replace(WELL, **changes), term, today)


def reasons(today: date, term: Calendar = TERM, **changes: Any) -> tuple[HelloReason, ...]:
    found = seen(today, term, **changes)
    return found.reasons if found else ()


def test_somebody_who_gets_along_is_not_on_the_list() -> None:
    assert seen(MONDAY + 10 * WEEK) is None


def test_no_goal_counts_from_the_end_of_the_third_week_on() -> None:
    fourth = MONDAY + 3 * WEEK
    assert reasons(fourth - DAY, had_goal=False, active_on=fourth - DAY) == ()
    found = seen(fourth, had_goal=False, active_on=fourth)
    assert found is not None
    assert (found.reasons, found.since) == ((HelloReason.NO_GOAL,), fourth)


def test_whoever_joins_late_has_three_weeks_of_their_own() -> None:
    joined = MONDAY + 5 * WEEK
    assert reasons(joined + 2 * WEEK, had_goal=False, joined_on=joined, active_on=joined + 2 * WEEK) == ()
    late = reasons(joined + 3 * WEEK, had_goal=False, joined_on=joined, active_on=joined + 3 * WEEK)
    assert late == (HelloReason.NO_GOAL,)


def test_three_quiet_weeks_of_the_course_count_and_two_do_not() -> None:
    active = MONDAY + 2 * WEEK + 3 * DAY
    assert reasons(MONDAY + 5 * WEEK, active_on=active) == ()
    found = seen(MONDAY + 6 * WEEK, active_on=active)
    assert found == Hello(EnrolmentId(1), UserId(10), (HelloReason.QUIET,), MONDAY + 3 * WEEK, 3)


@pytest.mark.parametrize("kind", BreakKind)
def test_breaks_and_exam_weeks_do_not_count_as_quiet(kind: BreakKind) -> None:
    off = Break(kind, MONDAY + 3 * WEEK, MONDAY + 4 * WEEK + 6 * DAY)
    term = replace(TERM, breaks=(off,))
    active = MONDAY + 2 * WEEK
    assert reasons(MONDAY + 7 * WEEK, term, active_on=active) == ()
    assert reasons(MONDAY + 8 * WEEK, term, active_on=active) == (HelloReason.QUIET,)


def test_a_pause_leaves_somebody_in_peace_while_it_lasts_and_its_weeks_do_not_count_after_it() -> None:
    pause = Pause(MONDAY + WEEK, MONDAY + 9 * WEEK)
    nothing: dict[str, Any] = {"had_goal": False, "active_on": MONDAY, "pauses": (pause,)}
    assert reasons(MONDAY + 9 * WEEK - DAY, **nothing) == ()
    assert reasons(MONDAY + 10 * WEEK, **nothing) == ()
    assert reasons(MONDAY + 12 * WEEK, **nothing) == (HelloReason.NO_GOAL, HelloReason.QUIET)


def test_two_notes_in_a_row_that_cannot_be_delivered_count_in_a_pause_too() -> None:
    today = MONDAY + 10 * WEEK
    assert reasons(today, held=1, held_since=today - WEEK) == ()
    pause = Pause(today - WEEK, today + WEEK)
    found = seen(today, held=2, held_since=today - 2 * WEEK, pauses=(pause,))
    assert found is not None
    assert (found.reasons, found.since) == ((HelloReason.UNDELIVERABLE,), today - 2 * WEEK)


def test_several_reasons_are_one_row_that_waits_since_the_first_of_them() -> None:
    today = MONDAY + 8 * WEEK
    found = seen(today, had_goal=False, active_on=None, held=3, held_since=today - 2 * WEEK)
    assert found is not None
    assert found.reasons == (HelloReason.NO_GOAL, HelloReason.QUIET, HelloReason.UNDELIVERABLE)
    assert (found.since, found.quiet) == (MONDAY, 8)


def test_greeted_means_four_weeks_of_peace() -> None:
    today = MONDAY + 10 * WEEK
    quiet: dict[str, Any] = {"active_on": MONDAY}
    assert reasons(today, greeted_on=today - 4 * WEEK + DAY, **quiet) == ()
    assert reasons(today, greeted_on=today - 4 * WEEK, **quiet) == (HelloReason.QUIET,)


# Who is shown


def other(number: int, since: int) -> Hello:
    return Hello(EnrolmentId(number), UserId(number), (HelloReason.QUIET,), MONDAY + since * DAY, 3)


def asked(number: int, at: int) -> Hello:
    return Hello(EnrolmentId(number), UserId(number), (HelloReason.ASKED,), MONDAY + at * DAY, asked_at=1000 + at)


def numbers(found: Sequence[Hello]) -> list[int]:
    return [one.enrolment_id for one in found]


def test_those_who_asked_come_first_then_whoever_waits_longest() -> None:
    found = hellos([asked(1, 5), asked(2, 3)], [other(3, 1), other(4, 0)], 100)
    assert numbers(found) == [2, 1, 4, 3]


def test_eight_are_shown_and_of_those_who_did_not_ask_no_more_than_a_share_of_the_class() -> None:
    others = [other(number, number) for number in range(20)]
    assert len(hellos([], others, 300)) == MOST_SHOWN
    assert len(hellos([], others, 20)) == 3
    assert len(hellos([], others, 4)) == 1
    assert numbers(hellos([asked(90, 9)], others, 20)) == [90, 0, 1, 2]


def test_those_who_asked_always_show_before_anybody_else_however_small_the_class() -> None:
    wanting = [asked(number, number) for number in range(6)]
    assert numbers(hellos(wanting, [other(9, 0)], 6)) == [0, 1, 2, 3, 4, 5, 9]
    crowd = [asked(number, number) for number in range(30)]
    assert numbers(hellos(crowd, [other(99, 0)], 300)) == list(range(8))


@given(st.lists(st.integers(0, 50), max_size=12), st.lists(st.integers(0, 50), max_size=60), st.integers(1, 400))
def test_the_list_never_becomes_one_of_the_class(wanting: list[int], waiting: list[int], size: int) -> None:
    found = hellos(
        [asked(number, at) for number, at in enumerate(wanting)],
        [other(100 + number, since) for number, since in enumerate(waiting)],
        size,
    )
    assert len(found) <= MOST_SHOWN
    named = [one for one in found if HelloReason.ASKED not in one.reasons]
    assert len(named) <= max(1, size * SHARE_SHOWN)
    assert len(found) - len(named) == min(len(wanting), MOST_SHOWN)
