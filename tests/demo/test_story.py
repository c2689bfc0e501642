import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import demo
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
        "[Join]",
        "You are in.",
        "Amara gets a direct message",
        "Your focus is saved",
        "Your digital footprint",
        "Noted: Fixed something",
        "Your goal is set",
        "Amara presses [Done]",
        "Agreed: one reminder on Thursday 1 October, 16:00.",
        "held: your direct messages were closed to me",
        "Monday 28 September, 16:02 · weekly note: sent",
        "11 of 12 joined",
        "nothing went wrong",
    ):
        assert sentence in text


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
