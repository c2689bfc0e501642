"""The member's goals: the conversation that leads to one, and its review, pause and end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zlib import crc32

from bot.coaching.cohort import Caller, Seat
from bot.coaching.errors import DraftChanged, GoalGone, GoalRunning, NoGoal, TwoGoalsRunning, UnfinishedPlan
from bot.coaching.focus import Season, keeps_low, track_of
from bot.coaching.goals import (
    MOST_RUNNING,
    REFLECTION_LIMIT,
    Beginning,
    Benefit,
    EndedGoal,
    Ending,
    Goal,
    GoalDraft,
    GoalType,
    Obstacle,
    ObstacleWords,
    PlanHint,
    Template,
    UnfinishedGoal,
    as_draft,
    checked_plan,
    checked_wish,
    finished,
    in_focus,
    in_term,
    plan_hints,
)
from bot.coaching.ids import EnrolmentId, GoalId
from bot.coaching.log import KindCount, counted, times
from bot.coaching.network import Category
from bot.coaching.texts import optional_text
from bot.coaching.weeks import local_day
from bot.services.seats import member_seat
from prompts import Content
from storage import focus as focuses
from storage import goals, log, members
from storage.database import Database, Tx

ENDED_SHOWN = 2
VISIBLE = "visible"
"""The type of goal that nobody is offered who keeps a low profile."""
SEASON_TYPES = {Season.EXPLORING: "learn", Season.BUILDING: "connect", Season.SEARCHING: "opportunity"}
"""Which type of goal a form begins with when no template says so (trace 3.17); a low profile begins with listening."""


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal that has not ended: its type, what counted in the last seven days, and today on the member's calendar."""

    goal: Goal
    type: GoalType
    did: int
    today: date


@dataclass(frozen=True, slots=True)
class Goals:
    """A member's goals, and the last ones that are over."""

    running: Sequence[GoalView]
    ended: Sequence[EndedGoal]


@dataclass(frozen=True, slots=True)
class GoalStart:
    """What a new goal may start from.

    `own`: the template of the member's track, and `who` it suggests to meet, in words. `running`: what runs or rests
    already. `over`: a goal whose weeks are over and that waits for its review. `unfinished`: a conversation that broke
    off.
    """

    own: Template | None
    who: tuple[str, ...]
    type: str
    running: Sequence[Goal]
    over: Goal | None
    unfinished: UnfinishedGoal | None


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What the plan is asked with: the goal so far, its template, and the words of the obstacle that was tapped."""

    draft: UnfinishedGoal
    template: Template | None
    obstacle: Obstacle
    words: ObstacleWords


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A goal read back before it is confirmed: what would make its plans easier to keep, and an example to go by.

    `goal`: as it would run from today. `seal` is of this goal, as it reads, of this member in this course.
    """

    draft: UnfinishedGoal
    goal: Goal
    type: GoalType
    hints: tuple[PlanHint, ...]
    obstacle_hints: tuple[PlanHint, ...]
    example: str
    seal: str


@dataclass(frozen=True, slots=True)
class Review:
    """What a goal's review looks back on: what counted since it began, of what was planned."""

    view: GoalView
    did: int
    wanted: int


