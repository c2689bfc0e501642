"""`doctor`, `health` and `invite`: each thing that can be wrong is found, named, and said how to mend."""

import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from discord.http import Route

from bot.__main__ import main
from bot.coaching.ids import UserId
from bot.doctor import MEND, NOTE, OK, examine
from bot.erasures import ErasureRecord
from bot.services import breaker
from bot.services.housekeeping import note_tick
from storage import cohort, sections, tables
from storage.database import Tx, open_database
from storage.schema import migrate
from tests.conftest import PostgreSQL
from tests.delivery.discord_rest import BOT_ID, POSTS_OFFSET, DiscordRest, Weather
from tests.storage.course import open_course

GUILD = 70_001
TOKEN = "not-a-real-token"


@dataclass(slots=True)
class Room:
    """A disk with so many bytes free."""

    free: int = 2**40


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> Room:
    """The disk of every test: how full this machine's is says nothing."""
    room = Room()

    def usage(_path: Path) -> Room:
        return room

    monkeypatch.setattr("shutil.disk_usage", usage)
    return room


@pytest.fixture
async def rest(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordRest]:
    """Discord, as the bot's commands find it."""
    stand_in = DiscordRest(Weather())
    async with stand_in.serving() as base:
        monkeypatch.setattr(Route, "BASE", base)
        yield stand_in


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def course(folder: Path) -> Path:
    """A bot's folder with a course whose roles and channel are all there."""

    def fill(tx: Tx) -> None:
        cohort_id = open_course(tx, GUILD)
        values = {"instructor_role_id": GUILD, "channel_id": GUILD + POSTS_OFFSET}
        tx.execute(tables.cohort.update().values(**values))
        sections.replace(tx, cohort_id, [])
        note_tick(tx, datetime.now(UTC), timedelta(), timedelta(minutes=2))

    _change(folder / "data" / "coach.db", fill)
    return folder


def _change(file: Path, work: Callable[[Tx], object]) -> None:
    with closing(open_database(f"sqlite:///{file}")) as database:
        migrate(database.engine)
        with database.engine.begin() as tx:
            work(tx)


async def found(now: datetime | None = None, **environ: str) -> dict[str, list[tuple[str, str]]]:
    """Return what is found: by what was looked at, its states and words."""
    listed: dict[str, list[tuple[str, str]]] = {}
    env = {"DISCORD_TOKEN": TOKEN} | environ
    async for one in examine(env, Path(".env"), now or datetime.now(UTC)):
        listed.setdefault(one.what, []).append((one.state, one.words))
    return listed


async def test_all_is_well(course: Path, rest: DiscordRest) -> None:
    listed = await found()
    assert {state for states in listed.values() for state, _ in states} == {OK}
    file = course / "data" / "coach.db"
    assert listed["database"] == [(OK, f"sqlite {file}, can be written to, up to date")]
    assert listed["server"] == [(OK, "A server: PLN 1")]
    assert f"client_id={BOT_ID}" in listed["token"][0][1]
    assert str(course / "data" / "coach.erasures") in listed["erasure record"][0][1]


async def test_folder_without_a_database_is_named_and_none_is_made(folder: Path, rest: DiscordRest) -> None:
    [(state, words)] = (await found())["database"]
    assert state == NOTE
    assert f"there is no database at {folder / 'data' / 'coach.db'}" in words
    assert os.listdir(folder) == []  # noqa: PTH208


async def test_settings_are_all_told_at_once_and_nothing_else_is_looked_at(folder: Path) -> None:
    listed = await found(NUDGE_PACE="fast", LOG_LEVEL="loud")
    assert [state for state, _ in listed["settings"]] == [MEND, MEND]
    assert "database" not in listed
    (folder / ".env").write_text("DATABSE_URL=sqlite:///other.db\n")
    [(_, words)] = (await found())["settings"]
    assert words == "Line 1 of .env sets DATABSE_URL, which is no setting. Did you mean DATABASE_URL?"


async def test_name_of_another_program_is_a_note(course: Path, rest: DiscordRest) -> None:
    (course / ".env").write_text("POSTGRES_PASSWORD=hunter2\n")
    listed = await found()
    assert listed["settings"][1][0] == NOTE
    assert "POSTGRES_PASSWORD" in listed["settings"][1][1]
    assert "hunter2" not in str(listed)


async def test_what_is_gone_in_the_server_is_named(course: Path, rest: DiscordRest) -> None:
    def lose(tx: Tx) -> None:
        values = {"instructor_role_id": 1, "student_role_id": 2, "channel_id": 3}
        tx.execute(tables.cohort.update().values(**values))
        sections.replace(tx, cohort.all_open(tx)[0].id, [4, 5])

    _change(course / "data" / "coach.db", lose)
    said = [words for state, words in (await found())["server"] if state == MEND]
    parts = ["The instructor role is gone", "student role is gone", "role of a section is gone", "channel is gone"]
    assert [part for part, words in zip(parts, said, strict=True) if part not in words] == []


