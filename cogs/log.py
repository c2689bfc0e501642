"""/log: what you did, in one tap."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.goals import Vocabulary
from bot.coaching.ids import ActionId, ContactId
from bot.coaching.log import MOST_MINUTES, NOTE_LIMIT, ActionDraft, Outcome
from bot.coaching.weeks import Clock
from bot.services.log import LogService
from cogs import replies
from cogs.base import RoutedCog, suggestions
from cogs.cards import log as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route, row_number
from storage.database import DatabaseUnavailable

MINUTES = "The number of minutes"
DAYS = ("Today", "Yesterday", *(f"{ago} days ago" for ago in range(2, 8)))
"""The days that an entry may be of, today first."""


class Log(RoutedCog):
    """The member's log."""

    def __init__(self, log: LogService, vocabulary: Vocabulary, clock: Clock) -> None:
        self._log = log
        self._vocabulary = vocabulary
        self._clock = clock
        self.routes = {
            "log.show": Route(Audience.MEMBER, self._choices),
            "log.kind": Route(Audience.MEMBER, self._kind),
            "log.contact": Route(Audience.MEMBER, self._contact),
            "log.undo": Route(Audience.MEMBER, self._undo),
            "log.outcome": Route(Audience.MEMBER, self._outcome),
            "log.edit": Route(Audience.MEMBER, self._edit),
            "log.edited": Route(Audience.MEMBER, self._edited),
            "again.log.edited": Route(Audience.MEMBER, self._edit),
            "log.line_save": Route(Audience.MEMBER, self._line_save),
            "again.log.line_save": Route(Audience.MEMBER, self._line),
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
        day="When, if not today",
    )
    @app_commands.choices(outcome=[app_commands.Choice(name=cards.OUTCOMES[one], value=one.value) for one in Outcome])
    @app_commands.choices(day=[app_commands.Choice(name=name, value=ago) for ago, name in enumerate(DAYS)])
    async def log(
        self,
        interaction: discord.Interaction,
        kind: str | None = None,
        note: app_commands.Range[str, 1, NOTE_LIMIT] | None = None,
        minutes: app_commands.Range[int, 1, MOST_MINUTES] | None = None,
        outcome: str | None = None,
        person: str | None = None,
        day: int = 0,
    ) -> None:
        """Log an action, or offer the kinds when nothing was said."""
        caller, now = command_caller(interaction), self._clock()
        if {kind, note, minutes, outcome, person} == {None} and not day:
            await replies.show(interaction, cards.choices(await self._log.choices(caller, now), caller.user_id))
            return
        draft = ActionDraft(kind, note, minutes, Outcome(outcome) if outcome else None)
        if person is None:
            value = await self._log.log(caller, draft, now, days_ago=day)
        else:
            value = await self._log.log_with(caller, person, draft, now, days_ago=day)
        await replies.show(interaction, cards.logged(value, caller.user_id))

    @log.autocomplete("person")
    async def _people(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            people = await self._log.nicknames(command_caller(interaction))
        except DatabaseUnavailable:  # what is typed can be sent all the same, and is answered then
            return []
        return suggestions(typed, zip(people, people, strict=True))

    @log.autocomplete("kind")
    async def _kinds(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggestions(typed, [(kind.label, kind.id) for kind in self._vocabulary.kinds.values()])

    async def _choices(self, click: Click) -> Card:
        return cards.choices(await self._log.choices(click.caller, self._clock()), click.owner)

    async def _kind(self, click: Click) -> Card:
        kind = click.chosen(str) if click.values else click.arg(str)
        return cards.logged(await self._log.log(click.caller, ActionDraft(kind), self._clock()), click.owner)

    async def _contact(self, click: Click) -> Card:
        action_id, contact = ActionId(click.number()), click.chosen(_contact_id)
        return cards.logged(await self._log.set_contact(click.caller, action_id, contact, self._clock()), click.owner)

    async def _undo(self, click: Click) -> Card:
        return cards.undone(await self._log.undo(click.caller, ActionId(click.number()), self._clock()))

    async def _outcome(self, click: Click) -> Card:
        action_id, outcome = ActionId(click.number()), click.chosen(Outcome)
        value = await self._log.set_outcome(click.caller, action_id, outcome, self._clock())
        return cards.logged(value, click.owner)

    async def _edit(self, click: Click) -> Form:
        action_id = ActionId(click.number()) if click.args else None
        return cards.edit_form(await self._log.editing(click.caller, action_id, self._clock()), click.owner)

    async def _edited(self, click: Click) -> Card:
        draft = ActionDraft(
            click.field("kind"),
            click.fields.get("note"),
            click.whole_number("minutes", MINUTES, 1, MOST_MINUTES),
            click.optional("outcome", Outcome),
            click.optional("contact", _contact_id),
        )
        value = await self._log.edit(click.caller, ActionId(click.number()), draft, self._clock())
        return cards.logged(value, click.owner)

    async def _line(self, click: Click) -> Form:
        # Asked for its refusals, and so that the course of the nudge is the one meant by what follows.
        await self._log.choices(click.caller, self._clock())
        return cards.line_form(click.owner)

    async def _line_save(self, click: Click) -> Card:
        value = await self._log.log(click.caller, ActionDraft("note", click.field("note")), self._clock())
        return cards.logged(value, click.owner)


def _contact_id(text: str) -> ContactId:
    """Return the number of a contact's row; raises ValueError for what no row can have."""
    return ContactId(row_number(text))
