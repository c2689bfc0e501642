"""/feedback: a question or a comment to the instructors, with or without a name; /cohort feedback: what they read."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Cohort
from bot.coaching.errors import OldCard
from bot.coaching.ids import CohortId, EnrolmentId, FeedbackId, UserId
from bot.coaching.weeks import Clock
from bot.services.feedback import FeedbackService, How
from cogs import replies
from cogs.base import RoutedCog, cohort_group
from cogs.cards import feedback as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route


class Feedbacks(RoutedCog):
    """What members tell their instructors."""

    cohort = cohort_group()

    def __init__(self, feedback: FeedbackService, help_lines: str, clock: Clock) -> None:
        self._feedback = feedback
        self._help_lines = help_lines
        self._clock = clock
        self.routes = {
            "feedback.send": Route(Audience.MEMBER, self._send),
            "again.feedback.send": Route(Audience.MEMBER, self._reopen),
            "feedback.take_back": Route(Audience.MEMBER, self._take_back),
            "feedback.answer": Route(Audience.MEMBER, self._send_answer),
            "again.feedback.answer": Route(Audience.MEMBER, self._answer),
            "nudge.answer": Route(Audience.MEMBER, self._answer),
            "cohort.feedback": Route(Audience.INSTRUCTOR, self._older),
            "cohort.greeted": Route(Audience.INSTRUCTOR, self._greeted),
        }

    @for_audience(Audience.MEMBER)
    @app_commands.command(
        name="feedback", description="Ask or tell your instructors something, without your name if you like"
    )
    async def feedback(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        # Asked for its refusals, before anybody types in vain.
        course = await self._feedback.course(command_caller(interaction), self._clock())
        await replies.ask(interaction, cards.form(course, self._help_lines, UserId(interaction.user.id)))

    async def _send(self, click: Click) -> Card:
        how, course = click.picked("how", How), CohortId(click.number())
        value = await self._feedback.tell(click.caller, how, click.field("text"), self._clock(), course=course)
        return cards.told(value, click.owner)

    async def _reopen(self, click: Click) -> Form:
        return cards.form(await self._course(click), self._help_lines, click.owner)

    async def _answer(self, click: Click) -> Form:
        return cards.answer(await self._course(click), self._help_lines, click.owner)

    async def _course(self, click: Click) -> Cohort:
        """Return the member's course; raises OldCard for a card of another one."""
        course = await self._feedback.course(click.caller, self._clock())
        if course.id != CohortId(click.number()):
            raise OldCard
        return course

    async def _send_answer(self, click: Click) -> None:
        course = CohortId(click.number())
        value = await self._feedback.tell(click.caller, How.SIGNED, click.field("text"), self._clock(), course=course)
        await replies.show_new(click.interaction, cards.told(value, click.owner))

    async def _take_back(self, click: Click) -> Card:
        was_open = await self._feedback.take_back(click.caller, self._clock())
        return cards.taken_back(was_open=was_open, with_note=bool(click.args))

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="feedback", description="Who asked you to get in touch, and what the class asks and tells you")
    async def read(self, interaction: discord.Interaction) -> None:
        """Show who asked to be contacted and the newest texts, and mark those as read."""
        caller = command_caller(interaction)
        value = await self._feedback.page(caller, None, self._clock())
        await replies.show(interaction, cards.page(value, caller.user_id))

    async def _older(self, click: Click) -> Card:
        before = FeedbackId(click.number()) if click.args else None
        return cards.page(await self._feedback.page(click.caller, before, self._clock()), click.owner)

    async def _greeted(self, click: Click) -> Card:
        member, asked_at = EnrolmentId(click.number()), click.number(1)
        value = await self._feedback.greet(click.caller, member, self._clock(), asked_at=asked_at)
        return cards.page(value, click.owner)
