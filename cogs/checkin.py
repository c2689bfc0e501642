"""/cohort checkin and member: who might welcome a hello, and what an instructor may see of one member."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.weeks import Clock
from bot.services.checkin import CheckinService
from cogs import replies
from cogs.base import RoutedCog, cohort_group
from cogs.cards import checkin as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Route, row_number


class Checkins(RoutedCog):
    """Members one by one, for their instructors."""

    cohort = cohort_group()

    def __init__(self, checkins: CheckinService, clock: Clock) -> None:
        self._checkins = checkins
        self._clock = clock
        self.routes = {
            "cohort.hello": Route(Audience.INSTRUCTOR, self._hello),
            "cohort.checkin": Route(Audience.INSTRUCTOR, self._page),
            "cohort.register_open": Route(Audience.INSTRUCTOR, self._member),
        }

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="checkin", description="Who might welcome a hello and why, those who asked first")
    async def checkin(self, interaction: discord.Interaction) -> None:
        """Show who might welcome a hello."""
        caller = command_caller(interaction)
        value = await self._checkins.checkin(caller, 0, self._clock())
        await replies.show(interaction, cards.checkin(value, caller.user_id))

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="member", description="What you may see of one member, and what they share with you")
    @app_commands.describe(member="Whom; they can read that you looked")
    async def member(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Show what may be seen of one member."""
        value = await self._checkins.member(
            command_caller(interaction), UserId(member.id), self._clock(), is_bot=member.bot
        )
        await replies.show(interaction, cards.member(value))

    async def _hello(self, click: Click) -> Card:
        member, asked_at = EnrolmentId(click.number()), click.arg(int, 1) or None
        who, page = UserId(click.number(2)), click.arg(int, 3)
        value = await self._checkins.greet(click.caller, member, asked_at, page, self._clock())
        return cards.checkin(value, click.owner, who)

    async def _page(self, click: Click) -> None:
        page = click.arg(int) if click.args else 0
        value = await self._checkins.checkin(click.caller, max(0, page), self._clock())
        # From the overview, which stays, it is a message of its own.
        show = replies.show if click.args else replies.show_new
        await show(click.interaction, cards.checkin(value, click.owner))

    async def _member(self, click: Click) -> None:
        value = await self._checkins.member(click.caller, UserId(click.chosen(row_number)), self._clock())
        await replies.show_new(click.interaction, cards.member(value))
