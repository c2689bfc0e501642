"""The member's bios: checked, never kept; and AI notes, for those who agreed to them."""

import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.coaching.bios import BIO_LIMIT, AiReport, BioReview, Critique, CritiqueRequest, Outcome, Place, Subject
from bot.coaching.cohort import Audience, Caller, Cohort, Seat
from bot.coaching.errors import BadNumber, NoCourse, OldCard, TextMissing, TextTooLong
from bot.coaching.focus import Season, track_of
from bot.coaching.footprint import Checklist
from bot.coaching.ids import EnrolmentId
from bot.coaching.texts import optional_text
from bot.coaching.weeks import local_day, monday_of
from bot.critique.checks import review
from bot.services.ai_notes import NOTICE, AiState
from bot.services.critic import Reviewer
from bot.services.seats import member_seat, staff_cohort
from prompts.bios import Crisis, Rubric
from storage import bios, members
from storage import cohort as cohorts
from storage import focus as focuses
from storage.bios import Call, Charge, Checked, Consent, Reservation
from storage.database import Database, DatabaseUnavailable, Tx

SMALLEST_LIMIT, LARGEST_LIMIT = 20, 5000
"""What a member may say is the limit of a place that we do not know."""
HISTORY = 20
KEPT = timedelta(hours=1)
"""How long a good critique stays in memory."""
USAGE_DAYS = 7
STRICT = "strict"
"""The stance of the tracks whose members owe people silence, so that they are asked about others first."""

# No model has worked then: it is no call of the member's.
_FREE = frozenset({Outcome.BUSY, Outcome.QUOTA, Outcome.UNREACHABLE, Outcome.CONFIG, Outcome.RESTING, Outcome.SPENT})
# The last of these says whether it works: others come and go, or say nothing of it.
_WORKS_OR_NOT = (Outcome.OK, Outcome.QUOTA, Outcome.CONFIG)

