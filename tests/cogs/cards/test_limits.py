"""Every screen with the most that it can ever hold, against what Discord accepts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_type_hints

import discord
import pytest

from bot.coaching.checkin import Hello, HelloReason
from bot.coaching.class_statistics import Snapshot, Withheld
from bot.coaching.cohort import NAME_LIMIT, SUPPORT_LIMIT, Cohort, Enrolment, Seat, SharedItem
from bot.coaching.focus import FIELD_LIMIT, PURPOSE_LIMIT, Connection, Focus, Season
from bot.coaching.footprint import (
    MOST_TRACKS,
    WHY_LIMIT,
    Answer,
    Answered,
    Checklist,
    Item,
    Section,
    SectionProgress,
    Severity,
    Track,
)
from bot.coaching.goals import (
    LONGEST_BOX,
    OUTCOME_LIMIT,
    PLAN_LIMIT,
    REFLECTION_LIMIT,
    TINY_LIMIT,
    TITLE_LIMIT,
    Beginning,
    Benefit,
    Direction,
    EndedGoal,
    Ending,
    Goal,
    GoalType,
    Kind,
    Obstacle,
    ObstacleWords,
    PlanHint,
    Template,
    UnfinishedGoal,
    Vocabulary,
)
from bot.coaching.ids import (
    ActionId,
    CohortId,
    ContactId,
    EnrolmentId,
    GoalId,
    GuildId,
    InstructorMessageId,
    NudgeId,
    OpportunityId,
    UserId,
)
from bot.coaching.limits import BECAUSE_LIMIT, LABEL_LIMIT, MOST_OPTIONS, STEP_LIMIT
from bot.coaching.log import NOTE_LIMIT, Action, Balance, KindCount, Outcome, Reciprocity
from bot.coaching.messages import NAME_LIMIT as MESSAGE_NAME
from bot.coaching.messages import TEXT_LIMIT as MESSAGE_LIMIT
from bot.coaching.momentum import TermWeek
from bot.coaching.network import NICKNAME_LIMIT, Category, Contact, Stage, Starter
from bot.coaching.next_action import Rule, Step
from bot.coaching.nudges import TEXT_LIMIT as TEXT_OF_NOTE
from bot.coaching.nudges import Button, NudgeKey, NudgeKind, NudgeState, Reason, Recipient
from bot.coaching.opportunities import TITLE_LIMIT as OPENING_LIMIT
from bot.coaching.opportunities import Opportunity, OpportunityKind, OpportunityState
from bot.coaching.register import RegisterFilter, RegisterRow
from bot.coaching.snapshot import Facts, MemberSnapshot
from bot.coaching.student_numbers import NUMBER_LIMIT
from bot.coaching.weeks import Break, BreakKind, Due, Quiet, Wish
from bot.services.breaker import Breaker
from bot.services.checkin import PAGE, REFLECTIONS, Checkin, MemberView, Reflection, SharedGoal
from bot.services.class_statistics import Notes
from bot.services.cohort import MOST_BREAKS, Status
from bot.services.exports import REGISTER_FILE, WEEKS_FILE, Export, ExportWish, File
from bot.services.focus import SavedFocus
from bot.services.footprint import HISTORY, Footprint, ItemView
from bot.services.goals import ENDED_SHOWN, Goals, GoalStart, GoalView, PlanQuestion, ReadBack, Review
from bot.services.log import Editing, LogChoices, Logged, With
from bot.services.me import Me
from bot.services.members import Joined, Welcome
from bot.services.messages import MemberList, MessagePreview, SentMessage
from bot.services.note_buttons import FirstWords, Hindrance, Reminder, Smaller
from bot.services.nudges import (
    HISTORY_ROWS,
    INBOX_NOTES,
    Note,
    NudgeHistory,
    NudgeSettings,
    Preview,
    Why,
)
from bot.services.overview import Labels, Obstacles, Overview, Statistics, WeekCount
from bot.services.overview import Preview as ClassPreview
from bot.services.register import Register
from bot.services.student_numbers import StudentNumber
from bot.services.texts import OPEN_NOTE, WHY, MessageText
from cogs.cards import (
    checkin,
    course,
    failures,
    feedback,
    focus,
    footprint,
    goals,
    help,  # noqa: A004 - the card's name
    log,
    me,
    messages,
    nudges,
    overview,
    register,
    student_numbers,
)
from cogs.cards.shapes import TEXT_LIMIT
from cogs.routes import CUSTOM_ID_LIMIT, custom_id
from prompts.activities import ACTIVITY_LIMIT, ACTIVITY_TITLE_LIMIT, Activity
from prompts.nudges import BUTTONS
from storage.messages import InstructorMessage
from storage.nudges import Nudge
from storage.register import Listed, RegisterCounts
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
FOCUS = Focus(
    (words(FIELD_LIMIT), words(FIELD_LIMIT)),
    words(PURPOSE_LIMIT),
    Connection.COMMUNITY,
    long_id(23),
    Season.LOW_PROFILE,
    True,
)
TYPE = GoalType(
    long_id(1), label(), "", "", tuple(map(long_id, range(MOST_OPTIONS))), label(), 14, 14, label(STEP_LIMIT)
)
TYPES = {long_id(number): replace(TYPE, id=long_id(number)) for number in range(MOST_OPTIONS)}
GOAL = Goal(
    GoalId(10**18),
    TYPE.id,
    words(TITLE_LIMIT),
    14,
    words(PLAN_LIMIT),
    8,
    DAY,
    words(OUTCOME_LIMIT),
    Obstacle.OTHER,
    words(PLAN_LIMIT),
    words(TINY_LIMIT),
    LONGEST_BOX,
)
RESTING = replace(GOAL, id=GoalId(10**18 - 1), paused_on=DAY)
DRAFT = UnfinishedGoal(
    Beginning.REPLACE,
    long_id(1),
    TYPE.id,
    GOAL.title,
    GOAL.outcome,
    14,
    8,
    Obstacle.OTHER,
    GOAL.if_then,
    GOAL.obstacle_plan,
    GOAL.tiny,
    LONGEST_BOX,
    GoalId(10**18),
    Ending.DEEPENED,
)
TEMPLATE = Template(
    id=long_id(1),
    label=label(),
    focus=label(),
    goal=label(TITLE_LIMIT),
    type=TYPE.id,
    target=14,
    weeks=8,
    spaces=(label(),) * 8,
    who=tuple(Category),
    if_then=label(PLAN_LIMIT),
    obstacle=label(120),
    obstacle_plan=label(PLAN_LIMIT),
    rule=label(STEP_LIMIT),
    ties=label(STEP_LIMIT),
)
TEMPLATES = {long_id(number): replace(TEMPLATE, id=long_id(number)) for number in range(MOST_OPTIONS)}
OBSTACLES = {one: ObstacleWords(label(), label(PLAN_LIMIT)) for one in Obstacle}
ENDED = EndedGoal(GOAL.title, DAY, DAY, Ending.CHANGED, words(REFLECTION_LIMIT), Benefit.VISIBILITY)
KINDS = tuple(Kind(long_id(number), label(), Direction.WITH, 120) for number in range(MOST_OPTIONS))
CONTACT = Contact(
    ContactId(10**18), words(NICKNAME_LIMIT), Category.NEAR_PEER, Stage.ADVOCATE, DAY, None, None, rested=False
)
OPENING = Opportunity(
    OpportunityId(10**18), words(OPENING_LIMIT), OpportunityKind.INTERNSHIP, None, DAY, OpportunityState.SPOTTED, DAY
)
ACTION = Action(ActionId(10**18), KINDS[0].id, DAY, LATE, words(NOTE_LIMIT), 600, Outcome.NOTHING_YET, CONTACT.id)
LOGGED = Logged(
    ACTION,
    KINDS[0],
    False,
    999,
    GOAL,
    TYPE,
    KINDS[1:],
    With(CONTACT.nickname, Stage.NOTICED),
    Balance.TO_EVERYONE,
    Reciprocity.MORE_ASKED,
)
RULE = Rule("A06", "slipped_3", label(), 120, label(BECAUSE_LIMIT), 4)
WEEKS = [DAY - timedelta(weeks=back) for back in range(54)]
MEMBER = MemberSnapshot(
    seat=Seat(replace(COHORT, starts_on=WEEKS[-1]), replace(ENROLMENT, joined_at=LATE - timedelta(weeks=53))),
    now=LATE,
    today=DAY,
    focus=FOCUS,
    goals=(GOAL, RESTING),
    checklist=CHECKLIST,
    answers=ANSWERS,
    log=(KindCount(TYPE.counted_actions[0], 0, 999),),
    since_goal={},
    active_days=WEEKS,
    pauses=(),
    contacts=(CONTACT,) * 60,
    openings=(OPENING,) * 25,
    alerts=(),
    notes=(),
    bio_checked=None,
    vocabulary=Vocabulary(TYPES, {kind.id: kind for kind in KINDS}, TEMPLATES, OBSTACLES, frozenset()),
    stages={},
)
BREADTH = {label() + str(number): True for number in range(9)}


def overview_of(step: Step) -> Me:
    return Me(MEMBER, PROGRESS, Balance.TO_EVERYONE, Reciprocity.MORE_ASKED, BREADTH, step, True, True)


KEY = NudgeKey(Recipient(COHORT.id, OWNER), NudgeKind.REMINDER, "2026-09-30")
ROW = Nudge(
    id=NudgeId(10**18),
    key=KEY,
    due_at=LATE,
    state=NudgeState.HELD,
    first_attempt_at=None,
    rule=None,
    occasion=None,
    subject=None,
    text=None,
    facts=None,
    settled_at=LATE,
    reason=Reason.DMS_CLOSED,
)
GOAL_VIEW = GoalView(GOAL, TYPE, 999, DAY)
TRACK = TRACKS[long_id(23)]
FOOTPRINT = Footprint(CHECKLIST, ANSWERS, PROGRESS, ITEMS, ITEMS[-1], TRACK, 30)
MONDAY = date(2027, 12, 6)
COUNTS = {
    **dict.fromkeys(("active", "focus", "goal", "plan", "exchange", "met"), 9_000),
    **{f"kind:{long_id(number)}": 400 for number in range(25)},
    **{f"obstacle:{one}": 1_000 for one in Obstacle},
    **{f"check:{section.id}": 9_000 for section in SECTIONS},
}
SNAPSHOT = Snapshot(MONDAY, 10_000, 99, 99, COUNTS)
OVERVIEW = Overview(
    cohort=replace(COHORT, register=True, expected_size=10_000),
    week=53,
    of_weeks=53,
    people=RegisterCounts(10_000, 0, DAY, 9_999, 9_999),
    exact=True,
    weeks=[WeekCount(MONDAY, 9_999, 10_000)] * 53,
    moved=-9_999,
    so_far=9_999,
    facts=dict.fromkeys(("goal", "plan", "exchange"), (9_999, 10_000)),
    obstacles=Obstacles([(label(), 9_999)] * 2, Activity("x" * ACTIVITY_TITLE_LIMIT, "x" * ACTIVITY_LIMIT)),
    hellos=9_999,
    next_snapshot=datetime(2027, 12, 13, 8, tzinfo=UTC),
)
STATISTICS = Statistics(
    COHORT,
    False,
    SNAPSHOT,
    {10**18 + number: replace(SNAPSHOT, members=1_000, counts=dict.fromkeys(COUNTS, 500)) for number in range(10)},
    Labels(
        {section.id: section.title for section in SECTIONS},
        {long_id(number): label() for number in range(25)},
        {str(one): label() for one in Obstacle},
    ),
    OVERVIEW.next_snapshot,
)
CLASS_PREVIEW = ClassPreview(
    COHORT,
    Withheld.MOST,
    Withheld.FEW,
    10_000,
    COHORT.breaks,
    MessageText("x" * TEXT_OF_NOTE, tuple(Button(one, label()) for one in BUTTONS[:5])),
)

STATUS = Status(
    cohort=COHORT,
    notes=Notes(10_000, {"sent": 1, "dms_closed": 1, "unreachable": 1, "too_late": 1, "away": 1, "none": 1}, True),
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
    yield from message_views()


def message_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    text = "\\" + "*" * (MESSAGE_LIMIT - 1)
    draft = InstructorMessage(InstructorMessageId(10**9), COHORT.id, OWNER, "*" * MESSAGE_NAME, text, 0, None, LATE)
    people = [UserId(BIG + number) for number in range(300)]
    shown = MessagePreview(COHORT, draft, MemberList("no_goal_yet", BIG), people, 300, "f" * 8, changed=True)
    yield "message preview", messages.preview(shown, OWNER)
    yield "message sent", messages.sent(SentMessage(300))
    number = StudentNumber(COHORT, "*" * NUMBER_LIMIT)
    yield "number", student_numbers.question(OWNER)
    yield "number given", student_numbers.given(number, OWNER)
    yield "number taken", student_numbers.given(replace(number, taken=True), OWNER)
    yield "number taken out", student_numbers.given(replace(number, number=None), OWNER)
    yield "no number now", student_numbers.not_now()


def course_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    yield "setup", course.setup(COHORT, TRACKS, OWNER, [BIG + number for number in range(10)])
    watched = replace(COHORT, register=True, ai_reviewer=True, retention_days=365)
    yield (
        "setup with switches",
        course.setup(watched, TRACKS, OWNER, [BIG + number for number in range(10)], reviewer=True),
    )
    yield "welcome to a course with a register", course.welcome(Welcome(watched, ZONE, False), OWNER, 9_999)
    yield from staff_views(watched)
    yield "panel", course.panel(COHORT)
    yield "welcome", course.welcome(Welcome(COHORT, ZONE, False), OWNER)
    yield "welcome back", course.welcome(Welcome(COHORT, ZONE, True), OWNER)
    yield "joined", course.joined(Joined(COHORT, ENROLMENT, True, True, True), OWNER)
    courses = [(CohortId(10**18 + number), words(NAME_LIMIT)) for number in range(30)]
    yield "choose", course.choose(courses, OWNER)
    yield "chosen", course.chosen(COHORT)
    yield "overview", overview.overview(OVERVIEW, OWNER, "x" * 3000, 10_000)
    few = replace(OVERVIEW, exact=False, weeks=(), people=replace(OVERVIEW.people, here=9, coming=9))
    yield "overview of a small class", overview.overview(few, OWNER)
    yield "class statistics", overview.statistics(STATISTICS)
    yield "class statistics in exact counts", overview.statistics(replace(STATISTICS, exact=True))
    yield "no class statistics yet", overview.statistics(replace(STATISTICS, newest=None))
    yield "class preview", overview.preview(CLASS_PREVIEW)
    yield "breaks", course.breaks(COHORT, OWNER)
    yield "no breaks", course.breaks(replace(COHORT, breaks=()), OWNER)
    yield "status", course.status(STATUS)
    yield "status without anything", course.status(replace(STATUS, breaker=None, last_tick=None, notes=None))
    yield "typed", failures.refusal(label(600), ["`" * 4000] * 5)
    yield "busy", failures.busy("a" * 8, ["x" * 4000] * 5)
    yield "apology", failures.apology("a" * 8, ["x" * 4000] * 5)


def staff_views(watched: Cohort) -> Iterator[tuple[str, discord.ui.LayoutView]]:
    who = UserId(2**63 - 1)
    asked = [
        Hello(EnrolmentId(2**63 - 1 - n), who, (HelloReason.ASKED,), date(2027, 9, 29), asked_at=2**33)
        for n in range(3)
    ]
    others = [
        Hello(EnrolmentId(2**63 - 1 - n), who, tuple(HelloReason)[1:], date(2027, 9, 29), 52) for n in range(PAGE)
    ]
    full = Checkin(watched, (*asked, *others)[:PAGE], 10_000, 500, 1_667)
    yield "checkin", checkin.checkin(full, OWNER)
    yield "checkin after somebody was greeted", checkin.checkin(full, OWNER, OWNER)
    yield "checkin of those who asked", checkin.checkin(Checkin(COHORT, tuple(asked), 3, 0, 1), OWNER)
    yield "nobody to greet", checkin.checkin(Checkin(COHORT, (), 0, 0, 1), OWNER)
    row = replace(REGISTER_ROW, user_id=who)
    goals_shown = (SharedGoal(words(TITLE_LIMIT), 99, 52, words(PLAN_LIMIT)),) * 2
    told = (Reflection(words(TITLE_LIMIT), words(REFLECTION_LIMIT)),) * REFLECTIONS
    shared = dict.fromkeys(SharedItem, date(2027, 9, 29))
    member = MemberView(watched, who, row, None, date(2027, 9, 29), shared, goals_shown, told)
    yield "member with everything", checkin.member(member)
    yield "member who shares before the row shows", checkin.member(replace(member, row=None, coming=LATE))
    nothing = MemberView(COHORT, who, None, None, None, {}, (), ())
    yield "member with nothing", checkin.member(nothing)
    yield "member whose row is to come", checkin.member(replace(nothing, cohort=watched, coming=LATE))
    both = tuple(File(name, b"") for name in (REGISTER_FILE, WEEKS_FILE))
    yield "export", register.export(Export(watched, both, ExportWish(), DAY), OWNER)
    yield "export of pseudonyms", register.export(Export(watched, both, ExportWish(names=False), DAY), OWNER)
    yield "export without a register", register.export(Export(COHORT, both[1:], ExportWish(separator=";"), DAY), OWNER)
    yield from register_views(watched)


REGISTER_ROW = RegisterRow(
    EnrolmentId(2**63 - 1),
    UserId(2**63 - 1),
    date(2027, 9, 27),
    left=False,
    focus=True,
    goal=True,
    plan=True,
    answered=99,
    items=99,
    weeks=(TermWeek.ACTIVE, TermWeek.QUIET, TermWeek.REST) * 18,
    this_week=False,
    full_weeks=53,
    away=True,
    reachable=False,
    visible_at=LATE,
)


def register_views(watched: Cohort) -> Iterator[tuple[str, discord.ui.LayoutView]]:
    rows = [replace(REGISTER_ROW, enrolment_id=EnrolmentId(n), user_id=UserId(n)) for n in range(1, 13)]
    people = [Listed(one.enrolment_id, one.user_id, False, LATE, True) for one in rows] * 9
    roles = tuple(2**63 - 1 - number for number in range(10))
    value = Register(watched, 53, tuple(RegisterFilter), RegisterFilter.UNREACHABLE, roles, roles[0], people, 99, LATE)
    view = register.View(RegisterFilter.UNREACHABLE, roles[0], 1, register.SHOWN)
    names = {one.user_id: "*" * 32 for one in rows}
    called = dict.fromkeys(roles, "x" * 100)
    yield "register", register.page(value, view, rows, names, called, OWNER)
    yield "register without names", register.page(value, view, rows, {}, {}, OWNER)
    yield "register with names hidden", register.page(value, replace(view, seed="abcdef"), rows, {}, called, OWNER)
    yield "register of nobody", register.page(replace(value, people=(), coming=0), view, (), {}, {}, OWNER)


def member_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    yield "focus", focus.saved(SavedFocus(FOCUS, TRACK, ITEMS[0]), OWNER)
    yield "first focus", focus.saved(SavedFocus(Focus(("x",)), None), OWNER)
    yield "footprint", footprint.overview(FOOTPRINT, OWNER)
    yield "footprint done", footprint.overview(replace(FOOTPRINT, next=()), OWNER)
    yield "section", footprint.one_section(FOOTPRINT, SECTIONS[0].id, OWNER)
    twelve = replace(CHECKLIST, items=ITEMS[:12])
    yield "section of twelve", footprint.one_section(replace(FOOTPRINT, checklist=twelve), SECTIONS[0].id, OWNER)
    history = [Answered(Answer.NOT_FOR_ME, DAY - timedelta(days=back)) for back in range(HISTORY)]
    support = words(SUPPORT_LIMIT)
    view = ItemView(ITEMS[0], label(), Answered(Answer.FIXED, DAY), DAY, history, ITEMS[1], support)
    yield "item", footprint.item(view, OWNER, just_answered=True)
    yield from goal_views()
    yield "help", help.situations(OWNER)
    yield "log", log.choices(LogChoices(KINDS[:12], KINDS[12:], True, True), OWNER)
    yield "log without a goal", log.choices(LogChoices(KINDS[:1], KINDS[1:], False, False), OWNER)
    yield "logged", log.logged(LOGGED, OWNER)
    yield "undone", log.undone()
    longest = Step(RULE, None, RULE, None, RULE.action, 120, RULE.because)
    for name, step in {
        "me": longest,
        "me with an item": replace(longest, subject=ITEMS[0], action=ITEMS[0].title),
        "me with a person": replace(longest, subject=CONTACT),
        "me with an opening": replace(longest, subject=OPENING),
        "me with a small version": replace(longest, action=2 * words(TINY_LIMIT)),
    }.items():
        yield name, me.me(overview_of(step), OWNER)
    yield "picture", me.picture("x" * 1024, OWNER)


def goal_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    start = GoalStart(TEMPLATE, tuple(label() for _ in range(9)), TYPE.id, (GOAL, RESTING), GOAL, DRAFT)
    yield "goal begin", goals.begin(start, TEMPLATES, "replace", OWNER)
    empty = GoalStart(None, (), TYPE.id, (), None, None)
    yield "goal begin without a track", goals.begin(empty, TEMPLATES, "keep", OWNER)
    yield "running", goals.running(start, long_id(1), OWNER)
    yield "obstacle", goals.obstacle(DRAFT, OBSTACLES, TEMPLATE, OWNER)
    hints = tuple(PlanHint)
    yield (
        "read back",
        goals.read_back(ReadBack(DRAFT, TYPE, hints, hints, label(PLAN_LIMIT), "f" * 8), OBSTACLES, OWNER),
    )
    yield "dropped", goals.dropped()
    yield "goal saved", goals.saved(GOAL_VIEW, OWNER)
    resting = GoalView(RESTING, TYPE, 999, DAY)
    yield "goals", goals.show(Goals((GOAL_VIEW, resting), (ENDED,) * ENDED_SHOWN), OWNER)
    yield "ended goals", goals.show(Goals((), (ENDED,) * ENDED_SHOWN), OWNER)
    yield "review", goals.review(Review(GOAL_VIEW, 999, 112), OWNER, noted=True, unfinished=DRAFT)
    yield "kept", goals.kept(GOAL_VIEW, OWNER)
    yield "paused", goals.paused(resting, OWNER)
    yield "resumed", goals.resumed(GOAL_VIEW, OWNER)
    yield "stop?", goals.stop_question(GOAL, OWNER)
    yield "stopped", goals.stopped(ENDED, OWNER)


def nudge_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    discreet = replace(PAUSED, discreet=True)
    yield from answer_views()
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
    occasion = Why("A14", label(BECAUSE_LIMIT), WHY_FACTS, "goal_achieved", label(BECAUSE_LIMIT))
    yield "why an occasion", nudges.why(occasion, of="step")
    yield "why the hello", nudges.why(Why("", None, {}))
    yield "message waits", nudges.message_waits()
    yield "closed", nudges.closed_notice()
    yield "pause", nudges.pause_menu(OWNER)
    yield "days", nudges.day_picker([DAY] + [date(2026, 10, day) for day in range(1, 6)], KEY)
    yield "reminder", nudges.reminder(Reminder(LATE, ZONE))
    yield "history", nudges.history(NudgeHistory((ROW,) * HISTORY_ROWS, ZONE))
    yield "no history", nudges.history(NudgeHistory((), ZONE))


def answer_views() -> Iterator[tuple[str, discord.ui.LayoutView]]:
    yield "smaller", nudges.smaller(Smaller(KEY, words(TINY_LIMIT), own=True, logs=True))
    yield "smaller without a log", nudges.smaller(Smaller(KEY, label(), own=False, logs=False))
    obstacle = OBSTACLES[Obstacle.OTHER]
    yield "hindrance", nudges.hindrance(Hindrance(KEY, Obstacle.NOT_READY, obstacle, GOAL))
    yield "hindrance without a goal", nudges.hindrance(Hindrance(KEY, Obstacle.NOT_READY, obstacle, None))
    yield "plan used", nudges.plan_used(GOAL, OWNER)
    yield "words", nudges.first_words(FirstWords(Starter("x", label(), label(TEXT_OF_NOTE)), words(NICKNAME_LIMIT)))
    yield "rested", nudges.rested(words(NICKNAME_LIMIT))
    yield "let go", nudges.let_go(OPENING)
    yield "alert kept", nudges.alert_answered(keep=True)
    yield "alert gone", nudges.alert_answered(keep=False)


def forms() -> Iterator[tuple[str, discord.ui.Modal]]:
    yield "details", course.details(COHORT, OWNER)
    yield "focus", focus.form(FOCUS, TRACKS, OWNER)
    yield "first focus", focus.form(None, TRACKS, OWNER)
    yield "wish", goals.wish_form(TYPES, DRAFT, TEMPLATE, OWNER)
    yield "wish again", goals.wish_form(TYPES, DRAFT, TEMPLATE, OWNER, goes_on=True)
    yield "first wish", goals.wish_form(TYPES, UnfinishedGoal(Beginning.ALONE, type=TYPE.id), None, OWNER)
    words_of = OBSTACLES[Obstacle.NOT_READY]
    yield "plan", goals.plan_form(PlanQuestion(DRAFT, TEMPLATE, Obstacle.NOT_READY, words_of), OWNER)
    unplanned = UnfinishedGoal(Beginning.ALONE)
    yield "first plan", goals.plan_form(PlanQuestion(unplanned, TEMPLATE, Obstacle.NOT_READY, words_of), OWNER)
    yield "reflection", goals.reflect_form(GOAL, OWNER)
    yield "line", log.line_form(OWNER)
    yield "message", messages.form(MemberList("no_goal_yet", BIG), "x" * MESSAGE_LIMIT, OWNER)
    yield "answer", feedback.answer(COHORT, OWNER)
    yield "student number", student_numbers.form(StudentNumber(COHORT, "*" * NUMBER_LIMIT), OWNER)
    people = [replace(CONTACT, id=ContactId(10**18 - number)) for number in range(60)]
    yield "entry", log.edit_form(Editing(ACTION, KINDS, people), OWNER)


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


MODULES = (
    checkin, course, failures, focus, footprint, goals, help, log, me, messages, nudges, overview, register,
    student_numbers,
)  # fmt: skip


def test_every_screen_is_tried() -> None:
    public = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in MODULES
        for name, made in vars(module).items()
        if callable(made) and getattr(made, "__module__", "") == module.__name__ and not name.startswith("_")
    }
    assert len(public) == 83, sorted(public)


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
