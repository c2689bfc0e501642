"""The member's digital-footprint checklist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.cohort import Caller, Seat
from bot.coaching.focus import Focus, keeps_low, track_of
from bot.coaching.footprint import (
    Answer,
    Answered,
    Answers,
    Checklist,
    Item,
    SectionProgress,
    Track,
    next_items,
    progress,
    recheck_on,
    rechecks_due,
)
from bot.coaching.weeks import local_day
from bot.services.seats import member_seat
from storage import focus as focuses
from storage import footprint as answers_store
from storage import members
from storage.database import Database, Tx

HISTORY = 6
"""How many earlier answers an item shows."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """A member's checklist: progress by section, the answers, the next items to do, and the one to look at again.

    `track`: whose rules it follows. `left_out`: how many items a low profile leaves out.
    """

    checklist: Checklist
    answers: Answers
    progress: tuple[SectionProgress, ...]
    next: tuple[Item, ...]
    recheck: Item | None
    track: Track | None
    left_out: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item with the member's answer, the day it is due again, earlier answers, and the item to do after it.

    `support`: the course's contact for what should not be solved alone.
    """

    item: Item
    section_title: str
    given: Answered | None
    recheck_on: date | None
    history: Sequence[Answered]
    next: Item | None
    support: str | None


class FootprintService:
    """What `/footprint` does."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self._database = database
        self._checklist = checklist

    async def show(self, caller: Caller, now: datetime) -> Footprint:
        """Return the caller's checklist as their track and season see it."""

        def work(tx: Tx) -> Footprint:
            seat = member_seat(tx, caller, now)
            member = seat.enrolment.id
            return self._footprint(seat, focuses.get(tx, member), answers_store.answers(tx, member), now)

        return await self._database.transact(work)

    async def item(self, caller: Caller, item_id: str, now: datetime) -> ItemView:
        """Return one item, also one that the caller's season leaves out; raises UnknownItem."""

        def work(tx: Tx) -> ItemView:
            return self._item(tx, member_seat(tx, caller, now), item_id, now)

        return await self._database.transact(work)

    async def answer(self, caller: Caller, item_id: str, answer: Answer, now: datetime) -> ItemView:
        """Keep an answer, with the day on the member's own calendar; raises UnknownItem. Never asks what was found."""

        def work(tx: Tx) -> ItemView:
            return self.give(tx, member_seat(tx, caller, now), item_id, answer, now)

        return await self._database.transact(work)

    def give(self, tx: Tx, seat: Seat, item_id: str, answer: Answer | None, now: datetime) -> ItemView:
        """Keep an answer, if one is given, inside a transaction that is open already, and return the item."""
        item = self._checklist.item(item_id)
        if answer is not None:
            given = Answered(answer, local_day(now, seat.enrolment.wish.zone))
            answers_store.put(tx, seat.enrolment.id, item.id, given)
            members.set_active(tx, seat.enrolment.id, now)
        return self._item(tx, seat, item.id, now)

    def _footprint(self, seat: Seat, focus: Focus | None, answers: Answers, now: datetime) -> Footprint:
        checklist = self._checklist.for_member(focus, seat.cohort.track)
        due = rechecks_due(checklist, answers, local_day(now, seat.enrolment.wish.zone))
        return Footprint(
            checklist,
            answers,
            progress(checklist, answers),
            next_items(checklist, answers),
            due[0] if due else None,
            self._track(seat, focus),
            len(self._checklist.items) - len(checklist.items) if keeps_low(focus) else 0,
        )

    def _item(self, tx: Tx, seat: Seat, item_id: str, now: datetime) -> ItemView:
        focus, answers, history = answers_store.item(tx, seat.enrolment.id, item_id, HISTORY)
        track = self._track(seat, focus)
        everything = self._checklist.for_track(track and track.id)
        item = everything.item(item_id)
        given = answers.get(item_id)
        again = None if given is None or given.answer is Answer.LATER else recheck_on(item, given)
        if again is not None and again > seat.cohort.ends_on:  # nothing is promised for after the course
            again = None
        titles = {section.id: section.title for section in everything.sections}
        mine = self._checklist.for_member(focus, seat.cohort.track)
        after = next((other for other in next_items(mine, answers) if other.id != item_id), None)
        return ItemView(item, titles[item.section], given, again, history, after, seat.cohort.support_contact)

    def _track(self, seat: Seat, focus: Focus | None) -> Track | None:
        return self._checklist.tracks.get(track_of(focus, seat.cohort.track) or "")
