from datetime import timedelta
from typing import Any

import pytest

from tests.cogs.classroom import GOAL, Classroom


async def test_a_goal_is_set_and_its_plan_read_back(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.set_goal()
    assert shown.text.startswith(
        "## Your goal is set\n**Talk with two nurses**\nTalk with people · 2 a week (two-way exchanges) for 6 weeks"
    )
    assert "> If it is Monday, then I will ask one question." in shown.text
    assert shown.private
    assert shown.labels == ["Log something", "My overview"]
    assert (await ann.press(shown, "Log something")).text.startswith("## What did you do?")


async def test_the_form_starts_with_a_modest_goal(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.run("goal new")
    assert form.form == {"type": "connect", "title": "", "target": "2", "if_then": "", "weeks": "6"}


async def test_a_template_fills_the_form_and_may_be_sent_as_it_is(course: Classroom) -> None:
    ann = await course.member()
    template = course.content.vocabulary.templates["education"]
    assert (await ann.suggestions("goal new", "template", "teach")) == {"education": template.label}
    form = await ann.run("goal new", template="education")
    assert form.form == {
        "type": template.type,
        "title": template.goal,
        "target": str(template.target),
        "if_then": template.if_then,
        "weeks": str(template.weeks),
    }
    assert template.goal in (await ann.send(form)).text


async def test_every_template_can_be_sent_as_it_is(course: Classroom) -> None:
    for template in course.content.vocabulary.templates.values():
        ann = await course.member(f"with {template.id}")
        shown = await ann.send(await ann.run("goal new", template=template.id))
        assert shown.text.startswith("## Your goal is set"), template.id
        assert "easier to keep" not in shown.text


async def test_the_courses_track_brings_its_own_template(course: Classroom) -> None:
    await course.manager.pick(await course.manager.run("cohort setup"), "health", menu=2)
    ann = await course.member()
    assert (await ann.run("goal new")).form["title"] == course.content.vocabulary.templates["health"].goal


async def test_a_template_that_does_not_exist_is_refused_kindly(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("goal new", template="astrology")
    assert shown.text == "There is no goal template “astrology”. Run `/goal new` and pick one from the list."


async def test_a_plan_that_is_no_if_then_is_kept_with_a_hint(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.set_goal(if_then="On Tuesdays I ask somebody")
    assert "> On Tuesdays I ask somebody\n-# A plan that starts with “If”" in shown.text
    assert "Yours is saved as written." in shown.text


async def test_goal_show_reads_the_goal_back_with_the_last_seven_days(course: Classroom) -> None:
    ann = await course.member(goal=True)
    await ann.run("log", kind="reply")
    shown = await ann.run("goal show")
    assert "Week 1 of 6, until Tuesday 20 October." in shown.text
    assert "Last seven days: 1 of 2 ▰▱" in shown.text
    assert shown.labels == ["Log something", "New goal"]
    course.clock.now += timedelta(weeks=6)
    assert "Its 6 weeks are over." in (await ann.run("goal show")).text


async def test_without_a_goal_goal_show_says_how_to_set_one(course: Classroom) -> None:
    ann = await course.member()
    assert (await ann.run("goal show")).text == "You have no goal yet. `/goal new` sets one in about four minutes."


async def test_a_running_goal_is_kept_or_replaced_by_choice(course: Classroom) -> None:
    ann = await course.member(goal=True)
    asked = await ann.run("goal new", template="education")
    assert asked.text.startswith("Your goal is still running: **Talk with two nurses**")
    assert asked.labels == ["Keep it", "Replace it"]
    assert (await ann.press(asked, "Keep it")).text.startswith("## Your goal\n**Talk with two nurses**")
    asked = await ann.run("goal new", template="education")
    form = await ann.press(asked, "Replace it")
    assert form.form["title"] == course.content.vocabulary.templates["education"].goal
    assert (await ann.send(form)).text.startswith("## Your goal is set\n**Collect and test one classroom idea")
    assert course.rows("SELECT count(*), count(ended_at) FROM goal") == [(2, 1)]


async def test_a_goal_whose_weeks_are_over_stands_in_nobodys_way(course: Classroom) -> None:
    ann = await course.member(goal=True)
    course.clock.now += timedelta(weeks=6)
    form = await ann.run("goal new")
    assert (await ann.send(form, **{**GOAL, "title": "Next one"})).text.startswith("## Your goal is set\n**Next one**")


async def test_a_form_that_was_open_while_a_goal_was_set_does_not_replace_it(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.run("goal new")
    await ann.set_goal()
    before = course.stored()
    shown = await ann.send(form, **{**GOAL, "title": "Second"})
    assert shown.text.startswith(
        "Your goal “Talk with two nurses” is still running. Run `/goal new` and press *Replace it* to change it."
    )
    assert "```\nconnect" not in shown.text
    assert "Second" in shown.text
    assert course.stored() == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"target": "6"},
            (
                "For “Talk with people” a week holds 1 to 5. A smaller number that you reach beats a big one that you "
                "do not."
            ),
        ),
        ({"type": ["visible"], "target": "3"}, "For “Show your work” a week holds 1 to 2."),
        ({"target": "0"}, "The number a week is a whole number from 1 to 99."),
        ({"target": "x"}, "The number a week is a whole number from 1 to 99."),
        ({"target": "00"}, "The number a week is a whole number from 1 to 99."),
        ({"weeks": "3"}, "The number of weeks is a whole number from 4 to 8."),
        ({"weeks": "9"}, "The number of weeks is a whole number from 4 to 8."),
        ({"title": "   "}, "The goal is empty. A few words are enough."),
        ({"if_then": " \n "}, "The plan is empty. A few words are enough."),
    ],
)
async def test_a_goal_that_breaks_a_rule_is_refused_given_back_and_changes_nothing(
    course: Classroom, changes: dict[str, Any], sentence: str
) -> None:
    ann = await course.member()
    before = course.stored()
    shown = await ann.set_goal(**changes)
    assert shown.text.startswith(sentence)
    typed: dict[str, Any] = {**GOAL, **changes}
    for name in ("title", "if_then"):
        assert typed[name].strip() in shown.text
    assert course.stored() == before


async def test_what_was_logged_stays_when_a_goal_is_replaced(course: Classroom) -> None:
    ann = await course.member(goal=True)
    await ann.run("log", kind="reply")
    form = await ann.press(await ann.run("goal new"), "Replace it")
    shown = await ann.send(form, **{**GOAL, "title": "Another"})
    assert "Another" in shown.text
    assert "1 of 2 for your goal, 1 entry in your log" in (await ann.run("me")).text
