"""Every card and form: it fits into Discord's messages, reads as cards.txt has it, and is calm."""

import inspect
import re
import sys
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import discord
import pytest

from bot.coaching.ids import CohortId
from bot.coaching.network import MOST_CONTACTS
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient
from bot.services.texts import OPEN_NOTE, OPEN_PARCEL, STOP_DIGEST, WHY
from cogs.cards import failures
from cogs.cards.shapes import TEXT_LIMIT, text_of
from cogs.routes import CUSTOM_ID_LIMIT, custom_id
from prompts import load_content
from prompts.nudges import BUTTONS
from tests.cogs.cards.golden import GOLDEN, written
from tests.cogs.cards.screens import BIG, OWNER, forms, map_views, network_views, opportunity_views, views
from tests.cogs.limits import form_breaches, view_breaches

CARDS = Path(inspect.getfile(failures)).parent


def test_every_card_and_form_reads_as_the_golden_says() -> None:
    assert written() == GOLDEN.read_text(encoding="utf-8"), "meant? `python -m tests.cogs.cards.golden` writes it anew"


def test_cards_with_the_most_they_can_hold_fit_into_a_message() -> None:
    assert [(name, breach) for name, view in views() for breach in view_breaches(view)] == []


def test_forms_with_the_most_they_can_hold_fit_into_a_modal() -> None:
    made: list[tuple[str, dict[str, Any]]] = [(name, form.to_dict()) for name, form in forms()]
    assert [(name, breach) for name, form in made for breach in form_breaches(form)] == []


async def test_discord_py_keeps_no_card_and_no_form() -> None:
    assert [name for name, shown in (*views(), *forms()) if not shown.is_finished()] == []


def test_every_function_that_makes_a_card_or_form_is_in_the_golden() -> None:
    made: dict[CodeType, str] = {}
    for file in CARDS.glob("[a-z]*.py"):
        module = import_module(f"cogs.cards.{file.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            returned = str(function.__annotations__.get("return"))
            if function.__module__ == module.__name__ and ("LayoutView" in returned or "Modal" in returned):
                made[function.__code__] = f"{file.stem}.{name}"
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    sys.setprofile(note)
    try:
        assert [*views(), *forms()]
    finally:
        sys.setprofile(None)
    assert [name for code, name in made.items() if code not in seen] == []


def test_cards_of_network_and_opportunities_are_calm() -> None:
    banned = [rf"(?<!\w){re.escape(one.strip())}(?!\w)" for one in load_content().banned_phrases]
    wrong = re.compile("|".join(["!", *banned]), re.IGNORECASE)
    shown = (*network_views(), *map_views(), *opportunity_views())
    assert [(name, found.group()) for name, view in shown if (found := wrong.search(text_of(view)))] == []


def test_no_card_of_the_network_counts_people() -> None:
    counted = re.compile(rf"\b{MOST_CONTACTS}\b|\d+ (?:people|contacts)", re.IGNORECASE)
    assert [name for name, view in (*network_views(), *map_views()) if counted.search(text_of(view))] == []


@pytest.mark.parametrize("button", [*BUTTONS, WHY.id, OPEN_NOTE.id, OPEN_PARCEL.id, STOP_DIGEST.id])
def test_a_button_under_a_note_has_room_for_the_longest_ids(button: str) -> None:
    key = NudgeKey(Recipient(CohortId(BIG), OWNER), NudgeKind.REMINDER, "2026-09-30")
    assert len(custom_id(f"nudge.{button}", OWNER, *key.parts)) <= CUSTOM_ID_LIMIT


def test_a_custom_id_that_would_not_fit_is_refused_before_discord_sees_it() -> None:
    with pytest.raises(ValueError, match="custom id too long"):
        custom_id("footprint.item", OWNER, "x" * 80)


def test_what_is_given_back_keeps_the_beginning_of_a_long_text() -> None:
    made = failures.refusal("Too long.", ["first " + "x" * 2 * TEXT_LIMIT])
    texts = [item.content for item in made.walk_children() if isinstance(item, discord.ui.TextDisplay)]
    assert texts[1].startswith("What you wrote, to copy:\n```\nfirst xxx")
    assert texts[1].endswith("x…\n```")
