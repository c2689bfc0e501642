"""The digest reaches those instructors who asked for it, who still teach, once a week."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.coaching.cohort import Audience
from bot.coaching.ids import CohortId
from bot.coaching.nudges import NudgeKind, NudgeState
from bot.coaching.weeks import BreakKind
from bot.services.cohort import BreakRequest
from bot.services.digest import owe_digests
from tests.services.course import TEACHER, TERM_END, TERM_START, WEEK, Course, Row, at, manager, member, teacher
from tests.services.crashes import LEASE_OVER, crashed_round
from tests.services.fakes import Answer

MONDAY = TERM_START + WEEK
TURN = at(MONDAY, 8)


async def asked(course: Course) -> None:
    """Let the instructor ask for the digest; their DM channel is known, and so are their roles."""
    course.messenger.has_roles[TEACHER] = frozenset({55})
    await course.digests.ask(teacher(), course.clock())
    course.messenger.has_open(TEACHER)


async def cohort_id(course: Course) -> CohortId:
    return (await course.digests.show(teacher(), course.clock())).cohort.id


async def digests(course: Course) -> list[Row]:
    return await course.rows(TEACHER, NudgeKind.DIGEST)


async def turned(course: Course, moment: datetime = TURN) -> None:
    course.clock.set(moment)
    await course.rounds().round()


async def test_instructor_gets_the_digest_once_each_monday(course: Course) -> None:
    await course.join(10)
    await asked(course)
    for week in (1, 2):
        for minutes in (0, 1, 30):
            await turned(course, at(TERM_START + week * WEEK, 8, minutes))
    assert [one.key.period for one in course.messenger.received(TEACHER)] == ["2027-02-22", "2027-03-01"]
    first = course.messenger.received(TEACHER)[0]
    assert first.at == TURN
    assert first.buttons == ("digest_stop",)
    assert first.text.endswith("Not for grading.")
    assert len(first.text) <= 1500


async def test_asking_needs_no_enrolment_and_makes_none(course: Course) -> None:
    await asked(course)
    wish = await course.digests.show(teacher(), course.clock())
    assert (wish.wanted, wish.next_at) == (True, TURN)
    assert [len(rows) for name, rows in (await course.everything()).items() if name in {"account", "enrolment"}] == [
        1,
        0,
    ]


async def test_former_instructor_is_skipped_and_unsubscribed(course: Course) -> None:
    await asked(course)
    course.messenger.has_roles[TEACHER] = frozenset()
    await turned(course)
    [row] = await digests(course)
    assert (row.state, row.reason) == ("skipped", "not_staff")
    assert course.messenger.received(TEACHER) == []
    assert (await course.digests.show(teacher(), course.clock())).wanted is False
    course.messenger.has_roles[TEACHER] = frozenset({55})
    await turned(course, TURN + WEEK)
    assert len(await digests(course)) == 1


async def test_unclear_answer_about_the_role_is_asked_for_again(course: Course) -> None:
    await asked(course)
    course.messenger.answers["look up", TEACHER].extend([Answer.LOST, Answer.NOT_SENT])
    await turned(course)
    assert course.messenger.received(TEACHER) == []
    for _ in range(4):
        course.clock.advance(LEASE_OVER * 2)
        await course.rounds().round()
    assert len(course.messenger.received(TEACHER)) == 1
    [row] = await digests(course)
    assert row.state == NudgeState.SENT


async def test_stop_between_owing_and_sending_is_obeyed(course: Course) -> None:
    await course.join(10)
    await asked(course)
    course.clock.set(TURN)
    owing = await course.cohorts.course(manager(), Audience.MANAGER)
    await course.database.transact(lambda tx: owe_digests(tx, owing, TURN))
    assert [row.state for row in await digests(course)] == ["owed"]
    stopper = replace(member(TEACHER, dm=True), audience=Audience.ANYONE)
    await course.digests.stop(stopper, await cohort_id(course))
    await course.digests.stop(stopper, await cohort_id(course))
    await course.rounds().round()
    assert [(row.state, row.reason) for row in await digests(course)] == [("skipped", "turned_off")]
    assert course.messenger.received(TEACHER) == []


async def test_stop_removes_the_pressers_own_wish_alone(course: Course) -> None:
    await asked(course)
    await course.digests.stop(replace(member(99), audience=Audience.ANYONE), CohortId(1))
    await course.digests.stop(replace(member(TEACHER), audience=Audience.ANYONE), CohortId(2))
    assert (await course.digests.show(teacher(), course.clock())).wanted


async def test_no_digest_before_week_two_after_breaks_or_after_term(
    course: Course,
) -> None:
    await asked(course)
    request = BreakRequest(BreakKind.BREAK, "2027-03-15", "2027-03-28")
    await course.cohorts.add_break(replace(manager(), audience=Audience.STAFF), request, course.clock())
    monday = TERM_START
    while monday < TERM_END + 4 * WEEK:
        await turned(course, at(monday, 9))
        monday += WEEK
    weeks = [row.period for row in await digests(course)]
    assert weeks[:5] == ["2027-02-22", "2027-03-01", "2027-03-08", "2027-03-15", "2027-04-05"]
    assert weeks[-1] == "2027-06-07"


async def test_digest_over_a_day_late_is_skipped(course: Course) -> None:
    await asked(course)
    await turned(course, at(MONDAY + timedelta(days=2), 9))
    [row] = await digests(course)
    assert (row.state, row.reason) == ("skipped", "too_late")


@pytest.mark.parametrize("steps", range(0, 40, 3))
async def test_process_dying_anywhere_sends_digest_and_parcel_once(course: Course, steps: int) -> None:
    await course.join(10)
    await asked(course)
    course.clock.set(TURN)
    await crashed_round(course, steps)
    course.clock.advance(2 * LEASE_OVER)
    await course.rounds("b").round()
    await course.closing.close(manager(), CohortId(1), course.clock())
    await crashed_round(course, steps, "c")
    course.clock.advance(2 * LEASE_OVER)
    await course.rounds("d").round()
    kinds = [one.key.kind for one in course.messenger.messages]
    assert (kinds.count(NudgeKind.DIGEST), kinds.count(NudgeKind.PARCEL)) == (1, 1)
    assert {row.state for row in await course.rows()} <= {"sent", "skipped"}
