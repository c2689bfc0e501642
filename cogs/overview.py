"""/cohort overview and preview: how the class is doing, and what the next week sends."""

import discord

from bot.coaching.cohort import Audience, Cohort
from bot.coaching.ids import CohortId
from bot.coaching.weeks import Clock
from bot.services.overview import OverviewService
from cogs import pictures, replies
from cogs.base import RoutedCog, cohort_group
from cogs.cards import overview as cards
from cogs.checks import command_caller, for_audience
from cogs.names import RoleCounts, missing_in
from cogs.pictures import Chart
from cogs.pictures.cohort import class_chart
from cogs.routes import Click, Route


class Overviews(RoutedCog):
    """The class in counts."""

    cohort = cohort_group()

    def __init__(self, views: OverviewService, roles: RoleCounts, clock: Clock) -> None:
        self._views = views
        self._roles = roles
        self._clock = clock
        self._drawn: dict[CohortId, tuple[Chart, bytes]] = {}
        """The last picture of each course: what it shows changes once a week, and drawing costs more than all else."""
        self.routes = {"cohort.statistics": Route(Audience.INSTRUCTOR, self._statistics)}

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="overview", description="How the class is doing, in ten seconds")
    async def overview(self, interaction: discord.Interaction) -> None:
        """Show how the class is doing, with its picture."""
        caller = command_caller(interaction)
        await replies.wait(interaction)
        value = await self._views.overview(caller, self._clock())
        size = await self._class_size(interaction.guild, value.cohort)
        chart = class_chart(value)
        words = None if chart is None else pictures.in_words(chart)
        files = {} if chart is None else {cards.PICTURE_NAME: await self._picture(value.cohort.id, chart)}
        missing = missing_in(interaction.guild, value.cohort.channel_id)
        await replies.show_files(interaction, cards.overview(value, caller.user_id, words, size, missing), files)

    async def _picture(self, cohort_id: CohortId, chart: Chart) -> bytes:
        drawn = self._drawn.get(cohort_id)
        if drawn is None or drawn[0] != chart:
            drawn = self._drawn[cohort_id] = chart, await pictures.png(chart)
        return drawn[1]

    async def _class_size(self, guild: discord.Guild | None, cohort: Cohort) -> int | None:
        """Count who has the course's student role; the size typed at setup where Discord does not say."""
        role = cohort.student_role_id
        counted = None if role is None else await self._roles.of(guild, role)
        return cohort.expected_size if counted is None else counted

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="preview", description="What the next seven days will send, and how one note reads")
    async def preview(self, interaction: discord.Interaction) -> None:
        """Show the week ahead."""
        value = await self._views.preview(command_caller(interaction), self._clock())
        await replies.show(interaction, cards.preview(value))

    async def _statistics(self, click: Click) -> None:
        value = await self._views.statistics(click.caller, self._clock())
        await replies.show_new(click.interaction, cards.statistics(value))
