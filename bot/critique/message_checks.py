"""The offline check of a first message: what a program can be certain of, each with the exact words it is about.

What only the writer can judge is asked as a question on the card (`prompts/message_rubric.toml`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import regex

from bot.coaching.bios import BIO_LIMIT, MESSAGE, MOST_WORDS, BioReview, Finding
from bot.coaching.network import Starter
from bot.critique.checks import QUOTE_LIMIT, phrase_pattern, review
from bot.critique.lengths import cut, words
from prompts.bios import Crisis, Rubric
from prompts.message_check import MessageRubric

SHARED: Final = {"B20": "M03", "B09": "M04"}
"""The rules of the bio check that mean the same in a message."""

# Arabic, Persian and Urdu, Armenian, Ethiopic; in Greek a semicolon asks.
_QUESTION_MARK = regex.compile(r"[?？؟՞፧⸮‽\u037e]|(?<=\p{Greek});")
_LINK = regex.compile(r"(?:https?://|www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}/)\S*", regex.IGNORECASE)
# "I have not attached my CV", "should I have my CV attached": nothing is attached.
_NOT_ATTACHED = regex.compile(
    r"(?:\b(?:no|not|never|without|instead of|if|whether|should|shall|could|can|may|nothing)|n't)\b[^.!?\n]{0,25}$",
    regex.IGNORECASE,
)
_TO_SOMETHING = regex.compile(r"\s+to\s+(?!this\b|the (?:e-?mail|mail|message)\b)", regex.IGNORECASE)


def review_message(
    text: str, message_rubric: MessageRubric, starters: Mapping[str, Starter], rubric: Rubric, crisis: Crisis
) -> BioReview:
    """Check a first message; takes any text and always answers.

    Args:
        starters: the beginnings that members are offered, whose blanks are found when they are left.
        rubric: the words of the bio check, whose rules for blanks and contact data hold here too.
        crisis: phrases that show where help is, before anything else is said.
    """
    text = text[:BIO_LIMIT]
    as_bio = review(text, MESSAGE, MOST_WORDS, rubric, crisis)
    findings = [replace(finding, rule=SHARED[finding.rule]) for finding in as_bio.findings if finding.rule in SHARED]
    findings += _starter_blanks(text, starters, {finding.quote for finding in findings})
    findings += _attachments(text, message_rubric.phrases.attachments)
    findings += _too_long(text)
    if not _asks(text):
        findings.append(Finding("M02"))
    order = list(message_rubric.rules)
    findings.sort(key=lambda finding: (order.index(finding.rule), text.find(finding.quote)))
    return replace(as_bio, findings=tuple(findings))


def _starter_blanks(text: str, starters: Mapping[str, Starter], found: set[str]) -> Iterator[Finding]:
    """Find blanks of our own beginnings of messages: "{my situation}"."""
    blanks = {blank for starter in starters.values() for blank in regex.findall(r"\{[^{}]+\}", starter.text.casefold())}
    for blank in regex.findall(r"\{[^{}\n]+\}", text):
        if " ".join(blank.split()).casefold() in blanks and blank not in found:
            found.add(blank)
            yield Finding("M03", blank)


def _attachments(text: str, phrases: tuple[str, ...]) -> Iterator[Finding]:
    plain = regex.sub("[’‘ʼ`´]", "'", text)  # letter for letter, so that places stay the same
    for match in phrase_pattern(phrases).finditer(plain):
        denied = _NOT_ATTACHED.search(plain, max(0, match.start() - 45), match.start())
        if not denied and not _TO_SOMETHING.match(plain, match.end()):
            yield Finding("M05", text[slice(*match.span())])
            return


def _too_long(text: str) -> Iterator[Finding]:
    count = len(words(text))
    if count > MOST_WORDS:
        left_over = " ".join(words(text)[MOST_WORDS:])
        values = {"n": str(count), "over": str(count - MOST_WORDS), "limit": str(MOST_WORDS)}
        yield Finding("M01", cut(left_over, QUOTE_LIMIT), values)


def _asks(text: str) -> bool:
    """Return whether a text has a question mark outside of links."""
    return _QUESTION_MARK.search(_LINK.sub(lambda link: "?" if link[0].endswith("?") else " ", text)) is not None
