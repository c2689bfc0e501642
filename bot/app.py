"""The composition root: opens the database, builds the services, and hands them to the cogs."""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot import systemd
from bot.client import REFUSED, CoachBot, DiscordAway, TokenRefused
from bot.coaching.ids import EnrolmentId, UserId
from bot.coaching.weeks import Clock
from bot.config import Config, LlmConfig, NotYet, StartupError
from bot.erasures import ErasureRecord, ErasureRecordError
from bot.opening import erasure_record, ready_database
from bot.pace import EvenPace
from bot.schedule import Schedule
from bot.services.ai_notes import AiNotes
from bot.services.announcements import AnnouncementService
from bot.services.bios import BioService
from bot.services.checkin import CheckinService
from bot.services.class_statistics import WeeklySnapshot
from bot.services.closing import ClosingService
from bot.services.cohort import CohortService
from bot.services.course_plan import CoursePlanService
from bot.services.critic import Reviewer
from bot.services.delivery import DeliverySettings, DeliveryWorker, Timing
from bot.services.digest import DigestService, owe_digests
from bot.services.erasure import ErasureService, OwnMessages, erase_again
from bot.services.exports import ExportService
from bot.services.feedback import FeedbackService
from bot.services.focus import FocusService
from bot.services.footprint import FootprintService
from bot.services.goals import GoalService
from bot.services.gradebook import GradebookService
from bot.services.hand_ins import HandInService
from bot.services.log import LogService
from bot.services.me import MeService
from bot.services.members import MemberService
from bot.services.message_check import MessageCheckService
from bot.services.messages import MessageService
from bot.services.network import NetworkService
from bot.services.note_buttons import NoteButtons
from bot.services.nudges import NudgeService
from bot.services.opportunities import OpportunityService
from bot.services.overview import OverviewService
from bot.services.planning import Planning
from bot.services.portfolio import PortfolioService, keep_network_starts
from bot.services.register import RegisterService
from bot.services.rights import RightsService
from bot.services.student_numbers import StudentNumberService
from bot.services.week import WeekService
from cogs.ai_notes import AiNotesChoice
from cogs.announcements import AnnouncementButtons
from cogs.base import RoutedCog
from cogs.bios import Bios
from cogs.checkin import Checkins
from cogs.closing import Closings
from cogs.cohort import Cohorts
from cogs.course_plan import CoursePlans
from cogs.feedback import Feedbacks
from cogs.focus import Focuses
from cogs.footprint import Footprints
from cogs.goals import GoalCommands
from cogs.gradebook import Gradebooks
from cogs.hand_ins import HandInPages
from cogs.help import Help
from cogs.log import Log
from cogs.me import MeCommands
from cogs.members import Members
from cogs.message_check import MessageChecks
from cogs.messages import Messages
from cogs.messenger import DiscordMessenger
from cogs.names import Names, RoleCounts
from cogs.network import Networks
from cogs.nudges import Nudges
from cogs.opportunities import Opportunities
from cogs.overview import Overviews
from cogs.portfolio import Portfolios
from cogs.privacy import Privacy
from cogs.register import Registers
from cogs.student_numbers import StudentNumbers
from cogs.week import Weeks
from prompts import Content, ContentError, load_content
from storage.bios import Caps
from storage.database import Database, DatabaseError, DatabaseReplaced, DatabaseUnavailable
from storage.runners import Presence, presence

if TYPE_CHECKING:
    from bot.critique.model import OpenAICritic

_log = logging.getLogger(__name__)

DEFAULT_TIMING = Timing()
LAST_ANSWERS = 5
"""Seconds in which members who wait for an answer still get it, once the process is to end."""
REVIEWS_A_DAY = 5
"""Most calls to the AI reviewer that a member has a day."""


@dataclass(frozen=True, slots=True)
class App:
    """A bot with everything it needs, not yet connected.

    `connections`: what the AI reviewer holds, once it is there; to be ended in the loop that the bot ran in.
    """

    bot: CoachBot
    delivery: DeliveryWorker
    presence: Presence
    database: Database
    erasures: ErasureRecord
    connections: AsyncExitStack

    def close(self) -> None:
        """Stop being one of the processes that run, and close the database. The bot is closed by who connected it."""
        self.presence.leave()
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


