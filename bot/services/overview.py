"""What an instructor sees of a class: the weekly figures and how they moved, and what the next week will send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coaching.cohort import Audience, Caller, Cohort, Enrolment, Seat
from bot.coaching.errors import NoCourse, SectionTooSmall, TooManySections, UnknownSection
from bot.coaching.figures import CHECK, DELIVERY, NONE, SHARES, WHOLE_CLASS, Figures, Week
from bot.coaching.goals import Obstacle
from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient
from bot.coaching.small_groups import BATCH, FEWEST, Band
from bot.coaching.weeks import Break, Due, Wish, local_day, monday_of, term_week
from bot.services.seats import staff_cohort
from bot.services.texts import MessageText, note_text
from bot.services.turns import next_turn
from prompts import Activity, Content
from storage import figures, nudges
from storage.database import Database, Tx

MOST_SECTIONS = 10
OVERVIEW_WEEKS = 12
CHART_WEEKS = 30
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Labels:
    """What the names of figures are called: sections of the checklist, kinds of goals, obstacles."""

    checklist: Mapping[str, str]
    kinds: Mapping[str, str]
    obstacles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Overview:
    """How a class or one of its sections does; `weeks`: the last ones that have figures, the oldest first.

    `section`: a role, None for the whole class.
    """

    cohort: Cohort
    week: int
    of_weeks: int
    next_turn: datetime
    weeks: Sequence[Week]
    labels: Labels
    activities: Mapping[str, Activity]
    section: int | None = None


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A section in the chart: the role's name as Discord has it, and the share that was active."""

    role: int
    active: Band | None


@dataclass(frozen=True, slots=True)
class ClassChart:
    """All that the class's picture shows: its weeks, and the sections' shares of the last one."""

    overview: Overview
    sections: Sequence[ChartBar]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the seven days after the last turn send, `week` None: there was none; `sample`: a note to nobody."""

    cohort: Cohort
    week: Week | None
    breaks: Sequence[Break]
    sample: MessageText


class OverviewService:
    """What `/cohort overview`, `chart` and `preview` show."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def overview(self, caller: Caller, now: datetime, section: int | None = None) -> Overview:
        """Return how the class, or one of its sections, has done by its weekly figures.

        Raises UnknownSection, SectionTooSmall, NoCourse or InstructorOnly.
        """

        def work(tx: Tx) -> Overview:
            cohort = _course(tx, caller)
            if section is None:
                return self._overview(tx, cohort, now, OVERVIEW_WEEKS)
            if section not in figures.sections(tx, cohort.id):
                raise UnknownSection
            seen = self._overview(tx, cohort, now, OVERVIEW_WEEKS, section)
            # One that was large enough once is not shown on while it is too small.
            newest = figures.weeks(tx, cohort.id, limit=1)
            if not seen.weeks or not newest or seen.weeks[-1].week != newest[-1].week:
                raise SectionTooSmall(2 * BATCH)
            return seen

        return await self._database.read(work)

    async def chart(self, caller: Caller, now: datetime) -> ClassChart:
        """Return what the class's picture shows; raises NoCourse or InstructorOnly."""

        def work(tx: Tx) -> ClassChart:
            cohort = _course(tx, caller)
            found = figures.last_week(tx, cohort.id)
            bars = [
                ChartBar(role, found[role].shares.get("active") if role in found else None)
                for role in figures.sections(tx, cohort.id)
            ]
            return ClassChart(self._overview(tx, cohort, now, CHART_WEEKS), bars)

        return await self._database.read(work)

    async def preview(self, caller: Caller, now: datetime) -> Preview:
        """Return what the next seven days will send; raises NoCourse or InstructorOnly."""

        def work(tx: Tx) -> Preview:
            cohort = _course(tx, caller)
            today = local_day(now, cohort.zone)
            breaks = [one for one in cohort.breaks if one.first <= today + WEEK and today <= one.last]
            weeks = figures.weeks(tx, cohort.id, limit=1)
            return Preview(cohort, weeks[-1] if weeks else None, breaks, self._sample(tx, cohort, now))

        return await self._database.read(work)

    async def set_sections(self, caller: Caller, roles: Sequence[int]) -> None:
        """Keep which roles are the course's sections; raises TooManySections, NoCourse or ManagerOnly."""
        if len(roles) > MOST_SECTIONS:
            raise TooManySections(MOST_SECTIONS)

        def work(tx: Tx) -> None:
            cohort = staff_cohort(tx, caller, Audience.MANAGER)
            if cohort is None:
                raise NoCourse
            # @everyone, which has the server's own number, is no section.
            figures.set_sections(tx, cohort.id, sorted(set(roles) - {cohort.guild_id}))

        await self._database.transact(work)

    async def sections(self, caller: Caller) -> list[int]:
        """Return the roles of the course's sections; raises NoCourse or ManagerOnly."""

        def work(tx: Tx) -> list[int]:
            cohort = staff_cohort(tx, caller, Audience.MANAGER)
            if cohort is None:
                raise NoCourse
            return figures.sections(tx, cohort.id)

        return await self._database.read(work)

    def _overview(self, tx: Tx, cohort: Cohort, now: datetime, most: int, section: int | None = None) -> Overview:
        weeks = figures.weeks(tx, cohort.id, section or WHOLE_CLASS, most)
        return Overview(
            cohort,
            term_week(cohort.starts_on, local_day(now, cohort.zone)),
            term_week(cohort.starts_on, cohort.ends_on),
            figures.turn_at(tx, cohort.id) or next_turn(now, cohort.zone),
            weeks,
            labels(self._content),
            {str(obstacle): one for obstacle, one in self._content.activities.items()},
            section,
        )

    def _sample(self, tx: Tx, cohort: Cohort, now: datetime) -> MessageText:
        """Return a note to somebody who has just joined and does not exist."""
        wish = Wish(cohort.nudge_day, cohort.nudge_hour, cohort.zone)
        week = monday_of(local_day(now, cohort.zone))
        nobody = Enrolment(
            EnrolmentId(0),
            cohort.id,
            UserId(0),
            joined_at=now,
            active_at=now,
            wish=wish,
            nudges_on=True,
            pause_until=None,
            next_nudge=Due(week, now),
        )
        key = NudgeKey(Recipient(cohort.id, nobody.user_id), NudgeKind.WEEKLY, week.isoformat())
        return note_text(tx, Seat(cohort, nobody), nudges.imagined(key, now), self._content, now)


