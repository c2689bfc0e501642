"""What a digest says, from figures that are words already: nothing finer than the small-group rule allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.cohort import Cohort
from bot.coaching.texts import plain
from bot.coaching.weeks import DAY_NAMES, BreakKind, term_week

LIMIT = 1500
"""Most characters of a digest (method, section 6)."""
ACTIVITY_LIMIT = 220
"""Most characters of an activity as a digest tells it."""


@dataclass(frozen=True, slots=True)
class Hurdle:
    """An obstacle in words, and what a class can do about it in five minutes."""

    label: str
    activity: str


@dataclass(frozen=True, slots=True)
class Week:
    """A week's figures in words. None, or empty: there is none to show.

    `active`: how many were active, `before` how many the week before. `funnel`: each step with its share. `hurdles`:
    the most frequent obstacles. `hello`: how many may like one. `delivery`: how the notes went out.
    """

    active: str | None
    before: str | None
    funnel: Sequence[tuple[str, str]]
    hurdles: Sequence[Hurdle]
    hello: str | None
    delivery: str | None


def digest_lines(cohort: Cohort, monday: date, week: Week | None) -> str:
    """Return a digest as text, at most LIMIT characters; `week` None: no figures were taken yet."""
    number, last = term_week(cohort.starts_on, monday), term_week(cohort.starts_on, cohort.ends_on)
    lead = f"**{plain(cohort.name)}**, before week {number} of {last}. {_sentence(week)}"
    if number > last:
        lead = f"**{plain(cohort.name)}**, after the last week. {_sentence(week)}"
    lines = [lead, *(_figures(week) if week else ()), *_ahead(cohort, monday), "-# Not for grading."]
    return "\n".join(lines)


def _sentence(week: Week | None) -> str:
    if week is None or week.active is None:
        return "There are no figures yet: they are shown from ten members on, and taken on Monday mornings."
    return f"Active in the last seven days: {week.active}."


def _figures(week: Week) -> Iterator[str]:
    if week.before is not None:
        yield f"The week before: {week.before}."
    if week.funnel:
        yield "**How far the class is**: " + " → ".join(f"{step} {share}" for step, share in week.funnel) + "."
    for hurdle in week.hurdles:
        yield f"**In the way: {hurdle.label}.** Five minutes in class: {hurdle.activity}"
    if week.hello is not None:
        yield f"**May like a hello**: {week.hello}. `/cohort checkin` says who and why."
    if week.delivery is not None:
        yield f"**Notes**: {week.delivery}"


def _ahead(cohort: Cohort, monday: date) -> Iterator[str]:
    """Yield what the days from this Monday to the end of the next week bring."""
    until = monday + timedelta(days=13)
    for one in cohort.breaks:
        if one.first <= until and one.last >= monday:
            what = "exam weeks" if one.kind is BreakKind.EXAMS else "a break"
            yield f"**Ahead**: {what}, {_day(one.first)} to {_day(one.last)}; nothing is sent on those days."
    if monday <= cohort.ends_on <= until:
        yield f"**Ahead**: the last day of the course is {_day(cohort.ends_on)}. `/cohort close` hands out the parcels."


def _day(day: date) -> str:
    return f"{DAY_NAMES[day.weekday()]} {day.day} {day:%B}"
