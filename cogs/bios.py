"""/bio: a bio checked as soon as it is sent and, for those who agreed, AI notes beside the check."""

from collections.abc import Sequence

import discord
from discord import app_commands

from bot.coaching.bios import AiOutcome, AiReport, BioPlace, Critique
from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import OldCard
from bot.coaching.texts import checked_number
from bot.coaching.weeks import Clock
from bot.services.bios import LARGEST_LIMIT, SMALLEST_LIMIT, AiState, BioDraft, BioService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import bios as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route
from prompts.bios import Rubric


class Bios(RoutedCog):
    """The member's bios; none of them is kept."""

    bio = app_commands.Group(name="bio", description="The few lines about you, checked and not kept")

    def __init__(self, bios: BioService, rubric: Rubric, clock: Clock) -> None:
        self._bios = bios
        self._rubric = rubric
        self._clock = clock
        # The places are content, which is known now and not when the class is made.
        offered = [app_commands.Choice(name=place.label, value=place.id) for place in rubric.places.values()]
        app_commands.choices(place=offered)(self.check)
        self.routes = {
            "bios.again": Route(Audience.MEMBER, self._again),
            "bios.all_the_same": Route(Audience.MEMBER, self._all_the_same),
            "bios.more": Route(Audience.MEMBER, self._more),
            "bios.report": Route(Audience.MEMBER, self._report),
            "bios.notice": Route(Audience.MEMBER, self._notice),
            "bios.offline": Route(Audience.MEMBER, self._offline),
            "bios.with_ai": Route(Audience.MEMBER, self._with_ai),
            "bios.send": Route(Audience.MEMBER, self._send),
        }

    @for_audience(Audience.MEMBER)
    @bio.command(name="check", description="Check a bio: what to mend, and questions that only you can answer")
    @app_commands.describe(place="Where it is, which decides how long it may be")
    async def check(self, interaction: discord.Interaction, place: str) -> None:
        """Open the form, or ask about the AI reviewer first."""
        await self._begin(interaction, command_caller(interaction), self._place(place))

    @for_audience(Audience.MEMBER)
    @bio.command(name="history", description="When you checked which bio and what was noticed, never the text")
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the last checks."""
        caller, now = command_caller(interaction), self._clock()
        found = await self._bios.history(caller, now)
        start = await self._bios.start(caller, now)
        await replies.show(interaction, cards.history(found, self._rubric, start, caller.user_id))

    async def _all_the_same(self, click: Click) -> Form:
        place = click.arg(self._place)
        return cards.form(place, AiState.OFF, click.owner, all_the_same=True)

    async def _more(self, click: Click) -> None:
        start = await self._bios.start(click.caller, self._clock())
        await replies.show_new(click.interaction, cards.questions(start, self._rubric))

    async def _report(self, click: Click) -> None:
        await self._bios.report(click.caller, click.chosen(AiReport), self._clock())
        await replies.show_new(click.interaction, cards.reported())

    async def _again(self, click: Click) -> None:
        await self._begin(click.interaction, click.caller, click.arg(self._place))

    async def _begin(self, interaction: discord.Interaction, caller: Caller, place: BioPlace) -> None:
        start = await self._bios.start(caller, self._clock())
        if start.ai is AiState.UNDECIDED:
            # A new message: the review that it may be asked from is nowhere else.
            await replies.show_new(interaction, cards.notice(start, place.id, caller.user_id))
        else:
            await replies.ask(interaction, cards.form(place, start.ai, caller.user_id))

    async def _notice(self, click: Click) -> None:
        start = await self._bios.start(click.caller, self._clock())
        off = start.ai is AiState.OFF
        shown = cards.switched_off() if off else cards.notice(start, None, click.owner)
        await replies.show_new(click.interaction, shown)

    async def _offline(self, click: Click) -> Card | Form:
        return await self._decide(click, click.args, agree=False)

    async def _with_ai(self, click: Click) -> Card | Form:
        start = await self._bios.start(click.caller, self._clock())
        noticed, *where = click.args or ("",)
        if start.ai is AiState.OFF:
            return cards.switched_off()
        if noticed != cards.mark(start):  # who gets the text has changed since the notice was shown
            place = self._place(where[0]).id if where else None
            return cards.notice(start, place, click.owner)
        return await self._decide(click, where, agree=True)

    async def _decide(self, click: Click, where: Sequence[str], *, agree: bool) -> Card | Form:
        place = self._place(where[0]) if where else None
        state = await self._bios.decide(click.caller, self._clock(), agree=agree)
        if place is None:
            return cards.decided(agree=agree)
        return cards.form(place, state, click.owner)

    async def _send(self, click: Click) -> None:
        place_id, *rest = click.args or ("",)
        draft, owner = self._draft(click, self._place(place_id)), click.owner
        value = await self._bios.check(click.caller, draft, self._clock(), all_the_same=bool(rest))
        if not value.sent:
            await replies.show(click.interaction, cards.reviewed(value, self._rubric, owner))
            return
        await replies.show(click.interaction, cards.on_the_way(value, self._rubric, owner))
        # What stays if anything goes wrong that is not an outcome: nobody is left waiting for notes.
        answer = Critique(AiOutcome.UNREACHABLE)
        try:
            answer = await self._bios.critique(click.caller, draft, self._clock())
        finally:
            asked = cards.Asked(value, answer, rewrite=not draft.my_words)
            await replies.amend(click.interaction, *cards.with_notes(asked, self._rubric, owner))

    def _draft(self, click: Click, place: BioPlace) -> BioDraft:
        limit = (
            checked_number("The limit", click.field("limit"), SMALLEST_LIMIT, LARGEST_LIMIT)
            if place.limit is None
            else None
        )
        return BioDraft(place.id, click.field("text"), limit, my_words=click.fields.get("ai") == cards.MY_WORDS)

    def _place(self, place_id: str) -> BioPlace:
        """Return a place; raises OldCard for one that is not on offer any more."""
        if place_id not in self._rubric.places:
            raise OldCard
        return self._rubric.places[place_id]
