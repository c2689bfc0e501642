"""The few shapes all cards are made of."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import discord

from bot.coaching.ids import UserId
from bot.coaching.texts import unbroken
from bot.coaching.weeks import DAY_NAMES
from cogs.routes import custom_id

Block: TypeAlias = "str | discord.ui.Item[Any] | Sequence[discord.ui.Button[Any]]"

GREY = discord.ButtonStyle.secondary
BLUE = discord.ButtonStyle.primary
GREEN = discord.ButtonStyle.success
RED = discord.ButtonStyle.danger
ACCENT = 0x3B7A78
TEXT_LIMIT = 4000
OPTION_LIMIT = 100


def card(*blocks: Block) -> discord.ui.LayoutView:
    """Return a card: texts, sections, buttons and selects in one frame; stopped, so that nothing of it is kept."""
    view = discord.ui.LayoutView(timeout=None)
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
    for block in blocks:
        if isinstance(block, str):
            container.add_item(_display(block))
        elif isinstance(block, discord.ui.Item):
            container.add_item(block)
        else:
            container.add_item(discord.ui.ActionRow(*block))
    view.add_item(container)
    view.stop()
    return view


def text_of(view: discord.ui.LayoutView) -> str:
    """Return all that a card says: its texts, then the labels of its buttons and menus in brackets."""
    items = list(view.walk_children())
    texts = [item.content for item in items if isinstance(item, discord.ui.TextDisplay)]
    labels = [f"[{item.label}]" for item in items if isinstance(item, discord.ui.Button)]
    menus = [f"[{item.placeholder}]" for item in items if isinstance(item, discord.ui.Select)]
    return "\n".join([*texts, " ".join([*labels, *menus])]).strip()


def button(
    label: str, route: str, owner: UserId, *args: object, style: discord.ButtonStyle = GREY
) -> discord.ui.Button[Any]:
    """Return a button that leads to a route."""
    return discord.ui.Button(label=label, style=style, custom_id=custom_id(route, owner, *args))


def section(text: str, accessory: discord.ui.Button[Any]) -> discord.ui.Section[Any]:
    """Return a line of text with a button beside it."""
    return discord.ui.Section(_display(text), accessory=accessory)


def _display(text: str) -> discord.ui.TextDisplay[Any]:
    return discord.ui.TextDisplay(unbroken(text))


def select(
    placeholder: str, route: str, owner: UserId, options: Sequence[discord.SelectOption], *args: object
) -> discord.ui.ActionRow[Any]:
    """Return a row with a select of at most 25 options that leads to a route."""
    chosen: discord.ui.Select[Any] = discord.ui.Select(
        placeholder=placeholder, options=list(options)[:25], custom_id=custom_id(route, owner, *args)
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


def modal(
    title: str, route: str, owner: UserId, labels: Sequence[discord.ui.Label[Any]], *args: object
) -> discord.ui.Modal:
    """Return a modal that leads to a route when sent; at most five labels."""
    made = discord.ui.Modal(title=title, custom_id=custom_id(route, owner, *args), timeout=None)
    for label in labels:
        made.add_item(label)
    made.stop()
    return made


def line(
    label: str,
    field: str,
    *,
    limit: int,
    default: str | None = None,
    hint: str | None = None,
    example: str | None = None,
    required: bool = True,
    long: bool = False,
) -> discord.ui.Label[Any]:
    """Return a text input of a modal."""
    return discord.ui.Label(
        text=label,
        description=hint,
        component=discord.ui.TextInput(
            custom_id=field,
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            default=default,
            placeholder=example,
            required=required,
            max_length=limit,
        ),
    )


def choice(
    label: str,
    field: str,
    options: Mapping[str, str],
    *,
    chosen: str | None = None,
    hint: str | None = None,
    required: bool = True,
) -> discord.ui.Label[Any]:
    """Return a select of a modal; `options` are labels by value."""
    return discord.ui.Label(
        text=label,
        description=hint,
        component=discord.ui.Select(
            custom_id=field,
            required=required,
            options=[option(text, value, default=value == chosen) for value, text in options.items()],
        ),
    )


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


def full_day(day: date) -> str:
    """Return a day with its year: Monday 23 November 2026."""
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
