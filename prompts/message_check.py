"""message_rubric.toml: the words of the check of a first message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.coaching.bios import Message
from prompts.bios import Phrases
from prompts.reading import check_placeholders, exactly, inside, read_file

_FILE = "message_rubric.toml"

RULE_IDS = ("M01", "M02", "M03", "M04", "M05")
"""The rules that the code knows; the file has the words of each, in the order of the card."""
QUESTION_IDS = ("meant", "two_minutes", "ask")
PLACEHOLDERS: Mapping[str, frozenset[str]] = {"M01": frozenset({"n", "over", "limit"}), "M04": frozenset({"what"})}
"""What a finding of a rule fills in."""


@dataclass(frozen=True, slots=True)
class MessageRule:
    """The words of a rule: `message` says what was seen, `fix` is one edit."""

    id: str
    message: Message
    fix: Message


@dataclass(frozen=True, slots=True)
class MessagePhrases:
    """The lists of phrases that the rules look for, in small letters."""

    attachments: Phrases = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessageRubric:
    """What the message check knows; `rules` are in the order of the card."""

    rules: Mapping[str, MessageRule]
    questions: Mapping[str, Message]
    phrases: MessagePhrases


def read_message_rubric(folder: Path | None) -> MessageRubric:
    """Read the words of the message check; raises ContentError."""
    rubric = read_file(_FILE, folder, MessageRubric)
    with inside(_FILE):
        exactly("rule", rubric.rules, RULE_IDS)
        exactly("question", rubric.questions, QUESTION_IDS)
        for rule in rubric.rules.values():
            with inside(f'rule "{rule.id}"'):
                for text in (rule.message, rule.fix):
                    check_placeholders(text, PLACEHOLDERS.get(rule.id, ()))
    return rubric
