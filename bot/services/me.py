"""The member's own overview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.cohort import Caller, Notice
from bot.coaching.footprint import SectionProgress, progress
from bot.coaching.log import Balance, Reciprocity, balance, reciprocity
from bot.coaching.network import Category, filled
from bot.coaching.next_action import Step, next_step
from bot.coaching.snapshot import MemberSnapshot
from bot.services.nudges import Why, why_of
from bot.services.seats import member_seat
from prompts import Content
from storage import members, snapshot
from storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Me:
    """What a member sees of themselves: how it stands, and the next step.

    Attributes:
        balance, reciprocity: whom the last four weeks were turned to, None while there is too little to tell.
        breadth: every category of people by its label, and whether somebody fills it.
        other_courses: they are in more than one, and asked in a direct message.
    """

    snapshot: MemberSnapshot
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
            member, step = self._next_step(tx, caller, now)
            caller.told(Notice.DMS_CLOSED)
            known = filled(member.contacts)
            return Me(
                member,
                progress(member.checklist, member.answers),
                balance(member.turned),
                reciprocity(member.turned),
                {self._content.network.categories[one]: one in known for one in Category},
                step,
                members.account(tx, caller.user_id).dm_closed_at is not None,
                caller.guild_id is None and len(members.open_cohorts(tx, caller.user_id)) > 1,
            )

        return await self._database.transact(work)

    async def why(self, caller: Caller, now: datetime) -> Why:
        """Return why the overview names this next step: the rule, and what it looked at."""

        def work(tx: Tx) -> Why:
            member, step = self._next_step(tx, caller, now)
            return why_of(step.rule, step.occasion, member.focus, member.facts.by_name())

        return await self._database.transact(work)

    def _next_step(self, tx: Tx, caller: Caller, now: datetime) -> tuple[MemberSnapshot, Step]:
        member = snapshot.load(tx, member_seat(tx, caller, now), self._content, now)
        return member, next_step(member, self._content)
