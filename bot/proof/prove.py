"""`python -m bot prove`: the proof as a command, with a table that a sceptic can read."""

import asyncio
import platform
import secrets
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from bot.proof import naive
from bot.proof.harness import PULSE, Plan, ProofError, Tally, run
from bot.proof.worker import OURS, PROTOCOLS
from storage.database import DatabaseError, DatabaseUnavailable, open_database

KEPT, BROKEN, NOT_STARTED = 0, 1, 2
NAIVE_SHARE = 4
"""The naive protocols are killed a quarter as often: that is plenty."""
COLUMNS = ("kills", "planned", "arrived", "held", "skipped", "lost", "doubled")
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
BAR = 30


def prove(kills: int, database: str | None, seed: int | None, faults: float) -> int:
    """Run the proof and print what came of it; returns the exit code.

    0: nothing of ours was lost or doubled, and the ledger tells the truth. 1: it was not so. 2: it could not be run.
    `database` is the address of an empty PostgreSQL database, where the proof makes schemas of its own and drops them
    again; without one, SQLite files in a temporary folder. `seed` repeats the same chances.
    """
    if sys.platform == "win32":
        sys.stderr.write("The proof kills processes with SIGKILL, which this system does not have.\n")
        return NOT_STARTED
    plan = Plan(kills, secrets.randbelow(1_000_000) if seed is None else seed, faults)
    try:
        tallies = asyncio.run(_all(plan, database))
    except KeyboardInterrupt:
        return NOT_STARTED
    except (ProofError, DatabaseError, DatabaseUnavailable) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_STARTED
    sys.stdout.write(report(tallies, plan, "PostgreSQL" if database else "SQLite") + "\n")
    return KEPT if tallies[0].kept else BROKEN


