"""Instructors' messages to members: a form, a preview with the names, and one sending a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Access, Audience, Caller, Cohort
from bot.coaching.errors import MessageAlreadySent, NobodyToWriteTo, OldCard, WroteToday
from bot.coaching.ids import CohortId, EnrolmentId, InstructorMessageId, UserId
from bot.coaching.messages import DRAFT, NAME_LIMIT, checked_message, fingerprint
from bot.coaching.register import listing
from bot.coaching.texts import optional_text
from bot.coaching.weeks import local_day, monday_of
from bot.services.checkin import record_checkin, who_might_welcome_a_hello
from bot.services.membership import open_course
from storage import access_log, members, messages, nudges, register
from storage.cohort import Lock
from storage.database import Database, Tx
from storage.members import Reachable
from storage.messages import InstructorMessage

CHECKIN = "checkin"
"""The list of members who might welcome a hello; every other list is a filter of the register."""


@dataclass(frozen=True, slots=True)
class MemberList:
    """The members an instructor writes to: the id of a list, and the role of a section if limited to one."""

    id: str
    section: int | None = None


@dataclass(frozen=True, slots=True)
class MessagePreview:
    """A message before it is sent, and to whom it would go.

    Attributes:
        left_out: How many on the list had an instructor's message this week already.
        seen: The fingerprint of the people shown.
        changed: The list differs from that of the preview before.
    """

    cohort: Cohort
    draft: InstructorMessage
    to: MemberList
    people: Sequence[UserId]
    left_out: int
    seen: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message is on its way to so many people."""

    people: int


class MessageService:
    """What *Write to them* does, from any list of members."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, caller: Caller, to: MemberList, draft_id: InstructorMessageId | None, now: datetime) -> str:
        """Return the text that the form begins with, if a message can be sent at all.

        Raises NoCourse, InstructorOnly, WroteToday, NobodyToWriteTo or OldCard.
        """

        def work(tx: Tx) -> str:
            cohort = _course(tx, caller, now)
            _people(tx, caller, cohort, to, now)
            return DRAFT if draft_id is None else _draft(tx, caller, cohort.id, draft_id).text

        return await self._database.transact(work)

    async def preview(
        self, caller: Caller, to: MemberList, written: str, display_name: str, now: datetime
    ) -> MessagePreview:
        """Store a text as a draft and return to whom it would go.

        Raises TextMissing, TextTooLong, NamesSomebody, or as `begin` does.
        """
        text = checked_message(written)
        name = optional_text("The name", display_name[:NAME_LIMIT], NAME_LIMIT) or "Your instructor"

        def work(tx: Tx) -> MessagePreview:
            cohort = _course(tx, caller, now)
            people, left_out = _people(tx, caller, cohort, to, now)
            draft = messages.keep_draft(tx, cohort.id, caller.user_id, name, text, now)
            return _preview(cohort, draft, to, people, left_out)

        return await self._database.transact(work)

    async def send(
        self, caller: Caller, draft_id: InstructorMessageId, to: MemberList, seen: str, now: datetime
    ) -> SentMessage | MessagePreview:
        """Owe a draft to everybody on the list, or preview it again if the list is no longer the one `seen`.

        Raises MessageAlreadySent, or as `begin` does.
        """

        def work(tx: Tx) -> SentMessage | MessagePreview:
            cohort = _course(tx, caller, now, draft_id, lock="as it is")
            draft = _draft(tx, caller, cohort.id, draft_id)
            people, left_out = _people(tx, caller, cohort, to, now)
            if fingerprint([person.enrolment.id for person in people]) != seen:
                return _preview(cohort, draft, to, people, left_out, changed=True)
            today = local_day(now, cohort.zone)
            count = messages.send(tx, draft, people, today, monday_of(today), now)
            if not count:  # a colleague wrote to all of them at this moment
                raise NobodyToWriteTo
            return SentMessage(count)

        return await self._database.transact(work)


def recipients(tx: Tx, caller: Caller, cohort: Cohort, to: MemberList, now: datetime) -> Sequence[EnrolmentId]:
    """Return the members on a list, and record that the instructor saw them; raises OldCard."""
    if to.id == CHECKIN:
        ids = [hello.enrolment_id for hello in who_might_welcome_a_hello(tx, cohort, now)]
        record_checkin(tx, caller, ids, now)
        return ids
    if not cohort.register:
        raise OldCard
    try:
        wanted = listing(to.id)
    except ValueError as error:
        raise OldCard from error
    access_log.add_at_register(tx, cohort.id, caller.user_id, Access.REGISTER, now)
    return [person.enrolment_id for person in register.behind(tx, cohort, wanted, to.section, now)]


def _course(
    tx: Tx, caller: Caller, now: datetime, draft_id: InstructorMessageId | None = None, lock: Lock | None = None
) -> Cohort:
    """Return the course of an instructor who may still write today; raises MessageAlreadySent or WroteToday."""
    cohort = open_course(tx, caller, Audience.INSTRUCTOR, lock=lock)
    sent = None if draft_id is None else messages.get(tx, draft_id)
    if sent is not None and sent.by_user_id == caller.user_id and sent.sent_on is not None:
        raise MessageAlreadySent
    if messages.wrote_on(tx, cohort.id, caller.user_id, local_day(now, cohort.zone)):
        raise WroteToday
    return cohort


def _draft(tx: Tx, caller: Caller, cohort_id: CohortId, draft_id: InstructorMessageId) -> InstructorMessage:
    draft = messages.get(tx, draft_id)
    if draft is None or (draft.cohort_id, draft.by_user_id) != (cohort_id, caller.user_id):
        raise OldCard
    return draft


def _people(tx: Tx, caller: Caller, cohort: Cohort, to: MemberList, now: datetime) -> tuple[list[Reachable], int]:
    """Return who on a list may get a message this week, and how many already had one; raises NobodyToWriteTo."""
    listed = members.reachable(tx, cohort.id, recipients(tx, caller, cohort, to, now))
    had = nudges.had_message(tx, cohort.id, monday_of(local_day(now, cohort.zone)).isoformat())
    people = [person for person in listed if person.enrolment.user_id not in had]
    if not people:
        raise NobodyToWriteTo
    return people, len(listed) - len(people)


def _preview(
    cohort: Cohort,
    draft: InstructorMessage,
    to: MemberList,
    people: Sequence[Reachable],
    left_out: int,
    *,
    changed: bool = False,
) -> MessagePreview:
    seen = fingerprint([person.enrolment.id for person in people])
    return MessagePreview(cohort, draft, to, [person.enrolment.user_id for person in people], left_out, seen, changed)
