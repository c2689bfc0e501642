"""The AI reviewer: sends a bio to an OpenAI-compatible server; every way this can end is a named outcome.

The only module that knows openai. It costs a second and 22 MB, so it is imported only when a critic is made.
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

from bot.coaching.bios import BIO_LIMIT, AiOutcome, Critique, CritiqueRequest, Subject, Usage
from bot.coaching.weeks import Clock
from bot.critique.guard import FORMS, checked
from bot.critique.redact import MOST_LINES, Redacted, redact
from prompts.critique import Prompt

_log = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_TIMEOUT = 3.0
MOST_AT_ONCE = 2
MOST_LISTED = 8
"""Names of models in one sentence."""
SHORT_PAUSE, LONGEST_PAUSE = 0.5, 3.0
"""Seconds before the only retry; if a server asks for a longer wait, the outcome is BUSY."""
LONGEST_QUESTION = 4 * BIO_LIMIT + 10 * MOST_LINES + 200
"""Most bytes of a question: the bio in UTF-8, what surrounds each line, and the rest of the question."""
MOST_FAILURES, WITHIN, FAILURE_REST = 3, timedelta(minutes=2), timedelta(minutes=2)
MOST_UNUSABLE, UNUSABLE_REST = 5, timedelta(minutes=30)
LONGEST_REST = timedelta(hours=1)
"""The rest after an error that somebody has to fix, and the longest wait a server may ask for."""

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
# One long bio must not stop the reviewer for everybody else: its length is no fault of the settings.
_NOT_THIS_TEXT = {"content_filter", "content_policy_violation", "context_length_exceeded", "exceed_context_size_error"}
_TOO_LONG = re.compile(r"context (?:length|size|window)", re.IGNORECASE)
_BY_STATUS = {402: AiOutcome.QUOTA, 408: AiOutcome.TIMEOUT, 429: AiOutcome.BUSY} | dict.fromkeys(
    (409, 425), AiOutcome.UNREACHABLE
)


@dataclass(frozen=True, slots=True)
class CriticSettings:
    """Which model reviews bios, and where. Its repr shows no key.

    Attributes:
        deadline_seconds: for one review with all its tries.
        temperature, reasoning_effort: sent only if set.
    """

    model: str
    api_key: str | None = field(default=None, repr=False)
    base_url: str = field(default=OPENAI_URL, repr=False)
    deadline_seconds: float = 60.0
    temperature: float | None = None
    reasoning_effort: str | None = None


class _Dialect(NamedTuple):
    """What a server understands: which of `_FORMATS`, and which name of the cap on tokens."""

    form: int = 0
    cap: str = _CAP


class _Answer(NamedTuple):
    """How a call ended; there is a text only with OK."""

    outcome: AiOutcome
    text: str = ""
    usage: Usage = Usage()
    retry_after: float | None = None  # seconds


class OpenAICritic:
    """Reviews bios with a model, in one event loop; `aclose` closes its connections.

    At most two calls run at a time. It rests for a while after three failures in two minutes, five unusable answers in
    a row, or an error that somebody has to fix.
    """

    def __init__(self, settings: CriticSettings, prompts: Mapping[Subject, Prompt], clock: Clock) -> None:
        """Make the client without a call; broken proxy or certificate settings raise."""
        self.settings = settings
        self._prompts = prompts
        self._clock = clock
        self._client = _client(settings)
        self._dialect = _Dialect()
        host = urlsplit(settings.base_url).hostname or ""
        self._stores = f".{host}".endswith((".api.openai.com", ".openai.azure.com"))
        self._is_ollama = "ollama" in settings.base_url.casefold() or ":11434" in settings.base_url
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._failures: deque[datetime] = deque(maxlen=MOST_FAILURES)
        self._unusable = 0
        self._rests_until = clock()

    def is_resting(self) -> bool:
        """Return whether no calls are made at present."""
        return self._clock() < self._rests_until

    async def critique(self, request: CritiqueRequest) -> Critique:
        """Ask the model about a bio and return what passed the guard; every failure is an outcome."""
        began = self._clock()
        critique = await self._review(request)
        milliseconds = max((self._clock() - began) // timedelta(milliseconds=1), 0)
        used, prompt = critique.usage, self._prompts[request.subject]
        _log.info(
            "AI review: %s in %d ms, tokens %s and %s, prompt %s version %d",
            *(critique.outcome.value, milliseconds, used.prompt, used.completion, prompt.id, prompt.version),
        )
        return replace(critique, milliseconds=milliseconds)

    async def trouble(self) -> str | None:
        """Ask the server which models it has; returns what is to be mended, None if nothing is.

        It costs no tokens. A server that answers and cannot list its models is taken for a good one.
        """
        import openai  # noqa: PLC0415 - as in _client

        host = urlsplit(self.settings.base_url).hostname
        try:
            models = {one.id for one in (await self._client.models.list()).data}
        except openai.APIConnectionError as error:
            return f"{host} cannot be reached ({type(error.__cause__ or error).__name__}): look at OPENAI_BASE_URL."
        except (openai.AuthenticationError, openai.PermissionDeniedError):
            return f"{host} refuses the key: look at OPENAI_API_KEY."
        except openai.OpenAIError:
            return None
        if not models or self.settings.model in models:
            return None
        listed = ", ".join(sorted(models)[:MOST_LISTED])
        return f"{host} has no model {self.settings.model}: LLM_MODEL may be {listed}."

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _review(self, request: CritiqueRequest) -> Critique:
        bio = redact(request.text, message=request.subject is Subject.MESSAGE)
        if not bio.sendable:
            return Critique(AiOutcome.REFUSED)
        deadline = asyncio.get_running_loop().time() + self.settings.deadline_seconds
        try:
            # Half of the time is for the call, so that our own queue does not look like a slow server.
            async with asyncio.timeout(self.settings.deadline_seconds / 2):
                await self._slots.acquire()
        except TimeoutError:
            return Critique(AiOutcome.BUSY)
        try:
            if self.is_resting():
                return Critique(AiOutcome.RESTING)
            async with asyncio.timeout_at(deadline):
                answer = await self._ask(question(bio, request), request.subject)
        except TimeoutError:
            answer = _Answer(AiOutcome.TIMEOUT)
        finally:
            self._slots.release()
        critique = Critique(answer.outcome)
        if answer.outcome is AiOutcome.OK:
            try:
                critique = checked(answer.text, bio, request, self._prompts[request.subject].text)
            except Exception as error:  # noqa: BLE001 - the offline check is enough, and a traceback might quote the bio
                _log.error("The guard broke on an AI review: %s", type(error).__name__)
                critique = Critique(AiOutcome.BAD_OUTPUT)
        self._remember(critique.outcome, answer.retry_after)
        return replace(critique, usage=answer.usage)

    def _remember(self, outcome: AiOutcome, retry_after: float | None) -> None:
        """Remember how a call ended, and rest if another would be pointless."""
        now, rest = self._clock(), timedelta(0)
        match outcome:
            case AiOutcome.OK:
                self._failures.clear()
                self._unusable = 0
            case AiOutcome.QUOTA | AiOutcome.CONFIG:
                rest = LONGEST_REST
            case AiOutcome.BAD_OUTPUT:
                self._unusable += 1
                rest = UNUSABLE_REST if self._unusable >= MOST_UNUSABLE else rest
            case AiOutcome.BUSY | AiOutcome.UNREACHABLE | AiOutcome.TIMEOUT:
                self._failures.append(now)
                many = len(self._failures) == MOST_FAILURES and now - self._failures[0] <= WITHIN
                asked = timedelta(seconds=min(retry_after or 0, LONGEST_REST.total_seconds()))
                rest = max(asked, FAILURE_REST if many else rest)
            case _:
                pass  # only this bio or this answer is affected
        self._rests_until = max(now + rest, self._rests_until)

    async def _ask(self, text: str, subject: Subject) -> _Answer:
        """Ask in one dialect after another until the server accepts one, and remember it."""
        dialect = self._dialect
        while True:
            try:
                completion = await self._send(dialect, text, subject)
            except Exception as error:  # noqa: BLE001 - whatever it is, the member has the offline check
                answer = _failure(error)
                again = self._other_dialect(dialect, error) if answer.outcome is AiOutcome.CONFIG else None
                if again is None:
                    # Only its class and status: servers quote requests.
                    details = (answer.outcome.value, type(error).__name__, getattr(error, "status_code", None))
                    _log.warning("The AI server gave no answer: %s (%s, status %s)", *details)
                    return answer
                dialect = again
            else:
                self._dialect = dialect
                self._is_ollama = self._is_ollama or getattr(completion, "system_fingerprint", None) == "fp_ollama"
                return _read(completion)

    def _other_dialect(self, dialect: _Dialect, error: Any) -> _Dialect | None:
        """Return the dialect to try after a 400 or 422; None if there is none left."""
        if getattr(error, "status_code", None) not in {400, 422}:
            return None
        if dialect is self._dialect and dialect != _Dialect():
            self._dialect = _Dialect()  # it used to work: start again with the first
            return self._dialect
        if dialect.cap == _CAP and _CAP in error.response.text:
            return dialect._replace(cap=_OLDER_CAP)
        return dialect._replace(form=dialect.form + 1) if dialect.form + 1 < _MOST_FORMATS else None

    async def _send(self, dialect: _Dialect, text: str, subject: Subject) -> object:
        """Make one request, and one more after a 429 or 503 unless the server asks for a long wait."""
        settings, prompt = self.settings, self._prompts[subject]
        cap = prompt.max_completion_tokens
        optional = {
            "response_format": _FORMATS[subject][dialect.form],
            "temperature": settings.temperature,
            "reasoning_effort": settings.reasoning_effort,
            # These two store completions by default; other servers may refuse the field.
            "store": False if self._stores else None,
            # Ollama ignores the newer name and would never stop writing.
            _OLDER_CAP: cap if self._is_ollama else None,
        }
        arguments: dict[str, Any] = {name: value for name, value in optional.items() if value is not None}
        arguments |= {dialect.cap: cap, "model": settings.model}
        texts = {"system": prompt.text, "user": text}
        arguments["messages"] = [{"role": role, "content": content} for role, content in texts.items()]
        try:
            return await self._client.chat.completions.create(**arguments)
        except Exception as error:
            if getattr(error, "status_code", None) not in {429, 503} or _refusal(error) is AiOutcome.QUOTA:
                raise
            pause = _retry_after(error) or SHORT_PAUSE
            if pause > LONGEST_PAUSE:
                raise
        await asyncio.sleep(pause)
        return await self._client.chat.completions.create(**arguments)


def most_tokens(prompts: Mapping[Subject, Prompt]) -> int:
    """Return the most tokens that one call can use, question and answer, whatever it is about.

    Any token takes at least a byte of what a member writes, and at least two of our own English words.
    """
    return LONGEST_QUESTION + max(
        len(prompt.text.encode() + json.dumps(FORMS[subject]).encode()) // 2 + prompt.max_completion_tokens
        for subject, prompt in prompts.items()
    )


def _client(settings: CriticSettings) -> Any:
    import openai  # noqa: PLC0415 - a second and 22 MB, for those who set a model up

    # They log requests; how much of them depends on the version and on an environment variable.
    for name in ("openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    client = openai.AsyncOpenAI(
        # Without a value the library would read environment variables.
        api_key=settings.api_key or "none",
        base_url=settings.base_url,
        # It would retry more than 429 and 503, and pay twice for an answer that is cut off.
        max_retries=0,
        timeout=openai.Timeout(settings.deadline_seconds, connect=CONNECT_TIMEOUT),
        # A redirect would send the bio to a host that nobody agreed to.
        http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
    )
    client.organization = client.project = None
    return client


def question(bio: Redacted, request: CritiqueRequest) -> str:
    """Return the question as one JSON object, in which the bio can only be values."""
    table = {
        "place": request.place.label,
        "limit": request.limit,
        "unit": request.place.unit.value,
        **({"rewrite": request.rewrite} if request.subject is Subject.BIO else {}),
        "lines": {str(number): line for number, line in enumerate(bio.sendable, 1)},
    }
    return json.dumps(table, ensure_ascii=False)


def _failure(error: Exception) -> _Answer:
    """Name the outcome of a call that raised."""
    import openai  # noqa: PLC0415 - it is loaded already

    if isinstance(error, openai.APIStatusError):
        return _Answer(_refusal(error), retry_after=_retry_after(error))
    kinds = (
        (openai.APITimeoutError, AiOutcome.TIMEOUT),  # first, because it is a connection error too
        (openai.APIConnectionError, AiOutcome.UNREACHABLE),
        (UnicodeEncodeError, AiOutcome.CONFIG),  # a key or an address that no request can carry
    )
    # The library fails in several ways on what is no completion.
    return _Answer(next((outcome for kind, outcome in kinds if isinstance(error, kind)), AiOutcome.BAD_OUTPUT))


def _refusal(error: Any) -> AiOutcome:
    codes = {str(error.code), str(error.type)}
    if codes & _NO_QUOTA:
        return AiOutcome.QUOTA
    if codes & _NOT_THIS_TEXT or _TOO_LONG.search(error.message):
        return AiOutcome.REFUSED
    return AiOutcome.UNREACHABLE if error.status_code >= 500 else _BY_STATUS.get(error.status_code, AiOutcome.CONFIG)


def _read(completion: object) -> _Answer:
    """Read a completion, of which the library checks nothing."""

    def tokens(name: str) -> int | None:
        count = getattr(getattr(completion, "usage", None), name, None)
        return count if type(count) is int and count >= 0 else None

    usage = Usage(tokens("prompt_tokens"), tokens("completion_tokens"))
    choices: Any = getattr(completion, "choices", None)
    choice: Any = choices[0] if choices.__class__ is list and choices else None
    message, finish = getattr(choice, "message", None), getattr(choice, "finish_reason", None)
    content = getattr(message, "content", None)
    if finish == "content_filter" or getattr(message, "refusal", None):
        return _Answer(AiOutcome.REFUSED, usage=usage)
    if finish == "length":
        return _Answer(AiOutcome.TRUNCATED, usage=usage)
    if not isinstance(content, str):
        return _Answer(AiOutcome.BAD_OUTPUT, usage=usage)
    return _Answer(AiOutcome.OK, content, usage)


def _retry_after(error: Any) -> float | None:
    """Return the seconds a server asks us to wait; None if it does not, or not as a number."""
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None