async def test_token_that_is_refused_and_discord_that_is_away(
    course: Path, rest: DiscordRest, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest.refuses_the_token = True
    [(state, words)] = (await found())["token"]
    assert (state, "Discord refuses it" in words, TOKEN in words) == (MEND, True, False)
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:1")
    [(state, words)] = (await found())["Discord"]
    assert (state, "It cannot be reached" in words) == (MEND, True)


@pytest.mark.parametrize(("free", "state"), [(501, OK), (499, NOTE), (49, MEND)])
async def test_disk_that_fills_is_named(course: Path, rest: DiscordRest, roomy: Room, free: int, state: str) -> None:
    roomy.free = free * 2**20
    [(had, words)] = (await found())["disk"]
    assert (had, f"{free} MB free in {course / 'data'}" in words) == (state, True)


async def test_clock_that_is_off_is_named(course: Path, rest: DiscordRest) -> None:
    [(state, words)] = (await found(now=datetime.now(UTC) + timedelta(seconds=90)))["clock"]
    assert (state, "seconds off" in words) == (MEND, True)


async def test_file_that_others_may_read_and_a_record_without_its_key(course: Path, rest: DiscordRest) -> None:
    file = course / "data" / "coach.db"
    file.chmod(0o644)
    record = ErasureRecord(course / "data" / "coach.erasures")
    record.note(UserId(1), datetime.now(UTC))
    record.key_path.unlink()
    listed = await found()
    assert listed["file mode"][0] == (MEND, f"Others on this machine may read {file}: chmod 600 '{file}'")
    assert listed["erasure record"][0][0] == MEND
    assert "its key is not" in listed["erasure record"][0][1]


async def test_damaged_database_is_named(folder: Path, rest: DiscordRest) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "coach.db").write_bytes(b"no database at all" * 100)
    [(state, words)] = (await found())["database"]
    assert (state, "it names a file that is not a SQLite database" in words) == (MEND, True)


async def test_postgresql_needs_a_place_for_the_erasure_record(
    folder: Path, rest: DiscordRest, postgresql: PostgreSQL
) -> None:
    url = postgresql.make("examined")
    try:
        with closing(open_database(url)) as database:
            migrate(database.engine)
        listed = await found(DATABASE_URL=url)
        assert listed["database"][0][0] == OK
        assert listed["erasure record"][0][0] == MEND
        listed = await found(DATABASE_URL=url, ERASURE_RECORD=str(folder / "erased"))
        assert listed["erasure record"][0][0] == OK
    finally:
        postgresql.drop("examined")


@pytest.mark.parametrize(
    ("status", "body", "state", "words"),
    [
        (200, {"object": "list", "data": [{"id": "a-model"}]}, OK, "has a-model"),
        (200, {"object": "list", "data": [{"id": "other"}]}, MEND, "has no model a-model: LLM_MODEL may be other."),
        (401, {"error": {"message": "no"}}, MEND, "refuses the key: look at OPENAI_API_KEY."),
        (404, {"error": {"message": "no such page"}}, OK, "has a-model"),
        (None, {}, MEND, "cannot be reached"),
    ],
)
async def test_ai_server_is_asked_for_its_models(
    course: Path, rest: DiscordRest, status: int | None, body: object, state: str, words: str
) -> None:
    async def models(_: web.Request) -> web.Response:
        return web.json_response(body, status=status or 200)

    app = web.Application()
    app.router.add_get("/v1/models", models)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1] if status else 1
    try:
        listed = await found(LLM_MODEL="a-model", OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1")
    finally:
        await runner.cleanup()
    [(had, said)] = listed["AI notes"]
    assert (had, words in said) == (state, True), said


def test_doctor_ends_with_one_when_something_is_to_be_mended(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".env").write_text("DISCORD_TOKEN: x\n")
    assert main(["doctor"]) == 1
    *_, finding, _, last = capsys.readouterr().out.splitlines()
    assert finding.startswith("mend  settings        Line 1 of .env cannot be read")
    assert last == "1 to mend."


def test_health_is_the_age_of_the_last_tick(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health"]) == 1
    assert "there is no database at" in capsys.readouterr().out
    file = folder / "data" / "coach.db"
    _change(file, lambda _: None)
    assert main(["health"]) == 1
    assert capsys.readouterr().out == f"It has not run yet on sqlite {file}.\n"
    now = datetime.now(UTC)
    for ago, code in ((timedelta(seconds=2), 0), (timedelta(minutes=4), 1)):

        def tick(tx: Tx, at: datetime = now - ago) -> None:
            note_tick(tx, at, timedelta(), timedelta(minutes=2))

        _change(file, tick)
        assert main(["health"]) == code
        assert f"The last tick on sqlite {file} was " in capsys.readouterr().out


def test_health_names_what_discord_has_stopped_and_is_no_worse(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(tx: Tx) -> None:
        note_tick(tx, datetime.now(UTC), timedelta(), timedelta(minutes=2))
        breaker.trip(tx, datetime.now(UTC))

    _change(folder / "data" / "coach.db", stop)
    assert main(["health"]) == 0
    assert "Discord has stopped direct messages until" in capsys.readouterr().out


def test_health_changes_nothing_and_needs_no_token(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = course / "data" / "coach.db"
    with closing(sqlite3.connect(file)) as before:
        version = before.execute("PRAGMA data_version").fetchone()
        assert main(["health"]) == 0
        assert before.execute("PRAGMA data_version").fetchone() == version


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("PLN Coach 0.")
