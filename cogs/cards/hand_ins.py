"""The page of the lines that members handed in for a week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

import discord

from bot.coaching.course_plan import step_words
from bot.coaching.ids import UserId, WeekId
from bot.coaching.texts import plain
from bot.services.hand_ins import HandIns
from cogs.cards.shapes import Button, button, card, day_text, option, select, times
from storage.course_plan import HandIn

PAGE = 12
ROOM = 2800
"""Characters of lines, as they are shown, after which a page takes no more; the first one always fits."""
MOST_WEEKS = 25
SHOWN = "-"
"""Stands in a custom id in place of a seed while names are shown."""
RECORDED = "-# This look is recorded, and whoever wrote a line finds it under `/privacy seen`."
Names: TypeAlias = Mapping[UserId, str | None]


@dataclass(frozen=True, slots=True)
class HandInView:
    """Which part of the lines is shown; it travels in custom ids. `seed`: hides names and shuffles the lines."""

    page: int = 0
    seed: str = SHOWN

    @property
    def hidden(self) -> bool:
        """Return whether names are hidden."""
        return self.seed != SHOWN


def shuffled(lines: Sequence[HandIn], seed: str) -> list[HandIn]:
    """Return the lines in an order that does not tell who wrote them."""
    return sorted(lines, key=lambda one: blake2b(f"{seed}:{one.enrolment_id}".encode()).digest())


def page(value: HandIns, view: HandInView, names: Names, owner: UserId) -> discord.ui.LayoutView:
    """Show the lines of a week, by name or in the order of joining; without names while those are hidden."""
    week = value.week
    lines = [_line(one, names, hidden=view.hidden) for one in _ordered(value.lines, view, names)]
    pages = _pages(lines)
    at = min(view.page, len(pages) - 1)
    newest = [
        option(f"Week {number}: {one.theme}", str(one.id), default=one.id == week.id)
        for number, one in reversed(value.weeks)
    ][:MOST_WEEKS]
    count = times(len(lines), "line", "lines") if lines else "Nobody so far"
    step = f"{step_words(week.step)} · due {day_text(week.due_on)}"
    return card(
        f"## Handed in: week {value.number}, {plain(week.theme)}\n**{count}** · {plain(value.cohort.name)}\n-# {step}",
        select("Week", "handins.week", owner, newest, view.seed),
        "\n".join(pages[at]),
        [
            _turn("Back", week.id, HandInView(at - 1, view.seed), owner) if at else None,
            _turn("Next", week.id, HandInView(at + 1, view.seed), owner) if at + 1 < len(pages) else None,
            _turn("Show names", week.id, HandInView(), owner) if view.hidden else None,
            None if view.hidden or not lines else button("Hide names", "handins.hide", owner, week.id),
        ],
        f"-# Page {at + 1} of {len(pages)}.\n{RECORDED}" if len(pages) > 1 else RECORDED,
    )


def _ordered(lines: Sequence[HandIn], view: HandInView, names: Names) -> Sequence[HandIn]:
    if view.hidden:
        return shuffled(lines, view.seed)
    if not names:
        return lines
    return sorted(lines, key=lambda one: ((name := names.get(one.user_id)) is None, (name or "").casefold()))


def _line(one: HandIn, names: Names, *, hidden: bool) -> str:
    line = plain(one.line)
    if hidden:
        return f"• {line}"
    name = names.get(one.user_id)
    return f"**{plain(name) if name else f'<@{one.user_id}>'}**: {line}"


def _pages(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines by pages: twelve on each, or as many as have room."""
    pages: list[list[str]] = [[]]
    room = ROOM
    for line in lines:
        if pages[-1] and (len(pages[-1]) == PAGE or len(line) > room):
            pages.append([])
            room = ROOM
        pages[-1].append(line)
        room -= len(line) + 1
    return pages


def _turn(label: str, week_id: WeekId, view: HandInView, owner: UserId) -> Button:
    return button(label, "handins.show", owner, week_id, view.page, view.seed)
