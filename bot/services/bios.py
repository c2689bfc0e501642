"""Bios are checked, and text given to the check is never stored."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.coaching.bios import BIO_LIMIT, BioReview, Critique, CritiqueRequest
from bot.coaching.cohort import Caller, Membership
from bot.coaching.errors import BadNumber, OldCard, TextMissing, TextTooLong
from bot.coaching.focus import Season, track_of
from bot.coaching.footprint import Checklist
from bot.coaching.ids import EnrolmentId
from bot.coaching.texts import optional_text
from bot.services.ai_notes import KEPT, AiNotes, AiState
from bot.services.membership import as_member, for_member
from prompts.bios import Crisis, Rubric
from storage import bios, members
from storage import focus as focuses
from storage.bios import Checked
from storage.database import Database, Tx

SMALLEST_LIMIT, LARGEST_LIMIT = 20, 5000
"""The limits that a member may give for a place of their own."""
HISTORY = 20
STRICT = "strict"
"""The stance of tracks with a duty of confidentiality: their members are asked about other people first."""


@dataclass(frozen=True, slots=True)
class BioDraft:
    """A bio as written in the form.

    Attributes:
        limit: For a place without a limit of its own.
        my_words: No rewrite, please.
    """

    place_id: str
    text: str = field(repr=False)
    limit: int | None = None
    my_words: bool = False


@dataclass(frozen=True, slots=True)
class BioStart:
    """What a member needs to know before a check.

    Attributes:
        support: Who helps students in distress at the institution.
        strict: Their profession has a duty of confidentiality.
        low_profile: They would rather be less findable.
    """

    ai: AiState
    support: str | None
    strict: bool
    low_profile: bool


@dataclass(frozen=True, slots=True)
class BioChange:
    """What changed since a check of the same place within the hour: names of findings that no longer match."""

    gone: tuple[str, ...]
    length_before: int


@dataclass(frozen=True, slots=True)
class BioCheck:
    """What the offline check says, with what its card needs to know of the member.

    Attributes:
        sent: `critique` may be called for this bio.
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


class BioService:
    """What `/bio` does."""

    def __init__(
        self, database: Database, rubric: Rubric, crisis: Crisis, checklist: Checklist, ai_notes: AiNotes
    ) -> None:
        self.database = database
        self._rubric = rubric
        self._crisis = crisis
        self._checklist = checklist
        self.ai_notes = ai_notes
        self._checks: dict[tuple[EnrolmentId, str], tuple[datetime, tuple[str, ...], int]] = {}
        """When a member last checked a bio for a place, the names of its findings, and its length."""

    @for_member
    def start(self, tx: Tx, member: Membership, now: datetime) -> BioStart:
        """Return what the caller needs to know before a check."""
        return self._start(tx, member)

    async def check(self, caller: Caller, draft: BioDraft, now: datetime, *, all_the_same: bool = False) -> BioCheck:
        """Check a bio, and store the day, the place and the rules that matched, never the text.

        Of a text in crisis language nothing is stored, sent or logged; `all_the_same` checks it like any other, but
        never sends it. Raises TextMissing, TextTooLong, BadNumber, or OldCard for a place no longer on offer.
        """
        bio = self._checked(draft)

        def work(tx: Tx, member: Membership) -> tuple[EnrolmentId, BioStart, BioReview]:
            start = self._start(tx, member)
            reviewed = self._reviewed(bio)
            if not reviewed.support_first or all_the_same:
                rules = tuple(dict.fromkeys(finding.rule for finding in reviewed.findings))
                bios.add_check(tx, member.id, Checked(member.today(now), bio.place.id, rules))
                members.set_active(tx, member.id, now)
            return member.id, start, reviewed

        enrolment_id, start, reviewed = await as_member(self.database, caller, now, work)
        shown = replace(reviewed, support_first=False) if all_the_same else reviewed
        return BioCheck(
            review=shown,
            ai=start.ai,
            sent=start.ai is AiState.AGREED and not reviewed.support_first and not all_the_same,
            support=start.support,
            help_lines=self._crisis.help_lines,
            strict=start.strict,
            low_profile=start.low_profile,
            change=None if shown.support_first else self._change(enrolment_id, shown, now),
        )

    async def critique(self, caller: Caller, draft: BioDraft, now: datetime) -> Critique:
        """Return AI notes on a bio that `check` allowed to be sent, as `AiNotes.notes` does.

        Raises what `check` raises, and OldCard when the text may not be sent after all.
        """
        bio = self._checked(draft)
        if self._reviewed(bio).support_first:
            raise OldCard
        return await self.ai_notes.notes(caller, bio, now)

    @for_member
    def history(self, tx: Tx, member: Membership, now: datetime) -> list[Checked]:
        """Return the caller's last twenty checks, the newest first."""
        return bios.checks(tx, member.id, HISTORY)

    def forget(self, enrolment_id: EnrolmentId) -> None:
        """Forget what is in memory of a member who is erased."""
        for key in [key for key in self._checks if key[0] == enrolment_id]:
            del self._checks[key]

    def _start(self, tx: Tx, member: Membership) -> BioStart:
        focus = focuses.get(tx, member.id)
        track = self._checklist.tracks.get(track_of(focus, member.cohort.track) or "")
        return BioStart(
            ai=self.ai_notes.state(tx, member),
            support=member.cohort.support_contact,
            strict=track is not None and track.stance == STRICT,
            low_profile=focus is not None and focus.season is Season.LOW_PROFILE,
        )

    def _change(self, enrolment_id: EnrolmentId, reviewed: BioReview, now: datetime) -> BioChange | None:
        """Compare with the check of the same place less than an hour ago, and remember this one instead."""
        for key in [key for key, (at, _, _) in self._checks.items() if now - at >= KEPT]:
            del self._checks[key]
        matched = [self._rubric.rules[finding.rule].name.format_map(finding.values) for finding in reviewed.findings]
        names = tuple(dict.fromkeys(matched))
        earlier = self._checks.get((enrolment_id, reviewed.place.id))
        self._checks[enrolment_id, reviewed.place.id] = now, names, reviewed.length
        return earlier and BioChange(tuple(name for name in earlier[1] if name not in names), earlier[2])

    def _checked(self, draft: BioDraft) -> CritiqueRequest:
        place = self._rubric.places.get(draft.place_id)
        if place is None:
            raise OldCard
        limit = place.limit
        if limit is None:
            limit = draft.limit
            if limit is None or not SMALLEST_LIMIT <= limit <= LARGEST_LIMIT:
                raise BadNumber("The limit", SMALLEST_LIMIT, LARGEST_LIMIT)
        # Unlike other texts, a bio keeps its lines and spaces.
        text = draft.text.strip()
        if len(text) > BIO_LIMIT:
            raise TextTooLong("Your bio", len(text), BIO_LIMIT)
        if optional_text("Your bio", text, BIO_LIMIT) is None:
            raise TextMissing("Your bio")
        return CritiqueRequest(text, place, limit, not draft.my_words)

    def _reviewed(self, bio: CritiqueRequest) -> BioReview:
        from bot.critique.checks import review  # noqa: PLC0415 - its patterns take a tenth of a second to compile

        return review(bio.text, bio.place, bio.limit, self._rubric, self._crisis)
