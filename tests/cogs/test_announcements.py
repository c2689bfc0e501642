"""Announcements, as instructors and the class see them in the course's channel."""

import discord

from bot.demo.simulator import ChannelHandle
from tests.cogs.classroom import Classroom, Screen
from tests.cogs.test_course_plan import with_plan


async def announcing(room: Classroom, channel: ChannelHandle | None = None) -> Screen:
    """Name the course's channel, take the ready plan and open its announcements."""
    await room.manager.run("cohort setup", channel=channel or room.channel)
    return await room.instructor.press(await with_plan(room), "Announcements")


async def test_a_course_without_a_channel_is_told_how_to_name_one(course: Classroom) -> None:
    shown = await course.instructor.press(await with_plan(course), "Announcements")
    assert "`/cohort setup` with `channel`" in shown.text
    assert shown.labels == ["Back to the plan"]


async def test_the_weeks_step_appears_in_the_channel_and_opens_in_private(course: Classroom) -> None:
    ann = await course.member()
    shown = await course.instructor.press(await announcing(course), "Announce on Mondays")
    assert "**On.**" in shown.text
    shown = await course.instructor.press(shown, "Post this week now")
    assert "is on its way" in shown.text
    await course.later(minutes=1)
    post = course.last_post()
    assert post.text.startswith("**Week 1: Know what you are looking for**")
    opened = await ann.press(post, "This week")
    assert opened.private
    assert opened.text.startswith("## Week 1: Know what you are looking for")
    again = await course.instructor.press(shown, "Back to the plan")
    assert "Post this week now" not in (await course.instructor.press(again, "Announcements")).labels


async def test_a_week_is_left_out_and_announced_after_all(course: Classroom) -> None:
    shown = await course.instructor.press(await announcing(course), "Announce on Mondays")
    shown = await course.instructor.press(shown, "Skip this week")
    assert "is skipped: nothing is posted " in shown.text
    assert "**Next, " in (await course.instructor.press(shown, "Announce it after all")).text


async def test_what_is_missing_in_the_channel_is_named_and_holds_the_post(course: Classroom) -> None:
    shut = discord.PermissionOverwrite(send_messages=False)
    quiet = course.guild.create_text_channel("quiet", overwrites={course.guild.default_role: shut})
    shown = await course.instructor.press(await announcing(course, quiet), "Announce on Mondays")
    assert "I need this permission there: Send Messages" in shown.text
    shown = await course.instructor.press(shown, "Post this week now")
    await course.later(minutes=1)
    assert quiet.history() == []
    for command in ("cohort status", "cohort overview"):
        assert "I need this permission there: Send Messages" in (await course.instructor.run(command)).text
    shown = await course.instructor.press(await course.instructor.press(shown, "Back to the plan"), "Announcements")
    assert "did not go out: I may not post in the course's channel" in shown.text
    await course.manager.run("cohort setup", channel=course.channel)
    shown = await course.instructor.press(await course.instructor.press(shown, "Back to the plan"), "Announcements")
    await course.instructor.press(shown, "Post this week now")
    await course.later(minutes=1)
    assert "Week 1" in course.last_post().text


async def test_a_channel_that_was_deleted_is_said_to_be_gone(course: Classroom) -> None:
    shown = await course.instructor.press(await announcing(course), "Announce on Mondays")
    course.change("UPDATE cohort SET channel_id = 404")
    shown = await course.instructor.press(shown, "Skip this week")
    assert "channel is gone" in shown.text
    for command in ("cohort status", "cohort overview"):
        assert "channel is gone" in (await course.instructor.run(command)).text
