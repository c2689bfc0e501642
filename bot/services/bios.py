"""The member's bios: looked at, never kept; and the AI reviewer, for those who agreed to it."""

import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.coaching.bios import BIO_LIMIT, BioReview, Critique, CritiqueRequest, Outcome, Place
from bot.coaching.cohort import Audience, Caller, Cohort, Seat
from bot.coaching.errors import BadNumber, NoCourse, OldCard, TextMissing, TextTooLong
from bot.coaching.focus import track_of
from bot.coaching.footprint import Checklist
from bot.coaching.ids import EnrolmentId
from bot.coaching.texts import optional_text
from bot.coaching.weeks import local_day
from bot.critique.rubric import BioContext, review
from bot.services.critic import Reviewer
from bot.services.seats import member_seat, staff_cohort
from prompts.bios import Rubric
from storage import bios, members
from storage import cohort as cohorts
from storage import focus as focuses
from storage.bios import Call, Charge, Checked, Consent, Reservation
from storage.database import Database, DatabaseUnavailable, Tx

NOTICE = 1
"""The version of the notice that asks for consent; a new one asks everybody again."""
SMALLEST_LIMIT, LARGEST_LIMIT = 20, 5000
"""What a member may say is the limit of a place that we do not know."""
HISTORY = 20
KEPT = timedelta(hours=1)
"""How long a good critique stays in memory."""
USAGE_DAYS = 7
STRICT = "strict"
"""The stance of the tracks for whose members some rules are red (method, section 5: B10)."""

# No model has worked then: it is no call of the member's.
_FREE = frozenset({Outcome.BUSY, Outcome.QUOTA, Outcome.UNREACHABLE, Outcome.CONFIG, Outcome.RESTING, Outcome.SPENT})
# The last of these says whether it works: others come and go, or say nothing of it.
_WORKS_OR_NOT = (Outcome.OK, Outcome.QUOTA, Outcome.CONFIG)

_log = logging.getLogger(__name__)


class AiState(StrEnum):
    """How a member stands to the AI reviewer; off means that none is configured, or the course has it off."""

    OFF = "off"
    UNDECIDED = "undecided"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class BioDraft:
    """A bio as written in the form. `limit`: for a place without one of its own. `my_words`: no rewrite, please."""

    place_id: str
    text: str = field(repr=False)
    limit: int | None = None
    my_words: bool = False


@dataclass(frozen=True, slots=True)
class BioStart:
    """What a member needs to know first: how they stand to the AI reviewer, who would get the text, whom to turn to.

    `host` None: no AI reviewer is configured.
    """

    ai: AiState
    host: str | None
    support: str | None


@dataclass(frozen=True, slots=True)
class BioCheck:
    """What the offline review says, and `sent`: the AI reviewer may be asked for this bio too, with `critique`.

    `host` and `support` as in BioStart.
    """

    review: BioReview
    ai: AiState
    sent: bool
    host: str | None
    support: str | None


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


