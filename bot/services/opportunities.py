"""The member's opportunities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Caller, Seat
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
    Turn,
    checked_opportunity,
    turn,
)
from bot.coaching.weeks import local_day
from bot.dates import read_date
from bot.services.log import Logged, LogService
from bot.services.seats import enrolment_typing, member_seat
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
    """An opportunity after a move, and what that logged; not `changed`: the move did not fit, and nothing was done."""

    view: OpportunityView
    changed: bool
    logged: Logged | None


class OpportunityService:
    """What `/opportunity` and the buttons about an opportunity do."""

    def __init__(self, database: Database, log_service: LogService, starters: Mapping[str, Starter]) -> None:
        self._database = database
        self._log = log_service
        self._starters = starters

    async def show(self, caller: Caller, now: datetime) -> OpportunityList:
        """Return what is open and what closed in the last weeks."""

        def work(tx: Tx) -> OpportunityList:
            seat = member_seat(tx, caller, now)
            today = local_day(now, seat.enrolment.wish.zone)
            kept = openings.kept(tx, seat.enrolment.id, today - LISTED)
            return OpportunityList(
                tuple(sorted((one for one in kept if one.state in OPEN), key=_last_day)),
                tuple(sorted((one for one in kept if one.state not in OPEN), key=_closed, reverse=True)),
                bool(goals.running(tx, seat.enrolment.id)),
                today,
            )

        return await self._database.transact(work)

    async def titles(self, caller: Caller, now: datetime) -> Sequence[Opportunity]:
        """Return the caller's opportunities to pick from while they type; none for somebody who may not.

        Typing is not yet using: nothing is touched by it, and what is to be mentioned once waits for an answer.
        """

        def work(tx: Tx) -> Sequence[Opportunity]:
            enrolment = enrolment_typing(tx, caller)
            if enrolment is None:
                return ()
            kept = openings.kept(tx, enrolment.id, local_day(now, enrolment.wish.zone) - LISTED)
            return sorted(kept, key=lambda one: (one.state not in OPEN, _last_day(one)))

        return await self._database.read(work)

    async def find(self, caller: Caller, named: str, now: datetime) -> OpportunityView:
        """Return the listed opportunity of that number or title; raises UnknownOpportunity."""

        def work(tx: Tx) -> OpportunityView:
            seat = member_seat(tx, caller, now)
            today = local_day(now, seat.enrolment.wish.zone)
            kept = openings.kept(tx, seat.enrolment.id, today - LISTED)
            wanted = named.strip().casefold()
            by_number = [one for one in kept if str(one.id) == wanted]
            found = by_number or [one for one in kept if one.title.casefold() == wanted]
            if not found:
                raise UnknownOpportunity
            return self._viewed(found[-1], today)

        return await self._database.transact(work)

    async def get(self, caller: Caller, opportunity_id: OpportunityId, now: datetime) -> OpportunityView:
        """Return one of the caller's opportunities; raises UnknownOpportunity."""
        return await self._database.transact(
            lambda tx: self._view(tx, member_seat(tx, caller, now), opportunity_id, now)
        )

    async def check_room(self, caller: Caller, now: datetime) -> None:
        """Raise TooManyOpportunities if there is no room for one more, before anybody types in vain."""
        await self._database.transact(lambda tx: _check_room(tx, member_seat(tx, caller, now), now))

    async def add(self, caller: Caller, draft: OpportunityDraft, now: datetime, due: str = "") -> OpportunityView:
        """Keep an opportunity spotted today.

        Args:
            due: its last day as typed, read on the member's calendar; empty for the draft's own.

        Raises:
            TextMissing, TextTooLong, TooManyOpportunities or what `read_date` raises.
        """
        checked = checked_opportunity(draft)

        def work(tx: Tx) -> OpportunityView:
            seat = member_seat(tx, caller, now)
            _check_room(tx, seat, now)
            today = local_day(now, seat.enrolment.wish.zone)
            made = openings.add(tx, seat.enrolment.id, _dated(checked, due, today), today)
            members.set_active(tx, seat.enrolment.id, now)
            return self._view(tx, seat, made, now)

        return await self._database.transact(work)

    async def change(
        self, caller: Caller, opportunity_id: OpportunityId, draft: OpportunityDraft, now: datetime, due: str = ""
    ) -> OpportunityView:
        """Change what an opportunity is, not where it stands; `due` as in `add`.

        Raises UnknownOpportunity, TextMissing, TextTooLong or what `read_date` raises.
        """
        checked = checked_opportunity(draft)

        def work(tx: Tx) -> OpportunityView:
            seat = member_seat(tx, caller, now)
            today = self._view(tx, seat, opportunity_id, now).today
            openings.change(tx, opportunity_id, _dated(checked, due, today))
            members.set_active(tx, seat.enrolment.id, now)
            return self._view(tx, seat, opportunity_id, now)

        return await self._database.transact(work)

    async def forget(self, caller: Caller, opportunity_id: OpportunityId, now: datetime) -> None:
        """Forget an opportunity; what was logged on the way stays. Raises UnknownOpportunity when it is gone."""

        def work(tx: Tx) -> None:
            self._view(tx, member_seat(tx, caller, now), opportunity_id, now)
            openings.remove(tx, opportunity_id)

        await self._database.transact(work)

    async def tell(self, caller: Caller, opportunity_id: OpportunityId, move: Move, now: datetime) -> Moved:
        """Do a move that the caller tells of; raises what `move` raises."""
        return await self._database.transact(
            lambda tx: self.move(tx, member_seat(tx, caller, now), opportunity_id, move, now)
        )

    def move(self, tx: Tx, seat: Seat, opportunity_id: OpportunityId, move: Move, now: datetime) -> Moved:
        """Do a move inside a transaction that is open already, and log what the move stands for.

        One that does not fit where the opportunity stands changes and logs nothing. Raises UnknownOpportunity when it
        is gone or not the member's own, or TooManyOpportunities when there is no room to take it up again.
        """
        before = self._view(tx, seat, opportunity_id, now)
        follows = turn(before.opportunity, move)
        if follows is None:
            return Moved(before, changed=False, logged=None)
        if follows.state in OPEN and before.opportunity.state not in OPEN:
            _check_room(tx, seat, now)
        keep_move(tx, before.opportunity, move, follows, before.today)
        logged = None
        if follows.logs is None:
            members.set_active(tx, seat.enrolment.id, now)
        else:
            # Without its title: who forgets an opportunity later leaves no trace of it in the log.
            logged = self._log.add(tx, seat, ActionDraft(follows.logs), now)
        return Moved(self._view(tx, seat, opportunity_id, now), changed=True, logged=logged)

    def _view(self, tx: Tx, seat: Seat, opportunity_id: OpportunityId, now: datetime) -> OpportunityView:
        one = openings.get(tx, seat.enrolment.id, opportunity_id)
        if one is None:
            raise UnknownOpportunity
        return self._viewed(one, local_day(now, seat.enrolment.wish.zone))

    def _viewed(self, one: Opportunity, today: date) -> OpportunityView:
        move, starter = WORDS.get(one.state, (None, ""))
        unsaid = move is not None and turn(one, move) is not None
        return OpportunityView(one, today, self._starters.get(starter) if unsaid else None)


