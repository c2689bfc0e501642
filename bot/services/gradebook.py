"""A grade export gets a column that says whose weekly steps are complete. Files are in memory alone, not for long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Access, Audience, Caller, Cohort
from bot.coaching.course_plan import CourseWeek
from bot.coaching.errors import (
    GradebookGone,
    NoRegister,
    NoStepsYet,
    NoSuchWeeks,
    NumbersNotAsked,
    StepsDoNotCount,
)
from bot.coaching.footprint import Checklist, musts_of_all
from bot.coaching.gradebook import (
    COMPLETE,
    Gradebook,
    Matches,
    mark_of,
    match,
    number_key,
    read_gradebook,
    with_column,
)
from bot.coaching.ids import UserId
from bot.coaching.register import RegisterRow
from bot.coaching.weeks import local_day, monday_of
from bot.dates import read_date
from bot.services.membership import open_course
from storage import access_log, course_plan, register, student_numbers
from storage.database import Database, Tx
from storage.student_numbers import NumberClaim

KEPT = timedelta(minutes=15)
MOST_FILES = 20
"""How many files are held at once, the newest."""


@dataclass(frozen=True, slots=True)
class GradebookFile:
    """What a file is: how many rows are about somebody, and how many of them are surely one member's."""

    cohort: Cohort
    canvas: bool
    students: int
    matched: int


@dataclass(frozen=True, slots=True)
class Question:
    """What may count: the weeks with a step so far by number, and the day in the course."""

    cohort: Cohort
    weeks: Sequence[tuple[int, CourseWeek]]
    today: date


