"""Cards about a member's goals."""

from collections.abc import Mapping, Sequence

import discord

from bot.coaching.goals import (
    DEFAULT_BOX,
    DEFAULT_WEEKS,
    FEWEST_WEEKS,
    LONGEST_BOX,
    MOST_RUNNING,
    MOST_WEEKS,
    OUTCOME_LIMIT,
    PLAN_LIMIT,
    REFLECTION_LIMIT,
    SHORTEST_BOX,
    TINY_LIMIT,
    TITLE_LIMIT,
    Beginning,
    Benefit,
    EndedGoal,
    Goal,
    GoalEnding,
    GoalType,
    Obstacle,
    ObstacleWords,
    PlanHint,
    Template,
    UnfinishedGoal,
    rate,
)
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.goals import Goals, GoalStart, GoalView, PlanQuestion, ReadBack, Review
from cogs.cards.shapes import (
    BLUE,
    GREEN,
    RED,
    Block,
    Button,
    Field,
    bar,
    button,
    card,
    cut,
    day_text,
    facts,
    form,
    option,
    select,
    times,
)

NO_TEMPLATE = "-"
OWN_TEMPLATE = "own"
"""In the custom id of a button that opens the form at once, with the starter of the member's profession if any."""
EVERY_TWO_WEEKS = 0
"""What the form's menu holds for a goal of once every two weeks, where another is for so many a week."""
BEGINNINGS = {"keep": Beginning.ALONE, "replace": Beginning.REPLACE, "beside": Beginning.BESIDE}
"""The words in the custom ids of buttons that lead to a new goal."""
CODES: Mapping[Beginning | GoalEnding, str] = {
    Beginning.ALONE: "a",
    Beginning.REPLACE: "r",
    Beginning.BESIDE: "b",
    GoalEnding.DEEPENED: "d",
    GoalEnding.CHANGED: "c",
}
"""One letter each, so that a form's custom id fits."""
BENEFITS = {
    Benefit.LEARNING: "I learned something",
    Benefit.NETWORKING: "I got to know somebody",
    Benefit.VISIBILITY: "My work was seen",
    Benefit.REPUTATION: "Somebody relies on what I give",
}
ENDINGS = {
    GoalEnding.KEPT: "kept going",
    GoalEnding.DEEPENED: "made deeper",
    GoalEnding.CHANGED: "changed for another",
    GoalEnding.STOPPED: "stopped",
    GoalEnding.REPLACED: "replaced",
}
THEN = {
    "replace": "When you confirm it, it takes the place of the goal that runs.",
    "beside": "When you confirm it, it runs beside the goal that you have.",
}
SHOWN_OF_REFLECTION = 60
"""Characters of the reflection on an earlier goal that are shown beside the running ones."""
HINTS = {
    PlanHint.FORM: "A plan that reads “If …, then I will …” is easier to keep",
    PlanHint.CUE: "A plan is easier to keep when its “if” is a moment you notice: a day, an hour, something just over",
    PlanHint.ACT: "A plan is easier to keep when it begins with one small act, such as reply, ask or write",
}


def begin(start: GoalStart, templates: Mapping[str, Template], how: str, owner: UserId) -> discord.ui.LayoutView:
    """Offer what a new goal may start from: the track's own starter, another one, nothing, or an unfinished one."""
    unfinished = start.unfinished if start.unfinished and start.unfinished.title else None
    others = [one for one in templates.values() if start.own is None or one.id != start.own.id]
    starters = [option(one.label, one.id, description=one.goal) for one in others]
    return card(
        "## A goal, in four short questions\nWish, result, obstacle, plan: four minutes. You may change it later.",
        THEN.get(how) if start.running else None,
        unfinished and f"You had begun: **{plain(unfinished.title or '')}**",
        start.own and _starter(start.own, start.who),
        [
            unfinished and button("Go on with it", "goal.resume", owner, how, style=GREEN),
            start.own and button("Start from this", "goal.begin", owner, start.own.id, how, style=BLUE),
            button("From scratch", "goal.begin", owner, NO_TEMPLATE, how),
        ],
        select("Start from an example", "goal.template", owner, starters, how) if starters else None,
    )


def _starter(template: Template, who: Sequence[str]) -> str:
    return (
        f"**{template.label}**: {template.goal}\n"
        f"-# Fields such as {template.focus}. Where: {', '.join(template.spaces)}. Who: {', '.join(who)}."
        f"\n-# {template.rule}\n-# {template.ties}"
    )


