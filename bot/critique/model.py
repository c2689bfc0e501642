"""The AI reviewer: a bio goes to an OpenAI-compatible server, and whatever happens comes back as a named outcome.

The only module that knows openai, which costs a second and 22 MB: it is imported when a critic is made.
"""

import asyncio
import json
import logging
import math
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bot.coaching.bios import BIO_LIMIT, Critique, CritiqueRequest, Outcome, Subject, Usage
from bot.coaching.weeks import Clock
from bot.critique.guard import FORMS, checked
from bot.critique.redact import MOST_LINES, Redacted, redact
from prompts.critique import Prompt

_log = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_TIMEOUT = 3.0
MOST_AT_ONCE = 2
SHORT_PAUSE, LONGEST_PAUSE = 0.5, 3.0
"""Seconds that are waited before the one retry; when a server asks for more, the member is told that it is busy."""
LONGEST_QUESTION = 4 * BIO_LIMIT + 10 * MOST_LINES + 200
"""Bytes of a question at most: the bio in UTF-8, what is around each line, and what is asked with it."""
MOST_FAILURES, WITHIN, FAILURE_REST = 3, timedelta(minutes=2), timedelta(minutes=2)
MOST_UNUSABLE, UNUSABLE_REST = 5, timedelta(minutes=30)
LONGEST_REST = timedelta(hours=1)
"""The rest after what somebody has to mend, and the longest that a server is believed when it asks us to wait."""

_FORMATS: Mapping[Subject, tuple[dict[str, Any] | None, ...]] = {
    subject: (
        {"type": "json_schema", "json_schema": {"name": "critique", "strict": True, "schema": form}},
        {"type": "json_object"},
        None,  # the prompt describes the form as well
    )
    for subject, form in FORMS.items()
}
_MOST_FORMATS = 3
_CAP, _OLDER_CAP = "max_completion_tokens", "max_tokens"
_NO_QUOTA = {"insufficient_quota", "billing_hard_limit_reached"}
# One long bio must not close the reviewer to everybody else, so that it is too long is no fault of the settings.
_NOT_THIS_TEXT = {"content_filter", "content_policy_violation", "context_length_exceeded", "exceed_context_size_error"}
_TOO_LONG = re.compile(r"context (?:length|size|window)", re.IGNORECASE)
_BY_STATUS = {
    402: Outcome.QUOTA,
    408: Outcome.TIMEOUT,
    409: Outcome.UNREACHABLE,
    425: Outcome.UNREACHABLE,
    429: Outcome.BUSY,
}


@dataclass(frozen=True, slots=True)
class CriticSettings:
    """Which model looks at bios, and where. Its repr shows no key.

    Attributes:
        deadline_seconds: for one review, every further try included.
        temperature: sent only when set, and so is `reasoning_effort`.
    """

    model: str
    api_key: str | None = field(default=None, repr=False)
    base_url: str = field(default=OPENAI_URL, repr=False)
    deadline_seconds: float = 60.0
    temperature: float | None = None
    reasoning_effort: str | None = None


class _Dialect(NamedTuple):
    """How a server wants to be asked: which of `_FORMATS`, and by which name it knows the cap of tokens."""

    form: int = 0
    cap: str = _CAP


class _Answer(NamedTuple):
    """How a call ended: OK with a text, or another outcome without one."""

    outcome: Outcome
    text: str = ""
    usage: Usage = Usage()
    retry_after: float | None = None  # seconds for which the server asked us to wait