def build(
    config: Config, database: Database, content: Content, clock: Clock = utc_now, timing: Timing = DEFAULT_TIMING
) -> App:
    """Build the services and the bot around them; connects to nothing."""
    # Rounds have time; for everything else somebody waits.
    patient, database = database, database.for_answers()
    planning = Planning(config.nudge_jitter_minutes, content.backoff_days)
    footprint = FootprintService(database, content.checklist)
    log = LogService(database, content)
    cohorts = CohortService(database, content, planning)
    views = OverviewService(database, content)
    feedback = FeedbackService(database)
    gradebooks = GradebookService(database, content.checklist)
    names, role_counts = Names(clock), RoleCounts(clock)
    erasures = erasure_record(config, database)
    connections = AsyncExitStack()

    def cogs() -> Sequence[RoutedCog]:
        # Not before the login: a process that sends nudges alone has no use for an AI reviewer.
        reviewer = open_reviewer(config.llm, clock, connections)
        ai_notes = AiNotes(database, reviewer)
        bios = BioService(database, content.rubric, content.crisis, content.checklist, ai_notes)

        def forget(user_id: UserId, enrolment_ids: Collection[EnrolmentId]) -> None:
            feedback.forget(user_id)
            gradebooks.forget(user_id)
            names.forget(user_id)
            bot.forms.forget(user_id)
            for one in enrolment_ids:
                bios.forget(one)
                ai_notes.forget(one)

        return (
            Cohorts(cohorts, views, ai_notes, content.checklist.tracks, clock),
            CoursePlans(CoursePlanService(database, content), content, clock),
            Overviews(views, role_counts, clock),
            Registers(RegisterService(database, content.checklist), ExportService(database, content), names, clock),
            Checkins(CheckinService(database, content.checklist), clock),
            HandInPages(HandInService(database), names, clock),
            Gradebooks(gradebooks, clock),
            Closings(DigestService(database, content), ClosingService(database, planning), clock),
            Members(MemberService(database, planning), role_counts, clock),
            Messages(MessageService(database), clock),
            StudentNumbers(StudentNumberService(database)),
            Focuses(FocusService(database, content.checklist), content.checklist.tracks, clock),
            Footprints(footprint, content.checklist, clock),
            GoalCommands(GoalService(database, content), content.vocabulary, clock),
            Log(log, content.vocabulary, clock),
            Networks(NetworkService(database, content), log, clock),
            Opportunities(OpportunityService(database, log, content.network.starters), clock),
            Portfolios(PortfolioService(database, content), clock),
            Bios(bios, ai_notes, content.rubric, clock),
            MessageChecks(MessageCheckService(database, content, ai_notes), ai_notes, content.message_rubric, clock),
            AiNotesChoice(ai_notes, content.rubric, clock),
            Feedbacks(feedback, content.crisis.help_lines, clock),
            Nudges(NudgeService(database, content, planning), NoteButtons(database, content, log, footprint), clock),
            AnnouncementButtons(AnnouncementService(database), clock),
            MeCommands(MeService(database, content), clock),
            Weeks(WeekService(database, content), clock),
            Privacy(
                RightsService(database, content),
                ErasureService(database, erasures, forget),
                OwnMessages(messenger, pace),
                clock,
            ),
            Help(cohorts),
        )

    guilds = CohortService(patient, content, planning)
    bot = CoachBot(
        patient,
        cogs,
        lambda here, gone: guilds.guilds_changed(here, gone, clock()),
        clock,
        proxy=config.discord_proxy,
        api_base=config.discord_api_base,
    )
    messenger, pace = DiscordMessenger(bot, bot.refuse_token), EvenPace(config.nudge_pace)
    here = presence(database.engine)
    settings = DeliverySettings(
        runner=here.runner,
        batch=max(1, round(config.nudge_pace)),
        opens_per_minute=config.dm_opens_per_minute,
        planning=planning,
        timing=timing,
        live=here.live,
        snapshot=WeeklySnapshot(content, (owe_digests, keep_network_starts)),
    )
    delivery = DeliveryWorker(patient, content, messenger, pace, clock, settings)
    return App(bot, delivery, here, patient, erasures, connections)


def open_critic(llm: LlmConfig, clock: Clock = utc_now) -> "OpenAICritic":
    """Make the critic that is configured, to be closed with `aclose`; raises StartupError.

    `openai` is imported with it, and never without.
    """
    from bot.critique.model import OPENAI_URL, CriticSettings, OpenAICritic  # noqa: PLC0415 - for those who set one up
    from prompts.critique import load_prompts  # noqa: PLC0415 - as above

    settings = CriticSettings(
        model=llm.model,
        api_key=llm.api_key,
        base_url=llm.base_url or OPENAI_URL,
        deadline_seconds=llm.deadline_seconds,
        temperature=llm.temperature,
        reasoning_effort=llm.reasoning_effort,
    )
    try:
        return OpenAICritic(settings, load_prompts(), clock)
    except Exception as error:  # noqa: BLE001 - FileNotFoundError, ImportError, ValueError, ssl.SSLError and others
        message = (
            f"The AI reviewer is not set up: its client cannot be made ({type(error).__name__}). "
            "Look at SSL_CERT_FILE, ALL_PROXY, HTTPS_PROXY and HTTP_PROXY."
        )
        raise StartupError(message) from None


def open_reviewer(llm: LlmConfig, clock: Clock, connections: AsyncExitStack) -> Reviewer | None:
    """Return the AI reviewer, None when none is configured or its client cannot be made: the bot does without."""
    if not llm.on:
        return None
    from bot.critique.model import most_tokens  # noqa: PLC0415 - as in open_critic
    from prompts.critique import load_prompts  # noqa: PLC0415 - as above

    try:
        critic = open_critic(llm, clock)
    except StartupError as error:
        _log.warning("%s", error)
        return None
    connections.push_async_callback(critic.aclose)
    prompts = load_prompts()
    return Reviewer(
        critic=critic,
        host=llm.host,
        model=llm.model,
        prompt_versions={subject: f"{prompt.id}/{prompt.version}" for subject, prompt in prompts.items()},
        reserve_tokens=most_tokens(prompts),
        caps=Caps(REVIEWS_A_DAY, llm.tokens_per_course, llm.tokens_per_day),
        host_note=llm.host_note,
    )


