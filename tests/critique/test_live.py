"""One review by a real model, when there is one: LLM_LIVE_URL=http://host/v1 [LLM_LIVE_MODEL=name] pytest -m llm."""

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.coaching.bios import AiOutcome
from bot.critique.model import CriticSettings, OpenAICritic
from bot.critique.redact import redact
from prompts.critique import load_prompts
from tests.critique.test_model import REQUEST

ENOUGH_TOKENS = 900
"""For five notes and a rewrite: a small model that goes round in circles is cut before the deadline, not by it."""


@pytest.mark.llm
async def test_real_model_accepts_the_question() -> None:
    url = os.environ.get("LLM_LIVE_URL")
    assert url, "set LLM_LIVE_URL to the address of a server, with its /v1"
    settings = CriticSettings(os.environ.get("LLM_LIVE_MODEL", "default"), os.environ.get("LLM_LIVE_KEY"), url)
    prompts = {
        subject: replace(prompt, max_completion_tokens=ENOUGH_TOKENS) for subject, prompt in load_prompts().items()
    }
    critic = OpenAICritic(settings, prompts, lambda: datetime.now(UTC))
    found = await critic.critique(REQUEST)
    await critic.aclose()
    # A small model may write nothing that passes; what it must not be is out of reach or asked in the wrong form.
    assert found.outcome in {AiOutcome.OK, AiOutcome.BAD_OUTPUT, AiOutcome.TRUNCATED}
    assert all(note.quote in {"", *redact(REQUEST.text).quotable} for note in found.notes)
