"""Buttons, selects and modals without state: the custom id says what was pressed, who may press it, and on what.

discord.py would keep every view in memory to know what to call; ours are stopped before they are sent, so that nothing
is kept, and a card works after a restart, an hour or a year later. A custom id reads
`pln1:route:owner:argument:…`; owner 0 means anyone. The 1 is the version: it changes when old cards must not be obeyed.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

import discord

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import FileTooLarge, NotYourCard, OldCard
from bot.coaching.ids import CohortId, UserId
from bot.coaching.texts import checked_number
from cogs.checks import caller

PREFIX = "pln1"
AGAIN = "again."
"""Before a form's route: the route that opens the form again, from the same arguments."""
CUSTOM_ID_LIMIT = 100
ANYONE = UserId(0)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Click:
    """A pressed button, a choice in a select, or a sent modal.

    `args` come from the custom id, `values` from a select, `fields` from a modal by the ids of its inputs.
    """

    interaction: discord.Interaction
    caller: Caller
    args: tuple[str, ...]
    values: tuple[str, ...]
    fields: Mapping[str, str]

    @property
    def owner(self) -> UserId:
        """Return the account that pressed, the owner of whatever is shown next."""
        return self.caller.user_id

    def arg(self, read: Callable[[str], T], at: int = 0) -> T:
        """Return an argument of the custom id, read by `read`; raises OldCard if this version cannot read it."""
        return _read(self.args, at, read)

    def number(self, at: int = 0) -> int:
        """Return a row's number from the custom id; raises OldCard for what no row can have."""
        return self.arg(row_number, at)

    def chosen(self, read: Callable[[str], T], at: int = 0) -> T:
        """Read the choice in a select; raises OldCard if this version cannot read it."""
        return _read(self.values, at, read)

    def field(self, name: str) -> str:
        """Return the text of a form's field; raises OldCard when this is another form."""
        if name not in self.fields:
            raise OldCard
        return self.fields[name]

    def picked(self, name: str, read: Callable[[str], T]) -> T:
        """Read the choice in a form's menu; raises OldCard if this version cannot read it."""
        return _read((self.field(name),), 0, read)

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        """Read an optional field; None if it was left empty, raises OldCard if this version cannot read it."""
        text = self.fields.get(name, "").strip()
        return _read((text,), 0, read) if text else None

    async def file(self, name: str, most_bytes: int) -> bytes:
        """Fetch the file of a form's field; raises FileTooLarge, or OldCard when this is another form."""
        data: Mapping[str, Any] = self.interaction.data or {}  # pyright: ignore[reportAssignmentType]
        sent = data.get("resolved", {}).get("attachments", {}).get(self.field(name))
        if sent is None:
            raise OldCard
        if sent["size"] > most_bytes:
            raise FileTooLarge(-(-sent["size"] // 1024), most_bytes // 1024)
        return await self.interaction.client.http.get_from_cdn(sent["url"])

    def whole_number(self, name: str, what: str, low: int, high: int) -> int | None:
        """Read a number from an optional field; None if it was left empty, raises BadNumber with `what` in it."""
        text = self.fields.get(name, "").strip()
        return checked_number(what, text, low, high) if text else None


Card: TypeAlias = discord.ui.LayoutView
Form: TypeAlias = discord.ui.Modal
Handler: TypeAlias = Callable[[Click], Awaitable[Card | Form | None]]
"""Returns what to show; None if it has answered itself."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a custom id leads to, and whom it is for."""

    audience: Audience
    handler: Handler


def custom_id(route: str, owner: UserId, *args: object) -> str:
    """Return the custom id for a route; raises ValueError when it would not fit Discord's 100 characters."""
    made = ":".join([PREFIX, route, str(owner), *map(str, args)])
    if len(made) > CUSTOM_ID_LIMIT:
        message = f"custom id too long: {made}"
        raise ValueError(message)
    return made


def parsed(made: str) -> tuple[str, UserId, tuple[str, ...]]:
    """Return route, owner and arguments of a custom id; raises OldCard for anything else."""
    prefix, *parts = made.split(":")
    if prefix != PREFIX or len(parts) < 2 or not parts[1].isdecimal():
        raise OldCard
    return parts[0], UserId(int(parts[1])), tuple(parts[2:])


def again_id(form_id: str) -> str:
    """Return the custom id that opens a form again, given the form's own."""
    prefix, _, rest = form_id.partition(":")
    return f"{prefix}:{AGAIN}{rest}"


def form_id_of(made: str) -> str | None:
    """Return the custom id of the form that this one opens again; None for any other."""
    prefix, _, rest = made.partition(":")
    return f"{prefix}:{rest.removeprefix(AGAIN)}" if rest.startswith(AGAIN) else None


def sent_id(interaction: discord.Interaction) -> str:
    """Return the custom id of what was pressed or sent; empty for a command."""
    data: Mapping[str, Any] = interaction.data or {}  # pyright: ignore[reportAssignmentType]
    return str(data.get("custom_id", ""))


def row_number(text: str) -> int:
    """Return a row's number as a database can have it; raises ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) < 2**63):
        raise ValueError(text)
    return int(text)


def weekday(text: str) -> int:
    """Return the day of the week, 0 (Monday) to 6; raises ValueError for anything else."""
    return range(7).index(int(text))


async def dispatch(interaction: discord.Interaction, routes: Mapping[str, Route]) -> Card | Form | None:
    """Call what the interaction's custom id leads to, and return what it shows.

    Raises OldCard, NotYourCard or what the handler refuses.
    """
    data: Mapping[str, Any] = interaction.data or {}  # pyright: ignore[reportAssignmentType]
    name, owner, args = parsed(sent_id(interaction))
    if owner not in {ANYONE, interaction.user.id}:
        raise NotYourCard
    route = routes.get(name)
    if route is None:
        raise OldCard
    who = replace(caller(interaction, route.audience), meant=_course_of_nudge(name, args))
    click = Click(interaction, who, args, tuple(data.get("values", ())), modal_fields(interaction))
    return await route.handler(click)


def _course_of_nudge(name: str, args: Sequence[str]) -> CohortId | None:
    """Return the course of the nudge whose button was pressed; None for any other card."""
    if not name.startswith("nudge.") or len(args) != 3:
        return None
    try:
        return CohortId(row_number(args[0]))
    except ValueError:  # no card of ours: whoever reads the argument says so
        return None


def _read(texts: Sequence[str], at: int, read: Callable[[str], T]) -> T:
    try:
        return read(texts[at])
    except (ValueError, LookupError) as error:
        raise OldCard from error


def modal_fields(interaction: discord.Interaction) -> dict[str, str]:
    """Return the texts and choices of a sent form by field; empty for any other interaction."""
    return {made["custom_id"]: made.get("value") or ",".join(made.get("values", ())) for made in _inputs(interaction)}


def modal_texts(interaction: discord.Interaction) -> list[str]:
    """Return the typed texts of a sent form, without choices; empty for any other interaction."""
    typed = discord.ComponentType.text_input.value
    return [made["value"] for made in _inputs(interaction) if made.get("value") and made.get("type") == typed]


def _inputs(interaction: discord.Interaction) -> list[Mapping[str, Any]]:
    if interaction.type is not discord.InteractionType.modal_submit:
        return []
    data: Mapping[str, Any] = interaction.data or {}  # pyright: ignore[reportAssignmentType]
    inputs = [label.get("component", {}) for label in data.get("components", [])]
    return [made for made in inputs if "custom_id" in made]
