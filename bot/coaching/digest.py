"""What a Monday's digest says of a class: exact counts where there is a register, otherwise by the threshold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from bot.coaching.class_statistics import FEWEST, IN_REGISTER, Count, Snapshot, published, step_count
from bot.coaching.cohort import Cohort
from bot.coaching.texts import plain, unbroken
from bot.coaching.weeks import BreakKind, day_words

T = TypeVar("T")
LIMIT = 1500
"""Most characters of a digest."""
STEPS = {"focus": "focus", "goal": "goal", "plan": "plan", "exchange": "an exchange", "met": "a meeting"}
WHY_HELD = {"dms_closed": "direct messages closed", "unreachable": "account not reachable", "too_late": "too late"}
NOT_GRADING = "-# Not for grading."


@dataclass(frozen=True, slots=True)
class Hurdle:
    """An obstacle that members name, in words, and what a class can do about it in five minutes."""

    label: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest of a Monday is made from.

    Attributes:
        now: that Monday's snapshot, None if there is none.
        moved: change of the active members since the week before; None if it may not be published.
        exact: whether facts in the register are given as exact counts.
        hellos: how many members might welcome a hello.
    """

    cohort: Cohort
    monday: date
    now: Snapshot | None
    moved: int | None
    exact: bool
    hurdles: Sequence[Hurdle]
    hellos: int

    def count(self, snapshot: Snapshot, fact: str) -> Count | None:
        """Return a count of the snapshot as it may be given."""
        count = snapshot.counts.get(fact, 0)
        return count if self.exact and fact in IN_REGISTER else published(count, snapshot.members)


def digest_words(value: Digest) -> str:
    """Return the text of a digest; lines that no longer fit into LIMIT characters are left out."""
    cohort, monday, now = value.cohort, value.monday, value.now
    number, last = cohort.week_number(monday), cohort.week_number(cohort.ends_on)
    when = f"week {number} of {last} begins" if number <= last else "the last week is over"
    active = (
        active_words(value.count(now, "active"), now.members, value.moved)
        if now is not None
        else "Nothing was counted on this Monday yet."
    )
    lines = [f"**{plain(cohort.name)}**: {when}. {active}"]
    for line in (*_counts(value), *_ahead(cohort, monday)):
        if len("\n".join([*lines, line, NOT_GRADING])) <= LIMIT:
            lines.append(line)
    return unbroken("\n".join([*lines, NOT_GRADING]))


def active_words(active: Count | None, whole: int, moved: int | None) -> str:
    """Say how many were active last week, and how that changed."""
    if active is None:
        return f"Class statistics begin at {FEWEST} people; this class has {whole}."
    than = ""
    if moved is not None:
        number = f"{abs(moved)} {'more' if moved > 0 else 'fewer'} than" if moved else "as many as"
        than = f", {number} the week before"
    who = f"{active} of {whole}"
    return f"{who[0].upper()}{who[1:]} did something last week{than}."


def note_words(counts: Mapping[str, Count], whole: int, *, exact: bool) -> str:
    """Say what became of the last week's notes, in counts of people.

    Args:
        counts: people by outcome: `sent`, `away`, `none`, and `held` or the reasons why a note was held.
        exact: whether the counts are exact and add up to `whole`.
    """
    if not exact:
        return f"notes arrived for {counts['sent']} of {whole}; held: {counts['held']}; away: {counts['away']}"
    held = [f"{count} held: {WHY_HELD.get(name, 'not delivered')}" for name, count in _held(counts).items()]
    sent, away, none = (counts.get(name, 0) for name in ("sent", "away", "none"))
    due = whole - none if isinstance(none, int) else whole
    away_words, none_words = [f"{away} away"] if away else [], [f"none due for {none}"] if none else []
    return "; ".join([f"{sent} of {due} notes arrived", *held, *away_words, *none_words])


def published_notes(snapshot: Snapshot) -> dict[str, Count]:
    """Return what became of a week's notes by the threshold: `sent`, `held`, `away`; empty for a small class."""
    kinds = snapshot.kinds("note")
    counts = {"sent": kinds.get("sent", 0), "held": sum(_held(kinds).values()), "away": kinds.get("away", 0)}
    rule = {name: published(count, snapshot.members) for name, count in counts.items()}
    return {name: count for name, count in rule.items() if count is not None}


def _held(counts: Mapping[str, T]) -> dict[str, T]:
    return {name: count for name, count in counts.items() if name not in {"sent", "away", "none"}}


def _counts(value: Digest) -> Iterator[str]:
    now = value.now
    if now is not None:
        counts = {words: value.count(now, fact) for fact, words in STEPS.items()}
        steps = [f"{words} {count}" for words, count in counts.items() if count is not None]
        if steps:
            yield f"**How far they are**, of {now.members}: {' · '.join(steps)}"
        if (done := step_count(now, exact=value.exact)) is not None:
            yield f"**Last week's step**: {done} of {now.members} done."
    for hurdle in value.hurdles:
        yield f"**In the way: {hurdle.label}.** Five minutes in class, *{hurdle.title}*: {hurdle.text}"
    people = "1 person" if value.hellos == 1 else f"{value.hellos} people"
    yield f"**Might welcome a hello**: {people}. `/cohort checkin` says who and why."
    notes = {} if now is None else now.kinds("note") if value.exact else published_notes(now)
    if now is not None and notes:
        yield f"**Notes of the week**: {note_words(notes, now.members, exact=value.exact)}."


def _ahead(cohort: Cohort, monday: date) -> Iterator[str]:
    """Yield what comes from this Monday to the end of next week."""
    until = monday + timedelta(days=13)
    for off in cohort.breaks:
        if off.first <= until and off.last >= monday:
            what = "exam weeks" if off.kind is BreakKind.EXAMS else "a break"
            yield f"**Ahead**: {what}, {day_words(off.first)} to {day_words(off.last)}; no notes on those days."
    if cohort.ends_on <= until:
        yield f"**Ahead**: the course’s last day, {day_words(cohort.ends_on)}. `/cohort close` hands out the parcels."
