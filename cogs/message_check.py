"""/message: ways to begin a first message, and a check before it is sent, with AI notes for those who agreed."""

import discord
from discord import app_commands

from bot.coaching.bios import AiOutcome, Critique
from bot.coaching.cohort import Audience, Caller
from bot.coaching.weeks import Clock
from bot.services.ai_notes import AiNotes, AiState
from bot.services.message_check import MessageCheckService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import ai_notes as ai_cards
from cogs.cards import message_check as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route
from prompts.message_check import MessageRubric


class MessageChecks(RoutedCog):
    """The member's first messages; none of them is kept."""

    message = app_commands.Group(name="message", description="A first message: how to begin it, and a check")

    def __init__(self, checks: MessageCheckService, notes: AiNotes, rubric: MessageRubric, clock: Clock) -> None:
        self._checks = checks
        self._notes = notes
        self._rubric = rubric
        self._clock = clock
        self.routes = {
            "message_check.again": Route(Audience.MEMBER, self._again),
            "message_check.all_the_same": Route(Audience.MEMBER, self._all_the_same),
            "message_check.send": Route(Audience.MEMBER, self._send),
            "again.message_check.send": Route(Audience.MEMBER, self._reopen),
            "message_check.starters": Route(Audience.MEMBER, self._starters),
            "message_check.starter": Route(Audience.MEMBER, self._starter),
        }

    @for_audience(Audience.MEMBER)
    @message.command(name="check", description="Paste a first message before you send it: what to mend, what to ask")
    async def check(self, interaction: discord.Interaction) -> None:
        """Open the form, or ask about AI notes first."""
        await self._begin(interaction, command_caller(interaction))

    @for_audience(Audience.MEMBER)
    @message.command(name="begin", description="You do not know what to say? A few words to begin with, by situation")
    async def begin(self, interaction: discord.Interaction) -> None:
        """Show the situations."""
        caller = command_caller(interaction)
        beginnings = await self._checks.starters(caller, self._clock())
        await replies.show(interaction, cards.starters(beginnings, caller.user_id))

    async def _again(self, click: Click) -> None:
        await self._begin(click.interaction, click.caller)

    async def _begin(self, interaction: discord.Interaction, caller: Caller) -> None:
        offer = await self._notes.offer(caller, self._clock())
        if offer.state is AiState.UNDECIDED:
            # A new message: the check that it may be asked from is nowhere else.
            await replies.show_new(interaction, ai_cards.notice(offer, caller.user_id, "message"))
        else:
            await replies.ask(interaction, cards.form(offer.state, caller.user_id))

    async def _all_the_same(self, click: Click) -> Form:
        return cards.form(AiState.OFF, click.owner, all_the_same=True)

    async def _reopen(self, click: Click) -> Form:
        offer = await self._notes.offer(click.caller, self._clock())
        state = AiState.OFF if click.args else offer.state
        return cards.form(state, click.owner, all_the_same=bool(click.args))

    async def _starters(self, click: Click) -> None:
        beginnings = await self._checks.starters(click.caller, self._clock())
        await replies.show_new(click.interaction, cards.starters(beginnings, click.owner))

    async def _starter(self, click: Click) -> Card:
        beginnings = await self._checks.starters(click.caller, self._clock())
        return cards.starter(click.chosen(beginnings.__getitem__), click.owner)

    async def _send(self, click: Click) -> None:
        text, owner = click.field("text"), click.owner
        value = await self._checks.check(click.caller, text, self._clock(), all_the_same=bool(click.args))
        if not value.sent or click.fields.get("ai") != cards.WITH_AI:
            await replies.show(click.interaction, cards.reviewed(value, self._rubric, owner))
            return
        await replies.show(click.interaction, cards.on_the_way(value, self._rubric, owner))
        # What stays if anything goes wrong that is not an outcome: nobody is left waiting for notes.
        answer = Critique(AiOutcome.UNREACHABLE)
        try:
            answer = await self._checks.critique(click.caller, text, self._clock())
        finally:
            await replies.amend(click.interaction, *cards.with_notes(value, answer, self._rubric, owner))
