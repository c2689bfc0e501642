"""The name in a message's greeting stays on this machine, wherever else it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.critique.greetings import greeted_name
from bot.critique.redact import redact


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Dear Ms Okafor, I read it. Is it so, Ms. Okafor?", "Dear [name], I read it. Is it so, [name]?"),
        ("Dear Dr. Amaka Okafor-Smith,\nhow?", "Dear [name],\nhow?"),
        ("Subject: triage\n\nDear A. Okafor,", "Subject: triage\n\nDear A. [name],"),
        ("hi sarah, SARAH's talk helped", "hi [name], [name]'s talk helped"),
        ("Hi Sarah I saw your talk", "Hi [name] I saw your talk"),
        ("Hey, Tom!", "Hey, [name]!"),
        ("Dear May,", "Dear [name],"),
        ("Ms Okafor,\nI read it", "[name],\nI read it"),
        ("Hi Ada and Ben, thanks", "Hi [name] and [name], thanks"),
        ("Sehr geehrte Frau Müller,", "Sehr geehrte [name],"),
        ("Hola María, ¿cómo empezaste?", "Hola [name], ¿cómo empezaste?"),
    ],
)
def test_a_greeting_loses_its_name(written: str, sent: str) -> None:
    name = greeted_name(written)
    assert name is not None
    assert name.sub("[name]", written) == sent


@pytest.mark.parametrize(
    "text",
    [
        "Hello there!",
        "Dear hiring manager,",
        "To whom it may concern,",
        "hi i saw your talk",
        "Hi, hope you are well",
        "Dear Professor,",
        "I read your post, Sarah",
        "Hi, I am new to triage, and",
        "",
    ],
)
def test_a_greeting_without_a_name_stays_whole(text: str) -> None:
    assert greeted_name(text) is None


def test_only_messages_lose_the_name_and_quotes_keep_it() -> None:
    text = "Dear Dr. Okafor, your talk helped me. Could we speak, Dr. Okafor?"
    message = redact(text, message=True)
    assert "Okafor" not in " ".join(message.sendable)
    assert " ".join(message.quotable) == text
    assert redact(text).sendable == redact(text).quotable


@given(st.text(max_size=80), st.sampled_from(["Dear ", "hi ", "Ms ", "Bonjour "]))
def test_any_text_may_follow_a_greeting(text: str, greeting: str) -> None:
    message = redact(greeting + text, message=True)
    assert len(message.sendable) == len(message.quotable)
