"""/cohort: set the course up, invite to it, see how it is doing."""

from collections.abc import Mapping

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.footprint import Track
from bot.coaching.ids import UserId
from bot.coaching.texts import checked_number
from bot.coaching.weeks import Clock
from bot.services.cohort import CohortService, DefaultsChange, SetupRequest
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import course
from cogs.checks import command_caller, for_audience
from cogs.routes import Click, Route
from cogs.zones import zone_choices

LARGEST_CLASS = 10_000


class Cohorts(RoutedCog):
    """The course's side: for whoever manages the server, and for instructors."""

    cohort = app_commands.Group(name="cohort", description="Set the course up and see how it is doing", guild_only=True)

    def __init__(self, cohorts: CohortService, tracks: Mapping[str, Track], clock: Clock) -> None:
        self._cohorts = cohorts
        self._tracks = tracks
        self._clock = clock

    @property
    def routes(self) -> Mapping[str, Route]:
        """Return where this cog's components lead."""
        return {
            "cohort.day": Route(Audience.MANAGER, self._day),
            "cohort.hour": Route(Audience.MANAGER, self._hour),
            "cohort.track": Route(Audience.MANAGER, self._track),
            "cohort.details": Route(Audience.MANAGER, self._details),
            "cohort.details_save": Route(Audience.MANAGER, self._details_save),
        }

    @for_audience(Audience.MANAGER)
    @cohort.command(name="setup", description="Open the course in this server, or change it")
    @app_commands.describe(
        course_name="What the course is called, at most 60 characters",
        term_start="First day of the term, as year-month-day",
        term_end="Last day of the term, as year-month-day",
        time_zone="The course's time zone; start typing a city",
        instructor_role="The role whose members may see the class overview",
    )
    async def setup(
        self,
        interaction: discord.Interaction,
        course_name: str | None = None,
        term_start: str | None = None,
        term_end: str | None = None,
        time_zone: str | None = None,
        instructor_role: discord.Role | None = None,
    ) -> None:
        """Open or change the course, then show the card to adjust the rest."""
        request = SetupRequest(course_name, term_start, term_end, time_zone, instructor_role and instructor_role.id)
        cohort = await self._cohorts.set_up(command_caller(interaction), request, self._clock())
        await replies.show(interaction, course.setup(cohort, self._tracks, UserId(interaction.user.id)))

    @setup.autocomplete("time_zone")
    async def _zones(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return zone_choices(typed)

    @for_audience(Audience.STAFF)
    @cohort.command(name="invite", description="Post the public invitation with the Join button in this channel")
    async def invite(self, interaction: discord.Interaction) -> None:
        """Post the invitation."""
        cohort = await self._cohorts.course(command_caller(interaction), Audience.STAFF)
        await replies.post(interaction, course.panel(cohort))

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="overview", description="How the class is doing, in counts that single nobody out")
    async def overview(self, interaction: discord.Interaction) -> None:
        """Show the class overview."""
        value = await self._cohorts.overview(command_caller(interaction), self._clock())
        await replies.show(interaction, course.overview(value))

    async def _day(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(nudge_day=int(click.values[0])))

    async def _hour(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(nudge_hour=int(click.values[0])))

    async def _track(self, click: Click) -> None:
        chosen = click.values[0]
        await self._adjust(click, DefaultsChange(track="" if chosen == "-" else chosen))

    async def _details(self, click: Click) -> None:
        cohort = await self._cohorts.course(click.caller, Audience.MANAGER)
        await replies.ask(click.interaction, course.details(cohort, click.caller.user_id))

    async def _details_save(self, click: Click) -> None:
        size = click.fields["size"].strip()
        change = DefaultsChange(
            expected_size=checked_number("The class size", size, 1, LARGEST_CLASS) if size else 0,
            support_contact=click.fields["contact"],
        )
        await self._adjust(click, change)

    async def _adjust(self, click: Click, change: DefaultsChange) -> None:
        cohort = await self._cohorts.adjust(click.caller, change, self._clock())
        await replies.show(click.interaction, course.setup(cohort, self._tracks, click.caller.user_id))
