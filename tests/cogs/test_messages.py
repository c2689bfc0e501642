"""*Write to them*: from the check-in list to a member's answer, as both see it."""

from datetime import timedelta

import discord
import pytest

from bot.coaching.messages import DRAFT
from tests.cogs.classroom import Classroom, Person, Screen

HELLO = "See you on Friday. https://example.org/room_2*a is where."


async def ask_contact(person: Person) -> None:
    await person.send(await person.run("feedback"), how=["contact"])


async def use_register(course: Classroom) -> None:
    await course.manager.press(await course.manager.run("cohort setup"), "Switch the register on")


async def preview(course: Classroom, text: str = HELLO) -> Screen:
    card = await course.instructor.run("cohort checkin")
    form = await course.instructor.press(card, "Write to them")
    assert form.form["text"] == DRAFT
    return await course.instructor.send(form, text=text)


async def written_to(course: Classroom, name: str = "ann") -> Person:
    """Return a member who has just got an instructor's message."""
    ann = await course.member(name)
    await course.later(minutes=1)  # which opens the channel
    await ask_contact(ann)
    shown = await preview(course)
    assert "On its way to 1 person" in (await course.instructor.press(shown, "Send to 1 person")).text
    await course.later(minutes=1)
    return ann


async def test_the_preview_says_to_whom_and_how_it_reads_before_anything_is_sent(course: Classroom) -> None:
    ann, ben = await course.member("ann"), await course.member("ben")
    await ask_contact(ann)
    await ask_contact(ben)
    shown = await preview(course)
    assert f"## To 2 people\n<@{ann.id}>, <@{ben.id}>" in shown.text
    assert f">>> From ines, instructor of Digital careers, to 2 people\n\n{HELLO}" in shown.text
    assert "[Answer] · [Only in my inbox from now on]" in shown.text
    assert shown.labels == ["Send to 2 people", "Change the text"]
    assert shown.private
    assert course.rows("SELECT count(*) FROM nudge WHERE kind = 'message'") == [(0,)]
    form = await course.instructor.press(shown, "Change the text")
    assert form.form["text"] == HELLO
    again = await course.instructor.send(form, text="Another text")
    assert "Another text" in again.text


async def test_a_member_reads_it_and_answers_signed(course: Classroom) -> None:
    ann = await written_to(course)
    note = ann.inbox[-1]
    assert note.text == f"From ines, instructor of Digital careers, to 1 person\n\n{HELLO}"
    assert note.labels == ["Answer", "Only in my inbox from now on"]
    form = await ann.in_dm.press(note, "Answer")
    shown = await ann.in_dm.send(form, text="Thank you, I will come.")
    assert "signed by you" in shown.text
    page = await course.instructor.run("cohort feedback")
    assert f"signed by <@{ann.id}>\n> Thank you, I will come." in page.text
    seen = await ann.run("privacy seen")
    assert "**What they wrote to you**" in seen.text
    assert "ines, to 1 person: “See you on Friday." in seen.text


async def test_only_in_my_inbox_is_a_setting_and_the_next_one_waits_there(course: Classroom) -> None:
    ann = await written_to(course)
    shown = await ann.in_dm.press(ann.inbox[-1], "Only in my inbox from now on")
    assert "Messages from instructors wait in `/nudge inbox`" in shown.text
    course.clock.now += timedelta(weeks=1)
    notes = len(ann.inbox)
    shown = await course.instructor.press(await preview(course, "The second one."), "Send to 1 person")
    assert "Whoever is away, takes no direct messages or wants none of these finds it in" in shown.text
    await course.later(minutes=1)
    assert "The second one." not in "".join(note.text for note in ann.inbox[notes:])
    mentioned = "a message about your course waits in `/nudge inbox`"
    assert mentioned in "".join((await ann.run("me")).beside)
    assert mentioned not in "".join((await ann.run("me")).beside)
    inbox = await ann.run("nudge inbox")
    assert not inbox.beside
    assert "message from an instructor: held: you like these in your inbox" in inbox.text
    assert "The second one." in inbox.text
    assert "Answer" in inbox.labels
    back = await ann.press(await ann.run("nudge settings"), "As direct messages too")
    assert "one a week at most, come as direct messages" in back.text


