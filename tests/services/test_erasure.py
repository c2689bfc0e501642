"""An erasure is at once, whole, noted, and ends what was under way for its member."""

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.coaching.bios import AiOutcome, Critique
from bot.coaching.cohort import Caller
from bot.coaching.errors import ErasureChanged, ErasureNotNoted, ErasureUnfinished, NotJoined
from bot.coaching.ids import EnrolmentId, GuildId, UserId
from bot.coaching.log import ActionDraft
from bot.erasures import ErasureRecord
from bot.services.erasure import Cleared, ErasureService, OwnMessages, Receipt, erase_again
from bot.services.feedback import MOST_UNSIGNED, How
from prompts import Content
from storage import bios, tables
from storage.database import Database, DatabaseUnavailable, Tx, open_database
from storage.schema import migrate
from tests.services.course import DUE, START, TEACHER, WEEK, Course, member
from tests.services.fakes import Answer, NoPace
from tests.storage.test_erasure import traces

ANN, BEN = 7_770_001, 7_770_002
WORD = "Zebrafischlarve"


def somebody(user_id: int = ANN, *, dm: bool = False) -> Caller:
    return member(user_id, dm=dm, audience="anyone")


@dataclass
class Eraser:
    """The service with its record, and what it was told to forget."""

    course: Course
    record: ErasureRecord
    forgotten: list[tuple[UserId, Collection[EnrolmentId]]] = field(
        default_factory=list[tuple[UserId, Collection[EnrolmentId]]]
    )
    database: Database | None = None

    @property
    def service(self) -> ErasureService:
        def forget(user_id: UserId, enrolment_ids: Collection[EnrolmentId]) -> None:
            self.forgotten.append((user_id, enrolment_ids))

        return ErasureService(self.database or self.course.database, self.record, forget)

    async def seal(self, user_id: int = ANN) -> str:
        found = await self.service.erasable(somebody(user_id))
        assert found is not None
        return found.seal

    async def erase(self, user_id: int = ANN) -> Receipt | None:
        return await self.service.erase(somebody(user_id), await self.seal(user_id), self.course.clock())


@pytest.fixture
def each_eraser(course: Course, tmp_path: Path) -> Eraser:
    """On each kind of database."""
    return Eraser(course, ErasureRecord(tmp_path / "coach.erasures"))


@pytest.fixture
def eraser(sqlite_course: Course, tmp_path: Path) -> Eraser:
    return Eraser(sqlite_course, ErasureRecord(tmp_path / "coach.erasures"))


async def left_of(database: Database, user_id: int) -> list[str]:
    return await database.read(lambda tx: traces(tx, user_id, []))


async def busy_member(course: Course, user_id: int = ANN) -> None:
    await course.join(user_id)
    await course.set_focus(user_id)
    await course.set_goal(user_id)
    await course.log.log(member(user_id), ActionDraft("reply", WORD), course.clock())


# At once and whole


async def test_everything_goes_and_the_receipt_counts_it(each_eraser: Eraser) -> None:
    course = each_eraser.course
    await busy_member(course)
    await busy_member(course, BEN)
    before = await course.everything()
    receipt = await each_eraser.erase()
    assert receipt is not None
    assert await left_of(course.database, ANN) == []
    after = await course.everything()
    assert receipt.count == sum(map(len, before.values())) - sum(map(len, after.values()))
    assert dict(receipt.rows)["Log entries"] == 1
    assert receipt.channel_id == course.messenger.channel_of(UserId(ANN))
    assert receipt.at == course.clock()
    assert len(receipt.reference) == 8
    assert await course.weekly(BEN) == [row for row in await course.rows(BEN) if row.kind == "weekly"]
    with pytest.raises(NotJoined):
        await course.me.me(member(ANN), course.clock())


async def test_what_would_go_is_named_before(eraser: Eraser) -> None:
    assert await eraser.service.erasable(somebody()) is None
    await busy_member(eraser.course)
    found = await eraser.service.erasable(somebody())
    assert found is not None
    assert (found.courses, found.teaches) == (("PLN 1",), False)
    receipt = await eraser.erase()
    assert receipt is not None
    assert receipt.count == found.rows


async def test_a_second_time_there_is_nothing_to_erase_and_nothing_is_noted(eraser: Eraser) -> None:
    await busy_member(eraser.course)
    seal = await eraser.seal()
    await eraser.erase()
    noted = eraser.record.path.read_bytes()
    assert await eraser.service.erase(somebody(), seal, eraser.course.clock()) is None
    assert eraser.record.path.read_bytes() == noted


