"""Files of a class for its instructors: the register, lines handed in, and the class by weeks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from bot.coaching.class_statistics import IN_REGISTER, NONE, WHOLE_CLASS, Count, Snapshot, breakdown, published
from bot.coaching.cohort import Access, Audience, Caller, Cohort
from bot.coaching.exports import Cell, csv_file, reference
from bot.coaching.footprint import musts_of_all
from bot.coaching.ids import UserId
from bot.coaching.momentum import WEEK
from bot.coaching.register import LAST_WEEKS, RegisterRow, StepWeek
from bot.coaching.weeks import local_day
from bot.services.class_statistics import exact_from, sections_of
from bot.services.membership import open_course
from prompts import Content
from storage import access_log, class_statistics, course_plan, register, sections
from storage import cohort as cohorts
from storage.course_plan import HandIn
from storage.database import Database, Tx

REGISTER_FILE, HAND_INS_FILE, WEEKS_FILE = "register.csv", "hand_ins.csv", "class_by_week.csv"
KEY_BYTES = 32
LEFT, NOT_READ = "(left the server)", "(name not read)"
NAMED = ("name", "account")
FACTS = (
    "joined_week",
    "left",
    "focus",
    "goal",
    "plan",
    "checklist_answered",
    "checklist_items",
    "active_this_week",
    "active_last_4",
    "of_last_4",
    "active_so_far",
    "of_weeks_so_far",
    "steps_done",
    "of_steps",
    "step_weeks_done",
    "away",
    "notes_delivered",
)
NOTES = ("note:sent", "note:away")
RING_B = ("exchange", "met")
TEXT_COLUMNS = frozenset({"name", "student_number", "section", "step_weeks_done"})


@dataclass(frozen=True, slots=True)
class ExportWish:
    """How the files are to be: with names or pseudonyms, and what separates cells."""

    names: bool = True
    separator: str = ","


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand out."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Export:
    """The files of a course, and the day in its zone on which they were made."""

    cohort: Cohort
    files: tuple[File, ...]
    wish: ExportWish
    day: date


class ExportService:
    """What `/cohort export` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def named(self, caller: Caller, now: datetime) -> tuple[list[UserId], list[int]]:
        """Return whose names an export needs, and of which roles.

        Raises NoCourse.
        """

        def work(tx: Tx) -> tuple[list[UserId], list[int]]:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            people = [one.user_id for one in self._rows(tx, cohort, now)]
            people += [one.user_id for one in course_plan.hand_ins(tx, cohort.id)]
            return list(dict.fromkeys(people)), sections.of_course(tx, cohort.id)

        return await self._database.read(work)

    async def export(
        self,
        caller: Caller,
        wish: ExportWish,
        names: Mapping[UserId, str | None],
        roles: Mapping[int, str],
        now: datetime,
    ) -> Export:
        """Return the files, and record the looks at the register and at lines, if there are any; raises NoCourse.

        Args:
            names: The display name of each member, None for those who are not in the server any more; not kept.
            roles: What the roles of sections are called.
        """

        def work(tx: Tx) -> Export:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            files = [File(WEEKS_FILE, csv_file(*self._weeks(tx, cohort, roles, now), wish.separator, TEXT_COLUMNS))]
            lines = course_plan.hand_ins(tx, cohort.id)
            if lines:
                whose = {one.enrolment_id for one in lines}
                access_log.add_once_an_hour(tx, sorted(whose), caller.user_id, Access.HAND_INS, now)
                files.insert(0, self._hand_ins(tx, cohort, wish, names, lines))
            if cohort.register:
                what = Access.NAMED_EXPORT if wish.names else Access.EXPORT
                access_log.add_at_register(tx, cohort.id, caller.user_id, what, now)
                files.insert(0, self._register(tx, cohort, wish, names, now))
            return Export(cohort, tuple(files), wish, local_day(now, cohort.zone))

        return await self._database.transact(work)

    def _rows(self, tx: Tx, cohort: Cohort, now: datetime) -> list[RegisterRow]:
        if not cohort.register:
            return []
        return register.rows(tx, cohort, musts_of_all(self._content.checklist, cohort.track), now)

    def _register(
        self, tx: Tx, cohort: Cohort, wish: ExportWish, names: Mapping[UserId, str | None], now: datetime
    ) -> File:
        key = cohorts.reference_key(tx, cohort.id, token_hex(KEY_BYTES))
        # A student number tells who somebody is, so it stands beside names alone.
        numbers = wish.names and cohort.student_number
        who = (*NAMED, "student_number") if numbers else NAMED if wish.names else ("member_ref",)
        made: list[tuple[Cell, ...]] = []
        for row in self._rows(tx, cohort, now):
            ref = (reference(key, row.enrolment_id, row.user_id),)
            number = (row.student_number or "",) if numbers else ()
            made.append((*(_who(row.user_id, names) if wish.names else ref), *number, *_facts(row, names)))
        made.sort(key=lambda cells: str(cells[0]).casefold())
        return File(REGISTER_FILE, csv_file((*who, *FACTS), made, wish.separator, TEXT_COLUMNS))

    def _hand_ins(
        self, tx: Tx, cohort: Cohort, wish: ExportWish, names: Mapping[UserId, str | None], lines: Sequence[HandIn]
    ) -> File:
        key = cohorts.reference_key(tx, cohort.id, token_hex(KEY_BYTES))
        weeks = {one.id: one for one in course_plan.weeks(tx, cohort.id)}
        made: list[tuple[Cell, ...]] = []
        for one in lines:
            week = weeks[one.week_id]
            ref = (reference(key, one.enrolment_id, one.user_id),)
            who = _who(one.user_id, names) if wish.names else ref
            number = cohort.week_number(week.week)
            made.append((number, week.theme, *who, one.line, one.on.isoformat()))
        made.sort(key=lambda cells: (cells[0], str(cells[2]).casefold()))
        header = ("week", "theme", *(NAMED if wish.names else ("member_ref",)), "line", "handed_in_on")
        return File(HAND_INS_FILE, csv_file(header, made, wish.separator, TEXT_COLUMNS))

    def _weeks(
        self, tx: Tx, cohort: Cohort, roles: Mapping[int, str], now: datetime
    ) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
        """Return the class week by week: a row for the class and, where they may be told, one for each section."""
        words = self._content.vocabulary
        facts = [*IN_REGISTER, *NOTES, *RING_B, *(f"check:{one.id}" for one in self._content.checklist.sections)]
        kinds = {"kind": [NONE, *words.types], "obstacle": [NONE, *map(str, words.obstacles)]}
        mixes = [f"{name}:{kind}" for name, found in kinds.items() for kind in found if kind != NONE]
        first = exact_from(cohort, register.counts(tx, cohort, now))
        by_role = class_statistics.with_sections(tx, cohort.id)
        course_roles = sections.of_course(tx, cohort.id)
        rows: list[Sequence[Cell]] = []
        for one in by_role.get(WHOLE_CLASS, []):
            week = one.week - WEEK
            exact = first is not None and week >= first
            live = {*IN_REGISTER, *NOTES} if exact else set[str]()
            cells = [_cell(one.counts.get(f, 0) if f in live else _said(one, f)) for f in facts]
            shown = dict(_mixes(one, kinds))
            rows.append((week.isoformat(), "", one.members, *cells, *(_cell(shown.get(name)) for name in mixes)))
            parts = {role: part for role in course_roles for part in by_role.get(role, []) if part.week == one.week}
            told = {f: {r: p.counts.get(f, 0) for r, p in parts.items()} for f in live}
            told |= {fact: sections_of(one, parts, fact) for fact in facts if fact not in told}
            for role, part in parts.items():
                cells = [_cell(told[fact].get(role)) for fact in facts]
                name = roles.get(role, f"role {role}")
                rows.append((week.isoformat(), name, part.members, *cells, *("" for _ in mixes)))
        header = [name.replace(":", "_") for name in (*facts, *mixes)]
        return ("week", "section", "members", *header), rows


