"""The member's own overview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Caller, Notice
from bot.coaching.footprint import SectionProgress, progress
from bot.coaching.goals import GoalType
from bot.coaching.log import Balance, Reciprocity, balance, reciprocity
from bot.coaching.network import Category, filled
from bot.services.facts import Picture, picture
from bot.services.nudges import Why, why_of
from bot.services.seats import member_seat
from bot.services.steps import Step, looked_at, next_step
from prompts import Content
from storage import members
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Me:
    """The last seven days, goal, footprint, network, the next step and the next nudge of one member.

    `balance` and `reciprocity`: whom the last four weeks were turned to, None while there is too little to tell.
    `breadth`: every category of people by its label, and whether somebody fills it.
    """

    seen: Picture
    goal_type: GoalType | None
    footprint: tuple[SectionProgress, ...]
    balance: Balance | None
    reciprocity: Reciprocity | None
    breadth: Mapping[str, bool]
    step: Step
    dm_closed: bool
    other_courses: bool


class MeService:
    """What `/me` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database = database
        self._content = content

    async def me(self, caller: Caller, now: datetime) -> Me:
        """Return the caller's own overview; the next step is what the rules would say at this moment."""

        def work(tx: Tx) -> Me:
            seat = member_seat(tx, caller, now)
            caller.told(Notice.DMS_CLOSED)
            seen = picture(tx, seat, self._content, now)
            goal_type = self._content.vocabulary.types[seen.goal.type] if seen.goal else None
            account = members.account(tx, caller.user_id)
            several = caller.guild_id is None and len(members.open_cohorts(tx, caller.user_id)) > 1
            known = filled(seen.contacts)
            return Me(
                seen,
                goal_type,
                progress(seen.checklist, seen.answers),
                balance(seen.turned),
                reciprocity(seen.turned),
                {self._content.network.categories[one]: one in known for one in Category},
                next_step(seen, self._content),
                account.dm_closed_at is not None,
                several,
            )

        return await self._database.transact(work)

    async def why(self, caller: Caller, now: datetime) -> Why:
        """Return why the overview names this next step: the rule, and what it looked at."""

        def work(tx: Tx) -> Why:
            seen = picture(tx, member_seat(tx, caller, now), self._content, now)
            step = next_step(seen, self._content)
            return why_of(step.rule, step.occasion, seen.focus, looked_at(seen.facts))

        return await self._database.transact(work)
