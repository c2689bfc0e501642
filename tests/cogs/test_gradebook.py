"""/cohort gradebook: from a grade export to the same file with one column more, and what refuses it."""

from datetime import date

import pytest

from tests.cogs.classroom import Classroom, Person, Screen
from tests.cogs.test_hand_ins import FIRST, does, plan

SECOND = date(2026, 9, 14)
EXPORT = (
    "First name,Surname,ID number,Email address,Quiz (Real)\r\n"
    "Ann,Zhou,s001,ann@uni.example,8.00\r\n"
    'Ben,"O""Neil",s002,ben@uni.example,-\r\n'
    "Cleo,Day,s003,cleo@uni.example,-\r\n"
    "Dan,Not here,s009,dan@uni.example,-\r\n"
)
HEADER = '"PLN Coach steps (as members marked it; not verified)"'


async def attach(room: Classroom, content: bytes = EXPORT.encode(), name: str = "PLN 1 grades.csv") -> Screen:
    return await room.instructor.run("cohort gradebook", file=(name, content))


async def gives(person: Person, number: str) -> Screen:
    seen = await person.run("privacy seen")
    return await person.send(await person.press(seen, "Give it"), number=number)


@pytest.fixture
async def graded(server: Classroom) -> Classroom:
    """A course whose steps of two weeks count; ann did both, ben one, cleo came in the second week."""
    await server.open_course(register="yes", student_number=True)
    server.change("UPDATE cohort SET steps_count = 1")
    await plan(server, FIRST, SECOND)
    ann, ben = await server.member("ann"), await server.member("ben")
    await gives(ann, "S001")
    await gives(ben, "s002")
    for person in (ann, ben):
        await does(server, person, 1)
    await server.later(days=7)
    cleo = await server.member("cleo")
    await gives(cleo, "cleo@uni.example")
    for person in (ann, cleo):
        await does(server, person, 2)
    return server


async def test_the_file_comes_back_with_one_column_after_a_preview_by_name(graded: Classroom) -> None:
    room = graded
    shown = await attach(room)
    assert shown.text.startswith("## Gradebook file of Moodle\n**3 of 4 rows** match")
    form = await room.instructor.press(shown, "Say what counts")
    shown = await room.instructor.send(form, last=["2"])
    assert shown.text.startswith("## Nothing is written yet\n**Incomplete: 1** · complete: 2")
    (ben,) = room.rows("SELECT user_id FROM enrolment WHERE student_number = 's002'")[0]
    assert f"**They would become incomplete**\n<@{ben}> (1 of 2)" in shown.text
    assert "Rows that match nobody: 1; they stay as they are." in shown.text
    assert "PLN" not in str(room.stored()).replace("PLN Coach", ""), "nothing of the file is stored"
    made = await room.instructor.press(shown, "Make the file")
    assert made.message is not None
    (file,) = made.message.attachments
    assert file.filename == "PLN_1_grades.csv"
    lines = EXPORT.splitlines()
    marks = (HEADER, "complete", "incomplete", "complete", "")
    expected = "".join(f"{line},{mark}\r\n" for line, mark in zip(lines, marks, strict=True))
    assert (await file.read()).decode() == expected


async def test_members_find_the_look_and_a_day_may_end_the_counting(graded: Classroom) -> None:
    room = graded
    form = await room.instructor.press(await attach(room), "Say what counts")
    shown = await room.instructor.send(form, last=["2"], until="2026-09-13", needed="1")
    assert "**Incomplete: 1** · complete: 2" in shown.text, "who came in the second week did nothing until then"
    assert "done by Sunday 13 September; 1 make *complete*" in shown.text
    assert [what for (what,) in room.rows("SELECT what FROM access_log WHERE what = 'gradebook'")] == ["gradebook"] * 3
    await room.instructor.press(shown, "Make the file")
    assert len(room.rows("SELECT what FROM access_log WHERE what = 'gradebook'")) == 3, "once an hour"


async def test_two_claims_match_nobody_and_are_listed(graded: Classroom) -> None:
    room = graded
    rival = await room.member("rival")
    assert "Somebody in this course has given that number already" in (await gives(rival, "s001")).text
    shown = await attach(room)
    assert "**2 of 4 rows** match" in shown.text
    shown = await room.instructor.send(await room.instructor.press(shown, "Say what counts"))
    assert "both gave S001, so it matches neither." in shown.text


async def test_a_row_that_two_members_claim_names_both_and_matches_neither(graded: Classroom) -> None:
    room = graded
    rival = await room.member("rival")
    await gives(rival, "ann@uni.example")
    form = await room.instructor.press(await attach(room), "Say what counts")
    shown = await room.instructor.send(form)
    (ann,) = room.rows("SELECT user_id FROM enrolment WHERE student_number = 'S001'")[0]
    first, second = sorted((ann, rival.id))
    assert f"**One row, 2 members**: <@{first}> and <@{second}> match it, so it stays as it is." in shown.text
    assert "**You asked for" not in shown.text
    looked = "SELECT user_id FROM enrolment JOIN access_log ON enrolment_id = enrolment.id WHERE what = 'gradebook'"
    assert {ann, rival.id} <= {user for (user,) in room.rows(looked)}


async def test_more_steps_than_there_are_weeks_is_said(graded: Classroom) -> None:
    form = await graded.instructor.press(await attach(graded), "Say what counts")
    shown = await graded.instructor.send(form, last=["2"], needed="9")
    assert "2 make *complete*. **You asked for 9, and there are only 2.**" in shown.text


async def test_a_file_is_forgotten_after_fifteen_minutes(graded: Classroom) -> None:
    room = graded
    form = await room.instructor.press(await attach(room), "Say what counts")
    shown = await room.instructor.send(form)
    await room.later(minutes=16)
    assert "I no longer have your file" in (await room.instructor.press(shown, "Make the file")).text


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE cohort SET register = 0", "This course has no register"),
        ("UPDATE cohort SET student_number = 0", "this course does not ask for one"),
        ("UPDATE course_week SET switched_off = 1", "The course plan has no week so far"),
        ("UPDATE cohort SET steps_count = 0", "weekly steps do not count toward the course"),
    ],
)
async def test_what_is_missing_is_said_with_what_to_do(graded: Classroom, statement: str, expected: str) -> None:
    graded.change(statement)
    shown = await attach(graded)
    assert expected in shown.text
    assert "/cohort " in shown.text


async def test_other_files_are_refused(graded: Classroom) -> None:
    assert "I could not read this as a grade export" in (await attach(graded, b"PK\x03\x04\0", "a.xlsx")).text
    assert "larger than 2 MiB" in (await attach(graded, b"x" * (2 * 1024 * 1024 + 1))).text
