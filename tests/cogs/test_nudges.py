from datetime import UTC, datetime, timedelta

from bot.coaching.goals import Obstacle
from tests.cogs.classroom import PLAN, WISH, Classroom, Person
from tests.cogs.test_members import second_course

TIME = "I do not find the time"


async def on_track(room: Classroom, name: str = "ann") -> Person:
    """Return a member whose next note is about their own plan: with a focus, a goal, and the quick items done."""
    person = await room.member(name, focus=True, goal=True)
    for item in room.content.checklist.quick_start:
        await person.press(await person.run("footprint", item=item), "Checked, fine")
    return person


async def log_count(room: Classroom) -> int:
    ((count,),) = room.rows("SELECT count(*) FROM action")
    return count


# The note


async def test_weekly_note_comes_at_the_hour_with_one_step_and_its_buttons(course: Classroom) -> None:
    ann = await on_track(course)
    await course.rounds.round()
    await course.until(datetime(2026, 9, 14, 13, 59, tzinfo=UTC))
    assert len(ann.inbox) == 1
    await course.until(datetime(2026, 9, 14, 14, 0, tzinfo=UTC))
    note = ann.inbox[-1]
    assert "**Next:** Ask one question (15 min)" in note.text
    assert "Talk with two nurses" in note.text or "If it is Monday, then I will ask one question." in note.text
    assert note.labels == ["Done", "Smaller step", "Another day", "Pause", "Why this?"]
    await course.rounds.round()
    assert len(ann.inbox) == 2


# Done


async def test_done_logs_the_kind_of_the_rule_on_the_day_of_the_click(course: Classroom) -> None:
    ann = await on_track(course)
    note = await course.weekly_note(ann)
    course.clock.now += timedelta(days=2)
    shown = await ann.in_dm.press(note, "Done")
    assert shown.text.startswith(
        "**Logged** for Wednesday 16 September: Asked a real question in public or in a group.\n"
        "Last seven days: 1 of 2 for your goal."
    )
    assert shown.private
    assert course.rows("SELECT kind, happened_on FROM action") == [("ask", "2026-09-16")]


async def test_note_about_quiet_weeks_asks_for_the_obstacle_and_offers_a_plan(
    course: Classroom,
) -> None:
    ann = await on_track(course)
    course.clock.now += timedelta(days=16)
    note = await course.weekly_note(ann)
    assert note.labels == ["Time", "Nerves", "No idea what to say", "Something else", "Why this?"]
    words = course.content.vocabulary.obstacles
    for label, obstacle in zip(note.labels, ("time", "nerves", "words", "other"), strict=False):
        shown = await ann.in_dm.press(note, label)
        assert words[Obstacle(obstacle)].plan in shown.text
    shown = await ann.in_dm.press(note, "Nerves")
    assert shown.labels == ["Use this plan", "Done already", "A smaller goal", "Pause the notes"]
    form = await ann.in_dm.press(shown, "A smaller goal")
    assert (form.form["title"], form.form["target"]) == ("Talk with two nurses", "1")
    assert words[Obstacle.NERVES].plan in (await ann.in_dm.press(shown, "Use this plan")).text
    assert course.rows("SELECT obstacle, obstacle_plan FROM goal") == [("nerves", words[Obstacle.NERVES].plan)]


async def test_a_smaller_step_is_the_goals_own_when_it_has_one_and_done_logs_it(course: Classroom) -> None:
    ann = await on_track(course)
    note = await course.weekly_note(ann)
    shown = await ann.in_dm.press(note, "Smaller step")
    smaller = course.content.rules["A23"].smaller
    assert smaller is not None
    assert f"Then a smaller version, about five minutes:\n**{smaller}**" in shown.text
    asked = await ann.press(await ann.run("goal new"), "Replace it")
    form = await ann.press(await ann.send(await ann.press(asked, "From scratch"), **WISH), TIME)
    await ann.press(await ann.send(form, **{**PLAN, "tiny": "Read one post and note one line"}), "Confirm")
    shown = await ann.in_dm.press(note, "Smaller step")
    assert "the small version you wrote yourself, about five minutes:\n**Read one post" in shown.text
    assert "**Logged**" in (await ann.in_dm.press(shown, "Done")).text
    assert course.rows("SELECT kind FROM action") == [("ask",)]


async def test_note_about_a_person_logs_with_them_and_offers_words(course: Classroom) -> None:
    ann = await on_track(course)
    await ann.send(await ann.run("network add"), nickname="Kim", category=["practitioner"], stage=["noticed"])
    await ann.run("log", kind="talk", person="Kim", outcome="meeting")
    note = await course.weekly_note(ann)
    assert "Kim" in note.text
    shown = await ann.in_dm.press(note, "Words to start with")
    assert shown.text.startswith("Words to start with to Kim; copy them")
    assert course.content.network.starters["thank"].text in shown.text
    shown = await ann.in_dm.press(note, "Done")
    assert "Thanked someone, or told them how their advice went, with Kim." in shown.text
    assert course.rows("SELECT kind, contact_id IS NOT NULL FROM action ORDER BY id") == [("talk", 1), ("thank", 1)]


