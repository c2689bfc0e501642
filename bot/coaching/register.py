"""The register: what instructors see of each member by name, and the rules behind it.

A member is active in a week if they logged an action, answered an item or did a weekly step in it. Opening cards,
pressing buttons and reading never count.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import WEEK, Pause, TermWeek, quiet_weeks, term_weeks
from bot.coaching.weeks import Calendar, first_monday, local_day, monday_of, term_week

VISIBLE_AFTER = timedelta(days=7)
"""How long after a member was notified of the register instructors see their row."""
QUIET_WEEKS = 2
"""Full course weeks without activity that make a member quiet."""
LAST_WEEKS = 4
MOST_WEEKS = 60
"""More weeks than any term has."""
GOAL_WEEK = 3
"""The course week from which having no goal yet is worth a look."""


class RegisterFilter(StrEnum):
    """Which members the register lists."""

    EVERYBODY = "all"
    NOTHING_YET = "week"
    NO_GOAL = "goal"
    QUIET = "quiet"
    UNREACHABLE = "notes"
    STEP = "step"
    """Those who have not done the step of a week; it comes with the week's number."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A filter, and for STEP the number of the week; `str` gives what `listing` reads back."""

    which: RegisterFilter = RegisterFilter.EVERYBODY
    week: int = 0

    def __str__(self) -> str:
        """Return the listing as it stands in custom ids."""
        return f"{self.which}{self.week or ''}"


def listing(text: str) -> Listing:
    """Read a listing from a custom id; raises ValueError."""
    number = text.removeprefix(RegisterFilter.STEP)
    if number != text and number.isascii() and number.isdigit() and 0 < int(number) <= MOST_WEEKS:
        return Listing(RegisterFilter.STEP, int(number))
    which = RegisterFilter(text)
    if which is RegisterFilter.STEP:
        raise ValueError(text)
    return Listing(which)


class StepWeek(StrEnum):
    """What a week of the course plan is to a member."""

    DONE = "done"
    OPEN = "open"
    FREE = "free"
    """No step counts for them: none is planned or it is switched off, in a break, or before they joined."""


STRIP = {StepWeek.DONE: "✓", StepWeek.OPEN: "○", StepWeek.FREE: "–"}


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """What the register says of one member: whether something exists and how much of it, never its content.

    Attributes:
        joined_week: Monday of the week of joining.
        left: not in the server any more.
        focus, goal, plan: whether they have set one.
        answered: answered items of the `items` that everybody in the course has.
        weeks: what each week of the term was; `BEFORE` until the row begins.
        this_week: active in the current course week.
        full_weeks: how many of `weeks` are over.
        away: in a pause, or with notes turned off.
        reachable: the last note could be delivered.
        visible_at: from when instructors see the row; None: not yet known.
        student_number: as the member gave it, if the course asks; None: not given.
        steps: what each week of the plan was until now; empty without a plan.
    """

    enrolment_id: EnrolmentId
    user_id: UserId
    joined_week: date
    left: bool
    focus: bool
    goal: bool
    plan: bool
    answered: int
    items: int
    weeks: tuple[TermWeek, ...]
    this_week: bool
    full_weeks: int
    away: bool
    reachable: bool
    visible_at: datetime | None
    student_number: str | None = None
    steps: tuple[StepWeek, ...] = ()

    @property
    def this_step(self) -> StepWeek:
        """Return what the current week's step is to the member."""
        current = self.steps[self.full_weeks :]
        return current[0] if current else StepWeek.FREE

    @property
    def steps_done(self) -> list[int]:
        """Return the numbers of the weeks whose step is done."""
        return [number for number, step in enumerate(self.steps, 1) if step is StepWeek.DONE]

    def active(self, last: int | None = None) -> tuple[int, int]:
        """Return active weeks and counted weeks: full ones since the row begins, without breaks and pauses."""
        counted = [week for week in self.weeks[: self.full_weeks] if week in {TermWeek.ACTIVE, TermWeek.QUIET}]
        counted = counted[-last:] if last else counted
        return counted.count(TermWeek.ACTIVE), len(counted)


def is_visible(row: RegisterRow, now: datetime) -> bool:
    """Return whether instructors see a row."""
    return row.visible_at is not None and row.visible_at <= now


