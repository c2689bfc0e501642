"""/portfolio: one page about a term, made of what a member chose; and what instructors open of it."""

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.errors import EntryGone, OldCard
from bot.coaching.ids import PortfolioEntryId, UserId
from bot.coaching.portfolio import BIOS, TICKED, Portfolio, PortfolioKind
from bot.coaching.weeks import Clock, local_day
from bot.services.portfolio import PortfolioService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import portfolio as cards
from cogs.cards.shapes import day_text
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route, row_number


class Portfolios(RoutedCog):
    """A member's portfolio."""

    def __init__(self, portfolios: PortfolioService, clock: Clock) -> None:
        self._portfolios = portfolios
        self._clock = clock
        self.routes = {
            "portfolio.home": Route(Audience.MEMBER, self._home),
            "portfolio.choose": Route(Audience.MEMBER, self._choose),
            "portfolio.tick": Route(Audience.MEMBER, self._tick),
            "portfolio.ask": Route(Audience.MEMBER, self._ask),
            "portfolio.nobody": Route(Audience.MEMBER, self._nobody),
            "portfolio.leave_out": Route(Audience.MEMBER, self._leave_out),
            "portfolio.change": Route(Audience.MEMBER, self._change),
            "portfolio.entry": Route(Audience.MEMBER, self._entry),
            "portfolio.remove": Route(Audience.MEMBER, self._remove),
            "portfolio.reword": Route(Audience.MEMBER, self._reword),
            "portfolio.reworded": Route(Audience.MEMBER, self._reworded),
            "again.portfolio.reworded": Route(Audience.MEMBER, self._reword),
            "portfolio.sentences": Route(Audience.MEMBER, self._sentences),
            "portfolio.write": Route(Audience.MEMBER, self._write),
            "portfolio.written": Route(Audience.MEMBER, self._written),
            "again.portfolio.written": Route(Audience.MEMBER, self._write),
            "portfolio.bio": Route(Audience.MEMBER, self._bio),
            "portfolio.bio_form": Route(Audience.MEMBER, self._bio_form),
            "portfolio.keep_bio": Route(Audience.MEMBER, self._keep_bio),
            "portfolio.bio_kept": Route(Audience.MEMBER, self._bio_kept),
            "again.portfolio.bio_kept": Route(Audience.MEMBER, self._keep_bio),
            "portfolio.preview": Route(Audience.MEMBER, self._preview),
            "portfolio.download": Route(Audience.MEMBER, self._download),
            "portfolio.share": Route(Audience.MEMBER, self._share),
            "portfolio.shared": Route(Audience.MEMBER, self._shared),
            "portfolio.take_back": Route(Audience.MEMBER, self._take_back),
            "portfolio.read": Route(Audience.INSTRUCTOR, self._read),
        }

    @for_audience(Audience.MEMBER)
    @app_commands.command(
        name="portfolio", description="One page about your term, from what you choose: keep or share it"
    )
    async def portfolio(self, interaction: discord.Interaction) -> None:
        """Show what is in it and what is next."""
        caller = command_caller(interaction)
        value = await self._portfolios.show(caller, self._clock())
        await replies.show(interaction, cards.home(value, caller.user_id))

    async def _value(self, click: Click) -> Portfolio:
        return await self._portfolios.show(click.caller, self._clock())

    async def _home(self, click: Click) -> Card:
        return cards.home(await self._value(click), click.owner)

    # What is ticked

    async def _choose(self, click: Click) -> Card:
        return cards.choose(await self._value(click), click.owner)

    async def _tick(self, click: Click) -> Card:
        kind = click.arg(PortfolioKind)
        if kind not in TICKED:
            raise OldCard
        value = await self._portfolios.choose(click.caller, kind, click.values, self._clock())
        return cards.choose(value, click.owner)

    async def _ask(self, click: Click) -> Card:
        return cards.ask(await self._value(click), click.owner)

    async def _nobody(self, click: Click) -> Card:
        value = await self._portfolios.names_nobody(click.caller, PortfolioEntryId(click.number()), self._clock())
        return cards.ask(value, click.owner)

    async def _leave_out(self, click: Click) -> Card:
        value = await self._portfolios.remove(click.caller, PortfolioEntryId(click.number()), self._clock())
        return cards.ask(value, click.owner)

    # Reword and take out

    async def _change(self, click: Click) -> Card:
        return cards.change(await self._value(click), click.owner)

    async def _entry(self, click: Click) -> Card:
        entry = (await self._value(click)).entry(PortfolioEntryId(click.chosen(row_number)))
        if entry is None:
            raise EntryGone
        return cards.entry(entry, click.owner)

    async def _remove(self, click: Click) -> Card:
        value = await self._portfolios.remove(click.caller, PortfolioEntryId(click.number()), self._clock())
        return cards.change(value, click.owner)

    async def _reword(self, click: Click) -> Form:
        entry = (await self._value(click)).entry(PortfolioEntryId(click.number()))
        if entry is None:
            raise EntryGone
        return cards.reword_form(entry, click.owner)

    async def _reworded(self, click: Click) -> Card:
        entry_id, text = PortfolioEntryId(click.number()), click.field("text")
        value = await self._portfolios.reword(click.caller, entry_id, text, self._clock())
        return cards.ask(value, click.owner)

    # Sentences and bios

    async def _sentences(self, click: Click) -> Card:
        return cards.sentences(await self._value(click), click.owner)

    async def _write(self, click: Click) -> Form:
        value, outcome_id = await self._value(click), click.arg(str)
        for outcome in value.outcomes:
            if outcome.id == outcome_id:
                return cards.sentence_form(value, outcome, click.owner)
        raise OldCard

    async def _written(self, click: Click) -> Card:
        value = await self._portfolios.write(click.caller, click.arg(str), click.field("text"), self._clock())
        return cards.sentences(value, click.owner)

    async def _bio(self, click: Click) -> Card:
        return cards.bio(await self._value(click), click.owner)

    async def _bio_form(self, click: Click) -> Form:
        kind = click.arg(_bio_kind)
        return cards.bio_form(await self._value(click), kind, click.owner)

    async def _keep_bio(self, click: Click) -> Form:
        """Open the form empty: under a check, or to fill it in again."""
        return cards.bio_form(None, None, click.owner, beside=bool(click.args))

    async def _bio_kept(self, click: Click) -> Card | None:
        kind = click.picked("kind", _bio_kind)
        value = await self._portfolios.keep_bio(click.caller, kind, click.field("text"), self._clock())
        if not click.args:
            return cards.bio(value, click.owner)
        await replies.show_new(click.interaction, cards.bio_kept(kind, click.owner))
        return None

    # The page

    async def _preview(self, click: Click) -> Card:
        return cards.preview(await self._value(click), click.owner)

    async def _download(self, click: Click) -> None:
        files = await self._portfolios.files(click.caller, self._clock())
        contents = {cards.HTML_FILE: files.html.encode(), cards.MARKDOWN_FILE: files.markdown.encode()}
        await replies.show_files(click.interaction, cards.downloaded(click.owner), contents)

    async def _share(self, click: Click) -> Card:
        return cards.share(await self._value(click), click.owner)

    async def _shared(self, click: Click) -> Card:
        return cards.shared(await self._portfolios.share(click.caller, self._clock()), click.owner)

    async def _take_back(self, click: Click) -> Card:
        return cards.shared(await self._portfolios.take_back(click.caller, self._clock()), click.owner)

    async def _read(self, click: Click) -> None:
        user_id = UserId(click.number())
        cohort, shared = await self._portfolios.read(click.caller, user_id, self._clock())
        card = cards.opened(user_id, day_text(local_day(shared.shared_at, cohort.zone)))
        await replies.show_files(click.interaction, card, {cards.HTML_FILE: shared.page.encode()})


def _bio_kind(text: str) -> PortfolioKind:
    """Return which bio is meant; raises ValueError for anything else."""
    kind = PortfolioKind(text)
    if kind not in BIOS:
        raise ValueError(text)
    return kind
