"""Who might welcome a hello: the reasons, and who is left in peace."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.coaching.checkin import CheckinFacts, Hello, HelloReason, hello, in_order
from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import Pause
from bot.coaching.weeks import Break, BreakKind, Calendar

MONDAY = date(2027, 2, 1)
TERM = Calendar(MONDAY, date(2027, 5, 30))
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WELL = CheckinFacts(
    EnrolmentId(1), UserId(10), MONDAY, had_goal=True, active_on=MONDAY + 70 * DAY, unreachable_on=None,
    greeted_on=None,
)  # fmt: skip


def seen(today: date, term: Calendar = TERM, **changes: Any) -> Hello | None:
    return hello(replace(WELL, **changes), term, today)


def reasons(today: date, term: Calendar = TERM, **changes: Any) -> tuple[HelloReason, ...]:
    found = seen(today, term, **changes)
    return found.reasons if found else ()


def test_member_who_gets_along_is_not_listed() -> None:
    assert seen(MONDAY + 10 * WEEK) is None


def test_no_goal_counts_after_three_full_weeks_of_their_own() -> None:
    fourth = MONDAY + 3 * WEEK
    assert reasons(fourth - DAY, had_goal=False, active_on=fourth - DAY) == ()
    found = seen(fourth, had_goal=False, active_on=fourth)
    assert found is not None
    assert (found.reasons, found.since) == ((HelloReason.NO_GOAL,), fourth)
    late = MONDAY + 5 * WEEK
    assert reasons(late + 2 * WEEK, had_goal=False, since=late, active_on=late + 2 * WEEK) == ()
    assert reasons(late + 3 * WEEK, had_goal=False, since=late, active_on=late + 3 * WEEK) == (HelloReason.NO_GOAL,)


def test_two_full_quiet_weeks_count_and_one_does_not() -> None:
    active = MONDAY + 2 * WEEK + 3 * DAY
    assert reasons(MONDAY + 5 * WEEK - DAY, active_on=active) == ()
    found = seen(MONDAY + 5 * WEEK, active_on=active)
    assert found == Hello(EnrolmentId(1), UserId(10), (HelloReason.QUIET,), MONDAY + 3 * WEEK, 2)


@pytest.mark.parametrize("kind", BreakKind)
def test_break_weeks_do_not_count_as_quiet(kind: BreakKind) -> None:
    off = Break(kind, MONDAY + 3 * WEEK, MONDAY + 4 * WEEK + 6 * DAY)
    term = replace(TERM, breaks=(off,))
    assert reasons(MONDAY + 6 * WEEK, term, active_on=MONDAY + 2 * WEEK) == ()
    assert reasons(MONDAY + 7 * WEEK, term, active_on=MONDAY + 2 * WEEK) == (HelloReason.QUIET,)


def test_pause_leaves_member_in_peace_and_its_weeks_do_not_count() -> None:
    pause = Pause(MONDAY + WEEK, MONDAY + 9 * WEEK)
    nothing: dict[str, Any] = {"had_goal": False, "active_on": MONDAY, "pauses": (pause,)}
    assert reasons(MONDAY + 9 * WEEK - DAY, **nothing) == ()
    assert reasons(MONDAY + 10 * WEEK, **nothing) == ()
    assert reasons(MONDAY + 12 * WEEK, **nothing) == (HelloReason.NO_GOAL, HelloReason.QUIET)


def test_notes_that_do_not_arrive_count_in_a_pause_too() -> None:
    today = MONDAY + 10 * WEEK
    found = seen(today, unreachable_on=today - WEEK, pauses=(Pause(today - WEEK, today + WEEK),))
    assert found is not None
    assert (found.reasons, found.since) == ((HelloReason.UNDELIVERABLE,), today - WEEK)


def test_several_reasons_make_one_entry_since_the_first() -> None:
    today = MONDAY + 8 * WEEK
    found = seen(today, had_goal=False, active_on=None, unreachable_on=today - 2 * WEEK)
    assert found is not None
    assert found.reasons == (HelloReason.NO_GOAL, HelloReason.QUIET, HelloReason.UNDELIVERABLE)
    assert (found.since, found.quiet) == (MONDAY, 8)


def test_greeted_gives_four_weeks_of_peace() -> None:
    today = MONDAY + 10 * WEEK
    assert reasons(today, greeted_on=today - 4 * WEEK + DAY, active_on=MONDAY) == ()
    assert reasons(today, greeted_on=today - 4 * WEEK, active_on=MONDAY) == (HelloReason.QUIET,)


def test_everybody_is_listed_and_those_who_asked_come_first() -> None:
    def entry(number: int, since: int, asked_at: int | None = None) -> Hello:
        return Hello(EnrolmentId(number), UserId(number), (), MONDAY + since * DAY, asked_at=asked_at)

    others = [entry(number, 100 - number) for number in range(10, 90)]
    found = in_order([entry(1, 5, 1005), entry(2, 3, 1003)], others)
    assert [one.enrolment_id for one in found] == [2, 1, *range(89, 9, -1)]
