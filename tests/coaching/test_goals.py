from dataclasses import fields, replace
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
    Ending,
    Goal,
    GoalDraft,
    Obstacle,
    PlanHint,
    UnfinishedGoal,
    checked_plan,
    checked_wish,
    counts,
    finished,
    in_focus,
    in_term,
    is_if_then,
    plan_hints,
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
    Ending.DEEPENED,
)


# The wish


def test_a_good_wish_is_kept_with_its_texts_on_one_line_and_everything_else_as_it_was() -> None:
    draft = replace(DRAFT, title="  Talk with\none nurse  a week ", outcome=" A first\tplacement")
    assert checked_wish(draft, VOCABULARY) == DRAFT
    assert checked_wish(replace(DRAFT, outcome=" "), VOCABULARY) == replace(DRAFT, outcome=None)


def test_a_wish_needs_no_plan_yet() -> None:
    wish = UnfinishedGoal(Beginning.ALONE, type="connect", title="Talk", target=1, weeks=4)
    assert checked_wish(wish, VOCABULARY) == wish


@pytest.mark.parametrize(
    ("draft", "refusal", "names"),
    [
        (replace(DRAFT, type="fame"), UnknownTemplate, "fame"),
        (replace(DRAFT, type=None), UnknownTemplate, "/goal new"),
        (replace(DRAFT, target=0), TargetOverCap, "1 to 5"),
        (replace(DRAFT, target=6), TargetOverCap, "1 to 5"),
        (replace(DRAFT, target=None), TargetOverCap, "1 to 5"),
        (replace(DRAFT, weeks=3), BadNumber, "from 4 to 8"),
        (replace(DRAFT, weeks=9), BadNumber, "from 4 to 8"),
        (replace(DRAFT, weeks=None), BadNumber, "from 4 to 8"),
        (replace(DRAFT, title=" "), TextMissing, "The goal"),
        (replace(DRAFT, title=None), TextMissing, "The goal"),
        (replace(DRAFT, title="t" * 101), TextTooLong, "The goal has 101 characters; 100 fit"),
        (replace(DRAFT, outcome="o" * 141), TextTooLong, "The best thing about it has 141 characters; 140 fit"),
    ],
)
def test_a_wish_with_a_fault_is_refused_with_what_to_change(
    draft: UnfinishedGoal, refusal: type[Refusal], names: str
) -> None:
    with pytest.raises(refusal, match=names):
        checked_wish(draft, VOCABULARY)


@given(st.integers(-3, 20), st.sampled_from(list(VOCABULARY.types)))
def test_a_target_is_taken_from_one_up_to_what_its_type_holds(target: int, type_id: str) -> None:
    draft = replace(DRAFT, type=type_id, target=target)
    if 1 <= target <= VOCABULARY.types[type_id].max_per_week:
        assert checked_wish(draft, VOCABULARY).target == target
    else:
        with pytest.raises(TargetOverCap):
            checked_wish(draft, VOCABULARY)


# The plan


def test_a_good_plan_is_kept_with_its_lines_cleaned_and_everything_else_as_it_was() -> None:
    draft = replace(
        DRAFT,
        if_then=" If it is Tuesday,\nthen I will reply to a  post",
        obstacle_plan="If I think “not ready”, then I will ask one question ",
        tiny=" Read one post",
    )
    assert checked_plan(draft) == DRAFT


def test_a_plan_needs_neither_a_second_line_nor_a_small_version_nor_a_box() -> None:
    bare = replace(DRAFT, obstacle_plan=None, tiny=None, box_minutes=None)
    assert checked_plan(replace(bare, obstacle_plan=" ", tiny="\n")) == bare


def test_a_plan_that_is_no_if_then_is_not_refused() -> None:
    assert checked_plan(replace(DRAFT, if_then="On Tuesdays I reply")).if_then == "On Tuesdays I reply"


