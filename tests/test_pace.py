"""The pace: requests start at even distances, and processes share it."""

from time import monotonic

from bot.pace import EvenPace


async def test_requests_start_no_faster_than_the_pace_however_many_wait() -> None:
    pace = EvenPace(50)
    began = monotonic()
    for _ in range(11):
        await pace.acquire()
    assert monotonic() - began >= 9 / 50


async def test_a_process_takes_its_share_of_the_pace() -> None:
    pace = EvenPace(100)
    pace.share(2)
    began = monotonic()
    for _ in range(11):
        await pace.acquire()
    assert monotonic() - began >= 9 / 50
