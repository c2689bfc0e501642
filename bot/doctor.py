"""`doctor`, `health` and `invite`: whether everything that a run needs is there, and what to do where it is not."""

import asyncio
import os
import platform
import shutil
import stat
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from bot.app import open_critic, ready_content
from bot.client import BotProfile, DiscordAway, TokenRefused, look_around
from bot.coaching.cohort import Cohort
from bot.coaching.gone import what_is_gone
from bot.coaching.ids import UserId
from bot.config import Config, ConfigError, StartupError, problems, read_config, read_env_file
from bot.erasures import ErasureRecordError
from bot.opening import erasure_record, open_configured
from bot.services.breaker import read_breaker
from bot.services.housekeeping import read_last_tick
from storage import cohort, sections
from storage.database import Database, DatabaseError, DatabaseUnavailable, NoDatabase, Tx
from storage.schema import newest_revision, probe

OK, NOTE, MEND = "ok", "note", "mend"
TICKS_EVERY = timedelta(minutes=3)
"""A process whose last tick is older does not work: ticks come each minute at least, and claims between them."""
LEAST_SPACE, LITTLE_SPACE = 50, 500
"""Megabytes free on the database's disk below which it is to be mended, or worth a word."""
CLOCK_OFF = timedelta(seconds=30)
"""How far the clock may be from Discord's: notes go out by it, and Discord's answers tell it to the second."""
EVERYBODY = 0o077
"""What a file's mode may not have: rights for others than its owner."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was looked at, its state (`ok`, `note` or `mend`), and what it is or what to do."""

    what: str
    state: str
    words: str

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.state:<5} {self.what:<15} {self.words}"


async def examine(environ: Mapping[str, str], env_file: Path, now: datetime) -> AsyncGenerator[Diagnosis]:
    """Yield what is found, in the order in which it matters; changes nothing, and connects to what is set up."""
    yield Diagnosis("version", OK, f"PLN Coach {version('pln-coach')}, Python {platform.python_version()}")
    yield _zones()
    for finding in _settings(environ, env_file):
        yield finding
    if problems(environ, env_file):
        return  # without them, where to look is a guess
    config = read_config(environ, env_file)
    yield _content(config)
    courses: Sequence[OpenCourse] = ()
    try:
        with closing(open_configured(config)) as database:
            for finding in await asyncio.to_thread(lambda: list(_database(database))):
                yield finding
            yield _erasures(config, database)
            courses = await database.read(_courses)
            yield await _ticks(database, now)
    except StartupError as error:
        # What has never run has no database yet; in the wrong folder it looks the same.
        new = isinstance(error.__cause__, NoDatabase)
        hint = " The first start makes it." if new else ""
        yield Diagnosis("database", NOTE if new else MEND, f"{error}.{hint}")
    except (DatabaseError, DatabaseUnavailable) as error:
        yield Diagnosis("database", MEND, f"DATABASE_URL cannot be used: {str(error) or 'it is busy'}.")
    async for finding in _discord(config, courses, now):
        yield finding
    yield await _reviewer(config)


def _settings(environ: Mapping[str, str], env_file: Path) -> Iterator[Diagnosis]:
    if wrong := problems(environ, env_file):
        yield from (Diagnosis("settings", MEND, sentence) for sentence in wrong)
        return
    file = env_file.absolute()
    yield Diagnosis("settings", OK, str(file) if file.exists() else f"from the environment; there is no {file}")
    _, unknown = read_env_file(env_file)
    if unknown:
        yield Diagnosis("settings", NOTE, f"{env_file} also sets {', '.join(unknown)}, which PLN Coach does not read.")


def _zones() -> Diagnosis:
    names = available_timezones()
    try:
        ZoneInfo("Europe/Berlin")
    except KeyError:
        return Diagnosis("time zones", MEND, "There is no time-zone data: pip install tzdata")
    return Diagnosis("time zones", OK, f"{len(names)} zones, tzdata {version('tzdata')}")


def _content(config: Config) -> Diagnosis:
    try:
        ready_content(config)
    except StartupError as error:
        return Diagnosis("content", MEND, str(error))
    where = config.course_content.absolute() if config.course_content else "the texts that come with PLN Coach"
    return Diagnosis("content", OK, str(where))


# The database


def _database(database: Database) -> Iterator[Diagnosis]:
    """Yield what is found of a database that is there; raises DatabaseError where it cannot be used at all."""
    revisions = probe(database.engine)
    state = OK if revisions == {newest_revision()} else NOTE
    ready = "up to date" if state == OK else "brought up to date at the next start"
    yield Diagnosis("database", state, f"{database.name}, can be written to, {ready}")
    if database.file is None:
        return
    yield from _open_to_others(database.file)
    free = shutil.disk_usage(database.file.parent).free // 2**20
    space = MEND if free < LEAST_SPACE else NOTE if free < LITTLE_SPACE else OK
    more = "" if space == OK else "; make room, or notes and answers stop when it is full"
    yield Diagnosis("disk", space, f"{free:,} MB free in {database.file.parent}{more}")


def _open_to_others(file: Path) -> Iterator[Diagnosis]:
    """Yield a finding for each file beside the database that others may read; Windows has no such modes."""
    for path in (file, *file.parent.glob(f"{file.name}-*")) if os.name == "posix" else ():
        if stat.S_IMODE(path.stat().st_mode) & EVERYBODY:
            yield Diagnosis("file mode", MEND, f"Others on this machine may read {path}: chmod 600 '{path}'")


