"""A stand-in for an OpenAI-compatible server on loopback: how it behaves is named in the path of its address."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

NOTES: Mapping[str, Mapping[str, Any]] = {
    "clear": {"line": 1, "verdict": "strong", "advice": "Your role and your field are the first thing that is read."},
    "credible": {"line": 2, "verdict": "strong", "advice": "The workshop is a concrete thing that you did."},
    "connectable": {"line": 0, "verdict": "missing", "advice": "Add what people may write to you about."},
    "careful": {"line": 0, "verdict": "strong", "advice": "It keeps other people and private data out."},
    "readable": {"line": 2, "verdict": "improve", "advice": "Split the second sentence after the workshop."},
}
REWRITE = "Nursing student in community health. I ran a workshop on hand washing. Ask me about [topic]."


def reply(rewrite: object = REWRITE, **notes: object) -> str:
    """Return what a well-behaved model writes, with other notes where they are given."""
    return json.dumps({**NOTES, **notes, "rewrite": rewrite}, ensure_ascii=False)


def completion(content: object, finish: str = "stop", **message: object) -> dict[str, Any]:
    """Return a completion as the API describes it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "fake",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, **message}}
        ],
        "usage": {"prompt_tokens": 700, "completion_tokens": 200, "total_tokens": 900},
    }


SAID: Mapping[str, dict[str, Any]] = {
    "refuses": completion(None, refusal="I cannot help with that."),
    "filtered-midway": completion("{", "content_filter"),
    "cut": completion('{"clear": {"line": 1, "verd', "length"),
    "null": completion(None),
    "prose": completion("Here is my review: it is a lovely bio."),
    "other-form": completion('{"scores": {"clear": 4}, "fixes": []}'),
    "no-choices": {**completion("x"), "choices": []},
    "choices-of-nothing": {**completion("x"), "choices": [None]},
    "error-with-200": {"error": {"message": "overloaded"}},
    "fenced": completion(f"```json\n{reply()}\n```"),
    "thinks-aloud": completion(
        f'<think>Maybe {{"clear": {{}}}}?</think>Here it is: {reply()} I hope it helps {{you}}.'
    ),
    "odd-usage": {**completion(reply()), "usage": {"prompt_tokens": -1, "completion_tokens": "many"}},
}
"""What comes back with a 200, by mode."""
STATUS: Mapping[str, tuple[int, dict[str, Any]]] = {
    "busy": (429, {"code": "rate_limit_exceeded"}),
    "no-quota": (429, {"code": "insufficient_quota"}),
    "broken": (500, {}),
    "unavailable": (503, {}),
    "bad-key": (401, {"code": "invalid_api_key"}),
    "no-model": (404, {"code": "model_not_found"}),
    "never-pleased": (400, {}),
    "filtered": (400, {"code": "content_filter"}),
    "too-long": (400, {"message": "The model's maximum context length is 4096 tokens."}),
}
"""What is refused, by mode. The body quotes the request, as some servers do."""
RAW: Mapping[str, tuple[bytes, str]] = {
    "html": (b"<html>Please log in</html>", "text/html"),
    "cut-body": (b'{"id": "chatcmpl-1", "choices": [{"ind', "application/json"),
    "not-text": (b"\xff\xfe\x00\x9f", "application/json"),
}


class FakeOpenAI:
    """The server, while `serving()` is entered. It counts requests by mode and keeps their bodies and headers.

    Attributes:
        reply: what the model writes in the mode `says`.
        refuses: names of arguments that are refused with a 422 in every mode; `json_schema` with a 400.
        answers: lets the mode `waits` answer; `busy` says that such a request is there.
    """

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.reply = reply()
        self.refuses: set[str] = set()
        self.retry_after = "0.01"
        self.answers, self.busy = asyncio.Event(), asyncio.Event()
        self.at_once = self.most_at_once = 0
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
        mode, body = request.match_info["mode"], await request.json()
        self.hits[mode] += 1
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._answer(mode, body, request)
        finally:
            self.at_once -= 1

    async def _answer(self, mode: str, body: dict[str, Any], request: web.Request) -> web.StreamResponse:
        for name in self.refuses & body.keys():
            return web.json_response({"message": {"detail": [{"loc": ["body", name], "msg": "extra"}]}}, status=422)
        if body.get("response_format", {}).get("type") in self.refuses:
            return web.json_response({"error": {"message": "This response_format type is unavailable now"}}, status=400)
        if mode in STATUS:
            status, error = STATUS[mode]
            told = {"message": f"cannot do this: {body['messages']}", "param": None, "code": None, **error}
            wait = {"retry-after": self.retry_after} if status in {429, 503} else {}
            return web.json_response({"error": told}, status=status, headers=wait)
        if mode in RAW:
            return web.Response(body=RAW[mode][0], content_type=RAW[mode][1])
        return await self._behave(mode, request)

    async def _behave(self, mode: str, request: web.Request) -> web.StreamResponse:
        match mode:
            case "hangs":
                await asyncio.sleep(30)
            case "drips":
                answer = web.StreamResponse(headers={"content-type": "application/json"})
                await answer.prepare(request)
                for byte in json.dumps(completion(self.reply)).encode():
                    await answer.write(bytes([byte]))
                    await asyncio.sleep(0.05)
            case "resets" | "resets-in-the-body":
                if mode == "resets-in-the-body":
                    answer = web.StreamResponse(headers={"content-type": "application/json", "content-length": "5000"})
                    await answer.prepare(request)
                    await answer.write(b'{"id": "chat')
                    await asyncio.sleep(0.02)
                assert request.transport is not None
                request.transport.abort()
            case "redirects":
                raise web.HTTPTemporaryRedirect(f"{self.base_url('says')}/chat/completions")
            case "waits":
                self.busy.set()
                await self.answers.wait()
            case _:
                pass
        ollama = {"system_fingerprint": "fp_ollama"} if mode == "local" else {}
        return web.json_response({**SAID.get(mode, completion(self.reply)), **ollama})
