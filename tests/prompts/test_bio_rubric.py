"""What the words of the offline bio critic promise, and how a broken file is refused."""

import re
import string
from collections.abc import Iterator
from dataclasses import fields
from importlib import resources
from pathlib import Path

import pytest

from bot.coaching.bios import Criterion
from prompts import ContentError, load_content
from prompts.bio_words import FILE, Vocabulary, read_vocabulary
from prompts.bios import PLACE_IDS, PLACEHOLDERS, RULE_IDS, Lexicon, Strength

CONTENT = load_content()
RUBRIC = CONTENT.rubric
NAME = "bio_rubric.toml"
PACKAGED = (resources.files("prompts") / NAME).read_text(encoding="utf-8")
LONGEST_WORDS = 30
"""Most words of a sentence that a member reads."""


def texts() -> Iterator[str]:
    for rule in RUBRIC.rules.values():
        yield from (rule.message, rule.fix)
    yield from RUBRIC.strengths.values()
    yield from RUBRIC.questions.values()
    yield from (RUBRIC.idea, RUBRIC.idea_other)


def test_every_text_is_calm() -> None:
    for text in texts():
        assert "!" not in text
        assert not any(phrase.casefold() in text.casefold() for phrase in CONTENT.banned_phrases), text
        assert not re.search(r"\b(?:should have|must|wrong|bad|fail)\b", text, re.IGNORECASE), text


def test_every_sentence_is_short() -> None:
    for text in texts():
        for sentence in re.split(r"(?<=[.?])\s", text):
            assert len(sentence.split()) <= LONGEST_WORDS, sentence


def test_a_fix_is_a_sentence_and_the_question_after_it_the_only_one() -> None:
    for rule in RUBRIC.rules.values():
        assert rule.fix.endswith(".")
        assert "?" not in rule.fix
    assert "?" not in RUBRIC.idea + RUBRIC.idea_other
    for question in RUBRIC.questions.values():
        assert question.endswith("?")
        assert question.count("?") == 1


def test_every_criterion_and_strength_has_words() -> None:
    assert set(RUBRIC.questions) == set(Criterion)
    assert set(RUBRIC.strengths) == set(Strength)


def test_the_rules_of_the_method_keep_their_places() -> None:
    rules = RUBRIC.rules.values()
    assert {rule.id for rule in rules if rule.red} == {"B01", "B09", "B16", "B20", "B22"}
    assert {rule.id for rule in rules if rule.red_if_strict} == {"B10"}
    assert {rule.id for rule in rules if rule.asks} == {"B03", "B04"}
    any_language = {"B00", "B01", "B02", "B09", "B11", "B12", "B14", "B20", "B22", "B23"}
    assert {rule.id for rule in rules if rule.any_language} == any_language


def test_what_asks_says_so_in_its_message() -> None:
    for rule in RUBRIC.rules.values():
        assert rule.asks == ("?" in rule.message)


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
def test_a_place_has_its_limit_and_says_where_it_was_looked_up(place: str, limit: int | None) -> None:
    assert RUBRIC.places[place].limit == limit
    assert RUBRIC.places[place].source
    assert RUBRIC.places[place].checked_on >= "2026-11-25"


def test_places_come_in_one_order() -> None:
    assert tuple(RUBRIC.places) == PLACE_IDS
    assert tuple(RUBRIC.rules) == RULE_IDS


def test_words_stand_in_lists_as_they_are_looked_up() -> None:
    for phrases in (*RUBRIC.words.values(), *RUBRIC.fields.values()):
        for first, listed in phrases.items():
            for phrase in listed:
                assert phrase[0] == first
                assert all(word == word.casefold() for word in phrase)
            assert [len(phrase) for phrase in listed] == sorted((len(phrase) for phrase in listed), reverse=True)


