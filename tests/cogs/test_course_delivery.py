"""What the course's staff see and set of delivery: breaks, status, and who is no longer there."""

from datetime import UTC, datetime

import pytest

from tests.cogs.classroom import Classroom, Person
from tests.cogs.conftest import ExpectedErrors
from tests.cogs.test_notes import mondays

OUTSIDE = (
    "`first_day` and `last_day` have to lie within the term, Monday 7 September 2026 to Friday 18 December 2026, in "
    "that order."
)


# Breaks


async def test_breaks_are_replaced_and_removed_and_the_notes_follow(course: Classroom) -> None:
    ann = await course.member()
    shown = await course.instructor.run("cohort breaks")
    assert "None are marked yet." in shown.text
    shown = await course.instructor.run("cohort breaks", kind="break", first_day="14 Sep", last_day="20 Sep")
    assert "Break: Monday 14 September to Sunday 20 September" in shown.text
    assert "Next note: Monday 21 September, 16:00." in (await ann.run("me")).text
    await course.manager.run("cohort breaks", first_day="2026-10-01")
    shown = await course.manager.run("cohort breaks", kind="exams", first_day="2026-09-14", last_day="2026-09-27")
    assert shown.text.split("\n")[1:3] == [
        "Exam weeks: Monday 14 September to Sunday 27 September",
        "Break: Thursday 1 October",
    ]
    assert "Next note: Monday 28 September, 16:00." in (await ann.run("me")).text
    await course.restart()
    shown = await course.manager.press(shown, "Remove")
    assert "Exam weeks:" not in shown.text
    assert "Next note: Monday 14 September, 16:00." in (await ann.run("me")).text
    assert shown.labels == ["Remove"]
    assert shown.private


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"first_day": "2026-09-01"}, OUTSIDE),
        ({"first_day": "2026-12-18", "last_day": "2026-12-19"}, OUTSIDE),
        ({"first_day": "2026-10-05", "last_day": "2026-10-04"}, OUTSIDE),
        (
            {"first_day": "next week"},
            "“next week” does not say which day. Write the day and the month, like “30 October”.",
        ),
    ],
)
async def test_a_break_that_cannot_be_is_refused_and_changes_nothing(
    course: Classroom, days: dict[str, str], sentence: str
) -> None:
    before = course.stored()
    assert (await course.manager.run("cohort breaks", **days)).text == sentence
    assert course.stored() == before


async def test_a_course_holds_eight_breaks_and_says_what_to_do_about_a_ninth(course: Classroom) -> None:
    for day in range(1, 9):
        await course.manager.run("cohort breaks", first_day=f"2026-10-0{day}")
    before = course.stored()
    shown = await course.manager.run("cohort breaks", first_day="2026-10-09")
    assert shown.text == "A course holds 8 breaks at most. Remove one with its button, then add the new one."
    assert course.stored() == before
    assert (await course.manager.run("cohort breaks", kind="exams", first_day="2026-10-08")).labels == ["Remove"] * 8


# Status


async def test_without_a_register_the_status_tells_of_no_single_note(course: Classroom) -> None:
    shown = await course.instructor.run("cohort status")
    assert "I last looked for due notes never; is the bot's `run` process there?" in shown.text
    await course.rounds.round()
    before = (await course.instructor.run("cohort status")).text
    assert before.startswith("## Delivery in Digital careers\nDirect messages get through. First ones")
    first = "How many notes arrived is counted on Mondays, from 10 people on; next Monday 14 September, 08:00."
    assert first in before
    shown = await course.instructor.run("cohort status")
    shown = await course.instructor.press(shown, "If notes do not reach somebody")
    assert "press this server's name, then *Privacy Settings*, and switch on *Direct Messages*" in shown.text
    assert "I last looked for due notes less than a minute ago" in before
    people = [await course.member(f"member{number}") for number in range(6)]
    for person in people[:2]:
        person.close_dms()
        assert (await course.instructor.run("cohort status")).text == before
    await people[5].press(await people[5].run("nudge settings"), "Turn notes off")
    for _ in range(2):
        await course.rounds.round()
        assert (await course.manager.run("cohort status")).text == before
    assert {state for (state,) in course.rows("SELECT state FROM nudge")} == {"sent", "held", "skipped"}


