"""Every card and form of the product, mostly with the most that it can ever hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, TypeAlias, get_type_hints

import discord

from bot.coaching import gone
from bot.coaching.bios import (
    BIO_LIMIT,
    CRITERIA,
    MESSAGE,
    PLACE_NAME_LIMIT,
    AiNote,
    AiOutcome,
    AiReport,
    BioReview,
    BioRule,
    Critique,
    Finding,
    Rewrite,
    Subject,
    Unit,
    Verdict,
)
from bot.coaching.bios import MESSAGE_LIMIT as BIO_MESSAGE_LIMIT
from bot.coaching.bios import NAME_LIMIT as BIO_NAME_LIMIT
from bot.coaching.checkin import Hello, HelloReason
from bot.coaching.class_statistics import Snapshot, Withheld
from bot.coaching.cohort import NAME_LIMIT, SUPPORT_LIMIT, Cohort, Enrolment, Membership, SharedItem
from bot.coaching.course_plan import (
    ANOTHER_WAY_LIMIT,
    MOST_TEACHING_WEEKS,
    THEME_LIMIT,
    CourseWeek,
    DoneBy,
    LearningOutcome,
    MemberStep,
    PlanWeek,
    StepState,
    fitted,
)
from bot.coaching.course_plan import LINE_LIMIT as HAND_IN_LIMIT
from bot.coaching.course_plan import STEP_LIMIT as WEEK_STEP_LIMIT
from bot.coaching.digest import LIMIT as DIGEST_LIMIT
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
    Goal,
    GoalEnding,
    GoalType,
    Kind,
    Obstacle,
    ObstacleWords,
    PlanHint,
    Template,
    UnfinishedGoal,
    Vocabulary,
)
from bot.coaching.gradebook import COMPLETE, INCOMPLETE
from bot.coaching.ids import (
    ActionId,
    AlertId,
    ChannelId,
    CohortId,
    ContactId,
    EnrolmentId,
    FeedbackId,
    GoalId,
    GuildId,
    InstructorMessageId,
    NudgeId,
    OpportunityId,
    PortfolioEntryId,
    SpaceId,
    UserId,
    WeekId,
)
from bot.coaching.limits import BECAUSE_LIMIT, LABEL_LIMIT, MOST_OPTIONS, STEP_LIMIT
from bot.coaching.log import MOST_MINUTES, NOTE_LIMIT, Action, ActionDraft, Balance, KindCount, Outcome, Reciprocity
from bot.coaching.messages import NAME_LIMIT as MESSAGE_NAME
from bot.coaching.messages import TEXT_LIMIT as MESSAGE_LIMIT
from bot.coaching.momentum import TermWeek
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
    Relation,
    Space,
    SpaceKind,
    Stage,
    StageWords,
    Starter,
    Where,
)
from bot.coaching.next_action import Rule, Step
from bot.coaching.nudges import EVERYBODY, Button, NudgeKey, NudgeKind, NudgeState, Reason, Recipient
from bot.coaching.nudges import TEXT_LIMIT as TEXT_OF_NOTE
from bot.coaching.opportunities import (
    FOLLOW_UP_FROM,
    FOLLOW_UP_UNTIL,
    MOST_OPEN,
    UNSENT,
    Move,
    Opportunity,
    OpportunityKind,
    OpportunityState,
    Source,
)
from bot.coaching.opportunities import TITLE_LIMIT as OPENING_LIMIT
from bot.coaching.portfolio import BIOS, MOST_OFFERED, TICKED, Entry, NetworkStart, Offer, Portfolio, PortfolioKind
from bot.coaching.portfolio import WORDS_LIMIT as PORTFOLIO_LIMIT
from bot.coaching.register import Listing, RegisterFilter, RegisterRow, StepWeek
from bot.coaching.snapshot import Facts, MemberSnapshot
from bot.coaching.student_numbers import NUMBER_LIMIT
from bot.coaching.weeks import Break, BreakKind, Due, Quiet, Wish, monday_of
from bot.critique.checks import QUOTE_LIMIT
from bot.critique.guard import LONGEST_ADVICE
from bot.critique.guard import QUOTE_LIMIT as LINE_LIMIT
from bot.services.ai_notes import AiOffer, AiState, AiUsage
from bot.services.announcements import Announcements, post_text
from bot.services.bios import HISTORY as BIO_HISTORY
from bot.services.bios import BioChange, BioCheck, BioStart
from bot.services.breaker import Breaker
from bot.services.checkin import PAGE, REFLECTIONS, Checkin, MemberView, Reflection, SharedGoal
from bot.services.class_statistics import Notes
from bot.services.closing import Ending as CourseEnding
from bot.services.cohort import MOST_BREAKS, Status
from bot.services.course_plan import OTHERWISE_LIMIT, Fit, Plan, WeekOfPlan
from bot.services.digest import DigestWish
from bot.services.exports import HAND_INS_FILE, REGISTER_FILE, WEEKS_FILE, Export, ExportWish, File
from bot.services.feedback import MOST_WAITING, PAGE_ROOM, FeedbackPage, How, Told, Waiting
from bot.services.feedback import PAGE as FEEDBACK_PAGE
from bot.services.feedback import TEXT_LIMIT as FEEDBACK_LIMIT
from bot.services.focus import SavedFocus
from bot.services.footprint import HISTORY, Footprint, ItemView
from bot.services.goals import ENDED_SHOWN, Goals, GoalStart, GoalView, PlanQuestion, ReadBack, Review
from bot.services.gradebook import CountingRule, GradebookFile, GradebookPreview, MadeGradebook, Question, Standing
from bot.services.hand_ins import HandIns
from bot.services.log import Editing, LogChoices, Logged, Undone, With
from bot.services.me import Me
from bot.services.members import Joined, Welcome
from bot.services.message_check import MessageCheck
from bot.services.messages import MemberList, MessagePreview, SentMessage
from bot.services.network import MOST_FOLLOW_UPS, Breadth, ContactChoices, Need, Network, Part, Person, Thing
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
from bot.services.opportunities import Moved, OpportunityList, OpportunityView
from bot.services.overview import ClassPreview, Labels, Obstacles, Overview, Statistics, WeekCount
from bot.services.register import Register
from bot.services.student_numbers import StudentNumber
from bot.services.texts import WHY, MessageText
from bot.services.week import Completed, Week
from cogs.cards import (
    ai_notes,
    announcements,
    bios,
    checkin,
    closing,
    course,
    course_plan,
    failures,
    feedback,
    focus,
    footprint,
    goals,
    gradebook,
    hand_ins,
    help,  # noqa: A004 - the card's name
    log,
    me,
    message_check,
    messages,
    network,
    nudges,
    opportunities,
    overview,
    portfolio,
    register,
    student_numbers,
    week,
)
from cogs.messenger import TO_POST
from prompts import load_content
from prompts.activities import ACTIVITY_LIMIT, ACTIVITY_TITLE_LIMIT, Activity
from prompts.bios import RULE_IDS, Rubric
from prompts.nudges import BUTTONS
from storage.bios import Checked
from storage.course_plan import HandIn
from storage.feedback import Feedback
from storage.messages import InstructorMessage
from storage.nudges import Nudge, imagined
from storage.register import Listed, RegisterCounts
from storage.student_numbers import NumberClaim
from tests.cogs.cards.test_privacy_cards import views as privacy_views

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
    long_id(1), label(), "", "", tuple(map(long_id, range(MOST_OPTIONS))), label(), 14, 14, label(STEP_LIMIT), ""
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
    GoalEnding.DEEPENED,
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
    rule=label(STEP_LIMIT),
    ties=label(STEP_LIMIT),
)
TEMPLATES = {long_id(number): replace(TEMPLATE, id=long_id(number)) for number in range(MOST_OPTIONS)}
OBSTACLES = {one: ObstacleWords(label(), label(PLAN_LIMIT)) for one in Obstacle}
ENDED = EndedGoal(GOAL.title, DAY, DAY, GoalEnding.CHANGED, words(REFLECTION_LIMIT), Benefit.VISIBILITY)
KINDS = tuple(Kind(long_id(number), label(), Direction.WITH, 120) for number in range(MOST_OPTIONS))
CONTACT = Contact(
    ContactId(10**18), words(NICKNAME_LIMIT), Category.CONNECTOR, Stage.MUTUAL, DAY, Where.LOCAL, words(SHARES_LIMIT),
    rested=False,
)  # fmt: skip
PLANNED_WEEK = CourseWeek(
    WeekId(10**18),
    monday_of(DAY),
    words(THEME_LIMIT),
    words(WEEK_STEP_LIMIT),
    120,
    DAY,
    DoneBy.ACTION,
    KINDS[24].id,
    words(ANOTHER_WAY_LIMIT),
)
PLAN = load_content().plan
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
    With(CONTACT.nickname, Stage.NOTICED),
    (),
)
RULE = Rule("A06", "slipped_3", label(), 120, label(BECAUSE_LIMIT), 4)
WEEKS = [DAY - timedelta(weeks=back) for back in range(54)]
MEMBER = MemberSnapshot(
    seat=Membership(replace(COHORT, starts_on=WEEKS[-1]), replace(ENROLMENT, joined_at=LATE - timedelta(weeks=53))),
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
WEEK_OF_PLAN = CourseWeek(
    WeekId(2**63 - 1), MONDAY, "*" * THEME_LIMIT, "*" * WEEK_STEP_LIMIT, 120, MONDAY, DoneBy.LINE, None, "x"
)
OVERVIEW = Overview(
    cohort=replace(COHORT, register=True, expected_size=10_000),
    week=53,
    of_weeks=53,
    people=RegisterCounts(10_000, 0, DAY, 9_999, 9_999, 9_999),
    exact=True,
    weeks=[WeekCount(MONDAY, 9_999, 10_000)] * 53,
    moved=-9_999,
    so_far=9_999,
    facts=dict.fromkeys(("goal", "plan", "exchange"), (9_999, 10_000)),
    obstacles=Obstacles([(label(), 9_999)] * 2, Activity("x" * ACTIVITY_TITLE_LIMIT, "x" * ACTIVITY_LIMIT)),
    hellos=9_999,
    next_snapshot=datetime(2027, 12, 13, 8, tzinfo=UTC),
    planned=True,
    step=WEEK_OF_PLAN,
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


Views: TypeAlias = Iterator[tuple[str, discord.ui.LayoutView]]


def views() -> Views:
    yield from course_views()
    yield from course_plan_views()
    yield from overview_views()
    yield from member_views()
    yield from goal_views()
    yield from network_views()
    yield from opportunity_views()
    yield from portfolio_views()
    yield from feedback_views()
    yield from week_views()
    yield from nudge_views()
    yield from message_views()
    yield from bio_views()
    yield from message_check_views()
    yield from closing_views()
    yield from ((f"privacy {number}", view) for number, view in enumerate(privacy_views()))


def message_views() -> Views:
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


def course_views() -> Views:
    yield "setup", course.setup(COHORT, TRACKS, OWNER, [BIG + number for number in range(10)])
    watched = replace(COHORT, register=True, ai_reviewer=True, retention_days=365)
    yield (
        "setup with switches",
        course.setup(watched, TRACKS, OWNER, [BIG + number for number in range(10)], reviewer=True),
    )
    yield "welcome to a course with a register", course.welcome(Welcome(watched, ZONE, False), OWNER, 9_999)
    yield from joining_views()
    yield from staff_views(watched)
    unasked = replace(COHORT, support_contact=None)
    yield "setup before somebody is named who helps", course.setup(unasked, TRACKS, OWNER, [], hidden=True)
    yield "panel", course.panel(COHORT)
    courses = [(CohortId(10**18 + number), words(NAME_LIMIT)) for number in range(30)]
    yield "choose", course.choose(courses, OWNER)
    yield "chosen", course.chosen(COHORT)
    yield "overview", overview.overview(OVERVIEW, OWNER, "x" * 3000, 10_000)
    yield from count_views()
    yield "class statistics", overview.statistics(STATISTICS)
    yield "class statistics in exact counts", overview.statistics(replace(STATISTICS, exact=True))
    yield "no class statistics yet", overview.statistics(replace(STATISTICS, newest=None))
    yield "class preview", overview.preview(CLASS_PREVIEW)
    yield "breaks", course.breaks(COHORT, OWNER)
    yield "no breaks", course.breaks(replace(COHORT, breaks=()), OWNER)
    yield "status", course.status(STATUS, OWNER)
    yield "status of a course whose roles are gone", course.status(STATUS, OWNER, gone=GONE)
    yield "status, hidden from instructors", course.status(STATUS, OWNER, hidden=True)
    yield "notes that do not reach somebody", course.not_reached()
    yield "status without anything", course.status(replace(STATUS, breaker=None, last_tick=None, notes=None), OWNER)
    yield "typed", failures.refusal(label(600), ["`" * 4000] * 5)
    yield "form to open again", failures.refusal(label(600), (), "pln1:again.focus.save:1")
    yield "form without what was typed", failures.forgotten()
    yield "busy", failures.busy(["x" * 4000] * 5)
    yield "apology", failures.apology("a" * 8, ["x" * 4000] * 5)


def course_plan_views() -> Views:
    cohort = replace(COHORT, ends_on=DAY + timedelta(days=300), breaks=())
    weeks = [replace(PLANNED_WEEK, id=WeekId(10**18 + n), week=monday_of(DAY) + timedelta(weeks=n)) for n in range(30)]
    empty = [DAY + timedelta(weeks=n) for n in range(53)]
    full = Plan(cohort, DAY, weeks, empty, weeks)
    yield "no course plan", course_plan.without_plan(cohort, 10, OWNER)
    yield "course plan, the most", course_plan.plan(full, 1, OWNER)
    after_file = replace(full, left_out=[PLANNED_WEEK.plan] * 20, stayed=3)
    yield "course plan after a file", course_plan.plan(after_file, 2, OWNER)
    plain_weeks = [
        CourseWeek(WeekId(n), monday, *vars_of(week), switched_off=n == 2)
        for n, (monday, week) in enumerate(fitted(PLAN, cohort.term, DAY), 1)
    ]
    answered = replace(cohort, steps_count=True, otherwise="Keep a paper log.")
    yield "course plan", course_plan.plan(Plan(answered, DAY, plain_weeks, (), ()), 0, OWNER)
    over = Plan(replace(answered, steps_count=False), DAY + timedelta(days=300), plain_weeks, (), plain_weeks[:1])
    yield "course plan that is over", course_plan.plan(over, 0, OWNER)
    yield "ready plan", course_plan.preview(Fit(cohort, weeks[:10], [PLANNED_WEEK.plan] * 20), OWNER)
    yield "plan fitted again", course_plan.preview_fit(Fit(cohort, weeks, [PLANNED_WEEK.plan] * 20), OWNER)
    yield "nothing to fit", course_plan.preview_fit(Fit(cohort, (), ()), OWNER)
    yield from plan_week_views(cohort)
    yield "file that is no plan", course_plan.faults([label(600)] * 30, OWNER)
    yield "plan before a file", course_plan.before_loading()
    yield "plan as a file", course_plan.saved()
    yield "plan as a calendar", course_plan.calendar()
    yield from counting_views(cohort)
    yield from announcement_views()


def announcement_views() -> Views:
    cohort = replace(COHORT, channel_id=ChannelId(10**18), announce=True)
    week = replace(PLANNED_WEEK, id=WeekId(10**18))
    text = post_text(cohort, week)
    key = NudgeKey(Recipient(cohort.id, EVERYBODY, cohort.channel_id), NudgeKind.ANNOUNCEMENT, "2026-09-28")
    held = replace(imagined(key, LATE), state=NudgeState.HELD, reason=Reason.NO_PERMISSION)
    on = Announcements(cohort, week, text, LATE, held, may_post=True)
    yield "announcements that cannot be posted", announcements.announcements(on, TO_POST, OWNER)
    yield "announcements without their channel", announcements.announcements(on, None, OWNER)
    left_out = replace(on, week=replace(week, announced=False), last=replace(held, state=NudgeState.SENT, reason=None))
    yield "announcement left out", announcements.announcements(replace(left_out, may_post=False), (), OWNER)
    off = replace(on, cohort=replace(cohort, announce=False), week=None, text="", at=None, last=None, may_post=False)
    yield "announcements that are off", announcements.announcements(off, (), OWNER)
    no_channel = replace(off, cohort=replace(cohort, channel_id=None))
    yield "announcements without a channel", announcements.announcements(no_channel, (), OWNER)


def plan_week_views(cohort: Cohort) -> Views:
    called = {PLANNED_WEEK.counts or "": label()}
    week = WeekOfPlan(cohort, replace(PLANNED_WEEK, done_by=DoneBy.ITEM), True, DAY, DAY)
    yield "week of the plan, the most", course_plan.week(week, called, OWNER)
    plain_week = replace(PLANNED_WEEK, done_by=DoneBy.LINE, counts=None, another_way=None, switched_off=True)
    yield "week of the plan", course_plan.week(WeekOfPlan(cohort, plain_week, False, None, None), {}, OWNER)
    yield "item that counts, its section", course_plan.items(week, CHECKLIST, None, OWNER)
    yield "item that counts", course_plan.items(replace(week, week=PLANNED_WEEK), CHECKLIST, SECTIONS[0].id, OWNER)


def counting_views(cohort: Cohort) -> Views:
    most = replace(cohort, steps_count=True, otherwise=words(OTHERWISE_LIMIT))
    yield "steps count", course_plan.counted(most)
    yield (
        "setup with a plan",
        course.setup(most, TRACKS, OWNER, plan=True, reviewer=True, hidden=True, missing=None, gone=GONE),
    )
    yield "steps do not count", course_plan.counted(replace(cohort, steps_count=False))
    yield "invitation where steps count", course.panel(most)
    yield "welcome where steps count", course.welcome(Welcome(replace(most, register=True), ZONE, False), OWNER, 4)
    yield (
        "welcome where steps do not count",
        course.welcome(Welcome(replace(cohort, steps_count=False), ZONE, False), OWNER, 4),
    )
    yield "details of joining where steps count", course.details_of_joining(Welcome(most, ZONE, False), OWNER)


def vars_of(week: PlanWeek) -> tuple[Any, ...]:
    return (week.theme, week.step, week.minutes, DAY, week.done_by, week.counts, week.another_way)


def count_views() -> Views:
    few = replace(OVERVIEW, exact=False, weeks=(), people=replace(OVERVIEW.people, here=9, coming=9))
    yield "overview of a small class", overview.overview(few, OWNER)
    no_register = replace(OVERVIEW, exact=False, last_step=(Withheld.MOST, 10_000))
    yield "overview by class statistics", overview.overview(no_register, OWNER)


def staff_views(watched: Cohort) -> Views:
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
    handed = tuple((number, "*" * HAND_IN_LIMIT) for number in range(1, 54))
    member = MemberView(watched, who, row, None, date(2027, 9, 29), shared, goals_shown, told, lines=handed)
    member = replace(member, portfolio_on=date(2027, 9, 29))
    yield "member with everything", checkin.member(member)
    yield "member who shares before the row shows", checkin.member(replace(member, row=None, coming=LATE))
    nothing = MemberView(COHORT, who, None, None, None, {}, (), ())
    yield "member with nothing", checkin.member(nothing)
    yield "member whose row is to come", checkin.member(replace(nothing, cohort=watched, coming=LATE))
    both = tuple(File(name, b"") for name in (REGISTER_FILE, HAND_INS_FILE, WEEKS_FILE))
    yield "export", register.export(Export(watched, both, ExportWish(), DAY), OWNER)
    yield "export of pseudonyms", register.export(Export(watched, both, ExportWish(names=False), DAY), OWNER)
    yield "export without a register", register.export(Export(COHORT, both[2:], ExportWish(separator=";"), DAY), OWNER)
    yield from register_views(watched)
    yield from gradebook_views(watched)


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
    steps=tuple(StepWeek) * 10,
)


def joining_views() -> Views:
    yield "welcome", course.welcome(Welcome(COHORT, ZONE, False), OWNER)
    asked = Welcome(replace(COHORT, register=True, student_number=True), ZONE, False)
    yield "welcome to a course that asks for a number", course.welcome(asked, OWNER, 1)
    yield "welcome back", course.welcome(Welcome(COHORT, ZONE, True), OWNER)
    yield "details of joining", course.details_of_joining(asked, OWNER)
    yield "joined", course.joined(Joined(COHORT, ENROLMENT, True, True, True), OWNER)


def gradebook_views(watched: Cohort) -> Views:
    rule = CountingRule(1, 53, DAY, 54)
    people = [Standing(UserId(10**18 + number), 10, 53, INCOMPLETE) for number in range(85)]
    others = [Standing(OWNER, 53, 53, COMPLETE), Standing(OWNER, 0, 0, None)]
    claims = [NumberClaim("*" * NUMBER_LIMIT, OWNER, UserId(10**18))] * 9
    value = GradebookPreview(watched, rule, 53, True, [*people, *others], 99, 99, claims, [[OWNER, UserId(10**18)]] * 9)
    yield "gradebook file", gradebook.kept(GradebookFile(watched, True, 10_000, 9_999), OWNER)
    yield "gradebook preview", gradebook.preview(value, 1, OWNER)
    alone = replace(
        value, rule=CountingRule(2, 2, DAY, 1), weeks=1, standings=others, unmatched=0, missing=0, claims=(), shared=()
    )
    yield "gradebook preview without anybody incomplete", gradebook.preview(alone, 0, OWNER)
    yield "gradebook made", gradebook.made(MadeGradebook(value, "*" * 300 + ".csv", b""))
    yield "gradebook made for Moodle", gradebook.made(MadeGradebook(replace(value, canvas=False), "*", b""))


def register_views(watched: Cohort) -> Views:
    rows = [replace(REGISTER_ROW, enrolment_id=EnrolmentId(n), user_id=UserId(n)) for n in range(1, 13)]
    people = [Listed(one.enrolment_id, one.user_id, False, LATE, True) for one in rows] * 9
    roles = tuple(2**63 - 1 - number for number in range(10))
    plain = [Listing(one) for one in RegisterFilter if one is not RegisterFilter.STEP]
    offered = (*plain, *(Listing(RegisterFilter.STEP, number) for number in range(53, 0, -1)))
    last = Listing(RegisterFilter.STEP, 53)
    value = Register(watched, 53, offered, last, roles, roles[0], people, 99, LATE)
    view = register.View(last, roles[0], 1, register.SHOWN)
    names = {one.user_id: "*" * 32 for one in rows}
    called = dict.fromkeys(roles, "x" * 100)
    yield "register", register.page(value, view, rows, names, called, OWNER)
    yield "register without names", register.page(value, view, rows, {}, {}, OWNER)
    yield "register with names hidden", register.page(value, replace(view, seed="abcdef"), rows, {}, called, OWNER)
    numbered = [(number, replace(WEEK_OF_PLAN, id=WeekId(number))) for number in range(1, 54)]
    lines = [HandIn(one.enrolment_id, one.user_id, "*" * HAND_IN_LIMIT, WeekId(53), DAY) for one in rows]
    short = [replace(one, line="I asked Kim about the night shift.") for one in lines]
    handed = HandIns(watched, numbered, numbered[-1][1], lines)
    yield "hand-ins", hand_ins.page(handed, hand_ins.HandInView(1), names, OWNER)
    yield "hand-ins, short", hand_ins.page(replace(handed, lines=short), hand_ins.HandInView(), {}, OWNER)
    hidden = hand_ins.HandInView(seed="abcdef")
    yield "hand-ins with names hidden", hand_ins.page(replace(handed, lines=short[:2]), hidden, names, OWNER)
    yield "no hand-ins", hand_ins.page(replace(handed, lines=()), hand_ins.HandInView(), names, OWNER)
    yield "register of nobody", register.page(replace(value, people=(), coming=0), view, (), {}, {}, OWNER)


def member_views() -> Views:
    yield "focus", focus.saved(SavedFocus(FOCUS, TRACK, ITEMS[0], completes=COMPLETED), OWNER)
    yield "first focus", focus.saved(SavedFocus(Focus(("x",)), None), OWNER)
    yield "footprint", footprint.overview(FOOTPRINT, OWNER)
    yield "footprint done", footprint.overview(replace(FOOTPRINT, next=()), OWNER)
    yield "section", footprint.one_section(FOOTPRINT, SECTIONS[0].id, OWNER)
    twelve = replace(CHECKLIST, items=ITEMS[:12])
    yield "section of twelve", footprint.one_section(replace(FOOTPRINT, checklist=twelve), SECTIONS[0].id, OWNER)
    history = [Answered(Answer.NOT_FOR_ME, DAY - timedelta(days=back)) for back in range(HISTORY)]
    support = words(SUPPORT_LIMIT)
    view = ItemView(ITEMS[0], label(), Answered(Answer.FIXED, DAY), DAY, history, ITEMS[1], support)
    yield "item", footprint.item(replace(view, completes=COMPLETED), OWNER, just_answered=True)
    yield "item: why", footprint.why(view)
    yield "help", help.for_members(OWNER)
    yield "help for staff", help.for_staff(OWNER)
    yield "log", log.choices(LogChoices(KINDS[:12], KINDS[12:], True, True), OWNER)
    yield "log without a goal", log.choices(LogChoices(KINDS[:1], KINDS[1:], False, False), OWNER)
    yield "logged", log.logged(replace(LOGGED, completes=COMPLETED), OWNER)
    people = [(ContactId(10**18 + number), words(NICKNAME_LIMIT)) for number in range(MOST_CONTACTS)]
    yield "logged, with whom?", log.logged(replace(LOGGED, contact=None, people=people), OWNER)
    yield "undone", log.undone(Undone())
    yield "undone with its step", log.undone(Undone(of_opening=True, step=COMPLETED))
    longest = Step(RULE, None, RULE, None, RULE.action, 120, RULE.because)
    for name, step in {
        "me": longest,
        "me with an item": replace(longest, subject=ITEMS[0], action=ITEMS[0].title),
        "me with a person": replace(longest, subject=CONTACT),
        "me with an opening": replace(longest, subject=OPENING),
        "me with a small version": replace(longest, action=2 * words(TINY_LIMIT)),
    }.items():
        yield name, me.me(overview_of(step), OWNER)
    for state in (None, StepState.DONE):
        value = replace(overview_of(longest), course_step=MemberStep(COURSE_WEEK, state))
        yield f"me, course step {state or 'open'}", me.me(value, OWNER)
    yield "picture", me.picture("x" * 1024, overview_of(longest), OWNER)


def goal_views() -> Views:
    start = GoalStart(TEMPLATE, tuple(label() for _ in range(9)), TYPE.id, (GOAL, RESTING), GOAL, DRAFT)
    yield "goal begin", goals.begin(start, TEMPLATES, "replace", OWNER)
    empty = GoalStart(None, (), TYPE.id, (), None, None)
    yield "goal begin without a track", goals.begin(empty, TEMPLATES, "keep", OWNER)
    yield "two running", goals.running(start, long_id(1), OWNER)
    yield "one running", goals.running(replace(start, running=(GOAL,)), long_id(1), OWNER)
    yield "obstacle", goals.obstacle(DRAFT, OBSTACLES, OWNER)
    yield "obstacle from scratch", goals.obstacle(replace(DRAFT, outcome=None), OBSTACLES, OWNER)
    yield "clearer", goals.clearer(DRAFT, TEMPLATE, OWNER)
    hints = tuple(PlanHint)
    yield (
        "read back",
        goals.read_back(ReadBack(DRAFT, GOAL, TYPE, hints, hints, label(PLAN_LIMIT), "f" * 8), OBSTACLES, OWNER),
    )
    plain_draft = replace(DRAFT, outcome=None, obstacle=Obstacle.OTHER, obstacle_plan=None, tiny=None, box_minutes=None)
    bare = ReadBack(plain_draft, GOAL, TYPE, (), (), "", "f" * 8)
    yield "read back without hints", goals.read_back(bare, OBSTACLES, OWNER)
    yield "dropped", goals.dropped()
    yield "goal saved", goals.saved(GOAL_VIEW, OWNER)
    resting = GoalView(RESTING, TYPE, 999, DAY)
    yield "goals", goals.show(Goals((GOAL_VIEW, resting), (ENDED,) * ENDED_SHOWN), OWNER)
    over = replace(GOAL_VIEW, today=DAY + timedelta(weeks=60))
    yield "goal that is over", goals.show(Goals((over,), ()), OWNER)
    earlier = [replace(ENDED, ending=ending, benefit=None, reflection=None) for ending in GoalEnding]
    earlier += [replace(ENDED, benefit=benefit, reflection=None) for benefit in Benefit]
    yield "ended goals", goals.show(Goals((), earlier), OWNER)
    yield "review", goals.review(Review(GOAL_VIEW, 999, 112), OWNER, noted=True, unfinished=DRAFT)
    yield "review of a goal that is over", goals.review(Review(over, 0, 112), OWNER)
    yield "kept", goals.kept(GOAL_VIEW, OWNER)
    yield "paused", goals.paused(resting, OWNER)
    yield "resumed", goals.resumed(GOAL_VIEW, OWNER)
    yield from obstacle_views()


def obstacle_views() -> Views:
    yield "stop?", goals.stop_question(GOAL, OWNER)
    yield "stopped", goals.stopped(ENDED, OWNER)
    yield "obstacle now", goals.obstacle_now(GOAL, OBSTACLES, OWNER)
    yield "plan for the obstacle kept", goals.plan_for_obstacle(GOAL, OWNER, kept=True)
    yield "plan for the obstacle changed", goals.plan_for_obstacle(GOAL, OWNER)


COURSE_WEEK = CourseWeek(
    WeekId(10**18),
    date(2026, 9, 21),
    words(THEME_LIMIT),
    words(WEEK_STEP_LIMIT),
    MOST_MINUTES,
    DAY,
    DoneBy.TICK,
    None,
    words(ANOTHER_WAY_LIMIT),
)
WEEK = Week(
    cohort=replace(COHORT, starts_on=date(2026, 9, 7), ends_on=date(2027, 1, 29), register=True, breaks=()),
    today=DAY,
    step=MemberStep(COURSE_WEEK),
    number=4,
    current=True,
    earlier=[MemberStep(replace(COURSE_WEEK, id=WeekId(10**18 + number))) for number in range(MOST_TEACHING_WEEKS)],
    before=[
        MemberStep(replace(COURSE_WEEK, id=WeekId(10**18 + number)), [None, *StepState][number % 3])
        for number in range(MOST_TEACHING_WEEKS)
    ],
    coming=replace(COURSE_WEEK, week=date(2026, 10, 5)),
    empty=False,
    low_profile=False,
    counts=None,
    help_lines=load_content().crisis.help_lines,
)
GONE = (gone.INSTRUCTORS, gone.STUDENTS, gone.SECTIONS)
COMPLETED = Completed(COURSE_WEEK, 30, register=True)


def week_views() -> Views:
    of_kind = {
        DoneBy.TICK: None,
        DoneBy.LINE: None,
        DoneBy.ITEM: long_id(1),
        DoneBy.ACTION: long_id(2),
    }
    for done_by, counts in of_kind.items():
        one = replace(COURSE_WEEK, done_by=done_by, counts=counts)
        yield f"week, by {done_by}", week.week(replace(WEEK, step=MemberStep(one), counts=counts and label()), OWNER)
    step = MemberStep(replace(COURSE_WEEK, done_by=DoneBy.LINE), StepState.DONE, words(HAND_IN_LIMIT))
    yield "week, done", week.week(replace(WEEK, step=step), OWNER)
    yield "step done", week.done(WEEK, step, OWNER)
    yield "step left out", week.set_aside(WEEK, step, OWNER)
    left_out = replace(WEEK, step=MemberStep(COURSE_WEEK, StepState.DECLINED), low_profile=True, current=False)
    yield "week, left out, low profile", week.week(left_out, OWNER)
    few = replace(WEEK, earlier=(), before=())
    yield "week, its day past", week.week(replace(few, today=date(2026, 10, 2)), OWNER)
    yield "no step this week", week.week(replace(few, step=None), OWNER)
    days_off = (Break(BreakKind.BREAK, DAY, DAY),)
    in_break = replace(few, step=None, cohort=replace(few.cohort, breaks=days_off))
    yield "break", week.week(in_break, OWNER)
    yield "no more steps", week.week(replace(few, step=None, coming=None), OWNER)
    yield "before the term", week.week(replace(few, step=None, today=date(2026, 9, 1)), OWNER)
    yield "after the term", week.week(replace(few, step=None, today=date(2027, 2, 1), coming=None), OWNER)
    yield "course without weekly steps", week.week(replace(few, step=None, empty=True), OWNER)


def nudge_views() -> Views:
    discreet = replace(PAUSED, discreet=True, inbox_only=True)
    yield from answer_views()
    yield "settings", nudges.settings(NudgeSettings(COHORT, discreet, DAY, over=False, dm_closed=True), OWNER)
    everything = replace(ENROLMENT, quiet=Quiet(24, 0))
    yield (
        "settings with all buttons",
        nudges.settings(NudgeSettings(COHORT, everything, DAY, over=False, dm_closed=True), OWNER),
    )
    switched_off = replace(ENROLMENT, nudges_on=False)
    yield (
        "settings switched off",
        nudges.settings(NudgeSettings(COHORT, switched_off, DAY, over=False, dm_closed=True), OWNER),
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


def answer_views() -> Views:
    yield "smaller", nudges.smaller(Smaller(KEY, words(TINY_LIMIT), own=True, logs=True))
    yield "smaller without a log", nudges.smaller(Smaller(KEY, label(), own=False, logs=False))
    obstacle = OBSTACLES[Obstacle.OTHER]
    yield "hindrance", nudges.hindrance(Hindrance(KEY, Obstacle.NOT_READY, obstacle, GOAL))
    yield "hindrance without a goal", nudges.hindrance(Hindrance(KEY, Obstacle.NOT_READY, obstacle, None))
    yield "words", nudges.first_words(FirstWords(Starter("x", label(), label(TEXT_OF_NOTE)), words(NICKNAME_LIMIT)))
    yield "rested", nudges.rested(words(NICKNAME_LIMIT))
    yield "let go", nudges.let_go(OPENING)
    yield "alert kept", nudges.alert_answered(keep=True)
    yield "alert gone", nudges.alert_answered(keep=False)


# The class in counts


def overview_views() -> Views:
    seen = replace(
        OVERVIEW,
        cohort=replace(OVERVIEW.cohort, name="PLN 1", expected_size=30, zone="Europe/Berlin"),
        week=6,
        of_weeks=12,
        people=RegisterCounts(here=28, coming=0, first_week=MONDAY, goal=20, plan=18),
        weeks=[WeekCount(MONDAY - timedelta(weeks=1), 15, 28), WeekCount(MONDAY, 18, 28)],
        moved=3,
        so_far=9,
        facts={"goal": (20, 28), "plan": (18, 28), "exchange": (Withheld.FEW, 28)},
        obstacles=None,
        hellos=3,
    )
    withheld = replace(seen, exact=False, weeks=[WeekCount(MONDAY, Withheld.MOST, 28)], moved=None, so_far=None)
    counts = replace(withheld, cohort=replace(seen.cohort, register=False))
    small = replace(counts, people=replace(seen.people, here=8), weeks=[WeekCount(MONDAY, None, 8)])
    for name, value in {
        "with a register": seen,
        "after the term": replace(seen, weeks=(), week=13),
        "with withheld counts": counts,
        "below ten people": small,
        "before the first statistics": replace(counts, weeks=()),
        "while rows are to come": replace(withheld, people=replace(seen.people, coming=28)),
        "of an empty class": replace(seen, people=replace(seen.people, here=0)),
    }.items():
        yield f"overview {name}", overview.overview(value, OWNER, size=30)
    newest = replace(SNAPSHOT, members=28, counts={"exchange": 12, "met": 9, "goal": 26, "plan": 3})
    parts = {
        7: replace(newest, members=14, counts={"exchange": 6, "met": 4}),
        9: replace(newest, members=14, counts={"exchange": 6, "met": 5}),
    }
    by_section = replace(STATISTICS, newest=newest, sections=parts)
    yield "statistics by section", overview.statistics(by_section)
    yield "exact statistics", overview.statistics(replace(by_section, exact=True, sections={}))
    yield "statistics below ten people", overview.statistics(replace(STATISTICS, newest=replace(newest, members=9)))
    yield "preview before the first count", overview.preview(replace(CLASS_PREVIEW, planned=None, breaks=()))


# Network

NETWORK_WORDS = NetworkWords(
    categories=dict.fromkeys(Category, label()),
    kinds={},
    stages=dict.fromkeys(Stage, StageWords(label(STEP_LIMIT), label(STEP_LIMIT), 365)),
    starters={},
)
STARTERS = tuple(Starter(one, label(), "`" * STARTER_LIMIT) for one in list(network.STARTERS)[:5])
PERSON = Person(
    contact=CONTACT,
    relation=Relation(Stage.MUTUAL, DAY, DAY),
    category=label(),
    words=NETWORK_WORDS.stages[Stage.MUTUAL],
    resting=False,
    touch_on=DAY,
    need=None,
    since=None,
    starters=STARTERS,
    today=DAY,
)
ANA = replace(
    PERSON,
    contact=Contact(ContactId(7), "Ana", Category.ALUM, Stage.MET, DAY, None, None, rested=False),
    relation=Relation(Stage.MET, DAY, None),
    category="Somebody who took your course",
    words=StageWords("You met", "Write every three months", 90),
    touch_on=None,
    starters=(),
)
SPACE = Space(SpaceId(10**18), words(SPACE_LIMIT), SpaceKind.EVENT, words(RHYTHM_LIMIT))
THREE_WORDS = words(ALERT_WORD_LIMIT - 2) + " *"
ALERT = Alert(AlertId(10**18), AlertKind.INTERNSHIP, THREE_WORDS, THREE_WORDS, THREE_WORDS, DAY, DAY)
NETWORK = Network(
    people=tuple(
        replace(PERSON, contact=replace(CONTACT, id=ContactId(10**18 + number))) for number in range(MOST_CONTACTS)
    ),
    spaces=tuple(replace(SPACE, id=SpaceId(10**18 + number)) for number in range(MOST_SPACES)),
    alerts=tuple(replace(ALERT, id=AlertId(10**18 + number)) for number in range(MOST_ALERTS)),
    has_goal=True,
)
NO_NETWORK = Network((), (), (), has_goal=False)
MAP = Breadth(
    categories={one: one.replace("_", " ") for one in Category},
    filled=frozenset(list(Category)[:2]),
    spaces=NETWORK.spaces,
    alerts=NETWORK.alerts,
    lacking=Where.LOCAL,
    suggested=Category.ALUM,
    week=53,
    has_goal=True,
)
CHOICES = ContactChoices(PERSON, KINDS)


def network_views() -> Views:
    last = (MOST_CONTACTS - 1) // network.PAGE
    for page in (0, 1, last + 1):
        yield f"people, page {page}", network.people(NETWORK, page, OWNER)
    yield "spaces", network.spaces(NETWORK, 0, OWNER)
    yield "alerts, page that is not there", network.alerts(NETWORK, 99, OWNER)
    yield "people on one page", network.people(replace(NETWORK, people=(ANA,), spaces=(), alerts=()), 0, OWNER)
    yield "nobody in the network", network.people(NO_NETWORK, 0, OWNER)
    yield "nobody but a space", network.people(replace(NO_NETWORK, spaces=(SPACE,)), 0, OWNER)
    yield "nobody but a goal", network.people(replace(NO_NETWORK, has_goal=True), 0, OWNER)
    yield "no spaces", network.spaces(NO_NETWORK, 0, OWNER)
    yield "no alerts", network.alerts(NO_NETWORK, 0, OWNER)
    yield "person", network.person(PERSON, OWNER, lead=network.ADDED)
    yield "person with little", network.person(ANA, OWNER, lead=network.CHANGED)
    yield "person who rests", network.person(replace(ANA, resting=True), OWNER)
    rested = replace(ANA, resting=True, contact=replace(ANA.contact, rested=True))
    yield "person who was let rest", network.person(rested, OWNER)
    for need in Need:
        yield f"person, {need}", network.person(replace(ANA, need=need, since=DAY - timedelta(days=2)), OWNER)
        waiting = [replace(one, need=need, since=DAY) for one in NETWORK.people[:MOST_FOLLOW_UPS]]
        yield f"follow-ups, {need}", network.follow_ups(waiting, OWNER)
    yield "no follow-ups", network.follow_ups([], OWNER)
    yield from map_views()
    for part in Part:
        thing = Thing(part, 10**18, words(3 * ALERT_WORD_LIMIT))
        yield f"forget {part}", network.ask_forget(thing, OWNER)
        yield f"forgotten {part}", network.forgotten(thing, OWNER)


def map_views() -> Views:
    yield "kinds", network.kinds(CHOICES, OWNER)
    yield "moved", network.moved(PERSON, OWNER)
    yield "space added", network.space_added(SPACE, OWNER)
    yield "alert", network.alert(ALERT, OWNER)
    typed = replace(ALERT, field="care ``` *home*", role="student", place=None)
    yield "alert as typed", network.alert(typed, OWNER)
    yield "map", network.breadth(MAP, OWNER)
    for number, kinds in ((1, 0), (4, 9), (5, 2), (5, 3), (9, 3), (10, 3), (10, 4)):
        filled = frozenset(list(Category)[:kinds])
        value = replace(MAP, week=number, filled=filled, spaces=(), alerts=(), lacking=None, suggested=None)
        yield f"map in week {number} with {kinds} kinds", network.breadth(value, OWNER)
    empty = replace(MAP, filled=frozenset(), spaces=(), alerts=(), lacking=None, suggested=None, has_goal=False)
    yield "empty map", network.breadth(empty, OWNER)
    yield "starter", network.starter(Starter("thank", "After a talk", "Thank you for {what}."), OWNER)
    yield "starter for somebody", network.starter(STARTERS[0], OWNER, CONTACT.id)


# Opportunities and feedback

ONE = Opportunity(
    id=OpportunityId(10**18),
    title=words(OPENING_LIMIT),
    kind=OpportunityKind.INTERNSHIP,
    source=Source.CONTACT,
    due_on=date(2027, 9, 29),
    state=OpportunityState.SPOTTED,
    state_on=date(2025, 9, 24),
)
SIMPLE = Opportunity(
    OpportunityId(7), "Ward nine", OpportunityKind.JOB, None, None, OpportunityState.SPOTTED, DAY - timedelta(days=1)
)


def everywhere(kept: Opportunity) -> Iterator[Opportunity]:
    """Yield an opportunity in every state, with every day that it may have."""
    later = date(2027, 9, 29)
    for state, followed, thanked in product(OpportunityState, (None, later), (None, later)):
        sent = None if state in UNSENT else date(2025, 9, 24)
        yield replace(kept, state=state, sent_on=sent, followed_on=followed, thanked_on=thanked)


def opportunity_views() -> Views:
    day = timedelta(days=1)
    for one in everywhere(ONE):
        days = "".join([", followed up" * bool(one.followed_on), ", thanked" * bool(one.thanked_on)])
        yield f"opportunity, {one.state}{days}", opportunities.detail(OpportunityView(one, DAY, STARTERS[0]), OWNER)
    for due in (DAY, DAY + day, DAY + 10 * day, date(2027, 9, 29), DAY - day):
        view = OpportunityView(replace(SIMPLE, due_on=due), DAY, None)
        yield f"opportunity due on {due}", opportunities.detail(view, OWNER)
    wait, end = FOLLOW_UP_FROM.days, FOLLOW_UP_UNTIL.days
    for days in (0, wait - 1, wait, end, end + 1):
        sent = replace(SIMPLE, state=OpportunityState.SENT, sent_on=DAY - days * day)
        yield f"opportunity sent {days} days ago", opportunities.detail(OpportunityView(sent, DAY, None), OWNER)
    view = OpportunityView(replace(ONE, state=OpportunityState.YES), DAY, STARTERS[0])
    for move in Move:
        yield f"opportunity moved: {move}", opportunities.moved(Moved(view, True, LOGGED), move, OWNER)
    yield "opportunity moved without a log", opportunities.moved(Moved(view, True, None), Move.SENT, OWNER)
    yield "opportunity not moved", opportunities.moved(Moved(view, False, None), Move.SENT, OWNER)
    view = OpportunityView(SIMPLE, DAY, None)
    yield "opportunity added", opportunities.added(view, OWNER)
    yield "opportunity changed", opportunities.changed(view, OWNER)
    yield "opportunity to forget", opportunities.forget(view, OWNER)
    yield "opportunity forgotten", opportunities.forgotten(OWNER)
    opened, sent, closed = (
        tuple(replace(ONE, id=OpportunityId(10**18 + number), state=state) for number in range(count))
        for state, count in (
            (OpportunityState.PREPARING, MOST_OPEN),
            (OpportunityState.SENT, MOST_OPEN),
            (OpportunityState.PASSED_ON, 60),
        )
    )
    yield "opportunities", opportunities.listed(OpportunityList(opened, closed, True, DAY), OWNER)
    yield "opportunities that are sent", opportunities.listed(OpportunityList(sent, (), False, DAY), OWNER)
    yield "opportunities that are closed", opportunities.listed(OpportunityList((), closed, False, DAY), OWNER)
    yield "no opportunities", opportunities.listed(OpportunityList((), (), True, DAY), OWNER)
    yield "no opportunities and no goal", opportunities.listed(OpportunityList((), (), False, DAY), OWNER)


LONG = Feedback(FeedbackId(10**18), words(FEEDBACK_LIMIT), DAY, UserId(10**18), read=False)


def portfolio_views() -> Views:
    entries = tuple(
        Entry(
            PortfolioEntryId(10**18 + number),
            kind,
            f"week:{10**18 + number}",
            words(BIO_LIMIT if kind in BIOS else PORTFOLIO_LIMIT),
            names_nobody=True,
            added_on=DAY,
        )
        for number, kind in enumerate((*PortfolioKind,) * 2)
    )
    offers = tuple(Offer(one.kind, f"{one.source}", one.text) for one in entries if one.kind in TICKED) * MOST_OFFERED
    outcomes = tuple(LearningOutcome(f"outcome{number}", words(60), words(100)) for number in range(8))
    empty = Portfolio(words(NAME_LIMIT), (DAY, DAY), DAY, outcomes=outcomes, start_comes=DAY)
    full = replace(
        empty,
        entries=entries,
        offers=tuple(replace(one, source=f"week:{number}") for number, one in enumerate(offers)),
        headings={one.source: words(60) for one in entries},
        start=NetworkStart(DAY, frozenset(Category)),
        now=frozenset(Category),
        nicknames=("Wide",),
        shared_at=LATE,
    )
    waiting = replace(full, entries=(replace(entries[0], names_nobody=False), *entries[1:]))
    yield "portfolio, empty", portfolio.home(empty, OWNER)
    yield "portfolio", portfolio.home(full, OWNER)
    yield "portfolio, one question", portfolio.home(waiting, OWNER)
    yield "portfolio of a closed course", portfolio.home(replace(full, closed=True), OWNER)
    yield "portfolio, nothing to tick", portfolio.choose(empty, OWNER)
    yield "portfolio, to tick", portfolio.choose(waiting, OWNER)
    yield "portfolio, does it name somebody", portfolio.ask(waiting, OWNER)
    yield "portfolio, to change", portfolio.change(full, OWNER)
    yield "portfolio, nothing to change", portfolio.change(empty, OWNER)
    yield "portfolio entry", portfolio.entry(entries[4], OWNER)
    yield "portfolio sentences", portfolio.sentences(empty, OWNER)
    yield "portfolio bios", portfolio.bio(full, OWNER)
    yield "portfolio, no bios", portfolio.bio(empty, OWNER)
    yield "bio kept in the portfolio", portfolio.bio_kept(PortfolioKind.BIO_AFTER, OWNER)
    yield "portfolio preview", portfolio.preview(waiting, OWNER)
    yield "portfolio preview, empty", portfolio.preview(empty, OWNER)
    yield "portfolio files", portfolio.downloaded(OWNER)
    yield "portfolio to share", portfolio.share(empty, OWNER)
    yield "portfolio to share again", portfolio.share(full, OWNER)
    yield "portfolio shared", portfolio.shared(full, OWNER)
    yield "portfolio taken back", portfolio.shared(empty, OWNER)
    yield "portfolio opened by an instructor", portfolio.opened(OWNER, "Monday 3 May")


def feedback_views() -> Views:
    for how in How:
        told = Told(words(NAME_LIMIT), how, words(FEEDBACK_LIMIT), DAY, DAY)
        yield f"feedback {how}", feedback.told(told, OWNER)
    yield "feedback without words", feedback.told(Told("PLN 1", How.CONTACT, None, DAY, DAY), OWNER)
    yield "feedback taken back", feedback.taken_back(was_open=True, with_note=True)
    yield "feedback taken back without words", feedback.taken_back(was_open=True, with_note=False)
    yield "no feedback to take back", feedback.taken_back(was_open=False, with_note=True)
    waiting = tuple(Waiting(EnrolmentId(10**18 + n), UserId(10**18), DAY, 2**40) for n in range(MOST_WAITING))
    page = FeedbackPage(COHORT, waiting, True, (LONG,), True, FeedbackId(10**18))
    short = replace(LONG, text=words(PAGE_ROOM // 2 // FEEDBACK_PAGE))
    yield "feedback to read", feedback.page(page, OWNER)
    yield "feedback to read, five", feedback.page(replace(page, texts=(short,) * FEEDBACK_PAGE), OWNER)
    unsigned = Feedback(FeedbackId(3), "So *fast*", DAY, None, read=True)
    older = replace(page, newest=False, waiting=(), more_waiting=False, texts=(unsigned,))
    yield "older feedback", feedback.page(older, OWNER)
    yield "no feedback", feedback.page(FeedbackPage(COHORT, (), False, (), True, None), OWNER)
    yield "no older feedback", feedback.page(FeedbackPage(COHORT, (), False, (), False, None), OWNER)


# Bios

LONG_ID = "i" * 40
CONTENT = load_content()


def longest_rubric() -> Rubric:
    """Return the longest that a course's own words may be."""
    place = replace(
        CONTENT.rubric.places["mastodon"], id=LONG_ID, label=label(PLACE_NAME_LIMIT), limit=None, unit=Unit.SHORTENED
    )
    text = label(BIO_MESSAGE_LIMIT)
    rules = {rule_id: BioRule(rule_id, label(BIO_NAME_LIMIT), text, text) for rule_id in RULE_IDS}
    questions = dict.fromkeys(CONTENT.rubric.questions, text)
    return replace(CONTENT.rubric, places={LONG_ID: place}, rules=rules, questions=questions)


