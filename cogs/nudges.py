"""/nudge: when the weekly note comes, what became of each, and the buttons under it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from typing import TypeVar

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.footprint import Answer
from bot.coaching.goals import Obstacle
from bot.coaching.ids import CohortId
from bot.coaching.nudges import CLOSED, JOINED, LAST, NudgeKey, NudgeKind, Recipient
from bot.coaching.weeks import Clock, Quiet
from bot.services.note_buttons import NoteButtons
from bot.services.nudges import NudgeService, SettingsChange
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import footprint as footprint_cards
from cogs.cards import goals as goal_cards
from cogs.cards import log as log_cards
from cogs.cards import nudges as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Handler, Route, weekday
from cogs.zones import zone_choices

ONCE = frozenset({JOINED, CLOSED, LAST})
"""The periods of notes that come once."""
ASKED = (Obstacle.TIME, Obstacle.NERVES, Obstacle.WORDS, Obstacle.OTHER)
"""The obstacles that a note asks after, one button each."""
ANSWERS = {
    "item_fine": Answer.FINE,
    "item_fixed": Answer.FIXED,
    "item_not_for_me": Answer.NOT_FOR_ME,
    "open_item": None,
}
"""The buttons about a checklist item, and the answer that each gives."""
CHANGES = {
    "on": SettingsChange(on=True),
    "off": SettingsChange(on=False),
    "stop": SettingsChange(on=False),
    "weekly": SettingsChange(on=True, every_weeks=1),
    "every_2_weeks": SettingsChange(on=True, every_weeks=2),
    "monthly": SettingsChange(on=True, every_weeks=4),
    "skip": SettingsChange(skip_next=True),
    "discreet": SettingsChange(discreet=True),
    "open": SettingsChange(discreet=False),
    "inbox_only": SettingsChange(inbox_only=True),
    "messages_too": SettingsChange(inbox_only=False),
    "go_on": SettingsChange(pause_weeks=0),
    "two_more_weeks": SettingsChange(pause_weeks=2),
}
"""The buttons that change the settings, whatever is chosen elsewhere."""

T = TypeVar("T")


class Nudges(RoutedCog):
    """The weekly note, as a member handles it."""

    nudge = app_commands.Group(name="nudge", description="Your weekly note")

    def __init__(self, nudges: NudgeService, buttons: NoteButtons, clock: Clock) -> None:
        self._nudges = nudges
        self._buttons = buttons
        self._clock = clock
        handlers: dict[str, Handler] = {
            "nudge.settings": self._settings,
            "nudge.nudge_settings": self._settings,
            "nudge.when": self._when,
            "nudge.when_save": self._when_save,
            "again.nudge.when_save": self._when,
            "nudge.open_note": self._on_note(self._nudges.note, cards.note),
            "nudge.why": self._why,
            "nudge.pause": self._pause_menu,
            "nudge.pause_menu": self._pause_menu,
            "nudge.pause_set": self._pause_set,
            "nudge.done": self._done,
            "nudge.another_day": self._another_day,
            "nudge.remind": self._remind,
            "nudge.smaller": self._on_note(self._buttons.smaller, cards.smaller),
            "nudge.use_plan": self._use_plan,
            "nudge.words": self._words,
            "nudge.rest_contact": self._on_note(self._buttons.rest_contact, cards.rested),
            "nudge.let_go": self._on_note(self._buttons.let_go, cards.let_go),
            "nudge.alert_keep": partial(self._alert, keep=True),
            "nudge.alert_remove": partial(self._alert, keep=False),
            **{f"nudge.{name}": partial(self._change, change=change) for name, change in CHANGES.items()},
            **{f"nudge.{name}": partial(self._item, answer=answer) for name, answer in ANSWERS.items()},
            **{f"nudge.obstacle_{one.value}": partial(self._obstacle, obstacle=one) for one in ASKED},
        }
        self.routes = {name: Route(Audience.MEMBER, handler) for name, handler in handlers.items()}

    @for_audience(Audience.MEMBER)
    @nudge.command(name="settings", description="Day, hour, rhythm, quiet hours, pause, discreet, off or on")
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
        return zone_choices(typed, self._clock())

    @for_audience(Audience.MEMBER)
    @nudge.command(name="history", description="What was sent, held or skipped, and why")
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the last rows of the ledger."""
        value = await self._nudges.history(command_caller(interaction), self._clock())
        await replies.show(interaction, cards.history(value))

    @for_audience(Audience.MEMBER)
    @nudge.command(name="inbox", description="Notes that could not reach you, with their buttons")
    async def inbox(self, interaction: discord.Interaction) -> None:
        """Show what is held."""
        await replies.show(
            interaction, cards.inbox(await self._nudges.inbox(command_caller(interaction), self._clock()))
        )

    @for_audience(Audience.MEMBER)
    @nudge.command(name="preview", description="Your next note as it would read today, and when it comes")
    async def preview(self, interaction: discord.Interaction) -> None:
        """Show the next nudge."""
        value = await self._nudges.preview(command_caller(interaction), self._clock())
        await replies.show(interaction, cards.preview(value))

    async def _settings(self, click: Click) -> Card:
        return cards.settings(await self._nudges.settings(click.caller, self._clock()), click.owner)

    async def _when(self, click: Click) -> Form:
        return cards.when_form(await self._nudges.settings(click.caller, self._clock()), click.owner)

    async def _when_save(self, click: Click) -> Card:
        change = SettingsChange(
            day=click.picked("day", weekday),
            hour=click.picked("hour", int),
            every_weeks=click.picked("rhythm", int),
            quiet=click.picked("quiet", _quiet_hours),
        )
        return await self._change(click, change)

    def _on_note(self, act: Callable[[Caller, NudgeKey, datetime], Awaitable[T]], card: Callable[[T], Card]) -> Handler:
        """Return the handler that does something with the note whose key a button carries."""

        async def handle(click: Click) -> Card:
            return card(await act(click.caller, _key(click), self._clock()))

        return handle

    async def _why(self, click: Click) -> None:
        value = await self._nudges.why(click.caller, _key(click), self._clock())
        await replies.show_new(click.interaction, cards.why(value))

    async def _pause_menu(self, click: Click) -> Card:
        # Asked for its refusals, and so that the course of the nudge is the one meant by what follows.
        await self._nudges.settings(click.caller, self._clock())
        return cards.pause_menu(click.owner)

    async def _pause_set(self, click: Click) -> Card:
        return await self._change(click, SettingsChange(pause_weeks=click.arg(int)))

    async def _change(self, click: Click, change: SettingsChange) -> Card:
        return cards.settings(await self._nudges.change(click.caller, change, self._clock()), click.owner)

    async def _done(self, click: Click) -> Card:
        return log_cards.logged(await self._buttons.done(click.caller, _key(click), self._clock()), click.owner)

    async def _another_day(self, click: Click) -> Card:
        return cards.day_picker(await self._buttons.days(click.caller, _key(click), self._clock()), _key(click))

    async def _remind(self, click: Click) -> Card:
        day = click.chosen(date.fromisoformat)
        return cards.reminder(await self._buttons.remind(click.caller, _key(click), day, self._clock()))

    async def _obstacle(self, click: Click, obstacle: Obstacle) -> Card:
        return cards.hindrance(await self._buttons.hindrance(click.caller, _key(click), obstacle, self._clock()))

    async def _use_plan(self, click: Click) -> Card:
        goal = await self._buttons.answer_hindrance(click.caller, click.arg(Obstacle), self._clock())
        return goal_cards.plan_for_obstacle(goal, click.owner)

    async def _words(self, click: Click) -> None:
        value = await self._buttons.first_words(click.caller, _key(click), self._clock())
        await replies.show_new(click.interaction, cards.first_words(value))

    async def _alert(self, click: Click, *, keep: bool) -> Card:
        await self._buttons.answer_alert(click.caller, _key(click), self._clock(), keep=keep)
        return cards.alert_answered(keep=keep)

    async def _item(self, click: Click, answer: Answer | None) -> Card:
        value = await self._buttons.item(click.caller, _key(click), answer, self._clock())
        return footprint_cards.item(value, click.owner, just_answered=answer is not None)


def _quiet_hours(text: str) -> Quiet:
    """Read quiet hours such as 21-8; raises ValueError for anything else."""
    start, end = text.split("-")
    return Quiet(int(start), int(end))


def _key(click: Click) -> NudgeKey:
    to = Recipient(CohortId(click.number()), click.owner)
    return NudgeKey(to, click.arg(NudgeKind, 1), click.arg(_period, 2))


def _period(text: str) -> str:
    """Return the period of a nudge's key; raises ValueError for what no row can have."""
    if text in ONCE or (text[:1] == "n" and text[1:].isdecimal()):
        return text
    return date.fromisoformat(text).isoformat()
