"""goals.toml: kinds of action, goal types, starter goals, obstacles, and the verbs of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bot.coaching.focus import FIELD_LIMIT
from bot.coaching.goals import (
    PLAN_LIMIT,
    GoalType,
    Kind,
    Obstacle,
    ObstacleWords,
    PlanHint,
    Template,
    Vocabulary,
    plan_hints,
    proposed_plan,
)
from bot.coaching.limits import Between
from bot.coaching.log import DEFAULT_KIND
from bot.coaching.network import Category
from prompts.reading import ContentError, check_placeholders, complete, inside, known, read_file

_FILE = "goals.toml"
_LACKING: Mapping[PlanHint, str] = {
    PlanHint.FORM: 'must read "If …, then I will …"',
    PlanHint.CUE: "must name a moment that can be noticed, such as a day or an event",
    PlanHint.ACT: 'must have one of the verbs after "I will"',
}


@dataclass(frozen=True, slots=True)
class _File:
    actions: Mapping[str, Kind]
    goal_types: Mapping[str, GoalType]
    templates: Mapping[str, Template]
    obstacles: Mapping[Obstacle, ObstacleWords]
    verbs: Annotated[frozenset[str], Between(1, 400)]
    vague_words: Annotated[frozenset[str], Between(0, 400)]
    clear_words: Annotated[frozenset[str], Between(0, 400)]


def read_goals(folder: Path | None) -> Vocabulary:
    """Read the vocabulary of goals; raises ContentError."""
    file = read_file(_FILE, folder, _File)
    with inside(_FILE):
        known("action", DEFAULT_KIND, file.actions)
        for goal_type in file.goal_types.values():
            with inside(f'goal type "{goal_type.id}"'):
                for kind in goal_type.counted_actions:
                    known("action", kind, file.actions)
                if goal_type.default_per_week > goal_type.max_per_week:
                    raise ContentError(f"default_per_week may be {goal_type.max_per_week}, as max_per_week says")
                _check_proposal(goal_type, file)
        for template in file.templates.values():
            with inside(f'template "{template.id}"'):
                _check_template(template, file)
        for obstacle, words in file.obstacles.items():
            with inside(f'obstacle "{obstacle}"'):
                _check_plan("plan", words.plan, file)
        if folder is not None:
            packaged = read_file(_FILE, None, _File)
            complete("action", file.actions, packaged.actions)
            complete("goal type", file.goal_types, packaged.goal_types)
    return Vocabulary(
        file.goal_types,
        file.actions,
        file.templates,
        file.obstacles,
        file.verbs,
        file.vague_words,
        file.clear_words,
    )


def _check_template(template: Template, file: _File) -> None:
    most = file.goal_types[known("goal type", template.type, file.goal_types)].max_per_week
    if template.target > most:
        raise ContentError(f"target may be {most}, as max_per_week of its goal type says")
    for category in template.who:
        known("category", category, list(Category))
    _check_plan("if_then", template.if_then, file)


def _check_proposal(goal_type: GoalType, file: _File) -> None:
    """Refuse a plan to propose that would not fit or would get a hint, whatever the member's field."""
    check_placeholders(goal_type.plan, ("day", "field"))
    longest = proposed_plan(goal_type, 1, 2, "x" * FIELD_LIMIT)
    if len(longest) > PLAN_LIMIT:
        raise ContentError(f"plan has up to {len(longest)} characters when it is filled in; {PLAN_LIMIT} fit")
    _check_plan("plan", longest, file)


def _check_plan(key: str, plan: str, file: _File) -> None:
    """Refuse an if-then line that a member would get a hint about."""
    for hint in plan_hints(plan, file.verbs):
        raise ContentError(f'{key} {_LACKING[hint]}, not "{plan}"')
