"""Closing a course: what fell due is not lost, nothing more is sent, and what members kept stays readable to them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coaching.cohort import Audience
from bot.coaching.errors import ClosedAlready, CourseOver, InstructorOnly, ManagerOnly, NoCourse, NudgeGone
from bot.coaching.ids import CohortId, UserId
from bot.coaching.nudges import NudgeKey, NudgeKind, NudgeState, Recipient
from bot.services.cohort import SetupRequest
from bot.services.nudges import SettingsChange
from tests.services.course import DUE, TERM_START, WEEK, Course, at, manager, member, still_open, teacher
from tests.services.fakes import Answer

NEXT_TERM = SetupRequest("PLN 2", "2027-06-07", "2027-09-17", "Europe/Berlin", 55, register=False)


async def close(course: Course) -> CohortId:
    found = await course.closing.ending(manager(), course.clock())
    await course.closing.close(manager(), found.cohort.id, course.clock())
    return found.cohort.id


async def test_what_closing_means_is_said_before_and_changes_nothing(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, 11)
    before = await course.everything()
    found = await course.closing.ending(manager(), course.clock())
    assert (found.cohort.name, found.members, found.until) == ("PLN 1", 2, date(2027, 4, 16))
    assert await course.everything() == before


async def test_what_fell_due_gets_its_row_and_what_is_owed_is_skipped_with_the_reason(course: Course) -> None:
    await course.join(10, 11)
    course.clock.set(DUE)
    await course.rounds().round()
    await course.buttons.remind(member(10), await course.key(10), TERM_START + timedelta(days=3), course.clock())
    await course.join(12, channel=False)
    course.clock.set(DUE + WEEK)
    await close(course)
    rows = {(row.user_id, row.kind, row.period): (row.state, row.reason) for row in await course.rows()}
    week = (TERM_START + WEEK).isoformat()
    skipped = ("skipped", "term_over")
    assert rows[10, "weekly", week] == rows[11, "weekly", week] == rows[12, "weekly", week] == skipped
    assert rows[10, "reminder", TERM_START.isoformat()] == rows[12, "hello", "joined"] == skipped
    sent = len(course.messenger.messages)
    await course.rounds().round()
    course.clock.advance(5 * WEEK)
    await course.rounds().round()
    assert {message.key.kind for message in course.messenger.messages[sent:]} == {NudgeKind.PARCEL}
    assert not still_open([row for row in await course.rows() if row.kind != NudgeKind.PARCEL])


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_note_under_way_at_the_closing_is_looked_for_and_never_sent_again(
    course: Course, *, arrived: bool
) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.answers["send", UserId(10)].append(Answer.ANSWER_LOST if arrived else Answer.LOST)
    await course.rounds().round()
    await close(course)
    course.clock.advance(timedelta(minutes=1))
    await course.rounds().round()
    [row] = await course.weekly(10)
    assert (row.state, row.reason) == (("sent", None) if arrived else ("skipped", "term_over"))
    assert [one.key.kind for one in course.messenger.received(UserId(10))].count(NudgeKind.WEEKLY) == arrived


async def test_only_the_course_that_was_looked_at_is_closed_and_only_once(course: Course) -> None:
    await course.join(10)
    first = await close(course)
    before = await course.everything()
    with pytest.raises(ClosedAlready):
        await course.closing.close(manager(), first, course.clock())
    with pytest.raises(NoCourse):
        await course.closing.ending(manager(), course.clock())
    assert await course.everything() == before
    await course.cohorts.set_up(manager(), NEXT_TERM, course.clock())
    with pytest.raises(ClosedAlready):
        await course.closing.close(manager(), first, course.clock())
    assert (await course.cohorts.course(manager(), Audience.MANAGER)).name == "PLN 2"


async def test_closing_is_for_who_manages_the_server(sqlite_course: Course) -> None:
    course = sqlite_course
    nobody = replace(manager(), manages_guild=False)
    for caller in (nobody, replace(nobody, role_ids=frozenset({55}))):
        with pytest.raises(ManagerOnly):
            await course.closing.ending(caller, course.clock())
        with pytest.raises(ManagerOnly):
            await course.closing.close(caller, CohortId(1), course.clock())


async def test_a_new_term_set_up_over_one_that_ended_hands_out_its_parcels(course: Course) -> None:
    await course.join(10)
    course.clock.set(at(date(2027, 6, 7), 9))
    await course.cohorts.set_up(manager(), NEXT_TERM, course.clock())
    await course.rounds().round()
    assert course.messenger.received(UserId(10))[-1].key.kind is NudgeKind.PARCEL


# What stays readable


async def test_history_and_inbox_can_be_read_after_the_course_and_nothing_else_changes(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    course.messenger.always["send", UserId(10)] = Answer.CLOSED
    await course.rounds().round()
    await close(course)
    await course.rounds().round()
    for caller in (member(10), member(10, dm=True)):
        history = await course.nudges.history(caller, course.clock())
        assert [row.key.kind for row in history.rows][:2] == [NudgeKind.PARCEL, NudgeKind.WEEKLY]
        notes = await course.nudges.inbox(caller, course.clock())
        assert [(note.nudge.key.kind, [one.id for one in note.buttons]) for note in notes] == [
            (NudgeKind.PARCEL, ["parcel"]),
            (NudgeKind.WEEKLY, []),
        ]
        with pytest.raises(CourseOver, match="PLN 1"):
            await course.nudges.settings(caller, course.clock())
        with pytest.raises(CourseOver, match="PLN 1"):
            await course.nudges.change(caller, SettingsChange(on=False), course.clock())


async def test_the_buttons_of_an_old_note_say_that_the_course_is_over(course: Course) -> None:
    await course.join(10)
    course.clock.set(DUE)
    await course.rounds().round()
    key = await course.key(10)
    cohort_id = await close(course)
    before = await course.everything()
    meant = replace(member(10, dm=True), meant=cohort_id)
    for press in (
        course.buttons.done(meant, key, course.clock()),
        course.buttons.smaller(meant, key, course.clock()),
        course.nudges.why(meant, key, course.clock()),
        course.nudges.settings(meant, course.clock()),
        course.me.me(meant, course.clock()),
    ):
        with pytest.raises(CourseOver, match="PLN 1"):
            await press
    assert await course.everything() == before
    assert "PLN" not in (await course.nudges.note(meant, key, course.clock())).text


async def test_an_old_note_never_acts_on_the_course_that_came_after_it(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10)
    course.clock.set(DUE)
    await course.rounds().round()
    key = await course.key(10)
    cohort_id = await close(course)
    await course.cohorts.set_up(manager(), replace(NEXT_TERM, term_start="2027-02-22"), course.clock())
    await course.join(10)
    meant = replace(member(10, dm=True), meant=cohort_id)
    for press in (course.buttons.done(meant, key, course.clock()), course.nudges.settings(meant, course.clock())):
        with pytest.raises(CourseOver, match="PLN 1"):
            await press
    parcel, *_ = await course.nudges.inbox(member(10), course.clock())
    assert (parcel.nudge.key.kind, parcel.nudge.key.to.cohort_id) == (NudgeKind.PARCEL, cohort_id)


async def test_who_never_joined_a_closed_course_hears_what_they_heard_before(sqlite_course: Course) -> None:
    course = sqlite_course
    await close(course)
    with pytest.raises(NoCourse):
        await course.nudges.inbox(member(10), course.clock())


# What staff see


async def test_status_tells_of_a_closed_course_to_its_instructors_and_managers(course: Course) -> None:
    await course.join(10)
    await close(course)
    staff = replace(teacher(), audience=Audience.STAFF)
    status = await course.cohorts.status(staff, course.clock())
    assert status.cohort.closed_at == course.clock()
    assert status.last == status.cohort
    with pytest.raises(InstructorOnly):
        await course.cohorts.status(replace(staff, role_ids=frozenset()), course.clock())


async def test_a_digest_cannot_be_read_through_the_inbox(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(2)
    await course.digests.ask(teacher(), course.clock())
    course.messenger.has_roles[UserId(2)] = frozenset({55})
    course.messenger.always["send", UserId(2)] = Answer.CLOSED
    monday = TERM_START + WEEK
    course.clock.set(at(monday, 9))
    await course.rounds().round()
    [row] = await course.rows(2, NudgeKind.DIGEST)
    assert row.state == NudgeState.HELD
    key = NudgeKey(Recipient(CohortId(1), UserId(2)), NudgeKind.DIGEST, monday.isoformat())
    with pytest.raises(NudgeGone):
        await course.nudges.note(member(2), key, course.clock())
    notes = await course.nudges.inbox(member(2), course.clock())
    assert NudgeKind.DIGEST not in {note.nudge.key.kind for note in notes}
