"""Shows the page: opens the classroom, serves it, and stays until Ctrl-C."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Final

from bot.config import LlmConfig
from bot.demo.classroom import open_classroom
from bot.demo.course import ZONE
from bot.demo.page import DemoPage, serve
from bot.demo.simulator import PaneStage
from bot.logs import set_up_logging

DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


async def show(port: int, llm: LlmConfig) -> int:
    """Serve the page until Ctrl-C or SIGTERM, then take everything down again; returns the exit code."""
    set_up_logging("WARNING", "text")
    _stop_on_sigterm()
    print("Opening the course server; five weeks of term pass in a few seconds …", flush=True)
    with suppress(asyncio.CancelledError):
        await _serve(port, llm)
    return 0


async def _serve(port: int, llm: LlmConfig) -> None:
    async with open_classroom(llm) as classroom:
        course = classroom.course
        async with PaneStage(course.env, course.channel, classroom.catch_up, timezone=ZONE) as stage:
            page = DemoPage(stage, lambda: classroom.viewers, lambda: course.today, classroom.advance)
            async with serve(page.application(), port) as (url, notice):
                if notice:
                    print(notice, flush=True)
                print(f"PLN Coach demo: {url}  (Ctrl-C stops it)", flush=True)
                browser = open_browser(url)
                try:
                    await asyncio.Event().wait()
                finally:
                    if browser is not None:
                        browser.poll()


def open_browser(url: str) -> "subprocess.Popen[bytes] | None":
    """Open the page in the person's browser if there is one; silent either way.

    In a process of its own: a browser may write to the terminal, and Ctrl-C is not meant for it.
    """
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in DISPLAYS):
        return None
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - our own interpreter, our own address
            [sys.executable, "-m", "webbrowser", url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return None


def _stop_on_sigterm() -> None:
    """Let SIGTERM end the demo as Ctrl-C does; asyncio takes care of Ctrl-C."""
    this = asyncio.current_task()
    if this is not None:
        with suppress(NotImplementedError):  # Windows has no such handlers
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
