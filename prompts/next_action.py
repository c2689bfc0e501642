"""next_action.toml: the words of each rule and occasion, checked against the texts that nudges.toml has for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from bot.coaching.limits import Between
from bot.coaching.next_action import COMES_FIRST, COURSE_STEP, FIELD, GOAL, LINE_ROOM, OCCASIONS, RULES, Occasion, Rule
from bot.coaching.nudges import STOPS_AFTER, TEXT_LIMIT, Situation, placeholders
from bot.coaching.snapshot import PLACEHOLDERS
from prompts.nudges import FILE as NUDGES
from prompts.nudges import LONGEST, UNPROMPTED
from prompts.reading import ContentError, exactly, inside, known, read_file, shown

_FILE = "next_action.toml"

GOAL_KINDS = "goal"
"""Stands for the goal's own kinds among what *Done* may log."""
ANY_PLACE = "any"
"""Stands for all rules among the places of an occasion."""
RULE_IDS = tuple(one.id for one in RULES)
PLACES = tuple(one for one in RULE_IDS if one != COURSE_STEP)
"""The rules whose place an occasion may take."""
OCCASION_IDS = tuple(one.id for one in OCCASIONS)

_ALWAYS = frozenset({"n", "in_field"})
_STEP = frozenset({"act", "mins", "why"})
_SUBJECTS = tuple(PLACEHOLDERS.values())  # what a nudge can be about; its texts have to name it
GUARANTEED: Mapping[str, frozenset[str]] = {
    **{one.id: _ALWAYS | _STEP | one.gives for one in RULES},
    **{one.id: _ALWAYS | one.gives for one in OCCASIONS},
}
"""The placeholders that always have a value when a rule or an occasion is chosen, because it asks for the fact.

For an occasion, its step and its places add to these: see `given_by`.
"""
# What a button needs to do what it says: something of the step, or a placeholder that always has a value.
_BUTTON_NEEDS: Mapping[str, str] = {
    "done": "done",
    "smaller": "smaller",
    "words": "starter",
    "rest_contact": "who",
    "let_go": "opening",
    **dict.fromkeys(("item_fine", "item_fixed", "item_not_for_me", "open_item"), "item"),
    **dict.fromkeys(("review_goal", "obstacle_time", "obstacle_nerves", "obstacle_words", "obstacle_other"), "goal"),
    **dict.fromkeys(("keep_plan", "change_plan"), "hurdle"),
    **dict.fromkeys(("alert_keep", "alert_remove"), "alert"),
}


@dataclass(frozen=True, slots=True)
class _File:
    backoff_days: Annotated[tuple[Annotated[int, Between(7, 84)], ...], Between(STOPS_AFTER, STOPS_AFTER)]
    rules: Annotated[Mapping[str, Rule], Between(1, len(RULES))]
    occasions: Annotated[Mapping[str, Occasion], Between(1, len(OCCASIONS))]


def read_next_action(
    folder: Path | None, kinds: Collection[str], starters: Collection[str], situations: Mapping[str, Situation]
) -> tuple[Mapping[str, Rule], Mapping[str, Occasion], tuple[int, ...]]:
    """Read rules and occasions by id, and the days between unanswered nudges.

    Args:
        folder: the course's own.
        kinds: the kinds of action that *Done* may log.
        starters: the first messages that a step may begin with.
        situations: the texts; each has to be one that can be filled, with buttons that can do what they say.

    Raises:
        ContentError: something is wrong with this file, or with a situation for it.
    """
    file = read_file(_FILE, folder, _File)
    with inside(_FILE):
        rules = exactly("rule", file.rules, RULE_IDS)
        occasions = exactly("occasion", file.occasions, OCCASION_IDS)
        for rule in rules.values():
            with inside(f'rule "{rule.id}"'):
                known("situation", rule.situation, situations)
                _check_step(rule, kinds, starters)
                _check_action(rule, GUARANTEED[rule.id])
        for occasion in occasions.values():
            with inside(f'occasion "{occasion.id}"'):
                known("situation", occasion.id, situations)
                _check_step(occasion, kinds, starters)
                _check_action(occasion, GUARANTEED[occasion.id])
                _check_occasion(occasion)
    everywhere = frozenset(PLACES)
    occasions = {
        occasion.id: replace(occasion, places=everywhere) if ANY_PLACE in occasion.places else occasion
        for occasion in occasions.values()
    }
    with inside(NUDGES):
        _check_situations(situations, rules, occasions)
    return rules, occasions, file.backoff_days


