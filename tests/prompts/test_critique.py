"""The prompt of the AI reviewer: it changes only with its version, and holds what the guard relies on."""

import re

import pytest

from bot.coaching.bios import CRITERIA, Subject, Verdict
from prompts import ContentError
from prompts.critique import load_guard_words, load_lock, load_prompts, read_prompt

SOURCE = """+++
id = "a"
version = 3
criteria = ["clear", "credible", "connectable", "careful", "readable"]
max_completion_tokens = 10
+++
Look at it.
"""


@pytest.mark.parametrize("subject", Subject)
def test_changed_prompt_has_a_new_version_in_the_lock(subject: Subject) -> None:
    prompt, lock = load_prompts()[subject], load_lock(subject)
    assert prompt.version == max(lock), "give the prompt the next version, and the lock a line for it"
    assert prompt.hash == lock[prompt.version], "the text of a version that was used never changes"
    assert sorted(lock) == list(range(1, prompt.version + 1))


@pytest.mark.parametrize("subject", Subject)
def test_prompt_names_every_criterion_and_has_no_placeholder(subject: Subject) -> None:
    text = load_prompts()[subject].text
    assert all(f"`{word}`" in text for word in (*CRITERIA[subject], *Verdict, "line", "advice"))
    assert ("`rewrite`" in text) == (subject is Subject.BIO)
    assert re.search(r"\{\w*\}|\{\{|\$\w|%[sd]", text) is None
    assert "word for word" not in text


def test_every_change_of_the_file_changes_the_hash() -> None:
    prompt = read_prompt(SOURCE, Subject.BIO)
    assert (prompt.id, prompt.version, prompt.text, prompt.max_completion_tokens) == ("a", 3, "Look at it.", 10)
    assert (
        read_prompt(SOURCE.replace("10", "11"), Subject.BIO).hash
        != prompt.hash
        != read_prompt(SOURCE + "!", Subject.BIO).hash
    )
    assert "Look" not in repr(prompt)


@pytest.mark.parametrize("without", ["+++", "version = 3\n", "= 3", '"clear", ', "Look at it."])
def test_unusable_prompt_is_refused(without: str) -> None:
    with pytest.raises(ContentError, match=r"bio_critique\.md: "):
        read_prompt(SOURCE.replace(without, ""), Subject.BIO)


def test_words_of_the_guard_are_read() -> None:
    words = load_guard_words()
    assert {"doctor", "master", "bachelor", "degree", "award", "licence", "years"} <= words.claims.keys()
    assert words.numbers["twelve"] == "12"
