"""The ticking alone: at once and again, one at a time, whatever a tick does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
import time_machine

from bot.schedule import Schedule

SECONDS = cast("int", 0.03)
"""Faster than anybody may set it, so that the tests do not wait."""


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - a count has no event to wait for
            await asyncio.sleep(0.005)


class Ticks:
    """Counts the ticks, and does in each what the test asks for."""

    def __init__(self, do: Callable[[], Awaitable[None]] | None = None) -> None:
        self.begun = 0
        self.ended = 0
        self.at_once = 0
        self.steps: list[timedelta] = []
        self._do = do

    async def __call__(self, step: timedelta) -> None:
        self.begun += 1
        self.steps.append(step)
        self.at_once = max(self.at_once, self.begun - self.ended)
        try:
            if self._do:
                await self._do()
        finally:
            self.ended += 1


async def test_it_ticks_at_once() -> None:
    ticks = Ticks()
    schedule = Schedule(ticks, 300)
    schedule.start()
    await until(lambda: ticks.ended == 1)
    schedule.stop()


async def test_it_ticks_again_and_again() -> None:
    ticks = Ticks()
    schedule = Schedule(ticks, SECONDS)
    schedule.start()
    await until(lambda: ticks.ended >= 3)
    schedule.stop()


@pytest.mark.parametrize("back", [timedelta(seconds=20), timedelta(hours=1), timedelta(days=1)], ids=str)
async def test_ticks_go_on_when_the_clock_steps_back_and_forward(
    back: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    ticks = Ticks()
    schedule = Schedule(ticks, SECONDS)
    with time_machine.travel(datetime.now(UTC), tick=True) as wall_clock:
        schedule.start()
        await until(lambda: ticks.ended >= 2)
        for step in (-back, back):
            wall_clock.shift(step)
            seen = ticks.ended
            await until(lambda: ticks.ended >= seen + 3)  # noqa: B023 - called in this very pass
        schedule.stop()
    assert [round(step / back) for step in ticks.steps if step] == [-1, 1]
    said = [record.message for record in caplog.records if record.name == "bot.schedule"]
    assert ["set back" in one for one in said] == ["set forward" not in one for one in said] == [True, False]


async def test_a_tick_that_takes_long_is_not_joined_by_another() -> None:
    go_on = asyncio.Event()

    async def wait() -> None:
        await go_on.wait()

    ticks = Ticks(wait)
    schedule = Schedule(ticks, SECONDS)
    schedule.start()
    await until(lambda: ticks.begun == 1)
    await asyncio.sleep(0.15)
    assert ticks.begun == 1
    go_on.set()
    await until(lambda: ticks.ended >= 3)
    assert ticks.at_once == 1
    schedule.stop()


async def test_a_tick_that_fails_is_logged_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise RuntimeError("the disk is on fire")

    ticks = Ticks(fail)
    schedule = Schedule(ticks, SECONDS)
    schedule.start()
    await until(lambda: ticks.ended >= 2)
    schedule.stop()
    assert "a tick failed; the next one tries again" in caplog.text
    assert "the disk is on fire" in caplog.text


async def test_after_a_stop_no_tick_begins_and_the_one_that_runs_ends_whole() -> None:
    go_on = asyncio.Event()
    whole: list[bool] = []

    async def wait() -> None:
        await go_on.wait()
        whole.append(True)

    ticks = Ticks(wait)
    schedule = Schedule(ticks, SECONDS)
    schedule.start()
    await until(lambda: ticks.begun == 1)
    schedule.stop()
    await asyncio.sleep(0.1)
    assert ticks.ended == 0
    go_on.set()
    await until(lambda: ticks.ended == 1)
    assert whole == [True]
    await asyncio.sleep(0.1)
    assert ticks.begun == 1


async def test_a_tick_that_the_end_cuts_short_is_a_line_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    go_on = asyncio.Event()

    async def break_off() -> None:
        await go_on.wait()
        raise RuntimeError("the database is closed")

    ticks = Ticks(break_off)
    schedule = Schedule(ticks, SECONDS)
    schedule.start()
    await until(lambda: ticks.begun == 1)
    schedule.stop()
    go_on.set()
    await until(lambda: "cut short by the end: RuntimeError" in caplog.text)
    assert "Traceback" not in caplog.text


async def test_a_stop_before_the_start_or_a_second_one_is_harmless() -> None:
    schedule = Schedule(Ticks(), SECONDS)
    schedule.stop()
    schedule.start()
    schedule.stop()
    schedule.stop()
