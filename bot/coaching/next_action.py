"""The next step: the first rule that matches a member's facts and is not cooling down, and the occasion it may meet.

Both lists stand in their order in this file; their words, cool-downs, and the rules whose place an occasion may take
are data (`prompts/next_action.toml`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from bot.coaching.focus import Connection
from bot.coaching.limits import MOST_BUTTONS, Because, Between, Minutes
from bot.coaching.network import ADVICE_FROM, ADVICE_UNTIL, THANKED_WITHIN
from bot.coaching.nudges import ASKS_AFTER, STOPS_AFTER

LONGEST_COOLDOWN = 8
"""Most delivered nudges that a rule or occasion may ask to wait, and so all that the recent ones have to hold."""
Cooldown = Annotated[int, Between(0, LONGEST_COOLDOWN)]
Done = Annotated[tuple[str, ...], Between(1, MOST_BUTTONS)]
NEW_ACCOUNT_GOALS = frozenset({"connect", "visible"})
"""Goal types for which a new account is in the way (method, rule A18)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may look at. Counts are of the member's own log; "did" covers the seven days before the nudge.

    None is a fact that is missing. Days are days since then, except `deadline_days`: until then. `goal_paused`: there
    is a goal, and it rests. `idle_weeks`: full weeks without doing anything, breaks and pauses left out. `goal_did`:
    what counted since the goal began. `bio_days`: since a bio was last checked, if the focus has changed after that.
    `recent_rules` and `recent_occasions`: those of the last nudges that were delivered, newest first; a rule whose step
    was not told, because an occasion spoke of its own, is "".
    """

    term_week: int
    first_note: bool = False
    away_weeks: int = 0
    has_focus: bool = False
    low_profile: bool = False
    new_accounts: bool = False
    has_goal: bool = False
    goal_paused: bool = False
    goal_over: bool = False
    goal_type: str | None = None
    goal_did: int = 0
    goal_wanted: int = 0
    target: int = 0
    did: int = 0
    idle_weeks: int = 0
    active_weeks: int = 0
    momentum_weeks: int = 0
    over_box_weeks: int = 0
    quick_open: int = 0
    rechecks_due: int = 0
    outward_4w: int = 0
    at_4w: int = 0
    ask_4w: int = 0
    give_4w: int = 0
    listen_only_weeks: int = 0
    contacts: int = 0
    categories: int = 0
    conversed: int = 0
    met: int = 0
    stage_weeks: int | None = None
    cold: int = 0
    unthanked_days: int | None = None
    advice_days: int | None = None
    unanswered_days: int | None = None
    alert_days: int | None = None
    bio_days: int | None = None
    deadline_days: int | None = None
    sent_days: int | None = None
    won: bool = False
    lost: bool = False
    pause_over: bool = False
    exams_ahead: bool = False
    unanswered_notes: int = 0
    recent_rules: tuple[str, ...] = ()
    recent_occasions: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """The words of a rule as the content file gives them.

    `done` are the kinds that *Done* may log: the first in one tap, the others are offered with what was logged; "goal"
    stands for the goal's own kinds, and none means that the step is not one for the log. `smaller`: a version of about
    five minutes. `tiny`: the goal's own five-minute version is told in place of the action, if it has one. `starter`:
    the message to begin with. `because_for`: another reason for those to whom a connection is something in particular.
    `cooldown_nudges`: not again for this many delivered nudges.
    """

    id: str
    situation: str
    action: str
    minutes: Minutes
    because: Because
    cooldown_nudges: Cooldown
    done: Done = ()
    smaller: str | None = None
    starter: str | None = None
    tiny: bool = False
    because_for: Annotated[Mapping[Connection, Because], Between(0, len(Connection))] = field(
        default_factory=dict[Connection, str]
    )


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that may take the place of a rule's text, as the content file gives it; its id is its situation's.

    `places`: the rules whose place it may take. With an `action` of its own, or buttons that need no action, it stands
    for itself; otherwise it tells the rule's step in its own words (`tells_rule`).
    """

    id: str
    places: frozenset[str]
    because: Because
    cooldown_nudges: Cooldown
    tells_rule: bool = False
    action: str | None = None
    minutes: Minutes = 0
    done: Done = ()
    smaller: str | None = None
    starter: str | None = None
    when: Because = ""  # for the reader of the file: what is met when is code


@dataclass(frozen=True, slots=True)
class Choice:
    """What a nudge is about: a rule, and the occasion that takes its place if there is one."""

    rule: Rule
    occasion: Occasion | None