def _check_step(speaker: Rule | Occasion, kinds: Collection[str], starters: Collection[str]) -> None:
    for kind in speaker.done:
        known("action", kind, (GOAL_KINDS, *kinds))
    if speaker.starter is not None:
        known("starter", speaker.starter, starters)


def _check_action(speaker: Rule | Occasion, given: frozenset[str]) -> None:
    for name in placeholders(speaker.action or ""):
        known("placeholder", name, sorted(given - _STEP - {"n"}))


def _check_occasion(occasion: Occasion) -> None:
    for place in occasion.places - {ANY_PLACE}:
        known("rule", place, PLACES)
    step = (occasion.action, occasion.minutes, occasion.done, occasion.smaller, occasion.starter)
    if any(step) and (occasion.tells_rule or not all(step[:2])):
        raise ContentError("a step of its own needs action and minutes, and tells_rule = true leaves it out")


def given_by(occasion: Occasion) -> frozenset[str]:
    """Name the placeholders that have a value whichever rule's place an occasion takes.

    Beside its own: those of its step, and of goal and focus where all its places have them. What a rule's step is about
    only the rule's own texts say.
    """
    of_member = {name for name in GOAL | FIELD if all(name in GUARANTEED[rule_id] for rule_id in occasion.places)}
    step = _STEP if occasion.tells_rule or occasion.action else frozenset[str]()
    return GUARANTEED[occasion.id] | step | of_member


def _check_situations(
    situations: Mapping[str, Situation], rules: Mapping[str, Rule], occasions: Mapping[str, Occasion]
) -> None:
    """Refuse a situation that could be chosen and then not be filled, or whose buttons could not do what they say."""
    for situation_id, given in UNPROMPTED.items():
        with inside(f'situation "{situation_id}"'):
            _check_fillable(situations[situation_id], given, "it")
    for rule in rules.values():
        with inside(f'situation "{rule.situation}"'):
            _check_situation(situations[rule.situation], rule, GUARANTEED[rule.id], f"rule {rule.id}")
    first = {rules[one].situation for one in (COURSE_STEP, *COMES_FIRST)}
    first |= {one.id for one in occasions.values() if one.places & COMES_FIRST}
    for situation_id in sorted(first):
        with inside(f'situation "{situation_id}"'):
            _check_room(situations[situation_id])
    for occasion in occasions.values():
        with inside(f'situation "{occasion.id}"'):
            if occasion.tells_rule and situations[occasion.id].buttons:
                raise ContentError("it has the buttons of the rule whose step it tells, so it says buttons = []")
            _check_situation(situations[occasion.id], occasion, given_by(occasion), "the occasion")


def _check_situation(situation: Situation, speaker: Rule | Occasion, given: frozenset[str], who: str) -> None:
    _check_fillable(situation, given, who)
    smaller = speaker.smaller or GOAL_KINDS in speaker.done or (isinstance(speaker, Rule) and speaker.tiny)
    own = {"done": speaker.done, "smaller": smaller, "starter": speaker.starter}
    there = given | {name for name, value in own.items() if value}
    for button in situation.buttons:
        need = _BUTTON_NEEDS.get(button.id)
        if need is not None and need not in there:
            raise ContentError(f'the button "{button.id}" needs {need}, which {who} does not have')
    named = placeholders(speaker.action or "")
    for subject in _SUBJECTS:
        for text in situation.texts.values() if subject in given else ():
            if subject not in placeholders(text) | (named if "act" in placeholders(text) else set[str]()):
                raise ContentError(f"every text names {{{subject}}}, because {who} is about one")


def _check_room(situation: Situation) -> None:
    """Refuse a text that leaves no room for the line about a course step."""
    most = TEXT_LIMIT - LINE_ROOM
    for text in situation.texts.values():
        if (length := len(text.strip().format_map(LONGEST))) > most:
            raise ContentError(
                f"a line about the course's step may follow, so {shown(text)} may have {most} characters when it is "
                f"filled, and can have {length}"
            )


def _check_fillable(situation: Situation, given: frozenset[str], who: str) -> None:
    if not any(placeholders(text) <= given for text in situation.texts.values()):
        names = ", ".join(f"{{{name}}}" for name in LONGEST if name in given)
        raise ContentError(f"{who} needs one text with no other placeholders than {names}")
