"""The few shapes that all cards and forms are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import discord

from bot.coaching.ids import UserId
from bot.coaching.texts import unbroken
from bot.coaching.weeks import DAY_NAMES
from cogs.routes import custom_id

Button: TypeAlias = discord.ui.Button[Any]
Block: TypeAlias = str | discord.ui.Item[Any] | Sequence[Button | None] | None
T = TypeVar("T")

GREY = discord.ButtonStyle.secondary
BLUE = discord.ButtonStyle.primary
GREEN = discord.ButtonStyle.success
RED = discord.ButtonStyle.danger
ACCENT = 0x3B7A78
TEXT_LIMIT = 4000
OPTION_LIMIT = 100


def card(*blocks: Block) -> discord.ui.LayoutView:
    """Return a card: texts, sections, menus and rows of buttons in one frame.

    A block that is None or empty is left out, and so is a button that is None. The view is stopped, so that discord.py
    keeps nothing of it.
    """
    view = discord.ui.LayoutView(timeout=None)
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
    for block in blocks:
        if isinstance(block, discord.ui.Item):
            container.add_item(block)
        elif isinstance(block, str):
            if block:
                container.add_item(_display(block))
        elif buttons := [one for one in block or () if one is not None]:
            container.add_item(discord.ui.ActionRow(*buttons))
    view.add_item(container)
    view.stop()
    return view


def text_of(view: discord.ui.LayoutView) -> str:
    """Return the text of a card, then the labels of its buttons and menus in brackets."""
    items = list(view.walk_children())
    texts = [item.content for item in items if isinstance(item, discord.ui.TextDisplay)]
    labels = [f"[{item.label}]" for item in items if isinstance(item, discord.ui.Button)]
    menus = [f"[{item.placeholder}]" for item in items if isinstance(item, discord.ui.Select)]
    return "\n".join([*texts, " ".join([*labels, *menus])]).strip()


def button(label: str, route: str, owner: UserId, *args: object, style: discord.ButtonStyle = GREY) -> Button:
    """Return a button that leads to a route."""
    return discord.ui.Button(label=label, style=style, custom_id=custom_id(route, owner, *args))


def section(text: str, accessory: Button) -> discord.ui.Section[Any]:
    """Return a line of text with a button beside it."""
    return discord.ui.Section(_display(text), accessory=accessory)


def _display(text: str) -> discord.ui.TextDisplay[Any]:
    return discord.ui.TextDisplay(unbroken(text))


def select(
    placeholder: str,
    route: str,
    owner: UserId,
    options: Sequence[discord.SelectOption],
    *args: object,
    several: bool = False,
) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of at most 25 options that leads to a route; with `several`, of none to all."""
    offered = list(options)[:25]
    chosen: discord.ui.Select[Any] = discord.ui.Select(
        placeholder=placeholder,
        options=offered,
        min_values=0 if several else 1,
        max_values=len(offered) if several else 1,
        custom_id=custom_id(route, owner, *args),
    )
    return discord.ui.ActionRow(chosen)


def roles(placeholder: str, route: str, owner: UserId, chosen: Sequence[int], most: int) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of none to `most` of the server's roles, that leads to a route."""
    select: discord.ui.RoleSelect[Any] = discord.ui.RoleSelect(
        placeholder=placeholder,
        min_values=0,
        max_values=most,
        default_values=[discord.Object(role, type=discord.Role) for role in chosen],
        custom_id=custom_id(route, owner),
    )
    return discord.ui.ActionRow(select)