@pytest.mark.parametrize(
    ("draft", "refusal", "names"),
    [
        (replace(DRAFT, if_then=""), TextMissing, "The plan is empty"),
        (replace(DRAFT, if_then=None), TextMissing, "The plan is empty"),
        (replace(DRAFT, if_then="p" * 141), TextTooLong, "The plan has 141 characters; 140 fit"),
        (replace(DRAFT, obstacle_plan="p" * 141), TextTooLong, "The plan for the obstacle has 141 characters; 140 fit"),
        (replace(DRAFT, tiny="t" * 81), TextTooLong, "The five-minute version has 81 characters; 80 fit"),
    ],
)
def test_a_plan_with_a_fault_is_refused_with_what_to_change(
    draft: UnfinishedGoal, refusal: type[Refusal], names: str
) -> None:
    with pytest.raises(refusal, match=names):
        checked_plan(draft)


@given(st.integers(-5, 200) | st.sampled_from([14, 15, 90, 91]))
def test_a_time_box_holds_fifteen_to_ninety_minutes(minutes: int) -> None:
    draft = replace(DRAFT, box_minutes=minutes)
    if 15 <= minutes <= 90:
        assert checked_plan(draft) == draft
    else:
        with pytest.raises(BadNumber, match="from 15 to 90"):
            checked_plan(draft)


# What the conversation has led to


def test_a_finished_conversation_is_the_goal_that_was_said() -> None:
    goal = finished(DRAFT)
    assert all(getattr(goal, field.name) == getattr(DRAFT, field.name) for field in fields(GoalDraft))


def test_a_goal_needs_its_wish_and_its_plan_and_nothing_more() -> None:
    bare = UnfinishedGoal(Beginning.ALONE, type="learn", title="Read", target=1, weeks=4, if_then="On Mondays")
    assert finished(bare) == GoalDraft("learn", "Read", 1, "On Mondays", 4)


@pytest.mark.parametrize("missing", ["type", "title", "target", "weeks", "if_then"])
def test_a_conversation_with_something_missing_is_not_waiting_to_be_confirmed(missing: str) -> None:
    with pytest.raises(UnfinishedPlan):
        finished(replace(DRAFT, **{missing: None}))


def test_no_conversation_is_none_to_confirm() -> None:
    with pytest.raises(UnfinishedPlan):
        finished(None)


def test_every_starter_goal_and_both_its_lines_pass_as_they_stand() -> None:
    vocabulary = load_content().vocabulary
    for one in vocabulary.templates.values():
        draft = UnfinishedGoal(
            Beginning.ALONE,
            one.id,
            one.type,
            one.goal,
            target=one.target,
            weeks=one.weeks,
            if_then=one.if_then,
            obstacle_plan=one.obstacle_plan,
        )
        assert checked_plan(checked_wish(draft, vocabulary)) == draft
        assert finished(draft).title == one.goal
        assert plan_hints(one.if_then, vocabulary.verbs) == ()
        assert plan_hints(one.obstacle_plan, vocabulary.verbs) == ()


def test_every_line_that_answers_an_obstacle_is_a_plan_without_a_fault() -> None:
    vocabulary = load_content().vocabulary
    hints = {one: plan_hints(words.plan, vocabulary.verbs) for one, words in vocabulary.obstacles.items()}
    assert hints == dict.fromkeys(Obstacle, ())


# What would make a plan easier to keep


@pytest.mark.parametrize(
    "plan",
    [
        "If it is Tuesday, then I will reply",
        "if I finish class then I will reply",
        "IF the timer rings, THEN I'LL close the app",
        "If the timer rings, then I’ll close the app",
        "  If it is noon, then I will read one post.  ",
    ],
)
def test_an_if_then_plan_is_recognised(plan: str) -> None:
    assert is_if_then(plan)


NO_FORM = [
    "",
    "I will reply",
    "On Tuesdays I reply to one post",
    "If it is Tuesday, I reply",
    "If it is Tuesday, then reply",
    "If it is Tuesday, then I would reply",
    "When it is Tuesday, then I will reply",
    "Iffy, then I will go",
    "If then I will go",
    "If so, then I will",
    "Then I will, if so",
    # Other languages.
    "Wenn Dienstag ist, dann antworte ich auf einen Beitrag",
    "Si es martes a las 18:00, entonces responderé a una pregunta",
    "Si c’est mardi, alors je répondrai à une question",
    "Se è martedì, allora risponderò a una domanda",
    "如果是星期二，我就回复一个帖子",
]


