"""The member's opportunities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Caller, Membership
from bot.coaching.errors import TooManyOpportunities, UnknownOpportunity
from bot.coaching.ids import OpportunityId
from bot.coaching.log import ActionDraft
from bot.coaching.network import Starter
from bot.coaching.opportunities import (
    MOST_OPEN,
    OPEN,
    Move,
    Opportunity,
    OpportunityDraft,
    OpportunityState,
    Transition,
    checked_opportunity,
    transition,
)
from bot.coaching.texts import folded
from bot.coaching.weeks import local_day
from bot.dates import read_date
from bot.services.log import Logged, LogService
from bot.services.membership import enrolment_typing, for_member
from storage import goals, members
from storage import opportunities as openings
from storage.database import Database, Tx

LISTED = timedelta(weeks=4)
"""How long what is closed stays on the list."""
WORDS = {
    OpportunityState.SENT: (Move.FOLLOWED_UP, "follow_up"),
    OpportunityState.YES: (Move.THANKED, "thank"),
    OpportunityState.NO: (Move.THANKED, "advice"),
}
"""The move that is a message, and the starter that begins it."""


@dataclass(frozen=True, slots=True)
class OpportunityList:
    """A member's opportunities on a day: the open ones by their last day, then the ones closed lately, newest first."""

    open: tuple[Opportunity, ...]
    closed: tuple[Opportunity, ...]
    has_goal: bool
    today: date


@dataclass(frozen=True, slots=True)
class OpportunityView:
    """One opportunity as it stands on a day of the member's calendar, and words for the message that may come next."""

    opportunity: Opportunity
    today: date
    words: Starter | None


@dataclass(frozen=True, slots=True)
class Moved:
    """An opportunity after a move, and what that logged; not `changed` if the move did not fit."""

    view: OpportunityView
    changed: bool
    logged: Logged | None


