"""The member's log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.coaching.cohort import Caller, Membership
from bot.coaching.course_plan import DoneBy
from bot.coaching.errors import NothingToUndo, UnknownContact
from bot.coaching.goals import Direction, Goal, Kind, in_focus
from bot.coaching.ids import ActionId, ContactId, NudgeId
from bot.coaching.log import (
    Action,
    ActionDraft,
    Outcome,
    checked_action,
    counted,
    own_kinds,
    times,
)
from bot.coaching.network import Contact, Stage
from bot.coaching.opportunities import MOVES
from bot.coaching.texts import folded
from bot.services.membership import enrolment_typing, for_member
from bot.services.week import Completed, complete_step, undo_step
from prompts import Content
from storage import goals, log, members, network
from storage.database import Database, Tx

OPENING_KINDS = frozenset(follows.logs for turns in MOVES.values() for follows in turns.values() if follows.logs)
"""The kinds that a move of an opportunity logs."""
ALONE = frozenset({Direction.LISTEN, Direction.AT})
"""Directions of what is done with nobody in particular."""


@dataclass(frozen=True, slots=True)
class LogChoices:
    """The kinds to offer: the goal's own first, then the rest; and whether there is an entry to edit."""

    own: tuple[Kind, ...]
    rest: tuple[Kind, ...]
    has_goal: bool
    has_last: bool


@dataclass(frozen=True, slots=True)
class With:
    """Whom an action was with, and the stage the relation has reached."""

    nickname: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Logged:
    """A logged action, and what it did for the week.

    Attributes:
        counted: It counts toward the goal.
        did: How many actions of the last seven days count; of the last two weeks if that is the goal's rhythm.
        people: Whom it may have been with, by nickname; empty when that is known, or it takes nobody else.
        completes: The weekly step that it completes.
    """

    action: Action
    kind: Kind
    counted: bool
    did: int
    goal: Goal | None
    contact: With | None
    people: Sequence[tuple[ContactId, str]]
    completes: Completed | None = None


@dataclass(frozen=True, slots=True)
class Editing:
    """An entry to edit, every kind it may be, and the people it may have been with, by nickname."""

    action: Action
    kinds: tuple[Kind, ...]
    people: Sequence[Contact]


@dataclass(frozen=True, slots=True)
class Undone:
    """An entry that was removed.

    Attributes:
        of_opening: It may have been about an opportunity, whose state does not change.
        step: The weekly step that is open again.
    """

    of_opening: bool = False
    step: Completed | None = None


