"""The log: actions a member did, on a day, with an optional note, minutes and outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.coaching.errors import BadNumber
from bot.coaching.goals import Goal, Vocabulary, counts
from bot.coaching.ids import ActionId
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
    """An action to log; `kind` None means the goal's own first kind."""

    kind: str | None = None
    note: str | None = None
    minutes: int | None = None
    outcome: Outcome | None = None


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


def checked_action(draft: ActionDraft, goal: Goal | None, vocabulary: Vocabulary) -> ActionDraft:
    """Return the draft with a known kind and a clean note; raises UnknownKind, TextTooLong or BadNumber."""
    kind = vocabulary.kind(draft.kind or own_kinds(goal, vocabulary)[0])
    if draft.minutes is not None and not 1 <= draft.minutes <= MOST_MINUTES:
        raise BadNumber("The number of minutes", 1, MOST_MINUTES)
    return ActionDraft(kind.id, optional_text("The note", draft.note, NOTE_LIMIT), draft.minutes, draft.outcome)


def own_kinds(goal: Goal | None, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the kinds that count toward the goal, in their order; without a goal, the default kind alone."""
    return vocabulary.types[goal.type].counted_actions if goal else (DEFAULT_KIND,)


def counted(actions: Sequence[Action], goal: Goal | None, vocabulary: Vocabulary) -> int:
    """Return how many of the actions count toward the goal; without a goal, all of them."""
    if goal is None:
        return len(actions)
    return sum(counts(vocabulary.types[goal.type], action.kind) for action in actions)