def _erasures(config: Config, database: Database) -> Diagnosis:
    record = erasure_record(config, database)
    if database.file is None and config.erasure_record is None:
        return Diagnosis(
            "erasure record",
            MEND,
            f"With PostgreSQL set ERASURE_RECORD to a path of your choice; now it is {record.path}, and another folder "
            "to start from would mean another record.",
        )
    try:
        record.last([UserId(1)])
    except ErasureRecordError as error:
        return Diagnosis("erasure record", MEND, f"{error}.")
    if record.path.exists() and not os.access(record.path, os.W_OK):
        return Diagnosis("erasure record", MEND, f"{record.path} cannot be written to.")
    there = "" if record.path.exists() else ", made when somebody is first erased"
    return Diagnosis("erasure record", OK, f"{record.path}{there}")


async def _ticks(database: Database, now: datetime) -> Diagnosis:
    healthy, words = await _last_tick(database, now)
    return Diagnosis("running", OK if healthy else NOTE, words)


async def _last_tick(database: Database, now: datetime) -> tuple[bool, str]:
    last, breaker = await database.read(lambda tx: (read_last_tick(tx), read_breaker(tx)))
    stopped = f" Discord has stopped direct messages until {breaker.until:%Y-%m-%d %H:%M} UTC." if breaker else ""
    if last is None:
        return False, f"It has not run yet on {database.name}.{stopped}"
    ago = max(now - last, timedelta())
    return (
        ago <= TICKS_EVERY,
        f"The last tick on {database.name} was {ago // timedelta(seconds=1)} seconds ago.{stopped}",
    )


# Discord


OpenCourse: TypeAlias = tuple[Cohort, Sequence[int]]
"""An open course, and the roles of its sections."""


def _courses(tx: Tx) -> Sequence[OpenCourse]:
    return [(one, sections.of_course(tx, one.id)) for one in cohort.all_open(tx)]


async def _discord(config: Config, courses: Sequence[OpenCourse], now: datetime) -> AsyncGenerator[Diagnosis]:
    try:
        token = config.require_token()
        seen = await look_around(
            token, {one.guild_id for one, _ in courses}, config.discord_proxy, config.discord_api_base
        )
    except ConfigError as error:
        yield Diagnosis("token", MEND, str(error))
        return
    except TokenRefused:
        yield Diagnosis(
            "token", MEND, "Discord refuses it: reset it on your application's Bot page and put it in .env."
        )
        return
    except DiscordAway as error:
        yield Diagnosis("Discord", MEND, f"It cannot be reached ({error}). Look at the network, and at DISCORD_PROXY.")
        return
    yield Diagnosis("token", OK, f"It is {seen.name}'s; invite it with {seen.invitation}")
    yield _clock(seen, now)
    for one in courses:
        for finding in _server(one, seen):
            yield finding


def _clock(seen: BotProfile, now: datetime) -> Diagnosis:
    if seen.date is None:
        return Diagnosis("clock", NOTE, "Discord did not say what time it is.")
    # `now` is when the looking began.
    late = max(seen.date - datetime.now(UTC), now - seen.date)
    if late > CLOCK_OFF:
        return Diagnosis(
            "clock", MEND, f"It is {late.total_seconds():.0f} seconds off: switch on the system's time service."
        )
    return Diagnosis("clock", OK, "It agrees with Discord's.")


def _server(course: OpenCourse, seen: BotProfile) -> Iterator[Diagnosis]:
    """Yield what is there and what is gone of a course's server."""
    one, section_roles = course
    server = seen.servers.get(one.guild_id)
    if server is None:
        yield Diagnosis("server", MEND, f"The bot is not in the server of {one.name}: invite it again.")
        return
    what = f"{server.name}: {one.name}"
    gone = [sentence.replace("*", "") for sentence in what_is_gone(one, section_roles, server.roles, server.channels)]
    yield from [Diagnosis("server", MEND, f"{what}. {words}") for words in gone] or [Diagnosis("server", OK, what)]


# The AI server


async def _reviewer(config: Config) -> Diagnosis:
    if not config.llm.on:
        return Diagnosis("AI notes", OK, "None are set up; the checks work with their own rules.")
    try:
        critic = open_critic(config.llm)
    except StartupError as error:
        return Diagnosis("AI notes", MEND, str(error))
    try:
        trouble = await critic.trouble()
    finally:
        await critic.aclose()
    return Diagnosis("AI notes", MEND if trouble else OK, trouble or f"{config.llm.host} has {config.llm.model}.")


# What supervisors and people ask besides


async def health(config: Config, now: datetime) -> tuple[bool, str]:
    """Return whether the bot works, by the age of the last tick alone, and a sentence that names what it stopped for.

    Raises StartupError when the database cannot be asked.
    """
    with closing(open_configured(config)) as database:
        try:
            return await _last_tick(database, now)
        except DatabaseUnavailable as error:
            raise StartupError(f"The database does not answer: {database.why(error)}.") from error


async def invite(config: Config) -> str:
    """Return the address that invites the bot into a server, with its real application id; raises StartupError."""
    try:
        return (await look_around(config.require_token(), (), config.discord_proxy, config.discord_api_base)).invitation
    except TokenRefused as error:
        raise StartupError("Discord refuses the token: copy it again from your application's Bot page.") from error
    except DiscordAway as error:
        raise StartupError(f"Discord cannot be reached ({error}).") from error
