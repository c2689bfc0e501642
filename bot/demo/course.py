"""A course on a simulated server: the real bot and its real database, with a clock that moves when it is told to."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import discord

from bot import app
from bot.coaching.ids import GuildId
from bot.coaching.weeks import local_day, moment
from bot.config import Config, LlmConfig
from bot.demo.simulator import SETTLE_TIMEOUT, ChannelHandle, Env, GuildHandle, MemberActor, RoleHandle, simulated
from prompts import Content
from storage import announcements, class_statistics, members, nudges, retention
from storage import cohort as cohorts
from storage.database import Database, Tx, open_database
from storage.schema import migrate

NAME: Final = "Digital careers, autumn"
ZONE: Final = "Europe/London"
TERM_START: Final = date(2026, 9, 14)
TERM_END: Final = date(2026, 12, 4)
JITTER_MINUTES: Final = 20
MINUTE: Final = timedelta(minutes=1)
RETRY: Final = timedelta(minutes=15)
NO_REVIEWER: Final = LlmConfig()


class DemoClock:
    """The demo's own time. It stands still until it is moved, and never runs backwards."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """Return the present moment of the demo."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Let it be `moment`, unless that is past already."""
        self._now = max(self._now, moment)


@dataclass(frozen=True, slots=True)
class Course:
    """A server with one channel, the bot in it, and whoever has been added."""

    env: Env
    clock: DemoClock
    app: app.App
    content: Content
    guild: GuildHandle
    channel: ChannelHandle
    staff_channel: ChannelHandle
    instructors: RoleHandle

    @property
    def database(self) -> Database:
        """Return the database that the bot works on."""
        return self.app.database

    @property
    def today(self) -> date:
        """Return the date in the course's time zone."""
        return local_day(self.clock(), ZONE)

    def add_person(self, name: str, *roles: RoleHandle) -> MemberActor:
        """Let somebody enter the server; the first name is also what their account is called."""
        handle = self.env.create_user(name.split(maxsplit=1)[0].lower(), global_name=name)
        return self.guild.add_member(handle, roles=roles)

    async def run_until(self, target: datetime) -> None:
        """Let time pass until `target`, every nudge going out at its own time; safe to repeat after a failure."""
        while self.clock() < target:
            stop = await self.database.read(lambda tx: self._next_stop(tx, target))
            self.clock.move_to(stop or target)
            if stop is not None:
                await self.app.delivery.round()

    def _next_stop(self, tx: Tx, target: datetime) -> datetime | None:
        """Return when the next thing falls due, `target` at the latest; None when nothing does until then.

        What is late already is tried again every quarter of an hour.
        """
        now = self.clock()
        cohort = cohorts.open_in(tx, GuildId(self.guild.id))
        due = [*nudges.open_from(tx), *retention.looks_from(tx)]
        if cohort is not None:
            planned = (place.enrolment.next_nudge for place in members.all_to_plan(tx, cohort.id))
            due += [one.at for one in planned if one is not None]
            looks = (class_statistics.next_at(tx, cohort.id), announcements.next_at(tx, cohort.id))
            due += [at for at in looks if at is not None]
        if not any(at <= target for at in due):
            return None
        return min([target, *(at if at > now else now + RETRY for at in due)])


@asynccontextmanager
async def new_course(now: datetime, llm: LlmConfig = NO_REVIEWER) -> AsyncGenerator[Course]:
    """Open a server with the bot in it and its database in a temporary folder; both are gone afterwards."""
    clock = DemoClock(now)
    with tempfile.TemporaryDirectory(prefix="pln-coach-demo-") as folder:
        config = _config(Path(folder), llm)
        content = app.ready_content(config)
        # Not on a thread: one that outlives an interrupted start would write into a folder that is gone.
        database = open_database(config.database_url, durable=False)
        migrate(database.engine)
        built = app.build(config, database, content, clock)
        try:
            async with simulated(built.bot, clock, patience=SETTLE_TIMEOUT + llm.deadline_seconds) as env:
                guild = env.create_guild(NAME)
                manage = discord.Permissions(manage_guild=True)
                yield Course(
                    env=env,
                    clock=clock,
                    app=built,
                    content=content,
                    guild=guild,
                    channel=guild.create_text_channel("digital-careers"),
                    staff_channel=guild.create_text_channel("staff-room"),
                    instructors=guild.create_role("Instructor", permissions=manage),
                )
        finally:
            await built.connections.aclose()
            built.close()


def _config(folder: Path, llm: LlmConfig) -> Config:
    return Config(
        discord_token="",
        database_url=f"sqlite:///{folder / 'coach.db'}",
        course_content=None,
        log_level="WARNING",
        log_format="text",
        heartbeat_seconds=30,
        nudge_pace=1000,
        nudge_jitter_minutes=JITTER_MINUTES,
        dm_opens_per_minute=60,
        llm=llm,
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment on the course's wall clock, in UTC."""
    return moment(day, hour, ZONE) + timedelta(minutes=minute)
