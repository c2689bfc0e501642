"""Bios are checked and never stored; members who agreed to it may also get AI notes."""

import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.coaching.bios import BIO_LIMIT, AiOutcome, AiReport, BioPlace, BioReview, Critique, CritiqueRequest
from bot.coaching.cohort import Audience, Caller, Cohort, Membership
from bot.coaching.errors import BadNumber, OldCard, TextMissing, TextTooLong
from bot.coaching.focus import Season, track_of
from bot.coaching.footprint import Checklist
from bot.coaching.ids import EnrolmentId
from bot.coaching.texts import optional_text
from bot.coaching.weeks import local_day, monday_of
from bot.critique.checks import review
from bot.services.critic import Reviewer
from bot.services.membership import as_member, for_member, open_course
from prompts.bios import Crisis, Rubric
from storage import bios, members
from storage import cohort as cohorts
from storage import focus as focuses
from storage.bios import Call, Charge, Checked, Consent, Reservation
from storage.database import Database, DatabaseUnavailable, Tx

NOTICE = 1
"""The version of the notice that asks for consent; a new one asks everybody again."""
SMALLEST_LIMIT, LARGEST_LIMIT = 20, 5000
"""The limits that a member may give for a place of their own."""
HISTORY = 20
KEPT = timedelta(hours=1)
"""How long a good critique stays in memory."""
USAGE_DAYS = 7
STRICT = "strict"
"""The stance of tracks with a duty of confidentiality: their members are asked about other people first."""

# No model has run then, so it does not count as a call of the member's.
_FREE = frozenset(
    {AiOutcome.BUSY, AiOutcome.QUOTA, AiOutcome.UNREACHABLE, AiOutcome.CONFIG, AiOutcome.RESTING, AiOutcome.SPENT}
)
# The last of these tells whether the reviewer works; the other outcomes come and go.
_WORKS_OR_NOT = (AiOutcome.OK, AiOutcome.QUOTA, AiOutcome.CONFIG)

_log = logging.getLogger(__name__)


