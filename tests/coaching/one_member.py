"""A member's snapshot out of values: no database, and nothing in it but what a test puts there."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.coaching.cohort import Cohort, Enrolment, Membership
from bot.coaching.goals import Direction, Goal
from bot.coaching.ids import CohortId, ContactId, EnrolmentId, GoalId, GuildId, OpportunityId, UserId
from bot.coaching.log import Outcome
from bot.coaching.network import Category, Contact, Stage, Touch
from bot.coaching.opportunities import Opportunity, OpportunityKind, OpportunityState
from bot.coaching.snapshot import MemberSnapshot
from bot.coaching.weeks import Wish, local_day
from prompts import load_content
from tests.coaching.words import DIRECTIONS

CONTENT = load_content()
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
START = datetime(2027, 2, 15, 8, tzinfo=UTC)
"""The Monday on which the term begins, and the member joins."""
MONDAY = START.date()
COHORT = Cohort(
    CohortId(1), GuildId(1), "PLN 1", "Europe/Berlin", MONDAY, date(2027, 6, 4), 55, 0, 16, None, None, None
)
ENROLMENT = Enrolment(
    EnrolmentId(10), COHORT.id, UserId(10), START, START, Wish(0, 16, "Europe/Berlin"), True, None, None
)
GOAL = Goal(GoalId(1), "connect", "Talk", 2, "If it is Friday, then I will reply", 6, MONDAY)


def snapshot(now: datetime = START, **changes: Any) -> MemberSnapshot:
    """Return a member at `now`; `changes` are of the snapshot, the enrolment or the cohort, by name."""
    cohort = replace(COHORT, **_taken(changes, COHORT))
    enrolment = replace(ENROLMENT, **_taken(changes, ENROLMENT))
    values: dict[str, Any] = {
        "focus": None,
        "goals": [],
        "checklist": CONTENT.checklist,
        "answers": {},
        "log": [],
        "since_goal": {},
        "active_days": [],
        "pauses": [],
        "contacts": [],
        "openings": [],
        "alerts": [],
        "notes": [],
        "bio_checked": None,
        "vocabulary": CONTENT.vocabulary,
        "stages": CONTENT.network.stages,
        "kinds": CONTENT.network.kinds,
    }
    return MemberSnapshot(Membership(cohort, enrolment), now, local_day(now, enrolment.wish.zone), **values | changes)


def _taken(changes: dict[str, Any], one: Cohort | Enrolment) -> dict[str, Any]:
    return {field.name: changes.pop(field.name) for field in fields(one) if field.name in changes}


def contact(
    number: int, *touches: tuple[int, str, Outcome | None] | tuple[int, str], stage: Stage = Stage.SPOTTED, **more: Any
) -> Contact:
    """Return somebody known since the term began, with what was logged: the day of the term, the kind, the outcome."""
    done = tuple(
        Touch(kind, DIRECTIONS.get(kind, Direction.WITH), outcome[0] if outcome else None, MONDAY + day * DAY)
        for day, kind, *outcome in touches
    )
    usual: dict[str, Any] = {"where": None, "shares": None, "rested": False}
    return Contact(ContactId(number), f"Peer {number}", Category.PEER, stage, MONDAY, **usual | more, touches=done)


def opening(number: int, state: OpportunityState = OpportunityState.SPOTTED, day: int = 0, **more: Any) -> Opportunity:
    """Return an opportunity in a state since a day of the term."""
    on = MONDAY + day * DAY
    if state is OpportunityState.SENT:
        more = {"sent_on": on, **more}
    usual: dict[str, Any] = {"source": None, "due_on": None}
    return Opportunity(
        OpportunityId(number), f"Opening {number}", OpportunityKind.JOB, state=state, state_on=on, **usual | more
    )
