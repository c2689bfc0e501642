"""/cohort: set the course up, invite to it, see how it is doing."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller, Cohort
from bot.coaching.errors import BadClassSize, BreakWithoutDay, NamesUnavailable
from bot.coaching.footprint import Track
from bot.coaching.ids import CohortId, EnrolmentId, FeedbackId, UserId
from bot.coaching.register import RegisterFilter
from bot.coaching.weeks import BreakKind, Clock
from bot.services.bios import BioService
from bot.services.checkin import CheckinService
from bot.services.closing import ClosingService
from bot.services.cohort import BreakRequest, CohortService, DefaultsChange, SetupRequest
from bot.services.digest import DigestService
from bot.services.exports import ExportService, ExportWish
from bot.services.feedback import FeedbackService
from bot.services.overview import OverviewService
from bot.services.register import RegisterService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import bios as bio_cards
from cogs.cards import checkin as checkin_cards
from cogs.cards import closing as closing_cards
from cogs.cards import course
from cogs.cards import feedback as feedback_cards
from cogs.cards import overview as overview_cards
from cogs.cards import register as register_cards
from cogs.checks import SERVER_ONLY, command_caller, for_audience
from cogs.names import Names, role_names
from cogs.pictures.cohort import class_png, in_words
from cogs.routes import Click, Route, row_number, weekday
from cogs.zones import zone_choices

LARGEST_CLASS = 10_000
SEPARATORS = {"comma": ",", "semicolon": ";"}


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
        digests: DigestService,
        closing: ClosingService,
        checkins: CheckinService,
        exports: ExportService,
        register: RegisterService,
        names: Names,
        tracks: Mapping[str, Track],
        clock: Clock,
    ) -> None:
        self._cohorts = cohorts
        self._views = views
        self._feedback = feedback
        self._bios = bios
        self._digests = digests
        self._closing = closing
        self._checkins = checkins
        self._exports = exports
        self._register = register
        self._names = names
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
            "cohort.no_support": Route(Audience.MANAGER, self._no_support),
            "cohort.details_save": Route(Audience.MANAGER, self._details_save),
            "cohort.feedback": Route(Audience.INSTRUCTOR, self._older_feedback),
            "cohort.greeted": Route(Audience.INSTRUCTOR, self._greeted),
            "cohort.digest_ask": Route(Audience.INSTRUCTOR, self._digest_ask),
            # Takes out the presser's own wish alone; under a digest it works in the DM, where nobody has a role.
            "cohort.digest_stop": Route(Audience.ANYONE, self._digest_stop),
            "nudge.digest_stop": Route(Audience.ANYONE, self._digest_stop),
            "cohort.close": Route(Audience.MANAGER, self._close),
            "cohort.reviewer": Route(Audience.STAFF, self._reviewer),
            "cohort.register_switch": Route(Audience.MANAGER, self._register_switch),
            "cohort.retention": Route(Audience.MANAGER, self._retention),
            "cohort.setup_reviewer": Route(Audience.MANAGER, self._setup_reviewer),
            "cohort.hello": Route(Audience.INSTRUCTOR, self._hello),
            "cohort.checkin": Route(Audience.INSTRUCTOR, self._checkin_page),
            "cohort.statistics": Route(Audience.INSTRUCTOR, self._statistics),
            "cohort.export": Route(Audience.INSTRUCTOR, self._export),
            "cohort.register": Route(Audience.INSTRUCTOR, self._register_open),
            "cohort.register_page": Route(Audience.INSTRUCTOR, self._register_page),
            "cohort.register_filter": Route(Audience.INSTRUCTOR, self._register_filter),
            "cohort.register_section": Route(Audience.INSTRUCTOR, self._register_section),
            "cohort.register_hide": Route(Audience.INSTRUCTOR, self._register_hide),
            "cohort.register_open": Route(Audience.INSTRUCTOR, self._register_member),
        }

    @for_audience(Audience.MANAGER)
    @cohort.command(name="setup", description="Open the course in this server, or change it")
    @app_commands.describe(
        course_name="What the course is called, at most 60 characters",
        term_start="First day of the term, as year-month-day",
        term_end="Last day of the term, as year-month-day",
        time_zone="The course's time zone; start typing a city",
        instructor_role="The role whose members may see the class",
        register=course.REGISTER_QUESTION,
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
    ) -> None:
        """Open or change the course, then show the card to adjust the rest."""
        answer = None if register is None else register == "yes"
        role_id = instructor_role and instructor_role.id
        request = SetupRequest(course_name, term_start, term_end, time_zone, role_id, answer)
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

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="overview", description="How the class is doing, in ten seconds")
    async def overview(self, interaction: discord.Interaction) -> None:
        """Show how the class is doing, with its picture."""
        caller = command_caller(interaction)
        await replies.wait(interaction)
        value = await self._views.overview(caller, self._clock())
        shown = overview_cards.picture(value)
        if shown is None:
            await replies.show(interaction, overview_cards.overview(value, caller.user_id, None))
            return
        drawn = await asyncio.to_thread(class_png, shown)
        card = overview_cards.overview(value, caller.user_id, in_words(shown))
        await replies.show_picture(interaction, card, drawn, overview_cards.PICTURE_NAME)

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="register", description="The class by name: who has done what, never what they wrote")
    @app_commands.describe(section="One section of the class, by its role")
    async def register(self, interaction: discord.Interaction, section: discord.Role | None = None) -> None:
        """Show the register."""
        view = register_cards.View(section=section and section.id)
        await self._show_register(interaction, command_caller(interaction), view)

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
        name="status",
        description="How delivery stands: how many notes arrived; and whether the AI reviewer of bios is on",
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

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="digest", description="A weekly summary of the class by direct message, and how it reads")
    async def digest(self, interaction: discord.Interaction) -> None:
        """Show whether the caller gets the digest, and a sample."""
        caller = command_caller(interaction)
        value = await self._digests.show(caller, self._clock())
        await replies.show(interaction, closing_cards.digest(value, caller.user_id))

    @for_audience(Audience.MANAGER)
    @cohort.command(name="close", description="End the course: each member gets a parcel; asks before it does anything")
    async def close(self, interaction: discord.Interaction) -> None:
        """Show what closing means."""
        caller = command_caller(interaction)
        value = await self._closing.ending(caller, self._clock())
        await replies.show(interaction, closing_cards.ending(value, caller.user_id))

    async def _digest_ask(self, click: Click) -> None:
        value = await self._digests.ask(click.caller, self._clock())
        await replies.show(click.interaction, closing_cards.digest(value, click.caller.user_id))

    async def _digest_stop(self, click: Click) -> None:
        await self._digests.stop(click.caller, CohortId(click.number()))
        await replies.show(click.interaction, closing_cards.digest_stopped())

    async def _close(self, click: Click) -> None:
        value = await self._closing.close(click.caller, CohortId(click.number()), self._clock())
        await replies.show(click.interaction, closing_cards.closed(value))

    async def _older_feedback(self, click: Click) -> None:
        before = FeedbackId(click.number()) if click.args else None
        value = await self._feedback.page(click.caller, before, self._clock())
        await replies.show(click.interaction, feedback_cards.page(value, click.caller.user_id))

    async def _greeted(self, click: Click) -> None:
        member, asked_at = EnrolmentId(click.number()), click.number(1)
        value = await self._feedback.greet(click.caller, member, self._clock(), asked_at=asked_at)
        await replies.show(click.interaction, feedback_cards.page(value, click.caller.user_id))

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="checkin", description="Who might welcome a hello and why, those who asked first")
    async def checkin(self, interaction: discord.Interaction) -> None:
        """Show who might welcome a hello."""
        caller = command_caller(interaction)
        value = await self._checkins.checkin(caller, 0, self._clock())
        await replies.show(interaction, checkin_cards.checkin(value, caller.user_id))

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="member", description="What you may see of one member, and what they share with you")
    @app_commands.describe(member="Whom; they can read that you looked")
    async def member(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Show what may be seen of one member."""
        value = await self._checkins.member(
            command_caller(interaction), UserId(member.id), self._clock(), is_bot=member.bot
        )
        await replies.show(interaction, checkin_cards.member(value))

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="export", description="Files for a spreadsheet: the register, and the class by weeks")
    @app_commands.describe(
        names="Whose names stand in the register", separator="What separates cells; some spreadsheets expect semicolons"
    )
    @app_commands.choices(
        names=[
            app_commands.Choice(name="Names", value="names"),
            app_commands.Choice(name="Pseudonyms, for research", value="refs"),
        ],
        separator=[app_commands.Choice(name=f"{name.title()} {sign}", value=name) for name, sign in SEPARATORS.items()],
    )
    async def export(
        self, interaction: discord.Interaction, names: str | None = None, separator: str | None = None
    ) -> None:
        """Hand out the files."""
        wish = ExportWish(names != "refs", SEPARATORS[separator or "comma"])
        await self._show_export(interaction, command_caller(interaction), wish)

    async def _hello(self, click: Click) -> None:
        member, asked_at = EnrolmentId(click.number()), click.arg(int, 1) or None
        who, page = UserId(click.number(2)), click.arg(int, 3)
        value = await self._checkins.greet(click.caller, member, asked_at, page, self._clock())
        await replies.show(click.interaction, checkin_cards.checkin(value, click.caller.user_id, who))

    async def _checkin_page(self, click: Click) -> None:
        page = click.arg(int) if click.args else 0
        value = await self._checkins.checkin(click.caller, max(0, page), self._clock())
        # From the overview, which stays, it is a message of its own.
        show = replies.show if click.args else replies.show_new
        await show(click.interaction, checkin_cards.checkin(value, click.caller.user_id))

    async def _statistics(self, click: Click) -> None:
        value = await self._views.statistics(click.caller, self._clock())
        await replies.show_new(click.interaction, overview_cards.statistics(value))

    async def _export(self, click: Click) -> None:
        wish = ExportWish()
        if click.args:
            names = click.arg({"names": True, "refs": False}.__getitem__)
            wish = ExportWish(names, click.arg(SEPARATORS.__getitem__, 1))
        await self._show_export(click.interaction, click.caller, wish)

    async def _show_export(self, interaction: discord.Interaction, caller: Caller, wish: ExportWish) -> None:
        people = await self._exports.people(caller, self._clock()) if wish.names else []
        sections = await self._views.section_roles(caller)
        await replies.wait(interaction)
        names = await self._names.of(interaction.guild, people)
        roles = role_names(interaction.guild, sections)
        value = await self._exports.export(caller, wish, names, roles, self._clock())
        card = register_cards.export(value, caller.user_id)
        await replies.show_files(interaction, card, {one.name: one.content for one in value.files})

    # The register

    async def _register_open(self, click: Click) -> None:
        await self._show_register(click.interaction, click.caller, register_cards.View(), new=True)

    async def _register_page(self, click: Click) -> None:
        await self._show_register(click.interaction, click.caller, _view(click))

    async def _register_filter(self, click: Click) -> None:
        view = replace(_view(click), which=click.chosen(RegisterFilter), page=0)
        await self._show_register(click.interaction, click.caller, view)

    async def _register_section(self, click: Click) -> None:
        view = replace(_view(click), section=click.chosen(int) or None, page=0)
        await self._show_register(click.interaction, click.caller, view)

    async def _register_hide(self, click: Click) -> None:
        view = replace(_view(click), page=0, seed=secrets.token_hex(3))
        await self._show_register(click.interaction, click.caller, view)

    async def _register_member(self, click: Click) -> None:
        value = await self._checkins.member(click.caller, UserId(click.chosen(row_number)), self._clock())
        await replies.show_new(click.interaction, checkin_cards.member(value))

    async def _show_register(
        self, interaction: discord.Interaction, caller: Caller, view: register_cards.View, *, new: bool = False
    ) -> None:
        value = await self._register.find(caller, view.which, view.section, self._clock())
        await replies.soon(interaction, new=new)
        everybody = [one.user_id for one in value.matching]
        names: register_cards.Names = {}
        if not view.hidden and len(everybody) <= register_cards.SORTED_BY_NAME:
            names = await self._names_of(interaction, everybody)
        view, people = register_cards.of_page(register_cards.in_order(value, view, names), view)
        if not view.hidden and not names:
            names = await self._names_of(interaction, [one.user_id for one in people])
        rows = await self._register.rows(caller, [one.enrolment_id for one in people], self._clock())
        roles = role_names(interaction.guild, value.sections)
        await replies.answer(interaction, register_cards.page(value, view, rows, names, roles, caller.user_id))

    async def _names_of(self, interaction: discord.Interaction, people: list[UserId]) -> register_cards.Names:
        """Return display names; none where Discord does not give them, and then mentions stand in their place."""
        try:
            return await self._names.of(interaction.guild, people)
        except NamesUnavailable:
            return {}

    async def _register_switch(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(register=_on(click)))

    async def _retention(self, click: Click) -> None:
        await self._adjust(click, DefaultsChange(retention_days=click.chosen(int)))

    async def _setup_reviewer(self, click: Click) -> None:
        cohort = await self._bios.set_reviewer(click.caller, on=_on(click))
        await self._show_setup(click.interaction, cohort)

    async def _break_remove(self, click: Click) -> None:
        changed = await self._cohorts.remove_break(click.caller, click.arg(date.fromisoformat), self._clock())
        await replies.show(click.interaction, course.breaks(changed, click.caller.user_id))

    async def _reviewer(self, click: Click) -> None:
        await self._bios.set_reviewer(click.caller, on=_on(click))
        await self._show_status(click.interaction, click.caller)

    async def _show_status(self, interaction: discord.Interaction, caller: Caller) -> None:
        now = self._clock()
        value = await self._cohorts.status(caller, now)
        if value.cohort.closed_at is not None:
            await replies.show(interaction, course.status(value))
            return
        usage = await self._bios.usage(caller, now)
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
        chosen = [click.read(row_number, value) for value in click.values]
        cohort = await self._cohorts.course(click.caller, Audience.MANAGER)
        roles = [role for role in chosen if role != cohort.instructor_role_id and not _is_of_bot(click, role)]
        await self._views.set_sections(click.caller, roles)
        await self._show_setup(click.interaction, cohort)

    async def _show_setup(self, interaction: discord.Interaction, cohort: Cohort) -> None:
        who = interaction.extras["caller"]
        sections = await self._views.section_roles(who)
        card = course.setup(cohort, self._tracks, who.user_id, sections, reviewer=self._bios.has_reviewer)
        await replies.show(interaction, card)


def _on(click: Click) -> bool:
    """Return which way a switch was pressed."""
    return bool(click.arg(("off", "on").index))


def _is_of_bot(click: Click, role_id: int) -> bool:
    """Return whether Discord manages a role, for a bot or a subscription; its select offers such roles too."""
    guild = click.interaction.guild
    role = None if guild is None else guild.get_role(role_id)
    return role is not None and role.managed


def _view(click: Click) -> register_cards.View:
    """Return what of the register a card showed."""
    section, page = click.arg(int, 1) or None, max(0, click.arg(int, 2))
    return register_cards.View(click.arg(RegisterFilter), section, page, click.arg(str, 3))


def _class_size(written: str) -> int:
    """Return the class size, 0 for an empty text; raises BadClassSize."""
    if not written:
        return 0
    if not (written.isascii() and written.isdigit()) or not 1 <= int(written) <= LARGEST_CLASS:
        raise BadClassSize
    return int(written)
