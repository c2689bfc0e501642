"""Calls to a language model over the API that OpenAI made common: one answer or one fault, and no exception.

The only module that knows openai. It is imported when somebody set a model up: it costs a second and 22 MB.
"""

import email.utils
import logging
import math
import re
from datetime import UTC, datetime
from typing import Any, Protocol, cast

import openai
from openai.types.shared_params import ResponseFormatJSONSchema

from bot.coaching.bios import Usage
from bot.critique.critic import CriticSettings
from bot.critique.faults import Answer, Fault
from prompts.critique import Prompt

_log = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_TIMEOUT = 3.0
RETRIES = 1
LONGEST_RETRY_AFTER = 3.0
"""Seconds that are waited before the one retry; when a server asks for more, the member is told that it is busy."""
NO_KEY = "none"
"""What is sent as the key to a server that wants none."""

# They tell of every request, and what of it changes with their versions and with an environment variable.
_CHATTY = ("openai", "httpx2", "httpcore2")

# The first that fits; a timeout is a kind of connection error, and a refusal by status is looked at below.
_BY_ERROR: tuple[tuple[type[Exception], Fault], ...] = (
    (openai.APITimeoutError, Fault.NO_ANSWER),
    (openai.APIConnectionError, Fault.NOT_REACHED),
    (UnicodeEncodeError, Fault.NOT_SET_UP),  # a key or an address that no request can carry
    (Exception, Fault.NO_COMPLETION),  # the library trips over what is no completion in more than one way
)
_BY_CODE = {
    "insufficient_quota": Fault.NO_QUOTA,
    "billing_hard_limit_reached": Fault.NO_QUOTA,
    "content_filter": Fault.DECLINED,
    "content_policy_violation": Fault.DECLINED,
    "context_length_exceeded": Fault.TOO_LONG,
    "exceed_context_size_error": Fault.TOO_LONG,
}
# Servers without a code for it say it in their message.
_TOO_LONG = re.compile(r"\bcontext (?:length|size|window)\b", re.IGNORECASE)
_BY_STATUS = {
    402: Fault.NO_QUOTA,
    408: Fault.NO_ANSWER,
    409: Fault.SERVER_ERROR,
    425: Fault.SERVER_ERROR,
    429: Fault.RATE_LIMITED,
}


class _Response(Protocol):
    """What is needed of a response of the library below."""

    @property
    def headers(self) -> Any:
        """The headers of the answer."""
        ...


class OpenAIModel:
    """A model behind an OpenAI-compatible server, for one event loop; `aclose` ends its connections."""

    def __init__(self, settings: CriticSettings, prompt: Prompt) -> None:
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._settings = settings
        self._prompt = prompt
        # Everything is said here: what is not, the library takes from environment variables.
        self._client = openai.AsyncOpenAI(
            api_key=settings.api_key or NO_KEY,
            base_url=settings.base_url or OPENAI_URL,
            max_retries=RETRIES,
            # All of the deadline for the answer: one that is cut before it is asked for again, and paid for twice.
            timeout=openai.Timeout(settings.deadline_seconds, connect=CONNECT_TIMEOUT),
            # A redirect would hand the bio to a host that nobody agreed to.
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False, event_hooks={"response": [_without_long_waits]}
            ),
        )
        self._client.organization = None
        self._client.project = None

    async def ask(self, question: str, form: dict[str, object]) -> Answer:
        """Return the model's answer in the JSON schema `form`, or the fault. Never raises, but may be cancelled."""
        try:
            completion = await self._client.chat.completions.create(
                model=self._settings.model,
                messages=[
                    {"role": "system", "content": self._prompt.text},
                    {"role": "user", "content": question},
                ],
                response_format=_strict(form),
                max_completion_tokens=self._prompt.max_completion_tokens,
                temperature=openai.omit if self._settings.temperature is None else self._settings.temperature,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the member has the offline review
            return _failed(error)
        return _read(completion)

    async def aclose(self) -> None:
        """End the connections."""
        await self._client.close()


def _strict(form: dict[str, object]) -> ResponseFormatJSONSchema:
    return {"type": "json_schema", "json_schema": {"name": "critique", "strict": True, "schema": form}}


async def _without_long_waits(response: _Response) -> None:
    """Keep the library from waiting out the deadline: it would turn "busy" into "no answer"."""
    wait = _retry_after(response)
    if wait is not None and wait > LONGEST_RETRY_AFTER:
        response.headers["x-should-retry"] = "false"


def _failed(error: Exception) -> Answer:
    """Return the fault that an error is. Of the error only its class and status are told: servers quote requests."""
    if isinstance(error, openai.APIStatusError):
        fault = _refusal(error)
        _log.warning("The model's server refused: %s (status %s)", fault.value, error.status_code)
        return Answer(fault=fault, retry_after=_retry_after(error.response))
    fault = next(fault for kind, fault in _BY_ERROR if isinstance(error, kind))
    _log.warning("The model did not answer: %s (%s)", fault.value, type(error).__name__)
    return Answer(fault=fault)


def _refusal(error: openai.APIStatusError) -> Fault:
    for said in (error.code, error.type):
        if isinstance(said, str) and said in _BY_CODE:
            return _BY_CODE[said]
    if error.status_code >= 500:
        return Fault.SERVER_ERROR
    if error.status_code == 400 and _TOO_LONG.search(error.message):
        return Fault.TOO_LONG
    return _BY_STATUS.get(error.status_code, Fault.NOT_SET_UP)


def _read(completion: object) -> Answer:
    """Return what stands in a completion; the library does not check what a server sends."""
    usage = _usage(getattr(completion, "usage", None))
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list):
        return Answer(fault=Fault.NO_COMPLETION, usage=usage)
    choice = next(iter(cast("list[object]", choices)), None)
    message = getattr(choice, "message", None)
    finish = getattr(choice, "finish_reason", None)
    content = getattr(message, "content", None)
    if finish == "content_filter" or getattr(message, "refusal", None):
        return Answer(fault=Fault.DECLINED, usage=usage)
    if finish == "length":
        return Answer(fault=Fault.CUT, usage=usage)
    if not isinstance(content, str) or not content.strip():
        return Answer(fault=Fault.BAD_FORM, usage=usage)
    return Answer(content, usage=usage)


def _usage(said: object) -> Usage:
    return Usage(_tokens(getattr(said, "prompt_tokens", None)), _tokens(getattr(said, "completion_tokens", None)))


def _tokens(said: object) -> int | None:
    return said if type(said) is int and said >= 0 else None


def _retry_after(response: _Response) -> float | None:
    """Return the seconds after which a server wants to be asked again, None if it does not say it usefully."""
    said = str(response.headers.get("retry-after", ""))
    try:
        seconds = float(said)
    except ValueError:
        seconds = _seconds_until(said)
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _seconds_until(said: str) -> float:
    try:
        moment = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return math.nan
    # The server's clock against ours: there is nothing better to compare a date with.
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
