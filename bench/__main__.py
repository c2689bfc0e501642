"""What the product costs, each figure beside its floor in the same run: `python -m bench [NAME …] [--json FILE]`.

A floor is what the same machine needs for the same thing without us: `/help` in the same process, a bare bot of
discord.py. CPU is that of the measured process in all its threads. It runs on Linux.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from bench import scale
from bench.process import OWNER, Measured, buttons, click, command, idle_guild, running
from bench.seed import seed
from bot.coaching.bios import BIO_LIMIT
from bot.critique.checks import review
from cogs.pictures import Bar, Chart, Panel, canvas
from prompts import load_content
from storage import tables
from storage.database import open_database
from storage.schema import migrate
from tests.delivery.discord_rest import CHANNEL_OFFSET, DiscordRest, Weather

MIX = {"/help": 2, "/log": 4, "/me": 2, "/footprint": 2, "footprint button": 4, "/week": 2, "/cohort overview": 1}
"""How often each comes in a mix, by a guess at an hour after a lecture."""


SETTLED = 4
"""Seconds after which a start's own work is over: discord.py waits for servers, and the first tick runs."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside its floor.

    `bar` is the most that their ratio may be, or the value where there is no floor; with `at_least`, the least.
    """

    what: str
    value: float
    unit: str
    floor: float | None = None
    bar: float | None = None
    at_least: bool = False
    more: str = ""

    @property
    def ratio(self) -> float | None:
        """Return how many times the floor it is."""
        return self.value / self.floor if self.floor else None

    def __str__(self) -> str:
        """Return it as a line of the table."""
        floor = f"{self.floor:>9.2f}" if self.floor is not None else " " * 9
        ratio = f"{self.ratio:>6.2f} x" if self.ratio is not None else " " * 8
        sign = ">=" if self.at_least else "<="
        bar = f"{sign} {self.bar:g}" if self.bar is not None else ""
        return f"{self.what:<44}{self.value:>10.2f} {self.unit:<5}{floor}{ratio}  {bar:<8}{self.more}"


async def commands(quick: bool) -> list[Figure]:  # noqa: FBT001 - a switch of the command line
    """Measure each command in a member's term of 60 log entries, and of 500; and the mix beside a bare bot's ping."""
    figures: list[Figure] = []
    for entries in (60,) if quick else (60, 500):
        with tempfile.TemporaryDirectory() as folder:
            await _seeded(Path(folder), entries=entries)
            rest = DiscordRest(Weather())
            async with running(Path(folder), rest, "run") as bot:
                await rest.send("GUILD_CREATE", idle_guild())
                # Until discord.py has seen all servers, and the first tick is over.
                await asyncio.sleep(0.5 if quick else SETTLED)
                figures += await _commands(bot, entries, 20 if quick else 200)
    ping = await _ping(quick)
    costs = {one.what.partition(",")[0]: one.value for one in figures if one.what.endswith(", 60 entries")}
    mix = 1000 * sum(MIX.values()) / sum(costs[name] * times for name, times in MIX.items())
    return [*figures, Figure("mix, commands a CPU-second", mix, "/s", 1000 / ping, 0.4, at_least=True)]


async def _commands(bot: Measured, entries: int, calls: int) -> list[Figure]:
    members = [700_001 + number for number in range(28)]
    _, shown = await bot.answer(command(members[0], "footprint"))
    item = next(one for one in buttons(shown) if one.startswith("pln1:footprint.item:"))
    _, opened = await bot.answer(click(members[0], item))
    answer = next(one for one in buttons(opened) if one.startswith("pln1:footprint.answer:"))
    lines: dict[str, tuple[Callable[[int], Mapping[str, object]], int, float | None]] = {
        "/log": (lambda who: command(who, "log", kind="note"), 1, 4),
        "/me": (lambda who: command(who, "me"), 1, 5),
        "/week": (lambda who: command(who, "week"), 1, None),
        "/footprint": (lambda who: command(who, "footprint"), 1, 3),
        "footprint button": (lambda who: click(who, answer.replace(str(members[0]), str(who))), 1, None),
        "/cohort overview": (lambda _: command(OWNER, "cohort overview"), 2, 3),
        "/cohort register": (lambda _: command(OWNER, "cohort register"), 1, None),
    }
    floor = await bot.cost([command(members[n % 28], "help") for n in range(calls)])
    figures = [Figure(f"/help, {entries} entries", floor.cpu_ms, "ms", None, None, more=_latency(floor))]
    for name, (call, answers, bar) in lines.items():
        cost = await bot.cost([call(members[n % 28]) for n in range(calls)], answers)
        figures.append(Figure(f"{name}, {entries} entries", cost.cpu_ms, "ms", floor.cpu_ms, bar, more=_latency(cost)))
    return figures


def _latency(cost: object) -> str:
    values = asdict(cost)  # pyright: ignore[reportArgumentType]
    return f"p50 {values['p50_ms']:.1f} ms, p99 {values['p99_ms']:.1f} ms"


async def _ping(quick: bool) -> float:  # noqa: FBT001 - as above
    rest = DiscordRest(Weather())
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder), rest, "bare") as bot:
            await asyncio.sleep(0.5 if quick else SETTLED)
            return (await bot.cost([command(1, "ping") for _ in range(20 if quick else 300)])).cpu_ms


async def start(quick: bool) -> list[Figure]:  # noqa: FBT001 - as above
    """Measure start to connected and memory then, beside a bare bot."""
    costs: dict[str, list[tuple[float, float]]] = {"bare": [], "run": []}
    for _ in range(1 if quick else 3):
        for kind, measured in costs.items():
            with tempfile.TemporaryDirectory() as folder:
                if kind == "run":
                    await _seeded(Path(folder), entries=1)
                rest = DiscordRest(Weather())
                async with running(Path(folder), rest, kind) as bot:
                    await asyncio.sleep(1)
                    measured.append((bot.cpu, bot.megabytes))
    cpu, memory = ([sorted(one[at] for one in costs[kind])[len(costs[kind]) // 2] for kind in costs] for at in (0, 1))
    return [
        Figure("start to connected, CPU", cpu[1], "s", cpu[0], 2.5),
        Figure("memory when connected", memory[1], "MiB", memory[0], 1.8),
    ]


async def nudges(quick: bool) -> list[Figure]:  # noqa: FBT001 - as above
    """Measure a round of notes that are due at once, at 45 a second and with the pace off."""
    size = 40 if quick else 1000
    figures: list[Figure] = []
    for pace in ("45", "off"):
        with tempfile.TemporaryDirectory() as folder:
            await _seeded(Path(folder), size=size, entries=3, due=True)
            rest = DiscordRest(Weather())
            rest.unlimited = True
            settings = {"NUDGE_PACE": "45", "HEARTBEAT_SECONDS": "1"} | ({"NO_PACE": "1"} if pace == "off" else {})
            async with running(Path(folder), rest, "run", "--nudges-only", **settings) as bot:
                async with asyncio.timeout(300):
                    while not rest.messages:  # noqa: ASYNC110 - another process
                        await asyncio.sleep(0.01)
                    began, cpu, sent = asyncio.get_running_loop().time(), bot.cpu, len(rest.messages)
                    while len(rest.messages) < size:  # noqa: ASYNC110 - as above
                        await asyncio.sleep(0.01)
                seconds = asyncio.get_running_loop().time() - began
                each = (bot.cpu - cpu) * 1000 / max(size - sent, 1)
            more = f"{(size - sent) / seconds:.0f} a second"
            figures.append(Figure(f"a note of {size} due, pace {pace}, CPU", each, "ms", None, 3, more=more))
    return figures


async def _seeded(folder: Path, *, size: int = 28, entries: int, due: bool = False) -> None:
    with closing(open_database(f"sqlite:///{folder / 'data' / 'coach.db'}", durable=False)) as database:
        migrate(database.engine)
        await seed(database, size, entries)
        if due:
            now = datetime.now(UTC)
            # Where it is noon, so that nobody's quiet hours hold a note.
            zone = f"Etc/GMT{now.hour - 12:+d}"
            with database.engine.begin() as tx:
                week = now.date() - timedelta(days=now.weekday())
                planned = {"next_nudge_at": now - timedelta(minutes=1), "next_nudge_week": week, "zone": zone}
                tx.execute(tables.enrolment.update().values(**planned))
                tx.execute(tables.account.update().values(dm_channel_id=tables.account.c.user_id + CHANNEL_OFFSET))


async def scaled(quick: bool) -> list[Figure]:  # noqa: FBT001 - as above
    """Measure what is due, the overview and a register page in ever larger databases, on SQLite and PostgreSQL."""
    sizes = [1_000] if quick else [1_000, 100_000]
    return [Figure(what, value, "ms") for what, value in (await scale.timings(sizes)).items()]


async def alone(quick: bool) -> list[Figure]:  # noqa: FBT001 - as above
    """Measure the picture of a class and the check of a bio, in this process."""
    chart = Chart("Bench", "week 5", [Panel("Goals", bars=[Bar("Has one", "12 of 28", 12, 28)] * 6)])
    content = load_content()
    place = content.rubric.places["linkedin_about"]
    text = "Marine biologist in Leeds. I write about kelp farms and what the tides leave behind. " * 4
    work: dict[str, Callable[[], object]] = {
        "a picture, drawn": lambda: canvas.png(chart),
        "a bio of 340 characters, checked": lambda: review(text, place, BIO_LIMIT, content.rubric, content.crisis),
    }
    figures: list[Figure] = []
    for what, once in work.items():
        once()
        began, times = process_time(), 3 if quick else 30
        for _ in range(times):
            once()
        figures.append(Figure(what, (process_time() - began) * 1000 / times, "ms"))
    return figures


MEASUREMENTS: Mapping[str, Callable[[bool], Awaitable[list[Figure]]]] = {
    "commands": commands,
    "start": start,
    "nudges": nudges,
    "scale": scaled,
    "alone": alone,
}


async def main() -> None:
    """Measure what is asked for, print the table, and keep it as JSON on wish."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}; without one, all")
    parser.add_argument("--quick", action="store_true", help="few calls: whether it runs, not what it costs")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    chosen = parser.parse_args()
    figures: list[Figure] = []
    print(f"{'':<44}{'measured':>10}      {'floor':>9}{'ratio':>8}  bar")
    for name in chosen.names or MEASUREMENTS:
        for figure in await MEASUREMENTS[name](chosen.quick):
            print(figure, flush=True)
            figures.append(figure)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(one) | {"ratio": one.ratio} for one in figures], indent=1))


if __name__ == "__main__":
    asyncio.run(main())
