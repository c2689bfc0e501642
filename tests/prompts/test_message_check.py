"""The words of the message check, and how a broken file is refused."""

import re
from importlib import resources
from pathlib import Path

import pytest

from prompts import ContentError, load_content

CONTENT = load_content()
RUBRIC = CONTENT.message_rubric
NAME = "message_rubric.toml"
PACKAGED = (resources.files("prompts") / NAME).read_text(encoding="utf-8")


def test_texts_are_calm_and_questions_ask() -> None:
    questions = RUBRIC.questions.values()
    assert all(text.endswith("?") and text.count("?") == 1 for text in questions)
    for text in (*questions, *(text for rule in RUBRIC.rules.values() for text in (rule.message, rule.fix))):
        assert "!" not in text
        assert not any(phrase.casefold() in text.casefold() for phrase in CONTENT.banned_phrases), text
        assert not re.search(r"\b(?:should have|must|wrong|bad|fail)\b", text, re.IGNORECASE), text


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (r'^id = "M05"', 'id = "M06"', "message_rubric.toml: there is no rule"),
        (r"read \{what\}", "read {who}", 'rule "M04": there is no placeholder "who"; there are what'),
        (r"^ask = .*?$", "", 'message_rubric.toml: question "ask" is missing'),
        (r"^attachments = ", "attachment = ", 'there is no key "attachment"; did you mean "attachments"?'),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    changed = re.sub(old, lambda _: new, PACKAGED, count=1, flags=re.MULTILINE)
    (tmp_path / NAME).write_text(changed, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_content(tmp_path)
    assert sentence in str(error.value)
