"""/cohort plan, as its instructors use it."""

import pytest

from bot.demo.simulator import ResponseMessage
from prompts.course_plan import MOST_BYTES, written_plan
from tests.cogs.classroom import Classroom, Screen, parts

FORM = {
    "theme": "Meet the wards",
    "step": "Ask one nurse what they would look up (25 min)",
    "due": ["tuesday"],
    "counts": ["line"],
    "another": "Ask a classmate",
}


async def with_plan(room: Classroom) -> Screen:
    """Take the ready plan as an instructor."""
    shown = await room.instructor.run("cohort plan")
    return await room.instructor.press(await room.instructor.press(shown, "Take the ready plan"), "Take this plan")


async def opened(room: Classroom, shown: Screen, place: int) -> Screen:
    """Open a week of the plan."""
    return await room.instructor.pick(shown, list(shown.menus[0].options)[place])


async def upload(room: Classroom, shown: Screen, written: bytes) -> Screen:
    form = await room.instructor.press(shown, "Load a file")
    return await room.instructor.send(form, file=("course_plan.toml", written))


async def test_ready_plan_is_previewed_then_taken(course: Classroom) -> None:
    before = course.stored()
    shown = await course.instructor.run("cohort plan")
    assert shown.labels == ["Take the ready plan", "Load a file", "Write my own"]
    shown = await course.instructor.press(shown, "Take the ready plan")
    assert "Nothing is saved yet" in shown.text
    assert course.stored() == before
    shown = await course.instructor.press(shown, "Take this plan")
    assert shown.private
    assert "**This week**: Know what you are looking for, due Friday 11 September." in shown.text
    assert list(shown.menus[0].options.values())[9] == "Week 10: Look back, and take it with you"
    again = await course.manager.run("cohort plan")
    assert again.text == shown.text


async def test_week_is_edited_moved_and_switched_off(course: Classroom) -> None:
    shown = await opened(course, await with_plan(course), 1)
    assert shown.text.startswith("## Week 2 · One goal, and a plan for it")
    form = await course.instructor.press(shown, "Edit")
    assert form.form["step"].endswith("(15 min)")
    shown = await course.instructor.send(form, **FORM)
    assert "Ask one nurse what they would look up (25 min)" in shown.text
    assert "**Due** Tuesday 15 September" in shown.text
    assert "**Done by** one line, handed in" in shown.text
    shown = await course.instructor.press(shown, "Move later")
    assert shown.text.startswith("## Week 3 · Meet the wards")
    assert "**Due** Tuesday 22 September" in shown.text
    shown = await course.instructor.press(shown, "Switch off")
    assert "members do not see this week" in shown.text
    shown = await course.instructor.press(shown, "The whole plan")
    assert "-# **3** · 21 Sep · Meet the wards · switched off" in shown.text


async def test_item_of_the_checklist_is_chosen_by_its_section(course: Classroom) -> None:
    shown = await opened(course, await with_plan(course), 1)
    form = await course.instructor.press(shown, "Edit")
    shown = await course.instructor.send(form, **{**FORM, "counts": ["item"]})
    assert "Which checklist item counts?" in shown.text
    shown = await course.instructor.pick(shown, "protect")
    shown = await course.instructor.pick(shown, "protect.apps", menu=1)
    assert "**Done by** checklist: Remove apps and quizzes" in shown.text
    assert "Another item" in shown.labels


async def test_text_that_does_not_fit_is_given_back(course: Classroom) -> None:
    shown = await course.instructor.run("cohort plan")
    form = await course.instructor.press(shown, "Write my own")
    shown = await course.instructor.send(form, **{**FORM, "step": "Ask one nurse (999 min)"})
    assert shown.text.startswith("The number of minutes in the step is a whole number from 1 to 120.")
    again = await course.instructor.press(shown, "Open it again")
    assert again.form == {**FORM, "step": "Ask one nurse (999 min)", "due": "tuesday", "counts": "line"}
    shown = await course.instructor.send(again, step="Ask one nurse")
    assert shown.text.startswith("## Week 1 · Meet the wards\nAsk one nurse (15 min)")
    shown = await course.instructor.press(shown, "The whole plan")
    form = await course.instructor.pick(shown, "2026-09-21", menu=1)
    shown = await course.instructor.send(form, **FORM)
    assert shown.text.startswith("## Week 3")


