"""The register: what instructors see of each member by name, the filters over it, and the rules behind its words.

Active in a week is whoever logged an action or answered an item in it. Opening cards, pressing buttons and reading
never count.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import Pause, TermWeek, quiet_weeks, term_weeks
from bot.coaching.weeks import Calendar, local_day, monday_of, term_week

VISIBLE_AFTER = timedelta(days=7)
"""How long after a member was told that the register was switched on instructors see their row."""
QUIET_WEEKS = 2
"""Full course weeks without activity after which somebody is called quiet."""
LAST_WEEKS = 4
GOAL_WEEK = 3
"""The course week from which having no goal yet is worth a look."""


class RegisterFilter(StrEnum):
    """Whom the register lists."""

    EVERYBODY = "all"
    NOTHING_YET = "week"
    NO_GOAL = "goal"
    QUIET = "quiet"
    UNREACHABLE = "notes"


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """What the register says of one member: that something is there and how much of it, never what.

    Attributes:
        joined_week: Monday of the week of joining.
        left: Not in the server any more.
        focus, goal, plan: Whether they have set one.
        answered: Answered items of the `items` that everybody in the course has.
        weeks: What each week of the term was, from the first to the last; before the row begins, `BEFORE`.
        this_week: Active in the course week that runs.
        full_weeks: How many of `weeks` are over.
        away: In a pause, or with notes turned off.
        reachable: The last note could be delivered.
        visible_at: From when on instructors see the row; None: not yet.
        student_number: As the member gave it, where the course asks; None: they did not.
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

    def active(self, last: int | None = None) -> tuple[int, int]:
        """Return active weeks and the weeks that count: full ones since the row begins, no break and no pause."""
        counted = [week for week in self.weeks[: self.full_weeks] if week in {TermWeek.ACTIVE, TermWeek.QUIET}]
        counted = counted[-last:] if last else counted
        return counted.count(TermWeek.ACTIVE), len(counted)


def is_visible(row: RegisterRow, now: datetime) -> bool:
    """Return whether instructors see a row."""
    return row.visible_at is not None and row.visible_at <= now


def this_week(now: datetime, zone: str) -> date:
    """Return the Monday of the course week that runs."""
    return monday_of(local_day(now, zone))


def is_quiet(active_on: date | None, since: date, today: date, term: Calendar, pauses: Sequence[Pause]) -> bool:
    """Return whether somebody did nothing for two full course weeks; pauses, breaks and weeks before `since` left out.

    Args:
        active_on: The last day on which they did something, None if there is none.
        since: The day on which they joined, or on which their row begins.
        today: The day in the course's zone.
    """
    return len(quiet_weeks(active_on, since, today, term, pauses)) >= QUIET_WEEKS


def row_weeks(
    active: Collection[date], since: date, today: date, term: Calendar, pauses: Sequence[Pause]
) -> tuple[tuple[TermWeek, ...], int]:
    """Return what each week of the term was to a member, and how many of them are over.

    Args:
        active: A day of each week in which they were active.
        since: The day on which they joined, or on which their row begins; earlier activity is left out.
    """
    shown = [day for day in active if day >= monday_of(since)]
    weeks = term_weeks(shown, since, today, term, pauses)
    return weeks, min(len(weeks), max(0, term_week(term.starts_on, today) - 1))


def row_words(row: RegisterRow) -> tuple[tuple[str, str], ...]:
    """Return a row as labels and values: the same to instructors, to the member, and in the member's data export."""
    lately, ever = row.active(LAST_WEEKS), row.active()
    return (
        ("Joined in the week of", f"{row.joined_week.day} {row.joined_week:%B %Y}"),
        ("Active this week", _yes(row.this_week)),
        ("Focus, goal, plan", ", ".join(_yes(one) for one in (row.focus, row.goal, row.plan))),
        ("Checklist items that everybody has, answered", f"{row.answered} of {row.items}"),
        ("Active weeks", f"{lately[0]} of the last {lately[1]}, {ever[0]} of {ever[1]} so far"),
        ("Week by week", weeks_words(row)),
        ("Away", _yes(row.away)),
        ("Notes can be delivered", _yes(row.reachable)),
        ("In the server", _yes(not row.left)),
    )


def weeks_words(row: RegisterRow) -> str:
    """Return the weeks of a row in words: those that are over, by what they were."""
    words = {TermWeek.ACTIVE: "active", TermWeek.QUIET: "nothing", TermWeek.REST: "not counted"}
    shown = list(enumerate(row.weeks[: row.full_weeks], 1))
    parts = [
        f"{label} in {', '.join(str(number) for number, week in shown if week is kind)}"
        for kind, label in words.items()
        if any(week is kind for _, week in shown)
    ]
    return "; ".join(parts) or "no full week yet"


def _yes(so: bool) -> str:  # noqa: FBT001 - a value to put into words
    return "yes" if so else "no"
