"""/cohort plan, as its instructors use it."""

import icalendar
import pytest

from prompts.course_plan import MOST_BYTES, written_plan
from tests.cogs.classroom import Classroom, Screen

WEEK = {
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


async def week_card(room: Classroom, shown: Screen, place: int = 0) -> Screen:
    return await room.instructor.pick(shown, list(shown.menus[0].options)[place])


async def test_ready_plan_is_previewed_then_taken(course: Classroom) -> None:
    before = course.stored()
    shown = await course.instructor.run("cohort plan")
    assert shown.labels == ["Take the ready plan", "Load a file", "Write my own"]
    shown = await course.instructor.press(shown, "Take the ready plan")
    assert "Nothing is saved yet" in shown.text
    assert course.stored() == before
    shown = await course.instructor.press(shown, "Take this plan")
    print(shown.text, shown.labels)
    assert "**This week**: Know what you are looking for, due Friday 11 September." in shown.text
    assert len(shown.menus[0].options) == 10


async def test_week_is_edited(course: Classroom) -> None:
    shown = await week_card(course, await with_plan(course), 1)
    print(shown.text, shown.labels)
    form = await course.instructor.press(shown, "Edit")
    shown = await course.instructor.send(form, **WEEK)
    print(shown.text, shown.labels)