def running(start: GoalStart, template_id: str, owner: UserId) -> discord.ui.LayoutView:
    """Ask what becomes of the goal that runs, or of which of two."""
    goals = start.running
    titles = "\n".join(f"**{plain(goal.title)}**{' (it rests)' if goal.paused_on else ''}" for goal in goals)
    if len(goals) < MOST_RUNNING:
        lead = "You have a goal already"
        ways = [
            button("Keep it", "goal.show", owner, style=BLUE),
            button("Replace it", "goal.new", owner, template_id, "replace"),
            button("A second one beside it", "goal.new", owner, template_id, "beside"),
        ]
    else:
        lead = "You have two goals already"
        ways = [button("Keep both", "goal.show", owner, style=BLUE)]
        ways += [
            button(f"In place of the {which}", "goal.change", owner, goal.id)
            for which, goal in zip(("first", "second"), goals, strict=False)
        ]
    return card(
        f"{lead}:\n{titles}\nOne at a time usually gets further than two. What you logged stays, whatever you choose.",
        ways,
        *_begun(start.unfinished if start.unfinished and start.unfinished.ends else None, owner, "keep"),
    )


def _begun(unfinished: UnfinishedGoal | None, owner: UserId, how: str) -> list[Block]:
    """Return the way back to an unfinished goal, if there is one."""
    if unfinished is None or not unfinished.title:
        return []
    go_on = button("Go on with it", "goal.resume", owner, how, style=GREEN)
    return [f"You had begun: **{plain(unfinished.title)}**", [go_on]]


def wish_form(
    types: Mapping[str, GoalType],
    draft: UnfinishedGoal,
    template: Template | None,
    owner: UserId,
    *,
    goes_on: bool = False,
) -> discord.ui.Modal:
    """Return the form for the wish and its result, filled with what is known; `goes_on`: to change what was said."""
    chosen = draft.type or (template.type if template else next(iter(types)))
    often = range(3, max(one.max_per_week for one in types.values()) + 1)
    fields = [
        Field("type", "What kind of goal?", {one.id: _type_words(one) for one in types.values()}),
        Field(
            "title", "Wish: what would you like to do?", TITLE_LIMIT,
            example="Have one exchange a week with someone who does the work",
        ),
        Field(
            "outcome", "Result: what would show you that it worked?", OUTCOME_LIMIT, optional=True,
            example="I know what a first year is really like",
        ),
        Field(
            "target", "How often?",
            {EVERY_TWO_WEEKS: "Once every two weeks", 1: "Once a week", 2: "Twice a week"}
            | {number: f"{number} times a week" for number in often},
            hint="Small enough for a busy week.",
        ),
        Field("weeks", f"For how many weeks? ({FEWEST_WEEKS} to {MOST_WEEKS})", 1),
    ]  # fmt: skip
    filled = {
        "type": chosen,
        "title": draft.title or (template.goal if template else None),
        "outcome": draft.outcome,
        "target": EVERY_TWO_WEEKS
        if draft.every_weeks > 1
        else draft.target or (template.target if template else types[chosen].default_per_week),
        "weeks": draft.weeks or (template.weeks if template else DEFAULT_WEEKS),
    }
    args = (
        template.id if template else NO_TEMPLATE,
        CODES[draft.beginning],
        draft.ends or 0,
        CODES[draft.ending] if draft.ending else NO_TEMPLATE,
    )
    route = "goal.edit" if goes_on else "goal.wish"
    return form("Your goal", route, owner, fields, *args, filled=filled)


def _type_words(one: GoalType) -> str:
    return f"{one.label}: {one.unit}, up to {one.max_per_week} a week"


def clearer(draft: UnfinishedGoal, own: Template | None, owner: UserId) -> discord.ui.LayoutView:
    """Ask back once about a wish that names no person, no thing and no act that can be seen."""
    return card(
        f"You wish: **{plain(draft.title or '')}**",
        "## Who is it with, or what will be there at the end?\nA wish that others could see you do is easier to plan.",
        own and f"-# {own.label}, for example: “{own.goal}”",
        [
            button("Say it more clearly", "goal.rewish", owner, style=BLUE),
            button("Keep it as it is", "goal.keep_wish", owner),
        ],
    )


