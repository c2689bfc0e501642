"""The promise of the product: every nudge that falls due arrives once, or is held or skipped with its reason."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import insert, select, update

from bot.coaching.errors import Refusal
from bot.coaching.footprint import Answer as ItemAnswer
from bot.coaching.ids import MessageId, NudgeId, UserId
from bot.coaching.log import ActionDraft
from bot.coaching.nudges import NudgeKind, NudgeState, Reason, nonce
from bot.proof.kills import step_of
from bot.services.breaker import COOL_OFF
from bot.services.cohort import SetupRequest
from bot.services.nudges import SettingsChange
from bot.services.rounds import PLAN_BATCH, Timing
from prompts import Content
from storage import nudges, tables
from storage.database import Database, Tx, open_database
from tests.services.course import (
    DUE,
    START,
    TERM_START,
    WEEK,
    Course,
    Row,
    at,
    counted_statements,
    manager,
    member,
    still_open,
)
from tests.services.fakes import Answer

T = TypeVar("T")
MINUTE = timedelta(minutes=1)
LEASE_OVER = Timing().lease + timedelta(seconds=1)
NONCE_OVER = timedelta(minutes=10)
IMPATIENT = Timing(send_limit=timedelta(milliseconds=20))


class Crash(BaseException):
    """The process dies here."""


class Fuse:
    """Burns through after a number of steps."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def step(self) -> None:
        if self._left == 0:
            raise Crash
        self._left -= 1

    async def request(self, _kind: str, _user_id: UserId) -> None:
        self.step()


class Fused(Database):
    """A database whose process may die just before and just after every transaction."""

    def __init__(self, database: Database, fuse: Fuse) -> None:
        self._database = database
        self._fuse = fuse
        self.unsettled = False

    async def settle_erasure(self) -> bool:
        return await self._database.settle_erasure()

    async def transact(self, work: Callable[[Tx], T]) -> T:
        self._fuse.step()
        value = await self._database.transact(work)
        self._fuse.step()
        return value

    async def read(self, work: Callable[[Tx], T]) -> T:
        self._fuse.step()
        return await self._database.read(work)


async def crashed_round(course: Course, steps: int, runner: str = "a") -> bool:
    """Run a round that dies after so many steps; False if it came to its end before."""
    fuse = Fuse(steps)
    course.messenger.before = course.messenger.after = fuse.request
    try:
        return await dies(course.rounds(runner, database=Fused(course.database, fuse)).round())
    finally:
        course.messenger.before = course.messenger.after = None


async def dies(round_: Awaitable[None]) -> bool:
    """Return whether the process died in this round, in whichever of its tasks."""
    try:
        await round_
    except Crash:
        return True
    except BaseExceptionGroup as group:
        if group.split(Crash)[1] is not None:
            raise
        # Transactions that were underway end whole, as they do on a server whose client died.
        await asyncio.sleep(0.02)
        return True
    return False