async def test_note_about_an_opening_moves_it_once(course: Classroom) -> None:
    ann = await on_track(course)
    form = await ann.run("opportunity add")
    added = await ann.send(form, title="Summer ward", kind=["job"], due="2026-09-18")
    assert "Summer ward" in added.text
    note = await course.weekly_note(ann)
    assert "Summer ward" in note.text
    assert "**Logged**" in (await ann.in_dm.press(note, "Done")).text
    assert course.rows("SELECT state, sent_on FROM opportunity") == [("sent", "2026-09-14")]
    assert (await ann.in_dm.press(note, "Done")).text.startswith("You logged this one already.")
    assert await log_count(course) == 1


async def test_a_note_after_four_weeks_asks_whether_an_alert_is_worth_it(course: Classroom) -> None:
    ann = await on_track(course)
    await ann.send(await ann.run("network add", what="alert"), kind=["job"], field="nursing")
    note = await course.weekly_note(ann)
    for _ in range(4):
        note = await course.weekly_note(ann)
        for kind in ("reply", "reply", "talk"):
            await ann.run("log", kind=kind)
        if "Keep it" in note.labels:
            break
    assert "It stays." in (await ann.in_dm.press(note, "Keep it")).text
    [(asked,)] = course.rows("SELECT asked_on FROM alert")
    assert asked == str(course.clock.now.date())
    assert "Taken out of your list." in (await ann.in_dm.press(note, "Take it out")).text
    assert course.rows("SELECT count(*) FROM alert") == [(0,)]
    assert "Taken out" in (await ann.in_dm.press(note, "Take it out")).text


# The other buttons


async def test_a_note_about_an_item_takes_the_answer_and_shows_the_steps(course: Classroom) -> None:
    ann = await course.member(focus=True)
    note = await course.weekly_note(ann)
    assert note.labels[:4] == ["Checked, fine", "Fixed something", "Show me how", "Another day"]
    assert "1. Open a private window" in (await ann.in_dm.press(note, "Show me how")).text
    assert course.rows("SELECT item_id FROM checklist_answer") == [("see.intent",)]  # by the focus
    for label, answer in (("Checked, fine", "fine"), ("Fixed something", "fixed")):
        assert f"**Noted**: {label}" in (await ann.in_dm.press(note, label)).text
        assert course.rows("SELECT answer FROM checklist_answer WHERE item_id = 'see.search-name'") == [(answer,)]


async def test_when_the_target_is_met_one_line_may_be_added(course: Classroom) -> None:
    ann = await on_track(course)
    course.clock.now += timedelta(days=3)
    await ann.run("log", kind="reply")
    await ann.run("log", kind="ask")
    note = await course.weekly_note(ann)
    assert note.labels == ["Done", "Words to start with", "Add one line", "Another day", "Why this?"]
    form = await ann.in_dm.press(note, "Add one line")
    assert form.text == "One line for your log\nWhat was worth keeping?"
    shown = await ann.in_dm.send(form, note="The question about night shifts")
    assert "\n> The question about night shifts" in shown.text


# Another day


async def test_another_day_offers_six_days_and_sends_one_reminder(
    course: Classroom,
) -> None:
    ann = await on_track(course)
    note = await course.weekly_note(ann)
    shown = await ann.in_dm.press(note, "Another day")
    assert list(shown.menus[0].options.values()) == [
        "Tuesday 15 September",
        "Wednesday 16 September",
        "Thursday 17 September",
        "Friday 18 September",
        "Saturday 19 September",
        "Sunday 20 September",
    ]
    agreed = await ann.in_dm.pick(shown, "2026-09-17")
    assert agreed.text.startswith("Agreed: one reminder on Thursday 17 September, 16:00.")
    before = len(ann.inbox)
    for _ in range(4):
        await course.later(days=1)
    reminders = ann.inbox[before:]
    assert len(reminders) == 1
    assert "**Next:** Ask one question (15 min)" in reminders[0].text
    assert "Done" in reminders[0].labels


async def test_a_day_that_is_over_is_refused_with_the_way_to_a_fresh_list(course: Classroom) -> None:
    ann = await on_track(course)
    note = await course.weekly_note(ann)
    shown = await ann.in_dm.press(note, "Another day")
    course.clock.now += timedelta(days=3)
    before = course.stored()
    refused = await ann.in_dm.pick(shown, "2026-09-16")
    assert refused.text == ("That day is no longer on offer. Press *Another day* again and pick from the fresh list.")
    assert course.stored() == before


# Pause and settings


async def test_pause_sends_nothing_until_it_ends_and_says_until_when(course: Classroom) -> None:
    ann = await on_track(course)
    note = await course.weekly_note(ann)
    shown = await ann.in_dm.press(note, "Pause")
    assert shown.labels == ["1 week", "2 weeks", "4 weeks", "6 weeks"]
    shown = await ann.in_dm.press(shown, "2 weeks")
    assert "Paused until Monday 28 September. The next one comes Monday 28 September, 16:00." in shown.text
    before = len(ann.inbox)
    await course.until(datetime(2026, 9, 21, 15, 0, tzinfo=UTC))
    assert len(ann.inbox) == before
    await course.until(datetime(2026, 9, 28, 14, 0, tzinfo=UTC))
    assert len(ann.inbox) == before + 1