def option(label: str, value: str, *, description: str | None = None, default: bool = False) -> discord.SelectOption:
    """Return a select option, its texts cut to what Discord shows."""
    return discord.SelectOption(
        label=cut(label, OPTION_LIMIT),
        value=value,
        description=description and cut(description, OPTION_LIMIT),
        default=default,
    )


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a form.

    Attributes:
        id: The name by which a cog reads it back.
        takes: The most characters of a text, or the labels of a menu by value.
        long: Several lines of text.
        open: All choices are in sight, so that one tap chooses; at most ten, and an answer cannot be taken back.
        example: Shown in grey while nothing is written.
    """

    id: str
    label: str
    takes: int | Mapping[Any, str]
    optional: bool = False
    long: bool = False
    open: bool = False
    hint: str | None = None
    example: str | None = None


def form(
    title: str,
    route: str,
    owner: UserId,
    fields: Sequence[Field],
    *args: object,
    filled: Mapping[str, object] | None = None,
    below: str | None = None,
) -> discord.ui.Modal:
    """Return a modal of one to five fields that leads to a route when sent.

    Args:
        filled: What fields hold already, by their ids; None and no entry leave one empty.
        below: A text under the fields, which takes the place of one of them.
    """
    made = discord.ui.Modal(title=title, custom_id=custom_id(route, owner, *args), timeout=None)
    for field in fields:
        component = _input(field, (filled or {}).get(field.id))
        made.add_item(discord.ui.Label(text=field.label, description=field.hint, component=component))
    if below:
        made.add_item(_display(below))
    made.stop()
    return made


def _input(field: Field, value: object) -> discord.ui.Item[Any]:
    if isinstance(field.takes, int):
        return discord.ui.TextInput(
            custom_id=field.id,
            style=discord.TextStyle.paragraph if field.long else discord.TextStyle.short,
            default=None if value is None else str(value),
            placeholder=field.example,
            required=not field.optional,
            max_length=field.takes,
        )
    options = [(cut(label, OPTION_LIMIT), str(one), str(one) == str(value)) for one, label in field.takes.items()]
    if field.open:
        buttons = [discord.RadioGroupOption(label=label, value=one, default=on) for label, one, on in options]
        return discord.ui.RadioGroup(custom_id=field.id, required=not field.optional, options=buttons)
    return discord.ui.Select(
        custom_id=field.id,
        required=not field.optional,
        options=[option(label, one, default=on) for label, one, on in options],
    )


def facts(*pairs: tuple[str, str | None]) -> str:
    """Return one line for each pair of label and value, without pairs that have no value."""
    return "\n".join(f"**{label}**: {value}" for label, value in pairs if value)


def not_for_grading(steps_count: bool | None) -> str:
    """Say that what is shown is no grade; where weekly steps count toward the course, beside them."""
    return "Apart from weekly steps, not for grading." if steps_count else "Not for grading."


def copyable(text: str) -> str:
    """Return a text in a block that Discord lets people copy with one tap."""
    unfenced = text.replace("```", "'''")
    return f"```\n{unfenced}\n```"


def page_of(rows: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """Return the rows of a page, its number and the last one's; of a page that is not there, the nearest one's."""
    last = max(0, (len(rows) - 1) // size)
    page = max(0, min(page, last))
    return rows[page * size : (page + 1) * size], page, last


def cut(text: str, limit: int) -> str:
    """Return the text, shortened with an ellipsis if it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def bar(part: int, whole: int, width: int = 8) -> str:
    """Return a small bar of blocks; full only when all is done, empty only when nothing is."""
    filled = 0 if part == 0 or whole == 0 else max(1, part * width // whole)
    return "▰" * filled + "▱" * (width - filled)


def day_text(day: date) -> str:
    """Return a day in words: Monday 23 November."""
    return f"{DAY_NAMES[day.weekday()]} {day.day} {day:%B}"


def dated_text(day: date) -> str:
    """Return a day with its year in words: Monday 23 November 2026."""
    return f"{day_text(day)} {day.year}"


def moment_text(at: datetime, zone: str) -> str:
    """Return a moment on a wall clock: Monday 23 November, 16:05."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day_text(local.date())}, {local:%H:%M}"


def hour_text(hour: int) -> str:
    """Return an hour of the day: 16:00."""
    return f"{hour:02d}:00"


def times(count: int, one: str, many: str) -> str:
    """Return a count with its noun: 1 item, 2 items."""
    return f"{count} {one if count == 1 else many}"
