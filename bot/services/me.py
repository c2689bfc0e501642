"""The member's own overview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Caller, Membership, Notice
from bot.coaching.course_plan import MemberStep, StepState, this_weeks
from bot.coaching.footprint import SectionProgress, progress
from bot.coaching.log import Balance, Reciprocity, balance, reciprocity
from bot.coaching.network import Category, filled
from bot.coaching.next_action import Step, next_step
from bot.coaching.snapshot import MemberSnapshot
from bot.coaching.weeks import local_day
from bot.services.membership import as_member, for_member
from bot.services.nudges import Why, why_of
from prompts import Content
from storage import members, snapshot
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Me:
    """What a member sees of themselves, and the next step.

    Attributes:
        balance, reciprocity: Whom the last four weeks' actions were for; None while there are too few.
        breadth: Every category of people by its label, and whether somebody fills it.
        other_courses: They are in more than one course, and asked in a direct message.
        course_step: This week's step of the course plan; None if there is none, or they left it out.
    """

    snapshot: MemberSnapshot
    footprint: tuple[SectionProgress, ...]
    balance: Balance | None
    reciprocity: Reciprocity | None
    breadth: Mapping[str, bool]
    step: Step
    dm_closed: bool
    other_courses: bool
    course_step: MemberStep | None = None


class MeService:
    """What `/me` does."""

    def __init__(self, database: Database, content: Content) -> None:
        self.database = database
        self._content = content

    async def me(self, caller: Caller, now: datetime) -> Me:
        """Return the caller's own overview; the next step is what the rules would say at this moment."""

        def work(tx: Tx, member: Membership) -> Me:
            known, step = self._next_step(tx, member, now)
            due = this_weeks(known.steps, local_day(now, member.cohort.zone))
            people = filled(known.contacts)
            return Me(
                known,
                progress(known.checklist, known.answers),
                balance(known.turned),
                reciprocity(known.turned),
                {self._content.network.categories[category]: category in people for category in Category},
                step,
                members.account(tx, caller.user_id).dm_closed_at is not None,
                caller.guild_id is None and len(members.open_cohorts(tx, caller.user_id)) > 1,
                None if due is None or due.state is StepState.DECLINED else due,
            )

        return await as_member(self.database, caller, now, work, without={Notice.DMS_CLOSED})

    @for_member
    def why(self, tx: Tx, member: Membership, now: datetime) -> Why:
        """Return why the overview names this next step: the rule, and what it looked at."""
        known, step = self._next_step(tx, member, now)
        return why_of(step.rule, step.occasion, known.focus, known.facts.by_name())

    def _next_step(self, tx: Tx, member: Membership, now: datetime) -> tuple[MemberSnapshot, Step]:
        known = snapshot.load(tx, member, self._content, now)
        return known, next_step(known, self._content)
