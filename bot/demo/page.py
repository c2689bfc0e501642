"""The demo's web page: the course channel beside one person's DM with the bot."""

import asyncio
import errno
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.demo.simulator import PaneStage, Viewer

_log = logging.getLogger(__name__)

HOST: Final = "127.0.0.1"
PAGE: Final = Path(__file__).with_name("page.html")
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        "connect-src 'self'; frame-src http://127.0.0.1:*; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
}
WEEK_FAILED: Final = (
    "Something went wrong while the week was running. Press the button to try again; the terminal shows the reason."
)
WEEK_RUNNING: Final = "The week is still running. Please wait a moment."
ACTION_FAILED: Final = (
    "That did not go through. Please try it again. If it happens twice, the terminal shows the reason."
)


@dataclass(slots=True)
class DemoPage:
    """What the page shows, and what its one button does."""

    stage: PaneStage
    viewers: Callable[[], Sequence[Viewer]]
    today: Callable[[], date]
    advance: Callable[[], Awaitable[date]]
    _week: asyncio.Lock = field(default_factory=asyncio.Lock)

    def application(self) -> web.Application:
        """Build the web application that serves this page."""
        app = web.Application(middlewares=[only_from_this_page])
        app.router.add_get("/", show_page)
        app.router.add_get("/api/state", self._show_state)
        app.router.add_post("/api/advance", self._advance_week)
        return app

    async def _show_state(self, request: web.Request) -> web.Response:
        people = self.viewers()
        wanted = request.query.get("as")
        viewer = next((one for one in people if str(one.actor.id) == wanted), people[0])
        week_runs = self._week.locked()
        state: dict[str, object] = {
            "date": self.today().isoformat(),
            "running": week_runs,
            "trouble": ACTION_FAILED if self.stage.unfinished else None,
            "viewer": str(viewer.actor.id),
            "silence": viewer.silence,
            "viewers": [{"id": str(one.actor.id), "name": one.name, "role": one.role} for one in people],
        }
        if not week_runs:
            state["course"] = await self.stage.course_url(viewer.actor)
            state["direct"] = await self.stage.direct_url(viewer.actor)
        return web.json_response(state)

    async def _advance_week(self, _request: web.Request) -> web.Response:
        if self._week.locked():
            return web.json_response({"error": WEEK_RUNNING}, status=409)
        async with self._week:
            try:
                async with self.stage.turn():
                    reached = await self.advance()
            except Exception:  # noqa: BLE001 - the edge: the page says so, the log says why
                _log.exception("The simulated week stopped early")
                return web.json_response({"error": WEEK_FAILED}, status=500)
        return web.json_response({"date": reached.isoformat()})


@web.middleware
async def only_from_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that another web site sends through the visitor's browser."""
    origin = request.headers.get("Origin")
    if request.host.rpartition(":")[0] not in {HOST, "localhost"}:
        raise web.HTTPForbidden
    if origin not in {None, f"http://{request.host}"}:
        raise web.HTTPForbidden
    response = await handler(request)
    response.headers.update(HEADERS)
    return response


async def show_page(_request: web.Request) -> web.Response:
    """Send the page itself."""
    text = await asyncio.to_thread(PAGE.read_text, encoding="utf-8")
    return web.Response(text=text, content_type="text/html")


@asynccontextmanager
async def serve(application: web.Application, port: int) -> AsyncGenerator[tuple[str, str | None]]:
    """Serve an application; yields its address and, if the port was taken, a sentence saying so."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        notice = None
        try:
            await web.TCPSite(runner, HOST, port).start()
        except (OSError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            await web.TCPSite(runner, HOST, 0).start()
            notice = f"Port {port} is not free, so the demo uses port {bound_port(runner)} instead."
        yield f"http://{HOST}:{bound_port(runner)}", notice
    finally:
        await runner.cleanup()


def bound_port(runner: web.AppRunner) -> int:
    """Return the port the page is served on."""
    address: tuple[str, int] = runner.addresses[0]
    return address[1]
