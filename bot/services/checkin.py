"""Whom an instructor may greet, and what they may see of one member; every look is recorded for the member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.checkin import Hello, HelloReason, hello, in_order
from bot.coaching.cohort import Access, Audience, Caller, Cohort, Enrolment, SharedItem
from bot.coaching.course_plan import StepState
from bot.coaching.errors import LookedAtBot, LookedAtSelf, NobodyToSee
from bot.coaching.footprint import Checklist, musts_of_all
from bot.coaching.ids import CohortId, EnrolmentId, UserId
from bot.coaching.register import RegisterRow
from bot.coaching.weeks import local_day
from bot.services.membership import open_course
from storage import (
    access_log,
    checkin,
    course_plan,
    feedback,
    goals,
    members,
    portfolio,
    register,
    shares,
    student_numbers,
)
from storage.database import Database, Tx
from storage.student_numbers import NumberClaim

PAGE = 6
"""How many people a page of check-in holds: each has a button."""
REFLECTIONS = 3
"""How many reflections are shown of a member who shares them, the last ones."""


@dataclass(frozen=True, slots=True)
class Checkin:
    """A page of members who might welcome a hello; without a register only those who asked."""

    cohort: Cohort
    shown: tuple[Hello, ...]
    total: int
    page: int
    pages: int
    claims: Sequence[NumberClaim] = ()


@dataclass(frozen=True, slots=True)
class SharedGoal:
    """What a member who shares a goal shows of it: title, rhythm, weeks, and the if-then plan."""

    title: str
    target: int
    weeks: int
    if_then: str
    every_weeks: int = 1


@dataclass(frozen=True, slots=True)
class Reflection:
    """What a member said of a goal that has ended."""

    goal: str
    text: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """What an instructor may see of one member.

    Attributes:
        row: None if the course has no register, or the row is not visible yet.
        coming: From when on the row is visible.
        asked_on: Since when they ask to be greeted.
        shared: What they share, and since when; `goals` and `reflections` are its content now.
        portfolio_on: Since when they share a portfolio.
        number: Their student number, where the course asks for it.
        two_claims: They and somebody else gave the same number.
        lines: What they handed in, with the numbers of the weeks, oldest first.
    """

    cohort: Cohort
    user_id: UserId
    row: RegisterRow | None
    coming: datetime | None
    asked_on: date | None
    shared: dict[SharedItem, date]
    goals: tuple[SharedGoal, ...]
    reflections: tuple[Reflection, ...]
    portfolio_on: date | None = None
    number: str | None = None
    two_claims: bool = False
    lines: tuple[tuple[int, str], ...] = ()

    @property
    def shows_something(self) -> bool:
        """Whether anything of the member is in it."""
        held = (self.row, self.asked_on, self.shared, self.portfolio_on, self.number, self.two_claims, self.lines)
        return any(held)


class CheckinService:
    """What `/cohort checkin` and `/cohort member` do."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self._database = database
        self._checklist = checklist

    async def checkin(self, caller: Caller, page: int, now: datetime) -> Checkin:
        """Return a page of members who might welcome a hello, and record the look for each; raises NoCourse."""
        return await self._database.transact(
            lambda tx: _checkin(tx, caller, open_course(tx, caller, Audience.INSTRUCTOR), page, now)
        )

    async def greet(
        self, caller: Caller, enrolment_id: EnrolmentId, asked_at: int | None, page: int, now: datetime
    ) -> Checkin:
        """Record that a member was greeted, who asked at that second (None: did not ask); return the page after it.

        A request made since stays open. Raises NoCourse.
        """

        def work(tx: Tx) -> Checkin:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            note_greeted(tx, cohort.id, enrolment_id, asked_at, now)
            return _checkin(tx, caller, cohort, page, now)

        return await self._database.transact(work)

    async def member(self, caller: Caller, user_id: UserId, now: datetime, *, is_bot: bool = False) -> MemberView:
        """Return what the caller may see of a member, and record the look if there is anything to see.

        Without a register a member who shares nothing looks like a stranger. Raises LookedAtSelf, LookedAtBot,
        NobodyToSee or NoCourse.
        """

        def work(tx: Tx) -> MemberView:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            if is_bot:
                raise LookedAtBot
            if user_id == caller.user_id:
                raise LookedAtSelf
            enrolment = members.find(tx, cohort.id, user_id)
            if enrolment is None and cohort.register:
                raise NobodyToSee
            view = self._view(tx, cohort, user_id, enrolment, now)
            if enrolment is not None and view.shows_something:
                access_log.add(tx, [enrolment.id], caller.user_id, Access.MEMBER, now)
            return view

        return await self._database.transact(work)

    def _view(self, tx: Tx, cohort: Cohort, user_id: UserId, enrolment: Enrolment | None, now: datetime) -> MemberView:
        if enrolment is None:
            return MemberView(cohort, user_id, None, coming=None, asked_on=None, shared={}, goals=(), reflections=())
        shared = shares.of(tx, enrolment.id)
        number = student_numbers.get(tx, enrolment.id) if cohort.student_number else None
        asked_at = feedback.asked_at(tx, enrolment.id)
        portfolio_at = portfolio.shared_at(tx, enrolment.id)
        rows = []
        if cohort.register:
            rows = register.rows(tx, cohort, musts_of_all(self._checklist, cohort.track), now, [enrolment.id])
        return MemberView(
            cohort,
            user_id,
            rows[0] if rows else None,
            coming=enrolment.register_visible_at if cohort.register and not rows else None,
            asked_on=None if asked_at is None else local_day(asked_at, cohort.zone),
            shared={item: local_day(at, cohort.zone) for item, at in shared.items()},
            goals=_goals(tx, enrolment) if SharedItem.GOAL in shared else (),
            reflections=_reflections(tx, enrolment) if SharedItem.REFLECTION in shared else (),
            portfolio_on=None if portfolio_at is None else local_day(portfolio_at, cohort.zone),
            number=number,
            lines=_lines(tx, cohort, enrolment),
            two_claims=any(
                user_id in {claim.holder, claim.claimant} for claim in student_numbers.two_claims(tx, cohort.id)
            ),
        )


