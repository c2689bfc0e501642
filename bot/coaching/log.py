"""The log: actions a member did, on a day, with an optional note, minutes and outcome."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.coaching.errors import BadNumber
from bot.coaching.goals import Direction, Goal, Vocabulary, planned_kind
from bot.coaching.ids import ActionId, ContactId
from bot.coaching.texts import optional_text

COUNTED_WEEKS = 4
"""Weeks of the log that are counted by week and kind."""
NOTE_LIMIT = 200
MOST_MINUTES = 600
DEFAULT_KIND = "note"
"""The kind of an entry without one if there is no goal to take a kind from."""


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
    """An action to log; `kind` None means the goal's first kind, `contact` is somebody in the member's network."""

    kind: str | None = None
    note: str | None = None
    minutes: int | None = None
    outcome: Outcome | None = None
    contact: ContactId | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A logged action; `on` is the day on the member's calendar, `at` the UTC time of logging."""

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
    return replace(draft, kind=kind.id, note=optional_text("The note", draft.note, NOTE_LIMIT))


def own_kinds(goal: Goal | None, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the kinds that count toward the goal, what its plan says first; without a goal only the default kind."""
    if goal is None:
        return (DEFAULT_KIND,)
    planned, counted_kinds = planned_kind(goal, vocabulary), vocabulary.types[goal.type].counted_actions
    return tuple(dict.fromkeys((planned, *counted_kinds) if planned else counted_kinds))


@dataclass(frozen=True, slots=True)
class KindCount:
    """How often a kind was logged in one week, and the minutes noted; week 0 is the last seven days."""

    kind: str
    weeks_ago: int
    entries: int = 1
    minutes: int = 0


def times(log: Collection[KindCount], weeks: int = COUNTED_WEEKS) -> Mapping[str, int]:
    """Count how often each kind was logged in the last weeks."""
    total = Counter[str]()
    for count in log:
        if count.weeks_ago < weeks:
            total[count.kind] += count.entries
    return total


def counted(kinds: Mapping[str, int], goal: Goal | None, vocabulary: Vocabulary) -> int:
    """Return how many logged actions count toward the goal; without a goal all do."""
    own = own_kinds(goal, vocabulary)
    return sum(entries for kind, entries in kinds.items() if goal is None or kind in own)


class Balance(StrEnum):
    """Whom the steps of four weeks were turned to, in words; never a score."""

    LISTENING = "listening"
    WITH_PEOPLE = "with_people"
    TO_EVERYONE = "to_everyone"
    MIXED = "mixed"


class Reciprocity(StrEnum):
    """How giving and asking compare over four weeks."""

    EVEN = "even"
    MORE_GIVEN = "more_given"
    MORE_ASKED = "more_asked"


ENOUGH_STEPS = 5
"""Fewest steps toward others in four weeks for which a balance means something (method, section 3)."""
ENOUGH_EXCHANGES = 2
"""Fewest acts of giving and asking in four weeks that can be compared (our judgement)."""
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
        """How many were turned to others."""
        return self.with_ + self.give + self.at + self.ask


def directions(kinds: Mapping[str, int], vocabulary: Vocabulary) -> Directions:
    """Count the directions of logged kinds; kinds that the content no longer has count nowhere."""
    total = Counter[Direction]()
    for kind, entries in kinds.items():
        if kind in vocabulary.kinds:
            total[vocabulary.kinds[kind].direction] += entries
    return Directions(*(total[direction] for direction in Direction))


def balance(counts: Directions) -> Balance | None:
    """Return whom the steps were turned to; None while there are too few."""
    if counts.outward < ENOUGH_STEPS:
        return Balance.LISTENING if counts.listen >= ENOUGH_STEPS and not counts.outward else None
    if counts.at > AT_SHARE * counts.outward:
        return Balance.TO_EVERYONE
    return Balance.MIXED if counts.at else Balance.WITH_PEOPLE


def reciprocity(counts: Directions) -> Reciprocity | None:
    """Compare giving and asking; None while there is too little of both."""
    if counts.give + counts.ask < ENOUGH_EXCHANGES:
        return None
    if counts.ask >= 2 and counts.ask > counts.give:
        return Reciprocity.MORE_ASKED
    return Reciprocity.MORE_GIVEN if counts.give > counts.ask else Reciprocity.EVEN


def over_box(log: Collection[KindCount], box_minutes: int | None) -> int:
    """Count the latest weeks in a row that took more minutes than the time box: at most four, 0 without a box."""
    if box_minutes is None:
        return 0
    for weeks_ago in range(COUNTED_WEEKS):
        if sum(count.minutes for count in log if count.weeks_ago == weeks_ago) <= box_minutes:
            return weeks_ago
    return COUNTED_WEEKS


def listening_weeks(log: Collection[KindCount], vocabulary: Vocabulary) -> int:
    """Count the latest weeks in a row with entries that were all listening: at most four."""
    for weeks_ago in range(COUNTED_WEEKS):
        kinds = [count.kind for count in log if count.weeks_ago == weeks_ago]
        turned = [vocabulary.kinds[kind].direction for kind in kinds if kind in vocabulary.kinds]
        if not kinds or any(direction is not Direction.LISTEN for direction in turned):
            return weeks_ago
    return COUNTED_WEEKS
