"""What a round does beside sending, and what it makes of a clock that was set back."""

from collections import Counter
from datetime import timedelta

import pytest

from bot.coaching.ids import UserId
from bot.services.nudges import SettingsChange
from tests.services.course import DUE, OPENS, ROLE, START, TEACHER, TERM_START, WEEK, Course, at, teacher
from tests.services.crashes import BACK, LEASE_OVER, MINUTE, settings, states
from tests.services.fakes import Answer


@pytest.mark.parametrize("restarted", [False, True], ids=["runs_on", "restarted"])
@pytest.mark.parametrize("back", BACK, ids=str)
async def test_clock_set_back_and_forward_loses_and_doubles_nothing(
    course: Course, back: timedelta, *, restarted: bool
) -> None:
    await course.join(*range(10, 16))
    course.clock.set(DUE)
    await settings(course, 15, SettingsChange(day=0, hour=17))
    for user_id, answer in {11: Answer.ANSWER_LOST, 12: Answer.LOST, 13: Answer.NOT_SENT}.items():
        course.messenger.answers["send", UserId(user_id)].append(answer)
    await course.rounds().round()
    course.clock.step(-back)
    if restarted:
        course.runners.clear()
        await course.rounds("b").round()
    else:
        await course.rounds().round(-back)
    runner = "b" if restarted else "a"
    # What had no clear answer is settled while the clock is still wrong, when Discord knows its nonce and when not.
    course.messenger.answers["find", UserId(12)].append(Answer.LOST)
    course.clock.advance(back + LEASE_OVER)
    await course.rounds(runner).round()
    assert {user_id for user_id, state in (await states(course)).items() if state == "sent"} >= {10, 11, 14}
    for _ in range(3):
        course.clock.advance(timedelta(minutes=10))
        await course.rounds(runner).round()
    course.clock.step(back)
    await course.rounds(runner).round(timedelta() if restarted else back)
    assert await states(course) == dict.fromkeys(range(10, 16), "sent")
    assert set(Counter((one.user_id, one.key) for one in course.messenger.messages).values()) == {1}


async def test_clock_set_back_over_a_monday_brings_one_digest(course: Course) -> None:
    await course.join(*range(100, 112), channel=False)
    await course.digests.ask(teacher(), START)
    course.messenger.has_roles[TEACHER] = frozenset({ROLE})
    course.clock.set(at(TERM_START + WEEK, 8, 5))
    for step in (timedelta(), -timedelta(days=1), timedelta(days=1)):
        course.clock.step(step)
        await course.rounds().round(step)
        course.clock.advance(MINUTE)
        await course.rounds().round()
    assert [(row.period, row.state) for row in await course.rows(kind="digest")] == [("2027-02-22", "sent")]
    assert len(course.messenger.received(TEACHER)) == 1


async def test_clock_set_back_prolongs_neither_breaker_nor_channels(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    await course.join(*range(20, 20 + OPENS), channel=False)
    await course.rounds().round()
    course.messenger.answers["send", UserId(11)].append(Answer.BLOCKED)
    await course.join(11, channel=False)
    course.clock.advance(MINUTE)
    await course.rounds().round()
    assert [row.state for row in await course.rows(11)] == ["owed"]
    back = timedelta(days=1)
    course.clock.step(-back)
    await course.join(12, channel=False)
    await course.rounds().round(-back)
    for _ in range(2):
        course.clock.advance(MINUTE)
        await course.rounds().round()
    assert [row.state for row in await course.rows(12)] == ["sent"]