async def test_day_hour_and_zone_are_changed_on_one_card(course: Classroom) -> None:
    ann = await course.member()
    await course.rounds.round()
    form = await ann.press(await ann.run("nudge settings"), "Day and hour")
    shown = await ann.send(form, day=["4"], hour=["9"])
    assert "The next one comes Friday 11 September, 09:00." in shown.text
    shown = await ann.run("nudge settings", zone="America/New_York")
    assert "Time zone: **America/New_York**" in shown.text
    assert "Friday 11 September, 09:00" in shown.text
    await course.until(datetime(2026, 9, 11, 13, 0, tzinfo=UTC))
    assert len(ann.inbox) == 2


async def test_off_means_nothing_is_sent_and_on_again_plans_anew(course: Classroom) -> None:
    ann = await course.member()
    await course.rounds.round()
    shown = await ann.press(await ann.run("nudge settings"), "Turn notes off")
    assert "Notes are off. Everything else works as before." in shown.text
    assert shown.labels == ["Turn notes on"]
    await course.later(weeks=2)
    assert len(ann.inbox) == 1
    shown = await ann.press(await ann.run("nudge settings"), "Turn notes on")
    assert "The next one comes Monday 28 September, 16:00." in shown.text
    await course.until(datetime(2026, 9, 28, 14, 0, tzinfo=UTC))
    assert len(ann.inbox) == 2


# History


async def test_the_history_tells_of_every_note_what_became_of_it(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("nudge history")
    assert "• Tuesday 8 September, 12:00 · hello: on its way" in shown.text
    await course.weekly_note(ann)
    ann.close_dms()
    await course.until(datetime(2026, 9, 21, 14, 0, tzinfo=UTC))
    ann.open_dms()
    await course.until(datetime(2026, 9, 30, 14, 0, tzinfo=UTC))
    await course.until(datetime(2026, 10, 5, 16, 0, tzinfo=UTC))
    shown = await ann.run("nudge history")
    assert shown.text.split("\n")[1:5] == [
        "• Monday 5 October, 16:00 · weekly note: sent two hours late",
        "• Monday 28 September, 16:00 · weekly note: skipped: more than a day late, so no longer useful",
        "• Monday 21 September, 16:00 · weekly note: held: your direct messages were closed to me",
        "• Monday 14 September, 16:00 · weekly note: sent",
    ]
    assert shown.private


# Whose


# After a restart, and in two courses


async def test_the_buttons_of_a_note_work_after_a_restart(course: Classroom) -> None:
    ann = await on_track(course)
    await course.weekly_note(ann)
    await course.restart()
    course.clock.now += timedelta(weeks=5)
    note = ann.inbox[-1]
    assert "**Logged**" in (await ann.in_dm.press(note, "Done")).text
    assert "Which day suits you better?" in (await ann.in_dm.press(note, "Another day")).text
    assert "How long? Nothing is sent meanwhile" in (await ann.in_dm.press(note, "Pause")).text


async def test_done_and_undo_count_for_the_course_of_the_note(
    course: Classroom,
) -> None:
    ann = await on_track(course)
    there = await second_course(course, ann)
    await there.join()
    asked = await ann.in_dm.run("me")
    await ann.in_dm.pick(asked, list(asked.menus[0].options)[1])
    await course.until(datetime(2026, 9, 14, 14, 0, tzinfo=UTC))
    (note,) = [one for one in ann.inbox if "Done" in one.labels]
    shown = await ann.in_dm.press(note, "Done")
    assert "Last seven days: 1 of 2 for your goal." in shown.text
    assert (await ann.in_dm.press(shown, "Undo")).text == "Removed from your log."


async def test_what_follows_a_button_of_a_note_stays_in_the_course_of_the_note(course: Classroom) -> None:
    ann = await course.member()
    there = await second_course(course, ann)
    await there.join()
    await course.until(datetime(2026, 9, 14, 14, 0, tzinfo=UTC))
    first, second = [one for one in ann.inbox if "Pause" in one.labels]
    for note, here, elsewhere in ((first, ann, there), (second, there, ann)):
        asked = await ann.in_dm.press(note, "Pause")
        paused = await ann.in_dm.press(asked, "2 weeks")
        assert "Paused until" in paused.text
        assert "Paused until" in (await here.run("nudge settings")).text
        assert "Paused until" not in (await elsewhere.run("nudge settings")).text
        await ann.in_dm.press(paused, "End the pause")
    form = await ann.in_dm.press(first, "Set my focus")
    await ann.in_dm.send(form, fields="nursing")
    assert (await ann.run("focus")).form["fields"] == "nursing"
    assert (await there.run("focus")).form["fields"] == ""
