"""Erasing an account for good, when its owner asks: at once, in all courses, and noted apart from the database.

As in `services/rights.py`, anyone may: nothing is touched but the rows of the caller's own account.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.coaching.cohort import Audience, Caller, require_audience
from bot.coaching.errors import ErasureChanged, ErasureNotNoted, ErasureUnfinished
from bot.coaching.ids import ChannelId, EnrolmentId, UserId
from bot.erasures import ErasureRecord, ErasureRecordError
from bot.services.messenger import Messenger, Pace, Problem
from storage import erasure, inventory
from storage.database import Database, DatabaseUnavailable, Tx
from storage.erasure import Erased
from storage.inventory import Place

_log = logging.getLogger(__name__)
CLEARED_WITHIN = timedelta(minutes=12)
"""How long deleting messages may take: three minutes before Discord takes no more answers to the click."""
REFERENCE_BYTES = 4
ACCESS_LOGS = {"access_log", "register_access"}


@dataclass(frozen=True, slots=True)
class Erasable:
    """What would go.

    Attributes:
        courses: Their names.
        rows: How many in all.
        teaches: Something of the account as an instructor is there too.
        seal: Identifies what was shown: nothing else is erased.
    """

    courses: tuple[str, ...]
    rows: int
    teaches: bool
    seal: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """That an account was erased.

    Attributes:
        reference: Kept nowhere but in the log.
        rows: How many went, by title of the data inventory.
        channel_id: Of its direct messages, known to nothing else any more.
    """

    reference: str
    at: datetime
    rows: tuple[tuple[str, int], ...]
    channel_id: ChannelId | None

    @property
    def count(self) -> int:
        """How many rows went."""
        return sum(count for _, count in self.rows)


class ErasureService:
    """What `/privacy delete` does. `forget` is told of every account that goes, for what is only in memory."""

    def __init__(
        self,
        database: Database,
        record: ErasureRecord,
        forget: Callable[[UserId, Collection[EnrolmentId]], None],
    ) -> None:
        self._database = database
        self._record = record
        self._forget = forget

    async def erasable(self, caller: Caller) -> Erasable | None:
        """Return what would go if the caller were erased; None when nothing is kept of them."""
        return await self._database.read(lambda tx: _erasable(tx, caller))

    async def erase(self, caller: Caller, seal: str, now: datetime) -> Receipt | None:
        """Erase all of the caller's account; None when nothing was left to erase.

        Raises ErasureChanged when it is not what the card with that seal showed, ErasureNotNoted when the record cannot
        be written (nothing is erased then), or ErasureUnfinished when the database went away at the end.
        """
        noted = False

        def work(tx: Tx) -> Erased | None:
            nonlocal noted
            erasure.hold_account(tx, caller.user_id)
            found = _erasable(tx, caller)
            if found is None:
                return None
            if found.seal != seal:
                raise ErasureChanged
            erased = erasure.erase_account(tx, caller.user_id)
            # Before the commit: what is gone from the database is noted, whatever happens in between.
            self._record.note(caller.user_id, now)
            noted = True
            return erased

        try:
            erased = await self._database.transact(work)
        except ErasureRecordError as error:
            _log.error("nobody was erased, because it could not be noted: %s", error)
            raise ErasureNotNoted from error
        except DatabaseUnavailable as error:
            if noted:
                raise ErasureUnfinished from error
            raise
        if erased is None:
            return None
        return await self._receipt(caller.user_id, erased, now)

    async def _receipt(self, user_id: UserId, erased: Erased, now: datetime) -> Receipt:
        self._forget(user_id, erased.enrolments)
        if not await self._database.settle_erasure():
            _log.warning("what was erased stays in the database's log of writes until that is next written out")
        reference = secrets.token_hex(REFERENCE_BYTES).upper()
        _log.info("[%s] an account was erased: %d rows", reference, erased.count)
        titles = {kind.table: kind.title for kind in (*inventory.ACCOUNT_KINDS, *inventory.MEMBER_KINDS)}
        # Of instructors' messages only those go that the account wrote.
        titles |= {kind.table: kind.title for kind in inventory.ACCOUNT_KINDS if kind.table == "instructor_message"}
        rows = tuple((titles[table], count) for table, count in erased.rows.items())
        return Receipt(reference, now, rows, erased.dm_channel_id)


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many of the bot's own messages were deleted, and whether that was all of them."""

    count: int
    all: bool


