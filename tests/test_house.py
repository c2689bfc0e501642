"""The house rules that a machine can keep."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import discord
import pytest
from discord import app_commands

from bot.app import build
from bot.client import CoachBot
from bot.coaching import errors
from bot.coaching.cohort import Audience
from bot.coaching.ids import CohortId
from bot.coaching.messages import ANSWER, INBOX_ONLY, SEEN
from bot.config import Config
from bot.services.texts import OPEN_NOTE, OPEN_PARCEL, STOP_DIGEST, WHY
from cogs.routes import AGAIN, Route
from prompts import load_content
from prompts.nudges import BUTTONS
from storage.database import open_database
from tests.cogs.cards.golden import GOLDEN
from tests.cogs.cards.screens import forms, views

ROOT = Path(__file__).parent.parent
HOUSE = ("bot", "cogs", "storage", "prompts")
COMMANDS = {
    "cohort setup": Audience.MANAGER,
    "cohort invite": Audience.STAFF,
    "cohort plan": Audience.STAFF,
    "cohort overview": Audience.INSTRUCTOR,
    "cohort register": Audience.INSTRUCTOR,
    "cohort preview": Audience.INSTRUCTOR,
    "cohort breaks": Audience.STAFF,
    "cohort status": Audience.STAFF,
    "cohort digest": Audience.INSTRUCTOR,
    "cohort close": Audience.MANAGER,
    "cohort feedback": Audience.INSTRUCTOR,
    "cohort checkin": Audience.INSTRUCTOR,
    "cohort member": Audience.INSTRUCTOR,
    "cohort export": Audience.INSTRUCTOR,
    "cohort gradebook": Audience.INSTRUCTOR,
    "start": Audience.ANYONE,
    "help": Audience.ANYONE,
    "focus": Audience.MEMBER,
    "footprint": Audience.MEMBER,
    "goal new": Audience.MEMBER,
    "goal show": Audience.MEMBER,
    "goal review": Audience.MEMBER,
    "goal pause": Audience.MEMBER,
    "goal stop": Audience.MEMBER,
    "log": Audience.MEMBER,
    "network add": Audience.MEMBER,
    "network list": Audience.MEMBER,
    "network contacted": Audience.MEMBER,
    "network followups": Audience.MEMBER,
    "network map": Audience.MEMBER,
    "network edit": Audience.MEMBER,
    "network forget": Audience.MEMBER,
    "opportunity add": Audience.MEMBER,
    "opportunity list": Audience.MEMBER,
    "opportunity update": Audience.MEMBER,
    "portfolio": Audience.MEMBER,
    "bio check": Audience.MEMBER,
    "bio history": Audience.MEMBER,
    "message check": Audience.MEMBER,
    "message begin": Audience.MEMBER,
    "feedback": Audience.MEMBER,
    "me": Audience.MEMBER,
    "week": Audience.MEMBER,
    "nudge settings": Audience.MEMBER,
    "nudge history": Audience.MEMBER,
    "nudge inbox": Audience.MEMBER,
    "nudge preview": Audience.MEMBER,
    "privacy stored": Audience.ANYONE,
    "privacy seen": Audience.ANYONE,
    "privacy share": Audience.ANYONE,
    "privacy export": Audience.ANYONE,
    "privacy delete": Audience.ANYONE,
}
AUTOCOMPLETES = {
    "cohort setup time_zone",
    "footprint item",
    "goal new template",
    "log kind",
    "log person",
    "network contacted kind",
    "network contacted who",
    "network edit who",
    "network forget what",
    "nudge settings zone",
    "opportunity update what",
    "start zone",
}
FIXED_BUTTONS = [one.id for one in (WHY, OPEN_NOTE, OPEN_PARCEL, STOP_DIGEST, ANSWER, INBOX_ONLY, SEEN)]
"""The buttons of messages that no content file names."""
SERVER_ONLY = {"start", "cohort"}
GUILD, DM = 0, 1
SAMPLES: Mapping[Any, Any] = {
    str: "Some words",
    int: 7,
    date: date(2027, 2, 15),
    tuple[str, ...]: ("term_end",),
    Sequence[tuple[CohortId, str]]: [(CohortId(1), "some words")],
}
"""A value for each kind of argument that a refusal takes."""
# Nothing of these is needed to start; each costs a second, or more memory than the bot itself.
LATE = ("openai", "matplotlib", "plotly", "numpy", "PIL", "simcord", "hypothesis", "pytest")


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoachBot]:
    """The bot as it would be connected, with its cogs and commands."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('house') / 'coach.db'}")
    yield build(Config("token", "", None, "INFO", "text", 30, 5, 20, 5), database, load_content()).bot
    database.close()


