"""The member's digital-footprint checklist."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.coaching.cohort import Membership
from bot.coaching.course_plan import DoneBy
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
from bot.services.membership import for_member
from bot.services.week import Completed, complete_step
from storage import focus as focuses
from storage import footprint as answers_store
from storage import members
from storage.database import Database, Tx

HISTORY = 6
"""How many earlier answers an item shows."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """A member's checklist: answers, progress by section, the next items, and the item to recheck.

    Attributes:
        track: The track whose rules it follows.
        left_out: How many items a low profile leaves out.
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
    """An item with the member's answers and the next item.

    Attributes:
        recheck_on: The day it is due again.
        support: The course's contact for what should not be solved alone.
        completes: The weekly step that the answer completes.
    """

    item: Item
    section_title: str
    given: Answered | None
    recheck_on: date | None
    history: Sequence[Answered]
    next: Item | None
    support: str | None
    completes: Completed | None = None


class FootprintService:
    """What `/footprint` does."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self.database = database
        self._checklist = checklist

    @for_member
    def show(self, tx: Tx, member: Membership, now: datetime) -> Footprint:
        """Return the caller's checklist as their track and season see it."""
        focus, answers = focuses.get(tx, member.id), answers_store.answers(tx, member.id)
        checklist = self._checklist.for_member(focus, member.cohort.track)
        due = rechecks_due(checklist, answers, member.today(now))
        return Footprint(
            checklist,
            answers,
            progress(checklist, answers),
            next_items(checklist, answers),
            due[0] if due else None,
            self._track(member, focus),
            len(self._checklist.items) - len(checklist.items) if keeps_low(focus) else 0,
        )

    @for_member
    def item(self, tx: Tx, member: Membership, item_id: str, now: datetime) -> ItemView:
        """Return an item, also one that the caller's season leaves out; raises UnknownItem."""
        return self._item(tx, member, item_id)

    @for_member
    def answer(self, tx: Tx, member: Membership, item_id: str, answer: Answer, now: datetime) -> ItemView:
        """Store an answer with the member's day, never what was found; raises UnknownItem."""
        return self.give(tx, member, item_id, answer, now)

    def give(self, tx: Tx, member: Membership, item_id: str, answer: Answer | None, now: datetime) -> ItemView:
        """Store an answer, if there is one, inside an open transaction, and return the item."""
        item = self._checklist.item(item_id)
        if answer is not None:
            answers_store.put(tx, member.id, item.id, Answered(answer, member.today(now)))
            members.set_active(tx, member.id, now)
        completes = None
        if answer not in {None, Answer.LATER}:
            completes = complete_step(tx, member, DoneBy.ITEM, item.id, now)
        return replace(self._item(tx, member, item.id), completes=completes)

    def _item(self, tx: Tx, member: Membership, item_id: str) -> ItemView:
        focus, answers, history = answers_store.item(tx, member.id, item_id, HISTORY)
        track = self._track(member, focus)
        everything = self._checklist.for_track(track and track.id)
        item = everything.item(item_id)
        given = answers.get(item_id)
        again = None if given is None or given.answer is Answer.LATER else recheck_on(item, given)
        if again is not None and again > member.cohort.ends_on:  # nothing is promised for after the course
            again = None
        titles = {section.id: section.title for section in everything.sections}
        mine = self._checklist.for_member(focus, member.cohort.track)
        after = next((other for other in next_items(mine, answers) if other.id != item_id), None)
        return ItemView(item, titles[item.section], given, again, history, after, member.cohort.support_contact)

    def _track(self, member: Membership, focus: Focus | None) -> Track | None:
        return self._checklist.tracks.get(track_of(focus, member.cohort.track) or "")
