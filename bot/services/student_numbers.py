"""A member's student number or login, where the course asks for it: given, corrected or taken out by them alone.

As in `services/rights.py`, nothing is touched but the rows of the caller's own account.
"""

from dataclasses import dataclass

from bot.coaching.cohort import Audience, Caller, Cohort, require_audience
from bot.coaching.errors import OldCard
from bot.coaching.ids import CohortId
from bot.coaching.student_numbers import checked_number
from storage import inventory, members, student_numbers
from storage.database import Database, Tx
from storage.inventory import Place


@dataclass(frozen=True, slots=True)
class StudentNumber:
    """A member's number in a course, if they gave one; `taken`: the one they just gave is somebody else's."""

    cohort: Cohort
    number: str | None
    taken: bool = False


class StudentNumberService:
    """What the question for a student number and its form do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mine(self, caller: Caller, course: CohortId | None) -> StudentNumber:
        """Return the caller's number in a course of theirs; `course` None: in the one meant here. Raises OldCard."""
        return await self._database.read(lambda tx: _mine(tx, _place(tx, caller, course)))

    async def give(self, caller: Caller, course: CohortId, written: str) -> StudentNumber:
        """Store the caller's number, or remove it when nothing is written; raises TextTooLong or OldCard."""
        number = checked_number(written) if written.strip() else None

        def work(tx: Tx) -> StudentNumber:
            place = _place(tx, caller, course)
            members.find(tx, place.cohort.id, caller.user_id, lock=True)  # a member's writes take turns
            if number is None:
                student_numbers.take_out(tx, place.enrolment.id)
                return _mine(tx, place)
            return _mine(tx, place, taken=not student_numbers.give(tx, place.cohort.id, place.enrolment.id, *number))

        return await self._database.transact(work)


def _place(tx: Tx, caller: Caller, course: CohortId | None) -> Place:
    """Return the caller's place in an open course that asks for numbers: the one named, or meant here."""
    require_audience(caller, Audience.ANYONE)
    asking = [
        place
        for place in inventory.places(tx, caller.user_id)
        if place.cohort.student_number and place.cohort.closed_at is None and course in {None, place.cohort.id}
    ]
    if not asking:
        raise OldCard
    if caller.guild_id is not None:
        meant = [place for place in asking if place.cohort.guild_id == caller.guild_id]
    else:
        chosen = members.account(tx, caller.user_id).chosen_cohort_id
        meant = [place for place in asking if place.cohort.id == chosen]
    return (meant or asking)[0]


def _mine(tx: Tx, place: Place, *, taken: bool = False) -> StudentNumber:
    return StudentNumber(place.cohort, student_numbers.get(tx, place.enrolment.id), taken)
