"""activities.toml: five minutes of class for each obstacle that members name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.coaching.goals import Obstacle
from bot.coaching.limits import Between

ACTIVITY_TITLE_LIMIT, ACTIVITY_LIMIT = 40, 220


@dataclass(frozen=True, slots=True)
class Activity:
    """Five minutes of class about an obstacle."""

    title: Annotated[str, Between(1, ACTIVITY_TITLE_LIMIT)]
    text: Annotated[str, Between(1, ACTIVITY_LIMIT)]


@dataclass(frozen=True, slots=True)
class Activities:
    """The file: one activity for each obstacle."""

    activities: Mapping[Obstacle, Activity]