async def _all(plan: Plan, database: str | None) -> list[Tally]:
    """Run our protocol, and beside it the naive ones, one after the other."""
    few = replace(plan, kills=-(-plan.kills // NAIVE_SHARE))
    bar = _Bar(plan.kills + few.kills * len(naive.PROTOCOLS))
    with tempfile.TemporaryDirectory(prefix="pln-coach-proof-") as made:
        async with databases(database, Path(made)) as urls:

            async def one_after_the_other(protocols: Sequence[str], how: Plan) -> list[Tally]:
                return [await run(one, urls[one], how, Path(made), bar.step) for one in protocols]

            try:
                async with asyncio.TaskGroup() as tasks:
                    ours = tasks.create_task(one_after_the_other([OURS], plan))
                    theirs = tasks.create_task(one_after_the_other(naive.PROTOCOLS, few))
            except BaseExceptionGroup as failed:
                raise failed.exceptions[0] from None
    bar.end()
    return [*ours.result(), *theirs.result()]


@asynccontextmanager
async def databases(database: str | None, folder: Path) -> AsyncGenerator[dict[str, str]]:
    """Give an empty database for each protocol: a file, or a schema of its own that is dropped afterwards."""
    names = {protocol: protocol.replace(" ", "_") for protocol in PROTOCOLS}
    if database is None:
        yield {protocol: f"sqlite:///{folder / name}.db" for protocol, name in names.items()}
        return
    if database.startswith("sqlite"):
        raise DatabaseError("The proof makes its own SQLite files: leave --database out, or name a PostgreSQL address.")
    mark = secrets.token_hex(4)
    schemas = {protocol: f"proof_{mark}_{name}" for protocol, name in names.items()}
    server = open_database(database)
    try:
        if await server.read(lambda tx: tx.exec_driver_sql(TABLES).scalar()):
            raise DatabaseError("That database is not empty. Name one that nothing else uses: CREATE DATABASE proof.")
        for schema in schemas.values():
            await server.transact(lambda tx, name=schema: tx.exec_driver_sql(f"CREATE SCHEMA {name}"))
        yield {protocol: in_schema(database, schema) for protocol, schema in schemas.items()}
    finally:
        for schema in schemas.values():
            await server.transact(lambda tx, name=schema: tx.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        server.close()


def in_schema(address: str, schema: str) -> str:
    """Return a PostgreSQL address whose tables are those of one schema."""
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query), ("options", f"-csearch_path={schema}")]
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


def report(tallies: Sequence[Tally], plan: Plan, kind: str) -> str:
    """Return the table, what its columns mean, and what it takes to run it again."""
    rows = [
        (one.protocol, one.kills.total(), one.planned, one.arrived, one.held, one.skipped, one.lost, one.doubled)
        for one in tallies
    ]
    widths = [max(len(name), 8) for name in COLUMNS]
    first = max(len(protocol) for protocol in PROTOCOLS)
    heading = " ".join([" " * first, *(f"{name:>{width}}" for name, width in zip(COLUMNS, widths, strict=True))])
    lines = [
        " ".join([f"{row[0]:<{first}}", *(f"{value:>{width},}" for value, width in zip(row[1:], widths, strict=True))])
        for row in rows
    ]
    return "\n".join(["", heading, *lines, "", *_meaning(), "", *_circumstances(tallies[0], plan, kind)])


def _meaning() -> list[str]:
    return [
        "kills    the process was ended with SIGKILL, one half at named points, the other at random, and restarted",
        "planned  nudges that fell due; planned = arrived + held + skipped + lost",
        "arrived  nudges the member received, counted by the stand-in for Discord, not by the bot",
        "held     not sent because Discord refused for good (DMs closed, account gone): the ledger says which",
        "skipped  not sent because no longer wanted or useful: the ledger says which",
        "lost     neither received nor held or skipped with a reason",
        "doubled  received more than once",
        "",
        "ours           plan, claim, send, settle; the same nonce while it is trusted, then a look at the history",
        "advance first  records that it is sent, then sends",
        "no nonce       sends, then records; a nonce of chance each time, as discord.py makes by itself",
        "nonce only     sends, then records; the same nonce each time, but never a look at the history",
    ]


def _circumstances(ours: Tally, plan: Plan, kind: str) -> list[str]:
    timing = PULSE.timing
    versions = ", ".join(f"{name} {version(name)}" for name in ("discord.py", "SQLAlchemy"))
    limits = ", ".join(
        f"{name} {length.total_seconds():g} s"
        for name, length in (
            ("send limit", timing.send_limit),
            ("lease", timing.lease),
            ("nonce trusted", timing.nonce_trusted),
        )
    )
    faults = ", ".join(f"{name} {count}" for name, count in sorted(ours.faults.items())) or "none"
    reasons = ", ".join(f"{name} {count}" for name, count in sorted(ours.reasons.items())) or "none"
    verdict = "kept" if ours.kept else "BROKEN"
    at_random = ours.kills["at random"]
    return [
        f"Ours: {ours.kills.total() - at_random} kills at named points, {at_random} at random; {ours.seconds:.0f} s.",
        f"Outages longer than the nonce memory ({plan.nonce_window:g} s): {ours.long_outages}.",
        f"Second tries that the nonce memory stopped: {ours.repeated}.",
        f"Rows of the ledger that do not say what happened: {ours.untrue}.",
        f"Reasons: {reasons}.",
        f"Faults ({plan.faults:.0%} of requests): {faults}.",
        f"Shortened: {limits}.",
        f"{kind}, seed {plan.seed}, {versions}, Python {platform.python_version()}.",
        *(f"Wrong: {one}" for one in ours.wrong),
        f"The promise was {verdict}.",
    ]


class _Bar:
    """Progress on standard error: a bar for a person, a line at each tenth for a log."""

    def __init__(self, whole: int) -> None:
        self._whole = whole
        self._done = 0
        self._began = monotonic()
        self._person = sys.stderr.isatty()

    def step(self) -> None:
        """Count one kill."""
        self._done += 1
        if self._person:
            filled = BAR * self._done // self._whole
            self._write(f"\r[{'█' * filled}{'·' * (BAR - filled)}] {self._done}/{self._whole} kills")
        elif self._done * 10 // self._whole > (self._done - 1) * 10 // self._whole:
            self._write(f"{self._done}/{self._whole} kills, {monotonic() - self._began:.0f} s\n")

    def end(self) -> None:
        """Leave the line."""
        if self._person:
            self._write("\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
