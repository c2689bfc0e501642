"""A student number is its member's own, once in a course, and a second claim is shown and not taken."""

import pytest
from sqlalchemy import select

from bot.coaching.cohort import Notice
from bot.coaching.errors import OldCard
from bot.coaching.ids import CohortId, GuildId
from bot.services.student_numbers import StudentNumber
from storage import student_numbers, tables
from tests.services.course import Course, member, teacher

ANN, BEN, CLEO = 10, 11, 12


async def course_id(course: Course) -> CohortId:
    return (await course.checkins.checkin(teacher(), 0, course.clock())).cohort.id


async def give(course: Course, user_id: int, written: str, *, dm: bool = False) -> StudentNumber:
    caller = member(user_id, dm=dm, audience="anyone")
    return await course.numbers.give(caller, await course_id(course), written)


async def test_first_to_give_a_number_has_it_and_the_next_is_a_claim(course: Course) -> None:
    await course.open(student_number=True)
    await course.join(ANN, BEN)
    assert (await give(course, ANN, " S-00123 ")).number == "S-00123"
    refused = await give(course, BEN, "s-00123", dm=True)
    assert (refused.number, refused.taken) == (None, True)
    (claim,) = (await course.checkins.checkin(teacher(), 0, course.clock())).claims
    assert (claim.number, claim.holder, claim.claimant) == ("S-00123", ANN, BEN)
    (note,) = await course.database.read(lambda tx: list(tx.scalars(select(tables.access_log.c.what).distinct())))
    assert note == "checkin", "both are told that they were seen"
    # Whoever was wrong corrects their own, and the claim is over.
    assert not (await give(course, ANN, "S-00124")).taken
    assert not (await course.checkins.checkin(teacher(), 0, course.clock())).claims
    assert (await give(course, BEN, "s-00123")).number == "s-00123"


async def number_of(course: Course, user_id: int) -> str | None:
    return (await course.numbers.mine(member(user_id, audience="anyone"), await course_id(course))).number


async def test_number_that_its_holder_lets_go_is_its_first_claimants(course: Course) -> None:
    await course.open(student_number=True)
    await course.join(ANN, BEN, CLEO)
    await give(course, ANN, "s2")
    for claimant in (BEN, CLEO):
        await give(course, claimant, "S2")
    await give(course, ANN, "s1")
    assert [await number_of(course, one) for one in (ANN, BEN, CLEO)] == ["s1", "s2", None]
    await give(course, BEN, "")
    assert [await number_of(course, one) for one in (ANN, BEN, CLEO)] == ["s1", None, "s2"]


async def test_number_let_go_does_not_replace_one_that_its_claimant_has(course: Course) -> None:
    await course.open(student_number=True)
    await course.join(ANN, BEN)
    await give(course, ANN, "s2")
    await give(course, BEN, "s3")
    await give(course, BEN, "s2")
    await give(course, ANN, "s1")
    assert await number_of(course, BEN) == "s3"


async def test_number_is_corrected_and_removed_by_its_member(course: Course) -> None:
    await course.open(student_number=True)
    await course.join(ANN, BEN)
    await give(course, ANN, "1")
    assert (await give(course, ANN, "1")).number == "1"
    assert (await give(course, ANN, "  ")).number is None
    assert not (await give(course, BEN, "1")).taken
    e = tables.enrolment.c
    found = await course.database.read(lambda tx: tx.execute(select(e.number_key, e.number_claimed)).all())
    assert {tuple(row) for row in found} == {(None, None), ("1", None)}


async def test_same_number_is_free_in_another_course(course: Course) -> None:
    await course.open(student_number=True)
    other = Course(course.database, course.content, GuildId(701), course.clock)
    await other.open(student_number=True)
    await course.join(ANN)
    await other.join(BEN)
    here = (await course.enrolment(ANN)).cohort_id
    there = (await other.enrolment(BEN)).cohort_id
    assert (await course.numbers.give(member(ANN, audience="anyone"), here, "7")).number == "7"
    assert not (await course.numbers.give(member(BEN, dm=True, audience="anyone"), there, "7")).taken
    assert await course.database.read(lambda tx: student_numbers.two_claims(tx, here)) == []


async def test_number_is_refused_where_the_course_does_not_ask(course: Course) -> None:
    await course.join(ANN)
    with pytest.raises(OldCard):
        await give(course, ANN, "1")
    await course.open(student_number=True)
    for caller in (member(BEN, audience="anyone"), member(BEN, dm=True, audience="anyone")):
        with pytest.raises(OldCard):
            await course.numbers.give(caller, await course_id(course), "1")
        with pytest.raises(OldCard):
            await course.numbers.mine(caller, None)


async def test_number_is_asked_for_once_at_join_or_next_command(course: Course) -> None:
    async def asked(user_id: int, *, joining: bool = False) -> bool:
        notices: list[Notice] = []
        if joining:
            await course.members.join(member(user_id, audience="anyone", notices=notices), None, course.clock())
        else:
            await course.nudges.settings(member(user_id, notices=notices), course.clock())
        return Notice.STUDENT_NUMBER in notices

    await course.join(ANN)
    await course.open(student_number=True)
    assert [await asked(ANN), await asked(ANN)] == [True, False]
    assert [await asked(BEN, joining=True), await asked(BEN)] == [True, False]
    # Switched off and on again, nobody is asked a second time.
    await course.open(student_number=False)
    await course.open(student_number=True)
    assert not await asked(ANN)
