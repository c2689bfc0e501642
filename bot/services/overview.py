"""What an instructor sees of a class in counts: how it is doing, the class statistics, and what the next week sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.class_statistics import WHOLE_CLASS, Count, Snapshot, change, published, step_count
from bot.coaching.cohort import Audience, Caller, Cohort, Enrolment, Membership
from bot.coaching.course_plan import CourseWeek
from bot.coaching.errors import TooManySections
from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.momentum import WEEK
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient
from bot.coaching.register import this_week
from bot.coaching.weeks import Break, Due, Wish, first_monday, local_day, monday_of
from bot.services.checkin import who_might_welcome_a_hello
from bot.services.class_statistics import MOST_NAMED, exact_from, is_exact, most_named, next_snapshot
from bot.services.membership import open_course
from bot.services.texts import MessageText, note_text
from prompts import Activity, Content
from storage import class_statistics, course_plan, nudges, register, sections
from storage.database import Database, Tx
from storage.register import RegisterCounts

MOST_SECTIONS = 10
FACTS = ("goal", "plan", "exchange")


@dataclass(frozen=True, slots=True)
class WeekCount:
    """How many of `whole` people were active in the week of a Monday; None if not published."""

    week: date
    active: Count | None
    whole: int


@dataclass(frozen=True, slots=True)
class Obstacles:
    """The most frequent obstacles with their counts, and five minutes of class about one of them."""

    named: Sequence[tuple[str, int]]
    activity: Activity


@dataclass(frozen=True, slots=True)
class Overview:
    """How a class is doing.

    Attributes:
        people: How many are here, left, or have no row in the register yet.
        exact: Facts of the register are exact and live; else everything is class statistics.
        weeks: The full weeks of the term so far, oldest first.
        moved: The difference of the last full week to the one before; None if not published.
        so_far: How many were active in the current week; None if not published.
        facts: People with a `goal`, a `plan` and an `exchange`, each with the number of people counted.
        hellos: How many might welcome a hello.
        planned: The course plan has a week so far.
        step: The step of the current week, None if there is none.
        last_step: How many of how many did the step of the week before, by Monday's snapshot; None if not published.
    """

    cohort: Cohort
    week: int
    of_weeks: int
    people: RegisterCounts
    exact: bool
    weeks: Sequence[WeekCount]
    moved: int | None
    so_far: int | None
    facts: Mapping[str, tuple[Count | None, int]]
    obstacles: Obstacles | None
    hellos: int
    next_snapshot: datetime
    planned: bool = False
    step: CourseWeek | None = None
    last_step: tuple[Count, int] | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """What the names of counts are called: sections of the checklist, kinds of goals, obstacles."""

    checklist: Mapping[str, str]
    kinds: Mapping[str, str]
    obstacles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The class statistics of the last Monday: the class, if it was counted, and its sections by role.

    Attributes:
        exact: Facts of the register are shown as exact counts.
    """

    cohort: Cohort
    exact: bool
    newest: Snapshot | None
    sections: Mapping[int, Snapshot]
    labels: Labels
    next_snapshot: datetime


@dataclass(frozen=True, slots=True)
class ClassPreview:
    """What the next seven days send: to how many of `whole`, and how many are away; None if not published.

    Attributes:
        sample: A note as a new member would get it.
    """

    cohort: Cohort
    planned: Count | None
    away: Count | None
    whole: int
    breaks: Sequence[Break]
    sample: MessageText


