"""Opportunities: what may come of it all, from the first sight to the answer and the thanks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching.ids import OpportunityId
from bot.coaching.texts import checked_text

TITLE_LIMIT = 60
MOST_OPEN = 25
"""Most opportunities kept open at a time: what one of Discord's menus holds."""
DEADLINE = timedelta(days=7)
FOLLOW_UP_FROM, FOLLOW_UP_UNTIL = timedelta(days=10), timedelta(days=21)
"""Ten days is a polite gap, and after three weeks a line more helps little (method, rule A09)."""
NEWS = timedelta(days=7)
"""How long an answer is news that a note speaks of."""


class OpportunityKind(StrEnum):
    """What it would be."""

    JOB = "job"
    INTERNSHIP = "internship"
    EVENT = "event"
    PROJECT = "project"
    OTHER = "other"


class Source(StrEnum):
    """How the member heard of it (trace 2.13)."""

    WORD_OF_MOUTH = "word_of_mouth"
    CONTACT = "contact"
    ALERT = "alert"
    POSTING = "posting"
    EVENT = "event"


class OpportunityState(StrEnum):
    """Where it stands; *passed on* went to somebody whom it suits better (trace 3.15)."""

    SPOTTED = "spotted"
    PREPARING = "preparing"
    SENT = "sent"
    YES = "yes"
    NO = "no"
    SILENCE = "silence"
    PASSED_ON = "passed_on"
    DROPPED = "dropped"


UNSENT = frozenset({OpportunityState.SPOTTED, OpportunityState.PREPARING})
OPEN = UNSENT | {OpportunityState.SENT}


@dataclass(frozen=True, slots=True)
class OpportunityDraft:
    """An opportunity as written, before it is kept."""

    title: str
    kind: OpportunityKind
    source: Source | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An opportunity; `state_on`: since when it is in its state; the other days are when that was done."""

    id: OpportunityId
    title: str
    kind: OpportunityKind
    source: Source | None
    due_on: date | None
    state: OpportunityState
    state_on: date
    sent_on: date | None = None
    followed_on: date | None = None
    thanked_on: date | None = None


def checked_opportunity(draft: OpportunityDraft) -> OpportunityDraft:
    """Return the draft with a clean title; raises TextMissing or TextTooLong."""
    title = checked_text("The opportunity", draft.title, TITLE_LIMIT)
    return OpportunityDraft(title, draft.kind, draft.source, draft.due_on)


def due_soon(kept: Sequence[Opportunity], today: date) -> list[Opportunity]:
    """Return what has to be sent within seven days, soonest first."""
    soon = [
        one
        for one in kept
        if one.state in UNSENT and one.due_on is not None and today <= one.due_on <= today + DEADLINE
    ]
    return sorted(soon, key=lambda one: (one.due_on or today, one.id))


def lapsed(kept: Sequence[Opportunity], today: date) -> list[Opportunity]:
    """Return what was not sent by its last day, up to two weeks ago, the latest first."""
    past = [
        one
        for one in kept
        if one.state in UNSENT and one.due_on is not None and timedelta() < today - one.due_on <= 2 * DEADLINE
    ]
    return sorted(past, key=lambda one: (one.due_on or today, one.id), reverse=True)


def waited_from(one: Opportunity, sent_on: date) -> date:
    """Return from when an answer is waited for: from the last day on, if that is still to come when it was sent."""
    return max(sent_on, one.due_on or sent_on)


def to_follow(kept: Sequence[Opportunity], today: date) -> list[Opportunity]:
    """Return what was sent ten to twenty-one days ago, is unanswered and not followed up, longest ago first."""
    waiting = [
        one
        for one in kept
        if one.state is OpportunityState.SENT
        and one.sent_on is not None
        and one.followed_on is None
        and FOLLOW_UP_FROM <= today - waited_from(one, one.sent_on) <= FOLLOW_UP_UNTIL
    ]
    return sorted(waiting, key=lambda one: (one.sent_on or today, one.id))


def answered(kept: Sequence[Opportunity], state: OpportunityState, today: date) -> list[Opportunity]:
    """Return what got this answer in the last seven days and has not been thanked for, newest last."""
    news = [
        one
        for one in kept
        if one.state is state and one.thanked_on is None and timedelta() <= today - one.state_on < NEWS
    ]
    return sorted(news, key=lambda one: (one.state_on, one.id))


class Move(StrEnum):
    """What a member says about an opportunity."""

    PREPARING = "preparing"
    SENT = "sent"
    FOLLOWED_UP = "followed_up"
    YES = "yes"
    NO = "no"
    SILENCE = "silence"
    THANKED = "thanked"
    PASSED_ON = "passed_on"
    DROP = "drop"
    REOPEN = "reopen"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Turn:
    """What a move leads to: the state after it, and the kind of action that it logs, if any."""

    state: OpportunityState
    logs: str | None = None


_ENDINGS = {Move.PASSED_ON: Turn(OpportunityState.PASSED_ON), Move.DROP: Turn(OpportunityState.DROPPED)}
_ANSWERS = {Move.YES: Turn(OpportunityState.YES), Move.NO: Turn(OpportunityState.NO)}
# No move leads to a state where it fits again, so that a button pressed twice does what it says once.
MOVES: Mapping[OpportunityState, Mapping[Move, Turn]] = {
    OpportunityState.SPOTTED: {
        Move.PREPARING: Turn(OpportunityState.PREPARING),
        Move.SENT: Turn(OpportunityState.SENT, "apply"),
        **_ENDINGS,
    },
    OpportunityState.PREPARING: {Move.SENT: Turn(OpportunityState.SENT, "apply"), **_ENDINGS},
    OpportunityState.SENT: {
        Move.FOLLOWED_UP: Turn(OpportunityState.SENT, "follow_up"),
        **_ANSWERS,
        Move.SILENCE: Turn(OpportunityState.SILENCE),
        Move.DROP: Turn(OpportunityState.DROPPED),
        Move.REOPEN: Turn(OpportunityState.PREPARING),
    },
    OpportunityState.YES: {
        Move.THANKED: Turn(OpportunityState.YES, "thank"),
        Move.WAIT: Turn(OpportunityState.SENT),
    },
    OpportunityState.NO: {
        Move.THANKED: Turn(OpportunityState.NO, "thank"),
        Move.WAIT: Turn(OpportunityState.SENT),
    },
    OpportunityState.SILENCE: {**_ANSWERS, Move.WAIT: Turn(OpportunityState.SENT)},
    OpportunityState.PASSED_ON: {Move.REOPEN: Turn(OpportunityState.PREPARING)},
    OpportunityState.DROPPED: {Move.REOPEN: Turn(OpportunityState.PREPARING)},
}
"""What may be said in which state, and what follows; *followed up* and *thanked* are said once."""


def turn(one: Opportunity, move: Move) -> Turn | None:
    """Return what a move does to an opportunity as it stands; None when it does not fit, or not any more."""
    said = {Move.FOLLOWED_UP: one.followed_on, Move.THANKED: one.thanked_on}
    return None if said.get(move) is not None else MOVES[one.state].get(move)


def next_moves(one: Opportunity) -> list[Move]:
    """Return what may be said about an opportunity as it stands, in the order in which it is offered."""
    return [move for move in Move if turn(one, move) is not None]
