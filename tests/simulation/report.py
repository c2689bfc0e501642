"""What a simulated term shows: which rules spoke, how often they repeated themselves, and who waited."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from bot.coaching.next_action import OCCASIONS, RULES
from bot.coaching.nudges import NudgeKind, NudgeState
from bot.coaching.snapshot import Facts
from prompts import Content
from tests.simulation.world import Term

ORDER = tuple(one.id for one in RULES)
MATCHES = {one.id: one.matches for one in RULES}
LATELY = 3
"""Delivered notes after which a step is something new again (our judgement)."""


@dataclass(frozen=True, slots=True)
class Note:
    """A weekly note that was delivered. `tells`: the rule whose step it told, None where an occasion told its own.

    `subject`: the item, person, opening or alert that it was about, if it was about one.
    """

    rule: str
    occasion: str | None
    tells: str | None
    subject: str | None
    facts: Facts
    at: datetime


def told(term: Term) -> Mapping[int, Sequence[Note]]:
    """Return the weekly notes that were delivered to each member, in their order."""
    notes: dict[int, list[Note]] = {}
    for entry in term.ledger:
        if entry.kind != NudgeKind.WEEKLY or entry.state != NudgeState.SENT:
            continue
        assert entry.rule is not None
        assert entry.facts is not None
        assert entry.settled_at is not None
        occasion = term.content.occasions.get(entry.occasion or "")
        tells = entry.rule if occasion is None or occasion.tells_rule else None
        facts = Facts(**json.loads(entry.facts))
        note = Note(entry.rule, entry.occasion, tells, entry.subject, facts, entry.settled_at)
        notes.setdefault(entry.user_id, []).append(note)
    return notes


def repeats(notes: Mapping[int, Sequence[Note]]) -> Counter[str]:
    """Return how often a note told the step of the same rule as the member's note before."""
    return Counter(
        later.tells
        for mine in notes.values()
        for earlier, later in pairwise(mine)
        if later.tells is not None and later.tells == earlier.tells
    )


def waited(notes: Mapping[int, Sequence[Note]], content: Content) -> Mapping[str, int]:
    """Return for each rule the most times that one member was told nothing new while it could have spoken.

    It could when it matched and had not been told within its cool-down. Something new is what an occasion tells, and
    the step of a rule above it that was not told lately, or was about something else then. Counted since it last spoke
    or did not match.
    """
    longest = dict.fromkeys(ORDER, 0)
    for mine in notes.values():
        for rule_id in ORDER:
            longest[rule_id] = max(longest[rule_id], *_waits(mine, rule_id, content.rules[rule_id].cooldown_nudges))
    return longest


def _waits(mine: Sequence[Note], rule_id: str, cooldown: int) -> Iterator[int]:
    waits = 0
    for number, note in enumerate(mine):
        before = mine[:number]
        if note.tells == rule_id or not MATCHES[rule_id](note.facts):
            waits = 0
        elif rule_id not in _last(before, cooldown) and not _new(note, rule_id, before):
            waits += 1
        yield waits


def _last(before: Sequence[Note], count: int) -> list[str | None]:
    return [note.tells for note in before[max(0, len(before) - count) :]]


def _new(note: Note, rule_id: str, before: Sequence[Note]) -> bool:
    if note.tells is None:
        return True
    lately = [(earlier.tells, earlier.subject) for earlier in before[-LATELY:]]
    return ORDER.index(note.tells) < ORDER.index(rule_id) and (note.tells, note.subject) not in lately


def report(term: Term) -> str:
    """Return a table of the rules and occasions, the repeats, and the load."""
    notes = told(term)
    everything = [note for mine in notes.values() for note in mine]
    again, longest = repeats(notes), waited(notes, term.content)
    lines = ["rule  chosen  told  members  share  repeats  longest wait"]
    for rule_id in ORDER:
        chosen = sum(note.rule == rule_id for note in everything)
        spoke = sum(note.tells == rule_id for note in everything)
        whom = sum(any(note.tells == rule_id for note in mine) for mine in notes.values())
        share = f"{spoke / len(everything):.1%}"
        lines.append(f"{rule_id:4} {chosen:7} {spoke:5} {whom:8} {share:>6} {again[rule_id]:8} {longest[rule_id]:13}")
    met = Counter(note.occasion for note in everything)
    lines.extend(f"{occasion_id:17} {met[occasion_id]:4}" for occasion_id in (one.id for one in OCCASIONS))
    total, fallback = again.total(), again[RULES[-1].id]
    lines.append(
        f"repeats {total / len(everything):.1%}, without {RULES[-1].id} {(total - fallback) / len(everything):.1%}"
    )
    load = [len(mine) for mine in notes.values()]
    reminders = sum(entry.kind == NudgeKind.REMINDER and entry.state == NudgeState.SENT for entry in term.ledger)
    lines.append(
        f"{len(term.students)} members, {len(everything)} weekly notes: {min(load)} to {max(load)} for each, "
        f"median {median(load):g}; {reminders} reminders"
    )
    return "\n".join(lines)


def journeys(term: Term) -> str:
    """Return what each member was told, note by note."""
    notes = told(term)
    return "\n".join(
        f"{student.persona:12} {student.variant} " + " ".join(map(_shown, notes.get(student.user_id, ())))
        for student in term.students
    )


def _shown(note: Note) -> str:
    return f"{note.rule}:{note.occasion}" if note.occasion else note.rule