def test_a_role_that_tells_no_field_is_a_role() -> None:
    general = {phrase for listed in RUBRIC.words[Lexicon.GENERAL_ROLES].values() for phrase in listed}
    roles = {phrase for listed in RUBRIC.words[Lexicon.ROLES].values() for phrase in listed}
    assert {first[0] for first in general} - {first[0] for first in roles} == set()


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
        (r'^\[\[rules\]\]\nid = "B24".*?(?=\n# What works)', "", 'bio_rubric.toml: rule "B24" is missing'),
        (r'^id = "B24"', 'id = "B25"', "bio_rubric.toml: there is no rule"),
        (r'^unit = "characters"', 'unit = "weighted"', 'bio_rubric.toml, place "x": there is no unit "weighted"'),
        (r"^limit = 160", "limit = 0", 'bio_rubric.toml, place "x": limit must be a whole number from 1 to 5000'),
        (r'^checked_on = "2026-11-25"', 'checked_on = "last week"', "checked_on is a day written as year-month-day"),
        (
            r"“\{word\}” is a claim",
            "“{claim}” is a claim",
            'rule "B07": message has no placeholder {claim}; there are word',
        ),
        (r"There is room for one", "There is {n} room for one", "message has no placeholder {n}; there are none"),
        (r"There is room for one", "There is { room for one", "the braces in message cannot be read"),
        (r"^proof = .*?$", "", 'bio_rubric.toml: strength "proof" is missing'),
        (r"^careful = .*?$", "", 'bio_rubric.toml: question "careful" is missing'),
        (r"^english = .*?$", "", 'bio_rubric.toml: idea "english" is missing'),
        (r"^\[lexicons\.hobbies\]", "[lexicons.pastimes]", 'bio_rubric.toml: there is no lexicon "pastimes"'),
        (r'"bit\.ly"', '"bit ly"', '"bit ly" among shorteners is no host, such as bit.ly'),
        (r'"follow back"', '"follow …"', '"follow …" has to begin and end with a word'),
    ],
)
def test_a_broken_file_is_refused_with_the_place_of_the_fault(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    assert sentence in refused(tmp_path, old, new)


def test_a_course_may_bring_its_own_words_and_places(tmp_path: Path) -> None:
    own = PACKAGED.replace('label = "GitHub"', 'label = "GitHub and GitLab"')
    own = own.replace(
        "[[rules]]",
        '[[places]]\nid = "our_wiki"\nlabel = "Our wiki"\nlimit = 90\nunit = "characters"\n'
        'checked_on = "2027-01-01"\nsource = "We run it"\n\n[[rules]]',
        1,
    )
    (tmp_path / NAME).write_text(own, encoding="utf-8")
    rubric = load_content(tmp_path).rubric
    assert rubric.places["github"].label == "GitHub and GitLab"
    assert tuple(rubric.places) == (*PLACE_IDS, "our_wiki")


def test_what_a_rule_fills_in_is_used_by_one_of_its_texts() -> None:
    for rule_id, names in PLACEHOLDERS.items():
        rule = RUBRIC.rules[rule_id]
        used = {name for _, name, _, _ in string.Formatter().parse(rule.message + rule.fix) if name}
        assert used <= names
        assert used


# The words by their kind.

WORDS_FILE = (resources.files("prompts") / FILE).read_text(encoding="utf-8")
KINDS = [one.name for one in fields(Vocabulary)]


def test_every_kind_of_word_has_words_in_small_letters_and_in_order() -> None:
    for kind in KINDS:
        assert getattr(RUBRIC.vocabulary, kind), kind
        listed = WORDS_FILE.split(f"[{kind}]\n")[1].split("\n#")[0].split()
        assert listed == sorted(set(listed))
        assert all(re.fullmatch("[a-z]+", word) for word in listed)


def test_the_words_carry_the_licence_of_where_they_come_from() -> None:
    assert "WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved." in WORDS_FILE
    assert "Permission to use, copy, modify and distribute" in " ".join(WORDS_FILE.split())


def test_what_only_ends_like_a_role_is_none() -> None:
    assert RUBRIC.vocabulary.roles.isdisjoint(RUBRIC.vocabulary.unlike)


def test_the_words_are_read_once() -> None:
    assert read_vocabulary() is read_vocabulary()
    assert RUBRIC.vocabulary is read_vocabulary()
