"""Who may: every command and every component of the staff's side, for everybody who could try it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import discord
import pytest
from discord import app_commands

from bot.coaching.cohort import Audience, Caller
from bot.coaching.errors import (
    InstructorOnly,
    InstructorRoleMissing,
    ManagerOnly,
    NoCourse,
    NotYourCard,
    Refusal,
    ServerOnly,
)
from bot.coaching.ids import GuildId, UserId
from cogs.routes import AGAIN, Click
from tests.cogs.classroom import NOON, Classroom, Person, Screen, newcomer

STAFF = {Audience.INSTRUCTOR, Audience.MANAGER, Audience.STAFF}
REFUSED: Mapping[Audience, Mapping[str, type[Refusal] | None]] = {
    Audience.INSTRUCTOR: {
        "anyone": InstructorOnly,
        "member": InstructorOnly,
        "instructor of another course": InstructorOnly,
        "manager without the role": InstructorRoleMissing,
        "instructor": None,
    },
    Audience.STAFF: {
        "anyone": InstructorOnly,
        "member": InstructorOnly,
        "instructor of another course": InstructorOnly,
        "manager without the role": None,
        "instructor": None,
    },
    Audience.MANAGER: {
        "anyone": ManagerOnly,
        "member": ManagerOnly,
        "instructor of another course": ManagerOnly,
        "manager without the role": None,
        "instructor": ManagerOnly,
    },
}
"""What each of them gets, by whom a thing is for; None: it works."""
OPTIONS: Mapping[str, Sequence[str]] = {"cohort member": ("member",)}
"""The options without which a staff command does not run, each an account."""
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "cohort.break_remove": ("2026-10-05",),
    "cohort.close": ("1",),
    "cohort.greeted": ("1", "1"),
    "cohort.hello": ("1", "0", "1", "0"),
    "cohort.register_filter": ("all", "0", "0", "-"),
    "cohort.register_hide": ("all", "0", "0", "-"),
    "cohort.register_open": ("all", "0", "0", "-"),
    "cohort.register_page": ("all", "0", "0", "-"),
    "cohort.register_section": ("all", "0", "0", "-"),
    "cohort.register_switch": ("on",),
    "cohort.reviewer": ("on",),
    "cohort.setup_reviewer": ("on",),
    "course_plan.add_save": ("2026-10-19",),
    "course_plan.counts_save": ("setup",),
    "course_plan.counts": ("plan",),
    "course_plan.edit": ("1",),
    "course_plan.item": ("1",),
    "course_plan.items": ("1",),
    "course_plan.move": ("1", "later"),
    "course_plan.no_counts": ("setup",),
    "course_plan.open": ("1",),
    "course_plan.week_save": ("1",),
    "course_plan.section": ("1",),
    "course_plan.show": ("0",),
    "course_plan.switch": ("1", "off"),
    "announcements.skip": ("1", "on"),
    "announcements.switch": ("off",),
    "gradebook.make": ("1", "6", "2026-10-05", "1"),
    "gradebook.page": ("1", "6", "2026-10-05", "1", "0"),
    "handins.hide": ("1",),
    "handins.week": ("-",),
    "messages.preview": ("checkin", "0"),
    "messages.send": ("checkin", "0", "1", "00000000"),
    "messages.write": ("checkin", "0"),
    "portfolio.read": ("1",),
}
"""What a card of the bot puts into a custom id, for the components that need it."""
CHOICES: Mapping[str, str] = {
    "cohort.day": "3",
    "cohort.hour": "9",
    "cohort.register_filter": "week",
    "cohort.register_open": "1",
    "cohort.register_section": "0",
    "cohort.track": "health",
    "course_plan.fill": "2026-12-07",
    "course_plan.item": "see.intent",
    "course_plan.section": "see",
    "course_plan.week": "1",
    "handins.week": "1",
    "cohort.retention": "90",
    "cohort.sections": "901",
}
"""What somebody picks, for the components that are menus."""
FIELDS = {
    "theme": "Wards",
    "step": "Ask one nurse",
    "due": "friday",
    "counts": "tick",
    "another": "",
    "otherwise": "On paper.",
    "size": "20",
    "contact": "Room 2.14",
    "text": "See you on Friday.",
    "first": "1",
    "last": "1",
}
"""What somebody types, for the components that are forms."""


def arguments(name: str) -> tuple[str, ...]:
    """Return what follows a route in its custom ids; a form opens again from its own."""
    return ARGUMENTS.get(name.removeprefix(AGAIN), ())


FROM_A_CARD = {
    "announcements.now",
    "announcements.skip",
    "gradebook.preview",
    "messages.preview",
    "messages.send",
}
"""Like every form: sent from the card that opens it, so it is tried with that card."""


@dataclass(frozen=True)
class Everybody:
    """All who could try something, as people and as the bot is told of them."""

    people: Mapping[str, Person]
    roles: Mapping[str, int]
    room: Classroom

    def caller(self, name: str, audience: Audience) -> Caller:
        """Return how Discord vouches for one of them in the course's server."""
        manages = name == "manager without the role"
        roles = frozenset({self.roles[name]}) if name in self.roles else frozenset[int]()
        return Caller(UserId(self.people[name].id), audience, GuildId(self.room.guild.id), roles, manages, None)


