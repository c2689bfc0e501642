"""AI notes on texts that are checked: who agreed to them, what the day's caps allow, and an hour's memory of answers.

No text, note or rewrite is stored, and no transaction is open during a call.
"""

import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.coaching.bios import AiOutcome, AiReport, Critique, CritiqueRequest
from bot.coaching.cohort import Audience, Caller, Cohort, Membership
from bot.coaching.errors import OldCard
from bot.coaching.ids import EnrolmentId
from bot.coaching.weeks import local_day, monday_of
from bot.services.critic import Reviewer
from bot.services.membership import as_member, for_member, open_course
from storage import bios
from storage import cohort as cohorts
from storage.bios import Call, Charge, Consent, Reservation
from storage.database import Database, DatabaseUnavailable, Tx

NOTICE = 2
"""The version of the notice that asks for consent; a new one asks everybody again. 2 names messages too."""
KEPT = timedelta(hours=1)
"""How long a good critique, and what a check found, stay in memory."""
USAGE_DAYS = 7

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
class AiOffer:
    """What a member is told before they agree.

    Attributes:
        host: Who would get the text; None when no AI is configured.
        host_note: Who runs it and where, in the operator's words.
    """

    state: AiState
    host: str | None
    host_note: str | None


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


class AiNotes:
    """Asks the AI reviewer for members who agreed, within the caps of the day."""

    def __init__(self, database: Database, reviewer: Reviewer | None) -> None:
        self.database = database
        self.reviewer = reviewer
        self._calling: set[EnrolmentId] = set()
        self._answers: dict[EnrolmentId, dict[bytes, tuple[datetime, Critique]]] = {}
        """Good critiques of the last hour by a keyed hash, so that no text has to be remembered for them."""
        self._secret = secrets.token_bytes(32)

    def state(self, tx: Tx, member: Membership) -> AiState:
        """Return a member's consent, as far as it holds for the present host and notice."""
        if self.reviewer is None or not member.cohort.ai_reviewer:
            return AiState.OFF
        consent = bios.consent(tx, member.id)
        if consent is None or (consent.host, consent.notice) != (self.reviewer.host, NOTICE):
            return AiState.UNDECIDED
        return AiState.DECLINED if consent.agreed_at is None else AiState.AGREED

    @for_member
    def offer(self, tx: Tx, member: Membership, now: datetime) -> AiOffer:
        """Return what the caller is told before they agree."""
        reviewer = self.reviewer
        return AiOffer(self.state(tx, member), reviewer and reviewer.host, reviewer and reviewer.host_note)

    async def decide(self, caller: Caller, now: datetime, *, agree: bool) -> AiState:
        """Store the caller's answer to the notice in place of an earlier one, and return their state.

        A no is always accepted and clears what is in memory of the caller. Raises OldCard for a yes while there is
        nothing to agree to.
        """

        def work(tx: Tx, member: Membership) -> tuple[EnrolmentId, AiState]:
            if agree and self.state(tx, member) is AiState.OFF:
                raise OldCard
            earlier = bios.consent(tx, member.id)
            consent = earlier if self.reviewer is None else Consent(self.reviewer.host, NOTICE, None)
            if consent is not None:
                bios.set_consent(tx, member.id, replace(consent, agreed_at=now if agree else None))
            return member.id, self.state(tx, member)

        enrolment_id, state = await as_member(self.database, caller, now, work)
        if not agree:
            self.forget(enrolment_id)
        return state

    async def notes(self, caller: Caller, request: CritiqueRequest, now: datetime) -> Critique:
        """Return what the AI reviewer says of a text that its check allowed to be sent; nothing of it is stored.

        The same text within an hour is answered from memory. The outcome is SPENT when a cap of the day is reached,
        BUSY while an earlier call of the same member runs; neither makes a call. Raises OldCard
        without consent.
        """
        enrolment_id, state = await as_member(
            self.database, caller, now, lambda tx, member: (member.id, self.state(tx, member))
        )
        if self.reviewer is None or state is not AiState.AGREED:
            raise OldCard
        for known in self._answers.values():
            for key in [key for key, (at, _) in known.items() if now - at >= KEPT]:
                del known[key]
        answers = self._answers.setdefault(enrolment_id, {})
        key = self._key(caller, request, self.reviewer)
        if key in answers:
            return answers[key][1]
        if enrolment_id in self._calling:
            return Critique(AiOutcome.BUSY)
        self._calling.add(enrolment_id)
        try:
            answer = await self._call(caller, self.reviewer, request, now)
        finally:
            self._calling.discard(enrolment_id)
        if answer.outcome is AiOutcome.OK:
            # If the member declined meanwhile, `forget` has dropped this dictionary.
            answers[key] = now, answer
        return answer

    async def set_reviewer(self, caller: Caller, *, on: bool) -> Cohort:
        """Let the course's members send texts to the AI reviewer, or no longer; raises NoCourse."""

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
                self.reviewer is not None,
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

    def forget(self, enrolment_id: EnrolmentId) -> None:
        """Forget what is in memory of a member, who declined or is erased."""
        self._answers.pop(enrolment_id, None)

    def _key(self, caller: Caller, request: CritiqueRequest, reviewer: Reviewer) -> bytes:
        """Return the key under which a critique is remembered."""
        text = (caller.user_id, request.subject, request.place.id, request.limit, request.rewrite)
        by = (reviewer.prompt_versions[request.subject], reviewer.model)
        whole = "\0".join([*map(str, text + by), request.text])
        return hmac.digest(self._secret, whole.encode(errors="surrogatepass"), "sha256")

    async def _call(self, caller: Caller, reviewer: Reviewer, request: CritiqueRequest, now: datetime) -> Critique:
        """Reserve, call with no transaction open, and settle whatever happens."""

        def reserve(tx: Tx, member: Membership) -> Reservation | None:
            if self.state(tx, member) is not AiState.AGREED:
                raise OldCard
            version, tokens = reviewer.prompt_versions[request.subject], reviewer.reserve_tokens
            call = Call(member.id, member.cohort.guild_id, tokens, reviewer.model, version)
            return bios.reserve(tx, call, reviewer.caps, now)

        reservation = await as_member(self.database, caller, now, reserve)
        if reservation is None:
            return Critique(AiOutcome.SPENT)
        # The outcome of a call that never ends, because the process is stopped.
        answer = Critique(AiOutcome.TIMEOUT)
        try:
            answer = await reviewer.critic.critique(request)
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
