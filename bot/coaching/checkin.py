"""Who might welcome a hello, and why in words: never a score, never a risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import WEEK, Pause, quiet_weeks
from bot.coaching.register import GOAL_WEEK, is_quiet
from bot.coaching.weeks import Calendar

GREETED_FOR = timedelta(weeks=4)
"""How long *Greeted* keeps somebody off the list, unless they ask themselves."""


class HelloReason(StrEnum):
    """Why somebody might welcome a hello."""

    ASKED = "asked"
    NO_GOAL = "no_goal"
    QUIET = "quiet"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class CheckinFacts:
    """What check-in looks at of one member with a row in the register; days are days of the course's calendar.

    Attributes:
        since: The day of joining, or the Monday on which the row begins.
        had_goal: They have set a goal at some time.
        active_on: The last day on which they logged or answered something.
        unreachable_on: The day on which the last note could not be delivered; None if it could.
    """

    enrolment_id: EnrolmentId
    user_id: UserId
    since: date
    had_goal: bool
    active_on: date | None
    unreachable_on: date | None
    greeted_on: date | None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Hello:
    """Somebody who might welcome a hello, why, and since when.

    Attributes:
        quiet: For how many full weeks of the course they did nothing.
        asked_at: The second at which they asked, None if they did not: *Greeted* answers that request and no later one.
    """

    enrolment_id: EnrolmentId
    user_id: UserId
    reasons: tuple[HelloReason, ...]
    since: date
    quiet: int = 0
    asked_at: int | None = None


def hello(one: CheckinFacts, term: Calendar, today: date) -> Hello | None:
    """Decide whether a member who did not ask might welcome a hello; a pause and four weeks after *Greeted* say no."""
    if one.greeted_on is not None and today < one.greeted_on + GREETED_FOR:
        return None
    reasons: dict[HelloReason, date] = {}
    paused = any(pause.since <= today < pause.until for pause in one.pauses)
    quiet: tuple[date, ...] = ()
    if not one.had_goal and not paused:
        here = quiet_weeks(None, one.since, today, term, one.pauses)
        if len(here) >= GOAL_WEEK:
            reasons[HelloReason.NO_GOAL] = here[GOAL_WEEK - 1] + WEEK
    if not paused and is_quiet(one.active_on, one.since, today, term, one.pauses):
        quiet = quiet_weeks(one.active_on, one.since, today, term, one.pauses)
        reasons[HelloReason.QUIET] = quiet[0]
    if one.unreachable_on is not None:
        reasons[HelloReason.UNDELIVERABLE] = one.unreachable_on
    if not reasons:
        return None
    return Hello(one.enrolment_id, one.user_id, tuple(reasons), min(reasons.values()), len(quiet))


def in_order(asked: Sequence[Hello], others: Sequence[Hello]) -> tuple[Hello, ...]:
    """Return those who asked first, then the others, each longest waiting first."""
    return (*sorted(asked, key=_waiting), *sorted(others, key=_waiting))


def _waiting(one: Hello) -> tuple[int, date, int]:
    return one.asked_at or 0, one.since, one.enrolment_id
