"""/log: what you did, in one tap."""

from collections.abc import Mapping

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.goals import Vocabulary
from bot.coaching.ids import ActionId, ContactId
from bot.coaching.log import MOST_MINUTES, NOTE_LIMIT, ActionDraft, Outcome
from bot.coaching.texts import checked_number
from bot.coaching.weeks import Clock
from bot.services.log import LogService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import log as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Click, Route, row_number
from storage.database import DatabaseUnavailable

CHOICES = 25


class Log(RoutedCog):
    """The member's log."""

    def __init__(self, log: LogService, vocabulary: Vocabulary, clock: Clock) -> None:
        self._log = log
        self._vocabulary = vocabulary
        self._clock = clock

    @property
    def routes(self) -> Mapping[str, Route]:
        """Return where this cog's components lead."""
        return {
            "log.show": Route(Audience.MEMBER, self._choices),
            "log.kind": Route(Audience.MEMBER, self._kind),
            "log.set": Route(Audience.MEMBER, self._set),
            "log.undo": Route(Audience.MEMBER, self._undo),
            "log.outcome": Route(Audience.MEMBER, self._outcome),
            "log.edit": Route(Audience.MEMBER, self._edit),
            "log.edited": Route(Audience.MEMBER, self._edited),
            "log.line_save": Route(Audience.MEMBER, self._line_save),
            "nudge.add_line": Route(Audience.MEMBER, self._line),
        }

    @for_audience(Audience.MEMBER)
    @app_commands.command(name="log", description="Note something you did; without options, pick from buttons")
    @app_commands.describe(
        kind="What you did; start typing",
        note="One line worth keeping, at most 200 characters",
        minutes="How long it took",
        outcome="What came of it; nothing yet is a normal answer",
        person="With whom, by the nickname in your network",
    )
    @app_commands.choices(outcome=[app_commands.Choice(name=cards.OUTCOMES[one], value=one.value) for one in Outcome])
    async def log(
        self,
        interaction: discord.Interaction,
        kind: str | None = None,
        note: app_commands.Range[str, 1, NOTE_LIMIT] | None = None,
        minutes: app_commands.Range[int, 1, MOST_MINUTES] | None = None,
        outcome: str | None = None,
        person: str | None = None,
    ) -> None:
        """Log an action, or offer the kinds when nothing was said."""
        caller, now = command_caller(interaction), self._clock()
        if kind is None and note is None and minutes is None and outcome is None and person is None:
            await replies.show(interaction, cards.choices(await self._log.choices(caller, now), caller.user_id))
            return
        draft = ActionDraft(kind, note, minutes, Outcome(outcome) if outcome else None)
        if person is None:
            value = await self._log.log(caller, draft, now)
        else:
            value = await self._log.log_with(caller, person, draft, now)
        await replies.show(interaction, cards.logged(value, caller.user_id))

    @log.autocomplete("person")
    async def _people(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.strip().casefold()
        try:
            people = await self._log.nicknames(command_caller(interaction))
        except DatabaseUnavailable:  # what is typed can be sent all the same, and is answered then
            return []
        found = [nickname for nickname in people if wanted in nickname.casefold()]
        return [app_commands.Choice(name=nickname, value=nickname) for nickname in found[:CHOICES]]

    @log.autocomplete("kind")
    async def _kinds(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.strip().casefold()
        found = [
            kind for kind in self._vocabulary.kinds.values() if wanted in kind.label.casefold() or wanted in kind.id
        ]
        return [app_commands.Choice(name=kind.label, value=kind.id) for kind in found[:CHOICES]]

    async def _choices(self, click: Click) -> None:
        value = await self._log.choices(click.caller, self._clock())
        await replies.show(click.interaction, cards.choices(value, click.caller.user_id))

    async def _kind(self, click: Click) -> None:
        kind = click.chosen(str) if click.values else click.arg(str)
        value = await self._log.log(click.caller, ActionDraft(kind), self._clock())
        await replies.show(click.interaction, cards.logged(value, click.caller.user_id))

    async def _set(self, click: Click) -> None:
        action_id, kind = ActionId(click.number()), click.arg(str, 1)
        value = await self._log.set_kind(click.caller, action_id, kind, self._clock())
        await replies.show(click.interaction, cards.logged(value, click.caller.user_id))

    async def _undo(self, click: Click) -> None:
        of_opening = await self._log.undo(click.caller, ActionId(click.number()), self._clock())
        await replies.show(click.interaction, cards.undone(of_opening=of_opening))

    async def _outcome(self, click: Click) -> None:
        action_id, outcome = ActionId(click.number()), click.chosen(Outcome)
        value = await self._log.set_outcome(click.caller, action_id, outcome, self._clock())
        await replies.show(click.interaction, cards.logged(value, click.caller.user_id))

    async def _edit(self, click: Click) -> None:
        action_id = ActionId(click.number()) if click.args else None
        value = await self._log.editing(click.caller, action_id, self._clock())
        await replies.ask(click.interaction, cards.edit_form(value, click.caller.user_id))

    async def _edited(self, click: Click) -> None:
        minutes, outcome, contact = (click.fields.get(name) for name in ("minutes", "outcome", "contact"))
        draft = ActionDraft(
            click.field("kind"),
            click.fields.get("note"),
            checked_number("The number of minutes", minutes, 1, MOST_MINUTES) if minutes else None,
            click.read(Outcome, outcome) if outcome else None,
            ContactId(click.read(row_number, contact)) if contact else None,
        )
        value = await self._log.edit(click.caller, ActionId(click.number()), draft, self._clock())
        await replies.show(click.interaction, cards.logged(value, click.caller.user_id))

    async def _line(self, click: Click) -> None:
        # Asked for its refusals, and so that the course of the nudge is the one meant by what follows.
        await self._log.choices(click.caller, self._clock())
        await replies.ask(click.interaction, cards.line_form(click.caller.user_id))

    async def _line_save(self, click: Click) -> None:
        value = await self._log.log(click.caller, ActionDraft("note", click.field("note")), self._clock())
        await replies.show(click.interaction, cards.logged(value, click.caller.user_id))
