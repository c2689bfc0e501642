"""/cohort plan: the course's weekly steps, as its instructors make them."""

from datetime import date

import discord

from bot.coaching.cohort import Audience
from bot.coaching.course_plan import DoneBy, DueDay
from bot.coaching.ids import UserId, WeekId
from bot.coaching.weeks import Clock
from bot.services.course_plan import CoursePlanService, Plan, WeekDraft, WeekOfPlan
from cogs import replies
from cogs.base import RoutedCog, cohort_group
from cogs.cards import course_plan as cards
from cogs.checks import command_caller, for_audience
from cogs.routes import Card, Click, Form, Route, row_number
from prompts import Content
from prompts.course_plan import MOST_BYTES


class CoursePlans(RoutedCog):
    """The course plan."""

    cohort = cohort_group()

    def __init__(self, plans: CoursePlanService, content: Content, clock: Clock) -> None:
        self._plans = plans
        self._content = content
        self._labels = cards.labels_of(content.checklist, content.vocabulary.kinds)
        self._clock = clock
        handlers = {
            "show": self._show,
            "preview": self._preview,
            "take": self._take,
            "own": self._own,
            "fill": self._fill,
            "add_save": self._add,
            "week": self._week,
            "open": self._open,
            "edit": self._edit,
            "week_save": self._save,
            "items": self._items,
            "section": self._section,
            "item": self._item,
            "move": self._move,
            "switch": self._switch,
            "fit": self._fit,
            "fitted": self._fitted,
            "file": self._file,
            "file_save": self._load,
            "download": self._download,
            "calendar": self._calendar,
            "counts": self._counts,
            "counts_save": self._counted,
            "no_counts": self._no_counts,
        }
        again = {
            "add_save": self._own_again,
            "week_save": self._edit,
            "file_save": self._file,
            "counts_save": self._counts,
        }
        self.routes = {f"course_plan.{name}": Route(Audience.STAFF, handler) for name, handler in handlers.items()}
        self.routes |= {f"again.course_plan.{name}": Route(Audience.STAFF, handler) for name, handler in again.items()}

    @for_audience(Audience.STAFF)
    @cohort.command(name="plan", description="The course plan: one small step a week, with its due day")
    async def plan(self, interaction: discord.Interaction) -> None:
        """Show the plan, or the ways to one."""
        caller = command_caller(interaction)
        value = await self._plans.show(caller, self._clock())
        await replies.show(interaction, self._card(value, caller.user_id))

    def _card(self, value: Plan, owner: UserId, page: int = 0) -> Card:
        if not value.weeks:
            return cards.without_plan(value.cohort, len(self._content.plan), owner)
        return cards.plan(value, page, owner)

    def _week_card(self, value: WeekOfPlan, click: Click) -> Card:
        return cards.week(value, self._labels, click.owner)

    async def _show(self, click: Click) -> Card:
        value = await self._plans.show(click.caller, self._clock())
        return self._card(value, click.owner, click.arg(int))

    async def _preview(self, click: Click) -> Card:
        return cards.preview(await self._plans.preview(click.caller, self._clock()), click.owner)

    async def _take(self, click: Click) -> Card:
        return self._card(await self._plans.take_ready(click.caller, self._clock()), click.owner)

    async def _own(self, click: Click) -> Form:
        cohort, monday = await self._plans.empty(click.caller, None, self._clock())
        return cards.week_form(cohort, monday, None, self._content.vocabulary.kinds, click.owner)

    async def _fill(self, click: Click) -> Form:
        return await self._empty(click, click.chosen(date.fromisoformat))

    async def _own_again(self, click: Click) -> Form:
        return await self._empty(click, click.arg(date.fromisoformat))

    async def _empty(self, click: Click, wanted: date) -> Form:
        cohort, monday = await self._plans.empty(click.caller, wanted, self._clock())
        return cards.week_form(cohort, monday, None, self._content.vocabulary.kinds, click.owner)

    async def _add(self, click: Click) -> Card:
        monday = click.arg(date.fromisoformat)
        return self._saved(await self._plans.add(click.caller, monday, _draft(click), self._clock()), click)

    async def _week(self, click: Click) -> Card:
        return self._week_card(await self._plans.week(click.caller, click.chosen(_week_id)), click)

    async def _open(self, click: Click) -> Card:
        return self._week_card(await self._plans.week(click.caller, click.arg(_week_id)), click)

    async def _edit(self, click: Click) -> Form:
        value = await self._plans.week(click.caller, click.arg(_week_id))
        return cards.week_form(value.cohort, value.week.week, value.week, self._content.vocabulary.kinds, click.owner)

    async def _save(self, click: Click) -> Card:
        return self._saved(await self._plans.change(click.caller, click.arg(_week_id), _draft(click)), click)

    def _saved(self, value: WeekOfPlan, click: Click) -> Card:
        """Show a week that was written, or ask which item counts if that is still open."""
        if _counts(click.field("counts"))[0] is DoneBy.ITEM and value.week.done_by is not DoneBy.ITEM:
            return cards.items(value, self._content.checklist, None, click.owner)
        return self._week_card(value, click)

    async def _items(self, click: Click) -> Card:
        value = await self._plans.week(click.caller, click.arg(_week_id))
        items = {item.id: item.section for item in self._content.checklist.items}
        return cards.items(value, self._content.checklist, items.get(value.week.counts or ""), click.owner)

    async def _section(self, click: Click) -> Card:
        value = await self._plans.week(click.caller, click.arg(_week_id))
        return cards.items(value, self._content.checklist, click.chosen(str), click.owner)

    async def _item(self, click: Click) -> Card:
        value = await self._plans.choose_item(click.caller, click.arg(_week_id), click.chosen(str))
        return self._week_card(value, click)

    async def _move(self, click: Click) -> Card:
        later = bool(click.arg(("earlier", "later").index, 1))
        return self._week_card(await self._plans.move(click.caller, click.arg(_week_id), later=later), click)

    async def _switch(self, click: Click) -> Card:
        on = bool(click.arg(("off", "on").index, 1))
        return self._week_card(await self._plans.switch(click.caller, click.arg(_week_id), on=on), click)

    async def _fit(self, click: Click) -> Card:
        return cards.preview_fit(await self._plans.preview_fit(click.caller), click.owner)

    async def _fitted(self, click: Click) -> Card:
        return self._card(await self._plans.fit_again(click.caller, self._clock()), click.owner)

    async def _file(self, click: Click) -> Form:
        await self._plans.show(click.caller, self._clock())  # asked for its refusals
        return cards.file_form(click.owner)

    async def _load(self, click: Click) -> Card | None:
        await self._plans.show(click.caller, self._clock())  # asked for its refusals
        weeks, faults = await self._plans.read_file(await click.file("file", MOST_BYTES))
        if faults:
            return cards.faults(faults, click.owner)
        value = await self._plans.load(click.caller, weeks, self._clock())
        await replies.show(click.interaction, self._card(value, click.owner))
        if value.before is not None:
            await replies.show_files(click.interaction, cards.before_loading(), {cards.FILE_NAME: value.before})
        return None

    async def _download(self, click: Click) -> None:
        written = await self._plans.saved(click.caller)
        await replies.show_files(click.interaction, cards.saved(), {cards.FILE_NAME: written})

    async def _calendar(self, click: Click) -> None:
        written = await self._plans.calendar(click.caller, self._clock())
        await replies.show_files(click.interaction, cards.calendar(), {cards.CALENDAR_NAME: written.encode()})

    async def _counts(self, click: Click) -> Form:
        cohort = await self._plans.course(click.caller)
        return cards.counting_form(cohort, click.arg(_where), click.owner)

    async def _counted(self, click: Click) -> Card | None:
        return await self._answer(click, click.field("otherwise"))

    async def _no_counts(self, click: Click) -> Card | None:
        return await self._answer(click, None)

    async def _answer(self, click: Click, otherwise: str | None) -> Card | None:
        where = click.arg(_where)
        value = await self._plans.count(click.caller, otherwise, self._clock())
        if where == "plan":
            return self._card(value, click.owner)
        await replies.show_new(click.interaction, cards.counted(value.cohort))
        return None


def _week_id(text: str) -> WeekId:
    return WeekId(row_number(text))


def _where(text: str) -> str:
    """Return the card that a question was on; raises ValueError for another."""
    return ("plan", "setup")[("plan", "setup").index(text)]


def _counts(text: str) -> tuple[DoneBy, str | None]:
    """Read what counts from the form: "tick" or "action:reply"; raises ValueError."""
    done_by, _, kind = text.partition(":")
    return DoneBy(done_by), kind or None


def _draft(click: Click) -> WeekDraft:
    done_by, kind = click.picked("counts", _counts)
    return WeekDraft(
        click.field("theme"), click.field("step"), click.picked("due", DueDay), done_by, kind, click.field("another")
    )