async def run(config: Config) -> None:
    """Run the bot until SIGINT or SIGTERM: finish what is in hand, then close.

    Raises StartupError or ConfigError for anything that a person has to mend first.
    """
    token = config.require_token()
    async with _entered(config, gateway=True) as app, app.bot:
        await _until_stopped(app, partial(app.bot.stay_connected, token), config.heartbeat_seconds)


async def run_nudges(config: Config, timing: Timing = DEFAULT_TIMING) -> None:
    """Only send nudges until SIGINT or SIGTERM, without a connection for commands; ends and raises as `run` does.

    Any number of such processes may share a PostgreSQL; each takes its part of the rounds and of the pace.
    """
    token = config.require_token()
    async with _entered(config, gateway=False, timing=timing) as app, app.bot:
        await _until_stopped(app, partial(app.bot.stay_logged_in, token), config.heartbeat_seconds)


@asynccontextmanager
async def _entered(config: Config, *, gateway: bool, timing: Timing = DEFAULT_TIMING) -> AsyncGenerator[App]:
    """Make this process one of those that run: content, database, its place among others, and the way to stop it."""
    content = ready_content(config)
    app = build(config, await asyncio.to_thread(ready_database, config), content, timing=timing)
    app.bot.commands_too = gateway
    _stop_when_told(app.bot.stop)
    try:
        try:
            await asyncio.to_thread(app.presence.enter, gateway=gateway)
        except DatabaseError as error:
            message = f"DATABASE_URL cannot be used: {error}"
            raise StartupError(message) from error
        await keep_erased(app)
        # Not only once Discord answers: an outage of Discord is no reason to be started again and again.
        systemd.tell("READY=1")
        yield app
    finally:
        systemd.tell("STOPPING=1")
        try:
            await app.connections.aclose()
        finally:
            await asyncio.to_thread(app.close)


async def keep_erased(app: App) -> None:
    """Erase again whoever came back with a restored backup, before anything is planned; raises StartupError."""
    try:
        await erase_again(app.database, app.erasures)
    except ErasureRecordError as error:
        message = f"ERASURE_RECORD cannot be used: {error}"
        raise StartupError(message) from error


def _stop_when_told(stop: asyncio.Event) -> None:
    """Set `stop` at SIGINT (Ctrl+C) and SIGTERM."""
    loop = asyncio.get_running_loop()

    def from_anywhere(_sign: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop.set)

    for sign in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(sign, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(sign, from_anywhere)


def ticks(app: App) -> Callable[[timedelta], Awaitable[None]]:
    """Return what a tick does: keep this process's place among those that run, then run a round.

    A database that is away costs one line of log when it goes and one when it is back; one that was replaced ends the
    process.
    """
    away_since: float | None = None

    async def tick(step: timedelta) -> None:
        nonlocal away_since
        try:
            await asyncio.to_thread(app.presence.renew)
            await app.delivery.round(step)
        except DatabaseReplaced as error:
            app.bot.end(str(error))
            return
        except (DatabaseUnavailable, DatabaseError) as error:
            if away_since is None:
                away_since = time.monotonic()
                _log.error(
                    "the database does not answer: %s. Nothing is lost; it is tried again", app.database.why(error)
                )
            return
        if away_since is not None:
            _log.warning("the database answers again, after %.0f s", time.monotonic() - away_since)
            away_since = None

    return tick


async def _until_stopped(
    app: App, connect: Callable[[Callable[[], None]], Coroutine[None, None, None]], heartbeat: int
) -> None:
    """Stay connected and tick until the bot is to stop; then finish the message in hand and close.

    Raises StartupError when it stops for something that a person has to mend: a refused token, a replaced database.
    """
    schedule = Schedule(ticks(app), heartbeat)

    async def close_when_told() -> None:
        await app.bot.stop.wait()
        if app.bot.ended_because is None:
            _log.info("stopping: finishing what is in hand")
        schedule.stop()
        async with asyncio.TaskGroup() as ending:
            ending.create_task(app.delivery.finish())
            ending.create_task(app.bot.answers_in_hand(LAST_ANSWERS))
        await app.bot.close()
        alive.cancel()

    async with asyncio.TaskGroup() as tasks:
        closing, alive = tasks.create_task(close_when_told()), tasks.create_task(systemd.stay_alive())
        await connect(schedule.start)
        if not app.bot.stop.is_set():
            closing.cancel()
            alive.cancel()
    if app.bot.ended_because is not None:
        raise StartupError(app.bot.ended_because)
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
    except DiscordAway as error:
        raise NotYet(f"Discord cannot be reached ({error}).") from error
    finally:
        app.close()
        await app.connections.aclose()
    return "The slash commands are registered."
