"""The words a member reads: content files, read into the values that the rules take or refused with one sentence."""

import re
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TypeVar, cast

from bot.coaching.cohort import NAME_LIMIT as COURSE_LIMIT
from bot.coaching.focus import FIELD_LIMIT, MAX_FIELDS, Connection
from bot.coaching.footprint import Checklist, Item, Override, Section, Severity, Track
from bot.coaching.goals import (
    FEWEST_WEEKS,
    MOST_WEEKS,
    PLAN_LIMIT,
    TITLE_LIMIT,
    Direction,
    GoalType,
    Kind,
    Obstacle,
    ObstacleWords,
    PlanHint,
    Template,
    Vocabulary,
    is_if_then,
    plan_hints,
)
from bot.coaching.log import DEFAULT_KIND
from bot.coaching.momentum import LAST_WEEKS
from bot.coaching.network import ALERT_WORD_LIMIT, NICKNAME_LIMIT, Category, NetworkWords, Stage, StageWords, Starter
from bot.coaching.next_action import FIELD, GOAL, OCCASIONS, RULES, Occasion, Rule
from bot.coaching.nudges import LONGEST_COOLDOWN, STOPS_AFTER, TEXT_LIMIT, Button, Situation, placeholders
from bot.coaching.opportunities import TITLE_LIMIT as OPENING_LIMIT
from bot.coaching.snapshot import PLACEHOLDERS
from prompts.bios import Rubric, read_rubric

FILES = (
    "checklist.toml",
    "goals.toml",
    "network.toml",
    "nudges.toml",
    "next_action.toml",
    "bio_rubric.toml",
    "activities.toml",
)

BUTTONS = (
    "done",
    "another_day",
    "smaller",
    "pause",
    "set_focus",
    "new_goal",
    "review_goal",
    "add_line",
    "see_week",
    "item_fine",
    "item_fixed",
    "item_not_for_me",
    "open_item",
    "nudge_settings",
    "go_on",
    "two_more_weeks",
    "weekly",
    "every_2_weeks",
    "monthly",
    "stop",
    "obstacle_time",
    "obstacle_nerves",
    "obstacle_words",
    "obstacle_other",
    "words",
    "rest_contact",
    "let_go",
    "alert_keep",
    "alert_remove",
    "add_contact",
)
"""What a button of a nudge can do; each id has its handler."""

LABEL_LIMIT = 80
"""Most characters of a label: Discord's limit for a button, below its 100 for an option."""
WHY_LIMIT = 200
BECAUSE_LIMIT = 120
STEP_LIMIT = 150
OBSTACLE_LIMIT = 120
STARTER_LIMIT = 600
ACTIVITY_TITLE_LIMIT, ACTIVITY_LIMIT = 40, 220
MOST_VERBS = 400
MOST_OPTIONS = 25
"""Most entries of one of Discord's menus."""
MOST_TRACKS = MOST_OPTIONS - 1
"""The menu of tracks has one more option: no particular profession."""
MOST_BUTTONS = 4
MOST_RECHECK_MONTHS = 24
MOST_MINUTES = 120
SOONEST_TOUCH, LATEST_TOUCH = 7, 365
"""Days after which a relation may be said to cool."""
ANSWERING = ("focus",)
"""The features that can answer a checklist item by being used."""
GOAL_KINDS = "goal"
"""Stands for the goal's own kinds among what *Done* may log."""
ANY_PLACE = "any"
"""Stands for all rules among the places of an occasion."""

LONGEST: Mapping[str, str] = {
    "n": "<@" + 20 * "9" + ">",
    "act": LABEL_LIMIT * "x",
    "mins": str(MOST_MINUTES),
    "why": BECAUSE_LIMIT * "x",
    "plan": PLAN_LIMIT * "x",
    "goal": TITLE_LIMIT * "x",
    "field": (MAX_FIELDS * FIELD_LIMIT + len(" & ")) * "x",
    "did": "999",
    "target": "99",
    "progress": "999",
    "item": LABEL_LIMIT * "x",
    # Every character may need a backslash to be shown as written.
    "who": 2 * NICKNAME_LIMIT * "x",
    "opening": 2 * OPENING_LIMIT * "x",
    "days": "9999",
    "day": "Wednesday",
    "time": "00:00 (America/Argentina/ComodRivadavia)",
    "until": "Wednesday 30 September 2026",
    "course": 2 * COURSE_LIMIT * "x",
    "alert": 2 * (3 * ALERT_WORD_LIMIT + len('"" "" ""')) * "x",
    "active": str(LAST_WEEKS),
    "weeks": str(LAST_WEEKS),
}
"""Every placeholder of a nudge with its longest value; `progress` is `did` when that is not 0."""