class Planning(Database):
    """A database whose process dies as soon as all that fell due is planned."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.unsettled = False
        self.statements = 0
        """How many it took to plan."""

    async def settle_erasure(self) -> bool:
        return await self._database.settle_erasure()

    async def transact(self, work: Callable[[Tx], T]) -> T:
        if step_of(work) != "plan":
            return await self._database.transact(work)
        with counted_statements(self._database) as seen:
            value = await self._database.transact(work)
        self.statements += len(seen)
        if value != PLAN_BATCH:
            raise Crash
        return value

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._database.read(work)


async def planned(course: Course) -> int:
    """Run a round that dies right after planning, and return how many statements that took."""
    database = Planning(course.database)
    assert await dies(course.rounds(database=database).round())
    return database.statements


async def states(course: Course) -> dict[int, str]:
    return {row.user_id: row.state for row in await course.rows(kind=NudgeKind.WEEKLY)}


async def settings(course: Course, user_id: int, change: SettingsChange) -> None:
    await course.nudges.change(member(user_id), change, course.clock())


# Once


async def test_a_nudge_goes_out_once_however_often_the_round_runs(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    for runner in "aabba":
        await course.rounds(runner).round()
        course.clock.advance(MINUTE)
    hello, weekly = course.messenger.received(UserId(10))
    assert (hello.key.kind, weekly.key.kind) == (NudgeKind.HELLO, NudgeKind.WEEKLY)
    [row] = await course.weekly(10)
    assert (row.state, row.message_id, row.period, row.reason) == ("sent", weekly.id, "2027-02-15", None)
    assert at(TERM_START, 16) <= row.due_at <= at(TERM_START, 16, 20)


async def test_nothing_goes_out_before_its_time(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(at(TERM_START, 15, 59))
    await course.rounds().round()
    assert await course.weekly(10) == []


async def test_every_week_of_the_term_has_one_nudge_and_the_weeks_after_it_none(course: Course) -> None:
    await course.open(term_end="2027-03-12")
    await course.join(10)
    for week in range(6):
        await course.answered(10, DUE + week * WEEK + timedelta(hours=1))
        await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-02-15", "2027-02-22", "2027-03-01", "2027-03-08"]
    assert {row.state for row in await course.weekly(10)} == {"sent"}


@pytest.mark.parametrize("first_try", [Answer.WORKS, Answer.ANSWER_LOST, Answer.LOST])
@pytest.mark.parametrize("later", [LEASE_OVER, NONCE_OVER], ids=["nonce_known", "nonce_forgotten"])
async def test_a_crash_between_any_two_steps_neither_loses_nor_doubles(
    course: Course, first_try: Answer, later: timedelta
) -> None:
    await course.open(term_end="2027-12-20")
    await course.join(10)
    for steps in range(40):
        await course.answered(10, DUE + steps * WEEK)
        course.messenger.answers["send", UserId(10)].append(first_try)
        crashed = await crashed_round(course, steps, f"first {steps}")
        for _ in range(3):
            course.clock.advance(later)
            await course.rounds(f"second {steps}").round()
        row = (await course.weekly(10))[-1]
        received = [one.id for one in course.messenger.received(UserId(10)) if one.key.period == row.period]
        assert (row.state, [row.message_id]) == ("sent", received), f"after {steps} steps: {row}"
        course.messenger.answers.clear()
        if not crashed:
            assert steps >= 14
            break
    else:
        pytest.fail("every round crashed")


async def test_a_crash_around_opening_a_channel_neither_loses_nor_doubles_the_hello(course: Course) -> None:
    for steps in range(40):
        user_id = 100 + steps
        await course.join(user_id, channel=False)
        crashed = await crashed_round(course, steps, f"first {steps}")
        for _ in range(4):
            course.clock.advance(MINUTE)
            await course.rounds(f"second {steps}").round()
        assert len(course.messenger.received(UserId(user_id))) == 1, f"after {steps} steps"
        assert [row.state for row in await course.rows(user_id)] == ["sent"]
        if not crashed:
            assert steps >= 18
            break
    else:
        pytest.fail("every round crashed")


async def test_while_the_nonce_is_trusted_a_retry_is_one_request_and_afterwards_the_history_is_read_first(
    course: Course,
) -> None:
    await course.join(10, 11)
    course.clock.set(DUE)
    for user_id in (10, 11):
        course.messenger.answers["send", UserId(user_id)].append(Answer.ANSWER_LOST)
    await course.rounds().round()
    course.messenger.answers["send", UserId(11)].append(Answer.LOST)
    course.messenger.requests.clear()
    course.clock.advance(LEASE_OVER)
    await course.rounds("b").round()
    assert course.messenger.asked("find") == []
    assert await states(course) == {10: "sent", 11: "claimed"}
    course.clock.advance(NONCE_OVER)
    await course.rounds("b").round()
    assert course.messenger.asked("find") == [11]
    assert await states(course) == {10: "sent", 11: "sent"}
    assert len(course.messenger.received(UserId(11))) == 2


async def test_as_long_as_the_history_cannot_be_read_nothing_is_sent_again(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.ANSWER_LOST)
    course.messenger.answers["find", UserId(10)].extend([Answer.WORKS, Answer.LOST, Answer.NOT_SENT])
    for _ in range(4):
        await course.rounds().round()
        course.clock.advance(NONCE_OVER)
    assert course.messenger.asked("find") == [10, 10, 10, 10]
    assert len(course.messenger.received(UserId(10))) == 2
    assert [row.state for row in await course.weekly(10)] == ["sent"]


async def test_a_claim_is_left_alone_until_its_lease_is_over(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.LOST)
    await course.rounds("a").round()
    course.clock.advance(Timing().lease - timedelta(seconds=1))
    await course.rounds("b").round()
    assert course.messenger.asked("send") == [10, 10]
    course.clock.advance(timedelta(seconds=1))
    await course.rounds("b").round()
    assert course.messenger.asked("send") == [10, 10, 10]
    assert [row.runner for row in await course.weekly(10)] == ["b"]


async def test_an_answer_that_comes_after_the_row_was_taken_over_settles_nothing(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.LOST)
    await course.rounds("a").round()
    course.clock.advance(LEASE_OVER)
    course.messenger.answers["send", UserId(10)].append(Answer.LOST)
    await course.rounds("b").round()
    [row] = await course.weekly(10)
    now = course.clock()
    await course.database.transact(lambda tx: nudges.settle_sent(tx, NudgeId(row.id), "a", MessageId(7), now))
    await course.database.transact(lambda tx: nudges.settle_sent(tx, NudgeId(99_999), "a", MessageId(7), now))
    assert await course.weekly(10) == [row]


@pytest.mark.parametrize("answer", [Answer.HANGS, Answer.HANGS_AFTERWARDS])
async def test_a_request_that_hangs_is_cut_short_and_tried_again(sqlite_course: Course, answer: Answer) -> None:
    course = sqlite_course
    await course.join(10, 11)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(answer)
    await course.rounds(timing=IMPATIENT).round()
    assert {row.state for row in await course.weekly(11)} == {"sent"}
    course.clock.advance(LEASE_OVER)
    await course.rounds(timing=IMPATIENT).round()
    assert [row.state for row in await course.weekly(10)] == ["sent"]
    assert len(course.messenger.received(UserId(10))) == 2


async def test_looking_and_sending_together_never_outlast_the_lease(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.LOST)
    await course.rounds().round()
    course.clock.advance(NONCE_OVER)

    async def slowly(_kind: str, _user_id: UserId) -> None:
        await asyncio.sleep(0.06)

    course.messenger.before = slowly
    await course.rounds(timing=Timing(send_limit=timedelta(milliseconds=100))).round()
    assert course.messenger.asked("find") == [10, 10]
    assert len(course.messenger.received(UserId(10))) == 1
    assert [row.state for row in await course.weekly(10)] == ["claimed"]


async def test_every_request_waits_for_its_turn(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, channel=False)
    course.messenger.answers["send", UserId(10)].append(Answer.LOST)
    await course.rounds().round()
    course.clock.advance(NONCE_OVER)
    await course.rounds().round()
    assert [request.kind for request in course.messenger.requests] == ["open", "send", "find", "send"]
    assert course.pace.turns == 4


async def test_two_runners_at_once_send_each_row_once(course: Course, database_url: str) -> None:
    users = range(10, 40)
    await course.join(*users)
    course.clock.set(DUE)

    async def give_way(_kind: str, _user_id: UserId) -> None:
        await asyncio.sleep(0)

    course.messenger.before = give_way
    other = open_database(database_url)
    try:
        for _ in range(2):
            runs = [course.rounds("a"), course.rounds("b", database=other), course.rounds("c", database=other)]
            await asyncio.gather(*(run.round() for run in runs))
    finally:
        other.close()
    rows = await course.rows(kind="weekly")
    assert Counter(row.user_id for row in rows) == Counter(users)
    assert {row.state for row in rows} == {"sent"}
    assert Counter(course.messenger.asked("send")) == Counter([*users, *users])


# The same words


async def test_a_retry_reads_the_same_and_done_logs_what_the_message_said(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    now = course.clock()
    await course.set_focus(10)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(10), item, ItemAnswer.FINE, now)
    await course.set_goal(10)
    course.clock.set(DUE)
    seen: list[str] = []

    async def note(_kind: str, _user_id: UserId) -> None:
        [row] = await course.weekly(10)
        seen.append(f"{row.rule} {row.attempts}")

    course.messenger.before = note
    course.messenger.answers["send", UserId(10)].append(Answer.LOST)
    await course.rounds().round()
    # By now the rules would say something else: the target is met.
    for _ in range(2):
        await course.log.log(member(10), ActionDraft("reply"), course.clock())
    course.clock.advance(LEASE_OVER)
    await course.rounds().round()
    assert list(dict.fromkeys(seen)) == ["A23 1", "A23 2"]
    message = course.messenger.received(UserId(10))[-1]
    assert course.content.rules["A23"].action in message.text
    logged = await course.buttons.done(member(10), message.key, course.clock())
    assert logged.action.kind == "reply"


async def test_a_retry_speaks_of_the_same_item_even_when_it_was_answered_meanwhile(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    await course.set_focus(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.LOST)
    await course.rounds().round()
    [first] = await course.weekly(10)
    assert first.subject is not None
    assert first.subject == course.content.checklist.quick_start[1]  # the focus has answered the first
    await course.footprint.answer(member(10), first.subject, ItemAnswer.FINE, course.clock())
    course.clock.advance(LEASE_OVER)
    await course.rounds().round()
    title = course.content.checklist.item(first.subject).title
    assert title in course.messenger.received(UserId(10))[-1].text
    assert [(row.rule, row.subject) for row in await course.weekly(10)] == [("A04", first.subject)]


async def test_every_attempt_has_the_same_nonce_and_no_two_nudges_share_one(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, 11)
    course.clock.set(DUE)
    await course.rounds().round()
    assert len({message.nonce for message in course.messenger.messages}) == 4
    assert all(message.nonce == nonce(message.key) for message in course.messenger.messages)


# Late


async def test_a_late_nudge_says_so(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(DUE + timedelta(hours=3))
    await course.rounds().round()
    assert "This note was meant for Monday at 16:" in course.messenger.received(UserId(10))[-1].text


async def test_a_punctual_nudge_does_not_speak_of_being_late(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(DUE)
    await course.rounds().round()
    assert "was meant for" not in course.messenger.received(UserId(10))[-1].text


async def test_within_a_day_a_nudge_still_goes_out_and_after_it_is_skipped(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, 11)
    # Jitter differs by member: each is late by its own due time.
    course.clock.set(START + timedelta(days=1, hours=7))
    await course.rounds().round()
    assert {row.state for row in await course.rows(kind="weekly")} == {"sent"}
    course.clock.set(DUE + WEEK + timedelta(days=1, minutes=1))
    await course.rounds().round()
    late = [row for row in await course.rows(kind="weekly") if row.period == "2027-02-22"]
    assert [(row.state, row.reason) for row in late] == [("skipped", Reason.TOO_LATE)] * 2


async def test_what_would_arrive_in_the_quiet_hours_waits_until_the_morning(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(at(TERM_START, 23))
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["owed"]
    course.clock.set(at(date(2027, 2, 16), 7, 59))
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["owed"]
    course.clock.set(at(date(2027, 2, 16), 8))
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["sent"]
    assert "Monday at 16:" in course.messenger.received(UserId(10))[-1].text


@pytest.mark.parametrize("back", [timedelta(), timedelta(days=3)], ids=["just_in_time", "between_two_nudges"])
async def test_after_an_outage_of_three_weeks_each_missed_week_has_its_row_and_one_at_most_is_sent(
    course: Course, back: timedelta
) -> None:
    await course.join(10, 11, 12)
    course.clock.set(DUE + 3 * WEEK + back)
    await course.rounds().round()
    for user_id in (10, 11, 12):
        rows = await course.weekly(user_id)
        assert [row.period for row in rows] == ["2027-02-15", "2027-02-22", "2027-03-01", "2027-03-08"]
        sent = [row for row in rows if row.state == NudgeState.SENT]
        assert len(sent) == (0 if back else 1)
        assert {row.reason for row in rows if row.state == NudgeState.SKIPPED} == {Reason.TOO_LATE}
        assert len(course.messenger.received(UserId(user_id))) == 1 + len(sent)
    assert still_open(await course.rows()) == []


# No longer wanted


UNWANTED = {
    "turned_off": SettingsChange(on=False),
    "paused": SettingsChange(pause_weeks=1),
}


@pytest.mark.parametrize("reason", UNWANTED)
async def test_what_is_turned_off_or_paused_between_plan_and_send_is_skipped_and_says_so(
    sqlite_course: Course, reason: str
) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(DUE)
    await settings(course, 10, UNWANTED[reason])
    await course.rounds().round()
    assert [(row.state, row.reason) for row in await course.weekly(10)] == [("skipped", reason)]
    assert len(course.messenger.received(UserId(10))) == 1


async def test_what_falls_behind_the_end_of_the_term_is_skipped_and_says_so(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(DUE)
    await planned(course)
    course.clock.advance(timedelta(hours=20))
    await course.open(term_start="2027-02-01", term_end="2027-02-15")
    await course.rounds().round()
    assert [(row.state, row.reason) for row in await course.weekly(10)] == [("skipped", Reason.TERM_OVER)]


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_is_turned_off_after_an_unclear_attempt_is_looked_for_and_never_sent_again(
    course: Course, *, arrived: bool
) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.ANSWER_LOST if arrived else Answer.LOST)
    await course.rounds().round()
    await settings(course, 10, SettingsChange(on=False))
    course.clock.advance(LEASE_OVER)
    await course.rounds().round()
    [row] = await course.weekly(10)
    assert (row.state, row.reason) == (("sent", None) if arrived else ("skipped", "turned_off"))
    assert course.messenger.asked("send") == [10, 10]


# What Discord answers


@pytest.mark.parametrize(("answer", "reason"), [(Answer.CLOSED, Reason.DMS_CLOSED)])
async def test_what_cannot_be_delivered_is_held_with_its_reason_and_next_week_is_the_next_try(
    course: Course, answer: Answer, reason: Reason
) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(answer)
    await course.rounds().round()
    seen = await course.nudges.settings(member(10), course.clock())
    assert seen.dm_closed is (reason is Reason.DMS_CLOSED)
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    assert [(row.state, row.reason) for row in await course.weekly(10)] == [("held", reason), ("sent", None)]
    assert not (await course.nudges.settings(member(10), course.clock())).dm_closed


async def test_what_is_for_somebody_who_left_is_held_and_says_so(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.GONE)
    await course.rounds().round()
    assert [(row.state, row.reason) for row in await course.weekly(10)] == [("held", Reason.LEFT)]


async def test_what_discord_refused_without_sending_is_tried_again_a_minute_later(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.NOT_SENT)
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["owed"]
    await course.rounds().round()
    assert course.messenger.asked("send") == [10, 10]
    course.clock.advance(MINUTE)
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["sent"]


@pytest.mark.parametrize("kind", ["send", "open"])
async def test_when_discord_stops_our_messages_one_request_is_made_an_hour_and_nothing_is_lost(
    course: Course, kind: str
) -> None:
    if kind == "send":
        await course.join(*range(10, 20))
        course.clock.set(DUE)
    else:
        await course.join(*range(10, 14), channel=False)
    course.pace.seconds = 0.05
    course.messenger.requests.clear()
    course.messenger.pick = lambda asked, _user: Answer.BLOCKED if asked == kind else Answer.WORKS
    for _ in range(10):
        await course.rounds().round()
        course.clock.advance(MINUTE)
    # What was underway when the first refusal came is refused as well, more of it on a busy machine; never everybody.
    assert 1 <= len(course.messenger.asked(kind)) < (10 if kind == "send" else 3)
    assert len(still_open(await course.rows())) == (10 if kind == "send" else 4)
    course.messenger.pick = lambda _kind, _user: Answer.WORKS
    course.clock.advance(COOL_OFF)
    for _ in range(3):
        await course.rounds().round()
        course.clock.advance(MINUTE)
    assert {row.state for row in await course.rows()} == {"sent"}


async def test_a_row_that_breaks_our_own_code_does_not_block_the_rows_behind_it(
    course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    await course.join(10, 11, 12)
    course.clock.set(DUE)
    course.messenger.always["send", UserId(11)] = Answer.BREAKS
    await course.rounds().round()
    assert [row.state for row in await course.rows(kind="weekly")].count("sent") == 2
    assert "our own code broke" in caplog.text
    course.messenger.always.clear()
    course.clock.advance(LEASE_OVER)
    await course.rounds().round()
    assert {row.state for row in await course.rows(kind="weekly")} == {"sent"}


async def test_a_text_that_cannot_be_made_does_not_block_the_rows_behind_it(
    sqlite_course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    course = sqlite_course
    await course.join(10, 11)
    course.clock.set(DUE)
    await planned(course)
    await course.database.transact(
        lambda tx: tx.execute(
            update(tables.enrolment).where(tables.enrolment.c.user_id == 10).values(zone="Nowhere/Atlantis")
        )
    )
    await course.rounds().round()
    assert [row.state for row in await course.weekly(11)] == ["sent"]
    assert [row.state for row in await course.weekly(10)] == ["claimed"]
    assert "our own code broke" in caplog.text


async def test_rows_that_time_out_one_after_another_do_not_starve_the_others(sqlite_course: Course) -> None:
    course = sqlite_course
    users = range(10, 22)
    await course.join(*users)
    course.clock.set(DUE)
    bad = {UserId(user_id) for user_id in range(10, 16)}

    async def slow(kind: str, user_id: UserId) -> None:
        if user_id in bad:
            course.clock.advance(timedelta(seconds=30))

    course.messenger.before = slow
    course.messenger.pick = lambda _kind, user_id: Answer.LOST if user_id in bad else Answer.WORKS
    await course.rounds().round()
    # Those behind a slow one whose claim ran out meanwhile are the next round's first.
    assert await states(course) != dict.fromkeys(users, "claimed")
    await course.rounds().round()
    assert {user_id for user_id, state in (await states(course)).items() if state == "sent"} == set(range(16, 22))
    assert course.clock() < DUE + timedelta(minutes=7)


async def test_a_round_that_is_told_to_finish_ends_after_the_message_in_hand_and_gives_the_rest_back(
    course: Course,
) -> None:
    await course.join(*range(10, 18))
    course.clock.set(DUE)
    course.pace.seconds = 0.05
    rounds = course.rounds(batch=8)
    finishing: list[asyncio.Task[None]] = []

    async def stop(_kind: str, _user_id: UserId) -> None:
        finishing.append(asyncio.get_running_loop().create_task(rounds.finish()))
        await asyncio.sleep(0)

    course.messenger.before = stop
    await rounds.round()
    await asyncio.gather(*finishing)
    ended = Counter(row.state for row in await course.rows(kind="weekly"))
    assert set(ended) == {"sent", "owed"}
    assert ended["sent"] <= 3
    course.messenger.before = None
    await course.rounds("b").round()
    assert {row.state for row in await course.rows(kind="weekly")} == {"sent"}


# Opening channels


async def test_the_hello_waits_for_the_channel_and_joining_does_not(course: Course) -> None:
    joined = await course.join(10, channel=False)
    assert not joined.again
    assert course.messenger.requests == []
    await course.rounds().round()
    assert [message.key.kind for message in course.messenger.received(UserId(10))] == [NudgeKind.HELLO]
    assert [(row.kind, row.state) for row in await course.rows(10)] == [("hello", "sent")]


async def test_channels_are_opened_a_few_a_minute_in_the_order_of_joining(course: Course) -> None:
    users = [31, 12, 25, 14, 99, 16, 47, 18, 10, 11, 13, 15]
    for user_id in users:
        await course.join(user_id, channel=False)
        course.clock.advance(timedelta(seconds=1))
    for _ in range(8):
        await course.rounds().round()
        course.clock.advance(timedelta(seconds=30))
    assert course.messenger.asked("open") == users
    opened = [request.at for request in course.messenger.requests if request.kind == "open"]
    assert all(later - earlier >= MINUTE for earlier, later in zip(opened, opened[5:], strict=False))
    assert Counter(message.user_id for message in course.messenger.messages) == Counter(users)


@pytest.mark.parametrize("answer", [Answer.LOST, Answer.BREAKS, Answer.HANGS])
async def test_accounts_that_cannot_be_opened_do_not_block_those_who_joined_later(
    course: Course, answer: Answer
) -> None:
    bad = range(10, 17)
    for user_id in bad:
        await course.join(user_id, channel=False)
        course.messenger.always["open", UserId(user_id)] = answer
    course.clock.advance(MINUTE)
    await course.join(20, 21, channel=False)
    for _ in range(4):
        await course.rounds(timing=IMPATIENT).round()
        course.clock.advance(MINUTE)
    assert {row.state for row in await course.rows(20)} == {row.state for row in await course.rows(21)} == {"sent"}
    opened = [request.at for request in course.messenger.requests if request.kind == "open"]
    assert max(Counter(opened).values()) <= 5
    course.messenger.always.clear()
    for _ in range(4):
        await course.rounds().round()
        course.clock.advance(MINUTE)
    assert {row.state for row in await course.rows()} == {"sent"}


async def test_an_account_that_is_owed_many_notes_takes_one_place_in_the_queue(course: Course) -> None:
    await course.join(10, channel=False)
    course.messenger.always["open", UserId(10)] = Answer.LOST
    course.clock.set(DUE + 6 * WEEK)
    await course.rounds().round()
    course.clock.advance(MINUTE)
    await course.join(11, 12, 13, channel=False)
    await course.rounds().round()
    assert {row.state for user_id in (11, 12, 13) for row in await course.rows(user_id)} == {"sent"}


@pytest.mark.parametrize("answer", [Answer.CLOSED, Answer.GONE])
async def test_all_that_is_owed_to_an_account_that_cannot_be_reached_is_held(course: Course, answer: Answer) -> None:
    await course.join(10, channel=False)
    course.messenger.always["open", UserId(10)] = answer
    course.clock.set(DUE)
    await course.rounds().round()
    rows = await course.rows(10)
    assert [(row.kind, row.state, row.reason) for row in rows] == [
        ("hello", "held", "unreachable"),
        ("weekly", "held", "unreachable"),
    ]
    course.messenger.always.clear()
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    assert [row.state for row in await course.weekly(10)] == ["held", "sent"]


async def test_two_runners_do_not_open_the_same_channel_or_more_than_the_limit(
    course: Course, database_url: str
) -> None:
    for user_id in range(10, 20):
        await course.join(user_id, channel=False)
    other = open_database(database_url)
    try:
        for _ in range(3):
            await asyncio.gather(course.rounds("a").round(), course.rounds("b", database=other).round())
            course.clock.advance(timedelta(seconds=61))
    finally:
        other.close()
    assert Counter(course.messenger.asked("open")) == Counter(range(10, 20))
    assert {row.state for row in await course.rows()} == {"sent"}


# Planning


async def test_planning_takes_as_many_statements_for_a_large_class_as_for_a_small_one(course: Course) -> None:
    counts: list[int] = []
    users = iter(range(10, 200))
    await planned(course)  # the first round of all notes that there was none before
    for size in (3, 60):
        await course.join(*(next(users) for _ in range(size)), channel=False)
        course.clock.advance(WEEK)
        counts.append(await planned(course))
    assert counts[0] == counts[1] <= 5
    assert len(await course.rows(kind="weekly")) == 3 + 63


async def test_more_members_than_one_batch_are_all_planned(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, channel=False)

    def many(tx: Tx) -> None:
        one = tx.execute(select(tables.enrolment)).mappings().one()
        users = range(1000, 1450)
        tx.execute(insert(tables.account), [{"user_id": user} for user in users])
        tx.execute(insert(tables.enrolment), [{**one, "id": user, "user_id": user} for user in users])

    await course.database.transact(many)
    course.clock.set(DUE)
    await planned(course)
    assert len(await course.rows(kind="weekly")) == 451


# Anything may happen


ZONES = ["Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
JUMPS = [timedelta(seconds=20)] * 6 + [MINUTE] * 6 + [timedelta(hours=1)] * 4 + [timedelta(hours=9)] * 6
LONG_JUMPS = [timedelta(days=1), timedelta(days=3), timedelta(weeks=3)]
FAULTS = [
    Answer.ANSWER_LOST,
    Answer.ANSWER_LOST,
    Answer.LOST,
    Answer.LOST,
    Answer.HANGS,
    Answer.HANGS_AFTERWARDS,
    Answer.NOT_SENT,
    Answer.BREAKS,
    Answer.CLOSED,
    Answer.GONE,
]
DICE = {
    "round": 30,
    "crash": 12,
    "two rounds": 8,
    "time": 30,
    "long time": 3,
    "settings": 8,
    "remind": 6,
    "done": 3,
    "join": 4,
    "setup": 2,
}


class Storm:
    """Everything that may happen to a class, in a random order that a seed repeats."""

    def __init__(self, course: Course, other: Database, seed: int) -> None:
        self.course = course
        self.databases = (course.database, other)
        self.chance = random.Random(seed)
        self.users: list[int] = []
        self.promised: set[tuple[int, str]] = set()
        self.runners = 0
        self.fuse: Fuse | None = None
        course.messenger.pick = self.pick
        course.messenger.before = self.before
        course.messenger.after = self.after

    def pick(self, kind: str, user_id: UserId) -> Answer:
        if self.chance.random() < 0.7:
            return Answer.WORKS
        if self.chance.random() < 0.03:
            return Answer.BLOCKED
        return self.chance.choice([Answer.LOST, Answer.NOT_SENT] if kind in {"find", "look up"} else FAULTS)

    async def before(self, kind: str, user_id: UserId) -> None:
        if self.fuse:
            self.fuse.step()
        self.course.clock.advance(timedelta(seconds=self.chance.random() * 2))
        await asyncio.sleep(0)

    async def after(self, kind: str, user_id: UserId) -> None:
        if self.fuse:
            self.fuse.step()

    async def note_what_fell_due(self) -> None:
        """Note which weeks were planned and have fallen due: from now on each is owed a row."""
        e, now = tables.enrolment.c, self.course.clock()
        due = await self.course.database.read(
            lambda tx: tx.execute(select(e.user_id, e.next_nudge_week).where(e.next_nudge_at <= now)).all()
        )
        self.promised |= {(row.user_id, row.next_nudge_week.isoformat()) for row in due if row.next_nudge_week}

    async def run(self, steps: int) -> None:
        for number in range(4):
            await self.join(known=number % 2 == 0)
        for what in self.chance.choices(list(DICE), list(DICE.values()), k=steps):
            await self.happen(what)
            await self.note_what_fell_due()

    async def happen(self, what: str) -> None:
        course, chance = self.course, self.chance
        try:
            match what:
                case "round":
                    await self.round()
                case "crash":
                    await self.crash(chance.randrange(40))
                case "two rounds":
                    await asyncio.gather(self.round(0), self.round(1))
                case "time" | "long time":
                    course.clock.advance(chance.choice(JUMPS if what == "time" else LONG_JUMPS))
                case "join":
                    await self.join(known=chance.random() < 0.5)
                case "setup":
                    end = date(2027, 6, 4) + timedelta(days=chance.randrange(-20, 60))
                    await course.cohorts.set_up(manager(), SetupRequest(term_end=end.isoformat()), course.clock())
                case _:
                    await self.member_does(what, chance.choice(self.users))
        except Refusal:
            pass

    async def round(self, database: int = 0) -> None:
        self.runners += 1
        runner = f"runner {self.runners}"
        await self.course.rounds(runner, timing=IMPATIENT, database=self.databases[database]).round()

    async def crash(self, steps: int) -> None:
        self.runners += 1
        self.fuse = Fuse(steps)
        database = Fused(self.course.database, self.fuse)
        await dies(self.course.rounds(f"crash {self.runners}", timing=IMPATIENT, database=database).round())
        self.fuse = None

    async def join(self, *, known: bool) -> None:
        user_id = 10 + len(self.users)
        if len(self.users) >= 9:
            return
        self.users.append(user_id)
        zone = self.chance.choice(ZONES)
        await self.course.members.join(member(user_id, audience="anyone"), zone, self.course.clock())
        if known:
            self.course.messenger.has_open(UserId(user_id))
            await self.course.nudges.settings(member(user_id, dm=True), self.course.clock())

    async def member_does(self, what: str, user_id: int) -> None:
        course, chance, now = self.course, self.chance, self.course.clock()
        if what == "settings":
            change = chance.choice(
                [
                    SettingsChange(day=chance.randrange(7)),
                    SettingsChange(hour=chance.randrange(8, 21)),
                    SettingsChange(zone=chance.choice(ZONES)),
                    SettingsChange(on=chance.random() < 0.7),
                    SettingsChange(pause_weeks=chance.choice([0, 0, 1, 2])),
                ]
            )
            await course.nudges.change(member(user_id), change, now)
            return
        received = course.messenger.received(UserId(user_id))
        if not received:
            return
        key = received[-1].key
        if what == "done":
            await course.buttons.done(member(user_id), key, now)
        else:
            days = await course.buttons.days(member(user_id), key, now)
            await course.buttons.remind(member(user_id), key, chance.choice(days), now)

    async def calm_down(self) -> None:
        self.course.messenger.pick = lambda _kind, _user: Answer.WORKS
        for _ in range(6):
            await self.round()
            self.course.clock.advance(timedelta(seconds=70))
        for _ in range(4):
            self.course.clock.advance(timedelta(hours=8))
            await self.round()


def check_the_promise(storm: Storm, rows: list[Row], now: datetime) -> None:
    by_state = Counter(row.state for row in rows)
    assert by_state.total() == sum(by_state[state] for state in NudgeState)
    assert len({(row.user_id, row.kind, row.period) for row in rows}) == len(rows)
    sent = Counter(
        (message.user_id, message.key.kind, message.key.period) for message in storm.course.messenger.messages
    )
    assert set(sent.values()) <= {1}, "a nudge was doubled"
    for row in rows:
        key = (UserId(row.user_id), NudgeKind(row.kind), row.period)
        match row.state:
            case NudgeState.SENT:
                assert sent[key] == 1
                assert row.reason is None
            case NudgeState.SKIPPED:
                assert sent[key] == 0
                assert row.reason in set(Reason)
            case NudgeState.HELD:
                # An attempt of unclear outcome may have arrived before the account closed its DMs.
                assert sent[key] == 0 or row.attempts > 1
                assert row.reason in {
                    Reason.DMS_CLOSED,
                    Reason.UNREACHABLE,
                    Reason.LEFT,
                    Reason.BLOCKED,
                    Reason.BOT_AWAY,
                }
            case _:
                # Not yet due, or due today and waiting for the end of the quiet hours.
                waits = row.state == NudgeState.OWED and row.not_before > now and now - row.due_at < timedelta(days=1)
                assert row.due_at > now or waits, f"still open: {row}"
    for user_id in storm.users:
        weeks = [row.period for row in rows if row.user_id == user_id and row.kind == NudgeKind.WEEKLY]
        assert weeks == sorted(set(weeks))
    assert storm.promised <= {(row.user_id, row.period) for row in rows if row.kind == NudgeKind.WEEKLY}, "one was lost"
    hellos = [row.user_id for row in rows if row.kind == NudgeKind.HELLO]
    assert sorted(hellos) == storm.users


@pytest.fixture
def other_database(database_url: str) -> Iterator[Database]:
    """The same database, as another process has it."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("seed", range(1, 4))
async def test_whatever_happens_every_nudge_arrives_once_or_says_why_not(
    database: Database, other_database: Database, content: Content, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    course = Course(database, content)
    await course.open()
    storm = Storm(course, other_database, seed)
    await storm.run(150)
    await storm.calm_down()
    rows = await course.rows()
    check_the_promise(storm, rows, course.clock())
    assert len(storm.promised) > 3
    assert {"sent", "skipped"} <= {row.state for row in rows}
