"""What the cards about opportunities and feedback say, and that they fit with the most they can ever hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import discord
import pytest

from bot.coaching.cohort import NAME_LIMIT, Cohort
from bot.coaching.goals import Direction, Kind
from bot.coaching.ids import (
    ActionId,
    CohortId,
    EnrolmentId,
    FeedbackId,
    GuildId,
    OpportunityId,
    UserId,
)
from bot.coaching.log import Action
from bot.coaching.network import Starter
from bot.coaching.opportunities import (
    FOLLOW_UP_FROM,
    FOLLOW_UP_UNTIL,
    MOST_OPEN,
    TITLE_LIMIT,
    UNSENT,
    Move,
    Opportunity,
    OpportunityKind,
    OpportunityState,
    Source,
    next_moves,
)
from bot.services.feedback import MOST_WAITING, PAGE, PAGE_ROOM, TEXT_LIMIT, FeedbackPage, How, Told, Waiting
from bot.services.log import Logged
from bot.services.opportunities import Moved, OpportunityList, OpportunityView
from cogs.cards import feedback, opportunities
from prompts import Content
from storage.feedback import Feedback
from tests.cogs.limits import form_breaches, view_breaches

BIG = 10**18
OWNER = UserId(10**19 + 7)
DAY = timedelta(days=1)
TODAY = date(2026, 9, 30)
"""A Wednesday in September: no day is longer in words."""
NEXT_YEAR = date(2027, 9, 29)
MOMENT = datetime(2026, 9, 30, 12, tzinfo=UTC)


def words(length: int) -> str:
    """Return a text of that length that grows most when it is made plain."""
    return ("*_" * length)[:length]


COHORT = Cohort(
    id=CohortId(BIG),
    guild_id=GuildId(BIG),
    name=words(NAME_LIMIT),
    zone="Europe/Berlin",
    starts_on=TODAY,
    ends_on=TODAY,
    instructor_role_id=BIG,
    nudge_day=2,
    nudge_hour=20,
    track=None,
    expected_size=None,
    support_contact=None,
)
ONE = Opportunity(
    id=OpportunityId(BIG),
    title=words(TITLE_LIMIT),
    kind=OpportunityKind.INTERNSHIP,
    source=Source.CONTACT,
    due_on=NEXT_YEAR,
    state=OpportunityState.SPOTTED,
    state_on=date(2025, 9, 24),
)
SIMPLE = Opportunity(
    OpportunityId(7), "Ward nine", OpportunityKind.JOB, None, None, OpportunityState.SPOTTED, TODAY - DAY
)
KIND = Kind("i" * 40, ("Wide words " * 8)[:80], Direction.ASK, 120)
LOGGED = Logged(
    action=Action(ActionId(BIG), KIND.id, TODAY, MOMENT, None, None, None),
    kind=KIND,
    counted=True,
    did=1,
    goal=None,
    goal_type=None,
    others=(),
    contact=None,
    balance=None,
    reciprocity=None,
)
STARTER = Starter("advice", "w" * 80, "t" * 600)
LONG = Feedback(FeedbackId(BIG), words(TEXT_LIMIT), TODAY, UserId(BIG), read=False)


def everywhere(kept: Opportunity = ONE) -> Iterator[Opportunity]:
    """Yield an opportunity in every state, with every day that it may have."""
    for state, followed, thanked in product(OpportunityState, (None, NEXT_YEAR), (None, NEXT_YEAR)):
        sent = None if state in UNSENT else date(2025, 9, 24)
        yield replace(kept, state=state, sent_on=sent, followed_on=followed, thanked_on=thanked)


def full_list(state: OpportunityState, count: int = MOST_OPEN) -> tuple[Opportunity, ...]:
    return tuple(replace(ONE, id=OpportunityId(BIG + number), state=state) for number in range(count))


def full_page(texts: tuple[Feedback, ...]) -> FeedbackPage:
    waiting = tuple(Waiting(EnrolmentId(BIG + number), UserId(BIG), TODAY, 2**40) for number in range(MOST_WAITING))
    return FeedbackPage(COHORT, waiting, True, texts, True, FeedbackId(BIG))


def views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    yield from opportunity_views()
    yield from feedback_views()


def opportunity_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    for number, kept in enumerate(everywhere()):
        view = OpportunityView(kept, TODAY, STARTER)
        yield f"one {number}", opportunities.one(view, OWNER)
        for move in Move:
            yield f"moved {number} {move}", opportunities.moved(Moved(view, True, LOGGED), move, OWNER)
            yield f"not moved {number} {move}", opportunities.moved(Moved(view, False, None), move, OWNER)
    view = OpportunityView(ONE, TODAY, None)
    yield "added", opportunities.added(view, OWNER)
    yield "changed", opportunities.changed(view, OWNER)
    yield "forget", opportunities.forget(view, OWNER)
    yield "forgotten", opportunities.forgotten(OWNER)
    opened, closed = full_list(OpportunityState.PREPARING), full_list(OpportunityState.PASSED_ON, 60)
    yield "list", opportunities.listed(OpportunityList(opened, closed, True, TODAY), OWNER)
    sent = full_list(OpportunityState.SENT)
    yield "list of sent ones", opportunities.listed(OpportunityList(sent, closed, False, TODAY), OWNER)
    yield "list of closed ones", opportunities.listed(OpportunityList((), closed, False, TODAY), OWNER)
    yield "empty list", opportunities.listed(OpportunityList((), (), True, TODAY), OWNER)
    yield "empty list without a goal", opportunities.listed(OpportunityList((), (), False, TODAY), OWNER)


def feedback_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    for how in How:
        yield f"told {how}", feedback.told(Told(words(NAME_LIMIT), how, words(TEXT_LIMIT), TODAY, TODAY), OWNER)
    yield "asked without words", feedback.told(Told(words(NAME_LIMIT), How.CONTACT, None, TODAY, TODAY), OWNER)
    yield "taken back", feedback.taken_back(was_open=True, with_note=True)
    yield "nothing to take back", feedback.taken_back(was_open=False, with_note=True)
    short = replace(LONG, text=words(PAGE_ROOM // 2 // PAGE))
    yield "page of one", feedback.page(full_page((LONG,)), OWNER)
    yield "page of five", feedback.page(full_page((short,) * PAGE), OWNER)
    yield "later page", feedback.page(replace(full_page((LONG,)), newest=False, waiting=(), more_waiting=False), OWNER)
    yield "empty page", feedback.page(FeedbackPage(COHORT, (), False, (), True, None), OWNER)
    yield "empty later page", feedback.page(FeedbackPage(COHORT, (), False, (), False, None), OWNER)


def forms() -> Iterator[tuple[str, discord.ui.Modal]]:
    yield "opportunity", opportunities.form(ONE, OWNER)
    yield "first opportunity", opportunities.form(None, OWNER)
    yield "feedback", feedback.form(COHORT, OWNER)


def text_of(view: discord.ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))


def labels_of(view: discord.ui.LayoutView) -> list[str | None]:
    return [item.label for item in view.walk_children() if isinstance(item, discord.ui.Button)]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


async def test_every_card_fits_into_a_message_and_none_is_kept() -> None:
    for name, view in views():
        assert view_breaches(view) == [], name
        assert view.is_finished(), name


async def test_every_form_fits_into_a_modal_and_none_is_kept() -> None:
    for name, form in forms():
        made: dict[str, Any] = form.to_dict()
        assert form_breaches(made) == [], name
        assert form.is_finished(), name


async def test_every_screen_is_calm_and_banned_phrases_stand_nowhere(content: Content) -> None:
    for name, view in views():
        text = text_of(view).casefold()
        assert "!" not in text, name
        found = [phrase for phrase in content.banned_phrases if f" {phrase.strip()} " in f" {text} "]
        assert found == [], name


def test_everything_has_words() -> None:
    assert opportunities.KINDS.keys() == set(OpportunityKind)
    assert opportunities.SOURCES.keys() == set(Source)
    assert opportunities.STATES.keys() == set(OpportunityState)
    assert opportunities.NEXT.keys() == set(OpportunityState) - {OpportunityState.SENT}
    assert opportunities.MOVES.keys() == opportunities.ANSWERS.keys() == set(Move)
    assert feedback.HOW.keys() == set(How)


async def test_a_card_offers_every_move_that_fits_and_no_other() -> None:
    for kept in everywhere(SIMPLE):
        view = opportunities.one(OpportunityView(kept, TODAY, None), OWNER)
        offered = [label for label in labels_of(view) if label not in {"Edit", "Forget", "All opportunities"}]
        wanted = [opportunities.MOVES[move] for move in next_moves(kept)]
        if kept.state is OpportunityState.SENT:
            wanted[-1] = opportunities.NOT_SENT
        assert offered == wanted


async def test_words_are_offered_when_there_are_some() -> None:
    assert "Words for it" in labels_of(opportunities.one(OpportunityView(SIMPLE, TODAY, STARTER), OWNER))
    assert "Words for it" not in labels_of(opportunities.one(OpportunityView(SIMPLE, TODAY, None), OWNER))


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        (TODAY, "**Last day**: Wednesday 30 September, today."),
        (TODAY + DAY, "**Last day**: Thursday 1 October, tomorrow."),
        (TODAY + 10 * DAY, "**Last day**: Saturday 10 October, in 10 days."),
        (NEXT_YEAR, "**Last day**: Wednesday 29 September 2027, in 364 days."),
        (TODAY - DAY, "**Last day**: Tuesday 29 September, which has passed."),
    ],
)
async def test_a_last_day_is_told_with_its_distance(due_on: date, said: str) -> None:
    text = text_of(opportunities.added(OpportunityView(replace(SIMPLE, due_on=due_on), TODAY, None), OWNER))
    assert said in text
    assert ("Its last day has passed." in text) is (due_on < TODAY)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Next: wait. Without an answer by Saturday 10 October, one short friendly line is polite."),
        (FOLLOW_UP_FROM.days - 1, "Next: wait. Without an answer by Thursday 1 October,"),
        (FOLLOW_UP_FROM.days, "one short friendly line is welcome now."),
        (FOLLOW_UP_UNTIL.days, "one short friendly line is welcome now."),
        (FOLLOW_UP_UNTIL.days + 1, "leave it in peace."),
    ],
)
async def test_what_was_sent_says_when_a_line_is_polite(days: int, said: str) -> None:
    sent = replace(SIMPLE, state=OpportunityState.SENT, sent_on=TODAY - days * DAY)
    assert said in text_of(opportunities.one(OpportunityView(sent, TODAY, None), OWNER))
    followed = replace(sent, followed_on=TODAY)
    assert "leave it in peace." in text_of(opportunities.one(OpportunityView(followed, TODAY, None), OWNER))


async def test_a_long_list_shows_the_first_ones_and_says_how_many_stand_in_the_menu() -> None:
    kept = full_list(OpportunityState.SENT)
    text = text_of(opportunities.listed(OpportunityList(kept, (), True, TODAY), OWNER))
    assert "-# and 15 more, in the menu below" in text
    few = text_of(opportunities.listed(OpportunityList(kept[:3], (), True, TODAY), OWNER))
    assert "more, in the menu" not in few


async def test_what_an_instructor_reads_of_an_unsigned_text_is_its_week_and_its_words() -> None:
    unsigned = Feedback(FeedbackId(3), "So *fast*", date(2026, 9, 28), None, read=True)
    text = text_of(feedback.page(FeedbackPage(COHORT, (), False, (unsigned,), True, None), OWNER))
    assert "\nweek of Monday 28 September · not signed\n> So \\*fast\\*\n" in text
    assert "New" not in text
    assert text.endswith("Not for grading.")


async def test_the_answer_to_a_request_offers_to_take_it_back_and_knows_of_the_words_beside_it() -> None:
    for text, route in ((None, "feedback.take_back:1"), ("Please", "feedback.take_back:1:note")):
        view = feedback.told(Told(words(NAME_LIMIT), How.CONTACT, text, TODAY, TODAY), UserId(1))
        ids = [item.custom_id for item in view.walk_children() if isinstance(item, discord.ui.Button)]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        assert ids == [f"pln1:{route}"]
        assert ("they see these words, signed" in text_of(view)) is (text is not None)
