"""One run: a bot process beside a failing Discord, killed again and again, and then the books compared.

Three books are kept by three parties that do not know of each other: what was planned (the course), what every member
received (the stand-in), and what the ledger says. Only when they agree is the promise kept. Nothing is given up because
seconds pass, which say nothing on a busy machine: patience is counted in rounds that came to their end.
"""

import asyncio
import ctypes
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

from bot.coaching.nudges import NudgeKind, NudgeState
from storage.database import open_database
from storage.schema import migrate
from tests.delivery import naive
from tests.delivery.course import FIRST_USER, Course, Row
from tests.delivery.discord_rest import CHANNEL_OFFSET, DiscordRest, Fault, Weather
from tests.delivery.worker import OURS, POINTS, SHORTENED, KillPoint, Life, live

FIRST_CHANNEL = FIRST_USER + CHANNEL_OFFSET
ROUNDS_TO_A_POINT = 40
"""Rounds within which a named point has to be passed; after that the kill is one at random."""
PATIENCE = 600
"""Rounds without one more nudge at its end, after the last kill: what is open then counts as lost."""
HUNG = 600
"""Seconds without a single round: the process hangs."""


class ProofError(Exception):
    """The proof itself cannot go on; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard a run is.

    Attributes:
        kills: How many, of a class of how many `members`.
        faults: Share of requests that fail.
        long_outages: Share of restarts that come later than the nonce is remembered.
        life: The shortest and longest time, in seconds after logging in, at which a random kill comes.
        points: The named points, taken in turn; `named`: their share of the kills.
        nonce_window: How long the stand-in remembers a nonce, in seconds; longer than `nonce_trusted` plus `send_limit`
            by about the margin that the product has against Discord's minutes.
        scripts: The faults that the messages to each of the first members meet, one after the other.
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
    """What came of a run; every nudge planned is in exactly one of arrived, held, skipped and lost.

    Attributes:
        posts: Posts in courses' channels that were planned, and that arrived; the other counts hold them too.
        untrue: Rows that say something else than what happened: sent under another id, or held though it arrived.
        wrong: What is lost, doubled or untrue, in words.
        repeated: Second tries that the nonce memory stopped.
    """

    protocol: str
    kills: Counter[str] = field(default_factory=Counter[str])
    planned: int = 0
    arrived: int = 0
    held: int = 0
    skipped: int = 0
    lost: int = 0
    doubled: int = 0
    posts: tuple[int, int] = (0, 0)
    untrue: int = 0
    wrong: list[str] = field(default_factory=list[str])
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
    ProofError when the process ends by itself or hangs.
    """
    began, log = monotonic(), folder / f"{protocol}.log"
    log.touch()
    database = open_database(database_url)
    slow = SHORTENED.send_limit.total_seconds() * 1.5
    weather = Weather(plan.seed, plan.faults, plan.nonce_window, slow, 0.2, latency=(0.002, 0.03))
    rest = DiscordRest(replace(weather, retry_after=(0.05, 1.0)))  # some longer than the send limit
    try:
        migrate(database.engine)  # not on a thread: Alembic knows one migration at a time in a process
        course = Course(database, plan.seed, posts=6 if protocol == OURS and plan.kills else 0)
        async with rest.serving() as url:
            torture = _Torture(Life(protocol, database_url, url, log, counter()), plan, rest)
            await course.start(plan.members)
            rest.scripts = {FIRST_CHANNEL + member: deque(faults) for member, faults in enumerate(plan.scripts)}
            await course.plan_week(seconds=1.5)
            await torture.kill_often(course, progress)
            await torture.finish(course)
            await rest.settled()
        tally = counted(protocol, await course.expected(), await course.ledger(), rest)
    finally:
        database.close()
    tally.kills, tally.long_outages, tally.seconds = torture.kills, torture.long_outages, monotonic() - began
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
        points = [point for point in plan.points if life.protocol == OURS or point.startswith(naive.STEPS)]
        self._points = cycle(points)

    async def kill_often(self, course: Course, progress: Callable[[], None]) -> None:
        """Kill as often as planned, at named points and at random moments in turn; work never runs out."""
        while self.kills.total() < self._plan.kills:
            kill = self._next_kill()
            # With fewer open than members the next week is planned: something is always in flight.
            if await course.open() < self._plan.members:
                await course.plan_week(seconds=1.5, newcomers=2)
            elif kill is not None and kill.point.startswith("plan"):
                await course.plan_week(seconds=0.3, newcomers=2, share=0.5)
            by_itself = await self._live_and_die(kill)
            self.kills[kill.point if kill and by_itself else "at random"] += 1
            progress()
            # Mostly no outage at all, now and then one until Discord has forgotten every nonce.
            if self._chance.random() < self._plan.long_outages:
                self.long_outages += 1
                await asyncio.sleep(self._plan.nonce_window * self._chance.uniform(1.05, 1.3))

    async def finish(self, course: Course) -> None:
        """Let one last process bring everything to an end, however slow the machine, as long as it gets on."""
        process = born(self._life)
        fewest, since = await course.open(), self._rounds
        heard, at = self._rounds, monotonic()
        try:
            while fewest and self._rounds - since < PATIENCE:
                self._still(process)
                await asyncio.sleep(0.1)
                if (left := await course.open()) < fewest:
                    fewest, since = left, self._rounds
                if self._rounds != heard:
                    heard, at = self._rounds, monotonic()
                elif monotonic() - at > HUNG:
                    raise ProofError(f"No round came to its end for {HUNG} s.")
        finally:
            await ended(process)

    @property
    def _rounds(self) -> int:
        return self._life.rounds.value

    def _next_kill(self) -> KillPoint | None:
        """Return the next named point, all of them in turn, at one of its first passes; None for a random moment."""
        before, now = (int(count * self._plan.named) for count in (self.kills.total(), self.kills.total() + 1))
        if before == now:
            return None
        point = next(self._points)
        rare = point.startswith(("plan", "claim"))
        return KillPoint(point, 1 if rare else self._chance.randint(1, 8))

    async def _live_and_die(self, kill: KillPoint | None) -> bool:
        """Let one process live until its end at a named point, or for a random time; True if it ended by itself."""
        logins = self._rest.counts.requests["login"] + 2
        process = born(replace(self._life, kill=kill))
        try:
            if kill is not None or self._chance.random() < 0.9:  # now and then it dies before it is ready
                await _until(process, lambda: self._rest.counts.requests["login"] >= logins)
            since, end = self._rounds, monotonic() + self._chance.uniform(*self._plan.life)
            await _until(
                process, lambda: self._rounds - since >= ROUNDS_TO_A_POINT if kill is not None else monotonic() >= end
            )
            if process.exitcode != -signal.SIGKILL:
                self._still(process)
            return process.exitcode is not None
        finally:
            await ended(process)

    def _still(self, process: ForkServerProcess) -> None:
        if process.exitcode is not None:
            told = self._life.log.read_text().splitlines()[-12:]
            raise ProofError("\n".join([f"The process ended by itself, with {process.exitcode}:", *told]))


