"""The choice about AI notes: asked once for bios and messages, by a notice that names who gets the text."""

import pytest

from tests.cogs.classroom import Classroom
from tests.cogs.test_message_check import Hire, hire

__all__ = ["hire"]


@pytest.mark.parametrize("route", ["ai_notes.offline:{}:letter", "ai_notes.with_ai:{}:0:bio:myspace"])
async def test_an_old_button_decides_nothing(course: Classroom, hire: Hire, route: str) -> None:
    ann = await course.member()
    await hire()
    shown = await ann.press(await course.crafted("pln1:" + route.format(ann.id)), "Press")
    assert shown.text.startswith("That card is from before an update")
    assert course.rows("SELECT * FROM ai_consent") == []


async def test_one_choice_holds_for_bios_and_messages(course: Classroom, hire: Hire) -> None:
    ann = await course.member()
    await hire()
    await ann.press(await ann.run("bio check", place="x"), "With AI notes")
    assert (await ann.run("message check")).form == {"text": "", "ai": "with"}
