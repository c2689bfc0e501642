"""Cards of the network: what they say, and that each fits with the most it can hold."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.coaching.goals import Direction, Kind
from bot.coaching.ids import AlertId, ContactId, SpaceId, UserId
from bot.coaching.limits import LABEL_LIMIT, MOST_OPTIONS, STEP_LIMIT
from bot.coaching.log import MOST_MINUTES, NOTE_LIMIT, ActionDraft, Outcome
from bot.coaching.network import (
    ALERT_WORD_LIMIT,
    MOST_ALERTS,
    MOST_CONTACTS,
    MOST_SPACES,
    NICKNAME_LIMIT,
    RHYTHM_LIMIT,
    SHARES_LIMIT,
    SPACE_LIMIT,
    STARTER_LIMIT,
    Alert,
    AlertKind,
    Category,
    Contact,
    NetworkWords,
    Space,
    SpaceKind,
    Stage,
    StageWords,
    Standing,
    Starter,
    Where,
)
from bot.services.network import (
    MOST_FOLLOW_UPS,
    Breadth,
    ContactChoices,
    Need,
    Network,
    Part,
    Person,
    Thing,
)
from cogs.cards import network as cards
from prompts import load_content
from tests.cogs.limits import form_breaches, view_breaches

OWNER = UserId(10**19 + 7)
BIG = 10**18
DAY = date(2026, 9, 30)


def words(length: int) -> str:
    """Return a text of that length that grows most when it is made plain."""
    return ("*_" * length)[:length]


def label(length: int = LABEL_LIMIT) -> str:
    return ("Wide words " * length)[: length - 1] + "x"


NETWORK_WORDS = NetworkWords(
    categories=dict.fromkeys(Category, label()),
    kinds={},
    stages=dict.fromkeys(Stage, StageWords(label(STEP_LIMIT), label(STEP_LIMIT), 365)),
    starters={},
)
LONG_STARTERS = tuple(Starter(one, label(), "`" * STARTER_LIMIT) for one in list(cards.STARTERS)[:5])
"""More than any stage offers."""
CONTACT = Contact(
    id=ContactId(BIG),
    nickname=words(NICKNAME_LIMIT),
    category=Category.CONNECTOR,
    base=Stage.MUTUAL,
    based_on=DAY,
    where=Where.LOCAL,
    shares=words(SHARES_LIMIT),
    rested=False,
)
PERSON = Person(
    contact=CONTACT,
    standing=Standing(Stage.MUTUAL, DAY, DAY),
    category=label(),
    words=NETWORK_WORDS.stages[Stage.MUTUAL],
    resting=False,
    touch_on=DAY,
    need=None,
    since=None,
    starters=LONG_STARTERS,
    today=DAY,
)
SPACE = Space(SpaceId(BIG), words(SPACE_LIMIT), SpaceKind.EVENT, words(RHYTHM_LIMIT))
THREE_WORDS = words(ALERT_WORD_LIMIT - 2) + " *"
ALERT = Alert(AlertId(BIG), AlertKind.INTERNSHIP, THREE_WORDS, THREE_WORDS, THREE_WORDS, DAY, DAY)
FULL = Network(
    people=tuple(
        replace(PERSON, contact=replace(CONTACT, id=ContactId(BIG + number))) for number in range(MOST_CONTACTS)
    ),
    spaces=tuple(replace(SPACE, id=SpaceId(BIG + number)) for number in range(MOST_SPACES)),
    alerts=tuple(replace(ALERT, id=AlertId(BIG + number)) for number in range(MOST_ALERTS)),
    has_goal=True,
)
EMPTY = Network((), (), (), has_goal=False)
KINDS = tuple(Kind(f"{number:02d}{'i' * 38}", label(), Direction.WITH, 120) for number in range(MOST_OPTIONS))
CHOICES = ContactChoices(PERSON, KINDS)
DRAFT = ActionDraft(None, words(NOTE_LIMIT), MOST_MINUTES, Outcome.NOTHING_YET, CONTACT.id)
BREADTH = Breadth(
    categories=NETWORK_WORDS.categories,
    filled=frozenset(list(Category)[:2]),
    spaces=FULL.spaces,
    alerts=FULL.alerts,
    lacking=Where.LOCAL,
    suggested=Category.ALUM,
    week=53,
    has_goal=True,
)
NO_BREADTH = replace(BREADTH, filled=frozenset(), spaces=(), alerts=(), lacking=None, suggested=None, has_goal=False)


def views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    for page in (0, 3, 5):
        yield f"people, page {page}", cards.people(FULL, page, OWNER)
    for page in (0, 1):
        yield f"spaces, page {page}", cards.spaces(FULL, page, OWNER)
        yield f"alerts, page {page}", cards.alerts(FULL, page, OWNER)
    for name, value in (("empty", EMPTY), ("empty with a goal", replace(EMPTY, has_goal=True))):
        yield f"people, {name}", cards.people(value, 0, OWNER)
        yield f"spaces, {name}", cards.spaces(value, 0, OWNER)
        yield f"alerts, {name}", cards.alerts(value, 0, OWNER)
    yield "person", cards.person(PERSON, OWNER, lead=cards.ADDED)
    yield "person who rests", cards.person(replace(PERSON, resting=True), OWNER)
    for need in Need:
        yield f"person, {need}", cards.person(replace(PERSON, need=need, since=DAY), OWNER)
        waiting = [replace(one, need=need, since=DAY) for one in FULL.people[:MOST_FOLLOW_UPS]]
        yield f"follow-ups, {need}", cards.follow_ups(waiting, OWNER)
    yield "no follow-ups", cards.follow_ups([], OWNER)
    yield "kinds", cards.kinds(CHOICES, OWNER)
    yield "moved", cards.moved(PERSON, OWNER)
    yield "space added", cards.space_added(SPACE, OWNER)
    yield "alert", cards.alert(ALERT, OWNER)
    yield "map", cards.breadth(BREADTH, OWNER)
    yield "empty map", cards.breadth(NO_BREADTH, OWNER)
    yield "starter", cards.starter(LONG_STARTERS[0], OWNER)
    yield "starter for somebody", cards.starter(LONG_STARTERS[0], OWNER, CONTACT.id)
    for part in Part:
        thing = Thing(part, BIG, words(3 * ALERT_WORD_LIMIT))
        yield f"forget {part}", cards.ask_forget(thing, OWNER)
        yield f"forgotten {part}", cards.forgotten(thing, OWNER)


def forms() -> Iterator[tuple[str, discord.ui.Modal]]:
    yield "person", cards.person_form(NETWORK_WORDS, OWNER)
    yield "edit", cards.edit_form(PERSON, NETWORK_WORDS, OWNER)
    yield "space", cards.space_form(OWNER)
    yield "alert", cards.alert_form(words(ALERT_WORD_LIMIT), OWNER)
    yield "first alert", cards.alert_form(None, OWNER)
    yield "contacted", cards.contacted_form(CHOICES, DRAFT, OWNER)
    yield "contacted, nothing said", cards.contacted_form(CHOICES, ActionDraft(), OWNER)


def text_of(view: discord.ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))


def labels_of(view: discord.ui.LayoutView) -> list[str | None]:
    return [item.label for item in view.walk_children() if isinstance(item, discord.ui.Button)]


@pytest.mark.parametrize("name", [name for name, _ in views()])
async def test_a_card_with_the_most_it_can_hold_fits_into_a_message(name: str) -> None:
    view = dict(views())[name]
    assert view_breaches(view) == []
    assert view.is_finished(), "discord.py would keep it"


@pytest.mark.parametrize("name", [name for name, _ in forms()])
async def test_a_form_with_the_most_it_can_hold_fits_into_a_modal(name: str) -> None:
    form = dict(forms())[name]
    made: dict[str, Any] = form.to_dict()
    assert form_breaches(made) == []
    assert form.is_finished(), "discord.py would keep it"


def test_every_screen_is_tried() -> None:
    public = {
        name
        for name, made in vars(cards).items()
        if callable(made) and getattr(made, "__module__", "") == cards.__name__ and not name.startswith("_")
    }
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    tried = {
        node.attr
        for made in tree.body
        if isinstance(made, ast.FunctionDef) and made.name in {"views", "forms"}
        for node in ast.walk(made)
        if isinstance(node, ast.Attribute)
    }
    assert public <= tried


async def test_nobody_is_counted_on_any_card() -> None:
    number_of_people = re.compile(rf"\b{MOST_CONTACTS}\b|\d+ (?:people|contacts)", re.IGNORECASE)
    for name, view in views():
        assert not number_of_people.search(text_of(view)), name


async def test_without_a_goal_an_empty_network_and_an_empty_map_point_to_a_goal_first() -> None:
    for view in (cards.people(EMPTY, 0, OWNER), cards.breadth(NO_BREADTH, OWNER)):
        assert "A goal first makes this easier" in text_of(view)
        assert labels_of(view) == ["Set a goal", "Add a person"]
    with_goal = cards.people(replace(EMPTY, has_goal=True), 0, OWNER)
    assert "A goal first" not in text_of(with_goal)
    something = replace(EMPTY, spaces=(SPACE,))
    assert "A goal first" not in text_of(cards.people(something, 0, OWNER))


async def test_a_page_that_is_gone_is_the_nearest_one() -> None:
    last = cards.people(FULL, 5, OWNER)
    assert text_of(cards.people(FULL, 99, OWNER)) == text_of(last)
    assert text_of(cards.people(FULL, -1, OWNER)) == text_of(cards.people(FULL, 0, OWNER))
    assert "Next page" not in labels_of(last)
    assert "Previous page" in labels_of(last)


async def test_one_page_has_no_page_number_and_no_pager() -> None:
    view = cards.people(replace(FULL, people=FULL.people[:10]), 0, OWNER)
    assert text_of(view).startswith("## Your network\n")
    assert not {"Next page", "Previous page"} & set(labels_of(view))


async def test_nothing_is_suggested_about_somebody_who_rests() -> None:
    told = cards.person(replace(PERSON, resting=True), OWNER)
    chosen = cards.person(replace(PERSON, resting=True, contact=replace(CONTACT, rested=True)), OWNER)
    for view in (told, chosen):
        assert "**Next**" not in text_of(view)
        assert {"Wake", "Contacted"} <= set(labels_of(view))
        assert not set(cards.STARTERS.values()) & set(labels_of(view))
    assert "two tries stayed unanswered" in text_of(told)
    assert "you let this rest" in text_of(chosen)


async def test_what_a_relation_waits_for_stands_in_place_of_the_stages_usual_step() -> None:
    usual = replace(PERSON, words=StageWords("You met", "Write every three months", 90))
    assert "**Next**: Write every three months." in text_of(cards.person(usual, OWNER))
    view = cards.person(replace(usual, need=Need.THANK, since=DAY - timedelta(days=2)), OWNER)
    assert "**Next**: You met on Monday 28 September. A thank-you of three lines would be kind." in text_of(view)
    assert "Write every three months" not in text_of(view)


async def test_an_alert_is_ready_to_copy_whatever_was_typed() -> None:
    view = cards.alert(replace(ALERT, field="care ``` *home*", role="student", place=None), OWNER)
    assert "```\nstudent \"care ''' *home*\"\n```" in text_of(view)


@pytest.mark.parametrize(
    ("week", "kinds", "said"),
    [
        (1, 0, "by week 5"),
        (4, 9, "by week 5"),
        (5, 2, "three kinds"),
        (5, 3, "broad for this point"),
        (9, 3, "broad for this point"),
        (10, 3, "four kinds"),
        (10, 4, "broad for this point"),
    ],
)
async def test_the_map_speaks_of_three_kinds_by_week_five_and_four_by_week_ten(
    week: int, kinds: int, said: str
) -> None:
    value = replace(BREADTH, week=week, filled=frozenset(list(Category)[:kinds]))
    assert said in text_of(cards.breadth(value, OWNER))


async def test_a_starter_is_shown_as_it_is_written_with_its_blanks() -> None:
    for one in load_content().network.starters.values():
        text = text_of(cards.starter(one, OWNER))
        assert f"```\n{one.text}\n```" in text
        assert one.when in text


def test_every_starter_that_a_stage_offers_has_a_button() -> None:
    assert cards.STARTERS.keys() <= load_content().network.starters.keys()


def test_no_card_and_no_command_says_a_banned_phrase() -> None:
    banned = [re.compile(rf"(?<!\w){re.escape(one)}(?!\w)", re.IGNORECASE) for one in load_content().banned_phrases]
    for file in ("cogs/cards/network.py", "cogs/network.py"):
        source = (Path(cards.__file__).parents[2] / file).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = [one.pattern for one in banned if one.search(node.value)]
                assert not found, node.value
