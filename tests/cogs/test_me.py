from datetime import timedelta

from tests.cogs.classroom import Classroom, parts

GALLERY, DEFERRED = 12, 5


async def test_a_new_member_sees_what_comes_first_and_why(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("me")
    assert shown.text == (
        "## Tuesday 8 September\n**Next**: Write your one-line focus with `/focus` (about 5 min)\n"
        "-# Why: intent first, tools second.\n**Goal**: none yet\n**Last seven days**: 0 entries.\n"
        "-# Checklist: 0 of 30\n-# Next note: Monday 14 September, 16:00."
    )
    assert shown.labels == ["Set my focus", "Why this?", "Log something", "Picture", "Note settings"]
    assert shown.private


async def test_everything_one_has_is_on_the_card(course: Classroom) -> None:
    ann = await course.member(focus=True, goal=True)
    await ann.run("log", kind="reply")
    await ann.press(await ann.run("footprint", item="see.intent"), "Checked, fine")
    shown = await ann.run("me")
    assert "**Last seven days**: 1 of 2 for your goal, 1 entry." in shown.text
    assert "**Goal**: Talk with two nurses (week 1 of 6)\n> If it is Monday" in shown.text
    assert "Checklist: 1 of 30 · nobody in your network yet (`/network add`)" in shown.text
    assert "**Next**: Ask one question (about 15 min)" in shown.text


async def test_the_nearest_date_is_on_the_card(course: Classroom) -> None:
    ann = await course.member(focus=True, goal=True)
    assert "Nearest date" not in (await ann.run("me")).text
    for title, due in (("Open evening", "in 3 weeks"), ("Placement", "18 Sep")):
        await ann.send(await ann.run("opportunity add"), title=title, kind=["event"], due=due)
    shown = await ann.run("me")
    assert "\n**Nearest date**: Friday 18 September, in 10 days: Placement\n" in shown.text
    course.clock.now += timedelta(days=40)
    assert "\n**Nearest date**: Monday 19 October, tomorrow: your goal ends\n" in (await ann.run("me")).text


async def test_the_first_button_does_the_next_step(course: Classroom) -> None:
    ann = await course.member()
    assert (await ann.press(await ann.run("me"), "Set my focus")).text.startswith("Your focus\n")
    await ann.set_focus()
    opened = await ann.press(await ann.run("me"), "Open the item")
    assert "Search your name the way a stranger would" in opened.text
    for item in course.content.checklist.quick_start:
        await ann.press(await ann.run("footprint", item=item), "Checked, fine")
    assert (await ann.press(await ann.run("me"), "Set a goal")).text.startswith("## A goal, in four short questions")
    await ann.set_goal()
    shown = await ann.run("me")
    assert shown.labels == ["Log it", "Why this?", "Picture", "Note settings"]
    assert (await ann.press(shown, "Log it")).text.startswith("## What did you do?")
    for kind in ("reply", "ask"):
        await ann.run("log", kind=kind)
    shown = await ann.run("me")
    assert shown.labels == ["Add one line", "Why this?", "Log something", "Picture", "Note settings"]
    form = await ann.press(shown, "Add one line")
    assert "\n> What she said about shifts" in (await ann.send(form, note="What she said about shifts")).text
    course.clock.now += timedelta(weeks=5)
    chosen = await ann.press(await ann.run("me"), "Choose a new goal")
    assert chosen.text.startswith("You have a goal already:\n**Talk with two nurses**")
    course.clock.now += timedelta(days=3)
    await ann.run("log", kind="note")
    course.clock.now += timedelta(weeks=1)
    await ann.run("log", kind="note")
    shown = await ann.run("me")
    assert "its weeks are over" in shown.text
    assert (await ann.press(shown, "Look back")).text.startswith("## Looking back\n**Talk with two nurses**")


async def test_the_card_says_when_notes_are_off_or_the_term_is_over(course: Classroom) -> None:
    ann = await course.member()
    await ann.press(await ann.run("nudge settings"), "Turn notes off")
    assert "Notes are off; `/nudge settings` turns them on." in (await ann.run("me")).text
    await ann.press(await ann.run("nudge settings"), "Turn notes on")
    await course.later(weeks=15)
    assert "The term is over, so there are no more notes." in (await ann.run("me")).text


async def test_why_this_step_says_what_was_looked_at(course: Classroom) -> None:
    ann = await course.member(focus=True)
    overview = await ann.run("me")
    shown = await ann.press(overview, "Why this?")
    assert shown.text.startswith("## Why this step\nPeople look you up when you start to talk.")
    assert "• week 1 of the term\n• no goal yet\n• 4 quick-start items" in shown.text
    assert shown.private


async def test_momentum_is_told_from_the_second_week_on_and_a_pause_is_left_out(course: Classroom) -> None:
    ann = await course.member(goal=True)
    await ann.run("log", kind="reply")
    assert "active in" not in (await ann.run("me")).text
    course.clock.now += timedelta(weeks=1)
    assert "active in" not in (await ann.run("me")).text
    course.clock.now += timedelta(weeks=1)
    assert "active in 1 of your last 2 weeks." in (await ann.run("me")).text
    form = await ann.press(await ann.run("nudge settings"), "Pause")
    await ann.press(form, "2 weeks")
    course.clock.now += timedelta(weeks=2)
    assert "active in 1 of your last 2 weeks" in (await ann.run("me")).text


async def test_picture_is_promised_first_private_and_also_in_words(course: Classroom) -> None:
    ann = await course.member(focus=True, goal=True)
    await ann.run("log", kind="reply")
    overview = await ann.run("me")
    asked = len(course.env.http_requests)
    shown = await ann.press(overview, "Picture")
    first = course.env.http_requests[asked]
    assert first.path.endswith("/callback")
    assert first.json is not None
    assert first.json["type"] == DEFERRED
    assert shown.private
    assert "For you alone" in shown.text
    message = shown.message
    assert message is not None
    [shape] = [one for one in parts(message.components) if one["type"] == GALLERY]
    [item] = shape["items"]
    assert "Talk with two nurses" in item["description"]
    assert "1 of 2 in the last seven days" in item["description"]
    assert item["media"]["url"].endswith("your-progress.png")