_ALWAYS = frozenset({"n", "active", "weeks"})
_STEP = frozenset({"act", "mins", "why"})
_SUBJECTS = tuple(PLACEHOLDERS.values())
GUARANTEED: Mapping[str, frozenset[str]] = {
    **{one.id: _ALWAYS | _STEP | one.gives for one in RULES},
    **{one.id: _ALWAYS | one.gives for one in OCCASIONS},
}
"""The placeholders that always have a value when a rule is chosen or an occasion is met, because it asks for the fact.

Those of an occasion are without its step and its places: see `given_by`.
"""
UNPROMPTED: Mapping[str, frozenset[str]] = {
    "hello": frozenset({"n", "day", "time"}),
    "late": frozenset({"day", "time"}),
    "reminder": frozenset({"n", "act", "mins"}),
    "discreet": frozenset({"n"}),
    "parcel": frozenset({"n", "course", "until"}),
    "parcel_last": frozenset({"n", "course", "until"}),
}
"""The situations of neither a rule nor an occasion, each with the placeholders that always have a value there."""

_ID = re.compile(r"[a-z0-9_.-]{1,40}")
_STANCES = ("strict", "standard", "open")
_T = TypeVar("_T")
_Choice = TypeVar("_Choice", bound=StrEnum)


class ContentError(Exception):
    """A content file that cannot be used; the message names the file, the entry and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Five minutes of class about an obstacle."""

    title: str
    text: str


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
    activities: Mapping[Obstacle, Activity]


def load_content(folder: Path | None = None) -> Content:
    """Return the packaged content, with each file that stands in `folder` read instead of the packaged one.

    `folder` is the course's own (setting COURSE_CONTENT). Raises ContentError.
    """
    if folder is not None:
        _check_folder(folder)
    vocabulary = _read("goals.toml", folder, _vocabulary)
    _check_kept(vocabulary, _read("goals.toml", None, _vocabulary))
    network = _read("network.toml", folder, _network)
    _check_starters_kept(network, _read("network.toml", None, _network))
    situations, banned_phrases = _read("nudges.toml", folder, _nudges)
    known = _Known(vocabulary.kinds, situations, network.starters)
    rules, occasions, backoff_days = _read("next_action.toml", folder, partial(_next_action, known))
    _check_situations(situations, rules, occasions)
    checklist = _read("checklist.toml", folder, _checklist)
    rubric = _read("bio_rubric.toml", folder, read_rubric)
    activities = _read("activities.toml", folder, _activities)
    return Content(
        checklist,
        vocabulary,
        rules,
        occasions,
        situations,
        banned_phrases,
        backoff_days,
        network,
        rubric,
        activities,
    )


def given_by(occasion: Occasion) -> frozenset[str]:
    """Return the placeholders that have a value whichever rule's place an occasion takes.

    Beside its own, those of its step, and what all its places know of the goal and the focus: what a rule's step is
    about is told by the rule's own texts.
    """
    of_member = frozenset(
        name for name in GOAL | FIELD if all(name in GUARANTEED[rule_id] for rule_id in occasion.places)
    )
    step = _STEP if occasion.tells_rule or occasion.action else frozenset[str]()
    return GUARANTEED[occasion.id] | step | of_member


