"""nudges.toml: the texts of a nudge by situation, the buttons under them, and the phrases that no text uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bot.coaching.cohort import NAME_LIMIT as COURSE_LIMIT
from bot.coaching.course_plan import MOST_TEACHING_WEEKS, THEME_LIMIT
from bot.coaching.focus import FIELD_LIMIT, PURPOSE_LIMIT
from bot.coaching.goals import PLAN_LIMIT, TITLE_LIMIT
from bot.coaching.limits import BECAUSE_LIMIT, LABEL_LIMIT, MOST_BUTTONS, MOST_MINUTES, Between
from bot.coaching.momentum import LAST_WEEKS
from bot.coaching.network import ALERT_WORD_LIMIT, KIND_LIMIT, NICKNAME_LIMIT, SPACE_LIMIT
from bot.coaching.next_action import COURSE_TEXT_LIMIT
from bot.coaching.nudges import TEXT_LIMIT, Button, Family, Situation
from bot.coaching.opportunities import TITLE_LIMIT as OPENING_LIMIT
from prompts.reading import ContentError, check_placeholders, inside, known, read_file, shown

FILE = "nudges.toml"

_BUTTONS = """
done another_day smaller pause set_focus new_goal review_goal add_line see_week item_fine item_fixed item_not_for_me
open_item nudge_settings go_on two_more_weeks weekly every_2_weeks monthly stop obstacle_time obstacle_nerves
obstacle_words obstacle_other keep_plan change_plan words rest_contact let_go alert_keep alert_remove add_contact
this_week
"""
BUTTONS = tuple(_BUTTONS.split())
"""What a button of a nudge can do; each id has its handler."""

LONGEST: Mapping[str, str] = {
    "n": "<@" + 20 * "9" + ">",
    "act": COURSE_TEXT_LIMIT * "x",
    "mins": str(MOST_MINUTES),
    "why": BECAUSE_LIMIT * "x",
    "plan": PLAN_LIMIT * "x",
    "hurdle": PLAN_LIMIT * "x",
    "goal": TITLE_LIMIT * "x",
    "field": FIELD_LIMIT * "x",
    "did": "999",
    "target": "99",
    "rate": "99 every two weeks",
    "span": "last seven days",
    "progress": "999",
    "item": LABEL_LIMIT * "x",
    # Every character may need a backslash to be shown as written.
    "who": 2 * NICKNAME_LIMIT * "x",
    "opening": 2 * OPENING_LIMIT * "x",
    "space": 2 * SPACE_LIMIT * "x",
    "kind": (KIND_LIMIT + FIELD_LIMIT) * "x",
    "where": KIND_LIMIT * "x",
    "ask": KIND_LIMIT * "x",
    "on": "Wednesday 30 September",
    "closes": "closes today, Wednesday 30 September",
    "in_field": (FIELD_LIMIT + len(" in ")) * "x",
    "purpose": PURPOSE_LIMIT * "x",
    "moment": 120 * "x",
    "day": "Wednesday",
    "time": "00:00 (America/Argentina/ComodRivadavia)",
    "until": "Wednesday 30 September 2026",
    "course": 2 * COURSE_LIMIT * "x",
    "alert": 2 * (3 * ALERT_WORD_LIMIT + len('"" "" ""')) * "x",
    "step": COURSE_TEXT_LIMIT * "x",
    "other": COURSE_TEXT_LIMIT * "x",
    "theme": 2 * THEME_LIMIT * "x",
    "number": str(MOST_TEACHING_WEEKS),
    "active": str(LAST_WEEKS),
    "weeks": str(LAST_WEEKS),
}
"""Every placeholder of a nudge with its longest value; `progress` is `did` where that is not 0."""
UNPROMPTED: Mapping[str, frozenset[str]] = {
    "hello": frozenset({"n", "day", "time"}),
    "late": frozenset({"day", "time"}),
    "reminder": frozenset({"n", "act", "mins", "on"}),
    "discreet": frozenset({"n"}),
    "parcel": frozenset({"n", "course", "until"}),
    "parcel_last": frozenset({"n", "course", "until"}),
}
"""The situations of no rule and no occasion, with the placeholders that always have a value there."""


@dataclass(frozen=True, slots=True)
class _Situation:
    texts: Annotated[Mapping[str, Annotated[str, Between(1, TEXT_LIMIT)]], Between(1, 25)]
    family: Family | None
    buttons: Annotated[tuple[Button, ...], Between(0, MOST_BUTTONS)] | None


@dataclass(frozen=True, slots=True)
class _File:
    default_buttons: Annotated[tuple[Button, ...], Between(0, MOST_BUTTONS)]
    situations: Annotated[Mapping[str, _Situation], Between(1, 100)]
    banned_phrases: tuple[str, ...]


def read_nudges(folder: Path | None) -> tuple[Mapping[str, Situation], tuple[str, ...]]:
    """Read the situations by id, and the banned phrases; raises ContentError."""
    file = read_file(FILE, folder, _File)
    situations: dict[str, Situation] = {}
    with inside(FILE):
        for situation_id, read in file.situations.items():
            with inside(f'situation "{situation_id}"'):
                for text in read.texts.values():
                    _check_text(text)
                buttons = file.default_buttons if read.buttons is None else read.buttons
                for button in buttons:
                    known("button", button.id, BUTTONS)
            texts = {f"{situation_id}.{number}": text for number, text in read.texts.items()}
            situations[situation_id] = Situation(situation_id, texts, buttons, read.family)
        for needed in UNPROMPTED:
            known("situation", needed, situations)
    return situations, file.banned_phrases


def _check_text(text: str) -> None:
    check_placeholders(text, LONGEST)
    if (length := len(text.format_map(LONGEST))) > TEXT_LIMIT:
        raise ContentError(f"filled, a text may have {TEXT_LIMIT} characters, and {shown(text)} can have {length}")
