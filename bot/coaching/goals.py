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
FEWEST_WEEKS = 4
MOST_WEEKS = 8
DEFAULT_WEEKS = 6
SHORTEST_BOX, LONGEST_BOX, DEFAULT_BOX = 15, 90, 30
"""Minutes a week for networking (method, section 3; the checklist's box is 20 to 60)."""
MOST_WEEKS_BETWEEN = 2
"""A goal may be for every week or for every two weeks."""
FEW_WORDS = 2
"""A wish of no more words, none of them clear, is asked back about."""
MOST_RUNNING = 2
"""One goal, and a second after a confirmation (trace 2.4)."""
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
    """What in the member gets in the way; the choices of the goal conversation (method, section 3)."""

    TIME = "time"
    NERVES = "nerves"
    WORDS = "words"
    NOT_READY = "not_ready"
    PHONE = "phone"
    OTHER = "other"


class GoalEnding(StrEnum):
    """How a goal ended: what its review chose, or that another goal replaced it."""

    KEPT = "kept"
    DEEPENED = "deepened"
    CHANGED = "changed"
    STOPPED = "stopped"
    REPLACED = "replaced"


class Benefit(StrEnum):
    """What a goal brought most, as asked in its review (Leishman's four; trace 0.8)."""

    LEARNING = "learning"
    NETWORKING = "networking"
    VISIBILITY = "visibility"
    REPUTATION = "reputation"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of logged action, the minutes it usually takes, and the verbs by which a plan names it."""

    id: str
    label: str
    direction: Direction
    minutes: Minutes
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalType:
    """A type of goal, with the kinds of action that count toward it.

    Attributes:
        plan: the plan to propose, in which {day} and {field} are filled in.
    """

    id: str
    label: str
    benefit: str
    verb: str
    counted_actions: tuple[str, ...]
    unit: str
    default_per_week: PerWeek
    max_per_week: PerWeek
    outcome_evidence: StepText
    plan: Plan


@dataclass(frozen=True, slots=True)
class Template:
    """A starter goal for a family of professions: whom to meet, where, a plan, and which ties help."""

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
    rule: StepText
    ties: StepText


@dataclass(frozen=True, slots=True)
class ObstacleWords:
    """An obstacle in the words of the content files, with an if-then plan against it."""

    label: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Goal types, kinds of action, starter templates and obstacles of the content files.

    Attributes:
        verbs: words that the act of a plan may begin with.
        vague_words: words of a wish that nobody could see done.
        clear_words: words of a wish that name a person, a thing, or an act that can be seen.
    """

    types: Mapping[str, GoalType]
    kinds: Mapping[str, Kind]
    templates: Mapping[str, Template]
    obstacles: Mapping[Obstacle, ObstacleWords]
    verbs: frozenset[str]
    vague_words: frozenset[str] = frozenset()
    clear_words: frozenset[str] = frozenset()

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
    """A complete, checked goal before it is stored.

    Attributes:
        target: actions in every `every_weeks` weeks, which are one or two.
        tiny: the five-minute version.
        box_minutes: minutes a week set aside.
    """

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
    every_weeks: int = 1


