"""An interaction without Discord: what is answered is looked at, and a test says how Discord takes it."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import discord

from bot.coaching.cohort import Caller
from tests.cogs.limits import form_breaches, view_breaches


class FakeInteraction:
    """Takes one first answer as Discord does; `slow` lets it wait for `release`, `error` is what every answer meets."""

    def __init__(
        self,
        kind: discord.InteractionType = discord.InteractionType.component,
        *,
        caller: Caller | None = None,
        slow: bool = False,
        error: Exception | None = None,
    ) -> None:
        self.type = kind
        self.sent: list[str] = []
        self.requested, self.acknowledged, self.release = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.extras: dict[str, Any] = {"caller": caller}
        self.data: dict[str, Any] = {}
        self.message = self.guild = self.command = self.client = None
        self.user = SimpleNamespace(id=10, mention="<@10>", display_name="Ann", bot=False)
        self.response, self.followup = self, SimpleNamespace(send=self._follow_up)
        self._slow, self._error = slow, error

    @property
    def real(self) -> discord.Interaction:
        return cast("discord.Interaction", self)

    def is_done(self) -> bool:
        return self.acknowledged.is_set()

    async def send_message(self, **sent: Any) -> None:
        await self._first("message", sent.get("view"))

    async def edit_message(self, **sent: Any) -> None:
        await self._first("edit", sent.get("view"))

    async def defer(self, **_: Any) -> None:
        await self._first("defer", None)

    async def send_modal(self, modal: discord.ui.Modal) -> None:
        assert self.type is not discord.InteractionType.modal_submit, "a modal in answer to a modal"
        assert form_breaches(modal.to_dict()) == []
        await self._first("modal", None)

    async def edit_original_response(self, view: discord.ui.LayoutView) -> None:
        assert view_breaches(view) == []

    async def _follow_up(self, **sent: Any) -> None:
        assert self.is_done()
        await self._take("follow-up", sent.get("view"))

    async def _first(self, what: str, view: discord.ui.LayoutView | None) -> None:
        self.requested.set()
        if self._slow:
            await self.release.wait()
        assert not self.is_done(), f"{what} after {self.sent}"
        await self._take(what, view)
        self.acknowledged.set()

    async def _take(self, what: str, view: discord.ui.LayoutView | None) -> None:
        if self._error:
            raise self._error
        assert view is None or view_breaches(view) == []
        self.sent.append(what)
