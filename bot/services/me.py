"""The member's own overview."""

from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Caller
from bot.coaching.footprint import SectionProgress, progress
from bot.coaching.goals import GoalType
from bot.services.facts import Picture, Step, next_step, picture
from bot.services.seats import member_seat
from prompts import Content
from storage import members
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Me:
    """The last seven days, goal, footprint, the next step and the next nudge of one member."""

    seen: Picture
    goal_type: GoalType | None
    footprint: tuple[SectionProgress, ...]
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
            caller.notices.clear()  # the overview says it
            seen = picture(tx, seat, self._content, now)
            goal_type = self._content.vocabulary.types[seen.goal.type] if seen.goal else None
            account = members.account(tx, caller.user_id)
            several = caller.guild_id is None and len(members.open_cohorts(tx, caller.user_id)) > 1
            return Me(
                seen,
                goal_type,
                progress(seen.checklist, seen.answers),
                next_step(seen, self._content.rules),
                account.dm_closed_at is not None,
                several,
            )

        return await self._database.transact(work)
