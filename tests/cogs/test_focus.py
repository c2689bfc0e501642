from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.coaching.focus import FIELD_LIMIT, PURPOSE_LIMIT, Connection, Focus, Season
from bot.coaching.footprint import MOST_TRACKS, Item, Severity, Track
from bot.coaching.ids import UserId
from bot.coaching.limits import LABEL_LIMIT
from bot.services.focus import SavedFocus
from cogs.cards import focus as cards
from tests.cogs.classroom import Classroom
from tests.cogs.limits import form_breaches, view_breaches

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


async def test_everything_but_the_fields_may_stay_empty_and_be_taken_back(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), fields="nursing")
    assert shown.text.startswith("## Your focus is saved\n**Fields**: nursing\n")
    await ann.send(await ann.run("focus"), **WHOLE)
    shown = await ann.send(await ann.run("focus"), purpose="", connection=[], track=[], season=[])
    assert shown.text.startswith(
        "## Your focus is saved\n**Fields**: nursing & patient education\nNext in your checklist:"
    )


async def test_the_buttons_under_the_focus_lead_on(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), **WHOLE)
    assert shown.labels == ["Start the checklist", "Set a goal", "Change", NEW]
    assert (await ann.press(shown, "Change")).form["fields"] == "nursing, patient education"
    assert (await ann.press(shown, "Set a goal")).text.startswith("## A goal, in four short questions")
    shown = await ann.set_focus()
    assert (await ann.press(shown, "Start the checklist")).text.startswith("## Your digital footprint")


async def test_the_courses_profession_is_named_until_the_member_names_their_own(course: Classroom) -> None:
    await course.manager.pick(await course.manager.run("cohort setup"), "health", menu=2)
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), fields="nursing")
    assert "**Profession**: Health professions (the course’s)" in shown.text
    shown = await ann.send(await ann.run("focus"), track=["education"])
    assert "**Profession**: Teaching and education\n" in shown.text


async def test_saving_a_focus_says_once_that_it_answers_a_checklist_item(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.send(await ann.run("focus"), fields="nursing")
    assert "checklist item too" not in shown.text  # it asks who should find you, and what for
    shown = await ann.send(await ann.run("focus"), purpose="hear of a first job")
    assert f"That answers a checklist item too: “{INTENT}”." in shown.text
    again = await ann.send(await ann.run("focus"), fields="teaching")
    assert "checklist item" not in again.text
    assert course.rows("SELECT item_id, answer FROM checklist_answer") == [("see.intent", "fixed")]


async def test_saving_a_focus_never_overwrites_what_the_member_answered(course: Classroom) -> None:
    ann = await course.member()
    await ann.press(await ann.run("footprint", item="see.intent"), "Not for me")
    shown = await ann.send(await ann.run("focus"), fields="nursing")
    assert "checklist item" not in shown.text
    assert course.rows("SELECT item_id, answer FROM checklist_answer") == [("see.intent", "not_for_me")]


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


async def test_the_button_about_accounts_pressed_twice_changes_nothing_more(course: Classroom) -> None:
    ann = await course.member()
    saved = await ann.set_focus()
    second = await course.crafted(saved.id_of(NEW))
    await ann.press(saved, NEW)
    once = course.stored()
    assert "**Accounts**: new" in (await ann.press(second, "Press")).text
    assert course.stored() == once


@pytest.mark.parametrize("argument", ["0", "1", "x", "2", ""])
async def test_a_button_about_accounts_without_a_focus_changes_nothing(course: Classroom, argument: str) -> None:
    ann = await course.member()
    card = await course.crafted(f"pln1:focus.accounts:{ann.id}:{argument}")
    before = course.stored()
    assert (await ann.press(card, "Press")).text.startswith("That card is from before an update")
    assert course.stored() == before


async def test_the_focus_works_in_the_direct_message_too(course: Classroom) -> None:
    ann = (await course.member()).in_dm
    shown = await ann.send(await ann.run("focus"), **WHOLE)
    assert shown.text.startswith("## Your focus is saved")
    assert "**Accounts**: new" in (await ann.press(shown, NEW)).text


async def test_the_note_that_asks_for_a_focus_opens_its_form(course: Classroom) -> None:
    ann = await course.member()
    ((cohort,),) = course.rows("SELECT id FROM cohort")
    note = await course.crafted(f"pln1:nudge.set_focus:{ann.id}:{cohort}:weekly:2026-09-14")
    shown = await ann.send(await ann.press(note, "Press"), fields="nursing")
    assert shown.text.startswith("## Your focus is saved")


async def test_cards_of_the_focus_work_after_a_restart(course: Classroom) -> None:
    ann = await course.member()
    form, saved = await ann.run("focus"), await ann.set_focus()
    await course.restart()
    course.clock.now += timedelta(days=1)
    assert "**Accounts**: new" in (await ann.press(saved, NEW)).text
    assert "**Fields**: law" in (await ann.send(form, fields="law")).text


async def test_nobody_presses_anything_on_somebody_elses_focus(course: Classroom) -> None:
    ann, bob = await course.member(), await course.member("bob")
    shown = await ann.set_focus()
    before = course.stored()
    for label in shown.labels:
        pressed = await course.crafted(shown.id_of(label))
        assert (await bob.press(pressed, "Press")).text.startswith("That card belongs to someone else.")
    assert course.stored() == before


# What is refused


async def test_a_third_field_is_refused_what_was_typed_comes_back_and_nothing_changes(course: Classroom) -> None:
    ann = await course.member(focus=True)
    before = course.stored()
    form = await ann.run("focus")
    shown = await ann.send(form, fields="nursing, teaching, law", purpose="stay curious", connection=["news"])
    assert shown.text == (
        "You named 3 fields; a focus holds one or two. Keep the two that matter most this term.\n"
        "What you wrote, to copy:\n```\nstay curious\nnursing, teaching, law\n```"
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


# With the most that a screen can hold

OWNER = UserId(10**19 + 7)


def words(length: int) -> str:
    """Return a text of that length that grows most when it is made plain."""
    return ("*_" * length)[:length]


def long_id(number: int) -> str:
    return f"{number:02d}{'i' * 38}"


TRACKS = {long_id(number): Track(long_id(number), "W" * LABEL_LIMIT, "strict", {}) for number in range(MOST_TRACKS)}
LONG = Focus(
    (words(FIELD_LIMIT), words(FIELD_LIMIT)),
    words(PURPOSE_LIMIT),
    Connection.COMMUNITY,
    long_id(1),
    Season.LOW_PROFILE,
    new_accounts=True,
)
ITEM = Item("i", "see", "W" * LABEL_LIMIT, Severity.MUST, 5, 6, "", (), "", ())


def saved_cards() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    yield "all there is", cards.saved(SavedFocus(LONG, TRACKS[long_id(1)], ITEM), OWNER)
    for season in Season:
        yield f"season {season}", cards.saved(SavedFocus(Focus(("x",), season=season), None), OWNER)


@pytest.mark.parametrize("name", [name for name, _ in saved_cards()])
async def test_a_card_of_the_focus_fits_into_a_message(name: str) -> None:
    view = dict(saved_cards())[name]
    assert view_breaches(view) == []
    assert view.is_finished(), "discord.py would keep it"


@pytest.mark.parametrize("focus", [None, LONG])
async def test_the_form_of_the_focus_fits_into_a_modal_with_as_many_tracks_as_there_may_be(focus: Focus | None) -> None:
    form = cards.form(focus, TRACKS, OWNER)
    made: dict[str, Any] = form.to_dict()
    assert form_breaches(made) == []
    assert form.is_finished(), "discord.py would keep it"
