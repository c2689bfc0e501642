import discord

from tests.cogs.classroom import COURSE, Classroom, Person, newcomer


async def second_course(room: Classroom, person: Person) -> Person:
    """Open another course in another server, with the same person in it; return them there."""
    guild = room.env.create_guild("Academy")
    channel = guild.create_text_channel("course")
    manager = newcomer(room, guild, channel, "gus", discord.Permissions(manage_guild=True))
    role = guild.create_role("Teachers")
    await manager.run("cohort setup", **{**COURSE, "course_name": "Evening course"}, instructor_role=role)
    return Person(room, guild.add_member(person.member.user), channel)


async def test_start_tells_what_is_stored_and_who_sees_it_before_anything_is_kept(course: Classroom) -> None:
    before = course.stored()
    ann = course.person("ann")
    shown = await ann.run("start")
    role = f"<@&{course.instructor_role.id}>, 1 person"
    assert f"Your instructors ({role}) see counts of the class and nobody by name." in shown.text
    assert "until Friday 18 December; at most one more from an instructor" in shown.text
    assert "You can leave and erase at any time" in shown.text
    assert shown.labels == ["Join the course", "Details"]
    assert shown.private
    details = await ann.press(shown, "Details")
    for line in ("**Stored**: ", "**Seen**: "):
        assert line in details.text
    assert "graded" not in details.text  # nobody has said yet whether weekly steps count
    assert "Mondays at 16:00, Europe/Berlin time" in details.text
    assert details.labels == ["Join the course"]
    assert course.stored() == before


async def test_start_shows_a_sample_of_the_row_that_instructors_will_see(server: Classroom) -> None:
    await server.open_course(register="yes")
    server.person("omar", roles=[server.instructor_role])
    ann = server.person("ann")
    shown = await ann.run("start")
    who = f"Your instructors (<@&{server.instructor_role.id}>, 2 people) see this by name:"
    assert f"{who}\n> Sam · this week ✓ · goal, plan" in shown.text
    assert "They never see what you write, unless you hand it in or share it." in shown.text
    assert (await ann.join()).beside == []
    assert "**This row, with your name**" in (await ann.run("privacy seen")).text


async def test_one_tap_joins_with_the_courses_defaults(course: Classroom) -> None:
    shown = await course.person("ann").join()
    assert shown.text.startswith("## You are in.\nYour first note comes Monday 14 September, 16:00.")
    assert "If nothing arrives" in shown.text
    assert shown.labels == ["Set my focus", "A first quick check", "Note settings", "My overview"]


async def test_the_zone_option_of_start_is_the_zone_one_joins_with(course: Classroom) -> None:
    ann = course.person("ann")
    shown = await ann.run("start", zone="america/new_york")
    shown = await ann.press(shown, "Details")
    assert "America/New_York time" in shown.text
    shown = await ann.press(shown, "Join the course")
    settings = await ann.press(shown, "Note settings")
    assert "Time zone: **America/New_York**" in settings.text


async def test_joining_twice_is_harmless(course: Classroom) -> None:
    ann = course.person("ann")
    first = await ann.run("start")
    second = await ann.run("start")
    await ann.press(first, "Join the course")
    await ann.set_focus()
    before = course.stored()
    again = await ann.press(second, "Join the course")
    assert again.text.startswith("## You are in already; nothing has changed.")
    assert again.labels[0] == "Change my focus"
    assert course.stored() == before
    shown = await ann.run("start")
    assert "You have joined already." in shown.text
    assert (await ann.press(shown, "Open my settings")).text.startswith("## Your weekly note")


async def test_hello_comes_once_with_the_next_round(course: Classroom) -> None:
    ann = await course.member()
    assert ann.inbox == []
    await course.rounds.round()
    await course.rounds.round()
    (hello,) = ann.inbox
    assert hello.text.startswith(f"Hi <@{ann.id}>, I am PLN Coach.")
    assert "on Monday around 16:00" in hello.text
    assert hello.labels == ["Set my focus", "Change day or hour", "Why this?"]


async def test_closed_direct_messages_do_not_stop_anyone_from_joining(course: Classroom) -> None:
    ann = course.person("ann")
    ann.close_dms()
    assert (await ann.join()).text.startswith("## You are in.")
    await course.rounds.round()
    assert ann.inbox == []
    history = await ann.run("nudge history")
    assert "Tuesday 8 September, 12:00 · hello: held: your direct messages were closed to me" in history.text
    for shown in (history, await ann.run("me"), await ann.run("nudge settings")):
        assert "To open them, press your course's server name, then *Privacy Settings*" in shown.text
    assert "Your direct messages are closed to me at the moment. To open them," in (await ann.join_again()).text


# In the bot's direct messages


async def test_somebody_in_no_course_is_told_where_to_start(course: Classroom) -> None:
    shown = await course.person("ann").in_dm.run("me")
    assert shown.text == "I do not know you from a course yet. Run `/start` in your course's server first."


async def test_the_servers_commands_are_not_offered_in_the_direct_messages(course: Classroom) -> None:
    ann = await course.member()
    offered = {name.split()[0] for name in ann.member.user.available_commands()}
    private = {"me", "focus", "footprint", "goal", "log", "network", "opportunity", "nudge", "feedback", "bio"}
    assert offered == private | {"message", "privacy", "help", "week", "portfolio"}


async def test_command_in_the_direct_messages_gives_the_channel_for_the_hello(
    course: Classroom,
) -> None:
    ann = await course.member()
    await ann.in_dm.run("me")
    await course.rounds.round()
    assert len(ann.inbox) >= 1
    opened = [one for one in course.env.http_requests if one.path == "/users/@me/channels"]
    assert opened == []


async def test_a_member_of_two_courses_is_asked_once_and_the_choice_is_remembered(course: Classroom) -> None:
    ann = await course.member(focus=True)
    there = await second_course(course, ann)
    await there.join()
    asked = await ann.in_dm.run("me")
    assert asked.text == "You are in more than one course. Which one do you mean here? I will remember it."
    assert list(asked.menus[0].options.values()) == ["Digital careers", "Evening course"]
    evening = list(asked.menus[0].options)[1]
    shown = await ann.in_dm.pick(asked, evening)
    assert shown.text.startswith("From now on, **Evening course** is the course meant here.")
    assert "Set my focus" in (await ann.in_dm.run("me")).labels
    await course.restart()
    me = await ann.in_dm.run("me")
    assert "Set my focus" in me.labels
    # In a server, its own course is meant whatever was chosen here.
    assert "Set my focus" not in (await ann.run("me")).labels
    asked = await ann.in_dm.press(me, "Switch course")
    await ann.in_dm.pick(asked, next(iter(asked.menus[0].options)))
    assert "Set my focus" not in (await ann.in_dm.run("me")).labels
