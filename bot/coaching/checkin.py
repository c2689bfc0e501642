"""Who may like a hello, and why in words: never a score, never a risk (method, section 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import WEEK, Pause, quiet_weeks
from bot.coaching.weeks import Calendar

MOST_SHOWN = 8
SHARE_SHOWN = 0.15
"""Most rows, and most of the class that is named for a reason other than a request of their own (method, section 6)."""
WEEKS_TO_A_GOAL = 3
"""I2: no goal by the end of week 3."""
QUIET_WEEKS = 3
"""I3: no activity for so many weeks of the course."""
HELD_NOTES = 2
"""I4: so many notes in a row that could not be delivered."""
GREETED_FOR = timedelta(weeks=4)
"""How long *Greeted* keeps somebody off the list, unless they ask themselves."""


class HelloReason(StrEnum):
    """Why somebody may like a hello."""

    ASKED = "asked"
    NO_GOAL = "no_goal"
    QUIET = "quiet"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the list looks at of one member; days are days of the course's calendar.

    `had_goal`: they have set a goal at some time. `active_on`: the last day on which they logged or answered something.
    `held`: how many notes in a row could not be delivered, and `held_since` the day of the first of them.
    """

    enrolment_id: EnrolmentId
    user_id: UserId
    joined_on: date
    had_goal: bool
    active_on: date | None
    held: int
    held_since: date | None
    greeted_on: date | None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Hello:
    """Somebody who may like a hello, why, and since when; `quiet`: for how many weeks of the course they did nothing.

    `asked_at`: the second at which they asked, None if they did not: *Greeted* answers that request and no later one.
    """

    enrolment_id: EnrolmentId
    user_id: UserId
    reasons: tuple[HelloReason, ...]
    since: date
    quiet: int = 0
    asked_at: int | None = None


def hello(one: Standing, term: Calendar, today: date) -> Hello | None:
    """Return whether a member who did not ask may like a hello; a pause and four weeks after *Greeted* keep it away."""
    if one.greeted_on is not None and today < one.greeted_on + GREETED_FOR:
        return None
    found: dict[HelloReason, date] = {}
    paused = any(pause.since <= today < pause.until for pause in one.pauses)
    here = quiet_weeks(None, one.joined_on, today, term, one.pauses)
    quiet = quiet_weeks(one.active_on, one.joined_on, today, term, one.pauses)
    if not one.had_goal and not paused and len(here) >= WEEKS_TO_A_GOAL:
        found[HelloReason.NO_GOAL] = here[WEEKS_TO_A_GOAL - 1] + WEEK
    if not paused and len(quiet) >= QUIET_WEEKS:
        found[HelloReason.QUIET] = quiet[0]
    if one.held >= HELD_NOTES and one.held_since is not None:
        found[HelloReason.UNDELIVERABLE] = one.held_since
    if not found:
        return None
    return Hello(one.enrolment_id, one.user_id, tuple(found), min(found.values()), len(quiet))


def hellos(asked: Sequence[Hello], others: Sequence[Hello], class_size: int) -> tuple[Hello, ...]:
    """Return who is shown: those who asked first, then the others, each longest waiting first, eight at most.

    Of the others no more than about a seventh of the class, so that a list for a hello never becomes one of the class.
    """
    first = sorted(asked, key=_waiting)[:MOST_SHOWN]
    room = min(MOST_SHOWN - len(first), max(1, int(class_size * SHARE_SHOWN)))
    return (*first, *sorted(others, key=_waiting)[:room])


def _waiting(one: Hello) -> tuple[int, date, int]:
    return one.asked_at or 0, one.since, one.enrolment_id
