"""One run: a bot process beside a failing Discord, killed again and again, and then the books compared.

Three books are kept by three parties that do not know of each other: what was planned (the course), what every member
received (the stand-in), and what the ledger says. Only when they agree is the promise kept.
"""

import asyncio
import multiprocessing
import random
import signal
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from time import monotonic

from bot.coaching.nudges import NudgeState
from bot.proof import naive, worker
from bot.proof.course import FIRST_USER, Course, Row
from bot.proof.discord_rest import CHANNEL_OFFSET, DiscordRest, Fault, Weather
from bot.proof.kills import POINTS, KillPoint
from bot.proof.worker import Life, Pulse
from storage.database import open_database
from storage.schema import migrate

PULSE = Pulse(worker.shortened(0.6, 0.9, 1.5), pace=40, heartbeat=0.05)
FIRST_CHANNEL = FIRST_USER + CHANNEL_OFFSET
FEW = 2 / 3
"""With less than this share of a class's nudges open the next week is planned: something is always in flight."""
START_LIMIT = 20
POINT_LIMIT = 2
"""Seconds after logging in within which a named point has to be passed; after that the kill is one at random."""
PATIENCE = 30
"""Seconds without one more at its end, after the last kill: what is open then counts as lost."""


class ProofError(Exception):
    """The proof itself cannot go on; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard a run is: how many kills, of how large a class, under which share of failing requests.

    `long_outages`: share of restarts that come later than the nonce is remembered. `life`: the shortest and longest
    time, in seconds after logging in, at which a random kill comes. `points`: the named points, taken in turn; `named`:
    their share of the kills.
    `nonce_window`: how long the stand-in remembers a nonce, in seconds; longer than `nonce_trusted` plus `send_limit`
    by about the margin that the product has against Discord's minutes. `scripts`: the faults that the messages to each
    of the first members meet, one after the other.
    """

    kills: int
    seed: int
    faults: float = 0.05
    members: int = 60
    long_outages: float = 0.1
    life: tuple[float, float] = (0.0, 0.6)
    points: tuple[str, ...] = POINTS
    named: float = 0.5
    nonce_window: float = 3.0
    scripts: Sequence[Sequence[Fault]] = ()


