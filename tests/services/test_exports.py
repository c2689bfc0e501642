"""Files for a spreadsheet: who is in them, under what name, and that each of them can read it."""

import csv
from collections.abc import Mapping
from io import StringIO

import pytest

from bot.coaching.cohort import Access
from bot.coaching.errors import InstructorOnly, NoCourse
from bot.coaching.ids import GuildId, UserId
from bot.services.exports import FACTS, LEFT, NOT_READ, REGISTER_FILE, WEEKS_FILE, Export, ExportService, ExportWish
from prompts import Content
from storage import members
from tests.services.course import (
    ROLE,
    START,
    TEACHER,
    TERM_START,
    WEEK,
    Course,
    at,
    counted_statements,
    manager,
    member,
    queries,
    teacher,
)
from tests.services.test_class_statistics import log_something

ANN, BEN, CEM = UserId(10), UserId(11), UserId(12)
NAMES = ExportWish()
REFS = ExportWish(names=False)
MONDAY = at(TERM_START + WEEK, 8)


def service(course: Course) -> ExportService:
    return ExportService(course.database, course.content)


async def exported(
    course: Course,
    names: Mapping[UserId, str | None] | None = None,
    wish: ExportWish | None = None,
    roles: Mapping[int, str] | None = None,
) -> Export:
    wish = wish or (REFS if names is None else NAMES)
    return await service(course).export(teacher(course.guild_id), wish, names or {}, roles or {}, course.clock())


def rows(value: Export, name: str = REGISTER_FILE, separator: str = ",") -> list[dict[str, str]]:
    (content,) = [one.content for one in value.files if one.name == name]
    text = content.decode("utf-8-sig")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=separator))


async def leave(course: Course, user_id: UserId) -> None:
    gone = (await course.enrolment(user_id)).id
    await course.database.transact(lambda tx: members.set_aside(tx, gone, START))


async def test_without_a_register_the_class_by_weeks_is_all_there_is(course: Course) -> None:
    await course.join(ANN, channel=False)
    value = await exported(course, {ANN: "Ann"})
    assert [one.name for one in value.files] == [WEEKS_FILE]
    assert await service(course).named(teacher(), START) == ([], [])
    assert await course.accesses_to(ANN) == []


async def test_the_register_has_names_in_their_order_and_ids_as_text(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, BEN, CEM, channel=False)
    await course.set_goal(BEN)
    assert await service(course).named(teacher(), START) == ([ANN, BEN, CEM], [])
    found = rows(await exported(course, {ANN: "zoe", BEN: "Kim", CEM: "Kim"}))
    assert list(found[0]) == ["name", "account", *FACTS]
    assert [(row["name"], row["account"], row["goal"]) for row in found] == [
        ("Kim", "id 11", "yes"),
        ("Kim", "id 12", "no"),
        ("zoe", "id 10", "no"),
    ]


async def test_pseudonyms_stand_in_their_order_and_name_nobody(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, BEN, channel=False)
    found = rows(await exported(course))
    assert list(found[0]) == ["member_ref", *FACTS]
    refs = [row["member_ref"] for row in found]
    assert refs == sorted(refs)
    for user_id in (ANN, BEN):
        assert (await course.enrolment(user_id)).id not in refs
    await course.join(CEM, channel=False)
    assert set(refs) < {row["member_ref"] for row in rows(await exported(course))}