async def test_what_the_card_did_not_show_is_not_erased(eraser: Eraser) -> None:
    course = eraser.course
    await course.join(ANN)
    seal = await eraser.seal()
    await course.log.log(member(ANN), ActionDraft("reply"), course.clock())
    assert await eraser.seal() == seal
    other = Course(course.database, course.content, guild_id=GuildId(701), clock=course.clock)
    await other.open()
    await other.join(ANN, channel=False)
    before = await course.everything()
    with pytest.raises(ErasureChanged):
        await eraser.service.erase(somebody(), seal, course.clock())
    assert await course.everything() == before
    assert not eraser.record.path.exists()


async def test_looks_of_an_instructor_keep_their_day_and_lose_their_name(eraser: Eraser) -> None:
    course = eraser.course
    await course.join(ANN, channel=False)
    look = tables.access_log

    def look_at(tx: Tx) -> None:
        one = tx.scalar(select(tables.enrolment.c.id))
        tx.execute(look.insert().values(enrolment_id=one, by_user_id=TEACHER, what="member", accessed_at=START))

    await course.database.transact(look_at)
    found = await eraser.service.erasable(somebody(TEACHER))
    assert found is not None
    assert (found.courses, found.rows, found.teaches) == ((), 0, True)
    receipt = await eraser.erase(TEACHER)
    assert receipt is not None
    assert receipt.count == 0
    assert await course.database.read(lambda tx: tx.execute(select(look.c.by_user_id, look.c.accessed_at)).all()) == [
        (None, START)
    ]
    assert await eraser.service.erasable(somebody(TEACHER)) is None


async def test_what_is_in_memory_is_forgotten_too(eraser: Eraser) -> None:
    course = eraser.course
    await course.join(ANN)
    for _ in range(MOST_UNSIGNED):
        await course.feedback.tell(member(ANN), How.UNSIGNED, "some words", course.clock())
    await eraser.erase()
    ((user_id, ids),) = eraser.forgotten
    assert (user_id, len(ids)) == (ANN, 1)
    course.feedback.forget(UserId(ANN))
    await course.join(ANN)
    await course.feedback.tell(member(ANN), How.UNSIGNED, "some words", course.clock())


async def test_the_log_says_how_many_rows_and_never_whose(eraser: Eraser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await busy_member(eraser.course)
    receipt = await eraser.erase()
    assert receipt is not None
    assert f"[{receipt.reference}] an account was erased: {receipt.count} rows" in caplog.text
    assert str(ANN) not in caplog.text
    assert WORD not in caplog.text


# The ledger


async def test_a_note_that_was_owed_is_not_sent(eraser: Eraser) -> None:
    course = eraser.course
    await course.join(ANN, BEN)
    sent = len(course.messenger.received(UserId(ANN)))
    await eraser.erase()
    course.clock.set(DUE)
    await course.rounds().round()
    assert len(course.messenger.received(UserId(ANN))) == sent
    assert [row.state for row in await course.weekly(BEN)] == ["sent"]


async def test_an_erasure_between_claim_and_prepare_sends_nothing(each_eraser: Eraser) -> None:
    course = each_eraser.course
    await course.join(ANN, BEN)
    course.clock.set(DUE)

    class Meanwhile(NoPace):
        """The round has claimed both rows when it asks for its first turn."""

        async def acquire(self) -> None:
            claimed = {row.user_id for row in await course.weekly(ANN) if row.state == "claimed"}
            if claimed:
                await each_eraser.erase()
            await super().acquire()

    course.pace = Meanwhile()
    sent = len(course.messenger.received(UserId(ANN)))
    await course.rounds().round()
    assert len(course.messenger.received(UserId(ANN))) == sent
    assert [row.state for row in await course.weekly(BEN)] == ["sent"]
    assert await left_of(course.database, ANN) == []


async def test_an_erasure_while_the_history_is_read_sends_nothing_after_it(eraser: Eraser) -> None:
    course = eraser.course
    await course.join(ANN, BEN)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(ANN)].append(Answer.LOST)
    await course.rounds().round()
    # Too long ago for the nonce: the history is read first.
    course.clock.set(DUE + timedelta(minutes=10))

    async def meanwhile(kind: str, user_id: UserId) -> None:
        if (kind, user_id) == ("find", ANN) and await left_of(course.database, ANN):
            await eraser.erase()

    course.messenger.before = meanwhile
    sent = course.messenger.asked("send").count(UserId(ANN))
    await course.rounds().round()
    assert UserId(ANN) in course.messenger.asked("find")
    assert course.messenger.asked("send").count(UserId(ANN)) == sent
    assert await left_of(course.database, ANN) == []


