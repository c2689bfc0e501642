"""What a start imports: what only some commands need is imported by them, when they are first used."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LATER = (
    "PIL",
    "alembic",
    "bot.critique",
    "bot.demo",
    "dateparser",
    "icalendar",
    "openai",
    "psycopg",
    "regex",
    "simcord",
)


def test_start_imports_only_what_every_run_needs() -> None:
    code = f"import sys, bot.app, bot.__main__; print([one for one in {LATER} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