async def test_student_numbers_stand_as_text_beside_names_alone_and_where_asked_for(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.use_register()
    await course.open(student_number=True)
    await course.join(ANN, BEN, channel=False)
    here = (await course.enrolment(ANN)).cohort_id
    await course.numbers.give(member(ANN, audience="anyone"), here, "00123")
    found = rows(await exported(course, {ANN: "Ann", BEN: "Ben"}))
    assert [row["student_number"] for row in found] == ['="00123"', ""]
    assert "student_number" not in rows(await exported(course))[0]
    await course.open(student_number=False)
    assert "student_number" not in rows(await exported(course, {ANN: "Ann"}))[0]


async def test_a_pseudonym_is_another_in_another_course(sqlite_course: Course, content: Content) -> None:
    other = Course(sqlite_course.database, content, GuildId(701))
    await other.open()
    refs: list[str] = []
    for course in (sqlite_course, other):
        await course.use_register()
        await course.join(ANN, channel=False)
        refs += [row["member_ref"] for row in rows(await exported(course))]
    assert len(set(refs)) == 2


async def test_semicolons_stand_between_cells_where_they_are_wanted(sqlite_course: Course) -> None:
    await sqlite_course.use_register()
    await sqlite_course.join(ANN, channel=False)
    value = await exported(sqlite_course, {ANN: "Ann; B"}, ExportWish(separator=";"))
    (row,) = rows(value, separator=";")
    assert (row["name"], row["account"]) == ("Ann; B", "id 10")


async def test_every_member_with_a_visible_row_reads_that_a_file_was_made(course: Course) -> None:
    await course.join(CEM, channel=False)
    await course.use_register()
    await course.join(ANN, channel=False)
    assert len(rows(await exported(course))) == 1
    await exported(course, {ANN: "Ann"})
    found = {(one.by, one.what) for one in await course.accesses_to(ANN)}
    assert found == {(TEACHER, Access.EXPORT), (TEACHER, Access.NAMED_EXPORT)}
    assert await course.accesses_to(CEM) == []


async def test_who_left_is_marked_and_who_was_erased_is_gone(course: Course) -> None:
    await course.use_register()
    await course.join(ANN, BEN, CEM, channel=False)
    await leave(course, ANN)
    assert sorted(row["left"] for row in rows(await exported(course))) == ["no", "no", "yes"]
    found = rows(await exported(course, {ANN: None, BEN: None}))
    assert {row["account"]: (row["name"], row["left"]) for row in found} == {
        "id 10": (LEFT, "yes"),
        "id 11": (LEFT, "yes"),
        "id 12": (NOT_READ, "no"),
    }
    back = rows(await exported(course, {ANN: "Ann", BEN: "Ben", CEM: "Cem"}))
    assert [row["left"] for row in back] == ["no", "no", "no"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@me", "\t=1", " =1", "＝1", "a;=1", "3E5", "00123"])
async def test_a_name_is_text_and_never_a_formula(sqlite_course: Course, name: str) -> None:
    await sqlite_course.use_register()
    await sqlite_course.join(ANN, channel=False)
    (row,) = rows(await exported(sqlite_course, {ANN: name}))
    assert row["name"].startswith('="') == any(sign.isdigit() for sign in name)
    assert row["name"].replace("'", "").removeprefix('="').removesuffix('"') == name


async def test_names_are_kept_nowhere(sqlite_course: Course) -> None:
    await sqlite_course.use_register()
    await sqlite_course.join(ANN, channel=False)
    await exported(sqlite_course, {ANN: "Annegret the Unmistakable"})
    assert "Unmistakable" not in str(await sqlite_course.everything())


async def test_weeks_are_exact_with_a_register_and_withheld_without(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(*range(10, 22), channel=False)
    for user_id in range(10, 13):
        await log_something(course, user_id)
    course.clock.set(MONDAY)
    await course.rounds().round()
    (week,) = rows(await exported(course), WEEKS_FILE)
    assert (week["week"], week["section"], week["members"]) == (TERM_START.isoformat(), "", "12")
    assert (week["active"], week["goal"], week["exchange"]) == ("fewer than 5",) * 3
    assert week["note_sent"] == "fewer than 5"
    course.clock.set(START - WEEK)
    await course.use_register()
    await course.tell_of_register()
    course.clock.set(MONDAY)
    (week,) = rows(await exported(course), WEEKS_FILE)
    assert (week["active"], week["goal"], week["exchange"]) == ("3", "0", "fewer than 5")


async def test_sections_stand_in_the_weeks_where_every_cell_passes(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.views.set_sections(manager(), [5, 7])
    await course.join(*range(10, 34), channel=False)
    for user_id in range(10, 34):
        here = (await course.enrolment(user_id)).id
        await course.put_in_section(here, 5 if user_id % 2 else 7)
    for user_id in range(10, 24):
        await log_something(course, user_id)
    course.clock.set(MONDAY)
    await course.rounds().round()
    whole, *sections = rows(await exported(course, roles={5: "Tuesday", 7: "Thursday"}), WEEKS_FILE)
    assert whole["active"] == "14"
    assert [(one["section"], one["members"], one["active"], one["goal"]) for one in sections] == [
        ("Tuesday", "12", "7", ""),
        ("Thursday", "12", "7", ""),
    ]


async def test_an_export_needs_as_many_statements_for_many_as_for_few(course: Course) -> None:
    await course.use_register()
    counts: list[int] = []
    for last in (12, 40):
        await course.join(*range(10, last), channel=False)
        course.clock.set(course.clock() + WEEK)
        with counted_statements(course.database) as statements:
            await exported(course)
        counts.append(len(queries(statements)))
    assert counts[0] == counts[1]


async def test_only_an_instructor_of_the_course_gets_a_file(sqlite_course: Course) -> None:
    await sqlite_course.use_register()
    await sqlite_course.join(ANN, channel=False)
    before = await sqlite_course.everything()
    exports = service(sqlite_course)
    for caller, refusal in (
        (teacher(role=ROLE + 1), InstructorOnly),
        (teacher(GuildId(701)), NoCourse),
    ):
        for use in (exports.export(caller, NAMES, {ANN: "Ann"}, {}, START), exports.named(caller, START)):
            with pytest.raises(refusal):
                await use
    assert await sqlite_course.everything() == before
