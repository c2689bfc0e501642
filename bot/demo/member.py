"""One member who acts through the bot's services, as their commands and buttons would."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from bot.coaching.cohort import Audience, Caller, Enrolment
from bot.coaching.course_plan import DoneBy
from bot.coaching.focus import FocusDraft
from bot.coaching.footprint import Answer
from bot.coaching.goals import Beginning, Goal, GoalDraft, UnfinishedGoal
from bot.coaching.log import ActionDraft
from bot.coaching.network import ContactDraft
from bot.coaching.opportunities import Move, OpportunityDraft
from bot.services.feedback import FeedbackService, How
from bot.services.focus import FocusService
from bot.services.footprint import FootprintService
from bot.services.goals import GoalService
from bot.services.log import LogService
from bot.services.members import MemberService
from bot.services.network import AlertDraft, NetworkService, SpaceDraft
from bot.services.nudges import NudgeService, SettingsChange
from bot.services.opportunities import OpportunityService
from bot.services.planning import Planning
from bot.services.week import WeekService
from prompts import Content
from storage.database import Database

Draft: TypeAlias = (
    ActionDraft | AlertDraft | ContactDraft | FocusDraft | GoalDraft | OpportunityDraft | SettingsChange | SpaceDraft
)
Deed: TypeAlias = Draft | Literal["rest the goal"] | tuple[str, ActionDraft | Answer | Move] | tuple[How, str]
"""Something a member does: a draft they send, an action with the person of a nickname, an answer to the checklist item
of an id, news of the opportunity of a title, or feedback."""


class Services:
    """The use cases a member needs."""

    def __init__(self, database: Database, content: Content, planning: Planning) -> None:
        """Build them around one database."""
        self.members = MemberService(database, planning)
        self.focus = FocusService(database, content.checklist)
        self.goals = GoalService(database, content)
        self.log = LogService(database, content)
        self.network = NetworkService(database, content)
        self.opportunities = OpportunityService(database, self.log, content.network.starters)
        self.feedback = FeedbackService(database)
        self.footprint = FootprintService(database, content.checklist)
        self.nudges = NudgeService(database, content, planning)
        self.week = WeekService(database, content)


class Member:
    """A member of one course."""

    def __init__(self, services: Services, caller: Caller, clock: Callable[[], datetime]) -> None:
        """Act for `caller`, at the time of `clock`."""
        self.services: Final = services
        self.caller: Final = replace(caller, audience=Audience.MEMBER)
        self.clock: Final = clock
        self._ways: Mapping[type, Callable[..., Awaitable[Any]]] = {
            ActionDraft: services.log.log,
            AlertDraft: services.network.add_alert,
            ContactDraft: services.network.add_person,
            FocusDraft: services.focus.save,
            GoalDraft: self._start_goal,
            OpportunityDraft: services.opportunities.add,
            SettingsChange: services.nudges.change,
            SpaceDraft: services.network.add_space,
            str: self._rest_goal,
        }
        self._ways_to_tell: Mapping[type, Callable[..., Awaitable[Any]]] = {
            ActionDraft: services.log.log_with,
            Answer: services.footprint.answer,
            Move: self._tell_of_opportunity,
            str: services.feedback.tell,
        }

    async def join(self, zone: str | None = None) -> Enrolment:
        """Join the course; `zone` None: the course's own."""
        joined = await self.services.members.join(replace(self.caller, audience=Audience.ANYONE), zone, self.clock())
        return joined.enrolment

    async def do(self, deed: Deed) -> Any:
        """Do something, and return what the service answers."""
        if isinstance(deed, tuple):
            return await self._ways_to_tell[type(deed[1])](self.caller, *deed, self.clock())
        return await self._ways[type(deed)](self.caller, deed, self.clock())

    async def do_step(self, line: str) -> None:
        """Do this week's step if it is open; where a line is asked for, hand in this one, if there is one."""
        found = (await self.services.week.show(self.caller, None, self.clock())).step
        if found is None or not found.open:
            return
        if found.week.done_by is not DoneBy.LINE:
            await self.services.week.done(self.caller, found.week.id, self.clock())
        elif line:
            await self.services.week.hand_in(self.caller, found.week.id, line, self.clock())

    async def set_goal(self, goal: GoalDraft, beginning: Beginning = Beginning.ALONE) -> Goal:
        """Go through the whole conversation that leads to a running goal."""
        goals, now = self.services.goals, self.clock()
        wish = UnfinishedGoal(
            beginning, type=goal.type, title=goal.title, outcome=goal.outcome, target=goal.target, weeks=goal.weeks
        )
        plan = replace(wish, if_then=goal.if_then, obstacle=goal.obstacle, obstacle_plan=goal.obstacle_plan)
        await goals.wish(self.caller, wish, now)
        await goals.plan(self.caller, replace(plan, tiny=goal.tiny, box_minutes=goal.box_minutes), now)
        return (await goals.confirm(self.caller, now)).goal

    async def _start_goal(self, _caller: Caller, goal: GoalDraft, _now: datetime) -> Goal:
        return await self.set_goal(goal)

    async def _rest_goal(self, caller: Caller, _deed: str, now: datetime) -> None:
        await self.services.goals.pause(caller, None, now)

    async def _tell_of_opportunity(self, caller: Caller, title: str, move: Move, now: datetime) -> None:
        named = await self.services.opportunities.find(caller, title, now)
        await self.services.opportunities.tell(caller, named.opportunity.id, move, now)
