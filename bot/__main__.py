"""The command line: `python -m bot run`, and what else whoever runs the bot may need."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path

from bot.config import Config, ConfigError, LlmConfig, NotYet, StartupError, read_config
from bot.logs import set_up_logging

NO_REVIEWER = (
    "There is no AI reviewer to ask: set LLM_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL, as .env.example says."
)
ENV_FILE = Path(".env")
INTERRUPTED = 130
"""Exit code of a command that Ctrl+C ended, as shells have it."""
NOT_STARTED = 2
"""Exit code when a person has to mend something first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0: done. 1: a bar not met, or a server away that may be back when the command is run again. 2: one sentence says
    what a person has to mend first.
    """
    for stream in (sys.stdout, sys.stderr):
        # A console of another encoding than UTF-8, as Windows has them, shows a question mark for what it has not.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    chosen = parser().parse_args(arguments)
    try:
        return chosen.do(chosen) or 0
    except StartupError as error:
        print(error, file=sys.stderr)
        return 1 if isinstance(error, NotYet) else NOT_STARTED
    except KeyboardInterrupt:
        return INTERRUPTED


# Each command imports what it alone needs.


def _run(chosen: argparse.Namespace) -> None:
    from bot import app

    config = _config()
    asyncio.run(app.run_nudges(config) if chosen.nudges_only else app.run(config))


def _demo(chosen: argparse.Namespace) -> int:
    from bot.demo import start

    return start(text=chosen.text, port=chosen.port, llm=_demo_reviewer() if chosen.reviewer else None)


def _demo_reviewer() -> LlmConfig:
    """Return the settings of the AI reviewer; raises ConfigError when there is none."""
    llm = _settings().llm
    if not llm.on:
        raise ConfigError(NO_REVIEWER)
    return llm


def _evaluate(chosen: argparse.Namespace) -> int:
    from bot.evaluation import evaluate

    return evaluate(chosen.file, _demo_reviewer() if chosen.reviewer else None, as_json=chosen.json)


def _migrate(_: argparse.Namespace) -> None:
    from bot.opening import ready_database

    database = ready_database(_config())
    print(f"The database is up to date: {database.name}")
    database.close()


def _backup(chosen: argparse.Namespace) -> None:
    from bot.backup import back_up, back_up_and_keep

    if chosen.keep is None:
        print(back_up(_config(), chosen.file))
    else:
        print(back_up_and_keep(_config(), chosen.file, chosen.keep, datetime.now(UTC)))


def _restore(chosen: argparse.Namespace) -> None:
    from bot.backup import restore

    print(restore(_config(), chosen.file))


def _move(chosen: argparse.Namespace) -> None:
    from bot.move import move

    print(move(_config(), chosen.to_url))


def _sync(_: argparse.Namespace) -> None:
    from bot import app

    print(asyncio.run(app.sync(_config())))


def _doctor(_: argparse.Namespace) -> int:
    from bot.doctor import MEND, examine

    async def report() -> int:
        to_mend = 0
        async for finding in examine(os.environ, ENV_FILE, datetime.now(UTC)):
            print(finding)
            to_mend += finding.state == MEND
        return to_mend

    to_mend = asyncio.run(report())
    print(f"\n{to_mend} to mend." if to_mend else "\nNothing to mend.")
    return int(to_mend > 0)


def _health(_: argparse.Namespace) -> int:
    from bot.doctor import health

    try:
        healthy, words = asyncio.run(health(_settings(), datetime.now(UTC)))
    except StartupError as error:
        healthy, words = False, str(error)
    print(words)
    return int(not healthy)


def _invite(_: argparse.Namespace) -> None:
    from bot.doctor import invite

    print(asyncio.run(invite(_settings())))


def _erase(chosen: argparse.Namespace) -> None:
    from bot.coaching.ids import UserId
    from bot.opening import note_erasure

    print(note_erasure(_config(), UserId(chosen.account), datetime.now(UTC)))


def _settings() -> Config:
    return read_config(os.environ, ENV_FILE)


def _config() -> Config:
    config = _settings()
    set_up_logging(config.log_level, config.log_format)
    return config


PLAIN = (
    ("doctor", _doctor, "look at everything that a run needs, and say what to mend"),
    ("health", _health, "say whether the bot works, for supervisors: 0 yes, 1 no"),
    ("invite", _invite, "print the address that invites the bot into a server"),
    ("migrate", _migrate, "bring the database's tables up to date, and exit"),
    ("sync", _sync, "register the slash commands with Discord even if they seem unchanged, and exit"),
)
"""The commands without arguments."""


def parser() -> argparse.ArgumentParser:
    """Return what reads a command line."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="PLN Coach, a Discord bot for a course server.")
    parser.add_argument("--version", action="version", version=f"PLN Coach {version('pln-coach')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, do: Callable[[argparse.Namespace], int | None], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(do=do)
        return made

    for name, do, text in PLAIN:
        command(name, do, text)
    run = command("run", _run, "connect to Discord and coach; settings in the environment or .env")
    run.add_argument("--nudges-only", action="store_true", help="only help sending nudges; needs PostgreSQL to share")
    demo = command("demo", _demo, "try all of it in a simulated course server, without a token")
    what = demo.add_mutually_exclusive_group()
    what.add_argument("--text", action="store_true", help="tell the story in the terminal and exit")
    demo.add_argument("--port", type=_within(0, 65535), default=8765, help="where the page is served (8765)")
    what.add_argument("--reviewer", action="store_true", help="with the AI reviewer that is set up in .env")
    backup = command("backup", _backup, "write all that is remembered to one file, also while the bot runs")
    backup.add_argument("file", type=Path, help="a new file; with --keep, a folder")
    backup.add_argument("--keep", type=_within(1, 1000), help="write a dated file, and keep so many of the newest")
    restore = command("restore", _restore, "put a backup in the place of the database; stop the bot first")
    restore.add_argument("file", type=Path, help="a file that `backup` wrote")
    move = command("move", _move, "copy everything from an SQLite file to an empty PostgreSQL; stop the bot first")
    move.add_argument("to_url", metavar="TO_URL", help="its address, such as postgresql://user:password@host/name")
    erase = command("erase", _erase, "note that an account is to be erased at the next start, and exit")
    erase.add_argument("account", type=_account, help="the number of the Discord account")
    evaluate = command("evaluate", _evaluate, "measure the bio check, and AI notes, on bios with known points")
    evaluate.add_argument("what", choices=["bios"], help="what is measured")
    evaluate.add_argument("--file", type=Path, help="a JSON list of bios; without it, those of the tests")
    evaluate.add_argument(
        "--reviewer", action="store_true", help="ask the AI that is set up in .env about each bio too"
    )
    evaluate.add_argument("--json", action="store_true", help="print what each bio got instead of the table")
    return parser


def _account(text: str) -> int:
    """Return the number of an account; argparse prints the sentence."""
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) < 2**63 or len(text) > 20:
        message = "has to be the number of a Discord account"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _within(low: int, high: int) -> Callable[[str], int]:
    """Return how to read a whole number from `low` to `high`; argparse prints the sentence."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not low <= int(text[:9]) <= high or len(text) > 9:
            message = f"has to be a whole number from {low} to {high}"
            raise argparse.ArgumentTypeError(message)
        return int(text)

    return read


if __name__ == "__main__":
    sys.exit(main())
