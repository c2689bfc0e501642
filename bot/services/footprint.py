"""The member's digital-footprint checklist."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.cohort import Caller, Seat
from bot.coaching.footprint import (
    Answer,
    Answered,
    Answers,
    Checklist,
    Item,
    SectionProgress,
    next_items,
    progress,
    recheck_on,
)
from bot.coaching.weeks import local_day
from bot.services.seats import member_seat
from storage import footprint as answers_store
from storage import members
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Footprint:
    """A member's checklist: progress by section, the answers, and the next items to do."""

    checklist: Checklist
    answers: Answers
    progress: tuple[SectionProgress, ...]
    next: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item with the member's answer, the day it is due again, and the item to do after it."""

    item: Item
    section_title: str
    given: Answered | None
    recheck_on: date | None
    next: Item | None


class FootprintService:
    """What `/footprint` does."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self._database = database
        self._checklist = checklist

    async def show(self, caller: Caller, now: datetime) -> Footprint:
        """Return the caller's checklist as their track sees it."""

        def work(tx: Tx) -> Footprint:
            return self._footprint(tx, member_seat(tx, caller, now))

        return await self._database.transact(work)

    async def item(self, caller: Caller, item_id: str, now: datetime) -> ItemView:
        """Return one item; raises UnknownItem."""

        def work(tx: Tx) -> ItemView:
            return self._item(tx, member_seat(tx, caller, now), item_id)

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
        return self._item(tx, seat, item.id)

    def _footprint(self, tx: Tx, seat: Seat) -> Footprint:
        checklist = self._checklist.for_track(seat.cohort.track)
        answers = answers_store.answers(tx, seat.enrolment.id)
        return Footprint(checklist, answers, progress(checklist, answers), next_items(checklist, answers))

    def _item(self, tx: Tx, seat: Seat, item_id: str) -> ItemView:
        footprint = self._footprint(tx, seat)
        item = footprint.checklist.item(item_id)
        given = footprint.answers.get(item_id)
        again = None if given is None or given.answer is Answer.LATER else recheck_on(item, given)
        titles = {section.id: section.title for section in footprint.checklist.sections}
        after = next((other for other in footprint.next if other.id != item_id), None)
        return ItemView(item, titles[item.section], given, again, after)