class AiState(StrEnum):
    """A member's consent to the AI reviewer; OFF: none is configured, or the course has it off."""

    OFF = "off"
    UNDECIDED = "undecided"
    AGREED = "agreed"
    DECLINED = "declined"


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
        host: Who would get the text for AI notes; None when none are configured.
        host_note: Who runs it and where, in the operator's words.
        support: Who helps students in distress at the institution.
        strict: Their profession has a duty of confidentiality.
        low_profile: They would rather be less findable.
    """

    ai: AiState
    host: str | None
    host_note: str | None
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


@dataclass(frozen=True, slots=True)
class AiUsage:
    """How the AI reviewer is doing in a course.

    Attributes:
        configured: There is one at all.
        on: The course has it on.
        calls: Calls of the last seven days by outcome; below five they are not shown.
        trouble: QUOTA or CONFIG, if that was the last outcome that tells whether it works.
    """

    configured: bool
    on: bool
    calls: Mapping[AiOutcome, int]
    trouble: AiOutcome | None
    reports: Mapping[AiReport, int]


@dataclass(frozen=True, slots=True)
class _Bio:
    """A bio that can be checked, without outer spaces."""

    text: str = field(repr=False)
    place: BioPlace
    limit: int
    rewrite: bool


class BioService:
    """What `/bio` does."""

    def __init__(
        self, database: Database, rubric: Rubric, crisis: Crisis, checklist: Checklist, reviewer: Reviewer | None
    ) -> None:
        self.database = database
        self._rubric = rubric
        self._crisis = crisis
        self._checklist = checklist
        self._reviewer = reviewer
        self._calling: set[EnrolmentId] = set()
        self._checks: dict[tuple[EnrolmentId, str], tuple[datetime, tuple[str, ...], int]] = {}
        """When a member last checked a bio for a place, the names of its findings, and its length."""
        self._answers: dict[EnrolmentId, dict[bytes, tuple[datetime, Critique]]] = {}
        """Good critiques of the last hour by a keyed hash, so that no bio has to be remembered for them."""
        self._secret = secrets.token_bytes(32)

    @for_member
    def start(self, tx: Tx, member: Membership, now: datetime) -> BioStart:
        """Return what the caller needs to know before a check."""
        return self._start(tx, member)

    async def decide(self, caller: Caller, now: datetime, *, agree: bool) -> AiState:
        """Store the caller's answer to the notice in place of an earlier one, and return their state.

        A no is always accepted and clears what is in memory of the caller. Raises OldCard for a yes while there is
        nothing to agree to.
        """

        def work(tx: Tx, member: Membership) -> tuple[EnrolmentId, AiState]:
            if agree and self._ai(tx, member) is AiState.OFF:
                raise OldCard
            earlier = bios.consent(tx, member.id)
            consent = earlier if self._reviewer is None else Consent(self._reviewer.host, NOTICE, None)
            if consent is not None:
                bios.set_consent(tx, member.id, replace(consent, agreed_at=now if agree else None))
            return member.id, self._ai(tx, member)

        enrolment_id, state = await as_member(self.database, caller, now, work)
        if not agree:
            self.forget(enrolment_id)
        return state

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
            sent=start.ai is AiState.AGREED and not reviewed.support_first,
            support=start.support,
            help_lines=self._crisis.help_lines,
            strict=start.strict,
            low_profile=start.low_profile,
            change=None if shown.support_first else self._change(enrolment_id, shown, now),
        )

    async def critique(self, caller: Caller, draft: BioDraft, now: datetime) -> Critique:
        """Return what the AI reviewer says of a bio that `check` allowed to be sent; nothing of it is stored.

        The same bio within an hour is answered from memory. The outcome is SPENT when a cap of the day is reached,
        BUSY while an earlier call of the same member runs; neither makes a call. Raises what `check` raises, and
        OldCard when the text may not be sent after all.
        """
        bio = self._checked(draft)
        enrolment_id, state = await as_member(
            self.database, caller, now, lambda tx, member: (member.id, self._ai(tx, member))
        )
        if self._reviewer is None or state is not AiState.AGREED or self._reviewed(bio).support_first:
            raise OldCard
        for known in self._answers.values():
            for key in [key for key, (at, _) in known.items() if now - at >= KEPT]:
                del known[key]
        answers = self._answers.setdefault(enrolment_id, {})
        key = self._key(caller, bio, self._reviewer)
        if key in answers:
            return answers[key][1]
        if enrolment_id in self._calling:
            return Critique(AiOutcome.BUSY)
        self._calling.add(enrolment_id)
        try:
            answer = await self._call(caller, self._reviewer, bio, now)
        finally:
            self._calling.discard(enrolment_id)
        if answer.outcome is AiOutcome.OK:
            # If the member declined meanwhile, `forget` has dropped this dictionary.
            answers[key] = now, answer
        return answer

    @for_member
    def history(self, tx: Tx, member: Membership, now: datetime) -> list[Checked]:
        """Return the caller's last twenty checks, the newest first."""
        return bios.checks(tx, member.id, HISTORY)

    async def set_reviewer(self, caller: Caller, *, on: bool) -> Cohort:
        """Let the course's members send bios to the AI reviewer, or no longer; raises NoCourse."""

        def work(tx: Tx) -> Cohort:
            cohort = open_course(tx, caller, Audience.STAFF, Audience.MANAGER)
            cohorts.set_ai_reviewer(tx, cohort.id, on=on)
            return replace(cohort, ai_reviewer=on)

        return await self.database.transact(work)

    async def usage(self, caller: Caller, now: datetime) -> AiUsage:
        """Return how the AI reviewer is doing in the server's course; raises NoCourse."""
        since = now.astimezone(UTC).date() - timedelta(days=USAGE_DAYS - 1)

        def work(tx: Tx) -> AiUsage:
            cohort = open_course(tx, caller, Audience.STAFF, Audience.MANAGER)
            last = bios.latest_of(tx, cohort.id, _WORKS_OR_NOT, since)
            return AiUsage(
                self._reviewer is not None,
                cohort.ai_reviewer,
                bios.outcomes(tx, cohort.id, since),
                None if last is AiOutcome.OK else last,
                bios.reports(tx, cohort.id, monday_of(since)),
            )

        return await self.database.read(work)

    @for_member
    def report(self, tx: Tx, member: Membership, kind: AiReport, now: datetime) -> None:
        """Count a report of wrong, unkind or harmful AI notes, by course and week, without a name."""
        bios.add_report(tx, member.cohort.id, kind, monday_of(local_day(now, member.cohort.zone)))

    @property
    def has_reviewer(self) -> bool:
        """Whether an AI reviewer is configured that a course could switch on."""
        return self._reviewer is not None

    def forget(self, enrolment_id: EnrolmentId) -> None:
        """Forget what is in memory of a member, who declined or is erased."""
        self._answers.pop(enrolment_id, None)
        for key in [key for key in self._checks if key[0] == enrolment_id]:
            del self._checks[key]

    def _ai(self, tx: Tx, member: Membership) -> AiState:
        if self._reviewer is None or not member.cohort.ai_reviewer:
            return AiState.OFF
        consent = bios.consent(tx, member.id)
        if consent is None or (consent.host, consent.notice) != (self._reviewer.host, NOTICE):
            return AiState.UNDECIDED
        return AiState.DECLINED if consent.agreed_at is None else AiState.AGREED

    def _start(self, tx: Tx, member: Membership) -> BioStart:
        focus = focuses.get(tx, member.id)
        track = self._checklist.tracks.get(track_of(focus, member.cohort.track) or "")
        reviewer = self._reviewer
        return BioStart(
            ai=self._ai(tx, member),
            host=reviewer and reviewer.host,
            host_note=reviewer and reviewer.host_note,
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

    def _checked(self, draft: BioDraft) -> _Bio:
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
        return _Bio(text, place, limit, not draft.my_words)

    def _reviewed(self, bio: _Bio) -> BioReview:
        return review(bio.text, bio.place, bio.limit, self._rubric, self._crisis)

    def _key(self, caller: Caller, bio: _Bio, reviewer: Reviewer) -> bytes:
        """Return the key under which a bio's critique is remembered."""
        request = (caller.user_id, bio.place.id, bio.limit, bio.rewrite, reviewer.prompt_version, reviewer.model)
        whole = "\0".join([*map(str, request), bio.text])
        return hmac.digest(self._secret, whole.encode(errors="surrogatepass"), "sha256")

    async def _call(self, caller: Caller, reviewer: Reviewer, bio: _Bio, now: datetime) -> Critique:
        """Reserve, call with no transaction open, and settle whatever happens."""

        def reserve(tx: Tx, member: Membership) -> Reservation | None:
            if self._ai(tx, member) is not AiState.AGREED:
                raise OldCard
            guild_id, tokens = member.cohort.guild_id, reviewer.reserve_tokens
            call = Call(member.id, guild_id, tokens, reviewer.model, reviewer.prompt_version)
            return bios.reserve(tx, call, reviewer.caps, now)

        reservation = await as_member(self.database, caller, now, reserve)
        if reservation is None:
            return Critique(AiOutcome.SPENT)
        # The outcome of a call that never ends, because the process is stopped.
        answer = Critique(AiOutcome.TIMEOUT)
        try:
            answer = await reviewer.critic.critique(CritiqueRequest(bio.text, bio.place, bio.limit, bio.rewrite))
        finally:
            await self._settle(reservation, answer, _charge(answer, reviewer.reserve_tokens))
        return answer

    async def _settle(self, reservation: Reservation, answer: Critique, charge: Charge) -> None:
        try:
            await self.database.transact(lambda tx: bios.settle(tx, reservation, answer, charge))
        except DatabaseUnavailable:
            # The member still gets the answer; the reservation is freed after five minutes.
            _log.warning("call %d to the AI reviewer could not be settled", reservation.id)


def _charge(answer: Critique, reserved: int) -> Charge:
    """Tokens to charge: reported usage, or the full reservation if the model may have run."""
    known = [count for count in (answer.usage.prompt, answer.usage.completion) if count is not None]
    if answer.outcome in _FREE:
        return Charge(0, sum(known))
    return Charge(1, sum(known) if known else reserved)