async def test_saved_file_loads_elsewhere_and_the_plan_before_is_given_back(course: Classroom) -> None:
    shown = await with_plan(course)
    file = await course.instructor.press(shown, "Save as file")
    assert file.private
    assert file.message is not None
    own = [course.content.plan[3], *course.content.plan[:2]]
    loaded = await upload(course, shown, written_plan(own))
    assert [*loaded.menus[0].options.values()] == [f"Week {place}: {week.theme}" for place, week in enumerate(own, 1)]
    assert "This is the one before" in loaded.beside[0]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"weeks = [", "This is not TOML: Invalid value (at end of document)"),
        (b"", "There is no week in it"),
        (b'[[weeks]]\ntheme = "A"\n', "Week 1: step is missing"),
        (b"x" * (MOST_BYTES + 1), "That file has 65 KiB; 64 KiB fit."),
    ],
)
async def test_file_that_is_no_plan_changes_nothing_and_says_why(
    course: Classroom, written: bytes, sentence: str
) -> None:
    shown = await with_plan(course)
    before = course.stored()
    refused = await upload(course, shown, written)
    assert sentence in refused.text
    assert course.stored() == before
    again = await course.instructor.press(refused, refused.labels[0])
    assert again.form is not None
    assert again.text.startswith("Load a plan")


async def test_every_faulty_week_of_a_file_is_named(course: Classroom) -> None:
    week = '[[weeks]]\ntheme = "A"\nstep = "b"\nminutes = {}\ndue = "{}"\ndone_by = "tick"\n'
    text = "\n".join([week.format(5, "friday"), week.format(5, "fri"), week.format(500, "friday")])
    refused = await upload(course, await course.instructor.run("cohort plan"), text.encode())
    assert '• Week 2: there is no due day "fri"; did you mean "friday"?' in refused.text
    assert "• Week 3: minutes must be a whole number from 1 to 120, not 500" in refused.text


async def test_weeks_that_a_later_break_covers_are_fitted_again_when_asked(course: Classroom) -> None:
    await with_plan(course)
    await course.manager.run("cohort breaks", first_day="2026-10-05", last_day="2026-10-11")
    shown = await course.instructor.run("cohort plan")
    assert "**Where your field talks** (5 Oct) lies in a break now" in shown.text
    shown = await course.instructor.press(shown, "Fit again")
    assert "**6** · 12 Oct · Where your field talks" in shown.text
    shown = await course.instructor.press(shown, "Move them")
    assert "in a break" not in shown.text
    assert "**11** · 16 Nov · Look back, and take it with you" in shown.text


async def test_whether_steps_count_is_asked_and_stands_where_people_join(course: Classroom) -> None:
    undecided = await course.manager.run("cohort invite")
    assert undecided.text.endswith("stays between you and the coach, unless you hand it in or share it.")
    assert "Do weekly steps count" not in (await course.manager.run("cohort setup")).text
    shown = await with_plan(course)
    assert "Do weekly steps count toward the course?" in (await course.manager.run("cohort setup")).text
    form = await course.instructor.press(shown, "They count")
    shown = await course.instructor.send(form, otherwise="Keep a log on paper.")
    assert "They count" not in shown.labels
    invitation = await course.manager.run("cohort invite")
    assert "Its weekly steps count toward the course; nothing else is graded." in invitation.text
    assert "Instead of the bot: Keep a log on paper." in invitation.text
    join = await course.person("ann").press(invitation, "Join")
    assert "Weekly steps count toward the course.\nInstead of the bot: Keep a log on paper." in join.text
    setup = await course.manager.run("cohort setup")
    changed = await course.manager.press(setup, "They do not count")
    assert changed.text.startswith("Weekly steps do not count toward the course.")
    assert "None of it is graded." in (await course.manager.run("cohort invite")).text
    assert "Weekly steps do not count toward the course." in (await course.person("ben").run("start")).text


async def test_calendar_of_the_plan_is_a_file(course: Classroom) -> None:
    shown = await course.instructor.press(await with_plan(course), "Calendar (.ics)")
    assert "The due days for a calendar" in shown.text


@pytest.mark.parametrize("start", ["2026-09-04", "2026-09-05", "2026-09-06"])
async def test_term_that_starts_at_the_end_of_a_week_is_in_week_1_on_monday(server: Classroom, start: str) -> None:
    await server.open_course(term_start=start, register="yes")
    ann = await server.member()
    shown = {name: (await server.instructor.run(f"cohort {name}")).text for name in ("overview", "register", "digest")}
    assert "week 1 of 15" in shown["overview"]
    assert "week 1" in shown["register"]
    assert "week 1 of 15 begins" in shown["digest"]
    me = await ann.press(await ann.run("me"), "Picture")
    assert isinstance(me.message, ResponseMessage)
    (picture,) = [item for part in parts(me.message.components) for item in part.get("items", ())]
    assert "week 1 of 15" in picture["description"]
    assert "**1** · 7 Sep" in (await with_plan(server)).text
