"""Goals: a wish, what gets in the way, and a plan (WOOP); the vocabulary of logged actions."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from bot.coaching.errors import BadNumber, TargetOverCap, UnfinishedPlan, UnknownKind, UnknownTemplate
from bot.coaching.ids import GoalId
from bot.coaching.limits import Between, Minutes, StepText
from bot.coaching.texts import checked_text, optional_text

TITLE_LIMIT = 100
OUTCOME_LIMIT = 140
PLAN_LIMIT = 140
TINY_LIMIT = 80
REFLECTION_LIMIT = 200
OBSTACLE_LIMIT = 120
FEWEST_WEEKS = 4
MOST_WEEKS = 8
DEFAULT_WEEKS = 6
SHORTEST_BOX, LONGEST_BOX, DEFAULT_BOX = 15, 90, 30
"""Minutes a week for networking (method, section 3; the checklist's box is 20 to 60)."""
MOST_RUNNING = 2
"""One goal, and a second one after a confirm (trace 2.4)."""
PerWeek = Annotated[int, Between(1, 14)]
Plan = Annotated[str, Between(1, PLAN_LIMIT)]


class Direction(StrEnum):
    """Whom an action is turned to."""

    LISTEN = "listen"
    WITH = "with"
    GIVE = "give"
    AT = "at"
    ASK = "ask"


class Obstacle(StrEnum):
    """What in oneself gets in the way; the chips of the goal conversation (method, section 3)."""

    TIME = "time"
    NERVES = "nerves"
    WORDS = "words"
    NOT_READY = "not_ready"
    PHONE = "phone"
    OTHER = "other"


class Ending(StrEnum):
    """How a goal ended: what its review chose, or that another goal took its place."""

    KEPT = "kept"
    DEEPENED = "deepened"
    CHANGED = "changed"
    STOPPED = "stopped"
    REPLACED = "replaced"


class Benefit(StrEnum):
    """What a goal brought most, asked in its review (Leishman's four; trace 0.8)."""

    LEARNING = "learning"
    NETWORKING = "networking"
    VISIBILITY = "visibility"
    REPUTATION = "reputation"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of logged action; `minutes` is what it usually takes."""

    id: str
    label: str
    direction: Direction
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class GoalType:
    """A type of goal and the kinds of action that count toward it."""

    id: str
    label: str
    benefit: str
    verb: str
    counted_actions: tuple[str, ...]
    unit: str
    default_per_week: PerWeek
    max_per_week: PerWeek
    outcome_evidence: StepText


@dataclass(frozen=True, slots=True)
class Template:
    """A starter goal for one family of professions: who to meet, where, what gets in the way, and which ties help."""

    id: str
    label: str
    focus: str
    goal: Annotated[str, Between(1, TITLE_LIMIT)]
    type: str
    target: PerWeek
    weeks: Annotated[int, Between(FEWEST_WEEKS, MOST_WEEKS)]
    spaces: Annotated[tuple[str, ...], Between(1, 8)]
    who: tuple[str, ...]
    if_then: Plan
    obstacle: Annotated[str, Between(1, OBSTACLE_LIMIT)]
    obstacle_plan: Plan
    rule: StepText
    ties: StepText


@dataclass(frozen=True, slots=True)
class ObstacleWords:
    """An obstacle as the content files describe it, with an if-then line that answers it."""

    label: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Goal types, kinds of action, starter templates and obstacles as the content files give them.

    `verbs`: what the act of a plan may begin with, so that it is one.
    """

    types: Mapping[str, GoalType]
    kinds: Mapping[str, Kind]
    templates: Mapping[str, Template]
    obstacles: Mapping[Obstacle, ObstacleWords]
    verbs: frozenset[str]

    def kind(self, kind_id: str) -> Kind:
        """Return the kind; raises UnknownKind."""
        if kind_id not in self.kinds:
            raise UnknownKind(kind_id)
        return self.kinds[kind_id]

    def template(self, template_id: str) -> Template:
        """Return the template; raises UnknownTemplate."""
        if template_id not in self.templates:
            raise UnknownTemplate(template_id)
        return self.templates[template_id]


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """A goal as written, checked, before it is kept. `box_minutes`: minutes a week; `tiny`: the five-minute version."""

    type: str
    title: str
    target: int
    if_then: str
    weeks: int
    outcome: str | None = None
    obstacle: Obstacle | None = None
    obstacle_plan: str | None = None
    tiny: str | None = None
    box_minutes: int | None = None


class Beginning(StrEnum):
    """What becomes of a running goal when a new one is confirmed."""

    ALONE = "alone"
    REPLACE = "replace"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class UnfinishedGoal:
    """The goal conversation as far as it has come; None is what was not said yet.

    `ends`: the goal that a review is about to end with `ending`, once this one is confirmed.
    """

    beginning: Beginning
    template: str | None = None
    type: str | None = None
    title: str | None = None
    outcome: str | None = None
    target: int | None = None
    weeks: int | None = None
    obstacle: Obstacle | None = None
    if_then: str | None = None
    obstacle_plan: str | None = None
    tiny: str | None = None
    box_minutes: int | None = None
    ends: GoalId | None = None
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A member's goal; its weeks run from `starts_on`, less the days it rested.

    `paused_on`: since when it rests, None while it runs. `paused_days`: how long it rested before. `reflection` and
    `benefit`: what its member has said of it so far.
    """

    id: GoalId
    type: str
    title: str
    target: int
    if_then: str
    weeks: int
    starts_on: date
    outcome: str | None = None
    obstacle: Obstacle | None = None
    obstacle_plan: str | None = None
    tiny: str | None = None
    box_minutes: int | None = None
    paused_on: date | None = None
    paused_days: int = 0
    reflection: str | None = None
    benefit: Benefit | None = None

    @property
    def ends_on(self) -> date:
        """Return the first day after the goal's weeks."""
        return self.starts_on + timedelta(weeks=self.weeks, days=self.paused_days)

    @property
    def last_day(self) -> date:
        """Return the last day of the goal's weeks."""
        return self.ends_on - timedelta(days=1)

    def week(self, today: date) -> int:
        """Return which of the goal's weeks `today` lies in, from 1, never past the last; of a paused one they rest."""
        ran = ((self.paused_on or today) - self.starts_on).days - self.paused_days
        return max(1, min(ran // 7 + 1, self.weeks))

    def over(self, today: date) -> bool:
        """Return whether the goal's weeks are over; those of a goal that is paused stand still."""
        return self.paused_on is None and today >= self.ends_on


@dataclass(frozen=True, slots=True)
class EndedGoal:
    """A goal that is over, as its member reads it later."""

    title: str
    starts_on: date
    ended_on: date
    ending: Ending
    reflection: str | None
    benefit: Benefit | None


def checked_wish(draft: UnfinishedGoal, vocabulary: Vocabulary) -> UnfinishedGoal:
    """Return the draft with the wish cleaned: type, title, outcome, target and weeks.

    Raises the refusal that names what to change.
    """
    goal_type = vocabulary.types.get(draft.type or "")
    if goal_type is None:
        raise UnknownTemplate(draft.type or "")
    target, weeks = draft.target or 0, draft.weeks or 0
    if not 1 <= target <= goal_type.max_per_week:
        raise TargetOverCap(goal_type.label, goal_type.max_per_week)
    if not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        raise BadNumber("The number of weeks", FEWEST_WEEKS, MOST_WEEKS)
    return replace(
        draft,
        title=checked_text("The goal", draft.title, TITLE_LIMIT),
        outcome=optional_text("The best thing about it", draft.outcome, OUTCOME_LIMIT),
    )


def checked_plan(draft: UnfinishedGoal) -> UnfinishedGoal:
    """Return the draft with the plan cleaned: both if-then lines, the five-minute version and the time box.

    Raises the refusal that names what to change. The form of the lines is never a reason: see `plan_hints`.
    """
    box = draft.box_minutes
    if box is not None and not SHORTEST_BOX <= box <= LONGEST_BOX:
        raise BadNumber("The time box, in minutes a week,", SHORTEST_BOX, LONGEST_BOX)
    return replace(
        draft,
        if_then=checked_text("The plan", draft.if_then, PLAN_LIMIT),
        obstacle_plan=optional_text("The plan for the obstacle", draft.obstacle_plan, PLAN_LIMIT),
        tiny=optional_text("The five-minute version", draft.tiny, TINY_LIMIT),
    )


def finished(draft: UnfinishedGoal | None) -> GoalDraft:
    """Return the goal that a conversation has led to; raises UnfinishedPlan while wish or plan are missing."""
    if draft is None or not (draft.type and draft.title and draft.target and draft.weeks and draft.if_then):
        raise UnfinishedPlan
    return as_draft(draft)


def as_draft(goal: Goal | UnfinishedGoal) -> GoalDraft:
    """Return a goal as it was written, to begin it, or begin it again."""
    return GoalDraft(**{field.name: getattr(goal, field.name) for field in fields(GoalDraft)})


def in_focus(running: Sequence[Goal]) -> Goal | None:
    """Return the goal that notes and counts speak of: the oldest that is not paused."""
    return next((goal for goal in running if goal.paused_on is None), None)


class PlanHint(StrEnum):
    """What would make a plan easier to keep; suggested, never asked for (E2)."""

    FORM = "form"
    CUE = "cue"
    ACT = "act"


_IF_THEN = re.compile(r"if\b(?P<cue>.+?),?\s+then i(?: will|’ll|'ll)\s+(?P<act>.+)", re.IGNORECASE)
_CUE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|mornings?|evenings?|lunch|breakfast|dinner|coffee"
    r"|\d{1,2}(?:[:.h]\d\d\b|\s?(?:[ap]\.?m\b|h\b))|o[’']clock|noon|midnight"
    r"|after|before|when|once|as soon as|finish\w*|reach\w*|export\w*"
    r"|have \w+(?:ed|en|[dn]t|ne)|(?:\d+|two|three|four|five|ten) [a-z]+"  # a milestone
    r"|open\w*|close\w*|get home|feels?|think|starts? with|rings?|passes|class|lab|seminar|lecture|shift|bus|train)\b",
    re.IGNORECASE,
)
"""What can be noticed when it happens: a day, a clock, a moment, an event, a milestone (trace 0.25), a thought."""

_VAGUE = re.compile(
    r"\b(?:feel like it|think of it|have (?:some |the )?time|in the mood|get a chance)\b", re.IGNORECASE
)
"""What cannot be noticed when it happens, although it has the form."""


def plan_hints(plan: str, verbs: Collection[str]) -> tuple[PlanHint, ...]:
    """Return what a plan lacks of "If <a moment that can be noticed>, then I will <one act>"; empty when nothing does.

    `verbs` are the first words that an act may begin with. English alone is looked at; a plan in another language gets
    the hint about the form at most.
    """
    parts = _IF_THEN.match(plan.strip())
    if parts is None:
        return (PlanHint.FORM,)
    noticed = _CUE.search(parts["cue"]) and not _VAGUE.search(parts["cue"])
    hints = () if noticed else (PlanHint.CUE,)
    first = re.match(r"[a-z]+", parts["act"].casefold())
    return hints if first and first.group() in verbs else (*hints, PlanHint.ACT)


def plan_parts(plan: str) -> tuple[str, str] | None:
    """Return the moment and the act of an if-then plan, "Tuesday after my lab" and "write to one person"."""
    parts = _IF_THEN.match(plan.strip())
    if parts is None:
        return None
    cue = parts["cue"].strip().removesuffix(",")
    moment = cue[6:] if cue.casefold().startswith("it is ") else f"when {cue}"
    return moment, parts["act"].strip().rstrip(".")


def is_if_then(plan: str) -> bool:
    """Return whether a plan has the form "If …, then I will …" (E2: the form is what works)."""
    return _IF_THEN.match(plan.strip()) is not None


def counts(goal_type: GoalType, kind: str) -> bool:
    """Return whether an action of `kind` counts toward a goal of this type."""
    return kind in goal_type.counted_actions
