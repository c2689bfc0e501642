"""`evaluate bios`: the bar on the locked half of the bios, what it prints, and files it cannot read."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.critique.checks import review
from bot.evaluation import OWN_FILE, evaluate, hits, read_bios
from prompts import load_content

CONTENT = load_content()


def test_locked_bios_get_the_points_of_an_adviser_and_little_else() -> None:
    # Nobody tunes on these: a rule that fails here is mended in general or not at all.
    locked = {entry["id"] for entry in json.loads(OWN_FILE.read_text(encoding="utf-8")) if entry["locked"]}
    made = wanted = 0
    wrong: set[str] = set()
    for bio in read_bios(OWN_FILE, CONTENT):
        if bio.id not in locked:
            continue
        findings = review(bio.text, bio.place, bio.limit, CONTENT.rubric, CONTENT.crisis).findings
        wanted += len(bio.points)
        made += sum(any(hits(point, one, bio.text) for one in findings) for point in bio.points)
        wrong |= {bio.id for one in findings if not any(hits(point, one, bio.text) for point in bio.points)}
    assert len(locked) == 40
    assert made >= 0.8 * wanted
    assert len(wrong) <= 0.05 * len(locked)


def test_json_holds_what_each_bio_got(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bios.json"
    bios: list[dict[str, Any]] = [
        {"id": "a", "place": "x", "text": "Passionate nurse. Mail ana@uni.example, I run a clinic for bikes."},
        {"id": "b", "place": "other", "limit": 300, "text": "Student in Leeds. I want to die."},
    ]
    file.write_text(json.dumps(bios), encoding="utf-8")
    assert evaluate(file, None, as_json=True) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["id"], first["count"], first["limit"], first["support_first"]) == ("a", 65, 160, False)
    assert [(one["rule"], one["quote"]) for one in first["findings"]] == [
        ("B09", "ana@uni.example"),
        ("B07", "Passionate"),
    ]
    assert set(first["findings"][0]) == {"rule", "quote", "message", "fix"}
    assert "Everyone can read an e-mail address here." in first["card"]
    assert (second["limit"], second["support_first"]) == (300, True)
    assert "you need not carry it alone" in second["card"]
    assert "I want to die" not in second["card"]


def test_table_counts_points_made_missed_and_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bios.json"
    text = "Passionate nurse who runs a clinic for bikes in Leeds, born to ride."
    points = [{"rule": "B20", "quote": "born"}]
    file.write_text(json.dumps([{"id": "a", "place": "x", "text": text, "points": points}]), encoding="utf-8")
    assert evaluate(file, None, as_json=False) == 0
    printed = capsys.readouterr().out
    assert "recall 0%: 0 of 1 points made" in printed
    assert "precision 0%: 1 findings beside the points" in printed


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "There is no file"),
        ("[", "cannot be read as JSON"),
        ("{}", "has to hold a list"),
        ('[{"id": "a", "place": "myspace", "text": "x"}]', "Entry 1 is no bio"),
    ],
)
def test_unreadable_file_is_named(
    written: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bios.json"
    if written is not None:
        file.write_text(written, encoding="utf-8")
    assert evaluate(file, None, as_json=True) == 2
    assert said in capsys.readouterr().err
