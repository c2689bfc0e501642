"""The words a member reads: content files, read into the values that the rules take or refused with one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.coaching.course_plan import LearningOutcome, PlanWeek
from bot.coaching.footprint import Checklist
from bot.coaching.goals import Obstacle, Vocabulary
from bot.coaching.network import NetworkWords
from bot.coaching.next_action import Occasion, Rule
from bot.coaching.nudges import Situation
from prompts.activities import Activities, Activity
from prompts.bios import Crisis, Rubric, read_rubric
from prompts.checklist import read_checklist
from prompts.course_plan import read_course_plan
from prompts.goals import read_goals
from prompts.message_check import MessageRubric, read_message_rubric
from prompts.network import read_network
from prompts.next_action import read_next_action
from prompts.nudges import read_nudges
from prompts.reading import ContentError, read_file

FILES = (
    "checklist.toml",
    "goals.toml",
    "network.toml",
    "nudges.toml",
    "next_action.toml",
    "bio_rubric.toml",
    "message_rubric.toml",
    "crisis.toml",
    "activities.toml",
    "course_plan.toml",
)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the content files say."""

    checklist: Checklist
    vocabulary: Vocabulary
    rules: Mapping[str, Rule]
    occasions: Mapping[str, Occasion]
    situations: Mapping[str, Situation]
    banned_phrases: tuple[str, ...]
    backoff_days: tuple[int, ...]
    network: NetworkWords
    rubric: Rubric
    message_rubric: MessageRubric
    crisis: Crisis
    activities: Mapping[Obstacle, Activity]
    plan: Sequence[PlanWeek]
    outcomes: Sequence[LearningOutcome]


def load_content(folder: Path | None = None) -> Content:
    """Load the packaged content.

    Args:
        folder: the course's own (setting COURSE_CONTENT). A file in it takes the place of the packaged one.

    Raises:
        ContentError: a file cannot be used.
    """
    if folder is not None:
        _check_folder(folder)
    vocabulary = read_goals(folder)
    network = read_network(folder)
    situations, banned_phrases = read_nudges(folder)
    checklist = read_checklist(folder)
    plan, outcomes = read_course_plan(folder, checklist, vocabulary.kinds)
    rules, occasions, backoff_days = read_next_action(folder, vocabulary.kinds, network.starters, situations)
    return Content(
        checklist=checklist,
        vocabulary=vocabulary,
        rules=rules,
        occasions=occasions,
        situations=situations,
        banned_phrases=banned_phrases,
        backoff_days=backoff_days,
        network=network,
        rubric=read_rubric(folder),
        message_rubric=read_message_rubric(folder),
        crisis=read_file("crisis.toml", folder, Crisis),
        activities=read_file("activities.toml", folder, Activities).activities,
        plan=plan,
        outcomes=outcomes,
    )


def _check_folder(folder: Path) -> None:
    """Refuse a folder that is none, and a file whose name is not that of a content file: it would never be read."""
    if not folder.is_dir():
        raise ContentError(f"COURSE_CONTENT: there is no folder {folder}")
    for path in sorted(folder.glob("*.toml")):
        if path.name not in FILES:
            raise ContentError(f"COURSE_CONTENT: {path.name} is not a content file; their names are {', '.join(FILES)}")