RUBRIC = longest_rubric()
CHECK = BioCheck(
    BioReview(
        RUBRIC.places[LONG_ID],
        5000,
        5000,
        words(270),
        tuple(Finding(rule_id, words(QUOTE_LIMIT - n)) for rule_id in RULE_IDS for n in range(3)),
    ),
    AiState.AGREED,
    True,
    words(SUPPORT_LIMIT),
    label(200),
    True,
    True,
    BioChange(tuple(label(BIO_NAME_LIMIT) for _ in RULE_IDS), 5000),
)
"""The longest check that there can be."""


def critique(advice: int = LONGEST_ADVICE, rewrite: str | None = "New", quote: int = LINE_LIMIT) -> Critique:
    kinds = CRITERIA[Subject.BIO]
    notes = tuple(AiNote(one, Verdict.MISSING, words(quote), words(advice)) for one in kinds)
    return Critique(AiOutcome.OK, notes, None if rewrite is None else Rewrite(rewrite, 5000))


def plain_check(*findings: Finding, **changes: Any) -> BioCheck:
    """Return the check of a short bio."""
    review = BioReview(CONTENT.rubric.places["x"], 160, 80, "", findings)
    made = BioCheck(review, AiState.OFF, False, None, "https://help.example", strict=False, low_profile=False)
    return replace(made, **changes)