_log = logging.getLogger(__name__)


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
        host: who would get the text for AI notes; None when none are configured.
        host_note: who runs it and where, in the operator's words.
        support: who helps students in distress at the institution.
        strict: their profession owes people silence.
        low_profile: they would rather be less findable.
    """

    ai: AiState
    host: str | None
    host_note: str | None
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
class AiUsage:
    """How the AI reviewer is doing in a course: how often each outcome came of the last seven days' calls.

    `configured`: there is one at all; `on`: the course has it on. `trouble`: QUOTA or CONFIG, when that was the last
    word on whether it works. The counts are of calls; below five they are not told.
    """

    configured: bool
    on: bool
    calls: Mapping[Outcome, int]
    trouble: Outcome | None
    reports: Mapping[AiReport, int]


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
        self, database: Database, rubric: Rubric, crisis: Crisis, checklist: Checklist, reviewer: Reviewer | None
    ) -> None:
        self._database = database
        self._rubric = rubric
        self._crisis = crisis
        self._checklist = checklist
        self._reviewer = reviewer
        self._kept = _Kept()
        self._earlier: dict[tuple[EnrolmentId, str], _Earlier] = {}
        self._calling: set[EnrolmentId] = set()

    async def start(self, caller: Caller, now: datetime) -> BioStart:
        """Return what the caller needs to know before a check."""
        return await self._database.transact(lambda tx: self._start(tx, member_seat(tx, caller, now)))

    async def decide(self, caller: Caller, now: datetime, *, agree: bool) -> AiState:
        """Keep the caller's answer to the notice in place of an earlier one, and return how they stand now.

        A no is always taken, and whatever is in memory of the caller is forgotten with it. Raises OldCard for a yes
        while there is nothing to agree to; nothing is changed then.
        """

        def work(tx: Tx) -> tuple[EnrolmentId, AiState]:
            seat = member_seat(tx, caller, now)
            member = seat.enrolment.id
            if agree and self._ai(tx, seat) is AiState.OFF:
                raise OldCard
            earlier = bios.consent(tx, member)
            given = earlier if self._reviewer is None else Consent(self._reviewer.host, NOTICE, None)
            if given is not None:
                bios.set_consent(tx, member, replace(given, agreed_at=now if agree else None))
            return member, self._ai(tx, seat)

        member, state = await self._database.transact(work)
        if not agree:
            self.forget(member)
        return state

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
        """Return what the AI reviewer says of a bio that `check` said may be sent; nothing of it is kept on disk.

        SPENT when a cap of the day is reached, BUSY while an earlier call of the same member goes on; neither makes a
        call. The same bio within an hour is answered from memory. Raises what `check` raises, and OldCard when the
        text may not be sent after all.
        """
        bio = self._checked(draft)

        def work(tx: Tx) -> tuple[EnrolmentId, AiState]:
            seat = member_seat(tx, caller, now)
            return seat.enrolment.id, self._ai(tx, seat)

        member, state = await self._database.transact(work)
        if self._reviewer is None or state is not AiState.AGREED or self._reviewed(bio).support_first:
            raise OldCard
        kept = self._kept.of(member, now)
        key = self._kept.key(caller, bio, self._reviewer)
        if key in kept:
            return kept[key].critique
        if member in self._calling:
            return Critique(Outcome.BUSY)
        self._calling.add(member)
        try:
            answer = await self._call(caller, self._reviewer, bio, now)
        finally:
            self._calling.discard(member)
        if answer.outcome is Outcome.OK:
            # Whoever declined meanwhile is not remembered: then this is no longer what is looked into.
            kept[key] = _Good(answer, now)
        return answer

    async def history(self, caller: Caller, now: datetime) -> list[Checked]:
        """Return the caller's last twenty checks, the newest first."""
        return await self._database.transact(
            lambda tx: bios.checks(tx, member_seat(tx, caller, now).enrolment.id, HISTORY)
        )

    async def set_reviewer(self, caller: Caller, *, on: bool) -> Cohort:
        """Let the course's members send bios to the AI reviewer, or no longer; raises NoCourse."""

        def work(tx: Tx) -> Cohort:
            cohort = _course(tx, caller)
            cohorts.set_ai_reviewer(tx, cohort.id, on=on)
            return replace(cohort, ai_reviewer=on)

        return await self._database.transact(work)

    async def usage(self, caller: Caller, now: datetime) -> AiUsage:
        """Return how the AI reviewer is doing in the server's course; raises NoCourse."""
        since = now.astimezone(UTC).date() - timedelta(days=USAGE_DAYS - 1)

        def work(tx: Tx) -> AiUsage:
            cohort = _course(tx, caller)
            last = bios.latest_of(tx, cohort.id, _WORKS_OR_NOT, since)
            return AiUsage(
                self._reviewer is not None,
                cohort.ai_reviewer,
                bios.outcomes(tx, cohort.id, since),
                None if last is Outcome.OK else last,
                bios.reports(tx, cohort.id, monday_of(since)),
            )

        return await self._database.read(work)

    async def report(self, caller: Caller, kind: AiReport, now: datetime) -> None:
        """Count that a member found AI notes wrong, unkind or harmful: by course and week, without a name."""

        def work(tx: Tx) -> None:
            cohort = member_seat(tx, caller, now).cohort
            bios.add_report(tx, cohort.id, kind, monday_of(local_day(now, cohort.zone)))

        await self._database.transact(work)

    @property
    def has_reviewer(self) -> bool:
        """Return whether an AI reviewer is there that a course could switch on."""
        return self._reviewer is not None

    def forget(self, enrolment_id: EnrolmentId) -> None:
        """Forget what is in memory of a member; for whoever erases what is kept of them."""
        self._kept.forget(enrolment_id)
        for key in [key for key in self._earlier if key[0] == enrolment_id]:
            del self._earlier[key]

    def _ai(self, tx: Tx, seat: Seat) -> AiState:
        if self._reviewer is None or not seat.cohort.ai_reviewer:
            return AiState.OFF
        given = bios.consent(tx, seat.enrolment.id)
        if given is None or (given.host, given.notice) != (self._reviewer.host, NOTICE):
            return AiState.UNDECIDED
        return AiState.DECLINED if given.agreed_at is None else AiState.AGREED

    def _start(self, tx: Tx, seat: Seat) -> BioStart:
        focus = focuses.get(tx, seat.enrolment.id)
        track = self._checklist.tracks.get(track_of(focus, seat.cohort.track) or "")
        reviewer = self._reviewer
        return BioStart(
            ai=self._ai(tx, seat),
            host=reviewer and reviewer.host,
            host_note=reviewer and reviewer.host_note,
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

    async def _call(self, caller: Caller, reviewer: Reviewer, bio: _Bio, now: datetime) -> Critique:
        """Reserve, call with no transaction open, and settle whatever happens."""

        def reserve(tx: Tx) -> Reservation | None:
            seat = member_seat(tx, caller, now)
            if self._ai(tx, seat) is not AiState.AGREED:
                raise OldCard
            call = Call(
                seat.enrolment.id,
                seat.cohort.guild_id,
                reviewer.reserve_tokens,
                reviewer.model,
                reviewer.prompt_versions[Subject.BIO],
            )
            return bios.reserve(tx, call, reviewer.caps, now)

        reservation = await self._database.transact(reserve)
        if reservation is None:
            return Critique(Outcome.SPENT)
        # What a call counts as that does not come to an end, because the process is stopped.
        answer = Critique(Outcome.TIMEOUT)
        try:
            answer = await reviewer.critic.critique(CritiqueRequest(bio.text, bio.place, bio.limit, bio.rewrite))
        finally:
            await self._settle(reservation, answer, _charge(answer, reviewer.reserve_tokens))
        return answer

    async def _settle(self, reservation: Reservation, answer: Critique, charge: Charge) -> None:
        try:
            await self._database.transact(lambda tx: bios.settle(tx, reservation, answer, charge))
        except DatabaseUnavailable:
            # The answer is there, and its member shall have it; what was set aside is freed after five minutes.
            _log.warning("call %d to the AI reviewer could not be settled", reservation.id)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What a check found, by name, so that the next one can say what is gone."""

    at: datetime
    names: tuple[str, ...]
    length: int


@dataclass(frozen=True, slots=True)
class _Good:
    """A critique, and when it was asked for."""

    critique: Critique
    at: datetime


class _Kept:
    """Good critiques of the last hour, in memory alone, each member's apart.

    They are found again by a hash with a secret of this process, so that no bio has to be remembered for it.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._members: dict[EnrolmentId, dict[bytes, _Good]] = {}

    def of(self, member: EnrolmentId, now: datetime) -> dict[bytes, _Good]:
        """Return a member's, by key; what is put into it stays until it is an hour old, or they are forgotten."""
        for good in self._members.values():
            for key in [key for key, one in good.items() if now - one.at >= KEPT]:
                del good[key]
        return self._members.setdefault(member, {})

    def key(self, caller: Caller, bio: _Bio, reviewer: Reviewer) -> bytes:
        """Return what a bio's critique is kept under."""
        asked = (
            caller.user_id,
            bio.place.id,
            bio.limit,
            bio.rewrite,
            reviewer.prompt_versions[Subject.BIO],
            reviewer.model,
        )
        told = "\0".join([*map(str, asked), bio.text])
        return hmac.digest(self._secret, told.encode(errors="surrogatepass"), "sha256")

    def forget(self, member: EnrolmentId) -> None:
        """Forget a member's."""
        self._members.pop(member, None)


def _charge(answer: Critique, reserved: int) -> Charge:
    """Tokens to charge: reported usage, or the full reservation if the model may have run."""
    if answer.outcome in _FREE:
        return Charge(0, _tokens(answer) or 0)
    used = _tokens(answer)
    return Charge(1, reserved if used is None else used)


def _tokens(answer: Critique) -> int | None:
    known = [count for count in (answer.usage.prompt, answer.usage.completion) if count is not None]
    return sum(known) if known else None


def _course(tx: Tx, caller: Caller) -> Cohort:
    cohort = staff_cohort(tx, caller, Audience.STAFF, Audience.MANAGER)
    if cohort is None:
        raise NoCourse
    return cohort