@pytest.mark.parametrize("plan", NO_FORM)
def test_anything_else_is_not_an_if_then_plan_and_is_told_the_form_alone(plan: str) -> None:
    assert not is_if_then(plan)
    assert plan_hints(plan, VERBS) == (PlanHint.FORM,)


@pytest.mark.parametrize(
    "plan",
    [
        # The starter goals of the method.
        "If it is Tuesday after my skills lab, then I will reply to one nurse educator's post with a question.",
        "If I finish Thursday's seminar, then I will save one idea with a note and thank its author.",
        "If it is Wednesday at 18:00 and I am at my desk, then I will answer or improve one beginner question.",
        "If I have my Monday coffee, then I will comment on one post with an example of my own.",
        "If I export a draft on Friday, then I will post one frame with a question and comment on two others' work.",
        "If it is Sunday at 17:00, then I will send one short request to an alum and log it.",
        "If my reply starts with “on my placement”, then I will delete that part and ask about a paper instead.",
        "If the timer rings at 20 minutes, then I will close the app and plan the lesson.",
        "If I think “I know too little”, then I will improve one sentence of documentation.",
        "If it feels fake, then I will ask what they are learning at the moment, and share what I am learning.",
        "If I think “not ready”, then I will post a detail instead of the whole.",
        "If a week passes with no answer, then I will send one friendly second note, then choose the next person.",
        # Days, clocks, moments.
        "If it is Monday, then I will reply to one post",
        "If it is the weekend then I will read one thread",
        "IF IT IS NOON, THEN I WILL READ ONE POST",
        "If it is 9:00, then I’ll reply",
        "If it is 7 am, then I'll read one post",
        "If it is 7pm, then I will send one line",
        "If it is 18h, then I will send one line",
        "If I sit on the bus, then I will read one post",
        "If I get home on the train, then I will save one idea",
        "If my night shift is over, then I will answer one question",
        "If dinner is done, then I will comment once",
        "If my morning lecture ends, then I will ask one question",
        "If I close my laptop, then I will reply to Ana",
        "If I open the app, then I will reply before I scroll",
        # Milestones.
        "If I reach ten replies, then I will ask one person for 20 minutes",
        "If I finish the first draft, then I will post one part of it",
        # Events.
        "If somebody answers me after a week, then I will ask one question back",
        "If my phone rings, then I will close the app",
    ],
)
def test_a_plan_with_a_moment_and_an_act_lacks_nothing(plan: str) -> None:
    assert plan_hints(plan, VERBS) == ()


@pytest.mark.parametrize(
    "plan",
    [
        "If I have time, then I will reply to one post",
        "If I can, then I will reply to one post",
        "If possible, then I will reply to one post",
        "If I am in the mood, then I will reply to one post",
        "If I want to, then I will reply to one post",
        "If I remember, then I will reply to one post",
        "If nothing else is on, then I will reply to one post",
    ],
)
def test_a_plan_without_a_moment_to_notice_lacks_its_cue(plan: str) -> None:
    assert plan_hints(plan, VERBS) == (PlanHint.CUE,)


@pytest.mark.parametrize("cue", ["I feel like it", "I think of it", "I think I have time"])
def test_feeling_like_it_is_no_moment_to_notice(cue: str) -> None:
    assert plan_hints(f"If {cue}, then I will reply to one post", VERBS) == (PlanHint.CUE,)


@pytest.mark.parametrize("clock", ["6 p.m.", "6:30 p.m.", "18.30", "17h30", "6 o’clock", "six o'clock"])
def test_a_clock_time_is_a_cue_in_every_usual_spelling(clock: str) -> None:
    assert plan_hints(f"If it is {clock}, then I will reply to one post", VERBS) == ()


@pytest.mark.parametrize("milestone", ["I have saved ten notes", "I have 10 replies", "two people have answered"])
def test_a_number_that_was_reached_is_a_milestone_in_other_words_too(milestone: str) -> None:
    assert plan_hints(f"If {milestone}, then I will ask one person for 20 minutes", VERBS) == ()