@pytest.fixture
async def tree(bot: CoachBot) -> app_commands.CommandTree[Any]:
    await _with_cogs(bot)
    return bot.tree


@pytest.fixture
async def routes(bot: CoachBot) -> Mapping[str, Route]:
    await _with_cogs(bot)
    return bot.routes


async def _with_cogs(bot: CoachBot) -> None:
    if not bot.cogs:
        for cog in bot._make_cogs():  # pyright: ignore[reportPrivateUsage]
            await bot.add_cog(cog)
            bot.routes |= cog.routes


def leaves(tree: app_commands.CommandTree[Any]) -> list[app_commands.Command[Any, ..., Any]]:
    return [command for command in tree.walk_commands() if isinstance(command, app_commands.Command)]


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


# Commands and components


def test_every_command_group_and_option_is_described(tree: app_commands.CommandTree[Any]) -> None:
    for command in tree.walk_commands():
        assert 5 < len(command.description) <= 100, command.qualified_name
    for command in leaves(tree):
        for option in command.parameters:
            assert 5 < len(str(option.description)) <= 100, f"{command.qualified_name} {option.name}"


def test_the_commands_and_their_audiences_are_these(tree: app_commands.CommandTree[Any]) -> None:
    assert {command.qualified_name: command.extras.get("audience") for command in leaves(tree)} == COMMANDS


def test_the_commands_that_need_a_server_are_offered_there_alone_and_the_others_in_the_dm_too(
    tree: app_commands.CommandTree[Any],
) -> None:
    for command in tree.get_commands():
        sent = command.to_dict(tree)
        assert sent["contexts"] == ([GUILD] if command.name in SERVER_ONLY else [GUILD, DM]), command.name
        assert sent["integration_types"] == [GUILD], command.name


def test_discord_takes_the_list_of_commands(tree: app_commands.CommandTree[Any]) -> None:
    assert len(tree.get_commands()) <= 100
    for command in leaves(tree):
        assert re.fullmatch(r"[a-z_-]{1,32}", command.name)
        assert len(command.parameters) <= 25
        assert all(len(option.choices) <= 25 for option in command.parameters)


def test_every_route_declares_an_audience_and_is_named_after_its_feature(
    bot: CoachBot, routes: Mapping[str, Route]
) -> None:
    features = {path.stem for path in (ROOT / "cogs").glob("*.py")}
    features |= {"start", "course", "nudge", "goal", "number", "opportunity", "handins"}
    for name, route in routes.items():
        assert isinstance(route.audience, Audience), name
        plain = name.removeprefix(AGAIN)
        assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", plain), name
        assert plain.partition(".")[0] in features, name
    assert len(routes) == sum(len(cog.routes) for cog in bot._make_cogs()), "two cogs have a route of the same name"  # pyright: ignore[reportPrivateUsage]


def test_no_context_menu_stands_beside_the_commands(tree: app_commands.CommandTree[Any]) -> None:
    for kind in (discord.AppCommandType.user, discord.AppCommandType.message):
        assert tree.get_commands(type=kind) == []


def test_these_options_are_completed_while_one_types(tree: app_commands.CommandTree[Any]) -> None:
    completed = {
        f"{command.qualified_name} {name}"
        for command in leaves(tree)
        for name, option in command._params.items()  # pyright: ignore[reportPrivateUsage]
        if option.autocomplete is not None
    }
    assert completed == AUTOCOMPLETES


