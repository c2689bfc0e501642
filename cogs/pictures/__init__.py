"""Pictures for Discord: a chart is a value, drawn as a PNG and said in words for whoever cannot see it.

`me.py` and `cohort.py` make the charts, `canvas.py` draws them.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

from bot.coaching.momentum import TermWeek
from bot.coaching.texts import unbroken
from cogs.cards.shapes import cut

ALTERNATIVE_LIMIT = 1024
"""Most characters of the description of a picture: Discord's limit."""
AT_ONCE = 2
"""Most pictures drawn at the same time; a class that presses *Picture* at once waits its turn."""
WEEK_WORDS = {
    TermWeek.ACTIVE: "active",
    TermWeek.QUIET: "quiet",
    TermWeek.REST: "break or pause",
    TermWeek.AHEAD: "to come",
    TermWeek.BEFORE: "before you joined",
}
"""The legend of the weeks, in its order."""

# A pool of their own: in asyncio's, forty pictures would keep everything else waiting that needs a thread.
_threads = ThreadPoolExecutor(AT_ONCE, "picture")


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar beside its label.

    Attributes:
        words: The count in words, at the right end.
        done: How much of `whole` is filled; None draws no bar, because the words alone may be told.
    """

    label: str
    words: str
    done: int | None
    whole: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a chart under a heading; it shows what is given, in this order.

    Attributes:
        note: A remark at the right end of the heading.
        weeks: What each week of the term was, marks in a row.
        week: The number of the running week, which is framed; any other number frames none.
        text: A sentence.
        checks: Labels and whether each is ticked.
    """

    heading: str = ""
    note: str = ""
    weeks: Sequence[TermWeek] = ()
    week: int = 0
    text: str = ""
    bars: Sequence[Bar] = ()
    checks: Sequence[tuple[str, bool]] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a picture shows, from top to bottom."""

    title: str
    when: str
    panels: Sequence[Panel]
    foot: str = ""


async def png(chart: Chart) -> bytes:
    """Draw a chart, 1200 pixels wide, beside the event loop; what the font lacks is left out and is in `in_words`."""

    def draw() -> bytes:
        from cogs.pictures import canvas  # noqa: PLC0415 - Pillow is not needed to start

        return canvas.png(chart)

    return await asyncio.get_running_loop().run_in_executor(_threads, draw)


def in_words(chart: Chart) -> str:
    """Say all that a chart shows, in at most 1024 characters; long labels are shortened before anything is left out."""
    for longest in (120, 60, 40, 24, 12):
        said = [f"{cut(chart.title, longest)}: {chart.when[:1].lower()}{chart.when[1:]}."]
        said += [_panel_words(panel, longest) for panel in chart.panels]
        text = unbroken(" ".join([*said, chart.foot]).strip())
        if len(text) <= ALTERNATIVE_LIMIT:
            break
    return cut(text, ALTERNATIVE_LIMIT)


def _panel_words(panel: Panel, longest: int) -> str:
    said = [
        f"{words} {_ranges([number for number, week in enumerate(panel.weeks, 1) if week is state])}"
        for state, words in WEEK_WORDS.items()
        if state in panel.weeks
    ]
    if panel.text:
        said.append(cut(panel.text, longest).removesuffix("."))
    said += [f"{cut(bar.label, longest)}: {bar.words}" if bar.label else bar.words for bar in panel.bars]
    for words, state in (("known", True), ("still open", False)):
        if labels := [cut(label, longest) for label, ticked in panel.checks if ticked is state]:
            said.append(f"{words}: {', '.join(labels)}")
    note = f" ({panel.note})" if panel.note else ""
    heading = f"{panel.heading}{note}: " if panel.heading else ""
    return f"{heading}{'; '.join(said)}."


def _ranges(numbers: Sequence[int]) -> str:
    """Join rising numbers, neighbours drawn together: 1–3, 6."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
