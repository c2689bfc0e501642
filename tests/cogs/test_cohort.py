from datetime import timedelta

import pytest

from tests.cogs.classroom import COURSE, Classroom


async def test_a_first_setup_opens_the_course_and_shows_what_may_be_adjusted(server: Classroom) -> None:
    shown = await server.open_course()
    assert shown.text.startswith("## Digital careers\nMonday 7 September 2026 to Friday 18 December 2026")
    assert f"Europe/Berlin · instructors: <@&{server.instructor_role.id}>" in shown.text
    assert "Mondays at 16:00" in shown.text
    assert [menu.chosen for menu in shown.menus] == [["0"], ["16"], ["-"], ["60"]]
    assert shown.private


async def test_the_card_after_setup_changes_what_new_members_start_with(server: Classroom) -> None:
    shown = await server.open_course()
    shown = await server.manager.pick(shown, "3", menu=0)
    shown = await server.manager.pick(shown, "9", menu=1)
    shown = await server.manager.pick(shown, "health", menu=2)
    assert "Thursdays at 09:00" in shown.text
    assert shown.menus[2].chosen == ["health"]
    shown = await server.manager.pick(shown, "-", menu=2)
    assert shown.menus[2].chosen == ["-"]
    ann = server.person("ann")
    assert "Thursday 10 September, 09:00" in (await ann.join()).text


async def test_size_and_contact_are_kept_and_fill_the_next_form(server: Classroom) -> None:
    shown = await server.open_course()
    form = await server.manager.press(shown, "Size and support")
    assert form.form == {"size": "", "contact": ""}
    shown = await server.manager.send(form, size="120", contact="Student services, room 2.14")
    assert "**Expected class size**: 120 · **Who helps in distress**: Student services, room 2.14" in shown.text
    form = await server.manager.press(shown, "Size and support")
    assert form.form == {"size": "120", "contact": "Student services, room 2.14"}
    shown = await server.manager.send(form, size="", contact="")
    assert "**Expected class size**: not set · **Who helps in distress**: none, help lines" in shown.text


async def test_setup_again_with_one_option_changes_that_one_and_keeps_the_rest(course: Classroom) -> None:
    shown = await course.manager.run("cohort setup", course_name="Digital careers, group B")
    assert shown.text.startswith("## Digital careers, group B\nMonday 7 September 2026 to Friday 18 December 2026")
    shown = await course.manager.run("cohort setup", term_end="2027-01-29")
    assert "Friday 29 January 2027" in shown.text


async def test_a_first_setup_with_options_left_out_names_them(server: Classroom) -> None:
    before = server.stored()
    shown = await server.manager.run("cohort setup", course_name="X", term_start="2026-09-07")
    assert shown.text == (
        "To set the course up I also need `term_end`, `time_zone`, `instructor_role`, `register`. "
        "Run `/cohort setup` again with just those."
    )
    assert server.stored() == before


async def test_a_refused_first_setup_needs_only_what_was_missing_or_wrong(server: Classroom) -> None:
    given = {**COURSE, "time_zone": "Berlin-ish"}
    del given["register"]
    await server.manager.run("cohort setup", **given, instructor_role=server.instructor_role)
    shown = await server.manager.run("cohort setup", time_zone="Europe/Berlin")
    assert "I also need `register`." in shown.text
    shown = await server.manager.run("cohort setup", register="no")
    assert shown.text.startswith("## Digital careers\nMonday 7 September 2026 to Friday 18 December 2026")


async def test_options_of_a_refused_first_setup_are_forgotten_after_fifteen_minutes(server: Classroom) -> None:
    await server.manager.run("cohort setup", course_name="X", term_start="2026-09-07")
    server.clock.now += timedelta(minutes=15)
    shown = await server.manager.run("cohort setup", term_end="2026-12-18")
    assert "I also need `course_name`, `term_start`, `time_zone`" in shown.text


async def test_a_refused_change_of_an_open_course_leaves_nothing_for_the_next(course: Classroom) -> None:
    await course.manager.run("cohort setup", course_name="Renamed", term_end="2028-01-01")
    shown = await course.manager.run("cohort setup")
    assert shown.text.startswith("## Digital careers\nMonday 7 September 2026 to Friday 18 December 2026")


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        (
            "term_end",
            "2026-09-01",
            (
                "The term would end (Tuesday 1 September 2026) before it starts (Monday 7 September 2026). "
                "Swap the dates or correct one of them."
            ),
        ),
        (
            "term_end",
            "2028-01-01",
            "A term may last a year at most. Check the year in `term_start` and `term_end`.",
        ),
        (
            "term_start",
            "9/7/2026",
            (
                "“9/7/2026” can be Thursday 9 July 2026 or Monday 7 September 2026. Write the one you mean, with its "
                "month as a word."
            ),
        ),
        (
            "time_zone",
            "Berlin-ish",
            "I cannot tell which time zone “Berlin-ish” is. Pick one from the list that opens as you type.",
        ),
        ("course_name", "x" * 61, "The course name has 61 characters; 60 fit. Shorten it and send it again."),
    ],
)
async def test_a_bad_option_of_setup_gets_its_sentence_and_changes_nothing(
    server: Classroom, option: str, value: str, sentence: str
) -> None:
    before = server.stored()
    role = server.instructor_role
    shown = await server.manager.run("cohort setup", **{**COURSE, option: value}, instructor_role=role)
    assert shown.text == sentence
    assert shown.private
    assert server.stored() == before