class Beginning(StrEnum):
    """What happens to a running goal when a new one is confirmed."""

    ALONE = "alone"
    REPLACE = "replace"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class UnfinishedGoal:
    """A goal conversation so far; None is what has not been said yet.

    Attributes:
        ends: the goal under review, which ends with `ending` once this one is confirmed.
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
    ending: GoalEnding | None = None
    every_weeks: int = 1


@dataclass(frozen=True, slots=True)
class Goal:
    """A member's goal.

    Attributes:
        paused_on: the day on which it was paused, None while it runs.
        paused_days: days of earlier pauses, which extend its weeks.
        reflection, benefit: what the member has said in its review so far.
        term_ends: the last day of the course, past which no goal runs; see `in_term`.
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
    every_weeks: int = 1
    term_ends: date | None = None

    @property
    def wanted(self) -> int:
        """How many actions its weeks hold."""
        return self.target * max(1, self.weeks // self.every_weeks)

    @property
    def rate(self) -> str:
        """How often it is for."""
        return rate(self.target, self.every_weeks)

    @property
    def span(self) -> str:
        """The days in which actions count toward its target."""
        return "last seven days" if self.every_weeks == 1 else "last two weeks"

    @property
    def ends_on(self) -> date:
        """The first day after the goal's weeks, or after the course if that comes first."""
        after = self.starts_on + timedelta(weeks=self.weeks, days=self.paused_days)
        return after if self.term_ends is None else min(after, self.term_ends + timedelta(days=1))

    @property
    def ends_with_term(self) -> bool:
        """Whether its last day is the last day of the course."""
        return self.last_day == self.term_ends

    @property
    def last_day(self) -> date:
        """The last day of the goal's weeks."""
        return self.ends_on - timedelta(days=1)

    def week(self, today: date) -> int:
        """Return the number of the goal's current week, from 1 to its last; it stays the same during a pause."""
        days = ((self.paused_on or today) - self.starts_on).days - self.paused_days
        return max(1, min(days // 7 + 1, self.weeks))

    def over(self, today: date) -> bool:
        """Return whether the goal's weeks are over; never during a pause."""
        return self.paused_on is None and today >= self.ends_on


def rate(target: int, every_weeks: int) -> str:
    """Return how often a goal is for: 2 a week, or 1 every two weeks."""
    return f"{target} a week" if every_weeks == 1 else f"{target} every two weeks"


def in_term(goal: Goal, term_ends: date) -> Goal:
    """Return the goal with the weeks that the course leaves it; one that began after the course is left alone."""
    if goal.starts_on > term_ends:
        return goal
    left = (term_ends - goal.starts_on).days - goal.paused_days
    return replace(goal, weeks=max(1, min(goal.weeks, left // 7 + 1)), term_ends=term_ends)


@dataclass(frozen=True, slots=True)
class EndedGoal:
    """A goal that has ended, as its member reads it later."""

    title: str
    starts_on: date
    ended_on: date
    ending: GoalEnding
    reflection: str | None
    benefit: Benefit | None


def checked_wish(draft: UnfinishedGoal, vocabulary: Vocabulary) -> UnfinishedGoal:
    """Return the draft with a clean wish: type, title, outcome, target and weeks.

    Raises:
        UnknownTemplate, TargetOverCap, BadNumber, TextMissing, TextTooLong: the refusal names what to change.
    """
    goal_type = vocabulary.types.get(draft.type or "")
    if goal_type is None:
        raise UnknownTemplate(draft.type or "")
    target, weeks = draft.target or 0, draft.weeks or 0
    if not 1 <= target <= goal_type.max_per_week or not 1 <= draft.every_weeks <= MOST_WEEKS_BETWEEN:
        raise TargetOverCap(goal_type.label, goal_type.max_per_week)
    if not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        raise BadNumber("The number of weeks", FEWEST_WEEKS, MOST_WEEKS)
    return replace(
        draft,
        title=checked_text("The goal", draft.title, TITLE_LIMIT),
        outcome=optional_text("The best thing about it", draft.outcome, OUTCOME_LIMIT),
    )


def checked_plan(draft: UnfinishedGoal) -> UnfinishedGoal:
    """Return the draft with a clean plan: both if-then lines, the five-minute version and the time box.

    A line without the if-then form is accepted: `plan_hints` suggests it.

    Raises:
        BadNumber, TextMissing, TextTooLong: the refusal names what to change.
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
    """Return the goal of a complete conversation; raises UnfinishedPlan while wish or plan are missing."""
    if draft is None or not (draft.type and draft.title and draft.target and draft.weeks and draft.if_then):
        raise UnfinishedPlan
    return as_draft(draft)


def as_draft(goal: Goal | UnfinishedGoal) -> GoalDraft:
    """Return the draft of a goal, to start it or to start it again."""
    return GoalDraft(**{field.name: getattr(goal, field.name) for field in fields(GoalDraft)})


def in_focus(running: Sequence[Goal]) -> Goal | None:
    """Return the goal that notes and counts are about: the oldest that is not paused."""
    return next((goal for goal in running if goal.paused_on is None), None)


class PlanHint(StrEnum):
    """What would make a plan easier to keep; suggested, never required (E2)."""

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
"""What a person notices when it happens: a day, a time, a moment, an event, a milestone (trace 0.25), a thought."""

_VAGUE = re.compile(
    r"\b(?:feel like it|think of it|have (?:some |the )?time|in the mood|get a chance)\b", re.IGNORECASE
)
"""Has the form of a cue, but nobody notices it when it happens."""


def plan_hints(plan: str, verbs: Collection[str]) -> tuple[PlanHint, ...]:
    """Return what a plan lacks of "If <a noticeable moment>, then I will <one act>" (E2: the form is what works).

    Only English is understood; a plan in another language gets at most the hint about the form.

    Args:
        verbs: words that the act may begin with.
    """
    parts = _IF_THEN.match(plan.strip())
    if parts is None:
        return (PlanHint.FORM,)
    has_cue = _CUE.search(parts["cue"]) and not _VAGUE.search(parts["cue"])
    verb = re.match(r"[a-z]+", parts["act"].casefold())
    missing = ((PlanHint.CUE, not has_cue), (PlanHint.ACT, verb is None or verb.group() not in verbs))
    return tuple(hint for hint, lacking in missing if lacking)


def plan_parts(plan: str) -> tuple[str, str] | None:
    """Return the moment and the act of an if-then plan, "Tuesday after my lab" and "write to one person"."""
    parts = _IF_THEN.match(plan.strip())
    if parts is None:
        return None
    cue = parts["cue"].strip().removesuffix(",")
    moment = cue[6:] if cue.casefold().startswith("it is ") else f"when {cue}"
    return moment, parts["act"].strip().rstrip(".")


_DAYS = ("Tuesday", "Tuesday or Thursday", "any weekday")
"""When a proposed plan acts, by how often a week."""


def proposed_plan(goal_type: GoalType, target: int, every_weeks: int, field: str | None) -> str:
    """Return the plan to propose for a goal of this type and rhythm, in the member's field if they named one."""
    day = "every second Tuesday" if every_weeks > 1 else _DAYS[min(target, len(_DAYS)) - 1]
    return goal_type.plan.replace("{day}", day).replace("{field}", field or "my field")


_BEFORE_A_VERB = frozenset({"and", "or", "then", "i", "will", "i'll"})


def planned_kind(goal: Goal, vocabulary: Vocabulary) -> str | None:
    """Return the kind of action that a goal's plan names, one that its type counts if there is one."""
    parts = _IF_THEN.match(goal.if_then.strip())
    words = re.findall(r"[a-z']+|,", (parts["act"] if parts else goal.if_then).casefold().replace("’", "'"))
    verbs = [word for before, word in zip(["and", *words], words, strict=False) if before in _BEFORE_A_VERB | {","}]
    named = [kind.id for verb in verbs for kind in vocabulary.kinds.values() if verb in kind.verbs]
    counted = vocabulary.types[goal.type].counted_actions
    return next((kind for kind in named if kind in counted), next(iter(named), None))


_NUMBER = re.compile(r"\d|\b(?:one|two|three|four|five|six|ten)\b", re.IGNORECASE)


def is_vague(wish: str, vocabulary: Vocabulary) -> bool:
    """Return whether a wish names no person, no thing and no act that can be seen; sure only of English."""
    words = re.findall(r"[a-z]+", wish.casefold())
    stems = {stem for word in words for stem in (word, word.removesuffix("s"), word.removesuffix("ing"))}
    if not words or _NUMBER.search(wish) or stems & vocabulary.clear_words:
        return False
    return len(words) <= FEW_WORDS or bool(stems & vocabulary.vague_words)
