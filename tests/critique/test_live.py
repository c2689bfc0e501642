"""One review by a real model, when there is one: LLM_LIVE_URL=http://host/v1 [LLM_LIVE_MODEL=name] pytest -m llm."""

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.coaching.bios import CritiqueRequest, Outcome, Place, Unit
from bot.critique.cleaning import cleaned
from bot.critique.critic import CriticSettings, open_critic
from prompts.critique import load_prompt
from tests.critique.fake_openai import no_rules

SLOW = 60.0
ENOUGH_TOKENS = 900
"""For five notes and a rewrite: a small model that goes round in circles is cut before the deadline, not by it."""
BIO = "Nursing student in community health.\nI ran a workshop on hand washing for 20 pupils.\nI like people."


@pytest.mark.llm
async def test_a_real_model_takes_the_question_and_what_it_says_is_shown_or_refused() -> None:
    url = os.environ.get("LLM_LIVE_URL")
    assert url, "set LLM_LIVE_URL to the address of a server, with its /v1"
    settings = CriticSettings(
        os.environ.get("LLM_LIVE_MODEL", "default"), os.environ.get("LLM_LIVE_KEY"), url, deadline_seconds=SLOW
    )
    prompt = replace(load_prompt(), max_completion_tokens=ENOUGH_TOKENS)
    critic = open_critic(settings, prompt, no_rules, lambda: datetime.now(UTC))
    place = Place("x", "X", 160, Unit.CHARACTERS, "2026-11-25", "https://example.org")
    found = await critic.critique(CritiqueRequest(BIO, place, 160, rewrite=True))
    await critic.aclose()
    # A small model may write nothing that passes; what it must not be is out of reach or asked in the wrong form.
    assert found.outcome in {Outcome.OK, Outcome.BAD_OUTPUT, Outcome.TRUNCATED}
    assert (len(found.notes) >= 3) is (found.outcome is Outcome.OK)
    assert all(note.quote in {"", *cleaned(BIO).quotable} for note in found.notes)