async def test_setup_reads_dates_as_people_write_them_and_says_them_with_their_weekday(server: Classroom) -> None:
    dates = {"term_start": "7.9.", "term_end": "18 December"}
    shown = await server.manager.run("cohort setup", **{**COURSE, **dates}, instructor_role=server.instructor_role)
    assert "Monday 7 September 2026 to Friday 18 December 2026" in shown.text


async def test_everyone_cannot_be_the_instructor_role(server: Classroom) -> None:
    before = server.stored()
    shown = await server.manager.run("cohort setup", **COURSE, instructor_role=server.guild.default_role)
    assert shown.text.startswith("With that role everybody here would be an instructor.")
    assert server.stored() == before


@pytest.mark.parametrize(
    ("route", "value", "sentence"),
    [
        ("cohort.hour", "22", "22:00 is in quiet hours. Choose an hour from 08:00 to 20:00."),
        ("cohort.hour", "noon", "That card is from before an update, so nothing was changed. Run the command again"),
        ("cohort.day", "7", "That card is from before an update, so nothing was changed. Run the command again"),
        ("cohort.track", "astrology", "That card is from before an update, so nothing was changed. Run the command"),
    ],
)
async def test_a_forged_choice_on_the_setup_card_is_refused_and_changes_nothing(
    course: Classroom, route: str, value: str, sentence: str
) -> None:
    before = course.stored()
    forged = await course.crafted(f"pln1:{route}:{course.manager.id}", [value])
    shown = await course.manager.pick(forged, value)
    assert shown.text.startswith(sentence)
    assert course.stored() == before


@pytest.mark.parametrize("size", ["0", "10001", "many"])
async def test_a_class_size_that_is_none_is_refused_and_given_back(course: Classroom, size: str) -> None:
    before = course.stored()
    form = await course.manager.press(await course.manager.run("cohort setup"), "Size and support")
    shown = await course.manager.send(form, size=size, contact="Room 2.14")
    assert shown.text.startswith(
        "The class size is a whole number from 1 to 10000, or empty if you do not know it yet."
    )
    assert course.stored() == before
    again = await course.manager.press(shown, "Open it again")
    assert again.form == {"size": size, "contact": "Room 2.14"}


# What is gone


async def test_roles_and_a_channel_that_were_deleted_are_named_with_what_to_pick(course: Classroom) -> None:
    course.change("UPDATE cohort SET instructor_role_id = 404, student_role_id = 405, channel_id = 406")
    course.change("INSERT INTO cohort_section (cohort_id, role_id) SELECT id, 407 FROM cohort")
    for command in ("cohort setup", "cohort status"):
        shown = await course.manager.run(command)
        for what in ("instructor role", "student role", "role of a section", "course's channel"):
            assert f"**The {what} is gone" in shown.text
        assert "cannot use /cohort" not in shown.text
    refused = await course.manager.run("cohort overview")
    assert "If the role is gone, pick another: `/cohort setup` with `instructor_role`." in refused.text
    await course.manager.run("cohort setup", instructor_role=course.instructor_role)
    assert "instructor role is gone" not in (await course.manager.run("cohort status")).text


# Who sees the commands


async def test_setup_and_status_say_when_the_server_hides_the_commands_from_instructors(course: Classroom) -> None:
    role, everyone = course.instructor_role, course.guild.default_role
    listed = course.env.backend.find_command("cohort", None)
    assert listed is not None
    for overrides, hidden in (
        ({everyone: False}, True),
        ({everyone: False, role: True}, False),
        ({role: False}, True),
        ({everyone: True}, False),
    ):
        manager = {course.manager.member: True}
        course.guild.set_command_permissions(int(listed["id"]), {**overrides, **manager})
        for command in ("setup", "status"):
            shown = await course.manager.run(f"cohort {command}")
            assert (f"**<@&{role.id}> cannot use /cohort**" in shown.text) == hidden


async def test_setup_says_nothing_where_discord_does_not_tell_who_sees_the_commands(course: Classroom) -> None:
    course.env.inject_error("GET", "/applications/*/commands", status=500, times=None)
    assert "cannot use" not in (await course.manager.run("cohort setup")).text


# Invite


async def test_invitation_is_public_and_its_button_works_for_everyone(course: Classroom) -> None:
    invitation = await course.manager.run("cohort invite")
    assert not invitation.private
    assert "Digital careers: your networking coach" in invitation.text
    for name in ("ann", "ben"):
        assert "One private note a week" in (await course.person(name).press(invitation, "Join")).text
    assert "Digital careers" in (await course.instructor.run("cohort invite")).text


@pytest.mark.parametrize("command", ["cohort invite", "cohort overview", "cohort register", "cohort preview"])
async def test_before_setup_an_instructor_command_says_how_a_course_is_opened(server: Classroom, command: str) -> None:
    shown = await server.manager.run(command)
    assert shown.text == (
        "There is no open course in this server. Someone with Manage Server starts one with `/cohort setup`."
    )