def obstacle(
    draft: UnfinishedGoal, obstacles: Mapping[Obstacle, ObstacleWords], owner: UserId
) -> discord.ui.LayoutView:
    """Ask what in oneself could get in the way, one button for each answer."""
    outcome = f"\nResult: {plain(draft.outcome)}" if draft.outcome else ""
    answers = [button(words.label, "goal.obstacle", owner, one.value) for one, words in obstacles.items()]
    return card(
        f"You wish: **{plain(draft.title or '')}**{outcome}",
        "## What might get in your way?\nTap what comes closest; your plan will answer it.",
        *[answers[at : at + 3] for at in range(0, len(answers), 3)],
        [button("Change the goal", "goal.rewish", owner)],
    )


def plan_form(value: PlanQuestion, owner: UserId) -> discord.ui.Modal:
    """Return the form for both if-then lines, the five-minute version, and the time box."""
    draft = value.draft
    # What was taken out of a plan stays out; a first plan begins with suggestions.
    again = draft.if_then is not None
    suggested = None if value.obstacle is Obstacle.OTHER else value.words.plan
    fields = [
        Field(
            "if_then", "Your plan: If …, then I will …", PLAN_LIMIT, long=True,
            hint="A moment you notice, and one small act.", example="If I reach ten replies, then …",
        ),
        Field(
            "obstacle_plan", "When that gets in the way: If …", PLAN_LIMIT, optional=True, long=True,
            hint=f"You said: {value.words.label}",
        ),
        Field(
            "tiny", "A five-minute version for busy weeks", TINY_LIMIT, optional=True,
            example="Read one post and note one line",
        ),
        Field(
            "box", f"Time box: minutes a week ({SHORTEST_BOX} to {LONGEST_BOX})", 2, optional=True,
        ),
    ]  # fmt: skip
    filled = {
        "if_then": draft.if_then or value.plan,
        "obstacle_plan": draft.obstacle_plan if again and draft.obstacle is value.obstacle else suggested,
        "tiny": draft.tiny,
        "box": draft.box_minutes if again else DEFAULT_BOX,
    }
    return form("Your plan", "goal.plan", owner, fields, value.obstacle.value, filled=filled)


def read_back(value: ReadBack, obstacles: Mapping[Obstacle, ObstacleWords], owner: UserId) -> discord.ui.LayoutView:
    """Show the goal to read once and confirm, with suggestions that nobody has to follow."""
    draft, weeks = value.draft, times(value.goal.weeks, "week", "weeks")
    obstacle = None if draft.obstacle is Obstacle.OTHER else draft.obstacle
    plans = "\n".join(f"> {plain(one)}" for one in (draft.if_then, draft.obstacle_plan) if one)
    small = [f"busy weeks: {plain(draft.tiny)}"] if draft.tiny else []
    often = rate(draft.target or 1, draft.every_weeks)
    small += [f"time box: {draft.box_minutes} min a week"] if draft.box_minutes else []
    lines = [
        f"**{plain(draft.title or '')}**",
        f"{value.type.label} · {often} for {weeks}, {_until(value.goal)}",
        facts(
            ("Result", draft.outcome and plain(draft.outcome)),
            ("May get in the way", obstacle and obstacles[obstacle].label),
        ),
        f"**Your plan**\n{plans}",
        f"-# {' · '.join(small)}" if small else "",
    ]
    hints = [f"-# {HINTS[hint]}." for hint in dict.fromkeys((*value.hints, *value.obstacle_hints))]
    hints += [f"-# For example: “{value.example}” Yours is fine too."] if hints and value.example else []
    return card(
        "## Read it once, aloud",
        "\n".join(line for line in lines if line),
        "\n".join(hints),
        [
            button("Confirm", "goal.confirm", owner, value.seal, style=GREEN),
            button("Change the plan", "goal.replan", owner),
            button("Change the goal", "goal.rewish", owner),
            button("Leave it", "goal.drop", owner, value.seal),
        ],
    )


def dropped() -> discord.ui.LayoutView:
    """Answer *Leave it*."""
    return card("Nothing was started; what ran before runs on. `/goal new` begins again whenever you like.")


def saved(value: GoalView, owner: UserId) -> discord.ui.LayoutView:
    """Show a goal that has begun, and what to use next."""
    goal = value.goal
    return card(
        f"## Your goal runs {_until(goal)}\n**{plain(goal.title)}**\n> {plain(goal.if_then)}",
        "Your next note begins with it. Did something? `/log` takes one tap.",
        [
            button("Log something", "log.show", owner, style=BLUE),
            button("Add somebody", "network.add", owner),
            button("My overview", "me.show", owner),
        ],
    )


