"""`make bench` gives a number for each thing it measures; how good the numbers are is for a reader to judge."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processor time is read from /proc")
@pytest.mark.parametrize(
    ("name", "whats"),
    [
        ("commands", {"/help, 60 entries", "/cohort overview, 60 entries", "mix, commands a CPU-second"}),
        ("nudges", {"a note of 40 due, pace 45, CPU", "a note of 40 due, pace off, CPU"}),
        ("alone", {"a picture, drawn", "a bio of 340 characters, checked"}),
    ],
)
def test_each_measurement_gives_a_number(tmp_path: Path, name: str, whats: set[str]) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "bench", "--quick", "--json", str(file), name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    figures = {one["what"]: one["value"] for one in json.loads(file.read_text(encoding="utf-8"))}
    assert whats <= set(figures)
    assert min(figures.values()) > 0
    assert [what for what in figures if what not in done.stdout] == []