class GoalService:
    """What `/goal` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def start(self, caller: Caller, now: datetime) -> GoalStart:
        """Return what a new goal may start from."""

        def work(tx: Tx) -> GoalStart:
            seat = member_seat(tx, caller, now)
            focus = focuses.get(tx, seat.enrolment.id)
            season = focus.season if focus is not None else None
            low = keeps_low(focus)
            running = goals.running(tx, seat.enrolment.id)
            today = local_day(now, seat.enrolment.wish.zone)
            own = self._content.vocabulary.templates.get(track_of(focus, seat.cohort.track) or "")
            if own is not None and low and own.type == VISIBLE:
                own = None
            return GoalStart(
                own,
                tuple(self._content.network.categories[Category(one)] for one in own.who) if own else (),
                SEASON_TYPES.get(season, "learn") if season is not None else own.type if own else "connect",
                running,
                next((goal for goal in running if goal.over(today)), None),
                goals.draft(tx, seat.enrolment.id),
            )

        return await self._database.transact(work)

    async def unfinished(self, caller: Caller, now: datetime) -> UnfinishedGoal:
        """Return the conversation as far as it has come; raises UnfinishedPlan when there is none."""

        def work(tx: Tx) -> UnfinishedGoal:
            return _draft(tx, member_seat(tx, caller, now))

        return await self._database.transact(work)

    async def wish(
        self, caller: Caller, wish: UnfinishedGoal, now: datetime, *, goes_on: bool = False
    ) -> UnfinishedGoal:
        """Keep the wish and its outcome, as a new conversation or, with `goes_on`, in the one there is.

        The plan that was written before stays then; a goal that is made deeper brings its own.

        Raises TargetOverCap, TextMissing, TextTooLong, BadNumber, UnknownTemplate, or GoalGone for a goal to end that
        is not running; nothing is kept then.
        """
        checked = checked_wish(wish, self._content.vocabulary)

        def work(tx: Tx) -> UnfinishedGoal:
            seat = member_seat(tx, caller, now)
            # What the conversation follows may have been stopped meanwhile; it goes on all the same.
            ends = None if checked.ends is None or goes_on else _own(tx, seat, checked.ends)
            before: Goal | UnfinishedGoal | None = ends if checked.ending is Ending.DEEPENED else None
            if goes_on:
                before = goals.draft(tx, seat.enrolment.id)
            draft = checked
            if before is not None:
                draft = _with_plan(checked, before)
            goals.put_draft(tx, seat.enrolment.id, draft, now)
            return draft

        return await self._database.transact(work)

    async def resume(self, caller: Caller, beginning: Beginning, now: datetime) -> UnfinishedGoal:
        """Go on with a conversation that broke off, for a goal that begins like this; raises UnfinishedPlan.

        One that a review began keeps the goal that it follows.
        """

        def work(tx: Tx) -> UnfinishedGoal:
            seat = member_seat(tx, caller, now)
            draft = _draft(tx, seat)
            if draft.ends is None and draft.beginning is not beginning:
                draft = replace(draft, beginning=beginning)
                goals.put_draft(tx, seat.enrolment.id, draft, now)
            return draft

        return await self._database.transact(work)

    async def plan_question(self, caller: Caller, obstacle: Obstacle, now: datetime) -> PlanQuestion:
        """Return what to ask the plan with once the obstacle is known; raises UnfinishedPlan without a wish."""
        words = self._content.vocabulary.obstacles[obstacle]

        def work(tx: Tx) -> PlanQuestion:
            draft = _draft(tx, member_seat(tx, caller, now))
            return PlanQuestion(draft, self._template(draft), obstacle, words)

        return await self._database.transact(work)

    async def plan(self, caller: Caller, plan: UnfinishedGoal, now: datetime) -> ReadBack:
        """Keep obstacle, both if-then lines, the five-minute version and the time box of `plan`; read it all back.

        Raises TextMissing, TextTooLong, BadNumber or UnfinishedPlan. The form of a plan is never a reason.
        """
        checked = checked_plan(plan)

        def work(tx: Tx) -> ReadBack:
            seat = member_seat(tx, caller, now)
            draft = _with_plan(_draft(tx, seat), checked)
            goals.put_draft(tx, seat.enrolment.id, draft, now)
            return self._read_back(seat, draft, now)

        return await self._database.transact(work)

    async def read_back(self, caller: Caller, now: datetime) -> ReadBack:
        """Return the goal as it would be confirmed; raises UnfinishedPlan while something is missing."""

        def work(tx: Tx) -> ReadBack:
            seat = member_seat(tx, caller, now)
            return self._read_back(seat, _draft(tx, seat), now)

        return await self._database.transact(work)

    async def confirm(self, caller: Caller, now: datetime, *, seal: str | None = None) -> GoalView:
        """Start the goal of this seal (None: whichever waits) today, and end the one it takes the place of.

        Raises UnfinishedPlan, DraftChanged, TwoGoalsRunning, or GoalRunning when another one began to run meanwhile;
        what was written is kept then.
        """

        def work(tx: Tx) -> GoalView:
            seat = member_seat(tx, caller, now)
            draft = goals.draft(tx, seat.enrolment.id)
            goal = finished(draft)
            if draft is None:  # pragma: no cover - finished refuses it
                raise UnfinishedPlan
            _check_seal(seat, draft, seal)
            self._make_room(tx, seat, draft, now)
            begun = self._begin(tx, seat, goal, now)
            goals.drop_draft(tx, seat.enrolment.id)
            return begun

        return await self._database.transact(work)

    async def drop(self, caller: Caller, now: datetime, *, seal: str | None = None) -> None:
        """Forget the conversation of this seal (None: whichever waits), if there is one; raises DraftChanged."""

        def work(tx: Tx) -> None:
            seat = member_seat(tx, caller, now)
            draft = goals.draft(tx, seat.enrolment.id)
            if draft is not None:
                _check_seal(seat, draft, seal)
                goals.drop_draft(tx, seat.enrolment.id)

        await self._database.transact(work)

    async def show(self, caller: Caller, now: datetime) -> Goals:
        """Return the caller's goals; raises NoGoal when there are none, and none that are over."""

        def work(tx: Tx) -> Goals:
            seat = member_seat(tx, caller, now)
            kinds = log.counts(tx, seat.enrolment.id, now)
            running = [self._viewed(seat, goal, kinds, now) for goal in goals.running(tx, seat.enrolment.id)]
            ended = goals.ended(tx, seat.enrolment.id, ENDED_SHOWN, seat.enrolment.wish.zone)
            if not running and not ended:
                raise NoGoal
            return Goals(running, ended)

        return await self._database.transact(work)

    async def review(self, caller: Caller, goal_id: GoalId | None, now: datetime) -> Review:
        """Return what to look back on: of one goal, or of the one whose review is due, else the oldest.

        Raises NoGoal or GoalGone.
        """

        def work(tx: Tx) -> Review:
            seat = member_seat(tx, caller, now)
            return self._review(tx, seat, _chosen(tx, seat, goal_id, now, over_first=True), now)

        return await self._database.transact(work)

    async def reflect(
        self, caller: Caller, goal_id: GoalId, reflection: str | None, benefit: Benefit | None, now: datetime
    ) -> Review:
        """Keep what the caller says a goal brought; raises GoalGone or TextTooLong."""
        checked = optional_text("What it brought", reflection, REFLECTION_LIMIT)

        def work(tx: Tx) -> Review:
            seat = member_seat(tx, caller, now)
            goal = _own(tx, seat, goal_id)
            goals.set_reflection(tx, goal.id, checked, benefit)
            members.set_active(tx, seat.enrolment.id, now)
            return self._review(tx, seat, goal, now)

        return await self._database.transact(work)

    async def keep(self, caller: Caller, goal_id: GoalId, now: datetime) -> GoalView:
        """Let a goal go on for as many weeks again, from today; raises GoalGone."""

        def work(tx: Tx) -> GoalView:
            seat = member_seat(tx, caller, now)
            goal = _own(tx, seat, goal_id)
            goals.end(tx, goal.id, Ending.KEPT, now)
            begun = self._begin(tx, seat, as_draft(goal), now)
            draft = goals.draft(tx, seat.enrolment.id)
            if draft is not None and draft.ends == goal.id:  # what was to follow it follows what it has become
                goals.put_draft(tx, seat.enrolment.id, replace(draft, ends=begun.goal.id), now)
            return begun

        return await self._database.transact(work)

    async def goal(self, caller: Caller, goal_id: GoalId, now: datetime) -> Goal:
        """Return one of the caller's goals that have not ended; raises GoalGone."""
        return await self._database.transact(lambda tx: _own(tx, member_seat(tx, caller, now), goal_id))

    async def stop(self, caller: Caller, goal_id: GoalId, now: datetime) -> EndedGoal:
        """End a goal; what was logged stays. Raises GoalGone."""

        def work(tx: Tx) -> EndedGoal:
            seat = member_seat(tx, caller, now)
            goals.end(tx, _own(tx, seat, goal_id).id, Ending.STOPPED, now)
            return goals.ended(tx, seat.enrolment.id, 1, seat.enrolment.wish.zone)[0]

        return await self._database.transact(work)

    async def pause(self, caller: Caller, goal_id: GoalId | None, now: datetime) -> GoalView:
        """Let a goal rest: its weeks stand still, and the notes speak of other things. Raises NoGoal or GoalGone."""
        return await self._change(caller, goal_id, _rested, now)

    async def go_on(self, caller: Caller, goal_id: GoalId, now: datetime) -> GoalView:
        """Let a goal that rests run again, with the weeks it had left; raises GoalGone."""
        return await self._change(caller, goal_id, _resumed, now)

    async def _change(
        self, caller: Caller, goal_id: GoalId | None, change: Callable[[Goal, date], Goal], now: datetime
    ) -> GoalView:
        def work(tx: Tx) -> GoalView:
            seat = member_seat(tx, caller, now)
            goal = _chosen(tx, seat, goal_id, now)
            changed = change(goal, local_day(now, seat.enrolment.wish.zone))
            if changed != goal:
                goals.set_paused(tx, goal.id, changed.paused_on, changed.paused_days)
            return self._view(tx, seat, changed, now)

        return await self._database.transact(work)

    def _make_room(self, tx: Tx, seat: Seat, draft: UnfinishedGoal, now: datetime) -> None:
        """End what the new goal takes the place of, as it was agreed when the conversation began."""
        running = goals.running(tx, seat.enrolment.id)
        if draft.ends is not None and draft.ending is not None:
            ending = next((goal for goal in running if goal.id == draft.ends), None)
            if ending is not None:
                goals.end(tx, ending.id, draft.ending, now)
                running.remove(ending)
        if running and draft.beginning is Beginning.REPLACE and draft.ends is None:
            replaced = in_focus(running) or running[0]
            goals.end(tx, replaced.id, Ending.REPLACED, now)
            return
        if running and draft.beginning is Beginning.ALONE:
            raise GoalRunning(running[0].title)
        if len(running) >= MOST_RUNNING:
            raise TwoGoalsRunning

    def _begin(self, tx: Tx, seat: Seat, draft: GoalDraft, now: datetime) -> GoalView:
        member = seat.enrolment.id
        slot = goals.free_slot(tx, member)
        if slot is None:
            raise TwoGoalsRunning
        goal_id = goals.add(tx, member, draft, slot, local_day(now, seat.enrolment.wish.zone), now)
        members.set_active(tx, member, now)
        return self._view(tx, seat, _own(tx, seat, goal_id), now)

    def _view(self, tx: Tx, seat: Seat, goal: Goal, now: datetime) -> GoalView:
        return self._viewed(seat, goal, log.counts(tx, seat.enrolment.id, now), now)

    def _viewed(self, seat: Seat, goal: Goal, kinds: Sequence[KindCount], now: datetime) -> GoalView:
        did = counted(times(kinds, 1), goal, self._content.vocabulary)
        return GoalView(goal, self._content.vocabulary.types[goal.type], did, local_day(now, seat.enrolment.wish.zone))

    def _review(self, tx: Tx, seat: Seat, goal: Goal, now: datetime) -> Review:
        done = counted(log.counts_of_goals(tx, seat.enrolment.id).get(goal.id, {}), goal, self._content.vocabulary)
        return Review(self._view(tx, seat, goal, now), done, goal.target * goal.weeks)

    def _read_back(self, seat: Seat, draft: UnfinishedGoal, now: datetime) -> ReadBack:
        goal = finished(draft)
        today = local_day(now, seat.enrolment.wish.zone)
        runs = Goal(GoalId(0), goal.type, goal.title, goal.target, goal.if_then, goal.weeks, today)
        vocabulary = self._content.vocabulary
        alike = (one for one in vocabulary.templates.values() if one.type == goal.type)
        template = self._template(draft) or next(alike, next(iter(vocabulary.templates.values())))
        answer = goal.obstacle_plan
        return ReadBack(
            draft,
            in_term(runs, seat.cohort.ends_on),
            vocabulary.types[goal.type],
            plan_hints(goal.if_then, vocabulary.verbs),
            plan_hints(answer, vocabulary.verbs) if answer else (),
            template.if_then,
            sealed(seat.enrolment.id, draft),
        )

    def _template(self, draft: UnfinishedGoal) -> Template | None:
        return self._content.vocabulary.templates.get(draft.template or "")


