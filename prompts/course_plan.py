"""course_plan.toml: the ready course plan and the outcomes of a portfolio; and a course's own plan as a file."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, cast

from bot.coaching.course_plan import (
    ANOTHER_WAY_LIMIT,
    MOST_TEACHING_WEEKS,
    STEP_LIMIT,
    THEME_LIMIT,
    DoneBy,
    LearningOutcome,
    PlanWeek,
)
from bot.coaching.footprint import Checklist
from bot.coaching.limits import Between
from bot.coaching.texts import optional_text
from prompts.reading import ContentError, check_count, complete, inside, known, read_file, read_table, read_toml

_FILE = "course_plan.toml"
MOST_BYTES = 64 * 1024
"""Most bytes of a course's own plan."""
_HEAD = """\
# A course plan. /cohort plan loads it in this or another course, and fits it to the term.
# done_by: "tick", "line", "item" or "action"; counts: the checklist item or the kind of action, by its id.
# number: the teaching week of the term, where weeks before it are empty.
"""


@dataclass(frozen=True, slots=True)
class _File:
    weeks: Annotated[tuple[PlanWeek, ...], Between(1, MOST_TEACHING_WEEKS)]
    outcomes: Annotated[tuple[LearningOutcome, ...], Between(1, 8)]


def read_course_plan(
    folder: Path | None, checklist: Checklist, kinds: Collection[str]
) -> tuple[Sequence[PlanWeek], Sequence[LearningOutcome]]:
    """Read the ready plan and the outcomes; raises ContentError."""
    file = read_file(_FILE, folder, _File)
    weeks = file.weeks
    if folder is not None and not (folder / _FILE).exists():
        # The course's own checklist may be without an item of the ready plan: its step is then ticked.
        items = {item.id for item in checklist.items}
        weeks = tuple(
            replace(week, done_by=DoneBy.TICK, counts=None)
            if week.done_by is DoneBy.ITEM and week.counts not in items
            else week
            for week in weeks
        )
    with inside(_FILE):
        for place, week in enumerate(weeks, 1):
            with inside(f"week {place}"):
                _check_counts(week, checklist, kinds)
        if folder is not None:
            packaged = read_file(_FILE, None, _File).outcomes
            complete("outcome", {one.id: one for one in file.outcomes}, [one.id for one in packaged])
    return weeks, file.outcomes


def read_uploaded(
    written: bytes, checklist: Checklist, kinds: Collection[str]
) -> tuple[Sequence[PlanWeek], Sequence[str]]:
    """Read a course's own plan; return its weeks, and a sentence for each thing that is wrong with it."""
    weeks: list[PlanWeek] = []
    faults: list[str] = []
    try:
        entries = _entries(read_toml(written))
    except ContentError as error:
        return (), (str(error),)
    for place, entry in enumerate(entries, 1):
        try:
            with inside(f"week {place}"):
                week = _cleaned(read_table(PlanWeek, entry))
                _check_counts(week, checklist, kinds)
                weeks.append(week)
        except ContentError as error:
            faults.append(str(error))
    return weeks, faults


def written_plan(plan: Sequence[PlanWeek]) -> bytes:
    """Return a plan as a file that `read_uploaded` reads."""
    lines = [_HEAD]
    for week in plan:
        lines.append("[[weeks]]")
        values = {
            "number": week.number,
            "theme": week.theme,
            "step": week.step,
            "minutes": week.minutes,
            "due": week.due.value,
            "done_by": week.done_by.value,
            "counts": week.counts,
            "another_way": week.another_way,
            "switched_off": week.switched_off or None,
        }
        # What JSON writes as a text, a number or true, TOML reads as the same, once control characters are out.
        lines += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value is not None
        ]
        lines.append("")
    return "\n".join(lines).encode()


def _entries(table: Mapping[str, object]) -> list[object]:
    for key in table:
        known("key", key, ("weeks", "outcomes"))
    entries = table.get("weeks")
    if not isinstance(entries, list):
        raise ContentError("there is no week in it: each begins with a line [[weeks]]")
    check_count("weeks", cast("list[object]", entries), 1, MOST_TEACHING_WEEKS)
    return cast("list[object]", entries)


def _check_counts(week: PlanWeek, checklist: Checklist, kinds: Collection[str]) -> None:
    """Refuse a week whose item or kind is missing or unknown, or that names one without need."""
    if week.done_by in {DoneBy.TICK, DoneBy.LINE}:
        if week.counts is not None:
            raise ContentError(f'counts goes with done_by = "item" or "action", not "{week.done_by}"')
    elif week.counts is None:
        raise ContentError(f'counts is missing: it names the {week.done_by} that done_by = "{week.done_by}" is about')
    elif week.done_by is DoneBy.ITEM:
        known("item", week.counts, [item.id for item in checklist.items])
    else:
        known("action", week.counts, kinds)


def _cleaned(week: PlanWeek) -> PlanWeek:
    """Return the week with each text on one line, as forms keep them; what was short enough stays so."""
    texts: dict[str, str | None] = {}
    for key, limit in (("theme", THEME_LIMIT), ("step", STEP_LIMIT), ("another_way", ANOTHER_WAY_LIMIT)):
        texts[key] = optional_text(key, getattr(week, key), 1000)
        if len(texts[key] or "") > limit:  # some letters grow when they are composed
            raise ContentError(f"{key} may have {limit} characters")
        if texts[key] is None and key != "another_way":
            raise ContentError(f"{key} must not be empty")
    return replace(week, **texts)