async def test_with_a_register_the_status_is_exact_for_instructors_alone(server: Classroom) -> None:
    await server.open_course(register="yes")
    people = [await server.member(f"member{number}") for number in range(12)]
    people[0].close_dms()
    people[1].close_dms()
    for _ in range(6):
        await server.later(minutes=1)
    await people[2].press(await people[2].run("nudge settings"), "Turn notes off")
    shown = await server.instructor.run("cohort status")
    exact = "10 of 12 notes arrived; 2 held: direct messages closed"
    assert f"**Notes of the last week**: {exact}." in shown.text
    assert exact not in (await server.manager.run("cohort status")).text
    await server.until(datetime(2026, 9, 14, 6, 0, tzinfo=UTC))
    by_threshold = "notes arrived for 10 of 12; held: fewer than 5; away: fewer than 5"
    assert "all but fewer than 5 of 12" in (await server.manager.run("cohort status")).text
    assert by_threshold not in shown.text


async def test_status_tells_of_the_breaker_and_when_messages_flow_again(
    course: Classroom, expected_errors: ExpectedErrors
) -> None:
    expected_errors.append("Discord has stopped this bot's direct messages")
    course.env.inject_error("POST", "/users/@me/channels", status=403, code=40003, message="Too fast")
    ann = await course.member()
    await course.rounds.round()
    assert ann.inbox == []
    shown = await course.instructor.run("cohort status")
    assert "**Discord has stopped all my direct messages**, since Tuesday 8 September, 12:00." in shown.text
    assert "I try the next one Tuesday 8 September, 13:00." in shown.text
    assert "ann" not in shown.text.replace("channel", "")
    assert str(ann.id) not in shown.text
    await course.restart()
    await course.later(minutes=59)
    assert ann.inbox == []
    for _ in range(2):  # the first opens a channel, the second sends what then probes
        await course.later(minutes=2)
    assert len(ann.inbox) == 1
    shown = await course.instructor.run("cohort status")
    assert "Direct messages get through." in shown.text


@pytest.mark.parametrize(
    "command",
    ["overview", "preview", "status", "checkin", "digest", "feedback", "member"],
)
async def test_every_view_of_an_instructor_ends_with_not_for_grading(course: Classroom, command: str) -> None:
    ann = await course.member(goal=True)
    await ann.press(await ann.run("privacy share"), "Share my goal")
    options = {"member": ann.member} if command == "member" else {}
    assert (await course.instructor.run(f"cohort {command}", **options)).text.endswith("Not for grading.")


# Who is not there


async def test_member_who_left_is_set_aside_and_planned_anew_on_return(course: Classroom) -> None:
    ann = await course.member()
    await course.weekly_note(ann)
    course.guild.remove_member(ann.member)
    await course.until(datetime(2026, 9, 16, 12, 0, tzinfo=UTC))
    assert course.rows("SELECT count(*) FROM enrolment WHERE set_aside_at IS NOT NULL") == [(1,)]
    await course.until(datetime(2026, 9, 21, 14, 0, tzinfo=UTC))
    assert course.rows("SELECT count(*) FROM nudge WHERE kind = 'weekly'") == [(1,)]
    ann = Person(course, course.guild.add_member(ann.member.user), course.channel)
    shown = await ann.run("me")
    assert "I am just planning your next note; look again in a minute." in shown.text
    assert "I am just planning your next note" in (await ann.run("nudge preview")).text
    await course.later(minutes=1)
    assert "Next note: Monday 28 September, 16:00." in (await ann.run("me")).text
    assert len(await mondays(course, ann, 1)) == 1


async def test_server_that_removed_the_bot_has_no_backlog_when_it_is_back(course: Classroom) -> None:
    ann = await course.member()
    await course.rounds.round()
    await course.remove_bot()
    assert await mondays(course, ann, 2) == []
    await course.take_bot_back()
    assert "Next note: Monday 28 September, 16:00." in (await ann.run("me")).text
    assert len(await mondays(course, ann, 1)) == 1
    assert course.rows("SELECT count(*) FROM nudge WHERE kind = 'weekly'") == [(1,)]


async def test_removal_while_the_bot_was_away_is_noticed_at_the_start(course: Classroom) -> None:
    ann = await course.member()
    await course.rounds.round()
    servers = course.env.backend.guilds
    server = servers.pop(course.guild.id)
    await course.restart()
    assert await mondays(course, ann, 2) == []
    servers[course.guild.id] = server
    await course.restart()
    assert len(await mondays(course, ann, 1)) == 1
    assert course.rows("SELECT count(*) FROM nudge WHERE kind = 'weekly'") == [(1,)]
