"""What members tell their instructors, and what the instructors read of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.coaching.cohort import Audience, Caller, Cohort, Membership
from bot.coaching.errors import AskedAlready, OldCard, TooMuchFeedback
from bot.coaching.ids import CohortId, EnrolmentId, FeedbackId, UserId
from bot.coaching.texts import checked_text, optional_text, plain
from bot.coaching.weeks import local_day, monday_of
from bot.services.checkin import record_checkin
from bot.services.membership import as_member, for_member, open_course
from storage import checkin, feedback
from storage.database import Database, Tx
from storage.feedback import Feedback

TEXT_LIMIT = 1000
PAGE = 5
"""Most texts on a page."""
PAGE_ROOM = 2500
"""Characters of texts, as they are shown, after which a page takes no more; the first one always fits."""
MOST_UNSIGNED, UNSIGNED_WITHIN = 5, timedelta(hours=1)
"""Most texts of one account without a name, and within what time."""
MOST_WAITING = 8
"""Most members on a page who asked to be contacted (method, section 6)."""


class How(StrEnum):
    """How a member wants to be heard."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Told:
    """What a member told the instructors of a course, on which day there, and in the week of which Monday."""

    course: str
    how: How
    text: str | None
    on: date
    week: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """A member who asked to be contacted, and since when: the day in the course's zone, and the second."""

    enrolment_id: EnrolmentId
    user_id: UserId
    since: date
    asked_at: int


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """What instructors read: members who asked to be contacted, and texts, newest first.

    Attributes:
        texts: Whether each was `read` is as of before this page.
        newest: It is the first page, which alone shows who waits.
        older: The text after which the next page begins; None on the last one.
    """

    cohort: Cohort
    waiting: tuple[Waiting, ...]
    more_waiting: bool
    texts: tuple[Feedback, ...]
    newest: bool
    older: FeedbackId | None


class FeedbackService:
    """What `/feedback` and `/cohort feedback` do."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._unsigned: dict[UserId, list[datetime]] = {}
        """When accounts wrote unsigned in the last hour, in memory only: one account may not flood the others out."""

    @for_member
    def course(self, tx: Tx, member: Membership, now: datetime) -> Cohort:
        """Return the course whose instructors the caller would write to."""
        return member.cohort

    async def tell(
        self, caller: Caller, how: How, text: str | None, now: datetime, *, course: CohortId | None = None
    ) -> Told:
        """Tell a course's instructors something, or ask them to get in touch; `course` None: the one meant here.

        Raises TextMissing, TextTooLong, TooMuchFeedback, AskedAlready while an earlier request for contact is open, or
        OldCard when the caller's course is another one by now.
        """
        written = (optional_text if how is How.CONTACT else checked_text)("The text", text, TEXT_LIMIT)
        if how is How.UNSIGNED:
            self._check_pace(caller.user_id, now)

        caller = replace(caller, meant=course)

        def checked(_: Tx, member: Membership) -> Membership:
            if course is not None and member.cohort.id != course:
                raise OldCard
            return member

        def write(tx: Tx, member: Membership) -> Told:
            if how is How.CONTACT and not feedback.ask_contact(tx, member.id, now):
                raise AskedAlready
            # In the course's zone: the member's own would give a hint who wrote late on a Sunday.
            today = local_day(now, member.cohort.zone)
            week = monday_of(today)
            if written is not None:
                # Nothing else is stored: "active now" beside an unsigned text would tell who wrote it.
                author = None if how is How.UNSIGNED else member.id
                feedback.add(tx, member.cohort.id, author, written, week)
            return Told(member.cohort.name, how, written, today, week)

        if how is not How.UNSIGNED:
            return await as_member(self.database, caller, now, lambda tx, member: write(tx, checked(tx, member)))
        # The member's activity is recorded in a transaction of its own: PostgreSQL notes on every row which transaction
        # wrote it, and an unsigned text must not share that with a member's row.
        member = await as_member(self.database, caller, now, checked)
        return await self.database.transact(lambda tx: write(tx, member))

    def _check_pace(self, user_id: UserId, now: datetime) -> None:
        lately = [at for at in self._unsigned.get(user_id, ()) if now - at < UNSIGNED_WITHIN]
        if len(lately) >= MOST_UNSIGNED:
            raise TooMuchFeedback(MOST_UNSIGNED)
        self._unsigned = {user: times for user, times in self._unsigned.items() if now - times[-1] < UNSIGNED_WITHIN}
        self._unsigned[user_id] = [*lately, now]

    def forget(self, user_id: UserId) -> None:
        """Forget when an erased account wrote unsigned."""
        self._unsigned.pop(user_id, None)

    @for_member
    def take_back(self, tx: Tx, member: Membership, now: datetime) -> bool:
        """Withdraw the caller's request for contact; False when none is open. A text sent with it stays."""
        return feedback.greeted(tx, member.cohort.id, member.id, None)

    async def page(self, caller: Caller, before: FeedbackId | None, now: datetime) -> FeedbackPage:
        """Return the newest texts, or those from before one of them, and mark them as read; raises NoCourse."""
        return await self.database.transact(
            lambda tx: _page(tx, caller, open_course(tx, caller, Audience.INSTRUCTOR), before, now)
        )

    async def greet(
        self, caller: Caller, enrolment_id: EnrolmentId, now: datetime, *, asked_at: int | None = None
    ) -> FeedbackPage:
        """Record that a member who asked at that second (None: whenever) was contacted; return the first page.

        A later request of theirs stays open. Raises NoCourse.
        """

        def work(tx: Tx) -> FeedbackPage:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            if feedback.greeted(tx, cohort.id, enrolment_id, asked_at):
                checkin.set_greeted(tx, cohort.id, enrolment_id, now)
            return _page(tx, caller, cohort, None, now)

        return await self.database.transact(work)


def _page(tx: Tx, caller: Caller, cohort: Cohort, before: FeedbackId | None, now: datetime) -> FeedbackPage:
    texts = feedback.read(tx, cohort.id, PAGE + 1, before)
    shown: list[Feedback] = []
    room = PAGE_ROOM
    for text in texts[:PAGE]:  # each of them whole
        room -= len(plain(text.text))
        if shown and room < 0:
            break
        shown.append(text)
    feedback.mark_read(tx, cohort.id, [text.id for text in shown if not text.read], now)
    asked = [] if before is not None else feedback.asked_contact(tx, cohort.id, MOST_WAITING + 1)
    more_waiting, asked = len(asked) > MOST_WAITING, asked[:MOST_WAITING]
    record_checkin(tx, caller, [request.enrolment_id for request in asked], now)
    waiting = [
        Waiting(request.enrolment_id, request.user_id, local_day(request.at, cohort.zone), int(request.at.timestamp()))
        for request in asked
    ]
    older = shown[-1].id if len(texts) > len(shown) else None
    return FeedbackPage(cohort, tuple(waiting), more_waiting, tuple(shown), before is None, older)