def _nursery() -> ForkServerContext:
    """Return where processes come from: forks of one that has only imported the program, which takes a second each."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.delivery.harness"])
    return context


def counter() -> ctypes.c_ulong:
    """Return a number in memory that all processes share; without a lock, which a killed one would keep."""
    return _nursery().RawValue(ctypes.c_ulong, 0)


def born(life: Life) -> ForkServerProcess:
    """Start a process."""
    process = _nursery().Process(target=live, args=(life,), daemon=True)
    # Not on a thread: starting one looks at how all others ended, and of two that look at once one is told 255.
    process.start()
    return process


async def _until(process: ForkServerProcess, come: Callable[[], bool]) -> None:
    """Wait until the moment has come or the process has ended; raises ProofError when it hangs."""
    end = monotonic() + HUNG
    while not come() and process.exitcode is None:
        if monotonic() > end:
            raise ProofError(f"The process neither got on nor ended for {HUNG} s.")
        await asyncio.sleep(0.005)  # another process sets no event of ours


async def ended(process: ForkServerProcess) -> None:
    """Kill a process if it still lives, and let go of it."""
    process.kill()
    await asyncio.to_thread(process.join)
    process.close()


def counted(protocol: str, expected: set[str], ledger: Mapping[str, Row], rest: DiscordRest) -> Tally:
    """Compare the three books."""
    tally = Tally(protocol, planned=len(expected), faults=rest.counts.faults, repeated=rest.counts.repeated)
    arrived = rest.received()
    for key in sorted(expected | ledger.keys() | arrived.keys()):
        row, ids = ledger.get(key), arrived.get(key, [])
        refused = row is not None and row.reason is not None and row.state in {NudgeState.HELD, NudgeState.SKIPPED}
        doubled, lost, untrue = len(ids) > 1, not (ids or refused), key not in expected or not _true(row, ids)
        tally.arrived += bool(ids)
        tally.doubled += doubled
        tally.lost += lost
        tally.untrue += untrue
        if f":{NudgeKind.ANNOUNCEMENT}:" in key:
            tally.posts = tally.posts[0] + (key in expected), tally.posts[1] + bool(ids)
        if row is not None and refused and not ids:
            tally.held += row.state is NudgeState.HELD
            tally.skipped += row.state is NudgeState.SKIPPED
            tally.reasons[str(row.reason)] += 1
        if doubled or lost or untrue:
            said = f"{row.state} {row.reason or ''}".strip() if row else "no row"
            tally.wrong.append(f"{key}: {said}, received {len(ids)} times")
    return tally


def _true(row: Row | None, ids: Sequence[int]) -> bool:
    """Return whether the ledger says what happened."""
    if row is None:
        return False
    return row.message_id in ids if row.state is NudgeState.SENT else not ids