def this_week(now: datetime, zone: str) -> date:
    """Return the Monday of the current course week."""
    return monday_of(local_day(now, zone))


def is_quiet(active_on: date | None, since: date, today: date, term: Calendar, pauses: Sequence[Pause]) -> bool:
    """Return whether a member did nothing for two full course weeks, without pauses, breaks and weeks before `since`.

    Args:
        active_on: the last day on which they did something, None if there is none.
        since: the day on which they joined, or on which their row begins.
        today: the day in the course's zone.
    """
    return len(quiet_weeks(active_on, since, today, term, pauses)) >= QUIET_WEEKS


def row_weeks(
    active: Collection[date], since: date, today: date, term: Calendar, pauses: Sequence[Pause]
) -> tuple[tuple[TermWeek, ...], int]:
    """Return what each week of the term was to a member, and how many of them are over.

    Args:
        active: a day of each week in which they were active.
        since: the day on which they joined, or on which their row begins; earlier activity is left out.
    """
    shown = [day for day in active if day >= monday_of(since)]
    weeks = term_weeks(shown, since, today, term, pauses)
    return weeks, min(len(weeks), max(0, term_week(term.starts_on, today) - 1))


def has_step(week: date, since: date, term: Calendar) -> bool:
    """Return whether a planned week counts for a member: not if most of it was free, or before they joined."""
    days = [week + timedelta(days=number) for number in range(7)]
    return sum(day < since or not term.has(day) for day in days) < 4


def step_weeks(
    plan: Collection[date], done: Collection[date], since: date, today: date, term: Calendar
) -> tuple[StepWeek, ...]:
    """Return what each week of the plan was to a member, from the term's first to the current one.

    Args:
        plan: the Mondays of the weeks with a step.
        done: the Mondays of those whose step the member did.
        since: the day on which they joined, or on which their row begins.
    """
    found: list[StepWeek] = []
    week, last = first_monday(term.starts_on), min(monday_of(today), monday_of(term.ends_on))
    while plan and week <= last:
        if week in done and week >= monday_of(since):
            found.append(StepWeek.DONE)
        else:
            found.append(StepWeek.OPEN if week in plan and has_step(week, since, term) else StepWeek.FREE)
        week += WEEK
    return tuple(found)


def strip(row: RegisterRow) -> str:
    """Return a row's weekly steps, a character a week."""
    return "".join(STRIP[one] for one in row.steps)


def row_words(row: RegisterRow) -> tuple[tuple[str, str], ...]:
    """Return a row as labels and values, the same for instructors, the member and the data export."""
    (recent, of_recent), (active, counted) = row.active(LAST_WEEKS), row.active()
    return (
        ("Joined in the week of", f"{row.joined_week.day} {row.joined_week:%B %Y}"),
        ("Active this week", _yes(row.this_week)),
        ("Focus, goal, plan", ", ".join(map(_yes, (row.focus, row.goal, row.plan)))),
        ("Checklist items that everybody has, answered", f"{row.answered} of {row.items}"),
        ("Active weeks", f"{recent} of the last {of_recent}, {active} of {counted} so far"),
        ("Week by week", _week_words(row)),
        *_step_words(row),
        ("Away", _yes(row.away)),
        ("Notes can be delivered", _yes(row.reachable)),
        ("In the server", _yes(not row.left)),
    )


def _step_words(row: RegisterRow) -> list[tuple[str, str]]:
    if not row.steps:
        return []
    numbers = ", ".join(map(str, row.steps_done))
    said = [] if row.this_step is StepWeek.FREE else [("This week's step", str(row.this_step))]
    return [*said, ("Weekly steps", f"{strip(row)} {f'done in {numbers}' if numbers else 'none done so far'}")]


def _week_words(row: RegisterRow) -> str:
    words = {TermWeek.ACTIVE: "active", TermWeek.QUIET: "nothing", TermWeek.REST: "not counted"}
    numbers: dict[TermWeek, list[str]] = {kind: [] for kind in words}
    for number, week in enumerate(row.weeks[: row.full_weeks], 1):
        numbers.get(week, []).append(str(number))
    parts = [f"{words[kind]} in {', '.join(weeks)}" for kind, weeks in numbers.items() if weeks]
    return "; ".join(parts) or "no full week yet"


def _yes(value: bool) -> str:  # noqa: FBT001 - a value to put into words
    return "yes" if value else "no"
