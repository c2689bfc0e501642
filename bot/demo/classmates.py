"""The rest of the demo's class: nobody plays them, so a line each says who they are and how busy their weeks were."""

from dataclasses import replace
from typing import Final

from bot.coaching.focus import FocusDraft
from bot.coaching.goals import GoalDraft, Obstacle
from bot.demo.students import CLASS, Student

ASK: Final = GoalDraft(
    "connect",
    "Ask one question a week among people who do this work",
    1,
    "If it is Tuesday after lunch, then I will ask one question under a post of my field.",
    8,
)
READ: Final = GoalDraft(
    "learn",
    "Keep two ideas a week from people who know more",
    2,
    "If I sit on the bus home on Thursday, then I will read one post and note one line.",
    8,
)
SHOW: Final = GoalDraft(
    "visible",
    "Show one thing I made each week",
    1,
    "If I finish a draft on Friday, then I will post one picture with a question.",
    8,
)
APPLY: Final = GoalDraft(
    "opportunity",
    "Write to one place a week where I could learn",
    1,
    "If it is Sunday at five, then I will send one short request and log it.",
    8,
)
TIME, NERVES, NOT_READY = Obstacle.TIME, Obstacle.NERVES, Obstacle.NOT_READY


def _one(
    name: str, joins: int, field: str | None, wish: tuple[GoalDraft, Obstacle] | None, logs: str, items: str
) -> Student:
    focus = None if field is None else FocusDraft(field, season="exploring")
    goal = None if wish is None else replace(wish[0], obstacle=wish[1])
    return Student(name, joins, focus, goal, logs=logs, items=items)


CLASSMATES: Final = (
    _one("Lucia Fernandez", 0, "speech therapy", (ASK, NERVES), "101101101101", "21011"),
    _one("Mateo Silva", 0, "urban planning", (READ, TIME), "110100100100", "3001"),
    _one("Nadia Rahman", 0, "microbiology", (ASK, NERVES), "011110110110", "12101"),
    _one("Oskar Lind", 1, "carpentry, restoration", (SHOW, TIME), "100100010010", "21"),
    _one("Priya Nair", 1, "machine learning", (SHOW, NOT_READY), "111111111111", "22211"),
    _one("Quentin Dubois", 1, "translation", (APPLY, NERVES), "010001000100", "2"),
    _one("Rosa Mbeki", 1, "midwifery", (ASK, TIME), "101011010101", "31010"),
    _one("Sami Virtanen", 2, "forestry", (READ, TIME), "111000111000", "2101"),
    _one("Tomasz Zielinski", 2, "logistics", (APPLY, TIME), "010100101010", "12"),
    _one("Uma Krishnan", 2, "nutrition", (ASK, NERVES), "110110110110", "20111"),
    _one("Viktor Petrov", 2, "accounting", None, "1", "11"),
    _one("Wanjiru Kamau", 3, "water engineering", (APPLY, NOT_READY), "011101110111", "32001"),
    _one("Xin Chen", 3, "interaction design", (SHOW, NOT_READY), "101101101101", "13011"),
    _one("Yusuf Aydin", 3, "journalism", (ASK, TIME), "110001100011", "2"),
    _one("Zoe Papadaki", 4, "archaeology", (READ, NOT_READY), "010101010101", "1101"),
    _one("Lars Berg", 4, "social work", None, "001", "2"),
    _one("Maya Levi", 4, None, None, "", "1"),
)
EVERYBODY: Final = (*CLASS, *CLASSMATES)
