"""The prompt of the AI reviewer: it changes only with its version, and holds what the checks rely on."""

import re

import pytest

from bot.coaching.bios import Criterion, Verdict
from prompts import ContentError
from prompts.critique import Prompt, load_lock, load_prompt, read_lock, read_prompt

SETTINGS = """id = "a"
version = 3
criteria = ["clear", "credible", "connectable", "careful", "readable"]
max_completion_tokens = 10"""


def source(settings: str = SETTINGS, text: str = "Look at it.") -> str:
    return f"+++\n{settings}\n+++\n{text}\n"


def test_a_prompt_that_changes_gets_a_new_version_and_a_new_line_in_the_lock() -> None:
    prompt = load_prompt()
    lock = load_lock()
    assert prompt.version == max(lock), "give the prompt the next version, and the lock a line for it"
    assert prompt.hash == lock[prompt.version], "the text of a version that was used never changes"
    assert sorted(lock) == list(range(1, prompt.version + 1))


def test_the_prompt_names_every_criterion_every_verdict_and_the_suggested_text() -> None:
    text = load_prompt().text
    for word in (*Criterion, *Verdict, "rewrite", "line", "advice"):
        assert f"`{word}`" in text


def test_the_prompt_has_no_placeholder() -> None:
    assert re.search(r"\{\w*\}|\{\{|\$\w|%[sd]", load_prompt().text) is None


def test_a_prompt_is_its_settings_and_the_text_below_them() -> None:
    prompt = read_prompt(source())
    assert (prompt.id, prompt.version, prompt.text, prompt.max_completion_tokens) == ("a", 3, "Look at it.", 10)


@pytest.mark.parametrize(
    "other",
    [source(text="Look at it!"), source(SETTINGS.replace("10", "11")), source(SETTINGS.replace("3", "4"))],
)
def test_whatever_changes_in_the_file_changes_the_hash(other: str) -> None:
    assert read_prompt(other).hash != read_prompt(source()).hash


def test_the_repr_of_a_prompt_is_short() -> None:
    assert "Look" not in repr(Prompt("a", 1, "hash", "Look at it.", 10))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("", "between two lines of"),
        ("Look at it.", "between two lines of"),
        (f"x\n{source()}", "between two lines of"),
        (f"+++\n{SETTINGS}\n", "between two lines of"),
        (source("version ="), "not TOML"),
        (source(text="  "), "no text"),
        (source("version = 1"), "the settings must be"),
        (source(f"{SETTINGS}\nmodel = 'x'"), "the settings must be"),
        (source(SETTINGS.replace("3", '"3"')), "version is of the wrong kind"),
        (source(SETTINGS.replace("3", "true")), "version is of the wrong kind"),
        (source(SETTINGS.replace('"clear", ', "")), "criteria must be"),
        (source(SETTINGS.replace("10", "0")), "max_completion_tokens must be"),
        (source(SETTINGS.replace("10", "99999")), "max_completion_tokens must be"),
    ],
)
def test_a_prompt_that_cannot_be_used_is_refused_with_its_name_and_fault(file: str, told: str) -> None:
    with pytest.raises(ContentError, match=rf"bio_critique\.md: .*{told}"):
        read_prompt(file)


@pytest.mark.parametrize("lock", ["x", "1", "1 abc", f"0x1 {'a' * 64}", f"1 {'a' * 64}\n1 {'b' * 64}", f"1 {'a' * 63}"])
def test_a_lock_that_cannot_be_used_is_refused(lock: str) -> None:
    with pytest.raises(ContentError, match=r"bio_critique\.lock"):
        read_lock(lock)
