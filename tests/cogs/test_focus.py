import pytest

from tests.cogs.classroom import Classroom


async def test_the_focus_is_kept_and_read_back(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.run("focus")
    assert form.form == {"fields": "", "purpose": "", "connection": ""}
    shown = await ann.send(form, fields="nursing,  patient education", purpose="a first job", connection=["work"])
    assert shown.text.startswith(
        "## Your focus is saved\n**Fields**: nursing & patient education\n**Purpose**: a first job\n"
        "**A connection is**: Work: openings and people to work with"
    )
    assert shown.private


async def test_the_form_is_filled_with_what_is_saved(course: Classroom) -> None:
    ann = await course.member(focus=True)
    saved = {"fields": "nursing, teaching", "purpose": "hear of a first job", "connection": "advice"}
    assert (await ann.run("focus")).form == saved
    shown = await ann.send(await ann.run("focus"), purpose="find a mentor")
    assert "**Fields**: nursing & teaching\n**Purpose**: find a mentor" in shown.text


async def test_the_purpose_and_the_connection_may_stay_empty(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), fields="nursing")
    assert shown.text.startswith("## Your focus is saved\n**Fields**: nursing\nNext:")


async def test_the_buttons_under_the_focus_lead_on(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.set_focus()
    assert shown.labels == ["Start the checklist", "Set a goal", "Change"]
    assert (await ann.press(shown, "Change")).form["fields"] == "nursing, teaching"
    assert (await ann.press(shown, "Set a goal")).text.startswith("Your goal\n")
    assert (await ann.press(shown, "Start the checklist")).text.startswith("## Your digital footprint")


async def test_a_third_field_is_refused_what_was_typed_comes_back_and_nothing_changes(course: Classroom) -> None:
    ann = await course.member(focus=True)
    before = course.stored()
    form = await ann.run("focus")
    shown = await ann.send(form, fields="nursing, teaching, law", purpose="stay curious", connection=["news"])
    assert shown.text == (
        "You named 3 fields; a focus holds one or two, so that people can tell what you are about. "
        "Keep the two that matter most this term.\n"
        "What you wrote, to copy:\n```\nnursing, teaching, law\nstay curious\n```"
    )
    assert shown.private
    assert course.stored() == before


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
    assert "```\n" in shown.text
    assert "a job" in shown.text
    assert course.stored() == before


async def test_what_somebody_writes_shows_as_written(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), fields="[click](https://x.test)", purpose="**bold** <@1> @everyone")
    assert r" \[click\](" in shown.text
    assert r"\*\*bold\*\*" in shown.text
    assert "\\<@\u200b1" in shown.text
    assert "@everyone" not in shown.text


async def test_what_is_given_back_cannot_break_out_of_its_frame(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), fields="a, b, c", purpose="``` [click](https://x.test) @everyone")
    assert shown.text.count("```") == 2