class OwnMessages:
    """The bot's own direct messages to somebody, deleted one after the other at the pace of all that it sends."""

    def __init__(self, messenger: Messenger, pace: Pace) -> None:
        self._messenger = messenger
        self._pace = pace

    async def clear(self, caller: Caller, channel_id: ChannelId | None) -> Cleared:
        """Delete all of the bot's messages in the caller's channel, opening it when nobody knows its number.

        What Discord refuses ends it; it never takes longer than twelve minutes.
        """
        require_audience(caller, Audience.ANYONE)
        deleted: list[None] = []
        try:
            async with asyncio.timeout(CLEARED_WITHIN.total_seconds()):
                channel = channel_id or caller.dm_channel_id or await self._opened(caller.user_id)
                whole = channel is not None and await self._clear(channel, deleted)
        except TimeoutError:
            whole = False
        return Cleared(len(deleted), whole)

    async def _opened(self, user_id: UserId) -> ChannelId | None:
        await self._pace.acquire()
        opened = await self._messenger.open(user_id)
        return None if isinstance(opened, Problem) else opened

    async def _clear(self, channel_id: ChannelId, deleted: list[None]) -> bool:
        before = None
        while True:
            await self._pace.acquire()
            page = await self._messenger.own_messages(channel_id, before)
            if isinstance(page, Problem):
                return False
            for message_id in page.own:
                await self._pace.acquire()
                if await self._messenger.delete(channel_id, message_id) is not None:
                    return False
                deleted.append(None)
            if page.oldest is None:
                return True
            before = page.oldest


async def erase_again(database: Database, record: ErasureRecord) -> int:
    """Erase whoever was erased before and is there again, because a backup was restored; return how many accounts.

    What somebody gave who joined anew afterwards stays. Raises ErasureRecordError when the record cannot be read.
    """

    def work(tx: Tx) -> int:
        erased_at = record.last(erasure.known_accounts(tx))
        gone = [erasure.erase_again(tx, user_id, at) for user_id, at in erased_at.items()]
        return sum(1 for one in gone if one.count or one.unnamed)

    count = await database.transact(work)
    if count:
        await database.settle_erasure()
        _log.warning("%d accounts were there that had been erased before; they are erased again", count)
    return count


def _erasable(tx: Tx, caller: Caller) -> Erasable | None:
    require_audience(caller, Audience.ANYONE)
    places = inventory.places(tx, caller.user_id)
    account = inventory.counts_of_account(tx, caller.user_id)
    if not places and not any(count for _, count in account):
        return None
    in_courses = [counted for place in places for counted in inventory.counts_in(tx, place)]
    # What a whole class shares stays with the others; of an instructor's entries in the access log the number goes.
    rows = sum(count for kind, count in in_courses if kind.table not in {"register_access", "instructor_message"})
    rows += sum(count for kind, count in account if kind.table not in ACCESS_LOGS)
    teaches = any(count for kind, count in account if kind.table in {"digest", *ACCESS_LOGS})
    return Erasable(tuple(place.cohort.name for place in places), rows, teaches, _seal(places))


def _seal(places: Sequence[Place]) -> str:
    """Return a short text for the courses from which somebody would go; another note in one of them changes nothing."""
    # With the moment of joining: SQLite gives a number that went with somebody to the next who joins.
    joined = ",".join(sorted(f"{place.enrolment.id} {place.enrolment.joined_at.isoformat()}" for place in places))
    return hashlib.sha256(joined.encode()).hexdigest()[:12]
