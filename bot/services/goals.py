"""The member's goals: the conversation that leads to one, and its review, pause and end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zlib import crc32

from bot.coaching.cohort import Caller, Membership
from bot.coaching.errors import DraftChanged, GoalGone, GoalRunning, NoGoal, TwoGoalsRunning, UnfinishedPlan
from bot.coaching.focus import Focus, Season, keeps_low, track_of
from bot.coaching.goals import (
    MOST_RUNNING,
    PLAN_LIMIT,
    REFLECTION_LIMIT,
    Beginning,
    Benefit,
    EndedGoal,
    Goal,
    GoalDraft,
    GoalEnding,
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
    proposed_plan,
)
from bot.coaching.ids import EnrolmentId, GoalId
from bot.coaching.log import KindCount, counted, times
from bot.coaching.network import Category
from bot.coaching.texts import checked_text, optional_text
from bot.services.membership import for_member
from prompts import Content
from storage import focus as focuses
from storage import goals, log, members
from storage.database import Database, Tx

ENDED_SHOWN = 2
VISIBLE = "visible"
"""The type of goal that is not offered to members who keep a low profile."""
SEASON_TYPES = {Season.EXPLORING: "learn", Season.BUILDING: "connect", Season.SEARCHING: "opportunity"}
"""Which type of goal a form begins with when no template says so (trace 3.17); a low profile begins with listening."""


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal that has not ended, the actions that count of the last week or two, and the member's day."""

    goal: Goal
    type: GoalType
    did: int
    today: date


@dataclass(frozen=True, slots=True)
class Goals:
    """A member's goals, and the last ones that ended."""

    running: Sequence[GoalView]
    ended: Sequence[EndedGoal]


@dataclass(frozen=True, slots=True)
class GoalStart:
    """What a new goal may start from.

    Attributes:
        own: The template of the member's track, and in `who`, in words, whom it suggests to meet.
        running: The goals that run or are paused.
        over: A goal whose weeks are over and whose review is due.
    """

    own: Template | None
    who: tuple[str, ...]
    type: str
    running: Sequence[Goal]
    over: Goal | None
    unfinished: UnfinishedGoal | None


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What the form for the plan shows: the goal so far, a plan to propose, and the obstacle that was tapped."""

    draft: UnfinishedGoal
    plan: str
    obstacle: Obstacle
    words: ObstacleWords


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A goal read back before it is confirmed, with hints for its plans.

    Attributes:
        goal: The goal as it would run from today.
        example: A plan of the member's own profession, if there is one.
        seal: What `confirm` and `drop` take, so that they act on the goal that was shown.
    """

    draft: UnfinishedGoal
    goal: Goal
    type: GoalType
    hints: tuple[PlanHint, ...]
    obstacle_hints: tuple[PlanHint, ...]
    example: str | None
    seal: str


@dataclass(frozen=True, slots=True)
class Review:
    """A goal under review: how many actions counted for it, of how many planned."""

    view: GoalView
    did: int
    wanted: int


