"""/nudge: when the weekly note comes, what became of each, and the buttons under it."""

from collections.abc import Mapping
from datetime import date

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.footprint import Answer
from bot.coaching.ids import CohortId
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient
from bot.coaching.weeks import Clock
from bot.services.nudges import NudgeService, SettingsChange
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import footprint as footprint_cards
from cogs.cards import log as log_cards
from cogs.cards import nudges as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Click, Handler, Route
from cogs.zones import zone_choices


class Nudges(RoutedCog):
    """The weekly note, as a member handles it."""

    nudge = app_commands.Group(name="nudge", description="Your weekly note")

    def __init__(self, nudges: NudgeService, clock: Clock) -> None:
        self._nudges = nudges
        self._clock = clock

    @property
    def routes(self) -> Mapping[str, Route]:
        """Return where this cog's components lead."""
        handlers: dict[str, Handler] = {
            "nudge.settings": self._settings,
            "nudge.nudge_settings": self._settings,
            "nudge.day": self._day,
            "nudge.hour": self._hour,
            "nudge.off": self._off,
            "nudge.on": self._on,
            "nudge.pause": self._pause_menu,
            "nudge.pause_menu": self._pause_menu,
            "nudge.pause_set": self._pause_set,
            "nudge.done": self._done,
            "nudge.another_day": self._another_day,
            "nudge.remind": self._remind,
            "nudge.item_fine": self._item_fine,
            "nudge.item_fixed": self._item_fixed,
            "nudge.item_not_for_me": self._item_not_for_me,
            "nudge.open_item": self._open_item,
        }
        return {name: Route(Audience.MEMBER, handler) for name, handler in handlers.items()}

    @for_audience(Audience.MEMBER)
    @nudge.command(name="settings", description="Day, hour, time zone, pause, off or on")
    @app_commands.describe(zone="Your time zone; start typing a city")
    async def settings(self, interaction: discord.Interaction, zone: str | None = None) -> None:
        """Show the settings card, after changing the zone if one is given."""
        caller, now = command_caller(interaction), self._clock()
        if zone is None:
            value = await self._nudges.settings(caller, now)
        else:
            value = await self._nudges.change(caller, SettingsChange(zone=zone), now)
        await replies.show(interaction, cards.settings(value, caller.user_id))

    @settings.autocomplete("zone")
    async def _zones(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return zone_choices(typed)

    @for_audience(Audience.MEMBER)
    @nudge.command(name="history", description="What was sent, held or skipped, and why")
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the last rows of the ledger."""
        value = await self._nudges.history(command_caller(interaction), self._clock())
        await replies.show(interaction, cards.history(value))

    async def _settings(self, click: Click) -> None:
        value = await self._nudges.settings(click.caller, self._clock())
        await replies.show(click.interaction, cards.settings(value, click.caller.user_id))

    async def _day(self, click: Click) -> None:
        await self._change(click, SettingsChange(day=int(click.values[0])))

    async def _hour(self, click: Click) -> None:
        await self._change(click, SettingsChange(hour=int(click.values[0])))

    async def _off(self, click: Click) -> None:
        await self._change(click, SettingsChange(on=False))

    async def _on(self, click: Click) -> None:
        await self._change(click, SettingsChange(on=True))

    async def _pause_menu(self, click: Click) -> None:
        await replies.show(click.interaction, cards.pause_menu(click.caller.user_id))

    async def _pause_set(self, click: Click) -> None:
        await self._change(click, SettingsChange(pause_weeks=int(click.args[0])))

    async def _change(self, click: Click, change: SettingsChange) -> None:
        value = await self._nudges.change(click.caller, change, self._clock())
        await replies.show(click.interaction, cards.settings(value, click.caller.user_id))

    async def _done(self, click: Click) -> None:
        value = await self._nudges.done(click.caller, _key(click), self._clock())
        await replies.show(click.interaction, log_cards.logged(value, click.caller.user_id))

    async def _another_day(self, click: Click) -> None:
        days = await self._nudges.days(click.caller, _key(click), self._clock())
        await replies.show(click.interaction, cards.day_picker(days, _key(click)))

    async def _remind(self, click: Click) -> None:
        day = date.fromisoformat(click.values[0])
        value = await self._nudges.remind(click.caller, _key(click), day, self._clock())
        await replies.show(click.interaction, cards.reminder(value))

    async def _item_fine(self, click: Click) -> None:
        await self._item(click, Answer.FINE)

    async def _item_fixed(self, click: Click) -> None:
        await self._item(click, Answer.FIXED)

    async def _item_not_for_me(self, click: Click) -> None:
        await self._item(click, Answer.NOT_FOR_ME)

    async def _open_item(self, click: Click) -> None:
        await self._item(click, None)

    async def _item(self, click: Click, answer: Answer | None) -> None:
        value = await self._nudges.item(click.caller, _key(click), answer, self._clock())
        card = footprint_cards.item(value, click.caller.user_id, just_answered=answer is not None)
        await replies.show(click.interaction, card)


def _key(click: Click) -> NudgeKey:
    cohort_id, kind, period = click.args
    return NudgeKey(Recipient(CohortId(int(cohort_id)), click.caller.user_id), NudgeKind(kind), period)
