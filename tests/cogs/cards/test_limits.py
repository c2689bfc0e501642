"""Every screen with the most that it can ever hold, against what Discord accepts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_type_hints

import discord
import pytest

from bot.coaching.cohort import NAME_LIMIT, SUPPORT_LIMIT, Cohort, Enrolment, Seat
from bot.coaching.focus import FIELD_LIMIT, PURPOSE_LIMIT, Connection, Focus
from bot.coaching.footprint import (
    Answer,
    Answered,
    Checklist,
    Item,
    Section,
    SectionProgress,
    Severity,
    Track,
)
from bot.coaching.goals import PLAN_LIMIT, TITLE_LIMIT, Direction, Goal, GoalType, Kind, Template
from bot.coaching.ids import (
    ActionId,
    CohortId,
    EnrolmentId,
    GoalId,
    GuildId,
    NudgeId,
    UserId,
)
from bot.coaching.log import NOTE_LIMIT, Action, Outcome
from bot.coaching.next_action import Facts, Rule
from bot.coaching.nudges import TEXT_LIMIT as TEXT_OF_NOTE
from bot.coaching.nudges import Button, NudgeKey, NudgeKind, NudgeState, Reason, Recipient
from bot.coaching.weeks import Break, BreakKind, Due, Quiet, Wish
from bot.services.breaker import Breaker
from bot.services.cohort import MOST_BREAKS, Overview, SectionShare, Status
from bot.services.facts import Picture, Step
from bot.services.footprint import Footprint, ItemView
from bot.services.goals import GoalView
from bot.services.log import LogChoices, Logged
from bot.services.me import Me
from bot.services.members import Joined, Welcome
from bot.services.nudges import (
    HISTORY_ROWS,
    INBOX_NOTES,
    Note,
    NudgeHistory,
    NudgeSettings,
    Preview,
    Reminder,
    Why,
)
from bot.services.texts import OPEN_NOTE, WHY
from cogs.cards import course, failures, focus, footprint, goals, help, log, me, nudges  # noqa: A004 - the card's name
from cogs.cards.shapes import TEXT_LIMIT
from cogs.routes import CUSTOM_ID_LIMIT, custom_id
from prompts import BECAUSE_LIMIT, BUTTONS, LABEL_LIMIT, MOST_OPTIONS, MOST_TRACKS, STEP_LIMIT, WHY_LIMIT
from storage.nudges import Delivery, Nudge
from tests.cogs.limits import form_breaches, view_breaches

BIG = 10**19 + 7
OWNER = UserId(BIG)
ZONE = "America/Argentina/ComodRivadavia"
LATE = datetime(2026, 9, 30, 14, 59, tzinfo=UTC)
DAY = date(2026, 9, 30)


def words(length: int) -> str:
    """Return a text of that length that grows most when it is made plain."""
    return ("*_" * length)[:length]


def label(length: int = LABEL_LIMIT) -> str:
    return ("Wide words " * length)[: length - 1] + "x"


def long_id(number: int) -> str:
    return f"{number:02d}{'i' * 38}"


SECTIONS = tuple(Section(long_id(number), label()) for number in range(MOST_OPTIONS))
ITEMS = tuple(
    Item(
        id=long_id(section * MOST_OPTIONS + number) if section else f"{number:02d}{'j' * 38}",
        section=SECTIONS[section].id,
        title=label(),
        severity=Severity.SHOULD,
        minutes=120,
        recheck_months=24,
        why=label(WHY_LIMIT),
        # Eight of its own, and the one that a track adds.
        steps=(label(STEP_LIMIT),) * 9,
        done_when=label(STEP_LIMIT),
        sources=("S1",),
    )
    for section in range(2)
    for number in range(MOST_OPTIONS)
)
TRACKS = {long_id(number): Track(long_id(number), label(), "strict", {}) for number in range(MOST_TRACKS)}
CHECKLIST = Checklist(SECTIONS, ITEMS, (), TRACKS)
ANSWERS = {item.id: Answered(Answer.FIXED, DAY) for item in ITEMS}
PROGRESS = tuple(SectionProgress(section, 24, 25) for section in SECTIONS)
WISH = Wish(2, 20, ZONE)
COHORT = Cohort(
    id=CohortId(10**18),
    guild_id=GuildId(BIG),
    name=words(NAME_LIMIT),
    zone=ZONE,
    starts_on=DAY,
    ends_on=DAY,
    instructor_role_id=BIG,
    nudge_day=2,
    nudge_hour=20,
    track=long_id(23),
    expected_size=10_000,
    support_contact=words(SUPPORT_LIMIT),
    breaks=tuple(Break(BreakKind.EXAMS, DAY + timedelta(days=n), DAY + timedelta(days=60)) for n in range(MOST_BREAKS)),
)
ENROLMENT = Enrolment(EnrolmentId(10**18), COHORT.id, OWNER, LATE, LATE, WISH, True, None, Due(DAY, LATE))
PAUSED = replace(ENROLMENT, pause_until=date(2026, 12, 30))
FOCUS = Focus((words(FIELD_LIMIT), words(FIELD_LIMIT)), words(PURPOSE_LIMIT), Connection.COMMUNITY)
TYPE = GoalType(
    long_id(1), label(), "", "", tuple(map(long_id, range(MOST_OPTIONS))), label(), 14, 14, label(STEP_LIMIT)
)
TYPES = {long_id(number): replace(TYPE, id=long_id(number)) for number in range(MOST_OPTIONS)}
GOAL = Goal(GoalId(10**18), TYPE.id, words(TITLE_LIMIT), 14, words(PLAN_LIMIT), 8, DAY)
TEMPLATE = Template(long_id(1), label(), label(TITLE_LIMIT), TYPE.id, 14, 8, (), label(PLAN_LIMIT), label(STEP_LIMIT))
KINDS = tuple(Kind(long_id(number), label(), Direction.WITH, 120) for number in range(MOST_OPTIONS))
ACTION = Action(ActionId(10**18), KINDS[0].id, DAY, LATE, words(NOTE_LIMIT), 600, Outcome.NOTHING_YET)
RULE = Rule("A06", "slipped_3", label(), 120, label(BECAUSE_LIMIT), 4, None)
FACTS = Facts(53, True, True, False, 14, 14, 0, 0, 0, 0, 0, 0, 0, 0, ())
PICTURE = Picture(Seat(COHORT, ENROLMENT), DAY, FOCUS, GOAL, CHECKLIST, ANSWERS, (ACTION,) * 999, 999, FACTS)
KEY = NudgeKey(Recipient(COHORT.id, OWNER), NudgeKind.REMINDER, "2026-09-30")
ROW = Nudge(
    id=NudgeId(10**18),
    key=KEY,
    due_at=LATE,
    state=NudgeState.HELD,
    first_attempt_at=None,
    rule=None,
    subject=None,
    facts=None,
    settled_at=LATE,
    reason=Reason.DMS_CLOSED,
)
GOAL_VIEW = GoalView(GOAL, TYPE, 999, DAY)
FOOTPRINT = Footprint(CHECKLIST, ANSWERS, PROGRESS, ITEMS)
OVERVIEW = Overview(
    cohort=COHORT,
    week=53,
    weeks=53,
    joined=10_000,
    active=10_000,
    with_focus=10_000,
    with_goal=10_000,
    sent=10_000,
    held=10_000,
    sections=tuple(SectionShare(section, 5, 10) for section in SECTIONS),
)


NOTHING = Delivery({}, 0, None, 0)
STATUS = Status(
    cohort=COHORT,
    delivery=Delivery({None: 10_000, **dict.fromkeys(Reason, 10_000)}, 10_000, LATE, 10_000),
    breaker=Breaker(LATE, LATE, 9),
    last_tick=LATE,
    now=LATE,
    database="postgresql",
    version="10.10.10",
)
FOUR_BUTTONS = tuple(Button(one, label()) for one in BUTTONS[:4])
NOTE = Note(replace(ROW, key=replace(KEY, kind=NudgeKind.WEEKLY)), label(TEXT_OF_NOTE), (*FOUR_BUTTONS, WHY), ZONE)
WHY_FACTS = {name: 99 for name, kind in get_type_hints(Facts).items() if kind in {int, bool}}


def views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    yield from course_views()
    yield from member_views()
    yield from nudge_views()


def course_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    yield "setup", course.setup(COHORT, TRACKS, OWNER)
    yield "panel", course.panel(COHORT)
    yield "welcome", course.welcome(Welcome(COHORT, ZONE, False), OWNER)
    yield "welcome back", course.welcome(Welcome(COHORT, ZONE, True), OWNER)
    yield "joined", course.joined(Joined(COHORT, ENROLMENT, True, True, True), OWNER)
    courses = [(CohortId(10**18 + number), words(NAME_LIMIT)) for number in range(30)]
    yield "choose", course.choose(courses, OWNER)
    yield "chosen", course.chosen(COHORT)
    yield "overview", course.overview(OVERVIEW)
    yield "breaks", course.breaks(COHORT, OWNER)
    yield "no breaks", course.breaks(replace(COHORT, breaks=()), OWNER)
    yield "status", course.status(STATUS)
    yield "status without anything", course.status(replace(STATUS, breaker=None, last_tick=None, delivery=NOTHING))
    yield "typed", failures.refusal(label(600), ["`" * 4000] * 5)
    yield "busy", failures.busy("a" * 8, ["x" * 4000] * 5)
    yield "apology", failures.apology("a" * 8, ["x" * 4000] * 5)


def member_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    yield "focus", focus.saved(FOCUS, OWNER)
    yield "footprint", footprint.overview(FOOTPRINT, OWNER)
    yield "footprint done", footprint.overview(replace(FOOTPRINT, next=()), OWNER)
    yield "section", footprint.one_section(FOOTPRINT, SECTIONS[0].id, OWNER)
    twelve = replace(CHECKLIST, items=ITEMS[:12])
    yield "section of twelve", footprint.one_section(replace(FOOTPRINT, checklist=twelve), SECTIONS[0].id, OWNER)
    view = ItemView(ITEMS[0], label(), Answered(Answer.FIXED, DAY), DAY, ITEMS[1])
    yield "item", footprint.item(view, OWNER, just_answered=True)
    yield "running", goals.running(GOAL, long_id(1), OWNER)
    yield "goal saved", goals.saved(GOAL_VIEW, OWNER)
    yield "goal", goals.show(GOAL_VIEW, OWNER)
    yield "help", help.situations(OWNER)
    yield "log", log.choices(LogChoices(KINDS[:12], KINDS[12:], True), OWNER)
    yield "log without a goal", log.choices(LogChoices(KINDS[:1], KINDS[1:], False), OWNER)
    yield "logged", log.logged(Logged(ACTION, KINDS[0], False, 999, GOAL, TYPE, KINDS[1:]), OWNER)
    yield "undone", log.undone()
    yield "me", me.me(Me(PICTURE, TYPE, PROGRESS, Step(RULE, None), True, True), OWNER)
    yield "me with an item", me.me(Me(PICTURE, TYPE, PROGRESS, Step(RULE, ITEMS[0]), False, True), OWNER)


def nudge_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    discreet = replace(PAUSED, discreet=True)
    yield "settings", nudges.settings(NudgeSettings(COHORT, discreet, DAY, over=False, dm_closed=True), OWNER)
    everything = replace(ENROLMENT, quiet=Quiet(24, 0))
    yield (
        "settings with all buttons",
        nudges.settings(NudgeSettings(COHORT, everything, DAY, over=False, dm_closed=True), OWNER),
    )
    yield (
        "settings after the term",
        nudges.settings(NudgeSettings(COHORT, PAUSED, DAY, over=True, dm_closed=True), OWNER),
    )
    yield (
        "settings when back",
        nudges.settings(
            NudgeSettings(COHORT, replace(ENROLMENT, next_nudge=None, unplanned=True), DAY, over=False, dm_closed=True),
            OWNER,
        ),
    )
    yield "note", nudges.note(NOTE)
    yield "note without buttons", nudges.note(replace(NOTE, buttons=()))
    inbox = [replace(NOTE, nudge=replace(NOTE.nudge, key=replace(KEY, period=f"2026-09-0{n}"))) for n in range(3)]
    assert len(inbox) == INBOX_NOTES
    yield "inbox", nudges.inbox(inbox)
    yield "empty inbox", nudges.inbox([])
    yield "preview", nudges.preview(Preview(LATE, discreet, label(TEXT_OF_NOTE)))
    yield "preview of none", nudges.preview(Preview(None, discreet, label(TEXT_OF_NOTE)))
    yield "why", nudges.why(Why("A23", label(BECAUSE_LIMIT), WHY_FACTS))
    yield "why an occasion", nudges.why(Why("pause_end", None, {}))
    yield "closed", nudges.closed_notice()
    yield "pause", nudges.pause_menu(OWNER)
    yield "days", nudges.day_picker([DAY] + [date(2026, 10, day) for day in range(1, 6)], KEY)
    yield "reminder", nudges.reminder(Reminder(LATE, ZONE))
    yield "history", nudges.history(NudgeHistory((ROW,) * HISTORY_ROWS, ZONE))
    yield "no history", nudges.history(NudgeHistory((), ZONE))


def forms() -> Iterator[tuple[str, discord.ui.Modal]]:
    yield "details", course.details(COHORT, OWNER)
    yield "focus", focus.form(FOCUS, OWNER)
    yield "first focus", focus.form(None, OWNER)
    yield "goal", goals.form(TYPES, TEMPLATE, OWNER, replace=True)
    yield "first goal", goals.form(TYPES | {goals.EXAMPLE_TYPE: TYPE}, None, OWNER, replace=False)
    yield "line", log.line_form(OWNER)


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
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (course, failures, focus, footprint, goals, help, log, me, nudges)
        for name, made in vars(module).items()
        if callable(made) and getattr(made, "__module__", "") == module.__name__ and not name.startswith("_")
    }
    assert len(public) == 39, sorted(public)


@pytest.mark.parametrize("button", [*BUTTONS, WHY.id, OPEN_NOTE.id])
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
