"""The demo, started as a person starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).parents[2]
BROWSERS = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}

Demo: TypeAlias = subprocess.Popen[str]


@pytest.fixture(scope="module")
def start_demo() -> Iterator[Callable[..., Demo]]:
    """Start the demo with a temporary folder of its own, and without a browser."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell that runs the tests in the background lets them ignore Ctrl-C, and what they start would inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    started: list[Demo] = []

    def start(folder: Path, *arguments: str) -> Demo:
        kept = {name: value for name, value in os.environ.items() if name not in BROWSERS}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", *arguments],
            cwd=ROOT,
            env=kept | {"TMPDIR": str(folder), "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
