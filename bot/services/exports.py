"""Files of a class for its instructors: pseudonyms, or names as Discord gives them at that moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from bot.coaching.cohort import Caller, Cohort, Look
from bot.coaching.exports import Cell, csv_file, reference
from bot.coaching.footprint import Checklist, musts_of_all
from bot.coaching.ids import UserId
from bot.coaching.weeks import local_day
from bot.services.checkin import staff_course
from storage import cohort as cohorts
from storage import looks, participation
from storage.database import Database, Tx
from storage.participation import Participation

WEEKLY_FILE, ROWS_FILE = "cohort_weekly.csv", "participation.csv"
KEY_BYTES = 32
ROW_COLUMNS = (
    "joined_week",
    "focus",
    "goal",
    "plan",
    "must_answered",
    "must_total",
    "active_weeks_last4",
    "active_weeks_total",
    "paused",
    "delivery_ok",
    "left",
)
GONE, NOT_READ = "(left the server)", "(name not read)"


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand out."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Export:
    """The files of a course. `untold`: there are members left out, because they do not know of the row yet."""

    cohort: Cohort
    files: tuple[File, ...]
    named: bool
    untold: bool


class ExportService:
    """What `/cohort export` does."""

    def __init__(
        self,
        database: Database,
        checklist: Checklist,
        weekly_table: Callable[[Tx, Cohort], tuple[Sequence[str], Sequence[Sequence[Cell]]]],
    ) -> None:
        self._database = database
        self._checklist = checklist
        self._weekly_table = weekly_table

    async def export(self, caller: Caller, now: datetime) -> Export:
        """Return the weekly figures and, if the course uses it, everybody's row under a pseudonym; raises NoCourse.

        The look at each member in it is recorded.
        """

        def work(tx: Tx) -> Export:
            cohort = staff_course(tx, caller)
            weekly = File(WEEKLY_FILE, csv_file(*self._weekly_table(tx, cohort)))
            if not cohort.participation_row:
                return Export(cohort, (weekly,), named=False, untold=False)
            told, untold = self._rows(tx, cohort, now)
            looks.add(tx, [one.enrolment_id for one in told], caller.user_id, Look.EXPORT, now)
            return Export(cohort, (weekly, self._file(tx, cohort, told, None)), named=False, untold=untold)

        return await self._database.transact(work)

    async def people(self, caller: Caller, now: datetime) -> list[UserId]:
        """Return whose names a named export needs, none if the course does not use the row; raises NoCourse."""

        def work(tx: Tx) -> list[UserId]:
            cohort = staff_course(tx, caller)
            return [one.user_id for one in self._rows(tx, cohort, now)[0]] if cohort.participation_row else []

        return await self._database.read(work)

    async def export_named(self, caller: Caller, names: Mapping[UserId, str | None], now: datetime) -> Export:
        """Return the rows with names, None for those who are not in the server any more; raises NoCourse.

        The look at each member in it is recorded; the names are not kept.
        """

        def work(tx: Tx) -> Export:
            cohort = staff_course(tx, caller)
            if not cohort.participation_row:
                return Export(cohort, (), named=True, untold=False)
            told, untold = self._rows(tx, cohort, now)
            looks.add(tx, [one.enrolment_id for one in told], caller.user_id, Look.NAMED_EXPORT, now)
            return Export(cohort, (self._file(tx, cohort, told, names),), named=True, untold=untold)

        return await self._database.transact(work)

    def _rows(self, tx: Tx, cohort: Cohort, now: datetime) -> tuple[list[Participation], bool]:
        """Return the rows of those who know that instructors see them, and whether there are others."""
        musts = musts_of_all(self._checklist, cohort.track)
        found = participation.rows(tx, cohort, musts, local_day(now, cohort.zone))
        told = [one for one in found if one.told]
        return told, len(told) < len(found)

    def _file(
        self, tx: Tx, cohort: Cohort, found: Sequence[Participation], names: Mapping[UserId, str | None] | None
    ) -> File:
        key = cohorts.reference_key(tx, cohort.id, token_hex(KEY_BYTES))
        columns = () if names is None else ("display_name", "account")
        made = sorted(
            (reference(key, one.enrolment_id, one.user_id), *_named(one, names), *_cells(one, names)) for one in found
        )
        return File(ROWS_FILE, csv_file(("member_ref", *columns, *ROW_COLUMNS), made))


def _named(one: Participation, names: Mapping[UserId, str | None] | None) -> tuple[Cell, ...]:
    if names is None:
        return ()
    name = names.get(one.user_id, NOT_READ)
    # The account's number in words: a spreadsheet rounds one of 18 digits, and then two people are one.
    return (GONE if name is None else name, f"account {one.user_id}")


def _cells(one: Participation, names: Mapping[UserId, str | None] | None) -> tuple[Cell, ...]:
    # Whoever has just been looked up is here or not; of the others the last look-up says.
    left = names[one.user_id] is None if names is not None and one.user_id in names else one.left
    return (
        one.joined_week.isoformat(),
        _yes(one.focus),
        _yes(one.goal),
        _yes(one.plan),
        one.must_answered,
        one.must_total,
        one.active_weeks_last4,
        one.active_weeks_total,
        _yes(one.paused),
        _yes(one.delivery_ok),
        _yes(left),
    )


def _yes(value: bool) -> str:  # noqa: FBT001 - a cell of a table
    return "yes" if value else "no"