@pytest.mark.parametrize("answer", [Answer.WORKS, Answer.CLOSED, Answer.GONE, Answer.NOT_SENT, Answer.LOST])
async def test_an_erasure_between_prepare_and_settle_leaves_nothing_to_settle(eraser: Eraser, answer: Answer) -> None:
    course = eraser.course
    await course.join(ANN, BEN)
    course.clock.set(DUE)
    course.messenger.always["send", UserId(ANN)] = answer

    async def meanwhile(kind: str, user_id: UserId) -> None:
        if (kind, user_id) == ("send", ANN) and await left_of(course.database, ANN):
            await eraser.erase()

    course.messenger.before = meanwhile
    await course.rounds().round()
    assert await left_of(course.database, ANN) == []
    assert [row.state for row in await course.weekly(BEN)] == ["sent"]
    course.clock.set(DUE + timedelta(hours=1))
    await course.rounds().round()
    assert course.messenger.asked("send").count(UserId(ANN)) == 2  # the hello, and the one under way
    assert await left_of(course.database, ANN) == []


async def test_an_erasure_while_a_channel_is_opened_leaves_no_channel(eraser: Eraser) -> None:
    course = eraser.course
    await course.join(ANN, channel=False)

    async def meanwhile(kind: str, user_id: UserId) -> None:
        if kind == "open":
            await eraser.erase()

    course.messenger.before = meanwhile
    await course.rounds().round()
    assert await left_of(course.database, ANN) == []
    assert course.messenger.messages == []


# A critique under way


async def test_what_an_ai_reviewer_answers_after_the_erasure_is_kept_nowhere(each_eraser: Eraser) -> None:
    """The call's own row is gone, so that settling it finds nothing: see test_ai_notes.py for the memory."""
    course = each_eraser.course
    await course.join(ANN)
    one = await course.database.read(lambda tx: tx.scalar(select(tables.enrolment.c.id)))
    assert one is not None
    call = bios.Call(EnrolmentId(one), GuildId(1), 100, "model", "1")
    caps = bios.Caps(5, 1000, 1000)
    reservation = await course.database.transact(lambda tx: bios.reserve(tx, call, caps, course.clock()))
    assert reservation is not None
    await each_eraser.erase()
    settled = await course.database.transact(
        lambda tx: bios.settle(tx, reservation, Critique(AiOutcome.OK), bios.Charge(1, 50))
    )
    assert not settled
    scopes = await course.database.read(lambda tx: set(tx.scalars(select(tables.ai_budget.c.scope))))
    assert scopes == {"bot", "guild:1"}


# The record


async def test_when_it_cannot_be_noted_nothing_is_erased(eraser: Eraser, caplog: pytest.LogCaptureFixture) -> None:
    await busy_member(eraser.course)
    eraser.record.path.mkdir()
    before = await eraser.course.everything()
    with pytest.raises(ErasureNotNoted):
        await eraser.erase()
    assert await eraser.course.everything() == before
    assert eraser.forgotten == []


class Failing:
    """A database that goes away before or after the work was done."""

    def __init__(self, database: Database, *, after: bool) -> None:
        self._database = database
        self._after = after

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)

    async def transact(self, work: Callable[[Tx], object]) -> object:
        if self._after:
            with suppress(ZeroDivisionError):
                await self._database.transact(lambda tx: (work(tx), 1 / 0))
        raise DatabaseUnavailable


async def test_a_database_that_goes_away_at_the_end_is_caught_up_with_at_the_next_start(eraser: Eraser) -> None:
    course = eraser.course
    await busy_member(course)
    seal = await eraser.seal()
    eraser.database = Failing(course.database, after=True)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ErasureUnfinished):
        await eraser.service.erase(somebody(), seal, course.clock())
    assert await left_of(course.database, ANN)
    assert await erase_again(course.database, eraser.record) == 1
    assert await left_of(course.database, ANN) == []


async def test_a_database_that_is_away_from_the_start_notes_nothing(eraser: Eraser) -> None:
    await eraser.course.join(ANN)
    seal = await eraser.seal()
    eraser.database = Failing(eraser.course.database, after=False)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(DatabaseUnavailable):
        await eraser.service.erase(somebody(), seal, eraser.course.clock())
    assert not eraser.record.path.exists()