def message_check_views() -> Views:
    """Yield the cards of a first message."""
    rubric, longest = CONTENT.message_rubric, Finding("M03", words(120))
    review = BioReview(MESSAGE, 120, 84, "", ())
    good = MessageCheck(review, AiState.OFF, sent=False, support=None, help_lines="https://help.example")
    long = Finding("M01", words(120), {"n": "400", "over": "280", "limit": "120"})
    phone = Finding("M04", words(120), {"what": "a messenger contact"})
    found = (phone, replace(phone, quote="+44 113 496 0000"), longest, long, Finding("M02"))
    full = replace(good, review=replace(review, findings=found), ai=AiState.AGREED, support=label(200))
    kinds = CRITERIA[Subject.MESSAGE]
    notes = tuple(AiNote(one, Verdict.IMPROVE, words(LINE_LIMIT), words(LONGEST_ADVICE)) for one in kinds)
    short = tuple(AiNote(one, Verdict.STRONG, "", "It speaks of their talk.") for one in kinds)
    yield "message with nothing to mend", message_check.reviewed(good, rubric, OWNER)
    yield "message with more than three points", message_check.reviewed(full, rubric, OWNER)
    asks = replace(good, review=replace(review, support_first=True))
    yield "message that asks for help", message_check.reviewed(asks, rubric, OWNER)
    yield "message on the way", message_check.on_the_way(full, rubric, OWNER)
    for name, answer in {
        "notes": Critique(AiOutcome.OK, short),
        "notes in a file": Critique(AiOutcome.OK, notes),
        "no notes": Critique(AiOutcome.REFUSED),
    }.items():
        yield f"message, {name}", message_check.with_notes(full, answer, rubric, OWNER)[0]
    starters = CONTENT.network.starters
    yield "message, ways to begin", message_check.starters(starters, OWNER)
    yield "message, words to begin", message_check.starter(starters["twenty_minutes"], OWNER)