def note_greeted(tx: Tx, cohort_id: CohortId, enrolment_id: EnrolmentId, asked_at: int | None, now: datetime) -> None:
    """Record that a member was greeted, unless the request it answers is no longer open."""
    if asked_at is None or feedback.greeted(tx, cohort_id, enrolment_id, asked_at):
        checkin.set_greeted(tx, cohort_id, enrolment_id, now)


def record_checkin(tx: Tx, caller: Caller, enrolment_ids: list[EnrolmentId], now: datetime) -> None:
    """Record that an instructor saw these members on a list of those to greet."""
    access_log.add_once_an_hour(tx, enrolment_ids, caller.user_id, Access.CHECKIN, now)


def who_might_welcome_a_hello(tx: Tx, cohort: Cohort, now: datetime) -> tuple[Hello, ...]:
    """Return everybody who might welcome a hello, requests first; without a register only requests."""
    today = local_day(now, cohort.zone)
    asked = [
        Hello(
            request.enrolment_id,
            request.user_id,
            (HelloReason.ASKED,),
            local_day(request.at, cohort.zone),
            asked_at=int(request.at.timestamp()),
        )
        for request in feedback.asked_contact(tx, cohort.id)
    ]
    waiting = {request.enrolment_id for request in asked}
    standings = checkin.standings(tx, cohort, now) if cohort.register else []
    others = (hello(standing, cohort.term, today) for standing in standings if standing.enrolment_id not in waiting)
    return in_order(asked, [other for other in others if other is not None])


def _checkin(tx: Tx, caller: Caller, cohort: Cohort, page: int, now: datetime) -> Checkin:
    everybody = who_might_welcome_a_hello(tx, cohort, now)
    pages = max(1, -(-len(everybody) // PAGE))
    page = min(page, pages - 1)  # everybody on the last page may have been greeted since
    shown = everybody[page * PAGE : (page + 1) * PAGE]
    claims = student_numbers.two_claims(tx, cohort.id)
    seen = {person.enrolment_id for person in shown}.union(*(claim.enrolments for claim in claims))
    record_checkin(tx, caller, sorted(seen), now)
    return Checkin(cohort, shown, len(everybody), page, pages, claims)


def _lines(tx: Tx, cohort: Cohort, enrolment: Enrolment) -> tuple[tuple[int, str], ...]:
    steps = course_plan.steps(tx, cohort.id, enrolment.id)
    done = [one for one in steps if one.state is StepState.DONE and one.line]
    return tuple((cohort.week_number(one.week.week), one.line or "") for one in done)


def _goals(tx: Tx, enrolment: Enrolment) -> tuple[SharedGoal, ...]:
    running = goals.running(tx, enrolment.id)
    return tuple(SharedGoal(goal.title, goal.target, goal.weeks, goal.if_then, goal.every_weeks) for goal in running)


def _reflections(tx: Tx, enrolment: Enrolment) -> tuple[Reflection, ...]:
    ended = goals.ended(tx, enrolment.id, 99, enrolment.wish.zone)
    reflections = [Reflection(goal.title, goal.reflection) for goal in ended if goal.reflection]
    return tuple(reflections[:REFLECTIONS])