def show(value: Goals, owner: UserId) -> discord.ui.LayoutView:
    """Show the goals that run or rest, each with its buttons, and the last ones that are over."""
    title = "## Your goals" if len(value.running) > 1 else "## Your goal"
    ended = "\n".join(_ended(one) for one in value.ended)
    running: list[Block] = [block for one in value.running for block in (_one(one), _ways(one, owner))]
    return card(
        title if value.running else "No goal is running just now.",
        *running,
        ended and f"**Earlier goals**\n{ended}",
        [
            button("Log something", "log.show", owner, style=BLUE),
            button("New goal", "goal.new", owner, NO_TEMPLATE, "keep"),
        ],
    )


def _one(value: GoalView) -> str:
    goal = value.goal
    if goal.paused_on is not None:
        where = f"It rests since {day_text(goal.paused_on)}; its weeks stand still."
    elif goal.over(value.today):
        where = f"Its {goal.weeks} weeks are over. A look back takes two minutes."
    else:
        where = f"Week {goal.week(value.today)} of {goal.weeks}, {_until(goal)}."
    plans = "\n".join(f"> {plain(one)}" for one in (goal.if_then, goal.obstacle_plan) if one)
    result = f"Result: {plain(goal.outcome)}\n" if goal.outcome else ""
    small = f"\n-# On busy weeks: {plain(goal.tiny)}" if goal.tiny else ""
    return (
        f"**{plain(goal.title)}**\n{result}{_rhythm(value)}\n{where}\n"
        f"{goal.span.capitalize()}: {value.did} of {goal.target} "
        f"{bar(min(value.did, goal.target), goal.target, goal.target)}\n"
        f"{plans}{small}"
    )


def _ways(value: GoalView, owner: UserId) -> list[Button]:
    goal = value.goal
    resting = goal.paused_on is not None
    rest = button("Go on", "goal.go_on", owner, goal.id) if resting else button("Pause", "goal.pause", owner, goal.id)
    return [button("Look back", "goal.review", owner, goal.id), rest, button("Stop", "goal.stop_ask", owner, goal.id)]


def _ended(one: EndedGoal) -> str:
    brought = f" · {BENEFITS[one.benefit].lower().replace('i ', 'I ', 1)}" if one.benefit else ""
    words = f"\n> {plain(cut(one.reflection, SHOWN_OF_REFLECTION))}" if one.reflection else ""
    return f"• {plain(one.title)} ({ENDINGS[one.ending]} {day_text(one.ended_on)}{brought}){words}"


def review(
    value: Review, owner: UserId, *, noted: bool = False, unfinished: UnfinishedGoal | None = None
) -> discord.ui.LayoutView:
    """Show a goal to look back on with four ways to go on, and the way back to an unfinished goal."""
    view = value.view
    goal = view.goal
    hoped = f"\n**Result you wished for**: {plain(goal.outcome)}" if goal.outcome else ""
    lead = "Its weeks are over." if goal.over(view.today) else f"Week {goal.week(view.today)} of {goal.weeks}."
    return card(
        f"## Looking back\n**{plain(goal.title)}**{hoped}",
        f"{lead}{_steps(value)} Did it bring a conversation, an idea, or a person?\n-# {view.type.outcome_evidence}",
        "Noted, thank you. It stays with the goal." if noted else None,
        [button("Say what it brought", "goal.reflect", owner, goal.id)],
        [
            button("Keep going", "goal.keep", owner, goal.id, style=BLUE),
            button("Go deeper", "goal.deepen", owner, goal.id),
            button("Something else", "goal.change", owner, goal.id),
            button("Stop", "goal.stop_ask", owner, goal.id),
        ],
        "-# Deeper is not more: the same people, a better question.",
        *_begun(unfinished, owner, "replace"),
    )


def _steps(value: Review) -> str:
    if not value.did:
        return ""
    steps = times(value.did, "step", "steps")
    return f" You logged {steps}; the plan for all its weeks was {value.wanted}. What came of them counts more."


def reflect_form(goal: Goal, owner: UserId) -> discord.ui.Modal:
    """Return the form that asks what a goal brought."""
    fields = [
        Field(
            "reflection", "A conversation, an idea, a person?", REFLECTION_LIMIT, optional=True, long=True,
            example="Two people know my name; one told me how her first month went",
        ),
        Field("benefit", "Which comes closest?", BENEFITS, optional=True),
    ]  # fmt: skip
    filled = {"reflection": goal.reflection, "benefit": goal.benefit}
    return form("What did it bring?", "goal.reflected", owner, fields, goal.id, filled=filled)