class OpportunityService:
    """What `/opportunity` and the buttons about an opportunity do."""

    def __init__(self, database: Database, log_service: LogService, starters: Mapping[str, Starter]) -> None:
        self.database = database
        self._log = log_service
        self._starters = starters

    @for_member
    def show(self, tx: Tx, member: Membership, now: datetime) -> OpportunityList:
        """Return what is open and what closed in the last weeks."""
        today = member.today(now)
        listed = sorted(openings.kept(tx, member.id, today - LISTED), key=_last_day)
        closed = [opportunity for opportunity in listed if opportunity.state not in OPEN]
        return OpportunityList(
            tuple(opportunity for opportunity in listed if opportunity.state in OPEN),
            tuple(sorted(closed, key=lambda opportunity: (opportunity.state_on, opportunity.id), reverse=True)),
            bool(goals.running(tx, member.id)),
            today,
        )

    async def titles(self, caller: Caller, now: datetime) -> Sequence[Opportunity]:
        """Suggest the caller's opportunities while they type, open ones first; nothing is recorded."""

        def work(tx: Tx) -> Sequence[Opportunity]:
            enrolment = enrolment_typing(tx, caller)
            if enrolment is None:
                return ()
            listed = openings.kept(tx, enrolment.id, local_day(now, enrolment.wish.zone) - LISTED)
            return sorted(listed, key=lambda opportunity: (opportunity.state not in OPEN, _last_day(opportunity)))

        return await self.database.read(work)

    @for_member
    def find(self, tx: Tx, member: Membership, named: str, now: datetime) -> OpportunityView:
        """Return the listed opportunity of that number or title; raises UnknownOpportunity."""
        today, wanted = member.today(now), folded(named)
        listed = openings.kept(tx, member.id, today - LISTED)
        by_number = [opportunity for opportunity in listed if str(opportunity.id) == wanted]
        matching = by_number or [opportunity for opportunity in listed if folded(opportunity.title) == wanted]
        if not matching:
            raise UnknownOpportunity
        return self._viewed(matching[-1], today)

    @for_member
    def get(self, tx: Tx, member: Membership, opportunity_id: OpportunityId, now: datetime) -> OpportunityView:
        """Return one of the caller's opportunities; raises UnknownOpportunity."""
        return self._view(tx, member, opportunity_id, now)

    @for_member
    def check_room(self, tx: Tx, member: Membership, now: datetime) -> None:
        """Raise TooManyOpportunities if there is no room for another, before the form opens."""
        _check_room(tx, member, now)

    @for_member
    def add(
        self, tx: Tx, member: Membership, draft: OpportunityDraft, now: datetime, *, due: str = ""
    ) -> OpportunityView:
        """Store an opportunity spotted today; raises TextMissing, TextTooLong or TooManyOpportunities.

        `due`: its last day as typed, read on the member's calendar, which raises what `read_date` raises; empty for
        the draft's own.
        """
        checked = _dated(checked_opportunity(draft), due, member.today(now))
        _check_room(tx, member, now)
        made = openings.add(tx, member.id, checked, member.today(now))
        members.set_active(tx, member.id, now)
        return self._view(tx, member, made, now)

    @for_member
    def change(
        self,
        tx: Tx,
        member: Membership,
        opportunity_id: OpportunityId,
        draft: OpportunityDraft,
        now: datetime,
        *,
        due: str = "",
    ) -> OpportunityView:
        """Change an opportunity but not its state; raises UnknownOpportunity, and `due` and the rest as in `add`."""
        checked = _dated(checked_opportunity(draft), due, member.today(now))
        self._view(tx, member, opportunity_id, now)
        openings.change(tx, opportunity_id, checked)
        members.set_active(tx, member.id, now)
        return self._view(tx, member, opportunity_id, now)

    @for_member
    def forget(self, tx: Tx, member: Membership, opportunity_id: OpportunityId, now: datetime) -> None:
        """Remove an opportunity; logged actions stay. Raises UnknownOpportunity."""
        self._view(tx, member, opportunity_id, now)
        openings.remove(tx, opportunity_id)

    @for_member
    def tell(self, tx: Tx, member: Membership, opportunity_id: OpportunityId, move: Move, now: datetime) -> Moved:
        """Do a move that the caller tells of; raises what `move` raises."""
        return self.move(tx, member, opportunity_id, move, now)

    def move(self, tx: Tx, member: Membership, opportunity_id: OpportunityId, move: Move, now: datetime) -> Moved:
        """Do a move inside an open transaction, and log the action that it stands for.

        A move that does not fit the opportunity's state changes and logs nothing. Raises UnknownOpportunity, or
        TooManyOpportunities when there is no room to reopen it.
        """
        before = self._view(tx, member, opportunity_id, now)
        follows = transition(before.opportunity, move)
        if follows is None:
            return Moved(before, changed=False, logged=None)
        if follows.state in OPEN and before.opportunity.state not in OPEN:
            _check_room(tx, member, now)
        keep_move(tx, before.opportunity, move, follows, before.today)
        logged = None
        if follows.logs is None:
            members.set_active(tx, member.id, now)
        else:
            # Without its title, so that an opportunity forgotten later leaves no trace in the log.
            logged = self._log.add(tx, member, ActionDraft(follows.logs), now)
        return Moved(self._view(tx, member, opportunity_id, now), changed=True, logged=logged)

    def _view(self, tx: Tx, member: Membership, opportunity_id: OpportunityId, now: datetime) -> OpportunityView:
        opportunity = openings.get(tx, member.id, opportunity_id)
        if opportunity is None:
            raise UnknownOpportunity
        return self._viewed(opportunity, member.today(now))

    def _viewed(self, opportunity: Opportunity, today: date) -> OpportunityView:
        move, starter = WORDS.get(opportunity.state, (None, ""))
        unsaid = move is not None and transition(opportunity, move) is not None
        return OpportunityView(opportunity, today, self._starters.get(starter) if unsaid else None)


def keep_move(tx: Tx, opportunity: Opportunity, move: Move, follows: Transition, today: date) -> None:
    """Store what follows from a move, inside an open transaction; the log is not touched."""
    match move:
        case Move.FOLLOWED_UP:
            openings.set_followed(tx, opportunity.id, today)
        case Move.THANKED:
            openings.set_thanked(tx, opportunity.id, today)
        case Move.WAIT:
            # The answer that was told is taken back; the day of sending stays.
            openings.set_state(tx, opportunity.id, OpportunityState.SENT, opportunity.sent_on or today)
            if opportunity.followed_on is not None:
                openings.set_followed(tx, opportunity.id, opportunity.followed_on)
        case _:
            openings.set_state(tx, opportunity.id, follows.state, today)


def _dated(draft: OpportunityDraft, due: str, today: date) -> OpportunityDraft:
    return replace(draft, due_on=read_date(due, today)) if due.strip() else draft


def _check_room(tx: Tx, member: Membership, now: datetime) -> None:
    listed = openings.kept(tx, member.id, member.today(now))
    if sum(opportunity.state in OPEN for opportunity in listed) >= MOST_OPEN:
        raise TooManyOpportunities(MOST_OPEN)


def _last_day(opportunity: Opportunity) -> tuple[date, OpportunityId]:
    return opportunity.due_on or date.max, opportunity.id
