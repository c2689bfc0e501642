"""/cohort: set the course up, invite to it, see how it is doing."""

import asyncio
from collections.abc import Mapping
from datetime import date

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller, Cohort
from bot.coaching.errors import BadClassSize, BreakWithoutDay
from bot.coaching.footprint import Track
from bot.coaching.ids import EnrolmentId, FeedbackId, UserId
from bot.coaching.weeks import BreakKind, Clock
from bot.services.bios import BioService
from bot.services.cohort import BreakRequest, CohortService, DefaultsChange, SetupRequest
from bot.services.feedback import FeedbackService
from bot.services.overview import ClassChart, OverviewService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import bios as bio_cards
from cogs.cards import course
from cogs.cards import feedback as feedback_cards
from cogs.cards import overview as overview_cards
from cogs.checks import SERVER_ONLY, command_caller, for_audience
from cogs.pictures.cohort import class_png, in_words
from cogs.routes import Click, Route, row_number, weekday
from cogs.zones import zone_choices

LARGEST_CLASS = 10_000


class Cohorts(RoutedCog):
    """The course's side: for whoever manages the server, and for instructors."""

    cohort = app_commands.Group(
        name="cohort", description="Set the course up and see how it is doing", allowed_contexts=SERVER_ONLY
    )

    def __init__(
        self,
        cohorts: CohortService,
        views: OverviewService,
        feedback: FeedbackService,
        bios: BioService,
        tracks: Mapping[str, Track],
        clock: Clock,
    ) -> None:
        self._cohorts = cohorts
        self._views = views
        self._feedback = feedback
        self._bios = bios
        self._tracks = tracks
        self._clock = clock

    @property
    def routes(self) -> Mapping[str, Route]:
        """Return where this cog's components lead."""
        return {
            "cohort.break_remove": Route(Audience.STAFF, self._break_remove),
            "cohort.day": Route(Audience.MANAGER, self._day),
            "cohort.hour": Route(Audience.MANAGER, self._hour),
            "cohort.sections": Route(Audience.MANAGER, self._sections),
            "cohort.track": Route(Audience.MANAGER, self._track),
            "cohort.details": Route(Audience.MANAGER, self._details),
            "cohort.details_save": Route(Audience.MANAGER, self._details_save),
            "cohort.feedback": Route(Audience.INSTRUCTOR, self._older_feedback),
            "cohort.greeted": Route(Audience.INSTRUCTOR, self._greeted),
            "cohort.reviewer": Route(Audience.STAFF, self._reviewer),
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
        sections = await self._views.sections(command_caller(interaction))
        await replies.show(interaction, course.setup(cohort, self._tracks, UserId(interaction.user.id), sections))

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
    @cohort.command(name="overview", description="How the class is doing, in shares that single nobody out")
    @app_commands.describe(section="One section of the class, by its role")
    async def overview(self, interaction: discord.Interaction, section: discord.Role | None = None) -> None:
        """Show the class overview."""
        caller = command_caller(interaction)
        value = await self._views.overview(caller, self._clock(), section and section.id)
        await replies.show(interaction, overview_cards.overview(value))

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="chart", description="The class in a picture: week by week, and its sections side by side")
    async def chart(self, interaction: discord.Interaction) -> None:
        """Show the picture of the class."""
        value = await self._views.chart(command_caller(interaction), self._clock())
        shown = overview_cards.picture(value, _role_names(interaction, value))
        drawn = await asyncio.to_thread(class_png, shown)
        card = overview_cards.chart(in_words(shown))
        await replies.show_picture(interaction, card, drawn, overview_cards.PICTURE_NAME)

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="preview", description="What the next seven days will send, and how one note reads")
    async def preview(self, interaction: discord.Interaction) -> None:
        """Show the week ahead."""
        value = await self._views.preview(command_caller(interaction), self._clock())
        await replies.show(interaction, overview_cards.preview(value))

    @for_audience(Audience.STAFF)
    @cohort.command(name="breaks", description="Days without notes: holidays and exam weeks; without options, the list")
    @app_commands.describe(
        kind="Exam weeks get one note before them",
        first_day="First day, as year-month-day",
        last_day="Last day, as year-month-day; without it, one day",
    )
    @app_commands.choices(
        kind=[app_commands.Choice(name=course.BREAK_WORDS[one], value=one.value) for one in BreakKind]
    )
    async def breaks(
        self,
        interaction: discord.Interaction,
        kind: str | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
    ) -> None:
        """Show the breaks, after adding one if it is given."""
        caller = command_caller(interaction)
        if first_day is None and (kind or last_day):
            raise BreakWithoutDay
        if first_day is None:
            changed = await self._cohorts.breaks(caller)
        else:
            request = BreakRequest(BreakKind(kind or BreakKind.BREAK), first_day, last_day)
            changed = await self._cohorts.add_break(caller, request, self._clock())
        await replies.show(interaction, course.breaks(changed, caller.user_id))

    @for_audience(Audience.STAFF)
    @cohort.command(
        name="status", description="How delivery stands: sent, held and why; and whether the AI reviewer of bios is on"
    )
    async def status(self, interaction: discord.Interaction) -> None:
        """Show how delivery stands."""
        await self._show_status(interaction, command_caller(interaction))

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="feedback", description="Who asked you to get in touch, and what the class asks and tells you")
    async def feedback(self, interaction: discord.Interaction) -> None:
        """Show who asked to be contacted and the newest texts, and mark those as read."""
        caller = command_caller(interaction)
        value = await self._feedback.page(caller, None, self._clock())
        await replies.show(interaction, feedback_cards.page(value, caller.user_id))

    async def _older_feedback(self, click: Click) -> None:
        before = FeedbackId(click.number()) if click.args else None
        value = await self._feedback.page(click.caller, before, self._clock())
        await replies.show(click.interaction, feedback_cards.page(value, click.caller.user_id))

    async def _greeted(self, click: Click) -> None:
        member, asked_at = EnrolmentId(click.number()), click.number(1)
        value = await self._feedback.greet(click.caller, member, self._clock(), asked_at=asked_at)
        await replies.show(click.interaction, feedback_cards.page(value, click.caller.user_id))

    async def _break_remove(self, click: Click) -> None:
        changed = await self._cohorts.remove_break(click.caller, click.arg(date.fromisoformat), self._clock())
        await replies.show(click.interaction, course.breaks(changed, click.caller.user_id))

    async def _reviewer(self, click: Click) -> None:
        await self._bios.set_reviewer(click.caller, on=bool(click.arg(("off", "on").index)))
        await self._show_status(click.interaction, click.caller)

    async def _show_status(self, interaction: discord.Interaction, caller: Caller) -> None:
        now = self._clock()
        value, usage = await self._cohorts.status(caller, now), await self._bios.usage(caller, now)
        await replies.show(interaction, course.status(value, *bio_cards.for_staff(usage, caller.user_id)))

    async def _day(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(nudge_day=click.chosen(weekday)))

    async def _hour(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(nudge_hour=click.chosen(int)))

    async def _track(self, click: Click) -> None:
        chosen = click.chosen(str)
        await self._adjust(click, DefaultsChange(track="" if chosen == "-" else chosen))

    async def _details(self, click: Click) -> None:
        cohort = await self._cohorts.course(click.caller, Audience.MANAGER)
        await replies.ask(click.interaction, course.details(cohort, click.caller.user_id))

    async def _details_save(self, click: Click) -> None:
        change = DefaultsChange(
            expected_size=_class_size(click.field("size").strip()),
            support_contact=click.field("contact"),
        )
        await self._adjust(click, change)

    async def _adjust(self, click: Click, change: DefaultsChange) -> None:
        cohort = await self._cohorts.adjust(click.caller, change, self._clock())
        await self._show_setup(click, cohort)

    async def _sections(self, click: Click) -> None:
        roles = [click.read(row_number, value) for value in click.values]
        await self._views.set_sections(click.caller, roles)
        await self._show_setup(click, await self._cohorts.course(click.caller, Audience.MANAGER))

    async def _show_setup(self, click: Click, cohort: Cohort) -> None:
        sections = await self._views.sections(click.caller)
        await replies.show(click.interaction, course.setup(cohort, self._tracks, click.caller.user_id, sections))


def _role_names(interaction: discord.Interaction, value: ClassChart) -> dict[int, str]:
    """Return what the roles of the sections are called; one that is gone has no name."""
    guild = interaction.guild
    found = {one.role: guild and guild.get_role(one.role) for one in value.sections}
    return {role: one.name for role, one in found.items() if one is not None}


def _class_size(written: str) -> int:
    """Return the class size, 0 for an empty text; raises BadClassSize."""
    if not written:
        return 0
    if not (written.isascii() and written.isdigit()) or not 1 <= int(written) <= LARGEST_CLASS:
        raise BadClassSize
    return int(written)