@dataclass(frozen=True, slots=True)
class CountingRule:
    """What counts: the steps of the weeks `first` to `last`, done by a day, and how many of them make *complete*."""

    first: int
    last: int
    until: date
    needed: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A matched member: how many of the weeks that count for them are done, and the mark; None: left empty."""

    user_id: UserId
    done: int
    counted: int
    mark: str | None


@dataclass(frozen=True, slots=True)
class GradebookPreview:
    """What the file would say, before anything is written.

    Attributes:
        weeks: How many weeks with a step the rule holds.
        unmatched: Rows of the file that are nobody's; `missing`: members in the register whom no row matches.
        shared: The members who gave something of the same row, which is nobody's for that.
    """

    cohort: Cohort
    rule: CountingRule
    weeks: int
    canvas: bool
    standings: Sequence[Standing]
    unmatched: int
    missing: int
    claims: Sequence[NumberClaim]
    shared: Sequence[Sequence[UserId]] = ()

    @property
    def incomplete(self) -> list[Standing]:
        """Return those who would become incomplete."""
        return [one for one in self.standings if one.mark not in {COMPLETE, None}]


@dataclass(frozen=True, slots=True)
class MadeGradebook:
    """The file with its new column."""

    preview: GradebookPreview
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Held:
    book: Gradebook
    name: str
    course: int
    until: datetime


class GradebookService:
    """What `/cohort gradebook` does."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        self._database = database
        self._checklist = checklist
        self._held: dict[UserId, _Held] = {}

    def forget(self, user_id: UserId) -> None:
        """Forget the file of an account that was erased."""
        self._held.pop(user_id, None)

    async def question(self, caller: Caller, now: datetime) -> Question:
        """Return what may be chosen, if the course has what a gradebook needs.

        Raises:
            NoRegister: or NumbersNotAsked, NoStepsYet, StepsDoNotCount, NoCourse, InstructorOnly.
        """
        return await self._database.read(lambda tx: _question(tx, caller, now))

    async def keep(self, caller: Caller, name: str, content: bytes, now: datetime) -> GradebookFile:
        """Read a file and hold it for fifteen minutes; raises NotAGradebook, or as `question` does."""

        def work(tx: Tx) -> tuple[Gradebook, GradebookFile]:
            cohort = _question(tx, caller, now).cohort
            book = read_gradebook(content)  # here, because this is no thread that others wait for
            found = self._matches(tx, cohort, book, now)
            return book, GradebookFile(cohort, book.canvas, len(book.students), len(found.by_row))

        book, value = await self._database.read(work)
        held = {user: one for user, one in self._held.items() if now < one.until and user != caller.user_id}
        self._held = dict(list(held.items())[-MOST_FILES + 1 :])
        self._held[caller.user_id] = _Held(book, name, value.cohort.id, now + KEPT)
        return value

    async def choose(
        self, caller: Caller, first: int, last: int, until: str, needed: int | None, now: datetime
    ) -> GradebookPreview:
        """Preview with what was typed into the form; raises NoSuchWeeks or what `read_date` raises, or as `preview`."""
        question = await self.question(caller, now)
        day = read_date(until, question.today, latest=question.today) if until.strip() else question.today
        weeks = sum(first <= number <= last for number, _ in question.weeks)
        return await self.preview(caller, CountingRule(first, last, day, needed or weeks), now)

    async def preview(self, caller: Caller, rule: CountingRule, now: datetime) -> GradebookPreview:
        """Return what the file would say, and record the look for everybody who is named.

        Raises GradebookGone, NoSuchWeeks, or as `question` does.
        """
        return (await self._database.transact(lambda tx: self._work(tx, caller, rule, now)))[0]

    async def make(self, caller: Caller, rule: CountingRule, now: datetime) -> MadeGradebook:
        """Return the file with its new column; raises as `preview` does."""

        def work(tx: Tx) -> MadeGradebook:
            preview, held, marks = self._work(tx, caller, rule, now)
            return MadeGradebook(preview, held.name, with_column(held.book, marks))

        return await self._database.transact(work)

    def _of(self, caller: Caller, cohort: Cohort, now: datetime) -> _Held:
        held = self._held.get(caller.user_id)
        if held is None or now >= held.until or held.course != cohort.id:
            self.forget(caller.user_id)
            raise GradebookGone
        return held

    def _matches(
        self, tx: Tx, cohort: Cohort, book: Gradebook, now: datetime, done_by: date | None = None
    ) -> Matches[RegisterRow]:
        claimed = {number_key(one.number) for one in student_numbers.two_claims(tx, cohort.id)}
        rows = register.rows(tx, cohort, musts_of_all(self._checklist, cohort.track), now, done_by=done_by)
        keys = {number_key(row.student_number): row for row in rows if row.student_number}
        return match(book, {key: row for key, row in keys.items() if key is not None and key not in claimed})

    def _work(
        self, tx: Tx, caller: Caller, rule: CountingRule, now: datetime
    ) -> tuple[GradebookPreview, _Held, dict[int, str]]:
        question = _question(tx, caller, now)
        cohort = question.cohort
        held = self._of(caller, cohort, now)
        weeks = sum(rule.first <= number <= rule.last for number, _ in question.weeks)
        if not weeks:
            raise NoSuchWeeks
        found = self._matches(tx, cohort, held.book, now, rule.until)
        standings: list[Standing] = []
        marks: dict[int, str] = {}
        for number, row in found.by_row.items():
            steps = [step for week, step in enumerate(row.steps, 1) if rule.first <= week <= rule.last]
            done, counted, mark = mark_of(steps, rule.needed)
            standings.append(Standing(row.user_id, done, counted, mark))
            if mark is not None:
                marks[number] = mark
        claims = student_numbers.two_claims(tx, cohort.id)
        named = {row.enrolment_id for row in found.by_row.values()}
        named.update(row.enrolment_id for rows in found.shared for row in rows)
        named.update(one for claim in claims for one in claim.enrolments)
        access_log.add_once_an_hour(tx, sorted(named), caller.user_id, Access.GRADEBOOK, now)
        here = register.counts(tx, cohort, now)
        missing = max(0, here.here - here.coming - sum(not row.left for row in found.by_row.values()))
        shared = [sorted(row.user_id for row in rows) for rows in found.shared]
        canvas, unmatched = held.book.canvas, found.unmatched
        preview = GradebookPreview(cohort, rule, weeks, canvas, standings, unmatched, missing, claims, shared)
        return preview, held, marks


def _question(tx: Tx, caller: Caller, now: datetime) -> Question:
    cohort = open_course(tx, caller, Audience.INSTRUCTOR)
    if not cohort.register:
        raise NoRegister
    if not cohort.student_number:
        raise NumbersNotAsked
    today = local_day(now, cohort.zone)
    plan = course_plan.weeks(tx, cohort.id)
    weeks = [
        (cohort.week_number(one.week), one) for one in plan if not one.switched_off and one.week <= monday_of(today)
    ]
    weeks = [(number, one) for number, one in weeks if number > 0]
    if not weeks:
        raise NoStepsYet
    if not cohort.steps_count:
        raise StepsDoNotCount
    return Question(cohort, weeks, today)
