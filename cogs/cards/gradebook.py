"""Cards about a gradebook file: what was read, what counts, who would be incomplete, and the file."""

import re

import discord

from bot.coaching.gradebook import COMPLETE, HEADER
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.gradebook import CountingRule, GradebookFile, GradebookPreview, MadeGradebook, Question
from cogs.cards import shapes
from cogs.cards.shapes import GREEN, Field, button, card, cut, day_text, page_of, times

PAGE = 40
"""How many names a page of the preview holds."""
MOST_OPTIONS = 25
NUMBER_LENGTH, DAY_LENGTH = 2, 60
MOST_CLAIMS, MOST_SHARED = 5, 3
NAME_LENGTH = 60
KINDS = {True: "Canvas", False: "Moodle"}
MEMORY = "-# The file is in memory alone, for 15 minutes; a restart loses it. Nothing of it is stored."
IMPORT = {
    True: "In Canvas: *Import* in the gradebook. The first time choose *A new assignment* for the column; its one "
    "point and the words suit the type *Complete/Incomplete*.",
    False: "In Moodle: *Import* as CSV file, map who is who by the column you know, and the new column to a grade item "
    "with a scale of two words, *incomplete, complete*: other items take numbers alone.",
}


def kept(value: GradebookFile, owner: UserId) -> discord.ui.LayoutView:
    """Say what was read of a file, and ask what counts."""
    matched = f"{value.matched} of {times(value.students, 'row', 'rows')}"
    return card(
        f"## Gradebook file of {KINDS[value.canvas]}\n**{matched}** match a student number or login that a member "
        "gave, exactly. Next you say which weeks count; then you see names, before anything is written.",
        [button("Say what counts", "gradebook.form", owner, style=GREEN)],
        MEMORY,
    )


def form(value: Question, rule: CountingRule | None, owner: UserId) -> discord.ui.Modal:
    """Return the form that asks which weeks count, until when, and how many make *complete*.

    Args:
        rule: What was chosen before.
    """
    labels = {number: f"Week {number}: {week.theme}" for number, week in value.weeks}
    numbers = list(labels)
    firsts = {number: labels[number] for number in numbers[:MOST_OPTIONS]}
    lasts = {number: labels[number] for number in numbers[-MOST_OPTIONS:]}
    fields = [
        Field("first", "From week", firsts),
        Field("last", "To week", lasts),
        Field("until", "Counted until", DAY_LENGTH, optional=True, hint="The last day that counts. Empty: today."),
        Field("needed", "How many make “complete”?", NUMBER_LENGTH, optional=True, hint="Empty: all of those weeks."),
    ]
    due = [number for number, week in value.weeks if week.due_on < value.today]
    filled: dict[str, object] = {"first": numbers[0], "last": due[-1] if due else numbers[-1]}
    if rule is not None:
        filled = {"first": rule.first, "last": rule.last, "until": rule.until, "needed": rule.needed}
    return shapes.form("What counts", "gradebook.preview", owner, fields, filled=filled)


def preview(value: GradebookPreview, page: int, owner: UserId) -> discord.ui.LayoutView:
    """Name everybody who would become incomplete, and count the rest, before anything is written."""
    rule = value.rule
    shown, at, last = page_of(value.incomplete, page, PAGE)
    args = _args(rule)
    weeks = f"week {rule.first}" if rule.first == rule.last else f"weeks {rule.first} to {rule.last}"
    complete = sum(one.mark == COMPLETE for one in value.standings)
    empty = [one for one in value.standings if one.mark is None]
    names = ", ".join(f"<@{one.user_id}> ({one.done} of {one.counted})" for one in shown)
    where = f", page {at + 1} of {last + 1}" if last else ""
    others = [
        f"Left empty, because no chosen week counts for them: {len(empty)}." if empty else "",
        f"Rows that match nobody: {value.unmatched}; they stay as they are." if value.unmatched else "",
        f"Members whom no row matches: {value.missing}." if value.missing else "",
    ]
    needed = min(rule.needed, value.weeks)
    counted = f"Counted: the steps of {weeks} ({value.weeks}) done by {day_text(rule.until)}; {needed} make *complete*."
    if rule.needed > needed:
        counted += f" **You asked for {rule.needed}, and there are only {needed}.**"
    fewer = "Weeks before joining, in breaks or switched off do not count"
    fewer += f"; whoever has fewer than {needed} is complete with all of theirs." if needed > 1 else "."
    return card(
        f"## Nothing is written yet\n**Incomplete: {len(value.incomplete)}** · complete: {complete} · "
        f"{plain(value.cohort.name)}",
        f"**They would become incomplete**{where}\n{names}" if names else "**Nobody would become incomplete.**",
        "\n".join([f"{counted} {fewer}", *filter(None, others)]),
        _claims(value),
        [
            button("Make the file", "gradebook.make", owner, *args, style=GREEN),
            button("Change what counts", "gradebook.form", owner, *args),
            button("Back", "gradebook.page", owner, *args, at - 1) if at else None,
            button("Next", "gradebook.page", owner, *args, at + 1) if at < last else None,
        ],
        "-# As members marked it; not verified. This look is recorded, and each of them finds it under `/privacy "
        f"seen`.\n{MEMORY}",
    )


def _claims(value: GradebookPreview) -> str:
    lines = [
        f"**Two claims**: <@{one.holder}> and <@{one.claimant}> both gave {plain(one.number)}, so it matches neither."
        for one in value.claims[:MOST_CLAIMS]
    ]
    more = len(value.claims) - MOST_CLAIMS
    if more > 0:
        lines.append(f"-# And {more} more; `/cohort checkin` lists them.")
    lines += [
        f"**One row, {len(people)} members**: {' and '.join(f'<@{one}>' for one in people)} match it, so it stays as "
        "it is."
        for people in value.shared[:MOST_SHARED]
    ]
    return "\n".join(lines)


def made(value: MadeGradebook) -> discord.ui.LayoutView:
    """Hand out the file."""
    shown = value.preview
    course = plain(shown.cohort.name)
    return card(
        f"## Your file, with one column more\n**{HEADER}**. All other cells are as they were.",
        discord.ui.File(f"attachment://{file_name(value.name)}"),
        IMPORT[shown.canvas],
        f"**Personal data of {course}: delete when grades are final.**",
    )


def file_name(name: str) -> str:
    """Return a file's name as Discord takes it."""
    return cut(re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-NAME_LENGTH:].strip("._") or "grades.csv", NAME_LENGTH)


def _args(rule: CountingRule) -> tuple[object, ...]:
    return rule.first, rule.last, rule.until.isoformat(), rule.needed
