"""What the words of the bio check promise, and how a broken file is refused."""

import re
import string
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from prompts import ContentError, load_content
from prompts.bios import PLACE_IDS, PLACEHOLDERS, RULE_IDS

CONTENT = load_content()
RUBRIC = CONTENT.rubric
NAME = "bio_rubric.toml"
PACKAGED = (resources.files("prompts") / NAME).read_text(encoding="utf-8")
LONGEST_WORDS = 20
"""Most words of a sentence that a member reads."""


def texts() -> Iterator[str]:
    for rule in RUBRIC.rules.values():
        yield from (rule.message, rule.fix)
    yield from RUBRIC.questions.values()


def test_texts_are_calm_and_sentences_short() -> None:
    for text in texts():
        assert "!" not in text
        assert not any(phrase.casefold() in text.casefold() for phrase in CONTENT.banned_phrases), text
        assert not re.search(r"\b(?:should have|must|wrong|bad|fail)\b", text, re.IGNORECASE), text
        assert all(len(sentence.split()) <= LONGEST_WORDS for sentence in re.split(r"(?<=[.?])\s", text)), text


def test_questions_ask_and_findings_do_not() -> None:
    assert all(text.endswith("?") and text.count("?") == 1 for text in RUBRIC.questions.values())
    assert not any("?" in rule.message for rule in RUBRIC.rules.values())


def test_contact_data_comes_first_on_the_card() -> None:
    assert list(RUBRIC.rules)[:2] == ["B09", "B25"]
    assert set(RUBRIC.rules) == set(RULE_IDS)
    assert tuple(RUBRIC.places) == PLACE_IDS


def test_values_of_a_rule_are_used_in_its_texts() -> None:
    for rule_id, names in PLACEHOLDERS.items():
        rule = RUBRIC.rules[rule_id]
        used = {name for _, name, _, _ in string.Formatter().parse(rule.name + rule.message + rule.fix) if name}
        assert used <= names
        assert used


@pytest.mark.parametrize(
    ("place", "limit"),
    [
        ("x", 160),
        ("linkedin_headline", 220),
        ("linkedin_about", 2600),
        ("bluesky", 256),
        ("mastodon", 500),
        ("github", 160),
        ("instagram", 150),
        ("other", None),
    ],
)
def test_place_has_its_limit_and_a_source(place: str, limit: int | None) -> None:
    assert RUBRIC.places[place].limit == limit
    assert RUBRIC.places[place].source
    assert RUBRIC.places[place].checked_on >= "2026-11-25"


def refused(folder: Path, old: str, new: str) -> str:
    """Change one place of the packaged file and return the sentence that refuses it."""
    assert re.search(old, PACKAGED, re.MULTILINE | re.DOTALL), old
    changed = re.sub(old, lambda _: new, PACKAGED, count=1, flags=re.MULTILINE | re.DOTALL)
    (folder / NAME).write_text(changed, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_content(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (r'^id = "github"', 'id = "gitlab"', 'bio_rubric.toml: place "github" is missing'),
        (r'^id = "B24"', 'id = "B26"', "bio_rubric.toml: there is no rule"),
        (r'^unit = "characters"', 'unit = "weighted"', 'bio_rubric.toml, place "x": there is no unit "weighted"'),
        (r"Everyone can read \{what\}", "See {who}", 'rule "B09": there is no placeholder "who"; there are what'),
        (r"Very short", "Very {n} short", 'rule "B02": there is no placeholder "n"; there are none'),
        (r"^Q5 = .*?$", "", 'bio_rubric.toml: question "Q5" is missing'),
        (r"^titles = ", "title = ", 'bio_rubric.toml, phrases: there is no key "title"; did you mean "titles"?'),
    ],
)
def test_broken_file_is_refused_with_entry_and_fault(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert sentence in refused(tmp_path, old, new)


def test_course_may_bring_its_own_words_places_and_help_lines(tmp_path: Path) -> None:
    own = PACKAGED.replace('label = "GitHub"', 'label = "GitHub and GitLab"')
    own = own.replace(
        "[[rules]]",
        '[[places]]\nid = "our_wiki"\nlabel = "Our wiki"\nlimit = 90\nunit = "characters"\n'
        'checked_on = "2027-01-01"\nsource = "We run it"\n\n[[rules]]',
        1,
    )
    (tmp_path / NAME).write_text(own, encoding="utf-8")
    (tmp_path / "crisis.toml").write_text('help_lines = "https://help.example"\nphrases = ["ndoda kufa"]\n')
    content = load_content(tmp_path)
    assert content.rubric.places["github"].label == "GitHub and GitLab"
    assert tuple(content.rubric.places) == (*PLACE_IDS, "our_wiki")
    assert (content.crisis.help_lines, content.crisis.phrases) == ("https://help.example", ("ndoda kufa",))
