import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import demo
from bot.__main__ import main
from bot.demo import story, telling

LONG = 60
"""Seconds after which a demo on a busy machine counts as stuck."""


@pytest.fixture(scope="module")
def told(
    start_demo: Callable[..., subprocess.Popen[str]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """What the story prints, and the folder that it could leave something in."""
    folder = tmp_path_factory.mktemp("story")
    process = start_demo(folder, "--text")
    out, err = process.communicate(timeout=LONG)
    assert (process.returncode, err) == (0, "")
    return out, folder


def test_the_story_tells_every_step(told: tuple[str, Path]) -> None:
    text = " ".join(told[0].replace("│", "").split())
    for sentence in (
        "Nora runs /cohort setup",
        "You are in.",
        "Amara gets a direct message",
        "Your focus is saved",
        "What might get in your way?",
        "Read it once",
        "Your goal runs until",
        "Your digital footprint",
        "Noted: Fixed something",
        "Kept, and seen by you alone.",
        "with night-shift Ana (A reply)",
        "You know: People doing the work now",
        "Everyone can read an e-mail address here.",
        "This speaks of an attachment.",
        "Why this note",
        "Amara presses [Smaller step]",
        "Sent. Asking is the part you control",
        "Agreed: one reminder on Thursday 1 October, 16:00.",
        "A step further with night-shift Ana.",
        "Amara presses [Words to thank]",
        "Amara runs /goal review",
        "It goes on",
        "(A picture: Digital careers, autumn: week 5 of 12.",
        "held: your direct messages were closed to me",
        "Monday 28 September, 16:02 · weekly note: sent",
        "and no name: none is kept",
        "register:yes",
        "They never see what you write, unless you hand it in or share it.",
        "5 of 11 did something last week, 2 fewer than the week before.",
        "11 of 12 joined.",
        "Amara Osei · nothing yet · goal, plan · checklist 4 of 9 · active 3 of 4",
        "Joel Nyström · nothing yet · no goal yet",
        "Register: nothing at all this week",
        "Notes planned: ",
        "@Nora Ellis saw your row in the register",
        "@Ben Whitlock · since Thursday 15 October [Greeted]",
        "not signed > Could we look at one good first message together?",
        "Nora gets a direct message (Monday, 08:00)",
        "Digital careers, autumn: week 6 of 12 begins.",
        "Digital careers, autumn is closed",
        "Amara presses [My parcel]",
        "my-data.md to read",
        "nothing went wrong",
    ):
        assert sentence in text


def test_a_goal_runs_at_most_nine_interactions_after_start(told: tuple[str, Path]) -> None:
    way = told[0].partition("Amara runs /start")[2].partition("Your goal runs until")[0]
    acts = re.findall(r"^Amara (?:runs|presses|chooses|fills in)", way, re.MULTILINE)

    counted = 1 + len(acts)
    assert counted <= 9
    assert f"From /start to a goal that runs: {counted} commands, clicks and forms." in told[0]


async def test_a_way_to_the_goal_that_grew_too_long_breaks_the_story(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(story, "MOST_TO_A_GOAL", 8)

    assert await story.tell() == 1
    assert "from /start to a goal that runs it took 9 commands" in capsys.readouterr().err


def test_the_story_fits_a_terminal(told: tuple[str, Path]) -> None:
    assert max(len(line) for line in told[0].splitlines()) <= 80


def test_the_story_leaves_nothing_behind(told: tuple[str, Path]) -> None:
    assert list(told[1].iterdir()) == []


async def test_a_story_that_goes_wrong_says_where_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(telling, "APOLOGIES", ("New members start with",))

    assert await story.tell() == 1
    assert "The story stopped: the bot apologised: Digital careers, autumn" in capsys.readouterr().err


def test_without_its_packages_it_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "NEEDED", ("no_such_package",))

    assert demo.start(text=True, port=0) == 2
    assert "run `make demo`, or install the `demo` extra" in capsys.readouterr().err


def test_a_reviewer_that_is_not_set_up_is_named_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LLM_MODEL", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    assert main(["demo", "--reviewer"]) == 2
    assert "set LLM_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL" in capsys.readouterr().err
