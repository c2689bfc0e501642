"""The notes beside the usual one: why, occasions, discreet ones, the next one, and those that could not arrive."""

from datetime import timedelta

from tests.cogs.classroom import Classroom, Person, Screen
from tests.cogs.test_nudges import log_count, on_track

CLOSED = "By the way: my last note could not reach you, because your direct messages are closed to me."


async def mondays(room: Classroom, person: Person, count: int) -> list[Screen]:
    """Let so many Mondays pass, and return what came meanwhile."""
    before = len(person.inbox)
    for _ in range(count):
        ahead = timedelta(days=7 - room.clock.now.weekday())
        await room.until((room.clock.now + ahead).replace(hour=15, minute=0))
    return person.inbox[before:]


async def holding(room: Classroom, weeks: int = 1) -> Person:
    """Return a member on track whose notes of the last Mondays were held, with direct messages still closed."""
    ann = await on_track(room)
    await room.rounds.round()
    ann.close_dms()
    await mondays(room, ann, weeks)
    return ann


# Why


async def test_each_weekly_note_tells_why_it_came_in_a_message_of_its_own(course: Classroom) -> None:
    ann, ben = await on_track(course), await course.member("ben")
    note = await course.weekly_note(ann)
    assert note.labels[-1] == "Why this?"
    await course.restart()
    shown = await ann.in_dm.press(note, "Why this?")
    assert shown.text.startswith(
        "## Why this note\nYou set this goal, and its first step is the next one.\nIt is the plan you chose.\n"
    )
    assert "\n• week 2 of the term\n• 0 of 2 for your goal in the seven days before\n" in shown.text
    assert "Rule A23, the first that fits. Nobody else sees this" in shown.text
    assert shown.private
    shown = await ben.in_dm.press(ben.inbox[-1], "Why this?")
    assert "## Why this note\nIntent first, tools second.\n" in shown.text
    assert "• no focus yet\n• no goal yet\n-# Rule A03" in shown.text


# Occasions


async def test_after_a_pause_one_note_asks_whether_to_go_on(course: Classroom) -> None:
    ann = await on_track(course)
    note = await course.weekly_note(ann)
    await ann.in_dm.press(await ann.in_dm.press(note, "Pause"), "2 weeks")
    assert "**If ready:** Look with `/me`" in (await ann.run("nudge preview")).text
    (over,) = await mondays(course, ann, 2)
    assert "**If ready:** Look with `/me` at where you left off (2 min)" in over.text
    assert over.labels == ["Go on", "Two more weeks", "Why this?"]
    await course.restart()
    shown = await ann.in_dm.press(over, "Two more weeks")
    assert "Paused until Monday 12 October. The next one comes Monday 12 October, 16:00." in shown.text
    (again,) = await mondays(course, ann, 2)
    assert again.labels == ["Go on", "Two more weeks", "Why this?"]
    shown = await ann.in_dm.press(again, "Go on")
    assert "Paused" not in shown.text
    assert "The next one comes Monday 19 October, 16:00." in shown.text
    (usual,) = await mondays(course, ann, 1)
    # Weeks on a pause are no quiet weeks.
    assert "quiet weeks" not in usual.text
    assert "Done" in usual.labels


async def test_before_exam_weeks_one_note_says_so_and_then_comes_silence(
    course: Classroom,
) -> None:
    ann = await on_track(course)
    await course.manager.run("cohort breaks", kind="exams", first_day="2026-09-21", last_day="2026-10-04")
    note = await course.weekly_note(ann)
    assert "Monday 5 October" in note.text
    assert note.labels == ["See my week", "Why this?"]
    assert "## Monday 14 September" in (await ann.in_dm.press(note, "See my week")).text
    assert await mondays(course, ann, 2) == []
    (usual,) = await mondays(course, ann, 1)
    assert "Done" in usual.labels


async def test_after_two_unanswered_notes_one_asks_and_each_answer_is_kept(course: Classroom) -> None:
    ann, ben = await on_track(course), await course.member("ben")
    *_, asking = await mondays(course, ann, 3)
    assert asking.labels == ["Weekly", "Every 2 weeks", "Monthly", "Stop", "Why this?"]
    await course.restart()
    for label, chosen, day in (
        ("Every 2 weeks", "every two weeks", "12 October"),
        ("Monthly", "every four weeks", "26 October"),
        ("Weekly", "every week", "5 October"),
    ):
        shown = await ann.in_dm.press(asking, label)
        assert f"**Mondays at 16:00, {chosen}**" in shown.text
        assert f"The next one comes Monday {day}, 16:00." in shown.text
    shown = await ann.in_dm.press(asking, "Stop")
    assert "Notes are off." in shown.text
    before = course.stored()
    for _, custom_id in asking.buttons:
        refused = await ben.press(await course.crafted(custom_id), "Press")
        assert refused.text.startswith("That card belongs to someone else.")
    assert course.stored() == before
    assert await mondays(course, ann, 2) == []


async def test_after_six_unanswered_notes_any_button_brings_them_back(
    course: Classroom,
) -> None:
    await course.manager.run("cohort setup", term_end="2027-06-30")
    ann = await on_track(course)
    await course.rounds.round()
    notes = await mondays(course, ann, 24)
    assert len(notes) == 7
    assert "I will stop writing now, so that this inbox stays yours." in notes[-1].text
    assert notes[-1].labels == ["Write again", "See my week", "Why this?"]
    assert await mondays(course, ann, 3) == []
    shown = await ann.in_dm.press(notes[-1], "See my week")
    assert "I am just planning your next note; look again in a minute." in shown.text
    await course.later(minutes=1)
    assert "Next note: Monday" in (await ann.run("me")).text
    shown = await ann.in_dm.press(notes[-1], "Write again")
    assert "The next one comes Monday" in shown.text
    assert len(await mondays(course, ann, 2)) == 2


