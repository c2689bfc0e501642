"""What the notes of a term promise: none twice, no two bookkeeping notes running, and nothing that is not so."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.simulation.notes import READ, Note, counted, shown, some, term_of_notes, wrong_facts

SEED = 58
FEW = (
    *("achiever", "steady", "lurker", "ghost", "job_hunter", "low_profile", "networker"),
    *("unfocused", "goalless", "hesitant", "pauser", "all_rounder"),
)


@pytest.fixture(scope="module", params=[False, True], ids=["without a plan", "with a plan"])
def notes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Note]:
    return term_of_notes(tmp_path_factory.mktemp("notes"), SEED, 1, FEW, plan=request.param)


def test_nobody_reads_the_same_words_twice_in_a_term(notes: list[Note]) -> None:
    assert counted(notes)["repeats"] == 0


def test_no_two_bookkeeping_notes_come_running(notes: list[Note]) -> None:
    assert counted(notes)["bookkeeping_running"] == 0


def test_every_fact_in_a_note_is_true(notes: list[Note]) -> None:
    assert counted(notes)["wrong_facts"] == []


def test_coaching_leads_toward_people_whether_or_not_a_course_has_a_plan(notes: list[Note]) -> None:
    counts = counted(notes)
    assert counts["toward_people"] >= 0.40
    assert counts["bookkeeping"] <= 0.20


def test_a_step_is_told_in_one_note_alone(notes: list[Note]) -> None:
    told = Counter((note.row["user_id"], note.row["subject"]) for note in notes if note.row["rule"] == "A00")
    assert [key for key, times in told.items() if times > 1] == []


def test_a_fact_that_is_not_so_is_found(notes: list[Note]) -> None:
    lying = next(
        note for note in notes if note.focus and note.focus["field_one"] in note.words and "field" not in note.text
    )
    assert wrong_facts(replace(lying, rows={**lying.rows, "focus": []}))


def test_notes_are_shown_with_the_state_behind_them(notes: list[Note]) -> None:
    read = some(notes, SEED)
    assert 0 < len(read) <= READ
    assert all(note["state"] and note["note"] for note in read)
    assert "week " in shown(read)
