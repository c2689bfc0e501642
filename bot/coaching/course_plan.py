"""The course plan: a list of weeks with one small step each, fitted to a term."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from bot.coaching.errors import LineNamesSomebody
from bot.coaching.ids import WeekId
from bot.coaching.limits import Between, Minutes, StepText
from bot.coaching.momentum import WEEK
from bot.coaching.network import points_at_somebody
from bot.coaching.texts import checked_text, plain
from bot.coaching.weeks import Calendar, first_monday, is_off, monday_of

THEME_LIMIT = 60
STEP_LIMIT = 120
ANOTHER_WAY_LIMIT = 120
LINE_LIMIT = 280
"""Most characters of the line that a member hands in."""
MOST_TEACHING_WEEKS = 53
"""Most weeks of a term, and so of a plan."""
_AS_IT_IS = re.compile(r"(`[^`]+`|https?://(?:[^\s<>`|*\[\]\\@]|@(?!everyone|here|[!&]?\d))+)")
"""A command, or an address without what could format or mention: escaped, it would lead somewhere else."""


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
        number: The teaching week of the term in which it falls, from 1; None: the one after the week before it.
    """

    theme: Annotated[str, Between(1, THEME_LIMIT)]
    step: Annotated[str, Between(1, STEP_LIMIT)]
    minutes: Minutes
    due: DueDay
    done_by: DoneBy
    counts: str | None = None
    another_way: Annotated[str, Between(1, ANOTHER_WAY_LIMIT)] | None = None
    number: Annotated[int, Between(1, MOST_TEACHING_WEEKS)] | None = None
    switched_off: bool = False


@dataclass(frozen=True, slots=True)
class LearningOutcome:
    """What a course wants its members to be able to do, as a question that their portfolio answers in a sentence."""

    id: str
    title: str
    question: StepText


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
        return PlanWeek(
            self.theme,
            self.step,
            self.minutes,
            due,
            self.done_by,
            self.counts,
            self.another_way,
            switched_off=self.switched_off,
        )


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


def step_words(text: str) -> str:
    """Return a step as cards and notes show it: nothing in it is formatted but commands in backquotes and addresses."""
    return "".join(one if _AS_IT_IS.fullmatch(one) else plain(one) for one in _AS_IT_IS.split(text))


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

    A term that is too short for the plan's empty weeks goes without them; one with fewer weeks than the plan loses
    those before its last, which looks back.
    """
    weeks = teaching_weeks(term, since)
    places: list[int] = []
    for week in plan:
        next_one = places[-1] + 1 if places else 0
        places.append(max(next_one, (week.number or 1) - 1))
    if places and places[-1] >= len(weeks):
        places = list(range(len(weeks)))
        if len(weeks) < len(plan):
            plan = [*plan[: max(0, len(weeks) - 1)], plan[-1]]
    return [(weeks[place], week) for place, week in zip(places, plan, strict=False)]


def as_plan(weeks: Sequence[CourseWeek], term: Calendar) -> list[PlanWeek]:
    """Return a course's weeks as a plan that `fitted` puts where they are, as far as they lie in teaching weeks."""
    places = {monday: place for place, monday in enumerate(teaching_weeks(term, weeks[0].week), 1)} if weeks else {}
    plan: list[PlanWeek] = []
    last = 0
    for week in weeks:
        place = places.get(week.week, last + 1)
        plan.append(replace(week.plan, number=None if place == last + 1 else place))
        last = max(last + 1, place)
    return plan


def in_breaks(weeks: Sequence[CourseWeek], term: Calendar) -> list[CourseWeek]:
    """Return the weeks, of those that are switched on, that lie where nothing is taught."""
    teaching = set(teaching_weeks(term, term.starts_on))
    return [week for week in weeks if week.week not in teaching and not week.switched_off]


def empty_weeks(weeks: Sequence[CourseWeek], term: Calendar, since: date) -> list[date]:
    """Return the Mondays of the teaching weeks that have no step, from the week of `since` on."""
    filled = {week.week for week in weeks}
    return [monday for monday in teaching_weeks(term, since) if monday not in filled]


def refitted(
    weeks: Sequence[CourseWeek], begun: Collection[WeekId], term: Calendar
) -> tuple[list[tuple[CourseWeek, date]], list[CourseWeek]]:
    """Find places for the weeks that a break covers now, and for those after them, in the same order.

    Args:
        begun: The weeks that stay where they are.

    Returns:
        Each week that moves with its new Monday, and the weeks for which the term has no room.
    """
    covered = in_breaks([week for week in weeks if week.id not in begun], term)
    if not covered:
        return [], []
    first = covered[0].week
    moving = [week for week in weeks if week.week >= first and week.id not in begun]
    taken = {week.week for week in weeks} - {week.week for week in moving}
    free = [monday for monday in teaching_weeks(term, first) if monday not in taken and monday >= first]
    room = moving if len(moving) <= len(free) else [*moving[: max(0, len(free) - 1)], moving[-1]][: len(free)]
    places = dict(zip((week.id for week in room), free, strict=False))
    moved = [(week, places[week.id]) for week in room if places[week.id] != week.week]
    return moved, [week for week in moving if week.id not in places]


def neighbour(monday: date, term: Calendar, *, later: bool) -> date | None:
    """Return the teaching week next to this one; None at the end of the term, and for a week in a break."""
    mondays = teaching_weeks(term, term.starts_on)
    if monday not in mondays:
        return None
    place = mondays.index(monday) + (1 if later else -1)
    return mondays[place] if 0 <= place < len(mondays) else None


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
