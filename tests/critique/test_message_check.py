"""The check of a first message: only what is certain, each with the exact words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.bios import MOST_WORDS, BioReview
from bot.critique.message_checks import review_message
from prompts import load_content

CONTENT = load_content()
GOOD = (
    "Dear Ms Okafor, your talk on triage in rural wards made me change how I take notes. I am a second-year nursing "
    "student in Leeds. Which of the two checklists would you try first on a night shift?"
)


def review(text: str) -> BioReview:
    content = CONTENT
    return review_message(text, content.message_rubric, content.network.starters, content.rubric, content.crisis)


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.rule, finding.quote) for finding in review(text).findings]


def test_a_good_message_has_no_finding_and_its_words_are_counted() -> None:
    assert found(GOOD) == []
    assert (review(GOOD).length, review(GOOD).limit) == (38, MOST_WORDS)


def test_words_after_the_120th_are_quoted() -> None:
    text = "word " * MOST_WORDS + "– 😀 Why so long?"
    (finding,) = review(text).findings
    assert (finding.rule, finding.quote) == ("M01", "Why so long?")
    assert finding.values == {"n": "123", "over": "3", "limit": "120"}
    assert found("word " * (MOST_WORDS - 1) + "why?") == []


@pytest.mark.parametrize(
    "text",
    ["May I ask how?", "Have you read example.com/post?", "时间？", "كيف ذلك؟", "Πώς;", "Why?!", "“Why?” she asked."],
)
def test_a_question_mark_counts_in_any_script(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["Thank you; it helped.", "See https://x.example/?page=2 and www.y.example/?a", ""])
def test_a_message_without_a_question_mark_is_told_so(text: str) -> None:
    assert found(text) == [("M02", "")]


def test_every_blank_of_our_starters_is_found_in_its_order() -> None:
    for starter in CONTENT.network.starters.values():
        blanks = [quote for rule, quote in found(starter.text) if rule == "M03"]
        assert blanks == ["{" + part.split("}")[0] + "}" for part in starter.text.split("{")[1:]], starter.id


def test_the_blanks_and_contact_data_of_the_bio_check_are_found() -> None:
    assert found("Dear [Name], could you use 0113 496 0000 or write to me at ann@example.org?") == [
        ("M04", "0113 496 0000"),
        ("M04", "ann@example.org"),
        ("M03", "[Name]"),
    ]
    assert found("Does f = {y + 1} make [citation needed] true (for now)?") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("CV attached. Could you look?", "CV attached"),
        ("I have attached my résumé. Any advice?", "attached my résumé"),
        ("Please see attachment. Is it clear?", "see attachment"),
        ("My CV is attached to this message. Any advice?", "CV is attached"),
        ("Please find my CV attached, would it fit?", "find my CV attached"),
        ("Mein Lebenslauf ist im Anhang. Haben Sie Zeit?", "im Anhang"),
    ],
)
def test_words_for_an_attachment_are_quoted(text: str, quote: str) -> None:
    assert found(text) == [("M05", quote)]


@pytest.mark.parametrize(
    "text",
    [
        "I am attached to this town. Are you?",
        "The portfolio attached to your site shows one. How long did it take?",
        "I haven’t attached my CV. Would you like it?",
        "Shall I send it with my CV attached?",
        "There is no CV attached. Would one help?",
        "Your paper on attachment in infants helped. Which age did you start with?",
    ],
)
def test_other_attachments_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_explicit_words_of_distress_put_help_first() -> None:
    assert review("I want to kill myself.").support_first
    assert not review(GOOD).support_first


@given(st.text(max_size=400))
def test_any_text_gets_an_answer_whose_quotes_are_its_own_words(text: str) -> None:
    reviewed = review(text)
    assert all(finding.quote in text for finding in reviewed.findings if finding.rule != "M01")
    assert [finding.rule for finding in reviewed.findings] == sorted(
        (finding.rule for finding in reviewed.findings), key=list(CONTENT.message_rubric.rules).index
    )
