"""Goals: one goal with a type, a weekly target and an if-then plan; the vocabulary of logged actions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching.errors import BadNumber, TargetOverCap, UnknownKind, UnknownTemplate
from bot.coaching.ids import GoalId
from bot.coaching.texts import checked_text

TITLE_LIMIT = 100
PLAN_LIMIT = 140
FEWEST_WEEKS = 4
MOST_WEEKS = 8
DEFAULT_WEEKS = 6


class Direction(StrEnum):
    """Whom an action is turned to."""

    LISTEN = "listen"
    WITH = "with"
    GIVE = "give"
    AT = "at"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of logged action; `minutes` is what it usually takes."""

    id: str
    label: str
    direction: Direction
    minutes: int


@dataclass(frozen=True, slots=True)
class GoalType:
    """A type of goal and the kinds of action that count toward it."""

    id: str
    label: str
    benefit: str
    verb: str
    counted_actions: tuple[str, ...]
    unit: str
    default_per_week: int
    max_per_week: int
    outcome_evidence: str


@dataclass(frozen=True, slots=True)
class Template:
    """A starter goal for one family of professions."""

    id: str
    label: str
    goal: str
    type: str
    target: int
    weeks: int
    spaces: tuple[str, ...]
    if_then: str
    rule: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Goal types, kinds of action and starter templates as the content files give them."""

    types: Mapping[str, GoalType]
    kinds: Mapping[str, Kind]
    templates: Mapping[str, Template]

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
    """A goal as written, checked, before it is kept."""

    type: str
    title: str
    target: int
    if_then: str
    weeks: int


@dataclass(frozen=True, slots=True)
class Goal:
    """A member's goal; its weeks run from `starts_on`."""

    id: GoalId
    type: str
    title: str
    target: int
    if_then: str
    weeks: int
    starts_on: date

    @property
    def ends_on(self) -> date:
        """Return the first day after the goal's weeks."""
        return self.starts_on + timedelta(weeks=self.weeks)

    def week(self, today: date) -> int:
        """Return which of the goal's weeks `today` lies in, counted from 1 and never past the last."""
        return max(1, min((today - self.starts_on).days // 7 + 1, self.weeks))

    def over(self, today: date) -> bool:
        """Return whether the goal's weeks are over."""
        return today >= self.ends_on


def checked_goal(draft: GoalDraft, vocabulary: Vocabulary) -> GoalDraft:
    """Return the draft with its texts cleaned; raises the refusal that names what to change."""
    goal_type = vocabulary.types.get(draft.type)
    if goal_type is None:
        raise UnknownTemplate(draft.type)
    if not 1 <= draft.target <= goal_type.max_per_week:
        raise TargetOverCap(goal_type.label, goal_type.max_per_week)
    if not FEWEST_WEEKS <= draft.weeks <= MOST_WEEKS:
        raise BadNumber("The number of weeks", FEWEST_WEEKS, MOST_WEEKS)
    return GoalDraft(
        draft.type,
        checked_text("The goal", draft.title, TITLE_LIMIT),
        draft.target,
        checked_text("The plan", draft.if_then, PLAN_LIMIT),
        draft.weeks,
    )


def is_if_then(plan: str) -> bool:
    """Return whether a plan has the form "If …, then I will …"; suggests, never blocks (E2: the form is what works)."""
    return re.match(r"if\b.+\bthen i(?: will|’ll|'ll) .+", plan, re.IGNORECASE) is not None


def counts(goal_type: GoalType, kind: str) -> bool:
    """Return whether an action of `kind` counts toward a goal of this type."""
    return kind in goal_type.counted_actions