def test_every_button_that_the_words_may_name_leads_somewhere(routes: Mapping[str, Route]) -> None:
    assert {f"nudge.{button}" for button in (*BUTTONS, *FIXED_BUTTONS)} <= routes.keys()


def test_every_button_of_a_card_leads_somewhere_and_every_form_opens_again(routes: Mapping[str, Route]) -> None:
    ids = (getattr(item, "custom_id", None) for _, view in views() for item in view.walk_children())
    sent = {form.custom_id.split(":")[1] for _, form in forms()}
    shown = {one.split(":")[1] for one in ids if one} | sent | {AGAIN + form for form in sent}
    assert sent
    assert shown <= routes.keys()
    reached = shown | {f"nudge.{button}" for button in (*BUTTONS, *FIXED_BUTTONS)}
    assert routes.keys() <= reached, "a route that nothing leads to"


# Words


def texts() -> Iterator[str]:
    """Yield every text that somebody may read: content, cards and refusals."""
    yield from (path.read_text(encoding="utf-8") for path in sorted((ROOT / "prompts").glob("*.toml")))
    yield GOLDEN.read_text(encoding="utf-8")
    yield from (made.text for made in refusals())


def test_every_command_that_a_text_names_exists(tree: app_commands.CommandTree[Any]) -> None:
    known = {f"/{command.qualified_name}" for command in leaves(tree)}
    groups = {f"/{command.name}" for command in tree.get_commands()}
    named = {name for text in texts() for name in re.findall(r"`(/[a-z ]+)`", text)}
    assert named
    assert named <= known
    loose = {name for text in texts() for name in re.findall(r"(?<![\w`:/])(/[a-z]+)\b", text)}
    assert loose <= groups, "something like a command outside backticks"


def refusals() -> list[type[errors.Refusal]]:
    found = [made for made in vars(errors).values() if isinstance(made, type) and issubclass(made, errors.Refusal)]
    return [made for made in found if made is not errors.Refusal]


def test_a_refusal_is_a_sentence_that_ends_and_does_not_shout() -> None:
    for made in refusals():
        wanted = [hint for name, hint in get_type_hints(made.__init__).items() if name != "return"]
        sentence = str(made(*(SAMPLES[hint] for hint in wanted)))
        assert not sentence[0].islower(), sentence
        assert sentence.endswith("."), sentence
        assert len(sentence) < 300, sentence
        assert "!" not in sentence, sentence


# Files


def test_every_cog_every_service_and_every_rule_has_its_tests() -> None:
    # What has no tests of its own name is tried by everything else, or is a protocol.
    plumbing = {
        "cogs": {"base", "cancelled", "checks", "zones", "messenger", "names"},
        "bot/services": {"messenger", "critic", "breaker", "texts"},
        "bot/coaching": {"ids", "errors", "limits", "plain", "bios"},
    }
    for folder, without in plumbing.items():
        named = {path.stem for path in (ROOT / folder).glob("*.py")} - without - {"__init__"}
        tests = ROOT / "tests" / folder.rpartition("/")[2]
        assert named - {path.stem.removeprefix("test_") for path in tests.glob("test_*.py")} == set(), folder


def test_no_file_names_a_path_of_one_machine_or_an_address_of_a_registry() -> None:
    wrong = re.compile(r"(?<![\w.:/])/(?:home|root|Users|tmp|work|mnt|opt)/\w|[A-Z]:\\|index-url|files\.python")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [
        f"{name}: {hit.group()}"
        for name in listed.stdout.splitlines()
        if name != "tests/test_house.py" and (ROOT / name).suffix in {".py", ".toml", ".md", ".txt", ".ini", ""}
        if (ROOT / name).is_file()
        for hit in wrong.finditer((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_starting_loads_nothing_that_only_one_feature_or_the_tests_need() -> None:
    asked = f"import sys, json, bot.app; print(json.dumps([one for one in {LATE!r} if one in sys.modules]))"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(loaded.stdout) == []


def test_no_package_runs_code_when_it_is_imported() -> None:
    assert (ROOT / "bot/__init__.py").read_text(encoding="utf-8") == ""
