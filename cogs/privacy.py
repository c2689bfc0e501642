"""/privacy: what is kept of you, who sees it, what you share, all of it to take along, and the end of it.

For anyone, in the server and in direct messages: what somebody gave stays theirs when they left or the course closed.
No service behind it reads anything but what belongs to the caller's own account, which Discord vouches for.
"""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience, Caller, SharedItem
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId
from bot.coaching.weeks import Clock
from bot.services.erasure import ErasureService, OwnMessages
from bot.services.rights import RightsService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import privacy as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Click, Route, row_number


class Privacy(RoutedCog):
    """A member's rights."""

    privacy = app_commands.Group(name="privacy", description="What is kept about you, who sees it, and how it ends")

    def __init__(self, rights: RightsService, erasure: ErasureService, messages: OwnMessages, clock: Clock) -> None:
        self._rights = rights
        self._erasure = erasure
        self._messages = messages
        self._clock = clock
        self.routes = {
            "privacy.stored": Route(Audience.ANYONE, self._stored),
            "privacy.seen": Route(Audience.ANYONE, self._seen),
            "nudge.seen": Route(Audience.ANYONE, self._seen_in_course),
            "privacy.share": Route(Audience.ANYONE, self._share),
            "privacy.set": Route(Audience.ANYONE, self._set),
            "privacy.export": Route(Audience.ANYONE, self._export),
            "nudge.parcel": Route(Audience.ANYONE, self._export),
            "privacy.delete": Route(Audience.ANYONE, self._delete),
            "privacy.erase": Route(Audience.ANYONE, self._erase),
            "privacy.erase_all": Route(Audience.ANYONE, self._erase_all),
            "privacy.clear": Route(Audience.ANYONE, self._clear),
        }

    @for_audience(Audience.ANYONE)
    @privacy.command(name="stored", description="What is kept about you: how much, what for, how long, who sees it")
    async def stored(self, interaction: discord.Interaction) -> None:
        """Show what is kept."""
        await self._show_stored(interaction, command_caller(interaction), None)

    @for_audience(Audience.ANYONE)
    @privacy.command(name="seen", description="Exactly what your instructors see of you, and who looked when")
    async def seen(self, interaction: discord.Interaction) -> None:
        """Show what instructors see."""
        await self._show_seen(interaction, command_caller(interaction), None)

    @for_audience(Audience.ANYONE)
    @privacy.command(name="share", description="Let your instructors see your goal or more, or stop it")
    async def share(self, interaction: discord.Interaction) -> None:
        """Show what is shared."""
        await self._show_share(interaction, command_caller(interaction), None)

    @for_audience(Audience.ANYONE)
    @privacy.command(
        name="export", description="All that is kept about you as files, and your days ahead as a calendar"
    )
    async def export(self, interaction: discord.Interaction) -> None:
        """Send the files."""
        await self._send_export(interaction, command_caller(interaction))

    @for_audience(Audience.ANYONE)
    @privacy.command(name="delete", description="Delete all that is kept about you, for good, after one question")
    async def delete(self, interaction: discord.Interaction) -> None:
        """Show what would go."""
        await self._show_delete(interaction, command_caller(interaction))

    async def _stored(self, click: Click) -> None:
        await self._show_stored(click.interaction, click.caller, _chosen(click))

    async def _seen(self, click: Click) -> None:
        await self._show_seen(click.interaction, click.caller, _chosen(click))

    async def _seen_in_course(self, click: Click) -> None:
        course = CohortId(click.number())
        value = await self._rights.seen(click.caller, None, self._clock(), course=course)
        owner = click.caller.user_id
        await replies.show_new(
            click.interaction, cards.not_a_member(owner) if value is None else cards.seen(value, owner)
        )

    async def _share(self, click: Click) -> None:
        await self._show_share(click.interaction, click.caller, _chosen(click))

    async def _delete(self, click: Click) -> None:
        await self._show_delete(click.interaction, click.caller)

    async def _export(self, click: Click) -> None:
        await self._send_export(click.interaction, click.caller)

    async def _show_stored(self, interaction: discord.Interaction, caller: Caller, chosen: EnrolmentId | None) -> None:
        value = await self._rights.stored(caller, chosen)
        owner = caller.user_id
        await replies.show(interaction, cards.stored(value, owner) if value.known else cards.unknown(owner))

    async def _show_seen(self, interaction: discord.Interaction, caller: Caller, chosen: EnrolmentId | None) -> None:
        value = await self._rights.seen(caller, chosen, self._clock())
        owner = caller.user_id
        await replies.show(interaction, cards.not_a_member(owner) if value is None else cards.seen(value, owner))

    async def _show_share(self, interaction: discord.Interaction, caller: Caller, chosen: EnrolmentId | None) -> None:
        value = await self._rights.sharing(caller, chosen)
        owner = caller.user_id
        await replies.show(interaction, cards.not_a_member(owner) if value is None else cards.share(value, owner))

    async def _set(self, click: Click) -> None:
        enrolment_id, code = EnrolmentId(click.number()), click.arg(str, 1)
        on = click.arg({"on": True, "off": False}.__getitem__, 2)
        if code == cards.GREET:
            value = await self._rights.greet_me(click.caller, enrolment_id, self._clock(), on=on)
        elif code == cards.PORTFOLIO:
            value = await self._rights.take_portfolio_back(click.caller, enrolment_id)
        else:
            item = click.arg(SharedItem, 1)
            value = await self._rights.share(click.caller, enrolment_id, item, self._clock(), on=on)
        await replies.show(click.interaction, cards.share(value, click.caller.user_id))

    async def _send_export(self, interaction: discord.Interaction, caller: Caller) -> None:
        export = await self._rights.export(caller, self._clock())
        if export is None:
            await replies.show(interaction, cards.unknown(caller.user_id))
            return
        # A card that it was asked from stays: *Export first* comes before *Delete*.
        await replies.show_new(interaction, cards.exported(export.days, caller.user_id))
        files = {"my-data.md": export.markdown, "my-data.json": export.json, "follow-ups.ics": export.ics}
        await replies.attach(interaction, [(name, text.encode()) for name, text in files.items() if text])

    async def _show_delete(self, interaction: discord.Interaction, caller: Caller) -> None:
        value = await self._erasure.erasable(caller)
        owner = caller.user_id
        await replies.show(interaction, cards.unknown(owner) if value is None else cards.delete(value, owner))

    async def _erase(self, click: Click) -> None:
        await self._end(click, messages=False)

    async def _erase_all(self, click: Click) -> None:
        await self._end(click, messages=True)

    async def _end(self, click: Click, *, messages: bool) -> None:
        zone = await self._rights.zone(click.caller)  # before it is gone
        value = await self._erasure.erase(click.caller, click.arg(str), self._clock())
        owner = click.caller.user_id
        if value is None:
            await replies.show(click.interaction, cards.unknown(owner))
            return
        await replies.show(click.interaction, cards.receipt(value, owner, zone, messages=messages))
        if messages:
            await self._clear_messages(click, value.channel_id)

    async def _clear(self, click: Click) -> None:
        # It may take minutes, and has to be answered within seconds.
        await replies.show_new(click.interaction, cards.clearing())
        await self._clear_messages(click, None)

    async def _clear_messages(self, click: Click, channel_id: ChannelId | None) -> None:
        value = await self._messages.clear(click.caller, channel_id)
        await replies.show_new(click.interaction, cards.cleared(value))


def _chosen(click: Click) -> EnrolmentId | None:
    """Return the place that a menu or a button names."""
    if click.values:
        return EnrolmentId(click.chosen(row_number))
    return EnrolmentId(click.number()) if click.args else None