class GoalService:
    """What `/goal` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self.database = database
        self._content = content

    @for_member
    def start(self, tx: Tx, member: Membership, now: datetime) -> GoalStart:
        """Return what a new goal may start from."""
        focus = focuses.get(tx, member.id)
        running = goals.running(tx, member.id)
        own = self._own_template(member, focus)
        if own is not None and keeps_low(focus) and own.type == VISIBLE:
            own = None
        usual = own.type if own else "connect"
        return GoalStart(
            own,
            tuple(self._content.network.categories[Category(name)] for name in own.who) if own else (),
            usual if focus is None or focus.season is None else SEASON_TYPES.get(focus.season, "learn"),
            running,
            next((goal for goal in running if goal.over(member.today(now))), None),
            goals.draft(tx, member.id),
        )

    @for_member
    def unfinished(self, tx: Tx, member: Membership, now: datetime) -> UnfinishedGoal:
        """Return the conversation as far as it has come; raises UnfinishedPlan when there is none."""
        return _draft(tx, member)

    @for_member
    def wish(
        self, tx: Tx, member: Membership, wish: UnfinishedGoal, now: datetime, *, goes_on: bool = False
    ) -> UnfinishedGoal:
        """Store the wish and its outcome, as a new conversation or, with `goes_on`, in the present one.

        The plan of the present conversation stays then; a goal that is made deeper brings its own plan.

        Raises TargetOverCap, TextMissing, TextTooLong, BadNumber, UnknownTemplate, or GoalGone for a goal to end that
        is not running.
        """
        draft = checked_wish(wish, self._content.vocabulary)
        earlier: Goal | UnfinishedGoal | None = None
        if goes_on:  # even if the goal that it replaces was stopped meanwhile
            earlier = goals.draft(tx, member.id)
            if earlier is not None and earlier.if_then and earlier.if_then == self._proposal(tx, member, earlier):
                earlier = replace(earlier, if_then=self._proposal(tx, member, draft))
        elif draft.ends is not None:
            ends = _own(tx, member, draft.ends)
            earlier = ends if draft.ending is GoalEnding.DEEPENED else None
        if earlier is not None:
            draft = _with_plan(draft, earlier)
        goals.put_draft(tx, member.id, draft, now)
        return draft

    @for_member
    def resume(self, tx: Tx, member: Membership, beginning: Beginning, now: datetime) -> UnfinishedGoal:
        """Go on with an unfinished conversation, for a goal that begins like this; raises UnfinishedPlan.

        After a review it still follows the goal that was reviewed.
        """
        draft = _draft(tx, member)
        if draft.ends is None and draft.beginning is not beginning:
            draft = replace(draft, beginning=beginning)
            goals.put_draft(tx, member.id, draft, now)
        return draft

    @for_member
    def plan_question(self, tx: Tx, member: Membership, obstacle: Obstacle, now: datetime) -> PlanQuestion:
        """Return what to ask the plan with once the obstacle is known; raises UnfinishedPlan without a wish."""
        draft = _draft(tx, member)
        words = self._content.vocabulary.obstacles[obstacle]
        return PlanQuestion(draft, self._proposal(tx, member, draft), obstacle, words)

    @for_member
    def plan(self, tx: Tx, member: Membership, plan: UnfinishedGoal, now: datetime) -> ReadBack:
        """Store obstacle, if-then lines, five-minute version and time box of `plan`, and read the goal back.

        Raises TextMissing, TextTooLong, BadNumber or UnfinishedPlan; no plan is refused for its form.
        """
        draft = _with_plan(_draft(tx, member), checked_plan(plan))
        goals.put_draft(tx, member.id, draft, now)
        return self._read_back(tx, member, draft, now)

    @for_member
    def read_back(self, tx: Tx, member: Membership, now: datetime) -> ReadBack:
        """Return the goal as it would be confirmed; raises UnfinishedPlan while something is missing."""
        return self._read_back(tx, member, _draft(tx, member), now)

    @for_member
    def confirm(self, tx: Tx, member: Membership, now: datetime, *, seal: str | None = None) -> GoalView:
        """Start the goal of this seal (None: of any) today, and end the goal that it replaces.

        Raises UnfinishedPlan, DraftChanged, TwoGoalsRunning, or GoalRunning when another one was started meanwhile.
        """
        draft = _draft(tx, member)
        goal = finished(draft)
        _check_seal(member, draft, seal)
        self._make_room(tx, member, draft, now)
        begun = self._begin(tx, member, goal, now)
        goals.drop_draft(tx, member.id)
        return begun

    @for_member
    def drop(self, tx: Tx, member: Membership, now: datetime, *, seal: str | None = None) -> None:
        """Discard the conversation of this seal (None: of any), if there is one; raises DraftChanged."""
        draft = goals.draft(tx, member.id)
        if draft is not None:
            _check_seal(member, draft, seal)
            goals.drop_draft(tx, member.id)

    @for_member
    def show(self, tx: Tx, member: Membership, now: datetime) -> Goals:
        """Return the caller's goals, running and ended; raises NoGoal without any."""
        kinds = log.counts(tx, member.id, now)
        running = [self._view(tx, member, goal, now, kinds) for goal in goals.running(tx, member.id)]
        ended = goals.ended(tx, member.id, ENDED_SHOWN, member.enrolment.wish.zone)
        if not running and not ended:
            raise NoGoal
        return Goals(running, ended)

    @for_member
    def review(self, tx: Tx, member: Membership, goal_id: GoalId | None, now: datetime) -> Review:
        """Return the review of a goal; None: of the one that is due, else the oldest. Raises NoGoal or GoalGone."""
        return self._review(tx, member, _chosen(tx, member, goal_id, now, over_first=True), now)

    @for_member
    def reflect(
        self,
        tx: Tx,
        member: Membership,
        goal_id: GoalId,
        reflection: str | None,
        benefit: Benefit | None,
        now: datetime,
    ) -> Review:
        """Store what the caller says a goal brought; raises GoalGone or TextTooLong."""
        goal = _own(tx, member, goal_id)
        goals.set_reflection(tx, goal.id, optional_text("What it brought", reflection, REFLECTION_LIMIT), benefit)
        members.set_active(tx, member.id, now)
        return self._review(tx, member, goal, now)

    @for_member
    def keep(self, tx: Tx, member: Membership, goal_id: GoalId, now: datetime) -> GoalView:
        """Let a goal go on for as many weeks again, from today; raises GoalGone."""
        goal = _own(tx, member, goal_id)
        goals.end(tx, goal.id, GoalEnding.KEPT, now)
        begun = self._begin(tx, member, as_draft(goal), now)
        draft = goals.draft(tx, member.id)
        if draft is not None and draft.ends == goal.id:  # a conversation about its successor follows the new goal
            goals.put_draft(tx, member.id, replace(draft, ends=begun.goal.id), now)
        return begun

    @for_member
    def goal(self, tx: Tx, member: Membership, goal_id: GoalId, now: datetime) -> Goal:
        """Return one of the caller's goals that have not ended; raises GoalGone."""
        return _own(tx, member, goal_id)

    @for_member
    def current(self, tx: Tx, member: Membership, now: datetime) -> Goal:
        """Return the goal that notes are about; raises NoGoal."""
        return _chosen(tx, member, None, now)

    @for_member
    def meet_obstacle(
        self, tx: Tx, member: Membership, goal_id: GoalId, obstacle: Obstacle, plan: str, now: datetime
    ) -> Goal:
        """Change what gets in the way of a goal and the plan for it; raises GoalGone, TextMissing or TextTooLong."""
        goal, plan = _own(tx, member, goal_id), checked_text("The plan for the obstacle", plan, PLAN_LIMIT)
        goals.set_obstacle(tx, goal.id, obstacle, plan)
        members.set_active(tx, member.id, now)
        return replace(goal, obstacle=obstacle, obstacle_plan=plan)

    @for_member
    def stop(self, tx: Tx, member: Membership, goal_id: GoalId, now: datetime) -> EndedGoal:
        """End a goal; logged actions stay. Raises GoalGone."""
        goals.end(tx, _own(tx, member, goal_id).id, GoalEnding.STOPPED, now)
        return goals.ended(tx, member.id, 1, member.enrolment.wish.zone)[0]

    async def pause(self, caller: Caller, goal_id: GoalId | None, now: datetime) -> GoalView:
        """Pause a goal: its weeks stop counting, and nudges are about other steps. Raises NoGoal or GoalGone."""
        return await self._change(caller, goal_id, _rested, now)

    async def go_on(self, caller: Caller, goal_id: GoalId, now: datetime) -> GoalView:
        """Resume a paused goal with the weeks it had left; raises GoalGone."""
        return await self._change(caller, goal_id, _resumed, now)

    @for_member
    def _change(
        self, tx: Tx, member: Membership, goal_id: GoalId | None, change: Callable[[Goal, date], Goal], now: datetime
    ) -> GoalView:
        goal = _chosen(tx, member, goal_id, now)
        changed = change(goal, member.today(now))
        if changed != goal:
            goals.set_paused(tx, goal.id, changed.paused_on, changed.paused_days)
        return self._view(tx, member, changed, now)

    def _make_room(self, tx: Tx, member: Membership, draft: UnfinishedGoal, now: datetime) -> None:
        """End the goal that the new one replaces, as agreed when the conversation began; raises if there is no room."""
        running = goals.running(tx, member.id)
        if draft.ends is not None and draft.ending is not None:
            for goal in [goal for goal in running if goal.id == draft.ends]:
                goals.end(tx, goal.id, draft.ending, now)
                running.remove(goal)
        if running and draft.beginning is Beginning.REPLACE and draft.ends is None:
            goals.end(tx, (in_focus(running) or running[0]).id, GoalEnding.REPLACED, now)
            return
        if running and draft.beginning is Beginning.ALONE:
            raise GoalRunning(running[0].title)
        if len(running) >= MOST_RUNNING:
            raise TwoGoalsRunning

    def _begin(self, tx: Tx, member: Membership, draft: GoalDraft, now: datetime) -> GoalView:
        slot = goals.free_slot(tx, member.id)
        if slot is None:
            raise TwoGoalsRunning
        goal_id = goals.add(tx, member.id, draft, slot, member.today(now), now)
        members.set_active(tx, member.id, now)
        return self._view(tx, member, _own(tx, member, goal_id), now)

    def _view(
        self, tx: Tx, member: Membership, goal: Goal, now: datetime, kinds: Sequence[KindCount] | None = None
    ) -> GoalView:
        logged = times(log.counts(tx, member.id, now) if kinds is None else kinds, goal.every_weeks)
        did = counted(logged, goal, self._content.vocabulary)
        return GoalView(goal, self._content.vocabulary.types[goal.type], did, member.today(now))

    def _review(self, tx: Tx, member: Membership, goal: Goal, now: datetime) -> Review:
        done = counted(log.counts_of_goals(tx, member.id).get(goal.id, {}), goal, self._content.vocabulary)
        return Review(self._view(tx, member, goal, now), done, goal.wanted)

    def _read_back(self, tx: Tx, member: Membership, draft: UnfinishedGoal, now: datetime) -> ReadBack:
        goal = finished(draft)
        runs = Goal(GoalId(0), goal.type, goal.title, goal.target, goal.if_then, goal.weeks, member.today(now))
        vocabulary = self._content.vocabulary
        own = self._own_template(member, focuses.get(tx, member.id))
        return ReadBack(
            draft,
            in_term(runs, member.cohort.ends_on),
            vocabulary.types[goal.type],
            plan_hints(goal.if_then, vocabulary.verbs),
            plan_hints(goal.obstacle_plan, vocabulary.verbs) if goal.obstacle_plan else (),
            own and own.if_then,
            sealed(member.id, draft),
        )

    def _own_template(self, member: Membership, focus: Focus | None) -> Template | None:
        """Return the starter of the member's profession."""
        return self._content.vocabulary.templates.get(track_of(focus, member.cohort.track) or "")

    def _proposal(self, tx: Tx, member: Membership, draft: UnfinishedGoal) -> str:
        """Return the plan to propose for the kind of goal just chosen, in the member's field."""
        focus, goal_type = focuses.get(tx, member.id), self._content.vocabulary.types[draft.type or ""]
        return proposed_plan(goal_type, draft.target or 1, draft.every_weeks, focus and focus.fields[0])


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
    """Return a checksum by which a card shows that its conversation has not changed since."""
    return f"{crc32(f'{enrolment_id}:{draft}'.encode()):08x}"