async def test_who_joins_anew_after_the_erasure_stays_at_the_next_start(eraser: Eraser) -> None:
    course = eraser.course
    await busy_member(course)
    await eraser.erase()
    course.clock.advance(timedelta(seconds=1))
    await busy_member(course)
    before = await course.everything()
    assert await erase_again(course.database, eraser.record) == 0
    assert await course.everything() == before


async def test_a_restored_backup_brings_nobody_back(
    eraser: Eraser, sqlite_url: str, content: Content, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    course = eraser.course
    await busy_member(course)
    await busy_member(course, BEN)
    assert course.database.file is not None
    with closing(sqlite3.connect(course.database.file)) as kept, closing(sqlite3.connect(tmp_path / "backup.db")) as to:
        kept.backup(to)
    await eraser.erase()
    restored = open_database(f"sqlite:///{shutil.copy(tmp_path / 'backup.db', tmp_path / 'restored.db')}")
    migrate(restored.engine)
    assert await left_of(restored, ANN)
    assert await erase_again(restored, ErasureRecord(eraser.record.path)) == 1
    assert await left_of(restored, ANN) == []
    assert await left_of(restored, BEN)
    assert await erase_again(restored, eraser.record) == 0
    assert str(ANN) not in caplog.text
    restored.close()


# The file


async def test_what_was_erased_stands_nowhere_in_sqlites_files(eraser: Eraser, tmp_path: Path) -> None:
    course = eraser.course
    file = course.database.file
    assert file is not None
    await busy_member(course)
    for number in range(60):
        await course.log.log(member(ANN), ActionDraft("reply", f"{WORD} {number} {'x' * 150}"), course.clock())
    await course.set_focus(ANN, f"{WORD} fields")
    assert in_files(file, WORD)
    await eraser.erase()
    assert not in_files(file, WORD)
    assert not in_files(file, str(ANN))


def in_files(file: Path, word: str) -> bool:
    """Return whether a word stands in a database's file or its log of writes."""
    return any(word.encode() in one.read_bytes() for one in (file, Path(f"{file}-wal")) if one.exists())


async def test_a_reader_in_the_way_does_not_hold_the_answer_up(
    eraser: Eraser, caplog: pytest.LogCaptureFixture
) -> None:
    course = eraser.course
    assert course.database.file is not None
    await busy_member(course)
    with closing(sqlite3.connect(course.database.file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM enrolment").fetchall()
        async with asyncio.timeout(5):
            assert await eraser.erase() is not None
    assert "stays in the database's log of writes until" in caplog.text
    assert course.database.unsettled
    await course.rounds().round()
    assert not course.database.unsettled
    assert not in_files(course.database.file, WORD)


# Messages


async def test_all_of_the_bots_messages_go_one_after_the_other(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(ANN, BEN)
    for week in range(4):
        await course.answered(ANN, DUE + week * WEEK)
        await course.rounds().round()
    hers, others = course.messenger.received(UserId(ANN)), course.messenger.received(UserId(BEN))
    assert len(hers) == 5
    pace = NoPace()
    messages = OwnMessages(course.messenger, pace)
    assert await messages.clear(somebody(), course.messenger.channel_of(UserId(ANN))) == Cleared(5, all=True)
    assert course.messenger.received(UserId(ANN)) == []
    assert course.messenger.received(UserId(BEN)) == others
    assert pace.turns == len([one for one in course.messenger.requests if one.kind in {"own", "delete"}])


async def test_without_a_channel_it_is_opened_and_in_the_dm_it_is_known(sqlite_course: Course) -> None:
    messenger = sqlite_course.messenger
    messages = OwnMessages(messenger, NoPace())
    assert await messages.clear(somebody(dm=True), None) == Cleared(0, all=True)
    assert messenger.asked("open") == []
    assert await messages.clear(somebody(), None) == Cleared(0, all=True)
    assert messenger.asked("open") == [ANN]


@pytest.mark.parametrize("kind", ["open", "own", "delete"])
async def test_what_discord_refuses_ends_it_and_is_said(sqlite_course: Course, kind: str) -> None:
    course = sqlite_course
    await course.join(ANN)
    course.messenger.always[kind, UserId(ANN)] = Answer.NOT_SENT
    found = await OwnMessages(course.messenger, NoPace()).clear(somebody(), None)
    assert found == Cleared(0, all=False)


async def test_it_ends_before_discord_takes_no_more_answers(
    sqlite_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.erasure.CLEARED_WITHIN", timedelta(seconds=0.05))
    sqlite_course.messenger.always["own", UserId(ANN)] = Answer.HANGS
    assert await OwnMessages(sqlite_course.messenger, NoPace()).clear(somebody(), None) == Cleared(0, all=False)
