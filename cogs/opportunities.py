"""/opportunity: what may come of it all."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.errors import Refusal
from bot.coaching.ids import OpportunityId, UserId
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind, Source
from bot.coaching.weeks import Clock
from bot.services.opportunities import OpportunityService
from cogs import replies
from cogs.base import RoutedCog, suggestions
from cogs.cards import network as network_cards
from cogs.cards import opportunities as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route, row_number
from storage.database import DatabaseUnavailable


class Opportunities(RoutedCog):
    """The member's opportunities."""

    opportunity = app_commands.Group(name="opportunity", description="Openings, events and projects you keep in sight")

    def __init__(self, opportunities: OpportunityService, clock: Clock) -> None:
        self._opportunities = opportunities
        self._clock = clock
        self.routes = {
            "opportunity.list": Route(Audience.MEMBER, self._list),
            "opportunity.open": Route(Audience.MEMBER, self._open),
            "opportunity.add": Route(Audience.MEMBER, self._add),
            "opportunity.add_save": Route(Audience.MEMBER, self._add_save),
            "again.opportunity.add_save": Route(Audience.MEMBER, self._add),
            "opportunity.edit": Route(Audience.MEMBER, self._edit),
            "opportunity.edit_save": Route(Audience.MEMBER, self._edit_save),
            "again.opportunity.edit_save": Route(Audience.MEMBER, self._edit),
            "opportunity.move": Route(Audience.MEMBER, self._move),
            "opportunity.words": Route(Audience.MEMBER, self._words),
            "opportunity.forget": Route(Audience.MEMBER, self._forget),
            "opportunity.forget_now": Route(Audience.MEMBER, self._forget_now),
        }

    @for_audience(Audience.MEMBER)
    @opportunity.command(name="add", description="Keep a job, an event or a project in sight, with its last day")
    async def add(self, interaction: discord.Interaction) -> None:
        """Open the form, if there is room for one more."""
        await self._opportunities.check_room(command_caller(interaction), self._clock())
        await replies.ask(interaction, cards.form(None, UserId(interaction.user.id)))

    @for_audience(Audience.MEMBER)
    @opportunity.command(name="list", description="What is open, by its last day, and what closed lately")
    async def listing(self, interaction: discord.Interaction) -> None:
        """Show the list."""
        caller = command_caller(interaction)
        value = await self._opportunities.show(caller, self._clock())
        await replies.show(interaction, cards.listed(value, caller.user_id))

    @for_audience(Audience.MEMBER)
    @opportunity.command(name="update", description="Say what happened with one of them: sent, answered, let go")
    @app_commands.describe(what="Which one; start typing its title")
    async def update(self, interaction: discord.Interaction, what: str) -> None:
        """Show one opportunity with what may be said about it."""
        caller = command_caller(interaction)
        value = await self._opportunities.find(caller, what, self._clock())
        await replies.show(interaction, cards.detail(value, caller.user_id))

    @update.autocomplete("what")
    async def _titles(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            kept = await self._opportunities.titles(command_caller(interaction), self._clock())
        except (Refusal, DatabaseUnavailable):
            return []  # the command itself says what is the matter
        return suggestions(typed, [(one.title, str(one.id)) for one in kept])

    async def _list(self, click: Click) -> Card:
        return cards.listed(await self._opportunities.show(click.caller, self._clock()), click.owner)

    async def _open(self, click: Click) -> Card:
        number = click.chosen(row_number) if click.values else click.number()
        value = await self._opportunities.get(click.caller, OpportunityId(number), self._clock())
        return cards.detail(value, click.owner)

    async def _add(self, click: Click) -> Form:
        await self._opportunities.check_room(click.caller, self._clock())
        return cards.form(None, click.owner)

    async def _add_save(self, click: Click) -> Card:
        due = click.fields.get("due", "")
        value = await self._opportunities.add(click.caller, _draft(click), self._clock(), due=due)
        return cards.added(value, click.owner)

    async def _edit(self, click: Click) -> Form:
        value = await self._opportunities.get(click.caller, OpportunityId(click.number()), self._clock())
        return cards.form(value.opportunity, click.owner)

    async def _edit_save(self, click: Click) -> Card:
        number = OpportunityId(click.number())
        due = click.fields.get("due", "")
        value = await self._opportunities.change(click.caller, number, _draft(click), self._clock(), due=due)
        return cards.changed(value, click.owner)

    async def _move(self, click: Click) -> Card:
        number, move = OpportunityId(click.number()), click.arg(Move, 1)
        value = await self._opportunities.tell(click.caller, number, move, self._clock())
        return cards.moved(value, move, click.owner)

    async def _words(self, click: Click) -> None:
        value = await self._opportunities.get(click.caller, OpportunityId(click.number()), self._clock())
        if value.words is None:  # it was said from another card meanwhile
            await replies.show(click.interaction, cards.detail(value, click.owner))
        else:
            await replies.show_new(click.interaction, network_cards.starter(value.words, click.owner))

    async def _forget(self, click: Click) -> Card:
        value = await self._opportunities.get(click.caller, OpportunityId(click.number()), self._clock())
        return cards.forget(value, click.owner)

    async def _forget_now(self, click: Click) -> Card:
        await self._opportunities.forget(click.caller, OpportunityId(click.number()), self._clock())
        return cards.forgotten(click.owner)


def _draft(click: Click) -> OpportunityDraft:
    """Read the form, without its date; raises OldCard for a choice that this version does not know."""
    kind, source = click.picked("kind", OpportunityKind), click.optional("source", Source)
    return OpportunityDraft(click.field("title"), kind, source)
