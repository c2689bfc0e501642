from datetime import timedelta

from tests.cogs.classroom import FOCUS, Classroom, Person


async def test_the_checklist_shows_progress_and_the_quick_items_first(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.run("footprint")
    assert shown.text.startswith("## Your digital footprint\n0 of 30 answered.")
    assert shown.labels == ["Open", "Open"]
    assert "Write one line: who should find you, and what you want from it\n-# about 5 min" in shown.text
    assert len(shown.menus[0].options) == 6


async def test_an_item_shows_why_and_how_and_takes_each_of_the_four_answers(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await ann.run("footprint"), "Open")
    assert "You choose what you share." in (await ann.press(shown, "Why?")).text
    assert "1. Name the people you want to be found by" in shown.text
    assert "Done when: One sentence saved in your focus." in shown.text
    assert shown.labels[:4] == ["Checked, fine", "Fixed something", "Later", "Not for me"]
    kept = {"Checked, fine": "fine", "Fixed something": "fixed", "Later": "later", "Not for me": "not_for_me"}
    for label, answer in kept.items():
        shown = await ann.press(shown, label)
        assert f"**Noted**: {label}, Tuesday 8 September." in shown.text
        assert course.rows("SELECT item_id, answer, answered_on FROM checklist_answer") == [
            ("see.intent", answer, "2026-09-08")
        ]


async def test_the_buttons_lead_from_item_to_item_and_back_to_the_sections(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await ann.run("footprint"), "Open")
    shown = await ann.press(shown, "Checked, fine")
    shown = await ann.press(shown, "Next item (10 min)")
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


async def test_items_are_suggested_by_title_while_one_types(course: Classroom) -> None:
    ann = await course.member()
    assert len(await ann.suggestions("footprint", "item", "")) == 25
    assert await ann.suggestions("footprint", "item", "stranger would") == {
        "see.search-name": "Search your name the way a stranger would"
    }


async def lies_low(room: Classroom) -> Person:
    """Return a member whose season is a low profile."""
    ann = await room.member()
    await ann.send(await ann.run("focus"), **FOCUS, season=["low_profile"])
    return ann


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


async def test_old_card_of_a_section_left_out_shows_the_list_as_it_is_now(
    course: Classroom,
) -> None:
    ann = await course.member()
    older = await ann.run("footprint")
    await ann.send(await ann.run("focus"), **FOCUS, season=["low_profile"])
    shown = await ann.pick(older, "present")
    assert shown.text.startswith("## Your digital footprint\n1 of 24 answered.")
