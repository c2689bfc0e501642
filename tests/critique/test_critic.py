"""The critic with our own rules: what it asks, what it may cost at most, and which of its answers the rubric stops."""

import json
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.bios import CritiqueRequest, Outcome, Place, Unit
from bot.config import FEWEST_TOKENS
from bot.critique.critic import LONGEST_QUESTION, Critic, CriticSettings, most_tokens, rules_of
from bot.critique.faults import Answer
from bot.critique.guard import FORM
from prompts import load_content
from prompts.critique import load_prompt
from tests.critique.fake_openai import NOTES, reply
from tests.critique.test_model import BIO, NOW, PLACE, REQUEST, SECRET
from tests.services.fakes import Clock

RULES = rules_of(load_content().rubric)


class Said:
    """A model that answers what it is told to, and keeps what it was asked."""

    def __init__(self, text: str = reply()) -> None:
        self.text = text
        self.asked: list[str] = []

    async def ask(self, question: str, form: dict[str, object]) -> Answer:
        assert form == FORM
        self.asked.append(question)
        return Answer(self.text)

    async def aclose(self) -> None:
        """Nothing to end."""


def critic(model: Said) -> Critic:
    return Critic(CriticSettings("m"), model, load_prompt(), RULES, Clock(NOW))


async def test_with_our_own_rules_a_good_answer_is_shown_in_full() -> None:
    found = await critic(Said()).critique(REQUEST)
    assert (found.outcome, len(found.notes), found.rewrite is not None) == (Outcome.OK, 5, True)


async def test_a_bio_that_tells_an_address_is_not_called_careful() -> None:
    bio = f"{BIO}\nWrite to jane@example.org."
    found = await critic(Said()).critique(CritiqueRequest(bio, PLACE, 160, rewrite=False))
    assert [note.criterion for note in found.notes] == ["clear", "credible", "connectable", "readable"]


@pytest.mark.parametrize(
    ("bio", "text"),
    [
        ("Nursing student. I am the best in my ward. I like the night shift.", "Nursing student, the best in my ward."),
        ("Nursing student. My patients on ward 7 like me.", "Nursing student. My patients on ward 7 like me."),
    ],
)
async def test_a_suggested_text_that_our_rules_would_stop_is_not_shown(bio: str, text: str) -> None:
    said = reply(text, credible={"line": 1, "advice": "Say what you did."}, readable={"line": 1, "advice": "Split it."})
    found = await critic(Said(said)).critique(CritiqueRequest(bio, PLACE, 160, rewrite=True))
    assert found.outcome is Outcome.OK
    assert found.rewrite is None


async def test_a_check_that_breaks_is_an_answer_that_failed_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(text: str, place: Place, limit: int) -> Collection[str]:
        del place, limit
        raise RuntimeError(text)

    made = Critic(CriticSettings("m"), Said(), load_prompt(), broken, Clock(NOW))
    found = await made.critique(REQUEST)
    assert (found.outcome, found.notes) == (Outcome.BAD_OUTPUT, ())
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


@given(st.one_of(st.text(max_size=6000), st.text('"\\\n😀a ', max_size=12_000)))
async def test_no_question_is_longer_than_the_reserve_reckons_with(text: str) -> None:
    model = Said()
    place = Place("x", "L" * 40, 2600, Unit.GRAPHEMES, "", "")
    await critic(model).critique(CritiqueRequest(text, place, 2600, rewrite=True))
    assert all(len(question.encode()) <= LONGEST_QUESTION for question in model.asked)
    assert all(len(json.loads(question)["lines"]) <= 100 for question in model.asked)


def test_the_reserve_holds_prompt_form_question_and_answer_and_fits_the_smallest_cap() -> None:
    prompt = load_prompt()
    assert LONGEST_QUESTION + prompt.max_completion_tokens < most_tokens(prompt) <= FEWEST_TOKENS


def test_the_stand_in_answers_for_every_criterion() -> None:
    assert set(json.loads(reply())) == {*NOTES, "rewrite"}