# Discreet


async def test_discreet_message_holds_nothing_and_its_button_shows_the_note(
    course: Classroom,
) -> None:
    ann, ben = await on_track(course), await course.member("ben")
    await ann.press(await ann.run("nudge settings"), "Make the message discreet")
    note = await course.weekly_note(ann)
    assert note.text == (
        f"<@{ann.id}>, a note is ready for you. It shows when you press the button, and nobody else sees it."
    )
    assert note.labels == ["Show it"]
    await course.restart()
    course.clock.now += timedelta(days=2)
    shown = await ann.in_dm.press(note, "Show it")
    assert "**Next:** Ask one question (15 min)" in shown.text
    assert "late" not in shown.text
    assert shown.labels == ["Done", "Smaller step", "Another day", "Pause", "Why this?"]
    assert shown.private
    assert "It is the plan you chose." in (await ann.in_dm.press(shown, "Why this?")).text
    assert "Which day suits you better?" in (await ann.in_dm.press(shown, "Another day")).text
    assert "**Logged**" in (await ann.in_dm.press(await ann.in_dm.press(note, "Show it"), "Done")).text
    before = course.stored()
    refused = await ben.press(await course.crafted(note.id_of("Show it")), "Press")
    assert refused.text == "That card belongs to someone else. Run `/me` to see your own."
    assert course.stored() == before


# The next one


async def test_the_preview_reads_like_the_note_that_then_comes_and_changes_nothing(course: Classroom) -> None:
    ann = await on_track(course)
    await course.rounds.round()
    before = course.stored()
    shown = await ann.run("nudge preview")
    assert course.stored() == before
    assert shown.text.startswith("## Your next note\nIt comes Monday 14 September, 16:00, and follows what you do")
    assert shown.private
    (note,) = await mondays(course, ann, 1)
    assert note.text in shown.text
    await ann.press(await ann.run("nudge settings"), "Make the message discreet")
    assert "The message itself will say no more than that a note is ready" in (await ann.run("nudge preview")).text
    await ann.press(await ann.run("nudge settings"), "Turn notes off")
    assert (await ann.run("nudge preview")).text.startswith("## No note is planned\n`/nudge settings` says why.")


# Held


async def test_inbox_shows_held_notes_whose_buttons_work_after_a_restart(
    course: Classroom,
) -> None:
    ann, ben = await holding(course, weeks=2), await course.member("ben")
    shown = await ann.run("nudge inbox")
    assert shown.private
    held = "held: your direct messages were closed to me"
    newest, oldest = (f"Monday {day} September, 16:00 · weekly note: {held}" for day in (21, 14))
    assert shown.text.index(newest) < shown.text.index(oldest)
    assert "-# Direct messages closed? To open them, press your course's server name" in shown.text
    assert shown.labels.count("Done") == 2
    await course.restart()
    before = course.stored()
    for _, custom_id in shown.buttons:
        refused = await ben.press(await course.crafted(custom_id), "Press")
        assert refused.text.startswith("That card belongs to someone else.")
    assert course.stored() == before
    assert "## Why this note" in (await ann.press(shown, "Why this?", nth=1)).text
    for nth in (1, 0):
        assert "**Logged**" in (await ann.press(await ann.run("nudge inbox"), "Done", nth)).text
    assert await log_count(course) == 2
    again = await ann.press(await ann.run("nudge inbox"), "Done")
    assert again.text.startswith("You logged this one already.")


async def test_a_held_question_is_asked_again_in_the_inbox_with_its_own_buttons(course: Classroom) -> None:
    ann = await on_track(course)
    await mondays(course, ann, 2)
    ann.close_dms()
    await mondays(course, ann, 1)
    shown = await ann.run("nudge inbox")
    shown = await ann.press(shown, "Monthly")
    assert "**Mondays at 16:00, every four weeks**" in shown.text


# Mentioned once


async def test_held_note_is_mentioned_once_beside_the_next_answer(course: Classroom) -> None:
    ann = await on_track(course)
    note = await course.weekly_note(ann)
    ann.close_dms()
    await mondays(course, ann, 1)
    # A refusal undoes what was noted, so the mention waits.
    assert (await ann.run("log", kind="daydreamed")).beside == []
    refused = await ann.in_dm.press(note, "Done")
    assert "**Logged**" in refused.text
    assert [text.startswith(CLOSED) for text in refused.beside] == [True]
    refused = await ann.in_dm.press(note, "Done")
    assert (refused.text[:15], refused.beside) == ("You logged this", [])
    for ask in (
        lambda: ann.run("log"),
        lambda: ann.run("focus"),
        lambda: ann.in_dm.press(note, "Why this?"),
        lambda: ann.in_dm.press(note, "Another day"),
    ):
        await mondays(course, ann, 1)
        first, second = await ask(), await ask()
        assert [text.startswith(CLOSED) for text in first.beside] == [True], first.text
        assert second.beside == []


async def test_what_tells_of_closed_messages_itself_is_not_followed_by_the_mention(course: Classroom) -> None:
    ann = await on_track(course)
    await course.rounds.round()
    settings = await ann.run("nudge settings")
    ann.close_dms()
    for ask in (
        lambda: ann.run("nudge history"),
        lambda: ann.run("nudge inbox"),
        lambda: ann.run("nudge settings"),
        lambda: ann.press(settings, "Skip the next one"),
        lambda: ann.run("me"),
    ):
        await mondays(course, ann, 1)
        shown = await ask()
        assert "closed" in shown.text
        assert shown.beside == []
        assert (await ann.run("log")).beside == []