class LogService:
    """What `/log` and *Done* do."""

    def __init__(self, database: Database, content: Content) -> None:
        self.database = database
        self._content = content

    @for_member
    def choices(self, tx: Tx, member: Membership, now: datetime) -> LogChoices:
        """Return the kinds to choose from."""
        goal = in_focus(goals.running(tx, member.id))
        kinds = self._content.vocabulary.kinds
        own = own_kinds(goal, self._content.vocabulary)
        rest = tuple(kind for kind in kinds.values() if kind.id not in own)
        return LogChoices(
            tuple(kinds[kind] for kind in own), rest, goal is not None, log.get(tx, member.id) is not None
        )

    async def nicknames(self, caller: Caller) -> list[str]:
        """Suggest the nicknames in the caller's network while they type."""

        def work(tx: Tx) -> list[str]:
            enrolment = enrolment_typing(tx, caller)
            return [] if enrolment is None else [name for _, name in network.names(tx, enrolment.id)]

        return await self.database.read(work)

    @for_member
    def log(self, tx: Tx, member: Membership, draft: ActionDraft, now: datetime, *, days_ago: int = 0) -> Logged:
        """Log an action of today, or of a day before; raises UnknownKind, TextTooLong, BadNumber or UnknownContact."""
        return self.add(tx, member, draft, now, days_ago=days_ago)

    @for_member
    def log_with(
        self, tx: Tx, member: Membership, nickname: str, draft: ActionDraft, now: datetime, *, days_ago: int = 0
    ) -> Logged:
        """Log an action with the person of that nickname; raises UnknownContact and what `log` does."""
        wanted = folded(nickname)
        for contact, name in network.names(tx, member.id):
            if folded(name) == wanted:
                return self.add(tx, member, replace(draft, contact=contact), now, days_ago=days_ago)
        raise UnknownContact

    @for_member
    def editing(self, tx: Tx, member: Membership, action_id: ActionId | None, now: datetime) -> Editing:
        """Return one of the caller's entries, the last one when none is named; raises NothingToUndo."""
        action = log.get(tx, member.id, action_id)
        if action is None:
            raise NothingToUndo
        people = network.contacts(tx, member.id, self._content.vocabulary)
        return Editing(action, tuple(self._content.vocabulary.kinds.values()), people)

    async def edit(self, caller: Caller, action_id: ActionId, draft: ActionDraft, now: datetime) -> Logged:
        """Change one of the caller's entries, but not its day; raises NothingToUndo or what `log` raises."""
        return await self._change(caller, action_id, lambda _: draft, now)

    async def set_contact(self, caller: Caller, action_id: ActionId, contact: ContactId, now: datetime) -> Logged:
        """Say with whom one of the caller's entries was; raises UnknownContact or NothingToUndo."""
        return await self._change(caller, action_id, lambda draft: replace(draft, contact=contact), now)

    async def set_outcome(self, caller: Caller, action_id: ActionId, outcome: Outcome, now: datetime) -> Logged:
        """Set the outcome of one of the caller's entries; raises NothingToUndo."""
        return await self._change(caller, action_id, lambda draft: replace(draft, outcome=outcome), now)

    @for_member
    def undo(self, tx: Tx, member: Membership, action_id: ActionId, now: datetime) -> Undone:
        """Remove one of the caller's entries, and open the weekly step that it completed; raises NothingToUndo."""
        removed = log.remove(tx, member.id, action_id)
        if removed is None:
            raise NothingToUndo
        return Undone(removed.kind in OPENING_KINDS, undo_step(tx, member, removed, now))

    def add(
        self,
        tx: Tx,
        member: Membership,
        draft: ActionDraft,
        now: datetime,
        nudge_id: NudgeId | None = None,
        *,
        days_ago: int = 0,
    ) -> Logged:
        """Log an action inside an open transaction, for the nudge that it answers if there is one."""
        goal = in_focus(goals.running(tx, member.id))
        checked = self._checked(tx, member, draft, goal)
        action = log.add(tx, member.id, checked, member.today(now) - timedelta(days=days_ago), now, nudge_id)
        members.set_active(tx, member.id, now)
        completes = complete_step(tx, member, DoneBy.ACTION, action.kind, now)
        return replace(self._logged(tx, member, action, goal, now), completes=completes)

    @for_member
    def _change(
        self,
        tx: Tx,
        member: Membership,
        action_id: ActionId,
        change: Callable[[ActionDraft], ActionDraft],
        now: datetime,
    ) -> Logged:
        old = log.get(tx, member.id, action_id)
        if old is None:
            raise NothingToUndo
        draft = change(ActionDraft(old.kind, old.note, old.minutes, old.outcome, old.contact))
        action = log.change(tx, old.id, self._checked(tx, member, draft, None))
        return self._logged(tx, member, action, in_focus(goals.running(tx, member.id)), now)

    def _checked(self, tx: Tx, member: Membership, draft: ActionDraft, goal: Goal | None) -> ActionDraft:
        checked = checked_action(draft, goal, self._content.vocabulary)
        if checked.contact is not None and not network.has_contact(tx, member.id, checked.contact):
            raise UnknownContact
        return checked

    def _logged(self, tx: Tx, member: Membership, action: Action, goal: Goal | None, now: datetime) -> Logged:
        vocabulary = self._content.vocabulary
        kind = vocabulary.kind(action.kind)
        contact, people = None, list[tuple[ContactId, str]]()
        if action.contact is not None:
            contact = network.contact(tx, member.id, action.contact, vocabulary)
        elif kind.direction not in ALONE:
            people = network.names(tx, member.id)
        return Logged(
            action,
            kind,
            goal is None or action.kind in own_kinds(goal, vocabulary),
            counted(times(log.counts(tx, member.id, now), goal.every_weeks if goal else 1), goal, vocabulary),
            goal,
            contact and With(contact.nickname, contact.relation.stage),
            people,
        )
