"""The log: actions a member did, on a day, with an optional note, minutes and outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.coaching.errors import BadNumber
from bot.coaching.goals import Direction, Goal, Vocabulary, counts
from bot.coaching.ids import ActionId, ContactId
from bot.coaching.texts import optional_text

NOTE_LIMIT = 200
MOST_MINUTES = 600
DEFAULT_KIND = "note"
"""What a note without a kind is kept as when there is no goal to take a kind from."""


class Outcome(StrEnum):
    """What came of an action; "nothing yet" is a normal answer."""

    IDEA = "idea"
    RESOURCE = "resource"
    ADVICE = "advice"
    REPLY = "reply"
    MEETING = "meeting"
    OPENING = "opening"
    NOTHING_YET = "nothing_yet"


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """An action to log; `kind` None means the goal's own first kind. `contact`: with whom, in the member's network."""

    kind: str | None = None
    note: str | None = None
    minutes: int | None = None
    outcome: Outcome | None = None
    contact: ContactId | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A logged action; `on` is the day on the member's own calendar, `at` the UTC moment it was logged."""

    id: ActionId
    kind: str
    on: date
    at: datetime
    note: str | None
    minutes: int | None
    outcome: Outcome | None
    contact: ContactId | None = None


def checked_action(draft: ActionDraft, goal: Goal | None, vocabulary: Vocabulary) -> ActionDraft:
    """Return the draft with a known kind and a clean note; raises UnknownKind, TextTooLong or BadNumber."""
    kind = vocabulary.kind(draft.kind or own_kinds(goal, vocabulary)[0])
    if draft.minutes is not None and not 1 <= draft.minutes <= MOST_MINUTES:
        raise BadNumber("The number of minutes", 1, MOST_MINUTES)
    note = optional_text("The note", draft.note, NOTE_LIMIT)
    return ActionDraft(kind.id, note, draft.minutes, draft.outcome, draft.contact)


def own_kinds(goal: Goal | None, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the kinds that count toward the goal, in their order; without a goal, the default kind alone."""
    return vocabulary.types[goal.type].counted_actions if goal else (DEFAULT_KIND,)


def counted(actions: Sequence[Action], goal: Goal | None, vocabulary: Vocabulary) -> int:
    """Return how many of the actions count toward the goal; without a goal, all of them."""
    if goal is None:
        return len(actions)
    return sum(counts(vocabulary.types[goal.type], action.kind) for action in actions)


class Balance(StrEnum):
    """Whom the steps of four weeks were turned to, in words; never a score."""

    LISTENING = "listening"
    WITH_PEOPLE = "with_people"
    TO_EVERYONE = "to_everyone"
    MIXED = "mixed"


class Reciprocity(StrEnum):
    """How giving and asking stand to each other over four weeks."""

    EVEN = "even"
    MORE_GIVEN = "more_given"
    MORE_ASKED = "more_asked"


ENOUGH_STEPS = 5
"""From so many steps toward others in four weeks on, a balance means something (method, section 3)."""
ENOUGH_EXCHANGES = 2
"""From so many acts of giving and asking in four weeks on, they can be weighed (our judgement)."""
AT_SHARE = 0.6
"""Above this share of steps turned to everyone, a word with someone is missing (method, rule A13; trace 4.8)."""


@dataclass(frozen=True, slots=True)
class Directions:
    """How many actions of four weeks had each direction."""

    listen: int = 0
    with_: int = 0
    give: int = 0
    at: int = 0
    ask: int = 0

    @property
    def outward(self) -> int:
        """Return how many were turned to others."""
        return self.with_ + self.give + self.at + self.ask


def directions(kinds: Iterable[str], vocabulary: Vocabulary) -> Directions:
    """Count the directions of logged kinds; a kind that the content does not know any more counts nowhere."""
    found = [vocabulary.kinds[kind].direction for kind in kinds if kind in vocabulary.kinds]
    return Directions(*(found.count(one) for one in Direction))


def balance(counts: Directions) -> Balance | None:
    """Return whom the steps were turned to; None while there are too few to tell."""
    if counts.outward < ENOUGH_STEPS:
        return Balance.LISTENING if counts.listen >= ENOUGH_STEPS and not counts.outward else None
    if counts.at > AT_SHARE * counts.outward:
        return Balance.TO_EVERYONE
    return Balance.MIXED if counts.at else Balance.WITH_PEOPLE


def reciprocity(counts: Directions) -> Reciprocity | None:
    """Return how giving and asking stand to each other; None while there is too little of either."""
    if counts.give + counts.ask < ENOUGH_EXCHANGES:
        return None
    if counts.ask >= 2 and counts.ask > counts.give:
        return Reciprocity.MORE_ASKED
    return Reciprocity.MORE_GIVEN if counts.give > counts.ask else Reciprocity.EVEN


def over_box(actions: Sequence[Action], box_minutes: int | None, weeks_end: Sequence[datetime]) -> int:
    """Return how many weeks in a row, newest first, had more minutes than the time box; `weeks_end` newest first."""
    if box_minutes is None:
        return 0
    weeks = 0
    for end in weeks_end:
        spent = sum(action.minutes or 0 for action in actions if end - timedelta(weeks=1) < action.at <= end)
        if spent <= box_minutes:
            return weeks
        weeks += 1
    return weeks
