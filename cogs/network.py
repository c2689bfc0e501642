"""/network: people under nicknames, the spaces where the field talks, and alerts."""

from collections.abc import Callable
from functools import partial

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.ids import AlertId, ContactId, UserId
from bot.coaching.log import MOST_MINUTES, NOTE_LIMIT, ActionDraft, Outcome
from bot.coaching.network import NICKNAME_LIMIT, AlertKind, Category, ContactDraft, SpaceKind, Stage, Where
from bot.coaching.weeks import Clock
from bot.services.log import LogService
from bot.services.network import AlertDraft, ContactChoices, Network, NetworkService, Part, Person, SpaceDraft, Thing
from cogs import replies
from cogs.base import RoutedCog, suggestions
from cogs.cards import log as log_cards
from cogs.cards import network as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Handler, Route, row_number
from storage.database import DatabaseUnavailable

CHOICE_LIMIT = 100
PARTS = {Part.PERSON: "Person", Part.SPACE: "Space", Part.ALERT: "Alert"}


class Networks(RoutedCog):
    """The member's network."""

    network = app_commands.Group(name="network", description="The people, spaces and alerts of your field")

    def __init__(self, network: NetworkService, log: LogService, clock: Clock) -> None:
        self._network = network
        self._log = log
        self._clock = clock
        handlers: dict[str, Handler] = {
            "network.add": self._add,
            "network.person_save": self._person_save,
            "network.space_save": self._space_save,
            "network.alert_save": self._alert_save,
            "again.network.person_save": partial(self._form, part=Part.PERSON),
            "again.network.space_save": partial(self._form, part=Part.SPACE),
            "again.network.alert_save": partial(self._form, part=Part.ALERT),
            "network.list": partial(self._page, card=cards.people),
            "network.spaces": partial(self._page, card=cards.spaces),
            "network.alerts": partial(self._page, card=cards.alerts),
            "network.person": self._person,
            "network.alert": self._alert,
            "network.contacted": self._contacted,
            "network.did": self._did,
            "network.did_save": self._did_save,
            "again.network.did_save": self._did_again,
            "network.words": self._words,
            "network.edit": self._edit,
            "network.edit_save": self._edit_save,
            "again.network.edit_save": self._edit,
            "network.rest": partial(self._rest, rested=True),
            "network.wake": partial(self._rest, rested=False),
            "network.forget": self._forget,
            "network.forgotten": self._forgotten,
            "network.followups": self._follow_ups,
            "network.map": self._map,
            "nudge.add_contact": self._add_contact,
        }
        self.routes = {name: Route(Audience.MEMBER, handler) for name, handler in handlers.items()}

    @for_audience(Audience.MEMBER)
    @network.command(name="add", description="Keep a person under a nickname, a space, or an alert")
    @app_commands.describe(what="What to add; a person unless you say otherwise")
    @app_commands.choices(what=[app_commands.Choice(name=PARTS[one], value=one.value) for one in Part])
    async def add(self, interaction: discord.Interaction, what: str | None = None) -> None:
        """Open the form for something new."""
        form = await self._start(command_caller(interaction), Part(what) if what else Part.PERSON)
        await replies.ask(interaction, form)

    @for_audience(Audience.MEMBER)
    @network.command(name="list", description="Your people by what is next, your spaces and your alerts")
    async def show(self, interaction: discord.Interaction) -> None:
        """Show the first page of the network."""
        caller = command_caller(interaction)
        await replies.show(
            interaction, cards.people(await self._network.show(caller, self._clock()), 0, caller.user_id)
        )

    @for_audience(Audience.MEMBER)
    @network.command(
        name="contacted", description="Log something you did with a person; it may move you a step further"
    )
    @app_commands.describe(
        who="The nickname; start typing",
        kind="What you did; without it, pick from a list",
        outcome="What came of it; nothing yet is a normal answer",
        note="One line worth keeping, at most 200 characters",
        minutes="How long it took",
    )
    @app_commands.choices(
        outcome=[app_commands.Choice(name=label, value=one.value) for one, label in log_cards.OUTCOMES.items()]
    )
    async def contacted(
        self,
        interaction: discord.Interaction,
        who: app_commands.Range[str, 1, NICKNAME_LIMIT],
        kind: str | None = None,
        outcome: str | None = None,
        note: app_commands.Range[str, 1, NOTE_LIMIT] | None = None,
        minutes: app_commands.Range[int, 1, MOST_MINUTES] | None = None,
    ) -> None:
        """Log something done with a person, or ask what it was without losing what was said of it."""
        caller = command_caller(interaction)
        person = await self._network.find(caller, who, self._clock())
        draft = ActionDraft(kind, note, minutes, Outcome(outcome) if outcome else None, person.contact.id)
        value = ContactChoices(person, self._network.kinds)
        if kind is not None:
            await self._keep(interaction, caller, person, draft)
        elif draft == ActionDraft(contact=person.contact.id):
            await replies.show(interaction, cards.kinds(value, caller.user_id))
        else:
            await replies.ask(interaction, cards.contacted_form(value, draft, caller.user_id))

    @for_audience(Audience.MEMBER)
    @network.command(name="followups", description="Who may like a word from you: a thank-you, a report, a hello")
    async def followups(self, interaction: discord.Interaction) -> None:
        """Show who waits for a word."""
        caller = command_caller(interaction)
        waiting = await self._network.follow_ups(caller, self._clock())
        await replies.show(interaction, cards.follow_ups(waiting, caller.user_id))

    @for_audience(Audience.MEMBER)
    @network.command(name="map", description="Which kinds of people your network has, and which are still open")
    async def breadth(self, interaction: discord.Interaction) -> None:
        """Show the map."""
        caller = command_caller(interaction)
        value = await self._network.breadth(caller, self._clock())
        await replies.show(interaction, cards.breadth(value, caller.user_id))

    @for_audience(Audience.MEMBER)
    @network.command(name="edit", description="Change a nickname, what somebody is to you, or where you stand")
    @app_commands.describe(who="The nickname; start typing")
    async def edit(self, interaction: discord.Interaction, who: app_commands.Range[str, 1, NICKNAME_LIMIT]) -> None:
        """Open the form, filled with what is kept."""
        caller = command_caller(interaction)
        person = await self._network.find(caller, who, self._clock())
        await replies.ask(interaction, cards.edit_form(person, self._network.words, caller.user_id))

    @for_audience(Audience.MEMBER)
    @network.command(name="forget", description="Take a person, a space or an alert out of your network")
    @app_commands.describe(what="A nickname, a space or an alert; start typing")
    async def forget(self, interaction: discord.Interaction, what: str) -> None:
        """Ask once whether to forget something."""
        caller = command_caller(interaction)
        thing = await self._network.thing(caller, what, self._clock())
        await replies.show(interaction, cards.ask_forget(thing, caller.user_id))

    @contacted.autocomplete("who")
    @edit.autocomplete("who")
    async def _names(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        found = await self._found(interaction, typed, Part.PERSON)
        return [app_commands.Choice(name=thing.name, value=thing.name) for thing in found]

    @forget.autocomplete("what")
    async def _things(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        found = await self._found(interaction, typed)
        names = {thing.reference: f"{PARTS[thing.part]}: {thing.name}" for thing in found}
        return [app_commands.Choice(name=name[:CHOICE_LIMIT], value=reference) for reference, name in names.items()]

    @contacted.autocomplete("kind")
    async def _kinds(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggestions(typed, [(kind.label, kind.id) for kind in self._network.kinds])

    async def _found(self, interaction: discord.Interaction, typed: str, *parts: Part) -> list[Thing]:
        try:
            return await self._network.things(command_caller(interaction), typed, *parts)
        except DatabaseUnavailable:
            return []  # what is typed can be sent all the same, and is answered then

    async def _add(self, click: Click) -> Form:
        # Other cards ask for a person without saying so.
        return await self._form(click, click.arg(Part) if click.args else Part.PERSON)

    async def _add_contact(self, click: Click) -> Form:
        return await self._form(click, Part.PERSON)

    async def _form(self, click: Click, part: Part) -> Form:
        return await self._start(click.caller, part)

    async def _start(self, caller: Caller, part: Part) -> Form:
        field = await self._network.start(caller, part, self._clock())
        match part:
            case Part.PERSON:
                return cards.person_form(self._network.words, caller.user_id)
            case Part.SPACE:
                return cards.space_form(caller.user_id)
            case Part.ALERT:
                return cards.alert_form(field, caller.user_id)

    async def _person_save(self, click: Click) -> Card:
        value = await self._network.add_person(click.caller, _contact_draft(click), self._clock())
        return cards.person(value, click.owner, lead=cards.ADDED)

    async def _space_save(self, click: Click) -> Card:
        draft = SpaceDraft(click.field("name"), click.picked("kind", SpaceKind), click.fields.get("rhythm"))
        return cards.space_added(await self._network.add_space(click.caller, draft, self._clock()), click.owner)

    async def _alert_save(self, click: Click) -> Card:
        role, place = click.fields.get("role"), click.fields.get("place")
        draft = AlertDraft(click.picked("kind", AlertKind), click.field("field"), role, place)
        return cards.alert(await self._network.add_alert(click.caller, draft, self._clock()), click.owner)

    async def _page(self, click: Click, card: Callable[[Network, int, UserId], Card]) -> Card:
        return card(await self._network.show(click.caller, self._clock()), click.arg(int), click.owner)

    async def _person(self, click: Click) -> Card:
        value = await self._network.person(click.caller, ContactId(_number(click)), self._clock())
        return cards.person(value, click.owner)

    async def _alert(self, click: Click) -> Card:
        value = await self._network.alert(click.caller, AlertId(_number(click)), self._clock())
        return cards.alert(value, click.owner)

    async def _contacted(self, click: Click) -> Card:
        value = await self._network.choices(click.caller, ContactId(click.number()), self._clock())
        return cards.kinds(value, click.owner)

    async def _did(self, click: Click) -> None:
        kind = click.chosen(str)
        person = await self._network.person(click.caller, ContactId(click.number()), self._clock())
        await self._keep(click.interaction, click.caller, person, ActionDraft(kind, contact=person.contact.id))

    async def _did_again(self, click: Click) -> Form:
        value = await self._network.choices(click.caller, ContactId(click.number()), self._clock())
        return cards.contacted_form(value, ActionDraft(contact=value.person.contact.id), click.owner)

    async def _did_save(self, click: Click) -> None:
        draft = ActionDraft(
            click.field("kind"),
            click.fields.get("note"),
            click.whole_number("minutes", "The number of minutes", 1, MOST_MINUTES),
            click.optional("outcome", Outcome),
            ContactId(click.number()),
        )
        person = await self._network.person(click.caller, ContactId(click.number()), self._clock())
        await self._keep(click.interaction, click.caller, person, draft)

    async def _keep(self, interaction: discord.Interaction, caller: Caller, before: Person, draft: ActionDraft) -> None:
        """Log what was done with a person; when it moved the relation on, say so beside the log's own answer."""
        now = self._clock()
        logged = await self._log.log(caller, draft, now)
        after = await self._network.person(caller, before.contact.id, now)
        await replies.show(interaction, log_cards.logged(logged, caller.user_id))
        if after.relation.stage is not before.relation.stage:
            await replies.show_new(interaction, cards.moved(after, caller.user_id))

    async def _words(self, click: Click) -> Card:
        contact = ContactId(click.number())
        value = await self._network.starter(click.caller, click.arg(str, 1), contact, self._clock())
        return cards.starter(value, click.owner, contact)

    async def _edit(self, click: Click) -> Form:
        value = await self._network.person(click.caller, ContactId(click.number()), self._clock())
        return cards.edit_form(value, self._network.words, click.owner)

    async def _edit_save(self, click: Click) -> Card:
        contact, shown = ContactId(click.number()), click.arg(Stage, 1)
        value = await self._network.change(click.caller, contact, _contact_draft(click), shown, self._clock())
        return cards.person(value, click.owner, lead=cards.CHANGED)

    async def _rest(self, click: Click, *, rested: bool) -> Card:
        value = await self._network.rest(click.caller, ContactId(click.number()), self._clock(), rested=rested)
        return cards.person(value, click.owner)

    async def _forget(self, click: Click) -> Card:
        thing = await self._network.thing(click.caller, _reference(click), self._clock())
        return cards.ask_forget(thing, click.owner)

    async def _forgotten(self, click: Click) -> Card:
        thing = await self._network.forget(click.caller, _reference(click), self._clock())
        return cards.forgotten(thing, click.owner)

    async def _follow_ups(self, click: Click) -> Card:
        return cards.follow_ups(await self._network.follow_ups(click.caller, self._clock()), click.owner)

    async def _map(self, click: Click) -> Card:
        return cards.breadth(await self._network.breadth(click.caller, self._clock()), click.owner)


def _contact_draft(click: Click) -> ContactDraft:
    """Read the form for a person; raises OldCard when this is another form."""
    return ContactDraft(
        click.field("nickname"),
        click.picked("category", Category),
        click.picked("stage", Stage),
        click.optional("where", Where),
        click.fields.get("shares"),
    )


def _number(click: Click) -> int:
    """Return the row's number that a select or a button names; raises OldCard for what no row can have."""
    return click.chosen(row_number) if click.values else click.number()


def _reference(click: Click) -> str:
    """Read the reference to a person, space or alert from a select or a button; raises OldCard."""
    return click.chosen(str) if click.values else f"{click.arg(str)}:{click.number(1)}"