@pytest.fixture
async def everybody(server: Classroom) -> Everybody:
    """A course with a register, one in another server, and everybody who could try something in the first one."""
    course = server
    await course.open_course(register="yes")
    other_guild = course.env.create_guild("Elsewhere")
    channel = other_guild.create_text_channel("course")
    role = other_guild.create_role("Instructors elsewhere")
    head = newcomer(course, other_guild, channel, "olga", discord.Permissions(manage_guild=True))
    dates = {
        "term_start": "2026-09-07",
        "term_end": "2026-12-18",
        "time_zone": "Europe/Berlin",
        "register": "yes",
    }
    await head.run("cohort setup", course_name="Elsewhere", **dates, instructor_role=role)
    omar = newcomer(course, other_guild, channel, "omar", roles=[role])
    assert "There is no open course" not in (await omar.run("cohort overview")).text
    visiting = Person(course, course.guild.add_member(omar.member.user), course.channel)
    people = {
        "anyone": course.person("cem"),
        "member": await course.member("ann", focus=True, goal=True),
        "instructor of another course": visiting,
        "manager without the role": course.manager,
        "instructor": course.instructor,
    }
    roles = {"instructor": course.instructor_role.id, "instructor of another course": role.id}
    return Everybody(people, roles, course)


def commands(room: Classroom) -> dict[str, Audience]:
    """Return the commands that are for staff, and whom each is for."""
    found = {
        command.qualified_name: command.extras["audience"]
        for command in room.app.bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
    }
    return {name: audience for name, audience in found.items() if audience in STAFF}


def sentence(made: type[Refusal], room: Classroom) -> str:
    if made is InstructorRoleMissing:
        return str(InstructorRoleMissing(room.instructor_role.id))
    return str(made())


POLICY = (InstructorOnly, InstructorRoleMissing, ManagerOnly, NoCourse, ServerOnly, NotYourCard)


def is_refused(shown: Screen, room: Classroom) -> bool:
    return shown.text in {sentence(made, room) for made in POLICY}


async def test_staff_commands_answer_whom_they_are_for_and_nobody_else(everybody: Everybody) -> None:
    room = everybody.room
    tried = commands(room)
    assert tried
    for name, audience in tried.items():
        options: dict[str, Any] = dict.fromkeys(OPTIONS.get(name, ()), everybody.people["member"].member)
        if name == "cohort gradebook":
            options["file"] = ("grades.csv", b"Student,ID,SIS Login ID,Section\n")
        for who, refusal in REFUSED[audience].items():
            before = room.stored() if refusal else None
            shown = await everybody.people[who].run(name, **options)
            if refusal is None:
                assert not is_refused(shown, room), (name, who)
                assert "reference" not in shown.text, (name, who, shown.text)
            else:
                assert shown.text == sentence(refusal, room), (name, who)
                assert shown.private, (name, who)
                assert room.stored() == before, (name, who)


async def test_staff_components_refuse_before_they_read_or_change_anything(
    everybody: Everybody,
) -> None:
    room = everybody.room
    for name, route in room.app.bot.routes.items():
        if route.audience not in STAFF:
            continue
        for who, refusal in REFUSED[route.audience].items():
            if refusal is None:
                continue
            before = room.stored()
            caller = everybody.caller(who, route.audience)
            click = Click(Untouched(), caller, arguments(name), (CHOICES.get(name, ""),), FIELDS)  # pyright: ignore[reportArgumentType]
            with pytest.raises(refusal):
                await route.handler(click)
            assert room.stored() == before, (name, who)


async def test_every_staff_component_works_for_whom_it_is_for(everybody: Everybody) -> None:
    room = everybody.room
    await room.manager.run("cohort breaks", first_day="2026-10-05")
    # What closes the course comes last.
    for name, route in sorted(room.app.bot.routes.items(), key=lambda one: one[0] == "cohort.close"):
        if route.audience not in STAFF or name.endswith("_save") or name in FROM_A_CARD:
            continue
        for who, refusal in REFUSED[route.audience].items():
            if refusal is not None:
                continue
            person = everybody.people[who]
            made = ":".join(["pln1", name, str(person.id), *arguments(name)])
            choice = CHOICES.get(name)
            forged = await room.crafted(made, [choice] if choice else [])
            shown = await (person.pick(forged, choice) if choice else person.press(forged, "Press"))
            assert not is_refused(shown, room), (name, who)
            assert "nothing was changed" not in shown.text, (name, who)
            assert "reference" not in shown.text, (name, who, shown.text)


async def test_a_staff_card_works_for_nobody_but_the_person_it_was_shown_to(everybody: Everybody) -> None:
    room = everybody.room
    for name, route in room.app.bot.routes.items():
        if route.audience in STAFF:
            made = ":".join(["pln1", name, str(room.instructor.id), *arguments(name)])
            forged = await room.crafted(made)
            before = room.stored()
            shown = await room.manager.press(forged, "Press")
            assert shown.text == str(NotYourCard()), name
            assert room.stored() == before, name


async def test_no_staff_component_works_in_a_direct_message(everybody: Everybody) -> None:
    room = everybody.room
    for name, route in room.app.bot.routes.items():
        if route.audience in STAFF:
            caller = replace(everybody.caller("instructor", route.audience), guild_id=None, manages_guild=True)
            click = Click(Untouched(), caller, arguments(name), (CHOICES.get(name, ""),), FIELDS)  # pyright: ignore[reportArgumentType]
            with pytest.raises(ServerOnly):
                await route.handler(click)
    assert room.clock.now == NOON


class Untouched:
    """An interaction that must not be answered: whoever is refused is refused before that."""

    def __getattr__(self, name: str) -> NoReturn:
        pytest.fail(f"touched {name} of the interaction of somebody who is refused")
