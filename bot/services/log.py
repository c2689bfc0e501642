"""The member's log."""

from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Caller, Seat
from bot.coaching.errors import NothingToUndo
from bot.coaching.goals import Goal, GoalType, Kind, counts
from bot.coaching.ids import ActionId, NudgeId
from bot.coaching.log import Action, ActionDraft, checked_action, own_kinds
from bot.coaching.weeks import local_day
from bot.services.facts import picture
from bot.services.seats import member_seat
from prompts import Content
from storage import goals, log, members
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class LogChoices:
    """The kinds to offer: the goal's own first, then the rest."""

    own: tuple[Kind, ...]
    rest: tuple[Kind, ...]
    has_goal: bool


@dataclass(frozen=True, slots=True)
class Logged:
    """An action as it now stands in the log, what it did for the week, and the other kinds it may have been."""

    action: Action
    kind: Kind
    counted: bool
    did: int
    goal: Goal | None
    goal_type: GoalType | None
    others: tuple[Kind, ...]


class LogService:
    """What `/log` and *Done* do."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def choices(self, caller: Caller, now: datetime) -> LogChoices:
        """Return the kinds to choose from."""

        def work(tx: Tx) -> LogChoices:
            seat = member_seat(tx, caller, now)
            goal = goals.running(tx, seat.enrolment.id)
            kinds = self._content.vocabulary.kinds
            own = own_kinds(goal, self._content.vocabulary)
            rest = [kind for kind in kinds.values() if kind.id not in own]
            return LogChoices(tuple(kinds[kind] for kind in own), tuple(rest), goal is not None)

        return await self._database.transact(work)

    async def log(self, caller: Caller, draft: ActionDraft, now: datetime) -> Logged:
        """Log an action on today's date of the member's calendar; raises UnknownKind, TextTooLong or BadNumber."""
        return await self._database.transact(lambda tx: self.add(tx, member_seat(tx, caller, now), draft, now))

    async def set_kind(self, caller: Caller, action_id: ActionId, kind_id: str, now: datetime) -> Logged:
        """Change the kind of one of the caller's actions; raises UnknownKind or NothingToUndo."""
        kind = self._content.vocabulary.kind(kind_id)

        def work(tx: Tx) -> Logged:
            seat = member_seat(tx, caller, now)
            action = log.set_kind(tx, seat.enrolment.id, action_id, kind.id)
            if action is None:
                raise NothingToUndo
            return self._logged(tx, seat, action, now)

        return await self._database.transact(work)

    async def undo(self, caller: Caller, action_id: ActionId, now: datetime) -> None:
        """Take one of the caller's actions out of the log; raises NothingToUndo when it is gone already."""

        def work(tx: Tx) -> None:
            if not log.remove(tx, member_seat(tx, caller, now).enrolment.id, action_id):
                raise NothingToUndo

        await self._database.transact(work)

    def add(self, tx: Tx, seat: Seat, draft: ActionDraft, now: datetime, nudge_id: NudgeId | None = None) -> Logged:
        """Log an action inside a transaction that is open already, for the nudge it answers if there is one."""
        goal = goals.running(tx, seat.enrolment.id)
        checked = checked_action(draft, goal, self._content.vocabulary)
        today = local_day(now, seat.enrolment.wish.zone)
        action = log.add(tx, seat.enrolment.id, checked, today, now, nudge_id)
        members.set_active(tx, seat.enrolment.id, now)
        return self._logged(tx, seat, action, now)

    def _logged(self, tx: Tx, seat: Seat, action: Action, now: datetime) -> Logged:
        seen = picture(tx, seat, self._content, now)
        vocabulary = self._content.vocabulary
        goal_type = vocabulary.types[seen.goal.type] if seen.goal else None
        others = [kind for kind in own_kinds(seen.goal, vocabulary) if kind != action.kind]
        return Logged(
            action,
            vocabulary.kind(action.kind),
            goal_type is None or counts(goal_type, action.kind),
            seen.did,
            seen.goal,
            goal_type,
            tuple(vocabulary.kinds[kind] for kind in others),
        )
