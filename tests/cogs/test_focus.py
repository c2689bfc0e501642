"""/focus: the form, what is kept, and what it changes in the checklist."""

from typing import Any

import pytest

from tests.cogs.classroom import Classroom

INTENT = "Write one line: who should find you, and what you want from it"
WHOLE: dict[str, Any] = {
    "fields": "nursing,  patient education",
    "purpose": "a first job",
    "connection": ["work"],
    "track": ["health"],
    "season": ["searching"],
}
NEW, OLD = "My accounts in this field are new", "My accounts are not new any more"


async def test_the_focus_is_kept_and_read_back(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.run("focus")
    assert form.form == {"fields": "", "purpose": "", "connection": "", "track": "", "season": ""}
    shown = await ann.send(form, **WHOLE)
    assert shown.text.startswith(
        "## Your focus is saved\n**Fields**: nursing & patient education\n**Purpose**: a first job\n"
        "**A connection is**: Work: openings and people to work with\n**Profession**: Health professions\n"
        "**Just now**: Searching: a placement, a project or a job\n"
    )
    assert shown.private


async def test_the_form_is_filled_with_what_is_saved(course: Classroom) -> None:
    ann = await course.member()
    await ann.send(await ann.run("focus"), **WHOLE)
    assert (await ann.run("focus")).form == {
        "fields": "nursing, patient education",
        "purpose": "a first job",
        "connection": "work",
        "track": "health",
        "season": "searching",
    }
    shown = await ann.send(await ann.run("focus"), purpose="find a mentor")
    assert "**Fields**: nursing & patient education\n**Purpose**: find a mentor" in shown.text
    assert "**Just now**: Searching" in shown.text


async def test_saving_a_focus_says_once_that_it_answers_a_checklist_item(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), fields="nursing")
    assert "checklist item too" not in shown.text  # it asks who should find you, and what for
    shown = await ann.send(await ann.run("focus"), purpose="hear of a first job")
    assert f"That answers a checklist item too: “{INTENT}”." in shown.text
    again = await ann.send(await ann.run("focus"), fields="teaching")
    assert "checklist item" not in again.text
    assert course.rows("SELECT item_id, answer FROM checklist_answer") == [("see.intent", "fixed")]


async def test_being_less_findable_is_a_goal_of_its_own(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), fields="nursing", season=["low_profile"])
    assert "Being less findable is a goal of its own." in shown.text
    assert "when they look you up" not in shown.text
    checklist = await ann.press(shown, "Start the checklist")
    findable = [course.content.checklist.item(one) for one in course.content.checklist.findable]
    assert findable
    offered = [words for menu in checklist.menus for words in menu.options.values()]
    assert not [item.title for item in findable if item.title in offered or item.title in checklist.text]


async def test_new_accounts_are_noted_and_taken_back_with_one_button(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await ann.set_focus(), NEW)
    assert "**Accounts**: new in this field" in shown.text
    assert shown.labels[-1] == OLD
    changed = await ann.send(await ann.run("focus"), fields="law")
    assert "**Accounts**: new in this field" in changed.text
    shown = await ann.press(shown, OLD)
    assert "**Accounts**" not in shown.text
    assert shown.labels[-1] == NEW


# What is refused


async def test_third_field_is_refused_and_the_typed_text_comes_back(course: Classroom) -> None:
    ann = await course.member(focus=True)
    before = course.stored()
    form = await ann.run("focus")
    shown = await ann.send(form, fields="nursing, teaching, law", purpose="stay curious", connection=["news"])
    assert shown.text == "You named 3 fields; a focus holds one or two. Keep the two that matter most this term."
    assert shown.private
    assert course.stored() == before
    again = await ann.press(shown, "Open it again")
    assert (again.form["fields"], again.form["connection"]) == ("nursing, teaching, law", "news")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ("x" * 41, "A field has 41 characters; 40 fit. Shorten it and send it again."),
        (" , ;", "The line for your fields is empty. A few words are enough."),
    ],
)
async def test_a_field_that_is_too_long_or_empty_is_refused_and_given_back(
    course: Classroom, fields: str, sentence: str
) -> None:
    ann = await course.member()
    before = course.stored()
    shown = await ann.send(await ann.run("focus"), fields=fields, purpose="a job")
    assert shown.text.startswith(sentence)
    assert shown.labels == ["Open it again"]
    assert course.stored() == before