@dataclass(frozen=True, slots=True)
class _Bio:
    """A bio that can be looked at; `text` is as written, without outer spaces."""

    text: str = field(repr=False)
    place: Place
    limit: int
    rewrite: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of whoever asks."""

    seat: Seat
    context: BioContext
    ai: AiState


class BioService:
    """What `/bio` does."""

    def __init__(self, database: Database, rubric: Rubric, checklist: Checklist, reviewer: Reviewer | None) -> None:
        self._database = database
        self._rubric = rubric
        self._checklist = checklist
        self._reviewer = reviewer
        self._kept = _Kept()
        self._calling: set[EnrolmentId] = set()

    async def start(self, caller: Caller, now: datetime) -> BioStart:
        """Return how the caller stands to the AI reviewer."""

        def work(tx: Tx) -> BioStart:
            seat = member_seat(tx, caller, now)
            return BioStart(self._ai(tx, seat), self._host, seat.cohort.support_contact)

        return await self._database.transact(work)

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

    async def check(self, caller: Caller, draft: BioDraft, now: datetime) -> BioCheck:
        """Return what the offline review says, and keep the day, the place and the rules that spoke.

        When the text may speak of somebody in need, nothing is kept and the AI reviewer is not to be asked. Raises
        TextMissing, TextTooLong, BadNumber, or OldCard for a place that is not on offer any more.
        """
        bio = self._checked(draft)
        known = await self._database.transact(lambda tx: self._known(tx, caller, now))
        reviewed = self._reviewed(bio, known)

        def keep(tx: Tx) -> None:
            seat = member_seat(tx, caller, now)
            rules = tuple(dict.fromkeys(finding.rule for finding in reviewed.findings))
            today = local_day(now, seat.enrolment.wish.zone)
            bios.add_check(tx, seat.enrolment.id, Checked(today, bio.place.id, rules))
            members.set_active(tx, seat.enrolment.id, now)

        if not reviewed.distress:
            await self._database.transact(keep)
        return BioCheck(reviewed, known.ai, _may_send(known, reviewed), self._host, known.seat.cohort.support_contact)

    async def critique(self, caller: Caller, draft: BioDraft, now: datetime) -> Critique:
        """Return what the AI reviewer says of a bio that `check` said may be sent; nothing of it is kept on disk.

        SPENT when a cap of the day is reached, BUSY while an earlier call of the same member goes on; neither makes a
        call. The same bio within an hour is answered from memory. Raises what `check` raises, and OldCard when the
        text may not be sent after all.
        """
        bio = self._checked(draft)
        known = await self._database.transact(lambda tx: self._known(tx, caller, now))
        if self._reviewer is None or not _may_send(known, self._reviewed(bio, known)):
            raise OldCard
        member = known.seat.enrolment.id
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
            )

        return await self._database.read(work)

    @property
    def has_reviewer(self) -> bool:
        """Return whether an AI reviewer is there that a course could switch on."""
        return self._reviewer is not None

    def forget(self, enrolment_id: EnrolmentId) -> None:
        """Forget what is in memory of a member; for whoever erases what is kept of them."""
        self._kept.forget(enrolment_id)

    @property
    def _host(self) -> str | None:
        return None if self._reviewer is None else self._reviewer.host

    def _ai(self, tx: Tx, seat: Seat) -> AiState:
        if self._reviewer is None or not seat.cohort.ai_reviewer:
            return AiState.OFF
        given = bios.consent(tx, seat.enrolment.id)
        if given is None or (given.host, given.notice) != (self._reviewer.host, NOTICE):
            return AiState.UNDECIDED
        return AiState.DECLINED if given.agreed_at is None else AiState.AGREED

    def _known(self, tx: Tx, caller: Caller, now: datetime) -> _Known:
        seat = member_seat(tx, caller, now)
        focus = focuses.get(tx, seat.enrolment.id)
        track = self._checklist.tracks.get(track_of(focus, seat.cohort.track) or "")
        strict = track is not None and track.stance == STRICT
        return _Known(seat, BioContext(strict, () if focus is None else focus.fields), self._ai(tx, seat))

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

    def _reviewed(self, bio: _Bio, known: _Known) -> BioReview:
        return review(bio.text, bio.place, bio.limit, self._rubric, known.context)

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
                reviewer.prompt_version,
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
        asked = (caller.user_id, bio.place.id, bio.limit, bio.rewrite, reviewer.prompt_version, reviewer.model)
        told = "\0".join([*map(str, asked), bio.text])
        return hmac.digest(self._secret, told.encode(errors="surrogatepass"), "sha256")

    def forget(self, member: EnrolmentId) -> None:
        """Forget a member's."""
        self._members.pop(member, None)


def _may_send(known: _Known, reviewed: BioReview) -> bool:
    return known.ai is AiState.AGREED and not reviewed.distress


def _charge(answer: Critique, reserved: int) -> Charge:
    """Return what a call is held to have used: what the server said, else all of it unless no model can have worked."""
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
