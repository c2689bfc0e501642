"""The course plan: a list of weeks with one small step each, fitted to a term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from bot.coaching.errors import LineNamesSomebody
from bot.coaching.ids import WeekId
from bot.coaching.limits import Between, Minutes
from bot.coaching.momentum import WEEK
from bot.coaching.network import points_at_somebody
from bot.coaching.texts import checked_text
from bot.coaching.weeks import Calendar, first_monday, is_off, monday_of

THEME_LIMIT = 60
STEP_LIMIT = 120
ANOTHER_WAY_LIMIT = 120
LINE_LIMIT = 280
"""Most characters of the line that a member hands in."""
MOST_WEEKS = 30


class DoneBy(StrEnum):
    """What counts as a week's step done."""

    TICK = "tick"
    LINE = "line"
    ITEM = "item"
    ACTION = "action"


class StepState(StrEnum):
    """What a member said of a step; without a state it is open. To instructors DECLINED looks like open."""

    DONE = "done"
    DECLINED = "declined"


class DueDay(StrEnum):
    """The day of the week on which a step is due, as plans name it."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """Return the day as a number, 0 (Monday) to 6."""
        return list(DueDay).index(self)


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """A week as a plan gives it, whatever the term.

    Attributes:
        minutes: How long the step takes, about.
        due: The day of the week on which it is due.
        done_by: What counts as done.
        counts: The checklist item or the kind of action that counts, by its id.
        another_way: An offline or private way to the same ✓.
    """

    theme: Annotated[str, Between(1, THEME_LIMIT)]
    step: Annotated[str, Between(1, STEP_LIMIT)]
    minutes: Minutes
    due: DueDay
    done_by: DoneBy
    counts: str | None = None
    another_way: Annotated[str, Between(1, ANOTHER_WAY_LIMIT)] | None = None


@dataclass(frozen=True, slots=True)
class CourseWeek:
    """A week of a course's plan as it is stored; fields as in `PlanWeek`.

    Attributes:
        week: Its Monday.
        announced: It is announced, if the course announces its weeks.
    """

    id: WeekId
    week: date
    theme: str
    step: str
    minutes: int
    due_on: date
    done_by: DoneBy
    counts: str | None
    another_way: str | None
    switched_off: bool = False
    announced: bool = True

    @property
    def plan(self) -> PlanWeek:
        """Return the week as a plan gives it, whatever the term."""
        due = list(DueDay)[self.due_on.weekday()]
        return PlanWeek(self.theme, self.step, self.minutes, due, self.done_by, self.counts, self.another_way)


@dataclass(frozen=True, slots=True)
class MemberStep:
    """A week's step and what a member did about it; `state` None: open."""

    week: CourseWeek
    state: StepState | None = None
    line: str | None = None

    @property
    def open(self) -> bool:
        """Return whether the member has neither done the step nor set it aside."""
        return self.state is None


def checked_line(typed: str | None) -> str:
    """Return the line that a member hands in, ready to store.

    Raises TextMissing, TextTooLong, or LineNamesSomebody: instructors read it, and it is about nobody else.
    """
    line = checked_text("The line", typed, LINE_LIMIT)
    if points_at_somebody(line):
        raise LineNamesSomebody
    return line


def teaching_weeks(term: Calendar, since: date) -> list[date]:
    """Return the Mondays of the weeks that a plan fills: from the first one, without those that are mostly free.

    Args:
        since: Weeks before that of this day are left out.
    """
    week = max(first_monday(term.starts_on), monday_of(since))
    found: list[date] = []
    while week <= term.ends_on:
        if not is_off(week, term):
            found.append(week)
        week += WEEK
    return found


def due_day(week: date, due: DueDay, term: Calendar) -> date:
    """Return the day on which a step is due; where that day is free, the last day before it that is not, else after."""
    days = [week + timedelta(days=number) for number in range(7)]
    wished = days[due.number]
    before = [day for day in days if day <= wished and term.has(day)]
    after = [day for day in days if day > wished and term.has(day)]
    return before[-1] if before else after[0] if after else wished


def fitted(plan: Sequence[PlanWeek], term: Calendar, since: date) -> list[tuple[date, PlanWeek]]:
    """Give each week of a plan its Monday in a term.

    In a term with fewer weeks the plan loses those before its last, which looks back.
    """
    weeks = teaching_weeks(term, since)
    if len(weeks) < len(plan):
        plan = [*plan[: max(0, len(weeks) - 1)], plan[-1]]
    return list(zip(weeks, plan, strict=False))


def this_weeks(steps: Sequence[MemberStep], today: date) -> MemberStep | None:
    """Return the step of the week that holds `today`."""
    return next((one for one in steps if one.week.week == monday_of(today)), None)


def last_chances(steps: Sequence[MemberStep], note_day: date, next_note_day: date | None) -> list[MemberStep]:
    """Return the open steps that no later note can tell before they are due, the first due first.

    Args:
        note_day: The day of this note.
        next_note_day: The day on which the next is planned; None if none is.
    """
    open_ones = sorted((one for one in steps if one.open), key=lambda one: (one.week.due_on, one.week.id))
    return [
        one
        for one in open_ones
        if note_day <= one.week.due_on and (next_note_day is None or one.week.due_on < next_note_day)
    ]
