"""The member's log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.coaching.cohort import Caller, Membership
from bot.coaching.errors import NothingToUndo, UnknownContact
from bot.coaching.goals import Goal, GoalType, Kind, in_focus
from bot.coaching.ids import ActionId, NudgeId
from bot.coaching.log import (
    DEFAULT_KIND,
    Action,
    ActionDraft,
    Balance,
    Outcome,
    Reciprocity,
    balance,
    checked_action,
    counted,
    directions,
    own_kinds,
    reciprocity,
    times,
)
from bot.coaching.network import Contact, Stage
from bot.coaching.opportunities import MOVES
from bot.services.membership import enrolment_typing, for_member
from prompts import Content
from storage import goals, log, members, network
from storage.database import Database, Tx

OPENING_KINDS = frozenset(follows.logs for turns in MOVES.values() for follows in turns.values() if follows.logs)
"""The kinds that a move of an opportunity logs."""


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
        others: Other kinds it may have been: the goal's own, or those that the answered nudge may have meant.
        balance, reciprocity: Whom the last four weeks' actions were for; None while there are too few.
    """

    action: Action
    kind: Kind
    counted: bool
    did: int
    goal: Goal | None
    goal_type: GoalType | None
    others: tuple[Kind, ...]
    contact: With | None
    balance: Balance | None
    reciprocity: Reciprocity | None


@dataclass(frozen=True, slots=True)
class Editing:
    """An entry to edit, every kind it may be, and the people it may have been with, by nickname."""

    action: Action
    kinds: tuple[Kind, ...]
    people: Sequence[Contact]


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
    def log(self, tx: Tx, member: Membership, draft: ActionDraft, now: datetime) -> Logged:
        """Log an action today; raises UnknownKind, TextTooLong, BadNumber or UnknownContact."""
        return self.add(tx, member, draft, now)

    @for_member
    def log_with(self, tx: Tx, member: Membership, nickname: str, draft: ActionDraft, now: datetime) -> Logged:
        """Log an action with the person of that nickname; raises UnknownContact and what `log` does."""
        wanted = " ".join(nickname.split()).casefold()
        for contact, name in network.names(tx, member.id):
            if name.casefold() == wanted:
                return self.add(tx, member, replace(draft, contact=contact), now)
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

    async def set_kind(self, caller: Caller, action_id: ActionId, kind_id: str, now: datetime) -> Logged:
        """Change the kind of one of the caller's entries; raises UnknownKind or NothingToUndo."""
        kind = self._content.vocabulary.kind(kind_id)
        return await self._change(caller, action_id, lambda draft: replace(draft, kind=kind.id), now)

    async def set_outcome(self, caller: Caller, action_id: ActionId, outcome: Outcome, now: datetime) -> Logged:
        """Set the outcome of one of the caller's entries; raises NothingToUndo."""
        return await self._change(caller, action_id, lambda draft: replace(draft, outcome=outcome), now)

    @for_member
    def undo(self, tx: Tx, member: Membership, action_id: ActionId, now: datetime) -> bool:
        """Remove one of the caller's entries; raises NothingToUndo.

        Return whether it may have been about an opportunity, whose state does not change.
        """
        kind = log.remove(tx, member.id, action_id)
        if kind is None:
            raise NothingToUndo
        return kind in OPENING_KINDS

    def add(
        self, tx: Tx, member: Membership, draft: ActionDraft, now: datetime, nudge_id: NudgeId | None = None
    ) -> Logged:
        """Log an action inside an open transaction, for the nudge that it answers if there is one."""
        goal = in_focus(goals.running(tx, member.id))
        checked = self._checked(tx, member, draft, goal)
        action = log.add(tx, member.id, checked, member.today(now), now, nudge_id)
        members.set_active(tx, member.id, now)
        return self._logged(tx, member, action, goal, now)

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
        kinds = log.counts(tx, member.id, now)
        turned = directions(times(kinds), vocabulary)
        goal_type = vocabulary.types[goal.type] if goal else None
        contact = None if action.contact is None else network.contact(tx, member.id, action.contact, vocabulary)
        # A small step is often a note, whatever the goal counts.
        offered = dict.fromkeys((DEFAULT_KIND, *own_kinds(goal, vocabulary)))
        return Logged(
            action,
            vocabulary.kind(action.kind),
            goal is None or action.kind in own_kinds(goal, vocabulary),
            counted(times(kinds, goal.every_weeks if goal else 1), goal, vocabulary),
            goal,
            goal_type,
            tuple(vocabulary.kinds[kind] for kind in offered if kind != action.kind),
            contact and With(contact.nickname, contact.relation.stage),
            balance(turned),
            reciprocity(turned),
        )
