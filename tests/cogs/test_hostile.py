"""Whatever a component or a form says, stale, forged or mixed up: it is answered or refused, and breaks nothing."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import discord
import pytest

from bot import app
from bot.coaching.cohort import Caller
from bot.coaching.errors import Refusal
from bot.coaching.ids import ChannelId, GuildId
from bot.config import Config
from cogs import replies
from cogs.routes import Click, Route
from prompts import Content
from storage import tables
from storage.database import Database
from tests.cogs.interactions import FakeInteraction
from tests.storage.course import ME, NOW, TERM, enrol

HUGE = "9" * 25
ARGUMENTS = ((), ("x",), ("1",), ("٣",), (HUGE,), ("1", "x", "x"), ("1", "weekly", "2027-03-01"))
CHOICES = ((), ("x",), ("1", "2"), (HUGE,))
TYPED = ("", "x" * 5000, "²", HUGE)
UNCONNECTED = {"privacy.clear"}
"""Asks Discord first of all, which is not there."""


class Everything(dict[str, str]):
    """A form that has every field there is, with the same in each."""

    def __init__(self, typed: str) -> None:
        super().__init__()
        self._typed = typed

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> str:
        return self._typed

    def get(self, name: str, default: Any = None) -> Any:
        return self._typed


def clicks(route: Route, guild_id: GuildId | None) -> Iterator[Click]:
    roles = frozenset({TERM.instructor_role_id}) if guild_id else frozenset[int]()
    dm = None if guild_id else ChannelId(5)
    who = Caller(ME, route.audience, guild_id, roles, manages_guild=guild_id is not None, dm_channel_id=dm)
    for args, chosen in product(ARGUMENTS, CHOICES):
        asked = FakeInteraction(discord.InteractionType.component, caller=who)
        yield Click(asked.real, who, args, chosen, {})
    for args, typed in product(ARGUMENTS[:3], TYPED):
        asked = FakeInteraction(discord.InteractionType.modal_submit, caller=who)
        yield Click(asked.real, who, args, (), Everything(typed))


@pytest.mark.parametrize(
    ("joined", "guild_id"), [(True, GuildId(1)), (True, None), (False, None)], ids=["member", "in a DM", "stranger"]
)
async def test_hostile_components_and_forms_are_answered_or_refused(
    sqlite_database: Database, tmp_path: Path, content: Content, joined: bool, guild_id: GuildId | None
) -> None:
    if joined:
        await sqlite_database.transact(lambda tx: enrol(tx, ME))
        await sqlite_database.transact(lambda tx: tx.execute(tables.cohort.update().values(register=True)))
    config = Config("token", f"sqlite:///{tmp_path / 'coach.db'}", None, "INFO", "text", 30, 1000, 0, 60)
    bot = app.build(config, sqlite_database, content, lambda: NOW).bot
    cogs = bot._make_cogs()  # pyright: ignore[reportPrivateUsage]
    routes = {name: route for cog in cogs for name, route in cog.routes.items()}
    memory = replies.FormMemory(routes, lambda: NOW)
    broken: list[str] = []
    for name, route in routes.items():
        for click in clicks(route, guild_id) if name not in UNCONNECTED else ():
            try:
                await replies.reply(click.interaction, await route.handler(click), memory)
            except Refusal:
                continue
            except Exception as error:  # noqa: BLE001 - all of them are what is looked for
                broken.append(f"{name} {click.args} {click.values} {click.fields.get('field')}: {error!r}")
    assert broken == []
