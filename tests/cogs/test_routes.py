"""Buttons without state: they work after a restart and a year later, and what is not ours to obey is refused."""

from datetime import timedelta

import pytest

from tests.cogs.classroom import Classroom, Person, Screen
from tests.cogs.conftest import kept_by_discord_py

OLD = "That card is from before an update, so nothing was changed. Run the command again for a fresh one."


async def every_card(room: Classroom, ann: Person) -> dict[str, Screen]:
    """Return one of every card that stays on somebody's screen."""
    return {
        "invitation": await room.manager.run("cohort invite"),
        "setup": await room.manager.run("cohort setup"),
        "welcome": await ann.run("start"),
        "me": await ann.run("me"),
        "footprint": await ann.run("footprint"),
        "item": await ann.run("footprint", item="see.intent"),
        "goal": await ann.run("goal show"),
        "running": await ann.run("goal new"),
        "choices": await ann.run("log"),
        "logged": await ann.run("log", kind="reply"),
        "settings": await ann.run("nudge settings"),
        "help": await ann.run("help"),
    }


async def press_first_and_last(room: Classroom, ann: Person, cards: dict[str, Screen]) -> None:
    """Use a button or menu of each card; whatever goes wrong is in the answer or in the log."""
    for name, shown in cards.items():
        if name == "setup":
            answers = [await room.manager.pick(shown, "2")]
        elif name == "invitation":
            answers = [await ann.press(shown, "Join")]
        else:
            answers = [await ann.press(shown, shown.labels[0])]
        for answer in answers:
            assert answer.text, name
            assert "went wrong" not in answer.text, name
            assert "before an update" not in answer.text, name


async def test_every_card_works_after_a_restart(course: Classroom) -> None:
    ann = await course.member(goal=True)
    cards = await every_card(course, ann)
    await course.restart()
    await press_first_and_last(course, ann, cards)


async def test_every_card_works_after_a_long_time_because_discord_py_keeps_nothing(course: Classroom) -> None:
    # discord.py 2.7.1 times views out, ephemeral ones after 900 s, and takes others' handlers with them.
    ann = await course.member(goal=True)
    cards = await every_card(course, ann)
    form = await ann.run("focus")
    assert kept_by_discord_py(course) == []
    await course.env.advance_time(1000)
    await press_first_and_last(course, ann, cards)
    assert "Your focus is saved" in (await ann.send(form, fields="nursing")).text
    assert kept_by_discord_py(course) == []


async def test_a_form_can_be_sent_after_a_restart(course: Classroom) -> None:
    ann = await course.member()
    form = await ann.run("goal new", template="education")
    await course.restart()
    assert "## What in you could get in the way?" in (await ann.send(form)).text


async def test_a_year_later_the_cards_still_answer(course: Classroom) -> None:
    ann = await course.member(goal=True)
    cards = await every_card(course, ann)
    del cards["setup"]
    course.clock.now += timedelta(days=365)
    await press_first_and_last(course, ann, cards)


@pytest.mark.parametrize(
    "custom_id",
    [
        "pln0:me.show:{}",
        "pln2:me.show:{}",
        "pln1:me.dance:{}",
        "pln1:me.show",
        "pln1:me.show:ann",
        "pln1:me.show:²",
        "pln1:me.show:-1",
        "pln1",
        ":::",
        "somebody else's bot",
        "pln1:goal.new:{}",
        "pln1:goal.new:{}:-",
        "pln1:start.join:{}",
        "pln1:nudge.pause_set:{}:soon",
        "pln1:nudge.pause_set:{}",
    ],
)
async def test_a_button_from_before_an_update_is_refused_kindly_and_changes_nothing(
    course: Classroom, custom_id: str
) -> None:
    ann = await course.member()
    before = course.stored()
    shown = await ann.press(await course.crafted(custom_id.format(ann.id)), "Press")
    assert shown.text == OLD
    assert shown.private
    assert course.stored() == before


async def test_a_menu_of_a_card_that_has_none_any_more_is_refused_kindly(course: Classroom) -> None:
    ann = await course.member()
    shown = await ann.press(await course.crafted(f"pln1:nudge.day:{ann.id}"), "Press")
    assert shown.text == OLD


async def test_another_members_button_is_refused_on_every_card(course: Classroom) -> None:
    ann, ben = await course.member(goal=True), await course.member("ben")
    cards = await every_card(course, ann)
    before = course.stored()
    for name, shown in cards.items():
        if name not in {"invitation", "setup"}:
            for _, custom_id in shown.buttons:
                refused = await ben.press(await course.crafted(custom_id), "Press")
                assert refused.text == "That card belongs to someone else. Run `/me` to see your own."
                assert refused.private
    assert course.stored() == before


async def test_a_members_button_pressed_before_joining_says_how_to_join(course: Classroom) -> None:
    ann = course.person("ann")
    before = course.stored()
    for name, route in course.app.bot.routes.items():
        if route.audience == "member" and not name.endswith("save"):
            forged = await course.crafted(f"pln1:{name}:{ann.id}:1:weekly:2026-09-14", ["1"] if "day" in name else [])
            shown = await (ann.pick(forged, "1") if forged.menus else ann.press(forged, "Press"))
            assert shown.text.startswith(
                (
                    "You have not joined",
                    "I no longer have that note",
                    "That card is from before",
                    "I do not know",
                    "There is no",
                )
            ), name
    assert course.stored() == before


async def test_a_private_card_changes_in_place_and_a_public_one_stays(course: Classroom) -> None:
    ann = await course.member()
    first = await ann.run("me")
    second = await ann.press(first, "Note settings")
    assert first.message is not None
    assert second.message is not None
    assert second.message.id == first.message.id
    invitation = await course.manager.run("cohort invite")
    answer = await ann.press(invitation, "Join")
    assert invitation.message is not None
    assert answer.message is not None
    assert answer.message.id != invitation.message.id
