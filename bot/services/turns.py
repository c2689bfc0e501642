"""The weekly turn of a course, on Monday at 8:00 of its zone: its figures are taken, and what else falls due then."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from typing import TypeAlias

from bot.coaching.closing import TURN_HOUR
from bot.coaching.cohort import Cohort
from bot.coaching.figures import CHECK, WHOLE_CLASS, Scheme, taken
from bot.coaching.ids import CohortId
from bot.coaching.small_groups import FEWEST, Person, Pick, admits, afresh, settled
from bot.coaching.weeks import local_day, moment, monday_of
from prompts import Content
from storage import figures
from storage.database import Tx

WEEK = timedelta(days=7)
TurnWork: TypeAlias = Callable[[Tx, Cohort, datetime], None]
"""What happens at a course's turn, in the turn's own transaction, after its figures were taken."""


def next_turn(now: datetime, zone: str) -> datetime:
    """Return the first Monday 8:00 of a zone later than `now`, in UTC."""
    monday = monday_of(local_day(now, zone))
    at = moment(monday, TURN_HOUR, zone)
    return at if at > now else moment(monday + WEEK, TURN_HOUR, zone)


def plan_turn(tx: Tx, cohort_id: CohortId, zone: str, now: datetime) -> None:
    """Plan a course's next turn in a zone; one that comes sooner stays, so that no week is lost."""
    figures.set_turn(tx, cohort_id, next_turn(now, zone), unless_sooner=True)


def _at_random(people: Sequence[Person], number: int) -> Collection[Person]:
    return SystemRandom().sample(people, number)


@dataclass(frozen=True, slots=True)
class Turns:
    """Takes the turns that are due; each round does so before it plans. `also`: what else happens at a turn."""

    content: Content
    also: Sequence[TurnWork] = ()
    pick: Pick = field(default=_at_random)

    def due(self, tx: Tx, now: datetime) -> list[CohortId]:
        """Return the open courses whose turn is due or was never planned."""
        return figures.turns_due(tx, now)

    def take(self, tx: Tx, cohort_id: CohortId, now: datetime) -> None:
        """Take a course's turn if it is due, once however many processes ask, and plan the next.

        Turns missed while nothing ran are skipped: the one taken is that of the week that runs.
        """
        turn = figures.lock_turn(tx, cohort_id, now)
        if turn is None:
            return
        if turn.due_at is not None:
            self._figures(tx, turn, now)
            for work in self.also:
                work(tx, turn.cohort, now)
        figures.set_turn(tx, cohort_id, next_turn(now, turn.cohort.zone))

    def _figures(self, tx: Tx, turn: figures.Turn, now: datetime) -> None:
        cohort = turn.cohort
        week = monday_of(local_day(now, cohort.zone))
        # The figures are of the days before the turn, however late it is taken.
        at = min(now, moment(week, TURN_HOUR, cohort.zone))
        if figures.has(tx, cohort.id, week) or week > monday_of(cohort.ends_on) + WEEK:
            return
        sections = {
            one.id: [item.id for item in self.content.checklist.items if item.section == one.id]
            for one in self.content.checklist.sections
        }
        people = figures.people(tx, cohort, sections, at)
        last, before = figures.last_of(tx, cohort.id, FEWEST)
        rest = last == week - WEEK and before[WHOLE_CLASS].moved
        if rest and turn.lost:
            return  # Without those erased it would be others again: the week is left out.
        held = turn.held + turn.lost if before else 0
        admit = admits(held)
        places = settled(people, turn.lost, self.pick, admit=admit, rest=rest) if before else afresh(people)
        scheme = self._scheme(sections, figures.sections(tx, cohort.id))
        taken_now = taken(places, turn.lost, scheme, before)
        figures.keep(tx, cohort.id, week, taken_now)
        # While a class is too small, those it was last shown with stay: it is shown again when five more changed.
        if not before or taken_now[WHOLE_CLASS].counted >= FEWEST:
            figures.set_places(tx, places)
            figures.set_held(tx, cohort.id, 0 if admit else held)

    def _scheme(self, sections: dict[str, list[str]], roles: Sequence[int]) -> Scheme:
        words = self.content.vocabulary
        items = {CHECK + name: len(found) for name, found in sections.items() if found}
        return Scheme(items, tuple(words.types), tuple(str(one) for one in words.obstacles), tuple(roles))
