"""What the page for data officers says of the tables is so: its table is generated from the data inventory.

`python -m tests.test_privacy_docs` writes it again.
"""

import re
from pathlib import Path

from bot.coaching.data_export import YOU
from bot.services.ai_notes import KEPT
from storage import tables
from storage.bios import BUDGET_KEPT
from storage.inventory import ACCOUNT_KINDS, MEMBER_KINDS
from tests.test_house import COMMANDS

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs/privacy.md"
PAGE = FILE.read_text(encoding="utf-8")
HEAD = "| table | what | columns | why | who sees it | how long |\n| --- | --- | --- | --- | --- | --- |\n"
WRITTEN = re.compile(re.escape(HEAD) + r"(\|.*\n)+")


def generated() -> str:
    """Columns kept for the same reason and seen by the same people are in one line."""
    lines: list[str] = []
    for table in tables.metadata.tables.values():
        groups: dict[tuple[str, str], list[str]] = {}
        for column in table.c:
            info = {**table.info, **column.info}
            label = info.get("label", column.name)
            groups.setdefault((info["why"], info["seen_by"]), []).append(
                f"`{column.name}`" if label == column.name else f"`{column.name}` ({label})"
            )
        for (why, seen_by), columns in groups.items():
            cells = (f"`{table.name}`", table.info["title"], ", ".join(columns), why, seen_by, table.info["until"])
            lines.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(lines)


def test_the_page_has_the_data_inventory_word_for_word() -> None:
    assert generated() in PAGE, "write it again: python -m tests.test_privacy_docs"


def test_every_table_says_what_why_who_and_how_long() -> None:
    for table in tables.metadata.tables.values():
        assert all(table.info[key] for key in ("title", "why", "seen_by", "until")), table.name


def test_every_column_that_is_no_id_has_a_label() -> None:
    unlabelled = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.tables.values()
        for column in table.c
        if "label" not in column.info and column.name not in {"id", "enrolment_id", "cohort_id", "user_id"}
    }
    assert unlabelled == {"register_access.hour", "nudge.channel_id"}  # of no member


def test_every_table_that_names_somebody_is_in_the_export() -> None:
    naming = {
        table.name
        for table in tables.metadata.tables.values()
        if {"user_id", "enrolment_id", "by_user_id", "scope"} & set(table.c.keys())
    }
    assert {kind.table for kind in (*MEMBER_KINDS, *ACCOUNT_KINDS)} == naming
    assert len({kind.title for kind in (*MEMBER_KINDS, *ACCOUNT_KINDS)}) == len(MEMBER_KINDS) + len(ACCOUNT_KINDS)


def test_no_instructor_sees_people_bios_or_plans() -> None:
    private = {"contact", "space", "alert", "opportunity", "bio_check", "goal_draft"}
    assert private <= {kind.table for kind in MEMBER_KINDS if kind.seen_by == YOU}


def test_the_commands_and_settings_it_names_exist() -> None:
    commands = set(re.findall(r"`/([a-z]+ [a-z]+)`", PAGE))
    assert commands
    assert commands <= set(COMMANDS)
    settings = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", PAGE))
    assert settings == set(re.findall(r"^(ERASURE_[A-Z]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))


def test_the_lengths_it_names_are_those_of_the_code() -> None:
    assert tables.ai_budget.info["until"] == f"{BUDGET_KEPT.days} days"
    assert KEPT.total_seconds() == 3600
    default = tables.cohort.c.retention_days.server_default
    assert "60 unless" in PAGE
    assert str(getattr(default, "arg", None)) == "60"


if __name__ == "__main__":
    FILE.write_text(WRITTEN.sub(lambda _: generated(), PAGE, count=1), encoding="utf-8")
