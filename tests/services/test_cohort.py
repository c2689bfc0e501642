"""Setting a course up and changing it."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coaching.cohort import Audience
from bot.coaching.errors import (
    CourseAlreadyOpen,
    MissingCourseFacts,
    QuietHour,
    Refusal,
    TermEndsBeforeStart,
    TermTooLong,
    TextTooLong,
    UnknownZone,
    UnreadableDate,
)
from bot.services.cohort import DEFAULTS, DefaultsChange, SetupRequest
from bot.services.nudges import SettingsChange
from prompts import Content
from storage.database import Database
from tests.services.course import (
    DUE,
    START,
    TERM_END,
    WEEK,
    Course,
    at,
    counted_statements,
    manager,
    member,
    still_open,
    teacher,
)


async def test_course_opens_with_what_was_asked_and_the_defaults(database: Database, content: Content) -> None:
    cohort = await Course(database, content).open(name="  Networks   and me ", time_zone="europe/berlin")
    assert (cohort.name, cohort.zone, cohort.ends_on) == ("Networks and me", "Europe/Berlin", TERM_END)
    assert (cohort.nudge_day, cohort.nudge_hour, cohort.track) == (DEFAULTS.nudge_day, DEFAULTS.nudge_hour, None)


async def test_first_set_up_names_every_missing_option(sqlite_database: Database, content: Content) -> None:
    course = Course(sqlite_database, content)
    with pytest.raises(MissingCourseFacts) as caught:
        await course.cohorts.set_up(manager(), SetupRequest(name="PLN 1", term_start="2027-02-15"), START)
    assert "`term_end`, `time_zone`, `instructor_role`, `register`" in str(caught.value)


async def test_register_is_decided_anew_in_each_course(course: Course) -> None:
    await course.use_register()
    over = at(TERM_END + timedelta(days=3), 9)
    following = SetupRequest("PLN 2", term_start="2027-06-14", term_end="2027-09-17")
    with pytest.raises(MissingCourseFacts, match="`register`"):
        await course.cohorts.set_up(manager(), following, over)
    assert (await course.cohorts.course(manager(), Audience.MANAGER)).name == "PLN 1"
    opened = await course.cohorts.set_up(manager(), replace(following, register=False), over)
    assert (opened.name, opened.register) == ("PLN 2", False)
    changed = await course.cohorts.set_up(manager(), SetupRequest(register=True), over)
    assert (changed.name, changed.register) == ("PLN 2", True)


async def test_second_set_up_changes_what_is_named_and_keeps_the_rest(course: Course) -> None:
    before = await course.cohorts.course(manager(), Audience.MANAGER)
    after = await course.cohorts.set_up(manager(), SetupRequest(name="PLN 2"), START)
    assert (after.id, after.name) == (before.id, "PLN 2")
    assert (after.term, after.zone, after.instructor_role_id) == (
        before.term,
        before.zone,
        before.instructor_role_id,
    )


REFUSED_SETUPS: list[tuple[type[Refusal], SetupRequest]] = [
    (UnreadableDate, SetupRequest(name="New", term_start="soon")),
    (UnknownZone, SetupRequest(name="New", time_zone="Atlantis/Capital")),
    (TermEndsBeforeStart, SetupRequest(name="New", term_end="2027-02-15")),
    (TermTooLong, SetupRequest(name="New", term_end="2028-02-20")),
    (TextTooLong, SetupRequest(name="x" * 61)),
    (CourseAlreadyOpen, SetupRequest(name="New", term_start="2027-09-01", term_end="2027-12-01")),
]


@pytest.mark.parametrize(("refusal", "request_"), REFUSED_SETUPS)
async def test_refused_set_up_changes_nothing(course: Course, refusal: type[Refusal], request_: SetupRequest) -> None:
    await course.join(10)
    before = await course.everything()
    with pytest.raises(refusal):
        await course.cohorts.set_up(manager(), request_, START)
    assert await course.everything() == before


async def test_next_course_opens_after_the_term_and_old_rows_stay(course: Course) -> None:
    await course.join(10)
    old = await course.cohorts.course(manager(), Audience.MANAGER)
    course.clock.set(START + 20 * WEEK)
    new = await course.open(term_start="2027-09-06", term_end="2027-12-17", name="PLN autumn")
    assert new.id != old.id
    assert not (await course.join(10, channel=False)).again
    hellos = [row for row in await course.rows(10) if row.kind == "hello"]
    assert [row.state for row in hellos] == ["sent", "owed"]


async def test_what_fell_due_before_closing_still_has_its_row(course: Course) -> None:
    await course.join(10)
    course.clock.set(START + 20 * WEEK)
    await course.open(term_start="2027-09-06", term_end="2027-12-17")
    weekly = await course.weekly(10)
    assert len(weekly) == 16
    await course.rounds().round()
    rows = await course.weekly(10)
    assert still_open(rows) == []
    assert {(row.state, row.reason) for row in rows} == {("skipped", "term_over")}


async def test_changed_term_plans_everybody_anew(course: Course) -> None:
    await course.join(10, 11)
    course.clock.set(DUE)
    await course.rounds().round()
    await course.open(term_start="2027-02-15", term_end="2027-02-20")
    for user_id in (10, 11):
        assert (await course.nudges.settings(member(user_id), DUE)).enrolment.next_nudge is None
    await course.open(term_end="2027-07-30")
    for user_id in (10, 11):
        planned = (await course.nudges.settings(member(user_id), DUE)).enrolment.next_nudge
        assert planned is not None
        assert planned.week == date(2027, 2, 22)


async def test_set_up_and_overview_take_as_many_statements_for_any_class(
    course: Course,
) -> None:
    users = iter(range(10, 200))
    counts: list[tuple[int, int, int]] = []
    for size in (3, 60):
        await course.join(*(next(users) for _ in range(size)), channel=False)
        with counted_statements(course.database) as quiet_setup:
            await course.open(term_end=f"2027-06-{10 + size % 7}")
        course.clock.advance(WEEK)
        with counted_statements(course.database) as due_setup:
            await course.open(term_end=f"2027-07-{10 + size % 7}")
        with counted_statements(course.database) as overview:
            await course.views.overview(teacher(), course.clock())
        counts.append((len(quiet_setup), len(due_setup), len(overview)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 18


async def test_two_managers_at_once_open_one_course(database: Database, content: Content) -> None:
    course = Course(database, content)
    first, second = await asyncio.gather(course.open(), course.open())
    assert first.id == second.id


async def test_defaults_reach_later_members_only(course: Course) -> None:
    await course.join(10, channel=False)
    change = DefaultsChange(nudge_day=2, nudge_hour=10, track="health", expected_size=120, support_contact=" help@uni ")
    cohort = await course.cohorts.adjust(manager(), change, START)
    assert (cohort.track, cohort.expected_size, cohort.support_contact) == ("health", 120, "help@uni")
    late = await course.join(11, channel=False)
    assert (late.enrolment.wish.day, late.enrolment.wish.hour) == (2, 10)
    early = await course.nudges.settings(member(10), START)
    assert (early.enrolment.wish.day, early.enrolment.wish.hour) == (0, 16)


async def test_empty_default_is_removed_and_an_unnamed_one_stays(course: Course) -> None:
    await course.cohorts.adjust(
        manager(), DefaultsChange(nudge_day=6, track="health", expected_size=20, support_contact="me"), START
    )
    cohort = await course.cohorts.adjust(
        manager(), DefaultsChange(track="", expected_size=0, support_contact=""), START
    )
    assert (cohort.nudge_day, cohort.track, cohort.expected_size, cohort.support_contact) == (6, None, None, "")


@pytest.mark.parametrize(
    ("refusal", "change"),
    [
        (QuietHour, DefaultsChange(nudge_day=3, nudge_hour=21)),
        (Refusal, DefaultsChange(nudge_day=3, track="astrology")),
        (TextTooLong, DefaultsChange(nudge_day=3, support_contact="x" * 121)),
    ],
)
async def test_refused_default_changes_nothing(course: Course, refusal: type[Refusal], change: DefaultsChange) -> None:
    before = await course.everything()
    with pytest.raises(refusal):
        await course.cohorts.adjust(manager(), change, START)
    assert await course.everything() == before


async def test_changed_term_plans_nothing_for_who_turned_nudges_off(course: Course) -> None:
    await course.join(10)
    await course.nudges.change(member(10), SettingsChange(on=False), START)
    await course.open(term_end=(TERM_END + timedelta(days=30)).isoformat())
    assert (await course.nudges.settings(member(10), START)).enrolment.next_nudge is None
