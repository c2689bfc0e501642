"""What the page adds to simcord's own preview: seen as a browser sees it, through its server."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import pytest

from bot.config import LlmConfig
from bot.demo.classroom import open_course
from bot.demo.course import TERM_START, Course, at, new_course
from bot.demo.simulator import MemberActor, PaneStage
from tests.critique.fake_openai import FakeOpenAI

LONG = 60
"""Seconds after which a page on a busy machine counts as stuck."""


@dataclass
class Pane:
    """The course channel as one person's browser has it."""

    url: str
    viewer: MemberActor
    context: str = ""

    async def ask(self, path: str, body: object = None) -> bytes:
        pane, _, capability = self.url.partition("#")
        headers = {"X-Simcord-Capability": capability, "X-Simcord-Context": self.context}
        data = None if body is None else json.dumps(body).encode()
        request = Request(pane + path, data, headers | {"Content-Type": "application/json"})  # noqa: S310 - our own page

        def answer() -> bytes:
            with urlopen(request, timeout=LONG) as found:  # noqa: S310 - our own page
                return found.read()

        return await asyncio.to_thread(answer)

    async def open(self) -> dict[str, Any]:
        """Return everything that is shown."""
        page = json.loads(await self.ask("api/pages", {"viewer_id": str(self.viewer.id)}))
        self.context = page["context"]["id"]
        return page


async def nothing() -> None:
    """What follows from an action, when nothing does."""


@asynccontextmanager
async def opened() -> AsyncGenerator[tuple[Course, MemberActor, PaneStage]]:
    """Open a course with somebody in its server, and a stage to look at it."""
    async with new_course(at(TERM_START, 9)) as course:
        await open_course(course, course.add_person("Nora Ellis", course.instructors))
        async with PaneStage(course.env, course.channel, nothing) as stage:
            yield course, course.add_person("Amara Osei"), stage


async def test_the_picture_reaches_the_page_with_its_words() -> None:
    async with opened() as (course, amara, stage):
        joining = (await amara.slash(course.channel, "start")).response
        assert joining
        await amara.click(joining, label="Join the course")
        overview = (await amara.slash(course.channel, "me")).response
        assert overview
        await amara.click(overview, label="Picture")
        pane = Pane(await stage.course_url(amara), amara)

        page = await pane.open()
        newest = page["messages"][page["timeline"][-1]]
        (shown,) = newest["components"][0]["components"][0]["items"]
        picture = await pane.ask(f"api/assets/{shown['media']['asset_id']}")

    assert newest["ephemeral"]
    assert shown["description"].startswith("Digital careers, autumn: week 1 of 12.")
    assert shown["description"].endswith("Only you can see this.")
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("> quoted\nnot quoted", ["blockquote", "paragraph"]),
        ("> one\n> two\n-# small", ["blockquote", "paragraph"]),
        ("before\n> quoted", ["paragraph", "blockquote"]),
        (">>> quoted\nquoted too", ["blockquote"]),
    ],
)
async def test_a_quote_ends_with_its_line(text: str, kinds: list[str]) -> None:
    async with opened() as (course, amara, stage):
        await amara.send(course.channel, text)
        page = await Pane(await stage.course_url(amara), amara).open()

    newest = page["messages"][page["timeline"][-1]]
    assert [token["type"] for token in newest["content_tokens"]] == kinds


BIO = "Nursing student in community health. I ran a workshop on hand washing."


@asynccontextmanager
async def reviewed(mode: str) -> AsyncGenerator[tuple[FakeOpenAI, Course, MemberActor]]:
    """Open a course with an AI reviewer that behaves so and is switched on, and somebody who has joined."""
    async with FakeOpenAI().serving() as server:
        llm = LlmConfig("m", None, server.base_url(mode), deadline_seconds=1)
        async with new_course(at(TERM_START, 9), llm) as course:
            teacher = course.add_person("Nora Ellis", course.instructors)
            await open_course(course, teacher)
            status = (await teacher.slash(course.channel, "cohort status")).response
            assert status
            await teacher.click(status, label="Switch AI notes on")
            amara = course.add_person("Amara Osei")
            joining = (await amara.slash(course.channel, "start")).response
            assert joining
            await amara.click(joining, label="Join the course")
            yield server, course, amara


@pytest.mark.parametrize(("mode", "says"), [("says", "AI notes"), ("hangs", "did not answer")])
async def test_a_reviewer_that_is_set_up_is_asked_and_one_that_hangs_is_given_up(mode: str, says: str) -> None:
    async with reviewed(mode) as (server, course, amara):
        notice = (await amara.slash(course.channel, "bio check", place="bluesky")).response
        assert notice
        form = await amara.click(notice, label="With AI notes")
        await amara.submit_modal(form, {"text": BIO, "ai": "words"})
        shown = json.dumps([one.components for one in course.env.backend.messages[course.channel.id].values()])
    assert server.hits[mode] == 1
    assert says in shown
