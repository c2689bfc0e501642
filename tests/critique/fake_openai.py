"""A stand-in for an OpenAI-compatible server on loopback: how it fails is named in the path of its address."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from aiohttp import web

from bot.coaching.bios import Place

Mode: TypeAlias = Callable[["FakeOpenAI", web.Request, str], Awaitable[web.StreamResponse]]
"""Answers a request; the text is the request's body, for servers that quote it."""

PATIENCE = 30.0
"""Seconds after which what hangs would answer after all: longer than any test waits."""
SOON = {"retry-after-ms": "1"}
"""Keeps the client's one retry from taking half a second."""

NOTES: Mapping[str, Mapping[str, Any]] = {
    "clear": {"line": 1, "verdict": "strong", "advice": "Your role and your field are the first thing that is read."},
    "credible": {"line": 2, "verdict": "strong", "advice": "The workshop is a concrete thing that you did."},
    "connectable": {"line": 0, "verdict": "missing", "advice": "Add what people may write to you about."},
    "careful": {"line": 0, "verdict": "strong", "advice": "It keeps other people and private data out."},
    "readable": {"line": 2, "verdict": "improve", "advice": "Split the second sentence after the workshop."},
}
REWRITE = "Nursing student in community health. I ran a workshop on hand washing. Ask me about [topic]."


def reply(rewrite: str = REWRITE, **notes: Mapping[str, Any]) -> str:
    """Return what a well-behaved model writes, with some of its notes changed."""
    return changed(notes, rewrite)


def changed(notes: Mapping[str, Mapping[str, Any]], rewrite: str = REWRITE) -> str:
    """Return the same, for notes by name."""
    return json.dumps({**{key: {**NOTES[key], **notes.get(key, {})} for key in NOTES}, "rewrite": rewrite})


def no_rules(text: str, place: Place, limit: int) -> Collection[str]:
    """Find nothing: for tests of what others check."""
    del text, place, limit
    return ()


def completion(content: object, finish: str = "stop", **others: Any) -> dict[str, Any]:
    """Return a completion as the API describes it; `message` and `usage` may be given."""
    message = {"role": "assistant", "content": content, "refusal": None, **others.get("message", {})}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "fake",
        "choices": [{"index": 0, "finish_reason": finish, "logprobs": None, "message": message}],
        "usage": others.get("usage", {"prompt_tokens": 700, "completion_tokens": 200, "total_tokens": 900}),
    }


