"""Planning the weekly nudges: the owed rows of the weeks that fell due, and the next week to come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.coaching.cohort import Enrolment
from bot.coaching.nudges import Recipient, gap_after, planned
from bot.coaching.weeks import Calendar, Due, jitter_minutes, nudge_moment
from bot.coaching.zones import zone_names
from storage import members, nudges
from storage.database import Tx
from storage.members import DueEnrolment, NudgePlan

PLAN_BATCH = 200
"""How many enrolments one transaction plans."""


@dataclass(frozen=True, slots=True)
class Planning:
    """How weeks are planned: the most minutes of jitter, and the days between nudges that go unanswered."""

    jitter_limit: int
    backoff_days: tuple[int, ...]

    def plan_batch(self, tx: Tx, now: datetime) -> int:
        """Owe and plan for those whose nudge fell due by `now`, PLAN_BATCH at most; return how many they were."""
        due = members.due(tx, now, PLAN_BATCH)
        self.plan_due(tx, due, now)
        return len(due)

    def plan_due(self, tx: Tx, places: Sequence[DueEnrolment], now: datetime) -> None:
        """Owe what fell due by `now` and plan what comes."""
        members.set_plans(tx, [plan for _, plan in self._owe(tx, places, now)])

    def owe_due(self, tx: Tx, places: Sequence[DueEnrolment], now: datetime) -> None:
        """Owe what fell due by `now`, and leave what comes to the caller."""
        self._owe(tx, places, now)

    def plan_anew(self, tx: Tx, places: Sequence[DueEnrolment], now: datetime) -> None:
        """Owe what fell due before a change, so that it is not lost to it, and plan each one as it now stands."""
        owed = self._owe(tx, places, now)
        members.set_plans(tx, [self._plan(place, now) for place, _ in owed])

    def plan_from(self, tx: Tx, places: Sequence[DueEnrolment], now: datetime) -> None:
        """Plan each one from `now` on; what fell due before leaves no row."""
        members.set_plans(tx, [self._plan(place, now) for place in places])

    def time_anew(self, tx: Tx) -> None:
        """Let each planned nudge come at the moment that its week and its wish have now.

        A start does it: time-zone data changes with the system, and the jitter with a setting.
        """
        timed = (
            (one, due, nudge_moment(due.week, wish, jitter_minutes(one, self.jitter_limit)))
            for one, wish, due in members.planned(tx)
            if wish.zone in zone_names()  # new data may lack it: that member's next round says so
        )
        members.move_planned(tx, [(one, due, at) for one, due, at in timed if at != due.at])

    def first(self, enrolment: Enrolment, term: Calendar, now: datetime) -> Due | None:
        """Return the first nudge of somebody who has just joined."""
        return self._plan(DueEnrolment(enrolment, term, None, 0), now).due

    def set_aside(self, tx: Tx, to: Recipient, now: datetime) -> None:
        """Set aside somebody who left the server; a week that fell due since the last planning gets its row before."""
        enrolment = members.find(tx, to.cohort_id, to.user_id)
        if enrolment is not None:
            self.plan_due(tx, [members.one_to_plan(tx, enrolment.id)], now)
            members.set_aside(tx, enrolment.id, now)

    def _owe(self, tx: Tx, places: Sequence[DueEnrolment], now: datetime) -> list[tuple[DueEnrolment, NudgePlan]]:
        """Owe one row for each week that fell due, in one statement; return each place as it is then, and its plan.

        After an outage of weeks every missed week gets its row; delivery then skips the stale ones with the reason, so
        that the ledger tells the whole story and never sends a burst.
        """
        fallen: list[tuple[Recipient, Due]] = []
        owed: list[tuple[DueEnrolment, NudgePlan]] = []
        for place in places:
            one, here = place.enrolment, place
            plan = NudgePlan(one.id, one.next_nudge, one.backed_off)
            if place.anew_from is not None:
                plan = self._plan(place, place.anew_from)
            while plan.due is not None and plan.due.at <= now:
                fallen.append((Recipient(one.cohort_id, one.user_id), plan.due))
                # Planned as if this one stayed unanswered too; a touch plans anew.
                here = replace(place, last_week=plan.due.week, unanswered=place.unanswered + 1)
                plan = self._plan(here, plan.due.at)
            owed.append((here, plan))
        nudges.owe_weeks(tx, fallen)
        return owed

    def _plan(self, place: DueEnrolment, after: datetime) -> NudgePlan:
        one = place.enrolment
        gap = gap_after(place.unanswered, one.every_weeks, self.backoff_days)
        if gap is None:
            return NudgePlan(one.id, None, backed_off=True)
        due = planned(
            one, place.term, after=after, last_week=place.last_week, jitter_limit=self.jitter_limit, gap_weeks=gap
        )
        return NudgePlan(one.id, due, backed_off=gap > one.every_weeks)
