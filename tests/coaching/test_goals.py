"""Goals: what a wish and a plan may hold, hints for a plan, and a goal through its weeks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.errors import (
    BadNumber,
    Refusal,
    TargetOverCap,
    TextMissing,
    TextTooLong,
    UnfinishedPlan,
    UnknownKind,
    UnknownTemplate,
)
from bot.coaching.goals import (
    Beginning,
    Goal,
    GoalDraft,
    GoalEnding,
    Obstacle,
    PlanHint,
    UnfinishedGoal,
    checked_plan,
    checked_wish,
    finished,
    in_focus,
    in_term,
    is_vague,
    plan_hints,
    planned_kind,
    proposed_plan,
)
from bot.coaching.ids import GoalId
from prompts import load_content
from tests.coaching.words import VERBS, VOCABULARY

START = date(2027, 2, 15)
GOAL = Goal(GoalId(1), "connect", "Talk with one nurse a week", 2, "If it is Tuesday, then I will reply", 6, START)
DRAFT = UnfinishedGoal(
    Beginning.ALONE,
    "health",
    "connect",
    "Talk with one nurse a week",
    "A first placement",
    2,
    6,
    Obstacle.NERVES,
    "If it is Tuesday, then I will reply to a post",
    "If I think “not ready”, then I will ask one question",
    "Read one post",
    30,
    GoalId(7),
    GoalEnding.DEEPENED,
)


# Wish and plan


def test_wish_keeps_everything_and_cleans_its_texts() -> None:
    draft = replace(DRAFT, title="  Talk with\none nurse  a week ", outcome=" A first\tplacement")
    assert checked_wish(draft, VOCABULARY) == DRAFT
    assert checked_wish(replace(DRAFT, outcome=" "), VOCABULARY) == replace(DRAFT, outcome=None)
    no_plan = UnfinishedGoal(Beginning.ALONE, type="connect", title="Talk", target=1, weeks=4)
    assert checked_wish(no_plan, VOCABULARY) == no_plan


def test_plan_keeps_everything_and_cleans_its_texts() -> None:
    draft = replace(DRAFT, if_then=" If it is Tuesday,\nthen I will reply to a  post", tiny=" Read one post")
    assert checked_plan(draft) == DRAFT
    bare = replace(DRAFT, obstacle_plan=None, tiny=None, box_minutes=None)
    assert checked_plan(replace(bare, obstacle_plan=" ", tiny="\n")) == bare
    assert checked_plan(replace(DRAFT, if_then="On Tuesdays I reply")).if_then == "On Tuesdays I reply"


@pytest.mark.parametrize(
    ("changes", "refusal", "names"),
    [
        ({"type": "fame"}, UnknownTemplate, "fame"),
        ({"type": None}, UnknownTemplate, "/goal new"),
        ({"target": 0}, TargetOverCap, "1 to 5"),
        ({"target": 6}, TargetOverCap, "1 to 5"),
        ({"target": None}, TargetOverCap, "1 to 5"),
        ({"weeks": 3}, BadNumber, "from 4 to 8"),
        ({"weeks": 9}, BadNumber, "from 4 to 8"),
        ({"weeks": None}, BadNumber, "from 4 to 8"),
        ({"title": None}, TextMissing, "The goal"),
        ({"title": "t" * 101}, TextTooLong, "The goal has 101 characters; 100 fit"),
        ({"outcome": "o" * 141}, TextTooLong, "The best thing about it has 141 characters; 140 fit"),
        ({"if_then": None}, TextMissing, "The plan is empty"),
        ({"if_then": "p" * 141}, TextTooLong, "The plan has 141 characters; 140 fit"),
        ({"obstacle_plan": "p" * 141}, TextTooLong, "The plan for the obstacle has 141 characters; 140 fit"),
        ({"tiny": "t" * 81}, TextTooLong, "The five-minute version has 81 characters; 80 fit"),
        ({"box_minutes": 14}, BadNumber, "from 15 to 90"),
        ({"box_minutes": 91}, BadNumber, "from 15 to 90"),
    ],
)
def test_wish_or_plan_is_refused_with_what_to_change(
    changes: dict[str, object], refusal: type[Refusal], names: str
) -> None:
    draft: UnfinishedGoal = replace(DRAFT, **changes)  # pyright: ignore[reportArgumentType]
    with pytest.raises(refusal, match=names):
        checked_plan(checked_wish(draft, VOCABULARY))


def test_finished_conversation_is_the_goal_that_was_described() -> None:
    bare = UnfinishedGoal(Beginning.ALONE, type="learn", title="Read", target=1, weeks=4, if_then="On Mondays")
    assert finished(bare) == GoalDraft("learn", "Read", 1, "On Mondays", 4)
    goal = finished(DRAFT)
    assert (goal.outcome, goal.obstacle, goal.tiny, goal.box_minutes) == (
        DRAFT.outcome,
        DRAFT.obstacle,
        DRAFT.tiny,
        DRAFT.box_minutes,
    )


@pytest.mark.parametrize("missing", ["type", "title", "target", "weeks", "if_then"])
def test_unfinished_conversation_cannot_be_confirmed(missing: str) -> None:
    for draft in (None, replace(DRAFT, **{missing: None})):
        with pytest.raises(UnfinishedPlan):
            finished(draft)


def test_packaged_starter_goals_and_obstacle_plans_lack_nothing() -> None:
    vocabulary = load_content().vocabulary
    for template in vocabulary.templates.values():
        draft = UnfinishedGoal(
            Beginning.ALONE,
            template.id,
            template.type,
            template.goal,
            target=template.target,
            weeks=template.weeks,
            if_then=template.if_then,
        )
        assert checked_plan(checked_wish(draft, vocabulary)) == draft
        assert plan_hints(template.if_then, vocabulary.verbs) == ()
        assert not is_vague(template.goal, vocabulary)
        assert planned_kind(goal_with(template.if_then, template.type), vocabulary) is not None
    plans = {obstacle: plan_hints(words.plan, vocabulary.verbs) for obstacle, words in vocabulary.obstacles.items()}
    assert plans == dict.fromkeys(Obstacle, ())


# Hints for a plan

NO_FORM = """|I will reply|On Tuesdays I reply to one post|If it is Tuesday, I reply|If it is Tuesday, then reply
If it is Tuesday, then I would reply|When it is Tuesday, then I will reply|Iffy, then I will go|If then I will go
If so, then I will|Wenn Dienstag ist, dann antworte ich auf einen Beitrag|Si c’est mardi, alors je répondrai
如果是星期二，我就回复一个帖子"""
CUES = """it is Tuesday after my skills lab|I finish Thursday's seminar|it is Wednesday at 18:00 and I am at my desk
I have my Monday coffee|I export a draft on Friday|my reply starts with “on my placement”|I think “I know too little”
the timer rings at 20 minutes|it feels fake|a week passes with no answer|it is the weekend|IT IS NOON|it is 9:00
it is 7 am|it is 7pm|it is 18h|it is 6 p.m.|it is 18.30|it is 17h30|it is 6 o’clock|I sit on the bus
I get home on the train|my night shift is over|dinner is done|my morning lecture ends|I close my laptop|I open the app
I reach ten replies|I finish the first draft|I have saved ten notes|I have 10 replies|two people have answered
somebody answers me after a week|my phone rings"""
VAGUE = """I have time|I can|possible|I am in the mood|I want to|I remember|nothing else is on|I feel like it
I think of it|I think I have time"""
NO_ACTS = "network more|be more active|try harder|not open the app|really reply|replying|…|回复"


def listed(lines: str) -> list[str]:
    return lines.replace("\n", "|").split("|")


@pytest.mark.parametrize("plan", listed(NO_FORM))
def test_plan_without_the_form_gets_that_hint_alone(plan: str) -> None:
    assert plan_hints(plan, VERBS) == (PlanHint.FORM,)


@pytest.mark.parametrize(
    "plan",
    ["if I finish class then I will reply", "IF the timer rings, THEN I'LL reply", " If it is noon, then I’ll read. "],
)
def test_form_is_recognised_in_every_usual_spelling(plan: str) -> None:
    assert plan_hints(plan, VERBS) == ()


@pytest.mark.parametrize("cue", listed(CUES))
def test_moment_that_can_be_noticed_is_a_cue(cue: str) -> None:
    assert plan_hints(f"If {cue}, then I will reply to one post", VERBS) == ()


@pytest.mark.parametrize("cue", listed(VAGUE))
def test_mood_or_spare_time_is_no_cue(cue: str) -> None:
    assert plan_hints(f"If {cue}, then I will reply to one post", VERBS) == (PlanHint.CUE,)


@pytest.mark.parametrize("act", listed(NO_ACTS))
def test_resolution_is_no_act(act: str) -> None:
    assert plan_hints(f"If it is Monday, then I will {act}", VERBS) == (PlanHint.ACT,)
    assert plan_hints(f"If I have time, then I will {act}", VERBS) == (PlanHint.CUE, PlanHint.ACT)


@given(st.text(max_size=140) | st.from_regex(r"If .{0,40}, then I will .{0,40}"))
def test_any_plan_gets_each_hint_once_and_the_form_alone(plan: str) -> None:
    hints = plan_hints(plan, VERBS)
    assert PlanHint.FORM not in hints or hints == (PlanHint.FORM,)
    assert plan_hints(f"  {plan}\n", VERBS) == hints


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_known_verb_is_an_act_in_either_case(verb: str) -> None:
    for spelling in (verb, verb.title()):
        assert plan_hints(f"If it is Monday, then I will {spelling} one line", VERBS) == ()
    assert plan_hints(f"If it is Monday, then I will {verb} one line", VERBS - {verb}) == (PlanHint.ACT,)


# A goal through its weeks


@given(st.integers(-30, 120))
def test_goal_is_in_one_of_its_weeks_and_then_over(days: int) -> None:
    today = START + timedelta(days=days)
    assert GOAL.ends_on == START + timedelta(weeks=6)
    assert 1 <= GOAL.week(today) <= GOAL.weeks
    assert GOAL.over(today) == (days >= 42)
    if 0 <= days < 42:
        assert START + timedelta(weeks=GOAL.week(today) - 1) <= today < START + timedelta(weeks=GOAL.week(today))


@given(st.integers(-20, 80), st.integers(0, 40))
def test_no_day_of_a_goal_lies_after_the_course(days: int, rested: int) -> None:
    term_ends = START + timedelta(days=days)
    whole = replace(GOAL, paused_days=rested)
    goal = in_term(whole, term_ends)
    if days < 0:
        assert goal == whole
        return
    assert goal.last_day == min(whole.last_day, term_ends)
    assert goal.ends_with_term == (goal.last_day == term_ends)
    assert goal.week(goal.last_day) == goal.weeks


@given(st.integers(0, 41), st.integers(0, 120))
def test_paused_goal_is_never_over_and_its_weeks_wait(paused: int, days: int) -> None:
    on = START + timedelta(days=paused)
    goal = replace(GOAL, paused_on=on)
    assert not goal.over(on + timedelta(days=days))
    assert goal.week(on + timedelta(days=days)) == GOAL.week(on)


def test_notes_are_about_the_oldest_goal_that_is_not_paused() -> None:
    older, newer = GOAL, replace(GOAL, id=GoalId(2), starts_on=START + timedelta(days=7))
    paused = replace(older, paused_on=START)
    assert in_focus([]) is None
    assert in_focus([older, newer]) is older
    assert in_focus([paused, newer]) is newer
    assert in_focus([paused]) is None


# The vocabulary


def test_a_bare_link_counts_toward_no_type() -> None:
    assert not any("share_link" in goal_type.counted_actions for goal_type in load_content().vocabulary.types.values())


# What follows from the kind, the field and the plan

PACKAGED = load_content().vocabulary


def goal_with(plan: str, goal_type: str) -> Goal:
    return replace(GOAL, type=goal_type, if_then=plan)


@pytest.mark.parametrize(
    ("goal_type", "plan", "kind"),
    [
        ("connect", "If it is Monday, then I will reply to one post.", "reply"),
        ("connect", "If it is Monday, then I'll ask one question.", "ask"),
        ("opportunity", "If it is Monday, then I will ask someone for 15 minutes.", "invite"),
        ("connect", "If it is Monday, then I will read one post and reply to it.", "reply"),
        ("connect", "On Mondays I comment on one thread", "reply"),
        ("contribute", "If it is Monday, then I will save one idea with a note and thank its author.", "thank"),
        ("visible", "If it is Monday, then I will post one frame.", "post_work"),
        ("contribute", "If it is Monday, then I will share one paper.", "credit"),
        ("visible", "If it is Monday, then I will share one sketch.", "post_work"),
        # What the goal does not count is logged all the same: it is what the plan says.
        ("connect", "If it is Monday, then I will read one post.", "note"),
        ("connect", "If it is Monday, then I will be brave.", None),
        ("connect", "如果是星期二，我就回复一个帖子", None),
    ],
)
def test_verb_of_the_plan_says_which_kind_it_is(goal_type: str, plan: str, kind: str | None) -> None:
    assert planned_kind(goal_with(plan, goal_type), PACKAGED) == kind


@pytest.mark.parametrize("goal_type", sorted(PACKAGED.types))
@pytest.mark.parametrize(("target", "every", "day"), [(1, 2, "every second Tuesday"), (1, 1, "Tuesday"), (4, 1, "any")])
def test_proposed_plan_names_rhythm_and_field_and_an_act_that_counts(
    goal_type: str, target: int, every: int, day: str
) -> None:
    chosen = PACKAGED.types[goal_type]
    plan = proposed_plan(chosen, target, every, "community nursing")
    assert day in plan
    assert "community nursing" in plan
    assert plan_hints(plan, PACKAGED.verbs) == ()
    assert planned_kind(goal_with(plan, goal_type), PACKAGED) in chosen.counted_actions
    assert "my field" in proposed_plan(chosen, target, every, None)


VAGUE_WISHES = """get better at LinkedIn|LinkedIn|Networking|A job|improve my network|be more active online
Get a better career|become known in data analytics|grow my presence"""
CLEAR_WISHES = """Talk with one nurse a week|ask two people about night shifts|improve my portfolio|Find a mentor
get better at asking questions|Have more conversations with alumni|2 better notes|Learn what a first year is really like
和护士交谈|Be more active in the forum of rail engineers|Meet teachers"""


@pytest.mark.parametrize(
    ("wish", "vague"), [(one, True) for one in listed(VAGUE_WISHES)] + [(one, False) for one in listed(CLEAR_WISHES)]
)
def test_wish_without_person_thing_or_act_is_vague(wish: str, vague: bool) -> None:
    assert is_vague(wish, PACKAGED) == vague


def test_goal_for_every_two_weeks_wants_half_as_much() -> None:
    assert (GOAL.wanted, replace(GOAL, target=1, every_weeks=2).wanted) == (12, 3)
    with pytest.raises(TargetOverCap):
        checked_wish(replace(DRAFT, every_weeks=3), VOCABULARY)


def test_unknown_kind_or_template_is_refused_by_name() -> None:
    with pytest.raises(UnknownKind, match="dancing"):
        VOCABULARY.kind("dancing")
    with pytest.raises(UnknownTemplate, match="piracy"):
        VOCABULARY.template("piracy")
