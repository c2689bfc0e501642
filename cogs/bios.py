"""/bio: a bio checked as soon as it is sent and, for those who agreed, AI notes beside the check."""

import discord
from discord import app_commands

from bot.coaching.bios import AiOutcome, BioPlace, Critique
from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import OldCard
from bot.coaching.texts import checked_number
from bot.coaching.weeks import Clock
from bot.services.ai_notes import AiNotes, AiState
from bot.services.bios import LARGEST_LIMIT, SMALLEST_LIMIT, BioDraft, BioService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import ai_notes as ai_cards
from cogs.cards import bios as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Click, Form, Route
from prompts.bios import Rubric


class Bios(RoutedCog):
    """The check of a member's bios; it keeps none of them."""

    bio = app_commands.Group(name="bio", description="The few lines about you, checked and not kept")

    def __init__(self, bios: BioService, notes: AiNotes, rubric: Rubric, clock: Clock) -> None:
        self._bios = bios
        self._notes = notes
        self._rubric = rubric
        self._clock = clock
        # The places are content, which is known now and not when the class is made.
        offered = [app_commands.Choice(name=place.label, value=place.id) for place in rubric.places.values()]
        app_commands.choices(place=offered)(self.check)
        self.routes = {
            "bios.again": Route(Audience.MEMBER, self._again),
            "bios.all_the_same": Route(Audience.MEMBER, self._all_the_same),
            "bios.more": Route(Audience.MEMBER, self._more),
            "bios.send": Route(Audience.MEMBER, self._send),
            "again.bios.send": Route(Audience.MEMBER, self._reopen),
        }

    @for_audience(Audience.MEMBER)
    @bio.command(name="check", description="Check a bio: what to mend, and questions that only you can answer")
    @app_commands.describe(place="Where it is; each place has its own length")
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

    async def _reopen(self, click: Click) -> Form:
        place_id, *rest = click.args or ("",)
        start = await self._bios.start(click.caller, self._clock())
        return cards.form(self._place(place_id), start.ai, click.owner, all_the_same=bool(rest))

    async def _more(self, click: Click) -> None:
        start = await self._bios.start(click.caller, self._clock())
        await replies.show_new(click.interaction, cards.questions(start, self._rubric))

    async def _again(self, click: Click) -> None:
        await self._begin(click.interaction, click.caller, click.arg(self._place))

    async def _begin(self, interaction: discord.Interaction, caller: Caller, place: BioPlace) -> None:
        offer = await self._notes.offer(caller, self._clock())
        if offer.state is AiState.UNDECIDED:
            # A new message: the check that it may be asked from is nowhere else.
            await replies.show_new(interaction, ai_cards.notice(offer, caller.user_id, "bio", place.id))
        else:
            await replies.ask(interaction, cards.form(place, offer.state, caller.user_id))

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
