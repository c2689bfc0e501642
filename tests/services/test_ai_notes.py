"""AI notes: the AI reads texts of whoever agreed, as far as the budget goes, and nothing of it is stored."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import event, select

from bot.coaching.bios import (
    AiNote,
    AiOutcome,
    AiReport,
    Criterion,
    Critique,
    CritiqueRequest,
    Rewrite,
    Subject,
    Usage,
    Verdict,
)
from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import (
    NotJoined,
    OldCard,
    Refusal,
)
from bot.coaching.ids import GuildId
from bot.services.ai_notes import KEPT, NOTICE, AiNotes, AiState
from bot.services.bios import (
    BioCheck,
    BioDraft,
    BioService,
)
from bot.services.critic import Reviewer
from prompts import Content
from storage import tables
from storage.bios import FREED_AFTER, Caps
from storage.database import Database, Tx
from tests.services.course import (
    GUILD,
    ROLE,
    START,
    TEACHER,
    TERM_START,
    Course,
    member,
)
from tests.services.fakes import FakeCritic

T = TypeVar("T")

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
HOST = "models.example"
RESERVE = 1000
AMPLE = Caps(5, 10**6, 10**6)

# Words that stand nowhere else, so that they are found wherever they went.
BIO = "Quokkalore student who built a tide gauge in Zanzibartown. Ask me about my patients. Write: moa@kea.example"
DRAFT = BioDraft("x", BIO)
ADVICE = "Say what the tapirgauge measured."
REWRITE = "Numbatology student, built a gauge."
GOOD = Critique(
    AiOutcome.OK,
    (AiNote(Criterion.CREDIBLE, Verdict.STRONG, "built a tide gauge", ADVICE),),
    Rewrite(REWRITE, len(REWRITE)),
    Usage(300, 120),
    900,
)
MARKS = ("quokka", "zanzibar", "moa@kea", "tide gauge", "tapir", "numbat")
IN_DISTRESS = BioDraft("x", "Quokkalore student. I want to kill myself.")


def reviewer(critic: FakeCritic, **changes: Any) -> Reviewer:
    return replace(
        Reviewer(critic, HOST, "model-x", {Subject.BIO: "bio/7", Subject.MESSAGE: "message/3"}, RESERVE, AMPLE),
        **changes,
    )


def staff(guild_id: GuildId | None = GUILD, role: int = ROLE) -> Caller:
    """Return an instructor who uses what is for managers and instructors."""
    return Caller(TEACHER, Audience.STAFF, guild_id, frozenset({role}), manages_guild=False, dm_channel_id=None)


@dataclass
class Bios:
    """A course whose members have agreed to an AI reviewer that is on."""

    course: Course
    critic: FakeCritic
    service: BioService

    def asked(self) -> int:
        return len(self.critic.requests)

    async def check(self, draft: BioDraft = DRAFT, user_id: int = 10, after: timedelta = timedelta()) -> BioCheck:
        return await self.service.check(member(user_id), draft, START + after)

    async def critique(self, draft: BioDraft = DRAFT, user_id: int = 10, after: timedelta = timedelta()) -> Critique:
        return await self.service.critique(member(user_id), draft, START + after)

    async def agree(self, *user_ids: int, agree: bool = True) -> None:
        for user_id in user_ids:
            await self.service.ai_notes.decide(member(user_id), START, agree=agree)

    async def state(self, user_id: int = 10) -> AiState:
        return (await self.service.start(member(user_id), START)).ai


async def bios_of(course: Course, critic: FakeCritic | None = None, **changes: Any) -> Bios:
    """Return what the members 10 and 11 of a course have, both of whom agreed."""
    critic = critic or FakeCritic(GOOD)
    made = Bios(course, critic, service(course, reviewer(critic, **changes)))
    await course.join(10, 11, channel=False)
    await made.service.ai_notes.set_reviewer(staff(), on=True)
    await made.agree(10, 11)
    return made


def service(course: Course, by: Reviewer | None) -> BioService:
    content = course.content
    return BioService(course.database, content.rubric, content.crisis, content.checklist, AiNotes(course.database, by))


async def rows(course: Course, table: Any) -> list[dict[str, Any]]:
    return await course.database.read(
        lambda tx: [dict(row) for row in tx.execute(select(table).order_by(*table.primary_key.columns)).mappings()]
    )


async def spent(course: Course) -> Mapping[str, tuple[int, int]]:
    """Return what is spent and what is reserved, for a member, for the server, and for the bot."""
    return {
        row["scope"].partition(":")[0]: (row["spent"], row["reserved"]) for row in await rows(course, tables.ai_budget)
    }


@asynccontextmanager
async def under_way(made: Bios) -> AsyncGenerator[asyncio.Task[Critique]]:
    """Be in the middle of a call of member 10."""
    begun, end = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        begun.set()
        await end.wait()

    made.critic.meanwhile = hold
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(made.critique())
        await begun.wait()
        made.critic.meanwhile = None
        try:
            yield task
        finally:
            end.set()


# Reports


async def test_reports_count_by_course_and_week_without_names(course: Course) -> None:
    made = await bios_of(course)
    for user_id, kind in ((10, AiReport.WRONG), (10, AiReport.WRONG), (11, AiReport.HARMFUL)):
        await made.service.ai_notes.report(member(user_id), kind, START)
    found = await rows(course, tables.ai_report)
    assert [(row["kind"], row["reports"]) for row in found] == [("harmful", 1), ("wrong", 2)]
    usage = await made.service.ai_notes.usage(staff(), START)
    assert usage.reports == {AiReport.WRONG: 2, AiReport.UNKIND: 0, AiReport.HARMFUL: 1}
    assert sum((await made.service.ai_notes.usage(staff(), START + 21 * DAY)).reports.values()) == 0


# Consent


async def test_without_consent_the_model_is_never_called(course: Course) -> None:
    made = await bios_of(course)
    await course.join(12, channel=False)
    await made.agree(11, agree=False)
    for user_id in (11, 12):
        assert not (await made.check(user_id=user_id)).sent
        with pytest.raises(OldCard):
            await made.critique(user_id=user_id)
    assert (made.asked(), await rows(course, tables.ai_call)) == (0, [])


async def test_consent_is_remembered_and_can_be_changed(course: Course) -> None:
    made = await bios_of(course)
    assert (await made.state(10), await made.state(11)) == (AiState.AGREED, AiState.AGREED)
    for agree, state in ((False, AiState.DECLINED), (True, AiState.AGREED), (False, AiState.DECLINED)):
        assert await made.service.ai_notes.decide(member(10), START, agree=agree) is state
        assert await made.state(10) is state
    assert await made.state(11) is AiState.AGREED


@pytest.mark.parametrize("agree", [True, False])
async def test_consent_holds_for_its_host_and_notice_alone(course: Course, agree: bool) -> None:
    made = await bios_of(course)
    await made.agree(10, agree=agree)
    moved = service(course, reviewer(made.critic, host="elsewhere.example"))
    assert (await moved.start(member(10), START)).ai is AiState.UNDECIDED
    with pytest.raises(OldCard):
        await moved.critique(member(10), DRAFT, START)
    consent = tables.ai_consent
    await course.database.transact(lambda tx: tx.execute(consent.update().values(notice=NOTICE - 1)))
    assert await made.state() is AiState.UNDECIDED
    assert made.asked() == 0


async def test_course_can_switch_the_reviewer_off_and_on(course: Course) -> None:
    made = await bios_of(course)
    assert not (await made.service.ai_notes.set_reviewer(staff(), on=False)).ai_reviewer
    assert await made.state() is AiState.OFF
    assert not (await made.check()).sent
    with pytest.raises(OldCard):
        await made.critique()
    with pytest.raises(OldCard):
        await made.agree(11)
    assert made.asked() == 0
    assert (await made.service.ai_notes.set_reviewer(staff(), on=True)).ai_reviewer
    assert await made.state() is AiState.AGREED


async def test_no_is_accepted_whatever_is_switched_on(course: Course) -> None:
    made = await bios_of(course)
    await made.service.ai_notes.set_reviewer(staff(), on=False)
    await made.agree(10, agree=False)
    unconfigured = service(course, None)
    assert await unconfigured.ai_notes.decide(member(11), START, agree=False) is AiState.OFF
    await course.join(12, channel=False)
    assert await unconfigured.ai_notes.decide(member(12), START, agree=False) is AiState.OFF
    with pytest.raises(OldCard):
        await unconfigured.ai_notes.decide(member(12), START, agree=True)
    await made.service.ai_notes.set_reviewer(staff(), on=True)
    assert [await made.state(user_id) for user_id in (10, 11, 12)] == [
        AiState.DECLINED,
        AiState.DECLINED,
        AiState.UNDECIDED,
    ]


async def test_consent_in_one_course_does_not_hold_in_another(course: Course, content: Content) -> None:
    made = await bios_of(course)
    other = Course(course.database, content, GuildId(701))
    await other.open(name="Elsewhere")
    await other.join(10, channel=False)
    await made.service.ai_notes.set_reviewer(staff(GuildId(701)), on=True)
    start = await made.service.start(member(10, guild_id=GuildId(701)), START)
    assert start.ai is AiState.UNDECIDED


# The AI reviewer


async def test_consenting_member_gets_the_reviewers_answer(course: Course) -> None:
    made = await bios_of(course)
    assert (await made.check()).sent
    assert await made.critique() == GOOD
    place = course.content.rubric.places["x"]
    assert made.critic.requests == [CritiqueRequest(BIO, place, 160, rewrite=True)]


async def test_no_transaction_is_open_during_the_call(course: Course) -> None:
    made = await bios_of(course)
    async with under_way(made):
        # On SQLite nobody else could write, on PostgreSQL nothing of this member.
        await made.check()
        await course.set_focus(10)
        assert await spent(course) == {"bot": (0, RESERVE), "guild": (0, RESERVE), "member": (0, 1)}
    assert await spent(course) == {"bot": (420, 0), "guild": (420, 0), "member": (1, 0)}


async def test_call_is_stored_with_outcome_and_cost_without_text(course: Course) -> None:
    made = await bios_of(course)
    await made.critique()
    (row,) = await rows(course, tables.ai_call)
    assert {name: row[name] for name in row.keys() - {"id", "enrolment_id"}} == {
        "day": TERM_START,
        "reserved_at": START,
        "reserved": RESERVE,
        "outcome": "ok",
        "prompt_tokens": 300,
        "completion_tokens": 120,
        "milliseconds": 900,
        "model": "model-x",
        "prompt_version": "bio/7",
    }


@pytest.mark.parametrize(
    ("answer", "tokens", "calls"),
    [
        (Critique(AiOutcome.OK, usage=Usage(300, 120)), 420, 1),
        (Critique(AiOutcome.OK), RESERVE, 1),
        (Critique(AiOutcome.OK, usage=Usage(0, 0)), 0, 1),
        (Critique(AiOutcome.OK, usage=Usage(300)), 300, 1),
        (Critique(AiOutcome.TRUNCATED, usage=Usage(300, 700)), 1000, 1),
        (Critique(AiOutcome.BAD_OUTPUT), RESERVE, 1),
        (Critique(AiOutcome.REFUSED), RESERVE, 1),
        (Critique(AiOutcome.TIMEOUT), RESERVE, 1),
        (Critique(AiOutcome.BUSY), 0, 0),
        (Critique(AiOutcome.QUOTA), 0, 0),
        (Critique(AiOutcome.CONFIG), 0, 0),
        (Critique(AiOutcome.UNREACHABLE), 0, 0),
        (Critique(AiOutcome.RESTING), 0, 0),
        (Critique(AiOutcome.UNREACHABLE, usage=Usage(300, 1)), 301, 0),
    ],
    ids=str,
)
async def test_each_outcome_charges_its_tokens_and_calls(
    course: Course, answer: Critique, tokens: int, calls: int
) -> None:
    made = await bios_of(course, FakeCritic(answer))
    assert await made.critique() == answer
    assert await spent(course) == {"bot": (tokens, 0), "guild": (tokens, 0), "member": (calls, 0)}


async def test_sixth_call_of_a_day_waits_for_tomorrow(course: Course) -> None:
    made = await bios_of(course)
    outcomes = [(await made.critique(BioDraft("x", f"{BIO} {number}"))).outcome for number in range(7)]
    assert outcomes == [AiOutcome.OK] * 5 + [AiOutcome.SPENT] * 2
    assert made.asked() == 5
    assert (await made.critique(user_id=11)).outcome is AiOutcome.OK
    assert (await made.critique(after=DAY)).outcome is AiOutcome.OK


@pytest.mark.parametrize("caps", [Caps(5, RESERVE + 419, 10**6), Caps(5, 10**6, RESERVE + 419)], ids=str)
async def test_caps_of_server_and_bot_hold_for_everybody(course: Course, caps: Caps) -> None:
    made = await bios_of(course, caps=caps)
    assert (await made.critique()).outcome is AiOutcome.OK
    before = await course.everything()
    assert await made.critique(user_id=11) == Critique(AiOutcome.SPENT)
    assert (await course.everything(), made.asked()) == (before, 1)


async def test_second_call_during_the_first_is_not_made(course: Course) -> None:
    made = await bios_of(course)
    async with under_way(made) as first:
        second = await made.critique(BioDraft("x", "Nursing student"))
        assert second == Critique(AiOutcome.BUSY)
        # Somebody else's is.
        assert (await made.critique(user_id=11)).outcome is AiOutcome.OK
    assert first.result() == GOOD
    assert made.asked() == 2
    assert (await made.critique(BioDraft("x", "Nursing student"))).outcome is AiOutcome.OK


async def test_failing_reviewer_costs_its_reservation_and_blocks_nobody(course: Course) -> None:
    made = await bios_of(course, FakeCritic(RuntimeError("a bug"), GOOD))
    with pytest.raises(RuntimeError, match="a bug"):
        await made.critique()
    (row,) = await rows(course, tables.ai_call)
    assert row["outcome"] == "timeout"
    assert await spent(course) == {"bot": (RESERVE, 0), "guild": (RESERVE, 0), "member": (1, 0)}
    assert await made.critique() == GOOD


async def test_member_erased_during_a_call_leaves_only_the_days_sum(course: Course) -> None:
    made = await bios_of(course)
    async with under_way(made) as task:
        gone = tables.account.delete().where(tables.account.c.user_id == 10)
        await course.database.transact(lambda tx: tx.execute(gone))
    assert task.result() == GOOD
    assert (await rows(course, tables.ai_call), await rows(course, tables.bio_check)) == ([], [])
    assert await spent(course) == {"bot": (0, RESERVE), "guild": (0, RESERVE), "member": (0, 1)}
    with pytest.raises(NotJoined):
        await made.critique()


class Interrupted(Database):
    """A database in which something happens right after the next transaction."""

    then: Callable[[], Awaitable[object]] | None = None

    async def transact(self, work: Callable[[Tx], T]) -> T:
        value = await super().transact(work)
        then, self.then = self.then, None
        if then:
            await then()
        return value


async def test_consent_withdrawn_at_the_last_moment_stops_the_call(course: Course) -> None:
    made = await bios_of(course)
    with closing(Interrupted(course.database.engine)) as database:
        late = Course(database, course.content)
        bios = service(late, reviewer(made.critic))
        database.then = lambda: made.agree(10, agree=False)
        with pytest.raises(OldCard):
            await bios.critique(member(10), DRAFT, START)
    assert made.asked() == 0


async def test_reservation_of_a_dead_process_is_freed_after_five_minutes(course: Course) -> None:
    made = await bios_of(course, caps=Caps(1, 10**6, 10**6))
    async with under_way(made):
        # To a process that starts now, this one is as good as dead.
        restarted = service(course, reviewer(FakeCritic(GOOD), caps=Caps(1, 10**6, 10**6)))
        soon = await restarted.critique(member(10), DRAFT, START + FREED_AFTER)
        later = await restarted.critique(member(10), DRAFT, START + FREED_AFTER + timedelta(seconds=1))
        assert (soon.outcome, later.outcome) == (AiOutcome.SPENT, AiOutcome.OK)


async def test_answer_arrives_although_the_database_went_away(course: Course, caplog: pytest.LogCaptureFixture) -> None:
    made = await bios_of(course)
    set_timeout(course.database, 1)
    course.database.engine.dispose()
    holding = course.database.engine.connect().execution_options(write=True)

    async def lock() -> None:
        # Somebody else's program has the file for itself.
        transaction.append(holding.begin())

    transaction: list[Any] = []
    made.critic.meanwhile = lock
    try:
        assert await made.critique() == GOOD
    finally:
        for one in transaction:
            one.rollback()
        holding.close()
    assert "could not be settled" in caplog.text
    assert (await spent(course))["bot"] == (0, RESERVE)


def set_timeout(database: Database, milliseconds: int) -> None:
    """Let connections from now on give up on a locked file sooner."""

    @event.listens_for(database.engine, "connect")
    def impatient(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={milliseconds}")


# What is kept in memory


async def test_same_bio_within_the_hour_is_answered_from_memory(course: Course) -> None:
    made = await bios_of(course)
    assert await made.critique() == GOOD
    again = await made.critique(after=KEPT - timedelta(seconds=1))
    assert (again, made.asked()) == (GOOD, 1)
    assert len(await rows(course, tables.ai_call)) == 1
    await made.critique(after=KEPT)
    assert made.asked() == 2


@pytest.mark.parametrize(
    "draft",
    [
        BioDraft("x", BIO + "."),
        BioDraft("x", BIO.replace(" ", "\n", 1)),
        BioDraft("x", BIO, my_words=True),
        BioDraft("bluesky", BIO),
        BioDraft("other", BIO, 160),
    ],
    ids=lambda draft: f"{draft.place_id} {draft.my_words} {len(draft.text)}",
)
async def test_any_other_request_calls_the_model_again(course: Course, draft: BioDraft) -> None:
    made = await bios_of(course)
    await made.critique()
    await made.critique(draft)
    assert made.asked() == 2


@pytest.mark.parametrize("outcome", [one for one in AiOutcome if one is not AiOutcome.OK])
async def test_failures_are_not_remembered(course: Course, outcome: AiOutcome) -> None:
    made = await bios_of(course, FakeCritic(Critique(outcome), GOOD))
    assert (await made.critique()).outcome is outcome
    assert await made.critique() == GOOD


async def test_no_during_the_call_leaves_nothing_in_memory(course: Course) -> None:
    made = await bios_of(course)
    async with under_way(made):
        await made.agree(10, agree=False)
    await made.agree(10)
    await made.critique()
    assert made.asked() == 2


async def test_reused_enrolment_id_gets_nothing_from_memory(course: Course) -> None:
    made = await bios_of(course)
    await made.critique(user_id=11)
    gone = tables.account.delete().where(tables.account.c.user_id == 11)
    await course.database.transact(lambda tx: tx.execute(gone))
    await course.join(12, channel=False)
    await made.agree(12)
    await made.critique(user_id=12)
    assert made.asked() == 2


# Nothing of a bio anywhere


async def test_no_table_or_log_line_holds_words_of_bio_or_answer(
    course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        made = await bios_of(course, FakeCritic(GOOD, *map(Critique, AiOutcome), RuntimeError("a bug"), GOOD))
        for number in range(len(AiOutcome) + 3):
            draft = BioDraft("other" if number % 2 else "x", f"{BIO} {'again ' * number}", 100)
            await made.check(draft, after=number * DAY)
            try:
                await made.critique(draft, after=number * DAY)
                await made.critique(draft, after=number * DAY)
            except RuntimeError as error:
                logging.getLogger("bot").exception("a bug", exc_info=error)
        await made.check(IN_DISTRESS)
        for refused in (BioDraft("x", BIO * 90), BioDraft("other", BIO), BioDraft("myspace", BIO)):
            with pytest.raises(Refusal) as raised:
                await made.check(refused)
            caplog.records.append(logging.makeLogRecord({"msg": f"{raised.value!r} {refused!r}"}))
        async with under_way(made) as task:
            task.cancel()
            await asyncio.wait([task])
        await made.agree(10, agree=False)
        await made.service.history(member(10), START)
        await made.service.ai_notes.usage(staff(), START)
    stored = str(await course.everything()).casefold()
    told = (caplog.text + "".join(record.getMessage() for record in caplog.records)).casefold()
    assert [mark for mark in MARKS if mark in stored or mark in told] == []


# The staff


async def test_staff_see_outcomes_of_the_last_seven_days(course: Course) -> None:
    answers = [AiOutcome.OK, AiOutcome.OK, AiOutcome.TIMEOUT, AiOutcome.OK]
    made = await bios_of(course, FakeCritic(*map(Critique, answers)))
    for number, days in enumerate((0, 1, 2, 7)):
        await made.critique(BioDraft("x", f"{BIO} {number}"), after=days * DAY)
    usage = await made.service.ai_notes.usage(staff(), START + 7 * DAY)
    assert (usage.configured, usage.on, usage.trouble) == (True, True, None)
    assert usage.calls == {AiOutcome.OK: 2, AiOutcome.TIMEOUT: 1}
    assert (await made.service.ai_notes.usage(staff(), START + 14 * DAY)).calls == {}


@pytest.mark.parametrize("trouble", [AiOutcome.QUOTA, AiOutcome.CONFIG])
async def test_staff_see_a_fault_of_theirs_until_it_works_again(course: Course, trouble: AiOutcome) -> None:
    made = await bios_of(
        course, FakeCritic(*map(Critique, (AiOutcome.OK, trouble, AiOutcome.RESTING, AiOutcome.BUSY, AiOutcome.OK)))
    )
    seen: list[AiOutcome | None] = []
    for number in range(5):
        await made.critique(BioDraft("x", f"{BIO} {number}"))
        seen.append((await made.service.ai_notes.usage(staff(), START)).trouble)
    assert seen == [None, trouble, trouble, trouble, None]


async def test_switch_and_counts_belong_to_one_course(course: Course, content: Content) -> None:
    made = await bios_of(course)
    await made.critique()
    other = Course(course.database, content, GuildId(701))
    await other.open(name="Elsewhere")
    usage = await made.service.ai_notes.usage(staff(GuildId(701)), START)
    assert (usage.on, usage.calls) == (False, {})


# What it costs the machine


def test_no_model_library_is_loaded_without_a_reviewer() -> None:
    asked = (
        "import sys, bot.services.bios; print([one for one in ('openai', 'httpx2', 'pydantic') if one in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
