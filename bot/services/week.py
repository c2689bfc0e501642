"""The weekly steps of the course plan, as a member handles them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.coaching.cohort import Caller, Cohort, Membership
from bot.coaching.course_plan import CourseWeek, DoneBy, MemberStep, StepState, checked_line, this_weeks
from bot.coaching.errors import StepGone, StepsOver
from bot.coaching.focus import Focus, keeps_low
from bot.coaching.ids import CohortId, WeekId
from bot.coaching.log import Action
from bot.coaching.weeks import local_day, monday_of
from bot.services.membership import as_member, for_member, for_recipient
from prompts import Content
from storage import course_plan, members
from storage.database import Database, Tx
from storage.nudges import Nudge


@dataclass(frozen=True, slots=True)
class Week:
    """A weekly step of a member, and the steps around it.

    Attributes:
        today: The day in the course.
        step: The step asked for; else that of this week, None if this week has none.
        number: The number of the step's week in the term; without a step, of this week.
        current: It is this week's, or there is none this week.
        earlier: Open steps of weeks before this one, from the one of joining on, the newest first.
        before: All steps of weeks before this one, the newest first; once the term is over, those with a line.
        coming: The first week after this one that has a step.
        empty: The course has no weekly steps.
        low_profile: The other way comes first for this member.
        counts: The item or kind of action that counts, in words.
        line_taken_back: The line that was handed in has just been deleted.
    """

    cohort: Cohort
    today: date
    step: MemberStep | None
    number: int
    current: bool
    earlier: Sequence[MemberStep]
    before: Sequence[MemberStep]
    coming: CourseWeek | None
    empty: bool
    low_profile: bool
    counts: str | None
    help_lines: str
    line_taken_back: bool = False

    @property
    def is_over(self) -> bool:
        """Return whether the term is over, so that nothing changes but a line that is taken back."""
        return self.today > self.cohort.ends_on

    def number_of(self, week: CourseWeek) -> int:
        """Return the number of a week in the term."""
        return self.cohort.week_number(week.week)


@dataclass(frozen=True, slots=True)
class Completed:
    """The step of a week that something else completed by itself; `register`: instructors see by name what is done."""

    week: CourseWeek
    number: int
    register: bool


class WeekService:
    """What `/week` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self.database = database
        self._content = content

    @for_member
    def show(self, tx: Tx, member: Membership, week_id: WeekId | None, now: datetime) -> Week:
        """Return a step, that of this week when none is named; raises StepGone."""
        return self._week(tx, member, week_id, now)

    @for_member
    def of_post(self, tx: Tx, member: Membership, cohort_id: CohortId, monday: date, now: datetime) -> Week:
        """Return the step that a course's post told; that of this week if it is gone. Raises StepGone."""
        if cohort_id != member.cohort.id:  # a post of a course before this one in the same server
            raise StepGone
        steps, focus = course_plan.steps_and_focus(tx, member.cohort.id, member.id)
        named = next((one for one in steps if one.week.week == monday), None)
        return self._viewed(member, steps, focus, named, now)

    @for_recipient
    def of_note(self, tx: Tx, member: Membership, nudge: Nudge, now: datetime) -> Week:
        """Return the step that a note told; that of this week if it told none, or one that is gone."""
        kind, _, number = (nudge.subject or "").partition(":")
        steps, focus = course_plan.steps_and_focus(tx, member.cohort.id, member.id)
        told = next((one for one in steps if kind == "week" and str(one.week.id) == number), None)
        return self._viewed(member, steps, focus, told, now)

    @for_member
    def done(self, tx: Tx, member: Membership, week_id: WeekId, now: datetime) -> Week:
        """Mark a step done; raises StepGone or StepsOver."""
        return self._put(tx, member, week_id, StepState.DONE, None, now)

    async def hand_in(self, caller: Caller, week_id: WeekId, typed: str, now: datetime) -> Week:
        """Hand in the line of a step, or change it.

        Raises TextMissing, TextTooLong, LineNamesSomebody, StepGone or StepsOver.
        """
        line = checked_line(typed)
        return await as_member(
            self.database, caller, now, lambda tx, member: self._put(tx, member, week_id, StepState.DONE, line, now)
        )

    @for_member
    def set_aside(self, tx: Tx, member: Membership, week_id: WeekId, now: datetime) -> Week:
        """Leave a step undone, whether it was open or done; nothing asks for it again. Raises StepGone or StepsOver."""
        return self._put(tx, member, week_id, StepState.DECLINED, None, now)

    @for_member
    def reopen(self, tx: Tx, member: Membership, week_id: WeekId, now: datetime) -> Week:
        """Make a step open again, and delete its line; raises StepGone or StepsOver.

        Once the term is over a line can still be taken back, and its step stays done.
        """
        week = self._week(tx, member, week_id, now)
        line = week.step and week.step.line
        if not week.is_over:
            course_plan.reopen(tx, member.id, week_id)
        elif line:
            course_plan.put_step(tx, member.id, week_id, StepState.DONE, week.today)
        else:
            raise StepsOver
        after = _with(week, StepState.DONE if week.is_over else None, None)
        return replace(after, line_taken_back=bool(line))

    def _put(
        self, tx: Tx, member: Membership, week_id: WeekId, state: StepState, line: str | None, now: datetime
    ) -> Week:
        week = self._may_change(tx, member, week_id, now)
        if state is StepState.DONE and line is None and week.step is not None:
            line = week.step.line  # an old card's *Done* takes no line away
        course_plan.put_step(tx, member.id, week_id, state, week.today, line)
        if state is StepState.DONE:
            members.set_active(tx, member.id, now)
        return _with(week, state, line)

    def _may_change(self, tx: Tx, member: Membership, week_id: WeekId, now: datetime) -> Week:
        week = self._week(tx, member, week_id, now)
        if week.is_over:
            raise StepsOver
        return week

    def _week(self, tx: Tx, member: Membership, week_id: WeekId | None, now: datetime) -> Week:
        steps, focus = course_plan.steps_and_focus(tx, member.cohort.id, member.id)
        asked = next((one for one in steps if one.week.id == week_id), None)
        if week_id is not None and asked is None:
            raise StepGone
        return self._viewed(member, steps, focus, asked, now)

    def _viewed(
        self,
        member: Membership,
        steps: Sequence[MemberStep],
        focus: Focus | None,
        asked: MemberStep | None,
        now: datetime,
    ) -> Week:
        cohort, today = member.cohort, local_day(now, member.cohort.zone)
        current = this_weeks(steps, today)
        step = asked or current
        monday, joined = monday_of(today), monday_of(local_day(member.enrolment.joined_at, cohort.zone))
        shown = reversed(steps if today <= cohort.ends_on else [one for one in steps if one.line])
        before = [one for one in shown if one.week.week < monday and one is not step]
        return Week(
            cohort=cohort,
            today=today,
            step=step,
            number=cohort.week_number(today if step is None else step.week.week),
            current=step is current,
            earlier=[one for one in before if one.open and one.week.week >= joined],
            before=before,
            coming=next((one.week for one in steps if one.week.week > monday and one is not step), None),
            empty=not steps,
            low_profile=keeps_low(focus),
            counts=step and self._counts(step.week),
            help_lines=self._content.crisis.help_lines,
        )

    def _counts(self, week: CourseWeek) -> str | None:
        if week.done_by is DoneBy.ITEM:
            return next((one.title for one in self._content.checklist.items if one.id == week.counts), None)
        kind = self._content.vocabulary.kinds.get(week.counts or "")
        return kind and kind.label


def complete_step(tx: Tx, member: Membership, done_by: DoneBy, counts: str, now: datetime) -> Completed | None:
    """Complete the first open step for which an item or a kind of action counts, inside an open transaction."""
    cohort, today = member.cohort, local_day(now, member.cohort.zone)
    week = None
    if today <= cohort.ends_on:
        week = course_plan.complete(tx, cohort.id, member.id, done_by, counts, today)
    return week and Completed(week, cohort.week_number(week.week), bool(cohort.register))


def undo_step(tx: Tx, member: Membership, removed: Action, now: datetime) -> Completed | None:
    """Open the step that an entry completed which has just been removed; once the term is over, it stays done."""
    cohort = member.cohort
    week = None
    if local_day(now, cohort.zone) <= cohort.ends_on:
        week = course_plan.uncomplete(tx, cohort, member.id, removed.kind, local_day(removed.at, cohort.zone))
    return week and Completed(week, cohort.week_number(week.week), bool(cohort.register))


def _with(week: Week, state: StepState | None, line: str | None) -> Week:
    """Return a week with what its step has just become."""
    step = week.step and replace(week.step, state=state, line=line)
    return replace(week, step=step)
