"""/cohort setup, invite, breaks and status: the course's side, for whoever manages it."""

from collections.abc import Mapping
from datetime import date

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller, Cohort
from bot.coaching.errors import BadClassSize, BreakWithoutDay
from bot.coaching.footprint import Track
from bot.coaching.ids import ChannelId
from bot.coaching.weeks import BreakKind, Clock
from bot.services.ai_notes import AiNotes
from bot.services.cohort import BreakRequest, CohortService, DefaultsChange, SetupRequest
from bot.services.overview import OverviewService
from cogs import replies
from cogs.base import RoutedCog, cohort_group
from cogs.cards import ai_notes as ai_cards
from cogs.cards import announcements, course
from cogs.checks import command_caller, for_audience
from cogs.names import gone_from, hidden_from, missing_in, role_names
from cogs.routes import Card, Click, Form, Route, row_number, weekday
from cogs.zones import zone_choices

LARGEST_CLASS = 10_000


class Cohorts(RoutedCog):
    """A course, from its set-up on."""

    cohort = cohort_group()

    def __init__(
        self,
        cohorts: CohortService,
        views: OverviewService,
        ai_notes: AiNotes,
        tracks: Mapping[str, Track],
        clock: Clock,
    ) -> None:
        self._cohorts = cohorts
        self._views = views
        self._ai_notes = ai_notes
        self._tracks = tracks
        self._clock = clock
        self.routes = {
            "cohort.break_remove": Route(Audience.STAFF, self._break_remove),
            "cohort.day": Route(Audience.MANAGER, self._day),
            "cohort.hour": Route(Audience.MANAGER, self._hour),
            "cohort.sections": Route(Audience.MANAGER, self._sections),
            "cohort.track": Route(Audience.MANAGER, self._track),
            "cohort.details": Route(Audience.MANAGER, self._details),
            "cohort.not_reached": Route(Audience.STAFF, self._not_reached),
            "cohort.no_support": Route(Audience.MANAGER, self._no_support),
            "cohort.details_save": Route(Audience.MANAGER, self._details_save),
            "again.cohort.details_save": Route(Audience.MANAGER, self._details),
            "cohort.reviewer": Route(Audience.STAFF, self._reviewer),
            "cohort.register_switch": Route(Audience.MANAGER, self._register_switch),
            "cohort.retention": Route(Audience.MANAGER, self._retention),
            "cohort.setup_reviewer": Route(Audience.MANAGER, self._setup_reviewer),
        }

    @for_audience(Audience.MANAGER)
    @cohort.command(name="setup", description="Open the course in this server, or change it")
    @app_commands.describe(
        course_name="What the course is called, at most 60 characters",
        term_start="First day of the term, like 7 September",
        term_end="Last day of the term, like 18 December",
        time_zone="The course's time zone; start typing a city",
        instructor_role="The role whose members may see the class",
        register=course.REGISTER_QUESTION,
        student_role="The role of everybody who takes the course, to know how many have not joined",
        student_number="Ask members for a student number or login, which they may leave out",
        channel="The channel your class reads, for the weeks to be announced in",
    )
    @app_commands.choices(
        register=[
            app_commands.Choice(name=course.REGISTER_YES, value="yes"),
            app_commands.Choice(name=course.REGISTER_NO, value="no"),
        ]
    )
    async def setup(
        self,
        interaction: discord.Interaction,
        course_name: str | None = None,
        term_start: str | None = None,
        term_end: str | None = None,
        time_zone: str | None = None,
        instructor_role: discord.Role | None = None,
        register: str | None = None,
        student_role: discord.Role | None = None,
        student_number: bool | None = None,
        channel: discord.TextChannel | None = None,
    ) -> None:
        """Open or change the course, then show the card to adjust the rest."""
        request = SetupRequest(
            course_name,
            term_start,
            term_end,
            time_zone,
            instructor_role and instructor_role.id,
            None if register is None else register == "yes",
            student_role and student_role.id,
            student_number,
            channel and ChannelId(channel.id),
        )
        cohort = await self._cohorts.set_up(command_caller(interaction), request, self._clock())
        await self._show_setup(interaction, cohort)

    @setup.autocomplete("time_zone")
    async def _zones(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return zone_choices(typed, self._clock())

    @for_audience(Audience.STAFF)
    @cohort.command(name="invite", description="Post the public invitation with the Join button in this channel")
    async def invite(self, interaction: discord.Interaction) -> None:
        """Post the invitation."""
        cohort = await self._cohorts.course(command_caller(interaction), Audience.STAFF)
        await replies.post(interaction, course.panel(cohort))

    @for_audience(Audience.STAFF)
    @cohort.command(name="breaks", description="Days without notes: holidays and exam weeks; without options, the list")
    @app_commands.describe(
        kind="Exam weeks get one note before them",
        first_day="First day, like 21 December",
        last_day="Last day, like 6 January; without it, one day",
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
        name="status",
        description="How delivery stands: how many notes arrived; and whether AI notes are on",
    )
    async def status(self, interaction: discord.Interaction) -> None:
        """Show how delivery stands."""
        await self._show_status(interaction, command_caller(interaction))

    async def _register_switch(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(register=_on(click)))

    async def _retention(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(retention_days=click.chosen(int)))

    async def _setup_reviewer(self, click: Click) -> None:
        cohort = await self._ai_notes.set_reviewer(click.caller, on=_on(click))
        await self._show_setup(click.interaction, cohort)

    async def _break_remove(self, click: Click) -> Card:
        changed = await self._cohorts.remove_break(click.caller, click.arg(date.fromisoformat), self._clock())
        return course.breaks(changed, click.owner)

    async def _reviewer(self, click: Click) -> None:
        await self._ai_notes.set_reviewer(click.caller, on=_on(click))
        await self._show_status(click.interaction, click.caller)

    async def _show_status(self, interaction: discord.Interaction, caller: Caller) -> None:
        now = self._clock()
        value = await self._cohorts.status(caller, now)
        if value.cohort.closed_at is not None:
            await replies.show(interaction, course.status(value, caller.user_id))
            return
        usage = await self._ai_notes.usage(caller, now)
        hidden = await hidden_from(interaction, value.cohort.instructor_role_id)
        gone = gone_from(interaction.guild, value.cohort, value.sections)
        beside = [
            announcements.trouble(value.cohort, missing_in(interaction.guild, value.cohort.channel_id)),
            *ai_cards.for_staff(usage, caller.user_id),
        ]
        await replies.show(interaction, course.status(value, caller.user_id, *beside, hidden=hidden, gone=gone))

    async def _not_reached(self, click: Click) -> None:
        await self._cohorts.status(click.caller, self._clock())  # asked for its refusals
        await replies.show_new(click.interaction, course.not_reached())

    async def _day(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(nudge_day=click.chosen(weekday)))

    async def _hour(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(nudge_hour=click.chosen(int)))

    async def _track(self, click: Click) -> None:
        chosen = click.chosen(str)
        await self._adjust(click, DefaultsChange(track="" if chosen == "-" else chosen))

    async def _details(self, click: Click) -> Form:
        return course.details(await self._cohorts.course(click.caller, Audience.MANAGER), click.owner)

    async def _no_support(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(support_contact=""))

    async def _details_save(self, click: Click) -> None:
        change = DefaultsChange(
            expected_size=_class_size(click.field("size").strip()),
            support_contact=click.field("contact"),
        )
        await self._adjust(click, change)

    async def _adjust(self, click: Click, change: DefaultsChange) -> None:
        cohort = await self._cohorts.adjust(click.caller, change, self._clock())
        await self._show_setup(click.interaction, cohort)

    async def _sections(self, click: Click) -> None:
        chosen = [click.chosen(row_number, at) for at in range(len(click.values))]
        cohort = await self._cohorts.course(click.caller, Audience.MANAGER)
        roles = [role for role in chosen if role != cohort.instructor_role_id and not _is_of_bot(click, role)]
        await self._views.set_sections(click.caller, roles)
        await self._show_setup(click.interaction, cohort)

    async def _show_setup(self, interaction: discord.Interaction, cohort: Cohort) -> None:
        who = interaction.extras["caller"]
        sections = await self._views.section_roles(who)
        hidden = await hidden_from(interaction, cohort.instructor_role_id)
        reviewer = self._ai_notes.reviewer is not None
        plan = await self._cohorts.has_plan(who)
        card = course.setup(
            cohort,
            self._tracks,
            who.user_id,
            [*role_names(interaction.guild, sections)],
            reviewer=reviewer,
            hidden=hidden,
            plan=plan,
            missing=missing_in(interaction.guild, cohort.channel_id),
            gone=gone_from(interaction.guild, cohort, sections),
        )
        await replies.show(interaction, card)


def _on(click: Click) -> bool:
    """Read whether a switch was pressed to *on*; raises OldCard for anything else."""
    return bool(click.arg(("off", "on").index))


def _is_of_bot(click: Click, role_id: int) -> bool:
    """Whether Discord manages a role, for a bot or a subscription; its select offers such roles too."""
    guild = click.interaction.guild
    role = None if guild is None else guild.get_role(role_id)
    return role is not None and role.managed


def _class_size(written: str) -> int:
    """Return the class size, 0 for an empty text; raises BadClassSize."""
    if not written:
        return 0
    if not (written.isascii() and written.isdigit()) or not 1 <= int(written) <= LARGEST_CLASS:
        raise BadClassSize
    return int(written)
