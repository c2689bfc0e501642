"""Files for a spreadsheet: who is in them, under what name, and that each of them can read it."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO

import pytest

from bot.coaching.cohort import Cohort, Look
from bot.coaching.errors import InstructorOnly, NoCourse
from bot.coaching.ids import GuildId, UserId
from bot.services.exports import GONE, NOT_READ, ROW_COLUMNS, ROWS_FILE, WEEKLY_FILE, Export, ExportService
from prompts import Content
from storage import members
from storage.database import Tx
from storage.looks import StaffLook
from tests.services.course import GUILD, ROLE, START, TEACHER, WEEK, Course, counted_statements, member, teacher

ANN, BEN, CEM = UserId(10), UserId(11), UserId(12)


def weekly(_tx: Tx, cohort: Cohort) -> tuple[Sequence[str], Sequence[Sequence[str | int]]]:
    return ("week", "enrolled"), [(f"of {cohort.guild_id}", 3)]


def service(course: Course) -> ExportService:
    return ExportService(course.database, course.content.checklist, weekly)


async def exported(course: Course) -> Export:
    return await service(course).export(teacher(course.guild_id), course.clock())


async def named(course: Course, names: Mapping[UserId, str | None]) -> Export:
    return await service(course).export_named(teacher(course.guild_id), names, course.clock())


def rows(value: Export, name: str = ROWS_FILE) -> list[dict[str, str]]:
    (content,) = [one.content for one in value.files if one.name == name]
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


async def leave(course: Course, user_id: UserId) -> None:
    gone = (await course.enrolment(user_id)).id
    await course.database.transact(lambda tx: members.set_aside(tx, gone, START))


async def test_without_the_row_the_class_by_weeks_is_all_there_is(course: Course) -> None:
    await course.join(ANN, channel=False)
    value = await exported(course)
    assert [one.name for one in value.files] == [WEEKLY_FILE]
    assert rows(value, WEEKLY_FILE) == [{"week": f"of {GUILD}", "enrolled": "3"}]
    assert (await named(course, {ANN: "Ann"})).files == ()
    assert await service(course).people(teacher(), START) == []
    assert await course.looks_at(ANN) == []


async def test_the_rows_stand_under_pseudonyms_in_their_order_and_name_nobody(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, BEN, CEM, channel=False)
    await course.set_goal(BEN)
    found = rows(await exported(course))
    assert list(found[0]) == ["member_ref", *ROW_COLUMNS]
    refs = [row["member_ref"] for row in found]
    assert refs == sorted(refs)
    assert len(set(refs)) == 3
    assert sorted(row["goal"] for row in found) == ["no", "no", "yes"]
    for user_id in (ANN, BEN, CEM):
        assert (await course.enrolment(user_id)).id not in refs


async def test_a_pseudonym_stays_over_the_exports_of_a_course_and_is_another_in_another(
    sqlite_course: Course, content: Content
) -> None:
    other = Course(sqlite_course.database, content, GuildId(701))
    await other.open()
    for course in (sqlite_course, other):
        await course.use_row()
        await course.join(ANN, channel=False)
    here = [row["member_ref"] for row in rows(await exported(sqlite_course))]
    await sqlite_course.join(BEN, channel=False)
    again = [row["member_ref"] for row in rows(await exported(sqlite_course))]
    assert set(here) < set(again)
    assert not set(again) & {row["member_ref"] for row in rows(await exported(other))}


async def test_every_member_in_a_file_can_read_that_it_was_made(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, BEN, channel=False)
    await exported(course)
    await named(course, {ANN: "Ann", BEN: "Ben"})
    for user_id in (ANN, BEN):
        assert await course.looks_at(user_id) == [
            StaffLook(TEACHER, Look.NAMED_EXPORT, START),
            StaffLook(TEACHER, Look.EXPORT, START),
        ]


async def test_who_does_not_know_of_the_row_is_left_out_of_both_files(course: Course) -> None:
    await course.join(ANN, BEN, channel=False)
    await course.use_row()
    await course.nudges.settings(member(BEN), START)
    value = await exported(course)
    assert value.untold
    assert len(rows(value)) == 1
    assert await service(course).people(teacher(), START) == [BEN]
    assert [row["account"] for row in rows(await named(course, {BEN: "Ben"}))] == [f"account {BEN}"]
    assert await course.looks_at(ANN) == []


async def test_names_are_those_given_and_two_of_one_name_are_told_apart(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, BEN, channel=False)
    await course.set_goal(BEN)
    found = rows(await named(course, {ANN: "Kim", BEN: "Kim"}))
    assert {(row["display_name"], row["account"], row["goal"]) for row in found} == {
        ("Kim", "account 10", "no"),
        ("Kim", "account 11", "yes"),
    }
    refs = {row["member_ref"] for row in rows(await exported(course))}
    assert {row["member_ref"] for row in found} == refs


async def test_who_left_is_marked_and_never_taken_for_somebody_else(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, BEN, CEM, channel=False)
    await leave(course, ANN)
    assert sorted(row["left"] for row in rows(await exported(course))) == ["no", "no", "yes"]
    found = rows(await named(course, {ANN: None, BEN: None}))
    assert {row["account"]: (row["display_name"], row["left"]) for row in found} == {
        "account 10": (GONE, "yes"),
        "account 11": (GONE, "yes"),
        "account 12": (NOT_READ, "no"),
    }


async def test_somebody_who_is_back_is_named_and_not_marked(course: Course) -> None:
    await course.use_row()
    await course.join(ANN, channel=False)
    await leave(course, ANN)
    (row,) = rows(await named(course, {ANN: "Ann"}))
    assert (row["display_name"], row["left"]) == ("Ann", "no")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@me", "\t=1", " =1", "＝1", "a;=1"])
async def test_a_name_is_never_a_formula(sqlite_course: Course, name: str) -> None:
    await sqlite_course.use_row()
    await sqlite_course.join(ANN, channel=False)
    (row,) = rows(await named(sqlite_course, {ANN: name}))
    assert row["display_name"].replace("'", "") == name
    assert "'" in row["display_name"]


async def test_names_are_kept_nowhere(sqlite_course: Course) -> None:
    await sqlite_course.use_row()
    await sqlite_course.join(ANN, channel=False)
    await named(sqlite_course, {ANN: "Annegret the Unmistakable"})
    assert "Unmistakable" not in str(await sqlite_course.everything())


async def test_an_export_needs_as_many_statements_for_many_as_for_few(course: Course) -> None:
    await course.use_row()
    counts: list[int] = []
    for last in (12, 40):
        await course.join(*range(10, last), channel=False)
        course.clock.set(course.clock() + WEEK)
        with counted_statements(course.database) as statements:
            await exported(course)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_only_an_instructor_of_the_course_gets_a_file(sqlite_course: Course) -> None:
    await sqlite_course.use_row()
    await sqlite_course.join(ANN, channel=False)
    before = await sqlite_course.everything()
    exports = service(sqlite_course)
    for caller, refusal in ((teacher(role=ROLE + 1), InstructorOnly), (teacher(GuildId(701)), NoCourse)):
        for use in (
            exports.export(caller, START),
            exports.people(caller, START),
            exports.export_named(caller, {ANN: "Ann"}, START),
        ):
            with pytest.raises(refusal):
                await use
    assert await sqlite_course.everything() == before