def keep_move(tx: Tx, one: Opportunity, move: Move, follows: Turn, today: date) -> None:
    """Keep what follows from a move, inside a transaction that is open already; the log is not touched."""
    match move:
        case Move.FOLLOWED_UP:
            openings.set_followed(tx, one.id, today)
        case Move.THANKED:
            openings.set_thanked(tx, one.id, today)
        case Move.WAIT:
            # It was sent on the day it was sent, whatever was said of an answer since.
            openings.set_state(tx, one.id, OpportunityState.SENT, one.sent_on or today)
            if one.followed_on is not None:
                openings.set_followed(tx, one.id, one.followed_on)
        case _:
            openings.set_state(tx, one.id, follows.state, today)


def _dated(draft: OpportunityDraft, due: str, today: date) -> OpportunityDraft:
    return replace(draft, due_on=read_date(due, today)) if due.strip() else draft


def _check_room(tx: Tx, seat: Seat, now: datetime) -> None:
    kept = openings.kept(tx, seat.enrolment.id, local_day(now, seat.enrolment.wish.zone))
    if sum(one.state in OPEN for one in kept) >= MOST_OPEN:
        raise TooManyOpportunities(MOST_OPEN)


def _last_day(one: Opportunity) -> tuple[date, OpportunityId]:
    return one.due_on or date.max, one.id


def _closed(one: Opportunity) -> tuple[date, OpportunityId]:
    return one.state_on, one.id
