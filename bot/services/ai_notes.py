"""AI notes on a text that is checked: who agreed to them, what the day's limits allow, and an hour's memory of answers.

No text, note or rewrite is stored, and no transaction is open during a call.
"""

import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.coaching.bios import AiReport, Critique, CritiqueRequest, Outcome
from bot.coaching.cohort import Audience, Caller, Cohort, Seat
from bot.coaching.errors import NoCourse, OldCard
from bot.coaching.ids import EnrolmentId
from bot.coaching.weeks import local_day, monday_of
from bot.services.critic import Reviewer
from bot.services.seats import member_seat, staff_cohort
from storage import bios
from storage import cohort as cohorts
from storage.bios import Call, Charge, Consent, Reservation
from storage.database import Database, DatabaseUnavailable, Tx

NOTICE = 2
"""The version of the notice that asks for consent; a new one asks everybody again. 2: messages are named too."""
KEPT = timedelta(hours=1)
"""How long a good critique stays in memory, and what a check found, so that the next one says what is gone."""
USAGE_DAYS = 7

# No model has worked then: it is no call of the member's.
_FREE = frozenset({Outcome.BUSY, Outcome.QUOTA, Outcome.UNREACHABLE, Outcome.CONFIG, Outcome.RESTING, Outcome.SPENT})

# The last of these says whether it works: others come and go, or say nothing of it.
_WORKS_OR_NOT = (Outcome.OK, Outcome.QUOTA, Outcome.CONFIG)

_log = logging.getLogger(__name__)


class AiState(StrEnum):
    """A member's choice about AI notes; off means that none are configured, or the course has them off."""

    OFF = "off"
    UNDECIDED = "undecided"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class AiOffer:
    """What a member is told before they agree.

    Attributes:
        host: who would get the text; None when no AI is configured.
        host_note: who runs it and where, in the operator's words.
    """

    state: AiState
    host: str | None
    host_note: str | None


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