@pytest.mark.parametrize(
    "plan",
    [
        "If it is Monday, then I will network more",
        "If it is Monday, then I will be more active",
        "If it is Monday, then I will try harder",
        "If it is Monday, then I will not open the app",
        "If it is Monday, then I will really reply",
        "If it is Monday, then I will replying",
        "If it is Monday, then I will …",
        "If it is Monday, then I will 回复",
    ],
)
def test_a_plan_without_an_act_that_can_be_done_lacks_its_act(plan: str) -> None:
    assert plan_hints(plan, VERBS) == (PlanHint.ACT,)


def test_a_plan_can_lack_both() -> None:
    assert plan_hints("If I have time, then I will network more", VERBS) == (PlanHint.CUE, PlanHint.ACT)


@given(st.text(max_size=140) | st.from_regex(r"If .{0,40}, then I will .{0,40}"))
def test_the_form_is_told_alone_and_exactly_when_it_is_missing(plan: str) -> None:
    hints = plan_hints(plan, VERBS)
    assert (hints == (PlanHint.FORM,)) == (not is_if_then(plan))
    assert PlanHint.FORM not in hints[1:]
    assert len(hints) == len(set(hints))
    assert plan_hints(f"  {plan}\n", VERBS) == hints


@given(st.sampled_from(["it is Monday", "I have time"]), st.sampled_from(sorted(VERBS)), st.booleans())
def test_every_known_verb_is_an_act_in_either_case(cue: str, verb: str, capital: bool) -> None:
    plan = f"If {cue}, then I will {verb.title() if capital else verb} one line"
    assert PlanHint.ACT not in plan_hints(plan, VERBS)
    assert PlanHint.ACT in plan_hints(plan, VERBS - {verb})


# A goal through its weeks


@given(st.integers(-30, 120))
def test_a_goal_is_in_one_of_its_weeks_and_over_when_they_are(days: int) -> None:
    today = START + timedelta(days=days)
    assert 1 <= GOAL.week(today) <= GOAL.weeks
    assert GOAL.over(today) == (days >= 42)
    if 0 <= days < 42:
        assert START + timedelta(weeks=GOAL.week(today) - 1) <= today < START + timedelta(weeks=GOAL.week(today))


def test_a_goal_ends_on_the_day_after_its_weeks() -> None:
    assert GOAL.ends_on == date(2027, 3, 29)


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
def test_a_goal_that_is_paused_is_never_over(paused: int, days: int) -> None:
    on = START + timedelta(days=paused)
    assert not replace(GOAL, paused_on=on).over(on + timedelta(days=days))


@given(st.integers(0, 41), st.integers(0, 120))
def test_the_weeks_of_a_goal_that_is_paused_stand_still(paused: int, days: int) -> None:
    on = START + timedelta(days=paused)
    assert replace(GOAL, paused_on=on).week(on + timedelta(days=days)) == GOAL.week(on)


def test_of_two_goals_the_older_is_spoken_of_and_a_paused_one_never() -> None:
    older, newer = GOAL, replace(GOAL, id=GoalId(2), starts_on=START + timedelta(days=7))
    resting = replace(older, paused_on=START)
    assert in_focus([]) is None
    assert in_focus([older, newer]) is older
    assert in_focus([resting, newer]) is newer
    assert in_focus([resting]) is None


# The vocabulary


@given(st.sampled_from(list(VOCABULARY.types)), st.sampled_from(list(VOCABULARY.kinds)))
def test_a_kind_counts_toward_a_goal_exactly_when_its_type_names_it(type_id: str, kind: str) -> None:
    goal_type = VOCABULARY.types[type_id]
    assert counts(goal_type, kind) == (kind in goal_type.counted_actions)


def test_sharing_a_bare_link_counts_toward_no_goal() -> None:
    assert not any(counts(goal_type, "share_link") for goal_type in load_content().vocabulary.types.values())


def test_an_unknown_kind_or_template_is_refused_by_name() -> None:
    with pytest.raises(UnknownKind, match="dancing"):
        VOCABULARY.kind("dancing")
    with pytest.raises(UnknownTemplate, match="piracy"):
        VOCABULARY.template("piracy")
