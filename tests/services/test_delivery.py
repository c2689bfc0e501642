"""The promise of the product: every nudge that falls due arrives once, or is held or skipped with its reason."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.coaching.footprint import Answer as ItemAnswer
from bot.coaching.ids import MessageId, NudgeId, UserId
from bot.coaching.log import ActionDraft
from bot.coaching.nudges import NudgeKind, Reason, nonce
from bot.services import delivery
from bot.services.breaker import COOL_OFF
from bot.services.delivery import Timing
from storage import nudges
from storage.database import open_database
from tests.services.course import DUE, TERM_START, WEEK, Course, at, member, still_open
from tests.services.crashes import IMPATIENT, LEASE_OVER, MINUTE, NONCE_OVER, crashed_round, states
from tests.services.fakes import Answer

# Once


async def test_nudge_is_sent_once_however_often_rounds_run(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    for runner in "aabba":
        await course.rounds(runner).round()
        course.clock.advance(MINUTE)
    hello, weekly = course.messenger.received(UserId(10))
    assert (hello.key.kind, weekly.key.kind) == (NudgeKind.HELLO, NudgeKind.WEEKLY)
    assert (hello.nonce, weekly.nonce) == (nonce(hello.key), nonce(weekly.key))
    assert hello.nonce != weekly.nonce
    [row] = await course.weekly(10)
    assert (row.state, row.message_id, row.period, row.reason) == ("sent", weekly.id, "2027-02-15", None)
    assert at(TERM_START, 16) <= row.due_at <= at(TERM_START, 16, 20)


async def test_each_week_of_the_term_has_one_nudge(course: Course) -> None:
    await course.open(term_end="2027-03-12")
    await course.join(10)
    for week in range(6):
        await course.answered(10, DUE + week * WEEK + timedelta(hours=1))
        await course.rounds().round()
    assert [row.period for row in await course.weekly(10)] == ["2027-02-15", "2027-02-22", "2027-03-01", "2027-03-08"]
    assert {row.state for row in await course.weekly(10)} == {"sent"}


@pytest.mark.parametrize(
    ("first_try", "later"),
    [(Answer.WORKS, NONCE_OVER), (Answer.ANSWER_LOST, LEASE_OVER), (Answer.ANSWER_LOST, NONCE_OVER)],
)
async def test_crash_between_any_two_steps_neither_loses_nor_doubles(
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


async def test_crash_while_opening_a_channel_keeps_the_hello(course: Course) -> None:
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


async def test_history_is_read_once_the_nonce_is_not_trusted(course: Course) -> None:
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


async def test_unreadable_history_stops_sending_again(course: Course) -> None:
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


async def test_claim_holds_until_its_lease_is_over(course: Course) -> None:
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


async def test_answer_after_takeover_settles_nothing(course: Course) -> None:
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
async def test_hanging_request_is_cut_short_and_tried_again(course: Course, answer: Answer) -> None:
    await course.join(10, 11)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(answer)
    await course.rounds(timing=IMPATIENT).round()
    assert {row.state for row in await course.weekly(11)} == {"sent"}
    course.clock.advance(LEASE_OVER)
    await course.rounds(timing=IMPATIENT).round()
    assert [row.state for row in await course.weekly(10)] == ["sent"]
    assert len(course.messenger.received(UserId(10))) == 2


async def test_request_hanging_at_the_end_is_made_again_by_the_next_start(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LAST_REQUESTS", timedelta(milliseconds=20))
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.HANGS_AFTERWARDS)
    hanging = asyncio.Event()

    async def reached(kind: str, _user_id: UserId) -> None:
        if kind == "send":
            hanging.set()

    course.messenger.before, worker = reached, course.rounds()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(worker.round())
        await hanging.wait()
        await worker.finish()
    course.clock.advance(LEASE_OVER)
    await course.rounds("b").round()
    assert {row.state for row in await course.weekly(10)} == {"sent"}
    assert len(course.messenger.received(UserId(10))) == 2


async def test_two_runners_send_each_row_once(either_course: Course, database_url: str) -> None:
    course = either_course
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


async def test_retry_reads_the_same_and_done_logs_what_it_said(course: Course) -> None:
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
    assert "**Next:** Reply to one person (15 min)" in message.text
    logged = await course.buttons.done(member(10), message.key, course.clock())
    assert logged.action.kind == "reply"


# What Discord answers


async def test_undeliverable_nudge_is_held_and_tried_next_week(course: Course) -> None:
    await course.join(10, 11)
    course.clock.set(DUE)
    for user_id, answer in {10: Answer.CLOSED, 11: Answer.GONE}.items():
        course.messenger.answers["send", UserId(user_id)].append(answer)
    await course.rounds().round()
    assert [row.reason for row in await course.weekly(11)] == [Reason.LEFT]
    assert (await course.nudges.settings(member(10), course.clock())).dm_closed
    course.clock.set(DUE + WEEK)
    await course.rounds().round()
    rows = [(row.state, row.reason) for row in await course.weekly(10)]
    assert rows == [("held", Reason.DMS_CLOSED), ("sent", None)]
    assert not (await course.nudges.settings(member(10), course.clock())).dm_closed


async def test_refused_request_is_tried_again_a_minute_later(course: Course) -> None:
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
async def test_breaker_stops_everybody_and_one_probes(course: Course, kind: str) -> None:
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


async def test_row_that_breaks_our_code_does_not_block_others(course: Course, caplog: pytest.LogCaptureFixture) -> None:
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


async def test_timeouts_do_not_starve_others(course: Course) -> None:
    users = range(10, 22)
    await course.join(*users)
    course.clock.set(DUE)
    bad = {UserId(user_id) for user_id in range(10, 16)}

    async def slow(kind: str, user_id: UserId) -> None:
        if user_id in bad:
            course.clock.advance(timedelta(seconds=30))

    course.messenger.before = slow
    course.messenger.pick = lambda _kind, user_id: Answer.LOST if user_id in bad else Answer.WORKS
    # Claims behind a slow send may run out; the next round takes them first.
    for _ in range(4):
        await course.rounds().round()
    assert {user_id for user_id, state in (await states(course)).items() if state == "sent"} == set(range(16, 22))


async def test_finishing_round_gives_back_what_is_not_in_hand(course: Course) -> None:
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


async def test_channels_open_a_few_a_minute_in_joining_order(either_course: Course) -> None:
    course = either_course
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
async def test_unopenable_accounts_do_not_block_later_ones(course: Course, answer: Answer) -> None:
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


@pytest.mark.parametrize("answer", [Answer.CLOSED, Answer.GONE])
async def test_everything_owed_to_an_unreachable_account_is_held(course: Course, answer: Answer) -> None:
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


async def test_two_runners_share_the_limit_on_opening_channels(either_course: Course, database_url: str) -> None:
    course = either_course
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
