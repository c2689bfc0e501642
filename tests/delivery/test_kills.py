"""The promise, in short: a real process killed on both databases; and the naive protocols, which break it."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.coaching.nudges import NudgeState
from tests.delivery import naive, prove
from tests.delivery.course import Row
from tests.delivery.discord_rest import ACCIDENTS, CHANNEL_OFFSET, FAULTS, REFUSALS, DiscordRest, Message, Weather
from tests.delivery.harness import Plan, Tally, counted, run
from tests.delivery.worker import OURS, POINTS, REQUEST

SHARED = {"sqlite": POINTS[:5], "postgresql": POINTS[5:]}
"""The named points, half of them on each database; the command kills at all of them on both."""


@pytest.mark.parametrize("kind", list(SHARED))
async def test_a_bot_that_is_killed_loses_and_doubles_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    plan = Plan(kills=7, seed=3, members=30, points=SHARED[kind], named=0.75, long_outages=0.15)
    tally = await run(OURS, request.getfixturevalue(f"empty_{kind}_url"), plan, tmp_path)
    assert tally.wrong == []
    assert tally.planned == tally.arrived + tally.held + tally.skipped
    assert tally.posts[0]
    assert set(SHARED[kind]) <= set(tally.kills)
    assert tally.kills.total() == 7


async def test_each_fault_and_each_refusal_after_it_leaves_books_that_agree(
    empty_sqlite_url: str, tmp_path: Path
) -> None:
    refusals = [one for one in REFUSALS if one.code != 40003]  # which stops everything, not this one
    scripts = [(first, second) for first in ACCIDENTS for second in refusals] + [(one,) for one in FAULTS]
    plan = Plan(kills=0, seed=3, faults=0, members=len(scripts), scripts=scripts)
    tally = await run(OURS, empty_sqlite_url, plan, tmp_path)
    assert tally.wrong == []
    assert tally.planned == len(scripts)


async def test_the_naive_protocols_lose_or_double_under_the_same_kills(tmp_path: Path) -> None:
    async def killed(protocol: str, point: str, long_outages: float) -> Tally:
        plan = Plan(
            2, seed=3, faults=0, members=15, points=(point,), named=1, long_outages=long_outages, nonce_window=0.3
        )
        return await run(protocol, f"sqlite:///{tmp_path / protocol}.db", plan, tmp_path)

    async with asyncio.TaskGroup() as tasks:
        advanced = tasks.create_task(killed(naive.ADVANCE_FIRST, REQUEST[0], 0))
        without = tasks.create_task(killed(naive.NO_NONCE, REQUEST[1], 0))
        nonce_only = tasks.create_task(killed(naive.NONCE_ONLY, REQUEST[1], 1))
    assert (advanced.result().lost, advanced.result().doubled) == (2, 0)
    assert (without.result().lost, without.result().doubled) == (0, 2)
    assert (nonce_only.result().lost, nonce_only.result().doubled) == (0, 2)


def message(number: int, user: int) -> Message:
    button = {"type": 2, "custom_id": f"pln1:nudge.done:{user}:7:weekly:2026-01-05"}
    return Message(number, user + CHANNEL_OFFSET, "", None, [{"type": 1, "components": [button]}], 0.0)


def test_the_books_are_compared_to_the_letter() -> None:
    keys = {user: f"{user}:7:weekly:2026-01-05" for user in range(9)}
    rest = DiscordRest(Weather())
    for user, ids in {0: [10], 1: [11, 12], 5: [15], 6: [16], 8: [18]}.items():
        rest.messages[user + CHANNEL_OFFSET] = [message(number, user) for number in ids]
    ledger = {
        keys[0]: Row(NudgeState.SENT, None, 10),
        keys[1]: Row(NudgeState.SENT, None, 12),  # received twice
        keys[2]: Row(NudgeState.HELD, "dms_closed", None),
        keys[3]: Row(NudgeState.SKIPPED, "too_late", None),
        keys[4]: Row(NudgeState.SENT, None, 14),  # but nothing was received
        keys[5]: Row(NudgeState.HELD, "dms_closed", None),  # but it was received
        keys[6]: Row(NudgeState.CLAIMED, None, None),  # received, and the ledger does not know
        # 7 fell due and has no row; 8 was received and nobody planned it
    }
    tally = counted(OURS, {keys[user] for user in range(8)}, ledger, rest)
    assert (tally.arrived, tally.held, tally.skipped, tally.lost, tally.doubled) == (5, 1, 1, 2, 1)
    assert tally.untrue == 5  # 4, 5, 6, 7 and 8
    assert tally.reasons == {"dms_closed": 1, "too_late": 1}
    assert "The promise was BROKEN." in prove.report([tally], Plan(7, 3), "sqlite")


def test_the_command_fails_when_the_promise_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def proved(plan: Plan, kind: str) -> list[Tally]:
        return [Tally(OURS, planned=plan.kills, lost=plan.seed)]

    monkeypatch.setattr(prove, "prove", proved)
    for seed, code in (("0", 0), ("2", 1)):
        monkeypatch.setattr(sys, "argv", ["prove", "--kills", "7", "--seed", seed])
        assert prove.main() == code
    assert "seed 2," in capsys.readouterr().out