def bio_views() -> Views:
    start = BioStart(AiState.UNDECIDED, None, strict=True, low_profile=True)
    offer = AiOffer(AiState.UNDECIDED, "a" * 255, label(200))
    yield "AI notice", ai_notes.notice(offer, OWNER, "bio", LONG_ID)
    yield "AI notice without a form", ai_notes.notice(replace(offer, host="localhost", host_note=None), OWNER)
    yield "AI agreed", ai_notes.decided(agree=True)
    yield "AI declined", ai_notes.decided(agree=False)
    yield "AI switched off", ai_notes.switched_off()
    yield "AI notes reported", ai_notes.reported()
    yield "bio reviewed", bios.reviewed(CHECK, RUBRIC, OWNER)
    yield "bio on the way", bios.on_the_way(CHECK, RUBRIC, OWNER)
    yield "bio questions", bios.questions(start, RUBRIC)
    guru = [Finding("B07", f"guru {number}") for number in range(5)]
    found = (Finding("B09", "a@b.example", {"what": "an e-mail address"}), Finding("B07", "guru"))
    invite = (Finding("B09", "discord.gg/a", {"what": "an invite link"}), Finding("B25", "discord.gg/a"))
    many = (Finding("B25", "@here"), *guru, Finding("B12", "x", {"n": "5"}), Finding("B02"))
    helped = plain_check(support="Counselling, Mon–Fri 9–16")
    for name, value in {
        "with two points": plain_check(*found),
        "with more than three points": plain_check(*many),
        "with the same words for two rules": plain_check(*invite),
        "with a quote of several lines": plain_check(Finding("B13", "WHY\n# \u202eNOT\u200f\n\n> now")),
        "with nothing to mend": plain_check(),
        "in a strict profession": plain_check(strict=True),
        "with a low profile": plain_check(low_profile=True),
        "checked again": plain_check(change=BioChange(("a phone number",), 171)),
        "checked again, unchanged": plain_check(change=BioChange((), 171)),
        "that asks for help": replace(helped, review=replace(helped.review, support_first=True)),
    }.items():
        yield f"bio {name}", bios.reviewed(value, CONTENT.rubric, OWNER)
    for outcome in AiOutcome:
        asked = bios.Asked(plain_check(), Critique(outcome), True)
        yield f"bio, AI {outcome}", bios.with_notes(asked, CONTENT.rubric, OWNER)[0]
    for name, answer in {
        "notes": critique(rewrite=None),
        "notes and a rewrite": critique(rewrite=words(5000)),
        "short notes and a long rewrite": critique(8, words(3000), 8),
    }.items():
        yield f"bio, {name}", bios.with_notes(bios.Asked(CHECK, answer, True), RUBRIC, OWNER)[0]
    yield "bio, notes that fit", bios.with_notes(bios.Asked(plain_check(), critique(8), True), CONTENT.rubric, OWNER)[0]
    rows = [Checked(DAY, LONG_ID, RULE_IDS)] * BIO_HISTORY
    yield "bio history", bios.history(rows, RUBRIC, start, OWNER)
    yield "no bio history", bios.history([], RUBRIC, replace(start, ai=AiState.OFF), OWNER)
    rows = [Checked(DAY, "myspace", ("B01", "B99")), Checked(DAY, "x", ("B09", "B01", "B07", "B11", "B12"))]
    yield "bio history of a lost place", bios.history(rows, CONTENT.rubric, replace(start, ai=AiState.AGREED), OWNER)
    calls = {AiOutcome.OK: 7, AiOutcome.BUSY: 2, AiOutcome.TIMEOUT: 2}
    for name, usage in {
        "off": AiUsage(True, False, {}, None, {}),
        "none": AiUsage(False, False, {}, None, {}),
        "on": AiUsage(True, True, dict.fromkeys(AiOutcome, 10_000), AiOutcome.CONFIG, dict.fromkeys(AiReport, 1000)),
        "little used": AiUsage(True, True, calls, None, {AiReport.UNKIND: 1, AiReport.WRONG: 0}),
    }.items():
        yield f"status, AI {name}", course.status(STATUS, OWNER, *ai_notes.for_staff(usage, OWNER))


