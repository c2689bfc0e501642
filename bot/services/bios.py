"""The member's bios: checked, never kept."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.coaching.bios import BIO_LIMIT, BioReview, Critique, CritiqueRequest, Place
from bot.coaching.cohort import Caller, Seat
from bot.coaching.errors import BadNumber, OldCard, TextMissing, TextTooLong
from bot.coaching.focus import Season, track_of
from bot.coaching.footprint import Checklist
from bot.coaching.ids import EnrolmentId
from bot.coaching.texts import optional_text
from bot.coaching.weeks import local_day
from bot.critique.checks import review
from bot.services.ai_notes import KEPT, AiNotes, AiState
from bot.services.seats import member_seat
from prompts.bios import Crisis, Rubric
from storage import bios, members
from storage import focus as focuses
from storage.bios import Checked
from storage.database import Database, Tx

SMALLEST_LIMIT, LARGEST_LIMIT = 20, 5000
"""What a member may say is the limit of a place that we do not know."""
HISTORY = 20
STRICT = "strict"
"""The stance of the tracks whose members owe people silence, so that they are asked about others first."""


@dataclass(frozen=True, slots=True)
class BioDraft:
    """A bio as written in the form. `limit`: for a place without one of its own. `my_words`: no rewrite, please."""

    place_id: str
    text: str = field(repr=False)
    limit: int | None = None
    my_words: bool = False


@dataclass(frozen=True, slots=True)
class BioStart:
    """What a member needs to know before a check.

    Attributes:
        support: who helps students in distress at the institution.
        strict: their profession owes people silence.
        low_profile: they would rather be less findable.
    """

    ai: AiState
    support: str | None
    strict: bool
    low_profile: bool


@dataclass(frozen=True, slots=True)
class BioChange:
    """What is different from the check of the same place less than an hour ago: names of findings that are gone."""

    gone: tuple[str, ...]
    length_before: int


@dataclass(frozen=True, slots=True)
class BioCheck:
    """What the offline check says, with what its card needs of the member.

    Attributes:
        sent: the AI may be asked for this bio too, with `critique`.
        change: None on the first check of a place within the hour.
    """

    review: BioReview
    ai: AiState
    sent: bool
    support: str | None
    help_lines: str
    strict: bool
    low_profile: bool
    change: BioChange | None = None


@dataclass(frozen=True, slots=True)
class _Bio:
    """A bio that can be checked; `text` is as written, without outer spaces."""

    text: str = field(repr=False)
    place: Place
    limit: int
    rewrite: bool


class BioService:
    """What `/bio` does."""

    def __init__(
        self, database: Database, rubric: Rubric, crisis: Crisis, checklist: Checklist, ai_notes: AiNotes
    ) -> None:
        self._database = database
        self._rubric = rubric
        self._crisis = crisis
        self._checklist = checklist
        self.ai_notes = ai_notes
        self._earlier: dict[tuple[EnrolmentId, str], _Earlier] = {}

    async def start(self, caller: Caller, now: datetime) -> BioStart:
        """Return what the caller needs to know before a check."""
        return await self._database.transact(lambda tx: self._start(tx, member_seat(tx, caller, now)))

    async def check(self, caller: Caller, draft: BioDraft, now: datetime, *, all_the_same: bool = False) -> BioCheck:
        """Check a bio, and keep the day, the place and the rules that spoke.

        When the text says plainly that its writer is in distress, nothing is kept, nothing may be sent, and nothing
        anywhere tells of it; `all_the_same` checks such a text like any other, but never sends it. Raises TextMissing,
        TextTooLong, BadNumber, or OldCard for a place that is not on offer any more.
        """
        bio = self._checked(draft)

        def work(tx: Tx) -> tuple[EnrolmentId, BioStart, BioReview]:
            seat = member_seat(tx, caller, now)
            start = self._start(tx, seat)
            reviewed = self._reviewed(bio)
            if not reviewed.support_first or all_the_same:
                rules = tuple(dict.fromkeys(finding.rule for finding in reviewed.findings))
                today = local_day(now, seat.enrolment.wish.zone)
                bios.add_check(tx, seat.enrolment.id, Checked(today, bio.place.id, rules))
                members.set_active(tx, seat.enrolment.id, now)
            return seat.enrolment.id, start, reviewed

        member, start, reviewed = await self._database.transact(work)
        sent = start.ai is AiState.AGREED and not reviewed.support_first
        shown = replace(reviewed, support_first=False) if all_the_same else reviewed
        return BioCheck(
            review=shown,
            ai=start.ai,
            sent=sent,
            support=start.support,
            help_lines=self._crisis.help_lines,
            strict=start.strict,
            low_profile=start.low_profile,
            change=None if shown.support_first else self._change(member, shown, now),
        )

    async def critique(self, caller: Caller, draft: BioDraft, now: datetime) -> Critique:
        """Return AI notes on a bio that `check` said may be sent; nothing of them is kept on disk.

        Raises what `check` raises, and OldCard when the text may not be sent after all.
        """
        bio = self._checked(draft)
        if self._reviewed(bio).support_first:
            raise OldCard
        request = CritiqueRequest(bio.text, bio.place, bio.limit, bio.rewrite)
        return await self.ai_notes.notes(caller, request, now)

    async def history(self, caller: Caller, now: datetime) -> list[Checked]:
        """Return the caller's last twenty checks, the newest first."""
        return await self._database.transact(
            lambda tx: bios.checks(tx, member_seat(tx, caller, now).enrolment.id, HISTORY)
        )

    def forget(self, enrolment_id: EnrolmentId) -> None:
        """Forget what is in memory of a member; for whoever erases what is kept of them."""
        for key in [key for key in self._earlier if key[0] == enrolment_id]:
            del self._earlier[key]

    def _start(self, tx: Tx, seat: Seat) -> BioStart:
        focus = focuses.get(tx, seat.enrolment.id)
        track = self._checklist.tracks.get(track_of(focus, seat.cohort.track) or "")
        return BioStart(
            ai=self.ai_notes.state(tx, seat),
            support=seat.cohort.support_contact,
            strict=track is not None and track.stance == STRICT,
            low_profile=focus is not None and focus.season is Season.LOW_PROFILE,
        )

    def _change(self, member: EnrolmentId, reviewed: BioReview, now: datetime) -> BioChange | None:
        """Compare with the check of the same place less than an hour ago, and remember this one instead."""
        for key in [key for key, earlier in self._earlier.items() if now - earlier.at >= KEPT]:
            del self._earlier[key]
        names = tuple(
            dict.fromkeys(self._rubric.rules[one.rule].name.format_map(one.values) for one in reviewed.findings)
        )
        earlier = self._earlier.get((member, reviewed.place.id))
        self._earlier[member, reviewed.place.id] = _Earlier(now, names, reviewed.length)
        if earlier is None:
            return None
        return BioChange(tuple(name for name in earlier.names if name not in names), earlier.length)

    def _checked(self, draft: BioDraft) -> _Bio:
        place = self._rubric.places.get(draft.place_id)
        if place is None:
            raise OldCard
        limit = place.limit
        if limit is None:
            limit = draft.limit
            if limit is None or not SMALLEST_LIMIT <= limit <= LARGEST_LIMIT:
                raise BadNumber("The limit", SMALLEST_LIMIT, LARGEST_LIMIT)
        # Lines and spaces are part of a bio, so it is not put on one line as other texts are.
        text = draft.text.strip()
        if len(text) > BIO_LIMIT:
            raise TextTooLong("Your bio", len(text), BIO_LIMIT)
        if optional_text("Your bio", text, BIO_LIMIT) is None:
            raise TextMissing("Your bio")
        return _Bio(text, place, limit, not draft.my_words)

    def _reviewed(self, bio: _Bio) -> BioReview:
        return review(bio.text, bio.place, bio.limit, self._rubric, self._crisis)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What a check found, by name, so that the next one can say what is gone."""

    at: datetime
    names: tuple[str, ...]
    length: int
