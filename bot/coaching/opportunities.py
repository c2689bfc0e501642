"""Opportunities: from first sight to the answer and the thanks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching.ids import OpportunityId
from bot.coaching.texts import checked_text

TITLE_LIMIT = 60
MOST_OPEN = 25
"""Most open opportunities: as many as one of Discord's menus holds."""
DEADLINE = timedelta(days=7)
FOLLOW_UP_FROM, FOLLOW_UP_UNTIL = timedelta(days=10), timedelta(days=21)
"""Ten days is a polite gap, and after three weeks a line more helps little (method, rule A09)."""
NEWS = timedelta(days=7)
"""How long a note may speak of an answer."""


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
    """How far it has come; *passed on* went to somebody it suits better (trace 3.15)."""

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
    """An opportunity as typed, before it is stored."""

    title: str
    kind: OpportunityKind
    source: Source | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An opportunity; `state_on` is the day on which it reached its state."""

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
    return replace(draft, title=checked_text("The opportunity", draft.title, TITLE_LIMIT))


def due_soon(listed: Sequence[Opportunity], today: date) -> list[Opportunity]:
    """Return what has to be sent within seven days, soonest first."""
    return [opportunity for due, opportunity in ahead(listed, today) if due <= today + DEADLINE]


def ahead(listed: Sequence[Opportunity], today: date) -> list[tuple[date, Opportunity]]:
    """Return what is not sent yet and due today or later, with its deadline, soonest first."""
    due = [
        (opportunity.due_on, opportunity)
        for opportunity in listed
        if opportunity.state in UNSENT and opportunity.due_on is not None and opportunity.due_on >= today
    ]
    return sorted(due, key=lambda entry: (entry[0], entry[1].id))


def lapsed(kept: Sequence[Opportunity], today: date) -> list[Opportunity]:
    """Return what was not sent by its last day, up to two weeks ago, the latest first."""
    past = [
        one
        for one in kept
        if one.state in UNSENT and one.due_on is not None and timedelta() < today - one.due_on <= 2 * DEADLINE
    ]
    return sorted(past, key=lambda one: (one.due_on or today, one.id), reverse=True)


def waited_from(opportunity: Opportunity, sent_on: date) -> date:
    """Return the day from which an answer is awaited: the deadline, if it came after sending."""
    return max(sent_on, opportunity.due_on or sent_on)


def to_follow(listed: Sequence[Opportunity], today: date) -> list[Opportunity]:
    """Return what has been unanswered for ten to twenty-one days and not followed up, sent longest ago first."""
    waiting = [
        (opportunity.sent_on, opportunity.id, opportunity)
        for opportunity in listed
        if opportunity.state is OpportunityState.SENT
        and opportunity.sent_on is not None
        and opportunity.followed_on is None
        and FOLLOW_UP_FROM <= today - waited_from(opportunity, opportunity.sent_on) <= FOLLOW_UP_UNTIL
    ]
    return [opportunity for *_, opportunity in sorted(waiting, key=lambda entry: entry[:2])]


def answered(listed: Sequence[Opportunity], state: OpportunityState, today: date) -> list[Opportunity]:
    """Return what got this answer in the last seven days and has not been thanked for, oldest first."""
    news = [
        opportunity
        for opportunity in listed
        if opportunity.state is state
        and opportunity.thanked_on is None
        and timedelta() <= today - opportunity.state_on < NEWS
    ]
    return sorted(news, key=lambda opportunity: (opportunity.state_on, opportunity.id))


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
class Transition:
    """What a move leads to: the new state, and the kind of action it logs, if any."""

    state: OpportunityState
    logs: str | None = None


_ENDINGS = {
    Move.PASSED_ON: Transition(OpportunityState.PASSED_ON),
    Move.DROP: Transition(OpportunityState.DROPPED),
}
_ANSWERS = {Move.YES: Transition(OpportunityState.YES), Move.NO: Transition(OpportunityState.NO)}
_REOPEN = {Move.REOPEN: Transition(OpportunityState.PREPARING)}
_WAIT = {Move.WAIT: Transition(OpportunityState.SENT)}
_SEND = {Move.SENT: Transition(OpportunityState.SENT, "apply"), **_ENDINGS}
# No move leads to a state in which it fits again, so a button pressed twice acts once.
MOVES: Mapping[OpportunityState, Mapping[Move, Transition]] = {
    OpportunityState.SPOTTED: {Move.PREPARING: Transition(OpportunityState.PREPARING), **_SEND},
    OpportunityState.PREPARING: _SEND,
    OpportunityState.SENT: {
        Move.FOLLOWED_UP: Transition(OpportunityState.SENT, "follow_up"),
        **_ANSWERS,
        Move.SILENCE: Transition(OpportunityState.SILENCE),
        Move.DROP: Transition(OpportunityState.DROPPED),
        **_REOPEN,
    },
    OpportunityState.YES: {Move.THANKED: Transition(OpportunityState.YES, "thank"), **_WAIT},
    OpportunityState.NO: {Move.THANKED: Transition(OpportunityState.NO, "thank"), **_WAIT},
    OpportunityState.SILENCE: {**_ANSWERS, **_WAIT},
    OpportunityState.PASSED_ON: _REOPEN,
    OpportunityState.DROPPED: _REOPEN,
}
"""The moves that fit each state; *followed up* and *thanked* fit once."""


def transition(opportunity: Opportunity, move: Move) -> Transition | None:
    """Return what a move does to an opportunity now; None if it does not fit, or no longer."""
    done = {Move.FOLLOWED_UP: opportunity.followed_on, Move.THANKED: opportunity.thanked_on}
    return None if done.get(move) is not None else MOVES[opportunity.state].get(move)


def next_moves(opportunity: Opportunity) -> list[Move]:
    """Return the moves that fit an opportunity now, in the order in which they are offered."""
    return [move for move in Move if transition(opportunity, move) is not None]
