from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.cohort import (
    Audience,
    Caller,
    Cohort,
    Enrolment,
    Membership,
    authorize,
    checked_term,
)
from bot.coaching.errors import (
    InstructorOnly,
    InstructorRoleMissing,
    ManagerOnly,
    NoCourse,
    NotJoined,
    NotJoinedAnywhere,
    Refusal,
    ServerOnly,
    TermEndsBeforeStart,
    TermTooLong,
)
from bot.coaching.ids import CohortId, EnrolmentId, GuildId, UserId
from bot.coaching.weeks import Wish

SERVER = GuildId(10)
ROLE = 77

COURSE = Cohort(
    id=CohortId(1),
    guild_id=SERVER,
    name="Careers 101",
    zone="Europe/Berlin",
    starts_on=date(2027, 2, 15),
    ends_on=date(2027, 6, 4),
    instructor_role_id=ROLE,
    nudge_day=0,
    nudge_hour=16,
    track=None,
    expected_size=None,
    support_contact=None,
)
PLACE = Enrolment(
    id=EnrolmentId(1),
    cohort_id=CohortId(1),
    user_id=UserId(5),
    joined_at=datetime(2027, 2, 15, 9, tzinfo=UTC),
    active_at=datetime(2027, 2, 15, 9, tzinfo=UTC),
    wish=Wish(0, 16, "Europe/Berlin"),
    nudges_on=True,
    pause_until=None,
    next_nudge=None,
)
SOMEBODY = Caller(UserId(5), Audience.ANYONE, SERVER, frozenset(), manages_guild=False, dm_channel_id=None)
TEACHER = replace(SOMEBODY, role_ids=frozenset({3, ROLE}))
MANAGER = replace(SOMEBODY, manages_guild=True)
IN_DM = replace(SOMEBODY, guild_id=None)
DM_TEACHER = replace(TEACHER, guild_id=None)

OK = None
# situation: (caller, course, place), then what an audience of anyone, member, instructor, manager, staff answers
ADMISSION = {
    "a stranger without a course": ((SOMEBODY, None, None), (OK, NoCourse, NoCourse, ManagerOnly, InstructorOnly)),
    "a stranger": ((SOMEBODY, COURSE, None), (OK, NotJoined, InstructorOnly, ManagerOnly, InstructorOnly)),
    "a member": ((SOMEBODY, COURSE, PLACE), (OK, OK, InstructorOnly, ManagerOnly, InstructorOnly)),
    "an instructor": ((TEACHER, COURSE, None), (OK, NotJoined, OK, ManagerOnly, OK)),
    "an instructor who joined": ((TEACHER, COURSE, PLACE), (OK, OK, OK, ManagerOnly, OK)),
    "an instructor after the course": ((TEACHER, None, None), (OK, NoCourse, NoCourse, ManagerOnly, InstructorOnly)),
    "a manager without a course": ((MANAGER, None, None), (OK, NoCourse, NoCourse, OK, OK)),
    "a manager beside a course": ((MANAGER, COURSE, None), (OK, NotJoined, InstructorRoleMissing, OK, OK)),
    "a manager who joined": ((MANAGER, COURSE, PLACE), (OK, OK, InstructorRoleMissing, OK, OK)),
    "a manager who teaches": ((replace(TEACHER, manages_guild=True), COURSE, None), (OK, NotJoined, OK, OK, OK)),
    "a stranger in the DM": ((IN_DM, None, None), (OK, NotJoinedAnywhere, ServerOnly, ServerOnly, ServerOnly)),
    "a member in the DM": ((IN_DM, COURSE, PLACE), (OK, OK, ServerOnly, ServerOnly, ServerOnly)),
    "a teacher in the DM": ((DM_TEACHER, COURSE, PLACE), (OK, OK, ServerOnly, ServerOnly, ServerOnly)),
}  # fmt: skip
AUDIENCES = tuple(Audience)


@pytest.mark.parametrize(
    ("situation", "audience", "refusal"),
    [
        (situation, audience, refusal)
        for situation, (_, answers) in ADMISSION.items()
        for audience, refusal in zip(AUDIENCES, answers, strict=True)
    ],
)
def test_each_audience_authorizes_its_own_and_tells_others_why(
    situation: str, audience: Audience, refusal: type[Refusal] | None
) -> None:
    (caller, cohort, enrolment), _ = ADMISSION[situation]
    asked = replace(caller, audience=audience)
    if refusal is None:
        member = authorize(asked, audience, cohort=cohort, enrolment=enrolment)
        assert member == (Membership(cohort, enrolment) if cohort and enrolment else None)
        return
    with pytest.raises(Refusal) as refused:
        authorize(asked, audience, cohort=cohort, enrolment=enrolment)
    assert type(refused.value) is refusal


def test_the_instructor_role_of_another_course_opens_nothing() -> None:
    with pytest.raises(InstructorOnly):
        authorize(
            replace(TEACHER, audience=Audience.INSTRUCTOR),
            Audience.INSTRUCTOR,
            cohort=replace(COURSE, instructor_role_id=ROLE + 1),
        )


def test_service_made_for_another_audience_fails_loudly() -> None:
    with pytest.raises(RuntimeError, match="declared for anyone, used for member or manager or instructor"):
        authorize(SOMEBODY, Audience.MEMBER, Audience.STAFF, cohort=COURSE)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-400, 800))
def test_a_term_runs_for_one_day_to_one_year(starts_on: date, days: int) -> None:
    ends_on = starts_on + timedelta(days=days)
    if days <= 0:
        with pytest.raises(TermEndsBeforeStart, match=f"{starts_on:%A} {starts_on.day} {starts_on:%B %Y}"):
            checked_term(starts_on, ends_on)
    elif days > 366:
        with pytest.raises(TermTooLong):
            checked_term(starts_on, ends_on)
    else:
        assert checked_term(starts_on, ends_on) == (starts_on, ends_on)