# First match wins. Source: method section 4; the ids are its ids. A rule about a goal asks for one that runs, so that
# no text speaks of a missing one; one that asks to be seen leaves a low profile in peace.
RULES: Sequence[tuple[str, Callable[[Facts], bool]]] = (
    ("A01", lambda f: f.deadline_days is not None),
    ("A02", lambda f: f.unthanked_days is not None and f.unthanked_days <= THANKED_WITHIN),
    ("A03", lambda f: not f.has_focus),
    ("A04", lambda f: f.quick_open > 0 and (f.term_week <= 3 or not f.has_goal)),
    ("A05", lambda f: not f.has_goal and not f.goal_paused),
    ("A06", lambda f: f.has_goal and f.idle_weeks >= 3),
    ("A07", lambda f: f.has_goal and f.idle_weeks == 2),
    ("A08", lambda f: f.has_goal and f.goal_over),
    ("A09", lambda f: f.sent_days is not None),
    ("A10", lambda f: f.advice_days is not None and ADVICE_FROM <= f.advice_days <= ADVICE_UNTIL),
    ("A11", lambda f: f.has_goal and f.did >= f.target),
    ("A16", lambda f: f.conversed >= 3 and f.met == 0 and (f.stage_weeks or 0) >= 4),
    ("A12", lambda f: f.over_box_weeks >= 2),
    ("A13", lambda f: f.outward_4w >= 5 and f.at_4w / f.outward_4w > 0.6),
    ("A14", lambda f: f.ask_4w >= 2 and f.ask_4w > f.give_4w and not f.low_profile),
    ("A15", lambda f: f.has_focus and not f.low_profile and f.listen_only_weeks >= 3),
    ("A17", lambda f: f.cold > 0),
    ("A18", lambda f: f.new_accounts and not f.low_profile and f.has_goal and f.goal_type in NEW_ACCOUNT_GOALS),
    ("A19", lambda f: f.rechecks_due > 0),
    ("A20", lambda f: f.term_week >= 5 and f.categories < 3 and (f.has_goal or f.goal_paused)),
    ("A21", lambda f: f.has_goal and f.idle_weeks == 1),
    ("A22", lambda f: (f.term_week > 0 and f.term_week % 4 == 0) or not f.has_goal),
    ("A23", lambda f: f.has_goal),
)

# First match wins among those whose place may be taken. `unanswered_notes` counts as the back-off does: two in a row
# ask what would help, six are the last (method, section 4).
OCCASIONS: Sequence[tuple[str, Callable[[Facts], bool]]] = (
    ("pause_end", lambda f: f.pause_over),
    ("exam_weeks", lambda f: f.exams_ahead),
    ("backoff_stop", lambda f: f.unanswered_notes >= STOPS_AFTER),
    ("backoff_ask", lambda f: f.unanswered_notes == ASKS_AFTER),
    ("opportunity_won", lambda f: f.won),
    ("opportunity_lost", lambda f: f.lost),
    ("first_week", lambda f: f.first_note),
    ("return", lambda f: f.away_weeks >= 2),
    ("goal_achieved", lambda f: f.goal_over and f.goal_did >= f.goal_wanted),
    ("above_target", lambda f: f.did > f.target),
    ("no_reply", lambda f: f.unanswered_days is not None),
    ("alert_payoff", lambda f: f.alert_days is not None),
    ("bio_stale", lambda f: f.has_focus and f.bio_days is not None),
    ("momentum", lambda f: f.did > 0 and f.momentum_weeks >= 4 and f.active_weeks * 8 >= f.momentum_weeks * 5),
)


def choose(facts: Facts, rules: Mapping[str, Rule]) -> Rule:
    """Return the rule to nudge with: the first that matches and is not cooling down.

    When all that match are cooling down, the first that matches: there is always an answer, because A23 matches with a
    goal that runs, A22 with one that is paused, and A05 with none. The same facts always give the same rule.
    """
    matching = [rules[rule_id] for rule_id, matches in RULES if matches(facts)]
    for rule in matching:
        if rule.id not in facts.recent_rules[: rule.cooldown_nudges]:
            return rule
    return matching[0]


def occasion_for(facts: Facts, rule: Rule, occasions: Mapping[str, Occasion]) -> Occasion | None:
    """Return the first occasion that is met, may take this rule's place, and is not cooling down."""
    for occasion_id, met in OCCASIONS:
        occasion = occasions[occasion_id]
        cooling = occasion_id in facts.recent_occasions[: occasion.cooldown_nudges]
        if rule.id in occasion.places and not cooling and met(facts):
            return occasion
    return None
