"""What the story is told with: people act through real interactions, and what they see is printed as plain text."""

import logging
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import discord

from bot.demo.course import TERM_START, ZONE, Course, at
from bot.demo.plain_text import NO_BREAK, form_lines, given_values, message_lines, wrapped
from bot.demo.simulator import (
    ChannelHandle,
    InteractionResult,
    MemberActor,
    ResponseMessage,
    RoleHandle,
    UserHandle,
    direct_messages,
)

WIDTH: Final = 80
APOLOGIES: Final = ("went wrong on my side", "cannot reach my notes")
"""What only the cards for our own mistakes say."""


class StoryBroken(Exception):
    """Something in the story went wrong; the message says what."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message in front of somebody: what to press it with, and how it reads."""

    message: ResponseMessage | discord.Message
    lines: list[str]

    @property
    def text(self) -> str:
        """Return the message as one line, to look for words in."""
        return " ".join(self.lines).replace(NO_BREAK, " ")


class Telling:
    """Lets people act and prints what they see; raises StoryBroken when they see anything unexpected."""

    def __init__(self, course: Course, trouble: list[logging.LogRecord]) -> None:
        self._course = course
        self._trouble = trouble
        self._names = {course.instructors.mention: "@Instructor"}
        self._acts = 0
        self._quiet = False

    # What people do

    def _person(self, name: str, *roles: RoleHandle) -> MemberActor:
        actor = self._course.add_person(name, *roles)
        self._names[actor.mention] = f"@{name}"
        return actor

    async def _wait_until(self, day: int, hour: int, minute: int = 0) -> None:
        """Let time pass until a moment of a day of the term, counted from 0."""
        await self._course.run_until(at(TERM_START + timedelta(days=day), hour, minute))
        self._check_log()

    async def _run(
        self, actor: MemberActor, channel: ChannelHandle | None, command: str, expected: str, /, **options: Any
    ) -> Seen:
        """Let somebody run a command, in the bot's DM when there is no channel, and show them the answer."""
        given = " ".join(f"{name}:{getattr(value, 'name', value)}" for name, value in options.items())
        self._does(actor, f"runs /{command} {given}".rstrip() + ("" if channel else " in the direct messages"))
        self._acts += 1
        if channel is None:
            result: InteractionResult = await actor.user.slash(command, **options)
        else:
            result = await actor.slash(channel, command, **options)
        return self._shows(result, expected)

    async def _run_form(
        self, actor: MemberActor, command: str, options: Mapping[str, str], expected: str, **values: str
    ) -> Seen:
        """Let somebody run a command that opens a form, fill it in, and show them the answer."""
        given = " ".join(f"{name}:{value}" for name, value in options.items())
        self._does(actor, f"runs /{command} {given}".rstrip())
        self._acts += 1
        opened = await actor.slash(self._course.channel, command, **options)
        return await self._send(actor, actor, opened, expected, values)

    async def _press(self, actor: MemberActor, seen: Seen, label: str, expected: str, *, brief: bool = False) -> Seen:
        self._does(actor, f"presses [{label}]")
        return self._shows(await self._click(actor, seen, label), expected, brief=brief)

    async def _fill(
        self, actor: MemberActor, seen: Seen, label: str, expected: str, *, brief: bool = False, **values: str
    ) -> Seen:
        """Let somebody press a button that opens a form, fill it in, and show them the answer."""
        self._does(actor, f"presses [{label}]")
        opened = await self._click(actor, seen, label)
        return await self._send(actor, self._person_at(actor, seen), opened, expected, values, brief=brief)

    async def _click(self, actor: MemberActor, seen: Seen, label: str) -> InteractionResult:
        buttons = [custom_id for custom_id, shown in _controls(seen.message) if shown.startswith(label)]
        if not buttons:
            raise StoryBroken(f"there is no button [{label}] on: {seen.text}")
        self._acts += 1
        return await self._person_at(actor, seen).click(seen.message, custom_id=buttons[0])

    async def _choose(
        self, actor: MemberActor, seen: Seen, value: str, label: str, expected: str, *, of: str = ""
    ) -> Seen:
        """Let somebody choose in the only select of a card, or in the one that has `of` in its custom id."""
        self._does(actor, f"chooses «{label}»")
        self._acts += 1
        menus = [custom_id for custom_id, _ in _controls(seen.message) if of and of in custom_id]
        chosen = await self._person_at(actor, seen).select(seen.message, [value], custom_id=next(iter(menus), None))
        return self._shows(chosen, expected)

    async def _send(
        self,
        actor: MemberActor,
        person: MemberActor | UserHandle,
        opened: InteractionResult,
        expected: str,
        values: Mapping[str, str],
        *,
        brief: bool = False,
    ) -> Seen:
        if opened.modal is None:
            raise StoryBroken(f"no form opened: {opened!r}")
        self._does(actor, "fills in the form and sends it")
        self._show(form_lines(opened.modal, values), "┊")
        self._does(actor, "sees")
        self._acts += 1
        return self._shows(await person.submit_modal(opened, given_values(opened.modal, values)), expected, brief=brief)

    def _person_at(self, actor: MemberActor, seen: Seen) -> MemberActor | UserHandle:
        """Return the person as Discord knows them where a message is: outside the server in direct messages."""
        message = seen.message
        channel_id = message.channel_id if isinstance(message, ResponseMessage) else message.channel.id
        return actor.user if channel_id == actor.user.dm_channel.id else actor

    # What they see

    def _shows(self, result: InteractionResult, expected: str, *, brief: bool = False) -> Seen:
        """Show every message of an answer; returns the one that has the expected words."""
        messages = [message for message in (result.response, *result.followups) if message is not None]
        if not messages:
            raise StoryBroken(f"no answer came where “{expected}” was expected")
        answer = next((one for one in messages if expected in self._seen(one).text), messages[-1])
        shown = [self._checked(one, expected if one is answer else "", brief=brief) for one in messages]
        return shown[messages.index(answer)]

    def _message_arrives(self, actor: MemberActor, expected: str) -> Seen:
        messages = direct_messages(actor)
        if not messages:
            raise StoryBroken(f"no direct message came where “{expected}” was expected")
        self._does(actor, f"gets a direct message ({messages[-1].created_at.astimezone(ZoneInfo(ZONE)):%A, %H:%M})")
        return self._checked(messages[-1], expected)

    def _post_appears(self, actor: MemberActor, expected: str) -> Seen:
        """Show the newest message of the course's channel to somebody."""
        self._does(actor, "reads in the course's channel")
        return self._checked(self._course.channel.history(viewer=actor)[-1], expected)

    def _checked(self, message: ResponseMessage | discord.Message, expected: str, *, brief: bool = False) -> Seen:
        """Show a message, or (`brief`) what is new on a card shown before, and see that it is the right one."""
        seen = self._seen(message)
        new = [line for line in seen.lines if expected in line]
        self._show(["…", *new, "…"] if brief and new else seen.lines, "│")
        self._check_log()
        if any(apology in seen.text for apology in APOLOGIES):
            raise StoryBroken(f"the bot apologised: {seen.text}")
        if expected not in seen.text:
            raise StoryBroken(f"“{expected}” was expected here, but this is: {seen.text}")
        return seen

    def _seen(self, message: ResponseMessage | discord.Message) -> Seen:
        return Seen(message, message_lines(message.content, _components(message), self._names))

    def _check_log(self) -> None:
        if self._trouble:
            record = self._trouble[0]
            raise StoryBroken(f"the bot logged an error: {logging.Formatter().format(record)}")

    # The telling

    async def _scene(self, title: str, *moment: int) -> None:
        """Begin a scene, perhaps after waiting until a day of the term, hour and minute."""
        if moment:
            await self._wait_until(*moment)
        now = self._course.clock().astimezone(ZoneInfo(ZONE))
        head = f"{now.day} {now:%B, %H:%M}"
        print(f"\n── {title} {'─' * (WIDTH - 6 - len(title) - len(head))} {head}", flush=True)

    def _say(self, text: str) -> None:
        print("\n" + textwrap.fill(text, WIDTH), flush=True)

    def _does(self, actor: MemberActor, act: str) -> None:
        if not self._quiet:
            first = (actor.user.global_name or actor.name).split()[0]
            print("\n" + textwrap.fill(f"{first} {act}", WIDTH, subsequent_indent="  "), flush=True)

    def _show(self, paragraphs: list[str], edge: str) -> None:
        if not self._quiet:
            for line in [line for paragraph in paragraphs for line in wrapped(paragraph, WIDTH - 6)]:
                print(f"    {edge} {line}", flush=True)


def _components(message: ResponseMessage | discord.Message) -> list[Mapping[str, Any]]:
    if isinstance(message, ResponseMessage):
        return list(message.components)
    return [component.to_dict() for component in message.components]


def _controls(message: ResponseMessage | discord.Message) -> Iterator[tuple[str, str]]:
    """Yield the custom id and label of every button and select, in the order in which they are shown."""
    waiting = _components(message)
    while waiting:
        component = waiting.pop(0)
        if "custom_id" in component:
            yield str(component["custom_id"]), str(component.get("label") or "")
        waiting[:0] = [*component.get("components", ()), *filter(None, [component.get("accessory")])]
