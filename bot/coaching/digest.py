"""What a digest says of a class: from the weekly figures as they are kept, so nothing finer than those can be in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.cohort import Cohort, count_words
from bot.coaching.figures import Figures, delivery_words, most_named
from bot.coaching.small_groups import FEWEST, percent_words, trend_words
from bot.coaching.texts import plain, unbroken
from bot.coaching.weeks import DAY_NAMES, BreakKind, term_week

LIMIT = 1500
"""Most characters of a digest (method, section 6)."""
MOST_HURDLES = 2
FUNNEL = {"focus": "focus", "goal": "goal", "plan": "if-then plan", "exchange": "exchange", "met": "meeting"}
TRENDS = {
    "up": ", more than the week before",
    "down": ", fewer than the week before",
    "about the same": ", about as many as the week before",
}
NOT_GRADING = "-# Not for grading."


@dataclass(frozen=True, slots=True)
class Hurdle:
    """An obstacle that members name, in words, and what a class can do about it in five minutes."""

    label: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest of a Monday is made of.

    `now`: the figures of the seven days before, None when none were taken; `before`: those of the week before them.
    `hellos`: how many may like a hello.
    """

    cohort: Cohort
    monday: date
    now: Figures | None
    before: Figures | None
    hurdles: Sequence[Hurdle]
    hellos: int


def frequent(figures: Figures) -> list[str]:
    """Return the obstacles that are named most, the most frequent first, of those that may be told."""
    return [name for name, _ in most_named(figures.obstacles)][:MOST_HURDLES]


def digest_words(value: Digest) -> str:
    """Return a digest as the text of a message, at most LIMIT characters; what is last goes first if it is too long."""
    cohort, monday = value.cohort, value.monday
    number, last = term_week(cohort.starts_on, monday), term_week(cohort.starts_on, cohort.ends_on)
    when = f"week {number} of {last} begins" if number <= last else "the last week is over"
    lines = [f"**{plain(cohort.name)}**: {when}. {_sentence(value)}"]
    for line in (*_figures(value), *_ahead(cohort, monday)):
        if len("\n".join([*lines, line, NOT_GRADING])) <= LIMIT:
            lines.append(line)
    return unbroken("\n".join([*lines, NOT_GRADING]))


def _sentence(value: Digest) -> str:
    if value.now is None:
        return "No figures were taken for this Monday yet."
    if value.now.counted < FEWEST:
        return "Figures of a class are shown from ten members on, so that they say nothing about one."
    active = value.now.shares.get("active")
    if active is None:
        return "How many were active cannot be told this week without saying something about few people."
    comparable = value.before is not None and value.before.counted == value.now.counted
    last = value.before.shares.get("active") if value.before is not None and comparable else None
    moved = TRENDS.get(trend_words(last, active) or "", "")
    was = f" ({percent_words(last)})" if last is not None and moved else ""
    share = percent_words(active)
    return f"{share[0].upper()}{share[1:]} did something for their network in the last seven days{moved}{was}."


def _figures(value: Digest) -> Iterator[str]:
    now = value.now
    if now is not None and now.shares:
        steps = [f"{words} {percent_words(now.shares.get(name))}" for name, words in FUNNEL.items()]
        yield f"**How far they are**: {' → '.join(steps)}"
    for hurdle in value.hurdles:
        yield f"**In the way: {hurdle.label}.** Five minutes in class, *{hurdle.title}*: {hurdle.text}"
    yield f"**May like a hello**: {count_words(value.hellos)} people. `/cohort checkin` says who and why."
    if now is not None and now.delivery:
        yield f"**Notes of the week**: {delivery_words(now)}. `/cohort status` says what helps."


def _ahead(cohort: Cohort, monday: date) -> Iterator[str]:
    """Yield what the days from this Monday to the end of the next week bring."""
    until = monday + timedelta(days=13)
    for one in cohort.breaks:
        if one.first <= until and one.last >= monday:
            what = "exam weeks" if one.kind is BreakKind.EXAMS else "a break"
            yield f"**Ahead**: {what}, {_day(one.first)} to {_day(one.last)}; no notes on those days."
    if cohort.ends_on <= until:
        yield f"**Ahead**: the course’s last day, {_day(cohort.ends_on)}. `/cohort close` hands out the parcels."


def _day(day: date) -> str:
    return f"{DAY_NAMES[day.weekday()]} {day.day} {day:%B}"
