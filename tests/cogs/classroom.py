"""A course server to test in: the real bot, a real database file, people who see what Discord would show them."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord

from bot import app
from bot.coaching.goals import Obstacle
from bot.config import Config
from bot.demo.simulator import (
    ChannelHandle,
    Env,
    GuildHandle,
    InteractionResult,
    MemberActor,
    ResponseMessage,
    RoleHandle,
    UserHandle,
    close_direct_messages,
    direct_messages,
    open_direct_messages,
    remove_bot,
    take_bot_back,
)
from bot.services.delivery import DeliveryWorker
from prompts import Content
from storage.database import Database

NOON = datetime(2026, 9, 8, 10, 0, tzinfo=UTC)
"""When tests begin: a Tuesday in the first week of term, 12:00 in Berlin."""
COURSE: Mapping[str, str] = {
    "course_name": "Digital careers",
    "term_start": "2026-09-07",
    "term_end": "2026-12-18",
    "time_zone": "Europe/Berlin",
    "register": "no",
}
TEXT, BUTTON, SELECT, INPUT, LABEL, RADIO = 10, 2, 3, 4, 18, 21
EPHEMERAL = 64
FOCUS = {"fields": "nursing, teaching", "purpose": "hear of a first job", "connection": ["advice"]}
WISH = {"type": ["connect"], "title": "Talk with two nurses", "target": ["2"], "weeks": "6"}
PLAN = {"if_then": "If it is Monday, then I will ask one question.", "obstacle_plan": "", "box": ""}


class Clock:
    """Tells the time that a test has set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Menu:
    """A select: its custom id, what it offers by value, and what is chosen."""

    custom_id: str
    options: Mapping[str, str]
    chosen: Sequence[str]


@dataclass(frozen=True)
class Screen:
    """What somebody is shown: a message's texts, buttons and menus, or a form; `beside`: texts that came after it."""

    text: str = ""
    buttons: Sequence[tuple[str, str]] = ()
    menus: Sequence[Menu] = ()
    private: bool = False
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    message: ResponseMessage | discord.Message | None = None
    result: InteractionResult | None = None
    beside: Sequence[str] = ()

    @property
    def labels(self) -> list[str]:
        return [label for label, _ in self.buttons]

    def id_of(self, label: str, nth: int = 0) -> str:
        found = [made for shown, made in self.buttons if shown == label]
        assert len(found) > nth, f"there is no button {label!r} among {self.labels} under:\n{self.text}"
        return found[nth]


