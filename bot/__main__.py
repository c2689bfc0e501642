"""The command line: `python -m bot run | demo | migrate | sync`."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import app
from bot.config import Config, ConfigError, read_config
from bot.logs import set_up_logging

NOT_STARTED = 2
"""Exit code when a person has to mend something first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 with one sentence about what to mend."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.command == "demo":
            from bot.demo import start

            return start(text=chosen.text, port=chosen.port)
        config = read_config(os.environ, Path(".env"))
        set_up_logging(config.log_level, config.log_format)
        asyncio.run(_do(chosen, config))
    except (ConfigError, app.StartupError) as error:
        print(error, file=sys.stderr)
        return NOT_STARTED
    return 0


async def _do(chosen: argparse.Namespace, config: Config) -> None:
    match chosen.command:
        case "migrate":
            (await asyncio.to_thread(app.ready_database, config)).close()
            print("The database is up to date.")
        case "sync":
            print(await app.sync(config))
        case _ if chosen.nudges_only:
            await app.run_nudges(config)
        case _:
            await app.run(config)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="PLN Coach, a Discord bot for a course server.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | demo | migrate | sync")
    run = commands.add_parser("run", help="connect to Discord and coach; settings in the environment or .env")
    run.add_argument("--nudges-only", action="store_true", help="only help sending nudges; needs PostgreSQL to share")
    demo = commands.add_parser("demo", help="try all of it in a simulated course server, without a token")
    demo.add_argument("--text", action="store_true", help="tell the story in the terminal and exit")
    demo.add_argument("--port", type=int, default=8765, help="where the page is served (8765)")
    commands.add_parser("migrate", help="bring the database's tables up to date, and exit")
    commands.add_parser("sync", help="register the slash commands with Discord even if they seem unchanged, and exit")
    return parser


if __name__ == "__main__":
    sys.exit(main())
