"""Whom an instructor may greet, and what they may see of one member; every look is recorded for that member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coaching.checkin import MOST_SHOWN, Hello, HelloReason, hello, hellos
from bot.coaching.cohort import Audience, Caller, Cohort, Enrolment, Look, SharedItem
from bot.coaching.errors import LookedAtBot, LookedAtSelf, NobodyToSee, NoCourse
from bot.coaching.footprint import Checklist, musts_of_all
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from bot.coaching.weeks import local_day
from bot.services.seats import staff_cohort
from storage import checkin, feedback, goals, looks, members, participation, shares, student_numbers
from storage.database import Database, Tx
from storage.participation import Participation
from storage.student_numbers import Claim

ONE_LOOK = timedelta(hours=1)
"""The list seen again within this time, as after each *Greeted*, is the same look."""
REFLECTIONS = 3
"""How many reflections are shown of a member who shares them, the last ones."""


@dataclass(frozen=True, slots=True)
class Checkin:
    """Who may like a hello; without the participation row only those who asked. `more_asked`: others have asked too."""

    cohort: Cohort
    shown: tuple[Hello, ...]
    more_asked: bool
    claims: Sequence[Claim] = ()


@dataclass(frozen=True, slots=True)
class SharedGoal:
    """What a member who shares a goal shows of it: its title, the target a week, its weeks, and the if-then plan."""

    title: str
    target: int
    weeks: int
    if_then: str


@dataclass(frozen=True, slots=True)
class Reflection:
    """What a member said of a goal that has ended."""

    goal: str
    text: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """What an instructor may see of one member.

    `row` None: the course does not use it, or `untold`, they do not know yet that it does. `asked_on`: since when they
    ask to be greeted. `shared`: what they share and since when; `goals` and `reflections` are what that comes to now.
    `number`: their student number, where the course asks for it; `two_claims`: somebody else gave it too.
    """

    cohort: Cohort
    user_id: UserId
    row: Participation | None
    untold: bool
    asked_on: date | None
    shared: dict[SharedItem, date]
    goals: tuple[SharedGoal, ...]
    reflections: tuple[Reflection, ...]
    number: str | None = None
    two_claims: bool = False

    @property
    def shows_something(self) -> bool:
        """Return whether anything of the member is in it."""
        return self.row is not None or self.asked_on is not None or bool(self.shared) or self.number is not None


class CheckinService:
    """What `/cohort checkin` and `/cohort member` do."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self._database = database
        self._checklist = checklist

    async def checkin(self, caller: Caller, now: datetime) -> Checkin:
        """Return who may like a hello, and record the look for each; raises NoCourse."""
        return await self._database.transact(lambda tx: _checkin(tx, caller, staff_course(tx, caller), now))

    async def greet(self, caller: Caller, enrolment_id: EnrolmentId, asked_at: int | None, now: datetime) -> Checkin:
        """Note that a member was greeted, who asked at that second or, with None, did not; return the list after it.

        A request made since stays open. Harmless when repeated; raises NoCourse.
        """

        def work(tx: Tx) -> Checkin:
            cohort = staff_course(tx, caller)
            note_greeted(tx, cohort.id, enrolment_id, asked_at, now)
            return _checkin(tx, caller, cohort, now)

        return await self._database.transact(work)

    async def member(self, caller: Caller, user_id: UserId, now: datetime, *, is_bot: bool = False) -> MemberView:
        """Return what the caller may see of a member, and record the look if there is anything to see.

        Raises LookedAtSelf, LookedAtBot, NobodyToSee or NoCourse. Without the participation row nothing tells whether
        somebody who shares nothing has joined.
        """

        def work(tx: Tx) -> MemberView:
            cohort = staff_course(tx, caller)
            if is_bot:
                raise LookedAtBot
            if user_id == caller.user_id:
                raise LookedAtSelf
            enrolment = members.find(tx, cohort.id, user_id)
            if enrolment is None and cohort.participation_row:
                raise NobodyToSee
            view = self._view(tx, cohort, user_id, enrolment, now)
            if enrolment is not None and view.shows_something:
                looks.add(tx, [enrolment.id], caller.user_id, Look.MEMBER, now)
            return view

        return await self._database.transact(work)

    def _view(self, tx: Tx, cohort: Cohort, user_id: UserId, enrolment: Enrolment | None, now: datetime) -> MemberView:
        if enrolment is None:
            return MemberView(cohort, user_id, None, untold=False, asked_on=None, shared={}, goals=(), reflections=())
        shared = shares.of(tx, enrolment.id)
        number = student_numbers.get(tx, enrolment.id) if cohort.student_number else None
        asked_at = feedback.asked_at(tx, enrolment.id)
        return MemberView(
            cohort,
            user_id,
            self._row(tx, cohort, enrolment, now),
            untold=cohort.participation_row and not enrolment.row_told,
            asked_on=None if asked_at is None else local_day(asked_at, cohort.zone),
            shared={item: local_day(at, cohort.zone) for item, at in shared.items()},
            goals=_goals(tx, enrolment) if SharedItem.GOAL in shared else (),
            reflections=_reflections(tx, enrolment) if SharedItem.REFLECTION in shared else (),
            number=number,
            two_claims=any(one.holder == user_id for one in student_numbers.two_claims(tx, cohort.id)),
        )

    def _row(self, tx: Tx, cohort: Cohort, enrolment: Enrolment, now: datetime) -> Participation | None:
        if not (cohort.participation_row and enrolment.row_told):
            return None
        musts = musts_of_all(self._checklist, cohort.track)
        found = participation.rows(tx, cohort, musts, local_day(now, cohort.zone), enrolment.id)
        return found[0] if found else None