class Critic:
    """Reviews bios with a model, in one event loop; `aclose` ends its connections.

    At most two calls are under way. After three failures in two minutes, five unusable answers in a row, or what
    somebody has to mend, nobody is asked for a while.
    """

    def __init__(self, settings: CriticSettings, prompts: Mapping[Subject, Prompt], clock: Clock) -> None:
        """Make the client, which calls nobody yet; raises whatever a broken proxy or certificate setting leads to."""
        self.settings = settings
        self._prompts = prompts
        self._clock = clock
        self._client = _client(settings)
        self._dialect = _Dialect()
        host = urlsplit(settings.base_url).hostname or ""
        self._stores = host == "api.openai.com" or host.endswith((".api.openai.com", ".openai.azure.com"))
        self._is_ollama = "ollama" in settings.base_url.casefold() or ":11434" in settings.base_url
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)
        self._failures: deque[datetime] = deque(maxlen=MOST_FAILURES)
        self._unusable = 0
        self._rests_until = clock()

    def is_resting(self) -> bool:
        """Return whether nobody is asked at present."""
        return self._clock() < self._rests_until

    async def critique(self, request: CritiqueRequest) -> Critique:
        """Ask the model about a bio, and return what of its answer passed the guard. Raises nothing of its own."""
        began = self._clock()
        critique = await self._review(request)
        took = max((self._clock() - began) // timedelta(milliseconds=1), 0)
        used, prompt = critique.usage, self._prompts[request.subject]
        _log.info(
            "AI review: %s in %d ms, tokens %s and %s, prompt %s version %d",
            *(critique.outcome.value, took, used.prompt, used.completion, prompt.id, prompt.version),
        )
        return replace(critique, milliseconds=took)

    async def aclose(self) -> None:
        """End the connections."""
        await self._client.close()

    async def _review(self, request: CritiqueRequest) -> Critique:
        bio = redact(request.text, message=request.subject is Subject.MESSAGE)
        if not bio.sendable:
            return Critique(Outcome.REFUSED)
        deadline = asyncio.get_running_loop().time() + self.settings.deadline_seconds
        try:
            # Half of the time is left for the call, so that our queue is not taken for a slow server.
            async with asyncio.timeout(self.settings.deadline_seconds / 2):
                await self._turns.acquire()
        except TimeoutError:
            return Critique(Outcome.BUSY)
        try:
            if self.is_resting():
                return Critique(Outcome.RESTING)
            async with asyncio.timeout_at(deadline):
                answer = await self._ask(question(bio, request), request.subject)
        except TimeoutError:
            answer = _Answer(Outcome.TIMEOUT)
        finally:
            self._turns.release()
        critique = Critique(answer.outcome)
        if answer.outcome is Outcome.OK:
            try:
                critique = checked(answer.text, bio, request, self._prompts[request.subject].text)
            except Exception as error:  # noqa: BLE001 - there is the offline check, and a traceback might quote the bio
                _log.error("The guard broke on an AI review: %s", type(error).__name__)
                critique = Critique(Outcome.BAD_OUTPUT)
        self._remember(critique.outcome, answer.retry_after)
        return replace(critique, usage=answer.usage)

    def _remember(self, outcome: Outcome, retry_after: float | None) -> None:
        """Take note of how a call ended, and rest if it is no use to go on."""
        now, rest = self._clock(), timedelta(0)
        match outcome:
            case Outcome.OK:
                self._failures.clear()
                self._unusable = 0
            case Outcome.QUOTA | Outcome.CONFIG:
                rest = LONGEST_REST
            case Outcome.BAD_OUTPUT:
                self._unusable += 1
                rest = UNUSABLE_REST if self._unusable >= MOST_UNUSABLE else rest
            case Outcome.BUSY | Outcome.UNREACHABLE | Outcome.TIMEOUT:
                self._failures.append(now)
                many = len(self._failures) == MOST_FAILURES and now - self._failures[0] <= WITHIN
                asked = timedelta(seconds=min(retry_after or 0, LONGEST_REST.total_seconds()))
                rest = max(asked, FAILURE_REST if many else rest)
            case _:
                pass  # this bio, or this one answer, was the matter
        self._rests_until = max(now + rest, self._rests_until)

    async def _ask(self, asked: str, subject: Subject) -> _Answer:
        """Ask in one way after another until the server takes it; what it took is remembered."""
        dialect = self._dialect
        while True:
            try:
                completion = await self._send(dialect, asked, subject)
            except Exception as error:  # noqa: BLE001 - whatever it is, the member has the offline check
                answer = _failure(error)
                again = self._another(dialect, error) if answer.outcome is Outcome.CONFIG else None
                if again is None:
                    # No more than its class and status: servers quote requests.
                    told = (answer.outcome.value, type(error).__name__, getattr(error, "status_code", None))
                    _log.warning("The AI server gave no answer: %s (%s, status %s)", *told)
                    return answer
                dialect = again
            else:
                self._dialect = dialect
                self._is_ollama = self._is_ollama or getattr(completion, "system_fingerprint", None) == "fp_ollama"
                return _read(completion)

    def _another(self, dialect: _Dialect, error: Any) -> _Dialect | None:
        """Return the next way to ask after a 400 or 422; None when there is none left."""
        if getattr(error, "status_code", None) not in {400, 422}:
            return None
        if dialect is self._dialect and dialect != _Dialect():
            self._dialect = _Dialect()  # what worked works no longer: from the top
            return self._dialect
        if dialect.cap == _CAP and _CAP in error.response.text:
            return dialect._replace(cap=_OLDER_CAP)
        return dialect._replace(form=dialect.form + 1) if dialect.form + 1 < _MOST_FORMATS else None

    async def _send(self, dialect: _Dialect, asked: str, subject: Subject) -> object:
        """Make one request, and one more after a 429 or 503 unless the server wants us to wait for long."""
        settings, prompt = self.settings, self._prompts[subject]
        cap = prompt.max_completion_tokens
        optional = {
            "response_format": _FORMATS[subject][dialect.form],
            "temperature": settings.temperature,
            "reasoning_effort": settings.reasoning_effort,
            # Both keep completions unless told otherwise; other servers may refuse the field.
            "store": False if self._stores else None,
            # Ollama ignores the newer name, and would write without an end.
            _OLDER_CAP: cap if self._is_ollama else None,
        }
        arguments: dict[str, Any] = {name: value for name, value in optional.items() if value is not None}
        arguments |= {dialect.cap: cap, "model": settings.model}
        arguments["messages"] = [
            {"role": "system", "content": prompt.text},
            {"role": "user", "content": asked},
        ]
        try:
            return await self._client.chat.completions.create(**arguments)
        except Exception as error:
            pause = _pause(error)
            if pause is None:
                raise
        await asyncio.sleep(pause)
        return await self._client.chat.completions.create(**arguments)


def most_tokens(prompts: Mapping[Subject, Prompt]) -> int:
    """Return the most tokens that one call uses, question and answer, whatever it is about.

    No token is less than a byte, whatever a member writes; of our own English words none is less than two.
    """
    return LONGEST_QUESTION + max(
        len(prompt.text.encode() + json.dumps(FORMS[subject]).encode()) // 2 + prompt.max_completion_tokens
        for subject, prompt in prompts.items()
    )


def _client(settings: CriticSettings) -> Any:
    import openai  # noqa: PLC0415 - a second and 22 MB, for those who set a model up

    # They log every request; what of it depends on their version and on an environment variable.
    for name in ("openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    client = openai.AsyncOpenAI(
        # All of these are given: what is not, the library takes from environment variables.
        api_key=settings.api_key or "none",
        base_url=settings.base_url,
        # It would retry more than 429 and 503: an answer that is cut off would be paid for twice.
        max_retries=0,
        timeout=openai.Timeout(settings.deadline_seconds, connect=CONNECT_TIMEOUT),
        # A redirect would hand the bio to a host that nobody agreed to.
        http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
    )
    client.organization = client.project = None
    return client


def question(bio: Redacted, request: CritiqueRequest) -> str:
    """Return what is sent: one JSON object, in which the bio can be nothing but values."""
    table = {
        "place": request.place.label,
        "limit": request.limit,
        "unit": request.place.unit.value,
        **({"rewrite": request.rewrite} if request.subject is Subject.BIO else {}),
        "lines": {str(number): line for number, line in enumerate(bio.sendable, 1)},
    }
    return json.dumps(table, ensure_ascii=False)


def _failure(error: Exception) -> _Answer:
    """Return the outcome that an error is."""
    import openai  # noqa: PLC0415 - it is there already

    match error:
        case openai.APIStatusError():
            return _Answer(_refusal(error), retry_after=_retry_after(error.response.headers))
        case openai.APITimeoutError():  # a kind of connection error
            return _Answer(Outcome.TIMEOUT)
        case openai.APIConnectionError():
            return _Answer(Outcome.UNREACHABLE)
        case UnicodeEncodeError():  # a key or an address that no request can carry
            return _Answer(Outcome.CONFIG)
        case _:  # the library trips over what is no completion in more than one way
            return _Answer(Outcome.BAD_OUTPUT)


def _refusal(error: Any) -> Outcome:
    said = {str(error.code), str(error.type)}
    if said & _NO_QUOTA:
        return Outcome.QUOTA
    if said & _NOT_THIS_TEXT or _TOO_LONG.search(error.message):
        return Outcome.REFUSED
    return Outcome.UNREACHABLE if error.status_code >= 500 else _BY_STATUS.get(error.status_code, Outcome.CONFIG)


def _read(completion: object) -> _Answer:
    """Return what is in a completion; the library does not check what a server sends."""
    said = getattr(completion, "usage", None)
    usage = Usage(_tokens(getattr(said, "prompt_tokens", None)), _tokens(getattr(said, "completion_tokens", None)))
    choices: Any = getattr(completion, "choices", None)
    choice: Any = choices[0] if choices.__class__ is list and choices else None
    message, finish = getattr(choice, "message", None), getattr(choice, "finish_reason", None)
    content = getattr(message, "content", None)
    if finish == "content_filter" or getattr(message, "refusal", None):
        return _Answer(Outcome.REFUSED, usage=usage)
    if finish == "length":
        return _Answer(Outcome.TRUNCATED, usage=usage)
    if not isinstance(content, str):
        return _Answer(Outcome.BAD_OUTPUT, usage=usage)
    return _Answer(Outcome.OK, content, usage)


def _tokens(said: object) -> int | None:
    return said if type(said) is int and said >= 0 else None


def _pause(error: Any) -> float | None:
    """Return the seconds after which to try once more; None when that is no use or too long."""
    if getattr(error, "status_code", None) not in {429, 503} or _refusal(error) is Outcome.QUOTA:
        return None
    wait = _retry_after(error.response.headers) or SHORT_PAUSE
    return wait if wait <= LONGEST_PAUSE else None


def _retry_after(headers: Any) -> float | None:
    """Return the seconds after which a server wants to be asked again; None if it does not say it as a number."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None
