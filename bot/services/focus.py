"""The member's focus."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.coaching.cohort import Membership
from bot.coaching.course_plan import DoneBy
from bot.coaching.errors import OldCard
from bot.coaching.focus import Focus, FocusDraft, checked_focus, track_of
from bot.coaching.footprint import Answer, Answered, Checklist, Item, Track, answered, next_items
from bot.services.membership import for_member
from bot.services.week import Completed, complete_step
from storage import focus as focuses
from storage import footprint as answers_store
from storage import members
from storage.database import Database, Tx

FEATURE = "focus"
"""What a checklist item says when saving a focus answers it."""


@dataclass(frozen=True, slots=True)
class SavedFocus:
    """A stored focus, the track that counts, the item and weekly step it has just completed, and the next item."""

    focus: Focus
    track: Track | None
    answered: Item | None = None
    next: Item | None = None
    completes: Completed | None = None


class FocusService:
    """What `/focus` does."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self.database = database
        self._checklist = checklist

    @for_member
    def get(self, tx: Tx, member: Membership, now: datetime) -> Focus | None:
        """Return the caller's focus."""
        return focuses.get(tx, member.id)

    @for_member
    def save(self, tx: Tx, member: Membership, draft: FocusDraft, now: datetime) -> SavedFocus:
        """Store a focus in place of the earlier one; with a purpose it answers the checklist item that asks for one.

        Raises TooManyFields, TextMissing, TextTooLong, or OldCard for a track no longer on offer.
        """
        checked = checked_focus(draft)
        if checked.track is not None and checked.track not in self._checklist.tracks:
            raise OldCard
        old = focuses.get(tx, member.id)
        focus = checked_focus(draft, new_accounts=old is not None and old.new_accounts)
        focuses.put(tx, member.id, focus, now)
        members.set_active(tx, member.id, now)
        given = answers_store.answers(tx, member.id)
        item = next((item for item in self._checklist.items if item.answered_by == FEATURE), None)
        if item is not None and (focus.purpose is None or answered(given, item.id)):
            item = None  # it asks for one line: who should find you, and what for
        if item is not None:
            today = member.today(now)
            answers_store.put(tx, member.id, item.id, Answered(Answer.FIXED, today))
        completes = item and complete_step(tx, member, DoneBy.ITEM, item.id, now)
        return replace(self._saved(tx, member, focus, item), completes=completes)

    @for_member
    def set_new_accounts(self, tx: Tx, member: Membership, now: datetime, *, new: bool) -> SavedFocus:
        """Store whether the caller's accounts in the field are new; raises OldCard without a focus."""
        focus = focuses.set_new_accounts(tx, member.id, now, new=new)
        if focus is None:
            raise OldCard
        return self._saved(tx, member, focus, None)

    def _saved(self, tx: Tx, member: Membership, focus: Focus, answered_item: Item | None) -> SavedFocus:
        track = self._checklist.tracks.get(track_of(focus, member.cohort.track) or "")
        checklist = self._checklist.for_member(focus, member.cohort.track)
        todo = next_items(checklist, answers_store.answers(tx, member.id))
        return SavedFocus(focus, track, answered_item, todo[0] if todo else None)
