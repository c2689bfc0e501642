"""What the page for data officers says of the tables is so: each table and column stands there, and no other."""

import re
from pathlib import Path

from bot.coaching.parcel import KINDS
from bot.services.bios import KEPT
from storage import tables
from storage.bios import BUDGET_KEPT
from tests.test_house import COMMANDS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    part = PAGE.partition("\n## What is kept\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_table_and_every_column_is_in_the_map_once_and_no_other() -> None:
    listed: dict[str, list[str]] = {}
    for table, _, columns, *_ in rows():
        (name,) = named(table)
        listed.setdefault(name, []).extend(named(columns))
    assert {name: sorted(columns) for name, columns in listed.items()} == {
        table.name: sorted(table.c.keys()) for table in tables.metadata.sorted_tables
    }


def test_every_line_of_the_map_says_what_why_who_and_how_long() -> None:
    assert all(len(cells) == 6 and all(cells) for cells in rows())


def test_what_members_are_told_that_they_alone_see_no_instructor_sees_by_name() -> None:
    who = {named(cells[0])[0]: cells[4] for cells in rows()}
    for kind in KINDS:
        if kind.seen_by == "you alone" and kind.table != "ai_budget":
            assert who[kind.table] in {"member", "member; instructors in counts", "that member"} or (
                kind.table == "checklist_answer"
            ), kind.table


def test_the_commands_and_settings_it_names_exist() -> None:
    commands = set(re.findall(r"`/([a-z]+ [a-z]+)`", PAGE))
    assert commands
    assert commands <= set(COMMANDS)
    settings = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", PAGE))
    assert settings == set(re.findall(r"^(ERASURE_[A-Z]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))


def test_the_lengths_it_names_are_those_of_the_code() -> None:
    assert f"{BUDGET_KEPT.days} days; a member's own goes with them" in PAGE
    assert KEPT.total_seconds() == 3600
    default = tables.cohort.c.retention_days.server_default
    assert "60 unless" in PAGE
    assert str(getattr(default, "arg", None)) == "60"