@dataclass(slots=True)
class Tally:
    """What came of a run; every nudge planned is in exactly one of arrived, held, skipped and lost."""

    protocol: str
    kills: Counter[str] = field(default_factory=Counter[str])
    planned: int = 0
    arrived: int = 0
    held: int = 0
    skipped: int = 0
    lost: int = 0
    doubled: int = 0
    untrue: int = 0
    """Rows that say something else than what happened: sent under another id, or held though it arrived."""
    wrong: list[str] = field(default_factory=list[str])
    """What is lost, doubled or untrue, in words."""
    reasons: Counter[str] = field(default_factory=Counter[str])
    faults: Counter[str] = field(default_factory=Counter[str])
    long_outages: int = 0
    repeated: int = 0
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Return whether the promise was kept."""
        return not (self.lost or self.doubled or self.untrue)


async def run(
    protocol: str, database_url: str, plan: Plan, folder: Path, progress: Callable[[], None] = lambda: None
) -> Tally:
    """Kill one protocol as often as planned, let it finish, and return what came of it.

    `database_url` names an empty database, `folder` takes the log; `progress` is called after each kill. Raises
    ProofError when the process ends by itself.
    """
    database = open_database(database_url)
    rest = DiscordRest(
        Weather(
            seed=plan.seed,
            faults=plan.faults,
            nonce_window=plan.nonce_window,
            slow=PULSE.timing.send_limit.total_seconds() * 1.5,
            channel_window=0.2,
            latency=(0.002, 0.03),
            retry_after=(0.05, 1.0),  # some longer than the send limit
        )
    )
    began = monotonic()
    try:
        migrate(database.engine)  # not on a thread: Alembic knows one migration at a time in a process
        course = Course(database, plan.seed)
        async with rest.serving() as url:
            (folder / f"{protocol}.log").touch()
            torture = _Torture(Life(protocol, database_url, url, PULSE, folder / f"{protocol}.log"), plan, rest)
            await course.start(plan.members)
            rest.scripts = {FIRST_CHANNEL + member: deque(faults) for member, faults in enumerate(plan.scripts)}
            await course.plan_week(seconds=1.5)
            await torture.kill_often(course, progress)
            await torture.finish(course)
            await rest.settled()
        tally = counted(protocol, await course.expected(), await course.ledger(), rest)
    finally:
        database.close()
    tally.kills, tally.long_outages = torture.kills, torture.long_outages
    tally.seconds = monotonic() - began
    return tally


class _Torture:
    """Starts, kills and restarts one process; everything that is chance comes from the seed."""

    def __init__(self, life: Life, plan: Plan, rest: DiscordRest) -> None:
        self.kills: Counter[str] = Counter()
        self.long_outages = 0
        self._life = life
        self._plan = plan
        self._rest = rest
        self._chance = random.Random(f"{plan.seed}:{life.protocol}")
        self._points = cycle(
            [point for point in plan.points if life.protocol == worker.OURS or point.startswith(naive.STEPS)]
        )
        self._processes = nursery()

    async def kill_often(self, course: Course, progress: Callable[[], None]) -> None:
        """Kill as often as planned, at named points and at random moments in turn; work never runs out."""
        while self.kills.total() < self._plan.kills:
            kill = self._next_kill()
            planning = kill is not None and kill.point.startswith("plan")
            if planning or await course.open() < FEW * self._plan.members:
                await course.plan_week(seconds=0.3 if planning else 1.5, newcomers=2)
            await self._live_and_die(kill)
            progress()
            await self._outage()

    async def finish(self, course: Course) -> None:
        """Let one last process bring everything to an end, however slow the machine, as long as it gets on."""
        process = await self._born(None)
        fewest, since = await course.open(), monotonic()
        try:
            while fewest and monotonic() - since < PATIENCE:
                self._still(process)
                await asyncio.sleep(0.1)
                if (left := await course.open()) < fewest:
                    fewest, since = left, monotonic()
        finally:
            await ended(process)

    def _next_kill(self) -> KillPoint | None:
        """Return the next named point, all of them in turn, at one of its first passes; None for a random moment."""
        before, now = (int(count * self._plan.named) for count in (self.kills.total(), self.kills.total() + 1))
        if before == now:
            return None
        point = next(self._points)
        rare = point.startswith(("plan", "claim"))
        return KillPoint(point, 1 if rare else self._chance.randint(1, 8))

    async def _live_and_die(self, kill: KillPoint | None) -> None:
        """Let one process live until its own end at a named point, or for a random time."""
        logins = self._rest.counts.requests["login"]
        process = await self._born(kill)
        try:
            by_itself = await self._death(process, kill, logins)
        finally:
            await ended(process)
        self.kills[kill.point if kill and by_itself else "at random"] += 1

    async def _death(self, process: ForkServerProcess, kill: KillPoint | None, logins: int) -> bool:
        """Wait until a process is to die; return whether it did so by itself."""
        if kill is not None or self._chance.random() < 0.9:  # now and then it dies before it is ready
            await _until(process, lambda: self._rest.counts.requests["login"] >= logins + 2, START_LIMIT)
        seconds = POINT_LIMIT if kill else self._chance.uniform(*self._plan.life)
        await _until(process, lambda: False, seconds)
        if process.exitcode != -signal.SIGKILL:
            self._still(process)
        return process.exitcode is not None

    async def _outage(self) -> None:
        """Wait before the restart: mostly not at all, now and then until Discord has forgotten every nonce."""
        if self._chance.random() < self._plan.long_outages:
            self.long_outages += 1
            await asyncio.sleep(self._plan.nonce_window * self._chance.uniform(1.05, 1.3))

    async def _born(self, kill: KillPoint | None) -> ForkServerProcess:
        life = replace(self._life, kill=kill)
        process = self._processes.Process(target=worker.live, args=(life,), daemon=True)
        await asyncio.to_thread(process.start)
        return process

    def _still(self, process: ForkServerProcess) -> None:
        if process.exitcode is not None:
            told = self._life.log.read_text().splitlines()[-12:]
            raise ProofError("\n".join([f"The process ended by itself, with {process.exitcode}:", *told]))


def nursery() -> ForkServerContext:
    """Return where processes come from: forks of one that has only imported the program, which takes a second each."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.proof.worker"])
    return context


async def _until(process: ForkServerProcess, come: Callable[[], bool], seconds: float) -> None:
    """Wait until the moment has come, the process has ended, or the time is up."""
    end = monotonic() + seconds
    # Another process sets no event of ours.
    while not come() and process.exitcode is None and monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def ended(process: ForkServerProcess) -> None:
    """Kill a process if it still lives, and let go of it."""
    process.kill()
    await asyncio.to_thread(process.join)
    process.close()


def counted(protocol: str, expected: set[str], ledger: Mapping[str, Row], rest: DiscordRest) -> Tally:
    """Compare the three books."""
    tally = Tally(protocol, planned=len(expected), faults=rest.counts.faults, repeated=rest.counts.repeated)
    arrived = rest.message_ids()
    for key in sorted(expected | ledger.keys() | arrived.keys()):
        row, ids = ledger.get(key), arrived.get(key, set[int]())
        refused = row is not None and row.reason is not None and row.state in {NudgeState.HELD, NudgeState.SKIPPED}
        doubled, lost, untrue = len(ids) > 1, not (ids or refused), key not in expected or not _true(row, ids)
        tally.arrived += bool(ids)
        tally.doubled += doubled
        tally.lost += lost
        tally.untrue += untrue
        if row is not None and refused and not ids:
            tally.held += row.state is NudgeState.HELD
            tally.skipped += row.state is NudgeState.SKIPPED
            tally.reasons[str(row.reason)] += 1
        if doubled or lost or untrue:
            said = f"{row.state} {row.reason or ''}".strip() if row else "no row"
            tally.wrong.append(f"{key}: {said}, received {len(ids)} times")
    return tally


def _true(row: Row | None, ids: set[int]) -> bool:
    """Return whether the ledger says what happened."""
    if row is None:
        return False
    return row.message_id in ids if row.state is NudgeState.SENT else not ids
