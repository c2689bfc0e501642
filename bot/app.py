"""The composition root: opens the database, builds the services, and hands them to the cogs."""

import asyncio
import logging
import secrets
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiolimiter import AsyncLimiter

from bot.client import CoachBot, TokenRefused
from bot.coaching.weeks import Clock
from bot.config import Config
from bot.schedule import Schedule
from bot.services.cohort import CohortService
from bot.services.focus import FocusService
from bot.services.footprint import FootprintService
from bot.services.goals import GoalService
from bot.services.log import LogService
from bot.services.me import MeService
from bot.services.members import MemberService
from bot.services.nudges import NudgeService
from bot.services.rounds import Rounds, RoundSettings, Timing
from cogs.base import RoutedCog
from cogs.cohort import Cohorts
from cogs.focus import Focuses
from cogs.footprint import Footprints
from cogs.goals import Goals
from cogs.help import Help
from cogs.log import Log
from cogs.me import Me
from cogs.members import Members
from cogs.messenger import DiscordMessenger
from cogs.nudges import Nudges
from prompts import Content, ContentError, load_content
from storage.database import Database, DatabaseError, DatabaseUnavailable, open_database
from storage.schema import migrate

_log = logging.getLogger(__name__)

DEFAULT_TIMING = Timing()
REFUSED = "DISCORD_TOKEN was refused by Discord: copy the token again from your application's Bot page."


class StartupError(Exception):
    """The bot cannot start as configured; the message is one sentence that names the setting."""


@dataclass(frozen=True, slots=True)
class App:
    """A bot with everything it needs, not yet connected."""

    bot: CoachBot
    rounds: Rounds
    database: Database

    def close(self) -> None:
        """Close the database; the bot is closed by whoever connected it."""
        self.database.close()


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def ready_content(config: Config) -> Content:
    """Return the course's content; raises StartupError that names COURSE_CONTENT and what is wrong in it."""
    try:
        return load_content(config.course_content)
    except ContentError as error:
        message = f"COURSE_CONTENT cannot be used: {error}"
        raise StartupError(message) from error


def ready_database(config: Config) -> Database:
    """Return the database, migrated; raises StartupError that names DATABASE_URL, without its password."""
    try:
        database = open_database(config.database_url)
        migrate(database.engine)
    except (DatabaseError, DatabaseUnavailable) as error:
        message = f"DATABASE_URL cannot be used: {error}"
        raise StartupError(message) from error
    return database


def build(
    config: Config, database: Database, content: Content, clock: Clock = utc_now, timing: Timing = DEFAULT_TIMING
) -> App:
    """Build the services and the bot around them; connects to nothing."""
    jitter = config.nudge_jitter_minutes
    footprint = FootprintService(database, content.checklist)
    log = LogService(database, content)
    nudges = NudgeService(database, content.rules, log, footprint, jitter)
    cohorts = CohortService(database, content, jitter)

    def cogs() -> Sequence[RoutedCog]:
        return (
            Cohorts(cohorts, content.checklist.tracks, clock),
            Members(MemberService(database, jitter), clock),
            Focuses(FocusService(database), clock),
            Footprints(footprint, content.checklist, clock),
            Goals(GoalService(database, content), content.vocabulary, clock),
            Log(log, content.vocabulary, clock),
            Nudges(nudges, clock),
            Me(MeService(database, content), clock),
            Help(),
        )

    bot = CoachBot(database, cogs)
    # One request at a time at even distances: a burst of the same average rate is answered with 429s.
    pace = AsyncLimiter(1, 1 / config.nudge_pace)
    settings = RoundSettings(
        runner=secrets.token_hex(8),
        jitter_limit=jitter,
        batch=max(1, round(config.nudge_pace)),
        opens_per_minute=config.dm_opens_per_minute,
        timing=timing,
    )
    return App(bot, Rounds(database, content, DiscordMessenger(bot), pace, clock, settings), database)


async def run(config: Config) -> None:
    """Run the bot until SIGINT or SIGTERM: finish what is in hand, then close.

    Raises StartupError or ConfigError for anything that a person has to mend first.
    """
    token = config.require_token()
    content = ready_content(config)
    app = build(config, await asyncio.to_thread(ready_database, config), content)
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    try:
        await _until(stop, app, token, config.heartbeat_seconds)
    finally:
        app.close()


async def _until(stop: asyncio.Event, app: App, token: str, heartbeat: int) -> None:
    """Stay connected and tick until `stop` is set; then finish the message in hand and close."""
    schedule = Schedule(app.rounds.round, heartbeat)
    refused: TokenRefused | None = None

    async def close_when_told() -> None:
        await stop.wait()
        _log.info("stopping: finishing what is in hand")
        schedule.stop()
        await app.rounds.finish()
        await app.bot.close()

    async with app.bot, asyncio.TaskGroup() as tasks:
        closing = tasks.create_task(close_when_told())
        try:
            await app.bot.stay_connected(token, schedule.start, stop)
        except TokenRefused as error:
            refused = error
        if not stop.is_set():
            closing.cancel()
    if refused:
        raise StartupError(REFUSED) from refused
    _log.info("stopped")


async def sync(config: Config) -> str:
    """Register the slash commands with Discord, whatever was registered before; returns a sentence to print.

    Raises StartupError or ConfigError.
    """
    token = config.require_token()
    app = build(config, await asyncio.to_thread(ready_database, config), ready_content(config))
    try:
        async with app.bot:
            await app.bot.register_once(token)
    except TokenRefused as error:
        raise StartupError(REFUSED) from error
    finally:
        app.close()
    return "The slash commands are registered."
