"""The demo: the real bot and a real database in a simulated course server, as a page or as a story in the terminal."""

import asyncio
import sys
from importlib.util import find_spec

from bot.config import LlmConfig

NEEDED = ("simcord", "aiohttp", "markdown_it", "linkify_it", "regex", "PIL")
"""What the `demo` extra installs, by the names of the modules."""
NOT_INSTALLED = 2


def start(*, text: bool, port: int, llm: LlmConfig | None = None) -> int:
    """Tell the story in the terminal, or serve the page until Ctrl-C; returns the exit code.

    `llm`: the AI reviewer of the page's course; without it there is none, and nothing leaves this machine.

    0: done. 1: something in the story was not as it has to be. 2: the demo's packages are missing.
    """
    if not all(find_spec(name) for name in NEEDED):
        print("The demo's packages are not installed: run `make demo`, or install the `demo` extra.", file=sys.stderr)
        return NOT_INSTALLED
    from bot.demo import show, story  # noqa: PLC0415 - these import what may not be installed

    try:
        return asyncio.run(story.tell() if text else show.show(port, llm or LlmConfig()))
    except KeyboardInterrupt:
        return 0