def labels(content: Content) -> Labels:
    """Return what the names of figures are called."""
    words = content.vocabulary
    return Labels(
        {CHECK + one.id: one.title for one in content.checklist.sections},
        {name: one.label for name, one in words.types.items()},
        {str(name): one.label for name, one in words.obstacles.items()},
    )


def weekly_table(tx: Tx, cohort: Cohort) -> tuple[Sequence[str], Sequence[Sequence[str | int]]]:
    """Return the weekly figures of a class, for its export: the names of the columns, and a row for each week."""
    return table(figures.weeks(tx, cohort.id))


def table(weeks: Sequence[Week]) -> tuple[Sequence[str], Sequence[Sequence[str | int]]]:
    """Return weekly figures as a table, as rounded as they are shown: `under_10` and `over_90` at the ends.

    `suppressed_flag` is 1 where a figure is not shown because it would say something about few people.
    """
    kinds = sorted({name for one in weeks for name in one.figures.kinds} - {NONE})
    chips = [str(one) for one in Obstacle]
    checks = sorted({name for one in weeks for name in one.figures.checklist})
    acts = ("none", "one", "few", "many")
    names = (
        "week",
        "counted",
        *(f"{name}_pct" for name in SHARES),
        *(f"actions_{name}_pct" for name in acts),
        *(f"goal_type_{name}_pct" for name in kinds),
        *(f"obstacle_{name}_pct" for name in chips),
        *(f"checklist_{name.removeprefix(CHECK)}_pct" for name in checks),
        *(f"notes_{name}_pct" for name in DELIVERY),
        "suppressed_flag",
    )
    return names, [_row(one.week, one.figures, kinds, chips, checks, acts) for one in weeks]


def _row(
    week: date,
    found: Figures,
    kinds: Sequence[str],
    chips: Sequence[str],
    checks: Sequence[str],
    acts: Sequence[str],
) -> list[str | int]:
    cells = [
        *(_cell(found.shares.get(name)) for name in SHARES),
        *(_cell(found.acts.get(name)) for name in acts),
        *(_cell(found.kinds.get(name)) for name in kinds),
        *(_cell(found.obstacles.get(name)) for name in chips),
        *(_cell(found.checklist.get(name)) for name in checks),
        *(_cell(found.delivery.get(name)) for name in DELIVERY),
    ]
    # Below ten people single ones join and leave the count; from ten on, five at a time.
    counted = str(found.counted) if found.counted >= FEWEST else f"under_{FEWEST}"
    return [week.isoformat(), counted, *cells, int("" in cells)]


def _cell(band: Band | None) -> str:
    if band is None:
        return ""
    return "under_10" if band.percent < 10 else "over_90" if band.percent > 90 else str(band.percent)


def _course(tx: Tx, caller: Caller) -> Cohort:
    cohort = staff_cohort(tx, caller, Audience.INSTRUCTOR)
    if cohort is None:
        raise NoCourse
    return cohort