def staff_course(tx: Tx, caller: Caller) -> Cohort:
    """Return the course of the server for one of its instructors; raises NoCourse."""
    cohort = staff_cohort(tx, caller, Audience.INSTRUCTOR)
    if cohort is None:  # pragma: no cover - without a course nobody instructs
        raise NoCourse
    return cohort


def note_greeted(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, asked_at: int | None, now: datetime) -> None:
    """Remember that a member was greeted, unless the request that was answered is not open any more."""
    if asked_at is None or feedback.greeted(tx, cohort_id, enrolment_id, asked_at):
        checkin.set_greeted(tx, cohort_id, enrolment_id, now)


def record_checkin(tx: Tx, caller: Caller, enrolment_ids: list[EnrolmentId], now: datetime) -> None:
    """Record that an instructor saw these members on a list of those to greet."""
    looks.add_unless_since(tx, enrolment_ids, caller.user_id, Look.CHECKIN, now - ONE_LOOK, now)


def who_may_like_a_hello(tx: Tx, cohort: Cohort, today: date) -> tuple[Hello, ...]:
    """Return those on the list of whom to greet, without a look being recorded: for their number alone."""
    return _hellos(tx, cohort, today)[0]


def _checkin(tx: Tx, caller: Caller, cohort: Cohort, now: datetime) -> Checkin:
    shown, more_asked = _hellos(tx, cohort, local_day(now, cohort.zone))
    record_checkin(tx, caller, [one.enrolment_id for one in shown], now)
    return Checkin(cohort, shown, more_asked, student_numbers.two_claims(tx, cohort.id))


def _hellos(tx: Tx, cohort: Cohort, today: date) -> tuple[tuple[Hello, ...], bool]:
    """Return whom the list shows, and whether others have asked too."""
    waiting = feedback.asked_contact(tx, cohort.id, MOST_SHOWN + 1)
    asked = [
        Hello(
            one.enrolment_id,
            one.user_id,
            (HelloReason.ASKED,),
            local_day(one.at, cohort.zone),
            asked_at=int(one.at.timestamp()),
        )
        for one in waiting
    ]
    found = checkin.standings(tx, cohort) if cohort.participation_row else []
    others = [one for standing in found if (one := hello(standing, cohort.term, today))]
    return hellos(asked, others, checkin.class_size(tx, cohort.id)), len(waiting) > MOST_SHOWN


def _goals(tx: Tx, enrolment: Enrolment) -> tuple[SharedGoal, ...]:
    running = goals.running(tx, enrolment.id)
    return tuple(SharedGoal(one.title, one.target, one.weeks, one.if_then) for one in running)


def _reflections(tx: Tx, enrolment: Enrolment) -> tuple[Reflection, ...]:
    ended = goals.ended(tx, enrolment.id, 99, enrolment.wish.zone)
    told = [Reflection(one.title, one.reflection) for one in ended if one.reflection]
    return tuple(told[:REFLECTIONS])
