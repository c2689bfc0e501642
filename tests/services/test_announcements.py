"""Announcements: a week's step is posted on its Monday in the course's channel, once, or the reason is kept."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.coaching.cohort import Audience, Caller, Cohort
from bot.coaching.errors import InstructorOnly, NoCourseChannel, OldCard
from bot.coaching.ids import ChannelId, CohortId, GuildId
from bot.coaching.nudges import EVERYBODY, NudgeKind, NudgeState, Reason
from bot.coaching.weeks import BreakKind
from bot.coaching.zones import zone_names
from bot.services import announcements as rules
from bot.services.announcements import AnnouncementService, next_monday
from bot.services.cohort import BreakRequest
from storage import announcements, retention, tables
from storage.erasure import erase_account
from tests.services.course import START, TERM_START, WEEK, Course, at, manager, member
from tests.services.fakes import Answer

CHANNEL = ChannelId(4242)
SECOND, THIRD = TERM_START + WEEK, TERM_START + 2 * WEEK


def staff() -> Caller:
    caller = manager()
    return Caller(caller.user_id, Audience.STAFF, caller.guild_id, frozenset(), manages_guild=True, dm_channel_id=None)


@pytest.fixture
async def service(course: Course) -> AnnouncementService:
    """A course with a plan of four weeks that announces them from the second on."""
    await course.open(channel_id=CHANNEL)
    await course.use_plan()
    found = AnnouncementService(course.database)
    await found.switch(staff(), START, on=True)
    return found


async def posts(course: Course) -> list[tuple[str, str, str | None]]:
    n = tables.nudge.c
    columns = (n.period, n.state, n.reason)
    asked = select(*columns).where(n.channel_id.is_not(None)).order_by(n.period)
    return [(row[0], row[1], row[2]) for row in await course.database.read(lambda tx: tx.execute(asked).all())]


async def pass_to(course: Course, moment: datetime) -> None:
    course.clock.set(moment)
    await course.rounds().round()


async def test_a_week_is_posted_once_on_its_monday_at_nine(course: Course, service: AnnouncementService) -> None:
    await pass_to(course, at(SECOND, 8, 59))
    assert course.messenger.messages == []
    for minutes in (0, 1, 30):
        await pass_to(course, at(SECOND, 9, minutes))
    [post] = course.messenger.messages
    assert post.text == (
        "**Week 2: Ask**\nAnswer one person in the course's channel (about 15 min, due Friday 26 February)\n"
        "Another way to the same ✓: On paper"
    )
    assert post.buttons == ("this_week",)
    assert (post.key.to.user_id, post.key.to.channel_id, post.key.kind) == (
        EVERYBODY,
        CHANNEL,
        NudgeKind.ANNOUNCEMENT,
    )
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.SENT, None)]
    await pass_to(course, at(THIRD, 9))
    assert len(course.messenger.messages) == 2


async def test_nothing_is_posted_in_a_break_or_of_a_week_that_is_left_out(
    course: Course, service: AnnouncementService
) -> None:
    await course.cohorts.add_break(staff(), BreakRequest(BreakKind.BREAK, SECOND.isoformat(), None), START)
    shown = await service.show(staff(), START)
    assert shown.week is not None
    assert shown.week.week == THIRD
    await service.skip(staff(), shown.week.id, START, skipped=True)
    for monday in (SECOND, THIRD, THIRD + WEEK, THIRD + 2 * WEEK):
        await pass_to(course, at(monday, 9))
    assert await posts(course) == [((THIRD + WEEK).isoformat(), NudgeState.SENT, None)]


async def test_an_outage_of_weeks_brings_no_burst_and_leaves_the_reasons(
    course: Course, service: AnnouncementService
) -> None:
    await pass_to(course, at(THIRD, 12))
    [post] = course.messenger.messages
    assert post.key.period == THIRD.isoformat()
    assert "meant for Monday at 09:00" in post.text
    assert await posts(course) == [
        (SECOND.isoformat(), NudgeState.SKIPPED, Reason.TOO_LATE),
        (THIRD.isoformat(), NudgeState.SENT, None),
    ]


async def test_missing_permissions_hold_the_post_until_it_is_posted_again(
    course: Course, service: AnnouncementService
) -> None:
    course.messenger.missing = ("Send Messages",)
    await pass_to(course, at(SECOND, 9))
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.HELD, Reason.NO_PERMISSION)]
    assert (await service.show(staff(), course.clock())).may_post
    course.messenger.missing = ()
    course.clock.advance(timedelta(hours=2))
    assert not (await service.post_now(staff(), course.clock())).may_post
    await course.rounds().round()
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.SENT, None)]
    with pytest.raises(OldCard):
        await service.post_now(staff(), course.clock())
    assert len(course.messenger.messages) == 1


@pytest.mark.parametrize("answer", [Answer.GONE, Answer.CLOSED])
async def test_a_channel_that_takes_no_post_holds_it_and_no_member(
    course: Course, service: AnnouncementService, answer: Answer
) -> None:
    course.messenger.always["send", EVERYBODY] = answer
    await pass_to(course, at(SECOND, 9))
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.HELD, Reason.NO_PERMISSION)]


async def test_a_post_whose_answer_was_lost_is_found_in_the_channel(
    course: Course, service: AnnouncementService
) -> None:
    course.messenger.answers["send", EVERYBODY].append(Answer.ANSWER_LOST)
    await pass_to(course, at(SECOND, 9))
    await pass_to(course, at(SECOND, 9, 30))  # Discord has forgotten the nonce
    assert len(course.messenger.messages) == 1
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.SENT, None)]


async def test_what_discord_does_not_say_of_a_channel_is_asked_again(
    course: Course, service: AnnouncementService
) -> None:
    course.messenger.answers["permissions", EVERYBODY].append(Answer.NOT_SENT)
    await pass_to(course, at(SECOND, 9))
    assert course.messenger.messages == []
    await pass_to(course, at(SECOND, 9, 10))
    assert len(course.messenger.messages) == 1


async def test_another_channel_takes_the_place_of_the_first(course: Course, service: AnnouncementService) -> None:
    course.messenger.answers["permissions", EVERYBODY].append(Answer.NOT_SENT)
    await pass_to(course, at(SECOND, 9))
    await course.open(channel_id=ChannelId(4343))
    await pass_to(course, at(SECOND, 9, 30))
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.SKIPPED, Reason.WITHDRAWN)]
    await pass_to(course, at(THIRD, 9))
    assert [post.key.to.channel_id for post in course.messenger.messages] == [ChannelId(4343)]


async def test_a_post_that_is_due_survives_set_up_and_the_switch(course: Course, service: AnnouncementService) -> None:
    course.clock.set(at(SECOND, 9))
    await course.open(channel_id=CHANNEL)
    await service.switch(staff(), course.clock(), on=True)
    await course.rounds().round()
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.SENT, None)]


async def test_the_week_that_runs_may_be_posted_now_and_once(course: Course, service: AnnouncementService) -> None:
    assert (await service.show(staff(), START)).may_post
    for _ in range(2):
        with suppress(OldCard):
            await service.post_now(staff(), course.clock())
        await course.rounds().round()
    assert await posts(course) == [(TERM_START.isoformat(), NudgeState.SENT, None)]
    assert not (await service.show(staff(), course.clock())).may_post


async def test_a_week_is_not_offered_again_in_a_channel_that_has_it(
    course: Course, service: AnnouncementService
) -> None:
    offered: list[bool] = []
    for channel in (CHANNEL, ChannelId(4343), CHANNEL):
        await course.open(channel_id=channel)
        offered.append((await service.show(staff(), course.clock())).may_post)
        if offered[-1]:
            await service.post_now(staff(), course.clock())
            await course.rounds().round()
        course.clock.advance(timedelta(minutes=5))
    assert offered == [True, True, False]
    assert len(course.messenger.messages) == 2


async def test_a_post_that_came_too_late_may_still_be_posted(course: Course, service: AnnouncementService) -> None:
    await pass_to(course, at(SECOND + timedelta(days=2), 12))
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.SKIPPED, Reason.TOO_LATE)]
    await service.post_now(staff(), course.clock())
    await course.rounds().round()
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.SENT, None)]


async def test_switched_off_nothing_is_posted(course: Course, service: AnnouncementService) -> None:
    shown = await service.switch(staff(), START, on=False)
    assert not shown.cohort.announce
    await pass_to(course, at(SECOND, 9))
    assert await posts(course) == []


async def test_posts_outlive_an_erased_member_and_go_with_their_course(
    course: Course, service: AnnouncementService
) -> None:
    await course.join(10)
    await pass_to(course, at(SECOND, 9))
    await course.database.transact(lambda tx: erase_account(tx, member(10).user_id))
    assert await posts(course) == [(SECOND.isoformat(), NudgeState.SENT, None)]
    cohort = (await service.show(staff(), course.clock())).cohort
    await course.database.transact(lambda tx: retention.finish(tx, cohort.id, course.clock()))
    assert await posts(course) == []


async def test_a_course_without_a_channel_and_a_member_are_refused(course: Course) -> None:
    await course.open()
    service = AnnouncementService(course.database)
    with pytest.raises(NoCourseChannel):
        await service.switch(staff(), START, on=True)
    with pytest.raises(InstructorOnly):
        await service.show(member(10, audience="manager or instructor"), START)


async def test_processes_that_look_at_once_owe_one_post(course: Course, service: AnnouncementService) -> None:
    now = at(SECOND, 9)
    course.clock.set(now)
    [due] = await course.database.read(lambda tx: announcements.due(tx, now))
    for _ in range(2):
        await course.database.transact(lambda tx: rules.owe_due(tx, due, now))
    assert [period for period, _, _ in await posts(course)] == [SECOND.isoformat()]


async def test_new_time_zone_data_move_the_planned_post(course: Course, service: AnnouncementService) -> None:
    c = tables.cohort.c
    off = at(SECOND, 9) + timedelta(hours=1)
    await course.database.transact(lambda tx: tx.execute(update(tables.cohort).values(next_announcement_at=off)))
    await course.database.transact(rules.time_anew)
    planned = await course.database.read(lambda tx: tx.scalar(select(c.next_announcement_at)))
    assert planned == at(SECOND, 9)


@given(
    st.sampled_from(sorted(zone_names())),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30), timezones=st.just(ZoneInfo("UTC"))),  # noqa: DTZ001
)
def test_the_next_post_is_the_first_monday_at_nine_by_the_courses_clock(
    zone: str, starts_on: date, after: datetime
) -> None:
    cohort = Cohort(
        CohortId(1), GuildId(1), "x", zone, starts_on, starts_on + timedelta(days=100), 1, 0, 16, None, None, None
    )
    found = next_monday(cohort, after)
    if found is None:
        assert after.astimezone(ZoneInfo(zone)).date() + timedelta(days=7) > cohort.ends_on
        return
    local = found.astimezone(ZoneInfo(zone))
    assert (local.weekday(), local.hour) == (0, 9)
    assert found > after
    first = found - timedelta(days=8)
    assert first < after or local.date() - timedelta(days=7) < starts_on
