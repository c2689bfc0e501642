"""The posts in the course's channel, for its staff; reached from the plan's card."""

from bot.coaching.cohort import Audience
from bot.coaching.ids import WeekId
from bot.coaching.weeks import Clock
from bot.services.announcements import Announcements, AnnouncementService
from cogs.base import RoutedCog
from cogs.cards import announcements as cards
from cogs.names import missing_in
from cogs.routes import Card, Click, Route, row_number


class AnnouncementButtons(RoutedCog):
    """Switch the posts on or off, leave a week out, and post what was held."""

    def __init__(self, announcements: AnnouncementService, clock: Clock) -> None:
        self._announcements = announcements
        self._clock = clock
        self.routes = {
            "announce.show": Route(Audience.STAFF, self._show),
            "announce.switch": Route(Audience.STAFF, self._switch),
            "announce.skip": Route(Audience.STAFF, self._skip),
            "announce.again": Route(Audience.STAFF, self._again),
        }

    async def _show(self, click: Click) -> Card:
        return self._card(click, await self._announcements.show(click.caller, self._clock()))

    async def _switch(self, click: Click) -> Card:
        on = bool(click.arg(("off", "on").index))
        return self._card(click, await self._announcements.switch(click.caller, self._clock(), on=on))

    async def _skip(self, click: Click) -> Card:
        skipped = bool(click.arg(("off", "on").index, 1))
        week_id = WeekId(click.arg(row_number))
        return self._card(click, await self._announcements.skip(click.caller, week_id, self._clock(), skipped=skipped))

    async def _again(self, click: Click) -> Card:
        return self._card(click, await self._announcements.post_again(click.caller, self._clock()))

    def _card(self, click: Click, value: Announcements) -> Card:
        missing = missing_in(click.interaction.guild, value.cohort.channel_id)
        return cards.announcements(value, missing, click.owner)