# The end of a course


def closing_views() -> Views:
    closed = replace(COHORT, closed_at=LATE, retention_days=365)
    ending = CourseEnding(closed, 10_000, date(2027, 9, 29))
    wish = DigestWish(closed, wanted=True, next_at=LATE, sample="x" * DIGEST_LIMIT)
    yield "digest", closing.digest(wish, OWNER)
    yield "digest not wanted", closing.digest(replace(wish, wanted=False, next_at=None), OWNER)
    yield "digest stopped", closing.digest_stopped()
    yield "course to close", closing.ending(ending, OWNER)
    yield "course closed", closing.closed(ending)
    yield "status with digests", course.status(replace(STATUS, digests=99, next_snapshot=LATE, last=closed), OWNER)
    erased = replace(closed, erased_at=LATE, erased_members=10_000)
    yield "status of an erased course", course.status(replace(STATUS, cohort=closed, last=erased, notes=None), OWNER)


def forms() -> Iterator[tuple[str, discord.ui.Modal]]:
    yield "details", course.details(COHORT, OWNER)
    yield "week of the plan", course_plan.week_form(COHORT, DAY, PLANNED_WEEK, {kind.id: kind for kind in KINDS}, OWNER)
    yield "first week of the plan", course_plan.week_form(COHORT, DAY, None, {kind.id: kind for kind in KINDS}, OWNER)
    yield "plan as a file", course_plan.file_form(OWNER)
    yield (
        "instead of the bot",
        course_plan.counting_form(replace(COHORT, otherwise=words(OTHERWISE_LIMIT)), "setup", OWNER),
    )
    yield "focus", focus.form(FOCUS, TRACKS, OWNER)
    yield "first focus", focus.form(None, TRACKS, OWNER)
    longest = replace(DRAFT, ends=GoalId(2**63 - 1))
    yield "wish", goals.wish_form(TYPES, longest, TEMPLATE, UserId(2**64 - 1))
    yield "wish again", goals.wish_form(TYPES, DRAFT, TEMPLATE, OWNER, goes_on=True)
    yield "first wish", goals.wish_form(TYPES, UnfinishedGoal(Beginning.ALONE, type=TYPE.id), None, OWNER)
    words_of = OBSTACLES[Obstacle.NOT_READY]
    yield "plan", goals.plan_form(PlanQuestion(DRAFT, label(PLAN_LIMIT), Obstacle.NOT_READY, words_of), OWNER)
    unplanned = UnfinishedGoal(Beginning.ALONE)
    yield "first plan", goals.plan_form(PlanQuestion(unplanned, label(PLAN_LIMIT), Obstacle.NOT_READY, words_of), OWNER)
    yield "reflection", goals.reflect_form(GOAL, OWNER)
    yield "obstacle again", goals.obstacle_form(GOAL, Obstacle.NERVES, OBSTACLES, OWNER)
    yield "line", log.line_form(OWNER)
    yield "line to hand in", week.line_form(WEEK, MemberStep(COURSE_WEEK, StepState.DONE, "x" * HAND_IN_LIMIT), OWNER)
    yield "message", messages.form(MemberList("no_goal_yet", BIG), "x" * MESSAGE_LIMIT, OWNER)
    yield "answer", feedback.answer(COHORT, "https://findahelpline.com", OWNER)
    yield "student number", student_numbers.form(StudentNumber(COHORT, "*" * NUMBER_LIMIT), OWNER)
    people = [replace(CONTACT, id=ContactId(10**18 - number)) for number in range(60)]
    yield "entry", log.edit_form(Editing(ACTION, KINDS, people), OWNER)
    numbered = [(number, replace(WEEK_OF_PLAN, id=WeekId(number))) for number in range(1, 54)]
    yield "gradebook, what counts", gradebook.form(Question(COHORT, numbered, DAY), CountingRule(1, 53, DAY, 53), OWNER)
    yield from more_forms()


