import json
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.request import Request, urlopen

import pytest
from aiohttp import web

from bot.demo.page import serve

LONG = 60
"""Seconds after which a demo on a busy machine counts as stuck."""

Demo: TypeAlias = subprocess.Popen[str]
Start: TypeAlias = Callable[..., Demo]


def ask(url: str, body: bytes | None = None, **headers: str) -> bytes:
    """Send a request to the page; a body makes it a POST."""
    request = Request(url, data=body, headers=headers)  # noqa: S310 - our own page
    with urlopen(request, timeout=LONG) as answer:  # noqa: S310 - our own page
        return answer.read()


def lines_of(process: Demo, count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline() for _ in range(count)]


def stopped(process: Demo, sign: signal.Signals) -> tuple[int, str]:
    """Send a signal; what the process exits with, and what it still says on standard error."""
    process.send_signal(sign)
    _, err = process.communicate(timeout=LONG)
    return process.returncode, err


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


@dataclass(frozen=True)
class Page:
    """A page that is being served."""

    process: Demo
    url: str
    folder: Path

    def state(self, viewer: str = "") -> dict[str, Any]:
        return json.loads(ask(f"{self.url}/api/state?as={viewer}"))

    def viewer(self, role: str) -> str:
        return next(one["id"] for one in self.state()["viewers"] if one["role"] == role)

    def messages(self, viewer: str) -> str:
        """What the viewer's direct messages say, all of it as one text."""
        pane, _, capability = self.state(viewer)["direct"].partition("#")
        body = json.dumps({"viewer_id": viewer}).encode()
        headers = {"X-Simcord-Capability": capability, "Content-Type": "application/json"}
        return ask(f"{pane}api/pages", body, **headers).decode()


@pytest.fixture(scope="module")
def page(start_demo: Start, tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("page")
    process = start_demo(folder, "--port", "0")
    _, line = lines_of(process, 2)
    assert line.startswith("PLN Coach demo: http://127.0.0.1:")
    return Page(process, line.split()[3], folder)


def test_page_says_what_to_try(page: Page) -> None:
    html = ask(page.url).decode()

    assert "Advance one week" in html
    for command in ("/network list", "/cohort checkin", "/cohort digest", "/privacy seen", "/cohort close"):
        assert f"<code>{command}</code>" in html


def test_page_opens_five_weeks_into_term(page: Page) -> None:
    state = page.state()

    assert state["date"] == "2026-10-20"
    assert [one["role"] for one in state["viewers"]][-2:] == ["newcomer", "instructor"]
    assert "2026-10-19T" in page.messages(state["viewer"])


def test_newcomer_has_no_direct_messages(page: Page) -> None:
    state = page.state(page.viewer("newcomer"))

    assert state["direct"] is None
    assert "once this person has joined" in state["silence"]


def test_week_brings_the_next_note_at_its_own_time(page: Page) -> None:
    member = page.viewer("member")
    assert "2026-10-26T16:0" not in page.messages(member)

    assert json.loads(ask(f"{page.url}/api/advance", b"")) == {"date": "2026-10-27"}

    assert page.state()["date"] == "2026-10-27"
    assert "2026-10-26T16:0" in page.messages(member)


def test_pane_opens_however_often_viewers_change(page: Page) -> None:
    member = page.viewer("member")
    seen = {page.messages(member).count("2026-10-19T") for _ in range(20)}
    assert len(seen) == 1


def test_another_site_may_not_press_the_button(page: Page) -> None:
    with pytest.raises(OSError, match="403"):
        ask(f"{page.url}/api/advance", b"", Origin="https://example.org")


async def test_taken_port_gets_a_sentence_and_another_port() -> None:
    async with serve(web.Application(), 0) as (url, nothing), serve(web.Application(), port_of(url)) as (other, notice):
        assert nothing is None
        assert notice == f"Port {port_of(url)} is not free, so the demo uses port {port_of(other)} instead."


def test_sigterm_while_it_opens_leaves_nothing_behind(start_demo: Start, tmp_path: Path) -> None:
    process = start_demo(tmp_path)
    lines_of(process, 1)
    while not list(tmp_path.iterdir()):
        assert process.poll() is None

    assert stopped(process, signal.SIGTERM) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_stops_it_and_leaves_nothing_behind(page: Page) -> None:
    assert stopped(page.process, signal.SIGINT) == (0, "")
    assert list(page.folder.iterdir()) == []
