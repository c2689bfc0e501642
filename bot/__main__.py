"""The command line: `python -m bot run | demo | evaluate | migrate | sync | erase`."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import app
from bot.coaching.ids import UserId
from bot.config import Config, ConfigError, LlmConfig, read_config
from bot.logs import set_up_logging

NO_REVIEWER = (
    "There is no AI reviewer to ask: set LLM_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL, as .env.example says."
)
"""Exit code of an evaluation that does not meet its bar."""
NOT_STARTED = 2
"""Exit code when a person has to mend something first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a bar not met, 2 with one sentence about what to mend."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.command == "demo":
            from bot.demo import start

            return start(text=chosen.text, port=chosen.port, llm=_demo_reviewer() if chosen.reviewer else None)
        if chosen.command == "evaluate":
            return _evaluate_bios(chosen.file, reviewer=chosen.reviewer, as_json=chosen.json)
        config = read_config(os.environ, Path(".env"))
        set_up_logging(config.log_level, config.log_format)
        asyncio.run(_do(chosen, config))
    except (ConfigError, app.StartupError) as error:
        print(error, file=sys.stderr)
        return NOT_STARTED
    return 0


def _demo_reviewer() -> LlmConfig:
    """Return the settings of the AI reviewer; raises ConfigError when there is none."""
    llm = read_config(os.environ, Path(".env")).llm
    if not llm.on:
        raise ConfigError(NO_REVIEWER)
    return llm


def _evaluate_bios(file: Path | None, *, reviewer: bool, as_json: bool) -> int:
    from bot.evaluation import evaluate

    llm = read_config(os.environ, Path(".env")).llm if reviewer else None
    if llm is not None and not llm.on:
        raise ConfigError(NO_REVIEWER)
    return evaluate(file, llm, as_json=as_json)


async def _do(chosen: argparse.Namespace, config: Config) -> None:
    match chosen.command:
        case "migrate":
            (await asyncio.to_thread(app.ready_database, config)).close()
            print("The database is up to date.")
        case "sync":
            print(await app.sync(config))
        case "erase":
            await app.note_erasure(config, UserId(chosen.account), app.utc_now())
            print("Noted. The account is erased at the next start.")
        case _ if chosen.nudges_only:
            await app.run_nudges(config)
        case _:
            await app.run(config)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="PLN Coach, a Discord bot for a course server.")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="run | demo | evaluate | migrate | sync | erase"
    )
    run = commands.add_parser("run", help="connect to Discord and coach; settings in the environment or .env")
    run.add_argument("--nudges-only", action="store_true", help="only help sending nudges; needs PostgreSQL to share")
    demo = commands.add_parser("demo", help="try all of it in a simulated course server, without a token")
    what = demo.add_mutually_exclusive_group()
    what.add_argument("--text", action="store_true", help="tell the story in the terminal and exit")
    demo.add_argument("--port", type=_within(0, 65535), default=8765, help="where the page is served (8765)")
    what.add_argument("--reviewer", action="store_true", help="with the AI reviewer that is set up in .env")
    evaluate = commands.add_parser("evaluate", help="measure the bio check, and AI notes, on bios with known points")
    evaluate.add_argument("what", choices=["bios"], help="what is measured")
    evaluate.add_argument("--file", type=Path, help="a JSON list of bios; without it, those of the tests")
    evaluate.add_argument(
        "--reviewer", action="store_true", help="ask the AI that is set up in .env about each bio too"
    )
    evaluate.add_argument("--json", action="store_true", help="print what each bio got instead of the table")
    commands.add_parser("migrate", help="bring the database's tables up to date, and exit")
    commands.add_parser("sync", help="register the slash commands with Discord even if they seem unchanged, and exit")
    erase = commands.add_parser("erase", help="note that an account is to be erased at the next start, and exit")
    erase.add_argument("account", type=_account, help="the number of the Discord account")
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
