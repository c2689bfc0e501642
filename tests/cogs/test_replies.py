"""Whatever happens there is one answer: a sentence, or an apology with a reference that is in the log too."""

import logging
import re
from typing import Any

import aiohttp
import discord
import pytest

from bot.coaching.cohort import Audience
from bot.coaching.errors import TooSlow
from cogs import replies
from cogs.cards import failures
from cogs.routes import Click, Route
from storage.database import DatabaseUnavailable
from tests.cogs.classroom import Classroom
from tests.cogs.conftest import ExpectedErrors
from tests.cogs.interactions import FakeInteraction

SECRET = "my secret field"


def fail_with(room: Classroom, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let every transaction of the bot end in `error`."""

    async def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(type(room.database), "transact", broken)
    monkeypatch.setattr(type(room.database), "read", broken)


def reference(text: str) -> str:
    found = re.search(r"`([0-9a-f]{8})`", text)
    assert found, text
    return found[1]


async def test_error_in_a_command_gets_an_apology_with_a_logged_reference(
    course: Classroom,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.append("me failed")
    ann = await course.member()
    fail_with(course, monkeypatch, RuntimeError("a mistake of ours"))
    shown = await ann.run("me")
    assert shown.text.startswith(
        "Sorry, that went wrong on my side. What you did may be saved all the same, so look before you do it again. "
    )
    assert shown.private
    assert f"[{reference(shown.text)}] me failed" in caplog.text
    assert "a mistake of ours" in caplog.text


@pytest.mark.parametrize("mistake", [ValueError, IndexError])
async def test_error_behind_a_button_is_never_taken_for_an_old_card(
    course: Classroom,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    expected_errors: ExpectedErrors,
    mistake: type[Exception],
) -> None:
    expected_errors.append("component failed")
    ann = await course.member()
    shown = await ann.run("me")
    fail_with(course, monkeypatch, mistake("a mistake of ours"))
    shown = await ann.press(shown, "Log something")
    assert shown.text.startswith("Sorry, that went wrong on my side.")
    assert f"[{reference(shown.text)}] component failed" in caplog.text


async def test_error_behind_a_form_gives_back_what_was_typed_and_logs_none(
    course: Classroom,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.append("modal_submit failed")
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.DEBUG, "cogs")
    ann = await course.member()
    form = await ann.run("focus")
    fail_with(course, monkeypatch, RuntimeError("a mistake of ours"))
    shown = await ann.send(form, fields=SECRET)
    assert shown.text.startswith("Sorry, that went wrong on my side.")
    assert f"```\n{SECRET}\n```" in shown.text
    assert SECRET not in caplog.text


async def test_a_statement_that_fails_is_logged_without_its_values(
    course: Classroom, caplog: pytest.LogCaptureFixture, expected_errors: ExpectedErrors
) -> None:
    expected_errors.append("modal_submit failed")
    ann = await course.member()
    form = await ann.run("focus")
    await course.database.transact(lambda tx: tx.exec_driver_sql("ALTER TABLE focus RENAME TO lost"))
    shown = await ann.send(form, fields=SECRET)
    assert shown.text.startswith("Sorry, that went wrong on my side.")
    assert "no such table: focus" in caplog.text
    assert SECRET not in caplog.text


async def test_a_full_disk_gets_its_own_sentence_and_logs_no_values(
    course: Classroom, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await course.member()
    form = await ann.run("focus")
    await course.database.transact(lambda tx: tx.exec_driver_sql("PRAGMA max_page_count = 1"))
    big = {"fields": SECRET, "purpose": "p" * 140}
    shown = await ann.send(form, **big)
    if "Your focus is saved" in shown.text:
        for number in range(200):
            shown = await ann.run("log", kind="note", note=f"{SECRET} {number} " + "n" * 150)
            if "Logged" not in shown.text:
                break
    assert shown.text.startswith(
        "I cannot reach my notes just now, so nothing was changed. Please try again in a minute. "
        "If it stays like this, tell whoever runs me."
    )
    assert SECRET not in caplog.text


async def test_a_database_that_is_away_gets_its_own_sentence(
    course: Classroom,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ann = await course.member()
    fail_with(course, monkeypatch, DatabaseUnavailable())
    shown = await ann.run("footprint")
    assert shown.text.startswith("I cannot reach my notes just now, so nothing was changed.")
    assert [one for one in caplog.get_records("call") if one.levelno >= logging.WARNING] == []


async def test_help_needs_no_database(course: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(course, monkeypatch, DatabaseUnavailable())
    assert "What would you like to do?" in (await course.person("ann").run("help")).text


async def test_a_refusal_leaves_no_error_in_the_log(course: Classroom, caplog: pytest.LogCaptureFixture) -> None:
    await course.person("ann").run("me")
    assert [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING] == []


async def test_an_answer_that_comes_too_late_for_discord_ends_quietly(
    course: Classroom, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await course.member()
    shown = await ann.run("me")
    course.env.inject_error("POST", "/interactions/*", status=404, code=10062, message="Unknown interaction", times=2)
    with pytest.raises(AssertionError, match="did not answer"):
        await ann.press(shown, "Log something")
    assert "answered too late" in caplog.text
    assert "could not answer an interaction: 404 (code 10062)" in caplog.text


async def test_after_a_first_answer_more_is_said_as_a_private_follow_up(
    course: Classroom, expected_errors: ExpectedErrors
) -> None:
    expected_errors.append("component failed")

    async def wait_and_fail(click: Click) -> None:
        await click.interaction.response.defer(ephemeral=True)
        message = "a mistake of ours"
        raise RuntimeError(message)

    course.app.bot.routes["test.fail"] = Route(Audience.ANYONE, wait_and_fail)
    ann = course.person("ann")
    shown = await ann.press(await course.crafted(f"pln1:test.fail:{ann.id}"), "Press")
    assert shown.text.startswith("Sorry, that went wrong on my side.")
    assert shown.private


async def test_slow_answer_is_acknowledged_in_time_and_comes_as_a_follow_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "ACKNOWLEDGE_AFTER", 0.01)
    asked = FakeInteraction()

    async def slow() -> None:
        await asked.acknowledged.wait()
        await replies.show(asked.real, failures.refusal("No.", []))

    await replies.in_time(asked.real, slow())
    assert asked.sent == ["defer", "follow-up"]


async def test_quick_answer_is_not_acknowledged_apart() -> None:
    asked = FakeInteraction()
    await replies.in_time(asked.real, replies.show(asked.real, failures.refusal("No.", [])))
    assert asked.sent == ["message"]


async def test_answer_waits_for_an_acknowledgement_underway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "ACKNOWLEDGE_AFTER", 0)
    asked = FakeInteraction(slow=True)

    async def answering() -> None:
        await asked.requested.wait()
        asked.release.set()
        await replies.show(asked.real, failures.refusal("No.", []))

    await replies.in_time(asked.real, answering())
    assert asked.sent == ["defer", "follow-up"]


async def test_form_that_comes_too_late_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = FakeInteraction()
    await replies.soon(asked.real)
    with pytest.raises(TooSlow):
        await replies.ask(asked.real, discord.ui.Modal(title="Late"))


@pytest.mark.parametrize(
    "error", [aiohttp.ServerDisconnectedError(), ConnectionResetError(), discord.DiscordException()]
)
async def test_error_path_raises_nothing_when_discord_goes_away(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    asked = FakeInteraction(error=error)
    await replies.fail(asked.real, error)
    assert "could not answer an interaction" in caplog.text
    assert "Traceback" not in caplog.text or isinstance(error, discord.DiscordException)
