"""/cohort register: from set-up to a page, filters, hidden names, and one member; and who sees nothing of it."""

import discord
import pytest

from tests.cogs.classroom import Classroom, Menu, Person, Screen
from tests.cogs.test_checkin import no_answer

SECTION = "Tuesday group"


def menu(shown: Screen, route: str) -> Menu:
    return next(one for one in shown.menus if f"cohort.{route}:" in one.custom_id)


async def pick(person: Person, shown: Screen, route: str, value: str) -> Screen:
    return await person.pick(shown, value, shown.menus.index(menu(shown, route)))


@pytest.fixture
async def class_of_three(server: Classroom) -> Classroom:
    await server.open_course(register="yes")
    for name in ("zoe", "ann", "ben"):
        person = await server.member(name, goal=name != "zoe")
        if name == "ann":
            await person.run("log", kind="reply")
    return server


# Set-up


async def test_set_up_asks_what_instructors_see_by_name(server: Classroom) -> None:
    shown = await server.open_course(register="yes")
    assert "**What may instructors see by name?** A register: who joined, steps done, weeks active" in shown.text
    shown = await server.manager.press(shown, "Switch the register off")
    assert "**What may instructors see by name?** Nothing: class statistics only." in shown.text
    assert "every member is told; rows appear seven days later" in shown.text
    assert "Switch the register on" in shown.labels


async def test_switched_on_later_rows_appear_after_seven_days(course: Classroom) -> None:
    await course.member("ann")
    shown = await course.instructor.run("cohort register")
    assert shown.text.startswith("This course has no register: instructors see class statistics alone")
    await course.manager.run("cohort setup", register="yes")
    shown = await course.instructor.run("cohort register")
    assert "**0 people**" in shown.text
    assert "1 more row appears seven days after each member was told." in shown.text
    await course.later(minutes=1)
    shown = await course.instructor.run("cohort register")
    assert "1 more row appears by Tuesday 15 September, seven days after members were told." in shown.text
    await course.later(days=7)
    assert "**ann**" in (await course.instructor.run("cohort register")).text


# A page


async def test_a_line_a_member_by_name_with_what_is_there(class_of_three: Classroom) -> None:
    shown = await class_of_three.instructor.run("cohort register")
    assert shown.private
    assert shown.text.startswith("## Register: everybody\n**3 people** · Digital careers, week 1")
    lines = [one for one in shown.text.split("\n") if one.startswith("**") and " · checklist" in one]
    assert [one.partition(" · checklist")[0] for one in lines] == [
        "**ann** · this week ✓ · goal, plan",
        "**ben** · nothing yet · goal, plan",
        "**zoe** · nothing yet · no goal yet",
    ]
    assert "No goal yet" not in menu(shown, "register_filter").options.values(), "not before the third week"


async def test_two_taps_tell_who_did_nothing_yet_and_who_has_no_goal(class_of_three: Classroom) -> None:
    room = class_of_three
    overview = await room.instructor.run("cohort overview")
    shown = await room.instructor.press(overview, "Register")
    shown = await pick(room.instructor, shown, "register_filter", "week")
    assert shown.text.startswith("## Register: nothing at all this week\n**2 of 3**")
    assert "**ben**" in shown.text
    assert "**ann**" not in shown.text
    await room.later(days=14)
    shown = await room.instructor.run("cohort register")
    shown = await pick(room.instructor, shown, "register_filter", "goal")
    assert "**1 of 3**" in shown.text
    assert "**zoe**" in shown.text
    shown = await pick(room.instructor, shown, "register_filter", "quiet")
    assert "**2 of 3**" in shown.text
    assert "**ann**" not in shown.text, "one full week without activity is not two"
    await room.later(days=7)
    shown = await room.instructor.run("cohort register")
    assert "**3 of 3**" in (await pick(room.instructor, shown, "register_filter", "quiet")).text


async def test_a_line_opens_the_member_beside_the_register(class_of_three: Classroom) -> None:
    room = class_of_three
    shown = await room.instructor.run("cohort register")
    people = menu(shown, "register_open")
    assert list(people.options.values()) == ["ann", "ben", "zoe"]
    opened = await pick(room.instructor, shown, "register_open", next(iter(people.options)))
    assert opened.text.startswith("## What you may see of <@")
    assert "Focus, goal, plan: **no, yes, yes**" in opened.text


async def test_pages_hold_twelve_and_hidden_names_are_numbers(server: Classroom) -> None:
    await server.open_course(register="yes")
    for number in range(14):
        await server.member(f"member{number:02d}")
    shown = await server.instructor.run("cohort register")
    assert "Page 1 of 2." in shown.text
    shown = await server.instructor.press(shown, "Next")
    assert "**member12**" in shown.text
    assert shown.labels == ["Back", "Hide names", "Write to them"]
    hidden = await server.instructor.press(shown, "Hide names")
    assert "**Person 1**" in hidden.text
    assert "member" not in hidden.text.replace("members", "")
    assert not [one for one in hidden.menus if "register_open" in one.custom_id]
    following = await server.instructor.press(hidden, "Next")
    assert "**Person 13**" in following.text
    assert "**member00**" in (await server.instructor.press(following, "Show names")).text


async def test_sections_narrow_the_list(class_of_three: Classroom) -> None:
    room = class_of_three
    role = room.guild.create_role(SECTION)
    assert "That role is not a section" in (await room.instructor.run("cohort register", section=role)).text
    card = await room.crafted(f"pln1:cohort.sections:{room.manager.id}", [str(role.id)])
    await room.manager.pick(card, str(role.id))
    room.change(f"UPDATE enrolment SET section_role_id = {role.id} WHERE id = 1")
    shown = await room.instructor.run("cohort register", section=role)
    assert "**1 person**" in shown.text
    assert list(menu(shown, "register_section").options.values()) == ["All sections", SECTION]
    shown = await pick(room.instructor, shown, "register_section", "0")
    assert "**3 people**" in shown.text


async def test_without_names_from_discord_mentions_stand_in_their_place(
    class_of_three: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.Guild, "query_members", no_answer)
    shown = await class_of_three.instructor.run("cohort register")
    assert shown.text.count("**<@") == 3
    assert list(menu(shown, "register_open").options.values()) == ["Line 1", "Line 2", "Line 3"]


# Looks


async def test_a_look_is_one_row_for_the_class_that_each_member_reads(server: Classroom) -> None:
    await server.open_course(register="yes")
    people = [await server.member(name) for name in ("ann", "ben")]
    shown = await server.instructor.run("cohort register")
    shown = await pick(server.instructor, shown, "register_filter", "week")
    await server.instructor.press(shown, "Hide names")
    assert server.rows("SELECT what FROM register_access") == [("register",)]
    assert server.rows("SELECT count(*) FROM access_log") == [(0,)]
    look = f"<@{server.instructor.id}> saw your row in the register"
    for person in people:
        assert (await person.run("privacy seen")).text.count(look) == 1
    await server.later(minutes=1)
    late = await server.member("late")
    assert "Nobody has looked so far." in (await late.run("privacy seen")).text