class FakeOpenAI:
    """The server, while `serving()` is entered. It counts requests by mode and keeps their bodies and headers."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.reply = reply()
        """What the model writes in the mode `says`."""
        self.usage: object = {"prompt_tokens": 700, "completion_tokens": 200, "total_tokens": 900}
        self.answers = asyncio.Event()
        """Lets the mode `waits` answer."""
        self.busy = asyncio.Event()
        """A request of the mode `waits` is there."""
        self.at_once = Counter[str]()
        self.most_at_once = 0
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator["FakeOpenAI"]:
        """Serve on a free loopback port."""
        app = web.Application()
        app.router.add_post("/{mode}/v1/chat/completions", self._complete)
        # What hangs is cut off at the end: nobody waits for it.
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    def base_url(self, mode: str) -> str:
        """Return the address at which the server behaves so."""
        return f"{self.url}/{mode}/v1"

    def question(self) -> dict[str, Any]:
        """Return the last user message, read as the JSON it is."""
        return json.loads(self.bodies[-1]["messages"][-1]["content"])

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        mode = request.match_info["mode"]
        body = await request.text()
        self.hits[mode] += 1
        self.bodies.append(json.loads(body))
        self.headers.append(dict(request.headers))
        self.at_once[mode] += 1
        self.most_at_once = max(self.most_at_once, self.at_once[mode])
        try:
            return await MODES[mode](self, request, body)
        finally:
            self.at_once[mode] -= 1


def _status(status: int, headers: Mapping[str, str] | None = None, **error: object) -> Mode:
    async def answer(_: FakeOpenAI, __: web.Request, body: str) -> web.StreamResponse:
        told = {"message": f"cannot do this with {body}", "type": "error", "param": None, "code": None, **error}
        return web.json_response({"error": told}, status=status, headers={**SOON, **(headers or {})})

    return answer


def _text(text: str | bytes, kind: str = "application/json", status: int = 200, encoding: str = "identity") -> Mode:
    async def answer(_: FakeOpenAI, __: web.Request, ___: str) -> web.StreamResponse:
        body = text.encode() if isinstance(text, str) else text
        return web.Response(body=body, status=status, content_type=kind, headers={**SOON, "content-encoding": encoding})

    return answer


def _completes(content: object, finish: str = "stop", **others: Any) -> Mode:
    return _text(json.dumps(completion(content, finish, **others)))


async def _says(server: FakeOpenAI, _: web.Request, __: str) -> web.StreamResponse:
    return web.json_response(completion(server.reply, usage=server.usage))


async def _waits(server: FakeOpenAI, request: web.Request, body: str) -> web.StreamResponse:
    server.busy.set()
    await server.answers.wait()
    return await _says(server, request, body)


async def _hangs(_: FakeOpenAI, __: web.Request, ___: str) -> web.StreamResponse:
    await asyncio.sleep(PATIENCE)
    return web.Response()


async def _drips(server: FakeOpenAI, request: web.Request, _: str) -> web.StreamResponse:
    return await _piece_by_piece(request, [bytes([one]) for one in json.dumps(completion(server.reply)).encode()])


async def _keeps_alive(server: FakeOpenAI, request: web.Request, _: str) -> web.StreamResponse:
    return await _piece_by_piece(request, [*(b" " for _ in range(600)), json.dumps(completion(server.reply)).encode()])


async def _piece_by_piece(request: web.Request, pieces: list[bytes]) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"content-type": "application/json"})
    await answer.prepare(request)
    for piece in pieces:
        await answer.write(piece)
        await asyncio.sleep(0.05)
    return answer


async def _resets(_: FakeOpenAI, request: web.Request, __: str) -> web.StreamResponse:
    _abort(request)
    return web.Response()


async def _resets_in_the_body(_: FakeOpenAI, request: web.Request, __: str) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"content-type": "application/json", "content-length": "5000"})
    await answer.prepare(request)
    await answer.write(b'{"id": "chat')
    await asyncio.sleep(0.02)
    _abort(request)
    return answer


def _abort(request: web.Request) -> None:
    assert request.transport is not None
    request.transport.abort()


async def _redirects(server: FakeOpenAI, _: web.Request, __: str) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect(f"{server.base_url('elsewhere')}/chat/completions")


MODES: Mapping[str, Mode] = {
    "says": _says,
    "elsewhere": _says,
    "waits": _waits,
    # The way
    "hangs": _hangs,
    "drips": _drips,
    "keeps-alive": _keeps_alive,
    "resets": _resets,
    "resets-in-the-body": _resets_in_the_body,
    "redirects": _redirects,
    # The status
    "busy": _status(429, code="rate_limit_exceeded"),
    "busy-for-long": _status(429, {"retry-after": "300"}),
    "busy-until": _status(429, {"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}),
    "busy-nonsense": _status(429, {"retry-after": "soon"}),
    "no-quota": _status(429, code="insufficient_quota", type="insufficient_quota"),
    "unpaid": _status(402),
    "broken": _status(500),
    "bad-gateway": _text("<html>Bad Gateway</html>", "text/html", 502),
    "unavailable": _status(503),
    "overloaded": _status(529),
    "conflict": _status(409),
    "slow-request": _status(408),
    "bad-key": _status(401, code="invalid_api_key"),
    "forbidden": _status(403),
    "no-model": _status(404, code="model_not_found"),
    "bad-form": _status(400, code="invalid_json_schema"),
    "too-large": _status(413),
    "unprocessable": _status(422),
    "filtered": _status(400, code="content_filter"),
    "too-long": _status(400, code="context_length_exceeded"),
    "too-long-by-type": _status(400, code=400, type="exceed_context_size_error"),
    "too-long-in-words": _status(400, code=400, message="The model's maximum context length is 4096 tokens."),
    # The completion
    "refuses": _completes(None, message={"refusal": "I cannot help with that."}),
    "filtered-midway": _completes("{", "content_filter"),
    "cut": _completes('{"clear": {"line": 1, "verd', "length"),
    "null": _completes(None),
    "empty-content": _completes("   "),
    "tools": _completes(None, "tool_calls", message={"tool_calls": []}),
    "prose": _completes("Here is my review: it is a lovely bio."),
    "fenced": _completes(f"```json\n{reply()}\n```"),
    "other-form": _completes('{"scores": {"clear": 4}, "fixes": []}'),
    "cut-json": _completes(reply()[:-40]),
    "twins": _completes(reply()[:-1] + ', "rewrite": "Another one."}'),
    "content-of-parts": _completes([{"type": "text", "text": reply()}]),
    "no-choices": _text(json.dumps({**completion("x"), "choices": []})),
    "choices-of-another-kind": _text(json.dumps({**completion("x"), "choices": {"0": "x"}})),
    "choices-of-nothing": _text(json.dumps({**completion("x"), "choices": [None]})),
    # No completion
    "html": _text("<html>Please log in</html>", "text/html"),
    "empty-object": _text("{}"),
    "error-with-200": _text('{"error": {"message": "overloaded"}}'),
    "list": _text("[1, 2]"),
    "empty": _text(""),
    "cut-body": _text('{"id": "chatcmpl-1", "choices": [{"ind'),
    "not-text": _text(b"\xff\xfe\x00\x9f"),
    "bad-gzip": _text(b"not gzip", encoding="gzip"),
    "events": _text('data: {"choices": []}\n\n', "text/event-stream"),
    "deep": _text("[" * 50_000),
}
"""Every way to behave, by name."""