def _with_plan(wish: UnfinishedGoal, plan: Goal | UnfinishedGoal) -> UnfinishedGoal:
    return replace(
        wish,
        obstacle=plan.obstacle,
        if_then=plan.if_then,
        obstacle_plan=plan.obstacle_plan,
        tiny=plan.tiny,
        box_minutes=plan.box_minutes,
    )


def sealed(enrolment_id: EnrolmentId, draft: UnfinishedGoal) -> str:
    """Return what tells whether a card shows this conversation of this member as it now reads."""
    return f"{crc32(f'{enrolment_id}:{draft}'.encode()):08x}"


def _check_seal(seat: Seat, draft: UnfinishedGoal, seal: str | None) -> None:
    if seal is not None and sealed(seat.enrolment.id, draft) != seal:
        raise DraftChanged


def _draft(tx: Tx, seat: Seat) -> UnfinishedGoal:
    draft = goals.draft(tx, seat.enrolment.id)
    if draft is None:
        raise UnfinishedPlan
    return draft


def _own(tx: Tx, seat: Seat, goal_id: GoalId) -> Goal:
    for goal in goals.running(tx, seat.enrolment.id):
        if goal.id == goal_id:
            return goal
    raise GoalGone


def _chosen(tx: Tx, seat: Seat, goal_id: GoalId | None, now: datetime, *, over_first: bool = False) -> Goal:
    """Return the goal meant: the one named, else one that runs before one that rests, the oldest first.

    `over_first`: one whose weeks are over comes before the others; otherwise it comes after those that run.
    """
    if goal_id is not None:
        return _own(tx, seat, goal_id)
    running = goals.running(tx, seat.enrolment.id)
    if not running:
        raise NoGoal
    today = local_day(now, seat.enrolment.wish.zone)
    return min(running, key=lambda goal: (goal.over(today) is not over_first, goal.paused_on is not None))


def _rested(goal: Goal, today: date) -> Goal:
    return goal if goal.paused_on is not None else replace(goal, paused_on=today)


def _resumed(goal: Goal, today: date) -> Goal:
    if goal.paused_on is None:
        return goal
    # A journey west can bring the day of the pause back: a rest is never shorter than none.
    rested = max(0, (today - goal.paused_on).days)
    return replace(goal, paused_on=None, paused_days=goal.paused_days + rested)
