"""Membership: who is meant, and who is refused."""

import pytest

from bot.coaching.errors import NoCourse, NotJoined, NotJoinedAnywhere, NotYourCard, NudgeGone, ServerOnly
from bot.coaching.ids import GuildId
from tests.services.course import DUE, START, Course, member, teacher


async def test_command_before_joining_says_where_to_begin(course: Course) -> None:
    for caller, refusal in (
        (member(10), NotJoined),
        (member(10, guild_id=GuildId(999)), NoCourse),
        (member(10, dm=True), NotJoinedAnywhere),
    ):
        with pytest.raises(refusal):
            await course.me.me(caller, START)


async def test_command_in_the_dm_tells_the_channel(course: Course) -> None:
    await course.join(10, channel=False)
    await course.me.me(member(10, dm=True), START)
    course.messenger.has_open(member(10).user_id)
    await course.rounds().round()
    assert course.messenger.asked("open") == []
    assert [row.state for row in await course.rows(10)] == ["sent"]


async def test_nudge_of_another_member_or_unknown_one_is_refused(course: Course) -> None:
    await course.join(10, 11)
    course.clock.set(DUE)
    await course.rounds().round()
    before = await course.everything()
    key = await course.key(10)
    with pytest.raises(NotYourCard):
        await course.buttons.done(member(11), key, DUE)
    with pytest.raises(NudgeGone):
        await course.buttons.done(member(10), await course.key(10, period=START.date().replace(month=3)), DUE)
    assert await course.everything() == before


async def test_instructor_command_needs_the_server(course: Course) -> None:
    with pytest.raises(ServerOnly):
        await course.views.overview(teacher(guild_id=None), START)
