"""/cohort overview and preview, as an instructor sees them."""

from datetime import UTC, datetime

from tests.cogs.classroom import Classroom, Screen, parts

MONDAY = datetime(2026, 9, 14, 6, 0, tzinfo=UTC)
"""The first Monday after the tests begin, 8:00 in Berlin: the class is counted."""


async def test_before_the_first_monday_the_overview_names_it_and_counts_who_joined(course: Classroom) -> None:
    for number in range(11):
        await course.member(f"member{number}")
    shown = await course.instructor.run("cohort overview")
    assert "## Digital careers, week 1 of 15" in shown.text
    assert "**The first class statistics come Monday 14 September, 08:00**" in shown.text
    assert "11 joined." in shown.text
    assert shown.private
    assert shown.labels == ["Might welcome a hello (0)", "Export", "Class statistics"]


async def test_with_a_register_the_overview_is_live_and_leads_on(server: Classroom) -> None:
    await server.open_course(register="yes")
    for number in range(5):
        person = await server.member(f"member{number}", goal=number < 2)
        if number < 3:
            await person.run("log", kind="reply")
    shown = await server.instructor.run("cohort overview")
    assert "**3 of 5 did something so far this week.** 5 joined." in shown.text
    assert _picture_in_words(shown).endswith("Goal set: 2 of 5; Plan: 2 of 5; Exchange: not counted.")
    assert shown.labels == ["Register", "Might welcome a hello (0)", "Export", "Class statistics"]
    assert "## Register: everybody" in (await server.instructor.press(shown, "Register")).text
    assert "## Might welcome a hello" in (await server.instructor.press(shown, "Might welcome a hello (0)")).text
    assert "## Class statistics" in (await server.instructor.press(shown, "Class statistics")).text
    assert "## Files of Digital careers" in (await server.instructor.press(shown, "Export")).text


async def test_without_a_register_what_is_done_after_monday_changes_nothing(course: Classroom) -> None:
    people = [await course.member(f"member{number}") for number in range(12)]
    for person in people[:6]:
        await person.run("log", kind="reply")
    await course.until(MONDAY)
    before = await course.instructor.run("cohort overview")
    assert "**6 of 12 did something last week.** 12 joined." in before.text
    assert "week by week (weeks from Monday): 7 September: 6 of 12." in _picture_in_words(before)
    for person in people:
        await person.run("log", kind="reply")
    await course.later(hours=30)
    assert (await course.instructor.run("cohort overview")).text == before.text


async def test_no_instructors_view_tells_a_share(course: Classroom) -> None:
    for number in range(12):
        await (await course.member(f"member{number}", focus=True, goal=True)).run("log", kind="reply")
    await course.until(MONDAY)
    for command in ("overview", "preview", "digest", "status", "checkin", "export"):
        assert "%" not in (await course.instructor.run(f"cohort {command}")).text, command


async def test_the_preview_says_how_many_notes_the_next_week_sends(course: Classroom) -> None:
    for number in range(16):
        await course.member(f"member{number}")
    before = await course.instructor.run("cohort preview")
    assert "**How many get a note is counted on Mondays, from 10 people on.**" in before.text
    await course.until(MONDAY)
    shown = await course.instructor.run("cohort preview")
    assert "**Notes planned: all but fewer than 5 of 16; away: fewer than 5.**" in shown.text
    assert "Sam" in shown.text
    assert "<@" not in shown.text
    assert "[Why this?]" in shown.text


def _picture_in_words(shown: Screen) -> str:
    assert shown.message is not None
    found = [str(item["description"]) for one in parts(shown.message.components) for item in one.get("items", ())]
    return found[0].replace("\xa0", " ")


async def test_the_overview_is_for_the_instructor_role_alone(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("cohort overview")
    assert shown.text.startswith("This one is for the course's instructors.")
    shown = await course.manager.run("cohort overview")
    assert shown.text == (
        f"This one is for <@&{course.instructor_role.id}>. You manage this server: give yourself that role, then run "
        "the command again. If the role is gone, pick another: `/cohort setup` with `instructor_role`."
    )
