"""/week: the weekly step of the course, when it is due, and whether it is done."""

from collections.abc import Awaitable, Callable
from datetime import date

import discord
from discord import app_commands

from bot.coaching.cohort import Audience
from bot.coaching.course_plan import MemberStep
from bot.coaching.errors import OldCard
from bot.coaching.ids import CohortId, UserId, WeekId
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient
from bot.coaching.weeks import Clock
from bot.services.week import Week, WeekService
from cogs import replies
from cogs.base import RoutedCog
from cogs.cards import week as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Handler, Route, row_number


class Weeks(RoutedCog):
    """The weekly steps, as a member handles them."""

    def __init__(self, weeks: WeekService, clock: Clock) -> None:
        self._weeks = weeks
        self._clock = clock
        handlers: dict[str, Handler] = {
            "week.show": self._show,
            "week.open": self._open,
            "week.done": self._change(weeks.done, cards.done),
            "week.not_now": self._change(weeks.set_aside, cards.set_aside),
            "week.not_counted": self._not_counted,
            "week.reopen": self._reopen,
            "week.line": self._line,
            "week.line_save": self._line_save,
            "again.week.line_save": self._line,
            "nudge.this_week": self._this_week,
        }
        self.routes = {name: Route(Audience.MEMBER, handler) for name, handler in handlers.items()}

    @for_audience(Audience.MEMBER)
    @app_commands.command(name="week", description="Your course's weekly step: what is due, and whether it is done")
    async def week(self, interaction: discord.Interaction) -> None:
        """Show this week's step."""
        caller = command_caller(interaction)
        await replies.show(interaction, cards.week(await self._weeks.show(caller, None, self._clock()), caller.user_id))

    async def _show(self, click: Click) -> Card:
        return cards.week(await self._weeks.show(click.caller, None, self._clock()), click.owner)

    async def _open(self, click: Click) -> Card:
        return cards.week(await self._weeks.show(click.caller, click.chosen(_week_id), self._clock()), click.owner)

    async def _this_week(self, click: Click) -> None:
        """Show the step of a note, or of the course's post in its channel; neither is replaced."""
        course, kind, period = CohortId(click.number()), click.arg(NudgeKind, 1), click.arg(date.fromisoformat, 2)
        if kind is NudgeKind.ANNOUNCEMENT:
            value = await self._weeks.of_post(click.caller, course, period, self._clock())
        else:
            key = NudgeKey(Recipient(course, click.owner), kind, period.isoformat())
            value = await self._weeks.of_note(click.caller, key, self._clock())
        await replies.show_new(click.interaction, cards.week(value, click.owner))

    def _change(self, act: Callable[..., Awaitable[Week]], card: Callable[[Week, MemberStep, UserId], Card]) -> Handler:
        """Return the handler that changes the step whose week a button carries."""

        async def handle(click: Click) -> Card:
            value = await act(click.caller, click.arg(_week_id), self._clock())
            return card(value, _step(value), click.owner)

        return handle

    async def _not_counted(self, click: Click) -> None:
        """Leave the step out; the card of what completed it stays, with its own buttons."""
        value = await self._weeks.set_aside(click.caller, click.arg(_week_id), self._clock())
        await replies.show_new(click.interaction, cards.set_aside(value, _step(value), click.owner))

    async def _reopen(self, click: Click) -> Card:
        return cards.week(await self._weeks.reopen(click.caller, click.arg(_week_id), self._clock()), click.owner)

    async def _line(self, click: Click) -> Form:
        value = await self._weeks.show(click.caller, click.arg(_week_id), self._clock())
        return cards.line_form(value, _step(value), click.owner)

    async def _line_save(self, click: Click) -> Card:
        value = await self._weeks.hand_in(click.caller, click.arg(_week_id), click.field("line"), self._clock())
        return cards.done(value, _step(value), click.owner)


def _week_id(text: str) -> WeekId:
    return WeekId(row_number(text))


def _step(value: Week) -> MemberStep:
    """Return the step that a card is about; raises OldCard without one."""
    if value.step is None:
        raise OldCard
    return value.step
