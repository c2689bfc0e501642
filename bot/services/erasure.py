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
from bot.coaching.parcel import ACCOUNT_KINDS, KINDS, LOOKS_OF_STAFF
from bot.erasures import ErasureRecord, ErasureRecordError
from bot.services.messenger import Messenger, Pace, Problem
from storage import erasure, stored
from storage.database import Database, DatabaseUnavailable, Tx
from storage.erasure import Erased
from storage.stored import Place

_log = logging.getLogger(__name__)
CLEARED_WITHIN = timedelta(minutes=12)
"""How long deleting messages may take: three minutes before Discord takes no more answers to the click."""
REFERENCE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Erasable:
    """What would go: from which courses, by name, and how many rows in all; `seal`: what was shown, to be kept to.

    `teaches`: something of the account as an instructor is there too.
    """

    courses: tuple[str, ...]
    rows: int
    teaches: bool
    seal: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """That an account was erased: when, how many rows of what, under a number that is kept nowhere but in the log.

    `channel_id`: the channel of its direct messages, known to nothing else any more. `looks`: how many looks as an
    instructor stay without a name.
    """

    reference: str
    at: datetime
    rows: tuple[tuple[str, int], ...]
    channel_id: ChannelId | None
    looks: int

    @property
    def count(self) -> int:
        """Return how many rows went."""
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
        # Looks that went are those at the member; messages that went are those the account wrote.
        own = [kind for kind in ACCOUNT_KINDS if kind.table not in LOOKS_OF_STAFF]
        titles = {kind.table: kind.title for kind in (*KINDS, *own)}
        rows = tuple((titles[table], count) for table, count in erased.rows.items())
        return Receipt(reference, now, rows, erased.dm_channel_id, erased.looks)


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
        return sum(1 for one in gone if one.count or one.looks)

    count = await database.transact(work)
    if count:
        await database.settle_erasure()
        _log.warning("%d accounts were there that had been erased before; they are erased again", count)
    return count


def _erasable(tx: Tx, caller: Caller) -> Erasable | None:
    require_audience(caller, Audience.ANYONE)
    places = stored.places(tx, caller.user_id)
    account = stored.counts_of_account(tx, caller.user_id)
    # Looks at the register are the class's, and messages to them their instructors': both stay with the others.
    of_places = (found for one in places for found in stored.counts_in(tx, one))
    rows = sum(count for kind, count in of_places if kind.table not in {"register_look", "instructor_message"})
    rows += sum(count for kind, count in account if kind.table not in LOOKS_OF_STAFF)
    teaches = any(count for kind, count in account if kind.table in {"digest", *LOOKS_OF_STAFF})
    if not places and not any(count for _, count in account):
        return None
    return Erasable(tuple(one.cohort.name for one in places), rows, teaches, _seal(places))


def _seal(places: Sequence[Place]) -> str:
    """Return a short text for the courses from which somebody would go; another note in one of them changes nothing."""
    # With the moment of joining: SQLite gives a number that went with somebody to the next who joins.
    told = ",".join(sorted(f"{one.enrolment.id} {one.enrolment.joined_at.isoformat()}" for one in places))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