def parts(components: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every component of a message or modal, however deep it stands."""
    if isinstance(components, list):
        for one in components:  # pyright: ignore[reportUnknownVariableType]
            yield from parts(one)
    elif isinstance(components, Mapping):
        yield components  # pyright: ignore[reportUnknownVariableType]
        for inside in ("components", "accessory", "component"):
            yield from parts(components.get(inside))  # pyright: ignore[reportUnknownMemberType]


def _menu(made: Mapping[str, Any]) -> Menu:
    options: list[dict[str, Any]] = made["options"]
    return Menu(
        made["custom_id"],
        {one["value"]: one["label"] for one in options},
        [one["value"] for one in options if one.get("default")],
    )


def _message(message: ResponseMessage) -> Screen:
    found = list(parts(message.components))
    return Screen(
        text="\n".join([message.content, *(one["content"] for one in found if one["type"] == TEXT)]).strip(),
        buttons=[(one["label"], one["custom_id"]) for one in found if one["type"] == BUTTON],
        menus=[_menu(one) for one in found if one["type"] == SELECT],
        private=message.ephemeral,
        message=message,
    )


def _form(result: InteractionResult, modal: Mapping[str, Any]) -> Screen:
    found = list(parts(modal["components"]))
    typed = {one["custom_id"]: one.get("value") or "" for one in found if one["type"] == INPUT}
    chosen = {one["custom_id"]: ",".join(_menu(one).chosen) for one in found if one["type"] in {SELECT, RADIO}}
    labels = [one["label"] for one in found if one["type"] == LABEL]
    return Screen(text="\n".join([modal["title"], *labels]), form=typed | chosen, result=result)


def screen(result: InteractionResult) -> Screen:
    """Return what the person sees after an interaction: the answer or a form, and what came beside it."""
    assert result.acknowledged, "the bot did not answer"
    messages = [_message(one) for one in (result.response, *result.followups) if one is not None]
    if result.modal:
        return replace(_form(result, result.modal), beside=[one.text for one in messages])
    first, *rest = [one for one in messages if one.text]
    return replace(first, beside=[one.text for one in rest], result=result)


class Person:
    """Somebody in a server, or in the bot's direct messages, doing what Discord's client lets them do."""

    def __init__(self, room: "Classroom", member: MemberActor, channel: ChannelHandle, *, dm: bool = False) -> None:
        self._room = room
        self.member = member
        self._channel = channel
        self._dm = dm
        self._actor: MemberActor | UserHandle = member.user if dm else member

    @property
    def id(self) -> int:
        return self.member.id

    @property
    def in_dm(self) -> "Person":
        return Person(self._room, self.member, self._channel, dm=True)

    @property
    def inbox(self) -> list[Screen]:
        """Return the direct messages from the bot, oldest first."""
        return [_note(message) for message in direct_messages(self.member)]

    def close_dms(self) -> None:
        close_direct_messages(self._room.env, self.member)

    def open_dms(self) -> None:
        open_direct_messages(self._room.env, self.member)

    async def run(self, command: str, **options: Any) -> Screen:
        if isinstance(self._actor, UserHandle):
            return screen(await self._actor.slash(command, **options))
        return screen(await self._actor.slash(self._channel, command, **options))

    async def suggestions(self, command: str, option: str, typed: str) -> dict[str, str]:
        if isinstance(self._actor, UserHandle):
            offered = await self._actor.autocomplete(command, option, typed)
        else:
            offered = await self._actor.autocomplete(self._channel, command, option, typed)
        return {choice["value"]: choice["name"] for choice in offered}

    async def press(self, shown: Screen, label: str, nth: int = 0) -> Screen:
        assert shown.message is not None
        return screen(await self._actor.click(shown.message, custom_id=shown.id_of(label, nth)))

    async def pick(self, shown: Screen, value: str, menu: int = 0) -> Screen:
        assert shown.message is not None
        return screen(await self._actor.select(shown.message, [value], custom_id=shown.menus[menu].custom_id))

    async def send(self, shown: Screen, **values: Any) -> Screen:
        assert shown.result is not None
        filled = {name: value for name, value in shown.form.items() if value}
        return screen(await self._actor.submit_modal(shown.result, _as_chosen(shown, {**filled, **values})))

    async def join(self) -> Screen:
        return await self.press(await self.run("start"), "Join the course")

    async def join_again(self) -> Screen:
        """Press an older *Join the course*, as somebody does who scrolls up."""
        forged = await self._room.crafted(f"pln1:start.join:{self.id}:Europe/Berlin")
        return await self.press(forged, "Press")

    async def set_focus(self) -> Screen:
        return await self.send(await self.run("focus"), **FOCUS)

    async def set_goal(self, **changes: Any) -> Screen:
        """Have the whole conversation from scratch, and confirm."""
        form = await self.press(await self.run("goal new"), "From scratch")
        asked = await self.send(form, **{**WISH, **{name: changes[name] for name in changes if name in WISH}})
        words = self._room.content.vocabulary.obstacles[Obstacle.TIME].label
        form = await self.press(asked, words)
        plan = {**PLAN, **{name: changes[name] for name in changes if name not in WISH}}
        return await self.press(await self.send(form, **plan), "Confirm")


def _as_chosen(shown: Screen, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form is sent with, as Discord's client does: one choice, a list of them, or a text."""
    assert shown.result is not None
    modal = shown.result.modal
    assert modal is not None
    types = {one["custom_id"]: one["type"] for one in parts(modal["components"]) if "custom_id" in one}

    def sent(name: str, value: Any) -> Any:
        if types.get(name) == RADIO and isinstance(value, list):
            return next(iter(value), None)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if types.get(name) == SELECT and isinstance(value, str):
            return [one for one in value.split(",") if one]
        return value

    return {name: sent(name, value) for name, value in values.items()}


def _note(message: discord.Message) -> Screen:
    rows = [row.to_dict() for row in message.components]
    found = list(parts(rows))
    buttons = [(one["label"], one["custom_id"]) for one in found if one["type"] == BUTTON]
    return Screen(text=message.content, buttons=buttons, message=message)


class Classroom:
    """A server with a manager, an instructor role and as many members as a test asks for."""

    def __init__(self, env: Env, running: app.App, clock: Clock, content: Content, config: Config) -> None:
        self.env = env
        self.app = running
        self.clock = clock
        self.content = content
        self.config = config
        self.guild = env.create_guild("University")
        self.channel = self.guild.create_text_channel("course")
        self.instructor_role: RoleHandle = self.guild.create_role("Instructors")
        self.manager = self.person("grace", discord.Permissions(manage_guild=True))
        self.instructor = self.person("ines", roles=[self.instructor_role])

    @property
    def database(self) -> Database:
        return self.app.database

    @property
    def rounds(self) -> DeliveryWorker:
        return self.app.delivery

    def stored(self) -> list[str]:
        """Return everything in the database, to see that nothing was changed."""
        with closing(sqlite3.connect(self.config.database_url.removeprefix("sqlite:///"))) as connection:
            return list(connection.iterdump())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what a SELECT finds in the database."""
        with closing(sqlite3.connect(self.config.database_url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        """Change the database as nothing in the product does, or not yet."""
        with closing(sqlite3.connect(self.config.database_url.removeprefix("sqlite:///"))) as connection:
            connection.execute(statement)
            connection.commit()

    def person(
        self, name: str, permissions: discord.Permissions | None = None, roles: Sequence[RoleHandle] = ()
    ) -> Person:
        return newcomer(self, self.guild, self.channel, name, permissions, roles)

    async def open_course(self, **options: Any) -> Screen:
        return await self.manager.run("cohort setup", **{**COURSE, **options}, instructor_role=self.instructor_role)

    async def member(self, name: str = "ann", *, focus: bool = False, goal: bool = False) -> Person:
        """Return somebody who has joined, in the open course."""
        person = self.person(name)
        await person.join()
        if focus:
            await person.set_focus()
        if goal:
            await person.set_goal()
        return person

    def last_post(self) -> Screen:
        """Return the newest message of the course's channel."""
        return _note(self.channel.history()[-1])

    async def until(self, moment: datetime) -> None:
        """Let the time be `moment`, and run a round."""
        assert moment >= self.clock.now
        self.clock.now = moment
        await self.rounds.round()

    async def later(self, **passed: float) -> None:
        """Let time pass, and run a round at its end."""
        await self.until(self.clock.now + timedelta(**passed))

    async def weekly_note(self, person: Person) -> Screen:
        """Let the coming Monday's note go out, and return it."""
        await self.rounds.round()
        ahead = timedelta(days=7 - self.clock.now.weekday())
        await self.until((self.clock.now + ahead).replace(hour=14, minute=0))
        note = person.inbox[-1]
        assert "Hi " not in note.text
        return note

    def offer_everywhere(self, command: str) -> None:
        """Let clients show a command in direct messages too, as one with an old list of commands does."""
        listed = self.env.backend.find_command(command, None)
        assert listed is not None
        listed["contexts"] = [0, 1]
        listed.pop("dm_permission", None)

    async def remove_bot(self) -> None:
        """Let the bot be removed from the server."""
        remove_bot(self.env, self.guild)
        await self.env.settle()

    async def take_bot_back(self) -> None:
        take_bot_back(self.env, self.guild)
        await self.env.settle()

    async def restart(self) -> None:
        """Stop the bot and start a new one on the same database."""
        self.app = app.build(self.config, self.database, self.content, self.clock)
        await self.env.restart_bot(self.app.bot)

    async def crafted(self, custom_id: str, options: Sequence[str] = ()) -> Screen:
        """Let the bot post a component that leads wherever a test says: what an old or a forged card would send."""
        view = discord.ui.View(timeout=None)
        if options:
            offered = [discord.SelectOption(label=value, value=value) for value in options]
            view.add_item(discord.ui.Select[Any](custom_id=custom_id, options=offered))
        else:
            view.add_item(discord.ui.Button[Any](label="Press", custom_id=custom_id))
        view.stop()
        await self.app.bot.get_partial_messageable(self.channel.id).send(view=view)
        message = self.channel.last_message
        assert message is not None
        found = list(parts([row.to_dict() for row in message.components]))
        return Screen(
            buttons=[(one["label"], one["custom_id"]) for one in found if one["type"] == BUTTON],
            menus=[_menu(one) for one in found if one["type"] == SELECT],
            message=message,
        )


def newcomer(
    room: Classroom,
    guild: GuildHandle,
    channel: ChannelHandle,
    name: str,
    permissions: discord.Permissions | None = None,
    roles: Sequence[RoleHandle] = (),
) -> Person:
    """Add a person to a server."""
    own = [*roles]
    if permissions is not None:
        own.append(guild.create_role(f"Role of {name}", permissions=permissions))
    return Person(room, guild.add_member(room.env.create_user(name), roles=own), channel)
