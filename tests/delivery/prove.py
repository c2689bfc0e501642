"""`make prove`: the proof as a command, with a table that a sceptic can read.

Exit code 0: nothing of ours was lost or doubled, and the ledger tells the truth. 1: it was not so. 2: it could not run.
"""

import argparse
import asyncio
import platform
import secrets
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from storage.database import DatabaseError, DatabaseUnavailable
from tests.delivery import naive
from tests.delivery.harness import Plan, ProofError, Tally, run
from tests.delivery.worker import OURS, PROTOCOLS, SHORTENED

NAIVE_SHARE = 4
"""The naive protocols are killed a quarter as often: that is plenty."""
COLUMNS = ("kills", "planned", "arrived", "held", "skipped", "lost", "doubled")
MEANING = """\
kills    the process was ended with SIGKILL, one half at named points, the other at random, and restarted
planned  nudges that fell due; planned = arrived + held + skipped + lost
arrived  nudges the member received, counted by the stand-in for Discord, not by the bot
held     not sent because Discord refused for good (DMs closed, account gone): the ledger says which
skipped  not sent because no longer wanted or useful: the ledger says which
lost     neither received nor held or skipped with a reason
doubled  received more than once

ours           plan, claim, send, settle; the same nonce while it is trusted, then a look at the history
advance first  records that it is sent, then sends
no nonce       sends, then records; a nonce of chance each time, as discord.py makes by itself
nonce only     sends, then records; the same nonce each time, but never a look at the history
"""


async def prove(plan: Plan, kind: str) -> list[Tally]:
    """Run our protocol, and beside it the naive ones, one after the other."""
    few = replace(plan, kills=-(-plan.kills // NAIVE_SHARE))
    whole, done, began = plan.kills + few.kills * len(naive.PROTOCOLS), 0, monotonic()

    def progress() -> None:
        nonlocal done
        done += 1
        if done * 10 // whole > (done - 1) * 10 // whole:
            print(f"{done}/{whole} kills, {monotonic() - began:.0f} s", file=sys.stderr)

    with tempfile.TemporaryDirectory(prefix="pln-coach-") as made, _databases(kind, Path(made)) as urls:

        async def one_after_the_other(protocols: Sequence[str], how: Plan) -> list[Tally]:
            return [await run(one, urls[one], how, Path(made), progress) for one in protocols]

        try:
            async with asyncio.TaskGroup() as tasks:
                ours = tasks.create_task(one_after_the_other([OURS], plan))
                theirs = tasks.create_task(one_after_the_other(naive.PROTOCOLS, few))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
    return [*ours.result(), *theirs.result()]


@contextmanager
def _databases(kind: str, folder: Path) -> Generator[dict[str, str]]:
    """Give an empty database for each protocol: a file, or one on a server that is started for it."""
    names = {protocol: protocol.replace(" ", "_") for protocol in PROTOCOLS}
    if kind == "sqlite":
        yield {protocol: f"sqlite:///{folder / name}.db" for protocol, name in names.items()}
        return
    # Every process that is killed imports this file, and has no use for a server and a test framework.
    from tests.conftest import PostgreSQL  # noqa: PLC0415

    folder.chmod(0o755)  # run by root, the server is another user
    server = PostgreSQL(folder)
    try:
        yield {protocol: server.make(name) for protocol, name in names.items()}
    finally:
        server.stop()


def report(tallies: Sequence[Tally], plan: Plan, kind: str) -> str:
    """Return the table, what its columns mean, and what it takes to run it again."""
    ours = tallies[0]
    lines = ["", " " * 13 + "".join(f"{name:>9}" for name in COLUMNS)]
    for one in tallies:
        values = (one.kills.total(), one.planned, one.arrived, one.held, one.skipped, one.lost, one.doubled)
        lines.append(f"{one.protocol:<13}" + "".join(f"{value:>9,}" for value in values))
    at_random = ours.kills["at random"]
    limits = (SHORTENED.send_limit, SHORTENED.lease, SHORTENED.nonce_trusted)
    versions = ", ".join(f"{name} {version(name)}" for name in ("discord.py", "SQLAlchemy"))
    return "\n".join(
        [
            *lines,
            "",
            MEANING,
            f"Ours: {ours.kills.total() - at_random} kills at named points, {at_random} at random.",
            f"Among ours, posts in courses' channels: {ours.posts[0]} planned, {ours.posts[1]} arrived.",
            f"Ours took {ours.seconds:.0f} s.",
            f"Outages longer than the nonce memory ({plan.nonce_window:g} s): {ours.long_outages}.",
            f"Second tries that the nonce memory stopped: {ours.repeated}.",
            f"Rows of the ledger that do not say what happened: {ours.untrue}.",
            f"Held or skipped: {dict(ours.reasons)}.",
            f"Faults ({plan.faults:.0%} of requests): {ours.faults.total()}, of {len(ours.faults)} kinds.",
            "Send limit, lease, nonce trusted: {:g}, {:g}, {:g} s.".format(*(one.total_seconds() for one in limits)),
            f"{kind}, seed {plan.seed}, {versions}, Python {platform.python_version()}.",
            *(f"Wrong: {one}" for one in ours.wrong),
            f"The promise was {'kept' if ours.kept else 'BROKEN'}.",
        ]
    )


def main() -> int:
    """Run the proof and print what came of it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    parser.add_argument("--kills", type=int, default=60, help="how often ours is killed")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="repeats an earlier run's chances"
    )
    chosen = parser.parse_args()
    plan = Plan(chosen.kills, chosen.seed)
    try:
        tallies = asyncio.run(prove(plan, chosen.database))
    except (ProofError, DatabaseError, DatabaseUnavailable) as error:
        print(error, file=sys.stderr)
        return 2
    print(report(tallies, plan, chosen.database))
    return 0 if tallies[0].kept else 1


if __name__ == "__main__":
    sys.exit(main())
