"""Everything kept of a member as text to read and as JSON.

What each kind of rows and each column is called, why it is kept and who sees it comes with the rows: the data inventory
in storage/tables.py says it.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias, cast
from zoneinfo import ZoneInfo

Labels: TypeAlias = "Mapping[tuple[str, str], Mapping[str, str]]"
"""Words for values, by table and column."""
YOU = "you alone"
HOW_MUCH = "you; instructors see how much is there, never what (`/privacy seen`)"


@dataclass(frozen=True, slots=True)
class DataKind:
    """One kind of rows kept of a person, as the data inventory describes it.

    Attributes:
        why: What they are kept for.
        columns: By name, each column's `label` (without one it only links rows), its `form`, and its own `why` and
            `seen_by` where they differ from the table's.
    """

    table: str
    title: str
    why: str
    seen_by: str
    columns: Mapping[str, Mapping[str, str]]


KeptRows: TypeAlias = "tuple[DataKind, Sequence[Mapping[str, Any]]]"


@dataclass(frozen=True, slots=True)
class VisibleToStaff:
    """What instructors can see of a member by name now: a sentence, and lines of label and value."""

    lead: str
    lines: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class CourseData:
    """Everything kept of a member in one course."""

    course: str
    term: str
    zone: str
    closed: bool
    visible: VisibleToStaff
    kept: Sequence[KeptRows]


@dataclass(frozen=True, slots=True)
class DataExport:
    """Everything kept of a member as files: to read, for a program, and the days ahead for a calendar, if any."""

    markdown: str
    json: str
    ics: str | None
    days: int


def as_json(made_at: datetime, account: Sequence[KeptRows], courses: Sequence[CourseData]) -> str:
    """Every column of every row; moments in UTC, days as on the calendar, 64-bit ids as strings."""
    export = {
        "made_at": made_at,
        "account": _json_kinds(account),
        "courses": [
            {
                "course": each.course,
                "term": each.term,
                "time_zone": each.zone,
                "closed": each.closed,
                "seen_by_instructors": {"what": each.visible.lead, **dict(each.visible.lines)},
                "kept": _json_kinds(each.kept),
            }
            for each in courses
        ],
    }
    return json.dumps(export, ensure_ascii=False, indent=2, default=_json_value) + "\n"


def _json_kinds(kept: Sequence[KeptRows]) -> dict[str, Any]:
    return {
        kind.table: {
            "title": kind.title,
            "why": kind.why,
            "seen_by": kind.seen_by,
            "rows": [
                {name: str(row[name]) if _is_long_id(name, column, row[name]) else row[name]
                 for name, column in kind.columns.items()}
                for row in rows
            ],
        }
        for kind, rows in kept
    }  # fmt: skip


def _is_long_id(name: str, column: Mapping[str, str], value: object) -> bool:
    """Whether a number could lose digits in a program that reads numbers as floating point."""
    return isinstance(value, int) and (name == "id" or name.endswith("_id") or column.get("form") == "id")


def _json_value(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def as_markdown(made_at: datetime, account: Sequence[KeptRows], courses: Sequence[CourseData], labels: Labels) -> str:
    """Everything that has a label, to read; moments are in the course's zone, outside courses in that of the first."""
    zone = courses[0].zone if courses else "UTC"
    made = f"Made on {_text(made_at, zone).replace(' ', ' at ')}, {zone} time."
    lines = ["# What PLN Coach keeps about you", "", f"{made} The JSON file beside this one has every number too."]
    for each in courses:
        state = "closed" if each.closed else "open"
        lines += ["", f"## {_one_line(each.course)}", "", f"{each.term}, {state}. Times are {each.zone} time."]
        lines += ["", "### What your instructors can see of you", "", each.visible.lead]
        lines += ["", *(f"- {label}: {_one_line(value)}" for label, value in each.visible.lines)]
        for kind, rows in each.kept:
            lines += _section(kind, rows, each.zone, labels)
    lines += ["", "## Beside your courses", "", f"Times are {zone} time."]
    for kind, rows in account:
        lines += _section(kind, rows, zone, labels)
    return "\n".join(lines) + "\n"


def _section(kind: DataKind, rows: Sequence[Mapping[str, Any]], zone: str, labels: Labels) -> list[str]:
    if not rows:
        return []
    lines = ["", f"### {kind.title} ({len(rows)})", "", f"Why: {kind.why}. Who sees it: {kind.seen_by}."]
    for (why, seen_by), named in _own_reasons(kind).items():
        lines.append(f"Of these, {', '.join(named)}: {why}; seen by {seen_by}.")
    lines.append("")
    for row in rows:
        said = (
            f"{column['label']}: {_words(row[name], column.get('form', ''), zone, labels.get((kind.table, name), {}))}"
            for name, column in kind.columns.items()
            if "label" in column and row[name] is not None
        )
        lines.append(f"- {'; '.join(said)}")
    return lines


def _own_reasons(kind: DataKind) -> dict[tuple[str, str], list[str]]:
    """Labels of the columns that are kept for another reason than the table, or seen by others."""
    groups: dict[tuple[str, str], list[str]] = {}
    for column in kind.columns.values():
        reason = (column.get("why", kind.why), column.get("seen_by", kind.seen_by))
        if "label" in column and reason != (kind.why, kind.seen_by):
            groups.setdefault(reason, []).append(column["label"])
    return groups


def _words(value: object, form: str, zone: str, labels: Mapping[str, str]) -> str:
    if str(value) in labels:
        return labels[str(value)]
    if form == "json":
        with suppress(ValueError):  # whatever it is, the rest of the export is theirs
            return _json_words(json.loads(str(value)))
    text = _text(value, zone)
    # Ids of ours read as words; in what a member wrote not a letter is changed.
    return text.replace("_", " ") if form == "code" else text


def _json_words(value: object) -> str:
    """What is in a JSON object or list, without what is false, null or empty."""
    if isinstance(value, dict):
        pairs = [(name.replace("_", " "), part) for name, part in cast("dict[str, object]", value).items() if part]
        return ", ".join(name if part is True else f"{name} {_json_words(part)}" for name, part in pairs) or "nothing"
    if isinstance(value, list):
        return ", ".join(map(_json_words, cast("list[object]", value))) or "nothing"
    return _one_line(str(value)).replace("_", " ")


def _text(value: object, zone: str) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case _:
            return _one_line(str(value))


def _one_line(text: str) -> str:
    """Put a text on one line, so that nothing in it looks like a heading of the export's own."""
    return " ".join(text.split())