def more_forms() -> Iterator[tuple[str, discord.ui.Modal]]:
    yield "person", network.person_form(NETWORK_WORDS, OWNER)
    yield "person to edit", network.edit_form(PERSON, NETWORK_WORDS, OWNER)
    yield "space", network.space_form(OWNER)
    own = NudgeSettings(COHORT, ENROLMENT, DAY, over=False, dm_closed=False)
    yield "when the note comes", nudges.when_form(own, OWNER)
    yield "alert", network.alert_form(words(ALERT_WORD_LIMIT), OWNER)
    yield "first alert", network.alert_form(None, OWNER)
    done = ActionDraft(None, words(NOTE_LIMIT), MOST_MINUTES, Outcome.NOTHING_YET, CONTACT.id)
    yield "contacted", network.contacted_form(CHOICES, done, OWNER)
    yield "contacted, nothing said", network.contacted_form(CHOICES, ActionDraft(), OWNER)
    yield "opportunity", opportunities.form(ONE, OWNER)
    yield "first opportunity", opportunities.form(None, OWNER)
    yield "feedback", feedback.form(COHORT, "https://findahelpline.com", OWNER)
    entry = Entry(PortfolioEntryId(10**18), PortfolioKind.BIO_AFTER, "bio", "x" * BIO_LIMIT, True, DAY)
    yield "portfolio entry", portfolio.reword_form(entry, OWNER)
    outcome = LearningOutcome("outcome", words(60), words(100))
    yield "portfolio sentence", portfolio.sentence_form(Portfolio("PLN", (DAY, DAY), DAY), outcome, OWNER)
    held = Portfolio("PLN", (DAY, DAY), DAY, entries=(entry,))
    yield "portfolio bio", portfolio.bio_form(held, PortfolioKind.BIO_AFTER, OWNER)
    yield "bio to keep in the portfolio", portfolio.bio_form(None, None, OWNER, beside=True)
    for ai in AiState:
        yield f"bio, AI {ai}", bios.form(RUBRIC.places[LONG_ID], ai, OWNER)
    for ai in AiState:
        yield f"message, AI {ai}", message_check.form(ai, OWNER)
    yield "message all the same", message_check.form(AiState.AGREED, OWNER, all_the_same=True)
    yield "bio all the same", bios.form(CONTENT.rubric.places["x"], AiState.AGREED, OWNER, all_the_same=True)
