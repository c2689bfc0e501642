"""The member's focus."""

from datetime import datetime

from bot.coaching.cohort import Caller
from bot.coaching.focus import Focus, checked_focus
from bot.services.seats import member_seat
from storage import focus as focuses
from storage import members
from storage.database import Database, Tx


class FocusService:
    """What `/focus` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, caller: Caller, now: datetime) -> Focus | None:
        """Return the caller's focus."""
        return await self._database.transact(lambda tx: focuses.get(tx, member_seat(tx, caller, now).enrolment.id))

    async def save(
        self, caller: Caller, fields: str, purpose: str | None, connection: str | None, now: datetime
    ) -> Focus:
        """Keep a focus in place of the earlier one; raises TooManyFields, TextMissing or TextTooLong."""
        focus = checked_focus(fields, purpose, connection)

        def work(tx: Tx) -> Focus:
            seat = member_seat(tx, caller, now)
            focuses.put(tx, seat.enrolment.id, focus, now)
            members.set_active(tx, seat.enrolment.id, now)
            return focus

        return await self._database.transact(work)
