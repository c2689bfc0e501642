"""The log: two formats, UTC, on standard error, and never what members wrote."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.logs import set_up_logging

CHATTY = ("alembic", "apscheduler", "discord")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in CHATTY}
    # Taken off first: setting up logging closes whatever handlers it finds, and pytest's own have to live on.
    root.handlers[:] = []
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def test_text_is_one_line_with_utc_level_logger_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", "text")
    logging.getLogger("bot.app").warning("guild %d is gone", 7)
    time, rest = capsys.readouterr().err.split("Z ", 1)
    assert rest == "WARNING bot.app: guild 7 is gone\n"
    written = datetime.fromisoformat(time).replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)


def test_json_is_one_object_a_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", "json")
    try:
        int("first\nsecond")
    except ValueError:
        logging.getLogger("bot.app").exception("reference %s: “no”\n", "r1")
    logging.getLogger("bot.app").info("next")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert {name: first[name] for name in ("level", "logger", "message")} == {
        "level": "ERROR",
        "logger": "bot.app",
        "message": "reference r1: “no”\n",
    }
    assert first["exception"].endswith("'first\\nsecond'")
    assert datetime.fromisoformat(second["time"]).utcoffset() == timedelta()
    assert "exception" not in second


def test_nothing_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", "text")
    logging.getLogger("bot").info("hello")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["alembic", "discord"])
def test_libraries_speak_from_warning_up(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", "text")
    logging.getLogger(f"{name}.part").info("tick")
    logging.getLogger(f"{name}.part").warning("trouble")
    assert [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()] == ["trouble"]


def test_outage_of_discord_costs_one_line_a_try(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", "text")
    logging.getLogger("discord.client").error("Attempting a reconnect in %.2fs", 3.2, exc_info=ConnectionResetError())
    assert capsys.readouterr().err.split("Z ", 1)[1] == (
        "WARNING discord.client: Discord does not answer (ConnectionResetError); trying again in 3 s\n"
    )


def test_tick_that_takes_long_is_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", "text")
    logging.getLogger("apscheduler.scheduler").warning("maximum number of running instances reached")
    assert capsys.readouterr().err == ""


def test_a_higher_level_holds_for_libraries_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("ERROR", "text")
    logging.getLogger("discord.client").warning("trouble")
    assert capsys.readouterr().err == ""


def test_even_debug_never_prints_what_discord_sends(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("DEBUG", "text")
    logging.getLogger("bot").debug("ours")
    logging.getLogger("discord.client").info("logging in")
    logging.getLogger("discord.http").debug("POST … with a member's goal")
    assert [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()] == ["ours", "logging in"]


def test_setting_up_twice_prints_once(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", "text")
    set_up_logging("INFO", "text")
    logging.getLogger("bot").info("once")
    assert len(capsys.readouterr().err.splitlines()) == 1
