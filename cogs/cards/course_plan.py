"""Cards and forms of the course plan as its instructors make it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import discord

from bot.coaching.cohort import Cohort
from bot.coaching.course_plan import ANOTHER_WAY_LIMIT, STEP_LIMIT, THEME_LIMIT, CourseWeek, DoneBy, DueDay, step_words
from bot.coaching.footprint import Checklist
from bot.coaching.goals import Kind
from bot.coaching.ids import UserId, WeekId
from bot.coaching.texts import plain
from bot.coaching.weeks import DAY_NAMES
from bot.services.course_plan import OTHERWISE_LIMIT, Fit, Plan, WeekOfPlan
from cogs.cards.shapes import (
    BLUE,
    GREEN,
    Block,
    Field,
    button,
    card,
    cut,
    day_text,
    form,
    option,
    page_of,
    select,
    times,
)

PAGE = 10
LIST_LIMIT = 2600
"""About how many characters the list of weeks may have beside what else is on the card."""
MOST_FAULTS = 8
FILE_NAME = "course_plan.toml"
CALENDAR_NAME = "course_plan.ics"
COUNTING = "Do weekly steps count toward the course?"
WAYS = {DoneBy.TICK: "a tick", DoneBy.LINE: "one line, handed in"}
SHORT = {DoneBy.TICK: "a tick", DoneBy.LINE: "one line", DoneBy.ITEM: "checklist", DoneBy.ACTION: "log"}
MOST_KINDS = 22

Labels = Mapping[str, str]
"""What checklist items and kinds of action are called, by their ids."""


def labels_of(checklist: Checklist, kinds: Mapping[str, Kind]) -> Labels:
    """Return what may count for a week, in words."""
    return {item.id: item.title for item in checklist.items} | {kind.id: kind.label for kind in kinds.values()}


def without_plan(cohort: Cohort, ready_weeks: int, owner: UserId) -> discord.ui.LayoutView:
    """Say what a plan is for, and offer the three ways to one."""
    return card(
        f"## The course plan of {plain(cohort.name)}\n"
        "A plan gives each week one small step with a due day, and the coach brings it to every member. "
        f"{ready_weeks} weeks are ready to fit into your term and around its breaks; all of it may be changed later.",
        [
            button("Take the ready plan", "course_plan.preview", owner, style=GREEN),
            button("Load a file", "course_plan.file", owner),
            button("Write my own", "course_plan.own", owner),
        ],
    )


def preview(value: Fit, owner: UserId) -> discord.ui.LayoutView:
    """Show where the ready plan would come to lie."""
    return card(
        "## The ready plan in your term\nNothing is saved yet. Weeks in breaks are left out.",
        _list(value.cohort, value.weeks),
        _left_out(value),
        [
            button("Take this plan", "course_plan.take", owner, style=GREEN),
            button("Back", "course_plan.show", owner, 0),
        ],
    )


def preview_fit(value: Fit, owner: UserId) -> discord.ui.LayoutView:
    """Show where weeks move that a break covers now."""
    nothing = "Weeks that somebody has begun stay where they are, so no week would move."
    return card(
        "## Fit the plan again",
        "These weeks move; the others stay:" if value.weeks else nothing,
        _list(value.cohort, value.weeks),
        _left_out(value, "*Save as file* keeps a copy of them."),
        [
            button("Move them", "course_plan.fitted", owner, style=GREEN) if value.weeks or value.left_out else None,
            button("Back", "course_plan.show", owner, 0),
        ],
    )


def _of_file(value: Plan) -> str | None:
    """Say what of a file did not become part of the plan."""
    stayed = ""
    if value.stayed:
        weeks = times(value.stayed, "week stays", "weeks stay")
        stayed = f"{weeks} as before, because members have begun. The file says something else there."
    return "\n".join(filter(None, [_left_out(value), stayed])) or None


def _left_out(value: Fit | Plan, more: str = "") -> str | None:
    if not value.left_out:
        return None
    themes = ", ".join(plain(week.theme) for week in value.left_out)
    return f"**No room in this term**: {cut(themes, 600)}. {more}".strip()


def plan(value: Plan, page: int, owner: UserId) -> discord.ui.LayoutView:
    """Show a page of the plan, with what to do next on top."""
    cohort = value.cohort
    weeks, page, last = page_of(value.weeks, page, PAGE)
    opened = [
        option(f"Week {value.number(week.week)}: {week.theme}", str(week.id), description=week.step) for week in weeks
    ]
    empty = [option(f"Week {value.number(one)}, from {day_text(one)}", one.isoformat()) for one in value.empty]
    return card(
        f"## Course plan\n{_this_week(value)}",
        _of_file(value),
        _covered(value),
        [button("Fit again", "course_plan.fit", owner, style=BLUE) if value.covered else None],
        *(counting(cohort, owner, "plan") if cohort.steps_count is None else ()),
        _list(cohort, weeks, {week.id for week in value.covered}),
        select("Open a week", "course_plan.week", owner, opened),
        select("Add a step in an empty week", "course_plan.fill", owner, empty) if empty else None,
        [
            button("First weeks" if page == 1 else "Earlier weeks", "course_plan.show", owner, page - 1)
            if page
            else None,
            button("More weeks", "course_plan.show", owner, page + 1) if page < last else None,
            button("Announcements", "announcements.show", owner),
            button("Calendar (.ics)", "course_plan.calendar", owner),
        ],
        [
            button("Save as file", "course_plan.download", owner),
            button("Load a file", "course_plan.file", owner),
        ],
        f"-# {answer(cohort)}" if cohort.steps_count is not None else None,
    )


def _this_week(value: Plan) -> str:
    """Say which step is next due."""
    coming = [week for week in value.weeks if week.due_on >= value.today and not week.switched_off]
    if not coming:
        return "No step is still to come."
    week = min(coming, key=lambda one: (one.due_on, one.id))
    when = "This week" if week.week <= value.today else f"From {day_text(week.week)}"
    return f"**{when}**: {plain(week.theme)}, due {day_text(week.due_on)}."


def _covered(value: Plan) -> str | None:
    """Name the weeks that lie where nothing is taught."""
    if not value.covered:
        return None
    names = [f"**{plain(week.theme)}** ({_short_day(week.week)})" for week in value.covered[:3]]
    more = f" and {len(value.covered) - 3} more" if len(value.covered) > 3 else ""
    lie = "lies" if len(value.covered) == 1 else "lie"
    return f"{', '.join(names)}{more} {lie} in a break now, or outside the term."


def _list(cohort: Cohort, weeks: Sequence[CourseWeek], covered: Collection[WeekId] = ()) -> str:
    """List weeks in two lines each; steps are cut, and at last left out, only where the list would not fit."""
    lines: list[str] = []
    for limit in (STEP_LIMIT, 80, 45, 0):
        lines = [_lines(cohort, week, limit, week.id in covered) for week in weeks]
        if sum(map(len, lines)) <= LIST_LIMIT:
            break
    shown = [line for place, line in enumerate(lines) if sum(map(len, lines[: place + 1])) <= LIST_LIMIT]
    more = [f"… and {times(len(lines) - len(shown), 'week', 'weeks')} more"] if len(shown) < len(lines) else []
    return "\n".join([*shown, *more])


def _lines(cohort: Cohort, week: CourseWeek, limit: int, covered: bool) -> str:
    number = f"**{cohort.week_number(week.week)}** · {_short_day(week.week)} · "
    head = f"{number}{plain(week.theme)}"
    if week.switched_off:
        return f"-# {head} · switched off"
    if not limit:
        return head
    due = f"due {DAY_NAMES[week.due_on.weekday()][:3]}" + (" · in a break" if covered else "")
    return f"{head}\n-# {plain(cut(week.step, limit))} ({week.minutes} min) · {due} · {SHORT[week.done_by]}"


def _short_day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _counts(week: CourseWeek, labels: Labels) -> str:
    """Say what counts as done."""
    if week.counts is None:
        return WAYS.get(week.done_by, WAYS[DoneBy.TICK])
    return f"{'checklist' if week.done_by is DoneBy.ITEM else 'logged'}: {labels.get(week.counts, week.counts)}"


def week(value: WeekOfPlan, labels: Labels, owner: UserId) -> discord.ui.LayoutView:
    """Show a week with what may be changed about it."""
    one = value.week
    return card(
        f"## Week {value.number} · {plain(one.theme)}\n{step_words(one.step)} ({one.minutes} min)",
        f"**Due** {day_text(one.due_on)} · the week begins {day_text(one.week)}\n"
        f"**Done by** {plain(_counts(one, labels))}\n"
        f"**Another way** {step_words(one.another_way) if one.another_way else 'none yet'}",
        "**Switched off**: members do not see this week." if one.switched_off else None,
        "Some members have done this step already. Whatever you change here, it stays done for them."
        if value.done
        else None,
        [
            button("Edit", "course_plan.edit", owner, one.id, style=BLUE),
            button("Another item", "course_plan.items", owner, one.id) if one.done_by is DoneBy.ITEM else None,
            button("Move earlier", "course_plan.move", owner, one.id, "earlier") if value.earlier else None,
            button("Move later", "course_plan.move", owner, one.id, "later") if value.later else None,
            button(
                "Switch on" if one.switched_off else "Switch off",
                "course_plan.switch", owner, one.id, "on" if one.switched_off else "off",
            ),
        ],
        [button("The whole plan", "course_plan.show", owner, 0)],
    )  # fmt: skip


def items(value: WeekOfPlan, checklist: Checklist, section: str | None, owner: UserId) -> discord.ui.LayoutView:
    """Ask which checklist item counts: first the section, then the item."""
    one = value.week
    sections = [option(part.title, part.id, default=part.id == section) for part in checklist.sections]
    inside = [
        option(item.title, item.id, default=one.done_by is DoneBy.ITEM and item.id == one.counts)
        for item in checklist.items
        if item.section == section
    ]
    until = "" if one.done_by is DoneBy.ITEM else " Until you have chosen, members tick the step themselves."
    return card(
        f"## Week {value.number} · {plain(one.theme)}\n**Which checklist item counts?** Whoever answers it in "
        f"`/footprint` has done the step.{until}",
        select("Section of the checklist", "course_plan.section", owner, sections, one.id),
        select("Item", "course_plan.item", owner, inside, one.id) if inside else None,
        [button("Back to the week", "course_plan.open", owner, one.id)],
    )


def week_form(
    cohort: Cohort, monday: date, old: CourseWeek | None, kinds: Mapping[str, Kind], owner: UserId
) -> discord.ui.Modal:
    """Return the form for a week of the plan; `old`: the one that is changed."""
    # A select holds 25 choices; what counts now is among them.
    chosen = [kind for kind in kinds if old is not None and kind == old.counts]
    offered = [*chosen, *(kind for kind in kinds if kind not in chosen)][:MOST_KINDS]
    counts = {
        "tick": "A tick",
        "line": "One line, which you read",
        "item": "An item of the checklist, chosen next",
        **{f"action:{kind}": f"Logged: {kinds[kind].label}" for kind in kinds if kind in offered},
    }
    fields = [
        Field("theme", "Theme", THEME_LIMIT, example="Know what you are looking for"),
        Field(
            "step", "One small step, with its minutes", STEP_LIMIT + 12, long=True,
            example="Search your name as a stranger would (15 min)",
        ),
        Field("due", "Due", {day.value: DAY_NAMES[day.number] for day in DueDay}),
        Field("counts", "What counts as done", counts),
        Field(
            "another", "Another way to the same tick", ANOTHER_WAY_LIMIT, optional=True, long=True,
            hint="Offline or in private, for whoever has no account or wants none.",
            example="Ask one person what they would look up about you",
        ),
    ]  # fmt: skip
    filled = {"due": DueDay.FRIDAY.value, "counts": "tick"}
    route, arg = "course_plan.add_save", monday.isoformat()
    if old is not None:
        route, arg = "course_plan.week_save", str(old.id)
        by_action = old.done_by is DoneBy.ACTION
        filled = {
            "theme": old.theme,
            "step": f"{old.step} ({old.minutes} min)",
            "due": old.plan.due.value,
            "counts": f"action:{old.counts}" if by_action else old.done_by.value,
            "another": old.another_way or "",
        }
    return form(f"Week {cohort.week_number(monday)}", route, owner, fields, arg, filled=filled)


def file_form(owner: UserId) -> discord.ui.Modal:
    """Return the form that takes a plan as a file."""
    made = form("Load a plan", "course_plan.file_save", owner, [])
    upload: discord.ui.FileUpload[discord.ui.LayoutView] = discord.ui.FileUpload(custom_id="file")
    hint = "It takes the place of every week that no member has begun."
    made.add_item(discord.ui.Label(text=f"A plan, as {FILE_NAME}", description=hint, component=upload))
    return made


def faults(sentences: Sequence[str], owner: UserId) -> discord.ui.LayoutView:
    """Say what is wrong with a file."""
    lines = "\n".join(
        f"• {plain(cut(sentence[:1].upper() + sentence[1:], 200))}" for sentence in sentences[:MOST_FAULTS]
    )
    more = f"\n… and {len(sentences) - MOST_FAULTS} more" if len(sentences) > MOST_FAULTS else ""
    return card(
        f"That file was not loaded, and the plan is as it was.\n{lines}{more}\n"
        "Correct the file in any text editor, then load it again.",
        [button("Load a file", "course_plan.file", owner, style=BLUE)],
    )


def before_loading() -> discord.ui.LayoutView:
    """Give back the plan whose place a file took."""
    return card(
        "The new plan is in place. This is the one before, in case you want it back:",
        discord.ui.File(f"attachment://{FILE_NAME}"),
    )


def saved() -> discord.ui.LayoutView:
    """Show the plan as a file."""
    return card(
        "Your plan as a file. Load it in another term or server with `/cohort plan`; any text editor opens it.",
        discord.ui.File(f"attachment://{FILE_NAME}"),
    )


def calendar() -> discord.ui.LayoutView:
    """Show the days of the plan as a calendar."""
    return card(
        "The due days for a calendar. Open the file again after changes: each day stays there once.",
        discord.ui.File(f"attachment://{CALENDAR_NAME}"),
    )


def answer(cohort: Cohort) -> str:
    """Say in few words whether weekly steps count."""
    return f"Weekly steps {'count' if cohort.steps_count else 'do not count'} toward the course."


def instead_of_bot(cohort: Cohort) -> str | None:
    """Say what whoever does not join does instead, where steps count."""
    return f"Instead of the bot: {plain(cohort.otherwise)}" if cohort.steps_count and cohort.otherwise else None


def counting(cohort: Cohort, owner: UserId, where: str) -> tuple[Block, Block]:
    """Ask whether weekly steps count, or say what the answer is; `where`: the card that this is on."""
    text = "The answer stands on the invitation and on Join."
    if cohort.steps_count is not None:
        text = "\n".join(filter(None, [answer(cohort), instead_of_bot(cohort)]))
    yes = "Change the line" if cohort.steps_count else "They count"
    no = button("They do not count", "course_plan.no_counts", owner, where)
    return (
        f"**{COUNTING}** {text}",
        [
            button(yes, "course_plan.counts", owner, where),
            no if cohort.steps_count is not False else None,
        ],
    )


def counting_form(cohort: Cohort, where: str, owner: UserId) -> discord.ui.Modal:
    """Return the form that says what to do instead of the bot."""
    fields = [
        Field(
            "otherwise", "Instead of the bot: …", OTHERWISE_LIMIT, long=True,
            hint="For those who do not join: the same steps without me. Shown on the invitation and on Join.",
            example="Keep the same steps on paper, and bring them to class in week 10.",
        )
    ]  # fmt: skip
    return form(
        "Weekly steps count", "course_plan.counts_save", owner, fields, where, filled={"otherwise": cohort.otherwise}
    )


def counted(cohort: Cohort) -> discord.ui.LayoutView:
    """Confirm the answer."""
    said = "\n".join(filter(None, [answer(cohort), instead_of_bot(cohort)]))
    return card(f"{said}\nJoin says so from now on. `/cohort invite` posts a fresh invitation that says it too.")
