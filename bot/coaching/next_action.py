"""The next step: the first rule that matches a member's facts and is not cooling down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LONGEST_COOLDOWN = 4
"""Most delivered nudges that a rule may ask to wait, and so all that `recent_rules` has to hold."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may look at. Counts are of the member's own log; "did" covers the seven days before the nudge.

    `recent_rules` are the rules of the last nudges that were delivered, newest first.
    """

    term_week: int
    has_focus: bool
    has_goal: bool
    goal_over: bool
    target: int
    did: int
    idle_weeks: int
    quick_open: int
    rechecks_due: int
    outward_4w: int
    at_4w: int
    ask_4w: int
    give_4w: int
    listen_only_weeks: int
    recent_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """The words of a rule as the content file gives them.

    `done` is the kind that *Done* logs: a kind of action, "goal" for the goal's own first kind, or None when the step
    is not one for the log. `cooldown_nudges`: not again for this many delivered nudges.
    """

    id: str
    situation: str
    action: str
    minutes: int
    because: str
    cooldown_nudges: int
    done: str | None


# First match wins. Source: method section 4; the ids are its ids, and the ones that need contacts or
# opportunities come with those features. A rule about a goal asks for a goal, so that no text speaks of a missing one.
RULES: Sequence[tuple[str, Callable[[Facts], bool]]] = (
    ("A03", lambda f: not f.has_focus),
    ("A04", lambda f: f.term_week <= 3 and f.quick_open > 0),
    ("A05", lambda f: not f.has_goal),
    ("A06", lambda f: f.has_goal and f.idle_weeks >= 3),
    ("A07", lambda f: f.has_goal and f.idle_weeks == 2),
    ("A08", lambda f: f.has_goal and f.goal_over),
    ("A11", lambda f: f.has_goal and f.did >= f.target),
    ("A13", lambda f: f.outward_4w >= 5 and f.at_4w / f.outward_4w > 0.6),
    ("A14", lambda f: f.ask_4w >= 2 and f.ask_4w > f.give_4w),
    ("A15", lambda f: f.has_focus and f.listen_only_weeks >= 3),
    ("A19", lambda f: f.rechecks_due > 0),
    ("A21", lambda f: f.has_goal and f.idle_weeks == 1),
    ("A22", lambda f: f.term_week > 0 and f.term_week % 4 == 0),
    ("A23", lambda f: f.has_goal),
)


def choose(facts: Facts, rules: Mapping[str, Rule]) -> Rule:
    """Return the rule to nudge with: the first that matches and is not cooling down.

    When all that match are cooling down, the first that matches: there is always an answer, because without a goal
    A05 matches and with one A23 does. The same facts always give the same rule.
    """
    matching = [rules[rule_id] for rule_id, matches in RULES if matches(facts)]
    for rule in matching:
        if rule.id not in facts.recent_rules[: rule.cooldown_nudges]:
            return rule
    return matching[0]
