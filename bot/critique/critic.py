"""The AI reviewer: a bio goes out cleaned, what comes back is checked, and every failure is an outcome."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from bot.coaching.bios import BIO_LIMIT, Critique, CritiqueRequest, Outcome, Place
from bot.coaching.weeks import Clock
from bot.critique.breaker import Breaker, Call, Rest
from bot.critique.cleaning import MOST_LINES, Cleaned, cleaned
from bot.critique.faults import FAULTS, Answer, Fault
from bot.critique.guard import FORM, Asked, OwnRules, checked
from bot.critique.rubric import BioContext, review
from prompts.bios import Rubric
from prompts.critique import Prompt

_log = logging.getLogger(__name__)

DEADLINE = 25.0
MOST_AT_ONCE = 2
LONGEST_QUESTION = 4 * BIO_LIMIT + 10 * MOST_LINES + 200
"""Bytes of a question at most: the bio in UTF-8, what stands around each line, and what is asked with it."""


@dataclass(frozen=True, slots=True)
class CriticSettings:
    """Which model looks at bios, and where.

    `base_url` None: OpenAI's. `deadline_seconds`: for one review, waiting and a retry included. `temperature` None: the
    model's own. Its repr shows no key.
    """

    model: str
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = field(default=None, repr=False)
    deadline_seconds: float = DEADLINE
    temperature: float | None = None

    @property
    def host(self) -> str:
        """Return the host that gets the text: members are told before they agree."""
        return urlsplit(self.base_url).hostname or "" if self.base_url else "api.openai.com"


class Model(Protocol):
    """A language model: one answer a question."""

    def ask(self, question: str, form: dict[str, object]) -> Awaitable[Answer]:
        """Return its answer in the JSON schema `form`, or the fault; does not raise."""
        ...

    async def aclose(self) -> None:
        """End its connections."""
        ...


class Critic:
    """Reviews bios with a model. At most two calls are under way; more wait, for half the deadline at most."""

    def __init__(
        self, settings: CriticSettings, model: Model, prompt: Prompt, own_rules: OwnRules, clock: Clock
    ) -> None:
        self.settings = settings
        self.prompt = prompt
        self._model = model
        self._own_rules = own_rules
        self._clock = clock
        self._breaker = Breaker()
        self._places = asyncio.Semaphore(MOST_AT_ONCE)

    def rest(self, now: datetime) -> Rest | None:
        """Return until when the model is not asked and why, None when it is asked; for whoever can mend it."""
        return self._breaker.rest(now)

    async def critique(self, request: CritiqueRequest) -> Critique:
        """Return what the model says of a bio, as far as it passed the checks. Raises nothing of its own."""
        began = self._clock()
        bio = cleaned(request.text)
        if not bio.sendable:
            return Critique(Outcome.REFUSED)
        if self._breaker.rest(began) is not None:
            return Critique(Outcome.RESTING)
        found = await self._reviewed(bio, request)
        took = max((self._clock() - began) // timedelta(milliseconds=1), 0)
        used = found.usage
        _log.info(
            "AI review: %s in %d ms, tokens %s and %s, prompt %s version %d",
            *(found.outcome.value, took, used.prompt, used.completion, self.prompt.id, self.prompt.version),
        )
        return Critique(found.outcome, found.notes, found.rewrite, used, took)

    async def aclose(self) -> None:
        """End the connections."""
        await self._model.aclose()

    async def _reviewed(self, bio: Cleaned, request: CritiqueRequest) -> Critique:
        call: Call | None = None
        try:
            async with asyncio.timeout(self.settings.deadline_seconds), self._turn():
                call = self._breaker.enter(self._clock())
                if call is None:
                    return Critique(Outcome.RESTING)
                answer = await self._model.ask(_question(bio, request), FORM)
        except TimeoutError:
            answer = Answer(fault=Fault.NO_ANSWER if call else Fault.QUEUED)
        except BaseException:
            if call is not None:
                self._breaker.give_up(call)
            raise
        return self._settled(call, answer, bio, request)

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Wait for one of the places, but keep half of the deadline for the call."""
        async with asyncio.timeout(self.settings.deadline_seconds / 2):
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    def _settled(self, call: Call | None, answer: Answer, bio: Cleaned, request: CritiqueRequest) -> Critique:
        asked = Asked(bio, request, self.prompt.text, self._own_rules)
        found = answer.fault or _checked(answer.text or "", asked)
        fault = found if isinstance(found, Fault) else None
        if call is not None:
            self._breaker.leave(call, fault, self._clock(), answer.retry_after)
        if isinstance(found, Fault):
            return Critique(FAULTS[found][0], usage=answer.usage)
        return Critique(found.outcome, found.notes, found.rewrite, answer.usage)


def _checked(reply: str, asked: Asked) -> Critique | Fault:
    try:
        return checked(reply, asked)
    except Exception as error:  # noqa: BLE001 - there is the offline review; and a traceback might quote the bio
        _log.error("The checks of an AI review broke: %s", type(error).__name__)
        return Fault.FAILED_CHECKS


def open_critic(settings: CriticSettings, prompt: Prompt, own_rules: OwnRules, clock: Clock) -> Critic:
    """Return the critic for these settings. It makes no call yet; `aclose` it in the end."""
    from bot.critique.model import OpenAIModel  # noqa: PLC0415 - a second and 22 MB, for those who set a model up

    return Critic(settings, OpenAIModel(settings, prompt), prompt, own_rules, clock)


def rules_of(rubric: Rubric) -> OwnRules:
    """Return our own rules for looking at an answer, as strict as they are with anybody."""
    context = BioContext(strict=True, fields=())

    def own(text: str, place: Place, limit: int) -> frozenset[str]:
        return frozenset(finding.rule for finding in review(text, place, limit, rubric, context).findings)

    return own


def most_tokens(prompt: Prompt) -> int:
    """Return the most tokens that one call uses, question and answer.

    No token is less than a byte, whatever a member writes; of our own English words none is less than two.
    """
    ours = len(prompt.text.encode()) + len(json.dumps(FORM))
    return ours // 2 + LONGEST_QUESTION + prompt.max_completion_tokens


def _question(bio: Cleaned, request: CritiqueRequest) -> str:
    """Return what is sent: one JSON object, in which the bio can be nothing but values."""
    asked = {
        "place": request.place.label,
        "limit": request.limit,
        "unit": request.place.unit.value,
        "rewrite": request.rewrite,
        "lines": bio.numbered,
    }
    return json.dumps(asked, ensure_ascii=False)
