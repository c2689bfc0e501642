"""/cohort digest and close: the weekly summary for instructors, and the end of the course."""

import discord

from bot.coaching.cohort import Audience
from bot.coaching.ids import CohortId
from bot.coaching.weeks import Clock
from bot.services.closing import ClosingService
from bot.services.digest import DigestService
from cogs import replies
from cogs.base import RoutedCog, cohort_group
from cogs.cards import closing as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Route


class Closings(RoutedCog):
    """What comes of a week and of a term."""

    cohort = cohort_group()

    def __init__(self, digests: DigestService, closing: ClosingService, clock: Clock) -> None:
        self._digests = digests
        self._closing = closing
        self._clock = clock
        self.routes = {
            "cohort.digest_ask": Route(Audience.INSTRUCTOR, self._digest_ask),
            # Takes out the presser's own wish alone; under a digest it works in the DM, where nobody has a role.
            "cohort.digest_stop": Route(Audience.ANYONE, self._digest_stop),
            "nudge.digest_stop": Route(Audience.ANYONE, self._digest_stop),
            "cohort.close": Route(Audience.MANAGER, self._close),
        }

    @for_audience(Audience.INSTRUCTOR)
    @cohort.command(name="digest", description="A weekly summary of the class by direct message, and how it reads")
    async def digest(self, interaction: discord.Interaction) -> None:
        """Show whether the caller gets the digest, and a sample."""
        caller = command_caller(interaction)
        value = await self._digests.show(caller, self._clock())
        await replies.show(interaction, cards.digest(value, caller.user_id))

    @for_audience(Audience.MANAGER)
    @cohort.command(name="close", description="End the course: each member gets a parcel; asks before it does anything")
    async def close(self, interaction: discord.Interaction) -> None:
        """Show what closing means."""
        caller = command_caller(interaction)
        value = await self._closing.ending(caller, self._clock())
        await replies.show(interaction, cards.ending(value, caller.user_id))

    async def _digest_ask(self, click: Click) -> Card:
        return cards.digest(await self._digests.ask(click.caller, self._clock()), click.owner)

    async def _digest_stop(self, click: Click) -> Card:
        await self._digests.stop(click.caller, CohortId(click.number()))
        return cards.digest_stopped()

    async def _close(self, click: Click) -> Card:
        return cards.closed(await self._closing.close(click.caller, CohortId(click.number()), self._clock()))