class _Entry:
    """A table of a content file: knows where it stands, hands out each key once, and refuses what does not fit."""

    def __init__(self, where: str, table: Mapping[str, object]) -> None:
        self.where = where
        self._left = dict(table)

    def wrong(self, problem: str) -> ContentError:
        """Return the error that names this entry."""
        return ContentError(f"{self.where}: {problem}")

    def end(self) -> None:
        """Refuse the keys that nothing asked for."""
        for key in self._left:
            raise self.wrong(f'the key "{key}" is unknown')

    def has(self, key: str) -> bool:
        """Return whether the key is there and not yet read."""
        return key in self._left

    def left(self) -> tuple[str, ...]:
        """Return the keys that are not yet read."""
        return tuple(self._left)

    def text(self, key: str, limit: int) -> str:
        """Return a text of 1 to `limit` characters without outer spaces."""
        return self._fitting(key, self._take(key), limit)

    def texts(self, key: str, limit: int, least: int = 1, most: int = 100) -> tuple[str, ...]:
        """Return a list of different texts."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self.wrong(f"{key} must be a list of texts, not {_shown(value)}")
        texts = [self._fitting(f"every entry of {key}", text, limit) for text in cast("list[object]", value)]
        self._no_twins(key, texts)
        return self.counted(key, tuple(texts), least, most)

    def number(self, key: str, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(f"{key} must be a whole number from {low} to {high}, not {_shown(value)}")
        return value

    def numbers(self, key: str, low: int, high: int, *, least: int, most: int) -> tuple[int, ...]:
        """Return a list of whole numbers from `low` to `high`."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self.wrong(f"{key} must be a list of whole numbers, not {_shown(value)}")
        numbers = tuple(cast("list[object]", value))
        for number in numbers:
            if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
                raise self.wrong(
                    f"every entry of {key} must be a whole number from {low} to {high}, not {_shown(number)}"
                )
        return self.counted(key, cast("tuple[int, ...]", numbers), least, most)

    def flag(self, key: str) -> bool:
        """Return true or false; a key that is not there is false."""
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{key} must be true or false, not {_shown(value)}")
        return value

    def texts_for(self, key: str, what: str, names: type[_Choice], limit: int) -> dict[_Choice, str]:
        """Return a table with a text for some of `names`; a key that is not there is an empty one."""
        if not self.has(key):
            return {}
        table = self._inner(key, self._take(key))
        known = [str(name) for name in names]
        return {names(self.reference(what, name, known)): table.text(name, limit) for name in table.left()}

    def choice(self, key: str, choices: type[_Choice]) -> _Choice:
        """Return the member of `choices` that the key names."""
        return choices(self.reference(key, self.text(key, LABEL_LIMIT), [str(choice) for choice in choices]))

    def reference(self, what: str, name: str, known: Collection[str]) -> str:
        """Return `name` if it is one of those `known`."""
        if name in known:
            return name
        close = get_close_matches(name, known, 1)
        hint = f'; did you mean "{close[0]}"?' if close else f"; there are {', '.join(known)}"
        raise self.wrong(f'there is no {what} "{name}"{hint if close or len(known) <= MOST_OPTIONS else ""}')

    def counted(self, what: str, found: _T, least: int, most: int) -> _T:
        """Return the collection `found` if it has `least` to `most` entries."""
        count = len(cast("Collection[object]", found))
        if not least <= count <= most:
            raise self.wrong(f"{what} must have {least} to {most} entries, not {count}")
        return found

    def each(
        self,
        key: str,
        what: str,
        build: Callable[[str, "_Entry"], _T],
        *,
        least: int = 1,
        most: int = MOST_OPTIONS,
        ids: Collection[str] | None = None,
    ) -> dict[str, _T]:
        """Return what `build` makes of each entry under `key`, by id: tables in a list, or tables in a table.

        `ids` are those that the entries may have; None allows any that reads like one.
        """
        entries = self._entries(key, what)
        self._no_twins(key, [entry_id for entry_id, _ in entries])
        built: dict[str, _T] = {}
        for entry_id, entry in entries:
            if ids is not None:
                self.reference(what, entry_id, ids)
            elif not _ID.fullmatch(entry_id):
                raise entry.wrong('an id has 1 to 40 characters out of a-z, 0-9, ".", "_" and "-"')
            built[entry_id] = build(entry_id, entry)
            entry.end()
        return self.counted(key, built, least, most)

    def each_of(
        self, key: str, what: str, members: type[_Choice], build: Callable[[str, "_Entry"], _T]
    ) -> dict[_Choice, _T]:
        """Return what `build` makes of the entry of each of `members`, in their order; refuse when one is missing."""
        built = self.each(key, what, build, most=len(members), ids=[str(one) for one in members])
        for one in members:
            if one not in built:
                raise self.wrong(f'{what} "{one}" is missing')
        return {one: built[one] for one in members}

    def _entries(self, key: str, what: str) -> list[tuple[str, "_Entry"]]:
        value = self._take(key)
        if isinstance(value, dict):
            tables = cast("dict[str, object]", value)
            return [(name, self._inner(f'{what} "{name}"', table)) for name, table in tables.items()]
        if isinstance(value, list):
            listed = enumerate(cast("list[object]", value), 1)
            return [self._listed(what, self._inner(f"{what} {place}", table)) for place, table in listed]
        raise self.wrong(f"{key} must be a list of tables, not {_shown(value)}")

    def _listed(self, what: str, entry: "_Entry") -> tuple[str, "_Entry"]:
        entry_id = entry.text("id", LABEL_LIMIT)
        entry.where = f'{self.where}, {what} "{entry_id}"'
        return entry_id, entry

    def _inner(self, place: str, value: object) -> "_Entry":
        if not isinstance(value, dict):
            raise self.wrong(f"{place} must be a table, not {_shown(value)}")
        return _Entry(f"{self.where}, {place}", cast("dict[str, object]", value))

    def _take(self, key: str) -> object:
        if key not in self._left:
            raise self.wrong(f"{key} is missing")
        return self._left.pop(key)

    def _fitting(self, what: str, value: object, limit: int) -> str:
        if not isinstance(value, str):
            raise self.wrong(f"{what} must be a text, not {_shown(value)}")
        text = value.strip()
        if not text:
            raise self.wrong(f"{what} must not be empty")
        if len(text) > limit:
            raise self.wrong(f"{what} may have {limit} characters, and {_shown(text)} has {len(text)}")
        return text

    def _no_twins(self, key: str, names: Sequence[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                raise self.wrong(f"{key} has {_shown(name)} {count} times")


def _shown(value: object) -> str:
    """Return a value as a sentence can show it."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            line = " ".join(value.split())
            return f'"{line if len(line) <= LABEL_LIMIT else line[:LABEL_LIMIT] + "…"}"'
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return str(value)


def _check_folder(folder: Path) -> None:
    """Refuse a folder that is none, and a file whose name is not that of a content file: it would never be read."""
    if not folder.is_dir():
        raise ContentError(f"COURSE_CONTENT: there is no folder {folder}")
    for path in sorted(folder.glob("*.toml")):
        if path.name not in FILES:
            raise ContentError(f"COURSE_CONTENT: {path.name} is not a content file; their names are {', '.join(FILES)}")


def _read(name: str, folder: Path | None, build: Callable[[_Entry], _T]) -> _T:
    own = folder / name if folder is not None else None
    try:
        source = own if own is not None and own.exists() else resources.files(__name__) / name
        file = _Entry(name, tomllib.loads(source.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise ContentError(f"{name}: the file cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ContentError(f"{name}: the file is not saved as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{name}: this is not TOML: {error}") from None
    value = build(file)
    file.end()
    return value


# checklist.toml


def _checklist(file: _Entry) -> Checklist:
    sections = file.each("sections", "section", lambda key, entry: Section(key, entry.text("title", LABEL_LIMIT)))
    items = file.each("items", "item", partial(_item, sections), most=MOST_OPTIONS * MOST_OPTIONS)
    for section in sections:
        in_section = [item for item in items.values() if item.section == section]
        file.counted(f'section "{section}"', in_section, 1, MOST_OPTIONS)
    quick_start = file.texts("quick_start", LABEL_LIMIT, most=MOST_OPTIONS)
    findable = file.texts("findable", LABEL_LIMIT, least=0, most=len(items))
    for item_id in (*quick_start, *findable):
        file.reference("item", item_id, items)
    return Checklist(
        sections=tuple(sections.values()),
        items=tuple(items.values()),
        quick_start=quick_start,
        tracks=file.each("tracks", "track", partial(_track, items), most=MOST_TRACKS),
        findable=frozenset(findable),
    )


def _item(sections: Collection[str], item_id: str, entry: _Entry) -> Item:
    return Item(
        id=item_id,
        section=entry.reference("section", entry.text("section", LABEL_LIMIT), sections),
        title=entry.text("title", LABEL_LIMIT),
        severity=entry.choice("severity", Severity),
        minutes=entry.number("minutes", 1, MOST_MINUTES),
        recheck_months=entry.number("recheck_months", 0, MOST_RECHECK_MONTHS),
        why=entry.text("why", WHY_LIMIT),
        steps=entry.texts("steps", STEP_LIMIT, most=8),
        done_when=entry.text("done_when", STEP_LIMIT),
        sources=entry.texts("sources", LABEL_LIMIT),
        answered_by=_feature(entry) if entry.has("answered_by") else None,
    )


def _feature(entry: _Entry) -> str:
    return entry.reference("feature", entry.text("answered_by", LABEL_LIMIT), ANSWERING)


def _track(items: Collection[str], track_id: str, entry: _Entry) -> Track:
    return Track(
        id=track_id,
        label=entry.text("label", LABEL_LIMIT),
        stance=entry.reference("stance", entry.text("stance", LABEL_LIMIT), _STANCES),
        overrides=entry.each("overrides", "item", _override, least=0, most=len(items), ids=items),
    )


def _override(_: str, entry: _Entry) -> Override:
    return Override(
        severity=entry.choice("severity", Severity) if entry.has("severity") else None,
        recheck_months=entry.number("recheck_months", 0, MOST_RECHECK_MONTHS) if entry.has("recheck_months") else None,
        extra_step=entry.text("extra_step", STEP_LIMIT) if entry.has("extra_step") else None,
    )


# goals.toml


def _vocabulary(file: _Entry) -> Vocabulary:
    kinds = file.each("actions", "action", _kind)
    file.reference("action", DEFAULT_KIND, kinds)
    types = file.each("goal_types", "goal type", partial(_goal_type, kinds))
    verbs = frozenset(file.texts("verbs", LABEL_LIMIT, most=MOST_VERBS))
    for verb in sorted(verbs):
        if not re.fullmatch(r"[a-z]+", verb):
            raise file.wrong(f"a verb is one word out of a-z, not {_shown(verb)}")
    templates = file.each("templates", "template", partial(_template, types, verbs))
    return Vocabulary(types, kinds, templates, file.each_of("obstacles", "obstacle", Obstacle, _obstacle), verbs)


def _check_kept(own: Vocabulary, packaged: Vocabulary) -> None:
    """Refuse a course's file that drops an id of the packaged one: members' goals and logs name it."""
    for what, ids, kept in (
        ("action", own.kinds, packaged.kinds),
        ("goal type", own.types, packaged.types),
    ):
        for gone in sorted(kept.keys() - ids.keys()):
            raise ContentError(f'goals.toml: {what} "{gone}" is missing; goals and logs may name it, so it stays')


def _kind(kind_id: str, entry: _Entry) -> Kind:
    return Kind(
        id=kind_id,
        label=entry.text("label", LABEL_LIMIT),
        direction=entry.choice("direction", Direction),
        minutes=entry.number("minutes", 1, MOST_MINUTES),
    )


def _goal_type(kinds: Collection[str], type_id: str, entry: _Entry) -> GoalType:
    most = entry.number("max_per_week", 1, 14)
    return GoalType(
        id=type_id,
        label=entry.text("label", LABEL_LIMIT),
        benefit=entry.text("benefit", LABEL_LIMIT),
        verb=entry.text("verb", LABEL_LIMIT),
        counted_actions=tuple(
            entry.reference("action", kind, kinds) for kind in entry.texts("counted_actions", LABEL_LIMIT)
        ),
        unit=entry.text("unit", LABEL_LIMIT),
        default_per_week=entry.number("default_per_week", 1, most),
        max_per_week=most,
        outcome_evidence=entry.text("outcome_evidence", STEP_LIMIT),
    )


def _template(types: Mapping[str, GoalType], verbs: Collection[str], template_id: str, entry: _Entry) -> Template:
    goal_type = entry.reference("goal type", entry.text("type", LABEL_LIMIT), types)
    categories = [str(category) for category in Category]
    return Template(
        id=template_id,
        label=entry.text("label", LABEL_LIMIT),
        focus=entry.text("focus", LABEL_LIMIT),
        goal=entry.text("goal", TITLE_LIMIT),
        type=goal_type,
        target=entry.number("target", 1, types[goal_type].max_per_week),
        weeks=entry.number("weeks", FEWEST_WEEKS, MOST_WEEKS),
        spaces=entry.texts("spaces", LABEL_LIMIT, most=8),
        who=tuple(entry.reference("category", one, categories) for one in entry.texts("who", LABEL_LIMIT)),
        if_then=_plan(entry, "if_then", verbs),
        obstacle=entry.text("obstacle", OBSTACLE_LIMIT),
        obstacle_plan=_plan(entry, "obstacle_plan", verbs),
        rule=entry.text("rule", STEP_LIMIT),
        ties=entry.text("ties", STEP_LIMIT),
    )


def _plan(entry: _Entry, key: str, verbs: Collection[str]) -> str:
    """Return an if-then line that lacks nothing that a member's own line would get a hint about."""
    plan = entry.text(key, PLAN_LIMIT)
    lacking: Mapping[PlanHint, str] = {
        PlanHint.FORM: 'must read "If …, then I will …"',
        PlanHint.CUE: "must name a moment that can be noticed, such as a day or an event",
        PlanHint.ACT: 'must have one of the verbs after "I will"',
    }
    for hint in plan_hints(plan, verbs):
        raise entry.wrong(f"{key} {lacking[hint]}, not {_shown(plan)}")
    return plan


def _obstacle(_: str, entry: _Entry) -> ObstacleWords:
    label, plan = entry.text("label", LABEL_LIMIT), entry.text("plan", PLAN_LIMIT)
    if not is_if_then(plan):
        raise entry.wrong(f'plan must read "If …, then I will …", not {_shown(plan)}')
    return ObstacleWords(label, plan)


# network.toml


def _network(file: _Entry) -> NetworkWords:
    return NetworkWords(
        categories=file.each_of("categories", "category", Category, lambda _, entry: entry.text("label", LABEL_LIMIT)),
        stages=file.each_of("stages", "stage", Stage, _stage),
        starters=file.each("starters", "starter", _starter),
    )


def _stage(_: str, entry: _Entry) -> StageWords:
    return StageWords(
        means=entry.text("means", STEP_LIMIT),
        next=entry.text("next", STEP_LIMIT),
        touch_days=entry.number("touch_days", SOONEST_TOUCH, LATEST_TOUCH) if entry.has("touch_days") else None,
    )


def _starter(starter_id: str, entry: _Entry) -> Starter:
    return Starter(starter_id, entry.text("when", LABEL_LIMIT), entry.text("text", STARTER_LIMIT))


def _check_starters_kept(own: NetworkWords, packaged: NetworkWords) -> None:
    """Refuse a course's file that drops a first message of the packaged one: cards and rules offer it by its id."""
    for gone in sorted(packaged.starters.keys() - own.starters.keys()):
        raise ContentError(f'network.toml: starter "{gone}" is missing; cards offer it, so it stays')


# activities.toml


def _activities(file: _Entry) -> dict[Obstacle, Activity]:
    return file.each_of(
        "activities",
        "obstacle",
        Obstacle,
        lambda _, entry: Activity(entry.text("title", ACTIVITY_TITLE_LIMIT), entry.text("text", ACTIVITY_LIMIT)),
    )


# nudges.toml and next_action.toml


def _nudges(file: _Entry) -> tuple[Mapping[str, Situation], tuple[str, ...]]:
    usual = _buttons("default_buttons", file)
    situations = file.each("situations", "situation", partial(_situation, usual), most=100)
    for needed in UNPROMPTED:
        file.reference("situation", needed, situations)
    return situations, file.texts("banned_phrases", LABEL_LIMIT)


def _buttons(key: str, entry: _Entry) -> tuple[Button, ...]:
    def button(button_id: str, entry: _Entry) -> Button:
        return Button(button_id, entry.text("label", LABEL_LIMIT))

    return tuple(entry.each(key, "button", button, least=0, most=MOST_BUTTONS, ids=BUTTONS).values())


def _situation(usual: tuple[Button, ...], situation_id: str, entry: _Entry) -> Situation:
    texts = entry.texts("texts", TEXT_LIMIT)
    for text in texts:
        _check_placeholders(entry, text)
    return Situation(situation_id, texts, _buttons("buttons", entry) if entry.has("buttons") else usual)


def _check_placeholders(entry: _Entry, text: str) -> None:
    try:
        fields = [field for field in string.Formatter().parse(text) if field[1] is not None]
    except ValueError as error:
        raise entry.wrong(f"the braces in {_shown(text)} cannot be read ({error})") from None
    for _, name, spec, conversion in fields:
        if name not in LONGEST or spec or conversion:
            known = ", ".join(f"{{{known}}}" for known in LONGEST)
            raise entry.wrong(f"there is no placeholder {{{name}}}; there are {known}")
    if (length := len(text.format_map(LONGEST))) > TEXT_LIMIT:
        raise entry.wrong(f"filled, a text may have {TEXT_LIMIT} characters, and {_shown(text)} can have {length}")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rules and occasions may name: kinds of action, situations, first messages."""

    kinds: Collection[str]
    situations: Collection[str]
    starters: Collection[str]


def _next_action(known: _Known, file: _Entry) -> tuple[Mapping[str, Rule], Mapping[str, Occasion], tuple[int, ...]]:
    rules = _complete("rule", [one.id for one in RULES], partial(_rule, known), file)
    occasions = _complete("occasion", [one.id for one in OCCASIONS], partial(_occasion, known), file)
    return rules, occasions, file.numbers("backoff_days", 7, 84, least=STOPS_AFTER, most=STOPS_AFTER)


def _complete(what: str, ids: Sequence[str], build: Callable[[str, _Entry], _T], file: _Entry) -> dict[str, _T]:
    """Return one entry for each of the ids that the code knows, in the order of the code."""
    built = file.each(f"{what}s", what, build, most=len(ids), ids=ids)
    for one in ids:
        if one not in built:
            raise file.wrong(f'{what} "{one}" is missing')
    return {one: built[one] for one in ids}


def _rule(known: _Known, rule_id: str, entry: _Entry) -> Rule:
    return Rule(
        id=rule_id,
        situation=entry.reference("situation", entry.text("situation", LABEL_LIMIT), known.situations),
        action=entry.text("action", LABEL_LIMIT),
        minutes=entry.number("minutes", 1, MOST_MINUTES),
        because=entry.text("because", BECAUSE_LIMIT),
        cooldown_nudges=entry.number("cooldown_nudges", 0, LONGEST_COOLDOWN),
        done=_done(known, entry),
        smaller=_optional(entry, "smaller"),
        starter=_named_starter(known, entry),
        tiny=entry.flag("tiny"),
        because_for=entry.texts_for("because_for", "connection", Connection, BECAUSE_LIMIT),
    )


def _occasion(known: _Known, occasion_id: str, entry: _Entry) -> Occasion:
    entry.reference("situation", occasion_id, known.situations)
    entry.text("when", BECAUSE_LIMIT)  # for the reader of the file: what is met when is code
    tells_rule = entry.flag("tells_rule")
    has_action = entry.has("action")
    for key in ("action", "minutes", "done", "smaller", "starter"):
        if entry.has(key) and (tells_rule or not has_action):
            reason = "it tells the rule's own step" if tells_rule else "it has no action"
            raise entry.wrong(f"{reason}, so it has no {key} either")
    return Occasion(
        id=occasion_id,
        places=_places(entry),
        because=entry.text("because", BECAUSE_LIMIT),
        cooldown_nudges=entry.number("cooldown_nudges", 0, LONGEST_COOLDOWN),
        tells_rule=tells_rule,
        action=_optional(entry, "action"),
        minutes=entry.number("minutes", 1, MOST_MINUTES) if has_action else 0,
        done=_done(known, entry),
        smaller=_optional(entry, "smaller"),
        starter=_named_starter(known, entry),
    )


def _places(entry: _Entry) -> frozenset[str]:
    rule_ids = [one.id for one in RULES]
    places = entry.texts("places", LABEL_LIMIT)
    if places == (ANY_PLACE,):
        return frozenset(rule_ids)
    return frozenset(entry.reference("rule", place, rule_ids) for place in places)


def _done(known: _Known, entry: _Entry) -> tuple[str, ...]:
    if not entry.has("done"):
        return ()
    kinds = entry.texts("done", LABEL_LIMIT, most=MOST_BUTTONS)
    return tuple(entry.reference("action", kind, (GOAL_KINDS, *known.kinds)) for kind in kinds)


def _optional(entry: _Entry, key: str) -> str | None:
    return entry.text(key, LABEL_LIMIT) if entry.has(key) else None


def _named_starter(known: _Known, entry: _Entry) -> str | None:
    named = _optional(entry, "starter")
    return None if named is None else entry.reference("starter", named, known.starters)


def _check_situations(
    situations: Mapping[str, Situation], rules: Mapping[str, Rule], occasions: Mapping[str, Occasion]
) -> None:
    """Refuse a situation that could be chosen and then not be filled, or whose buttons could not do what they say."""
    for situation_id, given in UNPROMPTED.items():
        _check_fillable(situations[situation_id], given, "it")
    for rule in rules.values():
        _check_told(situations[rule.situation], rule, GUARANTEED[rule.id], f"rule {rule.id}")
    for occasion in occasions.values():
        situation = situations[occasion.id]
        if occasion.tells_rule and situation.buttons:
            raise _wrong(situation, "it has the buttons of the rule whose step it tells, so it says buttons = []")
        _check_told(situation, occasion, given_by(occasion), "the occasion")


def _check_told(situation: Situation, speaker: Rule | Occasion, given: frozenset[str], who: str) -> None:
    _check_fillable(situation, given, who)
    for button in situation.buttons:
        lacks, can_act = _BUTTON_NEEDS.get(button.id, ("", _always))
        if not can_act(speaker, given):
            raise _wrong(situation, f'the button "{button.id}" has {lacks} for {who}')
    for subject in _SUBJECTS:
        if subject in given and not all(subject in placeholders(text) for text in situation.texts):
            raise _wrong(situation, f"every text names {{{subject}}}, because {who} is about one")


def _always(_: Rule | Occasion, __: frozenset[str]) -> bool:
    return True


def _has_smaller(speaker: Rule | Occasion, _: frozenset[str]) -> bool:
    """Return whether there is a version of five minutes: one of its own, or the goal's."""
    return bool(speaker.smaller) or GOAL_KINDS in speaker.done or (isinstance(speaker, Rule) and speaker.tiny)


# What a button has to have to do what it says: the words for its lack, and whether it is there.
_BUTTON_NEEDS: Mapping[str, tuple[str, Callable[[Rule | Occasion, frozenset[str]], bool]]] = {
    "done": ("nothing to log", lambda speaker, _: bool(speaker.done)),
    "smaller": ("no smaller version", _has_smaller),
    "words": ("no first message", lambda speaker, _: speaker.starter is not None),
    "rest_contact": ("no person", lambda _, given: "who" in given),
    "let_go": ("no opening", lambda _, given: "opening" in given),
    **dict.fromkeys(
        ("item_fine", "item_fixed", "item_not_for_me", "open_item"), ("no item", lambda _, given: "item" in given)
    ),
    **dict.fromkeys(
        ("review_goal", "obstacle_time", "obstacle_nerves", "obstacle_words", "obstacle_other"),
        ("no goal", lambda _, given: "goal" in given),
    ),
    **dict.fromkeys(("alert_keep", "alert_remove"), ("no alert", lambda _, given: "alert" in given)),
}


def _check_fillable(situation: Situation, given: frozenset[str], who: str) -> None:
    if not any(placeholders(text) <= given for text in situation.texts):
        known = ", ".join(f"{{{name}}}" for name in LONGEST if name in given)
        raise _wrong(situation, f"{who} needs one text with no other placeholders than {known}")


def _wrong(situation: Situation, problem: str) -> ContentError:
    return ContentError(f'nudges.toml, situation "{situation.id}": {problem}')