async def test_who_had_one_is_counted_and_one_a_day_it_is(course: Classroom) -> None:
    await written_to(course)
    course.clock.now += timedelta(days=1)
    ben = await course.member("ben")
    await ask_contact(ben)
    shown = await preview(course)
    assert f"## To 1 person\n<@{ben.id}>\n-# 1 other had an instructor's message this week already" in shown.text
    await course.instructor.press(shown, "Send to 1 person")
    again = await course.instructor.press(await course.instructor.run("cohort checkin"), "Write to them")
    assert again.text.startswith("You have written to members today already.")


async def test_a_list_that_changed_is_shown_again_and_nothing_is_sent(course: Classroom) -> None:
    ann, ben = await course.member("ann"), await course.member("ben")
    await ask_contact(ann)
    shown = await preview(course)
    await ask_contact(ben)
    again = await course.instructor.press(shown, "Send to 1 person")
    assert "The list has changed since the last preview, so nothing was sent." in again.text
    assert again.labels == ["Send to 2 people", "Change the text"]


async def test_a_discreet_message_shows_its_words_at_a_press(course: Classroom) -> None:
    ann = await course.member("ann")
    await ann.press(await ann.run("nudge settings"), "Make the message discreet")
    await course.later(minutes=1)
    await ask_contact(ann)
    await course.instructor.press(await preview(course), "Send to 1 person")
    await course.later(minutes=1)
    note = ann.inbox[-1]
    assert "See you on Friday" not in note.text
    assert "See you on Friday" in (await ann.in_dm.press(note, "Show it")).text


async def test_the_notice_of_the_register_says_what_changes_and_shows_it(course: Classroom) -> None:
    ann = await course.member("ann")
    await course.later(minutes=1)
    await use_register(course)
    course.change(
        "INSERT INTO nudge (cohort_id, user_id, kind, period, due_at, not_before, state, attempts, subject)"
        f" SELECT cohort_id, user_id, 'message', 'n1', joined_at, joined_at, 'owed', 0, 'register_on' FROM enrolment"
        f" WHERE user_id = {ann.id}"
    )
    await course.later(minutes=1)
    note = ann.inbox[-1]
    assert "From Tuesday 15 September on, whoever has the instructor role of Digital careers" in note.text
    seen = await ann.in_dm.press(note, "What they will see")
    assert seen.text.startswith("## What your instructors see of you")
    assert "what instructors see: sent" in (await ann.run("nudge history")).text


# How many have joined


async def test_the_overview_says_how_many_of_the_typed_size_have_joined(course: Classroom) -> None:
    await use_register(course)
    await course.member("ann")
    card = await course.manager.run("cohort setup")
    form = await course.manager.press(card, "Size and support")
    await course.manager.send(form, size="30")
    assert "1 of 30 joined" in (await course.instructor.run("cohort overview")).text


async def test_where_a_student_role_is_named_discord_is_asked(
    course: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await use_register(course)
    await course.member("ann")
    role = course.guild.create_role("Students")
    card = await course.manager.run("cohort setup", student_role=role)
    assert f"**Student role**: <@&{role.id}>" in card.text
    form = await course.manager.press(card, "Size and support")
    await course.manager.send(form, size="30")

    async def counted(guild: discord.Guild) -> dict[discord.Object, int]:
        return {discord.Object(1): 3, discord.Object(role.id): 28}

    async def refused(guild: discord.Guild) -> dict[discord.Object, int]:
        raise discord.DiscordServerError(_Answer(), "no")  # pyright: ignore[reportArgumentType]

    course.clock.now += timedelta(minutes=11)  # what was asked before is kept for ten
    monkeypatch.setattr(discord.Guild, "role_member_counts", counted)
    assert "1 of 28 joined" in (await course.instructor.run("cohort overview")).text
    course.clock.now += timedelta(minutes=11)
    monkeypatch.setattr(discord.Guild, "role_member_counts", refused)
    assert "1 of 30 joined" in (await course.instructor.run("cohort overview")).text


class _Answer:
    """Of Discord, as far as an error looks at it."""

    status, reason = 503, "unavailable"