def kept(value: GoalView, owner: UserId) -> discord.ui.LayoutView:
    """Confirm that a goal goes on."""
    goal = value.goal
    return card(
        f"It goes on: **{plain(goal.title)}**\n{_rhythm(value)}, {_until(goal)}",
        [button("Log something", "log.show", owner, style=BLUE), button("My goal", "goal.show", owner)],
    )


def paused(value: GoalView, owner: UserId) -> discord.ui.LayoutView:
    """Confirm that a goal rests."""
    goal = value.goal
    return card(
        f"It rests: **{plain(goal.title)}**\nIts weeks stand still until you go on. Your weekly note still comes, "
        "about other things; `/nudge settings` pauses that too.",
        [button("Go on", "goal.go_on", owner, goal.id, style=BLUE), button("My goal", "goal.show", owner)],
    )


def resumed(value: GoalView, owner: UserId) -> discord.ui.LayoutView:
    """Confirm that a goal runs again."""
    goal = value.goal
    return card(
        f"It runs again: **{plain(goal.title)}**\nWeek {goal.week(value.today)} of {goal.weeks}, {_until(goal)}.",
        [button("Log something", "log.show", owner, style=BLUE), button("My goal", "goal.show", owner)],
    )


def stop_question(goal: Goal, owner: UserId) -> discord.ui.LayoutView:
    """Ask once before a goal ends."""
    return card(
        f"Stop **{plain(goal.title)}**? What you logged stays. Stopping what does not fit is a good decision.",
        [
            button("Stop it", "goal.stop", owner, goal.id, style=RED),
            button("Keep it", "goal.show", owner, style=BLUE),
        ],
    )


def stopped(value: EndedGoal, owner: UserId) -> discord.ui.LayoutView:
    """Confirm that a goal has ended."""
    return card(
        f"Stopped: {plain(value.title)}. Your log stays.",
        [
            button("New goal", "goal.new", owner, NO_TEMPLATE, "keep"),
            button("My overview", "me.show", owner),
        ],
    )


def obstacle_now(goal: Goal, obstacles: Mapping[Obstacle, ObstacleWords], owner: UserId) -> discord.ui.LayoutView:
    """Ask what gets in the way of a running goal by now."""
    answers = [button(words.label, "goal.meet", owner, goal.id, one.value) for one, words in obstacles.items()]
    return card(
        "## What gets in your way now?\nTap what comes closest; your plan will answer it.",
        f"> {plain(goal.obstacle_plan)}" if goal.obstacle_plan else None,
        *[answers[at : at + 3] for at in range(0, len(answers), 3)],
        [button("Keep it", "nudge.keep_plan", owner)],
    )


def obstacle_form(
    goal: Goal, obstacle: Obstacle, obstacles: Mapping[Obstacle, ObstacleWords], owner: UserId
) -> discord.ui.Modal:
    """Return the form for the plan against an obstacle of a running goal."""
    words = obstacles[obstacle]
    field = Field(
        "obstacle_plan", "When that gets in the way: If …", PLAN_LIMIT, long=True, hint=f"You said: {words.label}"
    )
    suggested = goal.obstacle_plan if obstacle is Obstacle.OTHER or obstacle is goal.obstacle else words.plan
    return form("Your plan", "goal.met", owner, [field], goal.id, obstacle.value, filled={"obstacle_plan": suggested})


def plan_for_obstacle(goal: Goal, owner: UserId, *, kept: bool = False) -> discord.ui.LayoutView:
    """Show a goal's plans after its plan for the obstacle was kept or changed."""
    plans = "\n".join(f"> {plain(one)}" for one in (goal.if_then, goal.obstacle_plan) if one)
    return card(
        f"{'It stays' if kept else 'It is part of your plan now'}:\n{plans}",
        [button("My goal", "goal.show", owner), button("Log something", "log.show", owner)],
    )


def _until(goal: Goal) -> str:
    with_course = ", when the course ends" if goal.ends_with_term else ""
    return f"until {day_text(goal.last_day)}{with_course}"


def _rhythm(value: GoalView) -> str:
    weeks = times(value.goal.weeks, "week", "weeks")
    box = f", about {value.goal.box_minutes} minutes a week" if value.goal.box_minutes else ""
    return f"{value.type.label} · {value.goal.rate} ({value.type.unit}) for {weeks}{box}"
