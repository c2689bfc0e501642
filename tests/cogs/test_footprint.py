from datetime import timedelta

import pytest

from bot.coaching.footprint import Answer
from tests.cogs.classroom import FOCUS, Classroom, Person


async def test_the_checklist_shows_progress_by_section_and_the_quick_items_first(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("footprint")
    assert shown.text.startswith("## Your digital footprint\n0 of 30 answered.")
    assert "See what others see: 0 of 5 ▱▱▱▱▱▱▱▱" in shown.text
    assert shown.labels == ["Open", "Open", "Open"]
    assert "Write one line: who should find you, and what you want from it\n-# about 5 min" in shown.text
    assert len(shown.menus[0].options) == 6


async def test_an_item_shows_why_and_how_and_takes_each_of_the_four_answers(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await ann.run("footprint"), "Open")
    assert "You choose what you share." in shown.text
    assert "1. Name the people you want to be found by" in shown.text
    assert "**Done when**: One sentence saved in your focus." in shown.text
    assert shown.labels[:4] == ["Checked, fine", "Fixed something", "Later", "Not for me"]
    kept = {"Checked, fine": "fine", "Fixed something": "fixed", "Later": "later", "Not for me": "not_for_me"}
    for label, answer in kept.items():
        shown = await ann.press(shown, label)
        assert f"**Noted**: {label}, Tuesday 8 September." in shown.text
        assert course.rows("SELECT item_id, answer, answered_on FROM checklist_answer") == [
            ("see.intent", answer, "2026-09-08")
        ]


async def test_an_answer_says_when_the_item_comes_up_again_unless_it_was_later(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("footprint", item="see.search-name")
    shown = await ann.press(shown, "Checked, fine")
    assert "I will mention it again from Monday 7 December." in shown.text
    shown = await ann.press(shown, "Later")
    assert "again" not in shown.text.partition("**Noted**")[2]
    course.clock.now += timedelta(weeks=6)
    shown = await ann.press(shown, "Checked, fine")  # three months on, the course is over
    assert "again" not in shown.text.partition("**Noted**")[2]


async def test_the_buttons_lead_from_item_to_item_and_back_to_the_sections(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await ann.run("footprint"), "Open")
    shown = await ann.press(shown, "Checked, fine")
    shown = await ann.press(shown, "Next item (10 minutes)")
    assert "Search your name the way a stranger would" in shown.text
    shown = await ann.press(shown, "All sections")
    assert "1 of 30 answered" in shown.text
    shown = await ann.pick(shown, "see")
    assert shown.text.startswith("## See what others see\n✓ Write one line")
    assert "Checked, fine" in shown.text
    assert "○ Search your name the way a stranger would\n-# about 10 min · do this one" in shown.text
    assert (await ann.press(shown, "Open", nth=1)).text.startswith("-# See what others see")
    assert (await ann.press(shown, "All sections")).text.startswith("## Your digital footprint")


async def test_every_section_and_every_item_can_be_opened_and_answered(course: Classroom) -> None:
    ann = await course.member()
    checklist = course.content.checklist
    for section in checklist.sections:
        opened = await ann.pick(await ann.run("footprint"), section.id)
        items = [item for item in checklist.items if item.section == section.id]
        assert opened.labels == ["Open"] * len(items) + ["All sections"]
        for item in items:
            shown = await ann.run("footprint", item=item.id)
            assert item.title in shown.text
            await ann.press(shown, "Not for me")
    shown = await ann.run("footprint")
    assert "30 of 30 answered" in shown.text
    assert "Every item is answered. I will mention one when it is time for a second look." in shown.text


async def test_the_track_of_the_course_adds_its_steps(course: Classroom) -> None:
    await course.manager.pick(await course.manager.run("cohort setup"), "health", menu=2)
    ann = await course.member()
    overrides = course.content.checklist.tracks["health"].overrides
    item_id, override = next((item, one) for item, one in overrides.items() if one.extra_step)
    assert override.extra_step
    assert override.extra_step in (await ann.run("footprint", item=item_id)).text


async def test_items_are_suggested_by_title_while_one_types(course: Classroom) -> None:
    ann = await course.member()
    assert len(await ann.suggestions("footprint", "item", "")) == 25
    assert await ann.suggestions("footprint", "item", "stranger would") == {
        "see.search-name": "Search your name the way a stranger would"
    }


async def test_an_item_that_does_not_exist_is_refused_kindly(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("footprint", item="my name")
    assert shown.text == "There is no checklist item “my name”. Run `/footprint` and pick one from the list."


@pytest.mark.parametrize(
    ("custom_id", "sentence"),
    [
        ("footprint.answer:{}:see.intent:found_something", "That card is from before an update"),
        ("footprint.answer:{}:see.intent", "That card is from before an update"),
        ("footprint.answer:{}:see.gone:fine", "There is no checklist item “see.gone”."),
        ("footprint.item:{}", "That card is from before an update"),
    ],
)
async def test_a_button_for_an_item_or_answer_that_is_no_more_changes_nothing(
    course: Classroom, custom_id: str, sentence: str
) -> None:
    ann = await course.member()
    before = course.stored()
    forged = await course.crafted("pln1:" + custom_id.format(ann.id))
    assert (await ann.press(forged, "Press")).text.startswith(sentence)
    assert course.stored() == before


async def test_a_section_that_is_no_more_is_refused_kindly(course: Classroom) -> None:
    ann = await course.member()
    forged = await course.crafted(f"pln1:footprint.section:{ann.id}", ["gone"])
    assert (await ann.pick(forged, "gone")).text.startswith("There is no checklist item “gone”.")


async def test_only_the_answer_and_its_day_are_kept(course: Classroom) -> None:
    columns = [row[1] for row in course.rows("PRAGMA table_info(checklist_answer)")]
    assert columns == ["enrolment_id", "item_id", "answer", "answered_on"]
    assert len(Answer) == 4


async def test_an_item_can_be_opened_from_the_menu_that_a_long_section_has(course: Classroom) -> None:
    ann = await course.member()
    menu = await course.crafted(f"pln1:footprint.item:{ann.id}", ["see.intent", "see.search-name"])
    assert "Search your name the way a stranger would" in (await ann.pick(menu, "see.search-name")).text


async def lies_low(room: Classroom) -> Person:
    """Return a member whose season is a low profile."""
    ann = await room.member()
    await ann.send(await ann.run("focus"), **FOCUS, season=["low_profile"])
    return ann


async def test_earlier_answers_stand_under_the_last_one(course: Classroom) -> None:
    ann = await course.member()
    await ann.press(await ann.run("footprint", item="see.search-name"), "Later")
    course.clock.now += timedelta(days=1)
    shown = await ann.press(await ann.run("footprint", item="see.search-name"), "Fixed something")
    assert "**Noted**: Fixed something, Wednesday 9 September." in shown.text
    assert "-# Before that: Tuesday 8 September: Later" in shown.text
    shown = await ann.press(shown, "Checked, fine")
    assert "Before that: Tuesday 8 September: Later" in shown.text
    assert "Fixed something" not in shown.text


async def test_the_checklist_says_what_is_due_for_a_second_look_and_opens_it(course: Classroom) -> None:
    ann = await course.member()
    await ann.press(await ann.run("footprint", item="see.search-name"), "Checked, fine")
    assert "second look" not in (await ann.run("footprint")).text
    course.clock.now += timedelta(days=90)
    shown = await ann.run("footprint")
    assert "**Due for a second look**\nSearch your name the way a stranger would" in shown.text
    opened = await ann.press(shown, "Open")
    assert "**Your answer**: Checked, fine, Tuesday 8 September." in opened.text
    await ann.press(opened, "Fixed something")
    assert "second look" not in (await ann.run("footprint")).text


async def test_a_low_profile_says_what_is_left_out_and_opens_it_when_asked(course: Classroom) -> None:
    ann = await lies_low(course)
    shown = await ann.run("footprint")
    assert "1 of 24 answered." in shown.text
    assert "6 items that would make you easier to find are left out." in shown.text
    assert "present" not in shown.menus[0].options
    opened = await ann.run("footprint", item="present.bio")
    assert opened.text.startswith("-# Present your work clearly")
    assert "**Noted**: Checked, fine" in (await ann.press(opened, "Checked, fine")).text
    assert "1 of 24 answered." in (await ann.run("footprint")).text


async def test_an_older_card_of_a_section_that_a_low_profile_leaves_out_shows_the_list_as_it_is_now(
    course: Classroom,
) -> None:
    ann = await course.member()
    older = await ann.run("footprint")
    await ann.send(await ann.run("focus"), **FOCUS, season=["low_profile"])
    shown = await ann.pick(older, "present")
    assert shown.text.startswith("## Your digital footprint\n1 of 24 answered.")


async def test_the_members_own_track_comes_before_the_courses(course: Classroom) -> None:
    await course.manager.pick(await course.manager.run("cohort setup"), "health", menu=2)
    ann = await course.member()
    assert "rules for Health professions." in (await ann.run("footprint")).text
    await ann.send(await ann.run("focus"), **FOCUS, track=["creative"])
    assert "rules for Design, media and content creation." in (await ann.run("footprint")).text
    override = course.content.checklist.tracks["creative"].overrides["respect.separate"]
    assert override.extra_step
    assert override.extra_step in (await ann.run("footprint", item="respect.separate")).text


async def test_an_item_says_whom_to_ask_and_shows_the_contact_as_it_was_written(course: Classroom) -> None:
    ann = await course.member()
    assert "need not solve it alone" not in (await ann.run("footprint", item="see.search-name")).text
    form = await course.manager.press(await course.manager.run("cohort setup"), "Size and support")
    await course.manager.send(form, contact="*Ines*, room 12")
    shown = await ann.run("footprint", item="see.search-name")
    assert "-# Something here worries you? You need not solve it alone: \\*Ines\\*, room 12" in shown.text
