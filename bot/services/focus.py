"""The member's focus."""

from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Caller, Membership
from bot.coaching.errors import OldCard
from bot.coaching.focus import Focus, FocusDraft, checked_focus, track_of
from bot.coaching.footprint import Answer, Answered, Checklist, Item, Track, answered, next_items
from bot.coaching.weeks import local_day
from bot.services.membership import as_member
from storage import focus as focuses
from storage import footprint as answers_store
from storage import members
from storage.database import Database, Tx

FEATURE = "focus"
"""What a checklist item says when saving a focus answers it."""


@dataclass(frozen=True, slots=True)
class SavedFocus:
    """A focus as it is kept, the track that counts, the checklist item it has just answered, and the next one to do."""

    focus: Focus
    track: Track | None
    answered: Item | None = None
    next: Item | None = None


class FocusService:
    """What `/focus` does."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self._database = database
        self._checklist = checklist

    async def get(self, caller: Caller, now: datetime) -> Focus | None:
        """Return the caller's focus."""
        return await as_member(self._database, caller, now, lambda tx, seat: focuses.get(tx, seat.enrolment.id))

    async def save(self, caller: Caller, draft: FocusDraft, now: datetime) -> SavedFocus:
        """Keep a focus in place of the earlier one; with a purpose it answers the checklist item that asks for one.

        Raises TooManyFields, TextMissing, TextTooLong, or OldCard for a track that is not on offer any more.
        """
        checked = checked_focus(draft)
        if checked.track is not None and checked.track not in self._checklist.tracks:
            raise OldCard

        def work(tx: Tx, seat: Membership) -> SavedFocus:
            member = seat.enrolment.id
            old = focuses.get(tx, member)
            focus = checked_focus(draft, new_accounts=old is not None and old.new_accounts)
            focuses.put(tx, member, focus, now)
            members.set_active(tx, member, now)
            given = answers_store.answers(tx, member)
            item = next((one for one in self._checklist.items if one.answered_by == FEATURE), None)
            if item is not None and (focus.purpose is None or answered(given, item.id)):
                item = None  # it asks for one line: who should find you, and what for
            if item is not None:
                today = local_day(now, seat.enrolment.wish.zone)
                answers_store.put(tx, member, item.id, Answered(Answer.FIXED, today))
            return self._saved(tx, seat, focus, item)

        return await as_member(self._database, caller, now, work)

    async def set_new_accounts(self, caller: Caller, now: datetime, *, new: bool) -> SavedFocus:
        """Remember whether the caller's accounts in the field are new; raises OldCard when there is no focus."""

        def work(tx: Tx, seat: Membership) -> SavedFocus:
            focus = focuses.set_new_accounts(tx, seat.enrolment.id, now, new=new)
            if focus is None:
                raise OldCard
            return self._saved(tx, seat, focus, None)

        return await as_member(self._database, caller, now, work)

    def _saved(self, tx: Tx, seat: Membership, focus: Focus, answered_item: Item | None) -> SavedFocus:
        track = self._checklist.tracks.get(track_of(focus, seat.cohort.track) or "")
        checklist = self._checklist.for_member(focus, seat.cohort.track)
        todo = next_items(checklist, answers_store.answers(tx, seat.enrolment.id))
        return SavedFocus(focus, track, answered_item, todo[0] if todo else None)
