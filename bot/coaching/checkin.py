"""Who might welcome a hello, and why in words: never a score, never a risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import WEEK, Pause, quiet_weeks
from bot.coaching.register import GOAL_WEEK, QUIET_WEEKS
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
    """What check-in looks at for one member with a row in the register; days are on the course's calendar.

    Attributes:
        since: the day of joining, or the Monday on which the row begins.
        had_goal: they have set a goal at some time.
        active_on: the last day on which they logged or answered something, or did a weekly step.
        unreachable_on: the day on which the last note could not be delivered; None if it could.
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
    """A member who might welcome a hello, why, and since when.

    Attributes:
        quiet: full course weeks in which they did nothing.
        asked_at: the second at which they asked, None if they did not; *Greeted* answers that request and no later one.
    """

    enrolment_id: EnrolmentId
    user_id: UserId
    reasons: tuple[HelloReason, ...]
    since: date
    quiet: int = 0
    asked_at: int | None = None


def hello(facts: CheckinFacts, term: Calendar, today: date) -> Hello | None:
    """Decide whether a member who did not ask might welcome a hello.

    None in the four weeks after *Greeted*; during a pause only notes that cannot be delivered are a reason.
    """
    if facts.greeted_on is not None and today < facts.greeted_on + GREETED_FOR:
        return None
    reasons: dict[HelloReason, date] = {}
    quiet: tuple[date, ...] = ()
    if not any(pause.since <= today < pause.until for pause in facts.pauses):
        here = quiet_weeks(None, facts.since, today, term, facts.pauses)
        if not facts.had_goal and len(here) >= GOAL_WEEK:
            reasons[HelloReason.NO_GOAL] = here[GOAL_WEEK - 1] + WEEK
        weeks = quiet_weeks(facts.active_on, facts.since, today, term, facts.pauses)
        if len(weeks) >= QUIET_WEEKS:
            quiet = weeks
            reasons[HelloReason.QUIET] = quiet[0]
    if facts.unreachable_on is not None:
        reasons[HelloReason.UNDELIVERABLE] = facts.unreachable_on
    if not reasons:
        return None
    return Hello(facts.enrolment_id, facts.user_id, tuple(reasons), min(reasons.values()), len(quiet))


def in_order(asked: Sequence[Hello], others: Sequence[Hello]) -> tuple[Hello, ...]:
    """Return those who asked first, then the others, longest waiting first in both groups."""

    def waiting(entry: Hello) -> tuple[int, date, int]:
        return entry.asked_at or 0, entry.since, entry.enrolment_id

    return (*sorted(asked, key=waiting), *sorted(others, key=waiting))
