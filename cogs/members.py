"""/start and the Join button; which course is meant in the DM."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.ids import CohortId
from bot.coaching.weeks import Clock
from bot.services.members import MemberService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import course
from cogs.checks import command_caller, for_audience
from cogs.names import RoleCounts
from cogs.routes import Card, Click, Route
from cogs.zones import zone_choices


class Members(RoutedCog):
    """How somebody becomes a member."""

    def __init__(self, members: MemberService, roles: RoleCounts, clock: Clock) -> None:
        self._members = members
        self._roles = roles
        self._clock = clock
        self.routes = {
            "start.open": Route(Audience.ANYONE, self._open),
            "start.details": Route(Audience.ANYONE, self._details),
            "start.join": Route(Audience.ANYONE, self._join),
            "course.choose": Route(Audience.ANYONE, self._choose),
            "course.switch": Route(Audience.ANYONE, self._switch),
        }

    @for_audience(Audience.ANYONE)
    @app_commands.command(name="start", description="Join the course: what comes, who sees what, and one tap")
    @app_commands.describe(zone="Your time zone, if it is not the course's; start typing a city")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def start(self, interaction: discord.Interaction, zone: str | None = None) -> None:
        """Show what comes and who sees what, and the button that joins."""
        await self._show_welcome(interaction, command_caller(interaction), zone)

    @start.autocomplete("zone")
    async def _zones(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return zone_choices(typed, self._clock())

    async def _open(self, click: Click) -> None:
        await self._show_welcome(click.interaction, click.caller, None)

    async def _show_welcome(self, interaction: discord.Interaction, caller: Caller, zone: str | None) -> None:
        value = await self._members.welcome(caller, zone)
        holders = await self._roles.of(interaction.guild, value.cohort.instructor_role_id)
        await replies.show(interaction, course.welcome(value, caller.user_id, holders))

    async def _details(self, click: Click) -> Card:
        return course.details_of_joining(await self._members.welcome(click.caller, click.arg(str)), click.owner)

    async def _join(self, click: Click) -> Card:
        return course.joined(await self._members.join(click.caller, click.arg(str), self._clock()), click.owner)

    async def _choose(self, click: Click) -> Card:
        return course.chosen(await self._members.choose_course(click.caller, CohortId(click.chosen(int))))

    async def _switch(self, click: Click) -> Card:
        return course.choose(await self._members.courses(click.caller), click.owner)