def _who(user_id: UserId, names: Mapping[UserId, str | None]) -> tuple[Cell, ...]:
    name = names.get(user_id, NOT_READ)
    # A spreadsheet rounds a number of 18 digits, and then two people are one.
    return (LEFT if name is None else name, f"id {user_id}")


def _facts(row: RegisterRow, names: Mapping[UserId, str | None]) -> tuple[Cell, ...]:
    # Whoever has just been looked up is here or not; of the others the last look-up says.
    left = names[row.user_id] is None if row.user_id in names else row.left
    return (
        row.joined_week.isoformat(),
        _yes(left),
        _yes(row.focus),
        _yes(row.goal),
        _yes(row.plan),
        row.answered,
        row.items,
        _yes(row.this_week),
        *row.active(LAST_WEEKS),
        *row.active(),
        len(row.steps_done),
        sum(step is not StepWeek.FREE for step in row.steps),
        " ".join(map(str, row.steps_done)),
        _yes(row.away),
        _yes(row.reachable),
    )


def _said(one: Snapshot, fact: str) -> Count | None:
    return published(one.counts.get(fact, 0), one.members)


def _mixes(one: Snapshot, kinds: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int]]:
    for name, known in kinds.items():
        found = breakdown({**dict.fromkeys(known, 0), **one.kinds(name)}, one.members)
        yield from ((f"{name}:{kind}", count) for kind, count in found.items())


def _cell(count: Count | None) -> Cell:
    return "" if count is None else count if isinstance(count, int) else str(count)


def _yes(value: bool) -> str:  # noqa: FBT001 - a cell of a table
    return "yes" if value else "no"
