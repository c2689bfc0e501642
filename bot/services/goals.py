"""The member's goal."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.cohort import Caller, Seat
from bot.coaching.errors import GoalRunning, NoGoal
from bot.coaching.goals import Goal, GoalDraft, GoalType, Template, checked_goal
from bot.coaching.weeks import local_day
from bot.services.facts import Picture, picture
from bot.services.seats import member_seat
from prompts import Content
from storage import goals, members
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class GoalView:
    """A running goal: its type, the member's own week, and today on their calendar."""

    goal: Goal
    type: GoalType
    did: int
    today: date


@dataclass(frozen=True, slots=True)
class GoalStart:
    """What a new goal starts from: a template, if one was named, and the goal it would replace."""

    template: Template | None
    running: Goal | None


class GoalService:
    """What `/goal` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def start(self, caller: Caller, template_id: str | None, now: datetime) -> GoalStart:
        """Return what a new goal starts from; a goal whose weeks are over stands in nobody's way.

        Raises UnknownTemplate.
        """
        template = None if template_id is None else self._content.vocabulary.template(template_id)

        def work(tx: Tx) -> GoalStart:
            seat = member_seat(tx, caller, now)
            return GoalStart(template or self._own_template(seat), self._running(tx, seat, now))

        return await self._database.transact(work)

    async def show(self, caller: Caller, now: datetime) -> GoalView:
        """Return the caller's goal; raises NoGoal."""
        return await self._database.transact(
            lambda tx: self._view(picture(tx, member_seat(tx, caller, now), self._content, now))
        )

    async def save(self, caller: Caller, draft: GoalDraft, now: datetime, *, replace: bool) -> GoalView:
        """Start a goal today; with `replace` it ends the one that is running, without, it raises GoalRunning.

        Raises TargetOverCap, TextMissing, TextTooLong or BadNumber before anything is changed.
        """
        checked = checked_goal(draft, self._content.vocabulary)

        def work(tx: Tx) -> GoalView:
            seat = member_seat(tx, caller, now)
            running = self._running(tx, seat, now)
            if running and not replace:
                raise GoalRunning(running.title)
            ending = goals.running(tx, seat.enrolment.id)
            if ending:
                goals.end(tx, ending.id, now)
            goals.add(tx, seat.enrolment.id, checked, local_day(now, seat.enrolment.wish.zone), now)
            members.set_active(tx, seat.enrolment.id, now)
            return self._view(picture(tx, seat, self._content, now))

        return await self._database.transact(work)

    def _own_template(self, seat: Seat) -> Template | None:
        return self._content.vocabulary.templates.get(seat.cohort.track or "")

    def _running(self, tx: Tx, seat: Seat, now: datetime) -> Goal | None:
        goal = goals.running(tx, seat.enrolment.id)
        return goal if goal and not goal.over(local_day(now, seat.enrolment.wish.zone)) else None

    def _view(self, seen: Picture) -> GoalView:
        if seen.goal is None:
            raise NoGoal
        return GoalView(seen.goal, self._content.vocabulary.types[seen.goal.type], seen.did, seen.today)