def _check_seal(member: Membership, draft: UnfinishedGoal, seal: str | None) -> None:
    if seal is not None and sealed(member.id, draft) != seal:
        raise DraftChanged


def _draft(tx: Tx, member: Membership) -> UnfinishedGoal:
    draft = goals.draft(tx, member.id)
    if draft is None:
        raise UnfinishedPlan
    return draft


def _own(tx: Tx, member: Membership, goal_id: GoalId) -> Goal:
    for goal in goals.running(tx, member.id):
        if goal.id == goal_id:
            return goal
    raise GoalGone


def _chosen(tx: Tx, member: Membership, goal_id: GoalId | None, now: datetime, *, over_first: bool = False) -> Goal:
    """Return the named goal, else the oldest that runs, else the oldest that is paused.

    With `over_first` goals whose weeks are over come first, otherwise last.
    """
    if goal_id is not None:
        return _own(tx, member, goal_id)
    running = goals.running(tx, member.id)
    if not running:
        raise NoGoal
    today = member.today(now)
    return min(running, key=lambda goal: (goal.over(today) is not over_first, goal.paused_on is not None))


def _rested(goal: Goal, today: date) -> Goal:
    return goal if goal.paused_on is not None else replace(goal, paused_on=today)


def _resumed(goal: Goal, today: date) -> Goal:
    if goal.paused_on is None:
        return goal
    # After a journey west today may be the day before the pause began.
    rested = max(0, (today - goal.paused_on).days)
    return replace(goal, paused_on=None, paused_days=goal.paused_days + rested)