class AiNotes:
    """Asks the AI reviewer for members who agreed, within the limits of the day."""

    def __init__(self, database: Database, reviewer: Reviewer | None) -> None:
        self.database = database
        self.reviewer = reviewer
        self._secret = secrets.token_bytes(32)
        # Found again by a hash with this process's secret, so that no text has to be remembered.
        self._answers: dict[EnrolmentId, dict[bytes, tuple[datetime, Critique]]] = {}
        self._calling: set[EnrolmentId] = set()

    def state(self, tx: Tx, seat: Seat) -> AiState:
        """Return the member's choice, as far as it holds for the present host and notice."""
        if self.reviewer is None or not seat.cohort.ai_reviewer:
            return AiState.OFF
        given = bios.consent(tx, seat.enrolment.id)
        if given is None or (given.host, given.notice) != (self.reviewer.host, NOTICE):
            return AiState.UNDECIDED
        return AiState.DECLINED if given.agreed_at is None else AiState.AGREED

    async def offer(self, caller: Caller, now: datetime) -> AiOffer:
        """Return what the caller is told before they agree."""
        state = await self.database.transact(lambda tx: self.state(tx, member_seat(tx, caller, now)))
        reviewer = self.reviewer
        return AiOffer(state, reviewer and reviewer.host, reviewer and reviewer.host_note)

    async def decide(self, caller: Caller, now: datetime, *, agree: bool) -> AiState:
        """Keep the caller's answer to the notice in place of an earlier one, and return their choice now.

        A no is always taken, and whatever is in memory of the caller is forgotten with it. Raises OldCard for a yes
        while there is nothing to agree to; nothing is changed then.
        """

        def work(tx: Tx) -> tuple[EnrolmentId, AiState]:
            seat = member_seat(tx, caller, now)
            member = seat.enrolment.id
            if agree and self.state(tx, seat) is AiState.OFF:
                raise OldCard
            earlier = bios.consent(tx, member)
            given = earlier if self.reviewer is None else Consent(self.reviewer.host, NOTICE, None)
            if given is not None:
                bios.set_consent(tx, member, replace(given, agreed_at=now if agree else None))
            return member, self.state(tx, seat)

        member, state = await self.database.transact(work)
        if not agree:
            self.forget(member)
        return state

    async def notes(self, caller: Caller, request: CritiqueRequest, now: datetime) -> Critique:
        """Return what the AI reviewer says of a text whose check said that it may be sent.

        SPENT when a limit of the day is reached, BUSY while an earlier call of the same member goes on; neither makes a
        call. The same text within an hour is answered from memory. Raises OldCard without consent.
        """

        def work(tx: Tx) -> tuple[EnrolmentId, AiState]:
            seat = member_seat(tx, caller, now)
            return seat.enrolment.id, self.state(tx, seat)

        member, state = await self.database.transact(work)
        if self.reviewer is None or state is not AiState.AGREED:
            raise OldCard
        answers = self._answers_of(member, now)
        key = self._key(caller, request, self.reviewer)
        if key in answers:
            return answers[key][1]
        if member in self._calling:
            return Critique(Outcome.BUSY)
        self._calling.add(member)
        try:
            answer = await self._call(caller, self.reviewer, request, now)
        finally:
            self._calling.discard(member)
        if answer.outcome is Outcome.OK:
            # Whoever declined meanwhile was forgotten: then this is no longer the dictionary that is looked into.
            answers[key] = now, answer
        return answer

    async def set_reviewer(self, caller: Caller, *, on: bool) -> Cohort:
        """Let the course's members send texts to the AI reviewer, or no longer; raises NoCourse."""

        def work(tx: Tx) -> Cohort:
            cohort = _course(tx, caller)
            cohorts.set_ai_reviewer(tx, cohort.id, on=on)
            return replace(cohort, ai_reviewer=on)

        return await self.database.transact(work)

    async def usage(self, caller: Caller, now: datetime) -> AiUsage:
        """Return how the AI reviewer is doing in the server's course; raises NoCourse."""
        since = now.astimezone(UTC).date() - timedelta(days=USAGE_DAYS - 1)

        def work(tx: Tx) -> AiUsage:
            cohort = _course(tx, caller)
            last = bios.latest_of(tx, cohort.id, _WORKS_OR_NOT, since)
            return AiUsage(
                self.reviewer is not None,
                cohort.ai_reviewer,
                bios.outcomes(tx, cohort.id, since),
                None if last is Outcome.OK else last,
                bios.reports(tx, cohort.id, monday_of(since)),
            )

        return await self.database.read(work)

    async def report(self, caller: Caller, kind: AiReport, now: datetime) -> None:
        """Count that a member found AI notes wrong, unkind or harmful: by course and week, without a name."""

        def work(tx: Tx) -> None:
            cohort = member_seat(tx, caller, now).cohort
            bios.add_report(tx, cohort.id, kind, monday_of(local_day(now, cohort.zone)))

        await self.database.transact(work)

    def forget(self, enrolment_id: EnrolmentId) -> None:
        """Forget what is in memory of a member; for whoever erases what is kept of them."""
        self._answers.pop(enrolment_id, None)

    def _answers_of(self, member: EnrolmentId, now: datetime) -> dict[bytes, tuple[datetime, Critique]]:
        """Return a member's good answers of the last hour by key, and drop everybody's older ones."""
        for answers in self._answers.values():
            for key in [key for key, (at, _) in answers.items() if now - at >= KEPT]:
                del answers[key]
        return self._answers.setdefault(member, {})

    def _key(self, caller: Caller, request: CritiqueRequest, reviewer: Reviewer) -> bytes:
        asked = (caller.user_id, request.subject, request.place.id, request.limit, request.rewrite)
        by = (reviewer.prompt_versions[request.subject], reviewer.model)
        text = "\0".join([*map(str, asked + by), request.text])
        return hmac.digest(self._secret, text.encode(errors="surrogatepass"), "sha256")

    async def _call(self, caller: Caller, reviewer: Reviewer, request: CritiqueRequest, now: datetime) -> Critique:
        """Reserve, call with no transaction open, and settle whatever happens."""

        def reserve(tx: Tx) -> Reservation | None:
            seat = member_seat(tx, caller, now)
            if self.state(tx, seat) is not AiState.AGREED:
                raise OldCard
            version = reviewer.prompt_versions[request.subject]
            call = Call(seat.enrolment.id, seat.cohort.guild_id, reviewer.reserve_tokens, reviewer.model, version)
            return bios.reserve(tx, call, reviewer.caps, now)

        reservation = await self.database.transact(reserve)
        if reservation is None:
            return Critique(Outcome.SPENT)
        # What a call counts as that does not come to an end, because the process is stopped.
        answer = Critique(Outcome.TIMEOUT)
        try:
            answer = await reviewer.critic.critique(request)
        finally:
            await self._settle(reservation, answer, reviewer.reserve_tokens)
        return answer

    async def _settle(self, reservation: Reservation, answer: Critique, reserved: int) -> None:
        """Charge reported usage, or the full reservation if the model may have run."""
        known = [count for count in (answer.usage.prompt, answer.usage.completion) if count is not None]
        free = answer.outcome in _FREE
        tokens = sum(known) if known or free else reserved
        try:
            charge = Charge(0 if free else 1, tokens)
            await self.database.transact(lambda tx: bios.settle(tx, reservation, answer, charge))
        except DatabaseUnavailable:
            # The answer is there, and its member shall have it; what was set aside is freed after five minutes.
            _log.warning("call %d to the AI reviewer could not be settled", reservation.id)


def _course(tx: Tx, caller: Caller) -> Cohort:
    cohort = staff_cohort(tx, caller, Audience.STAFF, Audience.MANAGER)
    if cohort is None:
        raise NoCourse
    return cohort