class OverviewService:
    """What `/cohort overview` and `/cohort preview` show."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def overview(self, caller: Caller, now: datetime) -> Overview:
        """Return how the class is doing; raises NoCourse or InstructorOnly."""

        def work(tx: Tx) -> Overview:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            people = register.counts(tx, cohort, now)
            snapshots = class_statistics.snapshots(tx, cohort.id)
            exact, today = is_exact(cohort, people), this_week(now, cohort.zone)
            weeks = [_counted(snapshot) for snapshot in snapshots if first_monday(cohort.starts_on) < snapshot.week]
            moved = so_far = None
            if exact:
                first = max(people.first_week or today, first_monday(cohort.starts_on))
                live = register.active_by_week(tx, cohort, first, today) if first <= today else {}
                so_far = live.pop(today, 0)
                weeks = [week for week in weeks if week.week < first]
                weeks += [WeekCount(week, count, people.here) for week, count in live.items()]
                if {today - WEEK, today - 2 * WEEK} <= live.keys():
                    moved = live[today - WEEK] - live[today - 2 * WEEK]
            elif len(snapshots) > 1 and snapshots[-1].week - WEEK == snapshots[-2].week:
                moved = change("active", snapshots[-1], snapshots[-2])
            newest = snapshots[-1] if snapshots else Snapshot(today, 0)
            facts = {name: (published(newest.counts.get(name, 0), newest.members), newest.members) for name in FACTS}
            if exact:
                facts |= {"goal": (people.goal, people.here), "plan": (people.plan, people.here)}
            plan = [one for one in course_plan.weeks(tx, cohort.id) if not one.switched_off and one.week <= today]
            done = step_count(newest, exact=False)
            return Overview(
                cohort,
                cohort.week_number(today),
                cohort.week_number(cohort.ends_on),
                people,
                exact,
                [week for week in weeks if week.week <= monday_of(cohort.ends_on)],
                moved,
                so_far,
                facts,
                self._obstacles(newest),
                len(who_might_welcome_a_hello(tx, cohort, now)),
                next_snapshot(now, cohort.zone),
                planned=bool(plan),
                step=plan[-1] if plan and plan[-1].week == today else None,
                last_step=None if exact or done is None else (done, newest.members),
            )

        return await self._database.read(work)

    async def statistics(self, caller: Caller, now: datetime) -> Statistics:
        """Return the class statistics of the last Monday; raises NoCourse or InstructorOnly."""

        def work(tx: Tx) -> Statistics:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            snapshots = class_statistics.with_sections(tx, cohort.id)
            newest = snapshots[WHOLE_CLASS][-1] if snapshots else None
            roles = sections.of_course(tx, cohort.id)
            by_role = {role: snapshots[role][-1] for role in roles if role in snapshots}
            first = exact_from(cohort, register.counts(tx, cohort, now))
            exact = newest is not None and first is not None and first < newest.week
            return Statistics(cohort, exact, newest, by_role, labels(self._content), next_snapshot(now, cohort.zone))

        return await self._database.read(work)

    async def preview(self, caller: Caller, now: datetime) -> ClassPreview:
        """Return what the next seven days will send; raises NoCourse or InstructorOnly."""

        def work(tx: Tx) -> ClassPreview:
            cohort = open_course(tx, caller, Audience.INSTRUCTOR)
            today = local_day(now, cohort.zone)
            breaks = [off for off in cohort.breaks if off.first <= today + WEEK and today <= off.last]
            people = register.counts(tx, cohort, now)
            newest = class_statistics.snapshots(tx, cohort.id, 1)
            sample = self._sample(tx, cohort, now)
            if is_exact(cohort, people):
                return ClassPreview(cohort, *register.planned(tx, cohort, now), people.here, breaks, sample)
            counted = newest[-1] if newest else Snapshot(today, 0)
            planned, away = (
                published(counted.counts.get(name, 0), counted.members) for name in ("planned", "note:away")
            )
            return ClassPreview(cohort, planned, away, counted.members, breaks, sample)

        return await self._database.read(work)

    async def set_sections(self, caller: Caller, roles: Sequence[int]) -> None:
        """Store which roles are the course's sections; raises TooManySections, NoCourse or ManagerOnly."""
        if len(roles) > MOST_SECTIONS:
            raise TooManySections(MOST_SECTIONS)

        def work(tx: Tx) -> None:
            cohort = open_course(tx, caller, Audience.MANAGER)
            # @everyone, which has the server's own number, is no section.
            sections.replace(tx, cohort.id, sorted(set(roles) - {cohort.guild_id}))

        await self._database.transact(work)

    async def section_roles(self, caller: Caller) -> list[int]:
        """Return the roles of the course's sections; raises NoCourse or what refuses the caller."""

        def work(tx: Tx) -> list[int]:
            cohort = open_course(tx, caller, Audience.MANAGER, Audience.INSTRUCTOR)
            return sections.of_course(tx, cohort.id)

        return await self._database.read(work)

    def _obstacles(self, newest: Snapshot) -> Obstacles | None:
        named = list(most_named(newest).items())[:MOST_NAMED]
        if not named:
            return None
        words = self._content.vocabulary.obstacles
        # Another one each week, so that a class does not get the same five minutes again and again.
        about = named[newest.week.toordinal() // 7 % len(named)][0]
        return Obstacles([(words[obstacle].label, count) for obstacle, count in named], self._content.activities[about])

    def _sample(self, tx: Tx, cohort: Cohort, now: datetime) -> MessageText:
        """Return the note that somebody who has just joined would get."""
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
        return note_text(tx, Membership(cohort, nobody), nudges.imagined(key, now), self._content, now)


def _counted(snapshot: Snapshot) -> WeekCount:
    return WeekCount(
        snapshot.week - WEEK, published(snapshot.counts.get("active", 0), snapshot.members), snapshot.members
    )


def labels(content: Content) -> Labels:
    """Return what the names of counts are called."""
    words = content.vocabulary
    return Labels(
        {section.id: section.title for section in content.checklist.sections},
        {name: entry.label for name, entry in words.types.items()},
        {str(name): entry.label for name, entry in words.obstacles.items()},
    )
